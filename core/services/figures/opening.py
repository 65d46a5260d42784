"""Behind a figure: the exact shipments, why others are left out, and the sheet that explains it in a file."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from core.domain.carriers import Rules
from core.domain.clock import Clock
from core.domain.dimensions import Wording
from core.domain.figures import DEFINITIONS, FEWEST, PARTS, Cohort, Figure, Good, Part, Unit
from core.domain.language import Vocabulary, tr
from core.domain.periods import Period
from core.domain.reasons import Reason
from core.domain.selection import DIMENSIONS, Selection
from core.domain.visit import Visit
from core.files.countries import country_names
from core.services.figures.columns import OF_SHIPMENTS, label
from core.services.figures.costs import lane_norms
from core.store import figures as store_figures
from core.store.database import Row, Store
from core.store.figures import Population


class DefinitionText(Reason):
    """What the sheet says around the figure's definition."""

    NOW = "now", "As of now"
    DAYS = (
        "days",
        {
            Cohort.ORDERED: "{first} to {last}, by order date",
            Cohort.PICKED_UP: "{first} to {last}, by pick-up date",
        },
    )
    FEW = "few", "A rate over fewer than {fewest} shipments is not shown as a percentage"
    ZONE = "zone", "{zone}: every day begins and ends at its midnight"


def rows_of(
    store: Store,
    figure: Figure,
    period: Period,
    where: Selection,
    part: Part = Part.NUMERATOR,
    *,
    visit: Visit,
    limit: int = 50,
) -> list[Row]:
    """The shipments behind a figure, the newest of the period first: the columns of `core.domain.figures.FACTS`, times UTC.

    `why` says of those left out for which reason; `shipment_id` is beside it. BACKLOG is of now, whatever the period.
    """
    visit.require()
    population = _population(figure, period, where, visit.clock.zone, visit.clock.now)
    ids = store_figures.behind(store, population, figure, part, limit)
    return store_figures.rows_behind(store, population, figure, ids) if ids else []


def count_of(store: Store, figure: Figure, period: Period, where: Selection, part: Part, *, visit: Visit) -> int:
    """How many shipments `rows_of` has in all."""
    visit.require()
    return store_figures.count_behind(
        store, _population(figure, period, where, visit.clock.zone, visit.clock.now), figure, part
    )


def table_of(store: Store, figure: Figure, period: Period, where: Selection, part: Part, *, visit: Visit) -> pa.Table:
    """All rows of `rows_of` as an Arrow table for a file, times UTC: the columns of `core.services.figures.columns.OF_SHIPMENTS`.

    `why` is there of shipments that are left out.
    """
    visit.require()
    norms = lane_norms(store, period, where, visit=visit)
    rows = store_figures.table_behind(
        store, _population(figure, period, where, visit.clock.zone, visit.clock.now), figure, part, norms
    )
    return rows.select([name for name in OF_SHIPMENTS if name != "why" or part is Part.EXCLUDED])


def reasons(store: Store, figure: Figure, period: Period, where: Selection, *, visit: Visit) -> dict[str, int]:
    """Why shipments of the period are left out of a figure, and how many for each reason, the commonest first."""
    visit.require()
    return store_figures.why(store, _population(figure, period, where, visit.clock.zone, visit.clock.now), figure)


def definition_sheet(
    figure: Figure,
    period: Period,
    where: Selection,
    *,
    clock: Clock,
    rules: Rules,
) -> list[tuple[str, str]]:
    """The figure in words for a file: label and text, from its name to the moment it was asked at."""
    definition = DEFINITIONS[figure]
    now = figure is Figure.BACKLOG
    days = DefinitionText.NOW() if now else DefinitionText.DAYS(period.cohort, first=period.first, last=period.last)
    part = where.of_figures.in_words(Wording.of(rules, country_names(), clock.now.astimezone(clock.zone).date()))
    return [
        (tr("Figure"), definition.name),
        (tr("In words"), definition.formula),
        (tr("Unit"), _UNITS[definition.unit]),
        (PARTS[Part.NUMERATOR], definition.numerator),
        (label("denominator"), definition.denominator),
        *([(PARTS[Part.REST], definition.rest)] if definition.rest else []),
        *((PARTS[Part.EXCLUDED], reason) for reason in definition.exclusions),
        (tr("Better"), _BETTER[definition.good]),
        (tr("Few cases"), str(DefinitionText.FEW(fewest=FEWEST))),
        (tr("Days"), str(days)),
        (tr("Time zone"), str(DefinitionText.ZONE(zone=clock.zone.key))),
        *((DIMENSIONS[name].label, text) for name, text in part.items()),
        (tr("As of"), f"{clock.now.astimezone(clock.zone):%Y-%m-%d %H:%M}"),
    ]


def _population(figure: Figure, period: Period, where: Selection, zone: ZoneInfo, now: datetime) -> Population:
    return Population(zone, now, where, None if figure is Figure.BACKLOG else period)


_UNITS = Vocabulary({Unit.SHARE: "Share", Unit.HOURS: "Hours", Unit.COUNT: "Number of shipments"})
_BETTER = Vocabulary({Good.UP: "Higher", Good.DOWN: "Lower", Good.NONE: "Neither"})
