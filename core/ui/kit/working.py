"""What one shipment and many are worked with: people by name, and the days until which something is put aside."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Final

import streamlit as st

from core.domain.language import Vocabulary, tr
from core.ui.kit.days import A_YEAR, day_box
from core.ui.kit.sentences import WorkedText

LATER: Final = Vocabulary({1: "Tomorrow", 3: "In 3 days", 7: "In a week"})
"""The days that are a press away, by how many days they are from today."""


def called(name: str, own: str) -> str:
    """What a person is called in a box: one's own name says so."""
    if not name:
        return str(WorkedText.NOBODY())
    return str(WorkedText.ME(name=name)) if name == own else name


def until(today: date, key: str, act: Callable[[date], object]) -> None:
    """The days until which something can be put aside: some that are a press away, or any other of a year."""

    def press(day: date | None) -> None:
        if day:
            act(day)

    st.caption(tr("Off the worklist until that day, or until something changes in the shipment"))
    with st.container(horizontal=True, gap="xsmall"):
        for days, label in LATER.items():
            st.button(label, key=f"{key}:{days}", on_click=press, args=(today + timedelta(days=days),))
    day_box(
        tr("Another day"),
        None,
        today,
        key=key,
        within=(today + timedelta(days=1), today + A_YEAR),
        on_day=press,
    )
