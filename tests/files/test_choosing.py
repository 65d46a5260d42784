"""Which sheet, which header row and which columns of a workbook are read."""

import io

import pytest
from openpyxl import load_workbook

from core.files.xlsx.sheet import SheetCell
from tests import workbook_builders as books
from tests.builders import CJ, CJ_OTHER
from tests.files.given import refusal, sheet_of
from tests.workbook_builders import HEADER, a_row, a_workbook, cell, head, others, raw, row

pytestmark = pytest.mark.usefixtures("read_here")


@pytest.mark.parametrize(
    "header",
    [
        HEADER,
        ("shipment_no", "carrier", "invoice_no"),
        ("배송번호", "택배사", "송장번호"),
        ("출고번호", "배송사", "운송장번호(필수)"),
        ("出荷番号", "配送業者", "お問い合わせ番号"),
        ("発送番号", "運送会社", "送り状番号"),
        ("Shipment No. *", "Shipping company\n(택배사)", "\ufeffTracking Number"),
        ("SHIPMENT　NO", " Carrier ", "Invoice No. / 송장번호"),
    ],
)
def test_headers_are_known_in_three_languages(header: tuple[str, str, str]) -> None:
    sheet = sheet_of(a_workbook(("S-1", "CJ", CJ), header=header))
    assert (sheet.columns, sheet.rows[0].number) == ({"shipment_no": "A", "carrier": "B", "invoice_no": "C"}, 2)


def test_columns_in_any_order_below_titles_beside_others() -> None:
    data = a_workbook(
        ("x", CJ, 5, "CJ", "S-1"),
        header=("Memo", "Invoice No.", "Qty", "Shipping company", "Shipment No."),
        above=[("Shipments of 23 November",), (), ("Made by", "Hana"), ("Invoice No. and others",)],
    )
    sheet = sheet_of(data)
    assert (sheet.header_row, sheet.rows[0].number) == (5, 6)
    assert (sheet.rows[0].shipment_no.text, sheet.rows[0].invoice_no.text) == ("S-1", CJ)


def test_blank_rows_keep_the_row_numbers_and_are_not_rows() -> None:
    sheet = sheet_of(a_workbook(("S-1", "CJ", CJ), (), (" ", "\u200b", None), *[()] * 4000, ("S-2", "CJ", CJ_OTHER)))
    assert [row.number for row in sheet.rows] == [2, 4005]


def with_sheets(**states: str) -> bytes:
    book = load_workbook(io.BytesIO(a_workbook(("S-1", "Other", "A001"))))
    for title, state in states.items():
        sheet = book.create_sheet(title, 0)
        for line in (HEADER, (title, "Other", "A002")):
            sheet.append(line)
        sheet.sheet_state = state
    return books.saved(book)


def test_hidden_sheets_are_not_read() -> None:
    assert sheet_of(with_sheets(Old="hidden", Older="veryHidden")).title == "Invoices"


def test_two_visible_sheets_with_rows_are_refused_by_name() -> None:
    said = refusal(with_sheets(Returns="visible"))
    assert '"Returns"' in said
    assert '"Invoices"' in said


def test_the_sheet_is_found_by_its_header_whichever_was_open_last() -> None:
    book = load_workbook(io.BytesIO(a_workbook(("S-1", "Other", "A001"))))
    book.create_sheet("Notes", 0).append(["Fill it", "today"])
    book.create_sheet("Empty", 0).append(HEADER)
    book.active = 0
    assert sheet_of(books.saved(book)).title == "Invoices"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (a_workbook(("S-1", "CJ", CJ), header=("Shipment No.", "Shipping company", "Number")), "column Invoice No. is missing in row 1"),
        (a_workbook(("S-1", "CJ", CJ), header=("a", "b", "c")), "No row with the headers"),
        (a_workbook(("S-1", "CJ", CJ, CJ), header=(*HEADER, "Tracking No.")), "Invoice No. is the header of several columns"),
        (a_workbook(), "no row with data below"),
        (a_workbook(header=()), "The sheet is empty"),
        (raw(head(), state="hidden"), "no visible sheet"),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_found_is_said(data: bytes, said: str) -> None:
    assert said in refusal(data)


PLAIN = ("Shipment No.", "Invoice No.")


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        (PLAIN, {"shipment_no": "A", "invoice_no": "B"}),
        (("송장번호", "배송번호"), {"shipment_no": "B", "invoice_no": "A"}),
        ((None, "Invoice No.", None, "Shipment No."), {"shipment_no": "D", "invoice_no": "B"}),
    ],
)
def test_a_list_of_both_numbers_alone_needs_no_company(header: tuple[str, ...], columns: dict[str, str]) -> None:
    values = {"Shipment No.": "S-1", "배송번호": "S-1", None: None}
    sheet = sheet_of(a_workbook(tuple(values.get(name, CJ) for name in header), (), header=header, above=[("November",)]))
    (row,) = sheet.rows
    assert (sheet.columns, sheet.header_row, row.number) == (columns, 2, 3)
    assert (row.shipment_no.text, row.company, row.invoice_no.text) == ("S-1", SheetCell(), CJ)


@pytest.mark.parametrize(
    "data",
    [
        a_workbook(("S-1", CJ, "CJ"), header=(*PLAIN, "Kurier")),
        a_workbook(("S-1", CJ, "CJ"), header=PLAIN),
        a_workbook(("S-1", CJ), *[("S-2", CJ_OTHER)] * 40, ("S-3", CJ, "CJ"), header=PLAIN),
        a_workbook(("S-1", "CJ", CJ), header=("Shipment No.", None, "Invoice No.")),
    ],
)
def test_what_stands_beside_both_numbers_may_be_the_company_and_must_be_named(data: bytes) -> None:
    assert "column Shipping company is missing in row 1" in refusal(data)


def test_a_title_of_two_words_is_no_header_when_one_with_all_three_follows() -> None:
    sheet = sheet_of(a_workbook(("S-1", "CJ", CJ), above=[("Shipment", "Invoice"), ("today", "10")]))
    assert (sheet.header_row, [row.number for row in sheet.rows]) == (3, [4])


def test_a_list_of_numbers_beside_a_sheet_with_companies_is_not_read() -> None:
    book = load_workbook(io.BytesIO(a_workbook(("S-1", "Other", "A001"))))
    old = book.create_sheet("Old", 0)
    for line in (PLAIN, ("S-2", "A002")):
        old.append(line)
    assert sheet_of(books.saved(book)).title == "Invoices"


@pytest.mark.parametrize("area", ["B2:C2", "C2:C3", "B2:B4"])
def test_merged_cells_without_a_value_are_empty(area: str) -> None:
    rows = [row(n, cell(f"A{n}", f"S-{n}")) for n in (2, 3)]
    found = sheet_of(raw(head(), *rows, after=f'<mergeCells><mergeCell ref="{area}"/></mergeCells>')).rows
    assert {cell for row in found for cell in (row.company, row.invoice_no)} == {SheetCell()}


def test_merged_companies_are_refused_on_the_rows_below() -> None:
    rows = [a_row(2, "S-1", "Other", cell("C2", "A001")), row(3, cell("A3", "S-2"), cell("C3", "A002"))]
    first, second = sheet_of(raw(head(), *rows, after='<mergeCells><mergeCell ref="B2:B3"/></mergeCells>')).rows
    assert (first.company, second.company.text) == (SheetCell("Other"), "")
    assert "merged with B2" in second.company.fault


def test_a_row_of_uncalculated_formulas_is_no_blank_row() -> None:
    formulas = row(2, '<c r="A2"><f>X1</f></c>', '<c r="B2"><f>X2</f></c>', '<c r="C2"><f>X3</f></c>')
    (line,) = sheet_of(raw(head(), formulas)).rows
    assert line.number == 2
    assert all("never calculated" in cell.fault for cell in (line.shipment_no, line.company, line.invoice_no))


def test_a_thousand_rows_fit_and_one_more_is_refused_with_the_count() -> None:
    assert len(sheet_of(a_workbook(*others(1000))).rows) == 1000
    said = refusal(a_workbook(*others(1001)))
    assert "1,001" in said
    assert "split" in said
