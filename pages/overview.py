"""Overview: are we on time, what is piling up, and what to do first."""

import streamlit as st

from core import runtime as runtimes
from core.domain.language import tr
from core.ui.kit import empty_shop, explain, links, messages, periods, shared
from core.ui.overview import cards, header, old_work, tables, tiles
from core.ui.overview import seen as overview_seen
from core.ui.shipment import panel

links.leave()
runtime = runtimes.get()
now = periods.this_minute(runtime)
view, today = header.read(now, runtime.settings.zone), now.astimezone(runtime.settings.zone).date()

with messages.guarded(tr(shared.THIS_PAGE)):
    header.header(view, overview_seen.warehouses(runtime), today)
    seen = overview_seen.ask(runtime, view, now)
    if seen.is_empty:
        empty_shop.panel()
        st.stop()
    header.quiet_period(view, seen.period, today)
    tiles.tiles(view, seen.period)
    cards.cards(runtime, view, seen, now)
    tables.worklist(runtime, view, seen, now)
    old_work.line(view, seen.old, now)
    tables.carriers(runtime, view, seen.period)
    if not (explain.drawer(runtime) or old_work.drawer(runtime)):
        panel.drawer(runtime)
