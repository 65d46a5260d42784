"""The batches: what was written together, by whom, from where, and [Undo]."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain import batch_notes, labels, permissions
from core.domain.errors import ShipdeskError
from core.domain.history import ChangeSource
from core.domain.language import tr
from core.domain.people import Person
from core.domain.permissions import Act
from core.runtime import Runtime
from core.services.shipments import undo
from core.services.shipments.changes import Request
from core.services.shipments.undo import Undone
from core.ui.data.sentences import BatchText
from core.ui.kit import formats, notes, who
from core.ui.kit.table import TableColumn, TableEvent, TableView, table

ANSWER = "batches:answer"
MOST_NAMED = 10

_COLUMNS = (
    TableColumn("batch", "Batch", 90),
    TableColumn("made", "Made", 120, "muted"),
    TableColumn("by", "By", 130),
    TableColumn("source", "From", 90),
    TableColumn("note", "What", kind="text"),
    TableColumn("shipments", "Shipments", 90, align="right"),
    TableColumn("undo", "Undo", 132, "button", min=96),
)


def batches(runtime: Runtime, zone: ZoneInfo, now: datetime) -> None:
    """The newest hundred batches; [Undo] of one that is not theirs to undo says why."""
    _say()
    rows = undo.batches(runtime.store, person=who.person(runtime))
    if not rows:
        st.caption(str(BatchText.NOTHING_YET()))
        return
    table(
        _COLUMNS,
        [
            {
                "id": str(row["batch_id"]),
                "batch": f"B-{row['batch_id']}",
                "made": formats.moment(row["made_at"], zone, now),
                "by": labels.named(labels.MAKERS, row["made_by"]),
                "source": labels.named(labels.SOURCES, row["source"]),
                "note": _note(row),
                "shipments": formats.count(row["shipments"]),
                "undo": _undo_cell(row, who.person(runtime)),
            }
            for row in rows
        ],
        key="batches",
        caption=tr("Batches, newest first"),
        view=TableView(height=420),
        on_event=lambda event: _undo(runtime, event),
    )


def _note(batch: Mapping[str, Any]) -> str:
    """What was done, or the file's name and whatever else was noted, as it is."""
    if batch["undoes"]:
        return str(BatchText.UNDO_OF(batch=batch["undoes"]))
    return batch_notes.told(batch) or labels.named({**labels.ACTIONS, **labels.BATCH_NOTES}, batch["note"])


def _undo_cell(row: Mapping[str, Any], person: Person) -> object:
    if row["undone"]:
        return str(BatchText.UNDONE_BY(batch=row["undone"]))
    if row["undoes"] or row["source"] in undo.NEVER_UNDONE:
        return "–"
    why = permissions.denial(person, Act.UNDO_OWN if row["made_by"] == person.name else Act.UNDO_OTHERS)
    return {"name": "undo", "word": tr("Undo"), "locked": str(why) if why else None}


def _undo(runtime: Runtime, event: TableEvent) -> None:
    by = who.actor(runtime, ChangeSource.UNDO)
    try:
        request = Request(by, runtime.now(), request_key=undo.key_of(int(event.id)))
        notes.keep(ANSWER, (event.id, undo.undo(runtime.store, int(event.id), home=runtime.settings.home, request=request)))
    except ShipdeskError as error:
        notes.keep(ANSWER, (event.id, error))


def _say() -> None:
    match notes.kept(ANSWER):
        case (_, ShipdeskError() as error):
            st.error(formats.plain(str(error)), icon=":material/block:")
        case (batch, list() as answers):
            _say_undone(batch, answers)


def _say_undone(batch: str, answers: list[Undone]) -> None:
    stayed = [one for one in answers if one.stayed]
    title = BatchText.WENT_BACK(batch=batch, count=len(answers) - len(stayed))
    if not stayed:
        st.success(str(BatchText.BATCH_OF_ITS_OWN()), title=str(title), icon=":material/undo:")
        return
    lines = [formats.plain(str(one.stayed)) for one in stayed[:MOST_NAMED]]
    more = len(stayed) - len(lines)
    said = [*lines, *([str(BatchText.MORE_STAYED(count=more))] if more else [])]
    st.warning("  \n".join(said), title=str(title), icon=":material/undo:")
