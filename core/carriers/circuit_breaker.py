"""The breaker of one service: opened by failures in a row, closed again by a trial that goes well."""

import contextlib
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import pybreaker


class Breaker(StrEnum):
    """Whether a service is asked: closed = yes, open = not before the next try, half_open = after one trial that goes well."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Gate:
    """Lets calls through while the service is well. Safe to use from any thread.

    The library's breaker holds its lock while a call runs, which would let one call through at a time. So it is only told how
    calls went; they run outside.
    """

    def __init__(self, failures: int, pause: timedelta, now: Callable[[], datetime]) -> None:
        self._pause, self._now = pause, now
        self._breaker = pybreaker.CircuitBreaker(failures, pause.total_seconds(), throw_new_error_on_trip=False)
        self._lock = threading.Lock()
        self._trial = False
        self._since: datetime | None = None

    def admit(self) -> timedelta | None:
        """None when a call may run, which then has to be told to `note`; else how long to wait."""
        with self._lock:
            if self.state is Breaker.CLOSED:
                return None
            wait = self._remaining()
            if self.state is Breaker.OPEN and wait > timedelta(0):
                return wait
            if self._trial:
                return timedelta(seconds=1)
            self._trial = True
            self._change(self._breaker.half_open)
            return None

    def note(self, well: bool | None) -> None:
        """How a call went; None when that says nothing of the service's health."""
        with self._lock:
            self._trial = False
            if well is not None and self.state is not Breaker.OPEN:
                self._change(lambda: self._tell(well))

    def retry_now(self) -> None:
        """The next call is a trial, however long the pause still is."""
        with self._lock:
            if self.state is Breaker.OPEN:
                self._trial = False
                self._change(self._breaker.half_open)

    @property
    def state(self) -> Breaker:
        return Breaker(self._breaker.current_state.replace("-", "_"))

    @property
    def since(self) -> datetime | None:
        """When the state last changed; None when it never did."""
        return self._since

    @property
    def next_try(self) -> datetime | None:
        """When an open breaker lets a trial through."""
        return self._since + self._pause if self._since and self.state is Breaker.OPEN else None

    def _remaining(self) -> timedelta:
        return (self._since or datetime.min.replace(tzinfo=UTC)) + self._pause - self._now()

    def _change(self, act: Callable[[], object]) -> None:
        before = self.state
        act()
        if self.state is not before:
            self._since = self._now()

    def _tell(self, well: bool) -> None:
        with contextlib.suppress(_Badly):
            self._breaker.call(_went, well)


class _Badly(Exception):
    pass


def _went(well: bool) -> None:
    if not well:
        raise _Badly
