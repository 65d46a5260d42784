"""Rows without a company: the only one that the lane and the number leave is proposed and said, else the row is refused."""

import io
from typing import Any

import pytest
from openpyxl import load_workbook

from core.domain.invoice_number import complete
from core.domain.number_faults import NumberFault
from core.domain.reasons import Names, Why
from core.domain.verdicts import RowVerdict
from core.services import uploading
from core.services.shipments.invoices import InvoiceReason
from core.services.shipments.lanes import CompanyReason, LaneDoubt
from core.services.uploading import Line, Preview
from core.services.uploading.reasons import Repair
from core.store import history
from core.store.database import Store
from tests.builders import CJ, CJ_OTHER, HANJIN, RULES, a_shipment, a_store, an_invoice, the
from tests.services.shipments.test_lanes import POST, SF, a_lane
from tests.services.uploading.given import judged, lines, reasons, register, waiting
from tests.workbook_builders import a_workbook

UPS = "1Z999AA10123456784"
OF_BOTH = complete(RULES.carriers["cj"], "70123456789")
"""A number that the rules of CJ Logistics and of Hanjin take, and that begins like none of theirs."""
WRONG = str(int(CJ_OTHER) + 1)


def of_cj(n: int) -> str:
    return complete(RULES.carriers["cj"], f"57{n:09}")


def the_line(store: Store | None, number: Any, shipment_no: str = "S-1", company: str | None = None) -> Line:
    return lines((shipment_no, company, number), store=store)[0]


@pytest.mark.parametrize("company", [None, " ", "\u200b\u00a0"])
@pytest.mark.parametrize(
    ("lane", "number", "carrier", "form"),
    [
        ((("cj", CJ_OTHER),), of_cj(1), "cj", "alone"),
        ((("cj", CJ_OTHER), ("hanjin", HANJIN)), of_cj(2), "cj", "alone"),
        ((("cj", CJ_OTHER), ("hanjin", HANJIN)), "515596435911", "hanjin", "alone"),
        ((("cj", CJ), ("hanjin", HANJIN)), complete(RULES.carriers["cj"], "63000000001"), "cj", "like"),
        ((("cj", CJ_OTHER), ("sf", SF)), of_cj(3), "cj", "like"),
        ((("korea_post", POST),), "6865109394362", "korea_post", "alone"),
        ((("cj", CJ_OTHER), ("other", "RIDER7")), of_cj(4), "cj", "alone"),
        ((("other", "RIDER7"),), "RIDER8", "other", "like"),
        ((), UPS, "ups", "form"),
    ],
)
def test_the_only_company_that_is_left_is_proposed_and_said(
    lane: tuple[tuple[str, str], ...], number: str, carrier: str, form: str, company: str | None
) -> None:
    store = a_lane(*lane)
    preview = judged(a_workbook(("S-1", company, number)), store)
    (line,) = preview.lines
    why = CompanyReason.PROPOSED(form, company=RULES.carriers[carrier].name)
    assert (line.verdict, line.carrier, line.repairs) == (RowVerdict.REPAIRED, carrier, (why,))
    assert line.as_json()["repair"] == str(why)
    result = register(store, preview)
    assert [row.sentence for row in result.rows] == [f"Registered: {why}"]
    invoice = the(store).invoice
    assert invoice and (invoice.carrier, invoice.invoice_no) == (carrier, number)
    assert history.of_shipment(store, 1)[0]["reason"] == str(why)


@pytest.mark.parametrize(
    ("lane", "number", "field", "why"),
    [
        (
            (("cj", CJ_OTHER), ("hanjin", HANJIN)),
            OF_BOTH,
            "carrier",
            CompanyReason.MAY_BE(companies=Names(["CJ Logistics", "Hanjin"])),
        ),
        ((("cj", CJ_OTHER), ("sf", SF)), complete(RULES.carriers["cj"], "14000000001"), "carrier", CompanyReason.MAY_BE),
        ((("cj", CJ_OTHER),), UPS, "carrier", CompanyReason.FITS_ELSEWHERE),
        ((("cj", CJ_OTHER),), "12345", "invoice_no", CompanyReason.FITS_NONE_OF_LANE),
        ((("other", "RIDER7"),), "BOY8", "carrier", CompanyReason.MAY_BE),
        ((("other", "RIDER7"), ("other", "RIDER8"), ("cj", CJ_OTHER)), OF_BOTH, "carrier", CompanyReason.MAY_BE),
        ((), SF, "carrier", CompanyReason.MAY_BE),
        ((), "LP257594783SG", "carrier", CompanyReason.MAY_BE),
        ((), "12345", "carrier", CompanyReason.NOT_SHOWN),
        ((("cj", CJ_OTHER),), WRONG, "invoice_no", NumberFault.CHECK_DIGIT),
        ((("cj", CJ_OTHER), ("sf", SF)), WRONG, "invoice_no", NumberFault.CHECK_DIGIT),
        ((("cj", CJ_OTHER),), "1.2E+11", "invoice_no", NumberFault.SHORTENED),
        ((("cj", CJ_OTHER),), "N/A", "invoice_no", NumberFault.PLACEHOLDER),
        ((), "서울시 강남구 테헤란로 123", "invoice_no", NumberFault.ADDRESS),
    ],
)
def test_a_number_alone_that_leaves_none_or_several_is_refused_with_what_to_choose_from(
    lane: tuple[tuple[str, str], ...], number: str, field: str, why: Any
) -> None:
    store = a_lane(*lane)
    line = the_line(store, number)
    assert (line.verdict, line.field, line.carrier, line.repairs) == (RowVerdict.REFUSED, field, "", ())
    assert (line.reasons == (why,)) if isinstance(why, Why) else (reasons(line) == [why])
    register(store, judged(a_workbook(("S-1", None, number)), store))
    assert the(store).invoice is None


def test_a_mistyped_number_that_another_company_of_the_lane_would_take_is_not_proposed_away() -> None:
    mistyped = [CJ_OTHER[:at] + digit + CJ_OTHER[at + 1 :] for at in range(2, 12) for digit in "0123456789"]
    store = a_lane(("cj", CJ_OTHER), ("hanjin", HANJIN), ("sf", SF))
    assert {the_line(store, number).carrier for number in mistyped if number != CJ_OTHER} <= {"", "cj"}
    assert the_line(store, CJ_OTHER[:-1]).verdict is RowVerdict.REFUSED


def test_a_first_number_that_proves_nothing_is_confirmed_as_on_register_and_the_history_keeps_both() -> None:
    store = a_lane(("korea_post", "1234509876543"))
    data = a_workbook(("S-1", None, POST))
    preview = judged(data, store)
    doubt = LaneDoubt.UNPROVEN(number=POST, company="Korea Post")
    assert [(line.verdict, line.reasons, line.carrier) for line in preview.lines] == [
        (RowVerdict.CONFIRM, (doubt,), "korea_post")
    ]
    assert register(store, preview).registered == 0
    confirmed = judged(data, store, confirmed=frozenset({2}))
    assert register(store, confirmed).registered == 1
    why = CompanyReason.PROPOSED("alone", company="Korea Post")
    assert history.of_shipment(store, 1)[0]["reason"] == f"{InvoiceReason.CONFIRMED(doubts=doubt)} {why}"


def test_each_shipment_is_proposed_the_company_of_its_own_lane() -> None:
    lane = {"cj": ("A", "KR"), "hanjin": ("B", "KR")}
    sent = [
        a_shipment("S-8", policy="A", invoice=an_invoice(complete(RULES.carriers["cj"], "63000000008"))),
        a_shipment("S-9", policy="B", invoice=an_invoice(complete(RULES.carriers["hanjin"], "63000000019"), carrier="hanjin")),
    ]
    store = a_store(a_shipment("S-1", policy="A"), a_shipment("S-2", policy="B"), *sent)
    number = complete(RULES.carriers["cj"], "63000000001")
    found = lines(("S-1", None, number), ("S-2", None, number), store=store)
    assert [line.carrier for line in found] == list(lane)


def test_what_is_repaired_besides_is_said_too() -> None:
    line = the_line(a_lane(("cj", CJ_OTHER)), f"{CJ[:4]} {CJ[4:]}")
    assert [why.reason for why in line.repairs] == [CompanyReason.PROPOSED, Repair.INVOICE_NO]
    assert line.invoice_no == CJ


def test_the_lane_is_found_under_any_spelling_of_the_shipment() -> None:
    found = lines((" s-1", None, CJ), ("ㄴ-2", None, of_cj(5)), store=a_lane(("cj", CJ_OTHER)))
    assert [(line.shipment_no, line.carrier) for line in found] == [("S-1", "cj"), ("S-2", "cj")]


def test_a_shipment_that_does_not_exist_is_refused_as_that_where_the_number_shows_the_company() -> None:
    line = the_line(waiting(1), UPS, "S-404")
    assert (line.verdict, line.field) == (RowVerdict.REFUSED, "shipment_no")
    assert the_line(waiting(1), "12345", "S-404").verdict is RowVerdict.REFUSED


def test_a_company_that_is_named_is_never_replaced() -> None:
    line = the_line(a_lane(("cj", CJ_OTHER)), of_cj(6), company="Yamatto")
    assert (line.verdict, line.carrier) == (RowVerdict.REFUSED, "")
    line = the_line(a_lane(("cj", CJ_OTHER)), of_cj(6), company="UPS")
    assert (line.verdict, line.carrier) == (RowVerdict.REFUSED, "ups")


def test_a_registered_shipment_is_unchanged_or_replaced_under_the_proposed_company_too() -> None:
    store = a_store(a_shipment(invoice=an_invoice(CJ_OTHER)))
    assert the_line(store, CJ_OTHER).verdict is RowVerdict.UNCHANGED
    assert the_line(store, of_cj(7)).verdict is RowVerdict.REFUSED
    preview = judged(a_workbook(("S-1", None, of_cj(7))), store, modify=True)
    assert register(store, preview).registered == 1


def test_two_rows_of_one_shipment_are_one_when_the_proposal_is_what_the_other_names() -> None:
    store, number = a_lane(("cj", CJ_OTHER)), of_cj(8)
    found = lines(("S-1", None, number), ("S-1", "CJ", number), store=store)
    assert [line.verdict for line in found] == [RowVerdict.REPAIRED, RowVerdict.UNCHANGED]
    both = lines(("S-1", None, number), ("S-2", None, number), store=store)
    assert [line.verdict for line in both] == [RowVerdict.CONFIRM] * 2


def listed(store: Store | None, *rows: tuple[Any, Any]) -> Preview:
    """A list of Shipment No. and Invoice No. alone."""
    return judged(a_workbook(*rows, header=("Shipment No.", "Invoice No.")), store)


def test_a_list_of_both_numbers_alone_is_judged_alike_and_comes_back_with_its_results() -> None:
    store, number = a_lane(("cj", CJ_OTHER)), of_cj(9)
    data = a_workbook(("S-1", number), ("S-2", None), ("Shipment No.", "Invoice No."), header=("Shipment No.", "Invoice No."))
    preview = judged(data, store)
    assert [line.verdict for line in preview.lines] == [RowVerdict.REPAIRED, RowVerdict.LEFT, RowVerdict.REFUSED]
    sheet = load_workbook(io.BytesIO(uploading.with_results(data, register(store, preview)))).active
    assert sheet["C2"].value.startswith("Registered: Shipping company proposed")
    assert listed(None, ("S-1", UPS)).lines[0].carrier == "ups"
    assert listed(None, ("S-1", CJ)).lines[0].verdict is RowVerdict.REFUSED
