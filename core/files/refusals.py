"""Why a file is not read, and what is then said: what it is and what to do."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from core.files.limits import MOST_ROWS


class ReadFault(StrEnum):
    """Why a file is not read."""

    TOO_BIG = "too big"
    EMPTY = "empty"
    LOCKED = "locked"
    RIGHTS_MANAGED = "rights managed"
    XLS_LOCKED = "xls locked"
    XLS = "xls"
    XLSM = "xlsm"
    XLSB = "xlsb"
    ODS = "ods"
    NUMBERS = "numbers"
    CSV = "csv"
    WEB_PAGE = "web page"
    XML = "xml"
    JSON = "json"
    NO_TABLE = "no table"
    NO_SPREADSHEET = "no spreadsheet"
    DAMAGED = "damaged"
    NOT_BUILT_LIKE_A_WORKBOOK = "not built like a workbook"
    UNUSUAL_PACKING = "unusual packing"
    DECLARATIONS = "declarations"
    TOO_LARGE = "too large"
    TOO_MANY_ROWS = "too many rows"
    TOO_MANY_MERGED = "too many merged"
    TOO_MANY_STYLES = "too many styles"
    TOO_MANY_TEXTS = "too many texts"
    ROW_BEYOND = "row beyond the sheet"
    COLUMN_BEYOND = "column beyond the sheet"
    TOO_SLOW = "too slow"
    NO_SHEET = "no sheet"
    EMPTY_SHEET = "empty sheet"
    SEVERAL_SHEETS = "several sheets"
    NO_HEADER = "no header"
    HEADER_MISSING = "header missing"
    HEADER_DOUBLED = "header doubled"
    HEADER_ONLY = "header only"
    TOO_MANY_DATA_ROWS = "too many data rows"


class Unreadable(Exception):
    """A file that is not read, why, and the values the sentence names."""

    def __init__(self, why: ReadFault, **named: Any) -> None:
        super().__init__(why)
        self.why, self.named = why, named


def of_upload(file: Unreadable) -> str:
    """The sentence for an uploaded workbook of invoices."""
    return _UPLOADED[file.why].format(**file.named)


def of_import(file: Unreadable) -> str:
    """The sentence for a file of shipments, which may have any columns."""
    return _IMPORTED[file.why].format(**file.named)


def quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


_AS_XLSX = "Open it in Excel, choose File, Save As, Excel Workbook (.xlsx), and try again with that file."
_SAVE_AGAIN = "Open it in Excel, save it again as .xlsx, and try again with that file."
_EXPORT = "Export the shipments as .xlsx, CSV or Parquet."
_COPY = "Copy the three columns into a new workbook and upload that."
_COPY_OR_SPLIT = "Copy the three columns into a new workbook, or split the file."
_UNLOCK = "The file is locked with a password: unlock the file before uploading it."
_NO_SPREADSHEET = "The file is not a spreadsheet. Upload an Excel Workbook (.xlsx), such as the filled sample file."
_BEYOND = (
    "The file names rows or columns that no sheet has, and was not read. Copy the rows into a new workbook and upload that."
)
_DAMAGED = f"The file is damaged or incomplete and cannot be read. {_SAVE_AGAIN}"

_UPLOADED: Mapping[ReadFault, str] = {
    ReadFault.TOO_BIG: f"The file has more than 5 MB. {_COPY_OR_SPLIT}",
    ReadFault.EMPTY: "The file is empty. Fill the sample file and upload it.",
    ReadFault.LOCKED: f"{_UNLOCK} In Excel choose File, Info, Protect Workbook, Encrypt with Password, clear the password and save.",
    ReadFault.RIGHTS_MANAGED: "The file is protected by your organisation: save an unprotected copy to unlock the file before uploading it.",
    ReadFault.XLS_LOCKED: f"{_UNLOCK} It also has the old Excel format (.xls). "
    "Clear the password in Excel and save it as Excel Workbook (.xlsx).",
    ReadFault.XLS: f"The file has the old Excel format (.xls). {_AS_XLSX}",
    ReadFault.XLSM: f"The file is a workbook with macros (.xlsm), which is not opened here. {_AS_XLSX}",
    ReadFault.XLSB: f"The file is a binary workbook (.xlsb). {_AS_XLSX}",
    ReadFault.ODS: "The file is an OpenDocument file (.ods). Save it as Excel Workbook (.xlsx) and try again with that file.",
    ReadFault.NUMBERS: "The file is a Numbers document. Choose File, Export To, Excel, and try again with that file.",
    ReadFault.CSV: f"The file is CSV text, where leading zeros and long numbers get lost. {_AS_XLSX}",
    ReadFault.WEB_PAGE: f"The file is a web page under another name. {_AS_XLSX}",
    ReadFault.XML: f"The file is an XML file, no .xlsx workbook. {_AS_XLSX}",
    ReadFault.JSON: _NO_SPREADSHEET,
    ReadFault.NO_TABLE: _NO_SPREADSHEET,
    ReadFault.NO_SPREADSHEET: _NO_SPREADSHEET,
    ReadFault.DAMAGED: _DAMAGED,
    ReadFault.NOT_BUILT_LIKE_A_WORKBOOK: f"The file is not built like a workbook and was not read. {_SAVE_AGAIN}",
    ReadFault.UNUSUAL_PACKING: f"The file is packed in a way no spreadsheet program uses. {_SAVE_AGAIN}",
    ReadFault.DECLARATIONS: "The file holds declarations (DOCTYPE) that no spreadsheet program writes, and was not read. "
    "Copy the rows into a new workbook and try again with that.",
    ReadFault.TOO_LARGE: "The file is too large once unpacked. Copy only the three columns into a new workbook, or split the file.",
    ReadFault.TOO_MANY_ROWS: "The sheet has more than 100,000 rows, blank ones included. Copy only the filled rows into a new workbook, "
    f"and split them into files of at most {MOST_ROWS:,}.",
    ReadFault.TOO_MANY_MERGED: f"The sheet has more than 20,000 merged cells. {_COPY}",
    ReadFault.TOO_MANY_STYLES: f"The workbook has too many cell styles. {_COPY}",
    ReadFault.TOO_MANY_TEXTS: f"The workbook holds too many different texts. {_COPY_OR_SPLIT}",
    ReadFault.ROW_BEYOND: _BEYOND,
    ReadFault.COLUMN_BEYOND: _BEYOND,
    ReadFault.TOO_SLOW: f"The file takes too long to read, or too much memory. {_COPY}",
    ReadFault.NO_SHEET: "The workbook has no visible sheet with data. Unhide the sheet with the invoices, or fill the sample file.",
    ReadFault.EMPTY_SHEET: "The sheet is empty. Fill the sample file and upload it.",
    ReadFault.SEVERAL_SHEETS: "Several sheets have rows with invoices: {sheets}. Keep one, or hide the others, and upload again.",
    ReadFault.NO_HEADER: "No row with the headers Shipment No., Shipping company and Invoice No. was found in the first rows of the sheet. "
    "Add the headers above the data, or use the sample file.",
    ReadFault.HEADER_MISSING: 'The column {field} is missing in row {row} of sheet "{sheet}". Add it.',
    ReadFault.HEADER_DOUBLED: (
        '{field} is the header of several columns of sheet "{sheet}": {letters}. Keep one and rename the others.'
    ),
    ReadFault.HEADER_ONLY: "There is no row with data below the headers. Fill Shipment No., Shipping company and Invoice No.",
    ReadFault.TOO_MANY_DATA_ROWS: (
        f"The sheet has {{count:,}} rows with data; {MOST_ROWS:,} fit in one upload. "
        f"Nothing was read: split the file into parts of at most {MOST_ROWS:,} rows."
    ),
}
_IMPORTED: Mapping[ReadFault, str] = {
    **_UPLOADED,
    ReadFault.EMPTY: "The file is empty. Choose another file.",
    ReadFault.WEB_PAGE: "The file is a web page under another name. Open it in Excel and save it as .xlsx.",
    ReadFault.XML: "The file is an XML file. Open it in Excel and save it as .xlsx, or export CSV.",
    ReadFault.JSON: f"The file is a JSON file. {_EXPORT}",
    ReadFault.NO_TABLE: f"The file is no table. {_EXPORT}",
    ReadFault.NO_SPREADSHEET: f"The file is no spreadsheet. {_EXPORT}",
    ReadFault.TOO_LARGE: "The file is too large once unpacked. Split it, or save it as CSV.",
    ReadFault.ROW_BEYOND: "The file is too large once unpacked. Split it, or save it as CSV.",
    ReadFault.COLUMN_BEYOND: _DAMAGED,
    ReadFault.EMPTY_SHEET: "The sheet is empty. Fill it, or choose another file.",
    ReadFault.SEVERAL_SHEETS: "Several sheets have data: {sheets}. Keep one and try again.",
}
