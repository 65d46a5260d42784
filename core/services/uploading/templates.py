"""The workbooks of the upload: the sample, the rows to mend, and the file with its results."""

import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow.compute as pc
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from core.domain.errors import Refused
from core.domain.filters import Order, ShipmentFilter
from core.domain.invoice_number import Rules
from core.domain.shipment import Tab
from core.files.xlsx.sheet import MOST_ROWS, TITLES, SheetRow
from core.services.shipments import queries
from core.services.uploading.preview import TO_MEND, Line, Preview, Result
from core.services.uploading.reading import COMMAND, run
from core.store.database import Store

VERSION = "1"
SHEET, HELP, LISTS = "Invoices", "How to fill", "lists"

_HEAD = Font(bold=True)
_SHADE = PatternFill("solid", fgColor="E8F1EC")
_WIDTHS = {"A": 22, "B": 22, "C": 40, "D": 8, "E": 80}
_COMMENTS = {
    "A": "One shipment a row, as on the packing slip.",
    "B": "Choose from the list, or write a usual name of the company.",
    "C": "The number on the label, all digits. The column is text, so leading zeros stay.",
}


@dataclass(frozen=True)
class _Column:
    title: str
    values: Sequence[str | int]


def waiting(store: Store, wanted: ShipmentFilter, *, zone: ZoneInfo, now: datetime, order: Order | None = None) -> list[str]:
    """All shipments under the filter that wait for an invoice, in the order of the list."""
    rows = queries.everything(store, replace(wanted, tab=Tab.PREPARING), order or Order(), zone=zone, now=now)
    numbers: list[str] = rows.filter(pc.is_null(rows["invoice_no"]))["shipment_no"].to_pylist()
    return numbers


def sample(rules: Rules, shipment_nos: Sequence[str]) -> bytes:
    """The workbook to fill, with the first of these shipments, as many as fit in one upload.

    It has text columns, a list of companies and a sheet that explains.
    """
    numbers = shipment_nos[:MOST_ROWS]
    blank = [""] * len(numbers)
    return _saved(_template(rules, [_Column(TITLES["shipment_no"], numbers), *_others(blank, blank)]))


def to_mend(preview: Preview, rules: Rules) -> bytes:
    """Only the rows that are refused or to confirm, in the form of the sample, with their row and the reason.

    A number whose digits cannot be trusted is left empty, so that it cannot come back as if it were right.
    """
    rows = {row.number: row for row in preview.sheet.rows}
    lines = [line for line in preview.lines if line.verdict in TO_MEND]
    return _saved(_template(rules, _columns_to_mend(lines, [rows[line.row] for line in lines])))


def with_results(data: bytes, result: Result) -> bytes:
    """The uploaded workbook with a column Result; a new one with the same rows when it cannot be written safely."""
    sheet = result.preview.sheet
    marks = {sheet.header_row: "Result"} | {row.row: row.sentence for row in result.rows}
    said = json.dumps({"title": sheet.title, "marks": marks}).encode()
    try:
        return run((*COMMAND, "mark"), said + b"\n" + data)
    except Refused:
        return _fresh(result)


def _columns_to_mend(lines: Sequence[Line], rows: Sequence[SheetRow]) -> list[_Column]:
    return [
        _Column(TITLES["shipment_no"], ["" if row.shipment_no.fault else row.shipment_no.text for row in rows]),
        *_others(
            ["" if row.company.fault else row.company.text for row in rows],
            ["" if row.invoice_no.fault else row.invoice_no.text for row in rows],
        ),
        _Column("Row", [line.row for line in lines]),
        _Column("Reason", [line.reason for line in lines]),
    ]


def _others(companies: Sequence[str], numbers: Sequence[str]) -> list[_Column]:
    return [_Column(TITLES["carrier"], companies), _Column(TITLES["invoice_no"], numbers)]


def _fresh(result: Result) -> bytes:
    rows = result.preview.sheet.rows
    book = Workbook()
    _fill(
        book.active,
        [
            _Column(TITLES["shipment_no"], [row.shipment_no.text for row in rows]),
            *_others([row.company.text for row in rows], [row.invoice_no.text for row in rows]),
            _Column("Row", [row.number for row in rows]),
            _Column("Result", [done.sentence for done in result.rows]),
        ],
    )
    return _saved(book)


def _template(rules: Rules, columns: Sequence[_Column]) -> Workbook:
    book = Workbook()
    _fill(book.active, columns)
    _comment(book.active)
    _explain(book.create_sheet(HELP), rules)
    _list(book, rules)
    _validate(book.active)
    book.custom_doc_props.append(StringProperty(name="Shipdesk template", value=VERSION))
    return book


def _fill(sheet: Any, columns: Sequence[_Column]) -> None:
    sheet.title = SHEET
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = _WIDTHS[letter]
        sheet.column_dimensions[letter].number_format = "General" if column.title == "Row" else "@"
        _write(sheet.cell(1, place), column.title, _HEAD, _SHADE)
        for number, value in enumerate(column.values, 2):
            _write(sheet.cell(number, place), value)


def _write(cell: Any, value: str | int, font: Font | None = None, fill: PatternFill | None = None) -> None:
    """A text stays text, whatever it begins with."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value).replace("\ufffe", "").replace("\uffff", "") or None
        if cell.value is not None:
            cell.data_type = "s"
        cell.number_format = "@"
    else:
        cell.value = value
    if font and fill:
        cell.font, cell.fill = font, fill


def _comment(sheet: Any) -> None:
    for letter, text in _COMMENTS.items():
        sheet[f"{letter}1"].comment = Comment(text, "Shipdesk", height=70, width=260)


def _explain(sheet: Any, rules: Rules) -> None:
    """The rules of the file in words; the examples stand in lines, so that they are never read as data."""
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 90
    for number, (name, text) in enumerate(_explanation(rules), 1):
        _write(sheet.cell(number, 1), name, _HEAD, _SHADE if number == 1 else PatternFill())
        _write(sheet.cell(number, 2), text)
        sheet.cell(number, 2).alignment = Alignment(wrap_text=True, vertical="top")


def _explanation(rules: Rules) -> Iterable[tuple[str, str]]:
    names = ", ".join(carrier.name for carrier in rules.carriers.values())
    return (
        ("How to fill", f"Fill all three columns of the sheet {SHEET}, one shipment a row, and upload the file."),
        (
            "1. The shipment",
            "Shipments that wait are filled in already. Delete the rows you do not send. Example: S261123-04091",
        ),
        ("2. The company", f"Choose from the list, or write a usual name: {names}."),
        ("3. The number", "All digits of the label, as text. Leading zeros stay. Example: 039281746551"),
        ("How many", f"At most {MOST_ROWS:,} rows a file. Split a longer list into several files."),
        ("File name", "Any name will do."),
        ("Password", "Unlock the file before uploading it."),
        ("Other columns", "They are not read. The three headers may stand in any order."),
        ("What happens", "Nothing is written before you have seen a verdict for every row."),
    )


def _list(book: Workbook, rules: Rules) -> None:
    sheet = book.create_sheet(LISTS)
    sheet.sheet_state = "veryHidden"
    for number, carrier in enumerate(rules.carriers.values(), 1):
        _write(sheet.cell(number, 1), carrier.name)
    book.defined_names["carriers"] = DefinedName("carriers", attr_text=f"{LISTS}!$A$1:$A${len(rules.carriers)}")


def _validate(sheet: Any) -> None:
    last = MOST_ROWS + 1
    companies = DataValidation(type="list", formula1="=carriers", allow_blank=True, errorStyle="stop")
    companies.errorTitle, companies.error = "Shipping company", "Choose a company from the list."
    companies.showErrorMessage = True
    companies.add(f"B2:B{last}")
    numbers = DataValidation(type="textLength", operator="between", formula1="4", formula2="40", errorStyle="warning")
    numbers.errorTitle, numbers.error = "Invoice No.", "Invoice numbers have 4 to 40 letters and digits."
    numbers.showErrorMessage = True
    numbers.add(f"C2:C{last}")
    sheet.add_data_validation(companies)
    sheet.add_data_validation(numbers)


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
