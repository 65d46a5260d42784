"""What a press set going: it is done by a thread of the server, so that no other press ends it before its result is kept and shown."""

import threading
from collections.abc import Callable
from typing import Any, cast

import streamlit as st
from streamlit.delta_generator import DeltaGenerator as Place

from core.ui.kit import messages, visitors

LOOKED_AT_EVERY = 0.1
"""Seconds between two looks at how far it is."""

Tell = Callable[[float], None]


class Going:
    """One press at work: the share that is done and, once it is `over`, what came of it, or the sentence why nothing did."""

    def __init__(self, act: Callable[[Tell], Any]) -> None:
        self.share, self.result, self.trouble = 0.0, cast(Any, None), ""
        self.over = threading.Event()
        self._act = act

    def begin(self) -> None:
        """It is begun once it is kept, as keeping it may end the run of the page."""
        threading.Thread(target=visitors.taken_along(self._work), name="press", daemon=True).start()

    def _work(self) -> None:
        try:
            self.result = self._act(self._heard)
        except Exception as error:
            self.trouble = messages.why(error)
        self.over.set()

    def _heard(self, share: float) -> None:
        self.share = min(1.0, share)


def start(place: str, act: Callable[[Tell], Any]) -> None:
    """Sets it going, unless an earlier press there is still to be answered: then this one does nothing."""
    if at(place) is None:
        going = Going(act)
        st.session_state[place] = going
        going.begin()


def at(place: str) -> Going | None:
    """What was set going there and is not answered yet."""
    going: Going | None = st.session_state.get(place)
    return going


def ended(place: str, text: str, bar: Place) -> Going:
    """What was set going there, once it is over, with a bar until then. It stays there until `answered`."""
    going: Going = st.session_state[place]
    if not going.over.is_set():
        shown = bar.progress(going.share, text)
        while not going.over.wait(LOOKED_AT_EVERY):
            shown.progress(going.share, text)
    return going


def answered(place: str) -> None:
    """What came of it is kept: the next press there is another."""
    st.session_state.pop(place, None)
