"""[Write a backup]: a checked copy of the running database beside it."""

from datetime import datetime

import streamlit as st

from core.domain.errors import ShipdeskError
from core.runtime import Runtime
from core.ui.kit import formats


def section(runtime: Runtime, now: datetime) -> None:
    """The button, and what became of the last press."""
    if runtime.store.path is None:
        st.caption("This database lives in memory only: there is nothing to back up.")
        return
    stamp = now.astimezone(runtime.settings.zone)
    target = runtime.store.path.with_name(f"{runtime.store.path.stem}-{stamp:%Y%m%d-%H%M%S}.duckdb")
    st.caption("A consistent copy of everything, written while work goes on, opened and checked before it gets its name.")
    if not st.button("Write a backup", key="backup", icon=":material/save:"):
        return
    try:
        with st.spinner("Copying and checking"):
            runtime.store.backup(target)
    except ShipdeskError as error:
        st.error(formats.plain(str(error)), title="No backup was written", icon=":material/block:")
        return
    size = target.stat().st_size / 1_000_000
    said = formats.facts(formats.plain(target.name), f"{size:,.1f} MB")
    st.success(said, title="The backup is written and checked", icon=":material/check:")
