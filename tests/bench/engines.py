"""Other databases with the same rows, asked by one text of SQL: moments as microseconds, days as numbers, parameters as `:name`."""

import re
import sqlite3
import time
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg.rows import dict_row

from tests.bench.measuring import LONGEST, TooSlow

Row = dict[str, Any]


class Engine(Protocol):
    """One connection. `whole`: it holds every table, and may be written."""

    name: str
    whole: bool

    def rows(self, sql: str, values: Row) -> list[Row]:
        """The rows. Raises TooSlow."""
        ...

    def close(self) -> None: ...


class Sqlite:
    """One connection, with a cache that holds the whole file of a million."""

    name = "sqlite"

    def __init__(self, file: Path, *, whole: bool) -> None:
        self.whole, self._until = whole, 0.0
        self._connection = sqlite3.connect(file, isolation_level=None)
        self._connection.row_factory = sqlite3.Row
        self._connection.execute("PRAGMA cache_size = -4000000")
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.set_progress_handler(lambda: time.monotonic() > self._until, 100_000)

    def rows(self, sql: str, values: Row) -> list[Row]:
        self._until = time.monotonic() + LONGEST
        try:
            return [dict(row) for row in self._connection.execute(sql, _named(sql, values)).fetchall()]
        except sqlite3.OperationalError as error:
            if "interrupted" in str(error):
                raise TooSlow from error
            raise

    def close(self) -> None:
        self._connection.close()


class Postgres:
    """One connection to a database of the bench's own server."""

    name = "postgresql"

    def __init__(self, address: str, *, whole: bool) -> None:
        self.whole = whole
        self._connection = psycopg.connect(address, autocommit=True, row_factory=dict_row)
        self._connection.execute(f"SET statement_timeout = {int(LONGEST * 1000)}")

    def rows(self, sql: str, values: Row) -> list[Row]:
        try:
            found = self._connection.execute(_NAME.sub(r"%(\1)s", sql.replace("%", "%%")), _named(sql, values))
        except psycopg.errors.QueryCanceled as error:
            raise TooSlow from error
        return found.fetchall() if found.description else []

    def close(self) -> None:
        self._connection.close()


def _named(sql: str, values: Row) -> Row:
    return {name: values[name] for name in set(_NAME.findall(sql))}


_NAME = re.compile(r"(?<!:):([a-z]\w*)")
