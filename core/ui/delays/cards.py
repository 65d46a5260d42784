"""The four charts of the Delays page, two side by side; one that has nothing to show leaves its room to the others, and a map of a
few routes, which is low, has a row of its own.
"""

from collections.abc import Callable
from datetime import date

import streamlit as st

from core.runtime import Runtime
from core.ui.delays import companies, hours, lanes
from core.ui.delays.header import View
from core.ui.delays.seen import DelaysSeen
from core.ui.kit import notes


def cards(runtime: Runtime, view: View, seen: DelaysSeen, today: date) -> None:
    """Those that have something to show, and a line for each of the others that says why it has not."""
    drawn = _drawn(runtime, view, seen, today)
    if seen.heat.cells and lanes.is_low(seen.heat, seen.lane):
        drawn.pop(0)()
    beside = len(drawn) - len(drawn) % 2
    halves = st.grid(2, min_column_width=460, gap="small")
    for draw in drawn[:beside]:
        with halves.cell():
            draw()
    for draw in drawn[beside:]:
        draw()
    if hours.why_no_spread(seen.spread.value):
        hours.no_spread(view, seen.spread, seen.lane)
    for said in (hours.why_no_hours(seen.hours), companies.why_none(seen.card)):
        if said:
            notes.nothing(*said)


def _drawn(runtime: Runtime, view: View, seen: DelaysSeen, today: date) -> list[Callable[[], None]]:
    every: tuple[tuple[bool, Callable[[], None]], ...] = (
        (bool(seen.heat.cells), lambda: lanes.card(view, seen.heat, seen.card.overall, seen.lane, today)),
        (not hours.why_no_spread(seen.spread.value), lambda: hours.spread_card(view, seen.spread, seen.lane)),
        (not hours.why_no_hours(seen.hours), lambda: hours.hours_card(view, seen.hours, seen.late, seen.lane)),
        (not companies.why_none(seen.card), lambda: companies.card(runtime, view, seen.card)),
    )
    return [draw for shown, draw in every if shown]
