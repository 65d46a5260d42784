"""The grid to type invoices into: real boxes that keep up with a scanner and take pasted cells.

The table editor that Streamlit brings draws on a canvas, loses keys that come faster than a hand types, and keeps Ctrl+Enter.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from core.ui.kit.components import component

_mount = component(
    "shipdesk_entry_grid",
    '<div class="entry-grid"></div>',
    "icons.css",
    "entry_grid.css",
    "icons.js",
    "entry_grid.js",
    isolated=False,
    within=".entry-grid",
)


def entry_grid(
    *,
    key: str,
    turn: str,
    rows: Sequence[Mapping[str, str]],
    values: Mapping[str, Sequence[Any]],
    verdicts: Mapping[str, Mapping[str, Any]],
    companies: Sequence[str],
    on_save: Callable[[], None],
) -> None:
    """Draws one line per row (id, recipient). Another `turn` replaces what is in the boxes by `values`.

    Values are company, number and whether the warning is confirmed, by row. A verdict: chip, why, `act` (the word of a button
    that confirms or takes back, or ""), `of` (the values it was made of) and `company` (the one that is meant).
    """
    data = {
        "turn": turn,
        "rows": [dict(row) for row in rows],
        "values": {id: list(said) for id, said in values.items()},
        "verdicts": {id: dict(verdict) for id, verdict in verdicts.items()},
        "companies": list(companies),
    }
    _mount(key=key, data=data, on_typed_change=lambda: None, on_save_change=on_save)


def typed(key: str, turn: str) -> Mapping[str, Sequence[Any]]:
    """What stands in the boxes, by row, as `values`; nothing when it was typed before this turn."""
    said = st.session_state.get(key) or {}
    for news in (said.get("save"), said.get("typed")):
        if isinstance(news, dict) and news.get("turn") == turn and isinstance(news.get("rows"), dict):
            return {str(id): values for id, values in news["rows"].items() if isinstance(values, list) and len(values) == 3}
    return {}
