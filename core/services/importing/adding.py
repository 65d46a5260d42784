"""New shipments of a file as the columns that are appended to the database: a hundred thousand of them in seconds."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from operator import attrgetter
from typing import Any

import pyarrow as pa

from core.domain.destination import destination_of
from core.domain.recipients import recipient_key
from core.domain.shipment import Checkpoint, InvoiceEvent, Stage, State
from core.domain.status import IMPORTED, fold
from core.services.importing.columns import ADDRESS
from core.services.importing.deciding import EMPTY, FIELDS, ImportDesk, checkpoints_of, invoiced_at
from core.services.importing.drafts import Draft
from core.store import shipments
from core.store.imports import Additions

_TURNS = tuple(datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=turn) for turn in range(12))
_STATE = {
    "status": "status",
    "word": "word",
    "reason": "reason",
    "exception": "exception",
    "stage": "stage",
    "status_since": "since",
    "picked_up_at": "picked_up_at",
    "first_attempt_at": "first_attempt_at",
    "last_scan_at": "last_scan_at",
    "delivered_at": "delivered_at",
    "failed_attempts": "failed_attempts",
    "first_failed_at": "first_failed_at",
}


def additions(drafts: Sequence[Draft], desk: ImportDesk, *, first_id: int, first_invoice_id: int) -> Additions:
    """The new shipments with items, invoices and checkpoints; ids rise with the order time, so that lists read neighbours."""
    drafts = sorted(drafts, key=lambda draft: draft.values["ordered_at"])
    ids = range(first_id, first_id + len(drafts))
    events = [
        InvoiceEvent(first_invoice_id + n, *draft.invoice, invoiced_at(draft, desk.at), canonical_no=draft.canonical_no)
        if draft.invoice
        else None
        for n, draft in enumerate(drafts)
    ]
    points = [
        checkpoints_of(draft, event.invoice_id if event else None, desk.zone)
        for draft, event in zip(drafts, events, strict=True)
    ]
    states = [folded(draft, event, journey) for draft, event, journey in zip(drafts, events, points, strict=True)]
    return Additions(
        shipments=_shipments(drafts, ids, events, states, desk),
        items=_items(drafts, ids),
        invoices=[(number, event) for number, event in zip(ids, events, strict=True) if event],
        checkpoints=[(number, point) for number, journey in zip(ids, points, strict=True) for point in journey],
        doubts={number: draft.doubt for number, draft in zip(ids, drafts, strict=True) if draft.doubt},
    )


def _shipments(
    drafts: Sequence[Draft], ids: range, events: Sequence[InvoiceEvent | None], states: Sequence[State], desk: ImportDesk
) -> pa.Table:
    countries = [draft.values["country"] for draft in drafts]
    destinations = {country: destination_of(country, desk.home) for country in set(countries)}
    given = dict(zip((*ADDRESS, *FIELDS.values()), _columns(drafts, (*ADDRESS, *FIELDS)), strict=True))
    columns: dict[str, Sequence[Any]] = {
        "shipment_id": ids,
        "shipment_no": [draft.shipment_no for draft in drafts],
        **given,
        "recipient_key": list(map(recipient_key, given["recipient"], given["phone"])),
        "destination": [destinations[country] for country in countries],
        "product": [draft.items[0].name if draft.items else "" for draft in drafts],
        "items": [len(draft.items) for draft in drafts],
        "source_hash": [draft.digest for draft in drafts],
        **dict(zip(_STATE, zip(*map(attrgetter(*_STATE.values()), states), strict=True), strict=True)),
        "invoice_id": [event.invoice_id if event else None for event in events],
        "carrier": [event.carrier if event else None for event in events],
        "invoice_no": [event.invoice_no if event else None for event in events],
        "canonical_no": [event.canonical_no if event else None for event in events],
        "invoiced_at": [event.changed_at if event else None for event in events],
        "version": [1] * len(drafts),
        "updated_at": [desk.at] * len(drafts),
    }
    return pa.table(
        [pa.array(columns[f.name], f.type) if f.name in columns else pa.nulls(len(drafts), f.type) for f in shipments.SHIPMENT],
        schema=shipments.SHIPMENT,
    )


def _columns(drafts: Sequence[Draft], names: Sequence[str]) -> list[list[Any]]:
    """The values of these columns; row by row, since a draft's values lie together in memory."""
    rows = [tuple(map(draft.values.get, names)) for draft in drafts]
    empty = [EMPTY.get(name) for name in names]
    return [
        [nothing if value is None else value for value in column]
        for nothing, column in zip(empty, zip(*rows, strict=True), strict=True)
    ]


def _items(drafts: Sequence[Draft], ids: Iterable[int]) -> pa.Table:
    lines = [
        (number, line, item) for number, draft in zip(ids, drafts, strict=True) for line, item in enumerate(draft.items, 1)
    ]
    return pa.table(
        [
            [number for number, _, _ in lines],
            [line for _, line, _ in lines],
            [item.product_id for _, _, item in lines],
            [item.name for _, _, item in lines],
            [item.quantity for _, _, item in lines],
        ],
        schema=shipments.ITEM,
    )


def folded(draft: Draft, event: InvoiceEvent | None, points: Sequence[Checkpoint]) -> State:
    """The fold of a new shipment. As folding only compares moments, shipments with the same course share one fold."""
    ordered_at, released_at = draft.values["ordered_at"], draft.values.get("released_at")
    given = {ordered_at, *(point.happened_at for point in points)}
    if event:
        given.add(event.changed_at)
    if released_at:
        given.add(released_at)
    moments = sorted(given)
    turn = dict(zip(moments, _TURNS, strict=False))
    state = _course(
        turn[ordered_at],
        turn[released_at] if released_at else None,
        turn[event.changed_at] if event else None,
        tuple((turn[point.happened_at], point.stage, point.text) for point in points),
    )
    real = dict(zip(_TURNS, moments, strict=False))
    return State(**{name: real.get(value, value) for name, value in vars(state).items()})


@lru_cache(maxsize=1000)
def _course(
    ordered: datetime,
    released: datetime | None,
    invoiced: datetime | None,
    points: tuple[tuple[datetime, Stage | None, str], ...],
) -> State:
    invoices = (InvoiceEvent(1, "", "", invoiced),) if invoiced else ()
    number = 1 if invoiced else None
    return fold(
        ordered, released, invoices, [Checkpoint(at, stage, number, text=text, source=IMPORTED) for at, stage, text in points]
    )
