"""Where the running desk can be reached from this machine, so that the command line can ask it for a backup of its database."""

import contextlib
import json
import os
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

ENDING = ".desk"


@dataclass(frozen=True)
class Presence:
    """The address of a running desk, and the secret that only who may read the database's folder knows."""

    url: str
    secret: str = field(repr=False)


def announce(database: Path, url: str) -> Presence | None:
    """Writes down where the desk is, for its own user only; None when the folder does not let it."""
    told = Presence(url, secrets.token_urlsafe(32))
    file = _beside(database)
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


def _beside(database: Path) -> Path:
    return database.with_name(database.name + ENDING)
