"""Asks tracking services: limits, retries and a breaker around any of them; a carrier's trouble is a value, never an exception."""

import contextlib
import logging
import random
import threading
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import httpx
import pybreaker
from pyrate_limiter import InMemoryBucket, Limiter, Rate, SingleBucketFactory
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, stop_after_delay, wait_exponential_jitter

from core.carriers import rules as carrier_rules
from core.carriers.reading import document
from core.carriers.reasons import TroubleReason
from core.carriers.service import Access, Failed, Number, Reply, Service, TrackingAnswer, Trouble, TroubleKind
from core.carriers.services import SERVICES
from core.domain.carriers import BreakerState, Rules
from core.domain.errors import ShipdeskError, Unavailable, places_of
from core.domain.personal import MASK

LARGEST = 5 * 1024 * 1024
PATIENCE = timedelta(seconds=3)
CONNECTIONS = 20
ATTEMPTS, RETRYING, WHOLE_CALL, IN_LINE = 3, 20.0, 30.0, 30.0
LONGEST_HOLD = timedelta(days=1)
SHORTEST_SECRET = 8

_BACKOFF = wait_exponential_jitter(multiplier=0.3, max=3, jitter=0.3)
_UNHEALTHY = {TroubleKind.UNREACHABLE, TroubleKind.SLOW, TroubleKind.REFUSED, TroubleKind.FAULTY, TroubleKind.MALFORMED}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClientLimits:
    """How far to go with one service: calls at once, fewer where its rate allows fewer; seconds to wait for a reply; the failures
    in a row after which its breaker opens, and for how long.
    """

    threads: int = 16
    timeout: float = 10
    failures: int = 5
    pause: timedelta = timedelta(seconds=30)


USUAL = ClientLimits()


@dataclass(frozen=True)
class ServiceHealth:
    """How a service has been since the process started. Times are aware, UTC.

    `since` is when the breaker last changed, `next_try` when an open one lets a trial through. `requests` and `errors` count
    single HTTP calls, retries among them.
    """

    service: str
    breaker: BreakerState = BreakerState.CLOSED
    since: datetime | None = None
    next_try: datetime | None = None
    requests: int = 0
    errors: int = 0
    last_success: datetime | None = None
    last_trouble: Trouble | None = None
    last_trouble_at: datetime | None = None


class Turns(Protocol):
    """One rate and one rest for each service among all servers of a shop, where there are several. Raises Unavailable."""

    def take(self, service: str, every: timedelta) -> tuple[timedelta, datetime | None]:
        """How long the caller waits for its turn, when turns are so far apart; until when the service is left alone."""
        ...

    def hold(self, service: str, until: datetime | None) -> None:
        """Leaves the service alone until then, or no longer."""
        ...


class Client:
    """All tracking services of the process, by their names. Safe to use from any thread; `close` ends its connections.

    `rules` hold the carriers, those that are shipped where none are given. `turns` are shared with other servers of the shop.
    """

    def __init__(
        self,
        access: Mapping[str, Access],
        rules: Rules | None = None,
        *,
        limits: ClientLimits = USUAL,
        transport: httpx.BaseTransport | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        turns: Turns | None = None,
    ) -> None:
        known = rules or carrier_rules.load()

        def connected(name: str, given: Access) -> ServiceConnection:
            return ServiceConnection(SERVICES[name], given, known, limits, transport, now, turns)

        self._connections = {name: connected(name, given) for name, given in access.items()}

    def ask(self, service: str, numbers: Sequence[Number]) -> dict[Number, TrackingAnswer | Trouble]:
        """What the service says of each number, in batches of the service's size, several at once.

        Every number has its answer or its trouble; nothing is raised for what a carrier does or for a service without a key.
        """
        connection = self._connections.get(service)
        if connection is None:
            title = SERVICES[service].TITLE if service in SERVICES else service
            return dict.fromkeys(numbers, Trouble(TroubleKind.REFUSED, str(TroubleReason.NO_KEY(service=title))))
        batches = _Batches(list(dict.fromkeys(numbers)), connection.service.BATCH)
        workers = min(connection.workers, batches.count)
        if workers <= 1:
            return _work(connection, batches)
        with ThreadPoolExecutor(workers, thread_name_prefix=service) as pool:
            done = [pool.submit(_work, connection, batches) for _ in range(workers)]
        return {number: outcome for one in done for number, outcome in one.result().items()}

    def health(self, service: str) -> ServiceHealth:
        """How the service has been; of one that is not set up, that it was never asked."""
        connection = self._connections.get(service)
        if connection is None:
            return ServiceHealth(service)
        return ServiceHealth(
            service,
            breaker=connection.breaker.state,
            since=connection.breaker.since,
            next_try=connection.breaker.next_try,
            requests=connection.requests,
            errors=connection.errors,
            last_success=connection.last_success,
            last_trouble=connection.last_trouble,
            last_trouble_at=connection.last_trouble_at,
        )

    def retry_now(self, service: str) -> None:
        """Lets the next ask through as a trial, whatever the breaker or the service's wish for rest says."""
        if connection := self._connections.get(service):
            connection.retry_now()

    def close(self) -> None:
        """Ends all waiting and closes the connections; later asks are answered with a trouble."""
        for connection in self._connections.values():
            connection.close()


class _Again(Failed):
    """A failure that the next attempt may not have."""


class _NotCalled(Failed):
    """Nothing was asked."""


class ServiceConnection:
    """One service as this process reaches it. Safe to use from any thread."""

    def __init__(
        self,
        service: Service,
        access: Access,
        rules: Rules,
        limits: ClientLimits,
        transport: httpx.BaseTransport | None,
        now: Callable[[], datetime],
        turns: Turns | None,
    ) -> None:
        self.service, self._access, self._rules, self._now, self._turns = service, access, rules, now, turns
        self.breaker = CircuitBreaker(limits.failures, limits.pause, now)
        rate = access.rate or service.RATE
        self._every = timedelta(seconds=1 / rate)
        self.width = max(1, min(limits.threads, CONNECTIONS, round(rate * 5)))
        # Some read what was answered while as many calls as there may be are under way.
        self.workers = self.width + self.width // 2
        self._calls = InMemoryBucket([_rate(rate)])
        # Forgetting calls that no longer count is done here: left to the library, it is a thread and an event loop per limit.
        self._limiter = Limiter(SingleBucketFactory(self._calls, schedule_leak=False))
        self._room = threading.BoundedSemaphore(self.width)
        self._closing = threading.Event()
        self._http = _http(access.base_url or service.BASE_URL, transport, limits.timeout, service.TITLE)
        self._lock = threading.Lock()
        self._held_until: datetime | None = None
        self._under_way = 0
        self.requests = self.errors = 0
        self.last_success: datetime | None = None
        self.last_trouble: Trouble | None = None
        self.last_trouble_at: datetime | None = None

    def ask(self, numbers: Sequence[Number]) -> dict[Number, TrackingAnswer | Trouble]:
        """What the service says of one batch; a trouble of the whole batch stands beside each of its numbers."""
        if trouble := self._kept_back():
            return dict.fromkeys(numbers, trouble)
        try:
            said = self.service.ask(self, self._access, numbers, self._rules)
            outcomes = {number: self._hushed(one) for number, one in said.items()}
        except Failed as failed:
            trouble = self._quiet(failed.trouble)
        except ShipdeskError as error:
            trouble = Trouble(TroubleKind.MALFORMED, str(error))
        except Exception as error:
            self._log_fault(error)
            trouble = Trouble(TroubleKind.MALFORMED, str(TroubleReason.UNREADABLE(service=self.service.TITLE)))
        else:
            common = _common_trouble(outcomes)
            self._note(common, ill=common is not None and common.kind is not TroubleKind.REFUSED)
            return outcomes
        self._note(trouble, ill=trouble.kind in _UNHEALTHY)
        return dict.fromkeys(numbers, trouble)

    def _hushed(self, said: TrackingAnswer | Trouble) -> TrackingAnswer | Trouble:
        """The same without the key and the secret, which a service may have said back in its words."""
        if isinstance(said, Trouble):
            return self._quiet(said)
        return replace(said, warnings=tuple(map(self._without_secrets, said.warnings)))

    def _quiet(self, trouble: Trouble) -> Trouble:
        return replace(trouble, text=self._without_secrets(trouble.text))

    def _without_secrets(self, words: str) -> str:
        secrets = [secret for secret in (self._access.key, self._access.secret) if len(secret) >= SHORTEST_SECRET]
        for secret in secrets:
            words = words.replace(secret, MASK)
        return words

    def get(self, path: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Reply:
        """The reply to a GET. Raises Failed."""
        return self._call(self._http.build_request("GET", path, params=params, headers=headers))

    def post(self, path: str, *, json: Any, headers: Mapping[str, str] | None = None) -> Reply:
        """The reply to a POST of JSON. Raises Failed."""
        return self._call(self._http.build_request("POST", path, json=json, headers=headers))

    def retry_now(self) -> None:
        """Forgets what keeps calls back; the next one is a trial."""
        self._hold(None)
        self.breaker.retry_now()

    def close(self) -> None:
        """Ends waiting at once and closes the connections: now, or when the calls still under way have ended."""
        with self._lock:
            self._closing.set()
            idle = self._under_way == 0
        if idle:
            self._http.close()

    def _kept_back(self) -> Trouble | None:
        if trouble := self._at_rest():
            return trouble
        wait = self.breaker.admit()
        return self._paused(wait) if wait else None

    def _at_rest(self) -> Trouble | None:
        """Why nobody calls now, not even somebody who was let through a moment ago."""
        title, now, next_try = self.service.TITLE, self._now(), self.breaker.next_try
        if self._closing.is_set():
            return Trouble(TroubleKind.PAUSED, str(TroubleReason.CLOSING(service=title)))
        if self._held_until and now < self._held_until:
            return Trouble(TroubleKind.LIMITED, str(TroubleReason.LEFT_ALONE(service=title)), self._held_until - now)
        return self._paused(next_try - now) if next_try and now < next_try else None

    def _paused(self, wait: timedelta) -> Trouble:
        return Trouble(TroubleKind.PAUSED, str(TroubleReason.PAUSED(service=self.service.TITLE)), wait)

    def _call(self, request: httpx.Request) -> Reply:
        retrying = Retrying(
            retry=retry_if_exception(self._worth_another),
            wait=_pause,
            stop=stop_after_attempt(ATTEMPTS) | stop_after_delay(RETRYING),
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._attempt, request)

    def _worth_another(self, error: BaseException) -> bool:
        return isinstance(error, _Again) and not self._closing.is_set()

    def _sleep(self, seconds: float) -> None:
        self._closing.wait(seconds)

    def _attempt(self, request: httpx.Request) -> Reply:
        try:
            with self._room:
                self._wait_in_line()
                response, body = self._exchange(request)
            return self._judged(response, body)
        except _NotCalled:
            raise
        except Failed:
            with self._lock:
                self.errors += 1
            raise

    def _wait_in_line(self) -> None:
        """Returns when the service's rate allows a call. Raises Failed when that takes too long, or nobody may call any more."""
        if not self._limiter.try_acquire(self.service.NAME, timeout=IN_LINE):
            raise _NotCalled(Trouble(TroubleKind.LIMITED, str(TroubleReason.FULL(service=self.service.TITLE))))
        self._calls.leak(self._calls.now())  # type: ignore[no-untyped-call]
        self._wait_for_turn()
        if trouble := self._at_rest():
            raise _NotCalled(trouble)

    def _wait_for_turn(self) -> None:
        """Waits for the others of the shop. Raises Failed when that takes too long; without a database each goes by itself."""
        if self._turns is None:
            return
        with contextlib.suppress(Unavailable):
            wait, held = self._turns.take(self.service.NAME, self._every)
            self._held_until = held
            if wait > timedelta(seconds=IN_LINE):
                raise _NotCalled(Trouble(TroubleKind.LIMITED, str(TroubleReason.FULL(service=self.service.TITLE))))
            self._sleep(wait.total_seconds())

    def _hold(self, until: datetime | None) -> None:
        self._held_until = until
        if self._turns:
            with contextlib.suppress(Unavailable):
                self._turns.hold(self.service.NAME, until)

    def _exchange(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        with self._lock:
            if self._closing.is_set():
                raise Failed(Trouble(TroubleKind.PAUSED, str(TroubleReason.CLOSING(service=self.service.TITLE))))
            self.requests += 1
            self._under_way += 1
        try:
            return self._sent(request)
        finally:
            with self._lock:
                self._under_way -= 1
                last = self._closing.is_set() and self._under_way == 0
            if last:
                self._http.close()

    def _sent(self, request: httpx.Request) -> tuple[httpx.Response, bytes]:
        title = self.service.TITLE
        try:
            response = self._http.send(request, stream=True)
            try:
                return response, self._body(response)
            finally:
                response.close()
        except (httpx.ConnectTimeout, httpx.ConnectError) as error:
            raise _Again(Trouble(TroubleKind.UNREACHABLE, str(TroubleReason.UNREACHABLE(service=title)))) from error
        except httpx.TimeoutException as error:
            raise _Again(Trouble(TroubleKind.SLOW, str(TroubleReason.TOO_SLOW(service=title)))) from error
        except httpx.UnsupportedProtocol as error:
            raise Failed(Trouble(TroubleKind.UNREACHABLE, str(TroubleReason.BAD_ADDRESS(service=title)))) from error
        except httpx.TransportError as error:
            raise _Again(Trouble(TroubleKind.UNREACHABLE, str(TroubleReason.BROKEN_OFF(service=title)))) from error

    def _body(self, response: httpx.Response) -> bytes:
        """The body, decoded; at most LARGEST bytes and WHOLE_CALL seconds, however slowly they drip."""
        parts, size, end = [], 0, time.monotonic() + WHOLE_CALL
        for part in response.iter_raw():
            parts.append(part)
            size += len(part)
            if size > LARGEST:
                raise self._too_much()
            if time.monotonic() > end:
                raise _Again(Trouble(TroubleKind.SLOW, str(TroubleReason.TOO_SLOW(service=self.service.TITLE))))
        body = b"".join(parts)
        return body if response.headers.get("content-encoding", "identity") == "identity" else self._unpacked(body)

    def _unpacked(self, body: bytes) -> bytes:
        try:
            unpacked = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(body, LARGEST + 1)
        except zlib.error as error:
            raise Failed(Trouble(TroubleKind.MALFORMED, str(TroubleReason.PACKED(service=self.service.TITLE)))) from error
        if len(unpacked) > LARGEST:
            raise self._too_much()
        return unpacked

    def _too_much(self) -> Failed:
        return Failed(Trouble(TroubleKind.MALFORMED, str(TroubleReason.TOO_LARGE(service=self.service.TITLE))))

    def _judged(self, response: httpx.Response, body: bytes) -> Reply:
        title, status = self.service.TITLE, response.status_code
        if status == 429 or status >= 500:
            raise self._busy(status, self._retry_after(response.headers))
        if status in (401, 403):
            raise Failed(Trouble(TroubleKind.REFUSED, str(TroubleReason.KEY_REFUSED(service=title))))
        if 300 <= status < 400:
            raise Failed(Trouble(TroubleKind.MALFORMED, str(TroubleReason.ANSWERED("elsewhere", service=title, status=status))))
        try:
            return Reply(status, document(body))
        except (ValueError, RecursionError) as error:
            if status >= 400:
                return Reply(status, None)
            raise Failed(Trouble(TroubleKind.MALFORMED, str(TroubleReason.UNREADABLE(service=title)))) from error

    def _busy(self, status: int, wait: timedelta | None) -> Failed:
        """Worth another attempt soon, unless the service asks for a longer rest: then everybody leaves it alone that long."""
        title = self.service.TITLE
        kind = TroubleKind.LIMITED if status == 429 else TroubleKind.FAULTY
        alone = TroubleReason.ANSWERED("alone", service=title, status=status)
        words = str(TroubleReason.FEWER_CALLS(service=title) if status == 429 else alone)
        if wait is None or wait <= PATIENCE:
            return _Again(Trouble(kind, words, wait))
        self._hold(self._now() + wait)
        return Failed(Trouble(kind, words, wait))

    def _retry_after(self, headers: httpx.Headers) -> timedelta | None:
        given = headers.get("retry-after", "").strip()
        if not given and headers.get("x-ratelimit-remaining", "").strip() == "0":
            given = headers.get("x-ratelimit-reset", "").strip()
        try:
            wait = timedelta(seconds=float(given)) if given[:1].isdigit() else parsedate_to_datetime(given) - self._now()
        except (ValueError, TypeError, OverflowError):
            return None
        if wait > timedelta(days=3650):  # a moment, in seconds since 1970
            wait -= timedelta(seconds=self._now().timestamp())
        return min(max(wait, timedelta(0)), LONGEST_HOLD)

    def _note(self, trouble: Trouble | None, ill: bool) -> None:
        before = self.breaker.next_try
        self.breaker.note(True if trouble is None else False if ill else None)
        if self._turns and self.breaker.next_try not in (None, before):
            self._hold(self.breaker.next_try)
        with self._lock:
            if trouble is None:
                self.last_success = self._now()
            else:
                self.last_trouble, self.last_trouble_at = trouble, self._now()

    def _log_fault(self, error: Exception) -> None:
        _log.error("%s: %s at %s", self.service.NAME, type(error).__name__, places_of(error))


class CircuitBreaker:
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
            if self.state is BreakerState.CLOSED:
                return None
            wait = self._remaining()
            if self.state is BreakerState.OPEN and wait > timedelta(0):
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
            if well is not None and self.state is not BreakerState.OPEN:
                self._change(lambda: self._tell(well))

    def retry_now(self) -> None:
        """The next call is a trial, however long the pause still is."""
        with self._lock:
            if self.state is BreakerState.OPEN:
                self._trial = False
                self._change(self._breaker.half_open)

    @property
    def state(self) -> BreakerState:
        return BreakerState(self._breaker.current_state.replace("-", "_"))

    @property
    def since(self) -> datetime | None:
        """When the state last changed; None when it never did."""
        return self._since

    @property
    def next_try(self) -> datetime | None:
        """When an open breaker lets a trial through."""
        return self._since + self._pause if self._since and self.state is BreakerState.OPEN else None

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


def _work(connection: ServiceConnection, batches: _Batches) -> dict[Number, TrackingAnswer | Trouble]:
    outcomes: dict[Number, TrackingAnswer | Trouble] = {}
    while batch := batches.take():
        outcomes |= connection.ask(batch)
    return outcomes


def _http(base_url: str, transport: httpx.BaseTransport | None, timeout: float, title: str) -> httpx.Client:
    """One client for the process. Its idle connections end before a server's usual 5 s; a proxy is never asked for ourselves."""
    try:
        host = httpx.URL(base_url).host
    except httpx.InvalidURL as error:
        raise Unavailable(TroubleReason.BAD_ADDRESS(service=title)) from error
    return httpx.Client(
        base_url=base_url,
        transport=transport,
        limits=httpx.Limits(max_connections=CONNECTIONS, keepalive_expiry=4),
        timeout=httpx.Timeout(timeout, connect=min(3.0, timeout)),
        follow_redirects=False,
        trust_env=host not in ("127.0.0.1", "localhost", "::1"),
        headers={"User-Agent": "Shipdesk", "Accept": "application/json", "Accept-Encoding": "gzip"},
    )


def _rate(calls: float) -> Rate:
    return Rate(round(calls), 1000) if calls >= 1 else Rate(1, round(1000 / calls))


def _pause(state: RetryCallState) -> float:
    error = state.outcome.exception() if state.outcome else None
    wait = error.trouble.retry_after if isinstance(error, Failed) else None
    return wait.total_seconds() * random.uniform(1, 1.1) if wait else _BACKOFF(state)


def _common_trouble(outcomes: Mapping[Number, TrackingAnswer | Trouble]) -> Trouble | None:
    """The trouble when not one number was answered."""
    troubles = [one for one in outcomes.values() if isinstance(one, Trouble)]
    return troubles[0] if troubles and len(troubles) == len(outcomes) else None
