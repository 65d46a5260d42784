"""The workbooks of the upload: the sample, the rows to mend, the results."""

import io

import pytest
from openpyxl import load_workbook

from core.domain.selection import Selection
from core.domain.verdicts import RowVerdict
from core.services import uploading
from tests import workbook_builders as books
from tests.builders import CJ, RULES, a_shipment, a_store, a_visit, an_invoice
from tests.services.uploading.given import (
    judged,
    register,
    waiting,
)
from tests.workbook_builders import GOOD, HEADER, ONE, a_workbook, head, raw


def test_the_sample_has_the_waiting_shipments_and_comes_back() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("=2+2"), a_shipment("S-3", invoice=an_invoice(CJ)))
    numbers = uploading.waiting(store, Selection(), visit=a_visit())
    assert sorted(numbers) == ["=2+2", "S-1"]
    data = uploading.sample(RULES, numbers)
    book = load_workbook(io.BytesIO(data))
    sheet = book["Invoices"]
    assert (book.sheetnames, book.active.title, book["lists"].sheet_state) == (["Invoices", "How to fill", "lists"], "Invoices", "veryHidden")  # fmt: skip
    assert (sheet.freeze_panes, sheet.column_dimensions["C"].number_format, sheet.protection.sheet) == ("A2", "@", False)
    assert sheet.data_validations.dataValidation[0].formula1 == "=carriers"
    assert {sheet["A2"].data_type, sheet["A3"].data_type} == {"s"}
    for place in (2, 3):
        sheet[f"B{place}"], sheet[f"C{place}"] = "Other", f"000{place}"
    assert [line.verdict for line in judged(books.saved(book), store).lines] == [RowVerdict.READY] * 2


def test_the_sample_holds_as_many_as_fit_in_one_upload() -> None:
    book = load_workbook(io.BytesIO(uploading.sample(RULES, [f"S-{n}" for n in range(1001)])))
    assert (book["Invoices"].max_row, book["Invoices"]["A1001"].value) == (1001, "S-999")


def test_the_rows_to_mend_can_be_mended_and_uploaded() -> None:
    store = waiting(3)
    preview = judged(
        a_workbook(("S-1", "Yamatto", "A001"), ("S-2", "Other", "A002"), ("S-3", "Other", 123456789012345678)), store
    )
    book = load_workbook(io.BytesIO(uploading.to_mend(preview, RULES)))
    values = [[cell.value for cell in line] for line in book["Invoices"].iter_rows()]
    assert [value[:4] for value in values] == [[*HEADER, "Row"], ["S-1", "Yamatto", "A001", 2], ["S-3", "Other", None, 4]]
    assert (values[0][4], "Did you mean Yamato?" in values[1][4]) == ("Reason", True)
    book["Invoices"]["B2"], book["Invoices"]["C3"] = "Other", "A003"
    assert [line.verdict for line in judged(books.saved(book), store).lines] == [RowVerdict.READY] * 2


def test_the_workbook_comes_back_with_its_results() -> None:
    store = waiting(2)
    data = a_workbook(("S-1", "Other", "A001", "=1+1"), (), ("S-9", "Other", "A&<9"), header=(*HEADER, "Note"))
    preview = judged(data, store)
    sheet = load_workbook(io.BytesIO(uploading.with_results(data, register(store, preview)))).active
    assert [sheet[f"E{n}"].value for n in (1, 2, 3)] == ["Result", "Registered.", None]
    assert sheet["E4"].value.startswith("Refused: Invoice No.: ")
    assert sheet["D2"].value == "=1+1"


@pytest.mark.usefixtures("own_process")
@pytest.mark.parametrize(
    "data", [raw(head(), ONE, prefix="x"), raw(head(), ONE, strict=True), books.locked(GOOD, "VelvetSweatshop")]
)
def test_results_are_written_into_unusual_workbooks(data: bytes) -> None:
    store = waiting(1)
    marked = uploading.with_results(data, register(store, judged(data, store)))
    assert judged(marked, store).lines[0].verdict is RowVerdict.UNCHANGED
    assert b"Registered." in b"".join(books.parts_of(marked).values())


def test_results_come_in_a_new_workbook_when_the_old_cannot_be_written() -> None:
    store, data = waiting(1), raw(head(), ONE, encoding="UTF-16")
    sheet = load_workbook(io.BytesIO(uploading.with_results(data, register(store, judged(data, store))))).active
    assert [cell.value for cell in sheet[2]] == ["S-1", "CJ", CJ, 2, "Registered."]
