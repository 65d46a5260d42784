"""What staff may do with a shipment in which status (product rules, section 3)."""

from enum import StrEnum

from core.domain.errors import NotPermitted
from core.domain.shipment import Shipment, Status, StatusDetail

_UNDER_WAY = {Status.PREPARING_TO_SHIP, Status.RELEASED, Status.IN_DELIVERY}


class Action(StrEnum):
    EDIT_ADDRESS = "edit_address"
    REGISTER = "register"
    MODIFY = "modify"
    DELETE = "delete"
    RESHIP = "reship"
    CLOSE = "close"
    MARK_DELIVERED = "mark_delivered"


def allowed(status: Status, word: StatusDetail | None, has_invoice: bool, closed: bool) -> frozenset[Action]:
    """Every action that this state permits. Lists and panels offer exactly these."""
    if closed or status is Status.DELIVERED:
        return frozenset()
    if status is Status.PREPARING_TO_RELEASE:
        return frozenset({Action.MODIFY, Action.DELETE} if has_invoice else {Action.EDIT_ADDRESS, Action.REGISTER})
    if status in _UNDER_WAY:
        changes = {Action.MODIFY, Action.DELETE} if has_invoice else set()
        return frozenset(changes | {Action.MARK_DELIVERED})
    return frozenset({Action.RESHIP, Action.CLOSE} if word is StatusDetail.CANCELLATION else ())


def of(shipment: Shipment) -> frozenset[Action]:
    """Every action permitted on the shipment now."""
    state = shipment.state
    return allowed(state.status, state.word, shipment.invoice is not None, shipment.closed_at is not None)


def require(action: Action, shipment: Shipment) -> None:
    """Raises NotPermitted with the reason, unless the action is permitted now."""
    if action not in of(shipment):
        raise NotPermitted(f"{shipment.shipment_no}: {_reason(action, shipment)}")


def _reason(action: Action, shipment: Shipment) -> str:
    if shipment.closed_at:
        return "the shipment is closed. Nothing can be changed any more."
    if shipment.state.status is Status.DELIVERED:
        return "the shipment is delivered. Nothing can be changed any more."
    if action is Action.EDIT_ADDRESS:
        return "the address is frozen, because an invoice is registered. Delete the invoice first."
    if action is Action.REGISTER:
        invoice = shipment.invoice
        return f"{invoice.invoice_no} is already registered. Modify it instead." if invoice else _NOT_WAITING
    if action in (Action.MODIFY, Action.DELETE):
        return "no invoice is registered." if shipment.invoice is None else _FAILED
    if action is Action.MARK_DELIVERED:
        return "only a shipment in delivery can be marked as delivered."
    return "only a shipment that the carrier gave up (Cancellation) can be re-shipped or closed."


_NOT_WAITING = "the shipment is already under way. An invoice is registered while it is in Preparing to Release."
_FAILED = "shipping failed, so the invoice stays as it is. Re-ship or close the shipment once the carrier gives it up."
