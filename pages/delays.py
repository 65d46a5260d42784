"""Delays: which lanes were late and when, in which step the hours went, whose parcels they were, and what may still come late."""

import streamlit as st

from core import runtime as runtimes
from core.ui import (
    delays,
    delays_carriers,
    delays_cross,
    delays_export,
    delays_hours,
    delays_lanes,
    delays_open,
    delays_seen,
    explain,
    kept,
    messages,
    overview,
    overview_seen,
    panel,
    sql_box,
)

runtime = runtimes.get()
now, zone = overview_seen.this_minute(runtime), runtime.settings.zone
view, today = delays.read(now, zone), now.astimezone(zone).date()

overview.leave()
with messages.guarded("This page"):
    card = delays_seen.scorecard(runtime, view, now)
    top = st.container(horizontal=True, vertical_alignment="center", gap="xsmall")
    with top:
        delays.header(view, card, kept.choices(runtime), runtime.rules, today)
    if card.overall.denominator + card.overall.excluded:
        seen = delays_seen.look(runtime, view, card, now)
        with top:
            delays_export.menu(runtime, view, seen)
        cards = st.grid(2, min_column_width=460, gap="small")
        with cards.cell():
            delays_lanes.card(view, seen.heat, card.overall, seen.lane, today)
        with cards.cell():
            delays_hours.spread_card(view, seen.spread, seen.lane)
        with cards.cell():
            delays_hours.hours_card(view, seen.hours, seen.late, seen.lane)
        with cards.cell():
            delays_carriers.card(runtime, view, card)
        delays_open.table_of(runtime, seen.risks, today)
        delays_cross.section(runtime, view, seen.cross, seen.all, today)
    else:
        delays.nothing(view, runtime.rules, today)
    sql_box.section(runtime)
    if not explain.drawer(runtime):
        panel.drawer(runtime)
