"""Undo of a batch: every shipment that has not moved since goes back, the others stay with the reason.

Shipments that an import added go out of the desk again, those that it changed are as they were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from core.domain import permissions, personal
from core.domain.destination import destination_of
from core.domain.errors import Forbidden, NotFound, Refused
from core.domain.history import BESIDE, ON_WORKLIST, ChangeSource, HistoryAction
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.reasons import Names, Reason, Why
from core.domain.shipment import ADDRESS, InvoiceEvent, Shipment, Status
from core.files.order_layouts import layouts
from core.services.shipments import import_undo, parcel_undo
from core.services.shipments.actions import decision
from core.services.shipments.changes import Actor, Request, Step, derived, write
from core.services.shipments.import_undo import Brought, Restored
from core.services.shipments.invoices import in_use
from core.store import history, imports, shipments, sources
from core.store.database import Connection, Row, Store

UNDOABLE = {
    HistoryAction.INVOICE_REGISTERED,
    HistoryAction.INVOICE_MODIFIED,
    HistoryAction.INVOICE_DELETED,
    HistoryAction.ADDRESS_EDITED,
    HistoryAction.MARKED_DELIVERED,
    HistoryAction.CLOSED,
    HistoryAction.SETTLED,
    HistoryAction.IMPORTED,
    HistoryAction.ASSIGNED,
    *ON_WORKLIST,
    HistoryAction.NOTED,
}
NOBODY = Names()
NEVER_UNDONE = (ChangeSource.DEMO, ChangeSource.EXPORT, ChangeSource.CARRIER, ChangeSource.OWN_SHOP)
"""From where batches come in which there is nothing to undo."""
_OWN_NOTES = frozenset(HistoryAction)
_OWN_SOURCES = (ChangeSource.UNDO, *NEVER_UNDONE)
_WHEREVER_IT_IS = {
    HistoryAction.INVOICE_DELETED,
    HistoryAction.MARKED_DELIVERED,
    HistoryAction.CLOSED,
    HistoryAction.SETTLED,
    *BESIDE,
}
_AFTER_SCAN = {Status.RELEASED, Status.IN_DELIVERY, Status.SHIPPING_FAILED, Status.DELIVERED}


class Stayed(Reason):
    """Why a shipment of an undone batch did not go back."""

    CHANGED_SINCE = "changed_since", "{shipment_no} stayed: it was changed again since."
    HANDED_SINCE = (
        "handed_since",
        "{shipment_no} stayed: its number was handed to {title} on {at:%Y-%m-%d at %H:%M} ({at.tzinfo}). Delete or modify the invoice "
        "from the shipment instead, and mend the number at {title}, too.",
    )
    SCANNED_SINCE = (
        "scanned_since",
        "{shipment_no} stayed: the carrier has scanned it since; delete the invoice from the shipment instead.",
    )
    IMPORT = (
        "import",
        "{shipment_no} stayed: this import was made by an earlier Shipdesk, which did not keep all that it changed. "
        "Put the old values into the file and import it again.",
    )
    NUMBER_IN_USE = "number_in_use", "{shipment_no} stayed: its number is on {others} by now."
    GOODS_ELSEWHERE = (
        "goods_elsewhere",
        "{shipment_no} stayed: the goods go back together, and {others} was changed since.",
    )
    NOT_UNDOABLE = "not_undoable", "{shipment_no} stayed: this kind of change cannot be undone."


class NotUndone(Reason):
    """Why a batch is not undone at all."""

    NO_BATCH = "no_batch", "Batch B-{batch} does not exist."
    ANOTHERS = "anothers", "Batch B-{batch} was made by {by}. Only they or an admin can undo it."
    AN_UNDO = "an_undo", "Batch B-{batch} is itself an undo. Make the change again instead."
    AN_EXPORT = "an_export", "Batch B-{batch} is a file that was taken. There is nothing to undo."
    UNDONE_BEFORE = "undone_before", "Batch B-{batch} was undone already by {by}."


@dataclass(frozen=True)
class Undone:
    """What became of one shipment of the batch; `stayed` is why it did not go back, None when it did."""

    shipment_no: str
    stayed: Why | None = None

    @classmethod
    def of(cls, shipment_no: str, stayed: Stayed | None, **named: Any) -> "Undone":
        return cls(shipment_no, stayed(shipment_no=shipment_no, **named) if stayed else None)


def key_of(batch_id: int) -> str:
    """The request key of undoing this batch: the same for every press."""
    return f"undo of {batch_id}"


def undo(
    store: Store,
    batch_id: int,
    *,
    request: Request,
    home: str,
) -> list[Undone]:
    """One answer per shipment of the batch; those that went back are one new batch of source UNDO.

    A repeated request gives the same answer and writes nothing. Only the author or an admin may undo. Raises Forbidden, NotFound, or Refused when it was undone before.
    """
    request.require(Act.UNDO_OWN)

    def job(connection: Connection) -> list[Undone]:
        if (known := history.batch_of(connection, request.request_key)) is not None:
            return _answered(connection, batch_id, known, request, home)
        _require(connection, batch_id, request.by.person)
        if handed := [one for one in history.of_batch(connection, batch_id) if one["action"] == HistoryAction.HANDED_OVER]:
            return _take_back(connection, batch_id, handed, request)
        brought = import_undo.brought_by(connection, batch_id)
        added = {
            row["shipment_id"]: (row["shipment_no"], _why_added_stays(row, brought))
            for row in imports.added(connection, batch_id)
        }
        gone = {number: shipment_no for number, (shipment_no, stayed) in added.items() if stayed is None}
        changes = history.of_batch(connection, batch_id, but=list(added))
        found = shipments.load_by_id(connection, [change["shipment_id"] for change in changes])
        undoing = Request(Actor(request.by.person, ChangeSource.UNDO), request.at)
        if parcel_undo.is_one(changes):
            return _regroup(connection, batch_id, changes, found, request, undoing)
        answers, back = _decide(
            connection, changes, _Now(found, brought, sources.handed_since(connection, batch_id), home, undoing)
        )
        if back or gone:
            undone = _undoing(connection, batch_id, request)
            if back:
                write(
                    connection, [one if isinstance(one, Step) else one.step for one in back], batch_id=undone, request=undoing
                )
                import_undo.put_back(connection, [one for one in back if isinstance(one, Restored)])
            _remove(connection, gone, undone, undoing.by, request.at)
        return [Undone.of(*one) for one in added.values()] + answers

    return store.write(job)


def _answered(connection: Connection, batch_id: int, undone: int, request: Request, home: str) -> list[Undone]:
    """What was answered before: which shipments went back in the batch `undone`, and why the others of the batch stayed."""
    rows = history.of_batch(connection, undone)
    back = {row["shipment_id"]: row["before"].get("shipment_no", "") for row in rows}
    changes = history.of_batch(connection, batch_id, but=list(back))
    found = shipments.load_by_id(connection, [*back, *(change["shipment_id"] for change in changes)])
    went = [Undone(found[number].shipment_no if number in found else no) for number, no in back.items()]
    now = _Now(found, import_undo.brought_by(connection, batch_id), sources.handed_since(connection, batch_id), home, request)
    stayed, _ = _decide(connection, [change for change in changes if change["shipment_id"] in found], now)
    return went + [one for one in stayed if one.stayed]


def _take_back(connection: Connection, batch_id: int, handed: Sequence[Row], request: Request) -> list[Undone]:
    """Numbers that were handed to a source count as not told again, whatever became of their shipments since."""
    undone = _undoing(connection, batch_id, request)
    rows = [history.Change(one["shipment_id"], HistoryAction.UNDONE, {}, {}, one["reason"]) for one in handed]
    history.append(connection, rows, batch_id=undone, by=request.by.name, at=request.at, source=ChangeSource.UNDO)
    found = shipments.load_by_id(connection, [one["shipment_id"] for one in handed])
    return [Undone(shipment.shipment_no) for shipment in found.values()]


def _regroup(
    connection: Connection,
    batch_id: int,
    changes: Sequence[Row],
    found: Mapping[int, Shipment],
    request: Request,
    undoing: Request,
) -> list[Undone]:
    """Goods go back into their parcels where nothing happened to any of these since; else all stay, and it is said on account of which."""
    numbers = {change["shipment_id"]: found[change["shipment_id"]].shipment_no for change in changes}
    moved = {change["shipment_id"] for change in changes if not change["newest"]}
    if moved:
        others = Names(numbers[number] for number in numbers if number in moved)
        return [
            Undone.of(no, Stayed.CHANGED_SINCE if number in moved else Stayed.GOODS_ELSEWHERE, others=others)
            for number, no in numbers.items()
        ]
    undone = _undoing(connection, batch_id, request)
    parcel_undo.put_back(connection, changes, found, batch_id=undone, request=undoing)
    return [Undone(no) for no in numbers.values()]


def _undoing(connection: Connection, batch_id: int, request: Request) -> int:
    """The batch that undoes this one."""
    return history.open_batch(
        connection,
        by=request.by.name,
        at=request.at,
        source=ChangeSource.UNDO,
        note=HistoryAction.UNDONE,
        request_key=request.request_key,
        undoes=batch_id,
    )


def _remove(connection: Connection, gone: Mapping[int, str], batch_id: int, by: Actor, at: datetime) -> None:
    """Shipments that an import added, by id their numbers, leave the desk again; the history says so."""
    if not gone:
        return
    imports.remove(connection, list(gone))
    removed = [history.Change(number, HistoryAction.REMOVED, {"shipment_no": no}, {}) for number, no in gone.items()]
    history.append(connection, removed, batch_id=batch_id, by=by.name, at=at, source=by.source)


def batches(store: Store, *, person: Person, limit: int = 100, source: ChangeSource | None = None) -> list[Row]:
    """The newest batches, or those from this source, as `core.store.history.batches` gives them.

    What people named, such as a file, is hidden from whoever may not see personal data.
    """
    permissions.require(person, Act.SEE)
    rows = history.batches(store, limit) if source is None else history.batches_from(store, source, limit)
    if permissions.may(person, Act.SEE_PERSONAL):
        return rows
    return [
        row if row["note"] in _OWN_NOTES or row["source"] in _OWN_SOURCES else {**row, "note": personal.masked(row["note"])}
        for row in rows
    ]


def _require(connection: Connection, batch_id: int, person: Person) -> None:
    batch = history.batch(connection, batch_id)
    if batch is None:
        raise NotFound(NotUndone.NO_BATCH(batch=batch_id))
    if batch["made_by"] != person.name and not permissions.may(person, Act.UNDO_OTHERS):
        raise Forbidden(NotUndone.ANOTHERS(batch=batch_id, by=batch["made_by"]))
    if batch["undoes"]:
        raise Refused(NotUndone.AN_UNDO(batch=batch_id))
    if batch["source"] == ChangeSource.EXPORT:
        raise Refused(NotUndone.AN_EXPORT(batch=batch_id))
    before = history.undone_by(connection, batch_id)
    if before:
        raise Refused(NotUndone.UNDONE_BEFORE(batch=batch_id, by=before["made_by"]))


@dataclass(frozen=True)
class _Now:
    """How things stand for a batch: its shipments by id, what an import brought, which numbers went to a source since, the shop's country,
    and who undoes it when."""

    found: Mapping[int, Shipment]
    brought: Brought
    handed: Mapping[int, Row]
    home: str
    request: Request


def _decide(connection: Connection, changes: Sequence[Row], now: _Now) -> tuple[list[Undone], list[Step | Restored]]:
    stay = {change["shipment_id"]: _why_stays(change, now) for change in changes}
    back = {number: _back(change, now) for change in changes if stay[number := change["shipment_id"]] is None}
    taken = _taken(connection, [one if isinstance(one, Step) else one.step for one in back.values()])
    answers = list[Undone]()
    for number, stayed in stay.items():
        others, shipment_no = taken.get(number, NOBODY), now.found[number].shipment_no
        named = {"others": others, **_handed(now.handed[number])} if number in now.handed else {"others": others}
        answers.append(Undone.of(shipment_no, Stayed.NUMBER_IN_USE if others else stayed, **named))
    return answers, [one for number, one in back.items() if not taken.get(number)]


def _handed(row: Row) -> dict[str, Any]:
    """Whom a number was handed to, and when by the clock there."""
    source = layouts().get(row["layout"])
    zone = source.zone if source and source.zone else UTC
    return {"title": source.title if source else row["layout"], "at": row["made_at"].astimezone(zone)}


def _taken(connection: Connection, steps: Sequence[Step]) -> dict[int, Names]:
    """By id the other shipments that by now have the number which a shipment would hold again."""
    afters = {step.before.shipment_id: (step.before, step.after or derived(step)) for step in steps}
    again = {number: after for number, (before, after) in afters.items() if _holds_again(before, after)}
    numbers = {number: after.invoice.canonical_no for number, after in again.items() if after.invoice}
    held = in_use(connection, numbers.values())
    return {number: Names(held.others(no, again[number].shipment_no)) for number, no in numbers.items()}


def _holds_again(before: Shipment, after: Shipment) -> bool:
    """Whether it holds a number against others that it does not hold now."""
    held = {one.invoice.canonical_no if one.live and one.invoice else None for one in (before, after)}
    return after.live and after.invoice is not None and len(held) > 1


def _why_stays(change: Row, now: _Now) -> Stayed | None:
    action, shipment, brought = change["action"], now.found[change["shipment_id"]], now.brought
    if action not in UNDOABLE:
        return Stayed.NOT_UNDOABLE
    if not change["newest"]:
        return Stayed.HANDED_SINCE if shipment.shipment_id in now.handed else Stayed.CHANGED_SINCE
    if action == HistoryAction.IMPORTED:
        return _why_import_stays(change, shipment, brought)
    if action not in _WHEREVER_IT_IS and shipment.state.status in _AFTER_SCAN:
        return Stayed.SCANNED_SINCE
    return None


def _why_added_stays(row: Row, brought: Brought) -> Stayed | None:
    if row["shipment_id"] in brought.told_since:
        return Stayed.SCANNED_SINCE
    return None if row["untouched"] else Stayed.CHANGED_SINCE


def _why_import_stays(change: Row, shipment: Shipment, brought: Brought) -> Stayed | None:
    if not import_undo.is_kept(change):
        return Stayed.IMPORT
    return Stayed.SCANNED_SINCE if shipment.shipment_id in brought.told_since else None


def _back(change: Row, now: _Now) -> Step | Restored:
    before: dict[str, Any] = change["before"]
    shipment = now.found[change["shipment_id"]]
    if change["action"] == HistoryAction.IMPORTED:
        return import_undo.restored(change, shipment, now.brought, now.request.at)
    if change["action"] in BESIDE:
        return _unworked(change, shipment)
    if change["action"] == HistoryAction.MARKED_DELIVERED:
        return import_undo.untold(shipment, now.brought)
    if change["action"] == HistoryAction.CLOSED:
        return Step(shipment, HistoryAction.UNDONE, changes={"closed_at": None})
    if change["action"] == HistoryAction.SETTLED:
        return Step(shipment, HistoryAction.UNDONE, checkpoints=(decision(shipment, None, now.request),))
    if change["action"] == HistoryAction.ADDRESS_EDITED:
        changes = {name: before[name] for name in ADDRESS if name in before}
        address = type(shipment.address)(**{name: changes.get(name, getattr(shipment.address, name)) for name in ADDRESS})
        own = {"address": address, "destination": destination_of(address.country, now.home)}
        return Step(shipment, HistoryAction.UNDONE, changes=own, own=True)
    return Step(shipment, HistoryAction.UNDONE, invoices=(_event_back(before, shipment, now.request.at),))


def _unworked(change: Row, shipment: Shipment) -> Step:
    """What was done beside a shipment, taken back in the same way: no version comes of it."""
    if change["action"] == HistoryAction.NOTED:
        return Step(shipment, HistoryAction.NOTE_TAKEN_BACK, noted={"note": change["history_id"]})
    handling = shipments.handling_before(shipment, change["before"])
    action = HistoryAction(change["action"])
    if action in ON_WORKLIST:
        action = (
            HistoryAction.DONE
            if handling.done_flag
            else HistoryAction.SNOOZED
            if handling.snoozed_until
            else HistoryAction.REOPENED
        )
    return Step(shipment, action, changes={"handling": handling})


def _event_back(before: dict[str, Any], shipment: Shipment, at: datetime) -> InvoiceEvent:
    """The registration before the change again, or the deletion of the one the change made."""
    last = shipment.invoices[-1]
    carrier, number = before.get("carrier", last.carrier), before.get("invoice_no", last.invoice_no)
    if not number:
        return replace(last, changed_at=at, deleted=True)
    known = next(e for e in reversed(shipment.invoices) if (e.carrier, e.invoice_no) == (carrier, number))
    return replace(known, changed_at=at, deleted=False)
