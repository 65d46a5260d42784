"""The grid to type invoices into: real boxes that keep up with a scanner and take pasted cells.

The table editor that Streamlit brings draws on a canvas, loses keys that come faster than a hand types, and keeps Ctrl+Enter.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from core.domain.fields import FIELDS
from core.domain.language import Vocabulary
from core.ui.kit import unfinished
from core.ui.kit.components import component

_WORDS: Final = Vocabulary(
    {
        "caption": "Invoices to enter",
        "row": "Row",
        "shipment_no": FIELDS.in_english["shipment_no"],
        "recipient": FIELDS.in_english["recipient"],
        "carrier": FIELDS.in_english["carrier"],
        "invoice_no": FIELDS.in_english["invoice_no"],
        "verdict": "Verdict, and what to do",
        "carrier_of": "Shipping company of {id}",
        "invoice_of": "Invoice No. of {id}",
        "is_proposed": "{id}: {name} is proposed.",
        "act_on": "{act} {id}",
        "line_left": "{count} pasted line found no row here.",
        "lines_left": "{count} pasted lines found no row here.",
    }
)
_mount = component(
    "shipdesk_entry_grid",
    '<div class="entry-grid"></div>',
    "icons.css",
    "entry_grid.css",
    "icons.js",
    "tab.js",
    "entry_grid.js",
    isolated=False,
    within=".entry-grid",
)


@dataclass(frozen=True)
class GridShown:
    """What the grid shows: one line per row (id, recipient). Another `turn` replaces what is in the boxes by `values`.

    Values are company, number and whether the warning is confirmed, by row. A verdict: chip, `wrong` (the field that is: carrier,
    invoice_no, shipment_no, or ""), why, `act` (the word of a button that confirms or takes back, or ""), `of` (the values it was made
    of), `company` (the one that is meant) and `proposed` (the one that is proposed where none is chosen, with `proposed_why` in a word
    and what that `means`): it is shown as that, and is no value until a person chooses it.
    """

    turn: str
    rows: Sequence[Mapping[str, str]]
    values: Mapping[str, Sequence[Any]]
    verdicts: Mapping[str, Mapping[str, Any]]
    companies: Sequence[str]


def entry_grid(shown: GridShown, *, key: str, on_save: Callable[[], None]) -> None:
    """Draws the grid. `on_save` runs when the save key was pressed in it; `typed(key, turn)` gives what stands in the boxes."""
    data = {
        "words": dict(_WORDS),
        "session": unfinished.session(),
        "turn": shown.turn,
        "rows": [dict(row) for row in shown.rows],
        "values": {id: list(said) for id, said in shown.values.items()},
        "verdicts": {id: dict(verdict) for id, verdict in shown.verdicts.items()},
        "companies": list(shown.companies),
    }
    _mount(key=key, data=data, on_typed_change=lambda: None, on_save_change=on_save)


def typed(key: str, turn: str) -> Mapping[str, Sequence[Any]]:
    """What stands in the boxes, by row, as `values`; nothing when it was typed before this turn."""
    said = st.session_state.get(key) or {}
    for news in (said.get("save"), said.get("typed")):
        if isinstance(news, dict) and news.get("turn") == turn and isinstance(news.get("rows"), dict):
            return {str(id): values for id, values in news["rows"].items() if isinstance(values, list) and len(values) == 3}
    return {}
