"""New shipments of a file as the columns that are appended to the database: a hundred thousand of them in seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.domain.clock import EPOCH, MICROSECOND
from core.domain.destination import destination_of
from core.domain.reasons import sentences
from core.domain.shipment import ADDRESS, Checkpoint, InvoiceEvent, Stage, State
from core.domain.status import IMPORTED, fold
from core.services.importing.deciding import ATTEMPTED, EMPTY, FIELDS, FIRST_ATTEMPT, ImportDesk, taken
from core.services.importing.drafts import ORDER
from core.services.importing.plain import Flags, Ints, flags, local_days
from core.services.importing.shaping import Shaped
from core.store import shipments
from core.store.database import MOMENT
from core.store.forms import each_distinct, recipient_keys
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
_LAST = np.iinfo(np.int64).max
_POINTS: tuple[tuple[str, Stage, str], ...] = (
    ("picked_up_at", Stage.PICKED_UP, ""),
    ("delivered_at", Stage.DELIVERED, ""),
    ("out_at", Stage.OUT_FOR_DELIVERY, ATTEMPTED),
    ("failed_at", Stage.ATTEMPT_FAILED, FIRST_ATTEMPT),
)
"""What a file tells of the way, as `core.services.importing.deciding.checkpoints_of` says it, in the order of one moment."""


def additions(new: Shaped, desk: ImportDesk, *, first_id: int, first_invoice_id: int) -> Additions:
    """The new shipments with items, invoices and checkpoints; ids rise with the order time, so that lists read neighbours."""
    table = new.shipments.sort_by([("ordered_at", "ascending"), ("place", "ascending")])
    ids = np.arange(first_id, first_id + table.num_rows)
    moments = _moments(table, desk)
    invoiced = flags(table["invoice_no"].is_valid().combine_chunks())
    numbers = pa.array(first_invoice_id - 1 + np.cumsum(invoiced), mask=~invoiced)
    by_group = np.argsort(table["group"].to_numpy())
    places = by_group[np.searchsorted(table["group"].to_numpy(), new.items["group"].to_numpy(), sorter=by_group)]
    return Additions(
        shipments=_shipments(table, ids, numbers, moments, desk),
        items=new.items.set_column(0, "shipment_id", pa.array(ids[places])),
        checkpoints=_checkpoints(ids, numbers, moments),
        reasons=each_distinct(lambda doubt: sentences(taken(doubt)), table["doubt"].combine_chunks()),
    )


@dataclass(frozen=True)
class _Given:
    """Moments in microseconds, where they are known."""

    at: Ints
    known: Flags

    def as_array(self) -> pa.Array:
        return pa.array(self.at, mask=~self.known).cast(MOMENT)


def _moments(table: pa.Table, desk: ImportDesk) -> dict[str, _Given]:
    """All that happened by name: what the file tells, when the number counts as registered, and how a first attempt ended."""
    given = {name: _given(table[name].combine_chunks()) for name in ORDER}
    ordered, told, picked, attempt, delivered = (given[name] for name in ("ordered_at", *ORDER[2:]))
    moved = picked.known | attempt.known | delivered.known
    now = (desk.at - EPOCH) // MICROSECOND
    at = np.where(told.known, told.at, np.where(picked.known, picked.at, np.where(moved, ordered.at, now)))
    failed = attempt.known & delivered.known & (attempt.at < delivered.at)
    failed[failed] = ~_one_day(attempt.at[failed], delivered.at[failed], desk)
    return {
        "ordered_at": ordered,
        "released_at": given["released_at"],
        "invoiced_at": _Given(at, flags(table["invoice_no"].is_valid().combine_chunks())),
        "picked_up_at": picked,
        "delivered_at": delivered,
        "out_at": _Given(attempt.at, attempt.known & ~delivered.known),
        "failed_at": _Given(attempt.at, failed),
    }


def _given(moments: pa.Array) -> _Given:
    return _Given(moments.fill_null(0).to_numpy(), flags(moments.is_valid()))


def _one_day(attempts: Ints, deliveries: Ints, desk: ImportDesk) -> Flags:
    """Whether an attempt is only known by its day, and that is the day of the delivery."""
    same: Flags = local_days(attempts, desk.zone) == local_days(deliveries, desk.zone)
    for place in np.flatnonzero(same):
        local = (EPOCH + timedelta(microseconds=int(attempts[place]))).astimezone(desk.zone)
        same[place] = not (local.hour or local.minute or local.second)
    return same


def _shipments(table: pa.Table, ids: Ints, numbers: pa.Array, moments: Mapping[str, _Given], desk: ImportDesk) -> pa.Table:
    count = table.num_rows
    values = {name: table[name].combine_chunks() for name in (*FIELDS, *ADDRESS)}
    given = {FIELDS.get(name, name): values[name].fill_null(EMPTY[name]) if name in EMPTY else values[name] for name in values}
    columns: dict[str, Any] = {
        **given,
        "shipment_id": pa.array(ids),
        "shipment_no": table["shipment_no"],
        "ordered_at": moments["ordered_at"].as_array(),
        "released_at": moments["released_at"].as_array(),
        "recipient_key": recipient_keys(given["recipient"], given["phone"]),
        "destination": each_distinct(lambda country: destination_of(country, desk.home), given["country"]),
        "product": table["product"],
        "items": table["items"],
        "source_hash": table["digest"],
        **_states(moments, count),
        "invoice_id": numbers,
        "carrier": table["carrier"],
        "invoice_no": table["invoice_no"],
        "canonical_no": pc.if_else(numbers.is_valid(), table["canonical_no"].combine_chunks(), None),
        "invoiced_at": moments["invoiced_at"].as_array(),
        "version": pa.repeat(pa.scalar(1, pa.int32()), count),
        "updated_at": pa.repeat(pa.scalar(desk.at, MOMENT), count),
    }
    filled = [columns[field.name] if field.name in columns else pa.nulls(count, field.type) for field in shipments.SHIPMENT]
    return pa.table(filled, schema=shipments.SHIPMENT)


def _checkpoints(ids: Ints, numbers: pa.Array, moments: Mapping[str, _Given]) -> pa.Table:
    """What the file tells of the ways, by shipment and time."""
    known = [np.flatnonzero(moments[name].known) for name, _, _ in _POINTS]
    of_shipment = np.concatenate(known)
    kinds = np.repeat(np.arange(len(_POINTS)), [len(one) for one in known])
    at = np.concatenate([moments[name].at[places] for (name, _, _), places in zip(_POINTS, known, strict=True)])
    in_order = np.lexsort((kinds, at, of_shipment))
    of_shipment, kinds, at = of_shipment[in_order], pa.array(kinds[in_order]), at[in_order]
    told = [vars(Checkpoint(EPOCH, stage, text=text, source=IMPORTED)) for _, stage, text in _POINTS]
    columns: dict[str, Any] = {
        "shipment_id": pa.array(ids[of_shipment]),
        "invoice_id": numbers.take(pa.array(of_shipment)),
        "happened_at": pa.array(at).cast(MOMENT),
    }
    schema = shipments.CHECKPOINT.remove(shipments.CHECKPOINT.get_field_index("batch_id"))
    filled = [
        columns[field.name] if field.name in columns else pa.array([one[field.name] for one in told], field.type).take(kinds)
        for field in schema
    ]
    return pa.table(filled, schema=schema)


def _states(moments: Mapping[str, _Given], count: int) -> dict[str, pa.Array]:
    """The states of new shipments by column. As folding only compares moments, shipments with the same course share one fold."""
    at = np.stack([given.at for given in moments.values()], axis=1)
    known = np.stack([given.known for given in moments.values()], axis=1)
    turns = _in_turn(at, known)
    _, firsts, which = np.unique(
        (turns + 1) @ (1 << 3 * np.arange(len(moments), dtype=np.int64)), return_index=True, return_inverse=True
    )
    states = [_folded(dict(zip(moments, turns[first].tolist(), strict=True))) for first in firsts]
    columns: dict[str, pa.Array] = {}
    for name, attribute in _STATE.items():
        of_course = [getattr(state, attribute) for state in states]
        kind = shipments.SHIPMENT.field(name).type
        if kind != MOMENT:
            columns[name] = pa.array(of_course, kind).take(pa.array(which))
            continue
        wanted = [-2 if one is None else _TURNS.index(one) for one in of_course]
        sources = np.array([_first(turns[first], turn) for first, turn in zip(firsts, wanted, strict=True)], np.int64)[which]
        columns[name] = _Given(at[np.arange(count), sources], sources >= 0).as_array()
    return columns


def _first(turns: Ints, turn: int) -> int:
    """The place of the first moment that has this turn; -1 for none."""
    found = np.flatnonzero(turns == turn)
    return int(found[0]) if len(found) else -1


def _in_turn(at: Ints, known: Flags) -> Ints:
    """By shipment, the place of each moment among its distinct ones; -1 for what is not known."""
    filled = np.where(known, at, _LAST)
    in_order = np.sort(filled, axis=1)
    distinct = np.diff(in_order, axis=1, prepend=-_LAST) != 0
    turns = [np.sum(distinct & (in_order < filled[:, [column]]), axis=1) for column in range(at.shape[1])]
    found: Ints = np.where(known, np.stack(turns, axis=1), -1)
    return found


def _folded(turns: Mapping[str, int]) -> State:
    """The fold of a course; the moments in it are those of the turns."""
    moments = {name: _TURNS[turn] for name, turn in turns.items() if turn >= 0}
    invoices = (InvoiceEvent(1, "", "", moments["invoiced_at"]),) if "invoiced_at" in moments else ()
    number = 1 if invoices else None
    points = [
        Checkpoint(moments[name], stage, number, text=text, source=IMPORTED) for name, stage, text in _POINTS if name in moments
    ]
    points.sort(key=lambda point: point.happened_at)
    return fold(moments["ordered_at"], moments.get("released_at"), invoices, points)
