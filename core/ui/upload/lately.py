"""The last uploads, below the box for the next one."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain import labels
from core.domain.history import ChangeSource
from core.domain.language import tr
from core.runtime import Runtime
from core.services.shipments import undo
from core.ui.kit import formats, who
from core.ui.kit.table import TableColumn, TableView, table
from core.ui.upload.sentences import UploadText

SHOWN: Final = 5
_COLUMNS: Final = (
    TableColumn("batch", "Batch", 90),
    TableColumn("made", "Made", 120, "muted"),
    TableColumn("by", "By", 130, under="made"),
    TableColumn("note", "What", min=110),
    TableColumn("shipments", "Shipments", 90, align="right"),
    TableColumn("undone", "Undo", 132, "muted", min=96, under="note", spare=True),
)


def uploads(runtime: Runtime, zone: ZoneInfo, now: datetime) -> None:
    """The last uploads of everybody, newest first, and the way to all batches; nothing before the first."""
    rows = undo.batches(runtime.store, person=who.person(runtime), limit=SHOWN, source=ChangeSource.UPLOAD)
    if not rows:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.subheader(tr("Last uploads"), anchor=False, width="content")
        st.space("stretch")
        st.page_link("../../pages/data.py", label=tr("All batches, with Undo"), icon=":material/undo:", width="content")
    table(
        _COLUMNS,
        [
            {
                "id": str(row["batch_id"]),
                "batch": f"B-{row['batch_id']}",
                "made": formats.moment(row["made_at"], zone, now),
                "by": labels.named(labels.MAKERS, row["made_by"]),
                "note": labels.named({**labels.ACTIONS, **labels.BATCH_NOTES}, row["note"]),
                "shipments": formats.count(row["shipments"]),
                "undone": str(UploadText.UNDONE_BY(batch=row["undone"])) if row["undone"] else "–",
            }
            for row in rows
        ],
        key="upload:lately",
        caption=tr("The last uploads, newest first"),
        view=TableView(height="content"),
    )
