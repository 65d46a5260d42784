"""Register: a Shipment No. and an Invoice No. scanned or typed, one parcel after another, by keyboard alone."""

import streamlit as st

from core import runtime as runtimes
from core.domain.language import tr
from core.domain.permissions import Act
from core.ui.kit import formats, messages, shared, who
from core.ui.register import registering
from core.ui.shipment import panel

runtime = runtimes.get()
zone = formats.viewer_zone(runtime.settings.zone)

with messages.guarded(tr(shared.THIS_PAGE)):
    if who.refused(runtime, Act.CHANGE, tr("Register")):
        st.stop()
    halves = st.grid(2, min_column_width=460, gap="medium")
    with halves.cell():
        registering.boxes(runtime)
        registering.catches()
    with halves.cell():
        registering.last_ten(runtime, zone, runtime.now())
        registering.legend()
    panel.drawer(runtime)
