"""Reading all of a workbook, however large: every column of the one sheet with data, a cell that cannot be trusted saying so.

What a file is and where its parts are is found as for an upload. Rows are parsed apart: by the compiled parser and not by handlers,
which take four times as long over a hundred thousand rows of thirty columns; openpyxl takes twenty times as long.
"""

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import IO
from xml.etree import ElementTree

from openpyxl.styles.numbers import is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from core.domain.errors import Refused
from core.files.xlsx import kinds, sentences
from core.files.xlsx.archive import UNREADABLE, Archive, Limits
from core.files.xlsx.parts import find, number_formats

log = logging.getLogger(__name__)

ROWS, COLUMNS = 1_048_576, 16_384
LIMITS = Limits(part_size=600_000_000, whole_size=900_000_000, entries=1000, tags=10**9, rows=ROWS)


@dataclass(frozen=True)
class Row:
    """One row as a person sees it: its number, its cells as text, and by place why a cell cannot be trusted."""

    number: int
    cells: tuple[str, ...]
    faults: Mapping[int, str] = field(default_factory=dict)


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are a zip or an old Office file, whatever the name says."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", kinds.OLE))


def read_rows(data: bytes, limits: Limits = LIMITS) -> Iterator[Row]:
    """The rows of the one visible sheet with data, blank ones left out; hidden rows are read.

    Raises Refused when the file is locked, damaged, no .xlsx, too large, or has no or several sheets with data.
    """
    try:
        book = _Book(Archive(kinds.unlocked(data), limits))
        yield from book.rows(_only_filled(book))
    except Refused as refusal:
        raise Refused(_SAID_HERE.get(str(refusal), str(refusal))) from refusal
    except _UNPARSED as error:
        log.info("workbook not readable: %s", type(error).__name__)
        raise Refused(sentences.DAMAGED) from error


def _only_filled(book: "_Book") -> str:
    """The part of the one visible sheet with data."""
    filled = [tab for tab in book.tabs if next(book.rows(tab.part), None)]
    if len(filled) > 1:
        names = ", ".join(f'"{tab.title}"' for tab in filled)
        raise Refused(f"Several sheets have data: {names}. Keep one and try again.")
    if not filled:
        raise Refused("The sheet is empty. Fill it, or choose another file.")
    return filled[0].part


class _Book:
    """An examined archive: its visible sheets, and what their cells refer to."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        found = find(archive)
        self.tabs = [tab for tab in found.tabs if tab.visible]
        self.epoch = CALENDAR_MAC_1904 if found.since_1904 else CALENDAR_WINDOWS_1900
        forms = [self._form(code) for code in number_formats(archive, found.styles)]
        self.forms = {style: form for style, form in enumerate(forms) if form}
        self.strings = self._strings(found.texts) if found.texts else []

    def rows(self, part: str) -> Iterator[Row]:
        """The rows of a sheet in which a cell is filled or at fault."""
        number = 0
        with self._open(part) as file:
            for element in _elements(file, "row"):
                number = int(element.get("r") or number + 1)
                if number > ROWS:
                    raise Refused(sentences.TOO_LARGE)
                row = self._row(number, element)
                element.clear()
                if row.cells or row.faults:
                    yield row

    def _row(self, number: int, element: ElementTree.Element) -> Row:
        cells: list[str] = []
        faults: dict[int, str] = {}
        for cell in element:
            place = _place(cell.get("r"), len(cells))
            text, fault = self._cell(cell)
            if fault:
                faults[place] = fault
            if text or not cell.get("r"):
                cells.extend([""] * (place + 1 - len(cells)))
                cells[place] = text
        while cells and not cells[-1].strip():
            cells.pop()
        return Row(number, tuple(cells) if any(map(str.strip, cells)) else (), faults)

    def _cell(self, cell: ElementTree.Element) -> tuple[str, str]:
        kind = cell.get("t")
        value, formula = None, False
        for child in cell:
            name = child.tag
            if name.endswith("}v") or name == "v":
                value = child.text
            elif name.endswith("}is") or name == "is":
                return _rich_text(child), ""
            elif name.endswith("}f") or name == "f":
                formula = True
        if not value:
            return "", _NOT_CALCULATED if formula and kind != "str" else ""
        if kind == "s":
            return self.strings[int(value)], ""
        if kind is None or kind == "n":
            return self._number(value, cell.get("s"))
        return _other(value, kind)

    def _number(self, value: str, style: str | None) -> tuple[str, str]:
        form = self.forms.get(int(style)) if style else None
        if form:
            return form(value)
        if len(value) <= 15 and value.isdecimal():
            return value, ""
        return _plain_number(value)

    def _form(self, code: str) -> Callable[[str], tuple[str, str]] | None:
        """How numbers of a format are written: only dates and leading zeros matter."""
        if is_date_format(code):
            return self._moment
        if len(code) > 1 and not code.strip("0"):
            return lambda value: _padded(_plain_number(value), len(code))
        return None

    def _moment(self, value: str) -> tuple[str, str]:
        try:
            found = from_excel(float(value), self.epoch)
        except (OverflowError, ValueError):
            return value, f"{value} is no date, but the cell is formatted as one. Format the column as text and enter it again."
        if isinstance(found, datetime):
            found = (found + timedelta(milliseconds=500)).replace(microsecond=0)
            return (f"{found:%Y-%m-%d}" if found.time() == time() else found.isoformat(" ")), ""
        return (found.isoformat() if isinstance(found, date | time) else str(found)), ""

    def _strings(self, part: str) -> list[str]:
        strings = []
        with self._open(part) as file:
            for element in _elements(file, "si"):
                strings.append(_rich_text(element))
                element.clear()
        return strings

    def _open(self, part: str) -> IO[bytes]:
        """The part, unless its encoding could hide declarations from the examination of its bytes."""
        with self._archive.open(part) as file:
            if _UNUSUAL_ENCODING.search(file.read(200)):
                raise Refused(sentences.DECLARATIONS)
        return self._archive.open(part)


def _elements(part: IO[bytes], name: str) -> Iterator[ElementTree.Element]:
    """Each element of this name, when it is complete. The caller clears it."""
    ending = "}" + name
    for _, element in ElementTree.iterparse(part):
        tag = element.tag
        if tag == name or tag.endswith(ending):
            yield element


def _local(element: ElementTree.Element) -> str:
    """The name without its namespace: Strict workbooks have other namespaces and the same names."""
    return element.tag.rpartition("}")[2]


def _place(reference: str | None, following: int) -> int:
    if not reference:
        return following
    letters = reference.rstrip("0123456789")
    place = _PLACES.get(letters)
    return _PLACES.setdefault(letters, _place_of(letters)) if place is None else place


def _place_of(letters: str) -> int:
    place = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(f"no column: {letters}")
        place = 26 * place + ord(letter) - 64
    if not 0 < place <= COLUMNS:
        raise ValueError(f"no column: {letters}")
    return place - 1


def _rich_text(element: ElementTree.Element) -> str:
    """The text of all runs without the reading aids (furigana) beside them."""
    parts: list[str] = []
    for child in element:
        name = _local(child)
        if name == "t":
            parts.append(child.text or "")
        elif name == "r":
            parts.extend(run.text or "" for run in child if _local(run) == "t")
    text = parts[0] if len(parts) == 1 else "".join(parts)
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _other(value: str, kind: str) -> tuple[str, str]:
    if kind == "e":
        return value, f"the cell holds the Excel error {value}. Mend it in Excel and save again."
    if kind == "b":
        return ("TRUE" if value == "1" else "FALSE"), ""
    if kind == "d":
        return value.removesuffix("T00:00:00"), ""
    return (_ESCAPED.sub(lambda match: chr(int(match[1], 16)), value) if "_x" in value else value), ""


def _plain_number(value: str) -> tuple[str, str]:
    number = float(value)
    if abs(number) >= _MORE_THAN_15_DIGITS:
        return value, (
            "the number has more than 15 digits, Excel lost the last ones. Format the column as text and enter it again."
        )
    return (str(int(number)) if number.is_integer() else f"{number:.15g}"), ""


def _padded(read: tuple[str, str], width: int) -> tuple[str, str]:
    text, fault = read
    return (text.zfill(width) if text.isdecimal() else text), fault


_UNUSUAL_ENCODING = re.compile(rb"encoding=['\"](?!utf-?(8|16)|us-ascii|iso-8859-1)", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MORE_THAN_15_DIGITS = 10**15
_PLACES: dict[str, int] = {}
_UNPARSED = (*UNREADABLE, ElementTree.ParseError, LookupError, RecursionError)
_NOT_CALCULATED = "the cell holds a formula that was never calculated. Open the file in Excel and save it again."
_SAID_HERE = {
    sentences.NO_SPREADSHEET: "The file is no spreadsheet. Export the shipments as .xlsx, CSV or Parquet.",
    sentences.TOO_LARGE: "The file is too large once unpacked. Split it, or save it as CSV.",
    sentences.EMPTY: "The file is empty. Choose another file.",
}
