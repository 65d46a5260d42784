"""The sandbox's knowledge: the demo shop's planned journeys as far as they have come, told well or badly on demand."""

import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.carriers import sandbox as wire
from core.carriers.sandbox import FAULTS, SERVICES, Fault, Known, WireReply
from core.demo.companies import Companies, companies
from core.demo.journeys import Parcel, plan
from core.demo.reasons import SandboxReason
from core.domain import permissions, refresh_policy
from core.domain.carriers import Rules
from core.domain.errors import Refused
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.reasons import Names
from core.domain.shipment import Checkpoint, Stage
from core.domain.texts import said
from core.store import history, sandbox_clock, shipments, tracking
from core.store.database import Row, Store

__all__ = ["FAULTS", "SERVICES", "Clock", "Fault", "Sandbox", "is_demo"]

BUSY_FOR, BY_DAY, BY_NIGHT = timedelta(minutes=15), 30.0, 900.0
MORNING, EVENING = time(10, 30), time(18, 30)
LATE_BY = timedelta(minutes=30)
MOST_ASKED_A_SECOND = 20
_WAY_TO_CARRIER = {Stage.INFO_RECEIVED, Stage.INVALID_NUMBER, Stage.CANCELLED}


@dataclass(frozen=True)
class _Leg:
    """From `since` on, journeys go on from `journey` at this speed."""

    since: datetime
    journey: datetime
    speed: float


class Clock:
    """The time of journeys beside real time: as fast as it, but for stretches that were sped up. What was, stays as it was."""

    def __init__(self, speeds: Iterable[tuple[datetime, float]]) -> None:
        self._legs: list[_Leg] = []
        for since, speed in speeds:
            self._legs = [leg for leg in self._legs if leg.since < since]
            self._legs.append(_Leg(since, self.journey(since), speed))

    def journey(self, real: datetime) -> datetime:
        """Where journeys are at a real moment."""
        leg = self._leg(real, bisect_right(self._legs, real, key=lambda leg: leg.since))
        return leg.journey + (real - leg.since) * leg.speed

    def real(self, journey: datetime) -> datetime:
        """The real moment, to the second, at which journeys are there."""
        leg = self._leg(journey, bisect_right(self._legs, journey, key=lambda leg: leg.journey))
        return (leg.since + (journey - leg.journey) / leg.speed).replace(microsecond=0)

    def speed(self, real: datetime) -> float:
        """How fast journeys go at a real moment."""
        return self._leg(real, bisect_right(self._legs, real, key=lambda leg: leg.since)).speed

    def _leg(self, moment: datetime, place: int) -> _Leg:
        return self._legs[place - 1] if place else _Leg(moment, moment, 1.0)


class Sandbox:
    """A carrier inside the desk: answers about the demo shop's parcels, and about no others.

    `key` is what a caller has to show. A fault is set for one service or, as "", for all of them. `speed` is how fast journeys
    go from now on. None is for a busy quarter of an hour, with the shop's nights (in its `zone`) nearly skipped, and real time
    afterwards: there is something to see whenever one looks.
    """

    def __init__(
        self,
        store: Store,
        now: Callable[[], datetime],
        zone: ZoneInfo,
        rules: Rules,
        *,
        key: str,
        speed: float | None = None,
        fault: str = "",
    ) -> None:
        self.key = key
        self._store, self._now, self._companies = store, now, companies(rules)
        self._lock = threading.Lock()
        self._faults: dict[str, Fault] = {}
        self._clock = _started(store, now(), zone, speed)
        for part in filter(None, fault.replace(" ", "").split(",")):
            service, _, name = part.rpartition("=")
            self._set_fault(service, name)

    @property
    def faults(self) -> Mapping[str, Fault]:
        """The faults now, by service."""
        return {service: self.fault(service) for service in SERVICES}

    def fault(self, service: str) -> Fault:
        """What this service is told to do wrong."""
        with self._lock:
            return self._faults.get(service, self._faults.get("", Fault.NONE))

    def set_fault(self, service: str, name: str, *, person: Person) -> None:
        """What this service, or all of them as "", does wrong from now on. Raises Forbidden, and Refused for an unknown one."""
        permissions.require(person, Act.PLAY_FAULTS)
        self._set_fault(service, name)

    def _set_fault(self, service: str, name: str) -> None:
        if service and service not in SERVICES:
            raise Refused(SandboxReason.NO_SERVICE(service=service, services=Names(SERVICES)), "service")
        if name not in set(Fault):
            raise Refused(SandboxReason.NO_FAULT(name=name, faults=Names(Fault)), "fault")
        with self._lock:
            if not service:
                self._faults.clear()
            self._faults[service] = Fault(name)

    def try_fault(self, service: str, name: str, *, person: Person) -> str:
        """Sets a fault like `set_fault`; the sentence why not, "" when it is set."""
        try:
            self.set_fault(service, name, person=person)
        except Refused as refusal:
            return said(str(refusal))
        return ""

    def pace(self) -> float:
        """How much more often to ask than the policy says: as journeys go faster, while a machine can keep up with all of them."""
        most = MOST_ASKED_A_SECOND * refresh_policy.UNDER_WAY.total_seconds() / max(tracking.watched(self._store), 1)
        return max(min(self._clock.speed(self._now()), most), 1.0)

    def answer(self, service: str, path: str, headers: Mapping[str, str], body: bytes) -> WireReply:
        """The reply to one call, as the real service would write it."""
        fault = self.fault(service)
        return wire.answer(service, path, headers, body, key=self.key, look=lambda n: self.known(n, fault), fault=fault)

    def known(self, numbers: Sequence[str], fault: Fault = Fault.NONE) -> dict[str, Known]:
        """What has happened to these numbers so far; without those that no parcel of the demo shop bears."""
        now = self._now()
        rows: dict[str, Row] = {}
        for row in shipments.parcels(self._store, numbers):
            rows.setdefault(row["invoice_no"], row)
        return {number: _known(self._companies, row, self._clock, now, fault) for number, row in rows.items()}


def is_demo(store: Store) -> bool:
    """Whether the database holds the demo shop: the sandbox knows no other parcels."""
    return history.has_demo(store)


def _started(store: Store, at: datetime, zone: ZoneInfo, speed: float | None) -> Clock:
    before = Clock(_speeds(store))
    speeds = _busy(before.journey(at), at, zone) if speed is None else [(at, speed)]
    store.write(lambda connection: sandbox_clock.set_speeds(connection, at, speeds))
    return Clock(_speeds(store))


def _speeds(store: Store) -> list[tuple[datetime, float]]:
    return [(row["since"], row["speed"]) for row in sandbox_clock.speeds(store)]


def _busy(journey: datetime, at: datetime, zone: ZoneInfo) -> list[tuple[datetime, float]]:
    """Speeds from `at` on: fast by the shop's day and faster by its night, as fast as life after a while."""
    end = at + BUSY_FOR
    speeds = []
    while at < end:
        until, speed = _day_or_night(journey.astimezone(zone))
        speeds.append((at, speed))
        at += (until - journey) / speed
        journey = until
    return [*speeds, (end, 1.0)]


def _day_or_night(local: datetime) -> tuple[datetime, float]:
    """When the present day or night ends, and how fast it goes."""
    if MORNING <= local.time() < EVENING:
        return local.replace(hour=EVENING.hour, minute=EVENING.minute, second=0, microsecond=0), BY_DAY
    day = local + timedelta(days=local.time() >= EVENING)
    return day.replace(hour=MORNING.hour, minute=MORNING.minute, second=0, microsecond=0), BY_NIGHT


def _known(companies: Companies, row: Row, clock: Clock, now: datetime, fault: Fault) -> Known:
    at = clock.journey(row["registered_at"])
    parcel = Parcel(row["carrier"], row["invoice_no"], at, row["warehouse"], row["country"], row["city"])
    planned = _planned(companies, parcel)
    real = [replace(point, happened_at=clock.real(point.happened_at)) for point in planned]
    told = tuple(point for place, point in enumerate(real) if point.happened_at + _delay(place, fault) <= now)
    delivered = next((point.happened_at for point in reversed(real) if point.stage is Stage.DELIVERED), None)
    underway = any(point.stage not in _WAY_TO_CARRIER for point in told)
    return Known(companies.carrier(row["carrier"]), told, delivered.date() if delivered and underway else None)


def _delay(place: int, fault: Fault) -> timedelta:
    return LATE_BY if fault is Fault.LATE and place % 2 else timedelta(0)


@lru_cache(maxsize=8192)
def _planned(companies: Companies, parcel: Parcel) -> tuple[Checkpoint, ...]:
    return plan(companies, parcel)
