"""What staff do with a shipment besides its invoice: address, delivery by hand, re-ship, close."""

from datetime import datetime

from core.domain import shipment_actions
from core.domain.countries import COUNTRIES
from core.domain.destination import destination_of
from core.domain.errors import NotPermitted, Refused
from core.domain.history import HistoryAction
from core.domain.permissions import Act
from core.domain.reasons import Reason
from core.domain.shipment import Address, Checkpoint, Handling, Hint, Shipment, Stage, State, Status
from core.domain.shipment_actions import Action, Refusal
from core.domain.texts import said
from core.services.shipments.changes import Actor, Request, Step, change, existing, require_version, write
from core.store import history, shipments
from core.store.database import Connection, Store


class Missing(Reason):
    """What an action was not told; the value is the field."""

    RECIPIENT = "recipient", "Recipient is empty. Fill in who receives the parcel."
    ADDRESS = "address", "Address is empty. Fill in the street and number."
    COUNTRY = "country", "Country: choose the country the parcel goes to."
    REASON = "reason", "Reason is empty. Say how you know that it was delivered."
    CLOSING_REASON = "closing_reason", "Reason is empty. Say why nothing more will come of these shipments."


def edit_address(
    store: Store,
    shipment_no: str,
    address: Address,
    *,
    request: Request,
    home: str,
) -> bool:
    """Replaces the shipping address while no invoice freezes it. False when nothing differs.

    Raises NotFound, NotPermitted, Conflict, or Refused with the field when the address is incomplete.
    """
    request.require(Act.CHANGE)
    address = Address(**{name: said(text) for name, text in vars(address).items()})
    _require_address(address)

    def decide(_: Connection, shipment: Shipment) -> Step | None:
        if shipment.address == address:
            return None
        shipment_actions.require(Action.EDIT_ADDRESS, shipment)
        changes = {"address": address, "destination": destination_of(address.country, home)}
        return Step(shipment, HistoryAction.ADDRESS_EDITED, changes=changes, own=True)

    return change(store, shipment_no, decide, request=request)


def mark_delivered(
    store: Store,
    shipment_no: str,
    *,
    request: Request,
    reason: str,
) -> bool:
    """Marks a shipment in delivery as delivered now, with the reason that is asked for. Raises like `edit_address`."""
    request.require(Act.CHANGE)
    reason = _required(reason, Missing.REASON)

    def decide(_: Connection, shipment: Shipment) -> Step | None:
        shipment_actions.require(Action.MARK_DELIVERED, shipment)
        return delivered_by_hand(shipment, request.by, request.at, reason)

    return change(store, shipment_no, decide, request=request)


def delivered_by_hand(shipment: Shipment, by: Actor, at: datetime, reason: str) -> Step:
    """That somebody knows that the shipment was delivered."""
    invoice = shipment.invoice
    delivered = Checkpoint(at, Stage.DELIVERED, invoice.invoice_id if invoice else None, text=reason, source=by.source)
    return Step(shipment, HistoryAction.MARKED_DELIVERED, checkpoints=(delivered,), reason=reason)


def settle(store: Store, shipment_no: str, stage: Stage, *, request: Request) -> bool:
    """Settles what became of a parcel of which only words say that it goes back, as `shipment_actions.SETTLED_AS`. Raises like `edit_address`.

    The carrier's own moments stay; only what they mean is decided.
    """
    request.require(Act.CHANGE)

    def decide(_: Connection, shipment: Shipment) -> Step | None:
        shipment_actions.require(Action.SETTLE, shipment)
        doubt = shipment.state.doubt
        if doubt is None or stage not in shipment_actions.SETTLED_AS[doubt]:
            raise NotPermitted(Refusal.NOT_IN_DOUBT(shipment_no=shipment_no))
        return Step(shipment, HistoryAction.SETTLED, checkpoints=(decision(shipment, stage, request),))

    return change(store, shipment_no, decide, request=request)


def decision(shipment: Shipment, stage: Stage | None, request: Request) -> Checkpoint:
    """What a person decides on the doubt of a shipment, as a fact; None takes back what was decided."""
    invoice = shipment.invoice
    number = invoice.invoice_id if invoice else None
    return Checkpoint(request.at, stage, number, source=request.by.source, hint=Hint.SETTLED)


def close(
    store: Store,
    shipment_no: str,
    *,
    request: Request,
    reason: str = "",
) -> bool:
    """Closes a shipment that the carrier gave up: nothing more will be sent. Raises like `edit_address`."""
    request.require(Act.CHANGE)

    def decide(_: Connection, shipment: Shipment) -> Step | None:
        shipment_actions.require(Action.CLOSE, shipment)
        return Step(shipment, HistoryAction.CLOSED, changes={"closed_at": request.at}, reason=said(reason))

    return change(store, shipment_no, decide, request=request)


def reship(store: Store, shipment_no: str, *, request: Request) -> str:
    """The number of the new shipment, waiting in Preparing to Release for the same order; the old one is closed.

    A repeated request returns the same number. Raises NotFound, NotPermitted or Conflict.
    """
    request.require(Act.CHANGE)

    def job(connection: Connection) -> str:
        shipment = existing(connection, shipment_no)
        if history.batch_of(connection, request.request_key) is not None and shipment.successor_no:
            return shipment.successor_no
        require_version(connection, shipment, request.version)
        shipment_actions.require(Action.RESHIP, shipment)
        successor = _successor(connection, shipment, request.at)
        step = Step(shipment, HistoryAction.RESHIPPED, changes={"closed_at": request.at, "successor_no": successor.shipment_no})
        batch = history.open_batch(
            connection,
            by=request.by.name,
            at=request.at,
            source=request.by.source,
            note=step.action,
            request_key=request.request_key,
        )
        shipments.add(connection, [successor])
        write(connection, [step], batch_id=batch, request=request)
        created = history.Change(successor.shipment_id, HistoryAction.CREATED, {}, {"origin_no": shipment_no})
        history.append(connection, [created], batch_id=batch, by=request.by.name, at=request.at, source=request.by.source)
        return successor.shipment_no

    return store.write(job)


def _successor(connection: Connection, shipment: Shipment, at: datetime) -> Shipment:
    stem, _, turn = shipment.shipment_no.rpartition("-R")
    base, first = (stem, int(turn) + 1) if stem and turn.isdecimal() else (shipment.shipment_no, 1)
    candidates = [f"{base}-R{n}" for n in range(first, first + 100)]
    taken = shipments.load(connection, candidates)
    number = next(candidate for candidate in candidates if candidate not in taken)
    return shipment.but(
        shipment_id=shipments.next_shipment_id(connection),
        shipment_no=number,
        state=State(Status.PREPARING_TO_RELEASE, since=at),
        released_at=at,
        promised_on=None,
        ship_by=None,
        invoices=(),
        checkpoints=(),
        origin_no=shipment.shipment_no,
        split_no=None,
        regrouped_at=None,
        forgotten_at=None,
        handling=Handling(),
        version=1,
        updated_at=at,
    )


def _require_address(address: Address) -> None:
    _required(address.recipient, Missing.RECIPIENT)
    _required(address.address, Missing.ADDRESS)
    if address.country not in COUNTRIES:
        raise Refused(Missing.COUNTRY(), Missing.COUNTRY)


def _required(value: str, field: Missing) -> str:
    if not (text := said(value)):
        raise Refused(field(), field)
    return text
