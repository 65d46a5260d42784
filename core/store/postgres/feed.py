"""What others write reaches the copy of this app server: woken by NOTIFY, read behind a fence that no slow transaction slips under.

The fence is a snapshot of the server. What a poll has to read is what is visible in the snapshot of now and was not in the one
before: every row says by which transaction it was written last. Nothing is locked and nothing kept on the server for who follows.
"""

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol, cast
from uuid import uuid4

import psycopg
import pyarrow as pa

from core.domain.errors import Unavailable, places_of
from core.store import moved
from core.store.engine import Connection
from core.store.postgres.adapter import PgConnection
from core.store.postgres.link import Link, Raw
from core.store.postgres.locks import OPEN
from core.store.postgres.replica import Replica
from core.store.postgres.schema import FOLLOWED, columns
from core.store.reasons import StoreFault

LOOKED_EVERY = 1.0
TRIED_EVERY = 0.3
LOADED_WITHIN = 120.0
_PLACES = (*FOLLOWED, "gone")
_SIGNAL = "shipdesk_signal"
AWAY = 12 * 3600.0
"""Seconds after which what was removed meanwhile may not be told any more: everything is loaded again."""

log = logging.getLogger(__name__)


class Following(Protocol):
    """Who brings what others write into the copy, and says that the shop is open."""

    @property
    def changes(self) -> int:
        """Rises with everything that came."""
        ...

    @property
    def coming(self) -> int:
        """The number of the next poll that begins: it will know all that is written by now."""
        ...

    def wait_for(self, poll: int, seconds: float) -> bool:
        """Whether that poll was over within so many seconds."""
        ...

    def require_loaded(self) -> None:
        """Waits for the first load. Raises Unavailable when it does not come."""
        ...

    def stop(self) -> None:
        """Ends it."""
        ...


class Feed:
    """A thread that keeps the copy up to date until `stop`. `changes` rises with everything that came; `hear` is given signals."""

    def __init__(self, link: Link, replica: Replica, hear: Callable[[str], None]) -> None:
        self._link, self._replica, self._hear = link, replica, hear
        self.changes = 0
        self._begun = self._done = 0
        self._history: str | None = None
        self._fence = ""
        self._seen_at = time.monotonic()
        self._state = threading.Condition()
        self._stop = threading.Event()
        self._called = f"shipdesk_{uuid4().hex}"
        self._first: Raw | None = self._listening()
        self._thread = threading.Thread(target=self._run, name="store-feed", daemon=True)
        self._thread.start()

    @property
    def coming(self) -> int:
        """The number of the next poll that begins: it will know all that is written by now."""
        with self._state:
            return self._begun + 1

    def wait_for(self, poll: int, seconds: float) -> bool:
        """Whether that poll was over within so many seconds."""
        with self._state:
            return self._state.wait_for(lambda: self._done >= poll or self._stop.is_set(), seconds)

    def require_loaded(self) -> None:
        """Waits for the first load. Raises Unavailable when it does not come."""
        if not self._done and not self.wait_for(1, LOADED_WITHIN):
            raise Unavailable(StoreFault.SERVER_GONE("reading", server=self._link.server))

    def stop(self) -> None:
        """Ends it."""
        self._stop.set()
        with contextlib.suppress(psycopg.Error, Unavailable):
            self._link.asked("reading", lambda raw: raw.execute(f"NOTIFY {self._called}".encode()))
        with self._state:
            self._state.notify_all()
        self._thread.join(LOOKED_EVERY + TRIED_EVERY)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                raw, self._first = self._first or self._listening(), None
            except (psycopg.Error, Unavailable):
                self._link.saw_it_gone()
                self._stop.wait(TRIED_EVERY)
                continue
            try:
                with contextlib.suppress(psycopg.Error), raw:
                    self._follow(raw)
            except Exception as fault:
                log.error(
                    "The copy of the shop is loaded again after a fault: %s at %s", type(fault).__name__, places_of(fault)
                )
                self._history = None
                self._stop.wait(TRIED_EVERY)

    def _listening(self) -> Raw:
        """A connection that is told of changes, and that says by a lock that the shop is open. Raises Unavailable while it is moved."""
        raw = self._link.direct()
        try:
            found = raw.execute(f"SELECT pg_try_advisory_lock_shared({OPEN})".encode()).fetchone()
            if not (found and found[0]):
                raise Unavailable(StoreFault.BEING_MOVED(server=self._link.server))
            moved.require_here(cast(Connection, PgConnection(raw)), self._link.server)
            raw.execute(f"LISTEN shipdesk; LISTEN {_SIGNAL}; LISTEN {self._called}".encode())
        except BaseException:
            raw.close()
            raise
        return raw

    def _follow(self, raw: Raw) -> None:
        woken = True
        while not self._stop.is_set():
            self._catch_up(raw, woken)
            self._link.saw_it()
            woken = self._woken(raw)

    def _woken(self, raw: Raw) -> bool:
        """Waits for what others tell; whether something was written."""
        told = list(raw.notifies(timeout=LOOKED_EVERY, stop_after=1))
        for one in told:
            if one.channel == _SIGNAL:
                self._guarded(one.payload)
        return any(one.channel != _SIGNAL for one in told)

    def _guarded(self, signal: str) -> None:
        try:
            self._hear(signal)
        except Exception as fault:
            log.error("A signal of another server ended in a fault: %s at %s", type(fault).__name__, places_of(fault))

    def _catch_up(self, raw: Raw, woken: bool) -> None:
        with self._state:
            self._begun += 1
            number = self._begun
        began = raw.execute(f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; {self._question}".encode())
        began.nextset()
        try:
            came = self._take(raw, *(began.fetchone() or ("", "")))
        finally:
            raw.execute(b"COMMIT")
        with self._state:
            self.changes += came or woken
            self._done = number
            self._state.notify_all()

    def _take(self, raw: Raw, history: str, fence: str, *new: bool) -> bool:
        """Whether anything was new: in which of `_PLACES` there are rows that the last poll did not see."""
        away, self._seen_at = time.monotonic() - self._seen_at, time.monotonic()
        if history != self._history or away > AWAY:
            self._replica.load(self._rows(raw, FOLLOWED))
            self._history, self._fence = history, fence
            return True
        places = [place for place, found in zip(_PLACES, new, strict=True) if found]
        if places:
            tables = [table for table in FOLLOWED if table in places]
            self._replica.apply(
                self._rows(raw, tables, f" WHERE {self._new}"), _gone(raw, self._new) if "gone" in places else {}
            )
        self._fence = fence
        return bool(places)

    @property
    def _question(self) -> str:
        """Asks where the server is, and in which places something is new, in one go."""
        new = "".join(f", EXISTS (SELECT 1 FROM shipdesk.{place} WHERE {self._new})" for place in _PLACES)
        return _NOW + (new if self._fence else "")

    @property
    def _new(self) -> str:
        """Of rows: written by a transaction that the last poll did not see."""
        low = self._fence.partition(":")[0]
        return f"tx >= '{low}'::xid8 AND NOT pg_visible_in_snapshot(tx, '{self._fence}'::pg_snapshot)"

    def _rows(self, raw: Raw, tables: Iterable[str], where: str = "") -> Iterator[tuple[str, pa.Table]]:
        for table in tables:
            for rows in PgConnection(raw).copied(_selected(table) + where, self._replica.schemas[table]):
                yield table, rows


def _gone(raw: Raw, new: str) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for table, number in raw.execute(f"SELECT of_table, id FROM shipdesk.gone WHERE {new}".encode()):
        found.setdefault(table, []).append(number)
    return found


def _selected(table: str) -> str:
    names = ", ".join(f'"{column.name}"' for column in columns() if column.table == table)
    return f"SELECT {names} FROM shipdesk.{table}"


_NOW = """
SELECT (SELECT system_identifier::text FROM pg_control_system()) || left(pg_walfile_name(pg_current_wal_lsn()), 8)
           || coalesce((SELECT stats_reset::text FROM pg_stat_bgwriter), ''),
       pg_current_snapshot()::text
"""
