"""Undo of a batch: every shipment that has not moved since goes back, the others stay with the reason.

Shipments that an import added go out of the desk again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.domain.destination import destination_of
from core.domain.errors import NotFound, Refused
from core.domain.shipment import InvoiceEvent, Shipment, Status
from core.services.shipments.changes import Actor, Step, write
from core.store import history, imports, shipments, tables
from core.store.database import Connection, Row, Store

UNDOABLE = {"invoice_registered", "invoice_modified", "invoice_deleted", "address_edited"}
_AFTER_SCAN = {Status.RELEASED, Status.IN_DELIVERY, Status.SHIPPING_FAILED, Status.DELIVERED}


@dataclass(frozen=True)
class Undone:
    """What became of one shipment of the batch; `stayed` is the reason why it did not go back."""

    shipment_no: str
    stayed: str = ""


def undo(
    store: Store, batch_id: int, *, home: str, by: Actor, at: datetime, admin: bool = False, request_key: str | None = None
) -> list[Undone]:
    """One answer per shipment of the batch; those that went back are one new batch of source "undo".

    Only the author or an admin may undo. Raises NotFound, or Refused when it is not allowed or was undone before.
    """

    def job(connection: Connection) -> list[Undone]:
        if history.batch_of(connection, request_key) is not None:
            return []
        _require(connection, batch_id, by, admin)
        added = imports.added(connection, batch_id)
        gone = [row for row in added if row["untouched"]]
        changes = history.of_batch(connection, batch_id, but=[row["shipment_id"] for row in added])
        found = shipments.load_by_id(connection, [change["shipment_id"] for change in changes])
        answers, steps = _decide(changes, found, home, at)
        if steps or gone:
            undone = history.open_batch(
                connection,
                by=by.name,
                at=at,
                source="undo",
                note=f"undo of B-{batch_id}",
                request_key=request_key,
                undoes=batch_id,
            )
            actor = Actor(by.name, "undo")
            if steps:
                write(connection, steps, batch_id=undone, by=actor, at=at)
            _remove(connection, gone, undone, actor, at)
        return [Undone(row["shipment_no"], "" if row["untouched"] else "it was changed again since") for row in added] + answers

    return store.write(job)


def _remove(connection: Connection, rows: Sequence[Row], batch_id: int, by: Actor, at: datetime) -> None:
    """Shipments that an import added leave the desk again; the history says so."""
    if not rows:
        return
    imports.remove(connection, [row["shipment_id"] for row in rows])
    said = [history.Change(row["shipment_id"], "removed", {"shipment_no": row["shipment_no"]}, {}) for row in rows]
    history.append(connection, said, batch_id=batch_id, by=by.name, at=at, source=by.source)


def batches(store: Store, limit: int = 100) -> list[Row]:
    """The newest batches, as `core.store.history.batches` gives them."""
    return history.batches(store, limit)


def _require(connection: Connection, batch_id: int, by: Actor, admin: bool) -> None:
    batch = history.batch(connection, batch_id)
    if batch is None:
        raise NotFound(f"Batch B-{batch_id} does not exist.")
    if batch["made_by"] != by.name and not admin:
        raise Refused(f"Batch B-{batch_id} was made by {batch['made_by']}. Only they or an admin can undo it.")
    if batch["undoes"]:
        raise Refused(f"Batch B-{batch_id} is itself an undo. Make the change again instead.")
    before = history.undone_by(connection, batch_id)
    if before:
        raise Refused(f"Batch B-{batch_id} was undone already by {before['made_by']}.")


def _decide(changes: Sequence[Row], found: dict[int, Shipment], home: str, at: datetime) -> tuple[list[Undone], list[Step]]:
    answers, steps = [], []
    for change in changes:
        shipment = found[change["shipment_id"]]
        reason = _why_stays(change, shipment)
        answers.append(Undone(shipment.shipment_no, reason))
        if not reason:
            steps.append(_back(change, shipment, home, at))
    return answers, steps


def _why_stays(change: Row, shipment: Shipment) -> str:
    if change["action"] == "imported":
        return "the import changed it; put the old values into the file and import it again"
    if change["action"] not in UNDOABLE:
        return "this kind of change cannot be undone"
    if not change["newest"]:
        return "it was changed again since"
    if change["action"] != "invoice_deleted" and shipment.state.status in _AFTER_SCAN:
        return "the carrier has scanned it since; delete the invoice from the shipment instead"
    return ""


def _back(change: Row, shipment: Shipment, home: str, at: datetime) -> Step:
    before: dict[str, Any] = change["before"]
    if change["action"] == "address_edited":
        changes = {name: before[name] for name in tables.ADDRESS if name in before}
        address = type(shipment.address)(
            **{name: changes.get(name, getattr(shipment.address, name)) for name in tables.ADDRESS}
        )
        own = {"address": address, "destination": destination_of(address.country, home)}
        return Step(shipment, "undone", changes=own, own=True)
    return Step(shipment, "undone", invoices=(_event_back(before, shipment, at),))


def _event_back(before: dict[str, Any], shipment: Shipment, at: datetime) -> InvoiceEvent:
    """The registration before the change again, or the deletion of the one the change made."""
    last = shipment.invoices[-1]
    carrier, number = before.get("carrier", last.carrier), before.get("invoice_no", last.invoice_no)
    if not number:
        return InvoiceEvent(last.invoice_id, last.carrier, last.invoice_no, at, deleted=True)
    known = next(e for e in reversed(shipment.invoices) if (e.carrier, e.invoice_no) == (carrier, number))
    return InvoiceEvent(known.invoice_id, carrier, number, at)
