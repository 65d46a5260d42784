"""What is said when a whole file is refused: what it is and what to do. Those up to TOO_LARGE are of any workbook."""

from core.files.xlsx.sheet import MOST_ROWS

_AS_XLSX = "Open it in Excel, choose File, Save As, Excel Workbook (.xlsx), and try again with that file."

TOO_BIG = "The file has more than 5 MB. Copy the three columns into a new workbook, or split the file."
EMPTY = "The file is empty. Fill the sample file and upload it."
LOCKED = (
    "The file is locked with a password: unlock the file before uploading it. In Excel choose File, Info, Protect Workbook, "
    "Encrypt with Password, clear the password and save."
)
RIGHTS_MANAGED = "The file is protected by your organisation: save an unprotected copy to unlock the file before uploading it."
XLS_LOCKED = (
    "The file is locked with a password: unlock the file before uploading it. It also has the old Excel format (.xls). "
    "Clear the password in Excel and save it as Excel Workbook (.xlsx)."
)
XLS = f"The file has the old Excel format (.xls). {_AS_XLSX}"
XLSM = f"The file is a workbook with macros (.xlsm), which is not opened here. {_AS_XLSX}"
XLSB = f"The file is a binary workbook (.xlsb). {_AS_XLSX}"
ODS = "The file is an OpenDocument file (.ods). Save it as Excel Workbook (.xlsx) and try again with that file."
NUMBERS = "The file is a Numbers document. Choose File, Export To, Excel, and try again with that file."
CSV = f"The file is CSV text, where leading zeros and long numbers get lost. {_AS_XLSX}"
WEB_PAGE = f"The file is a web page under another name. {_AS_XLSX}"
XML = f"The file is an XML file, no .xlsx workbook. {_AS_XLSX}"
NO_SPREADSHEET = "The file is not a spreadsheet. Upload an Excel Workbook (.xlsx), such as the filled sample file."
DAMAGED = "The file is damaged or incomplete and cannot be read. Open it in Excel, save it again as .xlsx, and try again with that file."
NOT_BUILT_LIKE_A_WORKBOOK = "The file is not built like a workbook and was not read. Open it in Excel, save it again as .xlsx, and try again with that file."
UNUSUAL_PACKING = "The file is packed in a way no spreadsheet program uses. Open it in Excel, save it again as .xlsx, and try again with that file."
DECLARATIONS = (
    "The file holds declarations (DOCTYPE) that no spreadsheet program writes, and was not read. "
    "Copy the rows into a new workbook and try again with that."
)
TOO_LARGE = "The file is too large once unpacked. Copy only the three columns into a new workbook, or split the file."
TOO_MANY_ROWS = (
    "The sheet has more than 100,000 rows, blank ones included. Copy only the filled rows into a new workbook, "
    f"and split them into files of at most {MOST_ROWS:,}."
)
TOO_MANY_MERGED = "The sheet has more than 20,000 merged cells. Copy the three columns into a new workbook and upload that."
TOO_MANY_STYLES = "The workbook has too many cell styles. Copy the three columns into a new workbook and upload that."
TOO_MANY_TEXTS = "The workbook holds too many different texts. Copy the three columns into a new workbook, or split the file."
BEYOND_THE_SHEET = (
    "The file names rows or columns that no sheet has, and was not read. Copy the rows into a new workbook and upload that."
)
TOO_SLOW = "The file takes too long to read, or too much memory. Copy the three columns into a new workbook and upload that."
NO_SHEET = "The workbook has no visible sheet with data. Unhide the sheet with the invoices, or fill the sample file."
EMPTY_SHEET = "The sheet is empty. Fill the sample file and upload it."
NO_HEADER = (
    "No row with the headers Shipment No., Shipping company and Invoice No. was found in the first rows of the sheet. "
    "Add the headers above the data, or use the sample file."
)
HEADER_ONLY = "There is no row with data below the headers. Fill Shipment No., Shipping company and Invoice No."


def too_many(count: int) -> str:
    return (
        f"The sheet has {count:,} rows with data; {MOST_ROWS:,} fit in one upload. "
        f"Nothing was read: split the file into parts of at most {MOST_ROWS:,} rows."
    )


def missing(names: list[str], sheet: str, row: int) -> str:
    which = " and ".join(names)
    columns, pronoun = ("column", "it") if len(names) == 1 else ("columns", "them")
    return f'The {columns} {which} {"is" if len(names) == 1 else "are"} missing in row {row} of sheet "{sheet}". Add {pronoun}.'


def doubled(name: str, letters: list[str], sheet: str) -> str:
    return f'{name} is the header of several columns of sheet "{sheet}": {", ".join(letters)}. Keep one and rename the others.'


def several_sheets(names: list[str]) -> str:
    quoted = " and ".join(f'"{name}"' for name in names)
    return f"Several sheets have rows with invoices: {quoted}. Keep one, or hide the others, and upload again."
