"""Work that nobody did, cleared up: whom to chase about it, what can be closed, and closing that in one go.

So is what a company leaves open that is not asked any more.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

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
from core.services.shipments.actions import Missing, delivered_by_hand
from core.services.shipments.changes import Request, Step
from core.services.shipments.in_one_go import in_one_go
from core.store import carrier_settings, shipments
from core.store.database import Row, Store

_COLUMNS = ("shipment_no", "version", "status", "word", "carrier", "invoice_no", "closed_at", "flag")


class StaysOpen(Reason):
    """Why a shipment was not closed with the others."""

    CHANGED_SINCE = "changed_since", "{shipment_no} stays open: it was changed after you looked at it."


class NotLeftOpen(Reason):
    """Why what a company has open is not closed in one go, or one shipment not with the others."""

    STILL_ASKED = "still_asked", "This company is still asked about its numbers. Retire it first."
    ANOTHERS = "anothers", "{shipment_no} stays open: it goes with another company by now."


class Ending(StrEnum):
    """As what parcels end by hand whose company is retired."""

    DELIVERED = "delivered"
    CLOSED = "closed"


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
class LeftOpen:
    """What is still open with a company, with the versions that were seen: parcels that are under way, and those that failed."""

    under_way: Mapping[str, int]
    failed: Mapping[str, int]

    @property
    def seen(self) -> Mapping[str, int]:
        """All of them."""
        return {**self.under_way, **self.failed}


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
    why = _required(reason)

    def decide(shipment: Shipment) -> Step | Why:
        if Action.CLOSE not in shipment_actions.of(shipment):
            return shipment_actions.refusal(Action.CLOSE, shipment)
        return _closed(shipment, request, why)

    return _in_one_go(store, seen, decide, HistoryAction.CLOSED, request)


def left_open(store: Store, carrier: str, *, visit: Visit) -> LeftOpen:
    """What left with this company, and is neither delivered nor closed: nothing is written."""
    visit.require()
    rows = shipments.open_with(store, carrier)
    failed = {row["shipment_no"]: row["version"] for row in rows if row["status"] == Status.SHIPPING_FAILED}
    return LeftOpen({row["shipment_no"]: row["version"] for row in rows if row["shipment_no"] not in failed}, failed)


def close_left_open(
    store: Store, carrier: str, seen: Mapping[str, int], ending: Ending, *, request: Request, reason: str
) -> Closing:
    """Ends by hand what is open with a retired company, each at the version that was seen, in one transaction and one batch.

    As DELIVERED, what is under way is marked as delivered, and what failed is closed; as CLOSED, all of it is closed. What changed
    since stays. A repeated request answers with the batch it made and writes nothing. Raises Forbidden, and Refused without a reason
    or for a company that is still asked.
    """
    request.require(Act.SET_CARRIERS)
    why = _required(reason)
    setting = carrier_settings.newest(store).get(carrier)
    if not (setting and setting["retired_at"]):
        raise Refused(NotLeftOpen.STILL_ASKED(), "carrier")

    def decide(shipment: Shipment) -> Step | Why:
        if not shipment_actions.left_open(shipment):
            return shipment_actions.refusal(Action.CLOSE, shipment)
        if shipment.invoice is None or shipment.invoice.carrier != carrier:
            return NotLeftOpen.ANOTHERS(shipment_no=shipment.shipment_no)
        if ending is Ending.DELIVERED and Action.MARK_DELIVERED in shipment_actions.of(shipment):
            return delivered_by_hand(shipment, request.by, request.at, why)
        return _closed(shipment, request, why)

    note = HistoryAction.MARKED_DELIVERED if ending is Ending.DELIVERED else HistoryAction.CLOSED
    return _in_one_go(store, seen, decide, note, request)


def _in_one_go(
    store: Store, seen: Mapping[str, int], decide: Callable[[Shipment], Step | Why], note: HistoryAction, request: Request
) -> Closing:
    """What became of these shipments in one batch: each as `decide` says, unless it changed since it was seen."""

    def at_version(shipment_no: str, shipment: Shipment) -> Step | Why:
        decided = decide(shipment)
        if isinstance(decided, Step) and shipment.version != seen[shipment_no]:
            return StaysOpen.CHANGED_SINCE(shipment_no=shipment_no)
        return decided

    done = in_one_go(store, list(seen), at_version, note, request)
    return Closing(done.batch, done.changed, done.stayed)


def _closed(shipment: Shipment, request: Request, reason: str) -> Step:
    return Step(shipment, HistoryAction.CLOSED, changes={"closed_at": request.at}, reason=reason)


def _required(reason: str) -> str:
    if not reason.strip():
        raise Refused(Missing.CLOSING_REASON(), Missing.CLOSING_REASON)
    return reason.strip()


def _may_be_closed(row: Row) -> bool:
    word = StatusDetail(row["word"]) if row["word"] else None
    closed = row["closed_at"] is not None
    return Action.CLOSE in shipment_actions.allowed(Status(row["status"]), word, row["invoice_no"] is not None, closed)
