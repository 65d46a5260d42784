"""Checked copies of the running database, which say themselves of which moment they are and what they hold."""

import contextlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from core.domain.errors import Unavailable
from core.store.engine import STORAGE, Connection, moment_of, one_value, quoted, row_counts, transaction
from core.store.reasons import StoreFault

COPIED = "copied"
"""The table that only a copy has: the rows of every table at its moment. A copy that is worked in is none any more."""
PARTIAL = ".partial"


@dataclass(frozen=True)
class Copied:
    """What a copy says of itself: of which moment it is, up to which batch, how many rows each table had."""

    at: datetime
    batch: int
    rows: Mapping[str, int]


def write(cursor: Connection, target: Path, is_whole: Callable[[Path], bool]) -> None:
    """A copy of the running database in a new file, which gets its name once it `is_whole`.

    Raises Unavailable when the target exists, or the copy cannot be written or is not whole.
    """
    if target.exists():
        raise Unavailable(StoreFault.EXISTS(path=target))
    if _is_read_only(target.parent):
        raise Unavailable(StoreFault.READ_ONLY_TARGET(path=target))
    partial = target.with_name(target.name + PARTIAL)
    remove(partial)
    try:
        copy_into(cursor, partial)
        if not is_whole(partial):
            raise Unavailable(StoreFault.BAD_COPY(path=target))
        partial.rename(target)
        settle(target)
    except (duckdb.Error, OSError) as error:
        raise Unavailable(StoreFault.NO_BACKUP(path=target, why=error)) from error
    finally:
        remove(partial)


def _is_read_only(folder: Path) -> bool:
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def copy_into(cursor: Connection, target: Path) -> None:
    """Copies the database as it is at one moment into a new file."""
    source = one_value(cursor, "SELECT current_database()")
    cursor.execute(f"ATTACH {quoted(target)} AS backup_copy (STORAGE_VERSION '{STORAGE}')")
    try:
        with transaction(cursor):
            cursor.execute(f'COPY FROM DATABASE "{source}" TO backup_copy')
            _say_what_it_is(cursor, source)
    finally:
        cursor.execute("DETACH backup_copy")


def before_migration(connection: Connection, target: Path) -> None:
    """A copy beside the file, in place of one that an earlier attempt left."""
    partial = target.with_name(target.name + PARTIAL)
    remove(partial)
    copy_into(connection, partial)
    partial.replace(target)
    settle(target)


def no_copy_any_more(connection: Connection) -> None:
    """What is worked in is no copy of one moment."""
    connection.execute(f"DROP TABLE IF EXISTS {COPIED}")


def copied(connection: Connection) -> Copied | None:
    """What the opened database says of itself, None when it is no copy."""
    if not connection.execute("SELECT 1 FROM duckdb_tables() WHERE table_name = $name", {"name": COPIED}).fetchall():
        return None
    rows = connection.execute(f"SELECT epoch_us(copied_at), batch_id, of_table, row_count FROM {COPIED}").fetchall()
    if not rows:
        return None
    at = moment_of(rows[0][0])
    return Copied(at, int(rows[0][1]), {table: int(count) for _, _, table, count in rows})


def remove(file: Path) -> None:
    """Removes a database file that nobody needs, with what the engine put beside it."""
    for one in (file, *logs_of(file)):
        one.unlink(missing_ok=True)


def log_of(file: Path) -> Path:
    """Where the engine keeps what is not in the file yet."""
    return file.with_name(f"{file.name}.wal")


def logs_of(file: Path) -> list[Path]:
    """The log, and its forms while it is worked into the file."""
    log = log_of(file)
    return [log, *(log.with_name(log.name + ending) for ending in (".checkpoint", ".recovery"))]


def settle(file: Path) -> None:
    """The file and its name are on the disk when this returns."""
    for place, flags in ((file, os.O_RDWR), (file.parent, os.O_RDONLY)):
        # A folder cannot be opened like this everywhere.
        with contextlib.suppress(OSError):
            number = os.open(place, flags)
            try:
                os.fsync(number)
            finally:
                os.close(number)


def _say_what_it_is(cursor: Connection, source: str) -> None:
    counts = row_counts(cursor, source)
    batch = one_value(cursor, f'SELECT coalesce(max(batch_id), 0) FROM "{source}".batch') if "batch" in counts else 0
    cursor.execute(
        f"CREATE TABLE backup_copy.{COPIED} "
        "(copied_at TIMESTAMPTZ NOT NULL, batch_id BIGINT NOT NULL, of_table VARCHAR NOT NULL, row_count BIGINT NOT NULL)"
    )
    at = datetime.now(UTC)
    for table, count in counts.items():
        row = {"at": at, "batch": batch, "table": table, "count": count}
        cursor.execute(f"INSERT INTO backup_copy.{COPIED} VALUES ($at, $batch, $table, $count)", row)
