"""Open shipments that may come late, from what became of earlier ones like them."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

import streamlit as st

from core.domain.fields import FIELDS
from core.domain.figures import NO_FIGURES, RISK_STAGES, NoFigure
from core.domain.language import tr
from core.domain.reasons import sentences
from core.runtime import Runtime
from core.services.figures import Risk
from core.ui.delays.sentences import DelaysFile, RiskText
from core.ui.kit import explain, formats, shipment_drawer
from core.ui.kit.shipment_rows import carrier_name
from core.ui.kit.table import TableColumn, TableEvent, TableView, table

LIMIT, MOST_HIGH = 25, 310
COLUMNS: Final = (
    TableColumn("id", FIELDS.in_english["shipment_no"], 140, "shipment", narrow=150),
    TableColumn("lane", FIELDS.in_english["lane"], 120, min=96, grow=1, under="id"),
    TableColumn("carrier", FIELDS.in_english["carrier"], 130, min=96, grow=1, under="id"),
    TableColumn("promised", FIELDS.in_english["promised"], 84, narrow=84),
    TableColumn("left", FIELDS.in_english["days_left"], 76, align="right", under="promised"),
    TableColumn("stage", "Stage", 150, "muted", min=110, grow=1, under="chance"),
    TableColumn("chance", "Ended late, of those like it", 220, "bar", min=150, grow=2),
    TableColumn("of", "Compared with", 150, "muted", min=110, grow=2, under="chance"),
)
_HELP: Final = RiskText.HELP()


def table_of(runtime: Runtime, found: Sequence[Risk], today: date) -> None:
    """The likeliest to be late first; each opens."""
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.subheader(str(DelaysFile.RISKS()), anchor=False, width="content", help=formats.plain(str(_HELP)))
        st.caption(_about(found), width="content")
    if not found:
        st.success(tr("No open shipment is promised for today or later and still to be attempted."), icon=":material/task_alt:")
        return

    def pressed(event: TableEvent) -> None:
        explain.close_drawer()
        shipment_drawer.open_drawer(event.id)

    table(
        COLUMNS,
        [_row(runtime, one, today) for one in found],
        key="risk",
        caption=str(DelaysFile.RISKS()),
        view=TableView(height=MOST_HIGH),
        on_event=pressed,
    )


def _about(found: Sequence[Risk]) -> str:
    if not found:
        return ""
    return sentences([RiskText.LISTED("likeliest" if len(found) == LIMIT else "", count=len(found)), RiskText.AS_OF_NOW()])


def _row(runtime: Runtime, one: Risk, today: date) -> dict[str, Any]:
    share = one.share
    chance = NO_FIGURES[NoFigure.TOO_FEW] if share is None else str(RiskText.CHANCE(share=100 * share, cases=one.cases))
    return {
        "id": one.shipment_no,
        "lane": one.own.name,
        "carrier": carrier_name(one.carrier, runtime.rules) or tr("No invoice yet"),
        "promised": formats.day(one.promised_on, today),
        "left": str(RiskText.LEFT("" if one.days_left else "today", count=one.days_left)),
        "stage": RISK_STAGES[one.stage],
        "chance": {"text": chance, "share": share or 0, "hue": "orange" if (share or 0) >= 0.5 else "yellow"},
        "of": _like(one),
    }


def _like(one: Risk) -> str:
    if one.lane is None:
        return tr("all routes")
    return tr("same route and company") if one.lane.carrier is not None else tr("same route")
