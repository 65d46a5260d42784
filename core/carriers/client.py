"""Asks tracking services: limits, retries and a breaker around any of them; a carrier's trouble is a value, never an exception."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import httpx

from core.carriers.answers import Answer, Kind, Number, Trouble
from core.carriers.circuit_breaker import Breaker
from core.carriers.service import Access
from core.carriers.service_connection import Line
from core.carriers.services import SERVICES


@dataclass(frozen=True)
class Health:
    """How a service has been since the process started. Times are aware, UTC.

    `since` is when the breaker last changed, `next_try` when an open one lets a trial through. `requests` and `errors` count
    single HTTP calls, retries among them.
    """

    service: str
    breaker: Breaker = Breaker.CLOSED
    since: datetime | None = None
    next_try: datetime | None = None
    requests: int = 0
    errors: int = 0
    last_success: datetime | None = None
    last_trouble: Trouble | None = None
    last_trouble_at: datetime | None = None


class Client:
    """All tracking services of the process, by their names. Safe to use from any thread; `close` ends its connections.

    `threads` is how many calls to one service run at once, fewer where its limit allows fewer; `timeout` is in seconds. The
    breaker of a service opens after `failures` batches in a row, for `pause`.
    """

    def __init__(
        self,
        access: Mapping[str, Access],
        *,
        threads: int = 16,
        transport: httpx.BaseTransport | None = None,
        timeout: float = 10,
        failures: int = 5,
        pause: timedelta = timedelta(seconds=30),
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._lines = {
            name: Line(
                SERVICES[name],
                given,
                width=threads,
                transport=transport,
                timeout=timeout,
                failures=failures,
                pause=pause,
                now=now,
            )
            for name, given in access.items()
        }

    def ask(self, service: str, numbers: Sequence[Number]) -> dict[Number, Answer | Trouble]:
        """What the service says of each number, in batches of the service's size, several at once.

        Every number has its answer or its trouble; nothing is raised for what a carrier does or for a service without a key.
        """
        line = self._lines.get(service)
        if line is None:
            title = SERVICES[service].TITLE if service in SERVICES else service
            return dict.fromkeys(numbers, Trouble(Kind.REFUSED, f"{title} is not set up: there is no key for it."))
        batches = _Batches(list(dict.fromkeys(numbers)), line.service.BATCH)
        workers = min(line.width, batches.count)
        if workers <= 1:
            return _work(line, batches)
        with ThreadPoolExecutor(workers, thread_name_prefix=service) as pool:
            done = [pool.submit(_work, line, batches) for _ in range(workers)]
        return {number: outcome for one in done for number, outcome in one.result().items()}

    def health(self, service: str) -> Health:
        """How the service has been; of one that is not set up, that it was never asked."""
        line = self._lines.get(service)
        if line is None:
            return Health(service)
        return Health(
            service,
            breaker=line.gate.state,
            since=line.gate.since,
            next_try=line.gate.next_try,
            requests=line.requests,
            errors=line.errors,
            last_success=line.last_success,
            last_trouble=line.last_trouble,
            last_trouble_at=line.last_trouble_at,
        )

    def retry_now(self, service: str) -> None:
        """Lets the next ask through as a trial, whatever the breaker or the service's wish for rest says."""
        if line := self._lines.get(service):
            line.retry_now()

    def close(self) -> None:
        """Ends all waiting and closes the connections; later asks are answered with a trouble."""
        for line in self._lines.values():
            line.close()


class _Batches:
    """The batches of one ask, taken one at a time by its workers."""

    def __init__(self, numbers: Sequence[Number], size: int) -> None:
        self.count = -(-len(numbers) // size)
        self._rest: Iterator[Sequence[Number]] = (numbers[at : at + size] for at in range(0, len(numbers), size))
        self._lock = threading.Lock()

    def take(self) -> Sequence[Number]:
        """The next batch; an empty one when all are taken."""
        with self._lock:
            return next(self._rest, ())


def _work(line: Line, batches: _Batches) -> dict[Number, Answer | Trouble]:
    outcomes: dict[Number, Answer | Trouble] = {}
    while batch := batches.take():
        outcomes |= line.ask(batch)
    return outcomes
