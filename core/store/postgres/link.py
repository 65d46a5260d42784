"""The way to the server: connections from a pool, what its errors mean, and whether it answers now."""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Literal, TypeVar

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg_pool import ConnectionPool, PoolTimeout

from core.domain.errors import Unavailable
from core.domain.reasons import Why
from core.domain.servers import Server
from core.store.reasons import StoreFault

PATIENCE = 4.0
"""Seconds for which somebody waits for a server that was there a moment ago."""
MOST_CONNECTIONS = 20
Raw = psycopg.Connection[Any]
Doing = Literal["reading", "writing"]
T = TypeVar("T")

_ORDINARY = {
    "connect_timeout": 3,
    "target_session_attrs": "read-write",
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
    "application_name": "shipdesk",
}
_SETTINGS = "SET search_path TO shipdesk, shipdesk_sql, public; SET TimeZone TO 'UTC'; SET DateStyle TO 'ISO, YMD'"
_REFUSALS = (errors.InvalidPassword, errors.InvalidAuthorizationSpecification, errors.InvalidCatalogName)

log = logging.getLogger(__name__)
logging.getLogger("psycopg.pool").setLevel(logging.ERROR)


class Link:
    """The connections of one open store. `gone` while the server does not answer; `returned` counts how often it came back."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.returned = 0
        self._gone = False
        self._full = False
        self._closed = threading.Event()
        self._pool = ConnectionPool(
            server.url,
            kwargs=self._asked,
            min_size=0,
            max_size=MOST_CONNECTIONS,
            configure=_prepared,
            reset=_left_clean,
            open=True,
            timeout=PATIENCE,
            max_idle=300.0,
            reconnect_timeout=1.0,
            num_workers=2,
        )

    @property
    def _asked(self) -> dict[str, Any]:
        given = conninfo_to_dict(self.server.url)
        return {name: value for name, value in _ORDINARY.items() if name not in given} | {
            "autocommit": True,
            "cursor_factory": psycopg.ClientCursor,
        }

    def direct(self) -> Raw:
        """A connection of its own, for what lasts longer than a transaction. The caller closes it."""
        raw = psycopg.connect(self.server.url, **self._asked)
        _prepared(raw)
        return raw

    def why(self, doing: Doing) -> Why | None:
        """Why nothing can be done now."""
        if self._closed.is_set():
            return StoreFault.CLOSING(doing)
        if self._gone:
            return StoreFault.SERVER_GONE(doing, server=self.server)
        return StoreFault.SERVER_FULL(server=self.server) if self._full and doing == "writing" else None

    def saw_it_gone(self) -> None:
        """The server does not answer: everything is refused until it was seen again."""
        if not self._gone and not self._closed.is_set():
            log.warning("The database server does not answer")
            self._gone = True

    def saw_it(self) -> None:
        """The server answers."""
        if self._gone:
            log.warning("The database server answers again")
            self.returned += 1
        self._gone = self._full = False

    def saw_it_full(self) -> None:
        """The server's disk is full: nothing is written until it was seen with room."""
        self._full = True

    def asked(self, doing: Doing, work: Callable[[Raw], T]) -> T:
        """What `work` gives on a connection, on another one when that is found dead. Raises Unavailable when the server is gone."""
        until = time.monotonic() + PATIENCE
        while True:
            with self._lent(doing) as raw:
                try:
                    return work(raw)
                except psycopg.Error as error:
                    if not is_lost(error, raw):
                        raise
                    why = self.why(doing) or StoreFault.SERVER_GONE(doing, server=self.server)
                    if time.monotonic() > until or why.reason is StoreFault.CLOSING:
                        raise Unavailable(why) from error
                    if not raw.closed:
                        raw.close()

    @contextlib.contextmanager
    def transaction(self, doing: Doing, begin: str) -> Iterator[Raw]:
        """A connection in a transaction that is rolled back at the end unless it was committed.

        Raises Unavailable when the server is gone, or goes meanwhile.
        """
        until = time.monotonic() + PATIENCE
        while True:
            with self._lent(doing) as raw:
                try:
                    raw.execute(begin.encode())
                except psycopg.OperationalError as error:
                    raw.close()
                    if time.monotonic() > until:
                        raise Unavailable(StoreFault.SERVER_GONE(doing, server=self.server)) from error
                    continue
                yield raw
                return

    @contextlib.contextmanager
    def _lent(self, doing: Doing) -> Iterator[Raw]:
        if why := self.why(doing):
            raise Unavailable(why)
        try:
            raw = self._pool.getconn()
        except PoolTimeout as error:
            raise Unavailable(self.why(doing) or StoreFault.SERVER_GONE(doing, server=self.server)) from error
        except psycopg.Error as error:
            raise Unavailable(self.why(doing) or StoreFault.SERVER_GONE(doing, server=self.server)) from error
        try:
            yield raw
        finally:
            self._pool.putconn(raw)

    def close(self) -> None:
        """Ends all connections."""
        self._closed.set()
        self._pool.close(timeout=PATIENCE)


def is_lost(error: psycopg.Error, raw: Raw) -> bool:
    """Whether the connection ended, and not only what was asked on it."""
    return (
        raw.closed
        or raw.broken
        or isinstance(error, errors.AdminShutdown | errors.CrashShutdown | errors.ReadOnlySqlTransaction)
    )


def refusal(server: Server, error: psycopg.Error) -> Why:
    """Why the server could not be opened, in a sentence without what the driver says."""
    text = str(error)
    refused = isinstance(error, _REFUSALS) or any(
        word in text for word in ("authentication failed", "does not exist", "pg_hba")
    )
    return StoreFault.SERVER_REFUSES(server=server) if refused else StoreFault.SERVER_GONE("reading", server=server)


def _prepared(raw: Raw) -> None:
    raw.execute(_SETTINGS.encode())


def _left_clean(raw: Raw) -> None:
    if raw.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        raw.execute(b"ROLLBACK")
