"""Address, delivery by hand, re-ship and close: permitted where the rules say, and linked in the history."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.domain.errors import Conflict, NotFound, NotPermitted, Refused
from core.domain.search import SearchKey
from core.domain.shipment import Address, Destination, Shipment, Stage, Status
from core.services.shipments import actions as handling
from core.services.shipments import invoices
from core.services.shipments.changes import Request
from core.services.shipments.invoices import Entry
from core.store import history, lists
from core.store.database import Store
from tests.builders import (
    ADDRESS,
    CJ,
    HANA,
    JUN,
    MUG,
    NOW,
    RULES,
    SHIRT,
    a_checkpoint,
    a_scan_arrives,
    a_shipment,
    a_store,
    an_invoice,
    nov,
    requested,
    the,
    total,
)

BUSAN = replace(ADDRESS, address="3 Haeundae-ro", city="Busan")
MILAN = replace(ADDRESS, address="Via Roma 1", city="Milan", country="IT")


def move(store: Store, address: Address, **said: Any) -> bool:
    return handling.edit_address(store, "S-1", address, **requested({"home": "KR", **said}))


def mark(store: Store, reason: str = "The buyer said so", **said: Any) -> bool:
    return handling.mark_delivered(store, "S-1", **requested({"reason": reason, **said}))


def close(store: Store, **said: Any) -> bool:
    return handling.close(store, "S-1", **requested(said))


def reship(store: Store, shipment_no: str = "S-1", **said: Any) -> str:
    return handling.reship(store, shipment_no, **requested(said))


def in_state(stage: Stage | None, **fields: Any) -> Shipment:
    return a_shipment(scans=[a_checkpoint(stage)] if stage else [], **fields)


def actions(store: Store, shipment_id: int = 1) -> list[str]:
    return [row["action"] for row in history.of_shipment(store, shipment_id)]


def test_an_address_is_replaced_and_the_history_shows_what_changed() -> None:
    store = a_store(a_shipment())
    assert move(store, BUSAN)
    assert (the(store).address, the(store).version) == (BUSAN, 2)
    row = history.of_shipment(store, 1)[0]
    assert row["before"] == {"address": "12 Byeolbit-ro", "city": "Seoul"}
    assert row["after"] == {"address": "3 Haeundae-ro", "city": "Busan"}


def test_the_same_address_changes_nothing() -> None:
    store = a_store(a_shipment())
    assert not move(store, ADDRESS)
    assert (the(store).version, actions(store)) == (1, [])


def test_the_destination_follows_the_country() -> None:
    store = a_store(a_shipment())
    move(store, MILAN)
    assert the(store).destination is Destination.INTERNATIONAL
    assert history.of_shipment(store, 1)[0]["after"]["destination"] == "international"
    move(store, BUSAN)
    assert the(store).destination is Destination.DOMESTIC


@pytest.mark.parametrize(("home", "border"), [("IT", Destination.DOMESTIC), ("KR", Destination.INTERNATIONAL)])
def test_domestic_is_the_shops_own_country(home: str, border: Destination) -> None:
    store = a_store(a_shipment())
    move(store, MILAN, home=home)
    assert the(store).destination is border


def test_an_invoice_freezes_the_address_and_its_deletion_frees_it() -> None:
    store = a_store(a_shipment())
    invoices.register(store, RULES, "S-1", Entry("cj", CJ), request=Request(HANA, NOW))
    with pytest.raises(NotPermitted, match="the address is frozen, because an invoice is registered"):
        move(store, BUSAN)
    assert the(store).address == ADDRESS
    invoices.delete(store, "S-1", request=Request(HANA, NOW))
    assert move(store, BUSAN)


@pytest.mark.parametrize(
    ("address", "field", "message"),
    [
        (replace(ADDRESS, recipient=" "), "recipient", "Recipient is empty. Fill in who receives the parcel."),
        (replace(ADDRESS, address=""), "address", "Address is empty. Fill in the street and number."),
        (replace(ADDRESS, country="XX"), "country", "Country: choose the country the parcel goes to."),
        (replace(ADDRESS, country=""), "country", "Country: choose the country the parcel goes to."),
    ],
)
def test_an_incomplete_address_is_refused_with_its_field(address: Address, field: str, message: str) -> None:
    store = a_store(a_shipment())
    with pytest.raises(Refused) as refusal:
        move(store, address)
    assert (refusal.value.field, str(refusal.value)) == (field, message)
    assert the(store).address == ADDRESS


def test_two_who_edit_one_address_overwrite_nothing() -> None:
    store = a_store(a_shipment())
    move(store, BUSAN, by=JUN, version=1)
    with pytest.raises(Conflict) as conflict:
        move(store, MILAN, version=1)
    assert conflict.value.change["changed_by"] == "Jun Park"  # type: ignore[index]
    assert the(store).address == BUSAN


def test_an_address_edited_on_a_frozen_shipment_tells_who_froze_it() -> None:
    store = a_store(a_shipment())
    invoices.register(store, RULES, "S-1", Entry("cj", CJ), request=Request(JUN, NOW))
    with pytest.raises(Conflict) as conflict:
        move(store, BUSAN, version=1)
    assert conflict.value.change["action"] == "invoice_registered"  # type: ignore[index]


@pytest.mark.parametrize("stage", [Stage.INFO_RECEIVED, Stage.PICKED_UP, Stage.IN_TRANSIT])
def test_a_shipment_in_delivery_can_be_marked_as_delivered_with_the_reason(stage: Stage) -> None:
    store = a_store(in_state(stage))
    assert mark(store, "  Signed copy  ")
    shipment = the(store)
    assert (shipment.state.status, shipment.state.delivered_at) == (Status.DELIVERED, NOW)
    point = shipment.checkpoints[-1]
    assert (point.stage, point.text, point.source, point.invoice_id) == (Stage.DELIVERED, "Signed copy", "form", 1)
    row = history.of_shipment(store, 1)[0]
    assert (row["action"], row["reason"], row["after"]["status"]) == ("marked_delivered", "Signed copy", "delivered")


def test_a_shipment_under_way_without_a_number_can_be_marked_as_well() -> None:
    store = a_store(a_shipment(scans=[a_checkpoint(Stage.IN_TRANSIT, invoice_id=None)]))
    assert mark(store)
    assert the(store).state.status is Status.DELIVERED


def test_a_later_transit_scan_does_not_take_a_delivery_by_hand_back() -> None:
    store = a_store(in_state(Stage.IN_TRANSIT))
    mark(store)
    a_scan_arrives(store, "S-1", Stage.IN_TRANSIT, nov(17))
    assert the(store).state.status is Status.DELIVERED


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_delivery_by_hand_needs_a_reason(reason: str) -> None:
    store = a_store(in_state(Stage.IN_TRANSIT))
    with pytest.raises(Refused, match=r"Reason is empty\. Say how you know that it was delivered") as refusal:
        mark(store, reason)
    assert (refusal.value.field, the(store).state.status) == ("reason", Status.IN_DELIVERY)


WRONG: list[tuple[Callable[[Store], object], str, Stage | None]] = [
    *((mark, "mark", stage) for stage in (None, Stage.INVALID_NUMBER, Stage.ATTEMPT_FAILED, Stage.CANCELLED, Stage.DELIVERED)),
    *((close, "close", stage) for stage in (None, Stage.IN_TRANSIT, Stage.ATTEMPT_FAILED, Stage.DELIVERED)),
    *((reship, "reship", stage) for stage in (None, Stage.IN_TRANSIT, Stage.ATTEMPT_FAILED, Stage.DELIVERED)),
]


@pytest.mark.parametrize(("act", "name", "stage"), WRONG, ids=[f"{name}-{stage}" for _, name, stage in WRONG])
def test_an_act_is_refused_where_the_rules_do_not_allow_it(act: Callable[[Store], object], name: str, stage: Stage) -> None:
    store = a_store(in_state(stage))
    before = the(store)
    with pytest.raises(NotPermitted):
        act(store)
    assert (the(store), actions(store), total(store)) == (before, [], 1)


def test_a_shipment_the_carrier_gave_up_can_be_closed_for_good() -> None:
    store = a_store(in_state(Stage.CANCELLED))
    assert close(store, reason=" Refunded ")
    assert (the(store).closed_at, the(store).live, the(store).state.status) == (NOW, False, Status.SHIPPING_FAILED)
    assert history.of_shipment(store, 1)[0]["reason"] == "Refunded"
    for act in (close, reship, mark):
        with pytest.raises(NotPermitted, match="the shipment is closed"):
            act(store)


def test_closing_twice_by_one_request_is_closing_once() -> None:
    store = a_store(in_state(Stage.CANCELLED))
    assert [close(store, request_key="press-1") for _ in range(2)] == [True, False]
    assert actions(store) == ["closed"]


GIVEN_UP = a_shipment(
    scans=[a_checkpoint(Stage.PICKED_UP), a_checkpoint(Stage.RETURNED, nov(15))], items=(SHIRT, MUG), request="Ring twice",
    promised_on=nov(14).date(), ship_by=nov(12).date(),
)  # fmt: skip


def test_a_reshipped_shipment_waits_for_release_with_all_that_was_ordered() -> None:
    store = a_store(GIVEN_UP)
    successor = the(store, reship(store))
    assert (successor.shipment_no, successor.order_no, successor.items) == ("S-1-R1", "O-S-1", (SHIRT, MUG))
    assert (successor.address, successor.request, successor.ordered_at) == (ADDRESS, "Ring twice", nov(10))
    assert (successor.state.status, successor.state.since, successor.released_at) == (Status.PREPARING_TO_RELEASE, NOW, NOW)
    assert (successor.invoices, successor.checkpoints, successor.promised_on, successor.ship_by) == ((), (), None, None)


def test_both_shipments_are_linked_and_the_old_one_is_closed() -> None:
    store = a_store(GIVEN_UP)
    number = reship(store)
    assert (the(store).successor_no, the(store, number).origin_no) == (number, "S-1")
    assert (the(store).closed_at, the(store, number).closed_at) == (NOW, None)
    assert (actions(store, 1), actions(store, 2)) == (["reshipped"], ["created"])
    batches = {row["batch_id"] for number in (1, 2) for row in history.of_shipment(store, number)}
    assert len(batches) == 1


def test_the_new_shipment_is_found_by_its_order_and_its_products() -> None:
    store = a_store(GIVEN_UP)
    reship(store)
    assert lists.search(store, SearchKey.ORDER_NO, ["O-S-1"])["O-S-1"] == [1, 2]
    assert lists.search(store, SearchKey.PRODUCT_ID, ["P-200"])["P-200"] == [1, 2]
    assert lists.search(store, SearchKey.SHIPMENT_NO, ["S-1-R1"])["S-1-R1"] == [2]


def test_a_repeated_request_gives_the_same_number() -> None:
    store = a_store(GIVEN_UP)
    assert [reship(store, request_key="press-1") for _ in range(3)] == ["S-1-R1"] * 3
    assert total(store) == 2


def test_a_second_clerk_is_told_who_reshipped_it() -> None:
    store = a_store(GIVEN_UP)
    reship(store, by=JUN, version=1)
    with pytest.raises(Conflict) as conflict:
        reship(store, version=1)
    assert conflict.value.change["after"]["successor_no"] == "S-1-R1"  # type: ignore[index]
    assert total(store) == 2


def test_a_reshipped_shipment_that_fails_again_gets_the_next_number() -> None:
    store = a_store(GIVEN_UP)
    invoices.register(store, RULES, reship(store), Entry("cj", CJ), request=Request(HANA, NOW))
    a_scan_arrives(store, "S-1-R1", Stage.LOST, nov(17))
    assert reship(store, "S-1-R1") == "S-1-R2"
    assert the(store, "S-1-R2").origin_no == "S-1-R1"


def test_a_number_somebody_took_is_left_out() -> None:
    assert reship(a_store(GIVEN_UP, a_shipment("S-1-R1"))) == "S-1-R2"


def test_the_old_number_is_free_for_the_new_shipment() -> None:
    store = a_store(GIVEN_UP)
    assert invoices.register(store, RULES, reship(store), Entry("cj", CJ), request=Request(HANA, NOW))
    assert the(store, "S-1-R1").invoice == an_invoice(CJ, NOW, invoice_id=2)


@pytest.mark.parametrize("act", [lambda s: move(s, BUSAN), mark, close, reship])
def test_a_shipment_that_does_not_exist_is_not_found(act: Callable[[Store], object]) -> None:
    with pytest.raises(NotFound, match=r"Shipment No\. S-1 does not exist"):
        act(a_store())
