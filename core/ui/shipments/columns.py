"""[Columns]: which columns of the list somebody shows and in which order, kept for them wherever they sit down."""

from typing import Final

import streamlit as st

from core.domain.columns import ALWAYS, ListColumn
from core.domain.language import Vocabulary, tr
from core.runtime import Runtime
from core.services.people import preferences
from core.ui.kit import cached, who
from core.ui.kit.components import component
from core.ui.kit.table import SHIPMENT_COLUMNS

_LIST: Final = "column_list"
_WORDS: Final = Vocabulary(
    {
        "title": "Columns of this list",
        "kept": "Your choice is kept. In a narrow window some columns stand below others.",
        "up": "Move {column} up",
        "down": "Move {column} down",
        "moved": "{column} is column {place} now.",
        "reset": "Back to the usual columns",
    }
)
_mount = component(
    "shipdesk_column_list",
    '<div class="column-list"></div>',
    "column_list.css",
    "icons.js",
    "column_list.js",
    isolated=False,
    within=".column-list",
)


def chosen(runtime: Runtime) -> tuple[ListColumn, ...]:
    """The columns that whoever is here shows."""
    person = who.person(runtime)
    found: tuple[ListColumn, ...] = cached.of_people(
        runtime, ("columns", person.name), lambda: preferences.list_columns(runtime.store, person=person)
    )
    return found


def chooser(runtime: Runtime, shown: tuple[ListColumn, ...]) -> None:
    """The place where columns are shown, hidden and moved; now these are shown."""
    labels = {column.key: column.label.replace("\u00ad", "") for column in SHIPMENT_COLUMNS}
    rest = [column for column in ListColumn if column not in shown]
    with st.popover(tr("Choose columns"), icon=":material/view_column:", type="tertiary", key="columns"):
        _mount(
            key=_LIST,
            data={
                "words": dict(_WORDS),
                "columns": [
                    {"key": str(key), "label": labels[key], "shown": key in shown, "always": key is ALWAYS}
                    for key in (*shown, *rest)
                ],
                "all": shown == tuple(ListColumn),
            },
            on_chosen_change=lambda: _keep(runtime),
        )


def _keep(runtime: Runtime) -> None:
    said = st.session_state[_LIST].get("chosen")
    if isinstance(said, list):
        preferences.keep_columns(runtime.store, map(str, said), person=who.person(runtime), now=runtime.now())
