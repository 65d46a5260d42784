"""What every part of the store needs of the engine, whoever opened the file."""

import contextlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

Connection = duckdb.DuckDBPyConnection

# The formats from 1.3 on compress texts as DICT_FSST: an UPDATE from NULL is then lost when the log is replayed after a crash
# (1.5.6, 2.0.0 and 2.0.1). This one is as small without it, and an older engine opens it too.
STORAGE = "v1.2.0"


# On Linux and macOS, and on Windows. A path may hold any word, so the whole phrase is looked for.
_IN_USE = ("Could not set lock on file", "being used by another process")


def is_in_use(error: str) -> bool:
    """Whether the engine's words say that another process has the file open."""
    return any(phrase in error for phrase in _IN_USE)


def one_value(connection: Connection, sql: str) -> Any:
    """The single value of a query, fetched to the end: an unfinished result would block the connection."""
    return connection.execute(sql).fetchall()[0][0]


def roll_back(connection: Connection) -> None:
    """Gives up the transaction, if there is one."""
    with contextlib.suppress(duckdb.Error):
        connection.execute("ROLLBACK")


@contextlib.contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """What is done inside is committed together, or not at all."""
    connection.execute("BEGIN")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        roll_back(connection)
        raise


def quoted(path: Path) -> str:
    """The path as a text in SQL, where no parameter may stand."""
    return "'" + str(path).replace("'", "''") + "'"


def every_value(table: str, first: int = 0, rows: int | None = None) -> str:
    """SQL that reads every value of the table, or of so many rows of it from the `first` on."""
    within = "" if rows is None else f" WHERE rowid >= {first} AND rowid < {first + rows}"
    return f'SELECT bit_xor(hash(t)) FROM "{table}" t{within}'


def moment_of(microseconds: int) -> datetime:
    """The moment in UTC that the engine's epoch_us tells of."""
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)


def row_counts(connection: Connection, database: str) -> dict[str, int]:
    """How many rows each table of the database has."""
    tables = connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE database_name = $database", {"database": database}
    ).fetchall()
    return {name: int(one_value(connection, f'SELECT count(*) FROM "{database}"."{name}"')) for (name,) in tables}
