"""The invoice on one line: company, number, Copy, View Shipment Details, history, pencil, wastebasket."""

from collections.abc import Sequence
from typing import Final

from core.ui.kit.components import component

TRACKING: Final = "tracking_section"
HISTORY: Final = "history_section"

_mount = component(
    "shipdesk_invoice_line",
    '<div class="invoice-line"></div>',
    "invoice_line.css",
    "icons.js",
    "invoice_line.js",
    isolated=False,
)


def invoice_line(*, carrier: str, number: str, can: Sequence[str], key: str) -> str | None:
    """Draws the line and returns what was pressed on it, once: an action that `can` names.

    [View Shipment Details] and the history icon go to the containers with the keys `TRACKING` and `HISTORY`.
    """
    data = {"carrier": carrier, "number": number, "can": list(can), "tracking": TRACKING, "history": HISTORY}
    result = _mount(key=key, data=data, on_pressed_change=lambda: None)
    pressed: str | None = result.get("pressed")
    return pressed
