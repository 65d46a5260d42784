"""Parts of a page that run without the page around them. Each asks first who is here: such a run does not pass the frame."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import streamlit as st

from core import runtime as runtimes
from core.ui.kit import who

Told = ParamSpec("Told")


def fragment(*, run_every: float | None = None) -> Callable[[Callable[Told, None]], Callable[Told, None]]:
    """As `st.fragment`; once the person is not let in any more, or in another role, the whole page is drawn anew instead."""

    def decorate(draw: Callable[Told, None]) -> Callable[Told, None]:
        return st.fragment(run_every=run_every)(_asking_first(draw))

    return decorate


def dialog(title: str, **said: Any) -> Callable[[Callable[Told, None]], Callable[Told, None]]:
    """As `st.dialog`, with the same question first."""

    def decorate(draw: Callable[Told, None]) -> Callable[Told, None]:
        shown: Callable[Told, None] = st.dialog(title, **said)(_asking_first(draw))
        return shown

    return decorate


def _asking_first(draw: Callable[Told, None]) -> Callable[Told, None]:
    @wraps(draw)
    def drawn(*args: Told.args, **kwargs: Told.kwargs) -> None:
        if not who.still_here(runtimes.get()):
            st.rerun()
        draw(*args, **kwargs)

    return drawn
