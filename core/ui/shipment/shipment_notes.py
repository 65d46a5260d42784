"""The notes of one shipment: who wrote what and when, a box to write another, and the way to take one back."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain import permissions
from core.domain.language import tr
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.worklist import NOTE_LENGTH, ShipmentNote, notes_of
from core.runtime import Runtime
from core.services.shipments import worklist
from core.services.shipments.queries import WholeShipment
from core.ui.kit import formats, shared, unfinished, who
from core.ui.kit.sentences import WorkedText
from core.ui.shipment.worklist import press, pressed

_TURN: Final = "note:turn"


def section(runtime: Runtime, whole: WholeShipment, zone: ZoneInfo, now: datetime) -> None:
    """The notes that stand, the newest first, and the box to write one."""
    written, person = notes_of(whole.history), who.person(runtime)
    if not written and who.denied(runtime, Act.WORK):
        return
    with st.container(key="notes_section"):
        st.markdown(tr("**Notes**"))
        for note in written:
            _note(runtime, whole, note, formats.moment(note.at, zone, now), person)
        if not who.denied(runtime, Act.WORK):
            _writing(runtime, whole)


def _note(runtime: Runtime, whole: WholeShipment, note: ShipmentNote, when: str, person: Person) -> None:
    shipment_no = whole.shipment.shipment_no
    with st.container(border=True, gap=None, key=f"note:{note.note_id}"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.caption(formats.facts(formats.plain(note.by), when), width="content")
            st.space("stretch")
            if permissions.may(person, Act.WORK) and (note.by == person.name or permissions.may(person, Act.TAKE_BACK_NOTES)):
                st.button(
                    tr("Take back note"),
                    key=f"note:back:{note.note_id}",
                    type="tertiary",
                    icon=":material/undo:",
                    help=tr("It then stays in the history only"),
                    on_click=pressed,
                    args=(
                        runtime,
                        whole,
                        lambda request: worklist.take_back(runtime.store, shipment_no, note.note_id, request=request),
                        WorkedText.NOTE_BACK(),
                    ),
                )
        st.text(note.text or tr("Forgotten"))


def _writing(runtime: Runtime, whole: WholeShipment) -> None:
    """The box comes back empty once its note is written, and keeps what was typed as long as it is not."""
    shipment_no, turn = whole.shipment.shipment_no, st.session_state.setdefault(_TURN, 0)
    key = f"note:{whole.shipment.shipment_id}:{turn}"

    def write() -> None:
        text = st.session_state[key] or ""
        done = press(
            runtime,
            whole,
            lambda request: worklist.note(runtime.store, [shipment_no], text, request=request),
            WorkedText.NOTED(count=1),
        )
        if done:
            st.session_state[_TURN] = turn + 1

    with st.form("note", border=False):
        st.text_area(
            tr("Note"),
            value=unfinished.typed(shipment_no, key),
            key=key,
            height=68,
            max_chars=NOTE_LENGTH,
            placeholder=tr(shared.WHAT_OTHERS_KNOW),
            label_visibility="collapsed",
        )
        st.form_submit_button(tr("Add note"), icon=":material/add_comment:", on_click=write)
