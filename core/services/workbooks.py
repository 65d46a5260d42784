"""Reading workbooks: the bytes are examined before they are parsed, and a cell that cannot be trusted says so.

Sheets are parsed here and not by openpyxl, which takes a hundred seconds for 100,000 rows of thirty columns and refuses whole files
for a style it does not know. Its tables of number formats and its calendar are used.
"""

import io
import logging
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import IO
from xml.etree import ElementTree

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format
from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from core.domain.errors import Refused

log = logging.getLogger(__name__)

ROWS, COLUMNS = 1_048_576, 16_384


@dataclass(frozen=True)
class Limits:
    """How much of a workbook is read before it is refused; sizes are bytes after unpacking."""

    part_size: int = 600_000_000
    whole_size: int = 900_000_000
    entries: int = 1000
    rows: int = ROWS


@dataclass(frozen=True)
class Row:
    """One row as a person sees it: its number, its cells as text, and by place why a cell cannot be trusted."""

    number: int
    cells: tuple[str, ...]
    faults: Mapping[int, str] = field(default_factory=dict)


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are a zip or an old Office file, whatever the name says."""
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06", _OLE))


def read_rows(data: bytes, limits: Limits = Limits()) -> Iterator[Row]:
    """The rows of the one visible sheet with data, blank ones left out; hidden rows are read.

    Raises Refused when the file is locked, damaged, no .xlsx, too large, or has no or several sheets with data.
    """
    if data.startswith(_OLE):
        raise Refused(_what_old_file(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            book = _Book(archive, limits)
            yield from book.rows(_only_filled(book))
    except _UNREADABLE as error:
        log.info("workbook not readable: %s", type(error).__name__)
        raise Refused(_DAMAGED) from error


def _only_filled(book: "_Book") -> str:
    """The path of the one visible sheet with data."""
    filled = {name: path for name, path in book.visible.items() if next(book.rows(path), None)}
    if len(filled) > 1:
        names = ", ".join(f'"{name}"' for name in filled)
        raise Refused(f"Several sheets have data: {names}. Keep one and try again.")
    if not filled:
        raise Refused("The sheet is empty. Fill it, or choose another file.")
    return next(iter(filled.values()))


def _what_old_file(data: bytes) -> str:
    streams = data.replace(b"\0", b"")
    if b"EncryptedPackage" in streams and b"DRMEncrypted" in streams:
        return "The file is protected by your organisation. Save an unprotected copy and try again."
    if b"EncryptedPackage" in streams or _FILEPASS.search(data):
        return _LOCKED
    if b"Workbook" in streams or b"Book" in streams:
        return "The file has the old Excel format (.xls). Save it as Excel Workbook (.xlsx) and try again."
    return "The file is no spreadsheet. Export the shipments as .xlsx, CSV or Parquet."


class _Book:
    """An examined archive: its visible sheets, and what their cells refer to."""

    def __init__(self, archive: zipfile.ZipFile, limits: Limits) -> None:
        _examine(archive, limits)
        self.archive, self.limits = archive, limits
        self.parts = {entry.filename.replace("\\", "/").lower(): entry for entry in archive.infolist()}
        tree = ElementTree.parse(self._open("xl/workbook.xml"))
        paths = self._sheet_paths()
        sheets = [element for element in tree.iter() if _local(element) == "sheet"]
        self.visible = {
            sheet.get("name", ""): paths[_relation(sheet)]
            for sheet in sheets
            if sheet.get("state", "visible") == "visible" and _relation(sheet) in paths
        }
        properties = next((element for element in tree.iter() if _local(element) == "workbookPr"), None)
        since_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.epoch = CALENDAR_MAC_1904 if since_1904 else CALENDAR_WINDOWS_1900
        self.formats = self._formats()
        self.strings = self._strings()

    def rows(self, path: str) -> Iterator[Row]:
        """The rows of a sheet in which a cell is filled or at fault."""
        number = 0
        with self._open(path) as part:
            for element in _elements(part, "row"):
                number = int(element.get("r") or number + 1)
                if number > self.limits.rows:
                    raise Refused(_TOO_LARGE)
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
        form = self.formats.get(int(style)) if style else None
        if form:
            return form(value)
        if len(value) <= 15 and value.isdecimal():
            return value, ""
        return _plain_number(value)

    def _formats(self) -> dict[int, Callable[[str], tuple[str, str]]]:
        """How numbers are written, by style: only styles of dates and of leading zeros matter."""
        if "xl/styles.xml" not in self.parts:
            return {}
        tree = ElementTree.parse(self._open("xl/styles.xml"))
        codes: dict[int, str] = dict(BUILTIN_FORMATS)
        codes |= dict.fromkeys(_EAST_ASIAN_DATES, "yyyy-mm-dd")
        codes |= {
            int(element.get("numFmtId", 0)): element.get("formatCode", "")
            for element in tree.iter()
            if _local(element) == "numFmt"
        }
        styles = next((element for element in tree.iter() if _local(element) == "cellXfs"), ())
        forms = {style: self._form(codes.get(int(xf.get("numFmtId", 0)), "")) for style, xf in enumerate(styles)}
        return {style: form for style, form in forms.items() if form}

    def _form(self, code: str) -> Callable[[str], tuple[str, str]] | None:
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

    def _strings(self) -> list[str]:
        if "xl/sharedstrings.xml" not in self.parts:
            return []
        with self._open("xl/sharedStrings.xml") as part:
            strings = []
            for element in _elements(part, "si"):
                strings.append(_rich_text(element))
                element.clear()
            return strings

    def _sheet_paths(self) -> dict[str, str]:
        tree = ElementTree.parse(self._open("xl/_rels/workbook.xml.rels"))
        return {
            element.get("Id", ""): _path(element.get("Target", ""))
            for element in tree.iter()
            if element.get("Type", "").endswith("/worksheet")
        }

    def _open(self, path: str) -> IO[bytes]:
        return self.archive.open(self.parts[path.lower()])


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


def _relation(sheet: ElementTree.Element) -> str:
    return next((value for key, value in sheet.items() if key.endswith("}id")), "")


def _path(target: str) -> str:
    target = target.replace("\\", "/")
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


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


def _examine(archive: zipfile.ZipFile, limits: Limits) -> None:
    entries = archive.infolist()
    names = [entry.filename.replace("\\", "/").lower() for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(_LOCKED)
    if foreign := _what_archive(archive, names):
        raise Refused(foreign)
    if len(entries) > limits.entries or len(set(names)) < len(names):
        raise Refused("The file is not built like a workbook. Save it again in Excel as .xlsx and try again.")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Refused("The file is packed in an unusual way. Save it again in Excel as .xlsx and try again.")
    left = limits.whole_size
    for entry in entries:
        if entry.filename.lower().endswith((".xml", ".rels")):
            left -= _examine_part(archive, entry, min(left, limits.part_size))


def _examine_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int) -> int:
    """The unpacked size of a part, which is counted while unpacking: what the directory says is the sender's claim."""
    size, before = 0, b""
    with archive.open(entry) as part:
        while chunk := part.read(1 << 20):
            if size == 0 and _UNUSUAL_ENCODING.search(chunk[:200]):
                raise Refused(_HOSTILE)
            size += len(chunk)
            text = before + (chunk.replace(b"\0", b"") if b"\0" in chunk else chunk)
            if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
                raise Refused(_HOSTILE)
            before = text[-9:]
            if size > limit:
                raise Refused(_TOO_LARGE)
    return size


def _what_archive(archive: zipfile.ZipFile, names: list[str]) -> str:
    if "xl/workbook.bin" in names:
        return "The file is a binary workbook (.xlsb). Save it as Excel Workbook (.xlsx) and try again."
    if "xl/vbaproject.bin" in names:
        return "The file is a workbook with macros (.xlsm). Save it as Excel Workbook (.xlsx) and try again."
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
        return "The file is an OpenDocument file (.ods). Save it as Excel Workbook (.xlsx) and try again."
    if any(name.startswith("index/") for name in names):
        return "The file is a Numbers document. Choose File, Export To, Excel and try again."
    if "xl/workbook.xml" not in names:
        return "The file is no workbook. Export the shipments as .xlsx, CSV or Parquet."
    return ""


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FILEPASS = re.compile(rb"\x09\x08.{14,18}\x2f\x00[\x04-\xff]\x00", re.DOTALL)
_UNUSUAL_ENCODING = re.compile(rb"encoding=['\"](?!utf-?(8|16)|us-ascii|iso-8859-1)", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MORE_THAN_15_DIGITS = 10**15
_EAST_ASIAN_DATES = (*range(27, 37), *range(50, 59))  # number formats that Excel has in Korean, Japanese and Chinese only
_PLACES: dict[str, int] = {}
_UNREADABLE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    ElementTree.ParseError,
    EOFError,
    OSError,
    NotImplementedError,
    LookupError,
    ValueError,
    RecursionError,
)
_NOT_CALCULATED = "the cell holds a formula that was never calculated. Open the file in Excel and save it again."
_LOCKED = (
    "The file is locked with a password. Open it in Excel, choose File, Info, Protect Workbook, Encrypt with Password, "
    "clear the password, save and try again."
)
_DAMAGED = (
    "The file is damaged or was written by an unusual program. "
    "Open it in Excel, save it as Excel Workbook (.xlsx) and try again."
)
_HOSTILE = "The file holds instructions that no spreadsheet program writes. It was not read."
_TOO_LARGE = "The file is too large once unpacked. Split it, or save it as CSV."
