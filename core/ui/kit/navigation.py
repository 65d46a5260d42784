"""The pages of the desk, as they are called in the language that is spoken."""

from copy import copy
from functools import cache
from typing import Any

import streamlit as st

from core.config import ROOT
from core.domain.language import tr
from core.ui.kit import shared

PAGES = ROOT / "pages"


def pages(manages: bool) -> list[Any]:
    """All of them for one run, those that are only led to hidden; also People, but for who `manages` them."""
    return [
        _page("overview.py", title=tr("Overview"), icon=":material/monitoring:"),
        _page("shipments.py", title=tr("Shipments"), icon=":material/view_list:"),
        _page("register.py", title=tr("Register"), icon=":material/barcode_scanner:"),
        _page("upload.py", title=tr("Upload"), icon=":material/upload_file:"),
        _page("delays.py", title=tr("Delays"), icon=":material/schedule:"),
        _page("carriers.py", title=tr("Carriers"), icon=":material/local_shipping:"),
        _page("data.py", title=tr("Data"), icon=":material/database:"),
        _page("people.py", title=tr("People"), icon=":material/group:", visibility="visible" if manages else "hidden"),
        _page("shipment.py", title=tr("Shipment"), visibility="hidden"),
        _page("packing_list.py", title=tr(shared.PACKING_LIST), visibility="hidden"),
        _page("not_found.py", title=tr("No such page"), visibility="hidden"),
        # The default page has no address of its own but "/", so it is the list once more.
        _page("shipments.py", title=tr("Shipments"), url_path="home", default=True, visibility="hidden"),
    ]


def _page(file: str, **said: Any) -> Any:
    # Streamlit marks the page that may run, so each run has its own.
    return copy(_looked_up(file, **said))


@cache
def _looked_up(file: str, **said: Any) -> Any:
    """The page, for which Streamlit looks on the disk: once for each title."""
    return st.Page(PAGES / file, **said)
