"""What is folded behind its title on a phone, and stands there as it is where there is room."""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from core.ui.kit.components import component

_mount = component("shipdesk_fold", '<button type="button"></button>', "icons.css", "fold.css", "icons.js", "fold.js")


@contextmanager
def on_phones(key: str, title: str, *, in_a_row: bool = False) -> Iterator[None]:
    """What is drawn inside, one below the other or `in_a_row`; frame.css says what a fold that is closed hides.

    It opens without the server, and stays open.
    """
    row = {"horizontal": True, "vertical_alignment": "center", "width": "content"}
    with st.container(key=f"fold-{key}", gap="xsmall", **(row if in_a_row else {"height": "stretch"})):
        _mount(key=f"folded:{key}", data={"title": title})
        yield
