"""The list as a piece of the worklist: in whose hands each shipment is, and which are new to the person who looks."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from core.domain.columns import ListColumn
from core.domain.fields import FIELDS
from core.domain.permissions import Act
from core.domain.selection import Selection
from core.domain.visit import Visit
from core.runtime import Runtime
from core.services.shipments import worklist
from core.ui.kit import cached, who
from core.ui.kit.table import SHIPMENT_COLUMNS, TableColumn

_LEFT_OUT: Final = ("ordered", "warehouse")
_IN_HAND: Final = TableColumn("in_hand", FIELDS.in_english["in_hand"], 120, min=84, grow=2, under="status")


def of(wanted: Selection) -> bool:
    """Whether the list is a piece of the worklist, or of somebody's."""
    return bool(wanted["work"] or wanted["assigned"])


def columns(chosen: Sequence[ListColumn]) -> tuple[TableColumn, ...]:
    """The columns of such a list as somebody chose them: who has it in hand instead of when it was ordered and where it lies."""
    by_key = {column.key: column for column in SHIPMENT_COLUMNS}
    kept = [by_key[key] for key in chosen if key not in _LEFT_OUT]
    place = next((place for place, column in enumerate(kept) if column.key == ListColumn.ACTIONS), len(kept))
    return (*kept[:place], _IN_HAND, *kept[place:])


def choices(runtime: Runtime) -> dict[str, list[str]]:
    """What filters offer, of the hands first one's own and nobody's."""
    found, own = cached.choices(runtime), who.person(runtime).name
    mine = [] if who.denied(runtime, Act.WORK) else [own]
    return {**found, "assigned": list(dict.fromkeys([*mine, "", *found["assigned"]]))}


def cells(runtime: Runtime, rows: Sequence[Mapping[str, Any]], visit: Visit) -> list[dict[str, Any]]:
    """In whose hands each is, and whether it is new to who looks."""
    flagged = [row["shipment_id"] for row in rows if row["flag"]]
    new = worklist.new_among(runtime.store, flagged, visit=visit)
    return [{"in_hand": row["assigned_to"] or "", "new": row["shipment_id"] in new} for row in rows]


def marked(drawn: dict[str, Any], work: Mapping[str, Any]) -> dict[str, Any]:
    """The row as it is drawn, with these cells and the mark of what is new on its flag."""
    flag = {**drawn["flag"], "new": True} if work["new"] and drawn["flag"] else drawn["flag"]
    return {**drawn, "in_hand": work["in_hand"], "flag": flag}


def with_hands(wanted: Selection, rows: pa.Table) -> pa.Table:
    """The rows for a file: of such a list with the column of `core.files.export.WORK`."""
    return rows.append_column("in_hand", pc.fill_null(rows["assigned_to"], "")) if of(wanted) else rows
