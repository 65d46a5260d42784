"""Work that nobody did, cleared up: whom to chase about it, what can be closed, and closing that in one go."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from core.domain import shipment_actions
from core.domain.errors import Refused
from core.domain.flags import Flag
from core.domain.history import HistoryAction
from core.domain.permissions import Act
from core.domain.reasons import Reason, Why
from core.domain.selection import Selection
from core.domain.shipment import Shipment, Status, StatusDetail
from core.domain.shipment_actions import Action
from core.domain.sorting import Order, Sort
from core.domain.visit import Visit
from core.services.shipments import queries
from core.services.shipments.actions import Missing
from core.services.shipments.changes import NotSaved, Request, Step, write
from core.store import history, shipments
from core.store.database import Connection, Row, Store

_COLUMNS = ("shipment_no", "version", "status", "word", "carrier", "invoice_no", "closed_at", "flag")


class StaysOpen(Reason):
    """Why a shipment was not closed with the others."""

    CHANGED_SINCE = "changed_since", "{shipment_no} stays open: it was changed after you looked at it."


@dataclass(frozen=True)
class ClearingUp:
    """What can be done about the shipments of a selection.

    `closable` are those that may be closed now, with the version that was seen; `staying` says how many of each flag may not.
    `to_chase` are the Invoice Nos. of the latter by Shipment No., by shipping company: the company with the most first, and the
    longest in its status.
    """

    closable: Mapping[str, int]
    staying: Mapping[Flag, int]
    to_chase: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Closing:
    """What became of closing several: the batch (None: nothing was closed), how many it closed, and why the others stay open."""

    batch: int | None
    closed: int
    stayed: tuple[Why, ...] = ()


def clearing_up(store: Store, wanted: Selection, *, visit: Visit) -> ClearingUp:
    """What can be done about the shipments of the selection: nothing is written."""
    visit.require()
    rows = queries.everything(store, wanted, Order(Sort.AGE), visit=visit).select(list(_COLUMNS)).to_pylist()
    closable = {row["shipment_no"]: row["version"] for row in rows if _may_be_closed(row)}
    staying = [row for row in rows if row["shipment_no"] not in closable]
    numbers: dict[str, dict[str, str]] = defaultdict(dict)
    for row in staying:
        if row["invoice_no"]:
            numbers[row["carrier"]][row["shipment_no"]] = row["invoice_no"]
    most = sorted(numbers, key=lambda code: (-len(numbers[code]), code))
    flags = Counter(Flag(row["flag"]) for row in staying if row["flag"])
    return ClearingUp(closable, {flag: flags[flag] for flag in Flag if flag in flags}, {code: numbers[code] for code in most})


def close_many(store: Store, seen: Mapping[str, int], *, request: Request, reason: str) -> Closing:
    """Closes these shipments, each at the version that was seen, in one transaction and one batch.

    Those that changed since or may not be closed stay open. A repeated request answers with the batch it made and writes nothing.
    Raises Refused without a reason.
    """
    request.require(Act.CHANGE)
    if not reason.strip():
        raise Refused(Missing.CLOSING_REASON(), Missing.CLOSING_REASON)

    def job(connection: Connection) -> Closing:
        if (done := history.batch_of(connection, request.request_key)) is not None:
            return Closing(done, len(history.of_batch(connection, done)))
        found = shipments.load(connection, list(seen))
        stayed = {number: _stays(number, version, found.get(number)) for number, version in seen.items()}
        steps = [
            Step(found[number], HistoryAction.CLOSED, changes={"closed_at": request.at}, reason=reason.strip())
            for number, why in stayed.items()
            if why is None
        ]
        whys = tuple(why for why in stayed.values() if why)
        if not steps:
            return Closing(None, 0, whys)
        batch = history.open_batch(
            connection,
            by=request.by.name,
            at=request.at,
            source=request.by.source,
            note=HistoryAction.CLOSED,
            request_key=request.request_key,
        )
        write(connection, steps, batch_id=batch, request=request)
        return Closing(batch, len(steps), whys)

    return store.write(job)


def _may_be_closed(row: Row) -> bool:
    word = StatusDetail(row["word"]) if row["word"] else None
    closed = row["closed_at"] is not None
    return Action.CLOSE in shipment_actions.allowed(Status(row["status"]), word, row["invoice_no"] is not None, closed)


def _stays(shipment_no: str, version: int, shipment: Shipment | None) -> Why | None:
    """Why the shipment is not closed; None where it can be."""
    if shipment is None:
        return NotSaved.NO_SHIPMENT(shipment_no=shipment_no)
    if Action.CLOSE not in shipment_actions.of(shipment):
        return shipment_actions.refusal(Action.CLOSE, shipment)
    return None if shipment.version == version else StaysOpen.CHANGED_SINCE(shipment_no=shipment_no)
