"""Why a file is not read, and what is then said: what it is and what to do."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from core.domain.language import filled, marked
from core.files.limits import (
    IMPORT,
    LARGEST,
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
    return _said(_UPLOADED, file)


def of_import(file: Unreadable) -> str:
    """The sentence for a file of shipments, which may have any columns."""
    return _said(_IMPORTED, file)


def quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _said(sentences: Mapping[ReadFault, tuple[str, ...]], file: Unreadable) -> str:
    return " ".join(filled(sentence, {**_LIMITS, **file.named}) for sentence in sentences[file.why])


_LIMITS: Mapping[str, int] = {
    "import_columns": IMPORT.columns,
    "import_merges": IMPORT.merges,
    "import_rows": IMPORT.rows,
    "import_sheets": IMPORT.sheets,
    "import_styles": IMPORT.styles,
    "import_texts": IMPORT.texts,
    "largest_import": LARGEST_IMPORT >> 20,
    "longest_cell": LONGEST_CELL,
    "longest_row": LONGEST_ROW,
    "most_cells": MOST_CELLS,
    "most_faults": MOST_FAULTS,
    "most_rows": MOST_ROWS,
    "most_text": MOST_TEXT // 10**6,
    "largest_upload": LARGEST >> 20,
    "upload_columns": UPLOAD.columns,
    "upload_merges": UPLOAD.merges,
    "upload_rows": UPLOAD.rows,
    "upload_sheets": UPLOAD.sheets,
}
_AS_XLSX = marked("Open it in Excel, choose File, Save As, Excel Workbook (.xlsx), and try again with that file.")
_SAVE_AGAIN = marked("Open it in Excel, save it again as .xlsx, and try again with that file.")
_EXPORT = marked("Export the shipments as .xlsx, CSV or Parquet.")
_SPLIT = marked("Split it into several files and import them one after another.")
_COPY = marked("Copy the three columns into a new workbook and upload that.")
_COPY_OR_SPLIT = marked("Copy the three columns into a new workbook, or split the file.")
_UNLOCK = marked("The file is locked with a password: unlock the file before uploading it.")
_NO_SPREADSHEET = (marked("The file is not a spreadsheet. Upload an Excel Workbook (.xlsx), such as the filled sample file."),)
_BEYOND = (
    marked(
        "The file names rows or columns that no sheet has, and was not read. Copy the rows into a new workbook and upload that."
    ),
)
_DAMAGED = (marked("The file is damaged or incomplete and cannot be read."), _SAVE_AGAIN)
_UPLOADED: Mapping[ReadFault, tuple[str, ...]] = {
    ReadFault.TOO_BIG: (marked("The file has more than {largest_upload} MB."), _COPY_OR_SPLIT),
    ReadFault.EMPTY: (marked("The file is empty. Fill the sample file and upload it."),),
    ReadFault.LOCKED: (
        _UNLOCK,
        marked("In Excel choose File, Info, Protect Workbook, Encrypt with Password, clear the password and save."),
    ),
    ReadFault.RIGHTS_MANAGED: (
        marked("The file is protected by your organisation: save an unprotected copy to unlock the file before uploading it."),
    ),
    ReadFault.WRONG_PASSWORD: (
        marked("This password does not open the file. Type it again; capitals and small letters count."),
    ),
    ReadFault.XLS_LOCKED: (
        _UNLOCK,
        marked("It also has the old Excel format (.xls). Clear the password in Excel and save it as Excel Workbook (.xlsx)."),
    ),
    ReadFault.XLS: (marked("The file has the old Excel format (.xls)."), _AS_XLSX),
    ReadFault.XLSM: (marked("The file is a workbook with macros (.xlsm), which is not opened here."), _AS_XLSX),
    ReadFault.XLSB: (marked("The file is a binary workbook (.xlsb)."), _AS_XLSX),
    ReadFault.ODS: (
        marked("The file is an OpenDocument file (.ods). Save it as Excel Workbook (.xlsx) and try again with that file."),
    ),
    ReadFault.NUMBERS: (
        marked("The file is a Numbers document. Choose File, Export To, Excel, and try again with that file."),
    ),
    ReadFault.CSV: (marked("The file is CSV text, where leading zeros and long numbers get lost."), _AS_XLSX),
    ReadFault.WEB_PAGE: (marked("The file is a web page under another name."), _AS_XLSX),
    ReadFault.XML: (marked("The file is an XML file, no .xlsx workbook."), _AS_XLSX),
    ReadFault.JSON: _NO_SPREADSHEET,
    ReadFault.NO_TABLE: _NO_SPREADSHEET,
    ReadFault.NO_SPREADSHEET: _NO_SPREADSHEET,
    ReadFault.DAMAGED: _DAMAGED,
    ReadFault.NOT_BUILT_LIKE_A_WORKBOOK: (marked("The file is not built like a workbook and was not read."), _SAVE_AGAIN),
    ReadFault.UNUSUAL_PACKING: (marked("The file is packed in a way no spreadsheet program uses."), _SAVE_AGAIN),
    ReadFault.DECLARATIONS: (
        marked(
            "The file holds declarations (DOCTYPE) that no spreadsheet program writes, and was not read. Copy the rows into a new workbook and try again with that."
        ),
    ),
    ReadFault.TOO_LARGE: (
        marked("The file is too large once unpacked. Copy only the three columns into a new workbook, or split the file."),
    ),
    ReadFault.TOO_MANY_ROWS: (
        marked(
            "The sheet has more than {upload_rows:,} rows, blank ones included. Copy only the filled rows into a new workbook, and split them into files of at most {most_rows:,}."
        ),
    ),
    ReadFault.TOO_MANY_MERGED: (marked("The sheet has more than {upload_merges:,} merged cells."), _COPY),
    ReadFault.TOO_MANY_STYLES: (marked("The workbook has too many cell styles."), _COPY),
    ReadFault.TOO_MANY_TEXTS: (marked("The workbook holds too many different texts."), _COPY_OR_SPLIT),
    ReadFault.ROW_BEYOND: _BEYOND,
    ReadFault.COLUMN_BEYOND: _BEYOND,
    ReadFault.TOO_MANY_COLUMNS: (marked("Row {row} has more than {upload_columns} columns."), _COPY),
    ReadFault.TOO_MANY_CELLS: (marked("The sheet has more cells than are read."), _COPY_OR_SPLIT),
    ReadFault.TOO_MANY_SHEETS: (marked("The workbook has {count:,} sheets; at most {upload_sheets} are read."), _COPY),
    ReadFault.TOO_MANY_FAULTS: (marked("More cells of the sheet than are counted cannot be trusted."), _COPY),
    ReadFault.TOO_MUCH_TEXT: (marked("The texts of the file are too large once unpacked."), _COPY_OR_SPLIT),
    ReadFault.CELL_TOO_LONG: (
        marked("The cell in row {row}, column {column}, has more than {longest_cell:,} characters."),
        _COPY,
    ),
    ReadFault.ROW_TOO_LONG: (marked("Row {row} has more than {longest_row:,} characters."), _COPY),
    ReadFault.TEXT_TOO_LONG: (
        marked("A text of the workbook has more than {longest_cell:,} characters, more than a cell can hold."),
        _COPY,
    ),
    ReadFault.LONG_DIRECTORY: (marked("The file is not built like a workbook and was not read."), _SAVE_AGAIN),
    ReadFault.TOO_SLOW: (marked("The file takes longer to read than one file may."), _COPY),
    ReadFault.TOO_MUCH_MEMORY: (marked("The file needs more memory to be read than one file may use."), _COPY),
    ReadFault.BROKE_THE_READER: (marked("The file stops the program that reads it, as only a damaged file does."), _SAVE_AGAIN),
    ReadFault.NO_SPACE: (
        marked(
            "There is no space left for temporary files on this computer, so the file was not read. Make space and try again."
        ),
    ),
    ReadFault.FORMULA: (marked("Cell {cell} of the workbook holds a formula. Put its value there, and try again."),),
    ReadFault.NO_SHEET: (
        marked("The workbook has no visible sheet with data. Unhide the sheet with the invoices, or fill the sample file."),
    ),
    ReadFault.EMPTY_SHEET: (marked("The sheet is empty. Fill the sample file and upload it."),),
    ReadFault.SEVERAL_SHEETS: (
        marked("Several sheets have rows with invoices: {sheets}. Keep one, or hide the others, and upload again."),
    ),
    ReadFault.NO_HEADER: (
        marked(
            "No row with the headers Shipment No., Shipping company and Invoice No. was found in the first rows of the sheet. Add the headers above the data, or use the sample file."
        ),
    ),
    ReadFault.HEADER_MISSING: (marked('The column {field} is missing in row {row} of sheet "{sheet}". Add it.'),),
    ReadFault.HEADER_DOUBLED: (
        marked('{field} is the header of several columns of sheet "{sheet}": {letters}. Keep one and rename the others.'),
    ),
    ReadFault.HEADER_ONLY: (
        marked("There is no row with data below the headers. Fill Shipment No., Shipping company and Invoice No."),
    ),
    ReadFault.TOO_MANY_DATA_ROWS: (
        marked(
            "The sheet has {count:,} rows with data; {most_rows:,} fit in one upload. Nothing was read: split the file into parts of at most {most_rows:,} rows."
        ),
    ),
}
_IMPORTED: Mapping[ReadFault, tuple[str, ...]] = {
    **_UPLOADED,
    ReadFault.EMPTY: (marked("The file is empty. Choose another file."),),
    ReadFault.WEB_PAGE: (marked("The file is a web page under another name. Open it in Excel and save it as .xlsx."),),
    ReadFault.XML: (marked("The file is an XML file. Open it in Excel and save it as .xlsx, or export CSV."),),
    ReadFault.JSON: (marked("The file is a JSON file."), _EXPORT),
    ReadFault.NO_TABLE: (marked("The file is no table."), _EXPORT),
    ReadFault.NO_SPREADSHEET: (marked("The file is no spreadsheet."), _EXPORT),
    ReadFault.TOO_LARGE: (marked("The file is too large once unpacked. Split it, or save it as CSV."),),
    ReadFault.ROW_BEYOND: (
        marked("The sheet names a row that no sheet has. Copy the rows into a new workbook and import that."),
    ),
    ReadFault.COLUMN_BEYOND: _DAMAGED,
    ReadFault.LOCKED: (
        marked(
            "The file is locked with a password, so nothing of it was read. Give its password (on the command line with --password-stdin), or save it without one and import that."
        ),
    ),
    ReadFault.RIGHTS_MANAGED: (
        marked("The file is protected by your organisation. Save an unprotected copy and import that."),
    ),
    ReadFault.WRONG_PASSWORD: (
        marked("This password does not open the file. Type it again; capitals and small letters count."),
    ),
    ReadFault.XLS_LOCKED: (
        marked(
            "The file is locked with a password and has the old Excel format (.xls). Clear the password in Excel, save it as Excel Workbook (.xlsx), and import that."
        ),
    ),
    ReadFault.TOO_BIG: (marked("The file has more than {largest_import} MB."), _SPLIT),
    ReadFault.TOO_MANY_ROWS: (marked("The file has more than {import_rows:,} rows, blank ones included."), _SPLIT),
    ReadFault.TOO_MANY_COLUMNS: (
        marked("Row {row} has more than {import_columns:,} columns. Keep only the columns of the shipments and try again."),
    ),
    ReadFault.TOO_MANY_CELLS: (
        marked(
            "The file has more than {most_cells:,} cells, blank ones included. Keep only the columns of the shipments, or split the file."
        ),
    ),
    ReadFault.TOO_MANY_SHEETS: (
        marked(
            "The workbook has {count:,} sheets; at most {import_sheets} are looked at. Copy the sheet with the shipments into a new workbook and import that."
        ),
    ),
    ReadFault.TOO_MANY_FAULTS: (
        marked(
            "More than {most_faults:,} cells or rows cannot be trusted, down to row {row}. Mend them, or take the column that has them out of the file."
        ),
    ),
    ReadFault.TOO_MUCH_TEXT: (marked("The texts of the file are more than {most_text} MB down to row {row}."), _SPLIT),
    ReadFault.CELL_TOO_LONG: (
        marked(
            "The cell in row {row}, column {column}, has more than {most:,} characters. Shorten it, or look for a quotation mark that is not closed."
        ),
    ),
    ReadFault.ROW_TOO_LONG: (
        marked(
            "Row {row} has more than {longest_row:,} characters. Look for a missing line break or a quotation mark that is not closed."
        ),
    ),
    ReadFault.TEXT_TOO_LONG: (
        marked(
            "A text of the workbook has more than {longest_cell:,} characters, more than a cell can hold. Copy the values of the shipments into a new workbook and import that."
        ),
    ),
    ReadFault.LONG_DIRECTORY: (
        marked(
            "The Parquet file names more columns and row groups than are read. Write it with at most {import_columns:,} columns and in larger row groups."
        ),
    ),
    ReadFault.TOO_MANY_MERGED: (
        marked("The sheet has more than {import_merges:,} merged ranges. Copy the values into a new workbook and import that."),
    ),
    ReadFault.TOO_MANY_STYLES: (
        marked(
            "The workbook has more than {import_styles:,} cell styles. Copy the values into a new workbook and import that, or save it as CSV."
        ),
    ),
    ReadFault.TOO_MANY_TEXTS: (marked("The workbook holds more than {import_texts:,} different texts."), _SPLIT),
    ReadFault.TOO_SLOW: (marked("The file takes longer to read than one file may."), _SPLIT),
    ReadFault.TOO_MUCH_MEMORY: (marked("The file needs more memory to be read than one file may use."), _SPLIT),
    ReadFault.BROKE_THE_READER: (marked("The file stops the program that reads it, as only a damaged file does."), _EXPORT),
    ReadFault.EMPTY_SHEET: (marked("The sheet is empty. Fill it, or choose another file."),),
    ReadFault.SEVERAL_SHEETS: (marked("Several sheets have data: {sheets}. Keep one and try again."),),
}
