"""The figures of a period, over time and by part, out of one pass over its shipments."""

import contextvars
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from core.domain.clock import Clock
from core.domain.figures import Figure, TimeSplit, TrendStep, enough, median_bounds, week_of
from core.domain.periods import Period, day_after
from core.domain.selection import Selection
from core.domain.visit import Visit
from core.services.figures.values import Value, compared, in_order, keyed, value_of
from core.store import figures as store_figures
from core.store.database import Row, Store
from core.store.figures import COUNTED, RIPENING, TIMED, USUAL, Population, Spread
from core.store.local_time import midnight

TILES = (
    Figure.ON_TIME, Figure.ORDER_TO_SHIP, Figure.LATE_SHIPMENT, Figure.TRANSIT, Figure.FIRST_ATTEMPT, Figure.VALID_TRACKING,
)  # fmt: skip
TREND = (*TILES, Figure.PROMISED, Figure.ORDERED)


@dataclass(frozen=True)
class Point:
    """The figures of one day or week of a trend; `young`: younger than the P90, so its outcome is partly open."""

    first: date
    last: date
    values: Mapping[Figure, Value]
    young: bool


@dataclass(frozen=True)
class Trend:
    """The points of a period and of the one before at the same age, oldest first, one a day or week even without shipments.

    `p90_hours`: from the cohort's moment to the first attempt, of the 56 days before; None when too few are known.
    """

    points: tuple[Point, ...]
    before: tuple[Point, ...]
    p90_hours: float | None

    def sparkline(self, figure: Figure) -> list[float | None]:
        """The figure by point, over however few cases: a shape, not to be read as figures."""
        return [point.values[figure].plain for point in self.points]

    @property
    def young_from(self) -> int | None:
        """The place of the first point from which on all are young; None when the last is not."""
        return next((i for i in range(len(self.points)) if all(point.young for point in self.points[i:])), None)


@dataclass(frozen=True)
class Overview:
    """What the Overview page shows of a period: the figures with their change, the trend, the carriers (largest first)."""

    values: Mapping[Figure, Value]
    trend: Trend
    carriers: Mapping[str, Mapping[Figure, Value]]


def overview(store: Store, period: Period, where: Selection, *, visit: Visit, step: TrendStep = TrendStep.DAY) -> Overview:
    """Figures, trend and carriers together: cheaper than asking for each.

    BACKLOG is not among the values: `backlog` tells more of it. The trend has the figures of `TREND`; carriers have these and
    every other count, but of hours only ORDER_TO_SHIP and TRANSIT.
    """
    visit.require()
    asking = _Asking(store, period, where, visit.clock.zone, visit.clock.now)
    by_time = _TIME[step]
    shown = tuple(figure for figure in TIMED if figure in TREND)
    counted, p90 = asking.counts_and_p90(((), (by_time,), ("carrier",)))
    whole, each = asking.bounded((), TIMED, counted), asking.bounded(("carrier",), shown, counted)
    timed = asking.spreads((Spread((by_time,), shown), whole, each))
    ripe = [figure for figure in COUNTED if figure in TREND or figure not in TIMED]
    return Overview(
        _figures(counted, timed, asking.age(p90)),
        _trend(asking, counted, timed, step, p90, TREND),
        _split(counted, timed, "carrier", ripe, asking.age(p90)),
    )


def figures(store: Store, period: Period, where: Selection, *, visit: Visit, compare: bool = True) -> dict[Figure, Value]:
    """Every figure of the catalogue, in its order; with `compare` against the period before at the same age.

    BACKLOG is as of now, whatever the period, and has no change.
    """
    visit.require()
    asking = _Asking(store, period, where, visit.clock.zone, visit.clock.now, compare)
    counted, p90 = asking.counts_and_p90(((),))
    found = _figures(counted, asking.spreads([asking.bounded((), TIMED, counted)]), asking.age(p90))
    found[Figure.BACKLOG] = asking.backlog()
    return {figure: found[figure] for figure in Figure}


def trend(
    store: Store,
    period: Period,
    where: Selection,
    *,
    visit: Visit,
    step: TrendStep = TrendStep.DAY,
    only: Sequence[Figure] = TREND,
) -> Trend:
    """The figures by day, or by week from Monday, of the period and of the one before."""
    visit.require()
    asking = _Asking(store, period, where, visit.clock.zone, visit.clock.now)
    by, shown = (_TIME[step],), tuple(figure for figure in only if figure in TIMED)
    counted, p90 = asking.counts_and_p90((by,), only)
    timed = asking.spreads([Spread(by, shown)]) if shown else []
    return _trend(asking, counted, timed, step, p90, only)


def split(
    store: Store,
    period: Period,
    where: Selection,
    by: str,
    *,
    visit: Visit,
    compare: bool = False,
) -> dict[str, dict[Figure, Value]]:
    """Every figure but BACKLOG by the values of a split: days in order, others the largest first; "" is none."""
    visit.require()
    asking = _Asking(store, period, where, visit.clock.zone, visit.clock.now, compare)
    counted, p90 = asking.counts_and_p90(((by,),)) if compare else (asking.counts(((by,),)), None)
    return _split(counted, asking.spreads([asking.bounded((by,), TIMED, counted)]), by, COUNTED, asking.age(p90))


def by_carrier(store: Store, period: Period, where: Selection, *, visit: Visit) -> dict[str, dict[Figure, Value]]:
    """Every figure by carrier code with the change, the largest first; "" stands for shipments without an invoice."""
    visit.require()
    return split(store, period, where, "carrier", visit=visit, compare=True)


def ripe_hours(rows: Iterable[Row]) -> float | None:
    """P90 from the cohort's moment to the first attempt: of the days before, or, where they are too few, of the days themselves."""
    by_time = {row["current"]: row for row in rows}
    for current in (False, True):
        row = by_time.get(current)
        if row and enough(row[f"{RIPENING}_of"]):
            return float(row[RIPENING][1])
    return None


@dataclass(frozen=True)
class _Age:
    """How much of the period is still open: the end of it, or all of it (`early`); and whether a change is asked at all."""

    young: bool
    early: bool
    compare: bool


@dataclass(frozen=True)
class _Asking:
    """What is asked, and the asking."""

    store: Store
    period: Period
    where: Selection
    zone: ZoneInfo
    now: datetime
    compare: bool = True

    @property
    def population(self) -> Population:
        if not self.compare:
            return Population(self.zone, self.now, self.where, self.period)
        then = Clock(self.now, self.zone).earlier(self.period.back)
        return Population(self.zone, self.now, self.where, self.period, self.period.before(), then)

    def counts(self, by: Sequence[Sequence[str]], only: Iterable[Figure] = COUNTED) -> list[Row]:
        return store_figures.counts(self.store, self.population, by, only)

    def counts_and_p90(self, by: Sequence[Sequence[str]], only: Iterable[Figure] = COUNTED) -> tuple[list[Row], float | None]:
        """Both, asked at the same time: the end of a quantile keeps one processor busy, and leaves the next to the counts."""
        _ = self.store.figures  # who wrote just now is waited for here, where it is known who asks
        with ThreadPoolExecutor(1, "figures") as pool:
            p90 = pool.submit(contextvars.copy_context().run, self.p90_hours)
            return self.counts(by, only), p90.result()

    def spreads(self, asked: Sequence[Spread]) -> list[Row]:
        return store_figures.spreads(self.store, self.population, asked)

    def bounded(self, by: tuple[str, ...], only: tuple[str, ...], counted: Iterable[Row]) -> Spread:
        """The question for hours by these splits, with what bounds medians of as many cases as were `counted`, for a change."""
        cases = {row[f"{figure}_d"] for row in keyed(counted, by).values() for figure in only if self.compare}
        bounds = {level for pair in map(median_bounds, cases) for level in pair or ()}
        return Spread(by, only, (*USUAL, *sorted(bounds)))

    def backlog(self) -> Value:
        population = Population(self.zone, self.now, self.where)
        rows = store_figures.hours(self.store, population, ((),), (Figure.BACKLOG,))
        return backlog_of(rows[0] if rows else {})

    def p90_hours(self) -> float | None:
        """Of the days before, or, where they are too few, of the days themselves."""
        for days in (self.period.norm(), self.period):
            rows = store_figures.hours(self.store, Population(self.zone, self.now, self.where, days), ((),), (RIPENING,))
            if (found := ripe_hours(rows)) is not None:
                return found
        return None

    def age(self, p90_hours: float | None) -> _Age:
        young, early = (self.is_young(day, p90_hours) for day in (self.period.last, self.period.first))
        return _Age(young, early, self.compare)

    def is_young(self, last: date, p90_hours: float | None) -> bool:
        return is_young(last, p90_hours, clock=Clock(self.now, self.zone))


def is_young(last: date, p90_hours: float | None, *, clock: Clock) -> bool:
    """Whether the shipments of that day are younger than the P90; without one, whether the day is not over."""
    return midnight(day_after(last), clock.zone) + timedelta(hours=p90_hours or 0) > clock.now


def backlog_of(row: Row) -> Value:
    """BACKLOG out of a row of hours; every shipment in it is open, so none of them may be said to raise it."""
    number = row.get(f"{Figure.BACKLOG}_of", 0)
    counted = {f"{Figure.BACKLOG}_n": number, f"{Figure.BACKLOG}_d": number, "cohort": number}
    return value_of(Figure.BACKLOG, counted, row)


def _figures(counted: list[Row], timed: list[Row], age: _Age) -> dict[Figure, Value]:
    return _values(keyed(counted, ()), keyed(timed, ()), "", COUNTED, age)


def _split(counted: list[Row], timed: list[Row], by: str, only: Iterable[Figure], age: _Age) -> dict[str, dict[Figure, Value]]:
    rows, times, wanted = keyed(counted, (by,)), keyed(timed, (by,)), tuple(only)
    sizes = {key: row["cohort"] for (current, key), row in rows.items() if current}
    # A part of the period's shipments may be older than all of them: only the whole is said to be young.
    part = replace(age, young=False)
    return {key: _values(rows, times, key, wanted, part) for key in in_order(by, sizes)}


def _values(
    rows: Mapping[tuple[bool, str], Row],
    times: Mapping[tuple[bool, str], Row],
    key: str,
    only: Iterable[Figure],
    age: _Age,
) -> dict[Figure, Value]:
    found = {}
    for figure in only:
        value = value_of(figure, rows.get((True, key)), times.get((True, key)), age.young)
        before = value_of(figure, rows.get((False, key)), times.get((False, key)))
        found[figure] = compared(value, before, age.early) if age.compare else value
    return found


def _trend(
    asking: _Asking, counted: list[Row], timed: list[Row], step: TrendStep, p90: float | None, only: Iterable[Figure]
) -> Trend:
    rows, times, wanted = keyed(counted, (_TIME[step],)), keyed(timed, (_TIME[step],)), tuple(only)

    def points(period: Period, current: bool) -> Iterator[Point]:
        for first, last in _steps(period, step):
            key = (current, (first if step is TrendStep.DAY else week_of(first)).isoformat())
            values = {figure: value_of(figure, rows.get(key), times.get(key)) for figure in wanted}
            yield Point(first, last, values, asking.is_young(last, p90))

    return Trend(tuple(points(asking.period, True)), tuple(points(asking.period.before(), False)), p90)


def _steps(period: Period, step: TrendStep) -> Iterator[tuple[date, date]]:
    """First and last day of each point; the first and the last week may be cut by the period."""
    first = period.first
    while first <= period.last:
        last = first if step is TrendStep.DAY else min(week_of(first) + timedelta(days=6), period.last)
        yield first, last
        first = last + timedelta(days=1)


_TIME = {TrendStep.DAY: TimeSplit.DAY, TrendStep.WEEK: TimeSplit.WEEK}
