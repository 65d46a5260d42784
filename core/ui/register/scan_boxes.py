"""The two boxes of the Register page: they keep the focus, know a scanner from a hand, and queue what was scanned."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from core.domain.fields import FIELDS
from core.domain.language import Vocabulary
from core.ui.kit import shared, unfinished
from core.ui.kit.components import component
from core.ui.kit.sentences import WorkText

_WORDS: Final = Vocabulary(
    {
        "title": "Register invoices one by one",
        "warehouse": FIELDS.in_english["warehouse"],
        "any": "any",
        "first": "1 · Shipment No.",
        "second": "2 · Invoice No.",
        "scan": "Scan or type",
        "carrier": FIELDS.in_english["carrier"],
        "no_carrier": "Known once a shipment is scanned",
        "other": "Other…",
        "all_carriers": shared.ALL_COMPANIES,
        "register": "Register",
        "restart": "Start over",
        "enter": "Enter saves and clears the boxes",
        "sounds": "Sounds",
    }
)
_CAMERA: Final = Vocabulary(
    {
        "start": "Scan with camera",
        "stop": "Turn the camera off",
        "torch": "Light",
        "picture": "What the camera sees",
        "aim": "Hold the bar code in the middle. The picture stays on this device.",
        "hidden": "The camera was turned off while the page was out of sight.",
        "denied": "The browser does not let this page use the camera. Allow it in the browser's settings of this site, or type the number.",
        "absent": "This device has no camera that can be used. Type the number, or use a scanner.",
        "busy": "The camera cannot be used now: another program may have it. Close that, then turn the camera on again.",
        "insecure": "Browsers let a page use the camera only over HTTPS. Open the desk by its https address, or type the number.",
        "unread": "The camera is on, but its picture cannot be read here. Type the number, or use a scanner.",
    }
)
_mount = component(
    "shipdesk_scan_boxes",
    '<div class="desk"></div>',
    "icons.css",
    "scan_boxes.css",
    "icons.js",
    "tab.js",
    "sounds.js",
    "camera.js",
    "scan_boxes.js",
)


@dataclass(frozen=True)
class BoxesShown:
    """What the boxes show and offer.

    An answer: id, verdict, message, field, shipment_no, number, offered and best (codes), proposed (why the best is, in a word, ""
    where it is not) and what that means, shipment (chip, recipient, where, what) or None. `companies` are codes with names, `warehouse` is the one of `warehouses` that is chosen, "" for any. Another `focus`
    than before puts the focus into a box.
    """

    answers: Sequence[Mapping[str, Any]]
    companies: Sequence[tuple[str, str]]
    warehouses: Sequence[str]
    warehouse: str
    focus: int


def scan_boxes(shown: BoxesShown, *, key: str, on_scan: Callable[[], None]) -> None:
    """Draws the boxes. `on_scan` runs when something was scanned; `jobs(key)` then gives what is not answered yet.

    A job stays in the queue until an answer with its id was drawn, also over a restart of the server and a reload of the page.
    """
    data = {
        "session": unfinished.session(),
        "words": dict(_WORDS)
        | {"unsent": str(WorkText.UNSENT()), "undo": str(WorkText.UNSENT_UNDO()), "camera": dict(_CAMERA)},
        "answers": [dict(answer) for answer in shown.answers],
        "companies": [list(company) for company in shown.companies],
        "warehouses": list(shown.warehouses),
        "warehouse": shown.warehouse,
        "focus": shown.focus,
    }
    _mount(key=key, data=data, on_queue_change=on_scan)


def jobs(key: str) -> list[dict[str, Any]]:
    """What this session was told of and is not answered yet, oldest first: id, kind (look, save, undo, clear, warehouse) and its texts."""
    queue = _queue(key)
    found = queue.get("jobs") if queue.get("session") == unfinished.session() else ()
    return [job for job in found or () if isinstance(job, dict) and isinstance(job.get("id"), str)]


def _queue(key: str) -> Mapping[str, Any]:
    said = st.session_state.get(key) or {}
    return said.get("queue") or {}
