"""One figure as it is shown: the number, what it is made of, and whether it got better."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.domain.clock import EPOCH
from core.domain.figures import (
    DEFINITIONS,
    Bounded,
    Definition,
    Direction,
    Figure,
    Good,
    NoFigure,
    TimeSplit,
    Turn,
    Unit,
    bounded_count,
    bounded_share,
    enough,
    median_bounds,
    wilson,
)
from core.domain.selection import SPLITS
from core.store.database import Row


@dataclass(frozen=True)
class Value:
    """`value` is a share (0 to 1), hours (the median), or a count; None with `why`.

    `numerator` of `denominator` are the shipments behind it: of hours, those finished out of those finished or open. `low` and
    `high` are the 95 % Wilson interval of a share. `p50` and `p90` are hours with open shipments at their present age, given for
    any number of cases; `p50_at_least` and `p90_at_least` say that open ones may still raise them. `excluded` shipments of the
    period are left out. `before` is the value of the period before as it stood at the same age, `change` the difference to it (of a
    share 0.016 is 1.6 percentage points); `arrow` is where it went, if that is more than chance gives, and `verdict` whether that is good.
    `young`: the outcome of part of the period is still open; `early`: of all of it, so that there is nothing to compare yet.
    `around` are the hours at `core.domain.figures.median_bounds`, where a change is asked and they are enough for it.
    """

    figure: Figure
    numerator: int
    denominator: int
    excluded: int = 0
    value: float | None = None
    why: NoFigure | None = None
    low: float | None = None
    high: float | None = None
    p50: float | None = None
    p90: float | None = None
    p50_at_least: bool = False
    p90_at_least: bool = False
    before: float | None = None
    change: float | None = None
    arrow: Direction = Direction.NONE
    verdict: Turn = Turn.NONE
    young: bool = False
    early: bool = False
    around: tuple[float, float] | None = None

    @property
    def definition(self) -> Definition:
        return DEFINITIONS[self.figure]

    @property
    def rest(self) -> int:
        """The denominator without the numerator: the late ones, those still open."""
        return self.denominator - self.numerator

    @property
    def plain(self) -> float | None:
        """The number over however few cases: for the shape of a line, not to be read as a figure."""
        match self.definition.unit:
            case Unit.SHARE:
                return self.numerator / self.denominator if self.denominator else None
            case Unit.HOURS:
                return self.p50
            case Unit.COUNT:
                return float(self.numerator)

    @property
    def bounded(self) -> Bounded | None:
        """The number with what chance leaves open; None where it cannot be told."""
        match self.definition.unit:
            case Unit.SHARE:
                return bounded_share(self.numerator, self.denominator)
            case Unit.HOURS:
                return Bounded(self.around[0], self.p50 or 0.0, self.around[1]) if self.around else None
            case Unit.COUNT:
                return bounded_count(self.numerator)


def value_of(figure: Figure, counted: Row | None, timed: Row | None = None, young: bool = False) -> Value:
    """The figure out of a row of `core.store.figures.counts` and, of hours, one of `hours`; None: no shipments."""
    row = counted or {}
    numerator, denominator = row.get(f"{figure}_n", 0), row.get(f"{figure}_d", 0)
    found = Value(figure, numerator, denominator, row.get("cohort", 0) - denominator, young=young)
    match DEFINITIONS[figure].unit:
        case Unit.COUNT:
            return replace(found, value=float(numerator), young=False)
        case Unit.HOURS:
            return _timed(found, timed or {})
        case Unit.SHARE:
            return share_of(found)


def share_of(found: Value) -> Value:
    """With the share and its interval, or why there is none."""
    if not enough(found.denominator):
        return replace(found, why=NoFigure.TOO_FEW if found.denominator else NoFigure.NO_SHIPMENTS)
    interval = wilson(found.numerator, found.denominator)
    assert interval is not None
    return replace(found, value=found.numerator / found.denominator, low=interval[0], high=interval[1])


def added_up(figure: Figure, found: Iterable[Value]) -> Value:
    """A share or a count over several groups that have no shipment in common."""
    parts = list(found)
    numerator, denominator = sum(one.numerator for one in parts), sum(one.denominator for one in parts)
    whole = Value(figure, numerator, denominator, sum(one.excluded for one in parts))
    return share_of(whole) if whole.definition.unit is Unit.SHARE else replace(whole, value=float(numerator))


def _timed(found: Value, row: Row) -> Value:
    spread, least_open = row.get(found.figure), row.get(f"{found.figure}_open")
    if not found.denominator or spread is None:
        return replace(found, why=NoFigure.NO_SHIPMENTS)
    shown = enough(found.denominator)
    return replace(
        found,
        value=spread[0] if shown else None,
        why=None if shown else NoFigure.TOO_FEW,
        p50=spread[0],
        p90=spread[1],
        p50_at_least=least_open is not None and least_open < spread[0],
        p90_at_least=least_open is not None and least_open < spread[1],
        around=_around(found.denominator, dict(zip(row.get("levels", ()), spread, strict=False))),
    )


def _around(cases: int, hours: Mapping[float, float]) -> tuple[float, float] | None:
    """The hours that bound the median over so many cases; None where they were not asked, or the cases are too few."""
    asked = [hours[level] for level in median_bounds(cases) or () if level in hours]
    return (asked[0], asked[1]) if asked else None


def compared(now: Value, before: Value, early: bool) -> Value:
    """The value with its change against the period before at the same age; none of a figure that ripens in an `early` period."""
    if early and now.definition.ripens:
        return replace(now, early=True)
    if now.value is None or before.value is None:
        return replace(now, before=before.value)
    change, arrow = now.value - before.value, _arrow(now, before)
    return replace(now, before=before.value, change=change, arrow=arrow, verdict=_turn(arrow, now.definition.good))


def _arrow(now: Value, before: Value) -> Direction:
    """Where the figure went: nowhere where nobody would see it, and where chance may have done it."""
    this, that = now.bounded, before.bounded
    if not this or not that or not this.differs(that):
        return Direction.NONE
    seen = round(this.at - that.at, _DIGITS[now.definition.unit])
    return Direction.UP if seen > 0 else Direction.DOWN if seen < 0 else Direction.NONE


def _turn(arrow: Direction, good: Good) -> Turn:
    if arrow is Direction.NONE or good is Good.NONE:
        return Turn.NONE
    return Turn.GOOD if arrow.value == good.value else Turn.BAD


# A change that would be written as 0.0 is none.
_DIGITS = {Unit.SHARE: 3, Unit.HOURS: 1, Unit.COUNT: 0}


def keyed(rows: Iterable[Row], by: Iterable[str]) -> dict[tuple[bool, str], Row]:
    """The rows of exactly these splits by (current, key); rows of other groupings are left out."""
    wanted = tuple(by)
    return {(row["current"], key_of(row, wanted)): row for row in rows if _grouped_by(row) == set(wanted)}


def key_of(row: Row, by: Iterable[str]) -> str:
    """What the group is called: its code or name, a day as 2026-11-16, a weekday as Monday."""
    return SEPARATOR.join(_label(split, row[split]) for split in by)


def day_of(number: int) -> date:
    """The day with this number since 1970."""
    return EPOCH.date() + timedelta(days=number)


def in_order(by: str, sizes: Mapping[str, int]) -> list[str]:
    """The keys of a split: days and weekdays in their order, everything else with the largest first."""
    if by == TimeSplit.WEEKDAY:
        return sorted(sizes, key=_WEEKDAYS.index)
    if by in (TimeSplit.DAY, TimeSplit.WEEK, TimeSplit.MONTH):
        return sorted(sizes)
    return sorted(sizes, key=lambda key: (-sizes[key], key))


def _grouped_by(row: Row) -> set[str]:
    return {split for split in ("destination", "kind", *SPLITS) if row.get(split) is not None}


def _label(split: str, value: str | int) -> str:
    if isinstance(value, str):
        return value
    return _WEEKDAYS[value] if split == TimeSplit.WEEKDAY else day_of(value).isoformat()


SEPARATOR = "\x1f"
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
