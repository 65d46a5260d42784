"""Behind a figure: the exact shipments, why others are left out, and the sheet that explains it in a file."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from core.domain.dimensions import Wording
from core.domain.figures import DEFINITIONS, FEWEST, Cohort, Figure, Good, Part, Unit
from core.domain.invoice_number import Rules
from core.domain.periods import Period
from core.domain.selection import DIMENSIONS, Selection
from core.store import figures as store_figures
from core.store.database import Row, Store
from core.store.figures import Population


def rows_of(
    store: Store,
    figure: Figure,
    period: Period,
    where: Selection,
    part: Part = Part.NUMERATOR,
    *,
    zone: ZoneInfo,
    now: datetime,
    limit: int = 50,
    offset: int = 0,
) -> list[Row]:
    """The shipments behind a figure, the newest of the period first: the columns of `core.domain.figures.FACTS`, times UTC.

    `why` says of those left out for which reason; `shipment_id` is beside it. BACKLOG is of now, whatever the period.
    """
    population = _population(figure, period, where, zone, now)
    ids = store_figures.behind(store, population, figure, part, limit, offset)
    return store_figures.rows_behind(store, population, figure, ids) if ids else []


def count_of(
    store: Store, figure: Figure, period: Period, where: Selection, part: Part, *, zone: ZoneInfo, now: datetime
) -> int:
    """How many shipments `rows_of` has in all."""
    return store_figures.count_behind(store, _population(figure, period, where, zone, now), figure, part)


def table_of(
    store: Store, figure: Figure, period: Period, where: Selection, part: Part, *, zone: ZoneInfo, now: datetime
) -> pa.Table:
    """All rows of `rows_of` as an Arrow table for a file: the columns of `FACTS` and `why`, times UTC."""
    return store_figures.table_behind(store, _population(figure, period, where, zone, now), figure, part)


def reasons(store: Store, figure: Figure, period: Period, where: Selection, *, zone: ZoneInfo, now: datetime) -> dict[str, int]:
    """Why shipments of the period are left out of a figure, and how many for each reason, the commonest first."""
    return store_figures.why(store, _population(figure, period, where, zone, now), figure)


def definition_sheet(
    figure: Figure, period: Period, where: Selection, *, rules: Rules, zone: ZoneInfo, now: datetime
) -> list[tuple[str, str]]:
    """The figure in words for a file: label and text, from its name to the moment it was asked at."""
    definition = DEFINITIONS[figure]
    days = "As of now" if figure is Figure.BACKLOG else f"{period.first} to {period.last}, by {_BY[period.cohort]}"
    part = where.of_figures.in_words(Wording.of(rules, now.astimezone(zone).date()))
    return [
        ("Figure", definition.name),
        ("In words", definition.formula),
        ("Unit", _UNITS[definition.unit]),
        ("Counted", definition.numerator),
        ("Out of", definition.denominator),
        *([("The rest", definition.rest)] if definition.rest else []),
        *(("Left out", reason) for reason in definition.exclusions),
        ("Better", _BETTER[definition.good]),
        ("Few cases", f"A rate over fewer than {FEWEST} shipments is not shown as a percentage"),
        ("Days", days),
        ("Time zone", f"{zone.key}: every day begins and ends at its midnight"),
        *((DIMENSIONS[name].label, text) for name, text in part.items()),
        ("As of", f"{now.astimezone(zone):%Y-%m-%d %H:%M}"),
        ("Source", definition.source),
    ]


def _population(figure: Figure, period: Period, where: Selection, zone: ZoneInfo, now: datetime) -> Population:
    return Population(zone, now, where, None if figure is Figure.BACKLOG else period)


_BY = {Cohort.ORDERED: "order date", Cohort.PICKED_UP: "pick-up date"}
_UNITS = {Unit.SHARE: "Share", Unit.HOURS: "Hours", Unit.COUNT: "Number of shipments"}
_BETTER = {Good.UP: "Higher", Good.DOWN: "Lower", Good.NONE: "Neither"}
