"""A workbook that came, with texts put into some of its cells: every other byte of the sheet, and every other part, stays as it was."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from core.files import confined
from core.files.choosing import sheet_of
from core.files.headers import header_key
from core.files.limits import HEADER_WITHIN, IMPORT
from core.files.order_layouts import header_row
from core.files.refusals import ReadFault, Unreadable
from core.files.xlsx.archive import Archive, unlocked
from core.files.xlsx.marking import replaced
from core.files.xlsx.reader import Merge, Values, Workbook, letters, place
from core.files.xlsx.shared_texts import without_unused

_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")


@dataclass(frozen=True)
class _Cell:
    """Where a cell stands in the sheet's bytes, and its style."""

    start: int
    end: int
    style: str


@dataclass
class _Row:
    """Where a row's cells stand, and where it ends."""

    end: int = -1
    cells: dict[int, _Cell] = field(default_factory=dict)


def filled(data: bytes, columns: Mapping[str, Sequence[str]], texts: Mapping[int, Mapping[str, str]]) -> bytes:
    """The workbook with these texts by row and column, written by the confined process.

    `columns` are the heads that each column may have, in the one sheet with the heads of orders. Raises Unreadable when the sheet cannot be
    written without understanding more of it, also for a formula in the place of a text: others may be computed from it.
    """
    said = json.dumps({"columns": {name: list(heads) for name, heads in columns.items()}, "texts": texts}).encode()
    return confined.run("fill", said + b"\n" + data)[1]


def emptied(data: bytes, rows: Sequence[int], but: Sequence[str]) -> bytes:
    """The workbook without what stands in these rows, but for the columns of these heads. Raises Unreadable like `filled`."""
    said = json.dumps({"rows": list(rows), "but": list(but)}).encode()
    return confined.run("fill", said + b"\n" + data)[1]


def answered(request: bytes) -> tuple[dict[str, Any], bytes]:
    """What the confined process answers to `fill`: the workbook after the first line of the request."""
    said, _, data = request.partition(b"\n")
    wanted = json.loads(said)
    data = unlocked(data)
    archive = Archive(data, IMPORT)
    found = _orders(archive)
    is_emptied = "rows" in wanted
    texts = _blanks(found, wanted["rows"], wanted["but"]) if is_emptied else _texts(found, wanted["columns"], wanted["texts"])
    written = replaced(data, found.part, _with_texts(b"".join(archive.chunks(found.part)), texts))
    return {}, without_unused(written, IMPORT) if is_emptied else written


@dataclass(frozen=True)
class _Orders:
    """The sheet with orders: its part, its columns by the keys of their heads, how wide it is, and its merged ranges."""

    part: str
    heads: Mapping[str, int]
    width: int
    merges: Sequence[Merge]


def _orders(archive: Archive) -> _Orders:
    """The sheet that an import reads."""
    book = Workbook(archive, Values)
    sheet = sheet_of(book)
    merges: list[Merge] = []
    rows = [row.cells for row in book.rows(sheet, merges)]
    at = header_row(rows[:HEADER_WITHIN])
    if at is None:
        raise Unreadable(ReadFault.NO_SHEET)
    heads = {header_key(text): column for column, text in reversed(list(enumerate(rows[at]))) if text}
    return _Orders(sheet.part, heads, max(map(len, rows)), merges)


def _blanks(found: _Orders, rows: Sequence[int], but: Sequence[str]) -> dict[int, dict[int, str]]:
    """Nothing in these rows, but for the columns of these heads."""
    kept = {found.heads.get(header_key(head), -1) for head in but}
    return {row: {column: "" for column in range(found.width) if column not in kept} for row in rows}


def _texts(
    found: _Orders, columns: Mapping[str, Sequence[str]], texts: Mapping[str, Mapping[str, str]]
) -> dict[int, dict[int, str]]:
    """By row and column what a cell is to say."""
    places = {
        name: next((found.heads[key] for key in map(header_key, names) if key in found.heads), -1)
        for name, names in columns.items()
    }
    wanted = {int(row): {places[name]: text for name, text in cells.items()} for row, cells in texts.items()}
    if -1 in places.values() or any(_is_covered(merge, wanted) for merge in found.merges):
        raise Unreadable(ReadFault.DAMAGED)
    return wanted


def _is_covered(merge: Merge, texts: Mapping[int, Mapping[int, str]]) -> bool:
    """Whether one of the cells cannot be seen, because a merged range shows another one in its place."""
    return any(
        (column, row) != (merge.left, merge.top) and merge.left <= column <= merge.right
        for row, cells in texts.items()
        if merge.top <= row <= merge.bottom
        for column in cells
    )


class _Places:
    """Finds where the cells of some rows stand in the bytes of a sheet."""

    def __init__(self, xml: bytes, rows: frozenset[int]) -> None:
        self.xml, self.wanted = xml, rows
        self.rows: dict[int, _Row] = {}
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler, self._parser.EndElementHandler = self._start, self._end
        self._number, self._is_named, self._column, self._began, self._style = 0, False, -1, 0, ""
        self._parser.Parse(xml, True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        kind, reference = name.rpartition(":")[2], attributes.get("r")
        if kind == "row":
            self._number, self._column = int(reference) if reference else self._number + 1, -1
            self._is_named = reference is not None
        elif kind == "c":
            first, (self._column, number) = self._column < 0, place(reference) if reference else (self._column + 1, 0)
            self._number = number if first and number and not self._is_named else self._number
            self._began, self._style = self._parser.CurrentByteIndex, attributes.get("s", "")

    def _end(self, name: str) -> None:
        kind = name.rpartition(":")[2]
        if kind not in ("row", "c") or self._number not in self.wanted:
            return
        row = self.rows.setdefault(self._number, _Row())
        at = self._parser.CurrentByteIndex
        if kind == "row":
            row.end = at
        else:
            row.cells[self._column] = _Cell(self._began, self._end_of_cell(at), self._style)

    def _end_of_cell(self, closing: int) -> int:
        opened = self.xml.index(b">", self._began)
        is_empty = self.xml[opened - 1 : opened] == b"/"
        return (opened if is_empty else self.xml.index(b">", closing)) + 1


def _with_texts(xml: bytes, texts: Mapping[int, Mapping[int, str]]) -> bytes:
    found = _Places(xml, frozenset(texts)).rows
    if b"\0" in xml or not texts.keys() <= found.keys():
        raise Unreadable(ReadFault.DAMAGED)
    edits = [edit for number, cells in texts.items() for edit in _edits(xml, found[number], number, cells)]
    pieces, done = [], 0
    for start, end, piece in sorted(edits):
        pieces += [xml[done:start], piece]
        done = end
    return b"".join([*pieces, xml[done:]])


def _edits(xml: bytes, row: _Row, number: int, texts: Mapping[int, str]) -> list[tuple[int, int, bytes]]:
    ending = xml[row.end : xml.index(b">", row.end)]
    if not ending.startswith(b"</"):
        raise Unreadable(ReadFault.DAMAGED)
    prefix = ending[2:].strip().decode()[: -len("row")]
    edits = []
    for column, text in sorted(texts.items()):
        known = row.cells.get(column)
        if known is None and not text:
            continue
        if known and text and _FORMULA.search(xml, known.start, known.end):
            raise Unreadable(ReadFault.FORMULA, cell=f"{letters(column)}{number}")
        after = min((cell.start for at, cell in row.cells.items() if at > column), default=row.end)
        start, end = (known.start, known.end) if known else (after, after)
        edits.append((start, end, _cell(prefix, f"{letters(column)}{number}", known.style if known else "", text)))
    return edits


def _cell(prefix: str, reference: str, style: str, text: str) -> bytes:
    styled = f" s={quoteattr(style)}" if style else ""
    head = f'<{prefix}c r="{reference}"{styled}'
    if not text:
        return f"{head}/>".encode()
    shown = escape("".join(character for character in text if character.isprintable()))
    p = prefix
    return f'{head} t="inlineStr"><{p}is><{p}t xml:space="preserve">{shown}</{p}t></{p}is></{p}c>'.encode(
        "ascii", "xmlcharrefreplace"
    )
