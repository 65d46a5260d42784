"""Why a file is not read, and what is then said: what it is and what to do."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from core.files.limits import (
    IMPORT,
    LARGEST_IMPORT,
    LONGEST_CELL,
    LONGEST_ROW,
    MOST_CELLS,
    MOST_FAULTS,
    MOST_ROWS,
    MOST_TEXT,
    UPLOAD,
)


class ReadFault(StrEnum):
    """Why a file is not read."""

    TOO_BIG = "too big"
    EMPTY = "empty"
    LOCKED = "locked"
    WRONG_PASSWORD = "wrong password"
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
    TOO_MANY_COLUMNS = "too many columns"
    TOO_MANY_CELLS = "too many cells"
    TOO_MANY_SHEETS = "too many sheets"
    TOO_MANY_FAULTS = "too many faults"
    TOO_MUCH_TEXT = "too much text"
    CELL_TOO_LONG = "cell too long"
    ROW_TOO_LONG = "row too long"
    TEXT_TOO_LONG = "text too long"
    LONG_DIRECTORY = "long directory"
    TOO_MANY_MERGED = "too many merged"
    TOO_MANY_STYLES = "too many styles"
    TOO_MANY_TEXTS = "too many texts"
    ROW_BEYOND = "row beyond the sheet"
    COLUMN_BEYOND = "column beyond the sheet"
    TOO_SLOW = "too slow"
    TOO_MUCH_MEMORY = "too much memory"
    BROKE_THE_READER = "broke the reader"
    NO_SPACE = "no space"
    FORMULA = "formula"
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
_SPLIT = "Split it into several files and import them one after another."
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
    ReadFault.WRONG_PASSWORD: "This password does not open the file. Type it again; capitals and small letters count.",
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
    ReadFault.TOO_MANY_COLUMNS: f"Row {{row}} has more than {UPLOAD.columns} columns. {_COPY}",
    ReadFault.TOO_MANY_CELLS: f"The sheet has more cells than are read. {_COPY_OR_SPLIT}",
    ReadFault.TOO_MANY_SHEETS: f"The workbook has {{count:,}} sheets; at most {UPLOAD.sheets} are read. {_COPY}",
    ReadFault.TOO_MANY_FAULTS: f"More cells of the sheet than are counted cannot be trusted. {_COPY}",
    ReadFault.TOO_MUCH_TEXT: f"The texts of the file are too large once unpacked. {_COPY_OR_SPLIT}",
    ReadFault.CELL_TOO_LONG: f"The cell in row {{row}}, column {{column}}, has more than {LONGEST_CELL:,} characters. {_COPY}",
    ReadFault.ROW_TOO_LONG: f"Row {{row}} has more than {LONGEST_ROW:,} characters. {_COPY}",
    ReadFault.TEXT_TOO_LONG: f"A text of the workbook has more than {LONGEST_CELL:,} characters, more than a cell can hold. {_COPY}",
    ReadFault.LONG_DIRECTORY: f"The file is not built like a workbook and was not read. {_SAVE_AGAIN}",
    ReadFault.TOO_SLOW: f"The file takes longer to read than one file may. {_COPY}",
    ReadFault.TOO_MUCH_MEMORY: f"The file needs more memory to be read than one file may use. {_COPY}",
    ReadFault.BROKE_THE_READER: f"The file stops the program that reads it, as only a damaged file does. {_SAVE_AGAIN}",
    ReadFault.NO_SPACE: "There is no space left for temporary files on this computer, so the file was not read. "
    "Make space and try again.",
    ReadFault.FORMULA: "Cell {cell} of the workbook holds a formula. Put its value there, and try again.",
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
    ReadFault.ROW_BEYOND: "The sheet names a row that no sheet has. Copy the rows into a new workbook and import that.",
    ReadFault.COLUMN_BEYOND: _DAMAGED,
    ReadFault.LOCKED: "The file is locked with a password, so nothing of it was read. Give its password "
    "(on the command line with --password-stdin), or save it without one and import that.",
    ReadFault.RIGHTS_MANAGED: "The file is protected by your organisation. Save an unprotected copy and import that.",
    ReadFault.WRONG_PASSWORD: "This password does not open the file. Type it again; capitals and small letters count.",
    ReadFault.XLS_LOCKED: "The file is locked with a password and has the old Excel format (.xls). "
    "Clear the password in Excel, save it as Excel Workbook (.xlsx), and import that.",
    ReadFault.TOO_BIG: f"The file has more than {LARGEST_IMPORT >> 20} MB. {_SPLIT}",
    ReadFault.TOO_MANY_ROWS: f"The file has more than {IMPORT.rows:,} rows, blank ones included. {_SPLIT}",
    ReadFault.TOO_MANY_COLUMNS: f"Row {{row}} has more than {IMPORT.columns:,} columns. "
    "Keep only the columns of the shipments and try again.",
    ReadFault.TOO_MANY_CELLS: f"The file has more than {MOST_CELLS:,} cells, blank ones included. "
    "Keep only the columns of the shipments, or split the file.",
    ReadFault.TOO_MANY_SHEETS: f"The workbook has {{count:,}} sheets; at most {IMPORT.sheets} are looked at. "
    "Copy the sheet with the shipments into a new workbook and import that.",
    ReadFault.TOO_MANY_FAULTS: f"More than {MOST_FAULTS:,} cells or rows cannot be trusted, down to row {{row}}. "
    "Mend them, or take the column that has them out of the file.",
    ReadFault.TOO_MUCH_TEXT: f"The texts of the file are more than {MOST_TEXT // 10**6} MB down to row {{row}}. {_SPLIT}",
    ReadFault.CELL_TOO_LONG: "The cell in row {row}, column {column}, has more than {most:,} characters. "
    "Shorten it, or look for a quotation mark that is not closed.",
    ReadFault.ROW_TOO_LONG: f"Row {{row}} has more than {LONGEST_ROW:,} characters. "
    "Look for a missing line break or a quotation mark that is not closed.",
    ReadFault.TEXT_TOO_LONG: f"A text of the workbook has more than {LONGEST_CELL:,} characters, more than a cell can hold. "
    "Copy the values of the shipments into a new workbook and import that.",
    ReadFault.LONG_DIRECTORY: "The Parquet file names more columns and row groups than are read. "
    f"Write it with at most {IMPORT.columns:,} columns and in larger row groups.",
    ReadFault.TOO_MANY_MERGED: f"The sheet has more than {IMPORT.merges:,} merged ranges. "
    "Copy the values into a new workbook and import that.",
    ReadFault.TOO_MANY_STYLES: f"The workbook has more than {IMPORT.styles:,} cell styles. "
    "Copy the values into a new workbook and import that, or save it as CSV.",
    ReadFault.TOO_MANY_TEXTS: f"The workbook holds more than {IMPORT.texts:,} different texts. {_SPLIT}",
    ReadFault.TOO_SLOW: f"The file takes longer to read than one file may. {_SPLIT}",
    ReadFault.TOO_MUCH_MEMORY: f"The file needs more memory to be read than one file may use. {_SPLIT}",
    ReadFault.BROKE_THE_READER: f"The file stops the program that reads it, as only a damaged file does. {_EXPORT}",
    ReadFault.EMPTY_SHEET: "The sheet is empty. Fill it, or choose another file.",
    ReadFault.SEVERAL_SHEETS: "Several sheets have data: {sheets}. Keep one and try again.",
}
