"""The process that opens a database file only to look: whatever the file does to the engine, it is done to this process.

It is given a path and how deep to look, writes what it saw as one line of JSON, and never writes to the file.
"""

import json
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from core.store import backup
from core.store.agreement import ODDITIES
from core.store.blocks import blocks
from core.store.engine import Connection, every_value, is_in_use, one_value

TABLES = ("shipment", "item", "invoice", "checkpoint", "batch", "history", "search_key", "schema_version")
"""Those of every version of ours."""
READ_WHOLLY, READ_AT_ONCE = 100_000, 2048
SCANNED_WHOLLY = 128 << 20


@dataclass
class Seen:
    """What the process saw. `error` is the engine's, when it did not open the file.

    `tables` are the rows of each table that can be read, `unreadable` those that cannot; `odd` is what does not agree, with how often.
    Moments are microseconds.
    """

    error: str = ""
    version: int = 0
    database: int = 0
    batch: int = 0
    batch_at: int = 0
    tables: dict[str, int] = field(default_factory=dict)
    unreadable: dict[str, str] = field(default_factory=dict)
    odd: dict[str, int] = field(default_factory=dict)
    copied: dict[str, Any] | None = None
    parts: int = 0
    damaged_parts: tuple[int, ...] = ()
    rest: int = 0

    @property
    def in_use(self) -> bool:
        """Whether another process has the file open."""
        return is_in_use(self.error)

    @property
    def ours(self) -> bool:
        """Whether it was opened and is a database of this desk."""
        return not self.error and set(TABLES) <= self.tables.keys() | self.unreadable.keys()


def seen(path: Path, *, wholly: bool) -> Seen:
    """What can be seen of the file; a small one, or one that is to be looked at wholly, part by part and row by row."""
    found = Seen()
    try:
        with duckdb.connect(str(path), read_only=True, config={"threads": 2 if wholly else 1}) as connection:
            connection.execute("SET TimeZone = 'UTC'")
            _look(connection, found, wholly=wholly)
    except (duckdb.Error, OSError) as error:
        found.error = str(error)
    if not found.in_use and path.is_file() and (wholly or found.error or path.stat().st_size <= SCANNED_WHOLLY):
        return parts_of(path, found)
    return found


def parts_of(path: Path, found: Seen) -> Seen:
    """The same, with what the bytes of the file say; nothing else of it is opened."""
    raw = blocks(path)
    found.parts, found.damaged_parts, found.rest = raw.parts, raw.damaged, raw.rest
    return found


def _look(connection: Connection, found: Seen, *, wholly: bool) -> None:
    for name, rows in connection.execute("SELECT table_name, estimated_size FROM duckdb_tables()").fetchall():
        try:
            _read(connection, name, None if wholly or rows <= READ_WHOLLY else rows)
            found.tables[name] = int(one_value(connection, f'SELECT count(*) FROM "{name}"'))
        except duckdb.Error as error:
            found.unreadable[name] = str(error)
    if not found.ours:
        return
    if "schema_version" in found.tables:
        sql = "SELECT max(version), epoch_us(min(applied_at)) FROM schema_version"
        found.version, found.database = connection.execute(sql).fetchall()[0]
    if "batch" in found.tables:
        sql = "SELECT batch_id, epoch_us(made_at) FROM batch ORDER BY batch_id DESC LIMIT 1"
        found.batch, found.batch_at = (connection.execute(sql).fetchall() or [(0, 0)])[0]
    told = backup.copied(connection) if not found.unreadable else None
    found.copied = {"at": told.at.isoformat(), "batch": told.batch, "rows": told.rows} if told else None
    if wholly and not found.unreadable:
        found.odd = {name: count for name, sql in ODDITIES.items() if (count := int(one_value(connection, sql)))}


def _read(connection: Connection, table: str, rows: int | None) -> None:
    """Reads every value of the table; of a large one, the first, the middle and the newest."""
    if rows is None:
        connection.execute(every_value(table)).fetchall()
        return
    for first in (0, rows // 2, max(rows - READ_AT_ONCE, 0)):
        connection.execute(every_value(table, first, READ_AT_ONCE)).fetchall()


def main() -> None:
    path, depth = Path(sys.argv[1]), sys.argv[2]
    found = parts_of(path, Seen()) if depth == "parts" else seen(path, wholly=depth == "wholly")
    sys.stdout.write(json.dumps(asdict(found)))


if __name__ == "__main__":
    main()
