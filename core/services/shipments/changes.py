"""How every change of a shipment is written: facts, derived state and history in one transaction."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from core.domain import permissions
from core.domain.errors import Conflict, NotFound, NotPermitted
from core.domain.history import ChangeSource, HistoryAction
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.reasons import Reason
from core.domain.shipment import Checkpoint, InvoiceEvent, Shipment
from core.domain.status import folded
from core.store import history, shipments
from core.store.database import Connection, Store

SHOWN_IN_HISTORY = (
    *shipments.ADDRESS, "destination", "kind", "order_no", "ordered_at", "released_at", "promised_on", "ship_by", "warehouse",
    "policy", "option", "weight_g", "freight", "currency", "request", "product", "items", "carrier", "invoice_no", "status",
    "word", "doubt", "returning_at", "returned_at", "closed_at", "origin_no", "successor_no",
)  # fmt: skip


Fact = TypeVar("Fact", InvoiceEvent, Checkpoint)
NEW_NUMBER = 0
"""The `invoice_id` of a registration that gets its own when it is written."""


class NotSaved(Reason):
    """Why a change was not written."""

    NO_SHIPMENT = "no_shipment", "Shipment No. {shipment_no} does not exist."
    CHANGED_SINCE = "changed_since", "The change to {shipment_no} was not saved, and nothing else was changed."


@dataclass(frozen=True)
class Actor:
    """Who changes something, and from where."""

    person: Person
    source: ChangeSource = ChangeSource.FORM

    @property
    def name(self) -> str:
        """What stands in the history."""
        return self.person.name


@dataclass(frozen=True)
class Request:
    """Who asks for a change, and when; `version` is the one the person looked at, `request_key` stays the same for every press on that."""

    by: Actor
    at: datetime
    version: int | None = None
    request_key: str | None = None

    def require(self, act: Act) -> None:
        """Raises Forbidden unless the person may do this."""
        permissions.require(self.by.person, act)


@dataclass(frozen=True)
class Step:
    """One decided change of one shipment: the facts it adds and, where the shop's own fields change, `own`.

    `after` is the shipment with these facts, for who had to derive it in order to decide. `kept` is what the history keeps of the
    state before beside the fields that changed, so that it can be put back.
    """

    before: Shipment
    action: HistoryAction
    invoices: tuple[InvoiceEvent, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    changes: Mapping[str, Any] | None = None
    own: bool = False
    reason: str = ""
    after: Shipment | None = None
    kept: Mapping[str, Any] | None = None


def change(
    store: Store,
    shipment_no: str,
    decide: Callable[[Connection, Shipment], Step | None],
    *,
    request: Request,
    note: str = "",
) -> bool:
    """Whether something was written: False when the request was answered before or there is nothing to change.

    `version` is the one the person looked at. Raises Forbidden, NotFound, Conflict, and whatever `decide` refuses with.
    """
    request.require(Act.CHANGE)

    def job(connection: Connection) -> bool:
        if history.batch_of(connection, request.request_key) is not None:
            return False
        shipment = existing(connection, shipment_no)
        try:
            step = decide(connection, shipment)
        except NotPermitted:
            # Whoever looked at an older state is told who changed it, not what it no longer permits.
            require_version(connection, shipment, request.version)
            raise
        if step is None:
            return False
        require_version(connection, shipment, request.version)
        batch = history.open_batch(
            connection,
            by=request.by.name,
            at=request.at,
            source=request.by.source,
            note=note or step.action,
            request_key=request.request_key,
        )
        write(connection, [step], batch_id=batch, request=request)
        return True

    return store.write(job)


def existing(connection: Connection, shipment_no: str) -> Shipment:
    """The shipment; raises NotFound when the number does not exist."""
    shipment = shipments.load(connection, [shipment_no]).get(shipment_no)
    if shipment is None:
        raise NotFound(NotSaved.NO_SHIPMENT(shipment_no=shipment_no))
    return shipment


def require_version(connection: Connection, shipment: Shipment, version: int | None) -> None:
    """Raises Conflict with the newest change when the shipment moved on since `version` was looked at."""
    if version is not None and version != shipment.version:
        told = NotSaved.CHANGED_SINCE(shipment_no=shipment.shipment_no)
        raise Conflict(told, history.latest(connection, shipment.shipment_id))


def write(
    connection: Connection,
    steps: Sequence[Step],
    *,
    request: Request,
    batch_id: int,
) -> list[Shipment]:
    """The shipments after the steps, derived again and saved with their history. At most one step per shipment."""
    steps = _numbered(connection, steps)
    after = [_after(step, request.at) for step in steps]
    shipments.save(connection, after, own=any(step.own for step in steps))
    ids = [step.before.shipment_id for step in steps]
    invoices = [(number, event) for number, step in zip(ids, steps, strict=True) for event in step.invoices]
    if invoices:
        shipments.add_invoices(connection, invoices, batch_id)
    points = [(number, point) for number, step in zip(ids, steps, strict=True) for point in step.checkpoints]
    if points:
        shipments.add_checkpoints(connection, points, batch_id)
    rows = [_change(step, shipment) for step, shipment in zip(steps, after, strict=True)]
    history.append(connection, rows, batch_id=batch_id, by=request.by.name, at=request.at, source=request.by.source)
    return after


def _numbered(connection: Connection, steps: Sequence[Step]) -> Sequence[Step]:
    """The steps with ids for the registrations that are new."""
    count = sum(map(_is_new, steps))
    if not count:
        return steps
    ids = itertools.count(shipments.next_invoice_id(connection, count))
    return [_with_id(step, next(ids)) if _is_new(step) else step for step in steps]


def _is_new(step: Step) -> bool:
    return any(event.invoice_id == NEW_NUMBER for event in step.invoices)


def _with_id(step: Step, invoice_id: int) -> Step:
    def known(fact: Fact) -> Fact:
        return replace(fact, invoice_id=invoice_id) if fact.invoice_id == NEW_NUMBER else fact

    return replace(step, invoices=tuple(map(known, step.invoices)), checkpoints=tuple(map(known, step.checkpoints)), after=None)


def derived(step: Step) -> Shipment:
    """The shipment with the facts of the step, its state derived again from all of them."""
    before = step.before
    invoices, checkpoints = before.invoices + step.invoices, before.checkpoints + step.checkpoints
    return folded(replace(before, **dict(step.changes or {}), invoices=invoices, checkpoints=checkpoints))


def _after(step: Step, at: datetime) -> Shipment:
    return replace(step.after or derived(step), version=step.before.version + 1, updated_at=at)


def _change(step: Step, after: Shipment) -> history.Change:
    old, new = shipments.row_of(step.before), shipments.row_of(after)
    fields = [name for name in SHOWN_IN_HISTORY if old[name] != new[name]]
    return history.Change(
        step.before.shipment_id,
        step.action,
        {name: old[name] for name in fields} | dict(step.kept or {}),
        {name: new[name] for name in fields},
        step.reason,
    )
