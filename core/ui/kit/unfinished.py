"""Open work that a lost session must not lose silently: the browser notes it, and the next session says what became of it.

A form, a grid, an upload and an import live in the session of one browser tab. A restarted server, a connection that was away
for too long or a page that is loaded anew begin a session that knows none of them.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import uuid4

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.domain.language import tr
from core.domain.reasons import Why, sentences
from core.runtime import Runtime
from core.services.shipments import requests
from core.services.shipments.requests import Written
from core.ui.kit import formats
from core.ui.kit.components import component
from core.ui.kit.sentences import SessionText, WorkText

_SERVER: Final = uuid4().hex
_SESSION: Final = "unfinished:session"
_LOST: Final = "unfinished:lost"
_ANSWERED: Final = "unfinished:answered"
_SAID: Final = "unfinished:said"
_TYPED: Final = "unfinished:typed"
_KEPT: Final = "unfinished:kept"
_TAKEN: Final = "unfinished:taken"

_mount = component("shipdesk_unfinished", '<div class="link"></div>', "unfinished.css", "tab.js", "unfinished.js")


class OpenKind(StrEnum):
    """What can be open."""

    FORM = "form"
    GRID = "grid"
    UPLOAD = "upload"
    IMPORT = "import"


_ON_ONE_PAGE: Final = frozenset({OpenKind.FORM, OpenKind.GRID})
_OPEN: Final = {
    OpenKind.FORM: WorkText.FORM_OPEN,
    OpenKind.GRID: WorkText.GRID_OPEN,
    OpenKind.UPLOAD: WorkText.UPLOAD_OPEN,
    OpenKind.IMPORT: WorkText.IMPORT_OPEN,
}
_SAVED: Final = {
    OpenKind.FORM: WorkText.FORM_SAVED,
    OpenKind.GRID: WorkText.GRID_SAVED,
    OpenKind.UPLOAD: WorkText.UPLOAD_SAVED,
    OpenKind.IMPORT: WorkText.IMPORT_SAVED,
}


@dataclass(frozen=True)
class OpenWork:
    """What is open: the key that its saving carries, what it is about, and what it takes to open it again."""

    request_key: str
    about: str = ""
    again: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LostWork:
    """Work whose session is gone, and what became of it: `written` is None when nothing was."""

    work: OpenWork
    whys: tuple[Why, ...]
    written: Written | None


def session() -> str:
    """What this session is known by in the browser; the session of another process begins differently."""
    return str(st.session_state.setdefault(_SESSION, f"{_SERVER}-{uuid4().hex}"))


def hear(runtime: Runtime) -> None:
    """Draws what listens in the browser, and takes in what it tells of sessions that are gone. Before anything of a page."""
    answered: list[str] = st.session_state.setdefault(_ANSWERED, [])
    st.session_state[_SAID], st.session_state[_KEPT] = set(), set()
    told = _draw("listener", session=session(), offline=str(SessionText.OFFLINE()), on_one_page=list(_ON_ONE_PAGE)).get("open")
    typed_there = told.get("typed") if isinstance(told, dict) else None
    for note in _notes(told):
        gone = str(note.get("session"))
        if gone not in (session(), *answered):
            answered.append(gone)
            cause = SessionText.RELOADED if note.get("reloaded") and gone.startswith(_SERVER) else SessionText.LOST
            st.session_state[_TYPED] = typed_there if isinstance(typed_there, dict) else {}
            _take(runtime, note.get("works"), cause)
    if answered:
        _draw("answered", answered=answered)


def keep(kind: OpenKind, work: OpenWork | None) -> None:
    """Notes in the browser what is open of a kind now; None for nothing. A form and a grid end with the page that drew them."""
    st.session_state.setdefault(_KEPT, set()).add(kind)
    open_now = work and {"request_key": work.request_key, "about": work.about, "again": dict(work.again)}
    _draw(kind, session=session(), kind=kind, work=open_now)


def goes_on(runtime: Runtime, request_key: str) -> None:
    """The work with this key is in the hands of the server: it is found again there, and is not lost with a session."""
    runtime.going_on.add(request_key)


def lost(kind: OpenKind) -> LostWork | None:
    """What was lost of a kind and is not forgotten."""
    found: dict[OpenKind, LostWork] = st.session_state.get(_LOST, {})
    return found.get(kind)


def take(kind: OpenKind) -> OpenWork | None:
    """What was lost of a kind, once, to open it again."""
    gone, taken = lost(kind), st.session_state.setdefault(_TAKEN, [])
    if gone is None or gone in taken:
        return None
    taken.append(gone)
    return gone.work


def typed(about: str, key: str, otherwise: str = "") -> str:
    """What stood in the text box with this key, inside the form about this, when its session was lost."""
    gone = lost(OpenKind.FORM)
    if gone is None or gone.work.about != about or gone.written:
        return otherwise
    name = "st-key-" + re.sub("[^a-zA-Z0-9_-]", "-", key)
    return str(st.session_state.get(_TYPED, {}).get(name, otherwise))


def turn(kind: OpenKind) -> str:
    """Another text after each loss: what is added to the key of a box that must come back empty."""
    return str(st.session_state.get(f"unfinished:turn:{kind}", ""))


def forget(kind: OpenKind) -> None:
    """It needs to be said no longer."""
    st.session_state.get(_LOST, {}).pop(kind, None)


def say(kind: OpenKind) -> None:
    """Says here what became of what was lost, until it is forgotten."""
    gone = lost(kind)
    if gone is None:
        return
    st.session_state.setdefault(_SAID, set()).add(kind)
    show = st.success if gone.written else st.warning
    show(formats.plain(sentences(gone.whys)), icon=":material/check:" if gone.written else ":material/link_off:")
    with st.container(horizontal=True, vertical_alignment="center"):
        if gone.written:
            st.page_link("../../pages/data.py", label=tr("Look at it or undo it in Data"), icon=":material/undo:")
        st.button(tr("Close this note"), key=f"lost:close:{kind}", type="tertiary", on_click=forget, args=(kind,))


def end(place: DeltaGenerator) -> None:
    """After everything of a page: says in the place what no part of it has said in its own."""
    for kind in _ON_ONE_PAGE - st.session_state[_KEPT]:
        keep(kind, None)
    rest = [kind for kind in OpenKind if lost(kind) and kind not in st.session_state[_SAID]]
    if rest:
        with place.container():
            for kind in rest:
                say(kind)


def _draw(name: str, **data: Any) -> Any:
    return _mount(key=f"unfinished:{name}", data=data, on_open_change=lambda: None)


def _take(runtime: Runtime, works: object, cause: SessionText) -> None:
    gone: dict[OpenKind, LostWork] = st.session_state.setdefault(_LOST, {})
    for kind in OpenKind:
        work = _work(works.get(kind) if isinstance(works, dict) else None)
        looked_at_only = kind is OpenKind.FORM and cause is SessionText.RELOADED and not st.session_state[_TYPED]
        if work and work.request_key not in runtime.going_on and not looked_at_only:
            gone[kind] = _lost(runtime, kind, work, cause)
            st.session_state[f"unfinished:turn:{kind}"] = uuid4().hex


def _lost(runtime: Runtime, kind: OpenKind, work: OpenWork, cause: SessionText) -> LostWork:
    written = requests.written(runtime.store, work.request_key)
    if written is None:
        return LostWork(work, (cause(), _OPEN[kind](about=work.about)), None)
    time = f"{written.made_at.astimezone(formats.viewer_zone(runtime.settings.zone)):%H:%M}"
    fate = _SAVED[kind](about=work.about, time=time, batch=written.batch_id, count=written.shipments)
    undone = [WorkText.UNDONE_SINCE()] if written.undone else []
    return LostWork(work, (cause(), fate, *undone), written)


def _notes(told: object) -> Sequence[Mapping[str, Any]]:
    """What the browser tells, as far as it has the form of it."""
    notes = told.get("notes") if isinstance(told, dict) else None
    return [note for note in notes if isinstance(note, dict)] if isinstance(notes, list) else []


def _work(said: object) -> OpenWork | None:
    if not isinstance(said, dict) or not isinstance(said.get("again"), dict):
        return None
    return OpenWork(str(said.get("request_key") or ""), str(said.get("about") or ""), said["again"])
