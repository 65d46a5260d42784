"""Working the selected rows at once: assign, snooze, done, note; what came of it, and the way back."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final
from uuid import uuid4

import streamlit as st

from core.domain.fields import FIELDS
from core.domain.language import tr
from core.domain.permissions import Act
from core.domain.reasons import Reason
from core.domain.worklist import NOTE_LENGTH
from core.runtime import Runtime
from core.services.shipments import worklist
from core.services.shipments.changes import Request
from core.services.shipments.closing import Closing
from core.services.shipments.in_one_go import InOneGo
from core.ui.kit import closed_batch, formats, shared, who
from core.ui.kit.filters import TABLE
from core.ui.kit.sentences import ClosedText, WorkedText
from core.ui.kit.table import selection
from core.ui.kit.working import called, until
from core.ui.shipments.sentences import MenuText

_PLACE: Final = "working"
_TITLE: Final = "working:title"
_KEY: Final = "working:request"
_TO: Final = "working:to"
_NOTE: Final = "working:note"
_TURN: Final = "working:turn"


def selected(runtime: Runtime) -> None:
    """[Work on N] of the selected rows, when there are some."""
    numbers = selection(TABLE)
    if not numbers or who.denied(runtime, Act.WORK):
        return
    st.session_state[_KEY] = uuid4().hex
    turn = st.session_state.setdefault(_TURN, 0)
    today = runtime.now().astimezone(runtime.settings.zone).date()
    with st.popover(str(MenuText.WORK(count=len(numbers))), icon=":material/checklist:", key="working:menu"):
        _assigning(runtime, numbers)
        _putting_aside(runtime, numbers, today)
        st.text_area(
            tr("Note"), key=f"{_NOTE}:{turn}", height=68, max_chars=NOTE_LENGTH, placeholder=tr(shared.WHAT_OTHERS_KNOW)
        )
        st.button(
            str(MenuText.NOTE(count=len(numbers))),
            key="working:noted",
            icon=":material/add_comment:",
            on_click=_note,
            args=(runtime, numbers, turn),
        )


def answer(runtime: Runtime) -> None:
    """What came of the last press, until it is closed."""
    told = st.session_state.get(f"{_PLACE}:answer")
    if told is None:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", key="working:told"):
        match told:
            case Closing():
                title = st.session_state[_TITLE]
                stayed = [str(why) for why in told.stayed]
                st.markdown(f":material/done_all: **{formats.plain(title(told.closed))}**", width="content")
                _stayed(stayed)
                _undo(runtime, told.batch)
            case list():
                stayed = [str(one.stayed) for one in told if one.stayed]
                back = str(ClosedText.BACK(count=len(told) - len(stayed)))
                st.markdown(f":material/undo: **{formats.plain(back)}**", width="content")
                _stayed(stayed)
            case _:
                st.markdown(f":material/block: {formats.plain(str(told))}", width="content")
        st.button(
            "",
            key="working:close",
            icon=":material/close:",
            type="tertiary",
            help=tr(shared.CLOSE_BOX),
            on_click=closed_batch.forget,
            args=(_PLACE,),
        )


def _stayed(stayed: Sequence[str]) -> None:
    if stayed:
        with st.popover(str(MenuText.STAYED(count=len(stayed))), icon=":material/warning:", type="tertiary"):
            st.markdown(closed_batch.named(stayed))


def _undo(runtime: Runtime, batch: int | None) -> None:
    if batch is not None:
        st.button(
            tr("Undo"),
            key="working:undo",
            type="tertiary",
            icon=":material/undo:",
            on_click=closed_batch.take_back,
            args=(runtime, _PLACE, batch),
            **who.limits(runtime, Act.UNDO_OWN),
        )


def _assigning(runtime: Runtime, numbers: tuple[str, ...]) -> None:
    person = who.person(runtime)
    people = worklist.colleagues(runtime.store, runtime.sign_ins, person=person)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.selectbox(FIELDS["in_hand"], [*people, ""], key=_TO, format_func=lambda name: called(name, person.name), width=230)
        st.button(tr("Assign"), key="working:assign", icon=":material/person:", on_click=_assign, args=(runtime, numbers))


def _putting_aside(runtime: Runtime, numbers: tuple[str, ...], today: date) -> None:
    store, zone = runtime.store, runtime.settings.zone
    until(
        today,
        "working:until",
        lambda day: _press(
            runtime,
            lambda request: worklist.snooze(store, numbers, day, request=request, zone=zone),
            WorkedText.SNOOZED,
            day=formats.day(day, today),
        ),
    )
    with st.container(horizontal=True, gap="xsmall"):
        st.button(
            tr("Done"),
            key="working:done",
            icon=":material/task_alt:",
            help=tr(shared.OFF_THE_WORKLIST),
            on_click=lambda: _press(
                runtime, lambda request: worklist.done(store, numbers, request=request, zone=zone), WorkedText.DONE
            ),
        )
        st.button(
            tr(shared.BACK_ON_WORKLIST),
            key="working:reopen",
            icon=":material/undo:",
            on_click=lambda: _press(
                runtime, lambda request: worklist.reopen(store, numbers, request=request), WorkedText.REOPENED
            ),
        )


def _assign(runtime: Runtime, numbers: tuple[str, ...]) -> None:
    to = st.session_state[_TO]
    _press(
        runtime,
        lambda request: worklist.assign(runtime.store, runtime.sign_ins, numbers, to, request=request),
        WorkedText.ASSIGNED if to else WorkedText.UNASSIGNED,
        name=to,
    )


def _note(runtime: Runtime, numbers: tuple[str, ...], turn: int) -> None:
    """The box comes back empty once the note is written."""
    text = st.session_state[f"{_NOTE}:{turn}"] or ""
    _press(runtime, lambda request: worklist.note(runtime.store, numbers, text, request=request), WorkedText.NOTED)
    if isinstance(st.session_state[f"{_PLACE}:answer"], Closing):
        st.session_state[_TURN] = turn + 1


def _press(runtime: Runtime, act: Callable[[Request], InOneGo], title: Reason, **named: Any) -> None:
    """The second click of a double click finds the first one's work; the rows stay selected for what comes next."""
    request = Request(who.actor(runtime), runtime.now(), request_key=st.session_state[_KEY])

    def acted() -> Closing:
        told = act(request)
        return Closing(told.batch, told.changed, told.stayed)

    st.session_state[_TITLE] = lambda count: str(title(count=count, **named))
    closed_batch.press(_PLACE, acted)
