"""The line under the company: which one is proposed for the number, as soon as it is typed."""

from collections.abc import Callable

import streamlit as st

from core.ui.kit.components import component
from core.ui.shipment.invoice_line import FORM

_mount = component(
    "shipdesk_proposal_line",
    '<div class="proposal-line" role="status"></div>',
    "proposal_line.css",
    "proposal_line.js",
    isolated=False,
)


def proposal_line(said: str, *, key: str, on_number: Callable[[str], object]) -> None:
    """Draws what is said of the company; `on_number` is called with what stands in the box of the number, before it is saved."""

    def report() -> None:
        on_number(str(st.session_state[key].get("number") or ""))

    data = {"box": f".st-key-{FORM} [data-testid=stForm] input", "said": said}
    _mount(key=key, data=data, on_number_change=report)
