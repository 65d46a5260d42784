"""The list of what was forgotten: a small file beside the database, which a restored backup is held against; a table on a server.

It names nobody: a shipment stands in it as a digest of its number, an age as the moment before which everything was forgotten.
"""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from core.domain.errors import Unavailable
from core.store import backup
from core.store.database import Connection, Store
from core.store.reasons import StoreFault

PREFIX = "shipdesk "
"""What stands before a number where its digest is made."""
_SHIPMENT, _BEFORE = "shipment", "before"


@dataclass(frozen=True)
class Listed:
    """What the list says: `digests` of Shipment Nos., the latest moment `before` which all was forgotten, `mark` of all of it."""

    digests: frozenset[str] = frozenset()
    before: datetime | None = None
    mark: str = field(default="", compare=False)


def path_of(database: Path) -> Path:
    """Where the list of this database is."""
    return database.with_suffix(".forgotten")


def read(store: Store) -> Listed:
    """What was forgotten so far; nothing without a file. Raises Unavailable when it cannot be read."""
    text = _text(store)
    entries = [line.split(" ", 1) for line in text.splitlines() if " " in line]
    try:
        moments = [datetime.fromisoformat(value) for kind, value in entries if kind == _BEFORE]
    except ValueError as error:
        raise Unavailable(StoreFault.NO_FORGOTTEN_LIST(path=path_of(store.path) if store.path else store.server)) from error
    digests = frozenset(value for kind, value in entries if kind == _SHIPMENT)
    return Listed(digests, max(moments, default=None), hashlib.sha256(text.encode()).hexdigest())


def entries_of(store: Store) -> list[str]:
    """The list line by line, in the order in which things were forgotten. Raises Unavailable when it cannot be read."""
    return _text(store).splitlines()


def entries_beside(database: Path) -> list[str]:
    """The same of a file that is not open."""
    return _beside(database).splitlines()


def add(store: Store, shipment_nos: Iterable[str] = (), before: datetime | None = None) -> None:
    """Appends to the list what is about to be forgotten, on the disk before this returns. Raises Unavailable when it cannot be written."""
    known = read(store)
    new = [f"{_SHIPMENT} {digest}" for digest in map(digest_of, shipment_nos) if digest not in known.digests]
    if before and (known.before is None or before > known.before):
        new.append(f"{_BEFORE} {before.isoformat()}")
    if new and store.server:
        store.write(lambda connection: _append(connection, new))
    if store.path is None or not new:
        return
    file = path_of(store.path)
    try:
        with file.open("a", encoding="utf-8") as stream:
            stream.write("".join(f"{line}\n" for line in new))
            stream.flush()
            os.fsync(stream.fileno())
    except OSError as error:
        raise Unavailable(StoreFault.NO_FORGOTTEN_LIST(path=file)) from error


def put_beside(database: Path, entries: Iterable[str]) -> None:
    """Puts this list beside the database, in place of any other. Raises Unavailable when it cannot be written."""
    file = path_of(database)
    new = file.with_name(f"{file.name}.new")
    try:
        new.write_text("".join(f"{entry}\n" for entry in entries), encoding="utf-8")
        backup.settle(new)
        new.replace(file)
        backup.settle(file)
    except OSError as error:
        raise Unavailable(StoreFault.NO_FORGOTTEN_LIST(path=file)) from error


def put_on_server(connection: Connection, entries: Iterable[str]) -> None:
    """Puts this list on the server, in place of any other."""
    connection.execute("DELETE FROM forgotten")
    _append(connection, entries)


def _append(connection: Connection, new: Iterable[str]) -> None:
    for entry in new:
        connection.execute("INSERT INTO forgotten SELECT coalesce(max(line), 0) + 1, $entry FROM forgotten", {"entry": entry})


def digest_of(shipment_no: str) -> str:
    """How a shipment stands in the list."""
    return hashlib.sha256(f"{PREFIX}{shipment_no}".encode()).hexdigest()


def _text(store: Store) -> str:
    if store.server:
        return "".join(f"{row['entry']}\n" for row in store.rows("SELECT entry FROM forgotten ORDER BY line"))
    return _beside(store.path) if store.path else ""


def _beside(database: Path) -> str:
    file = path_of(database)
    try:
        return file.read_text(encoding="utf-8") if file.exists() else ""
    except (OSError, ValueError) as error:
        raise Unavailable(StoreFault.NO_FORGOTTEN_LIST(path=file)) from error
