"""The refresher: a thread of the server that asks what is due, each service at its own speed, until the server stops."""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.domain.errors import Unavailable, places_of
from core.services.tracking import polling
from core.services.tracking.polling import Tracker
from core.services.tracking.statistics import WINDOWS
from core.store import tracking_runs, webhooks
from core.store.database import Connection

TICK, FIRST_AFTER = 3.0, 2.0
PATIENCE = 10.0
LEASE = "refresher"
# A window is shown beside the same time before it.
RUNS_KEPT = 2 * max(WINDOWS.values())
WEBHOOKS_KEPT, TIDIED_EVERY = timedelta(days=30), timedelta(hours=6)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Pulse:
    """How the refresher is: whether it runs, how many cycles it made, how many ended in a fault of ours, when the last ended."""

    alive: bool
    cycles: int
    faults: int
    last_cycle: datetime | None


class Refresher:
    """Asks what is due, in the background. At most one runs for a database, and at most one thread asks a service."""

    def __init__(self, tracker: Tracker, *, tick: float = TICK, first_after: float = FIRST_AFTER) -> None:
        self._tracker = tracker
        self._tick, self._first_after = tick, first_after
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="refresher", daemon=True)
        self._asking: dict[str, threading.Thread] = {}
        self._cycles = self._faults = 0
        self._last_cycle: datetime | None = None
        self._tidied: datetime | None = None
        self._leased = False

    def start(self) -> bool:
        """Whether it asks now: False when another one has the lease on this database. On a server it waits for that one to end."""
        self._leased = self._tracker.store.lease(LEASE, self)
        if self._leased or self._tracker.store.server:
            self._thread.start()
        return self._leased

    def stop(self) -> None:
        """Ends it: what is being asked is not waited for long, its numbers stay due."""
        self._stop.set()
        self._wake.set()
        for thread in (self._thread, *self._asking.values()):
            if thread.ident is not None:
                thread.join(PATIENCE)
        if self._leased:
            self._leased = False
            self._tracker.store.end_lease(LEASE)

    def nudge(self) -> None:
        """Something became due: do not wait for the next tick."""
        self._wake.set()

    @property
    def pulse(self) -> Pulse:
        """How it is now."""
        return Pulse(self._thread.is_alive(), self._cycles, self._faults, self._last_cycle)

    def _run(self) -> None:
        self._stop.wait(self._first_after)
        while not self._stop.is_set():
            self._wake.clear()
            self._guarded("cycle", self._cycle)
            self._wake.wait(self._tick)

    def _cycle(self) -> None:
        if self._tracker.store.paused or not self._is_the_one():
            return
        self._cycles += 1
        polling.watch(self._tracker)
        for service in polling.waiting(self._tracker):
            running = self._asking.get(service)
            if not (running and running.is_alive()):
                self._asking[service] = threading.Thread(target=self._ask, args=(service,), name=f"asks {service}", daemon=True)
                self._asking[service].start()
        self._tidy()
        self._last_cycle = self._tracker.now()

    def _is_the_one(self) -> bool:
        """Whether it still has the lease, or has it now. Who takes it over remembers nothing of what was watched before."""
        had, self._leased = self._leased, self._tracker.store.lease(LEASE, self)
        if self._leased and not had:
            self._tracker.watched = None
        return self._leased

    def _ask(self, service: str) -> None:
        self._guarded(service, lambda: polling.refresh_service(self._tracker, service, cancel=self._stop.is_set))

    def _tidy(self) -> None:
        now = self._tracker.now()
        if self._tidied is None or now - self._tidied > TIDIED_EVERY:
            self._tidied = now
            self._tracker.store.write(lambda connection: _forget_old(connection, now))
            self._tracker.store.tidy()

    def _guarded(self, what: str, work: Callable[[], object]) -> None:
        try:
            work()
        except Unavailable:
            if not self._stop.is_set():
                log.warning("Tracking waits until the database can be written (%s)", what)
        except Exception as fault:
            self._faults += 1
            log.error("Tracking goes on after a fault in %s: %s at %s", what, type(fault).__name__, places_of(fault))


def _forget_old(connection: Connection, now: datetime) -> None:
    tracking_runs.forget(connection, now - RUNS_KEPT)
    webhooks.forget(connection, now - WEBHOOKS_KEPT)
