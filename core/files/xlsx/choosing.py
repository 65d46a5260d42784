"""Which sheet and which columns hold the invoices, and its rows."""

from dataclasses import dataclass, field

from core.domain.errors import Refused
from core.files.headers import field_of
from core.files.xlsx import sentences
from core.files.xlsx.archive import Archive
from core.files.xlsx.parts import Merge, RawRow, Tab, letters, read_book, rows
from core.files.xlsx.sheet import FIELDS, MOST_ROWS, TITLES, Cell, SheetRow
from core.files.xlsx.values import Book, visible

HEADER_WITHIN = 20


@dataclass
class Table:
    """One sheet while it is read: its header once it is found, and the rows below."""

    tab: Tab
    book: Book
    header_row: int = 0
    columns: dict[str, int] = field(default_factory=dict)
    rows: list[SheetRow] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)
    count: int = 0
    looked_at: int = 0
    partial: tuple[int, frozenset[str]] = (0, frozenset())
    doubled: tuple[str, list[int]] = ("", [])

    @property
    def letters(self) -> dict[str, str]:
        return {name: letters(column) for name, column in self.columns.items()}

    def take(self, row: RawRow) -> None:
        if self.columns:
            self._take_data(row)
        elif self.looked_at < HEADER_WITHIN:
            self._look_for_header(row)

    def _look_for_header(self, row: RawRow) -> None:
        texts = {column: self.book.cell(raw).text for column, raw in row.cells.items()}
        shown = {column: text for column, text in texts.items() if visible(text)}
        self.looked_at += bool(shown)
        found: dict[str, list[int]] = {}
        for column, text in sorted(shown.items()):
            if name := field_of(text):
                found.setdefault(name, []).append(column)
        if len(found) < len(FIELDS):
            if len(found) > len(self.partial[1]):
                self.partial = (row.number, frozenset(found))
            return
        self.doubled = next(((name, places) for name, places in found.items() if len(places) > 1), ("", []))
        self.columns = {name: places[0] for name, places in found.items()}
        self.header_row = row.number

    def _take_data(self, row: RawRow) -> None:
        raws = [row.cells.get(self.columns[name]) for name in FIELDS]
        if not any(raws):
            return
        cells = [self.book.cell(raw) if raw else Cell() for raw in raws]
        if not any(cell.fault or visible(cell.text) for cell in cells):
            return
        if row.number in self.numbers:
            raise Refused(sentences.DAMAGED)
        self.numbers.add(row.number)
        self.count += 1
        if self.count <= MOST_ROWS:
            repeated = all(field_of(cell.text) == name for cell, name in zip(cells, FIELDS, strict=True))
            self.rows.append(SheetRow(row.number, cells[0], cells[1], cells[2], row.hidden, repeated))


def read_table(archive: Archive) -> Table:
    """The one visible sheet with invoices. Raises Refused when there is none, several, or more rows than one upload takes."""
    tabs, book = read_book(archive)
    tables = [_table(archive, tab, book) for tab in tabs if tab.visible]
    if not tables:
        raise Refused(sentences.NO_SHEET)
    headed = [table for table in tables if table.columns]
    if not headed:
        raise Refused(_why_no_header(tables))
    filled = [table for table in headed if table.count]
    if len(filled) > 1:
        raise Refused(sentences.several_sheets([table.tab.title for table in filled]))
    table = (filled or headed)[0]
    if table.doubled[0]:
        name, places = table.doubled
        raise Refused(sentences.doubled(TITLES[name], [letters(place) for place in places], table.tab.title))
    if not filled:
        raise Refused(sentences.HEADER_ONLY)
    if table.count > MOST_ROWS:
        raise Refused(sentences.too_many(table.count))
    return table


def _table(archive: Archive, tab: Tab, book: Book) -> Table:
    table = Table(tab, book)
    merges = rows(archive, tab.part, table.take)
    table.rows = _with_merges(table, merges)
    return table


def _with_merges(table: Table, merges: list[Merge]) -> list[SheetRow]:
    """The rows, with a fault on each blank cell that a merged range covers."""
    touching = [
        (name, merge)
        for name, column in table.columns.items()
        for merge in merges
        if merge.left <= column <= merge.right and merge.bottom > table.header_row
    ]
    if not touching:
        return table.rows
    return [_with_merge(table, row, touching) for row in table.rows]


def _with_merge(table: Table, row: SheetRow, touching: list[tuple[str, Merge]]) -> SheetRow:
    cells = dict(zip(FIELDS, (row.shipment_no, row.company, row.invoice_no), strict=True))
    for name, cell in cells.items():
        if cell.fault or visible(cell.text):
            continue
        over = next((m for field_name, m in touching if field_name == name and m.top <= row.number <= m.bottom), None)
        if over and (over.left, over.top) != (table.columns[name], row.number):
            first = f"{letters(over.left)}{over.top}"
            cells[name] = Cell(
                "", f"the cell is merged with {first} and has no value of its own. Unmerge the cells and fill it."
            )
    return SheetRow(row.number, cells["shipment_no"], cells["carrier"], cells["invoice_no"], row.hidden, row.is_header)


def _why_no_header(tables: list[Table]) -> str:
    closest = max(tables, key=lambda table: len(table.partial[1]))
    row, found = closest.partial
    if len(found) >= 2:
        return sentences.missing([TITLES[name] for name in FIELDS if name not in found], closest.tab.title, row)
    return sentences.NO_HEADER if any(table.looked_at for table in tables) else sentences.EMPTY_SHEET
