"""The list of late shipments: what was promised, what came of it, and which step cost the most."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import pyarrow as pa

from core.domain.columns import ListColumn
from core.domain.fields import FIELDS
from core.domain.figures import SEGMENTS, Figure, Part
from core.domain.selection import Selection
from core.domain.visit import Visit
from core.files.export import LATE
from core.runtime import Runtime
from core.services import figures
from core.ui.kit import figure_texts, formats
from core.ui.kit.table import SHIPMENT_COLUMNS, TableColumn

_LEFT_OUT: Final = ("products", "recipient", "destination", "age")
_INSTEAD: Final = (
    TableColumn("promised", FIELDS.in_english["promised"], 84, narrow=84),
    TableColumn("delivered", FIELDS.in_english["delivered_at"], 84, under="promised"),
    TableColumn("days_late", FIELDS.in_english["days_late"], 76, align="right", narrow=136),
    TableColumn("costliest_step", "Costliest step", 136, min=126, grow=1, under="days_late"),
)
_AFTER: Final = tuple(ListColumn)[tuple(ListColumn).index(ListColumn.WAREHOUSE) :]
_NOT_KNOWN: Final[Mapping[str, Any]] = dict.fromkeys(LATE)


def of(wanted: Selection) -> bool:
    """Whether the list is that of late shipments."""
    return wanted.behind is not None and (wanted.behind.figure, wanted.behind.part) == (Figure.ON_TIME, Part.REST)


def columns(wanted: Selection, chosen: Sequence[ListColumn] = tuple(ListColumn)) -> tuple[TableColumn, ...]:
    """The columns of the list as somebody chose them: of late shipments what made them late in place of what they hold."""
    by_key = {column.key: column for column in SHIPMENT_COLUMNS}
    shown = [by_key[key] for key in chosen]
    if not of(wanted):
        return tuple(shown)
    kept = [column for column in shown if column.key not in _LEFT_OUT]
    place = next((place for place, column in enumerate(kept) if column.key in _AFTER), len(kept))
    return (*kept[:place], *_INSTEAD, *kept[place:])


def cells(runtime: Runtime, wanted: Selection, rows: Sequence[Mapping[str, Any]], visit: Visit) -> list[dict[str, str]]:
    """What these columns hold, row by row; nothing in another list."""
    found = _costs(runtime, wanted, [row["shipment_id"] for row in rows], visit)
    return [_cells(row, found.get(row["shipment_id"], _NOT_KNOWN), visit) if of(wanted) else {} for row in rows]


def with_costs(runtime: Runtime, wanted: Selection, rows: pa.Table, visit: Visit) -> pa.Table:
    """The rows for a file: of late shipments with the columns of `core.files.export.LATE`."""
    if not of(wanted):
        return rows
    ids = rows["shipment_id"].to_pylist()
    found = _costs(runtime, wanted, ids, visit)
    costs = [found.get(number, _NOT_KNOWN) for number in ids]
    for name, type_ in zip(LATE, (pa.int64(), pa.string(), pa.float64()), strict=True):
        rows = rows.append_column(name, pa.array([cost[name] for cost in costs], type_))
    return rows


def _costs(runtime: Runtime, wanted: Selection, ids: Sequence[int], visit: Visit) -> dict[int, dict[str, Any]]:
    if wanted.behind is None or not of(wanted):
        return {}
    return figures.costs(runtime.store, ids, wanted.behind.period, wanted, visit=visit)


def _cells(row: Mapping[str, Any], cost: Mapping[str, Any], visit: Visit) -> dict[str, str]:
    late, step, hours = (cost[name] for name in LATE)
    return {
        "promised": formats.day(row["promised_on"], visit.clock.today),
        "delivered": formats.day(_day(row["delivered_at"], visit), visit.clock.today),
        "days_late": "–" if late is None else formats.count(late),
        "costliest_step": f"{SEGMENTS[step].name} + {figure_texts.hours(hours)}" if step else "–",
    }


def _day(at: Any, visit: Visit) -> date | None:
    return at.astimezone(visit.clock.zone).date() if at else None
