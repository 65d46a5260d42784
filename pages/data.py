"""Data: the way from the demo shop to one's own, import of orders, numbers that go back, batches and undo, backup."""

import streamlit as st

from core import runtime as runtimes
from core.domain.language import tr
from core.ui.data import backup, batches, handback, importing, own_shop, twins
from core.ui.kit import formats, messages, shared

runtime = runtimes.get()
now = runtime.now()
zone = formats.viewer_zone(runtime.settings.zone)

with messages.guarded(tr(shared.THIS_PAGE)):
    own_shop.line(runtime)
    twins.say(runtime)
    st.header(tr(shared.IMPORT_SHIPMENTS), anchor=False)
    importing.section(runtime)
    st.header(tr("Hand numbers back"), anchor=False)
    handback.section(runtime, zone, now)
    st.header(tr("Batches"), anchor=False)
    batches.batches(runtime, zone, now)
    st.header(tr("Backup"), anchor=False)
    backup.section(runtime, now)
    own_shop.question(runtime)
