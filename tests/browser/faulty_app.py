"""A server whose page has a fault in every place where one can come up."""

import streamlit as st

from core.ui.kit import messages

app = st.App("faulty_page.py", on_script_error=messages.unforeseen)
