"""The copy of what lists and figures need, in the embedded engine of each app server."""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

import duckdb
import pyarrow as pa

from core.domain.errors import Unavailable
from core.store.database import Reader, Row, Snapshot, Values, register_table
from core.store.engine import COMMON, Connection, roll_back, transaction
from core.store.postgres.schema import FOLLOWED, columns
from core.store.reasons import StoreFault

_ROOM = 2
"""The copy is written anew when more than one row in so many was replaced."""

T = TypeVar("T")


class Replica:
    """The followed tables as they were at one moment of the server; read like a store, written by its feed alone.

    `facts` is who knows all the rest. `schemas` are those of its tables.
    """

    def __init__(self, facts: Reader) -> None:
        self._facts = facts
        self._root = duckdb.connect(":memory:")
        for setting in COMMON:
            self._root.execute(setting)
        self._replaced = dict.fromkeys(FOLLOWED, 0)
        for table in FOLLOWED:
            self._root.execute(_made(table))
        self.schemas = {table: Snapshot(self._root).read(f"SELECT * FROM {table}").schema for table in FOLLOWED}

    def read(self, sql: str, values: Values | None = None) -> pa.Table:
        """The rows as an Arrow table; times are UTC."""
        with self._cursor() as cursor:
            return Snapshot(cursor).read(sql, values)

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """The rows as dictionaries; times are aware datetimes in UTC."""
        with self._cursor() as cursor:
            return Snapshot(cursor).rows(sql, values)

    @contextlib.contextmanager
    def one_moment(self) -> Iterator[Snapshot]:
        """The copy as it is now, and stays until the block ends."""
        with self._cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield Snapshot(cursor, self._facts)
            finally:
                roll_back(cursor)

    def snapshot(self, job: Callable[[Connection], T]) -> T:
        """What `job` reads, all of it from one moment."""
        with self.one_moment() as view:
            return job(view.connection)

    def load(self, parts: Iterable[tuple[str, pa.Table]]) -> None:
        """Puts these rows, by table, in the place of all that there are."""
        with self._root.cursor() as cursor, transaction(cursor):
            for table in FOLLOWED:
                cursor.execute(f"DELETE FROM {table}")
            for table, rows in parts:
                _append(cursor, table, rows)
        self._replaced = dict.fromkeys(FOLLOWED, 0)
        self._compact_all()

    def apply(self, parts: Iterable[tuple[str, pa.Table]], gone: Mapping[str, Sequence[int]]) -> None:
        """Takes away the rows that are gone and puts changed ones, by table, in the place of older, all at one moment."""
        with self._root.cursor() as cursor, transaction(cursor):
            for table, ids in gone.items():
                self._take_away(cursor, table, pa.table({FOLLOWED[table]: ids}))
            for table, rows in parts:
                self._take_away(cursor, table, rows)
                _append(cursor, table, rows)
        self._compact()

    def close(self) -> None:
        """Lets go of it."""
        self._root.close()

    def _take_away(self, cursor: Connection, table: str, rows: pa.Table) -> None:
        """Takes away what has a key of these rows."""
        key = FOLLOWED[table]
        with register_table(cursor, "arrived", rows):
            cursor.execute(f"DELETE FROM {table} WHERE {key} IN (SELECT {key} FROM arrived)")
        self._replaced[table] += rows.num_rows

    def _compact(self) -> None:
        for table, replaced in self._replaced.items():
            if replaced > 10_000 and replaced * _ROOM > self._size(table):
                self._write_anew(table)

    def _compact_all(self) -> None:
        for table in FOLLOWED:
            self._write_anew(table)

    def _write_anew(self, table: str) -> None:
        """In the order of the keys and without the room that replaced rows leave."""
        with self._root.cursor() as cursor:
            cursor.execute(f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM {table} ORDER BY {FOLLOWED[table]}")
        self._replaced[table] = 0

    def _size(self, table: str) -> int:
        with self._root.cursor() as cursor:
            return int(cursor.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])

    @contextlib.contextmanager
    def _cursor(self) -> Iterator[Connection]:
        try:
            cursor = self._root.cursor()
        except duckdb.ConnectionException as error:
            raise Unavailable(StoreFault.CLOSING("reading")) from error
        with cursor:
            yield cursor


def _made(table: str) -> str:
    wanted = ", ".join(f'"{column.name}" {column.type}' for column in columns() if column.table == table)
    return f"CREATE TABLE {table} ({wanted})"


def _append(cursor: Connection, table: str, rows: pa.Table) -> None:
    with register_table(cursor, "arrived", rows):
        cursor.execute(f"INSERT INTO {table} BY NAME SELECT * FROM arrived")
