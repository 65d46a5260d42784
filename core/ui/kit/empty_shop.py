"""A shop without a single shipment: that it is so, and the way to the import, wherever shipments would stand."""

import streamlit as st

from core.domain.language import tr
from core.runtime import Runtime
from core.services.shipments import queries
from core.ui.kit import shared, who


def is_empty(runtime: Runtime) -> bool:
    """Whether the shop has no shipment at all."""
    return queries.is_empty(runtime.store, person=who.person(runtime))


def panel() -> None:
    """In place of everything that a page would show of shipments."""
    with st.container(border=True, height=420, vertical_alignment="center", horizontal_alignment="center"):
        st.markdown(":material/inbox:", width="content")
        st.markdown(tr("**There are no shipments yet**"), width="content")
        st.markdown(tr("Drop the file of your orders on Data. As soon as they are in, they are here."), width="content")
        if st.button(tr(shared.IMPORT_SHIPMENTS), icon=":material/arrow_forward:", type="primary", key="to_data"):
            st.switch_page("../../pages/data.py")
