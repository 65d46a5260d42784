"""Files of rows, whatever program wrote them, as columns of text with the row numbers a person sees."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from core.domain.errors import Refused
from core.domain.texts import cleaned, file_name
from core.files import refusals
from core.files.choosing import header_place, rows_of
from core.files.reasons import BrokenRow, CellTrouble, FileReason
from core.files.refusals import ReadFault, Unreadable
from core.files.xlsx.archive import is_workbook


@dataclass(frozen=True)
class Source:
    """A file as it was read: `columns` beside `headers`, one text per row; `rows` are the numbers a person sees.

    `faults` says by (place of the row, place of the column) why a cell cannot be trusted, `broken` by place of the row why a
    whole row cannot. `note` says how the file was read.
    """

    name: str
    note: str
    headers: tuple[str, ...]
    columns: tuple[Sequence[str], ...] = field(repr=False)
    rows: Sequence[int] = field(repr=False)
    faults: Table[tuple[int, int], str] = field(default_factory=dict, repr=False)
    broken: Table[int, str] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        return len(self.rows)

    def sample(self, count: int = 200) -> list[dict[str, str]]:
        """The first rows by header."""
        return [
            {header: column[place] for header, column in zip(self.headers, self.columns, strict=True) if header}
            for place in range(min(count, len(self)))
        ]


def read(file: Path | bytes, name: str = "", encoding: str = "") -> Source:
    """The file's rows. Its kind is found by its content, never by its name: CSV, .xlsx or Parquet.

    The header is row 1 of a CSV file; the rows of a Parquet file count from 1. Blank rows are counted and left out. `encoding`
    overrules what a CSV file seems to be written in. Raises Refused when the file cannot be read as one table.
    """
    try:
        return _read(_bytes(file), file_name(name or (file.name if isinstance(file, Path) else "")), encoding)
    except Unreadable as unreadable:
        raise Refused(refusals.of_import(unreadable)) from unreadable


def _read(data: bytes, name: str, encoding: str) -> Source:
    if not data.strip(b"\0\t\r\n "):
        raise Unreadable(ReadFault.EMPTY)
    if data.startswith(b"PAR1"):
        return _parquet(data, name)
    if is_workbook(data):
        return _sheet(data, name)
    _refuse_other_kinds(data)
    return _csv(data, name, encoding)


def _bytes(file: Path | bytes) -> bytes:
    if isinstance(file, bytes):
        return file
    try:
        return file.read_bytes()
    except OSError as error:
        raise Refused(FileReason.NOT_OPENED(file=file, why=error.strerror)) from error


def _refuse_other_kinds(data: bytes) -> None:
    start = data[:2000].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if start.startswith((b"<html", b"<!doctype html", b"<table", b"<meta")):
        raise Unreadable(ReadFault.WEB_PAGE)
    if start.startswith(b"<?xml"):
        raise Unreadable(ReadFault.XML)
    if start.startswith(b"{"):
        raise Unreadable(ReadFault.JSON)
    if start.startswith((b"%pdf", b"\x89png", b"\x1f\x8b", b"\xff\xd8\xff", b"7z\xbc\xaf", b"rar!", b"\x7felf")):
        raise Unreadable(ReadFault.NO_TABLE)


@dataclass(frozen=True)
class _Grid:
    """The rows of a file that are not blank, header included: their numbers, their cells, faults by (row, column)."""

    numbers: list[int]
    cells: list[Sequence[str]]
    faults: dict[tuple[int, int], str] = field(default_factory=dict)


def _table(name: str, note: str, grid: _Grid, exact: bool) -> Source:
    """The rows below the header. `exact`: a row with more cells than the header cannot be trusted."""
    if not grid.cells:
        raise Unreadable(ReadFault.EMPTY)
    top = header_place(grid.cells) + 1
    headers = tuple(_one_line(cell) for cell in grid.cells[top - 1])
    body, numbers, width = grid.cells[top:], grid.numbers[top:], len(headers)
    columns = tuple(zip(*_cut(body, width), strict=True)) if body else tuple(() for _ in headers)
    faults = {(at - top, place): fault for (at, place), fault in grid.faults.items() if at >= top and place < width}
    return Source(name, note, headers, columns, numbers, faults, _broken(numbers, body, width) if exact else {})


def _cut(rows: Sequence[Sequence[str]], width: int) -> Iterator[Sequence[str]]:
    blanks = ("",) * width
    for cells in rows:
        yield cells if len(cells) == width else (*cells, *blanks)[:width]


def _one_line(text: str) -> str:
    return " ".join(cleaned(text).split())


def _broken(numbers: Sequence[int], rows: Sequence[Sequence[str]], width: int) -> dict[int, str]:
    odd = [at for at, cells in enumerate(rows) if len(cells) != width]
    found = {
        at: str(BrokenRow.TOO_MANY_CELLS(cells=len(rows[at]), width=width))
        for at in odd
        if any(cell.strip() for cell in rows[at][width:])
    }
    for one, other in pairwise(odd):
        # A row cut in two has one cell cut in two: both halves together have one cell more than the header.
        if one not in found and other == one + 1 and len(rows[one]) + len(rows[other]) == width + 1:
            found[one] = found[other] = str(BrokenRow.CUT_IN_TWO(first=numbers[one], second=numbers[other]))
    return found


def _sheet(data: bytes, name: str) -> Source:
    grid = _Grid([], [])
    for row in rows_of(data):
        grid.faults.update({(len(grid.cells), place): fault for place, fault in row.faults.items()})
        grid.numbers.append(row.number)
        grid.cells.append(row.cells)
    return _table(name, "Excel workbook", grid, exact=False)


def _csv(data: bytes, name: str, encoding: str) -> Source:
    text, encoding = _decoded(data, encoding)
    first, _, rest = text.partition("\n")
    delimiter = ""
    if declared := re.fullmatch(r"\s*\"?sep=(.)\"?\s*", first, re.IGNORECASE):
        text, delimiter = rest, declared[1]
    delimiter = delimiter or _delimiter(text)
    note = f"CSV, {encoding}, separated by {_DELIMITERS.get(delimiter, delimiter)}"
    return _table(name, note, _records(text, delimiter), exact=True)


def _records(text: str, delimiter: str) -> _Grid:
    grid, number = _Grid([], []), 0
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            if cells and (cells[0] or any(cell and not cell.isspace() for cell in cells)):
                grid.numbers.append(number)
                grid.cells.append(cells)
    except csv.Error as error:
        raise Refused(FileReason.QUOTATION(row=number + 1)) from error
    return grid


def _delimiter(text: str) -> str:
    """The separator that cuts the first rows into the same number of cells, the most cells winning; a comma when none does."""
    sample = text[:100_000]
    best = max(_DELIMITERS, key=lambda delimiter: _evenness(sample, delimiter))
    return best if _evenness(sample, best)[1] > 1 else ","


def _evenness(sample: str, delimiter: str) -> tuple[float, int]:
    counts: list[int] = []
    try:
        for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
            if any(cells):
                counts.append(len(cells))
            if len(counts) == 50:
                break
    except csv.Error:
        pass
    usual = max(set(counts), key=lambda count: (counts.count(count), count)) if counts else 0
    share = counts.count(usual) / len(counts) if counts else 0
    return (round(share, 1) if usual > 1 else 0, usual)


def _decoded(data: bytes, encoding: str) -> tuple[str, str]:
    encoding = encoding or _encoding(data)
    try:
        return data.decode(encoding), _ENCODINGS.get(encoding, encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise Refused(FileReason.CHARACTERS()) from error


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if 0 in data[:200]:
        return "utf-16-le" if data[1:2] == b"\0" else "utf-16-be"
    if data.startswith(b"\xef\xbb\xbf") or _decodes(data, "utf-8"):
        return "utf-8-sig"
    return _code_page(data)


def _code_page(data: bytes) -> str:
    """CP949, Shift-JIS or CP1252, by how their bytes come: accents stand alone between letters, Hangul in pairs of high bytes."""
    runs = re.findall(rb"[\x80-\xff]+", data)
    alone = len(re.findall(rb"(?<=[A-Za-z])[\x80-\xff]{1,2}(?=[A-Za-z \-'.,;\"\r\n\t]|$)", data))
    if alone >= 0.6 * len(runs) and _decodes(data, "cp1252"):
        return "cp1252"
    high = sum(len(run) for run in runs)
    hangul = 2 * len(re.findall(rb"[\xb0-\xc8][\xa1-\xfe]", b"\n".join(runs)))
    if hangul >= 0.7 * high and _decodes(data, "cp949"):
        return "cp949"
    for encoding in ("cp932", "cp949", "cp1252"):
        if _decodes(data, encoding):
            return encoding
    return "utf-8"


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _parquet(data: bytes, name: str) -> Source:
    try:
        table = pyarrow.parquet.read_table(io.BytesIO(data))
    except (pa.ArrowException, OSError) as error:
        raise Refused(FileReason.PARQUET()) from error
    columns = [_texts(column) for column in table.columns]
    filled = [any(cells) for cells in zip(*(texts for texts, _ in columns), strict=True)]
    kept = [at for at, some in enumerate(filled) if some]
    faults = {(at, place): fault for place, (_, fault) in enumerate(columns) if fault for at in range(len(kept))}
    texts = tuple([column[at] for at in kept] for column, _ in columns)
    return Source(name, "Parquet", tuple(table.column_names), texts, [at + 1 for at in kept], faults)


def _texts(column: pa.ChunkedArray) -> tuple[list[str], str]:
    """The values of a typed column as text, and why none of them can be used."""
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _texts(column.cast(kind.value_type))
    if pa.types.is_timestamp(kind):
        column = _written_moments(column)
    elif pa.types.is_floating(kind):
        column = pa.chunked_array([pa.array([_written_number(v) for v in column.to_pylist()], pa.string())])
    elif pa.types.is_decimal(kind):
        column = pa.chunked_array([pa.array([None if v is None else f"{v:f}" for v in column.to_pylist()], pa.string())])
    try:
        texts: list[str] = pc.fill_null(column.cast(pa.string()), "").to_pylist()
    except pa.ArrowException:
        return ["" if value is None else "?" for value in column.to_pylist()], str(CellTrouble.TYPE(kind=kind))
    return texts, ""


def _written_moments(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """The moments as the clocks of the column's zone show them, so that the day stays; in UTC where the zone is not known."""
    zone = column.type.tz
    form = "%Y-%m-%d %H:%M:%S%z" if zone else "%Y-%m-%d %H:%M:%S"
    try:
        return pc.strftime(column.cast(pa.timestamp("us", zone), safe=False), format=form)
    except pa.ArrowInvalid:
        return pc.strftime(column.cast(pa.timestamp("us", "UTC"), safe=False), format=form)


def _written_number(value: float | None) -> str | None:
    if value is None or value != value:
        return None
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"


_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_ENCODINGS = {"utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp949": "CP949", "cp932": "Shift-JIS", "cp1252": "CP1252"}
