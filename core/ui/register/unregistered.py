"""What waits longest for an invoice, beside the boxes until something was scanned."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.labels import DESTINATIONS
from core.domain.language import tr
from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.sorting import Order, Sort
from core.runtime import Runtime
from core.services.shipments import queries
from core.ui.kit import shipment_drawer, shipment_rows, who
from core.ui.kit.shipment_rows import Row
from core.ui.kit.table import SHIPMENT_COLUMNS, TableView, table

SHOWN: Final = 10
_KEYS: Final = ("id", "products", "destination", "warehouse", "age")
_COLUMNS: Final = [replace(column, sort=None) for column in SHIPMENT_COLUMNS if column.key in _KEYS]


def longest(runtime: Runtime, warehouse: str, zone: ZoneInfo, now: datetime) -> None:
    """The shipments of the warehouse, "" for any, that have waited longest; nothing where none waits."""
    rows = _rows(runtime, warehouse)
    if not rows:
        return
    st.caption(tr("These have waited longest for an invoice:"))
    table(
        _COLUMNS,
        [shipment_rows.table_row(row, runtime.rules, zone, now) for row in rows],
        key="waiting_longest",
        caption=tr("Shipments that have waited longest for an invoice"),
        view=TableView(height="content"),
        on_event=lambda event: shipment_drawer.open_drawer(event.id),
    )


def _rows(runtime: Runtime, warehouse: str) -> Sequence[Row]:
    of_warehouse = {"warehouse": (warehouse,)} if warehouse else {}
    found = [
        row
        for destination in DESTINATIONS
        for row in queries.rows(
            runtime.store,
            Selection(tab=Tab.PREPARING, destination=destination, **of_warehouse),
            Order(Sort.AGE),
            visit=who.visit(runtime),
            size=SHOWN,
            number=1,
        )
        if row["invoice_no"] is None
    ]
    return sorted(found, key=lambda row: row["status_since"])[:SHOWN]
