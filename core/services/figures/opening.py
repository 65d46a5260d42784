"""Behind a figure: the exact shipments, why others are left out, and the sheet that explains it in a file."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pyarrow as pa

from core.domain import labels
from core.domain.figures import DEFINITIONS, FEWEST, Cohort, Figure, Good, Part, Unit
from core.services.figures.periods import Period, Slice, asked
from core.store import figures as store_figures
from core.store.database import Row, Store


def rows_of(
    store: Store,
    figure: Figure,
    period: Period,
    where: Slice,
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
    question = _question(figure, period, where, zone, now)
    ids = store_figures.behind(store, question, figure, part, limit, offset)
    return store_figures.rows_behind(store, question, figure, ids) if ids else []


def count_of(store: Store, figure: Figure, period: Period, where: Slice, part: Part, *, zone: ZoneInfo, now: datetime) -> int:
    """How many shipments `rows_of` has in all."""
    return store_figures.count_behind(store, _question(figure, period, where, zone, now), figure, part)


def behind(
    store: Store, figure: Figure, period: Period, where: Slice, part: Part, *, zone: ZoneInfo, now: datetime
) -> pa.Table:
    """The shipments behind a figure, as a list of the Shipments page takes them: one column, shipment_id."""
    return store_figures.ids_behind(store, _question(figure, period, where, zone, now), figure, part)


def table_of(
    store: Store, figure: Figure, period: Period, where: Slice, part: Part, *, zone: ZoneInfo, now: datetime
) -> pa.Table:
    """All rows of `rows_of` as an Arrow table for a file: the columns of `FACTS` and `why`, times UTC."""
    return store_figures.table_behind(store, _question(figure, period, where, zone, now), figure, part)


def reasons(store: Store, figure: Figure, period: Period, where: Slice, *, zone: ZoneInfo, now: datetime) -> dict[str, int]:
    """Why shipments of the period are left out of a figure, and how many for each reason, the commonest first."""
    return store_figures.why(store, _question(figure, period, where, zone, now), figure)


def definition_sheet(figure: Figure, period: Period, where: Slice, *, zone: ZoneInfo, now: datetime) -> list[tuple[str, str]]:
    """The figure in words for a file: label and text, from its name to the moment it was asked at."""
    definition = DEFINITIONS[figure]
    days = "As of now" if figure is Figure.BACKLOG else f"{period.first} to {period.last}, by {_BY[period.cohort]}"
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
        ("Destination", labels.DESTINATIONS[where.destination]),
        ("General / Claim", labels.KINDS[where.kind]),
        *(
            (label, ", ".join(value or "None" for value in chosen))
            for label, chosen in (
                ("Warehouse", where.warehouses),
                ("Shipping company", where.carriers),
                ("Country", where.countries),
                ("Shipping policy", where.policies),
                ("Shipping option", where.options),
            )
            if chosen
        ),
        ("As of", f"{now.astimezone(zone):%Y-%m-%d %H:%M}"),
        ("Source", definition.source),
    ]


def _question(figure: Figure, period: Period, where: Slice, zone: ZoneInfo, now: datetime) -> store_figures.Question:
    return asked(where, None if figure is Figure.BACKLOG else period, zone=zone, now=now)


_BY = {Cohort.ORDERED: "order date", Cohort.PICKED_UP: "pick-up date"}
_UNITS = {Unit.SHARE: "Share", Unit.HOURS: "Hours", Unit.COUNT: "Number of shipments"}
_BETTER = {Good.UP: "Higher", Good.DOWN: "Lower", Good.NONE: "Neither"}
