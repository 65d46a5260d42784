"""Where the table of a file is: what a header means, which row holds the headers, and which sheet of a workbook is read."""

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import IO, Any
from unicodedata import normalize

from core.domain.errors import Refused
from core.domain.texts import file_name, is_visible
from core.files import confined, refusals
from core.files.headers import COLUMN_OF, WEAK, header_key
from core.files.limits import HEADER_WITHIN, IMPORT, LARGEST, MOST_ROWS, UPLOAD, Limits
from core.files.order_layouts import OrderLayout, header_row, recognised
from core.files.progress import Honest, Tell
from core.files.reasons import CellTrouble
from core.files.refusals import ReadFault, Unreadable
from core.files.xlsx.archive import OLE, Archive, Worksheet, unlocked
from core.files.xlsx.reader import UNPARSED, Labels, Merge, Row, Values, Workbook, letters
from core.files.xlsx.sheet import INVOICE_FIELDS, TITLES, Sheet, SheetCell, SheetRow

_DECORATION = re.compile(r"\b(required|mandatory)\b|필수|입력|必須|入力", re.IGNORECASE)
_PLAIN = frozenset({"shipment_no", "invoice_no"})
_PARTS = re.compile(r"[\n\r/|()\[\]{}<>・:,;]+")


def field_of(text: str) -> str:
    """The column of an upload that a header names, also in two languages or marked as required; "" for none or several."""
    if len(text) > 100:
        return ""
    narrow = _DECORATION.sub("", normalize("NFKC", text))
    if exact := _field(narrow):
        return exact
    parts = [_field(part) for part in _PARTS.split(narrow) if header_key(part)]
    found = {part for part in parts if part}
    return found.pop() if len(found) == 1 and parts[0] else ""


def _field(text: str) -> str:
    name = COLUMN_OF.get(header_key(text), "")
    return name if name in INVOICE_FIELDS else ""


def rows_of(
    file: bytes | IO[bytes], limits: Limits = IMPORT, honest: Honest | None = None, tell: Tell | None = None
) -> Iterator[Row]:
    """The rows of the one visible sheet with data, whatever its columns; hidden rows are read.

    `honest` is called when the file is built as a table of its size is. Raises Unreadable when the file is locked, damaged, no
    .xlsx, too large, or has no or several sheets with data.
    """
    try:
        archive = Archive(_unpacked(file), limits)
        if honest:
            honest(memory=True)
        book = Workbook(archive, Values)
        yield from book.rows(sheet_of(book), tell=tell)
    except UNPARSED as error:
        raise Unreadable(ReadFault.DAMAGED) from error


def sheet_of(book: Workbook) -> Worksheet:
    """The one visible sheet with data, or among several the only one with orders. Raises Unreadable when there is none, or several."""
    filled = [sheet for sheet in book.sheets if next(book.rows(sheet), None)]
    filled = filled if len(filled) < 2 else _of_orders(book, filled) or filled
    if len(filled) != 1:
        why = ReadFault.SEVERAL_SHEETS if filled else ReadFault.EMPTY_SHEET
        raise Unreadable(why, sheets=refusals.quoted([sheet.title for sheet in filled]))
    return filled[0]


def _of_orders(book: Workbook, sheets: Sequence[Worksheet]) -> list[Worksheet]:
    """The only sheet whose heads are those of a known layout, of several the one that its source calls so, else none."""
    layouts = {sheet.title: _layout_of([row.cells for row in islice(book.rows(sheet), HEADER_WITHIN)]) for sheet in sheets}
    found = [sheet for sheet in sheets if layouts[sheet.title]]
    if len(found) > 1:
        found = [sheet for sheet in found if (layout := layouts[sheet.title]) and layout.sheet == sheet.title]
    return found if len(found) == 1 else []


def _layout_of(top: Sequence[Sequence[str]]) -> OrderLayout | None:
    place = header_row(top)
    return None if place is None else recognised(top[place])


def _unpacked(file: bytes | IO[bytes]) -> bytes | IO[bytes]:
    """The zip of a workbook: the file itself, or the bytes of one that is locked in a way Excel opens without asking."""
    if isinstance(file, bytes):
        return unlocked(file)
    start = file.read(len(OLE))
    file.seek(0)
    return unlocked(file.read()) if start == OLE else file


def read_sheet(data: bytes, name: str, waiting: Callable[[], None] | None = None) -> Sheet:
    """The rows of the one sheet with invoices, read by the confined process.

    The kind of file is found by its content; `name` is only repeated on screen. `waiting` is called while others are read first.
    Raises Refused with one sentence for every file that is not read.
    """
    try:
        if not data:
            raise Unreadable(ReadFault.EMPTY)
        if len(data) > LARGEST:
            raise Unreadable(ReadFault.TOO_BIG)
        found, _ = confined.run("read", data, waiting)
    except Unreadable as file:
        raise Refused(refusals.of_upload(file)) from file
    rows = tuple(_row(row) for row in found["rows"])
    digest = hashlib.sha256(data).hexdigest()
    return Sheet(
        file_name(name), found["title"], found["header_row"], found["columns"], rows, digest, sum(row.hidden for row in rows)
    )


def _row(row: list[Any]) -> SheetRow:
    number, shipment_no, company, invoice_no, hidden, is_header = row
    return SheetRow(number, SheetCell(*shipment_no), SheetCell(*company), SheetCell(*invoice_no), hidden, is_header)


def sheet_in(data: bytes) -> tuple[dict[str, Any], bytes]:
    """What the confined process answers to `read`: what `read_sheet` makes a sheet of."""
    try:
        table = _the_table(Workbook(Archive(unlocked(data), UPLOAD), Labels))
    except UNPARSED as error:
        raise Unreadable(ReadFault.DAMAGED) from error
    rows = [
        (row.number, *((cell.text, cell.fault) for cell in _cells(row).values()), row.hidden, row.is_header)
        for row in table.rows
    ]
    return {"title": table.title, "header_row": table.header_row, "columns": table.letters, "rows": rows}, b""


@dataclass
class _Table:
    """One sheet while it is read: its header once it is found, and the rows below."""

    title: str
    header_row: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[SheetRow] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)
    looked_at: int = 0
    partial: tuple[int, frozenset[str]] = (0, frozenset())
    doubled: tuple[str, list[int]] = ("", [])

    @property
    def letters(self) -> dict[str, str]:
        return {name: letters(column) for name, column in self.columns.items()}

    @property
    def has_company(self) -> bool:
        return "carrier" in self.columns

    def take(self, row: Row) -> None:
        # A plain list of numbers is one only until a header with the company follows.
        if not self.has_company and self.looked_at < HEADER_WITHIN and self._is_header(row):
            return
        if self.columns:
            self._take_data(row)

    def _is_header(self, row: Row) -> bool:
        """Whether the row has the headers, all three or, in a plain list, those of both numbers and no more."""
        shown = {column: text for column, text in enumerate(row.cells) if is_visible(text)}
        self.looked_at += bool(shown)
        found: dict[str, list[int]] = {}
        for column, text in shown.items():
            if name := field_of(text):
                found.setdefault(name, []).append(column)
        found = {name: _telling(places, shown) for name, places in found.items()}
        plain = not self.columns and len(shown) == len(found) == len(_PLAIN) and found.keys() >= _PLAIN
        if len(found) < len(INVOICE_FIELDS) and not plain:
            if len(found) > len(self.partial[1]):
                self.partial = (row.number, frozenset(found))
            return False
        self.doubled = next(((name, places) for name, places in found.items() if len(places) > 1), ("", []))
        self.columns = {name: places[0] for name, places in found.items()}
        self.header_row = row.number
        self.rows, self.numbers = [], set()
        return True

    def _take_data(self, row: Row) -> None:
        if not self.has_company and any(
            is_visible(text) for at, text in enumerate(row.cells) if at not in self.columns.values()
        ):
            # What stands beside the numbers may be the company.
            self.partial, self.columns, self.rows = (self.header_row, _PLAIN), {}, []
            return
        cells = [_cell(row, self.columns[name]) if name in self.columns else SheetCell() for name in INVOICE_FIELDS]
        if not any(cell.fault or is_visible(cell.text) for cell in cells):
            return
        if row.number in self.numbers:
            raise Unreadable(ReadFault.DAMAGED)
        self.numbers.add(row.number)
        if len(self.numbers) <= MOST_ROWS:
            repeated = all(
                field_of(cell.text) == name for cell, name in zip(cells, INVOICE_FIELDS, strict=True) if name in self.columns
            )
            self.rows.append(SheetRow(row.number, cells[0], cells[1], cells[2], row.hidden, repeated))


def _telling(places: list[int], shown: dict[int, str]) -> list[int]:
    """The places of one column's heads, without those that may mean something else, where others are there."""
    return [place for place in places if header_key(shown[place]) not in WEAK] or places


def _cell(row: Row, column: int) -> SheetCell:
    return SheetCell(row.cells[column] if column < len(row.cells) else "", row.faults.get(column, ""))


def _cells(row: SheetRow) -> dict[str, SheetCell]:
    return dict(zip(INVOICE_FIELDS, (row.shipment_no, row.company, row.invoice_no), strict=True))


def _the_table(book: Workbook) -> _Table:
    """The one visible sheet with invoices. Raises Unreadable when there is none, several, or more rows than one upload takes."""
    tables = [_table(book, sheet) for sheet in book.sheets]
    if not tables:
        raise Unreadable(ReadFault.NO_SHEET)
    headed = [table for table in tables if table.has_company] or [table for table in tables if table.columns]
    if not headed:
        raise _no_header(tables)
    filled = [table for table in headed if table.rows]
    if len(filled) > 1:
        raise Unreadable(ReadFault.SEVERAL_SHEETS, sheets=refusals.quoted([table.title for table in filled]))
    table = (filled or headed)[0]
    if table.doubled[0]:
        name, places = table.doubled
        said = ", ".join(letters(place) for place in places)
        raise Unreadable(ReadFault.HEADER_DOUBLED, field=TITLES[name], sheet=table.title, letters=said)
    if not filled:
        raise Unreadable(ReadFault.HEADER_ONLY)
    if len(table.numbers) > MOST_ROWS:
        raise Unreadable(ReadFault.TOO_MANY_DATA_ROWS, count=len(table.numbers))
    return table


def _table(book: Workbook, sheet: Worksheet) -> _Table:
    table, merges = _Table(sheet.title), list[Merge]()
    for row in book.rows(sheet, merges):
        table.take(row)
    table.rows = _with_merges(table, merges)
    return table


def _with_merges(table: _Table, merges: list[Merge]) -> list[SheetRow]:
    """The rows, with a fault on each blank cell that a merged range with a value covers."""
    rows = {row.number: row for row in table.rows}
    touching = [
        (name, merge)
        for name, column in table.columns.items()
        for merge in merges
        if merge.left <= column <= merge.right and merge.bottom > table.header_row and not _is_blank(table, rows, merge)
    ]
    return [_with_merge(table, row, touching) for row in table.rows] if touching else table.rows


def _is_blank(table: _Table, rows: Mapping[int, SheetRow], merge: Merge) -> bool:
    """Whether a merged range is known to hold nothing: it begins in an empty cell of the three columns, below the headers."""
    name = next((name for name, column in table.columns.items() if column == merge.left), "")
    if not name or merge.top <= table.header_row:
        return False
    cell = _cells(rows[merge.top])[name] if merge.top in rows else SheetCell()
    return not cell.fault and not is_visible(cell.text)


def _with_merge(table: _Table, row: SheetRow, touching: list[tuple[str, Merge]]) -> SheetRow:
    cells = _cells(row)
    for name, cell in cells.items():
        if cell.fault or is_visible(cell.text):
            continue
        over = next((m for field_name, m in touching if field_name == name and m.top <= row.number <= m.bottom), None)
        if over and (over.left, over.top) != (table.columns[name], row.number):
            first = f"{letters(over.left)}{over.top}"
            cells[name] = SheetCell("", str(CellTrouble.MERGED(first=first)))
    return SheetRow(row.number, cells["shipment_no"], cells["carrier"], cells["invoice_no"], row.hidden, row.is_header)


def _no_header(tables: list[_Table]) -> Unreadable:
    closest = max(tables, key=lambda table: len(table.partial[1]))
    row, found = closest.partial
    absent = [TITLES[name] for name in INVOICE_FIELDS if name not in found]
    if len(absent) == 1:
        return Unreadable(ReadFault.HEADER_MISSING, field=absent[0], row=row, sheet=closest.title)
    return Unreadable(ReadFault.NO_HEADER if any(table.looked_at for table in tables) else ReadFault.EMPTY_SHEET)
