"""Delays: which lanes were late and when, in which step the hours went, whose parcels they were, and what may still come late."""

import streamlit as st

from core import runtime as runtimes
from core.domain.language import tr
from core.ui.delays import cards, export, open_shipments, pivot, sql_box
from core.ui.delays import header as delays
from core.ui.delays import seen as delays_seen
from core.ui.kit import cached, empty_shop, explain, filters, links, messages, periods, shared
from core.ui.shipment import panel

runtime = runtimes.get()
now, zone = periods.this_minute(runtime), runtime.settings.zone
view, words, today = delays.read(now, zone), filters.wording(runtime), now.astimezone(zone).date()

links.leave()
with messages.guarded(tr(shared.THIS_PAGE)):
    view, card = delays_seen.opened(runtime, view, now)
    top = st.container(horizontal=True, vertical_alignment="center", gap="xsmall")
    with top:
        delays.header(view, card, cached.choices(runtime), words)
    if delays_seen.is_there(card):
        seen = delays_seen.look(runtime, view, card, now)
        with top:
            export.menu(runtime, view, seen)
        cards.cards(runtime, view, seen, today)
        open_shipments.table_of(runtime, seen.risks, today)
        pivot.section(view, seen.pivot, seen.all, words)
    elif empty_shop.is_empty(runtime):
        empty_shop.panel()
    else:
        delays.nothing(view, words)
    sql_box.section(runtime)
    if not explain.drawer(runtime):
        panel.drawer(runtime)
