"""Goods in other parcels: split and put together, undone, refused, counted, found and forgotten."""

from dataclasses import replace
from typing import Any

import pytest

from core.domain.errors import Conflict, Forbidden, NotPermitted, Refused
from core.domain.figures import Figure
from core.domain.parcels import Regrouping
from core.domain.search import Search, SearchKey
from core.domain.selection import Selection
from core.domain.shipment import Item, Shipment, Stage, Tab
from core.domain.shipment_actions import Refusal
from core.domain.sorting import Order
from core.services.shipments import actions, forgetting, invoices, parcels, queries, undo
from core.services.shipments.changes import Actor, Request
from core.services.shipments.invoices import Entry
from core.services.shipments.undo import Stayed
from core.store import facts, history
from core.store.database import Store
from core.store.facts import Population
from tests.builders import (
    ADA,
    ADDRESS,
    CJ,
    HANA,
    JUN,
    MUG,
    NOW,
    OLA,
    RULES,
    SEOUL,
    SHIRT,
    a_checkpoint,
    a_shipment,
    a_store,
    a_visit,
    an_invoice,
    requested,
    the,
)

BOTH = (SHIRT, MUG)
ONE_MUG = replace(MUG, quantity=1)


def split(store: Store, *quantities: int, no: str = "S-1", **said: Any) -> str:
    return parcels.split(store, no, quantities, **requested(said))


def join(store: Store, *others: str, no: str = "S-1", **said: Any) -> bool:
    versions = {other: the(store, other).version for other in others}
    return parcels.put_together(store, no, said.pop("others", versions), **requested(said))


def back(store: Store, by: Actor = HANA) -> dict[str, Any]:
    batch = int(history.batches(store)[0]["batch_id"])
    found = undo.undo(store, batch, home="KR", request=Request(by, NOW))
    return {one.shipment_no: one.stayed and one.stayed.reason for one in found}


def register(store: Store, no: str, number: str = CJ) -> None:
    invoices.register(store, RULES, no, Entry("cj", number), request=Request(HANA, NOW))


def items(store: Store, no: str) -> tuple[Item, ...]:
    return the(store, no).items


def listed(store: Store, tab: Tab = Tab.PREPARING, **search: Any) -> list[str]:
    wanted = Selection(tab=tab) if not search else Selection(tab=tab, search=Search(**search))
    page = queries.page(store, wanted, Order(), visit=a_visit(), size=50, number=lambda _: 1)
    return sorted(row["shipment_no"] for row in page.rows)


def counted(store: Store) -> dict[str, int]:
    population = Population(SEOUL, NOW)
    (row,) = facts.ask(store, population, f"SELECT count(*) AS ordered, count(*) FILTER (open) AS {Figure.OPEN} FROM facts")
    return row


def actions_of(store: Store, no: str) -> list[str]:
    return [row["action"] for row in history.of_shipment(store, the(store, no).shipment_id)]


def three(**fields: Any) -> Store:
    return a_store(a_shipment(), a_shipment("S-2", items=(MUG,)), a_shipment("S-3", **fields))


def test_chosen_goods_wait_in_a_parcel_of_their_own() -> None:
    store = a_store(a_shipment(items=BOTH))
    assert split(store, 1, 1) == "S-1-2"
    assert (items(store, "S-1"), items(store, "S-1-2")) == ((ONE_MUG,), (SHIRT, ONE_MUG))
    part = the(store, "S-1-2")
    assert (part.order_no, part.address, part.invoice, part.split_no) == ("O-S-1", ADDRESS, None, "S-1")
    assert (actions_of(store, "S-1"), actions_of(store, "S-1-2")) == (["split"], ["created"])
    assert listed(store) == ["S-1", "S-1-2"]
    assert counted(store) == {"ordered": 2, "open": 2}


def test_each_parcel_is_found_by_the_products_in_it() -> None:
    store = a_store(a_shipment(items=BOTH))
    split(store, 1, 0)
    assert listed(store, key=SearchKey.PRODUCT_ID, values=("P-100",)) == ["S-1-2"]
    assert listed(store, key=SearchKey.PRODUCT_ID, values=("P-200",)) == ["S-1"]
    assert listed(store, key=SearchKey.ORDER_NO, values=("O-S-1",)) == ["S-1", "S-1-2"]


def test_numbers_go_on_and_leave_out_those_that_others_have() -> None:
    store = a_store(a_shipment(items=(Item("P", "Chair", 9),)), a_shipment("s-1-3"))
    assert [split(store, 1), split(store, 2), split(store, 0)] == ["S-1-2", "S-1-4", "S-1-5"]
    assert split(store, 1, no="S-1-4") == "S-1-6"


def test_what_is_packed_but_not_scanned_yet_can_get_another_box() -> None:
    store = a_store(a_shipment(invoice=an_invoice()))
    assert split(store, 0) == "S-1-2"
    assert (the(store, "S-1").invoice, items(store, "S-1-2")) == (an_invoice(), ())


def test_what_the_carrier_has_stays_as_it_is() -> None:
    store = a_store(a_shipment(items=BOTH, scans=[a_checkpoint(Stage.PICKED_UP)]))
    with pytest.raises(NotPermitted) as refusal:
        split(store, 1, 0)
    assert refusal.value.reason is Refusal.WITH_THE_CARRIER


def test_a_repeated_press_makes_no_second_parcel() -> None:
    store = a_store(a_shipment(items=BOTH))
    first = split(store, 1, 0, version=1, request_key="press")
    assert split(store, 1, 0, version=1, request_key="press") == first
    assert listed(store) == ["S-1", "S-1-2"]


def test_two_who_split_one_shipment_make_one_parcel_and_the_second_is_told() -> None:
    store = a_store(a_shipment(items=BOTH))
    split(store, 1, 0, version=1, by=JUN)
    with pytest.raises(Conflict) as conflict:
        split(store, 0, 1, version=1)
    assert conflict.value.change["changed_by"] == "Jun Park"  # type: ignore[index]
    assert listed(store) == ["S-1", "S-1-2"]


def test_who_registered_meanwhile_wins_over_who_splits() -> None:
    store = a_store(a_shipment(items=BOTH))
    register(store, "S-1")
    with pytest.raises(Conflict):
        split(store, 1, 0, version=1)


def test_viewers_put_no_goods_elsewhere() -> None:
    store, viewer = three(), Actor(OLA)
    with pytest.raises(Forbidden):
        split(store, 0, by=viewer)
    with pytest.raises(Forbidden):
        join(store, "S-2", by=viewer)
    with pytest.raises(Forbidden):
        parcels.alongside(store, the(store), visit=a_visit(person=OLA))


def test_a_split_is_undone_and_the_parcel_goes_out_of_the_desk() -> None:
    store = a_store(a_shipment(items=BOTH, weight_g=900))
    before = the(store)
    split(store, 1, 1)
    assert back(store) == {"S-1": None, "S-1-2": None}
    assert replace(the(store), version=1, updated_at=None) == replace(before, updated_at=None)
    assert (listed(store), actions_of(store, "S-1")) == (["S-1"], ["undone", "split"])
    assert listed(store, key=SearchKey.PRODUCT_ID, values=("P-100",)) == ["S-1"]


def test_two_splits_are_undone_one_after_another() -> None:
    store = a_store(a_shipment(items=BOTH))
    split(store, 1, 0)
    first = int(history.batches(store)[0]["batch_id"])
    split(store, 1)
    assert back(store) == {"S-1": None, "S-1-3": None}
    assert {one.stayed for one in undo.undo(store, first, home="KR", request=Request(HANA, NOW))} == {None}
    assert items(store, "S-1") == BOTH


@pytest.mark.parametrize("moved", ["S-1", "S-1-2"])
def test_a_split_stays_when_anything_happened_to_either_since(moved: str) -> None:
    store = a_store(a_shipment(items=BOTH))
    split(store, 1, 0)
    batch = int(history.batches(store)[0]["batch_id"])
    register(store, moved)
    found = {one.shipment_no: one.stayed for one in undo.undo(store, batch, home="KR", request=Request(HANA, NOW))}
    (other,) = found.keys() - {moved}
    assert found[moved].reason is Stayed.CHANGED_SINCE  # type: ignore[union-attr]
    assert found[other].reason is Stayed.GOODS_ELSEWHERE  # type: ignore[union-attr]
    assert listed(store, Tab.ALL) == ["S-1", "S-1-2"]


def test_those_of_one_recipient_are_proposed_to_go_together() -> None:
    elsewhere = a_shipment("S-4", address=replace(ADDRESS, phone="010-7777-1234"))
    same = a_shipment("S-2", address=replace(ADDRESS, phone="+82 10 0000 1234"))
    store = a_store(
        a_shipment(), same, a_shipment("S-3", invoice=an_invoice()), elsewhere, a_shipment("S-5", warehouse="Busan")
    )
    assert [one.shipment_no for one in parcels.alongside(store, the(store), visit=a_visit())] == ["S-2"]
    assert parcels.alongside(store, the(store, "S-3"), visit=a_visit()) == []


def test_put_together_they_go_out_as_one_and_count_as_one() -> None:
    store = three()
    assert join(store, "S-2", "S-3")
    assert items(store, "S-1") == (SHIRT, MUG, SHIRT)
    assert [the(store, no).joined_no for no in ("S-2", "S-3")] == ["S-1", "S-1"]
    assert (listed(store), listed(store, Tab.ALL)) == (["S-1"], ["S-1"])
    assert counted(store) == {"ordered": 1, "open": 1}
    assert {no: actions_of(store, no) for no in ("S-1", "S-2", "S-3")} == {no: ["joined"] for no in ("S-1", "S-2", "S-3")}
    table = queries.everything(store, Selection(tab=Tab.ALL), Order(), visit=a_visit(), only=["S-1", "S-2"])
    assert table["shipment_no"].to_pylist() == ["S-1"]


def test_what_was_put_elsewhere_is_found_by_its_numbers_where_it_is_and_says_where_it_went() -> None:
    store = three()
    join(store, "S-2")
    register(store, "S-1")
    for key, value in ((SearchKey.SHIPMENT_NO, "S-2"), (SearchKey.ORDER_NO, "O-S-2"), (SearchKey.PRODUCT_ID, "P-200")):
        assert listed(store, Tab.DELIVERY, key=key, values=(value,)) == ["S-1"]
    page = queries.page(
        store,
        Selection(tab=Tab.PREPARING, search=Search(SearchKey.SHIPMENT_NO, ("S-2",))),
        Order(),
        visit=a_visit(),
        size=50,
        number=lambda _: 1,
    )
    assert [[tab for tab, _ in one.tabs] for one in page.hidden] == [[Tab.DELIVERY]]
    assert page.put_elsewhere == {"S-2": "S-1"}
    with pytest.raises(NotPermitted) as refusal:
        register(store, "S-2", "577417824035")
    assert refusal.value.whys[0].values["into"] == "S-1"
    whole = queries.whole(store, "S-1", visit=a_visit())
    assert whole
    assert [row["shipment_no"] for row in whole.inside] == ["S-2"]


def test_putting_together_is_undone() -> None:
    store = three()
    before = [the(store, no) for no in ("S-1", "S-2", "S-3")]
    join(store, "S-2", "S-3")
    assert back(store) == {"S-1": None, "S-2": None, "S-3": None}
    after = [replace(the(store, no), version=1, updated_at=None) for no in ("S-1", "S-2", "S-3")]
    assert after == [replace(one, updated_at=None) for one in before]
    assert listed(store) == ["S-1", "S-2", "S-3"]
    assert listed(store, key=SearchKey.SHIPMENT_NO, values=("S-2",)) == ["S-2"]
    assert listed(store, key=SearchKey.PRODUCT_ID, values=("P-200",)) == ["S-2"]


def test_putting_together_stays_once_the_parcel_has_its_number() -> None:
    store = three()
    join(store, "S-2")
    batch = int(history.batches(store)[0]["batch_id"])
    register(store, "S-1")
    found = {one.shipment_no: one.stayed for one in undo.undo(store, batch, home="KR", request=Request(HANA, NOW))}
    assert {no: why and why.reason for no, why in found.items()} == {
        "S-1": Stayed.CHANGED_SINCE,
        "S-2": Stayed.GOODS_ELSEWHERE,
    }
    assert the(store, "S-2").joined_no == "S-1"


def test_what_was_inside_goes_along_and_comes_back() -> None:
    store = three()
    join(store, "S-3", no="S-2")
    join(store, "S-2")
    assert the(store, "S-3").joined_no == "S-1"
    assert items(store, "S-1") == (SHIRT, MUG, SHIRT)
    assert set(back(store).values()) == {None}
    assert (the(store, "S-3").joined_no, the(store, "S-2").joined_no, items(store, "S-2")) == ("S-2", None, (MUG, SHIRT))
    assert listed(store) == ["S-1", "S-2"]


def test_a_repeated_press_puts_nothing_together_twice() -> None:
    store = three()
    assert join(store, "S-2", version=1, request_key="press")
    assert not join(store, version=1, request_key="press", others={"S-2": 1})
    assert items(store, "S-1") == (SHIRT, MUG)


@pytest.mark.parametrize("moved", ["S-1", "S-2"])
def test_who_looked_at_an_older_state_of_any_of_them_is_told(moved: str) -> None:
    store = three()
    register(store, moved)
    with pytest.raises(Conflict) as conflict:
        join(store, version=1, others={"S-2": 1})
    assert moved in str(conflict.value)
    assert listed(store, Tab.ALL) == ["S-1", "S-2", "S-3"]


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        ({}, Regrouping.NOTHING_CHOSEN),
        ({"S-1": 1}, Regrouping.WITH_ITSELF),
        ({"S-3": 1}, Regrouping.OTHER_RECIPIENT),
    ],
)
def test_what_does_not_go_together_is_refused_and_nothing_is_written(others: dict[str, int], reason: Regrouping) -> None:
    store = three(address=replace(ADDRESS, phone="010-9999-1234"))
    with pytest.raises(Refused) as refusal:
        join(store, others={"S-2": 1, **others} if others else others)
    assert refusal.value.whys[0].reason is reason
    assert listed(store) == ["S-1", "S-2", "S-3"]


def test_put_together_and_split_again_each_has_its_goods() -> None:
    store = three()
    join(store, "S-2")
    assert split(store, 0, 2) == "S-1-2"
    assert (items(store, "S-1"), items(store, "S-1-2")) == ((SHIRT,), (MUG,))
    assert set(back(store).values()) == {None}


def test_split_and_put_together_again_is_one_parcel() -> None:
    store = a_store(a_shipment(items=BOTH))
    split(store, 1, 0)
    join(store, "S-1-2")
    assert items(store, "S-1") == (MUG, SHIRT)
    assert listed(store) == ["S-1"]


def test_forgetting_an_order_forgets_all_that_is_one_parcel_with_it() -> None:
    store = three()
    join(store, "S-2")
    split(store, 1, 0)
    request = Request(ADA, NOW)
    assert forgetting.of_orders(store, ["O-S-2"], request=request).shipments == 2
    assert forgetting.of_orders(store, ["O-S-1"], request=request).shipments == 1
    known: list[Shipment] = [the(store, no) for no in ("S-1", "S-2", "S-1-2")]
    assert {(one.address.recipient, one.address.phone, one.request) for one in known} == {("", "", "")}
    for one in known:
        told = str(history.of_shipment(store, one.shipment_id))
        assert ADDRESS.recipient not in told
    assert the(store, "S-3").address == ADDRESS


def test_after_forgetting_nothing_goes_back() -> None:
    store = three(request="Ring twice")
    join(store, "S-3")
    batch = int(history.batches(store)[0]["batch_id"])
    forgetting.of_orders(store, ["O-S-1"], request=Request(ADA, NOW))
    assert all(one.stayed for one in undo.undo(store, batch, home="KR", request=Request(HANA, NOW)))
    assert "Ring twice" not in str(history.of_shipment(store, the(store).shipment_id))


def test_an_address_that_was_edited_makes_another_recipient() -> None:
    store = three()
    actions.edit_address(
        store, "S-2", replace(ADDRESS, address="3 Haeundae-ro", city="Busan"), home="KR", request=Request(HANA, NOW)
    )
    assert [one.shipment_no for one in parcels.alongside(store, the(store), visit=a_visit())] == ["S-3"]
