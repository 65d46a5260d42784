"""Numbers that sources were not told yet, the file for each, and the last one again."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Final
from uuid import uuid4
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.fields import FIELDS
from core.domain.history import ChangeSource
from core.domain.language import tr
from core.domain.permissions import Act
from core.files.write import Format
from core.runtime import Runtime
from core.services import handback
from core.services.handback import HandedBack, NumbersOfSource
from core.services.shipments.changes import Request
from core.ui.data.sentences import HandbackText
from core.ui.kit import downloads, formats, messages, notes, who
from core.ui.kit.table import TableColumn, TableView, table

GIVEN: Final = "handback:given"
FAULT: Final = "handback:fault"

_COLUMNS = (
    TableColumn("shipment", FIELDS.in_english["shipment_no"], 190),
    TableColumn("order", FIELDS.in_english["order_no"], 190),
    TableColumn("company", FIELDS.in_english["carrier"], 150),
    TableColumn("number", FIELDS.in_english["invoice_no"], 170),
    TableColumn("since", "Since", 120, "muted"),
)
_FORMS = {"xlsx": Format.XLSX}


def section(runtime: Runtime, zone: ZoneInfo, now: datetime) -> None:
    """Each source with what it was not told; [Make the file] counts it as told."""
    if who.refused(runtime, Act.HAND_BACK):
        return
    _say(runtime)
    visit = who.visit(runtime, now)
    found = handback.sources_waiting(runtime.store, visit=visit)
    if not found:
        st.caption(str(HandbackText.NOTHING_WAITS()))
    for one in found:
        _source(runtime, one, zone, now)
    _before(runtime, zone, now)


def _source(runtime: Runtime, one: NumbersOfSource, zone: ZoneInfo, now: datetime) -> None:
    with st.container(border=True), st.container(horizontal=True, vertical_alignment="center"):
        since = formats.moment(one.at, zone, now)
        st.markdown(str(HandbackText.WAITS(title=formats.plain(one.title), count=one.shipments, since=since)), width="content")
        st.space("stretch")
        st.button(
            str(HandbackText.MAKE(count=one.shipments)),
            key=f"handback:make:{one.layout}",
            type="primary",
            icon=":material/assignment_return:",
            on_click=_hand_over,
            args=(runtime, one.layout),
        )
    with st.expander(str(HandbackText.WHICH(title=formats.plain(one.title))), icon=":material/list:"):
        rows = handback.waiting(runtime.store, one.layout, visit=who.visit(runtime, now))
        table(
            _COLUMNS,
            [
                {
                    "id": str(row["shipment_id"]),
                    "shipment": row["shipment_no"],
                    "order": row["order_no"],
                    "company": runtime.rules.carriers[row["carrier"]].name
                    if row["carrier"] in runtime.rules.carriers
                    else row["carrier"],
                    "number": row["invoice_no"],
                    "since": formats.moment(row["invoiced_at"], zone, now),
                }
                for row in rows
            ],
            key=f"handback:rows:{one.layout}",
            caption=str(HandbackText.WHICH(title=one.title)),
            view=TableView(height=260),
        )


def _before(runtime: Runtime, zone: ZoneInfo, now: datetime) -> None:
    for one in handback.handed_before(runtime.store, visit=who.visit(runtime, now)):
        with st.container(horizontal=True, vertical_alignment="center"):
            at = formats.moment(one.at, zone, now)
            said = HandbackText.HANDED_BEFORE(title=formats.plain(one.title), count=one.shipments, at=at)
            st.caption(str(said), width="content")
            st.button(
                tr("Have it again"),
                key=f"handback:again:{one.layout}",
                type="tertiary",
                icon=":material/replay:",
                on_click=_again,
                args=(runtime, one.layout),
            )


def _hand_over(runtime: Runtime, layout: str) -> None:
    def make() -> HandedBack:
        given = handback.prepared(runtime.store, runtime.rules, layout, visit=who.visit(runtime))
        request = Request(who.actor(runtime, ChangeSource.HANDBACK), runtime.now(), request_key=f"handback-{uuid4().hex}")
        handback.hand_over(runtime.store, given, request=request)
        return given

    _keep(make)


def _again(runtime: Runtime, layout: str) -> None:
    _keep(lambda: handback.again(runtime.store, runtime.rules, layout, visit=who.visit(runtime)))


def _keep(make: Callable[[], HandedBack]) -> None:
    """Keeps what was made for this visit, or why it was not."""
    st.session_state.pop(GIVEN, None)
    try:
        st.session_state[GIVEN] = make()
    except Exception as error:
        notes.keep(FAULT, messages.why(error))


def _say(runtime: Runtime) -> None:
    if fault := notes.kept(FAULT):
        st.error(formats.plain(fault), title=str(HandbackText.NOT_MADE()), icon=":material/block:")
    given: HandedBack | None = st.session_state.get(GIVEN)
    if given is None:
        return
    with st.container(border=True):
        st.success(formats.plain(str(given.message)), icon=":material/check:")
        for note in given.notes:
            st.caption(formats.plain(str(note)))
        with st.container(horizontal=True, vertical_alignment="center"):
            for place, file in enumerate(given.files):
                downloads.button(
                    str(HandbackText.DOWNLOAD(name=formats.plain(file.name))),
                    partial(bytes, file.content),
                    file_name=file.name,
                    key=f"handback:file:{place}",
                    form=_FORMS.get(file.name.rpartition(".")[2], Format.CSV),
                    look="primary",
                )
            st.space("stretch")
            st.caption(str(HandbackText.COUNTED()), width="content")
