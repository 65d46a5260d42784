"""The verdict on each row: by its cells, by the rules, and by what the desk knows."""

from typing import Any

import pytest

from core.domain.invoice_number import check
from core.domain.number_faults import NumberFault
from core.domain.verdicts import RowVerdict
from core.services import uploading
from core.services.shipments.changes import Request
from core.services.shipments.invoices import InvoiceReason
from core.services.shipments.lanes import LaneDoubt
from core.services.uploading.reasons import Repair, RowReason
from tests.builders import CJ, CJ_OTHER, HANA, NOW, RULES, a_shipment, a_store, an_invoice, the
from tests.services.uploading.given import DHL, FEDEX, WIDE, YAMATO, judged, lines, reasons, register, the_line, waiting
from tests.workbook_builders import HEADER, a_row, a_workbook, cell, head, raw, row


@pytest.mark.parametrize(
    ("xml", "formats", "reason"),
    [
        (cell("C2", "123456789012345678", "n"), (), "more than 15 digits"),
        (cell("C2", "1.23456789012346E+17", "n"), (), "more than 15 digits"),
        (cell("C2", "1.2E+11"), (), "shortened by Excel"),
        (cell("C2", "#N/A", "e"), (), "Excel error #N/A"),
        (cell("C2", "1", "b"), (), "TRUE"),
        (cell("C2", "46349", "n", 1), ("yyyy-mm-dd",), "the date 2026-11-23"),
        (cell("C2", "2026-11-23", "d"), (), "the date 2026-11-23"),
        (cell("C2", "12.5", "n"), (), "the fraction 12.5"),
        (cell("C2", "-634512345675", "n"), (), "negative"),
        (cell("C2", "5555", "n", 1), ('"SF"0000000000000',), "shows another text"),
        ('<c r="C2"><f>A1&amp;"1"</f></c>', (), "never calculated"),
        ('<c r="C2"><f>A1</f><v/></c>', (), "never calculated"),
        ('<c r="C2" t="str"><f>A1</f></c>', (), "never calculated"),
        ('<c r="C2" t="s"><v>77</v></c>', (), "not in the file"),
        (cell("C2", "x" * 300), (), "300 characters"),
        (cell("C2", "A1234567, A1234568"), (), "two numbers"),
        (cell("C2", "A1234567\nA1234568"), (), "two numbers"),
        (cell("C2", "٣٤٥٦٧"), (), "neither a digit"),
        (cell("C2", " \u00a0\u200b"), (), "Invoice No. is empty. A row needs"),
        ('<c r="C2" t="str"><f>""</f><v></v></c>', (), "Invoice No. is empty"),
    ],
)
def test_a_cell_that_cannot_be_trusted_is_refused_with_its_kind(xml: str, formats: tuple[str, ...], reason: str) -> None:
    line = the_line(xml, formats=formats)
    assert (line.verdict, line.field, line.row) == (RowVerdict.REFUSED, "invoice_no", 2)
    assert reason in line.reason


@pytest.mark.parametrize(
    ("company", "typed", "number", "repair"),
    [
        ("DHL", DHL.translate(WIDE), DHL, f"Full-width digits became {DHL}."),
        ("FedEx", f"{FEDEX[:4]} {FEDEX[4:8]} {FEDEX[8:]}", FEDEX, f"Spaces removed: {FEDEX}."),
        ("FedEx", f"{FEDEX}\u00a0", FEDEX, f"Spaces removed: {FEDEX}."),
        ("FedEx", f"\ufeff{FEDEX}", FEDEX, f"Invisible characters removed: {FEDEX}."),
        ("FedEx", f"{FEDEX[:4]}-{FEDEX[4:]}\n", FEDEX, f"Line breaks and hyphens removed: {FEDEX}."),
        (
            "FedEx",
            f"{FEDEX[:4]}\u3161{FEDEX[4:8]}\u3161{FEDEX[8:]}",
            FEDEX,
            f"Full-width characters became ordinary, hyphens removed: {FEDEX}.",
        ),
        ("FedEx", f"{FEDEX[:4]}\uff70{FEDEX[4:]}", FEDEX, f"Full-width characters became ordinary, hyphens removed: {FEDEX}."),
        ("Other", "'0012345", "0012345", "Apostrophes removed: 0012345."),
        ("Other", "\uff070012345", "0012345", "Full-width characters became ordinary, apostrophes removed: 0012345."),
        ("Other", "ab12345", "AB12345", "Lower case became AB12345."),
        ("Yamato", YAMATO[1:], YAMATO, f"Leading zero restored, the check digit proves it: {YAMATO}."),
        ("Yamato", int(YAMATO), YAMATO, f"Leading zero restored, the check digit proves it: {YAMATO}."),
    ],
)
def test_what_is_provable_is_repaired_and_said(company: str, typed: Any, number: str, repair: str) -> None:
    line = lines(("S-1", company, typed))[0]
    assert (line.verdict, line.invoice_no, line.repair, line.reason) == (RowVerdict.REPAIRED, number, repair, "")
    assert line.text == str(typed)


def test_what_may_have_lost_a_zero_but_does_not_prove_it_stays_as_it_is_and_asks() -> None:
    typed = str(int(YAMATO) + 1)
    line = lines(("S-1", "Yamato", typed))[0]
    assert (line.verdict, line.invoice_no, line.repair) == (RowVerdict.CONFIRM, typed, "")


@pytest.mark.parametrize(
    ("company", "typed"),
    [("Korea Post", "123456789012"), ("CJ", "123456789"), ("Other", "1.0")],
)
def test_what_is_not_provable_is_never_guessed(company: str, typed: str) -> None:
    assert lines(("S-1", company, typed))[0].verdict is RowVerdict.REFUSED


@pytest.mark.parametrize(
    ("company", "typed", "number", "repair"),
    [
        ("ヤマト運輸", "A444413758703A", "444413758703", "Scanner characters removed: 444413758703."),
        ("佐川急便", "d512547514334d", "512547514334", "Scanner characters removed: 512547514334."),
        ("yamato", "*444413758703*", "444413758703", "Scanner characters removed: 444413758703."),
        ("CJ", "]C06329-7661-5493", CJ, f"Scanner characters and hyphens removed: {CJ}."),
        ("CJ", f"운송장번호: {CJ}", CJ, f"The label removed: {CJ}."),
        ("EMS", "ㄸㄷ123456785ㅏㄱ", "EE123456785KR", "Letters of another keyboard became EE123456785KR."),
    ],
)
def test_what_a_scanner_a_keyboard_or_a_label_put_round_it_is_repaired_and_said(
    company: str, typed: str, number: str, repair: str
) -> None:
    line = lines(("S-1", company, typed), store=waiting(1))[0]
    assert (line.verdict, line.invoice_no, line.repair) == (RowVerdict.REPAIRED, number, repair)


@pytest.mark.parametrize("typed", ["ㄴ261126-00005", "]C0S261126-00005", "とふおぬぬふおほわわわわえ"])
def test_a_shipment_typed_on_another_keyboard_is_the_one_that_was_meant(typed: str) -> None:
    line = lines((typed, "CJ", CJ), store=a_store(a_shipment("S261126-00005")))[0]
    assert (line.verdict, line.shipment_no) == (RowVerdict.REPAIRED, "S261126-00005")
    assert [why.reason for why in line.repairs] == [Repair.SHIPMENT_NO]


def test_a_shop_may_write_its_numbers_in_any_letters() -> None:
    store = a_store(a_shipment("주문-1"), a_shipment("WNANS-1"))
    line = lines(("주문-1", "CJ", CJ), store=store)[0]
    assert (line.verdict, line.shipment_no) == (RowVerdict.READY, "주문-1")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("서울시 강남구 테헤란로 123", NumberFault.ADDRESS),
        ("632976615493 (1/2)", NumberFault.PIECES),
        ("632,976,615,493", NumberFault.THOUSANDS),
        ("N/A", NumberFault.PLACEHOLDER),
        ("010-1234-5678", NumberFault.PHONE),
    ],
)
def test_text_that_is_no_number_is_called_what_it_is(typed: str, reason: NumberFault) -> None:
    line = lines(("S-1", "CJ", typed))[0]
    assert (line.verdict, reasons(line)) == (RowVerdict.REFUSED, [reason])


def test_a_repaired_shipment_number_is_told() -> None:
    line = lines((" Ｓ-1\u200b", "Other", "A1234"))[0]
    assert (line.verdict, line.shipment_no) == (RowVerdict.REPAIRED, "S-1")
    assert [why.reason for why in line.repairs] == [Repair.SHIPMENT_NO]


@pytest.mark.parametrize("company", ["cj", "CJ Logistics", "ＣＪ대한통운", " 대한통운 ", "CJ  택배"])
def test_a_company_is_known_by_name_code_and_alias(company: str) -> None:
    line = lines(("S-1", company, CJ))[0]
    assert (line.carrier, line.verdict) == ("cj", RowVerdict.READY)


def test_a_misspelt_company_is_not_guessed_but_the_nearest_is_named() -> None:
    line = lines(("S-1", "Yamatto", YAMATO))[0]
    assert (line.verdict, line.field, line.carrier, line.company) == (RowVerdict.REFUSED, "carrier", "", "Yamatto")
    assert line.reasons == (RowReason.UNKNOWN_COMPANY("near", text="Yamatto", near="Yamato"),)


def test_the_wrong_company_is_told_which_fits() -> None:
    line = lines(("S-1", "UPS", FEDEX))[0]
    assert reasons(line) == [NumberFault.FITS_ANOTHER]
    assert line.field == "invoice_no"


def test_all_that_is_empty_is_named() -> None:
    found = lines((None, "Other", None), (None, "CJ", CJ))
    assert [line.field for line in found] == ["shipment_no", "shipment_no"]
    assert reasons(found[0]) == [RowReason.EMPTY, RowReason.EMPTY, RowReason.FILL_ALL]


def test_hidden_rows_are_read_and_counted() -> None:
    data = raw(
        head(), a_row(2, "S-1", "Other", cell("C2", "A001")), row(3, cell("A3", "S-2"), cell("C3", "12"), more=' hidden="1"')
    )
    preview = judged(data)
    assert (len(preview.lines), preview.sheet.hidden_rows) == (2, 1)
    assert preview.message == (
        "Nothing has been written yet. 1 row can be registered now, 1 is refused. "
        "1 of the rows is hidden in the workbook and was read too."
    )


def test_a_repeated_header_is_said_to_be_one() -> None:
    assert reasons(lines(("S-1", "CJ", CJ), HEADER)[1]) == [RowReason.REPEATS_HEADERS]


def test_everything_wrong_with_a_row_is_said_at_once() -> None:
    line = lines(("S-1", "Yamatto", "1.2E+11"))[0]
    assert (line.field, reasons(line)) == ("carrier", [RowReason.UNKNOWN_COMPANY, NumberFault.SHORTENED])


def test_a_registered_shipment_is_unchanged_or_refused_until_modifying_is_on() -> None:
    store = a_store(a_shipment(invoice=an_invoice(CJ)))
    same = lines(("S-1", "CJ", CJ), store=store)[0]
    assert (same.verdict, same.reasons[0]) == (RowVerdict.UNCHANGED, InvoiceReason.SAME_NUMBER("alone", day="12 Nov", by=""))
    other = lines(("S-1", "CJ", CJ_OTHER), store=store)[0]
    assert (other.verdict, other.field) == (RowVerdict.REFUSED, "invoice_no")
    assert [why.reason for why in other.reasons] == [RowReason.REGISTERED]
    preview = judged(a_workbook(("S-1", "CJ", CJ_OTHER)), store, modify=True)
    replaces = InvoiceReason.REPLACES("unheard", carrier="CJ Logistics", invoice_no=CJ, count=0)
    assert (preview.lines[0].verdict, preview.lines[0].notes) == (RowVerdict.READY, (replaces,))
    assert register(store, preview).registered == 1
    invoice = the(store).invoice
    assert invoice
    assert invoice.invoice_no == CJ_OTHER


def test_rows_typed_at_the_desk_are_judged_like_those_of_a_file() -> None:
    store, rows = waiting(3), [("S-1", "CJ", CJ), ("S-2", "UPS", FEDEX), ("S-9", "Other", " A-1001")]
    typed = uploading.typed_sheet("grid", [(at, *row) for at, row in enumerate(rows, 2)])
    found = uploading.judge_sheet(typed, RULES, store, modify=False, request=Request(HANA, NOW)).lines
    assert [line.verdict for line in found] == [RowVerdict.READY, RowVerdict.REFUSED, RowVerdict.REFUSED]
    assert found == lines(*rows, store=store)


def test_a_company_without_a_check_digit_is_no_way_out_of_a_wrong_digit_in_an_upload_either() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2"), a_shipment("S-90", invoice=an_invoice(CJ_OTHER)))
    wrong = str(int(CJ) + 1)
    rows = a_workbook(("S-1", "SF Express", wrong), ("S-2", "SF Express", "SF1043765598102"))
    preview = judged(rows, store)
    assert [line.verdict for line in preview.lines] == [RowVerdict.CONFIRM, RowVerdict.READY]
    assert LaneDoubt.WRONG_ELSEWHERE in reasons(preview.lines[0])
    assert register(store, preview).registered == 1
    assert the(store, "S-1").invoice is None
    confirmed = judged(rows, store, confirmed=frozenset({2}))
    register(store, confirmed)
    assert the(store, "S-1").invoice is not None


ODD = "37402916850"
"""Eleven digits: Lotte gives ten, twelve or thirteen, and other companies' numbers of eleven are none of its."""


def test_a_form_that_nobody_documents_waits_for_the_rows_confirmation_in_a_file_and_in_the_grid() -> None:
    store, rows = waiting(2), [("S-1", "롯데택배", ODD), ("S-2", "Yamato", ODD)]
    of_file = lines(*rows, store=store)
    assert [line.verdict for line in of_file] == [RowVerdict.CONFIRM, RowVerdict.CONFIRM]
    assert all(NumberFault.UNDOCUMENTED in reasons(line) for line in of_file)
    typed = uploading.typed_sheet("grid", [(at, *row) for at, row in enumerate(rows, 2)])
    assert uploading.judge_sheet(typed, RULES, store, modify=False, request=Request(HANA, NOW)).lines == of_file
    confirmed = judged(a_workbook(*rows), store, confirmed=frozenset({2}))
    assert confirmed.lines[0].verdict is RowVerdict.READY
    assert register(store, confirmed).registered == 1
    invoice = the(store, "S-1").invoice
    assert invoice and (invoice.carrier, invoice.invoice_no) == ("lotte", ODD)


def test_a_leading_zero_is_restored_where_a_shorter_form_would_only_be_asked_about() -> None:
    zeroed = next(f"0{n}" for n in range(30727039920, 30727039930) if check("hanjin", f"0{n}", RULES).proven)
    restored = lines(("S-1", "Hanjin", zeroed[1:]))[0]
    assert (restored.verdict, restored.invoice_no) == (RowVerdict.REPAIRED, zeroed)
