"""What may be done in which status: the table, complete, and what is said about a refusal."""

import pytest

from core.domain import permissions
from core.domain.errors import NotPermitted
from core.domain.permissions import Action, allowed
from core.domain.shipment import Shipment, Stage, Status, StatusDetail
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
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("action", Action)
def test_an_action_is_permitted_exactly_where_the_table_says(action: Action, state: str) -> None:
    assert (action in allowed(*STATES[state], closed=False)) == (state in ALLOWED_IN[action].split(", "))


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


@pytest.mark.parametrize(
    ("action", "shipment", "reason"),
    [
        (Action.EDIT_ADDRESS, PROCESSED, "the address is frozen, because an invoice is registered. Delete the invoice first."),
        (Action.REGISTER, PROCESSED, "632976615493 is already registered. Modify it instead."),
        (Action.REGISTER, PAST, "the shipment is already under way."),
        (Action.MODIFY, WAITING, "no invoice is registered."),
        (Action.DELETE, WAITING, "no invoice is registered."),
        (Action.MODIFY, FAILED, "shipping failed, so the invoice stays as it is."),
        (Action.DELETE, FAILED, "shipping failed, so the invoice stays as it is."),
        (Action.MARK_DELIVERED, WAITING, "only a shipment in delivery can be marked as delivered."),
        (Action.RESHIP, FAILED, "only a shipment that the carrier gave up (Cancellation) can be re-shipped or closed."),
        (Action.CLOSE, PROCESSED, "only a shipment that the carrier gave up (Cancellation) can be re-shipped or closed."),
        (Action.MODIFY, DELIVERED, "the shipment is delivered. Nothing can be changed any more."),
        (Action.RESHIP, CLOSED, "the shipment is closed. Nothing can be changed any more."),
    ],
)
def test_a_refusal_names_the_shipment_and_the_reason(action: Action, shipment: Shipment, reason: str) -> None:
    with pytest.raises(NotPermitted) as refusal:
        permissions.require(action, shipment)
    assert str(refusal.value).startswith(f"S-1: {reason}")


def test_a_permitted_action_passes() -> None:
    permissions.require(Action.REGISTER, WAITING)
    assert permissions.of(PROCESSED) == {Action.MODIFY, Action.DELETE, Action.MARK_DELIVERED}
