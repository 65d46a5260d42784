"""The chips of a list of shipments: each filter in words, removed by a press."""

import streamlit as st

from core.domain.dimensions import Wording
from core.domain.language import tr
from core.domain.reasons import Reason
from core.domain.selection import Selection
from core.ui.kit import filters, formats, shared


class ChipText(Reason):
    """How many shipments are shown, before the chips."""

    ALL = "all", {"one": "**{count}** shipment", "other": "**{count:,}** shipments"}
    FILTERED = (
        "filtered",
        {"one": "**{count}** shipment · filtered by", "other": "**{count:,}** shipments · filtered by"},
    )


def chips(wanted: Selection, total: int, words: Wording) -> None:
    """How many shipments are shown, and one chip per filter; a press on a chip removes the filter."""
    active = {name: formats.plain(text) for name, text in wanted.chips(words).items()}
    with st.container(key="list_total", width="content"):
        st.markdown(str((ChipText.FILTERED if active else ChipText.ALL)(count=total)), width="content")
    if not active:
        return
    st.session_state.setdefault("chips", None)
    st.pills(
        tr("Filters"),
        list(active),
        key="chips",
        format_func=lambda name: f"{active[name]} :material/close:",
        label_visibility="collapsed",
        on_change=_remove,
    )
    st.button(tr(shared.CLEAR_ALL), type="tertiary", key="clear", on_click=filters.clear)


def _remove() -> None:
    if name := st.session_state["chips"]:
        filters.put(**filters.without(name))
    st.session_state["chips"] = None
