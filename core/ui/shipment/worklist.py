"""Working one shipment: whose it is, until when it is put aside, that it is done, and what the buyer is told."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.fields import FIELDS
from core.domain.language import tr
from core.domain.permissions import Act
from core.domain.reasons import Why
from core.domain.worklist import NAMES, WorkState, work_of
from core.runtime import Runtime
from core.services.shipments import worklist
from core.services.shipments.changes import Request
from core.services.shipments.in_one_go import InOneGo
from core.services.shipments.queries import WholeShipment
from core.ui.kit import filters, formats, messages, notes, shared, who
from core.ui.kit.sentences import WorkedText
from core.ui.kit.working import called, until
from core.ui.shipment import buyer

_ANSWER: Final = "work:answer"
_KEYS: Final = "work:requests"


def section(runtime: Runtime, whole: WholeShipment, zone: ZoneInfo, now: datetime) -> None:
    """Who has the shipment in hand and whether it is put aside, with what may be done; nothing where there is neither."""
    shipment, shop = whole.shipment, runtime.settings.zone
    work, handling = work_of(shipment, zone=shop, now=now), shipment.handling
    denied = who.denied(runtime, Act.WORK)
    if denied and not handling.assigned_to and work in (None, WorkState.OPEN):
        return
    with st.container(border=True, key="work_section"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.markdown(tr("**Worklist**"), width="content")
            _standing(whole, work, zone, now, named=denied is not None)
            if not denied:
                st.space("stretch")
                _assigning(runtime, whole)
                _putting_aside(runtime, whole, work, now.astimezone(shop).date())
                buyer.button(shipment.shipment_no)
        number, refused = st.session_state.get(_ANSWER, ("", ""))
        if number == shipment.shipment_no:
            st.warning(formats.plain(refused), icon=":material/info:")
        if not denied and buyer.is_open(shipment.shipment_no):
            buyer.section(
                runtime,
                whole,
                now,
                lambda told: press(
                    runtime,
                    whole,
                    lambda request: worklist.buyer_told(runtime.store, shipment.shipment_no, told, request=request),
                    WorkedText.TOLD(shipment_no=shipment.shipment_no),
                ),
            )


def pressed(runtime: Runtime, whole: WholeShipment, act: Callable[[Request], InOneGo], done: Why) -> None:
    """As `press`, for who is called by a button."""
    press(runtime, whole, act, done)


def press(runtime: Runtime, whole: WholeShipment, act: Callable[[Request], InOneGo], done: Why) -> bool:
    """Does what was pressed, and says what became of it; whether it was done. A double click finds what its first click did."""
    shipment_no = whole.shipment.shipment_no
    st.session_state.pop(_ANSWER, None)
    request = Request(who.actor(runtime), runtime.now(), request_key=_request_key(whole))
    try:
        told = act(request)
    except Exception as error:
        st.session_state[_ANSWER] = shipment_no, messages.why(error)
        return False
    notes.changed()
    if told.stayed:
        st.session_state[_ANSWER] = shipment_no, str(told.stayed[0])
        return False
    notes.done(str(done))
    return True


def _request_key(whole: WholeShipment) -> str:
    """One key for all presses on what this person saw of the history."""
    seen = whole.shipment.shipment_no, whole.history[0]["history_id"] if whole.history else 0
    keys: dict[tuple[str, int], str] = st.session_state.get(_KEYS, {})
    if seen not in keys:
        keys = st.session_state[_KEYS] = {seen: uuid4().hex}
    return keys[seen]


def _standing(whole: WholeShipment, work: WorkState | None, zone: ZoneInfo, now: datetime, *, named: bool) -> None:
    handling, today = whole.shipment.handling, now.astimezone(zone).date()
    if named and handling.assigned_to:
        st.badge(str(WorkedText.ASSIGNED_TO(name=formats.plain(handling.assigned_to))), icon=":material/person:", color="blue")
    if work is WorkState.SNOOZED:
        day = formats.day(handling.snoozed_until, today)
        st.badge(str(WorkedText.SNOOZED_UNTIL(day=day)), icon=":material/snooze:", color="gray")
    elif work is WorkState.DONE:
        st.badge(NAMES[WorkState.DONE], icon=":material/task_alt:", color="gray")


def _assigning(runtime: Runtime, whole: WholeShipment) -> None:
    """Whose it is: the box shows it, and giving it to somebody else is choosing them."""
    shipment = whole.shipment
    now, key = shipment.handling.assigned_to, f"assign:{shipment.shipment_id}"
    people = worklist.colleagues(runtime.store, runtime.sign_ins, person=who.person(runtime))

    def chosen() -> None:
        to = st.session_state[key]
        done = WorkedText.ASSIGNED if to else WorkedText.UNASSIGNED
        press(
            runtime,
            whole,
            lambda request: worklist.assign(
                runtime.store, runtime.sign_ins, [shipment.shipment_no], to, request=request, seen=[now]
            ),
            done(count=1, name=to),
        )

    filters.shown(key, now)
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall", width="content"):
        st.caption(FIELDS["in_hand"], width="content")
        st.selectbox(
            FIELDS["in_hand"],
            list(dict.fromkeys(["", *people, now])),
            key=key,
            format_func=lambda name: called(name, who.person(runtime).name),
            label_visibility="collapsed",
            width=190,
            on_change=chosen,
        )


def _putting_aside(runtime: Runtime, whole: WholeShipment, work: WorkState | None, today: date) -> None:
    store, shop, number = runtime.store, runtime.settings.zone, whole.shipment.shipment_no
    if work in (WorkState.SNOOZED, WorkState.DONE):
        st.button(
            tr(shared.BACK_ON_WORKLIST),
            key="work:reopen",
            icon=":material/undo:",
            on_click=pressed,
            args=(
                runtime,
                whole,
                lambda request: worklist.reopen(store, [number], request=request),
                WorkedText.REOPENED(count=1),
            ),
        )
    if work is WorkState.OPEN:
        with st.popover(tr("Snooze"), icon=":material/snooze:"):
            until(
                today,
                "work:until",
                lambda day: press(
                    runtime,
                    whole,
                    lambda request: worklist.snooze(store, [number], day, request=request, zone=shop),
                    WorkedText.SNOOZED(count=1, day=formats.day(day, today)),
                ),
            )
    if work in (WorkState.OPEN, WorkState.SNOOZED):
        st.button(
            tr("Done"),
            key="work:done",
            icon=":material/task_alt:",
            help=tr(shared.OFF_THE_WORKLIST),
            on_click=pressed,
            args=(
                runtime,
                whole,
                lambda request: worklist.done(store, [number], request=request, zone=shop),
                WorkedText.DONE(count=1),
            ),
        )
