"""The table of every list: real HTML in one component; columns and rows are data, clicks come back as events."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, Final, Literal
from uuid import uuid4

import streamlit as st

from core.domain import phrases
from core.domain.fields import FIELDS
from core.domain.language import Vocabulary, worded
from core.ui.kit import shared
from core.ui.kit.components import component

ColumnKind = Literal[
    "text", "muted", "prose", "shipment", "products", "invoice", "chip", "flag", "figure", "bar", "range", "button", "actions"
]  # fmt: skip
Row = Mapping[str, Any]


@worded("label")
@dataclass(frozen=True)
class TableColumn:
    """One column. What a cell holds follows from `kind`, under `row[key]`; text is never markup.

    text, muted, prose   text, cut at the edge; `prose` wraps instead
    shipment             the green link (event `open`), and a speech bubble where the row has a `request`
    products             the first product, and "+2" where the row has `more`
    invoice              the number with Copy, and View where the row `can` view (event `view`);
                         with no number a Register button where it `can` register (event `register`)
    chip, flag           {"word", "icon", "hue"} or None, with `new` a dot behind it; under a chip stands the row's `reason`
    figure               {"name", "text"}: a number that opens (event `name`)
    bar                  {"text", "share", "hue"}: a number and a bar as long as its share (0 to 1)
    range                {"text", "low", "at", "high", "mark", "bad"}: an interval drawn on a scale from 0 to 1, `mark` is the
                         target, `bad` below it; or None
    button               {"name", "word"}: a small button (event `name`), with `locked` one that only says why; or text
    actions              pencil, bin and history (events `modify`, `delete`, `history`) as the row `can`

    A row that is `locked` says by that text why its number cannot be registered, modified or deleted.
    """

    key: str
    label: str
    width: int | None = None
    """Pixels; None takes what the others leave, at least `min`."""
    kind: ColumnKind = "text"
    align: Literal["left", "right"] = "left"
    sort: str | None = None
    """What the event `sort` reports when the head is pressed; None: this column does not sort."""
    min: int | None = None
    """How narrow the column may become before the table changes to two lines a row."""
    grow: int = 0
    """Its share of what is left over on a wide screen."""
    under: str | None = None
    """The key of the column it moves under when the table is narrow."""
    beside: bool = False
    """Moves beside that column instead of under it."""
    narrow: int | None = None
    """Its width when the table is narrow."""
    spare: bool = False
    """Whether a card does without it."""
    axis: tuple[tuple[float, str], ...] = ()
    """Of a range: what its head says of the scale, each at its place from 0 to 1."""


@dataclass(frozen=True)
class TableEvent:
    """A press in the table; `id` is the row's id, or the head's `sort` name. Whoever acts on it checks the right."""

    name: str
    id: str


@dataclass(frozen=True)
class Ahead:
    """How the table shows the rows of a press before the page is drawn anew, asked at `route` beside the page under `link`.

    What a press makes of the link stands by the control: `radios` by key in the order of its choices, `boxes` by key and by the text
    chosen. A head turns the order round, and begins descending where it is `newest_first`. `early` is asked before it is pressed.
    """

    route: str
    link: Mapping[str, Sequence[str]]
    zone: str
    radios: Mapping[str, Sequence[Mapping[str, Sequence[str]]]]
    boxes: Mapping[str, Mapping[str, Mapping[str, Sequence[str]]]]
    newest_first: Sequence[str]
    early: Sequence[Mapping[str, Sequence[str]]]


@dataclass(frozen=True)
class TableView:
    """How the rows stand on the page.

    `sort` is the sorted column's `sort` name and whether it is descending. `shows` names what is shown (page, filter, order): when
    it changes the table scrolls to its top. `height`: down to `reserve` pixels above the window's bottom edge, as the rows need,
    or at most so many pixels. `open` is the row that a drawer shows: it is marked, and gets the focus when the drawer closes.
    """

    sort: tuple[str, bool] | None = None
    selectable: bool = False
    shows: str = ""
    height: int | Literal["window", "content"] = "window"
    reserve: int = 74
    ahead: Ahead | None = None
    open: str = ""


SHIPMENT_COLUMNS: Final = (
    TableColumn("id", FIELDS.in_english["shipment_no"], 134, "shipment", sort="shipment_no", narrow=147),
    TableColumn("order_no", FIELDS.in_english["order_no"], 76, min=64, sort="order_no", under="id"),
    TableColumn("ordered", FIELDS.in_english["ordered_at"], 92, "muted", sort="ordered_at", min=90, under="id"),
    TableColumn("products", "Products", 96, "products", min=76, grow=8, under="recipient"),
    TableColumn("recipient", FIELDS.in_english["recipient"], 102, min=76, grow=4, narrow=82),
    TableColumn("destination", FIELDS.in_english["destination"], 100, min=90, under="recipient"),
    TableColumn("warehouse", "Ware\u00adhouse", 54, under="invoice_no"),
    TableColumn("carrier", FIELDS.in_english["carrier"], 112, min=94, under="invoice_no"),
    TableColumn("invoice_no", FIELDS.in_english["invoice_no"], 226, "invoice", min=200, sort="invoice_no", narrow=205),
    TableColumn("status", FIELDS.in_english["status"], 114, "chip", sort="status", narrow=170),
    TableColumn("age", FIELDS.in_english["age"], 88, min=78, align="right", sort="in_status", under="status", beside=True),
    TableColumn("flag", FIELDS.in_english["flag"], 142, "flag", min=126, under="status"),
    TableColumn("can", "Actions", 84, "actions"),
)

_WORDS: Final = Vocabulary(
    {
        "caption": "{caption}. Rows: {count}",
        "act": "Actions",
        "request": "Shipping request: {request}",
        "saying": FIELDS.in_english["request"],
        "more": phrases.NAME_AND_MORE,
        "register": "Register",
        "copy": "Copy {number}",
        "copied": "Copied",
        "not_copied": "Could not copy: select the number and press Ctrl+C",
        "view": shared.VIEW_DETAILS,
        "modify": shared.MODIFY_INVOICE,
        "delete": "Delete invoice",
        "history": "History",
        "new": "New since you looked last",
        "all": "Select all shown rows",
        "select": "Select {id}",
    }
)
_HEAD, _ROW = 36, 34
"""Pixels, where rows are lowest."""

_mount = component("shipdesk_table", '<div class="frame"></div>', "icons.css", "table.css", "icons.js", "ahead.js", "table.js")


def table(
    columns: Sequence[TableColumn],
    rows: Sequence[Row],
    *,
    key: str,
    caption: str,
    view: TableView = TableView(),
    on_event: Callable[[TableEvent], None] | None = None,
) -> TableEvent | None:
    """Draws the rows and returns what was pressed in them, once.

    Each row has a unique `id`. `on_event` is called before the page runs: the place to change the sorting. What is selected is
    asked with `selection(key)`, before or after this call.
    """
    held = _held(key)

    def remember() -> None:
        said = st.session_state[key].get("selected") or {}
        if said.get("generation") == _held(key)["generation"]:
            _held(key)["ids"] = [str(one) for one in said.get("ids", ())]

    def report() -> None:
        event = _event(st.session_state[key].get("event"))
        if event and on_event:
            on_event(event)

    result = _mount(
        key=key,
        data={
            "columns": columns_data(columns),
            "rows": [dict(row) for row in rows],
            "words": dict(_WORDS),
            "caption": caption,
            "sort": {"key": view.sort[0], "descending": view.sort[1]} if view.sort else None,
            "selectable": view.selectable,
            "selected": held["ids"],
            "generation": held["generation"],
            "view": view.shows,
            "height": view.height,
            "reserve": view.reserve,
            "open": view.open,
            "ahead": asdict(view.ahead) if view.ahead else None,
        },
        on_selected_change=remember,
        on_event_change=report,
        height=_known_height(view, rows),
    )
    return _event(result.get("event"))


def _known_height(view: TableView, rows: Sequence[Row]) -> int | Literal["content"]:
    """The height of a table that will be as high as it may: nothing below it moves when it is drawn."""
    return view.height if isinstance(view.height, int) and _HEAD + _ROW * len(rows) >= view.height else "content"


def shipment_table(
    rows: Sequence[Row],
    *,
    key: str,
    caption: str,
    view: TableView,
    on_event: Callable[[TableEvent], None] | None = None,
    columns: Sequence[TableColumn] = SHIPMENT_COLUMNS,
) -> TableEvent | None:
    """The list of shipments.

    A row: id, request, order_no, ordered, products, more, recipient, destination, warehouse, carrier, invoice_no,
    status (chip), reason, age, flag (chip or None), can (modify, delete, history, register, view).
    """
    return table(columns, rows, key=key, caption=caption, view=view, on_event=on_event)


def columns_data(columns: Sequence[TableColumn]) -> list[dict[str, Any]]:
    """The columns as the table takes them, with the rows."""
    shown = {column.key for column in columns}
    return [_column(column, shown) for column in columns]


def selection(key: str) -> tuple[str, ...]:
    """The ids selected in the table, on all its pages, in the order they were chosen."""
    return tuple(_held(key)["ids"])


def select(key: str, ids: Collection[str] = ()) -> None:
    """Replaces the selection of the table; with nothing given, clears it. To be called before the table is drawn."""
    st.session_state[_name(key)] = {"ids": list(ids), "generation": uuid4().hex}


def turned(sort: tuple[str, bool] | None, name: str) -> tuple[str, bool]:
    """The sorting after a press on the head `name`: the other direction of the same column, else ascending."""
    return (name, not sort[1]) if sort and sort[0] == name else (name, False)


def _name(key: str) -> str:
    return f"{key}:selection"


def _held(key: str) -> dict[str, Any]:
    if _name(key) not in st.session_state:
        select(key)
    held: dict[str, Any] = st.session_state[_name(key)]
    return held


def _column(column: TableColumn, shown: Collection[str]) -> dict[str, Any]:
    """What it would move under in a narrow table may not be shown: then it has a place of its own."""
    flexible = column.width is None
    least = column.min or column.width or 96
    alone = {} if column.under in shown else {"under": None, "beside": False}
    return _fields(column) | {"min": least, "grow": column.grow or int(flexible)} | alone


def _fields(column: TableColumn) -> dict[str, Any]:
    return {one.name: getattr(column, one.name) for one in fields(column)}


def _event(said: object) -> TableEvent | None:
    match said:
        case {"name": str(name), "id": str(id)}:
            return TableEvent(name, id)
    return None
