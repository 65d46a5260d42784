"""Grid entry: the selected shipments as rows to type or paste into, judged while typing, saved together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import uuid4

import streamlit as st

from core.domain.language import tr
from core.domain.permissions import Act
from core.domain.reasons import Why, sentences
from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.shipment_actions import Action
from core.domain.sorting import Order
from core.domain.verdicts import RowVerdict
from core.runtime import Runtime
from core.services import uploading
from core.services.shipments import queries
from core.services.shipments.changes import Request
from core.services.uploading import Line, Preview, RowReason, UploadResult
from core.services.uploading.reasons import Tally
from core.ui.kit import (
    formats,
    fragments,
    messages,
    notes,
    proposed_company,
    shared,
    shipment_rows,
    unfinished,
    upload_rows,
    who,
)
from core.ui.kit.filters import TABLE
from core.ui.kit.sentences import KitText
from core.ui.kit.table import select, selection
from core.ui.kit.unfinished import OpenKind, OpenWork
from core.ui.shipments import entry_grid
from core.ui.shipments.sentences import GridText

GRID: Final = "grid:open"
KEPT: Final = "grid:kept"
CELLS: Final = "grid:cells"
FILL: Final = "grid:fill"
NOTE: Final = "Entered in a grid"
LONGEST: Final = 120


@dataclass(frozen=True)
class Typed:
    """What was typed for one shipment: the company's name, the number, whether its warning was confirmed."""

    company: str = ""
    number: str = ""
    confirmed: bool = False

    @property
    def values(self) -> list[Any]:
        return [self.company, self.number, self.confirmed]


@dataclass(frozen=True)
class Grid:
    """The rows that wait for an invoice, with what stood in them when they were laid out; `turn` is new each time."""

    rows: tuple[Mapping[str, Any], ...]
    typed: Mapping[str, Typed]
    said: tuple[str, str] = ("", "")
    turn: str = field(default_factory=lambda: uuid4().hex)

    @property
    def numbers(self) -> list[str]:
        return [row["shipment_no"] for row in self.rows]

    @property
    def request_key(self) -> str:
        """What the key of every press on what was laid out begins with."""
        return f"grid-{self.turn}-"


def offer(runtime: Runtime, wanted: Selection) -> None:
    """[Enter N invoices] for the selected shipments that may take one."""
    chosen = selection(TABLE)[: uploading.MOST_ROWS]
    if not chosen or wanted.tab not in (Tab.PREPARING, Tab.ALL):
        return
    waiting = _waiting(runtime, chosen)
    if waiting:
        label = str(GridText.ENTER(count=len(waiting)))
        st.button(
            label,
            key="grid:offer",
            icon=":material/edit_note:",
            on_click=_open,
            args=(waiting,),
            **who.limits(runtime, Act.UPLOAD),
        )


def dialog(runtime: Runtime) -> None:
    """Draws the grid over the page while it is open, again after its session was lost."""
    if who.denied(runtime, Act.UPLOAD):
        return
    _reopen(runtime, unfinished.take(OpenKind.GRID))
    if GRID in st.session_state:
        fragments.dialog(tr("Enter invoices"), width="large", icon=":material/edit_note:", on_dismiss=_close)(_draw)(runtime)


def _waiting(runtime: Runtime, chosen: Sequence[str]) -> list[Mapping[str, Any]]:
    """The rows of those that may take an invoice now, in the order chosen."""
    found = queries.everything(runtime.store, Selection(), Order(), visit=who.visit(runtime), only=chosen).to_pylist()
    may = {row["shipment_no"]: row for row in found if Action.REGISTER in shipment_rows.permitted(row)}
    return [may[number] for number in chosen if number in may]


def _reopen(runtime: Runtime, gone: OpenWork | None) -> None:
    """Lays out again what was open. Under the same turn: what was typed is in the browser, and comes from there."""
    numbers = [str(number) for number in gone.again.get("rows", ())] if gone else []
    if gone and (waiting := _waiting(runtime, numbers)):
        typed = {row["shipment_no"]: Typed() for row in waiting}
        st.session_state[GRID] = Grid(tuple(waiting), typed, turn=str(gone.again.get("turn")))


def _open(waiting: Sequence[Mapping[str, Any]]) -> None:
    kept: Mapping[str, Typed] = st.session_state.get(KEPT, {})
    typed = {row["shipment_no"]: kept.get(row["shipment_no"], Typed()) for row in waiting}
    st.session_state[GRID] = Grid(tuple(waiting), typed)


def _close() -> None:
    """Closes the grid; what was typed is there again when the same shipments are entered."""
    grid: Grid | None = st.session_state.pop(GRID, None)
    unfinished.forget(OpenKind.GRID)
    if grid:
        _keep(_typed(grid))


def _draw(runtime: Runtime) -> None:
    grid: Grid | None = st.session_state.get(GRID)
    if grid is None:
        st.rerun()
    with messages.guarded(tr("This grid")):
        typed = _typed(grid)
        _keep(typed)
        judged, doubts = _judged(runtime, grid, typed), _doubts(runtime, grid, typed)
        companies = [carrier.name for carrier in runtime.rules.offered.values()]
        unfinished.say(OpenKind.GRID)
        _say(grid)
        _fill(runtime, companies)
        shown = entry_grid.GridShown(
            turn=grid.turn,
            rows=[{"id": row["shipment_no"], "recipient": row["recipient"]} for row in grid.rows],
            values={number: one.values for number, one in grid.typed.items()},
            verdicts={line.shipment_no: _verdict(line, typed[line.shipment_no], doubts, runtime) for line in judged.lines},
            companies=companies,
        )
        entry_grid.entry_grid(shown, key=CELLS, on_save=lambda: _save(runtime))
        _foot(runtime, judged)
        again = {"turn": grid.turn, "rows": grid.numbers}
        unfinished.keep(OpenKind.GRID, OpenWork(grid.request_key, again=again))


def _typed(grid: Grid) -> dict[str, Typed]:
    """What stands in each row now, by shipment."""
    cells = entry_grid.typed(CELLS, grid.turn)
    said = {number: Typed(str(c)[:LONGEST], str(n)[:LONGEST], y is True) for number, (c, n, y) in cells.items()}
    return {number: said.get(number, grid.typed[number]) for number in grid.numbers}


def _keep(typed: Mapping[str, Typed]) -> None:
    st.session_state[KEPT] = {**st.session_state.get(KEPT, {}), **typed}


def _judged(runtime: Runtime, grid: Grid, typed: Mapping[str, Typed], *, confirmed: bool = True) -> Preview:
    """The verdicts on the rows in which a number stands, by the same judging as a file's."""
    filled = [(at, number, typed[number]) for at, number in enumerate(grid.numbers, 1) if typed[number].number.strip()]
    return uploading.judge_sheet(
        uploading.typed_sheet(NOTE, [(at, number, one.company, one.number) for at, number, one in filled]),
        runtime.rules,
        runtime.store,
        modify=False,
        request=Request(who.actor(runtime), runtime.now().astimezone(runtime.settings.zone)),
        confirmed=frozenset(at for at, _, one in filled if confirmed and one.confirmed),
    )


def _doubts(runtime: Runtime, grid: Grid, typed: Mapping[str, Typed]) -> dict[int, str]:
    """The warnings that were confirmed, by row."""
    if not any(one.confirmed for one in typed.values()):
        return {}
    lines = _judged(runtime, grid, typed, confirmed=False).lines
    return {line.row: line.reason for line in lines if typed[line.shipment_no].confirmed and line.verdict is RowVerdict.CONFIRM}


def _verdict(line: Line, typed: Typed, doubts: Mapping[int, str], runtime: Runtime) -> dict[str, Any]:
    shown = upload_rows.judged(_without_switch(line), doubts)
    return {
        "chip": shown.chip,
        "wrong": line.field if line.verdict is RowVerdict.REFUSED else "",
        "why": shown.why,
        "act": shown.act["word"] if shown.act else "",
        "of": typed.values,
        "company": shipment_rows.carrier_name(line.carrier, runtime.rules) if typed.company else "",
        "proposed": shipment_rows.carrier_name(line.carrier, runtime.rules) if line.proposed else "",
        "proposed_why": proposed_company.in_a_word(line.proposed),
        "means": proposed_company.in_full(line.proposed),
    }


def _without_switch(line: Line) -> Line:
    """The line with the way that leads from here to a registered invoice: there is no switch to modify it."""
    reasons = [replace(why, form="grid") if why.reason is RowReason.REGISTERED else why for why in line.reasons]
    return replace(line, reasons=tuple(reasons))


def _say(grid: Grid) -> None:
    kind, text = grid.said
    if kind == "error":
        st.error(formats.plain(text), title=tr(shared.NOTHING_REGISTERED), icon=":material/block:")
    elif text:
        st.success(formats.plain(text), icon=":material/check:")


def _fill(runtime: Runtime, companies: Sequence[str]) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.selectbox(
            tr("Company of the rows without one"),
            companies,
            index=None,
            key=FILL,
            placeholder=tr("Company of the rows without one"),
            label_visibility="collapsed",
            width=280,
            on_change=_filled,
            args=(runtime,),
        )
        st.caption(tr("Type, scan, or paste cells from a spreadsheet. What is typed is kept."), width="content")


def _filled(runtime: Runtime) -> None:
    """Writes the chosen company into every row that has none and for which none is proposed."""
    grid: Grid | None = st.session_state.get(GRID)
    company = st.session_state.get(FILL)
    if grid and company:
        typed = _typed(grid)
        proposed = {line.shipment_no for line in _judged(runtime, grid, typed).lines if line.proposed}
        filled = {
            number: one if number in proposed else replace(one, company=one.company or company) for number, one in typed.items()
        }
        st.session_state[GRID] = Grid(grid.rows, filled)
    st.session_state[FILL] = None


def _foot(runtime: Runtime, judged: Preview) -> None:
    counts = judged.counts
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            str(KitText.REGISTER(count=judged.writable)),
            type="primary",
            icon=":material/check:",
            key="grid:save",
            shortcut="Ctrl+Enter",
            disabled=not judged.writable,
            help=None if judged.writable else tr(shared.NO_ROW_NOW),
            on_click=_save,
            args=(runtime,),
        )
        rest = [str(text(count=counts[verdict])) for verdict, text in _REST.items() if counts[verdict]]
        st.caption(", ".join(rest), width="content")


def _save(runtime: Runtime) -> None:
    """Registers what is ready; the rest is laid out again with its reasons."""
    grid: Grid | None = st.session_state.get(GRID)
    if grid is None:
        return
    typed = _typed(grid)
    judged = _judged(runtime, grid, typed)
    if not judged.writable:
        return
    unfinished.forget(OpenKind.GRID)
    try:
        result = uploading.register(
            runtime.store,
            runtime.rules,
            judged,
            modify=False,
            request=Request(who.actor(runtime), runtime.now(), request_key=grid.request_key + judged.sheet.digest[:32]),
        )
    except Exception as error:
        st.session_state[GRID] = Grid(grid.rows, typed, ("error", messages.why(error)))
        return
    numbers = grid.numbers
    done = {numbers[row.row - 1] for row in result.rows if row.verdict in (RowVerdict.REGISTERED, RowVerdict.UNCHANGED)}
    _lay_out(grid, typed, done, sentences(_told(result)))


def _told(result: UploadResult) -> list[Why]:
    """What was registered, and for how many of it the company was proposed and not chosen."""
    done = GridText.REGISTERED(count=result.registered, batch=result.batch_id)
    pairs = zip(result.preview.lines, result.rows, strict=True)
    proposed = sum(line.proposed is not None and row.verdict is RowVerdict.REGISTERED for line, row in pairs)
    return [done, GridText.PROPOSED(count=proposed)] if proposed else [done]


def _lay_out(grid: Grid, typed: Mapping[str, Typed], done: set[str], said: str) -> None:
    """Takes the saved rows out of the grid and out of the selection; with none left the grid closes."""
    kept: Mapping[str, Typed] = st.session_state.get(KEPT, {})
    st.session_state[KEPT] = {number: one for number, one in kept.items() if number not in done}
    select(TABLE, [number for number in selection(TABLE) if number not in done])
    left = tuple(row for row in grid.rows if row["shipment_no"] not in done)
    if left:
        waiting = {row["shipment_no"]: typed[row["shipment_no"]] for row in left}
        st.session_state[GRID] = Grid(left, waiting, ("done", said))
    else:
        del st.session_state[GRID]
        notes.done(said)


_REST = {
    RowVerdict.CONFIRM: GridText.TO_CONFIRM,
    RowVerdict.REFUSED: GridText.REFUSED,
    RowVerdict.UNCHANGED: Tally.UNCHANGED,
}
