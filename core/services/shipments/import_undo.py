"""How a shipment goes back to which a batch brought facts: an import its own fields and its items, too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from core.domain.history import HistoryAction
from core.domain.shipment import Checkpoint, InvoiceEvent, Item, Shipment
from core.domain.status import folded
from core.services.shipments.changes import Step
from core.store import imports, shipments
from core.store.database import Connection, Row

_DIGEST, _ITEMS = "source_hash", "lines"


@dataclass(frozen=True)
class Brought:
    """What the batch brought: its checkpoints by shipment_id, and the shipments that a carrier told more of since."""

    points: Mapping[int, Sequence[Checkpoint]]
    told_since: frozenset[int]


@dataclass(frozen=True)
class Restored:
    """One shipment as it was before the batch: the step, and what stands beside it; only what was `imported` has a digest."""

    step: Step
    points: Sequence[Checkpoint]
    digest: str | None = None
    items: tuple[Item, ...] | None = None
    imported: bool = False


def kept_by_import(digest: str | None, items: Sequence[Item] | None) -> dict[str, Any]:
    """What the history keeps of a shipment that an import changes: the file it was last read from, and items that are replaced."""
    lines = {} if items is None else {_ITEMS: [[one.product_id, one.name, one.quantity] for one in items]}
    return {_DIGEST: digest, **lines}


def is_kept(change: Row) -> bool:
    """Whether the history has all that it takes to put the shipment back; an earlier Shipdesk kept less."""
    return _DIGEST in change["before"]


def brought_by(connection: Connection, batch_id: int) -> Brought:
    """What the batch brought."""
    return Brought(imports.brought(connection, batch_id), frozenset(imports.told_since(connection, batch_id)))


def restored(change: Row, shipment: Shipment, brought: Brought, at: datetime) -> Restored:
    """The shipment without what the import changed in it."""
    before = change["before"]
    points = brought.points.get(shipment.shipment_id, ())
    items = tuple(Item(*line) for line in before[_ITEMS]) if _ITEMS in before else None
    own = shipments.own_before(shipment, before) | ({} if items is None else {"items": items})
    deleted = _deleted(change, shipment, at)
    after = replace(_without(shipment, points), **own, invoices=shipment.invoices + deleted)
    step = Step(shipment, HistoryAction.UNDONE, invoices=deleted, changes=own, own=True, after=folded(after))
    return Restored(step, points, before[_DIGEST], items, imported=True)


def untold(shipment: Shipment, brought: Brought) -> Restored:
    """The shipment without the facts that the batch brought to it."""
    points = brought.points.get(shipment.shipment_id, ())
    return Restored(Step(shipment, HistoryAction.UNDONE, after=folded(_without(shipment, points))), points)


def put_back(connection: Connection, before: Sequence[Restored]) -> None:
    """Writes what stands beside the steps: checkpoints that go, items, and from which file each shipment was read."""
    gone = [(one.step.before.shipment_id, point, None) for one in before for point in one.points]
    shipments.correct_checkpoints(connection, gone)
    items = {one.step.before.shipment_id: one.items for one in before if one.items is not None}
    if items:
        imports.replace_items(connection, items)
    imports.remember(connection, {one.step.before.shipment_id: one.digest for one in before if one.imported})


def _without(shipment: Shipment, points: Sequence[Checkpoint]) -> Shipment:
    return replace(shipment, checkpoints=tuple(point for point in shipment.checkpoints if point not in points))


def _deleted(change: Row, shipment: Shipment, at: datetime) -> tuple[InvoiceEvent, ...]:
    """The deletion of the registration that the import brought, if it brought one."""
    if "invoice_no" not in change["after"] or shipment.invoice is None:
        return ()
    return (replace(shipment.invoice, changed_at=at, deleted=True),)
