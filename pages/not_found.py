"""No such page: what was asked for, and a way on."""

import streamlit as st

from core.ui.kit import formats, links

asked = st.query_params.get("path", "")[:120]

st.header("There is no such page", anchor=False)
named = f"Nothing is at **{formats.plain(asked)}**." if asked else "Nothing is at this address."
st.markdown(f"{named} Check how it is written, or go on from one of the pages above.")
st.page_link(links.SHIPMENTS, label="All shipments", icon=":material/arrow_forward:")
