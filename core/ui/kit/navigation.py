"""The pages of the desk, as they are called in the language that is spoken."""

from copy import copy
from functools import cache
from typing import Any

import streamlit as st

from core.config import ROOT
from core.domain.language import Language, speech, tr

PAGES = ROOT / "pages"


def pages(manages: bool) -> list[Any]:
    """All of them for one run, those that are only led to hidden; also People, but for who `manages` them."""
    # Streamlit looks each file up on the disk, so it does so once; it marks the page that may run, so each run has its own.
    return [copy(page) for page in _made(speech().language, manages)]


@cache
def _made(_: Language, manages: bool) -> list[Any]:
    return [
        st.Page(PAGES / "overview.py", title=tr("Overview"), icon=":material/monitoring:"),
        st.Page(PAGES / "shipments.py", title=tr("Shipments"), icon=":material/view_list:"),
        st.Page(PAGES / "register.py", title=tr("Register"), icon=":material/barcode_scanner:"),
        st.Page(PAGES / "upload.py", title=tr("Upload"), icon=":material/upload_file:"),
        st.Page(PAGES / "delays.py", title=tr("Delays"), icon=":material/schedule:"),
        st.Page(PAGES / "carriers.py", title=tr("Carriers"), icon=":material/local_shipping:"),
        st.Page(PAGES / "data.py", title=tr("Data"), icon=":material/database:"),
        st.Page(
            PAGES / "people.py", title=tr("People"), icon=":material/group:", visibility="visible" if manages else "hidden"
        ),
        st.Page(PAGES / "shipment.py", title=tr("Shipment"), visibility="hidden"),
        st.Page(PAGES / "packing_list.py", title=tr("Packing list"), visibility="hidden"),
        st.Page(PAGES / "not_found.py", title=tr("No such page"), visibility="hidden"),
        # The default page has no address of its own but "/", so it is the list once more.
        st.Page(PAGES / "shipments.py", title=tr("Shipments"), url_path="home", default=True, visibility="hidden"),
    ]
