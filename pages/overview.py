"""Overview: are we on time, what is piling up, and what to do first."""

import streamlit as st

from core import runtime as runtimes
from core.ui import explain, messages, overview, overview_charts, overview_seen, overview_tables, overview_tiles, panel

overview.leave()
runtime = runtimes.get()
now = overview_seen.this_minute(runtime)
view, today = overview.read(now, runtime.settings.zone), now.astimezone(runtime.settings.zone).date()

with messages.guarded("This page"):
    overview.header(view, overview_seen.warehouses(runtime), today)
    seen = overview_seen.ask(runtime, view, now)
    if seen.is_empty:
        overview.empty_shop()
        st.stop()
    overview.quiet_period(view, seen.period, today)
    overview_tiles.tiles(view, seen.period)
    halves = st.grid(2, min_column_width=560, gap="xsmall")
    with halves.cell():
        overview_charts.trend_card(runtime, view, seen.period, now)
    with halves.cell():
        overview_charts.backlog_card(view, seen.backlog)
    overview_tables.worklist(runtime, view, seen.tasks, seen.backlog, now)
    overview_tables.carriers(runtime, view, seen.period)
    if not explain.drawer(runtime):
        panel.drawer(runtime)
