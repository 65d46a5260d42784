"""Which shipment the drawer shows and which of its forms is open: any screen opens it, `core.ui.shipment.panel` draws it."""

from dataclasses import dataclass
from typing import Final

import streamlit as st

from core.domain.permissions import Action
from core.ui.kit import unfinished
from core.ui.kit.unfinished import OpenKind, OpenWork

ANSWER: Final = "drawer:answer"
CONFIRM: Final = "drawer:confirm"
"""What was answered to the last press in a form, and the entry whose warning the next press confirms."""

_OPEN: Final = "drawer:open"
_FORM: Final = "drawer:form"
_FOLLOW: Final = "drawer:follow"


@dataclass(frozen=True)
class Opened:
    """Which shipment the drawer shows, and what it was opened for: an action, "history", "view", or "" for nothing."""

    shipment_no: str
    purpose: str = ""


def open_drawer(shipment_no: str, purpose: str = "") -> None:
    """Opens the drawer at the next run of the page."""
    open_form(shipment_no, purpose if purpose in (Action.MODIFY, Action.DELETE) else "")
    st.session_state[_OPEN] = Opened(shipment_no, purpose)


def close_drawer() -> None:
    st.session_state.pop(_OPEN, None)
    unfinished.forget(OpenKind.FORM)


def reopen() -> None:
    """Opens again, once, what was open when its session was lost."""
    if gone := unfinished.take(OpenKind.FORM):
        open_drawer(gone.about, str(gone.again.get("purpose", "")))
        reopen_form(gone)


def reopen_form(gone: OpenWork | None) -> None:
    """Opens again the form that was open when its session was lost."""
    form = gone.again.get("form") if gone else None
    if gone and form in set(Action):
        open_form(gone.about, form)


def opened() -> Opened | None:
    """What the drawer shows; None while it is closed."""
    found: Opened | None = st.session_state.get(_OPEN)
    return found


def open_form(shipment_no: str, form: str) -> None:
    """Opens the form of this `Action` on the shipment; with "" none is open."""
    st.session_state[_FORM] = (shipment_no, form)
    for name in (ANSWER, CONFIRM):
        st.session_state.pop(name, None)


def form_of(shipment_no: str) -> str:
    """The action of this shipment whose form is open, "" for none."""
    number, form = st.session_state.get(_FORM, ("", ""))
    return form if number == shipment_no else ""


def follow(shipment_no: str) -> None:
    """Whatever shows a shipment goes on to this one at its next run."""
    st.session_state[_FOLLOW] = shipment_no


def pop_followed() -> str:
    """The shipment to go on to, once; "" for none."""
    return str(st.session_state.pop(_FOLLOW, ""))
