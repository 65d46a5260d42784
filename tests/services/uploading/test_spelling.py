"""Shipment Nos. of an upload in other spellings, and numbers that a spreadsheet took for texts or amounts."""

import pytest

from core.domain.verdicts import RowVerdict
from core.services import uploading
from core.services.shipments.changes import Request
from core.services.uploading.reasons import Repair, RowReason
from tests.builders import CJ, CJ_OTHER, HANA, NOW, RULES, a_shipment, a_store, the
from tests.services.uploading.given import judged, lines, reasons, register
from tests.workbook_builders import a_workbook


@pytest.mark.parametrize("typed", ["s-1", "Ｓ－１", "S -1", "S\u20101", "S-1\u200b", '="S-1"', "'S-1"])
def test_a_shipment_is_registered_in_any_spelling_of_its_number(typed: str) -> None:
    store = a_store(a_shipment("S-1"))
    preview = judged(a_workbook((typed, "cj", CJ)), store)
    assert [line.shipment_no for line in preview.lines] == ["S-1"]
    register(store, preview)
    invoice = the(store).invoice
    assert invoice and invoice.invoice_no == CJ


def test_the_spelling_of_the_desk_is_said() -> None:
    line = lines(("s-1", "cj", CJ), store=a_store(a_shipment("S-1")))[0]
    assert line.repairs == (Repair.AS_STORED(number="S-1"),)


def test_two_spellings_of_one_shipment_in_an_upload_are_one() -> None:
    same = lines(("S-1", "cj", CJ), ("s-1", "cj", CJ), ("Ｓ -1", "cj", CJ), store=a_store(a_shipment("S-1")))
    assert [line.verdict for line in same] == [RowVerdict.READY, RowVerdict.UNCHANGED, RowVerdict.UNCHANGED]
    assert same[1].reasons == (RowReason.SAME_ROW(row=2),)
    other = lines(("S-1", "cj", CJ), ("s-1", "cj", CJ_OTHER), store=a_store(a_shipment("S-1")))
    assert [reasons(line) for line in other] == [[RowReason.SECOND_INVOICE]] * 2


def test_two_spellings_are_one_without_a_desk_too() -> None:
    same = lines(("S-1", "cj", CJ), ("s-1", "cj", CJ))
    assert same[1].reasons == (RowReason.SAME_ROW(row=2),)


def test_decimals_of_every_number_are_no_part_of_them() -> None:
    store = a_store(a_shipment("10001"), a_shipment("10002"))
    found = lines(("10001.0", "cj", f"{CJ}.0"), ("10002.00", "cj", f"{CJ_OTHER}.0"), store=store)
    assert [(line.verdict, line.shipment_no, line.invoice_no) for line in found] == [
        (RowVerdict.REPAIRED, "10001", CJ),
        (RowVerdict.REPAIRED, "10002", CJ_OTHER),
    ]
    assert found[0].repair == f"Shipment No.: decimals removed: 10001. Decimals removed: {CJ}."


def test_decimals_of_some_numbers_are_not_guessed() -> None:
    found = lines(("10001.0", "cj", CJ), ("S-2", "cj", f"{CJ_OTHER}.0"), store=a_store(a_shipment("10001"), a_shipment("S-2")))
    assert [(line.verdict, line.field, reasons(line)) for line in found] == [
        (RowVerdict.REFUSED, "shipment_no", [RowReason.DECIMALS]),
        (RowVerdict.REFUSED, "invoice_no", [RowReason.DECIMALS]),
    ]


def test_numbers_written_as_a_formula_of_a_text_are_read() -> None:
    line = lines(('="S-1"', "cj", f'="{CJ}"'), store=a_store(a_shipment("S-1")))[0]
    assert (line.verdict, line.shipment_no, line.invoice_no) == (RowVerdict.READY, "S-1", CJ)


def test_a_grid_takes_the_same_spellings() -> None:
    sheet = uploading.typed_sheet("grid", [(1, '="s-1"', "씨제이 대한통운", f"'{CJ}")])
    preview = uploading.judge_sheet(sheet, RULES, a_store(a_shipment("S-1")), modify=False, request=Request(HANA, NOW))
    assert [(line.verdict, line.shipment_no, line.carrier) for line in preview.lines] == [(RowVerdict.REPAIRED, "S-1", "cj")]
