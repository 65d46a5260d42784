"""Invoices: registered once, changed knowingly, deleted without a trace on the shipment and with one in the history."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from core.domain import invoice_number, status
from core.domain.errors import Conflict, NeedsConfirming, NotFound, NotPermitted, Refused
from core.domain.number_faults import NumberFault
from core.domain.reasons import Names, Why
from core.domain.shipment import Shipment, Stage, Status
from core.services.shipments import actions, invoices
from core.services.shipments.changes import NotSaved, Request
from core.services.shipments.invoices import Entry, InvoiceReason
from core.store import history
from core.store.database import Row, Store
from tests.builders import (
    CJ,
    CJ_OTHER,
    CJ_THIRD,
    HANA,
    HANJIN,
    JUN,
    NOW,
    RULES,
    a_checkpoint,
    a_scan_arrives,
    a_shipment,
    a_store,
    add,
    an_invoice,
    counted,
    nov,
    requested,
    the,
)
from tests.engines import new_store

LOGEN, LOGEN_DOUBTFUL = "95825729134", "95825729135"


def register(store: Store, number: str = CJ, carrier: str = "cj", shipment_no: str = "S-1", **said: Any) -> bool:
    entry = Entry(carrier, number, said.pop("confirmed", False))
    return invoices.register(store, RULES, shipment_no, entry, **requested(said))


def modify(store: Store, number: str, carrier: str = "cj", shipment_no: str = "S-1", **said: Any) -> bool:
    entry = Entry(carrier, number, said.pop("confirmed", False))
    return invoices.modify(store, RULES, shipment_no, entry, **requested(said))


def delete(store: Store, shipment_no: str = "S-1", **said: Any) -> bool:
    return invoices.delete(store, shipment_no, **requested(said))


def written(store: Store, shipment_id: int = 1) -> list[Row]:
    return history.of_shipment(store, shipment_id)


def number_of(store: Store, shipment_no: str = "S-1") -> str | None:
    invoice = the(store, shipment_no).invoice
    return invoice.invoice_no if invoice else None


def test_registering_makes_a_waiting_shipment_processed() -> None:
    store = a_store(a_shipment())
    assert register(store)
    shipment = the(store)
    assert shipment.invoice == an_invoice(CJ, NOW, invoice_id=1)
    assert (shipment.state.status, shipment.state.since, shipment.version) == (Status.PREPARING_TO_SHIP, NOW, 2)


def test_the_history_says_who_registered_what_from_where() -> None:
    store = a_store(a_shipment())
    register(store, by=JUN, request_key="press-1")
    row = written(store)[0]
    said = (row["action"], row["changed_by"], row["source"], row["changed_at"], row["reason"])
    assert said == ("invoice_registered", "Jun Park", "scan", NOW, "")
    assert row["before"] == {"carrier": None, "invoice_no": None, "status": "preparing_to_release"}
    assert row["after"] == {"carrier": "cj", "invoice_no": CJ, "status": "preparing_to_ship"}


@pytest.mark.parametrize("typed", ["6329-7661-5493", " 6329 7661 5493\n", "６３２９７６６１５４９３"])
def test_a_number_is_stored_clean_and_known_again_however_it_is_typed(typed: str) -> None:
    store = a_store(a_shipment())
    assert register(store, typed)
    assert number_of(store) == CJ
    assert not register(store, typed)


def test_leading_zeros_live() -> None:
    store = a_store(a_shipment())
    register(store, "0012345", "other")
    assert number_of(store) == "0012345"


def test_registering_the_same_again_changes_nothing() -> None:
    store = a_store(a_shipment())
    register(store)
    before = the(store)
    assert not register(store, request=Request(JUN, nov(17)))
    assert (the(store), len(written(store))) == (before, 1)


def test_a_repeated_scan_of_a_parcel_already_delivered_is_no_error() -> None:
    store = a_store(a_shipment(scans=[a_checkpoint(Stage.DELIVERED)]))
    assert not register(store)


def test_a_double_click_is_one_write() -> None:
    store = a_store(a_shipment())
    assert [register(store, request_key="press-1") for _ in range(2)] == [True, False]
    assert len(written(store)) == 1


def test_a_request_answered_before_is_not_answered_again_after_a_deletion() -> None:
    store = a_store(a_shipment())
    register(store, request_key="press-1")
    delete(store)
    assert not register(store, request_key="press-1")
    assert number_of(store) is None


@pytest.mark.parametrize("key", ["press-1", None])
def test_five_clicks_at_once_are_one_write(key: str | None) -> None:
    store, together = a_store(a_shipment()), threading.Barrier(5)

    def click(_: int) -> bool:
        together.wait(10)
        return register(store, request_key=key)

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(click, range(5))) == [False, False, False, False, True]
    assert (the(store).version, len(the(store).invoices), len(written(store))) == (2, 1, 1)


def test_five_clerks_with_five_numbers_leave_one_number() -> None:
    store, together = a_store(a_shipment()), threading.Barrier(5)

    def click(n: int) -> bool:
        together.wait(10)
        try:
            return register(store, f"1234{n}", "other", version=1)
        except Conflict:
            return False

    with ThreadPoolExecutor(5) as pool:
        assert sorted(pool.map(click, range(5))) == [False, False, False, False, True]
    assert (the(store).version, len(the(store).invoices)) == (2, 1)


@pytest.mark.parametrize(
    ("carrier", "number", "why"),
    [
        ("cj", "632976615494", NumberFault.CHECK_DIGIT),
        ("cj", "", NumberFault.EMPTY),
        ("cj", f"{CJ}\n{CJ_OTHER}", NumberFault.SEVERAL),
        ("ups", CJ, NumberFault.FITS_OTHERS),
        ("nobody", CJ, NumberFault.UNKNOWN_CARRIER),
        ("", CJ, NumberFault.NO_CARRIER),
    ],
)
def test_a_wrong_number_is_refused_with_the_reason_and_nothing_is_written(carrier: str, number: str, why: NumberFault) -> None:
    store = a_store(a_shipment())
    for confirmed in (False, True):
        with pytest.raises(Refused) as refusal:
            register(store, number, carrier, confirmed=confirmed)
        assert (refusal.value.reason, refusal.value.field, type(refusal.value)) == (why, "invoice_no", Refused)
    assert (number_of(store), written(store)) == (None, [])


def test_a_doubtful_number_waits_for_a_confirmation_that_goes_into_the_history() -> None:
    store = a_store(a_shipment())
    with pytest.raises(NeedsConfirming) as doubt:
        register(store, LOGEN_DOUBTFUL, "logen", request_key="press-1")
    assert doubt.value.reason is NumberFault.CHECK_DIGIT
    assert (number_of(store), written(store)) == (None, [])
    assert register(store, LOGEN_DOUBTFUL, "logen", confirmed=True, request_key="press-1")
    assert written(store)[0]["reason"] == f"Confirmed: {doubt.value}"


@pytest.mark.parametrize(("carrier", "number"), [("lotte", "37402916850"), ("daesin", "374029168502"), ("gls", "37402916X")])
def test_a_number_of_a_form_that_nobody_documents_is_registered_once_it_is_confirmed(carrier: str, number: str) -> None:
    store = a_store(a_shipment())
    with pytest.raises(NeedsConfirming) as doubt:
        register(store, number, carrier)
    assert (doubt.value.reason, number_of(store)) == (NumberFault.UNDOCUMENTED, None)
    assert register(store, number, carrier, confirmed=True)
    assert number_of(store) == number
    assert written(store)[0]["reason"] == f"Confirmed: {doubt.value}"


def test_a_parcel_that_the_shop_brings_itself_is_marked_as_delivered_by_hand() -> None:
    store = a_store(a_shipment())
    register(store, "RIDER-0012", "own", confirmed=True)
    invoice = the(store).invoice
    assert invoice and (invoice.carrier, RULES.carriers["own"].service) == ("own", "")
    assert store.rows("SELECT * FROM tracking") == []


def test_a_confirmation_nobody_asked_for_leaves_no_reason() -> None:
    store = a_store(a_shipment())
    register(store, LOGEN, "logen", confirmed=True)
    assert written(store)[0]["reason"] == ""


def test_a_number_in_use_needs_confirming_and_names_the_other_shipment() -> None:
    store = a_store(a_shipment("S-1", invoice=an_invoice()), a_shipment("S-2"))
    with pytest.raises(NeedsConfirming) as doubt:
        register(store, shipment_no="S-2")
    assert (doubt.value.reason, doubt.value.whys[0].values["others"]) == (InvoiceReason.IN_USE, ("S-1",))
    assert register(store, shipment_no="S-2", confirmed=True)
    assert number_of(store, "S-1") == number_of(store, "S-2") == CJ
    assert written(store, 2)[0]["reason"] == f"Confirmed: {doubt.value}"


def test_all_doubts_are_told_at_once() -> None:
    store = a_store(a_shipment("S-1", invoice=an_invoice(LOGEN_DOUBTFUL, carrier="logen")), a_shipment("S-2"))
    with pytest.raises(NeedsConfirming) as doubt:
        register(store, LOGEN_DOUBTFUL, "logen", shipment_no="S-2")
    assert [why.reason for why in doubt.value.whys] == [NumberFault.CHECK_DIGIT, InvoiceReason.IN_USE]


def test_two_shipments_in_one_parcel_have_their_own_journeys() -> None:
    store = a_store(a_shipment("S-1", scans=[a_checkpoint(Stage.IN_TRANSIT)]), a_shipment("S-2"))
    register(store, shipment_no="S-2", confirmed=True)
    assert the(store, "S-2").state.status is Status.PREPARING_TO_SHIP
    assert the(store, "S-1").invoice.invoice_id != the(store, "S-2").invoice.invoice_id  # type: ignore[union-attr]


def test_modifying_to_a_number_in_use_needs_confirming_too() -> None:
    store = a_store(a_shipment("S-1", invoice=an_invoice()), a_shipment("S-2", invoice=an_invoice(CJ_OTHER)))
    with pytest.raises(NeedsConfirming) as doubt:
        modify(store, CJ, shipment_no="S-2")
    assert doubt.value.reason is InvoiceReason.IN_USE


@pytest.mark.parametrize(
    "other",
    [
        a_shipment("S-1", scans=[a_checkpoint(Stage.DELIVERED)]),
        a_shipment("S-1", scans=[a_checkpoint(Stage.CANCELLED)], closed_at=nov(15)),
        a_shipment("S-1", invoices=[an_invoice(), an_invoice(deleted=True)]),
        a_shipment("S-1", invoices=[an_invoice(), an_invoice(CJ_OTHER, invoice_id=2)]),
    ],
    ids=["delivered", "closed", "deleted", "modified"],
)
def test_a_number_is_free_again_when_the_other_is_over_it(other: Shipment) -> None:
    assert register(a_store(other, a_shipment("S-2")), shipment_no="S-2")


def test_closing_the_other_shipment_frees_its_number() -> None:
    store = a_store(a_shipment("S-1", scans=[a_checkpoint(Stage.CANCELLED)]), a_shipment("S-2"))
    with pytest.raises(NeedsConfirming):
        register(store, shipment_no="S-2")
    actions.close(store, "S-1", request=Request(HANA, NOW))
    assert register(store, shipment_no="S-2")


def test_modifying_resets_the_journey_and_keeps_the_old_one_in_the_history() -> None:
    store = a_store(a_shipment(scans=[a_checkpoint(Stage.PICKED_UP, nov(13)), a_checkpoint(Stage.IN_TRANSIT, nov(14))]))
    assert modify(store, CJ_OTHER)
    shipment = the(store)
    assert (shipment.state.status, shipment.state.since, shipment.state.picked_up_at) == (Status.PREPARING_TO_SHIP, NOW, None)
    assert (shipment.journey, len(shipment.checkpoints)) == ((), 2)
    assert (written(store)[0]["action"], written(store)[0]["before"]["invoice_no"]) == ("invoice_modified", CJ)


def test_news_of_the_new_number_counts_from_then_on() -> None:
    store = a_store(a_shipment(scans=[a_checkpoint(Stage.IN_TRANSIT)]))
    modify(store, CJ_OTHER)
    a_scan_arrives(store, "S-1", Stage.PICKED_UP, nov(17))
    assert (the(store).state.status, the(store).state.picked_up_at) == (Status.RELEASED, nov(17))


def test_a_number_that_comes_back_brings_its_journey() -> None:
    store = a_store(a_shipment(scans=[a_checkpoint(Stage.IN_TRANSIT, nov(14))]))
    modify(store, CJ_OTHER)
    modify(store, CJ)
    assert (the(store).state.status, the(store).state.last_scan_at) == (Status.IN_DELIVERY, nov(14))


def test_the_carrier_alone_can_be_modified() -> None:
    store = a_store(a_shipment(invoice=an_invoice("6041829370")))
    assert modify(store, "6041829370", "other")
    assert the(store).invoice.carrier == "other"  # type: ignore[union-attr]


def test_modifying_to_the_same_number_changes_nothing() -> None:
    store = a_store(a_shipment(scans=[a_checkpoint(Stage.IN_TRANSIT)]))
    assert not modify(store, "6329-7661-5493")
    assert (the(store).state.status, written(store)) == (Status.IN_DELIVERY, [])


def test_an_invalid_number_can_be_modified_and_the_release_is_on_again() -> None:
    store = a_store(a_shipment(scans=[a_checkpoint(Stage.INVALID_NUMBER)]))
    assert modify(store, CJ_OTHER)
    assert (the(store).state.status, the(store).state.word) == (Status.PREPARING_TO_SHIP, None)


def test_deleting_takes_the_shipment_back_and_frees_its_address() -> None:
    store = a_store(a_shipment(scans=[a_checkpoint(Stage.IN_TRANSIT)]))
    assert delete(store, reason=" Wrong label ")
    shipment = the(store)
    assert (shipment.invoice, shipment.state.status, shipment.state.since) == (None, Status.PREPARING_TO_RELEASE, NOW)
    moved = actions.edit_address(
        store,
        "S-1",
        shipment.address.__class__("Bo", "", "Street 2", "Busan", "", "", "KR"),
        home="KR",
        request=Request(HANA, NOW),
    )
    assert (moved, the(store).address.city) == (True, "Busan")
    assert [(row["action"], row["reason"]) for row in written(store)][1] == ("invoice_deleted", "Wrong label")


def test_deleting_twice_by_one_request_is_deleting_once() -> None:
    store = a_store(a_shipment(invoice=an_invoice()))
    assert [delete(store, request_key="press-1") for _ in range(2)] == [True, False]


def test_a_deleted_number_can_be_registered_again() -> None:
    store = a_store(a_shipment(invoice=an_invoice()))
    delete(store)
    assert register(store)
    assert [event.deleted for event in the(store).invoices] == [False, True, False]


SECOND = [
    pytest.param(lambda store: register(store, CJ_OTHER, by=HANA, version=1), id="register"),
    pytest.param(lambda store: modify(store, CJ_OTHER, by=HANA, version=1), id="modify"),
    pytest.param(lambda store: delete(store, by=HANA, version=1), id="delete"),
]


@pytest.mark.parametrize("act", SECOND)
def test_the_second_to_save_is_told_what_the_first_changed(act: Any) -> None:
    store = a_store(a_shipment())
    register(store, CJ_THIRD, by=JUN, version=1)
    with pytest.raises(Conflict) as conflict:
        act(store)
    change = conflict.value.change
    assert change is not None
    assert (change["changed_by"], change["action"], change["after"]["invoice_no"]) == (
        "Jun Park",
        "invoice_registered",
        CJ_THIRD,
    )
    assert (number_of(store), the(store).version, len(written(store))) == (CJ_THIRD, 2, 1)


def test_deleting_what_somebody_else_deleted_tells_who_did() -> None:
    store = a_store(a_shipment(invoice=an_invoice()))
    delete(store, by=JUN, version=1)
    with pytest.raises(Conflict) as conflict:
        delete(store, version=1)
    assert conflict.value.change["changed_by"] == "Jun Park"  # type: ignore[index]


def test_two_who_register_the_same_number_agree() -> None:
    store = a_store(a_shipment())
    register(store, by=JUN, version=1)
    assert not register(store, by=HANA, version=1)


def test_carriers_news_in_between_is_a_conflict_as_well() -> None:
    store = a_store(a_shipment(invoice=an_invoice()))
    a_scan_arrives(store, "S-1", Stage.PICKED_UP, nov(15))
    with pytest.raises(Conflict) as conflict:
        modify(store, CJ_OTHER, version=1)
    assert conflict.value.change["source"] == "carrier"  # type: ignore[index]
    assert modify(store, CJ_OTHER, version=2)


def in_state(stage: Stage | None, **fields: Any) -> Shipment:
    return a_shipment(scans=[a_checkpoint(stage)] if stage else [], **fields)


WRONG: list[tuple[str, Shipment]] = [
    ("register", in_state(Stage.INVALID_NUMBER)),
    ("register", in_state(Stage.INFO_RECEIVED)),
    ("register", in_state(Stage.PICKED_UP)),
    ("register", in_state(Stage.IN_TRANSIT)),
    *((act, in_state(stage)) for act in ("register", "modify", "delete") for stage in (
        Stage.ATTEMPT_FAILED, Stage.CANCELLED, Stage.DELIVERED)),
    *((act, in_state(Stage.CANCELLED, closed_at=nov(15))) for act in ("register", "modify", "delete")),
    *((act, in_state(None)) for act in ("modify", "delete")),
]  # fmt: skip


@pytest.fixture(scope="module")
def desk() -> Iterator[Store]:
    """The shipments of the table, numbered as they stand in it."""
    store = new_store()
    add(store, *(shipment.but(shipment_no=f"W-{n}") for n, (_, shipment) in enumerate(WRONG, 1)))
    yield store
    store.close()


@pytest.mark.parametrize("n", range(1, len(WRONG) + 1), ids=[f"{act}-{s.state.status}" for act, s in WRONG])
def test_an_act_is_refused_in_every_status_that_does_not_allow_it(desk: Store, n: int) -> None:
    act, before = WRONG[n - 1][0], the(desk, f"W-{n}")
    with pytest.raises(NotPermitted) as refusal:
        if act == "delete":
            delete(desk, f"W-{n}")
        else:
            {"register": register, "modify": modify}[act](desk, CJ_THIRD, shipment_no=f"W-{n}")
    assert refusal.value.whys[0].values["shipment_no"] == f"W-{n}"
    assert (the(desk, f"W-{n}"), written(desk, n)) == (before, [])


def test_a_shipment_that_does_not_exist_is_not_found() -> None:
    for act in (lambda s: register(s), lambda s: modify(s, CJ), lambda s: delete(s)):
        with pytest.raises(NotFound) as missing:
            act(a_store(a_shipment("S-2")))
        assert missing.value.whys == (NotSaved.NO_SHIPMENT(shipment_no="S-1"),)


def test_another_carriers_number_is_taken_with_its_carrier() -> None:
    store = a_store(a_shipment())
    register(store, HANJIN, "hanjin")
    invoice = the(store).invoice
    assert invoice is not None
    assert (invoice.carrier, invoice.invoice_no) == ("hanjin", HANJIN)


def test_a_number_is_checked_once_when_it_is_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    checked = counted(monkeypatch, invoice_number, "_unreadable")
    register(a_store(a_shipment()))
    assert len(checked) == 1


def test_a_shipment_is_folded_once_when_it_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    store = a_store(a_shipment())
    folds = counted(monkeypatch, status, "fold")
    register(store)
    assert len(folds) == 1


SAID: list[tuple[Why, str]] = [
    (
        InvoiceReason.NO_SHIPMENT(shipment_no="S-1"),
        "Shipment No.: S-1 does not exist. Check the number on the slip.",
    ),
    (
        InvoiceReason.IN_USE("same", carrier="CJ Logistics", invoice_no=CJ, others=Names(["S-1", "S-2"])),
        f"CJ Logistics {CJ} is on S-1, S-2 already. Check the label; confirm only if several shipments travel in one parcel.",
    ),
    (
        InvoiceReason.IN_USE("elsewhere", carrier="CJ Logistics", invoice_no=CJ, others=Names(["S-1"])),
        f"{CJ} is on S-1 already, there under another shipping company. Check the label and the company; "
        "confirm only if several shipments travel in one parcel.",
    ),
    (
        InvoiceReason.OWN_NUMBER("shipment", number="S-1"),
        "S-1 is the Shipment No. itself. Enter the number on the label of the shipping company.",
    ),
    (
        InvoiceReason.OWN_NUMBER("order", number="O-1"),
        "O-1 is the Order No. Enter the number on the label of the shipping company.",
    ),
    (InvoiceReason.CONFIRMED(doubts="It is odd. It is in use."), "Confirmed: It is odd. It is in use."),
    (InvoiceReason.REPLACES("unheard", carrier="CJ Logistics", invoice_no=CJ, count=0), f"Replaces CJ Logistics {CJ}."),
    (
        InvoiceReason.REPLACES(carrier="CJ Logistics", invoice_no=CJ, count=2),
        f"Replaces CJ Logistics {CJ}: tracking starts anew, and its 2 events stay in the history only.",
    ),
    (
        InvoiceReason.SAME_NUMBER("by", day="12 Nov", by="Hana"),
        "Registered with the same number on 12 Nov by Hana.",
    ),
    (InvoiceReason.SAME_NUMBER("alone", day="12 Nov"), "Registered with the same number on 12 Nov."),
    (NotSaved.NO_SHIPMENT(shipment_no="S-1"), "Shipment No. S-1 does not exist."),
    (NotSaved.CHANGED_SINCE(shipment_no="S-1"), "The change to S-1 was not saved, and nothing else was changed."),
]


def test_every_reason_has_its_sentence() -> None:
    assert [str(why) for why, _ in SAID] == [sentence for _, sentence in SAID]
    assert {why.reason for why, _ in SAID} == {*InvoiceReason, *NotSaved}
