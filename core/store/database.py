"""The database file: opened by one process, written by one thread, read by cursors that never wait for a writer."""

import contextlib
import re
import threading
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, Protocol, TypeVar

import duckdb
import pyarrow as pa

from core.domain.errors import Unavailable
from core.domain.reasons import Reason, Why
from core.domain.servers import Server
from core.store import backup, inspecting, moved, opening, rescuing
from core.store.acknowledged import Note
from core.store.engine import Connection as Connection
from core.store.engine import Engine, one_value, roll_back
from core.store.opening import SCHEMA
from core.store.postgres.adapter import PgConnection
from core.store.reasons import StoreFault
from core.store.watching import Watch
from core.store.writer import Together, Writer

MOMENT = pa.timestamp("us", tz="UTC")

T = TypeVar("T")
Values = Mapping[str, Any]
Row = dict[str, Any]

_TYPES: dict[str, pa.DataType] = {
    "shipment_id": pa.int64(),
    "invoice_id": pa.int64(),
    "event_id": pa.int64(),
    "batch_id": pa.int64(),
    "file_id": pa.int64(),
    "last_id": pa.int64(),
    "file_row": pa.int32(),
    "came_id": pa.int64(),
    "holder_id": pa.int64(),
    "item": pa.int32(),
    "history_id": pa.int64(),
    "undoes": pa.int64(),
    "weight_g": pa.int32(),
    "shipments": pa.int32(),
    "items": pa.int32(),
    "line": pa.int32(),
    "quantity": pa.int32(),
    "version": pa.int32(),
    "freight": pa.decimal128(12, 2),
    "position": pa.int32(),
    "attempts": pa.int32(),
    "unchanged": pa.int32(),
    "asked": pa.int32(),
    "failed": pa.int32(),
    "news": pa.int32(),
    "promised_on": pa.date32(),
    "snoozed_until": pa.date32(),
    "snoozed_version": pa.int32(),
    "done_on": pa.date32(),
    "ship_by": pa.date32(),
    "estimated_on": pa.date32(),
    "next_due": MOMENT,
    "failed_attempts": pa.int32(),
    "local_at": pa.timestamp("us"),
    "old_local_at": pa.timestamp("us"),
    "inferred": pa.bool_(),
    "old_inferred": pa.bool_(),
    "gone": pa.bool_(),
    "status_since": MOMENT,
}


class Reader(Protocol):
    """What lists are read from: the store as it is now, or one moment of it."""

    def read(self, sql: str, values: Values | None = None) -> pa.Table:
        """The rows as an Arrow table; times are UTC."""
        ...

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """The rows as dictionaries; times are aware datetimes in UTC."""
        ...


class Figures(Reader, Protocol):
    """What lists, counts and figures are read from: the database itself, or a copy of it that follows."""

    def one_moment(self) -> contextlib.AbstractContextManager["Snapshot"]:
        """It as it is now, and stays until the block ends. Keep it short."""
        ...

    def snapshot(self, job: Callable[[Connection], T]) -> T:
        """What `job` reads, all of it from one moment."""
        ...


@dataclass(frozen=True)
class StoreHealth:
    """Why writing pauses, how many bytes are free on the disk where that is known, how often the file had to be opened again."""

    paused: Reason | None
    free: int | None
    reopened: int

    @property
    def writable(self) -> bool:
        """Whether everything can be saved."""
        return self.paused is None


class Snapshot:
    """One moment of the store: what is asked of it fits together, whatever is written meanwhile.

    `facts` is who knows what is not in it, where it is one of a copy for figures.
    """

    def __init__(self, connection: Connection, facts: Reader | None = None) -> None:
        self.connection = connection
        self.facts = facts or self

    def read(self, sql: str, values: Values | None = None) -> pa.Table:
        return _plain(self.connection.sql(sql, params=dict(values or {})).to_arrow_table())

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        return select(self.connection, sql, values)


class Store:
    """One open database. Everything in `core.store` takes a Store to read from, or a Connection inside `write`.

    While its file cannot be written, `paused` says why, every write is refused with that reason, and reading goes on. `server` is
    where it is when it is in no file; `made` is whether it was made just now. `asker` says for whom something is done: where figures
    come from a copy, who wrote waits until it knows that.
    """

    server: Server | None = None
    made = False
    asker: Callable[[], Hashable] = staticmethod(threading.get_ident)

    def __init__(self, connection: Connection, path: Path | None, note: Note | None = None) -> None:
        self.path = path
        self._note = note
        self._engine = Engine(connection, path)
        self._writer = Writer(self._engine, note.acknowledge if note else None)
        self._watch = Watch(self._writer, self._engine) if path else None
        self.hears: list[Callable[[str], None]] = []
        self._leasing = threading.Lock()
        self._leased: dict[str, object] = {}

    @classmethod
    def open(
        cls,
        path: Path | None = None,
        threads: int | None = None,
        schema: Path = SCHEMA,
        *,
        inspected: bool = False,
        moving: bool = False,
    ) -> "Store":
        """The database at `path`, made and migrated by the steps of `schema` as needed; in memory without a path.

        Raises Unavailable when another process has the file open, the file is no database of ours, or it holds less than was
        acknowledged; also when its shop was moved away, or not all of it has come, except for who is `moving` it. Who has `inspected`
        it just now spares a second look at its log.
        """
        if path and not inspected:
            inspecting.look(path)
        connection = opening.connect(path, threads)
        try:
            if path and not moving:
                moved.require_here(connection, path)
            opening.migrate(connection, path, schema)
            note = Note(path, connection) if path else None
        except BaseException:
            connection.close()
            raise
        return cls(connection, path, note)

    @property
    def changes(self) -> int:
        """How many transactions were written since it was opened: while it stays, so does every answer."""
        return self._writer.changes

    @property
    def changes_by_people(self) -> int:
        """The same without carriers' news: while it stays, so does every answer that they change nothing of."""
        return self._writer.changes_by_people

    @property
    def paused(self) -> Why | None:
        """Why nothing can be saved now; None while it can."""
        if self._watch and self._watch.late:
            return self._writer.paused or StoreFault.NO_ANSWER(path=self.path)
        return self._writer.paused

    @property
    def health(self) -> StoreHealth:
        """How the file is, for whoever watches over the desk from outside."""
        file = self._writer.file
        why = self.paused
        return StoreHealth(why.reason if why else None, file.free() if file else None, self._engine.reopened)

    @property
    def turns(self) -> Any:
        """What several servers of one shop share of the tracking services; None where there is one."""
        return None

    @property
    def figures(self) -> Figures:
        """What lists, counts and figures are read from."""
        return self

    def read(self, sql: str, values: Values | None = None) -> pa.Table:
        """The rows as an Arrow table; times are UTC."""
        with self._engine.reading() as cursor:
            return Snapshot(cursor).read(sql, values)

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """The rows as dictionaries; times are aware datetimes in UTC."""
        with self._engine.reading() as cursor:
            return Snapshot(cursor).rows(sql, values)

    @contextlib.contextmanager
    def one_moment(self) -> Iterator[Snapshot]:
        """The store as it is now, and stays until the block ends. Keep it short."""
        with self._engine.reading() as cursor:
            cursor.execute("BEGIN")
            try:
                yield Snapshot(cursor)
            finally:
                roll_back(cursor)

    def snapshot(self, job: Callable[[Connection], T]) -> T:
        """What `job` reads, all of it from one moment."""
        with self.one_moment() as view:
            return job(view.connection)

    def write(self, job: Callable[[Connection], T]) -> T:
        """What `job` returns, after its statements are committed together; any error leaves nothing written.

        Jobs run one after another in the order they came. A job must do nothing but talk to its connection: it runs again
        when the database reports a conflict. Raises Unavailable when it cannot be saved now.
        """
        return self._writer.write(job)

    def write_news(self, job: Callable[[Connection], T]) -> T:
        """The same of what carriers said, or are to be asked: none of it is people's or settings, and no text that filters offer is new."""
        return self._writer.write(job, news=True)

    def write_together(self, job: Together) -> Any:
        """What `job` answers, as by `write`; jobs of its class that wait at the same time are done together and committed at once."""
        return self._writer.write_together(job)

    @property
    def is_rescuable(self) -> bool:
        """Whether what is open would be lost when the store is closed now, so that it is worth a `rescue`."""
        why = self.paused
        return why is not None and why.reason in rescuing.RESCUABLE

    @property
    def rescued(self) -> Why | None:
        """Where all that is open is kept already, while nothing was written since."""
        file = self._writer.file
        return rescuing.told(file, file.rescued) if file and file.rescued else None

    def rescue(self) -> Why:
        """Writes all that is open to a new file, whatever became of the one at `path`, and says which.

        Raises Unavailable when there is no room for it.
        """
        file = self._writer.file
        if file is None:
            raise Unavailable(StoreFault.NO_FILE())
        kept = self._writer.run(lambda: rescuing.rescue(self._engine, file))
        return rescuing.told(file, kept)

    def lease(self, work: str, holder: object = None) -> bool:
        """Whether this work on the database is the holder's alone until `end_lease`. One process owns the file, so this is enough."""
        with self._leasing:
            if work in self._leased:
                return holder is not None and self._leased[work] is holder
            self._leased[work] = holder
            return True

    def end_lease(self, work: str) -> None:
        """Leaves the work to somebody else."""
        with self._leasing:
            self._leased.pop(work, None)

    def backup(self, target: Path) -> None:
        """A checked copy of the running database in a new file. Raises Unavailable when the target exists or the copy is not whole."""
        with self._engine.cursor() as cursor:
            backup.write(cursor, target, inspecting.is_whole)

    def apart(self, job: Callable[[Connection], T]) -> T:
        """What `job` does outside any transaction, such as a checkpoint, which waits for those that are open."""
        with self._engine.cursor() as cursor:
            return job(cursor)

    def rewrite(self) -> None:
        """Closes the database after all of it was written into a new file that took the old one's place: nothing deleted is in that.

        Raises Unavailable when the copy cannot be written or does not hold the same rows; then the old file stays.
        """
        if self.path:
            anew = self.path.with_name(self.path.name + ".anew")
            anew.unlink(missing_ok=True)
            self.backup(anew)
            self.close()
            anew.replace(self.path)

    def signal(self, said: str) -> None:
        """Tells every server of the shop, this one too, what is not written anywhere; who listens is `hears`."""
        for listener in self.hears:
            listener(said)

    def tidy(self) -> None:
        """Drops what nobody needs any more of what the store itself keeps; a file has nothing of that kind."""

    def close(self) -> None:
        """Finishes the writes that wait, then closes the file; what would be lost with it is left in a new one, and said."""
        if self._watch:
            self._watch.stop()
        if self._writer.close():
            self._engine.close(checkpoint=rescuing.is_safe_to_close(self._engine, self._writer.file))
            if self._note:
                self._note.close()


def schema_version(store: Store) -> int:
    """The version of the schema: reading it shows that the database answers."""
    return int(store.rows("SELECT max(version) AS n FROM schema_version")[0]["n"])


def _plain(table: pa.Table) -> pa.Table:
    """The table with texts for the values of closed sets."""
    closed = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
    for name in closed:
        table = table.set_column(table.column_names.index(name), name, table[name].cast(pa.string()))
    return table


def schema_of(*names: str) -> pa.Schema:
    """The Arrow schema of columns with these names: a name has one type in all tables."""
    return pa.schema([(name, _TYPES.get(name) or (MOMENT if name.endswith("_at") else pa.string())) for name in names])


def table_of(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """The rows as an Arrow table of that schema."""
    return pa.Table.from_pylist(list(rows), schema=schema)


def table_of_columns(columns: Mapping[str, Sequence[Any]], schema: pa.Schema) -> pa.Table:
    """The columns as an Arrow table, each of the type that it has in the schema."""
    arrays = [pa.array(values, schema.field(name).type) for name, values in columns.items()]
    return pa.Table.from_arrays(arrays, names=list(columns))


def rows_of_columns(columns: Mapping[str, Sequence[Any]]) -> list[Row]:
    """The rows that columns of one length have."""
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def rows_of(table: pa.Table) -> list[Row]:
    """The rows of an Arrow table as dictionaries."""
    rows: list[Row] = table.to_pylist()
    return rows


def select(connection: Connection, sql: str, values: Values | None = None) -> list[Row]:
    """The rows as dictionaries; times are aware datetimes in UTC."""
    # A relation would be planned twice, which is most of the time of a small query.
    found = connection.execute(*_said_of_one(sql, dict(values or {})))
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def select_columns(connection: Connection, sql: str, values: Values, moments: Sequence[str] = ()) -> dict[str, Sequence[Any]]:
    """The same as columns, for thousands of rows; the `moments` among them come as `in_utc` says them."""
    found = connection.execute(*_said_of_one(sql, dict(values)))
    names = [column[0] for column in found.description]
    rows = found.fetchall()
    columns: dict[str, Sequence[Any]] = dict(zip(names, zip(*rows, strict=True) if rows else [()] * len(names), strict=True))
    return columns | {name: [at and at.replace(tzinfo=UTC) for at in columns[name]] for name in moments}


def in_utc(names: Iterable[str], table: str = "") -> str:
    """SQL for moments as the times they are in UTC, without their zone: the engine makes values of those in a fifth of the time."""
    prefix = f"{table}." if table else ""
    return ", ".join(f"{prefix}{name} AT TIME ZONE 'UTC' AS {name}" for name in names)


def _said_of_one(sql: str, values: Row) -> tuple[str, Row]:
    """The same question where it is about one id or text of a list: the engine goes straight to its rows, without a join."""
    listed = Counter(_AMONG.findall(sql))
    alone = {name for name, times in listed.items() if len(values[name]) == 1 and _named(name, sql) == times}
    said = _AMONG.sub(lambda found: f"= ${found[1]}" if found[1] in alone else found[0], sql)
    return said, {name: value[0] if name in alone else value for name, value in values.items()}


def _named(name: str, sql: str) -> int:
    return len(re.findall(rf"\${name}\b", sql))


_AMONG = re.compile(r"(?<!NOT )IN \(SELECT unnest\(\$(\w+)::(?:BIGINT|VARCHAR)\[\]\)\)")


@contextlib.contextmanager
def register_table(connection: Connection, name: str, table: pa.Table) -> Iterator[None]:
    """The Arrow table can be read under `name` for the statements inside."""
    connection.register(name, table)
    try:
        yield
    finally:
        # In an aborted transaction this fails too, and would hide the reason.
        with contextlib.suppress(duckdb.Error):
            connection.unregister(name)


@contextlib.contextmanager
def register_once(connection: Connection, name: str, table: pa.Table) -> Iterator[None]:
    """The Arrow table can be read once under `name`. The engine holds what is registered until the transaction is over: of this one
    only what was not read.
    """
    stream = pa.RecordBatchReader.from_batches(table.schema, iter(table.to_batches()))
    with register_table(connection, name, stream):
        yield


def insert(connection: Connection, table: str, rows: pa.Table) -> None:
    """Appends the rows to the table, matched by column name."""
    if isinstance(connection, PgConnection) and rows.num_rows > 1:
        connection.append(table, rows)
    elif rows.num_rows == 1:
        names = rows.column_names
        places = ", ".join(f"${name}" for name in names)
        connection.execute(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", rows.to_pylist()[0])
    elif rows.num_rows:
        with register_once(connection, "new_rows", rows):
            connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM new_rows")


def next_id(connection: Connection, table: str, column: str, count: int = 1, *, kept_in: str = "") -> int:
    """The first of so many ids that nobody has: they only rise. On a server they are the caller's, taken or not.

    `kept_in` is another table that keeps ids for good.
    """
    if isinstance(connection, PgConnection):
        return int(one_value(connection, f"SELECT reserve('shipdesk.{table}_{column}_seq', {count})")) if count else 0
    return max(_last(connection, name, column) for name in (table, kept_in) if name) + 1


def _last(connection: Connection, table: str, column: str) -> int:
    # From the one found last on: the statistics of the table then spare all that is older.
    before = _FOUND.last.get((table, column))
    last = None if before is None else one_value(connection, f"SELECT max({column}) FROM {table} WHERE {column} >= {before}")
    if last is None:
        last = one_value(connection, _HIGHEST.format(table=table, column=column))
    _FOUND.last[table, column] = last
    return int(last)


class _Found(threading.local):
    """The highest ids that a store's one thread that writes has found: at least what was spent there."""

    def __init__(self) -> None:
        self.last: dict[tuple[str, str], int] = {}


_FOUND = _Found()
_HIGHEST = """
SELECT coalesce(max(n), 0) FROM (
    SELECT max({column}) AS n FROM {table}
    UNION ALL SELECT max(last_id) FROM spent_id WHERE of_table = '{table}' AND of_column = '{column}') given
"""
