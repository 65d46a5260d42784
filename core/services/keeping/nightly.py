"""The keeper: a thread of the server that writes the nightly backups, thins them out, and reads the whole database once after a start."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from core.domain import retention
from core.domain.errors import ShipdeskError, Unavailable, places_of
from core.domain.reasons import Why
from core.services.keeping import backups
from core.store import apart, soundness
from core.store.database import Store

TICK, FIRST_AFTER = 30.0, 20.0
AGAIN_AFTER = timedelta(minutes=15)
PATIENCE = 10.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Plan:
    """Where the backups of a database go and when: `hour` is None for no nightly ones."""

    folder: Path
    hour: int | None
    zone: ZoneInfo


@dataclass(frozen=True)
class Care:
    """How the keeper is doing: whether it runs, why the last backup was not written, when the whole database was read, what was wrong."""

    alive: bool
    failed: Why | None
    read_at: datetime | None
    damaged: Mapping[str, int]


class Keeper:
    """Keeps one database in the background of a server."""

    def __init__(self, store: Store, plan: Plan, now: Callable[[], datetime], *, first_after: float = FIRST_AFTER) -> None:
        self._store, self.plan, self._now, self._first_after = store, plan, now, first_after
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keeper", daemon=True)
        self._failed: tuple[Why, datetime] | None = None
        self._read_at: datetime | None = None
        self._damaged: Mapping[str, int] = {}

    def start(self) -> None:
        """Begins, unless there is no file to keep."""
        if self._store.path:
            self._thread.start()

    def stop(self) -> None:
        """Ends it; a backup that is being written is not waited for long, and has no name yet."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join(PATIENCE)

    @property
    def care(self) -> Care:
        """How it is now."""
        why = self._failed[0] if self._failed else None
        return Care(self._thread.is_alive(), why, self._read_at, self._damaged)

    def kept(self) -> list[backups.Kept]:
        """The backups that there are, newest first."""
        return backups.kept(self.plan.folder, self._store.path) if self._store.path else []

    def keep(self) -> backups.Kept | None:
        """The nightly backup, written when it is due, and those removed that need not stay; None when it is not due."""
        now, database, plan = self._now(), self._store.path, self.plan
        if database is None or plan.hour is None:
            return None
        nightly = [one.at for one in self.kept() if one.nightly]
        if not retention.due(max(nightly, default=None), now, plan.hour, plan.zone):
            return None
        made = backups.write_nightly(self._store, plan.folder, now)
        backups.thin_out(plan.folder, database, now, plan.zone)
        self._failed = None
        return made

    def _run(self) -> None:
        self._stop.wait(self._first_after)
        if not self._stop.is_set():
            self._guarded(self._tidy)
            self._guarded(self._read)
        while not self._stop.is_set():
            if self._failed is None or self._now() - self._failed[1] >= AGAIN_AFTER:
                self._guarded(self._keep)
            self._stop.wait(TICK)

    def _keep(self) -> None:
        try:
            self.keep()
        except Unavailable as error:
            if not self._stop.is_set():
                self._failed = error.whys[0], self._now()
                log.warning("No backup was written: %s", error.reason)

    def _tidy(self) -> None:
        if self._store.path:
            backups.clean(self.plan.folder, self._store.path)
            apart.remove_left(self._store.path.parent)

    def _read(self) -> None:
        damaged = soundness.damage(self._store, self._stop)
        if damaged is None:
            return
        self._damaged, self._read_at = damaged, self._now()
        if damaged:
            log.error("The database is damaged: %s. Look at the Data page", ", ".join(damaged))

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            work()
        except ShipdeskError as error:
            log.warning("The keeper goes on: %s", error.reason)
        except Exception as fault:
            log.error("The keeper goes on after a fault: %s at %s", type(fault).__name__, places_of(fault))
