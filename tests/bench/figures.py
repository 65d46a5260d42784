"""The figures on a large demo shop, each beside the same figure in SQLite and in pandas over a loaded frame."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any, Protocol

from core.domain.clock import Clock
from core.domain.figures import DEFINITIONS, Figure, Part
from core.domain.periods import Period
from core.domain.selection import Selection
from core.services import figures as measuring
from core.store import figures as store_figures
from core.store.database import Store
from core.store.figures import Population
from tests.bench.beside_figures import FIGURES, Asked, Counts, PandasFigures, Spread, SqliteFigures, is_timed
from tests.bench.shop import ZONE
from tests.builders import a_visit

REPEATS, SHORT, LONG = 7, 28, 180
PART = Selection()


@dataclass(frozen=True)
class Line:
    """Milliseconds, medians of several warm runs; None where it was not asked."""

    name: str
    ours: float
    sqlite: float | None = None
    pandas: float | None = None


class Beside(Protocol):
    def counts(self, figure: Figure, asked: Asked) -> list[Counts]: ...
    def spread(self, figure: Figure, asked: Asked) -> Spread: ...
    def by_carrier_and_week(self, asked: Asked) -> dict[tuple[str, int], Counts]: ...
    def backlog(self, asked: Asked) -> dict[tuple[str, str, int], int]: ...
    def page(self, asked: Asked, figures: tuple[Figure, ...]) -> object: ...


def measured(file: Path, sqlite_file: Path | None) -> Iterator[Line]:
    """One row of the table after another; without SQLite's file that column is empty. Writes to the file."""
    store = Store.open(file)
    sqlite = SqliteFigures(sqlite_file) if sqlite_file else None
    try:
        others = (sqlite, PandasFigures(store))
        now = datetime.now(UTC)
        for days in (SHORT, LONG):
            asked = Asked(Period.up_to(now.astimezone(ZONE).date(), days), now)
            for name, ours, beside in (*_figures(store, asked), *_groups(store, asked)):
                yield _line(f"{name}, {days} days", ours, beside, others)
        asked = Asked(Period.up_to(now.astimezone(ZONE).date(), SHORT), now)
        for name, ours in _pages(store, asked):
            yield Line(name, _median(ours))
        page = lambda other: other.page(asked, FIGURES)  # noqa: E731
        yield _line("the Overview page", lambda: _page(store, asked), page, others, compared=False)
    finally:
        store.close()
        if sqlite:
            sqlite.close()


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
    period, here = asked.period, {"clock": Clock(asked.now, ZONE)}
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
    here = {"clock": Clock(asked.now, ZONE)}
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


def _spread(store: Store, population: Population, figure: Figure) -> Callable[[], Spread]:
    def ask() -> Spread:
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


def _line(name: str, ours: Ours, theirs: Theirs, others: tuple[Beside | None, Beside | None], compared: bool = True) -> Line:
    wanted = ours()
    same = all(theirs(other) == wanted for other in others if other) if compared else True
    times = [_median(lambda other=other: theirs(other)) if other else None for other in others]
    return Line(name if same else f"{name} (OTHER NUMBERS)", _median(ours), *times)


def _median(work: Callable[[], object]) -> float:
    slow = _milliseconds(work) > 2000
    return median(_milliseconds(work) for _ in range(1 if slow else REPEATS))


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
