"""The engine: what every part of the store asks it for, and one that is open, whose errors are translated once and which is opened again
in the same process after a fatal one.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from core.domain.errors import Unavailable
from core.store.engine_errors import EngineTrouble, cause_in_words, trouble_of
from core.store.reasons import StoreFault

Connection = duckdb.DuckDBPyConnection

# The formats from 1.3 on compress texts as DICT_FSST: an UPDATE from NULL is then lost when the log is replayed after a crash
# (1.5.6, 2.0.0 and 2.0.1). This one is as small without it, and an older engine opens it too.
STORAGE = "v1.2.0"

PATIENCE = 5.0
KEPT_MB = 800
"""How much of the file the engine keeps in memory while nothing is asked: more than the newest of a large shop."""
_KEPT = ("threads", "TimeZone", "checkpoint_threshold", "disabled_compression_methods", "allocator_background_threads")
_FORMAT = "storage_compatibility_version"
_OPENED_FOR_GOOD = (EngineTrouble.FATAL, EngineTrouble.SAVED_THEN_FATAL)

log = logging.getLogger(__name__)


# On Linux and macOS, and on Windows. A path may hold any word, so the whole phrase is looked for.
_IN_USE = ("Could not set lock on file", "being used by another process")


COMMON = ("SET TimeZone = 'UTC'", "SET allocator_background_threads = true")
"""What every engine is told, whoever opened it: times are in UTC, and memory that is free goes back to the system."""


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


class Engine:
    """One open database. `broken` after an error that ends all use of it until `reopen`; `read_only` when it could be opened only so,
    `refused` is the error that this is because of.

    `reopened` counts how often it was opened again.
    """

    def __init__(self, connection: Connection, path: Path | None) -> None:
        self.path = path
        self.broken = False
        self.read_only = False
        self.refused: duckdb.Error | None = None
        self.reopened = 0
        self._root: Connection | None = connection
        self._gate = threading.Condition()
        self._lent: dict[int, Connection] = {}
        self._closed = False
        self._limit = _setting(connection, "memory_limit")
        self._settings = {name: _setting(connection, name) for name in (*_KEPT, _FORMAT)}

    @contextlib.contextmanager
    def cursor(self) -> Iterator[Connection]:
        """A cursor of its own, for one thread, until the block ends. Waits while the engine is opened again.

        Raises Unavailable when the store is closed or could not be opened again; the engine's errors come as they are.
        """
        cursor = self._lend()
        try:
            with cursor:
                yield cursor
        except duckdb.Error as error:
            if trouble_of(error) in _OPENED_FOR_GOOD:
                self.broken = True
            raise
        finally:
            with self._gate:
                del self._lent[id(cursor)]
                self._gate.notify_all()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """A cursor for reading. Raises Unavailable in one sentence for what is not the question's fault."""
        try:
            with self.cursor() as cursor:
                yield cursor
        except duckdb.Error as error:
            match trouble_of(error):
                case EngineTrouble.FATAL | EngineTrouble.SAVED_THEN_FATAL:
                    raise Unavailable(StoreFault.REOPENING("reading")) from error
                case EngineTrouble.INTERRUPTED if self._closed:
                    raise Unavailable(StoreFault.CLOSING("reading")) from error
                case EngineTrouble.INTERRUPTED if self._root is None:
                    raise Unavailable(StoreFault.REOPENING("reading")) from error
                case EngineTrouble.NO_TEMP_SPACE:
                    raise Unavailable(StoreFault.NO_TEMP_SPACE()) from error
                case EngineTrouble.NO_MEMORY:
                    raise Unavailable(StoreFault.NO_MEMORY()) from error
                case EngineTrouble.DISK_ERROR if str(self.path) in str(error):
                    raise Unavailable(StoreFault.UNREADABLE(path=self.path, why=cause_in_words(error))) from error
            raise

    def reopen(self, before: Callable[[], None] = lambda: None) -> None:
        """Opens what is at the path again: for reading alone where it cannot be written. Raises Unavailable when it cannot be opened.

        What is being read meanwhile ends with an error, and nothing new begins before it is done. The log stays as it is; `before` is
        done while nothing is open.
        """
        with self._gate:
            root, self._root = self._root, None
            self._end_what_is_lent()
        with contextlib.suppress(duckdb.Error):
            _end(root, checkpoint=False)
        before()
        connection = self._connected()
        with self._gate:
            self._root, self.broken = connection, False
            self.reopened += 1
            self._gate.notify_all()
        log.warning("The database was opened again%s", " for reading alone" if self.read_only else "")

    def trim(self) -> None:
        """Lets go of what was read of the file beyond `KEPT_MB`. Does nothing while somebody asks: what is in use cannot go."""
        with self._gate:
            if self._root is None or self._lent or one_value(self._root, _HELD) <= KEPT_MB:
                return
            try:
                # The engine has no other word for it: blocks go when its limit falls below them.
                self._root.execute(f"SET memory_limit = '{KEPT_MB}MB'")
            except duckdb.Error:
                log.debug("The memory of the database could not be trimmed")
            finally:
                self._root.execute(f"SET memory_limit = '{self._limit}'")

    def close(self, *, checkpoint: bool = True) -> None:
        """Closes the file, with all that the log holds written into it unless `checkpoint` is False."""
        with self._gate:
            root, self._root, self._closed = self._root, None, True
            self._gate.notify_all()
            self._end_what_is_lent()
        _end(root, checkpoint=checkpoint)

    def _lend(self) -> Connection:
        with self._gate:
            if not self._gate.wait_for(lambda: self._root is not None or self._closed, PATIENCE):
                raise Unavailable(StoreFault.REOPENING("reading"))
            if self._root is None:
                raise Unavailable(StoreFault.CLOSING("reading"))
            cursor = self._root.cursor()
            self._lent[id(cursor)] = cursor
            return cursor

    def _end_what_is_lent(self) -> None:
        """Waits for what is being read, and ends what takes long. Called with the gate held."""
        began = time.monotonic()
        while self._lent and time.monotonic() - began < PATIENCE:
            self._gate.wait(0.1)
            for cursor in self._lent.values() if time.monotonic() - began > PATIENCE / 5 else ():
                with contextlib.suppress(duckdb.Error):
                    cursor.interrupt()

    def _connected(self) -> Connection:
        for read_only in (False, True):
            try:
                connection = self._opened(read_only)
            except duckdb.Error as error:
                if read_only:
                    raise Unavailable(StoreFault.NOT_REOPENED(path=self.path, why=cause_in_words(error))) from error
                self.refused = error
            else:
                self.read_only = read_only
                return connection
        raise AssertionError

    def _opened(self, read_only: bool) -> Connection:
        config: dict[str, Any] = {} if read_only else {_FORMAT: self._settings[_FORMAT]}
        connection = duckdb.connect(str(self.path), read_only=read_only, config=config)
        for name in _KEPT:
            if self._settings[name] != _setting(connection, name):
                connection.execute(f"SET {name} = '{self._settings[name]}'")
        connection.execute("SELECT max(version) FROM schema_version").fetchall()
        return connection


def _end(connection: Connection | None, *, checkpoint: bool) -> None:
    if connection is None:
        return
    if not checkpoint:
        with contextlib.suppress(duckdb.Error):
            connection.execute("PRAGMA disable_checkpoint_on_shutdown")
    connection.close()


_HELD = "SELECT coalesce(sum(memory_usage_bytes), 0) / 1000000 FROM duckdb_memory()"


def _setting(connection: Connection, name: str) -> Any:
    return one_value(connection, f"SELECT current_setting('{name}')")
