"""Scans: what a text is, which company it is for, and what is caught before it is saved."""

from datetime import timedelta
from typing import Any

import pytest

from core.domain.errors import Refused
from core.domain.number_faults import NumberFault
from core.domain.reasons import Reason, Why
from core.domain.shipment import Shipment, Stage, Status
from core.domain.shipment_actions import Refusal
from core.domain.verdicts import Hitch
from core.services.shipments import invoices
from core.services.shipments import scan as scanning
from core.services.shipments.changes import Actor, Request
from core.services.shipments.invoices import Entry, InvoiceReason
from core.services.shipments.lanes import LaneDoubt
from core.services.shipments.scan import Registered, Scan, ScanDesk, ScanReason, ScanResult, ScanVerdict
from core.store import history
from core.store.database import Store
from tests.builders import (
    CJ,
    CJ_OTHER,
    CJ_THIRD,
    HANA,
    HANJIN,
    JUN,
    NOW,
    RULES,
    a_scan_arrives,
    a_shipment,
    a_store,
    a_visit,
    an_invoice,
    nov,
    staff,
    the,
)  # fmt: skip

LOGEN_DOUBTFUL = "95825729135"
SOON, LATER = NOW + timedelta(seconds=3), NOW + timedelta(seconds=30)


def a_parcel_gone(shipment_no: str, number: str = CJ_THIRD, carrier: str = "cj", **fields: Any) -> Shipment:
    """What teaches the desk which company such parcels go with."""
    return a_shipment(shipment_no, invoice=an_invoice(number, carrier=carrier), **fields)


def a_desk_with(*waiting: Shipment) -> Store:
    return a_store(*(waiting or (a_shipment(),)), a_parcel_gone("S-90"))


def scan(store: Store, first: str = "S-1", second: str = CJ, desk: ScanDesk | None = None, **said: Any) -> ScanResult:
    at, key = said.pop("at", NOW), said.pop("request_key", None)
    place = desk or ScanDesk()
    return scanning.register(
        store, RULES, Scan(first, second, **said), place, request=Request(Actor(staff("Hana Seo"), "scan"), at, request_key=key)
    )


def looked(store: Store, first: str, second: str = "", desk: ScanDesk | None = None, **said: Any) -> ScanResult:
    return scanning.look(store, RULES, Scan(first, second, **said), desk or ScanDesk(), visit=a_visit())


def done(shipment_no: str = "S-1", number: str = CJ) -> ScanDesk:
    return ScanDesk(recent=(Registered(shipment_no, number, NOW),))


def number_of(store: Store, shipment_no: str = "S-1") -> str | None:
    invoice = the(store, shipment_no).invoice
    return invoice.invoice_no if invoice else None


def test_a_shipment_and_a_number_are_registered_for_the_company_that_such_parcels_go_with() -> None:
    store = a_desk_with()
    result = scan(store)
    assert (result.verdict, result.carrier, number_of(store)) == (ScanVerdict.REGISTERED, "cj", CJ)
    assert result.reason is ScanReason.REGISTERED


def test_the_history_says_that_it_was_scanned() -> None:
    store = a_desk_with()
    scan(store)
    row = history.of_shipment(store, 1)[0]
    assert (row["changed_by"], row["source"], row["action"]) == ("Hana Seo", "scan", "invoice_registered")


@pytest.mark.parametrize("text", ["ㄴ-1", "]C0S-1", "*S-1*", "とほぬ", "S-1", "s-1", " S1 ", "Ｓ－１"])
def test_a_shipment_is_found_however_the_scanner_spells_it(text: str) -> None:
    found = scanning.find(a_desk_with(), text, person=HANA.person)
    assert found and found.shipment_no == "S-1"


@pytest.mark.parametrize("text", ["", "S-", "S-2", " "])
def test_a_part_of_a_number_is_no_shipment(text: str) -> None:
    assert scanning.find(a_desk_with(), text, person=HANA.person) is None


def test_a_number_in_its_spelling_wins_and_two_that_differ_in_hyphens_only_are_not_guessed() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S1"))
    found = scanning.find(store, "S1", person=HANA.person)
    assert found and found.shipment_no == "S1"
    assert found == scanning.find(store, "s 1", person=HANA.person)
    assert scanning.find(store, "S--1", person=HANA.person) is None


def test_swapped_boxes_are_put_right() -> None:
    store = a_desk_with()
    result = scan(store, CJ, "S-1")
    assert (result.verdict, result.shipment_no, number_of(store)) == (ScanVerdict.REGISTERED, "S-1", CJ)


def test_a_number_in_the_first_box_is_known_as_one() -> None:
    result = looked(a_desk_with(), CJ)
    assert (result.verdict, result.number) == (ScanVerdict.SWAPPED, CJ)


def test_a_registered_number_of_any_shape_is_known_as_one() -> None:
    store = a_store(a_shipment(), a_parcel_gone("S-90", "RIDER7", "other"))
    assert looked(store, "rider-7").verdict is ScanVerdict.SWAPPED


def test_what_is_neither_is_refused() -> None:
    result = looked(a_desk_with(), "S-7")
    assert (result.verdict, result.field) == (ScanVerdict.REFUSED, "shipment_no")
    assert result.whys == (ScanReason.NO_SHIPMENT(text="S-7"),)


def test_two_shipments_start_over_with_the_second() -> None:
    store = a_desk_with(a_shipment("S-1"), a_shipment("S-2"))
    result = scan(store, "S-1", "S-2")
    assert (result.verdict, result.shipment_no) == (ScanVerdict.RESTARTED, "S-2")
    assert (number_of(store, "S-1"), number_of(store, "S-2")) == (None, None)


def test_a_repeat_within_ten_seconds_is_ignored() -> None:
    store = a_desk_with()
    scan(store)
    assert scan(store, desk=done(), at=SOON).verdict is ScanVerdict.REPEAT
    assert scan(store, CJ, "S-1", desk=done(), at=SOON).verdict is ScanVerdict.REPEAT
    assert looked(store, "S-1", desk=done()).verdict is ScanVerdict.REPEAT
    assert looked(store, CJ, desk=done()).verdict is ScanVerdict.REPEAT
    assert len(history.of_shipment(store, 1)) == 1


def test_the_same_later_changes_nothing_and_says_so() -> None:
    store = a_desk_with()
    scan(store)
    result = scan(store, desk=done(), at=LATER)
    assert (result.verdict, result.hitch) == (ScanVerdict.UNCHANGED, Hitch.SAME_NUMBER)


def test_an_answered_request_is_answered_the_same_and_not_written_again() -> None:
    store = a_desk_with()
    assert [scan(store, request_key="tab:1").verdict for _ in range(2)] == [ScanVerdict.REGISTERED, ScanVerdict.REGISTERED]
    assert len(history.of_shipment(store, 1)) == 1


def test_another_warehouse_asks_first_and_is_registered_once_agreed() -> None:
    store, here = a_desk_with(), ScanDesk("Busan")
    assert (looked(store, "S-1", desk=here).verdict, looked(store, "S-1", desk=here).field) == (ScanVerdict.ASK, "warehouse")
    result = scan(store, desk=here)
    assert (result.verdict, result.reason) == (ScanVerdict.ASK, ScanReason.OTHER_WAREHOUSE)
    assert number_of(store) is None
    assert scan(store, desk=here, agreed=True).verdict is ScanVerdict.REGISTERED


def test_agreeing_to_the_warehouse_confirms_no_number() -> None:
    store = a_store(a_shipment(), a_parcel_gone("S-90", "95825729134", "logen"))
    result = scan(store, second=LOGEN_DOUBTFUL, desk=ScanDesk("Busan"), agreed=True)
    assert (result.verdict, result.field) == (ScanVerdict.ASK, "invoice_no")


def test_the_chosen_warehouse_and_any_warehouse_ask_nothing() -> None:
    store = a_desk_with()
    assert looked(store, "S-1", desk=ScanDesk("Icheon")).verdict is ScanVerdict.FOUND
    assert looked(store, "S-1").verdict is ScanVerdict.FOUND


def test_a_doubtful_check_digit_asks_and_the_confirmation_is_kept() -> None:
    store = a_store(a_shipment(), a_parcel_gone("S-90", "95825729134", "logen"))
    assert scan(store, second=LOGEN_DOUBTFUL).verdict is ScanVerdict.ASK
    assert scan(store, second=LOGEN_DOUBTFUL, confirmed=True).verdict is ScanVerdict.CONFIRMED
    assert history.of_shipment(store, 1)[0]["reason"].startswith("Confirmed:")


def test_confirming_what_is_in_no_doubt_is_an_ordinary_registration() -> None:
    assert scan(a_desk_with(), confirmed=True).verdict is ScanVerdict.REGISTERED


def test_a_number_on_another_live_shipment_asks() -> None:
    store = a_desk_with(a_shipment("S-1"), a_shipment("S-2"))
    scan(store, "S-1")
    result = scan(store, "S-2")
    assert result.verdict is ScanVerdict.ASK
    assert (result.reason, result.whys[0].values["others"]) == (InvoiceReason.IN_USE, ("S-1",))


def test_a_shipment_under_way_is_refused_and_told_of_early() -> None:
    store = a_desk_with(a_shipment(invoice=an_invoice(CJ_OTHER)))
    assert looked(store, "S-1").reason is Refusal.ALREADY_REGISTERED
    result = scan(store)
    assert (result.verdict, result.hitch, number_of(store)) == (ScanVerdict.REFUSED, Hitch.NOT_WAITING, CJ_OTHER)


@pytest.mark.parametrize(
    ("number", "field", "reason"),
    [
        ("632976615494", "invoice_no", NumberFault.CHECK_DIGIT),
        ("63297", "invoice_no", NumberFault.FITS_NONE),
        ("6329-7661 5493, 577417824035", "invoice_no", NumberFault.SEVERAL),
        ("", "invoice_no", ScanReason.NO_NUMBER),
    ],
)
def test_a_wrong_number_is_refused_with_the_reason(number: str, field: str, reason: Reason) -> None:
    store = a_desk_with()
    result = scan(store, second=number)
    assert (result.verdict, result.field, number_of(store)) == (ScanVerdict.REFUSED, field, None)
    assert result.reason is reason


def test_the_most_used_company_leads_and_the_number_decides() -> None:
    gone = [a_parcel_gone(f"S-9{n}", HANJIN, "hanjin") for n in range(2)]
    store = a_store(a_shipment(), a_parcel_gone("S-80", "95825729134", "logen"), *gone)
    waiting = the(store)
    assert scanning.proposals(store, RULES, waiting, at=NOW) == ("hanjin", "logen")
    assert scanning.proposals(store, RULES, waiting, "95825729134", at=NOW)[0] == "logen"
    assert scanning.proposals(store, RULES, waiting, HANJIN, at=NOW)[0] == "hanjin"


def test_a_mistyped_number_is_held_against_the_company_whose_form_it_has() -> None:
    store = a_store(
        a_shipment(), a_parcel_gone("S-90"), a_parcel_gone("S-91"), a_parcel_gone("S-92", "1Z06116F1269539082", "ups")
    )
    result = scan(store, second="1Z8F40R70412345675")
    assert (result.verdict, result.carrier) == (ScanVerdict.REFUSED, "ups")
    assert (result.reason, result.whys[0].values["carrier"]) == (NumberFault.CHECK_DIGIT, "UPS")


def test_what_went_with_another_policy_or_long_ago_proposes_nothing() -> None:
    other = a_parcel_gone("S-90", policy="Express")
    old = a_shipment("S-91", invoice=an_invoice(CJ_OTHER, nov(1) - timedelta(days=90)))
    assert scanning.proposals(a_store(a_shipment(), other, old), RULES, a_shipment(), at=NOW) == ()


def test_a_company_that_such_parcels_do_not_go_with_is_never_taken_unasked() -> None:
    store = a_store(a_shipment(), a_parcel_gone("S-90", "1234567890123", "korea_post"))
    result = scan(store)
    assert (result.verdict, result.field, result.proposals) == (ScanVerdict.REFUSED, "invoice_no", ("korea_post",))
    asked = scan(store, carrier="cj")
    assert (asked.verdict, asked.reason) == (ScanVerdict.ASK, LaneDoubt.NOT_USED)
    assert scan(store, carrier="cj", confirmed=True).verdict is ScanVerdict.CONFIRMED
    assert history.of_shipment(store, 1)[0]["reason"].startswith("Confirmed: Such parcels go with Korea Post, not with CJ")


def test_parcels_that_go_with_no_listed_company_do_so_again() -> None:
    store = a_store(a_shipment(), a_parcel_gone("S-90", "RIDER7", "other"))
    assert scan(store, second="RIDER8").carrier == "other"


def test_the_last_registrations_of_a_person_can_be_undone_newest_first() -> None:
    store = a_desk_with(a_shipment("S-1"), a_shipment("S-2"))
    scan(store, "S-1", CJ, request_key="one tab:1")
    scan(store, "S-2", CJ_OTHER, request_key="another tab:1", at=SOON)
    assert [row["shipment_no"] for row in scanning.last(store, person=HANA.person)] == ["S-2", "S-1"]
    assert [undo(store, key) for key in ("u-1", "u-2")] == ["S-2", "S-1"]
    assert the(store, "S-2").state.status is Status.PREPARING_TO_RELEASE
    with pytest.raises(Refused) as refusal:
        undo(store, "u-3")
    assert refusal.value.reason is ScanReason.NOTHING_TO_UNDO


def test_an_undo_that_comes_twice_takes_back_one() -> None:
    store = a_desk_with(a_shipment("S-1"), a_shipment("S-2"))
    scan(store, "S-1", CJ)
    scan(store, "S-2", CJ_OTHER, at=SOON)
    assert [undo(store, "u-1"), undo(store, "u-1")] == ["S-2", ""]
    assert the(store, "S-1").invoice


def test_what_a_person_registered_in_a_form_is_among_their_last_and_what_others_did_is_not() -> None:
    store = a_desk_with(a_shipment("S-1"), a_shipment("S-2"))
    invoices.register(store, RULES, "S-1", Entry("cj", CJ), request=Request(HANA, NOW))
    invoices.register(store, RULES, "S-2", Entry("cj", CJ_OTHER), request=Request(JUN, NOW))
    assert [row["shipment_no"] for row in scanning.last(store, person=HANA.person)] == ["S-1"]
    assert [row["shipment_no"] for row in scanning.last(store, person=JUN.person)] == ["S-2"]


def undo(store: Store, key: str) -> str:
    undone = scanning.undo_last(store, home="KR", request=Request(HANA, LATER, request_key=key))
    return undone[0].shipment_no if undone else ""


def test_what_moved_on_is_told_apart_and_not_undone() -> None:
    store = a_desk_with()
    scan(store)
    a_scan_arrives(store, "S-1", Stage.PICKED_UP, LATER)
    row = scanning.last(store, person=HANA.person)[0]
    assert (row["newest"], row["undone"]) == (False, False)
    with pytest.raises(Refused):
        undo(store, "u-1")


def test_today_counts_this_persons_scans_without_the_undone_and_leaves_breaks_out() -> None:
    waiting = [a_shipment(f"S-{n}") for n in range(1, 6)]
    store = a_store(*waiting)
    minutes = [-26 * 60, -90, -10, -9, -7]
    for shipment, minute in zip(waiting, minutes, strict=True):
        entry = Entry("other", f"NUMBER{minute}")
        at = NOW + timedelta(minutes=minute)
        invoices.register(store, RULES, shipment.shipment_no, entry, request=Request(Actor(staff("Hana Seo"), "scan"), at))
    assert scanning.today(store, visit=a_visit(person=HANA.person)) == scanning.Today(4, 3, 90)
    assert scanning.today(store, visit=a_visit(person=JUN.person)) == scanning.Today(0, 0, None)


def test_what_was_typed_in_a_form_is_no_scan() -> None:
    store = a_desk_with()
    invoices.register(store, RULES, "S-1", Entry("cj", CJ), request=Request(HANA, NOW))
    assert scanning.today(store, visit=a_visit(person=HANA.person)).registered == 0


SAID: list[tuple[Why, str]] = [
    (ScanReason.NO_SLIP(), "Shipment No. is empty. Scan the slip."),
    (ScanReason.NO_SHIPMENT(text="S-7"), "Shipment No.: S-7 does not exist. Check the slip and scan it again."),
    (ScanReason.JUST_REGISTERED(number="S-1"), "S-1 was registered a moment ago; the repeat is ignored."),
    (ScanReason.SAME_SCAN(seconds=10), "The same scan again within 10 s is ignored."),
    (ScanReason.SWAPPED(number=CJ), f"{CJ} is an Invoice No.; it was put into box 2. Now the Shipment No."),
    (ScanReason.SCANNED_TWICE(shipment_no="S-1"), "S-1 was scanned twice. Now its Invoice No."),
    (
        ScanReason.LEFT_WITHOUT(left="S-1", shipment_no="S-2"),
        "S-1 was left without an invoice: box 2 got S-2. Now the Invoice No. of that.",
    ),
    (
        ScanReason.OTHER_WAREHOUSE("known", shipment_no="S-1", warehouse="Icheon", chosen="Busan"),
        "S-1 belongs to Icheon, and Busan is chosen here. Check the slip.",
    ),
    (
        ScanReason.OTHER_WAREHOUSE("none", shipment_no="S-1", chosen="Busan"),
        "S-1 belongs to no warehouse, and Busan is chosen here. Check the slip.",
    ),
    (ScanReason.NO_NUMBER(), "Invoice No. is empty. Scan the label."),
    (ScanReason.SAME_NUMBER(shipment_no="S-1"), "S-1 has this number already. Nothing was changed."),
    (
        ScanReason.REGISTERED(company="CJ Logistics", number=CJ, shipment_no="S-1"),
        f"CJ Logistics {CJ} is registered on S-1.",
    ),
    (ScanReason.NOTHING_TO_UNDO(), "Nothing of the last ten can be undone."),
]


def test_every_reason_has_its_sentence() -> None:
    assert [str(why) for why, _ in SAID] == [sentence for _, sentence in SAID]
    assert {why.reason for why, _ in SAID} == set(ScanReason)


TWOFOLD = "412345678905"
"""A number of Hanjin that is one of Lotte, too."""


def test_where_the_number_fits_several_it_is_said_which_others_it_could_be() -> None:
    store = a_store(
        a_shipment(), a_shipment("S-2"), a_parcel_gone("S-90", HANJIN, "hanjin"), a_parcel_gone("S-91", "233456789014", "lotte")
    )
    taken = scan(store, second=TWOFOLD)
    assert (taken.verdict, taken.carrier, taken.instead) == (ScanVerdict.REGISTERED, "hanjin", ("lotte",))
    chosen = scan(store, "S-2", TWOFOLD, carrier="lotte", confirmed=True)
    assert chosen.instead == ()


def test_what_was_given_to_another_company_where_it_was_scanned_is_among_the_last() -> None:
    store = a_store(a_shipment(), a_parcel_gone("S-90", HANJIN, "hanjin"), a_parcel_gone("S-91", "233456789014", "lotte"))
    scan(store, second=TWOFOLD)
    invoices.modify(store, RULES, "S-1", Entry("lotte", TWOFOLD), request=Request(Actor(staff("Hana Seo"), "scan"), LATER))
    invoices.modify(store, RULES, "S-1", Entry("hanjin", TWOFOLD), request=Request(HANA, LATER))
    rows = scanning.last(store, person=HANA.person)
    assert [(row["after"]["carrier"], row["invoice_no"], row["newest"]) for row in rows] == [
        ("lotte", TWOFOLD, False), ("hanjin", TWOFOLD, False),
    ]  # fmt: skip
