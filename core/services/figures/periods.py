"""What a figure is asked for: days and a part of the shop."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.domain.errors import Refused
from core.domain.figures import NORM_DAYS, Cohort, Lane, Unanswerable
from core.domain.shipment import Destination, Kind
from core.store.figures import Question
from core.store.local_time import midnight


@dataclass(frozen=True)
class Period:
    """Whole days in the shop's zone, both ends included; `cohort` says which of a shipment's days puts it in.

    Raises Refused when it ends before it begins.
    """

    first: date
    last: date
    cohort: Cohort = Cohort.ORDERED

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Refused(Unanswerable.ENDS_BEFORE(), "period")

    @property
    def days(self) -> int:
        """How many days it has, both ends included."""
        return (self.last - self.first).days + 1

    @property
    def after(self) -> date:
        """The day after it; the last day itself where the calendar ends."""
        return min(self.last, date.max - timedelta(days=1)) + timedelta(days=1)

    def before(self) -> "Period":
        """The same length just before; shorter where the calendar begins."""
        end = max(self.first, _FIRST_DAY + timedelta(days=1)) - timedelta(days=1)
        return Period(date.fromordinal(max(end.toordinal() - self.days + 1, _FIRST_DAY.toordinal())), end, self.cohort)

    def norm(self) -> "Period":
        """The days before that a norm is taken from."""
        return Period(self.first, self.first + timedelta(days=NORM_DAYS - 1), self.cohort).before()

    @classmethod
    def up_to(cls, last: date, days: int, cohort: Cohort = Cohort.ORDERED) -> "Period":
        """So many days, ending with this one."""
        return cls(last - timedelta(days=days - 1), last, cohort)


@dataclass(frozen=True)
class Slice:
    """A part of the shop; empty lists mean all, the carrier "" stands for shipments without an invoice.

    Domestic and International are never pooled, and exchange stands apart.
    """

    destination: Destination = Destination.DOMESTIC
    kind: Kind = Kind.STANDARD
    warehouses: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    policies: tuple[str, ...] = ()
    options: tuple[str, ...] = ()

    def on(self, lane: Lane | None) -> "Slice":
        """The same, on one lane only."""
        if lane is None:
            return self
        carriers = self.carriers if lane.carrier is None else (lane.carrier,)
        return replace(self, warehouses=(lane.warehouse,), countries=(lane.country,), carriers=carriers)


def asked(where: Slice, period: Period | None, *, zone: ZoneInfo, now: datetime, before: Period | None = None) -> Question:
    """The question as the store asks it: days become moments. With `before`, that period's shipments come along as not current."""
    first = None if period is None else midnight((before or period).first, zone)
    return Question(
        zone=zone,
        now=now,
        first=first,
        until=None if period is None else midnight(period.after, zone),
        split=None if period is None else midnight(period.first, zone),
        cohort=Cohort.ORDERED if period is None else period.cohort,
        destination=where.destination,
        kind=where.kind,
        warehouses=where.warehouses,
        carriers=where.carriers,
        countries=where.countries,
        policies=where.policies,
        options=where.options,
    )


_FIRST_DAY = date(1900, 1, 1)
