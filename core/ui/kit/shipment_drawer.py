"""Which shipment the drawer shows, which of its forms is open and which part is unfolded: any screen opens it,
`core.ui.shipment.panel` draws it.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import uuid4

import streamlit as st

from core.domain.shipment_actions import Action
from core.ui.kit import unfinished
from core.ui.kit.unfinished import OpenKind, OpenWork

ANSWER: Final = "drawer:answer"
CONFIRM: Final = "drawer:confirm"
"""What was answered to the last press in a form, and the entry whose warning the next press confirms."""

_OPEN: Final = "drawer:open"
_FORM: Final = "drawer:form"
_PART: Final = "drawer:part"
_PRESSED: Final = "drawer:pressed"
_FOLLOW: Final = "drawer:follow"
_DONE: Final = "drawer:done"


class PanelPart(StrEnum):
    """What unfolds under the invoice, one at a time: the whole journey, or everything that was changed."""

    JOURNEY = "view"
    HISTORY = "history"


@dataclass(frozen=True)
class SavedWork:
    """What was saved, on which shipment, and at which it is said; `name` is another for each."""

    text: str
    shipment_no: str
    said_at: str
    name: str = field(default_factory=lambda: uuid4().hex)

    @property
    def goes_on(self) -> bool:
        """Whether it is said at the shipment that the work has gone on to."""
        return self.said_at != self.shipment_no


def open_drawer(shipment_no: str, purpose: str = "") -> None:
    """Opens the drawer at the next run of the page, for an action, a part, or just so."""
    turn_to(shipment_no)
    _begin(shipment_no, purpose)


def close_drawer() -> None:
    st.session_state.pop(_OPEN, None)
    unfinished.forget(OpenKind.FORM)


def reopen() -> None:
    """Opens again, once, what was open when its session was lost."""
    if gone := unfinished.take(OpenKind.FORM):
        open_drawer(gone.about)
        reopen_form(gone)


def reopen_form(gone: OpenWork | None) -> None:
    """Opens again the form and the part that were open when their session was lost."""
    if gone is None:
        return
    if (form := gone.again.get("form")) in set(Action):
        open_form(gone.about, form)
    if (part := gone.again.get("part")) in set(PanelPart):
        unfold(gone.about, part)


def opened() -> str | None:
    """The shipment that the drawer shows; None while it is closed."""
    found: str | None = st.session_state.get(_OPEN)
    return found


def press(shipment_no: str, what: str) -> None:
    """Opens the form of an action, unfolds a part, or folds it again; what was opened gets the focus."""
    if what in set(PanelPart):
        what = "" if part_of(shipment_no) == what else what
        unfold(shipment_no, what)
    elif what in (Action.MODIFY, Action.DELETE):
        open_form(shipment_no, what)
    st.session_state[_PRESSED] = (shipment_no, what, uuid4().hex)


def pressed_last(shipment_no: str) -> tuple[str, str]:
    """What the last press on this shipment opened, and a name for that press; "" for nothing."""
    number, what, name = st.session_state.get(_PRESSED, ("", "", ""))
    return (what, name) if number == shipment_no else ("", "")


def unfold(shipment_no: str, part: str) -> None:
    """Unfolds this `PanelPart` of the shipment; with "" none is."""
    st.session_state[_PART] = (shipment_no, part)


def part_of(shipment_no: str) -> str:
    """The part of this shipment that is unfolded, "" for none."""
    number, part = st.session_state.get(_PART, ("", ""))
    return part if number == shipment_no else ""


def open_form(shipment_no: str, form: str) -> None:
    """Opens the form of this `Action` on the shipment; with "" none is open."""
    st.session_state[_FORM] = (shipment_no, form)
    for name in (ANSWER, CONFIRM, _DONE):
        st.session_state.pop(name, None)


def form_of(shipment_no: str) -> str:
    """The action of this shipment whose form is open, "" for none."""
    number, form = st.session_state.get(_FORM, ("", ""))
    return form if number == shipment_no else ""


def say_done(shipment_no: str, text: str) -> None:
    """Keeps what was saved on the shipment, to be said until its next form is opened; where the work goes on, if it does at once."""
    st.session_state[_DONE] = SavedWork(text, shipment_no, st.session_state.get(_FOLLOW, shipment_no))


def done(shipment_no: str) -> SavedWork | None:
    """What was saved last and is to be said at this shipment; None for nothing."""
    found: SavedWork | None = st.session_state.get(_DONE)
    return found if found and found.said_at == shipment_no else None


def follow(shipment_no: str) -> None:
    """Whatever shows a shipment goes on to this one at its next run."""
    st.session_state[_FOLLOW] = shipment_no


def pop_followed() -> str:
    """The shipment to go on to, once, with nothing of it open; "" for none."""
    followed = str(st.session_state.pop(_FOLLOW, ""))
    if followed:
        said = done(followed)
        _begin(followed)
        if said:
            st.session_state[_DONE] = said
    return followed


def turn_to(shipment_no: str) -> None:
    """The open drawer shows this shipment from its next run on."""
    st.session_state[_OPEN] = shipment_no


def _begin(shipment_no: str, purpose: str = "") -> None:
    open_form(shipment_no, "")
    unfold(shipment_no, "")
    press(shipment_no, purpose)
