"""What the browser calls the page: in its tab, in its history, and first of all to who cannot see it."""

import streamlit as st

from core.ui.kit import formats

NAME = "Shipdesk"


def show(title: str) -> None:
    """`Overview · Shipdesk`"""
    st.set_page_config(page_title=formats.facts(title, NAME))
