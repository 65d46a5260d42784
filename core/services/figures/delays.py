"""Who made parcels late: distributions, lanes by week, where the hours went, carriers at the same lane mix, any two dimensions."""

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.domain.errors import Refused
from core.domain.figures import (
    DEFINITIONS,
    FEWEST,
    Figure,
    Good,
    Lane,
    NoFigure,
    Segment,
    TimeSplit,
    Unanswerable,
    Unit,
    enough,
    wilson,
)
from core.domain.periods import Period
from core.domain.selection import Selection
from core.domain.visit import Visit
from core.services.figures.costs import lane_norms
from core.services.figures.overview import is_young, ripe_hours
from core.services.figures.values import Value, added_up, day_of, in_order, key_of, keyed, value_of
from core.store import figures as store_figures
from core.store.database import Row, Store
from core.store.figures import RIPENING, TIMED, Population


@dataclass(frozen=True)
class Bin:
    """Shipments that took from `low` to `high` hours (not included; None: or longer), or are open at that age."""

    low: float
    high: float | None
    finished: int
    open: int


@dataclass(frozen=True)
class Distribution:
    """How long shipments took, beside the norm: the same slice in the 56 days before.

    Bins run from 0 without gaps. `norm_bins` have the same borders; their counts are of the norm's own `norm.denominator`.
    """

    figure: Figure
    value: Value
    bins: tuple[Bin, ...]
    norm: Value
    norm_bins: tuple[Bin, ...]


@dataclass(frozen=True)
class HeatCell:
    """One cell of a table of figures; `young` as in a trend."""

    value: Value
    young: bool = False


@dataclass(frozen=True)
class Heat:
    """A figure by lane (rows, the largest first) and week (columns, Mondays, oldest first); a missing cell has no shipments.

    `span` is how many weeks a column has, `thin` whether it has several because single ones have too few shipments.
    """

    figure: Figure
    lanes: tuple[Lane, ...]
    weeks: tuple[date, ...]
    cells: Mapping[tuple[Lane, date], HeatCell]
    span: int = 1
    thin: bool = False

    def readable(self, lanes: Collection[Lane], most: int) -> "Heat":
        """The same with neighbouring weeks together: at most so many columns, and half of what these lanes have over enough shipments.

        Where no span gives half, the one that gives the most.
        """
        least = -(-len(self.weeks) // most) or 1
        spans = [least, *(span for span in (2, 4, 8, 13, 26, len(self.weeks)) if least < span <= len(self.weeks))]
        merged = [self._of(span) for span in spans]
        found = next((one for one in merged if one.filled(lanes) >= 0.5), max(merged, key=lambda one: one.filled(lanes)))
        return replace(found, thin=found.span > least)

    def column(self, week: date | None) -> date | None:
        """The week that the column with this one begins with; None where it is in none."""
        return next((one for one in self.weeks if week and one <= week < one + timedelta(days=7 * self.span)), None)

    def filled(self, lanes: Collection[Lane]) -> float:
        """How many of the cells of these lanes are over enough shipments, from 0 to 1."""
        due = [cell.value for (lane, _), cell in self.cells.items() if lane in lanes and cell.value.denominator]
        return sum(value.value is not None for value in due) / len(due) if due else 0.0

    def _of(self, span: int) -> "Heat":
        if span == 1:
            return self
        weeks = self.weeks[::span]
        cells = {}
        for lane in self.lanes:
            for place, week in enumerate(weeks):
                held = [self.cells.get((lane, one)) for one in self.weeks[place * span : (place + 1) * span]]
                if known := [cell for cell in held if cell]:
                    value = added_up(self.figure, (cell.value for cell in known))
                    cells[lane, week] = HeatCell(value, any(cell.young for cell in known))
        return Heat(self.figure, self.lanes, weeks, cells, span)


@dataclass(frozen=True)
class SegmentHours:
    """Mean hours of late parcels in one segment, beside their lane's norm; `extra` is the difference."""

    segment: Segment
    late: float
    norm: float

    @property
    def extra(self) -> float:
        return self.late - self.norm


@dataclass(frozen=True)
class Segments:
    """Where the hours of late parcels went. `norm_hours` plus all extras is `late_hours`.

    The norm of a segment is its median over the shipments of the same lane in the 56 days before, each late parcel with its own
    lane's. `shipments` late parcels are in it; `unknown` more are late, but lack a time in between or a lane with a norm.
    """

    steps: tuple[SegmentHours, ...]
    norm_hours: float
    late_hours: float
    shipments: int
    unknown: int
    why: NoFigure | None = None


@dataclass(frozen=True)
class Score:
    """A carrier as if it had the lane mix of the whole slice (direct standardisation), with a 95 % Wilson interval.

    `raw` is its plain value. `coverage` is the share of the mix on lanes it serves: below 1 it is compared on these only.
    `effective` is the number of cases the interval is taken over: fewer than `raw.denominator` when its own mix is far from it.
    """

    carrier: str
    raw: Value
    value: float | None
    low: float | None
    high: float | None
    effective: float
    coverage: float
    why: NoFigure | None = None


@dataclass(frozen=True)
class Scorecard:
    """Carriers from best to worst; those with too few shipments last. `overall` is the slice's own value."""

    figure: Figure
    overall: Value
    scores: tuple[Score, ...]


@dataclass(frozen=True)
class Pivot:
    """A figure by two dimensions; rows and columns the largest first (days and weeks in order), with their totals."""

    figure: Figure
    rows: Mapping[str, Value]
    columns: Mapping[str, Value]
    cells: Mapping[tuple[str, str], Value]


def distribution(
    store: Store,
    figure: Figure,
    period: Period,
    where: Selection,
    *,
    visit: Visit,
    lane: Lane | None = None,
) -> Distribution:
    """How long a figure in hours took, such as TRANSIT or ORDER_TO_SHIP; of one lane, or of the whole slice."""
    visit.require()
    _require(figure, Unit.HOURS)
    population = Population(visit.clock.zone, visit.clock.now, where.on(lane), period, period.norm())
    counted = keyed(store_figures.counts(store, population, ((),), (figure,)), ())
    timed = keyed(store_figures.hours(store, population, ((),), (figure,)), ())
    value, norm = (value_of(figure, counted.get((current, "")), timed.get((current, ""))) for current in (True, False))
    width, bins = _bins(max(value.p90 or 0, norm.p90 or 0))
    rows = store_figures.ages(store, population, figure, width, bins)
    last = max((row["bin"] for row in rows), default=-1)
    now_bins, norm_bins = (_filled(rows, current, width, bins, last) for current in (True, False))
    return Distribution(figure, value, now_bins, norm, norm_bins)


def heat(
    store: Store,
    period: Period,
    where: Selection,
    *,
    visit: Visit,
    figure: Figure = Figure.ON_TIME,
    most_lanes: int = 12,
) -> Heat:
    """A figure by lane and week, of the lanes with the most shipments; the late share is 1 minus the value of ON_TIME."""
    visit.require()
    lane_by = ("warehouse", "country")
    week_by = (*lane_by, TimeSplit.WEEK)
    population = Population(visit.clock.zone, visit.clock.now, where, period)
    counted = store_figures.counts(store, population, (lane_by, week_by), (figure,))
    timed = store_figures.hours(store, population, (week_by,), (figure,)) if figure in TIMED else []
    lanes = sorted(keyed(counted, lane_by).values(), key=lambda row: (-row["cohort"], _lane(row)))[:most_lanes]
    shown = [_lane(row) for row in lanes]
    ripe = _ripe_by_lane(store, Population(visit.clock.zone, visit.clock.now, where, period, period.norm()), lane_by)
    times = {(_lane(row), row[TimeSplit.WEEK]): row for row in timed}
    cells: dict[tuple[Lane, date], HeatCell] = {}
    for row in keyed(counted, week_by).values():
        lane, monday = _lane(row), day_of(row[TimeSplit.WEEK])
        if lane in shown:
            sunday = min(day_of(row[TimeSplit.WEEK] + 6), period.last)
            value = value_of(figure, row, times.get((lane, row[TimeSplit.WEEK])))
            cells[lane, monday] = HeatCell(
                value,
                is_young(sunday, ripe.get(lane), clock=visit.clock),
            )
    return Heat(figure, tuple(shown), _weeks(period), cells)


def segments(store: Store, period: Period, where: Selection, *, visit: Visit, lane: Lane | None = None) -> Segments:
    """Where the hours of the period's late parcels went; those still moving count up to now."""
    visit.require()
    part = where.on(lane)
    late = store_figures.segment_sums(store, Population(visit.clock.zone, visit.clock.now, part, period))
    norms = {_lane(row): row for row in lane_norms(store, period, part, visit=visit)}
    known = [row for row in late if _lane(row) in norms]
    number, all_late = sum(row["shipments"] for row in known), sum(row["shipments"] + row["unknown"] for row in late)
    if not number:
        return Segments((), 0.0, 0.0, 0, all_late, NoFigure.NO_NORM if all_late else NoFigure.NO_LATE_SHIPMENTS)
    steps = tuple(
        SegmentHours(
            segment,
            sum(row[segment] or 0 for row in known) / number,
            sum(norms[_lane(row)][segment] * row["shipments"] for row in known) / number,
        )
        for segment in Segment
    )
    return Segments(steps, sum(s.norm for s in steps), sum(s.late for s in steps), number, all_late - number)


def scorecard(store: Store, period: Period, where: Selection, *, visit: Visit, figure: Figure = Figure.ON_TIME) -> Scorecard:
    """Carriers at the same lane mix; `figure` is a share. Shipments without an invoice are nobody's and left out."""
    visit.require()
    _require(figure, Unit.SHARE)
    lanes = ("warehouse", "country", "carrier")
    population = Population(visit.clock.zone, visit.clock.now, where, period)
    rows = store_figures.counts(store, population, ((), ("carrier",), lanes), (figure,))
    overall = value_of(figure, keyed(rows, ()).get((True, "")))
    served: dict[str, list[Row]] = defaultdict(list)
    for row in keyed(rows, lanes).values():
        served[row["carrier"]].append(row)
    served.pop("", None)
    mix = _mix(figure, served)
    raw = {row["carrier"]: value_of(figure, row) for row in keyed(rows, ("carrier",)).values()}
    scores = [_score(figure, carrier, raw[carrier], served[carrier], mix) for carrier in served]
    better = -1 if DEFINITIONS[figure].good is Good.UP else 1
    scores.sort(key=lambda one: (one.value is None, better * (one.value or 0), one.carrier))
    return Scorecard(figure, overall, tuple(scores))


def pivot(store: Store, period: Period, where: Selection, by: tuple[str, str], figure: Figure, *, visit: Visit) -> Pivot:
    """A figure by any two of `core.domain.selection.SPLITS`: rows, then columns. Raises Refused when they are the same."""
    visit.require()
    a, b = by
    if a == b:
        raise Refused(Unanswerable.SAME_DIMENSION(), "dimension")
    if figure is Figure.BACKLOG:
        raise Refused(Unanswerable.OF_NOW(figure=DEFINITIONS[figure].name), "figure")
    population = Population(visit.clock.zone, visit.clock.now, where, period)
    sets = ((a,), (b,), (a, b))
    counted = store_figures.counts(store, population, sets, (figure,))
    timed = store_figures.hours(store, population, sets, (figure,)) if figure in TIMED else []
    rows, columns = (_line(figure, counted, timed, dimension) for dimension in (a, b))
    times = {(key_of(row, (a,)), key_of(row, (b,))): row for row in keyed(timed, (a, b)).values()}
    cells = {(key_of(row, (a,)), key_of(row, (b,))): row for row in keyed(counted, (a, b)).values()}
    return Pivot(figure, rows, columns, {key: value_of(figure, row, times.get(key)) for key, row in cells.items()})


def _require(figure: Figure, unit: Unit) -> None:
    if DEFINITIONS[figure].unit is not unit or figure is Figure.BACKLOG:
        reason = Unanswerable.NOT_IN_HOURS if unit is Unit.HOURS else Unanswerable.NO_SHARE
        raise Refused(reason(figure=DEFINITIONS[figure].name), "figure")


def _bins(p90: float) -> tuple[float, int]:
    """A round width and how many bins of it reach well past the P90; what is longer is in one more."""
    reach = max(p90 * 1.6, 1.0)
    width = next((width for width in _WIDTHS if reach / width <= _MOST_BINS), _WIDTHS[-1])
    return width, min(_MOST_BINS, math.ceil(reach / width))


_MOST_BINS = 40
_WIDTHS = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 24.0, 48.0, 72.0, 168.0, 336.0, 720.0)


def _filled(rows: Iterable[Row], current: bool, width: float, bins: int, last: int) -> tuple[Bin, ...]:
    found = {row["bin"]: row for row in rows if row["current"] is current}
    empty = {"finished": 0, "open": 0}
    return tuple(
        Bin(place * width, None if place == bins else (place + 1) * width, row["finished"], row["open"])
        for place in range(last + 1)
        for row in (found.get(place, empty),)
    )


def _lane(row: Row) -> Lane:
    return Lane(row["warehouse"], row["country"], row.get("carrier"))


def _weeks(period: Period) -> tuple[date, ...]:
    first = period.first.toordinal() - period.first.weekday()
    return tuple(date.fromordinal(number) for number in range(first, period.last.toordinal() + 1, 7))


def _ripe_by_lane(store: Store, population: Population, by: tuple[str, ...]) -> dict[Lane, float | None]:
    rows: dict[Lane, list[Row]] = defaultdict(list)
    for row in store_figures.hours(store, population, (by,), (RIPENING,)):
        rows[_lane(row)].append(row)
    return {lane: ripe_hours(found) for lane, found in rows.items()}


def _mix(figure: Figure, served: Mapping[str, list[Row]]) -> dict[tuple[str, str], float]:
    """The share of each warehouse and country among all shipments that have a carrier."""
    sizes: Counter[tuple[str, str]] = Counter()
    for rows in served.values():
        for row in rows:
            sizes[_route(row)] += row[f"{figure}_d"]
    total = sizes.total()
    return {route: size / total for route, size in sizes.items()} if total else {}


def _score(figure: Figure, carrier: str, raw: Value, rows: list[Row], mix: Mapping[tuple[str, str], float]) -> Score:
    """Direct standardisation: its share on each lane, weighted by the lane's part of the whole mix.

    The interval is Wilson's over the number of cases that would leave as much to chance: with weights w over n cases a lane,
    1 / sum(w * w / n).
    """
    lanes = [row for row in rows if row[f"{figure}_d"] >= _LANE_CASES]
    coverage = sum(mix[_route(row)] for row in lanes)
    if not enough(raw.denominator) or not coverage:
        return Score(
            carrier, raw, None, None, None, 0.0, coverage, NoFigure.TOO_FEW if raw.denominator else NoFigure.NO_SHIPMENTS
        )
    weights = [(mix[_route(row)] / coverage, row[f"{figure}_n"], row[f"{figure}_d"]) for row in lanes]
    value = sum(weight * numerator / denominator for weight, numerator, denominator in weights)
    effective = 1 / sum(weight * weight / denominator for weight, _, denominator in weights)
    if effective < FEWEST:
        return Score(carrier, raw, None, None, None, effective, coverage, NoFigure.TOO_FEW)
    interval = wilson(value * effective, effective)
    assert interval is not None
    return Score(carrier, raw, value, *interval, effective, coverage)


_LANE_CASES = 5


def _route(row: Row) -> tuple[str, str]:
    return row["warehouse"], row["country"]


def _line(figure: Figure, counted: list[Row], timed: list[Row], by: str) -> dict[str, Value]:
    rows, times = keyed(counted, (by,)), keyed(timed, (by,))
    order = in_order(by, {key: row["cohort"] for (_, key), row in rows.items()})
    return {key: value_of(figure, rows[True, key], times.get((True, key))) for key in order}
