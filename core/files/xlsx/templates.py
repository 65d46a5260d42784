"""Workbooks for people to fill: text columns, a list of shipping companies, and a sheet that explains."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from core.domain.language import Vocabulary, tr
from core.domain.reasons import Names
from core.files.defusing import is_dangerous
from core.files.limits import MOST_ROWS
from core.files.reasons import SheetText
from core.files.xlsx.sheet import TITLES, SheetRow

VERSION = "1"
LISTS = "lists"

_HEAD = Font(bold=True)
_SHADE = PatternFill("solid", fgColor="E8F1EC")
_WIDTHS = {"A": 22, "B": 22, "C": 40, "D": 8, "E": 80}
_COMMENTS = {"A": SheetText.SHIPMENT_COLUMN, "B": SheetText.COMPANY_COLUMN, "C": SheetText.NUMBER_COLUMN}
_EXPLAINED = Vocabulary(
    {
        SheetText.FILL: "How to fill",
        SheetText.SHIPMENT: "1. The shipment",
        SheetText.COMPANY: "2. The company",
        SheetText.NUMBER: "3. The number",
        SheetText.MOST: "How many",
        SheetText.FILE_NAME: "File name",
        SheetText.PASSWORD: "Password",
        SheetText.OTHER_COLUMNS: "Other columns",
        SheetText.WHAT_HAPPENS: "What happens",
    }
)


@dataclass(frozen=True)
class _Filling:
    """One column: its head and what stands below."""

    title: str
    values: Sequence[str | int]


def sample(companies: Sequence[str], shipment_nos: Sequence[str]) -> bytes:
    """The workbook to fill, with the first of these shipments, as many as fit in one upload."""
    numbers = shipment_nos[:MOST_ROWS]
    blank = [""] * len(numbers)
    return _saved(_template(companies, _three(numbers, blank, blank)))


def to_mend(companies: Sequence[str], rows: Sequence[tuple[SheetRow, str]]) -> bytes:
    """These rows in the form of the sample, with their number and the reason.

    What cannot be trusted is left empty, so that it cannot come back as if it were right.
    """
    cells = [(row.shipment_no, row.company, row.invoice_no) for row, _ in rows]
    texts = [["" if cell.fault else cell.text for cell in three] for three in cells]
    return _saved(_template(companies, [*_three(*_turned(texts)), *_said(rows, tr("Reason"))]))


def results(rows: Sequence[tuple[SheetRow, str]]) -> bytes:
    """A plain workbook of these rows, each with its number and what became of it."""
    texts = [[row.shipment_no.text, row.company.text, row.invoice_no.text] for row, _ in rows]
    book = Workbook()
    _fill(book.active, [*_three(*_turned(texts)), *_said(rows, tr("Result"))])
    return _saved(book)


def _turned(rows: Sequence[Sequence[str]]) -> Iterable[Sequence[str]]:
    return zip(*rows, strict=True) if rows else ((), (), ())


def _three(shipment_nos: Sequence[str], companies: Sequence[str], invoice_nos: Sequence[str]) -> list[_Filling]:
    return [
        _Filling(title, values) for title, values in zip(TITLES.values(), (shipment_nos, companies, invoice_nos), strict=True)
    ]


def _said(rows: Sequence[tuple[SheetRow, str]], title: str) -> list[_Filling]:
    return [_Filling(tr("Row"), [row.number for row, _ in rows]), _Filling(title, [text for _, text in rows])]


def _template(companies: Sequence[str], columns: Sequence[_Filling]) -> Workbook:
    book = Workbook()
    _fill(book.active, columns)
    _comment(book.active)
    _explain(book.create_sheet(tr("How to fill")), companies)
    _list(book, companies)
    _validate(book.active)
    book.custom_doc_props.append(StringProperty(name="Shipdesk template", value=VERSION))
    return book


def _fill(sheet: Any, columns: Sequence[_Filling]) -> None:
    sheet.title = tr("Invoices")
    sheet.freeze_panes = "A2"
    for place, column in enumerate(columns, 1):
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = _WIDTHS[letter]
        sheet.column_dimensions[letter].number_format = (
            "@" if all(isinstance(value, str) for value in column.values) else "General"
        )
        _write(sheet.cell(1, place), column.title, _HEAD, _SHADE)
        for number, value in enumerate(column.values, 2):
            _write(sheet.cell(number, place), value)


def _write(cell: Any, value: str | int, font: Font | None = None, fill: PatternFill | None = None) -> None:
    """A text stays text, whatever it begins with."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub("", value).replace("\ufffe", "").replace("\uffff", "") or None
        if cell.value is not None:
            cell.data_type = "s"
            cell.quotePrefix = is_dangerous(value)
        cell.number_format = "@"
    else:
        cell.value = value
    if font and fill:
        cell.font, cell.fill = font, fill


def _comment(sheet: Any) -> None:
    for letter, text in _COMMENTS.items():
        sheet[f"{letter}1"].comment = Comment(str(text()), "Shipdesk", height=70, width=260)


def _explain(sheet: Any, companies: Sequence[str]) -> None:
    """The rules of the file in words; the examples stand in lines, so that they are never read as data."""
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["B"].width = 90
    for number, (name, text) in enumerate(_explanation(companies), 1):
        _write(sheet.cell(number, 1), name, _HEAD, _SHADE if number == 1 else PatternFill())
        _write(sheet.cell(number, 2), text)
        sheet.cell(number, 2).alignment = Alignment(wrap_text=True, vertical="top")


def _explanation(companies: Sequence[str]) -> Iterable[tuple[str, str]]:
    named = {"sheet": tr("Invoices"), "companies": Names(companies), "most": MOST_ROWS}
    return ((title, str(text(**named))) for text, title in _EXPLAINED.items())


def _list(book: Workbook, companies: Sequence[str]) -> None:
    sheet = book.create_sheet(LISTS)
    sheet.sheet_state = "veryHidden"
    for number, company in enumerate(companies, 1):
        _write(sheet.cell(number, 1), company)
    book.defined_names["carriers"] = DefinedName("carriers", attr_text=f"{LISTS}!$A$1:$A${len(companies)}")


def _validate(sheet: Any) -> None:
    last = MOST_ROWS + 1
    companies = DataValidation(type="list", formula1="=carriers", allow_blank=True, errorStyle="stop")
    companies.errorTitle, companies.error = TITLES["carrier"], str(SheetText.CHOOSE_COMPANY())
    companies.showErrorMessage = True
    companies.add(f"B2:B{last}")
    numbers = DataValidation(type="textLength", operator="between", formula1="4", formula2="40", errorStyle="warning")
    numbers.errorTitle, numbers.error = TITLES["invoice_no"], str(SheetText.LETTERS_AND_DIGITS())
    numbers.showErrorMessage = True
    numbers.add(f"C2:C{last}")
    sheet.add_data_validation(companies)
    sheet.add_data_validation(numbers)


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
