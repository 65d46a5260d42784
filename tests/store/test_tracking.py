"""The cache of carriers' answers: who is watched, whose turn it is, what is new."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest

from core.domain.shipment import Shipment, Stage
from core.services.shipments import invoices
from core.services.shipments.changes import Request
from core.services.shipments.invoices import Entry
from core.store import tracking
from core.store.database import Row, Store
from core.store.tracking import Claim
from tests.builders import (
    CJ,
    CJ_OTHER,
    HANA,
    NOW,
    REGISTERED,
    RULES,
    a_checkpoint,
    a_shipment,
    a_store,
    add,
    an_invoice,
    nov,
)

PATIENCE = {code: carrier.watched_for for code, carrier in RULES.carriers.items() if code != "other"}
TRACKED = list(PATIENCE)
LATER = NOW + timedelta(minutes=10)


def watch(store: Store, after: int = 0, at: datetime = NOW, **said: Any) -> int:
    given = {"patience": PATIENCE, "made_here_only": False} | said
    return store.write(lambda connection: tracking.watch(connection, after=after, at=at, **given))


def watched(store: Store) -> dict[int, Row]:
    return {row["invoice_id"]: row for row in store.rows("SELECT * FROM tracking")}


def claim(store: Store, limit: int = 10, at: datetime = NOW, by: str = "A", carriers: list[str] = TRACKED) -> list[Claim]:
    return store.write(lambda c: tracking.claim(c, carriers, by=by, at=at, until=LATER, limit=limit))


def registered(number: int, carrier: str = "cj", at: datetime = REGISTERED, **said: Any) -> Shipment:
    return a_shipment(f"S-{number}", invoice=an_invoice(f"{carrier}{number:09}", at, carrier=carrier), **said)


def test_an_invoice_in_force_is_watched_from_two_hours_on() -> None:
    store = a_store(a_shipment(), registered(2, at=nov(16, 8)))
    watch(store)
    assert [(row["shipment_id"], row["next_due"]) for row in watched(store).values()] == [(2, nov(16, 10))]


def test_what_cannot_be_asked_about_is_not_watched() -> None:
    store = a_store(registered(1, "other"), registered(2, "ups"))
    watch(store, patience={"cj": PATIENCE["cj"]})
    assert watched(store) == {}


def test_a_delivery_is_watched_for_a_day() -> None:
    fresh = a_shipment("S-1", scans=[a_checkpoint(Stage.DELIVERED, nov(16, 5))])
    old = a_shipment("S-2", scans=[a_checkpoint(Stage.DELIVERED, nov(14))])
    store = a_store(fresh, old)
    watch(store)
    assert [(row["shipment_id"], row["next_due"]) for row in watched(store).values()] == [(1, nov(17, 5))]


def test_a_delivery_whose_way_back_goes_on_is_watched_on() -> None:
    back = [a_checkpoint(Stage.DELIVERED, nov(13)), a_checkpoint(Stage.PICKED_UP, nov(14))]
    store = a_store(a_shipment("S-1", scans=back), a_shipment("S-2", scans=[*back, a_checkpoint(Stage.DELIVERED, nov(15, 5))]))
    watch(store)
    assert [row["shipment_id"] for row in watched(store).values()] == [1]


@pytest.mark.parametrize(("carrier", "stopped"), [("cj", True), ("usps", False)])
def test_a_long_silence_is_watched_as_stopped(carrier: str, stopped: bool) -> None:
    ordered = nov(1) - timedelta(days=40)
    store = a_store(registered(1, carrier, ordered, ordered_at=ordered))
    watch(store)
    row = watched(store)[1]
    assert ((row["stopped_at"], row["next_due"]) == (NOW, None)) is stopped


def test_a_replaced_number_goes_and_comes_back_even_while_someone_reads() -> None:
    store = a_store(a_shipment(invoice=an_invoice()))
    seen = watch(store)
    for number in (CJ_OTHER, CJ):
        entry = Entry("cj", number)
        invoices.modify(store, RULES, "S-1", entry, request=Request(HANA, NOW))
        seen = store.snapshot(lambda _, seen=seen: watch(store, after=seen))
        assert [row["invoice_no"] for row in watched(store).values()] == [number]


def test_only_what_changed_is_looked_at_again() -> None:
    store = a_store(registered(1))
    seen = watch(store)
    store.write(lambda connection: connection.execute("DELETE FROM tracking").fetchall())
    add(store, registered(2))
    watch(store, after=seen)
    assert [row["shipment_id"] for row in watched(store).values()] == [2]


def test_imported_shipments_can_be_left_out() -> None:
    store = a_store(registered(1), registered(2))
    store.write(lambda c: c.execute("UPDATE shipment SET source_hash = 'x' WHERE shipment_id = 2").fetchall())
    watch(store, made_here_only=True)
    assert [row["shipment_id"] for row in watched(store).values()] == [1]


def test_carriers_take_turns_however_many_numbers_one_has() -> None:
    store = a_store(*(registered(n, "cj") for n in range(1, 31)), *(registered(n, "ups", nov(13)) for n in range(31, 34)))
    watch(store)
    assert Counter(claim.carrier for claim in claim(store, 6)) == {"cj": 3, "ups": 3}


def test_the_longest_due_come_first() -> None:
    store = a_store(*(registered(n, at=nov(15 - n)) for n in range(1, 6)))
    watch(store)
    assert sorted(claim.shipment_no for claim in claim(store, 2)) == ["S-4", "S-5"]


def test_a_claimed_number_is_nobody_elses_until_the_claim_ends() -> None:
    store = a_store(registered(1), registered(2))
    watch(store)
    assert len(claim(store, 1)) == 1
    assert len(claim(store, 5, by="B")) == 1
    assert claim(store, by="C") == []
    assert len(claim(store, at=LATER, by="C")) == 2


def test_released_numbers_are_due_as_before() -> None:
    store = a_store(registered(1), registered(2))
    watch(store)
    claim(store)
    store.write(lambda connection: tracking.release(connection, [], "A"))
    assert len(claim(store, by="B")) == 2


@pytest.mark.about_files("on a server others may hold claims, which run out")
def test_all_numbers_are_released_where_one_process_had_them() -> None:
    store = a_store(registered(1), registered(2))
    watch(store)
    claim(store)
    store.write(tracking.release_all)
    assert len(claim(store, by="B")) == 2
