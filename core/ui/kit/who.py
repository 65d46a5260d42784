"""Who sits at this browser tab, and what they may do: asked anew at every press and every look, never kept."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Final, TypedDict, TypeVar

import streamlit as st

from core.domain import permissions
from core.domain.clock import Clock
from core.domain.history import ChangeSource
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.sign_in import Admission
from core.domain.visit import Visit
from core.runtime import Runtime
from core.services.shipments.changes import Actor
from core.ui.kit import formats, visitors

Made = TypeVar("Made")
_DRAWN_FOR: Final = "who:drawn_for"
_elsewhere: ContextVar[Mapping[str, Any] | None] = ContextVar("claims of the tab that a file is made for", default=None)


class Pressable(TypedDict):
    """How a button or a box is drawn for whoever is here."""

    disabled: bool
    help: str | None


def admission(runtime: Runtime) -> Admission:
    """Whoever is here now, and why they are not let in, where they are not."""
    return runtime.admission(_claims)


def person(runtime: Runtime) -> Person:
    """Whoever is here now, with the role of this moment."""
    return admission(runtime).person


def visit(runtime: Runtime, now: datetime | None = None) -> Visit:
    """Whoever is here, as the one who looks at the desk: now, or at the moment the page is drawn for."""
    return Visit(person(runtime), Clock(now or runtime.now(), runtime.settings.zone))


def actor(runtime: Runtime, source: ChangeSource = ChangeSource.FORM) -> Actor:
    """Whoever is here, as the one who changes something."""
    return Actor(person(runtime), source)


def denied(runtime: Runtime, act: Act) -> str | None:
    """The sentence why whoever is here may not do this; None when they may."""
    why = permissions.denial(person(runtime), act)
    return str(why) if why else None


def limits(runtime: Runtime, act: Act, *, help: str | None = None, disabled: bool = False) -> Pressable:
    """What to draw a button or a box with: what one may not do cannot be pressed, and its tooltip says why."""
    why = denied(runtime, act)
    return {"disabled": disabled or why is not None, "help": why or help}


def refused(runtime: Runtime, act: Act, title: str | None = None) -> bool:
    """Whether the person may not do this: then it is said here, in place of what would be drawn."""
    why = denied(runtime, act)
    if why:
        st.info(formats.plain(why), title=title, icon=":material/lock:")
    return why is not None


def locked(runtime: Runtime, act: Act) -> bool:
    """Whether the person may not do this: then it is said here, over what is drawn all the same."""
    why = denied(runtime, act)
    if why:
        st.caption(f":material/lock: {formats.plain(why)}")
    return why is not None


def drawn_for(runtime: Runtime) -> None:
    """Notes for whom this run draws the page."""
    st.session_state[_DRAWN_FOR] = person(runtime)


def still_here(runtime: Runtime) -> bool:
    """Whether whoever the page was drawn for is here now, in the same role."""
    drawn = st.session_state.get(_DRAWN_FOR)
    return drawn is None or drawn == person(runtime)


def for_this_tab(make: Callable[[], Made]) -> Callable[[], Made]:
    """The same for a thread of the server's own, in which `person` is whoever this tab belongs to, with the role of that moment."""
    claims = _claims()

    def made() -> Made:
        with _as(claims):
            return make()

    return visitors.taken_along(made)


@contextmanager
def _as(claims: Mapping[str, Any]) -> Iterator[None]:
    token = _elsewhere.set(claims)
    try:
        yield
    finally:
        _elsewhere.reset(token)


def _claims() -> Mapping[str, Any]:
    """What the provider says of this tab's person."""
    elsewhere = _elsewhere.get()
    return elsewhere if elsewhere is not None else _claims_of_tab()


def _claims_of_tab() -> Mapping[str, Any]:
    return st.user.to_dict()
