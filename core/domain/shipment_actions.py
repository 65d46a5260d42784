"""What staff may do with a shipment in which status (product rules, section 3)."""

from collections.abc import Mapping
from enum import StrEnum

from core.domain.answer_doubts import AnswerDoubt
from core.domain.errors import NotPermitted
from core.domain.reasons import Reason, Why
from core.domain.shipment import Shipment, Stage, Status, StatusDetail

_UNDER_WAY = {Status.PREPARING_TO_SHIP, Status.RELEASED, Status.IN_DELIVERY}


SETTLED_AS: Mapping[AnswerDoubt, tuple[Stage, ...]] = {
    AnswerDoubt.DELIVERED_OR_RETURNED: (Stage.DELIVERED, Stage.RETURNED),
    AnswerDoubt.GOES_BACK: (Stage.RETURNED, Stage.IN_TRANSIT),
}
"""As what a person may settle what only words say: in transit is on its way to the recipient all the same."""


class Action(StrEnum):
    EDIT_ADDRESS = "edit_address"
    REGISTER = "register"
    MODIFY = "modify"
    DELETE = "delete"
    RESHIP = "reship"
    CLOSE = "close"
    MARK_DELIVERED = "mark_delivered"
    SETTLE = "settle"
    SPLIT = "split"
    JOIN = "join"


_WAITING = {Action.EDIT_ADDRESS, Action.REGISTER, Action.SPLIT, Action.JOIN}
_RELEASE_FAILED = {Action.MODIFY, Action.DELETE, Action.SPLIT}
_NEEDS_RECIPIENT = {Action.EDIT_ADDRESS, Action.SPLIT, Action.JOIN}


class Refusal(Reason):
    """Why an action is not permitted on a shipment."""

    JOINED = "joined", "{shipment_no} was put into {into}, and goes out with it. Look at {into} instead."
    CLOSED = "closed", "{shipment_no}: the shipment is closed. Nothing can be changed any more."
    DELIVERED = "delivered", "{shipment_no}: the shipment is delivered. Nothing can be changed any more."
    ADDRESS_FROZEN = (
        "address_frozen",
        "{shipment_no}: the address is frozen, because an invoice is registered. Delete the invoice first.",
    )
    ALREADY_REGISTERED = "already_registered", "{shipment_no}: {invoice_no} is already registered. Modify it instead."
    UNDER_WAY = (
        "under_way",
        "{shipment_no}: the shipment is already under way. An invoice is registered while it is in Preparing to Release.",
    )
    NOT_REGISTERED = "not_registered", "{shipment_no}: no invoice is registered."
    SHIPPING_FAILED = (
        "shipping_failed",
        "{shipment_no}: shipping failed, so the invoice stays as it is. "
        "Re-ship or close the shipment once the carrier gives it up.",
    )
    NOT_IN_DELIVERY = "not_in_delivery", "{shipment_no}: only a shipment in delivery can be marked as delivered."
    NOT_IN_DOUBT = (
        "not_in_doubt",
        "{shipment_no}: there is nothing like this to settle. The carrier's words leave no such doubt.",
    )
    WITH_THE_CARRIER = (
        "with_the_carrier",
        "{shipment_no}: the carrier has had the parcel in hand, so what is in it stays as it is.",
    )
    NOT_WAITING = (
        "not_waiting",
        "{shipment_no}: only shipments in Preparing to Release without an invoice are put together.",
    )
    FORGOTTEN = (
        "forgotten",
        "{shipment_no}: who receives it was forgotten, and stays so. Re-ship it, or enter a new order.",
    )
    NOT_GIVEN_UP = (
        "not_given_up",
        "{shipment_no}: only a shipment that the carrier gave up (Cancellation) can be re-shipped or closed.",
    )


def allowed(
    status: Status, word: StatusDetail | None, has_invoice: bool, closed: bool, doubt: AnswerDoubt | None = None
) -> frozenset[Action]:
    """Every action that this state permits. Lists and panels offer exactly these."""
    if closed or status is Status.DELIVERED:
        return frozenset()
    if status is Status.PREPARING_TO_RELEASE:
        return frozenset(_RELEASE_FAILED if has_invoice else _WAITING)
    if status in _UNDER_WAY:
        changes = {Action.MODIFY, Action.DELETE} if has_invoice else set()
        unseen = {Action.SPLIT} if has_invoice and status is Status.PREPARING_TO_SHIP else set()
        return frozenset(changes | unseen | {Action.MARK_DELIVERED})
    if doubt in SETTLED_AS:
        return frozenset({Action.SETTLE})
    return frozenset({Action.RESHIP, Action.CLOSE} if word is StatusDetail.CANCELLATION else ())


def of(shipment: Shipment) -> frozenset[Action]:
    """Every action permitted on the shipment now: one that was forgotten has no address to change, and no recipient to send more to."""
    state = shipment.state
    found = allowed(state.status, state.word, shipment.invoice is not None, shipment.closed_at is not None, state.doubt)
    return found - _NEEDS_RECIPIENT if shipment.forgotten_at else found


def require(action: Action, shipment: Shipment) -> None:
    """Raises NotPermitted with the reason, unless the action is permitted now."""
    if action not in of(shipment):
        raise NotPermitted(refusal(action, shipment))


def left_open(shipment: Shipment) -> bool:
    """Whether the parcel left and nobody said how it ended: what a company leaves behind that is not asked any more."""
    return shipment.closed_at is None and shipment.state.status in _UNDER_WAY | {Status.SHIPPING_FAILED}


def refusal(action: Action, shipment: Shipment) -> Why:
    """Why an action that is not permitted on the shipment now is not."""
    invoice = shipment.invoice
    named = {"shipment_no": shipment.shipment_no, "into": shipment.joined_no or ""}
    return _reason(action, shipment)(**named, invoice_no=invoice.invoice_no if invoice else "")


def _reason(action: Action, shipment: Shipment) -> Refusal:
    if shipment.joined_no:
        return Refusal.JOINED
    if shipment.closed_at:
        return Refusal.CLOSED
    if shipment.state.status is Status.DELIVERED:
        return Refusal.DELIVERED
    match action:
        case Action.EDIT_ADDRESS:
            return Refusal.FORGOTTEN if shipment.forgotten_at else Refusal.ADDRESS_FROZEN
        case Action.REGISTER:
            return Refusal.ALREADY_REGISTERED if shipment.invoice else Refusal.UNDER_WAY
        case Action.MODIFY | Action.DELETE:
            return Refusal.SHIPPING_FAILED if shipment.invoice else Refusal.NOT_REGISTERED
        case Action.MARK_DELIVERED:
            return Refusal.NOT_IN_DELIVERY
        case Action.SETTLE:
            return Refusal.NOT_IN_DOUBT
        case Action.SPLIT:
            return Refusal.FORGOTTEN if shipment.forgotten_at else Refusal.WITH_THE_CARRIER
        case Action.JOIN:
            return Refusal.FORGOTTEN if shipment.forgotten_at else Refusal.NOT_WAITING
    return Refusal.NOT_GIVEN_UP
