"""The packing list of the shipments that its link names: `/packing_list?no=S261115-03188&no=…`."""

import streamlit as st

from core import runtime as runtimes
from core.domain.language import tr
from core.ui.kit import formats, messages
from core.ui.shipments import packing

runtime = runtimes.get()

with messages.guarded(tr("This packing list")):
    packing.sheet(runtime, st.query_params.get_all("no"), formats.viewer_zone(runtime.settings.zone))
