"""Data: import of orders, numbers that go back, batches and undo, backup."""

import streamlit as st

from core import runtime as runtimes
from core.ui.data import backup, batches, handback, importing, twins
from core.ui.kit import formats, messages

runtime = runtimes.get()
now = runtime.now()
zone = formats.viewer_zone(runtime.settings.zone)

with messages.guarded("This page"):
    twins.say(runtime)
    st.header("Import shipments", anchor=False)
    importing.section(runtime)
    st.header("Hand numbers back", anchor=False)
    handback.section(runtime, zone, now)
    st.header("Batches", anchor=False)
    batches.batches(runtime, zone, now)
    st.header("Backup", anchor=False)
    backup.section(runtime, now)
