"""What the browser calls the page: in its tab, in its history, and first of all to who cannot see it; and the logo beside that."""

from base64 import b64encode
from pathlib import Path
from typing import Final

import streamlit as st

from core.ui.kit import formats

NAME = "Shipdesk"
LOGO: Final = f"data:image/svg+xml;base64,{b64encode((Path(__file__).parent / 'assets' / 'logo.svg').read_bytes()).decode()}"
"""As an address that holds it all: Streamlit would read a file again for every page."""


def show(title: str) -> None:
    """`Overview · Shipdesk`"""
    st.set_page_config(page_title=formats.facts(title, NAME))
