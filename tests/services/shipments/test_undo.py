"""Undo of a batch: back where nothing moved, the reason where something did."""

from datetime import UTC, datetime, timedelta

import pytest

from core.carriers.rules import load
from core.domain.errors import NotFound, Refused
from core.domain.history import ChangeSource
from core.domain.people import Person, Role
from core.domain.reasons import Names, Reason, Why
from core.domain.shipment import Address, Checkpoint, Shipment, Stage, State, Status
from core.services.shipments import actions, invoices, worklist
from core.services.shipments.changes import Actor, Request, Step, change
from core.services.shipments.invoices import Entry
from core.services.shipments.undo import NotUndone, Stayed, batches, key_of, undo
from core.store import history, shipments
from core.store.database import Store
from tests.builders import SEOUL, a_shipment, a_store, add, no_sign_in, staff

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
HANA, MINSU = Actor(staff("Hana Seo")), Actor(staff("Minsu Oh"))
RULES = load()


@pytest.fixture
def store() -> Store:
    store = a_store()
    address = Address("Kim", "", "Street 1", "Seoul", "", "", "KR")
    waiting = Shipment(1, "S-1", "O-1", NOW, address, State(Status.PREPARING_TO_RELEASE, NOW), updated_at=NOW)
    store.write(lambda connection: shipments.add(connection, [waiting]))
    return store


def register(store: Store, number: str = "632976615493", by: Actor = HANA) -> int:
    invoices.register(store, RULES, "S-1", Entry("cj", number), request=Request(by, NOW))
    return newest(store)


def newest(store: Store) -> int:
    return int(history.batches(store)[0]["batch_id"])


def back(store: Store, batch: int, by: Actor = HANA) -> list[Reason | None]:
    return [
        one.stayed and one.stayed.reason for one in undo(store, batch, home="KR", request=Request(by, NOW + timedelta(hours=1)))
    ]


def test_the_batches_of_one_source_are_told_as_they_are_among_all(store: Store) -> None:
    first = register(store, by=Actor(staff("Hana Seo"), ChangeSource.UPLOAD))
    back(store, first)
    register(store)
    told = batches(store, person=HANA.person, source=ChangeSource.UPLOAD)
    assert told == [row for row in batches(store, person=HANA.person) if row["batch_id"] == first]
    assert told[0]["undone"] and told[0]["shipments"] == 1


def now_at(store: Store) -> Shipment:
    shipment = shipments.find(store, "S-1")
    assert shipment
    return shipment


def test_a_registration_goes_back_to_preparing_with_its_history_kept(store: Store) -> None:
    assert back(store, register(store)) == [None]
    assert now_at(store).state.status is Status.PREPARING_TO_RELEASE
    assert now_at(store).invoice is None
    assert [row["action"] for row in history.of_shipment(store, 1)] == ["undone", "invoice_registered"]


def test_a_modification_goes_back_to_the_number_before(store: Store) -> None:
    register(store)
    invoices.modify(store, RULES, "S-1", Entry("cj", "577417824035"), request=Request(HANA, NOW))
    assert back(store, newest(store)) == [None]
    invoice = now_at(store).invoice
    assert invoice and invoice.invoice_no == "632976615493"


def test_a_deletion_goes_back_to_the_number_and_its_journey(store: Store) -> None:
    register(store)
    invoices.delete(store, "S-1", request=Request(HANA, NOW))
    assert back(store, newest(store)) == [None]
    assert now_at(store).state.status is Status.PREPARING_TO_SHIP


def test_an_address_goes_back(store: Store) -> None:
    new = Address("Kim", "", "Via 2", "Milan", "", "", "IT")
    actions.edit_address(store, "S-1", new, home="KR", request=Request(HANA, NOW))
    assert back(store, newest(store)) == [None]
    assert now_at(store).address.city == "Seoul"
    assert now_at(store).destination == "domestic"


def test_what_was_changed_again_stays(store: Store) -> None:
    first = register(store)
    invoices.modify(store, RULES, "S-1", Entry("cj", "577417824035"), request=Request(MINSU, NOW))
    assert back(store, first) == [Stayed.CHANGED_SINCE]
    assert now_at(store).version == 3


@pytest.mark.parametrize("modified", [False, True])
def test_a_number_that_another_shipment_has_by_now_does_not_come_back(store: Store, modified: bool) -> None:
    register(store)
    if modified:
        invoices.modify(store, RULES, "S-1", Entry("cj", "577417824035"), request=Request(HANA, NOW))
    else:
        invoices.delete(store, "S-1", request=Request(HANA, NOW))
    batch, before = newest(store), now_at(store)
    other = before.but(shipment_id=2, shipment_no="S-2", invoices=(), state=State(Status.PREPARING_TO_RELEASE, NOW), version=1)
    store.write(lambda connection: shipments.add(connection, [other]))
    invoices.register(store, RULES, "S-2", Entry("cj", "632976615493"), request=Request(HANA, NOW))
    assert back(store, batch) == [Stayed.NUMBER_IN_USE]
    assert now_at(store) == before


def test_what_the_carrier_scanned_stays(store: Store) -> None:
    batch = register(store)

    def scan(_: object, shipment: Shipment) -> Step:
        assert shipment.invoice
        seen = Checkpoint(NOW + timedelta(minutes=5), Stage.PICKED_UP, shipment.invoice.invoice_id)
        return Step(shipment, "status_changed", checkpoints=(seen,))

    change(store, "S-1", scan, request=Request(Actor(staff("CJ Logistics"), "carrier"), NOW))
    assert back(store, batch) == [Stayed.CHANGED_SINCE]


def test_a_batch_is_undone_once(store: Store) -> None:
    batch = register(store)
    back(store, batch)
    with pytest.raises(Refused) as refusal:
        back(store, batch)
    assert refusal.value.reason is NotUndone.UNDONE_BEFORE


def test_only_the_author_or_an_admin_undoes(store: Store) -> None:
    batch = register(store)
    with pytest.raises(Refused) as refusal:
        back(store, batch, by=MINSU)
    assert refusal.value.reason is NotUndone.ANOTHERS
    assert back(store, batch, by=Actor(Person("Minsu Oh", Role.ADMIN))) == [None]


def test_an_undo_is_not_undone(store: Store) -> None:
    back(store, register(store))
    with pytest.raises(Refused) as refusal:
        back(store, newest(store))
    assert refusal.value.reason is NotUndone.AN_UNDO


def test_an_unknown_batch_is_said(store: Store) -> None:
    with pytest.raises(NotFound) as refusal:
        back(store, 99)
    assert refusal.value.whys == (NotUndone.NO_BATCH(batch=99),)


SAID: list[tuple[Why, str]] = [
    (Stayed.CHANGED_SINCE(shipment_no="S-1"), "S-1 stayed: it was changed again since."),
    (
        Stayed.SCANNED_SINCE(shipment_no="S-1"),
        "S-1 stayed: the carrier has scanned it since; delete the invoice from the shipment instead.",
    ),
    (
        Stayed.IMPORT(shipment_no="S-1"),
        "S-1 stayed: this import was made by an earlier Shipdesk, which did not keep all that it changed. "
        "Put the old values into the file and import it again.",
    ),
    (Stayed.NUMBER_IN_USE(shipment_no="S-1", others=Names(("S-2", "S-3"))), "S-1 stayed: its number is on S-2, S-3 by now."),
    (
        Stayed.GOODS_ELSEWHERE(shipment_no="S-1", others=Names(("S-1-2",))),
        "S-1 stayed: the goods go back together, and S-1-2 was changed since.",
    ),
    (Stayed.NOT_UNDOABLE(shipment_no="S-1"), "S-1 stayed: this kind of change cannot be undone."),
    (
        Stayed.HANDED_SINCE(shipment_no="S-1", title="Coupang", at=datetime(2026, 11, 16, 9, 12, tzinfo=UTC)),
        "S-1 stayed: its number was handed to Coupang on 2026-11-16 at 09:12 (UTC). Delete or modify the invoice from the shipment "
        "instead, and mend the number at Coupang, too.",
    ),
    (NotUndone.NO_BATCH(batch=9), "Batch B-9 does not exist."),
    (NotUndone.ANOTHERS(batch=9, by="Hana"), "Batch B-9 was made by Hana. Only they or an admin can undo it."),
    (NotUndone.AN_UNDO(batch=9), "Batch B-9 is itself an undo. Make the change again instead."),
    (NotUndone.AN_EXPORT(batch=9), "Batch B-9 is a file that was taken. There is nothing to undo."),
    (NotUndone.UNDONE_BEFORE(batch=9, by="Hana"), "Batch B-9 was undone already by Hana."),
]


def test_every_reason_has_its_sentence() -> None:
    assert [str(why) for why, _ in SAID] == [sentence for _, sentence in SAID]
    assert {why.reason for why, _ in SAID} == {*Stayed, *NotUndone}


def test_a_repeated_undo_gives_the_same_answer_and_writes_nothing(store: Store) -> None:
    add(store, a_shipment("S-2"), a_shipment("S-3"))
    told = worklist.assign(store, no_sign_in(store), ["S-1", "S-2", "S-3"], "Hana Seo", request=Request(HANA, NOW))
    assert told.batch
    worklist.done(store, ["S-2"], request=Request(HANA, NOW), zone=SEOUL)
    worklist.reopen(store, ["S-2"], request=Request(HANA, NOW))
    worklist.assign(store, no_sign_in(store), ["S-3"], "", request=Request(HANA, NOW))
    pressed = Request(HANA, NOW, request_key=key_of(told.batch))
    first = undo(store, told.batch, home="KR", request=pressed)
    written = newest(store)
    again = undo(store, told.batch, home="KR", request=pressed)
    assert sorted(again, key=lambda one: one.shipment_no) == sorted(first, key=lambda one: one.shipment_no)
    assert sorted(bool(one.stayed) for one in again) == [False, False, True]
    assert newest(store) == written
