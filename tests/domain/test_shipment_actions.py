"""What may be done in which status: the table, complete, and what is said about a refusal."""

from dataclasses import replace

import pytest

from core.domain import shipment_actions
from core.domain.answer_doubts import AnswerDoubt
from core.domain.errors import NotPermitted
from core.domain.shipment import Shipment, Stage, Status, StatusDetail
from core.domain.shipment_actions import Action, Refusal, allowed
from tests.builders import a_checkpoint, a_shipment, an_invoice, nov

STATES = {
    "waiting": (Status.PREPARING_TO_RELEASE, None, False),
    "release failed": (Status.PREPARING_TO_RELEASE, StatusDetail.RELEASE_FAILED, True),
    "processed": (Status.PREPARING_TO_SHIP, None, True),
    "dispatched": (Status.RELEASED, None, True),
    "shipping": (Status.IN_DELIVERY, None, True),
    "redelivery": (Status.SHIPPING_FAILED, StatusDetail.REDELIVERY, True),
    "undecided": (Status.SHIPPING_FAILED, StatusDetail.UNDECIDED, True),
    "cancellation": (Status.SHIPPING_FAILED, StatusDetail.CANCELLATION, True),
    "delivered": (Status.DELIVERED, None, True),
}
ALLOWED_IN = {
    Action.EDIT_ADDRESS: "waiting",
    Action.REGISTER: "waiting",
    Action.MODIFY: "release failed, processed, dispatched, shipping",
    Action.DELETE: "release failed, processed, dispatched, shipping",
    Action.RESHIP: "cancellation",
    Action.CLOSE: "cancellation",
    Action.MARK_DELIVERED: "processed, dispatched, shipping",
    Action.SETTLE: "",
    Action.SPLIT: "waiting, release failed, processed",
    Action.JOIN: "waiting",
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", Action)
def test_an_action_is_permitted_exactly_where_the_table_says(action: Action, state: str) -> None:
    assert (action in allowed(*STATES[state], closed=False)) == (state in ALLOWED_IN[action].split(", "))


def test_only_what_words_leave_open_can_be_settled() -> None:
    undecided = STATES["undecided"]
    assert allowed(*undecided, closed=False, doubt=AnswerDoubt.DELIVERED_OR_RETURNED) == {Action.SETTLE}
    assert allowed(*undecided, closed=False, doubt=AnswerDoubt.GOES_BACK) == {Action.SETTLE}
    assert allowed(*undecided, closed=False, doubt=AnswerDoubt.USED_AGAIN) == frozenset()


@pytest.mark.parametrize("state", STATES)
def test_nothing_is_permitted_on_a_closed_shipment(state: str) -> None:
    assert not allowed(*STATES[state], closed=True)


@pytest.mark.parametrize("status", [Status.PREPARING_TO_SHIP, Status.RELEASED, Status.IN_DELIVERY])
def test_a_shipment_under_way_without_a_number_can_only_be_marked_as_delivered(status: Status) -> None:
    assert allowed(status, None, has_invoice=False, closed=False) == {Action.MARK_DELIVERED}


WAITING = a_shipment()
PROCESSED = a_shipment(invoice=an_invoice())
FAILED = a_shipment(scans=[a_checkpoint(Stage.ATTEMPT_FAILED)])
DELIVERED = a_shipment(scans=[a_checkpoint(Stage.DELIVERED)])
CLOSED = a_shipment(scans=[a_checkpoint(Stage.RETURNED)], closed_at=nov(15))
PAST = a_shipment(scans=[a_checkpoint(Stage.IN_TRANSIT, invoice_id=None)])


SAID = {
    Refusal.ADDRESS_FROZEN: "S-1: the address is frozen, because an invoice is registered. Delete the invoice first.",
    Refusal.ALREADY_REGISTERED: "S-1: 632976615493 is already registered. Modify it instead.",
    Refusal.UNDER_WAY: "S-1: the shipment is already under way. An invoice is registered while it is in Preparing to Release.",
    Refusal.NOT_REGISTERED: "S-1: no invoice is registered.",
    Refusal.SHIPPING_FAILED: "S-1: shipping failed, so the invoice stays as it is. "
    "Re-ship or close the shipment once the carrier gives it up.",
    Refusal.NOT_IN_DELIVERY: "S-1: only a shipment in delivery can be marked as delivered.",
    Refusal.NOT_IN_DOUBT: "S-1: there is nothing like this to settle. The carrier's words leave no such doubt.",
    Refusal.FORGOTTEN: "S-1: who receives it was forgotten, and stays so. Re-ship it, or enter a new order.",
    Refusal.JOINED: "S-1 was put into S-2, and goes out with it. Look at S-2 instead.",
    Refusal.WITH_THE_CARRIER: "S-1: the carrier has had the parcel in hand, so what is in it stays as it is.",
    Refusal.NOT_WAITING: "S-1: only shipments in Preparing to Release without an invoice are put together.",
    Refusal.NOT_GIVEN_UP: "S-1: only a shipment that the carrier gave up (Cancellation) can be re-shipped or closed.",
    Refusal.DELIVERED: "S-1: the shipment is delivered. Nothing can be changed any more.",
    Refusal.CLOSED: "S-1: the shipment is closed. Nothing can be changed any more.",
}


@pytest.mark.parametrize(
    ("action", "shipment", "reason"),
    [
        (Action.EDIT_ADDRESS, PROCESSED, Refusal.ADDRESS_FROZEN),
        (Action.EDIT_ADDRESS, replace(WAITING, forgotten_at=nov(15)), Refusal.FORGOTTEN),
        (Action.REGISTER, PROCESSED, Refusal.ALREADY_REGISTERED),
        (Action.REGISTER, PAST, Refusal.UNDER_WAY),
        (Action.MODIFY, WAITING, Refusal.NOT_REGISTERED),
        (Action.DELETE, WAITING, Refusal.NOT_REGISTERED),
        (Action.MODIFY, FAILED, Refusal.SHIPPING_FAILED),
        (Action.DELETE, FAILED, Refusal.SHIPPING_FAILED),
        (Action.MARK_DELIVERED, WAITING, Refusal.NOT_IN_DELIVERY),
        (Action.SETTLE, FAILED, Refusal.NOT_IN_DOUBT),
        (Action.RESHIP, FAILED, Refusal.NOT_GIVEN_UP),
        (Action.CLOSE, PROCESSED, Refusal.NOT_GIVEN_UP),
        (Action.SPLIT, FAILED, Refusal.WITH_THE_CARRIER),
        (Action.SPLIT, replace(WAITING, forgotten_at=nov(15)), Refusal.FORGOTTEN),
        (Action.JOIN, PROCESSED, Refusal.NOT_WAITING),
        (Action.REGISTER, replace(WAITING, closed_at=nov(15), joined_no="S-2"), Refusal.JOINED),
        (Action.MODIFY, DELIVERED, Refusal.DELIVERED),
        (Action.RESHIP, CLOSED, Refusal.CLOSED),
    ],
)
def test_a_refusal_names_the_shipment_and_the_reason(action: Action, shipment: Shipment, reason: Refusal) -> None:
    with pytest.raises(NotPermitted) as refusal:
        shipment_actions.require(action, shipment)
    assert (refusal.value.reason, refusal.value.whys[0].values["shipment_no"]) == (reason, "S-1")


@pytest.mark.parametrize("reason", Refusal)
def test_every_refusal_has_its_sentence(reason: Refusal) -> None:
    assert str(reason(shipment_no="S-1", invoice_no="632976615493", into="S-2")) == SAID[reason]


def test_a_permitted_action_passes() -> None:
    shipment_actions.require(Action.REGISTER, WAITING)
    assert shipment_actions.of(PROCESSED) == {Action.MODIFY, Action.DELETE, Action.MARK_DELIVERED, Action.SPLIT}
