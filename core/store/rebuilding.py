"""A database file made anew from what is good of another one, of any released version."""

from pathlib import Path

import duckdb

from core.domain.errors import Unavailable
from core.store import acknowledged, apart, backup
from core.store.apart import GoodPart
from core.store.database import Store
from core.store.engine import STORAGE, quoted
from core.store.opening import BEFORE
from core.store.reasons import StoreFault

_NEW, _OLD = "rebuilt", "kept"


def rebuild(file: Path, new: Path, part: GoodPart) -> None:
    """Every row of this part of `file` in a new file at `new`, brought up to date and with its note.

    The old file is only read. Raises Unavailable when it cannot be done.
    """
    remove(new)
    try:
        with apart.beside(file, part) as old, duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'UTC'")
            connection.execute(f"ATTACH {quoted(old)} AS {_OLD} (READ_ONLY)")
            connection.execute(f"ATTACH {quoted(new)} AS {_NEW} (STORAGE_VERSION '{STORAGE}')")
            connection.execute(f"COPY FROM DATABASE {_OLD} TO {_NEW}")
        Store.open(new, inspected=True).close()
    except duckdb.Error as error:
        raise Unavailable(StoreFault.DAMAGED(path=file)) from error
    finally:
        for before in new.parent.glob(f"{new.stem}{BEFORE}*"):
            before.unlink()


def put(new: Path, database: Path) -> None:
    """The new file in the place of the database. Killed at any point, the note tells that what is there is less than was saved."""
    for file in backup.logs_of(database):
        file.unlink(missing_ok=True)
    new.replace(database)
    acknowledged.beside(new).replace(acknowledged.beside(database))
    backup.settle(database)


def remove(new: Path) -> None:
    """Removes what was rebuilt, or half of it, with its note."""
    backup.remove(new)
    acknowledged.beside(new).unlink(missing_ok=True)
