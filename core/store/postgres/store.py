"""A shop on a PostgreSQL server: what is written and looked up there, and the copy beside it that figures are taken from."""

import contextlib
import random
import threading
import time
from collections.abc import Callable, Hashable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

import psycopg
import pyarrow as pa
from psycopg import errors

from core.domain.errors import Conflict, Unavailable
from core.domain.reasons import Why
from core.domain.servers import Server
from core.store import moved
from core.store.database import Row, Snapshot, Store, StoreHealth, Values, select
from core.store.engine import Connection
from core.store.opening import SCHEMA
from core.store.postgres import schema
from core.store.postgres.adapter import PgConnection
from core.store.postgres.feed import AWAY, Feed, Following
from core.store.postgres.leases import Leases
from core.store.postgres.link import Link, Raw, is_lost, refusal
from core.store.postgres.replica import Replica
from core.store.postgres.turns import SharedTurns
from core.store.reasons import StoreFault
from core.store.writer import Together

TRIES = 40
SETTLED_WITHIN = 1.0
"""Seconds that somebody waits at most to see in the figures what they just wrote."""
_MOMENT = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ"
_WRITE = "BEGIN ISOLATION LEVEL SERIALIZABLE"
_AGAIN = (errors.SerializationFailure, errors.DeadlockDetected, errors.UniqueViolation)
_REPEATED = 8
_PATIENT = 1.0
_MOST_OWED = 1000

T = TypeVar("T")


class PostgresStore(Store):
    """One open shop on a server, with the calls of `core.store.database.Store`. Any number of them may be open on one shop."""

    def __init__(self, server: Server, link: Link, *, made: bool = False) -> None:
        self.path = None
        self.server: Server = server
        self.made = made
        self._link = link
        self._replica = Replica(self)
        self._leases = Leases(link)
        self.hears: list[Callable[[str], None]] = []
        self._feed = self._following()
        self._turn = threading.Lock()
        self._owed: dict[Hashable, tuple[int, float]] = {}

    @classmethod
    def reach(cls, server: Server, steps: Path = SCHEMA, *, moving: bool = False) -> "PostgresStore":
        """The shop at this address, its tables made and brought up to date as needed.

        Raises Unavailable when the server is not reached, lets Shipdesk not in, or has a database that cannot be used; also when the
        shop was moved away, or not all of it has come, except for who is `moving` it.
        """
        link = Link(server)
        try:
            with link.direct() as raw:
                if not moving:
                    moved.require_here(_asked_like_a_file(raw), server)
                made = schema.migrate(raw, server, steps)
            return cls(server, link, made=made)
        except errors.InsufficientPrivilege as error:
            link.close()
            raise Unavailable(StoreFault.NO_RIGHTS(server=server)) from error
        except psycopg.OperationalError as error:
            link.close()
            raise Unavailable(refusal(server, error)) from error
        except BaseException:
            link.close()
            raise

    @property
    def changes(self) -> int:
        """How often something that anybody wrote reached this process: while it stays, so does every answer."""
        self._settle()
        return self._feed.changes

    @property
    def changes_by_people(self) -> int:
        """The same: what came is not told apart."""
        return self.changes

    @property
    def paused(self) -> Why | None:
        """Why nothing can be saved now; None while it can."""
        return self._link.why("writing")

    @property
    def health(self) -> StoreHealth:
        """How the server is, as far as it is known here."""
        why = self.paused
        return StoreHealth(why.reason if why else None, None, self._link.returned)

    @property
    def turns(self) -> SharedTurns:
        """What all app servers of the shop share of the tracking services."""
        return SharedTurns(self)

    @property
    def figures(self) -> Replica:
        """What lists, counts and figures are read from: the copy, once it knows what its asker wrote."""
        if why := self._link.why("reading"):
            raise Unavailable(why)
        self._settle()
        self._feed.require_loaded()
        return self._replica

    def read(self, sql: str, values: Values | None = None) -> pa.Table:
        """The rows as an Arrow table; times are UTC."""
        return self._link.asked("reading", lambda raw: PgConnection(raw).execute(sql, values).to_arrow_table())

    def rows(self, sql: str, values: Values | None = None) -> list[Row]:
        """The rows as dictionaries; times are aware datetimes in UTC."""
        return self._link.asked("reading", lambda raw: select(_asked_like_a_file(raw), sql, values))

    @contextlib.contextmanager
    def one_moment(self) -> Iterator[Snapshot]:
        """The facts as they are now, and stay until the block ends. Keep it short."""
        with self._reading(_MOMENT) as connection:
            yield Snapshot(connection)

    def snapshot(self, job: Callable[[Connection], T]) -> T:
        """What `job` reads, all of it from one moment."""
        with self._reading(_SNAPSHOT) as connection:
            return job(connection)

    def write(self, job: Callable[[Connection], T]) -> T:
        """What `job` returns, after its statements are committed together; any error leaves nothing written.

        Jobs run beside each other, as if one after another: one that others got in the way of runs again, so it must do nothing but
        talk to its connection. Raises Unavailable when it cannot be saved now.
        """
        with self._in_turn():
            return self._written(job)

    def write_news(self, job: Callable[[Connection], T]) -> T:
        """The same."""
        return self.write(job)

    def write_together(self, job: Together) -> Any:
        """What became of the job, in a transaction of its own: the server itself commits together what comes at the same time."""

        def alone(connection: Connection) -> Any:
            [said] = job.together(connection, [job])
            if isinstance(said, BaseException):
                raise said
            return said

        return self.write(alone)

    @property
    def is_rescuable(self) -> bool:
        """Never: what is open is on the server."""
        return False

    @property
    def rescued(self) -> Why | None:
        """Never."""
        return None

    def rescue(self) -> Why:
        """Raises Unavailable: there is no file."""
        raise Unavailable(StoreFault.KEPT_BY_SERVER(server=self.server))

    def lease(self, work: str, holder: object = None) -> bool:
        """Whether this work on the database is the holder's alone, among all app servers, until `end_lease` or a lost connection."""
        return self._leases.take(work, holder)

    def end_lease(self, work: str) -> None:
        """Leaves the work to somebody else."""
        self._leases.end(work)

    def backup(self, target: Path) -> None:
        """Raises Unavailable: the server has backups of its own."""
        raise Unavailable(StoreFault.KEPT_BY_SERVER(server=self.server))

    def apart(self, job: Callable[[Connection], T]) -> T:
        """What `job` does outside any transaction."""
        return self._link.asked("writing", lambda raw: job(_asked_like_a_file(raw)))

    def rewrite(self) -> None:
        """Closes the store; what was deleted on a server is overwritten by its own vacuuming."""
        self.close()

    def signal(self, said: str) -> None:
        """Tells every server of the shop, this one too, what is not written anywhere; who listens is `hears`. Raises Unavailable."""
        self.apart(lambda connection: connection.execute("SELECT pg_notify('shipdesk_signal', $said)", {"said": said}))

    def tidy(self) -> None:
        """Drops what was told of removed rows to all who follow, and the marks of transactions that nobody asks after any more."""
        before = {"before": timedelta(seconds=2 * AWAY)}
        self.write(lambda connection: connection.execute(_OLD.format(of="gone"), before) and None)
        # Not by `write`: a serializable transaction over all marks would get in the way of whoever makes one meanwhile.
        self.apart(lambda connection: connection.execute(_OLD.format(of="outcome"), before) and None)

    def close(self) -> None:
        """Ends all connections; what is being written is finished first."""
        self._feed.stop()
        self._leases.close()
        self._link.close()
        self._replica.close()

    @contextlib.contextmanager
    def _reading(self, begin: str) -> Iterator[Connection]:
        with self._link.transaction("reading", begin) as raw:
            try:
                yield _asked_like_a_file(raw)
            except psycopg.OperationalError as error:
                if not is_lost(error, raw):
                    raise
                raise Unavailable(self._link.why("reading") or StoreFault.SERVER_GONE("reading", server=self.server)) from error
            finally:
                # What was read is read, also when the server goes just now.
                with contextlib.suppress(psycopg.OperationalError):
                    if not raw.closed:
                        raw.execute(b"ROLLBACK")

    @contextlib.contextmanager
    def _in_turn(self) -> Iterator[None]:
        """One after another, since jobs beside each other have to run again; but nobody waits long for a slow one, such as an import."""
        mine = self._turn.acquire(timeout=_PATIENT)
        try:
            yield
        finally:
            if mine:
                self._turn.release()

    def _written(self, job: Callable[[Connection], T]) -> T:
        clashes = 0
        for attempt in range(TRIES):
            try:
                return self._tried(job)
            except _AGAIN as error:
                clashes += isinstance(error, errors.UniqueViolation)
                if clashes > _REPEATED:
                    raise _clash(error) from error
            except _Lost:
                pass
            time.sleep(random.random() * 0.002 * 2 ** min(attempt, 5))
        raise Unavailable(StoreFault.BUSY())

    def _tried(self, job: Callable[[Connection], T]) -> T:
        with self._link.transaction("writing", _WRITE) as raw:
            try:
                result = job(_asked_like_a_file(raw))
                wrote = _mark(raw)
            except psycopg.Error as error:
                raise self._told(error, raw) from error
            self._commit(raw, wrote)
        if wrote:
            self._owed[self.asker()] = self._feed.coming, time.monotonic() + SETTLED_WITHIN
            while len(self._owed) > _MOST_OWED:
                self._owed.pop(next(iter(self._owed)), None)
        return result

    def _following(self) -> Following:
        """Who brings what others write into the copy."""
        return Feed(self._link, self._replica, self._heard)

    def _commit(self, raw: Raw, wrote: UUID | None) -> None:
        """Raises what another transaction's way asks for; a commit whose answer was lost is asked after."""
        try:
            # Told after the commit: within it, commits would wait for each other's disks.
            raw.execute(b"COMMIT; NOTIFY shipdesk" if wrote else b"COMMIT")
        except psycopg.OperationalError as error:
            if not is_lost(error, raw):
                raise self._told(error, raw) from error
            if wrote and not self._was_committed(wrote):
                raise _Lost from error

    def _was_committed(self, mark: UUID) -> bool:
        """Whether the mark of a transaction stands on the server; one that does not is given up, so that it never will.

        Raises Unavailable when the transaction does not come to its end.
        """

        def asked(raw: Raw) -> bool:
            with raw.transaction():
                raw.execute(_NOT_LONG)
                found = raw.execute(_SETTLED, {"mark": mark}).fetchone()
            return found is not None and not found[0]

        try:
            return self._link.asked("writing", asked)
        except errors.LockNotAvailable as error:
            raise Unavailable(StoreFault.NOT_KNOWN(server=self.server)) from error

    def _told(self, error: psycopg.Error, raw: Raw) -> BaseException:
        """What this error of the server means for who wanted to write."""
        if isinstance(error, errors.DiskFull):
            self._link.saw_it_full()
            return Unavailable(StoreFault.SERVER_FULL(server=self.server))
        return _Lost() if is_lost(error, raw) else error

    def _heard(self, said: str) -> None:
        for listener in self.hears:
            listener(said)

    def _settle(self) -> None:
        """Waits until the copy knows what the asker wrote last, but not long."""
        asker = self.asker()
        owed = self._owed.get(asker)
        if owed is None:
            return
        poll, until = owed
        self._feed.wait_for(poll, until - time.monotonic())
        if self._owed.get(asker) == owed:
            self._owed.pop(asker, None)


class _Lost(Exception):
    """The connection ended before anything was committed."""


def _asked_like_a_file(raw: Raw) -> Connection:
    """The connection as what all of the store takes: it has the calls that are used of the embedded engine's."""
    return cast(Connection, PgConnection(raw))


def _mark(raw: Raw) -> UUID | None:
    """Marks the transaction, so that it is known again whatever becomes of the server; None while it wrote nothing.

    Its number would not do: one that was not on the disk yet when the server crashed is given anew.
    """
    mark = uuid4()
    return mark if raw.execute(_MARKED, {"mark": mark}).fetchone() else None


def _clash(error: psycopg.Error) -> BaseException:
    """Two rows that may not be alike: a shipment's number is said in a sentence, anything else is a fault."""
    if error.diag.constraint_name == "shipment_shipment_no_key":
        number = (error.diag.message_detail or "").rpartition("=(")[2].partition(")")[0]
        return Conflict(StoreFault.TWINS(first=number, other=number))
    return error


_OLD = "DELETE FROM {of} WHERE at < now() - $before"
_MARKED = b"INSERT INTO outcome (mark) SELECT %(mark)s WHERE pg_current_xact_id_if_assigned() IS NOT NULL RETURNING mark"
# Waits for a transaction with this mark that is still at its end.
_SETTLED = b"""
INSERT INTO outcome (mark, given_up) VALUES (%(mark)s, true) ON CONFLICT (mark) DO UPDATE SET mark = EXCLUDED.mark RETURNING given_up
"""
_NOT_LONG = b"SET LOCAL lock_timeout = '4s'"
