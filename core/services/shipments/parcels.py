"""Goods in other parcels: a shipment split into two, and waiting ones of one recipient put together."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from core.domain import parcels as rules
from core.domain import shipment_actions
from core.domain.errors import Refused
from core.domain.history import HistoryAction
from core.domain.parcels import Division, Regrouping
from core.domain.permissions import Act
from core.domain.search import SearchKey
from core.domain.shipment import Item, Shipment
from core.domain.shipment_actions import Action
from core.domain.status import folded
from core.domain.visit import Visit
from core.services.shipments.changes import Request, Step, existing, require_version, write
from core.store import history, parcels, shipments, sources
from core.store.database import Connection, Store
from core.store.sources import LinesOf

LINES, TAKEN, REGROUPED, PLACES, KEYS = "lines", "taken", "regrouped_at", "places", "keys"
"""What the history keeps of a shipment that was split or put together, beside the fields that changed."""


def split(store: Store, shipment_no: str, quantities: Sequence[int], *, request: Request) -> str:
    """The number of the new parcel, with so many of each of the goods of the shipment in it; it waits for an invoice of its own.

    None of any makes a parcel without goods of its own, for what is packed in several boxes. A repeated request returns the same number.
    Raises NotFound, NotPermitted, Conflict, or Refused where the quantities are not those of the goods.
    """
    request.require(Act.CHANGE)

    def job(connection: Connection) -> str:
        shipment = existing(connection, shipment_no)
        if known := _made_before(connection, request):
            return known
        _require(connection, Action.SPLIT, shipment, request.version)
        division = rules.divided(shipment, quantities)
        part = _part(connection, shipment, division, request.at)
        batch = _batch(connection, HistoryAction.SPLIT, request)
        step = Step(
            shipment,
            HistoryAction.SPLIT,
            changes=rules.after_split(shipment, division, request.at),
            own=True,
            kept={LINES: _lines(shipment.items), TAKEN: list(quantities), REGROUPED: shipment.regrouped_at},
            noted={"parcel_no": part.shipment_no, LINES: _lines(division.taken)},
        )
        write(connection, [step], batch_id=batch, request=request)
        shipments.add(connection, [part])
        created = history.Change(part.shipment_id, HistoryAction.CREATED, {}, {"split_no": shipment.shipment_no})
        history.append(connection, [created], batch_id=batch, by=request.by.name, at=request.at, source=request.by.source)
        _divide(connection, shipment, part, division)
        return part.shipment_no

    return store.write(job)


def put_together(store: Store, shipment_no: str, others: Mapping[str, int | None], *, request: Request) -> bool:
    """Puts the others, each with the version that was looked at, into the shipment: they go out with its number and count no more.

    False when the request was answered before. Raises NotFound, NotPermitted, Conflict, or Refused where they do not go together.
    """
    request.require(Act.CHANGE)

    def job(connection: Connection) -> bool:
        into = existing(connection, shipment_no)
        if history.batch_of(connection, request.request_key) is not None:
            return False
        _require(connection, Action.JOIN, into, request.version)
        chosen = _chosen(connection, into, others)
        inside = _inside(connection, chosen)
        batch = _batch(connection, HistoryAction.JOINED, request)
        steps = [_holding(connection, into, chosen, request.at)]
        steps += [
            Step(one, HistoryAction.JOINED, changes={"closed_at": request.at, "joined_no": into.shipment_no}) for one in chosen
        ]
        steps += [Step(one, HistoryAction.JOINED, changes={"joined_no": into.shipment_no}) for one in inside]
        after, *_ = write(connection, steps, batch_id=batch, request=request)
        parcels.put_goods(connection, {into.shipment_id: after.items})
        return True

    return store.write(job)


def alongside(store: Store, shipment: Shipment, *, visit: Visit) -> list[Shipment]:
    """The other waiting shipments that may be put into this one: of the same recipient, warehouse and kind, the oldest order first.

    Raises Forbidden for somebody who may not see recipients.
    """
    visit.require(Act.SEE_PERSONAL)
    if Action.JOIN not in shipment_actions.of(shipment):
        return []

    def job(connection: Connection) -> list[Shipment]:
        found = shipments.load_by_id(connection, parcels.alongside(connection, shipment)).values()
        fits = [one for one in found if rules.same_recipient(shipment.address, one.address)]
        return sorted(fits, key=lambda one: (one.ordered_at, one.shipment_id))

    return store.snapshot(job)


def _require(connection: Connection, action: Action, shipment: Shipment, version: int | None) -> None:
    """Raises Conflict to whoever looked at an older state, else NotPermitted with the reason."""
    require_version(connection, shipment, version)
    shipment_actions.require(action, shipment)


def _made_before(connection: Connection, request: Request) -> str:
    """The number of the parcel that the request already made, "" for none."""
    batch = history.batch_of(connection, request.request_key)
    rows = history.of_batch(connection, batch) if batch is not None else []
    return next((str(row["after"]["parcel_no"]) for row in rows if "parcel_no" in row["after"]), "")


def _batch(connection: Connection, action: HistoryAction, request: Request) -> int:
    by = request.by
    return history.open_batch(
        connection, by=by.name, at=request.at, source=by.source, note=action, request_key=request.request_key
    )


def _part(connection: Connection, shipment: Shipment, division: Division, at: datetime) -> Shipment:
    tried = rules.numbers_to_try(shipment)
    taken = shipments.stored_nos(connection, tried)
    number = next(one for one in tried if one not in taken)
    made = rules.split_off(shipment, division, shipment_id=shipments.next_shipment_id(connection), number=number, at=at)
    return folded(made)


def _divide(connection: Connection, shipment: Shipment, part: Shipment, division: Division) -> None:
    """Writes which goods, search keys and lines of the source are whose now."""
    parcels.put_goods(connection, {shipment.shipment_id: division.rest})
    orders = [one for one in parcels.numbers_of(connection, shipment.shipment_id) if one[0] == SearchKey.ORDER_NO]
    parcels.find_also_as(connection, part.shipment_id, orders)
    sources.count_items(connection, shipment)
    holders = {False: shipment.shipment_id, True: part.shipment_id}
    places = division.places.items()
    sources.move_lines(
        connection, [(LinesOf(shipment.shipment_id, old), LinesOf(holders[new.new], new.item)) for old, new in places]
    )


def _chosen(connection: Connection, into: Shipment, others: Mapping[str, int | None]) -> list[Shipment]:
    """The others as they are now, the oldest order first; raises unless each waits and goes with this one."""
    if not others:
        raise Refused(Regrouping.NOTHING_CHOSEN(shipment_no=into.shipment_no))
    chosen = {one.shipment_id: (one, version) for no, version in others.items() for one in [existing(connection, no)]}
    for one, version in chosen.values():
        _require(connection, Action.JOIN, one, version)
        rules.require_together(into, one)
    return sorted((one for one, _ in chosen.values()), key=lambda one: (one.ordered_at, one.shipment_id))


def _inside(connection: Connection, chosen: Sequence[Shipment]) -> list[Shipment]:
    """The shipments that were put into these before: they go along."""
    rows = parcels.put_into(connection, [one.shipment_no for one in chosen])
    return list(shipments.load_by_id(connection, [row["shipment_id"] for row in rows]).values())


def _holding(connection: Connection, into: Shipment, chosen: Sequence[Shipment], at: datetime) -> Step:
    """The step of the shipment that holds the others from now on, after their numbers and lines became its own."""
    numbers = [number for one in chosen for number in parcels.numbers_of(connection, one.shipment_id)]
    new = parcels.find_also_as(connection, into.shipment_id, numbers)
    for one in (into, *chosen):
        sources.count_items(connection, one)
    before, places = len(into.items), dict[int, int]()
    moves = list[tuple[LinesOf, LinesOf]]()
    for one in chosen:
        places[one.shipment_id] = before
        moves += [(LinesOf(one.shipment_id, n), LinesOf(into.shipment_id, before + n)) for n in range(1, len(one.items) + 1)]
        moves.append((LinesOf(one.shipment_id, None), LinesOf(into.shipment_id, None)))
        before += len(one.items)
    sources.move_lines(connection, moves)
    return Step(
        into,
        HistoryAction.JOINED,
        changes=rules.put_together(into, chosen, at),
        own=True,
        kept={LINES: _lines(into.items), REGROUPED: into.regrouped_at, KEYS: [list(key) for key in new], PLACES: places},
        noted={"parts": [one.shipment_no for one in chosen]},
    )


def _lines(items: Sequence[Item]) -> list[list[object]]:
    return [[one.product_id, one.name, one.quantity] for one in items]
