"""How well carriers answer: what was asked and what failed over a time, beside the same time before; and how each stands now."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from core.carriers.client import ServiceHealth
from core.carriers.reasons import TroubleReason
from core.carriers.service import TroubleKind
from core.domain import permissions
from core.domain.carriers import BreakerState
from core.domain.figures import bounded_count, bounded_share, enough
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.verdicts import Standing
from core.services.tracking.carriers import CarrierHealth
from core.store import tracking_runs
from core.store.database import Store

WINDOWS: Mapping[str, timedelta] = {"1h": timedelta(hours=1), "24h": timedelta(hours=24), "7d": timedelta(days=7)}
"""The times that are offered to look back over."""

PACE_OVER = timedelta(minutes=5)


@dataclass(frozen=True)
class Tally:
    """How many numbers were asked about, and of how many no answer came."""

    asked: int = 0
    failed: int = 0

    @property
    def answered(self) -> int:
        return self.asked - self.failed

    @property
    def error_rate(self) -> float | None:
        """The share that failed; None when nothing was asked."""
        return self.failed / self.asked if self.asked else None


@dataclass(frozen=True)
class CarrierStatistics:
    """What was asked in a window up to now and in as long a time `before` it, by carrier.

    `pace` is how many numbers were asked about a minute, over the last five.
    """

    now: Mapping[str, Tally]
    before: Mapping[str, Tally]
    pace: float

    @property
    def total(self) -> Tally:
        return _together(self.now.values())

    @property
    def total_before(self) -> Tally:
        return _together(self.before.values())

    @property
    def answers_differ(self) -> bool:
        """Whether more or fewer were answered than before, by more than chance gives."""
        return bounded_count(self.total.answered).differs(bounded_count(self.total_before.answered))

    @property
    def errors_differ(self) -> bool:
        """Whether the error rate differs from the one before by more than chance gives; never of one over fewer than 20 numbers."""
        both = self.total, self.total_before
        now, before = (bounded_share(tally.failed, tally.asked) if enough(tally.asked) else None for tally in both)
        return now is not None and before is not None and now.differs(before)


def over(store: Store, *, now: datetime, window: timedelta, person: Person) -> CarrierStatistics:
    """How carriers answered over the `window` up to `now`."""
    permissions.require(person, Act.SEE)
    sums = tracking_runs.sums(store, before=now - 2 * window, since=now - window)
    return CarrierStatistics(
        now={row["carrier"]: Tally(row["asked"], row["failed"]) for row in sums if row["recent"]},
        before={row["carrier"]: Tally(row["asked"], row["failed"]) for row in sums if not row["recent"]},
        pace=tracking_runs.asked(store, since=now - PACE_OVER) / (PACE_OVER / timedelta(minutes=1)),
    )


def standing(carrier: CarrierHealth, service: ServiceHealth) -> tuple[Standing, str]:
    """How the carrier stands with the service that is asked about it, and why it does not work, "" when it does."""
    if carrier.retired_at:
        return Standing.RETIRED, ""
    if not carrier.service:
        return Standing.NO_TRACKING, ""
    if not carrier.ready:
        return Standing.NO_TRACKING, str(TroubleReason.NO_KEY(service=carrier.title))
    trouble, at = service.last_trouble, service.last_trouble_at
    if carrier.breaker is not BreakerState.CLOSED:
        return Standing.PAUSED, trouble.text if trouble else ""
    if trouble is None or at is None or (service.last_success and service.last_success > at):
        return Standing.WORKING, ""
    return _OF_KIND.get(trouble.kind, Standing.FAILING), trouble.text


def _together(tallies: Iterable[Tally]) -> Tally:
    found = list(tallies)
    return Tally(sum(tally.asked for tally in found), sum(tally.failed for tally in found))


_OF_KIND = {TroubleKind.LIMITED: Standing.AT_ITS_LIMIT, TroubleKind.SLOW: Standing.SLOW, TroubleKind.PAUSED: Standing.PAUSED}
