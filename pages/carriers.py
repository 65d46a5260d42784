"""Carriers: how each is doing, what each thinks of a number, how strictly its numbers are checked."""

import streamlit as st

from core import runtime as runtimes
from core.domain.language import tr
from core.ui.carriers import health, number_box, retiring, rules, sandbox
from core.ui.kit import formats, messages, shared, who
from core.ui.shipment import panel

runtime = runtimes.get()
zone = formats.viewer_zone(runtime.settings.zone)

with messages.guarded(tr(shared.THIS_PAGE)):
    health.health(runtime, zone)
    known = runtime.carrier_health(person=who.person(runtime))
    halves = st.grid(2, min_column_width=460, gap="medium")
    with halves.cell():
        number_box.section(runtime)
        retiring.section(runtime, zone, known)
        sandbox.section(runtime, known)
    with halves.cell():
        rules.section(runtime, zone, known)
    panel.drawer(runtime)
