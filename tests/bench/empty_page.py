"""One button, one line."""

import streamlit as st

st.session_state["turn"] = st.session_state.get("turn", 0) + 1
st.button("Again")
st.markdown(f"{st.session_state['turn']}")
