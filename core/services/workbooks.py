"""Reading workbooks: the bytes are examined before anything opens them, and a cell that cannot be trusted says so."""

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string

from core.domain.errors import Refused

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """How much of a workbook is read before it is refused; sizes are bytes after unpacking."""

    part_size: int = 900_000_000
    whole_size: int = 1_000_000_000
    entries: int = 1000
    rows: int = 1_048_576
    columns: int = 300
    blank_rows: int = 3000


@dataclass(frozen=True)
class Row:
    """One row as a person sees it: its number, its cells as text, and by place why a cell cannot be trusted."""

    number: int
    cells: tuple[str, ...]
    faults: dict[int, str] = field(default_factory=dict)


def is_workbook(data: bytes) -> bool:
    """Whether the bytes are a zip or an old Office file, whatever the name says."""
    return data.startswith((_ZIP, b"PK\x05\x06", _OLE))


def read_rows(data: bytes, limits: Limits = Limits()) -> Iterator[Row]:
    """The rows of the one visible sheet with data, blank ones left out.

    Raises Refused when the file is locked, damaged, no .xlsx, too large, or has no or several sheets with data.
    """
    _examine(data, limits)
    try:
        yield from _rows(data, limits)
    except Refused:
        raise
    except Exception as error:  # openpyxl has no errors of its own: whatever it raises means a file it cannot read
        log.info("workbook not readable: %s", type(error).__name__)
        raise Refused(
            "The file is damaged or was written by an unusual program. "
            "Open it in Excel, save it as Excel Workbook (.xlsx) and try again."
        ) from error


def _examine(data: bytes, limits: Limits) -> None:
    if data.startswith(_OLE):
        raise Refused(_what_old_file(data))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _examine_entries(archive, limits)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, NotImplementedError, ValueError) as error:
        raise Refused("The file is damaged. Open it in Excel, save it again as .xlsx and try again.") from error
    except zipfile.zlib.error as error:  # type: ignore[attr-defined]
        raise Refused("The file is damaged. Open it in Excel, save it again as .xlsx and try again.") from error


def _what_old_file(data: bytes) -> str:
    streams = data.replace(b"\0", b"")
    if b"EncryptedPackage" in streams and b"DRMEncrypted" in streams:
        return "The file is protected by your organisation. Save an unprotected copy and try again."
    if b"EncryptedPackage" in streams or _FILEPASS.search(data):
        return _LOCKED
    if b"Workbook" in streams or b"Book" in streams:
        return "The file has the old Excel format (.xls). Save it as Excel Workbook (.xlsx) and try again."
    return "The file is no spreadsheet. Export the shipments as .xlsx, CSV or Parquet."


def _examine_entries(archive: zipfile.ZipFile, limits: Limits) -> None:
    entries = archive.infolist()
    names = [entry.filename.replace("\\", "/") for entry in entries]
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused(_LOCKED)
    if foreign := _what_archive(archive, names):
        raise Refused(foreign)
    if len(entries) > limits.entries or len(set(names)) < len(names):
        raise Refused("The file is not built like a workbook. Save it again in Excel as .xlsx and try again.")
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise Refused("The file is packed in an unusual way. Save it again in Excel as .xlsx and try again.")
    whole = 0
    for entry in entries:
        if entry.filename.endswith((".xml", ".rels")):
            whole += _examine_part(archive, entry, limits)
        if whole > limits.whole_size:
            raise Refused(_TOO_LARGE)


def _examine_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limits: Limits) -> int:
    size = 0
    with archive.open(entry) as part:
        while chunk := part.read(1 << 20):
            if size == 0 and re.search(rb"<!(DOCTYPE|ENTITY)", chunk.replace(b"\0", b"")):
                raise Refused("The file holds instructions that no spreadsheet program writes. It was not read.")
            size += len(chunk)
            if size > limits.part_size:
                raise Refused(_TOO_LARGE)
    return size


def _what_archive(archive: zipfile.ZipFile, names: list[str]) -> str:
    if "xl/workbook.bin" in names:
        return "The file is a binary workbook (.xlsb). Save it as Excel Workbook (.xlsx) and try again."
    if "xl/vbaProject.bin" in names:
        return "The file is a workbook with macros (.xlsm). Save it as Excel Workbook (.xlsx) and try again."
    if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
        return "The file is an OpenDocument file (.ods). Save it as Excel Workbook (.xlsx) and try again."
    if any(name.startswith("Index/") for name in names):
        return "The file is a Numbers document. Choose File, Export To, Excel and try again."
    if "xl/workbook.xml" not in names:
        return "The file is no workbook. Export the shipments as .xlsx, CSV or Parquet."
    return ""


def _rows(data: bytes, limits: Limits) -> Iterator[Row]:
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
    try:
        sheet = _only_sheet(book, limits)
        unknown = _uncalculated(data, sheet)
        blank = 0
        for number, cells in enumerate(_cells(sheet, limits), 1):
            row = _row(number, cells, unknown.get(number, ()))
            if not any(row.cells) and not row.faults:
                blank += 1
                if blank > limits.blank_rows:
                    return
                continue
            blank = 0
            yield row
    finally:
        book.close()


def _only_sheet(book: Any, limits: Limits) -> Any:
    if not book.worksheets:
        raise Refused("The file has no sheet we can read. Save it as Excel Workbook (.xlsx), not Strict, and try again.")
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    filled = [sheet for sheet in visible if _has_data(sheet, limits)]
    if len(filled) > 1:
        names = ", ".join(f'"{sheet.title}"' for sheet in filled)
        raise Refused(f"Several sheets have data: {names}. Keep one and try again.")
    if not filled:
        raise Refused("The sheet is empty. Fill it, or choose another file.")
    return filled[0]


def _has_data(sheet: Any, limits: Limits) -> bool:
    for number, cells in enumerate(_cells(sheet, limits)):
        if any(cell.value not in (None, "") for cell in cells):
            return True
        if number > limits.blank_rows:
            return False
    return False


def _cells(sheet: Any, limits: Limits) -> Iterator[tuple[Any, ...]]:
    sheet.reset_dimensions()
    rows: Iterator[tuple[Any, ...]] = sheet.iter_rows(max_row=limits.rows, max_col=limits.columns)
    return rows


def _row(number: int, cells: tuple[Any, ...], uncalculated: tuple[int, ...] | list[int]) -> Row:
    texts: list[str] = []
    faults: dict[int, str] = {}
    for place, cell in enumerate(cells):
        value = cell.value
        if isinstance(value, str) and cell.data_type != "e":
            texts.append(value)
        elif value is None:
            texts.append("")
        else:
            text, fault = _as_text(value, cell)
            texts.append(text)
            if fault:
                faults[place] = fault
    for place in uncalculated:
        faults[place] = "the cell holds a formula that was never calculated. Open the file in Excel and save it again."
    while texts and not texts[-1]:
        texts.pop()
    return Row(number, tuple(texts), faults)


def _as_text(value: Any, cell: Any) -> tuple[str, str]:
    if cell.data_type == "e":
        return str(value), f"the cell holds the Excel error {value}. Mend it in Excel and save again."
    if isinstance(value, bool):
        return str(value).upper(), ""
    if isinstance(value, datetime):
        whole = (value + timedelta(milliseconds=500)).replace(microsecond=0)
        return (f"{whole:%Y-%m-%d}" if whole.time() == time() else whole.isoformat(" ")), ""
    if isinstance(value, date | time):
        return value.isoformat(), ""
    if isinstance(value, timedelta):
        return str(value), ""
    if abs(value) >= _MORE_THAN_15_DIGITS:
        return f"{value:.0f}", (
            "the number has more than 15 digits, Excel lost the last ones. Format the column as text and enter it again."
        )
    if isinstance(value, float) and not value.is_integer():
        return f"{value:.15g}", ""
    return _padded(int(value), cell), ""


def _padded(value: int, cell: Any) -> str:
    form = cell.number_format
    return str(value).zfill(len(form)) if form and value >= 0 and not form.strip("0") else str(value)


def _uncalculated(data: bytes, sheet: Any) -> dict[int, list[int]]:
    """The places of formulas without a value, by row number: openpyxl shows them as blank."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        xml = archive.read(sheet._worksheet_path)
    found: dict[int, list[int]] = {}
    if b"<f" not in xml:
        return found
    for match in _FORMULA_WITHOUT_VALUE.finditer(xml):
        place = column_index_from_string(match[1].decode()) - 1
        found.setdefault(int(match[2]), []).append(place)
    return found


_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FILEPASS = re.compile(rb"\x09\x08.{14,18}\x2f\x00[\x04-\xff]\x00", re.DOTALL)
_MORE_THAN_15_DIGITS = 10**15
_LOCKED = (
    "The file is locked with a password. Open it in Excel, choose File, Info, Protect Workbook, Encrypt with Password, "
    "clear the password, save and try again."
)
_TOO_LARGE = "The file is too large once unpacked. Split it, or save it as CSV."
_FORMULA_WITHOUT_VALUE = re.compile(
    rb'<c [^>]*?r="([A-Z]{1,3})(\d{1,7})"[^>]*>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
