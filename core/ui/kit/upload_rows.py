"""The rows of an upload as tabs and a table: the verdict on each before, and what became of it after."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from core.domain.invoice_number import Rules
from core.services.shipments.undo import Undone
from core.services.uploading import Line, Preview, Result, Verdict
from core.ui.kit import chips, formats
from core.ui.kit.chips import Chip
from core.ui.kit.shipment_rows import carrier_name
from core.ui.kit.table import Column, TableEvent, table, turned

VIEW: Final = "upload:view"
SORT: Final = "upload:sort"
TABLE: Final = "upload:rows"
PAGE: Final = "upload:page"
ALL: Final = "all"
ROWS_A_PAGE: Final = 100

_UNDONE: Final[Chip] = {"word": "Undone", "icon": "back", "hue": "gray"}
VERDICTS: Final[Mapping[str, Chip]] = {
    Verdict.READY: chips.VERDICTS["ready"],
    Verdict.REPAIRED: chips.VERDICTS["repaired"],
    Verdict.CONFIRM: chips.VERDICTS["to_confirm"],
    Verdict.UNCHANGED: chips.VERDICTS["unchanged"],
    Verdict.REFUSED: chips.VERDICTS["refused"],
}
OUTCOMES: Final[Mapping[str, Chip]] = {
    "registered": chips.VERDICTS["registered"],
    "undone": _UNDONE,
    Verdict.CONFIRM: chips.VERDICTS["to_confirm"],
    Verdict.UNCHANGED: chips.VERDICTS["unchanged"],
    Verdict.REFUSED: chips.VERDICTS["refused"],
}
_WORST_FIRST = (Verdict.REFUSED, Verdict.CONFIRM, "stayed", Verdict.REPAIRED, Verdict.UNCHANGED, Verdict.READY)
_COLUMNS = (
    Column("row", "Row", 56, "muted", align="right", sort="row", narrow=48),
    Column("shipment_no", "Shipment No.", 134),
    Column("company", "Shipping company", 126, min=112, under="shipment_no"),
    Column("invoice_no", "Invoice No. in the file", 190, min=170, grow=1, narrow=166),
    Column("verdict", "Verdict", 124, "chip", sort="verdict", narrow=116),
    Column("why", "Why, and what to do", 300, "prose", min=240, grow=6, narrow=256),
)
_ACT = Column("act", "", 96, "button", under="verdict")


@dataclass(frozen=True)
class Shown:
    """One row as it is drawn; `view` is the tab it is in, `rank` how early it comes when the worst is first."""

    line: Line
    view: str
    chip: Chip
    why: str
    rank: int
    act: Mapping[str, str] | None = None


def of_preview(preview: Preview, doubts: Mapping[int, str], rules: Rules) -> list[tuple[Shown, str]]:
    """The rows with their verdicts; the ones to confirm have [Confirm], confirmed ones [Take back]."""
    return [(judged(line, doubts), _company(line, rules)) for line in preview.lines]


def of_result(result: Result, undone: Iterable[Undone] | None, rules: Rules) -> list[tuple[Shown, str]]:
    """The rows with what became of them; after an undo those that went back, and why the others stayed."""
    stayed = {one.shipment_no: one.stayed for one in undone or ()}
    rows = zip(result.preview.lines, result.rows, strict=True)
    return [
        (_done(line, done.outcome, done.message, stayed.get(line.shipment_no)), _company(line, rules)) for line, done in rows
    ]


def draw(
    rows: Sequence[tuple[Shown, str]],
    views: Mapping[str, Chip],
    caption: str,
    foot: Callable[[], None],
    *,
    toolbar: Callable[[str], None] | None = None,
    on_event: Callable[[TableEvent], None] | None = None,
) -> None:
    """The tabs with their counts and `toolbar` for the chosen one; the table, one page of it; `foot` beside the pager."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        view = _tabs(Counter(shown.view for shown, _ in rows), views)
        st.space("stretch")
        if toolbar:
            toolbar(view)
    sort: tuple[str, bool] = st.session_state.get(SORT, ("verdict", True))
    chosen = [pair for pair in rows if view in (ALL, pair[0].view)]
    ordered = sorted(chosen, key=lambda pair: _place(pair[0], sort[0]), reverse=not _begins_with_first(sort))
    place = st.container()
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        foot()
        first = _pager(len(ordered), f"{view} {sort}")
    with place:
        if not ordered:
            st.caption("No row is here now.")
            return
        table(
            (*_COLUMNS, _ACT) if any(shown.act for shown, _ in rows) else _COLUMNS,
            [_drawn(shown, company) for shown, company in ordered[first : first + ROWS_A_PAGE]],
            key=TABLE,
            caption=caption,
            sort=sort,
            view=f"{view} {sort} {first}",
            reserve=76,
            on_event=lambda event: _sorted(event) if event.name == "sort" else on_event and on_event(event),
        )


def _pager(count: int, view: str) -> int:
    """The place of the first row shown. Another tab or order begins on its first page."""
    pages = -(-count // ROWS_A_PAGE)
    if pages < 2:
        return 0
    number: int = st.pagination(pages, key=f"{PAGE}:{view}:{pages}", width=340 if pages > 3 else 190)
    return (number - 1) * ROWS_A_PAGE


def _tabs(counts: Mapping[str, int], views: Mapping[str, Chip]) -> str:
    offered = [ALL, *(name for name in views if counts.get(name) or views[name] is not _UNDONE)]
    if st.session_state.get(VIEW) not in offered:
        st.session_state[VIEW] = ALL

    def label(name: str) -> str:
        if name == ALL:
            return f"All **{formats.count(sum(counts.values()))}**"
        chip = views[name]
        return f"{chips.MATERIAL[chip['icon']]} {chip['word']} **{formats.count(counts.get(name, 0))}**"

    chosen = st.segmented_control("Rows", offered, required=True, key=VIEW, label_visibility="collapsed", format_func=label)
    return chosen or ALL


def judged(line: Line, doubts: Mapping[int, str]) -> Shown:
    """One row with its verdict."""
    rank = _WORST_FIRST.index(line.verdict)
    why = " ".join(text for text in (line.reason, line.repair, line.note) if text)
    if line.verdict is Verdict.CONFIRM:
        return Shown(line, line.verdict, VERDICTS[line.verdict], why, rank, {"name": "confirm", "word": "Confirm"})
    if line.row in doubts and line.verdict in (Verdict.READY, Verdict.REPAIRED):
        said = f"{doubts[line.row]} Confirmed: it goes into the history. {why}".strip()
        confirmed = chips.VERDICTS["confirmed"]
        return Shown(line, line.verdict, confirmed, said, _WORST_FIRST.index("stayed"), {"name": "doubt", "word": "Take back"})
    return Shown(line, line.verdict, VERDICTS[line.verdict], why, rank)


def _done(line: Line, outcome: str, message: str, stayed: str | None) -> Shown:
    if outcome != "registered":
        return Shown(line, outcome, OUTCOMES[outcome], message, _WORST_FIRST.index(outcome))
    if stayed is None:
        return Shown(line, outcome, OUTCOMES[outcome], message, len(_WORST_FIRST))
    if stayed:
        return Shown(line, outcome, OUTCOMES[outcome], f"Stayed: {stayed}.", _WORST_FIRST.index("stayed"))
    return Shown(line, "undone", _UNDONE, "", len(_WORST_FIRST))


def _place(shown: Shown, sort: str) -> tuple[int, int]:
    return (shown.line.row, 0) if sort == "row" else (shown.rank, shown.line.row)


def _begins_with_first(sort: tuple[str, bool]) -> bool:
    """The rows in ascending order; by verdict the worst is the highest."""
    name, descending = sort
    return descending if name == "verdict" else not descending


def _sorted(event: TableEvent) -> None:
    sort: tuple[str, bool] = st.session_state.get(SORT, ("verdict", True))
    name, descending = turned(sort, event.id)
    st.session_state[SORT] = (name, True) if name == "verdict" != sort[0] else (name, descending)


def _drawn(shown: Shown, company: str) -> dict[str, Any]:
    line = shown.line
    return {
        "id": str(line.row),
        "row": f"{line.row:,}",
        "shipment_no": line.shipment_no,
        "company": company,
        "invoice_no": line.text.strip(),
        "verdict": shown.chip,
        "why": shown.why,
        "act": shown.act,
    }


def _company(line: Line, rules: Rules) -> str:
    """The company that is meant, or what stands in the file."""
    return carrier_name(line.carrier, rules) or line.company
