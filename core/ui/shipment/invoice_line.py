"""The invoice on one line: company, number, Copy, View Shipment Details, history, pencil, wastebasket."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import streamlit as st

ASSETS: Final = Path(__file__).parents[1] / "kit" / "assets"
TRACKING: Final = "tracking_section"
HISTORY: Final = "history_section"

# Not in a shadow root: the drawer's focus trap does not look into one, and the keyboard would pass the buttons by.
_mount = st.components.v2.component(
    "shipdesk_invoice_line",
    html='<div class="invoice-line"></div>',
    css=(ASSETS / "invoice_line.css").read_text(encoding="utf-8"),
    js=(ASSETS / "icons.js").read_text(encoding="utf-8") + (ASSETS / "invoice_line.js").read_text(encoding="utf-8"),
    isolate_styles=False,
)


def invoice_line(*, carrier: str, number: str, can: Sequence[str], key: str) -> str | None:
    """Draws the line and returns what was pressed on it, once: "modify" or "delete", where `can` names them.

    [View Shipment Details] and the history icon go to the containers with the keys `TRACKING` and `HISTORY`.
    """
    data = {"carrier": carrier, "number": number, "can": list(can), "tracking": TRACKING, "history": HISTORY}
    result = _mount(key=key, data=data, on_pressed_change=lambda: None)
    pressed: str | None = result.get("pressed")
    return pressed
