"""[Export] of the Delays page: the shipments behind a figure, or what a chart shows, with the definition beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
import streamlit as st

from core.domain.clock import Clock
from core.domain.figures import NORM_DAYS, Figure, Part
from core.domain.language import tr
from core.domain.reasons import Why
from core.domain.selection import Selection
from core.files.write import EXPLAINED_TYPES, Format
from core.runtime import Runtime
from core.services import figures
from core.services.figures import delay_tables
from core.services.figures import files as figure_files
from core.ui.delays.header import View, name_of
from core.ui.delays.seen import DelaysSeen
from core.ui.delays.sentences import DelaysFile
from core.ui.kit import downloads, who


@dataclass(frozen=True)
class _File:
    """One thing to take along: its name, which figure defines it, of which part of the shop, and how its table is made."""

    label: Why
    name: str
    figure: Figure
    where: Selection
    rows: Callable[[], pa.Table]
    how: Why | None = None


def menu(runtime: Runtime, view: View, seen: DelaysSeen) -> None:
    """What to take, and three kinds of file."""
    files = {one.name: one for one in _files(runtime, view, seen)}
    with downloads.menu(tr("Export"), key="delays:export"):
        chosen = st.selectbox(
            tr("What"), list(files), key="delays:what", format_func=lambda name: str(files[name].label), width=280
        )
        one = files[chosen or "late-shipments"]
        downloads.buttons(
            partial(_made, runtime, view, one),
            name=one.name,
            at=runtime.now().astimezone(runtime.settings.zone),
            key="delays:export",
            types=EXPLAINED_TYPES,
        )


def _files(runtime: Runtime, view: View, seen: DelaysSeen) -> list[_File]:
    here = view.where.on(seen.lane)
    form, lane = ("lane", seen.lane.name) if seen.lane else ("all", "")

    def behind(part: Part, where: Selection) -> Callable[[], pa.Table]:
        return lambda: figures.table_of(runtime.store, Figure.ON_TIME, view.period, where, part, visit=who.visit(runtime))

    return [
        _File(DelaysFile.LATE("all"), "late-shipments", Figure.ON_TIME, view.where, behind(Part.REST, view.where)),
        _File(DelaysFile.DUE(), "due-shipments", Figure.ON_TIME, view.where, behind(Part.DENOMINATOR, view.where)),
        *(
            [_File(DelaysFile.LATE("lane", lane=lane), "late-shipments-lane", Figure.ON_TIME, here, behind(Part.REST, here))]
            if seen.lane
            else []
        ),
        _File(DelaysFile.LANES(), "lanes", Figure.ON_TIME, view.where, lambda: delay_tables.lanes(seen.heat)),
        _File(
            DelaysFile.HOURS(form, figure=name_of(view.timed), lane=lane),
            "hours",
            view.timed,
            here,
            lambda: delay_tables.spread(seen.spread),
        ),
        _File(
            DelaysFile.STEPS(form, lane=lane),
            "steps",
            Figure.ON_TIME,
            here,
            lambda: delay_tables.hours(seen.hours),
            DelaysFile.STEPS_HOW(days=NORM_DAYS),
        ),
        _File(
            DelaysFile.COMPANIES(),
            "companies",
            Figure.ON_TIME,
            view.where,
            lambda: delay_tables.scores(seen.card),
            DelaysFile.COMPANIES_HOW(),
        ),
        _File(
            DelaysFile.RISKS(),
            "at-risk",
            Figure.ON_TIME,
            view.where,
            lambda: delay_tables.risks(seen.risks),
            DelaysFile.RISKS_HOW(),
        ),
        _File(
            DelaysFile.CROSSED(),
            "crossed",
            view.crossed,
            view.where,
            lambda: delay_tables.pivot(seen.pivot, view.rows, view.columns),
        ),
    ]


def _made(runtime: Runtime, view: View, one: _File, form: Format) -> bytes:
    zone = runtime.settings.zone
    words = figures.definition_sheet(one.figure, view.period, one.where, rules=runtime.rules, clock=Clock(runtime.now(), zone))
    words = [(tr("Table"), str(one.label)), *([(tr("How"), str(one.how))] if one.how else []), *words]
    return figure_files.file_of(one.rows(), words, form, rules=runtime.rules, zone=zone, name=one.name)
