"""The rows of an upload as tabs and a table: the verdict on each before, and what became of it after."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import streamlit as st

from core.domain.carriers import Rules
from core.domain.fields import FIELDS
from core.domain.language import tr
from core.domain.verdicts import RowVerdict
from core.services.shipments.undo import Undone
from core.services.uploading import Line, Preview, RowResult, UploadResult
from core.services.uploading.registering import WRITTEN
from core.ui.kit import chips, proposed_company, shared
from core.ui.kit.chips import Chip
from core.ui.kit.sentences import KitText, RowsText
from core.ui.kit.shipment_rows import carrier_name
from core.ui.kit.table import TableColumn, TableEvent, TableView, table, turned

VIEW: Final = "upload:view"
SORT: Final = "upload:sort"
TABLE: Final = "upload:rows"
PAGE: Final = "upload:page"
ALL: Final = "all"
ROWS_A_PAGE: Final = 100

BEFORE: Final = (
    RowVerdict.READY, RowVerdict.REPAIRED, RowVerdict.CONFIRM, RowVerdict.UNCHANGED, RowVerdict.REFUSED, RowVerdict.LEFT
)  # fmt: skip
AFTER: Final = (
    RowVerdict.REGISTERED, RowVerdict.UNDONE, RowVerdict.CONFIRM, RowVerdict.UNCHANGED, RowVerdict.REFUSED, RowVerdict.LEFT
)  # fmt: skip
_WORST_FIRST = (
    RowVerdict.REFUSED, RowVerdict.CONFIRM, RowVerdict.CONFIRMED, RowVerdict.REPAIRED, RowVerdict.UNCHANGED, RowVerdict.READY
)  # fmt: skip
_SELDOM = (RowVerdict.UNDONE, RowVerdict.LEFT)
_COLUMNS = (
    TableColumn("row", "Row", 56, "muted", align="right", sort="row", narrow=48),
    TableColumn("shipment_no", FIELDS.in_english["shipment_no"], 134),
    TableColumn("company", FIELDS.in_english["carrier"], 126, min=112, under="shipment_no"),
    TableColumn("invoice_no", "Invoice No. in the file", 190, min=170, grow=1, narrow=166),
    TableColumn("verdict", "Verdict", 124, "chip", sort="verdict", narrow=116),
    TableColumn("why", shared.WHY_AND_WHAT, 300, "prose", min=240, grow=6, narrow=256),
)
_ACT = TableColumn("act", "", 96, "button", under="verdict")


@dataclass(frozen=True)
class Shown:
    """One row as it is drawn; `view` is the tab it is in, `verdict` its chip, `rank` how early it comes when the worst is first."""

    line: Line
    view: RowVerdict
    verdict: RowVerdict
    why: str
    act: Mapping[str, str] | None = None
    stayed: bool = False

    @property
    def chip(self) -> Chip:
        return chips.VERDICTS[self.verdict]

    @property
    def rank(self) -> int:
        verdict = RowVerdict.CONFIRMED if self.stayed else self.verdict
        return _WORST_FIRST.index(verdict) if verdict in _WORST_FIRST else len(_WORST_FIRST)


def of_preview(preview: Preview, doubts: Mapping[int, str], rules: Rules) -> list[tuple[Shown, str]]:
    """The rows with their verdicts; the ones to confirm have [Confirm], confirmed ones [Take back]."""
    return [(judged(line, doubts), _company(line, rules)) for line in preview.lines]


def of_result(result: UploadResult, undone: Iterable[Undone] | None, rules: Rules) -> list[tuple[Shown, str]]:
    """The rows with what became of them; after an undo those that went back, and why the others stayed."""
    after = {one.shipment_no: one for one in undone or ()}
    rows = zip(result.preview.lines, result.rows, strict=True)
    return [(_done(line, done, after.get(line.shipment_no)), _company(line, rules)) for line, done in rows]


def draw(
    rows: Sequence[tuple[Shown, str]],
    views: Sequence[RowVerdict],
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
            st.caption(tr("No row is here now."))
            return
        table(
            (*_COLUMNS, _ACT) if any(shown.act for shown, _ in rows) else _COLUMNS,
            [_drawn(shown, company) for shown, company in ordered[first : first + ROWS_A_PAGE]],
            key=TABLE,
            caption=caption,
            view=TableView(sort, shows=f"{view} {sort} {first}", reserve=76),
            on_event=lambda event: _sorted(event) if event.name == "sort" else on_event and on_event(event),
        )


def _pager(count: int, view: str) -> int:
    """The place of the first row shown. Another tab or order begins on its first page."""
    pages = -(-count // ROWS_A_PAGE)
    if pages < 2:
        return 0
    number: int = st.pagination(pages, key=f"{PAGE}:{view}:{pages}", width=340 if pages > 3 else 190)
    return (number - 1) * ROWS_A_PAGE


def _tabs(counts: Mapping[RowVerdict, int], views: Sequence[RowVerdict]) -> str:
    offered: list[str] = [ALL, *(view for view in views if counts.get(view) or view not in _SELDOM)]
    if st.session_state.get(VIEW) not in offered:
        st.session_state[VIEW] = ALL

    def label(name: str) -> str:
        if name == ALL:
            return str(RowsText.ALL(count=sum(counts.values())))
        chip = chips.VERDICTS[RowVerdict(name)]
        count = counts.get(RowVerdict(name), 0)
        return str(RowsText.VERDICT(icon=chips.MATERIAL[chip["icon"]], verdict=chip["word"], count=count))

    chosen = st.segmented_control(tr("Rows"), offered, required=True, key=VIEW, label_visibility="collapsed", format_func=label)
    return chosen or ALL


def judged(line: Line, doubts: Mapping[int, str]) -> Shown:
    """One row with its verdict; one whose doubt was answered is confirmed."""
    why = " ".join(text for text in (line.reason, line.repair, line.note) if text)
    if line.verdict is RowVerdict.CONFIRM:
        return Shown(line, line.verdict, line.verdict, why, {"name": "confirm", "word": tr("Confirm")})
    if line.row in doubts and line.verdict in WRITTEN:
        answered = " ".join(filter(None, (doubts[line.row], str(KitText.ANSWERED_DOUBT()), why)))
        return Shown(line, line.verdict, RowVerdict.CONFIRMED, answered, {"name": "doubt", "word": tr(shared.TAKE_BACK)})
    return Shown(line, line.verdict, line.verdict, why)


def _done(line: Line, done: RowResult, undone: Undone | None) -> Shown:
    if done.verdict is not RowVerdict.REGISTERED or undone is None:
        return Shown(line, done.verdict, done.verdict, done.message)
    if undone.stayed:
        return Shown(line, done.verdict, done.verdict, str(undone.stayed), stayed=True)
    return Shown(line, RowVerdict.UNDONE, RowVerdict.UNDONE, "")


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
    """The company that is meant, with the mark of one that is proposed, or what stands in the file."""
    return proposed_company.marked(carrier_name(line.carrier, rules), line.proposed) or line.company
