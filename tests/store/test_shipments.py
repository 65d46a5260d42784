"""Whole shipments: what is stored comes back, and nobody overwrites what they have not seen."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from core.domain.errors import Conflict
from core.domain.shipment import Destination, Kind, Shipment, Stage, Status, ZoneFrom
from core.domain.status import folded
from core.store import shipments
from core.store.database import Store
from tests.builders import (
    ADDRESS,
    CJ,
    CJ_OTHER,
    MUG,
    SHIRT,
    a_checkpoint,
    a_shipment,
    a_store,
    add,
    an_invoice,
    nov,
    the,
)

RICH = a_shipment(
    "S-1",
    invoices=[an_invoice(CJ, nov(12)), an_invoice(CJ_OTHER, nov(13), invoice_id=2)],
    scans=[
        a_checkpoint(Stage.IN_TRANSIT, nov(12), invoice_id=1, code="41", place="Okcheon", text="간선하차"),
        a_checkpoint(None, nov(14), invoice_id=2, code="NOTE_17", zone_from=ZoneFrom.CARRIER),
        a_checkpoint(Stage.EXCEPTION, nov(15), invoice_id=2, text="Customs hold"),
    ],
    kind=Kind.EXCHANGE,
    destination=Destination.INTERNATIONAL,
    address=replace(ADDRESS, country="IT", address="Via \"Roma\" 1; DROP TABLE shipment; --\nscala 'B'"),
    promised_on=date(2026, 11, 20),
    ship_by=date(2026, 11, 13),
    weight_g=1200,
    freight=Decimal("12345678.90"),
    currency="EUR",
    request="문 앞에 놓아 주세요 🙏\n=1+1",
    items=(SHIRT, MUG),
    origin_no="S-0",
)


def all_saved(store: Store, *after: Shipment, own: bool = False) -> None:
    saved = [(the(store, one.shipment_no), one) for one in after]
    store.write(lambda connection: shipments.save(connection, saved, own))


def moved(shipment: Shipment, **changes: object) -> Shipment:
    return folded(shipment.but(version=shipment.version + 1, updated_at=nov(17), **changes))


def test_a_shipment_comes_back_as_it_was_stored() -> None:
    assert the(a_store(RICH)) == RICH


def test_a_shipment_with_little_known_comes_back_as_it_was_stored() -> None:
    bare = a_shipment("0012", freight=None, items=(), released_at=None, warehouse="", currency="")
    assert the(a_store(bare), "0012") == bare


def test_a_number_that_does_not_exist_is_nothing() -> None:
    assert shipments.find(a_store(RICH), "S-2") is None


@pytest.mark.parametrize("same", ["s-1", " S-1", "Ｓ－１", "S\u20101", "S -1", "S-1\u200b", "'S-1", '="S-1"'])
def test_a_shipment_is_loaded_by_any_spelling_of_its_number(same: str) -> None:
    found = shipments.find(a_store(RICH), same)
    assert found and found.shipment_no == "S-1"


@pytest.mark.parametrize("near", ["S1", "S-", "S--1", "S-1.0", ""])
def test_what_is_no_spelling_of_the_number_loads_nothing(near: str) -> None:
    assert shipments.find(a_store(RICH), near) is None


@pytest.mark.parametrize("twin", ["S-1", "s-1", "S -1", "Ｓ-1", "S\u22121"])
def test_a_second_shipment_of_the_same_number_cannot_come_to_be(twin: str) -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S1"))
    with pytest.raises(Conflict) as refusal:
        add(store, a_shipment("S-2"), a_shipment(twin))
    assert str(refusal.value) == f"Shipment No. {twin} is S-1, which exists already. Nothing was saved."
    assert [row["shipment_no"] for row in store.rows("SELECT shipment_no FROM shipment")] == ["S-1", "S1"]


def test_two_new_shipments_of_one_number_cannot_come_to_be_together() -> None:
    with pytest.raises(Conflict):
        a_store(a_shipment("S-1"), a_shipment("s-1"))


def test_twins_of_an_older_version_are_named_and_each_is_found_by_its_own_spelling() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2"), a_shipment("S2"))
    store.write(lambda connection: connection.execute("UPDATE shipment SET shipment_no = 's-1' WHERE shipment_id = 2") and None)
    store.write(
        lambda connection: (
            connection.execute("UPDATE search_key SET value = 'S1' WHERE value = 'S2' AND shipment_id = 2") and None
        )
    )
    assert shipments.twins(store) == [("S-1", "s-1")]
    found = store.snapshot(lambda connection: shipments.load(connection, ["S-1", "s-1", "S -1"]))
    assert {asked: shipment.shipment_id for asked, shipment in found.items()} == {"S-1": 1, "s-1": 2}


def test_the_shipments_of_an_order_are_found_in_any_spelling_of_its_number() -> None:
    store = a_store(a_shipment("S-1", order_no="O-1"), a_shipment("S-2", order_no="o -1"), a_shipment("S-3", order_no="O1"))
    siblings = store.snapshot(lambda connection: shipments.of_order(connection, "Ｏ-1"))
    assert [row["shipment_no"] for row in siblings] == ["S-1", "S-2"]


def test_several_are_loaded_by_number_and_by_id_each_with_its_own_facts() -> None:
    store = a_store(RICH, a_shipment("S-2", scans=[a_checkpoint(Stage.DELIVERED)]), a_shipment("S-3"))
    by_no = store.snapshot(lambda c: shipments.load(c, ["S-3", "S-2", "S-9"]))
    by_id = store.snapshot(lambda c: shipments.load_by_id(c, [2, 3, 9]))
    assert set(by_no) == {"S-2", "S-3"}
    assert by_id == {2: by_no["S-2"], 3: by_no["S-3"]}
    assert [len(by_id[number].checkpoints) for number in (2, 3)] == [1, 0]


def test_of_a_number_that_was_given_to_another_company_the_last_one_comes_first() -> None:
    given = [an_invoice(CJ, nov(12), carrier="hanjin"), an_invoice(CJ, nov(13), carrier="cj", invoice_id=2)]
    store = a_store(a_shipment("S-1", invoices=given), a_shipment("S-2", invoices=list(reversed(given))))
    found = [(row["shipment_id"], row["carrier"], row["invoice_no"]) for row in shipments.parcels(store, [CJ, "nothing"])]
    assert found == [(1, "cj", CJ), (1, "hanjin", CJ), (2, "cj", CJ), (2, "hanjin", CJ)]


def test_saving_writes_the_state_and_raises_the_version() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2"))
    all_saved(store, moved(the(store), closed_at=nov(16)))
    assert (the(store).closed_at, the(store).version) == (nov(16), 2)
    assert (the(store, "S-2").closed_at, the(store, "S-2").version) == (None, 1)


def test_what_somebody_else_saved_first_is_never_overwritten() -> None:
    store = a_store(a_shipment("S-1"))
    seen = the(store)
    all_saved(store, moved(seen, closed_at=nov(16)))
    with pytest.raises(Conflict):
        all_saved(store, moved(seen, closed_at=nov(17)))
    assert the(store).closed_at == nov(16)


def test_one_stale_shipment_of_many_leaves_all_of_them_as_they_were() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2"))
    first, stale = moved(the(store), closed_at=nov(16)), moved(the(store, "S-2").but(version=7), closed_at=nov(16))
    with pytest.raises(Conflict):
        all_saved(store, first, stale)
    assert (the(store).version, the(store).closed_at) == (1, None)


def test_the_shops_own_fields_are_saved_only_when_asked() -> None:
    store = a_store(a_shipment("S-1"))
    all_saved(store, moved(the(store), warehouse="Gimpo"))
    assert the(store).warehouse == "Icheon"
    all_saved(store, moved(the(store), warehouse="Gimpo"), own=True)
    assert the(store).warehouse == "Gimpo"


def test_the_shipments_of_an_order_come_oldest_first() -> None:
    order = {"order_no": "W-100"}
    store = a_store(
        a_shipment("S-3", ordered_at=nov(12), **order),
        a_shipment("S-2", ordered_at=nov(10), **order),
        a_shipment("S-1", order_no="W-1000"),
        a_shipment("S-4", order_no="w100"),
    )
    found = store.snapshot(lambda connection: shipments.of_order(connection, "W-100"))
    assert [row["shipment_no"] for row in found] == ["S-2", "S-3"]


def held(store: Store, *numbers: str) -> dict[str, list[tuple[str, str]]]:
    found = store.snapshot(lambda connection: shipments.holders(connection, numbers))
    return {number: [(row["shipment_no"], row["carrier"]) for row in rows] for number, rows in found.items()}


def test_a_number_is_held_by_every_live_shipment_that_has_it_under_whatever_company() -> None:
    store = a_store(
        a_shipment("S-1", invoice=an_invoice()),
        a_shipment("S-2", scans=[a_checkpoint(Stage.ATTEMPT_FAILED)]),
        a_shipment("S-3", scans=[a_checkpoint(Stage.DELIVERED)]),
        a_shipment("S-4", scans=[a_checkpoint(Stage.RETURNED)], closed_at=nov(15)),
        a_shipment("S-5", invoice=an_invoice(carrier="hanjin")),
        a_shipment("S-6", invoices=[an_invoice(), an_invoice(deleted=True)]),
        a_shipment("S-7", invoices=[an_invoice(), an_invoice(CJ_OTHER, invoice_id=2)]),
    )
    assert held(store, CJ) == {CJ: [("S-1", "cj"), ("S-2", "cj"), ("S-5", "hanjin")]}
    assert held(store, CJ_OTHER) == {CJ_OTHER: [("S-7", "cj")]}
    assert held(store) == {}


@pytest.mark.about_files("ids on a server are the caller's, taken or not")
def test_ids_go_on_from_the_highest() -> None:
    store = a_store()
    assert store.snapshot(shipments.next_shipment_id) == store.snapshot(shipments.next_invoice_id) == 1
    add(store, a_shipment("S-1"), a_shipment("S-2", invoice=an_invoice(invoice_id=7)))
    assert store.snapshot(shipments.next_shipment_id) == 3
    assert store.snapshot(shipments.next_invoice_id) == 108


def test_the_stored_row_agrees_with_the_facts() -> None:
    row = a_store(RICH).rows("SELECT * FROM shipment")[0]
    assert (row["status"], row["exception"], row["invoice_no"]) == (Status.PREPARING_TO_SHIP, "Customs hold", CJ_OTHER)
    assert (row["invoiced_at"], row["status_since"], row["last_scan_at"]) == (nov(13), nov(13), nov(15))
    assert (row["product"], row["items"], row["freight"]) == ("Linen shirt", 2, Decimal("12345678.90"))
