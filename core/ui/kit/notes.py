"""Notes: from a press to the next runs, what came of it; and in a line, why there is nothing to draw."""

import time
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from core.ui.kit import formats

_CHANGED: Final = "note:changed"
_DONE: Final = "note:done"
_SAID_FOR: Final = 10.0
"""Seconds for which an answer stays: a page that draws itself anew right away would take it away unread."""


@dataclass
class _Answer:
    """What is to be said, and at which moment of the monotonic clock it was said first."""

    what: Any
    said_at: float | None = None


def keep(place: str, what: Any) -> None:
    """Keeps what came of a press, to be said at this place of the page instead of what stood there."""
    st.session_state[place] = _Answer(what)


def kept(place: str) -> Any:
    """What is to be said at this place, for a while from when it was said first; None for nothing."""
    answer: _Answer | None = st.session_state.get(place)
    if answer is None:
        return None
    if answer.said_at is None:
        answer.said_at = time.monotonic()
    if time.monotonic() - answer.said_at > _SAID_FOR:
        del st.session_state[place]
        return None
    return answer.what


def changed() -> None:
    """Something was saved in a drawer: the page behind it must be drawn again."""
    st.session_state[_CHANGED] = True


def pop_changed() -> bool:
    """Whether something was saved since the page was last drawn whole."""
    return bool(st.session_state.pop(_CHANGED, False))


def done(text: str) -> None:
    """Keeps the words to be said."""
    keep(_DONE, text)


def say_done() -> None:
    """Says what was saved, in the line that is open: it covers nothing."""
    if text := kept(_DONE):
        st.markdown(f":green[:material/check: {formats.plain(text)}]", width="content")


def nothing(title: str, text: str, icon: str) -> None:
    """Says in a line why a chart is not there."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"{icon} **{formats.plain(title)}**", width="content")
        st.caption(formats.plain(text), width="content")
