"""Shipments: the tabs, the search, the list, and a drawer for the shipment that was pressed."""

from collections.abc import Mapping

import streamlit as st

from core import runtime as runtimes
from core.domain.shipment import Tab
from core.services.shipments import queries
from core.ui.kit import cached, filter_chips, filters, formats, messages, shipment_drawer, shipment_rows
from core.ui.kit.table import TableEvent, TableView, shipment_table
from core.ui.shipment import panel
from core.ui.shipments import empty, export, grid_entry, refreshing

runtime = runtimes.get()
now, shop_zone = runtime.now(), runtime.settings.zone
zone, today = formats.viewer_zone(shop_zone), now.astimezone(shop_zone).date()
wanted, order, size = filters.read()


def pressed(event: TableEvent) -> None:
    if event.name == "sort":
        filters.sort_by(order, event.id)
    else:
        shipment_drawer.open_drawer(event.id, event.name)


def live_counts() -> Mapping[Tab, int]:
    """The counts under the list as it was drawn, asked again only when something was written since."""
    if runtime.store.changes == seen:
        return page.counts
    return queries.counts(runtime.store, wanted, zone=shop_zone, now=runtime.now())


with messages.guarded("This list"):
    seen = runtime.store.changes
    page = queries.page(runtime.store, wanted, order, zone=shop_zone, now=now, size=size, number=filters.page_number)
    filters.tabs(wanted, page.counts, live_counts)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        filters.search(wanted, today)
        filters.optional(wanted, cached.choices(runtime), runtime.rules)
        st.space("stretch")
        refreshing.listed(runtime, wanted, order, page)
        export.everything(runtime, wanted, order, page.total)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        filter_chips.chips(wanted, page.total, runtime.rules, today)
        st.space("stretch")
        refreshing.status(runtime)
        export.selected(runtime, wanted, order)
        refreshing.selected(runtime)
        grid_entry.offer(runtime, wanted)
    empty.not_found(page, wanted)
    if page.rows:
        shipment_table(
            [shipment_rows.table_row(row, runtime.rules, zone, now) for row in page.rows],
            key=filters.TABLE,
            caption=f"Shipments in {filters.TABS[wanted.tab]}, {filters.DESTINATIONS[wanted.destination]}",
            view=TableView((order.sort, order.descending), selectable=True, shows=filters.view(order, size)),
            on_event=pressed,
        )
        filters.foot(page, size, now, zone)
    else:
        empty.panel(page, wanted, runtime.rules)
    panel.drawer(runtime)
    grid_entry.dialog(runtime)
