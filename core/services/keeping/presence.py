"""How the command line reaches the running desk, which alone can read its database: an address and a secret beside the file."""

import contextlib
import json
import os
import secrets
import ssl
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from core.domain import permissions
from core.domain.errors import ShipdeskError, Unavailable
from core.domain.people import Person
from core.domain.permissions import Act
from core.services.keeping import backups
from core.services.keeping.reasons import KeepingFault
from core.store import forgotten_list
from core.store.database import Store

ENDING = ".desk"
PATH = "/backup"
LARGEST = 16 * 1024
COPIED_IN = ".shipdesk-copy-"
ANSWERS_WITHIN = 3600.0


class AskedVerdict(StrEnum):
    """What became of a backup that was asked for over the wire."""

    WRITTEN = "written"
    REFUSED = "refused"
    GARBLED = "garbled"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Presence:
    """The address of a running desk, and the secret that only who may read the database's folder knows."""

    url: str
    secret: str = field(repr=False)

    @property
    def proof(self) -> str:
        """What an asker says to show that it knows the secret."""
        return f"Bearer {self.secret}"


def announce(database: Path, url: str) -> Presence | None:
    """Writes down where the desk is, for its own user only; None when the folder does not let it."""
    told, file = Presence(url, secrets.token_urlsafe(32)), _beside(database)
    with contextlib.suppress(OSError):
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(json.dumps(asdict(told)))
        return told
    return None


def withdraw(database: Path) -> None:
    """The desk is not to be reached any more."""
    with contextlib.suppress(OSError):
        _beside(database).unlink(missing_ok=True)


def found(database: Path) -> Presence | None:
    """Where the desk that has the database open can be reached; None when it does not say."""
    try:
        return Presence(**json.loads(_beside(database).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def answer(store: Store, presence: Presence | None, proof: str, body: bytes, *, person: Person) -> tuple[AskedVerdict, str]:
    """What became of the backup that the body, {"file": ...}, asks for, and the sentence why not; `person` is whose desk it is."""
    permissions.require(person, Act.BACKUP)
    if presence is None or not secrets.compare_digest(proof.encode(), presence.proof.encode()):
        return AskedVerdict.UNKNOWN, ""
    file = _file(body)
    if file is None:
        return AskedVerdict.GARBLED, ""
    try:
        backups.write_to(store, file, person=person)
    except ShipdeskError as error:
        return AskedVerdict.REFUSED, str(error)
    return AskedVerdict.WRITTEN, ""


def ask(presence: Presence, file: Path) -> None:
    """Has the running desk write its backup to the file. Raises Unavailable with its reason, or when it does not answer."""
    body = json.dumps({"file": str(file.absolute())}).encode()
    headers = {"authorization": presence.proof, "content-type": "application/json"}
    # It is this machine's own desk, whose certificate names another host.
    own = ssl.create_default_context()
    own.check_hostname, own.verify_mode = False, ssl.CERT_NONE
    try:
        with urlopen(Request(presence.url + PATH, body, headers), timeout=ANSWERS_WITHIN, context=own) as said:
            said.read(LARGEST)
    except HTTPError as error:
        raise Unavailable(_told(error) or KeepingFault.NO_ANSWER(url=presence.url)) from error
    except (URLError, OSError) as error:
        raise Unavailable(KeepingFault.NO_ANSWER(url=presence.url)) from error


@contextlib.contextmanager
def copied(presence: Presence, database: Path, beside: Path) -> Iterator[Store]:
    """The running desk's shop as it is now, opened from a copy in the folder `beside`; gone afterwards. Raises what `ask` raises."""
    with tempfile.TemporaryDirectory(prefix=COPIED_IN, dir=beside) as folder:
        copy = Path(folder) / database.name
        ask(presence, copy)
        forgotten_list.put_beside(copy, forgotten_list.entries_beside(database))
        store = Store.open(copy)
        try:
            yield store
        finally:
            store.close()


def _file(body: bytes) -> Path | None:
    try:
        file = Path(json.loads(body)["file"])
    except (ValueError, KeyError, TypeError):
        return None
    return file if file.is_absolute() else None


def _told(error: HTTPError) -> str:
    with error:
        try:
            return str(json.loads(error.read(LARGEST))["message"]) if error.code == HTTPStatus.CONFLICT else ""
        except (ValueError, KeyError, TypeError):
            return ""


def _beside(database: Path) -> Path:
    return database.with_name(database.name + ENDING)
