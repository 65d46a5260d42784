"""The rows of a file laid out as columns of text in another file, a piece at a time, so that no file is ever held whole."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc

from core.domain.texts import cleaned
from core.files.defusing import restored
from core.files.limits import HEADER_WITHIN, LONGEST_HEADER, MOST_CELLS, MOST_FAULTS, MOST_TEXT
from core.files.order_layouts import header_row
from core.files.reasons import BrokenRow
from core.files.refusals import ReadFault, Unreadable
from core.files.xlsx.reader import letters

_PIECE, _CELL = 8 << 20, 50
"""Bytes that are held at a time, and of them those for a cell whatever it says."""

FAULTS = pa.schema([("column", pa.int32()), ("row", pa.int32()), ("fault", pa.string())])


@dataclass(frozen=True)
class FileRow:
    """One row that is not blank, under the number a person sees; by place why a cell cannot be trusted."""

    number: int
    cells: Sequence[str]
    faults: Mapping[int, str] = field(default_factory=dict)


@dataclass
class _Faults:
    """Places and reasons, each text kept once."""

    columns: "array[int]" = field(default_factory=lambda: array("i"))
    rows: "array[int]" = field(default_factory=lambda: array("i"))
    texts: "array[int]" = field(default_factory=lambda: array("i"))
    known: dict[str, int] = field(default_factory=dict)

    def add(self, column: int, row: int, text: str, number: int) -> None:
        self.columns.append(column)
        self.rows.append(row)
        self.texts.append(self.known.setdefault(text, len(self.known)))
        if len(self.rows) > MOST_FAULTS:
            raise Unreadable(ReadFault.TOO_MANY_FAULTS, row=f"{number:,}")

    def as_table(self) -> pa.Table:
        texts = pa.array(list(self.known), pa.string()).take(pa.array(self.texts, pa.int32()))
        return pa.table([pa.array(self.columns, pa.int32()), pa.array(self.rows, pa.int32()), texts], schema=FAULTS)


class Layout:
    """Columns of text that are written as they come, and what is wrong with their cells."""

    def __init__(
        self, answer: BinaryIO, headers: Sequence[str], note: str, unreadable: Mapping[int, str] | None = None
    ) -> None:
        self.headers, self.count = [_header(header, place) for place, header in enumerate(headers)], 0
        self._answer, self._note, self._unreadable = answer, note, unreadable or {}
        self._faults, self._broken, self._size = _Faults(), _Faults(), 0
        names = [f"c{place}" for place in range(len(headers))]
        self._schema = pa.schema([("row", pa.int32()), *((name, pa.string()) for name in names)])
        self._stream = pa.ipc.new_stream(answer, self._schema)

    def add(self, numbers: Sequence[int] | pa.Array, columns: Sequence[Any]) -> None:
        """Appends a piece of all columns. Raises Unreadable for more cells or text than a file may have."""
        arrays = [column if isinstance(column, pa.Array) else pa.array(column, pa.string()) for column in columns]
        self.count += len(numbers)
        self._size += sum(column.nbytes - 4 * len(column) for column in arrays)
        if self.count * len(columns) > MOST_CELLS:
            raise Unreadable(ReadFault.TOO_MANY_CELLS)
        if self._size > MOST_TEXT:
            raise Unreadable(ReadFault.TOO_MUCH_TEXT, row=f"{int(numbers[-1]):,}")
        rows = numbers if isinstance(numbers, pa.Array) else pa.array(numbers, pa.int32())
        self._stream.write_batch(pa.record_batch([rows, *arrays], schema=self._schema))

    def fault(self, column: int, row: int, text: str, number: int) -> None:
        """Notes that the cell at this place cannot be trusted; `number` is what a person calls its row."""
        self._faults.add(column, row, text, number)

    def break_row(self, row: int, text: str, number: int) -> None:
        """Notes that the row at this place cannot be trusted."""
        self._broken.add(0, row, text, number)

    def end(self) -> dict[str, Any]:
        """What is to be known of the answer when all is written."""
        self._stream.close()
        starts = [0]
        for faults in (self._faults, self._broken):
            starts.append(self._answer.tell())
            with pa.ipc.new_stream(self._answer, FAULTS) as stream:
                stream.write_table(faults.as_table())
        self._answer.flush()
        return {"headers": self.headers, "note": self._note, "starts": starts, "unreadable": self._unreadable}


def lay_out(rows: Iterator[FileRow], answer: BinaryIO, note: str, *, exact: bool) -> dict[str, Any]:
    """What is to be known of the rows below the header after they are written. `exact`: a row with more cells cannot be trusted."""
    first = list(islice(rows, HEADER_WITHIN))
    if not first:
        raise Unreadable(ReadFault.EMPTY)
    tops = [row.cells for row in first]
    known = header_row(tops)
    top = (header_place(tops) if known is None else known) + 1
    headers = first[top - 1].cells
    layout = Layout(answer, headers, note)
    odd = _OddRows(layout, len(headers)) if exact else None
    for piece in _pieces(chain(first[top:], rows)):
        _add(layout, piece, len(headers), odd)
    return layout.end()


def header_place(rows: Sequence[Sequence[str]]) -> int:
    """The first row that is wider than half of the table: titles above it are narrower."""
    filled = [sum(1 for cell in cells if cell.strip()) for cells in rows[:HEADER_WITHIN]]
    wanted = max(filled) / 2
    return next(place for place, count in enumerate(filled) if count > wanted)


def _pieces(rows: Iterator[FileRow]) -> Iterator[list[FileRow]]:
    piece: list[FileRow] = []
    size = 0
    for row in rows:
        piece.append(row)
        size += _CELL * len(row.cells) + sum(map(len, row.cells))
        if size > _PIECE:
            yield piece
            piece, size = [], 0
    if piece:
        yield piece


def _add(layout: Layout, piece: Sequence[FileRow], width: int, odd: "_OddRows | None") -> None:
    blanks = ("",) * width
    for at, row in enumerate(piece, layout.count):
        for place, fault in row.faults.items():
            if place < width:
                layout.fault(place, at, fault, row.number)
        if odd and len(row.cells) != width:
            odd.take(at, row)
    cut = [row.cells if len(row.cells) == width else (*row.cells, *blanks)[:width] for row in piece]
    layout.add([row.number for row in piece], [_as_array(texts) for texts in zip(*cut, strict=True)])


def _as_array(texts: Sequence[str]) -> pa.Array:
    array = pa.array(texts, pa.string())
    if pc.any(pc.starts_with(array, "'")).as_py():
        return pa.array(map(restored, texts), pa.string())
    return array


class _OddRows:
    """Rows with more or fewer cells than the header, as they come."""

    def __init__(self, layout: Layout, width: int) -> None:
        self._layout, self._width = layout, width
        self._before: tuple[int, FileRow] | None = None

    def take(self, at: int, row: FileRow) -> None:
        before, self._before = self._before, (at, row)
        if any(cell.strip() for cell in row.cells[self._width :]):
            text = str(BrokenRow.TOO_MANY_CELLS(cells=len(row.cells), width=self._width))
            self._layout.break_row(at, text, row.number)
            self._before = None
        # A row cut in two has one cell cut in two: both halves together have one cell more than the header.
        elif before and at == before[0] + 1 and len(before[1].cells) + len(row.cells) == self._width + 1:
            text = str(BrokenRow.CUT_IN_TWO(first=before[1].number, second=row.number))
            self._layout.break_row(before[0], text, before[1].number)
            self._layout.break_row(at, text, row.number)
            self._before = None


def _header(text: str, place: int) -> str:
    line = " ".join(cleaned(text[: LONGEST_HEADER + 1]).split())
    if len(text) > LONGEST_HEADER:
        raise Unreadable(ReadFault.CELL_TOO_LONG, row="1", column=letters(place), most=LONGEST_HEADER)
    return restored(line)
