"""The invoice on one line: company, number, Copy, View Shipment Details, history, pencil, wastebasket."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Final

import streamlit as st

from core.domain.language import Vocabulary
from core.domain.shipment_actions import Action
from core.ui.kit import shared
from core.ui.kit.components import component
from core.ui.kit.shipment_drawer import PanelPart

TRACKING: Final = "tracking_section"
HISTORY: Final = "history_section"
FORM: Final = "invoice_form"
KEEP: Final = "keep_invoice"
"""The keys of what the line opens; of deleting the safe choice."""

OPENS: Final = {
    PanelPart.JOURNEY: f".st-key-{TRACKING}",
    PanelPart.HISTORY: f".st-key-{HISTORY}",
    Action.REGISTER: f".st-key-{FORM} input:not([role=combobox])",
    Action.MODIFY: f".st-key-{FORM} input:not([role=combobox])",
    Action.DELETE: f".st-key-{KEEP} button",
}

_WORDS: Final = Vocabulary(
    {
        "copy": "Copy",
        "copied": "Copied",
        "not_copied": shared.PRESS_COPY,
        "none": "No invoice is registered.",
        "view": shared.VIEW_DETAILS,
        "history": "History",
        "modify": "Modify",
        "delete": "Delete",
    }
)
_mount = component(
    "shipdesk_invoice_line",
    '<div class="invoice-line"></div>',
    "invoice_line.css",
    "icons.js",
    "invoice_line.js",
    isolated=False,
)


@dataclass(frozen=True)
class InvoiceLine:
    """What stands on the line; no `number` where none is registered. `can` names actions, `unfolded` the part that is open.

    `locked` is why whoever looks may do none of what it `can`. `pressed` is what the last press opened, `press` the name of that press: what is opened gets the focus, once.
    """

    carrier: str
    number: str
    can: Sequence[str]
    unfolded: str
    pressed: str
    press: str
    locked: str | None = None


def invoice_line(shown: InvoiceLine, *, key: str, on_press: Callable[[str], None]) -> None:
    """Draws the line; `on_press` is called with an action that `can` names, or a part, before anything is drawn again."""

    def report() -> None:
        if pressed := st.session_state[key].get("pressed"):
            on_press(pressed)

    opens = next((where for part, where in OPENS.items() if part == shown.pressed), "")
    data = asdict(shown) | {"words": dict(_WORDS), "opens": opens}
    _mount(key=key, data=data, on_pressed_change=report)
