"""The columns of each table as Arrow, and the way between a row and a shipment."""

from collections.abc import Iterable, Mapping
from typing import Any

import pyarrow as pa

from core.domain.shipment import (
    Address,
    Checkpoint,
    Destination,
    InvoiceEvent,
    Item,
    Kind,
    Shipment,
    Stage,
    State,
    Status,
    StatusDetail,
)

MOMENT = pa.timestamp("us", tz="UTC")

ADDRESS = ("recipient", "phone", "address", "city", "region", "postal_code", "country")
OWN = (
    *ADDRESS, "order_no", "kind", "destination", "ordered_at", "released_at", "promised_on", "ship_by", "warehouse",
    "policy", "option", "weight_g", "freight", "currency", "request", "product", "items", "source_hash",
)  # fmt: skip
DERIVED = (
    "status", "word", "reason", "exception", "stage", "status_since", "invoice_id", "carrier", "invoice_no", "invoiced_at",
    "picked_up_at", "first_attempt_at", "last_scan_at", "delivered_at", "closed_at", "origin_no", "successor_no",
    "version", "updated_at",
)  # fmt: skip

_TYPES: dict[str, pa.DataType] = {
    "shipment_id": pa.int64(),
    "invoice_id": pa.int64(),
    "event_id": pa.int64(),
    "batch_id": pa.int64(),
    "history_id": pa.int64(),
    "undoes": pa.int64(),
    "weight_g": pa.int32(),
    "items": pa.int32(),
    "line": pa.int32(),
    "quantity": pa.int32(),
    "version": pa.int32(),
    "freight": pa.decimal128(12, 2),
    "promised_on": pa.date32(),
    "ship_by": pa.date32(),
    "zone_assumed": pa.bool_(),
    "status_since": MOMENT,
}


def _schema(*names: str) -> pa.Schema:
    return pa.schema([(name, _TYPES.get(name) or (MOMENT if name.endswith("_at") else pa.string())) for name in names])


SHIPMENT = _schema("shipment_id", "shipment_no", *OWN, *DERIVED)
ITEM = _schema("shipment_id", "line", "product_id", "name", "quantity")
INVOICE = _schema(
    "event_id", "shipment_id", "invoice_id", "action", "carrier", "invoice_no", "changed_at", "batch_id"
)  # fmt: skip
CHECKPOINT = _schema(
    "shipment_id", "invoice_id", "happened_at", "zone_assumed", "stage", "code", "place", "text", "source", "batch_id"
)  # fmt: skip
BATCH = _schema("batch_id", "request_key", "made_at", "made_by", "source", "note", "undoes")
HISTORY = _schema(
    "history_id", "shipment_id", "batch_id", "changed_at", "changed_by", "source", "action", "before", "after", "reason"
)  # fmt: skip
SEARCH_KEY = _schema("kind", "value", "shipment_id")


def table_of(rows: Iterable[Mapping[str, Any]], schema: pa.Schema) -> pa.Table:
    """The rows as an Arrow table of that schema."""
    return pa.Table.from_pylist(list(rows), schema=schema)


def row_of(shipment: Shipment) -> dict[str, Any]:
    """The shipment's own row, without `source_hash`."""
    state, invoice, address = shipment.state, shipment.invoice, shipment.address
    return {
        "shipment_id": shipment.shipment_id,
        "shipment_no": shipment.shipment_no,
        **{name: getattr(address, name) for name in ADDRESS},
        **{name: getattr(shipment, name) for name in _SAME},
        "product": shipment.items[0].name if shipment.items else "",
        "items": len(shipment.items),
        "status": state.status,
        "word": state.word,
        "reason": state.reason,
        "exception": state.exception,
        "stage": state.stage,
        "status_since": state.since,
        "invoice_id": invoice.invoice_id if invoice else None,
        "carrier": invoice.carrier if invoice else None,
        "invoice_no": invoice.invoice_no if invoice else None,
        "invoiced_at": invoice.changed_at if invoice else None,
        "picked_up_at": state.picked_up_at,
        "first_attempt_at": state.first_attempt_at,
        "last_scan_at": state.last_scan_at,
        "delivered_at": state.delivered_at,
    }


_SAME = (
    "order_no", "kind", "destination", "ordered_at", "released_at", "promised_on", "ship_by", "warehouse", "policy",
    "option", "weight_g", "freight", "currency", "request", "closed_at", "origin_no", "successor_no", "version",
    "updated_at",
)  # fmt: skip


def shipment_of(
    row: Mapping[str, Any],
    items: Iterable[Mapping[str, Any]] = (),
    invoices: Iterable[Mapping[str, Any]] = (),
    checkpoints: Iterable[Mapping[str, Any]] = (),
) -> Shipment:
    """The shipment of a stored row and its facts."""
    same = {name: row[name] for name in _SAME if name not in ("kind", "destination")}
    return Shipment(
        shipment_id=row["shipment_id"],
        shipment_no=row["shipment_no"],
        address=Address(**{name: row[name] for name in ADDRESS}),
        kind=Kind(row["kind"]),
        destination=Destination(row["destination"]),
        state=_state_of(row),
        items=tuple(Item(i["product_id"], i["name"], i["quantity"]) for i in items),
        invoices=tuple(_invoice_of(i) for i in invoices),
        checkpoints=tuple(_checkpoint_of(c) for c in checkpoints),
        **same,
    )


def _state_of(row: Mapping[str, Any]) -> State:
    return State(
        status=Status(row["status"]),
        since=row["status_since"],
        word=StatusDetail(row["word"]) if row["word"] else None,
        reason=row["reason"],
        exception=row["exception"],
        stage=Stage(row["stage"]) if row["stage"] else None,
        picked_up_at=row["picked_up_at"],
        first_attempt_at=row["first_attempt_at"],
        last_scan_at=row["last_scan_at"],
        delivered_at=row["delivered_at"],
    )


def _invoice_of(row: Mapping[str, Any]) -> InvoiceEvent:
    return InvoiceEvent(
        row["invoice_id"], row["carrier"], row["invoice_no"], row["changed_at"], deleted=row["action"] == "deleted"
    )


def _checkpoint_of(row: Mapping[str, Any]) -> Checkpoint:
    return Checkpoint(
        happened_at=row["happened_at"],
        stage=Stage(row["stage"]) if row["stage"] else None,
        invoice_id=row["invoice_id"],
        code=row["code"],
        place=row["place"],
        text=row["text"],
        source=row["source"],
        zone_assumed=row["zone_assumed"],
    )
