"""Rows of the sample that nobody filled in: left for later, counted apart, and never refused or to mend."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from core.domain.reasons import sentences
from core.domain.verdicts import RowVerdict
from core.services import uploading
from core.services.uploading.reasons import RowReason, Tally
from core.services.uploading.registering import TO_MEND
from tests import workbook_builders as books
from tests.builders import CJ, CJ_OTHER, RULES, a_shipment, a_store, an_invoice, the
from tests.services.uploading.given import judged, lines, reasons, register, waiting
from tests.workbook_builders import a_workbook, cell, head, raw, row

EMPTY = '<c r="{0}" t="str"><f>""</f><v></v></c>'


@pytest.mark.parametrize("company", [None, "", "  ", "\u00a0\u200b", "\u3164\u2800", "\ufeff\n"])
@pytest.mark.parametrize("number", [None, " \t", "\u200b\u2060"])
def test_a_row_in_whose_two_cells_nobody_sees_anything_is_left(company: str | None, number: str | None) -> None:
    line = lines(("S-1", company, number), store=waiting(1))[0]
    assert (line.verdict, line.field, line.reasons, line.repairs) == (RowVerdict.LEFT, "", (), ())


@pytest.mark.parametrize(
    "data",
    [
        raw(head(), row(2, cell("A2", "S-1"), EMPTY.format("B2"), EMPTY.format("C2"))),
        raw(head(), row(2, cell("A2", "S-1"), '<c r="B2" s="1"/>', '<c r="C2" s="1"/>'), formats=("yyyy-mm-dd",)),
        raw(head(), row(2, cell("A2", "S-1"), more=' hidden="1"')),
        raw(head(), row(2, cell("A2", "S-1")), after='<mergeCells><mergeCell ref="B2:C2"/></mergeCells>'),
        raw(head(), row(2, cell("A2", "S-1")), after='<mergeCells><mergeCell ref="C2:C9"/></mergeCells>'),
        raw(head(), row(3, cell("A3", "S-1")), after='<mergeCells><mergeCell ref="B2:B9"/></mergeCells>'),
        raw(head(), row(2, cell("A2", "1.2E+11"))),
        raw(head(), row(2, cell("A2", "#N/A", "e"))),
        raw(head(), row(2, cell("A2", " Ｓ-1\u200b"))),
        raw(head(), row(2, cell("A2", "ㄴ-1"))),
        raw(head(), row(2, cell("A2", "S-404"))),
    ],
)
def test_formulas_formats_merged_and_hidden_cells_without_a_text_fill_nothing_in(data: bytes) -> None:
    (line,) = judged(data, waiting(1)).lines
    assert (line.verdict, line.reason, line.repair) == (RowVerdict.LEFT, "", "")


@pytest.mark.parametrize(
    ("given", "field", "why"),
    [
        (("S-1", "CJ", None), "invoice_no", [RowReason.EMPTY, RowReason.FILL_ALL]),
        (("S-1", "Yamatto", " "), "carrier", [RowReason.UNKNOWN_COMPANY, RowReason.EMPTY, RowReason.FILL_ALL]),
        ((None, None, CJ), "shipment_no", [RowReason.EMPTY, RowReason.FILL_ALL]),
        ((None, "CJ", None), "shipment_no", [RowReason.EMPTY, RowReason.EMPTY, RowReason.FILL_ALL]),
    ],
)
def test_a_row_that_is_half_filled_is_refused(given: tuple[Any, ...], field: str, why: list[RowReason]) -> None:
    line = lines(given, store=waiting(1))[0]
    assert (line.verdict, line.field, reasons(line)) == (RowVerdict.REFUSED, field, why)


def test_a_merged_company_is_filled_in_for_the_rows_below_it_too() -> None:
    rows = [row(2, cell("A2", "S-1"), cell("B2", "CJ")), row(3, cell("A3", "S-2"))]
    found = judged(raw(head(), *rows, after='<mergeCells><mergeCell ref="B2:B3"/></mergeCells>'), waiting(2)).lines
    assert [line.verdict for line in found] == [RowVerdict.REFUSED] * 2


def test_a_sample_of_which_a_part_is_filled_in_registers_that_part_and_leaves_the_rest() -> None:
    store = waiting(1000)
    book = load_workbook(io.BytesIO(uploading.sample(RULES, [f"S-{n}" for n in range(1, 1001)])))
    sheet = book["Invoices"]
    for place, (company, number) in {3: ("Other", "A0003"), 5: ("CJ", None), 7: ("Other", "A0007")}.items():
        sheet.cell(place, 2).value, sheet.cell(place, 3).value = company, number
    data = books.saved(book)
    preview = judged(data, store)
    assert preview.counts == {**dict.fromkeys(RowVerdict, 0), RowVerdict.READY: 2, RowVerdict.REFUSED: 1, RowVerdict.LEFT: 997}
    assert preview.message.endswith(
        "2 rows can be registered now, 1 is refused. 997 rows are left for later: nobody filled them in."
    )
    result = register(store, preview)
    assert result.message == "2 shipments registered, 1 to mend. 997 rows are left for later: nobody filled them in."
    mend = load_workbook(io.BytesIO(uploading.to_mend(result.preview, RULES)))["Invoices"]
    assert [mend[f"A{place}"].value for place in (2, 3)] == ["S-4", None]
    marked = load_workbook(io.BytesIO(uploading.with_results(data, result)))["Invoices"]
    assert [marked[f"D{place}"].value for place in (1, 2, 3)] == ["Result", "Left for later.", "Registered."]
    assert the(store, "S-1").invoice is None


def test_a_file_that_nobody_filled_in_is_said_to_be_one() -> None:
    store = waiting(2)
    preview = judged(uploading.sample(RULES, ["S-1", "S-2"]), store)
    assert preview.tallies == (Tally.NOTHING_YET(), Tally.NOBODY_FILLED_IN(count=2))
    result = register(store, preview)
    assert (result.registered, result.batch_id, result.message) == (0, None, str(Tally.NOBODY_FILLED_IN(count=2)))


def test_a_row_that_nobody_filled_in_speaks_against_no_other_row_of_its_shipment() -> None:
    store = waiting(1)
    preview = judged(a_workbook(("S-1", None, None), ("S-1", "CJ", CJ), ("s-1", None, None)), store)
    assert [line.verdict for line in preview.lines] == [RowVerdict.LEFT, RowVerdict.READY, RowVerdict.LEFT]
    result = register(store, preview)
    assert [one.verdict for one in result.rows] == [RowVerdict.LEFT, RowVerdict.REGISTERED, RowVerdict.LEFT]
    assert [line.verdict for line in result.preview.lines if line.verdict in TO_MEND] == []


@pytest.mark.parametrize("modify", [False, True])
def test_a_row_of_a_shipment_that_was_registered_meanwhile_is_left_as_it_is(modify: bool) -> None:
    store = a_store(a_shipment(invoice=an_invoice(CJ_OTHER)))
    preview = judged(a_workbook(("S-1", None, None)), store, modify=modify)
    assert preview.lines[0].verdict is RowVerdict.LEFT
    register(store, preview)
    invoice = the(store).invoice
    assert invoice and invoice.invoice_no == CJ_OTHER


def test_rows_left_count_as_rows_and_are_told_beside_the_hidden_ones() -> None:
    data = raw(head(), row(2, cell("A2", "S-1")), row(3, cell("A3", "S-2"), cell("C3", "1"), more=' hidden="1"'))
    assert sentences(judged(data).tallies).endswith(
        "1 is refused. 1 row is left for later: nobody filled it in. 1 of the rows is hidden in the workbook and was read too."
    )
