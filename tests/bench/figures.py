"""The figures on a large demo shop, each beside the same figure in other databases and in pandas over a loaded frame."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from core.domain.figures import DEFINITIONS, Figure, Part
from core.domain.periods import Period
from core.domain.selection import Selection
from core.services import figures as measuring
from core.store import figures as store_figures
from core.store.database import Store
from core.store.figures import Population
from tests.bench.beside_figures import FIGURES, Asked, Counts, PandasFigures, SqlFigures, is_timed
from tests.bench.beside_figures import Spread as P50P90
from tests.bench.engines import Engine
from tests.bench.measuring import Spread, taken, timed
from tests.bench.shop import ZONE
from tests.builders import a_visit

SHORT, LONG, QUARTER = 28, 180, 90
PART = Selection()


@dataclass(frozen=True)
class Figured:
    """The times of one question; `beside` are the medians of others, None where one took too long."""

    name: str
    ours: Spread
    beside: Mapping[str, float | None] = field(default_factory=dict)


class Beside(Protocol):
    name: str

    def counts(self, figure: Figure, asked: Asked) -> list[Counts]: ...
    def spread(self, figure: Figure, asked: Asked) -> P50P90: ...
    def by_carrier_and_week(self, asked: Asked) -> dict[tuple[str, int], Counts]: ...
    def backlog(self, asked: Asked) -> dict[tuple[str, str, int], int]: ...
    def page(self, asked: Asked, figures: tuple[Figure, ...]) -> object: ...


def measured(file: Path, engines: Sequence[Engine], *, alone: bool = False) -> Iterator[Figured]:
    """One row of the table after another; `alone`: without pandas too."""
    store = Store.open(file)
    try:
        others = [] if alone else [*map(SqlFigures, engines), PandasFigures(store)]
        now = datetime.now(UTC)
        for days in (SHORT, LONG):
            asked = _asked(now, days)
            for name, ours, beside in (*_figures(store, asked), *_groups(store, asked)):
                yield _line(f"{name}, {days} days", ours, beside, others)
        for name, ours in _pages(store, _asked(now, SHORT)):
            yield Figured(name, timed(ours))
        for name, days in (("", SHORT), (f", {QUARTER} days", QUARTER), (", all time", _all_days(store, now))):
            asked = _asked(now, days)
            page = lambda other, asked=asked: other.page(asked, FIGURES)  # noqa: E731
            yield _line(f"the Overview page{name}", lambda asked=asked: _page(store, asked), page, others, compared=False)
    finally:
        store.close()


def _asked(now: datetime, days: int) -> Asked:
    return Asked(Period.up_to(now.astimezone(ZONE).date(), days), now)


def _all_days(store: Store, now: datetime) -> int:
    """Since the first order."""
    first = store.rows("SELECT min(ordered_at) AS at FROM shipment")[0]["at"]
    return (now.astimezone(ZONE).date() - first.astimezone(ZONE).date()).days + 1


Ours, Theirs = Callable[[], Any], Callable[[Any], Any]


def _figures(store: Store, asked: Asked) -> Iterator[tuple[str, Ours, Theirs]]:
    """Each figure against the period before, as the page asks it: its counts, and the percentiles of hours."""
    population = _population(asked)
    for figure in FIGURES:
        if is_timed(figure):
            yield _name(figure), _spread(store, population, figure), _of_spread(figure, asked)
        else:
            yield _name(figure), _counts(store, population, figure), _of_counts(figure, asked)


def _groups(store: Store, asked: Asked) -> Iterator[tuple[str, Ours, Theirs]]:
    def by_week() -> dict[tuple[str, int], Counts]:
        by = ("carrier", "week")
        rows = store_figures.counts(store, _population(asked, before=False), (by,), (Figure.ON_TIME,))
        return {(row["carrier"], row["week"]): (row["on_time_n"], row["on_time_d"]) for row in rows}

    def backlog() -> dict[tuple[str, str, int], int]:
        cells = measuring.backlog(store, PART, visit=a_visit(asked.now, ZONE)).cells
        return {(cell.status.value, cell.warehouse, cell.low): cell.shipments for cell in cells}

    yield "on time by company and week", by_week, lambda other: other.by_carrier_and_week(asked)
    yield "backlog by status, age, warehouse", backlog, lambda other: other.backlog(asked)


def _pages(store: Store, asked: Asked) -> Iterator[tuple[str, Ours]]:
    """What only Shipdesk is asked."""
    period, here = asked.period, {"visit": a_visit(asked.now, ZONE)}
    eight_weeks = Period.up_to(period.last, 56)
    yield "all figures", lambda: measuring.figures(store, period, PART, **here)
    yield "trend by day", lambda: measuring.trend(store, period, PART, **here)
    yield "by company, with the change", lambda: measuring.by_carrier(store, period, PART, **here)
    yield "worklist", lambda: measuring.worklist(store, PART, **here)
    yield "distribution of transit, 8 weeks", lambda: measuring.distribution(store, Figure.TRANSIT, eight_weeks, PART, **here)
    yield "heat map, 8 weeks", lambda: measuring.heat(store, eight_weeks, PART, **here)
    yield "where the hours went, 8 weeks", lambda: measuring.segments(store, eight_weeks, PART, **here)
    yield "companies at the same lane mix", lambda: measuring.scorecard(store, eight_weeks, PART, **here)
    yield "risk of open shipments", lambda: measuring.risk(store, PART, **here)
    yield "first 50 late shipments", lambda: measuring.rows_of(store, Figure.ON_TIME, period, PART, Part.REST, **here)


def _page(store: Store, asked: Asked) -> object:
    here = {"visit": a_visit(asked.now, ZONE)}
    return (
        measuring.overview(store, asked.period, PART, **here),
        measuring.backlog(store, PART, **here),
        measuring.worklist(store, PART, **here),
    )


def _population(asked: Asked, before: bool = True) -> Population:
    return Population(ZONE, asked.now, PART, asked.period, asked.period.before() if before else None)


def _counts(store: Store, population: Population, figure: Figure) -> Callable[[], list[Counts]]:
    def ask() -> list[Counts]:
        rows = sorted(store_figures.counts(store, population, ((),), (figure,)), key=lambda row: bool(row["current"]))
        return [(row[f"{figure}_n"], row[f"{figure}_d"]) for row in rows]

    return ask


def _spread(store: Store, population: Population, figure: Figure) -> Callable[[], P50P90]:
    def ask() -> P50P90:
        rows = store_figures.hours(store, population, ((),), (figure,))
        found = next(row[figure] for row in rows if row["current"])
        return round(found[0], 6), round(found[1], 6)

    return ask


def _of_counts(figure: Figure, asked: Asked) -> Theirs:
    return lambda other: other.counts(figure, asked)


def _of_spread(figure: Figure, asked: Asked) -> Theirs:
    return lambda other: tuple(round(one, 6) for one in other.spread(figure, asked))


def _name(figure: Figure) -> str:
    return DEFINITIONS[figure].name


def _line(name: str, ours: Ours, theirs: Theirs, others: Sequence[Beside], compared: bool = True) -> Figured:
    wanted, different = ours(), list[str]()

    def asked(other: Beside) -> None:
        if theirs(other) != wanted and compared:
            different.append(other.name)

    beside = {other.name: taken(lambda other=other: asked(other)) for other in others}
    return Figured(f"{name} (OTHER NUMBERS)" if different else name, timed(ours), beside)
