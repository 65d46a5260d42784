"""Notes: from a press to the next run, that something was saved; and in a line, why there is nothing to draw."""

from typing import Final

import streamlit as st

from core.ui.kit import formats

_CHANGED: Final = "note:changed"
_DONE: Final = "note:done"


def changed() -> None:
    """Something was saved in a drawer: the page behind it must be drawn again."""
    st.session_state[_CHANGED] = True


def pop_changed() -> bool:
    """Whether something was saved since the page was last drawn whole."""
    return bool(st.session_state.pop(_CHANGED, False))


def done(text: str) -> None:
    """Keeps the words until they are said."""
    st.session_state[_DONE] = text


def say_done() -> None:
    """Says once what was saved, in the line that is open: it covers nothing."""
    if text := st.session_state.pop(_DONE, ""):
        st.markdown(f":green[:material/check: {formats.plain(text)}]", width="content")


def nothing(title: str, text: str, icon: str) -> None:
    """Says in a line why a chart is not there."""
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.markdown(f"{icon} **{formats.plain(title)}**", width="content")
        st.caption(formats.plain(text), width="content")
