"""The least that Streamlit can do at a click: what every other rerun is measured against."""

import gc
import sys

import streamlit as st

if "frozen" not in sys.modules:  # as app.py does at its start
    gc.collect()
    gc.freeze()
    sys.modules["frozen"] = gc

st.session_state["clicks"] = st.session_state.get("clicks", 0)


def clicked() -> None:
    st.session_state["clicks"] += 1


st.button("Again", on_click=clicked)
st.markdown(f"clicked {st.session_state['clicks']} times")
