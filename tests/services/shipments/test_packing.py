"""Packing lists: the shipments in the order they were named, for who may know whom they are for."""

from core.domain import batch_notes
from core.domain.history import ChangeSource
from core.domain.personal import MASK
from core.services.shipments import packing
from core.store import history
from tests.builders import HANA, OLA, a_shipment, a_store, a_visit


def test_the_shipments_come_whole_in_the_order_asked_each_once() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2"), a_shipment("S-3"))
    found = packing.to_pack(store, ["S-3", "S-1", "S-3", "S-9"], visit=a_visit(), request_key="opened")
    assert [one.shipment_no for one in found] == ["S-3", "S-1"]
    assert found[0].items and found[0].address.recipient != MASK


def test_who_may_not_see_recipients_gets_the_goods_alone() -> None:
    store = a_store(a_shipment("S-1", request="Ring twice"))
    [found] = packing.to_pack(store, ["S-1"], visit=a_visit(person=OLA), request_key="opened")
    assert (found.address.recipient, found.request) == (MASK, MASK)
    assert found.items


def test_a_list_is_no_longer_than_a_page_of_shipments() -> None:
    store = a_store(*(a_shipment(f"S-{n:03}") for n in range(packing.MOST + 1)))
    assert (
        len(packing.to_pack(store, [f"S-{n:03}" for n in range(packing.MOST + 1)], visit=a_visit(), request_key="opened"))
        == packing.MOST
    )


def test_a_list_with_recipients_is_a_row_of_history_once_for_each_opening() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2"))
    for opening in ("first", "first", "second"):
        packing.to_pack(store, ["S-1", "S-2"], visit=a_visit(), request_key=opening)
    taken = [row for row in history.batches(store) if row["source"] == ChangeSource.EXPORT]
    assert [(row["made_by"], row["shipments"]) for row in taken] == [(HANA.name, 2)] * 2
    assert "2" in str(batch_notes.told(taken[0]))


def test_a_list_without_recipients_is_none() -> None:
    store = a_store(a_shipment("S-1"))
    packing.to_pack(store, ["S-1"], visit=a_visit(person=OLA), request_key="opened")
    packing.to_pack(store, ["S-9"], visit=a_visit(), request_key="opened")
    assert [row for row in history.batches(store) if row["source"] == ChangeSource.EXPORT] == []
