"""What is open now: how old, what to do first, and what may still come late."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate, pairwise
from zoneinfo import ZoneInfo

from core.domain.clock import Clock
from core.domain.dimensions import Hours
from core.domain.figures import BACKLOG_HOURS, RISK_DAYS, Figure, Lane, RiskStage, enough
from core.domain.flags import OLD_AFTER_DAYS, RULES, Flag, FlagRule
from core.domain.periods import Period
from core.domain.selection import Selection
from core.domain.shipment import Status
from core.domain.visit import Visit
from core.domain.worklist import WorkState
from core.services.figures.overview import backlog_of
from core.services.figures.values import Value
from core.store import figures as store_figures
from core.store.database import Row, Store
from core.store.figures import Population

TO_DO = (WorkState.OPEN,)
FRESH, OLD = Hours(None, 24 * OLD_AFTER_DAYS), Hours(24 * OLD_AFTER_DAYS, None)
"""For how long shipments are flagged that are work of today, and those that are not any more."""


@dataclass(frozen=True)
class BacklogCell:
    """Open shipments of a status, warehouse and age: hours since the last state change, from `BACKLOG_HOURS`.

    `low` is 0, 24, 48, 72 or 120; `high` is the next one, None for the oldest.
    """

    status: Status
    warehouse: str
    low: int
    high: int | None
    shipments: int


@dataclass(frozen=True)
class Backlog:
    """All open shipments of a slice now; `age` has their P50 and P90 in hours."""

    cells: tuple[BacklogCell, ...]
    total: int
    age: Value


@dataclass(frozen=True)
class Task:
    """One flag of a worklist: how many shipments, how many of them got it today, the oldest of them, and where most of them are.

    `new` of them got it since the person looked before.

    `oldest` are rows of shipment_no, order_no, warehouse, carrier ("": none), country, status, since (UTC, when it got the flag:
    its age). `most_at` is the commonest carrier, or warehouse of those not handed over, with its count.
    """

    flag: Flag
    rule: FlagRule
    shipments: int
    today: int
    oldest: tuple[Row, ...]
    most_at: tuple[str, int]
    new: int = 0


@dataclass(frozen=True)
class Risk:
    """The chance that an open shipment ends late, from the shop's own past.

    `own` is its lane, of all carriers. Of `cases` past shipments of `lane` that were at the same stage as many days before their
    promise, `late` ended late: of its own lane with its carrier, where they are fewer than 20 of all carriers, then of the whole
    slice (None). `share` is None when these too are below 20. `stage` says whether it was picked up.
    """

    shipment_no: str
    order_no: str
    status: Status
    promised_on: date
    days_left: int
    stage: RiskStage
    carrier: str
    own: Lane
    lane: Lane | None
    late: int
    cases: int
    share: float | None


def backlog(store: Store, where: Selection, *, visit: Visit) -> Backlog:
    """Open shipments by status, age and warehouse, whatever their order date."""
    visit.require()
    rows = store_figures.backlog(store, Population(visit.clock.zone, visit.clock.now, where))
    bounds = dict(pairwise((0, *BACKLOG_HOURS)))
    cells = tuple(
        BacklogCell(Status(row["status"]), row["warehouse"], row["low"], bounds.get(row["low"]), row["shipments"])
        for row in rows
        if row["status"]
    )
    whole = next((row for row in rows if not row["status"]), {"shipments": 0, "hours": None})
    age = backlog_of({f"{Figure.BACKLOG}_of": whole["shipments"], Figure.BACKLOG: whole["hours"]})
    return Backlog(cells, age.denominator, age)


def worklist(store: Store, where: Selection, *, visit: Visit, oldest: int = 1, before: datetime | None = None) -> list[Task]:
    """Today's tasks, the worst flag first: shipments flagged for less than 30 days; flags without any are left out.

    What is snoozed or done is none. `before` is when the person looked before.
    """
    visit.require()
    return _tasks(store, where.but(flagged=FRESH, work=TO_DO), visit.clock, oldest, before)


def old_work(store: Store, where: Selection, *, visit: Visit) -> list[Task]:
    """What nobody did: shipments flagged for 30 days or more, in the same form."""
    visit.require()
    return _tasks(store, where.but(flagged=OLD, work=TO_DO), visit.clock, 1)


def put_aside(store: Store, where: Selection, *, visit: Visit) -> dict[WorkState, int]:
    """How many flagged shipments are snoozed, and how many done; those without any are left out."""
    visit.require()
    found = store_figures.put_aside(store, Population(visit.clock.zone, visit.clock.now, where))
    return {work: found[work] for work in (WorkState.SNOOZED, WorkState.DONE) if work in found}


def _tasks(store: Store, where: Selection, clock: Clock, oldest: int, before: datetime | None = None) -> list[Task]:
    population = Population(clock.zone, clock.now, where)
    places: dict[Flag, Counter[str]] = defaultdict(Counter)
    candidates: dict[Flag, list[tuple[datetime, int]]] = defaultdict(list)
    today: Counter[Flag] = Counter()
    new: Counter[Flag] = Counter()
    for row in store_figures.flags(store, population, oldest, before):
        flag = Flag(row["flag"])
        places[flag][row["place"]] += row["shipments"]
        today[flag] += row["today"]
        new[flag] += row["new"]
        candidates[flag] += [(one["since"], one["shipment_id"]) for one in row["oldest"]]
    chosen = {flag: sorted(candidates[flag])[:oldest] for flag in places}
    rows = store_figures.briefly(store, [number for found in chosen.values() for _, number in found])
    return [
        Task(
            flag,
            RULES[flag],
            places[flag].total(),
            today[flag],
            tuple(rows[number] | {"since": since} for since, number in chosen[flag]),
            max(places[flag].items(), key=lambda at: (at[1], at[0])),
            new[flag],
        )
        for flag in Flag
        if flag in places
    ]


def risk(store: Store, where: Selection, *, visit: Visit, limit: int = 50) -> list[Risk]:
    """Open shipments that are promised for today or later and not yet attempted, the likeliest to be late first.

    The past is that of the orders of the last 120 days whose promised date is over.
    """
    visit.require()
    population = Population(visit.clock.zone, visit.clock.now, where)
    past = _Past(store_figures.past_promises(store, _past(where, visit.clock.zone, visit.clock.now)))
    groups = [(_Group.of(row), row["shipments"]) for row in store_figures.open_promises(store, population)]
    rated = [(group, past.rated(group), size) for group, size in groups]
    rated.sort(key=lambda one: (_urgency(one[0], one[1]), one[0].key))
    chosen = rated[
        : next((place for place, so_far in enumerate(accumulate(size for *_, size in rated), 1) if so_far >= limit), None)
    ]
    rows = store_figures.promised(store, population, [group.key for group, *_ in chosen]) if chosen else []
    return [_risk(row, *chosen[row["risk_group"]][:2]) for row in rows[:limit]]


@dataclass(frozen=True)
class _Group:
    """Open shipments that have the same past: one lane and carrier, one stage, the same days to go."""

    lane: Lane
    picked_up: bool
    days_left: int

    @classmethod
    def of(cls, row: Row) -> "_Group":
        return cls(Lane(row["warehouse"], row["country"], row["carrier"]), row["picked_up"], row["days_left"])

    @property
    def key(self) -> tuple[str, str, str, bool, int]:
        return self.lane.warehouse, self.lane.country, self.lane.carrier or "", self.picked_up, self.days_left


Rated = tuple[Lane | None, int, int]


class _Past:
    """How past shipments ended, by lane and by where they were how many days before their promise."""

    def __init__(self, rows: Iterable[Row]) -> None:
        columns = ("warehouse", "country", "carrier", "picked_up", "days_left")
        self._rows = {tuple(row[column] for column in columns): row for row in rows}

    def rated(self, group: _Group) -> Rated:
        """The narrowest lane with enough cases, how many ended late, and of how many."""
        warehouse, country, carrier, picked_up, days_left = group.key
        wider = ((group.lane, carrier), (replace(group.lane, carrier=None), None))
        for lane, whose in wider:
            row = self._rows.get((warehouse, country, whose, picked_up, min(days_left, 60)), _NO_CASES)
            if enough(row["cases"]):
                return lane, row["late"], row["cases"]
        row = self._rows.get((None, None, None, picked_up, min(days_left, 60)), _NO_CASES)
        return None, row["late"], row["cases"]


_NO_CASES: Row = {"cases": 0, "late": 0}


def _urgency(group: _Group, rated: Rated) -> tuple[float, int]:
    _, late, cases = rated
    return (-late / cases if enough(cases) else 0.0), group.days_left


def _risk(row: Row, group: _Group, rated: Rated) -> Risk:
    lane, late, cases = rated
    return Risk(
        row["shipment_no"],
        row["order_no"],
        Status(row["status"]),
        row["promised_on"],
        group.days_left,
        RiskStage.MOVING if group.picked_up else RiskStage.WAITING,
        group.lane.carrier or "",
        replace(group.lane, carrier=None),
        lane,
        late,
        cases,
        late / cases if enough(cases) else None,
    )


def _past(where: Selection, zone: ZoneInfo, now: datetime) -> Population:
    # A carrier is not known yet of shipments that wait for an invoice: the past is that of all carriers.
    today = now.astimezone(zone).date()
    return Population(zone, now, where.but(carrier=()), Period(today - timedelta(days=RISK_DAYS), today))
