"""Shipments: the tabs, the search, the list, and a drawer for the shipment that was pressed."""

import streamlit as st

from core import runtime as runtimes
from core.domain.language import tr
from core.domain.selection import Counts
from core.services.shipments import queries
from core.ui.kit import (
    cached,
    empty_shop,
    filter_chips,
    filters,
    formats,
    messages,
    notes,
    shared,
    shipment_drawer,
    walking,
    who,
)
from core.ui.kit.table import TableEvent, TableView, shipment_table
from core.ui.kit.walking import WalkedList
from core.ui.shipment import panel
from core.ui.shipments import ahead, columns, controls, empty, export, grid_entry, listed, packing, refreshing, worked, working

runtime = runtimes.get()
now, shop_zone = runtime.now(), runtime.settings.zone
zone, words = formats.viewer_zone(shop_zone), filters.wording(runtime)
asked = controls.read(runtime.rules, who.person(runtime))
wanted, order, size = asked.wanted, asked.order, asked.size


def pressed(event: TableEvent) -> None:
    if event.name == "sort":
        controls.sort_by(event.id)
    else:
        shipment_drawer.open_drawer(event.id, event.name)


def live_counts() -> Counts:
    """The counts under the list as it was drawn, asked again only when something was written since."""
    if runtime.store.changes == seen:
        return page.counts
    return cached.counts(runtime, wanted, since=seen)


with messages.guarded(tr(shared.THIS_LIST)):
    seen = runtime.store.changes
    page = queries.page(runtime.store, wanted, order, visit=who.visit(runtime, now), size=size, number=asked.within)
    controls.tabs(wanted, page.counts, live_counts)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        controls.search(wanted, words, who.person(runtime))
        filters.optional(wanted, worked.choices(runtime), words)
        st.space("stretch")
        refreshing.listed(runtime, wanted, order, page)
        packing.listed([row["shipment_no"] for row in page.rows])
        export.everything(runtime, wanted, order, page.total)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        filter_chips.chips(wanted, page.total, words)
        notes.say_done()
        st.space("stretch")
        refreshing.status(runtime)
        export.selected(runtime, wanted, order)
        packing.selected()
        refreshing.selected(runtime)
        working.selected(runtime)
        grid_entry.offer(runtime, wanted)
        shown = columns.chosen(runtime)
        columns.chooser(runtime, shown)
    working.answer(runtime)
    empty.nameless(who.person(runtime))
    empty.not_found(page, wanted)
    if page.rows:
        shipment_table(
            listed.drawn(runtime, wanted, page.rows, who.visit(runtime, now), zone),
            key=filters.TABLE,
            caption=listed.caption(wanted),
            view=TableView(
                (order.sort, order.descending),
                selectable=True,
                shows=controls.view(order, size),
                ahead=ahead.offered(asked, page.total, zone),
                open=shipment_drawer.opened() or "",
            ),
            on_event=pressed,
            columns=listed.columns(wanted, shown),
        )
        controls.foot(page, asked, now, zone)
    elif empty_shop.is_empty(runtime):
        empty_shop.panel()
    else:
        empty.panel(page, wanted, words)
    walked = WalkedList(wanted, order, size, page.total)
    first = (asked.within(max(1, -(-page.total // size))) - 1) * size + 1
    panel.drawer(runtime, walking.among(runtime, walked, [row["shipment_no"] for row in page.rows], first))
    grid_entry.dialog(runtime)
