"""The line under the company: which one is proposed for the number, as soon as it is typed, or why none is; and which field is wrong."""

from collections.abc import Callable
from dataclasses import asdict, dataclass

import streamlit as st

from core.ui.kit.components import component
from core.ui.shipment.invoice_line import FORM

_mount = component(
    "shipdesk_proposal_line",
    '<div class="proposal-line" role="status"></div>',
    "proposal_line.css",
    "icons.js",
    "proposal_line.js",
    isolated=False,
)


@dataclass(frozen=True)
class Proposing:
    """What is said of the company, in a word and what that `means`; the field that is `wrong`, carrier, invoice_no or "", gets the focus,
    once for the press that is named `answer`.
    """

    said: str
    means: str
    wrong: str
    answer: str


def proposal_line(shown: Proposing, *, key: str, on_number: Callable[[str], object]) -> None:
    """Draws the line; `on_number` is called with what stands in the box of the number, before it is saved."""

    def report() -> None:
        on_number(str(st.session_state[key].get("number") or ""))

    _mount(key=key, data=asdict(shown) | {"form": f".st-key-{FORM}"}, on_number_change=report)
