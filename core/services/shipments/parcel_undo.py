"""How goods go back that were put into other parcels: all shipments of the batch together, or none."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.domain import parcels as rules
from core.domain.history import HistoryAction
from core.domain.parcels import Division
from core.domain.shipment import Item, Shipment
from core.services.shipments.changes import Request, Step, write
from core.services.shipments.parcels import KEYS, LINES, PLACES, REGROUPED, TAKEN
from core.store import history, imports, parcels, shipments, sources
from core.store.database import Connection, Row
from core.store.sources import LinesOf

ACTIONS = frozenset((HistoryAction.SPLIT, HistoryAction.JOINED))


def is_one(changes: Sequence[Row]) -> bool:
    """Whether these are the changes of a batch that put goods into other parcels."""
    return any(change["action"] in ACTIONS for change in changes)


def put_back(
    connection: Connection, changes: Sequence[Row], found: Mapping[int, Shipment], *, batch_id: int, request: Request
) -> None:
    """Writes all of them as they were, in this batch; a parcel that was made goes out of the desk again."""
    held = next(change for change in changes if {LINES, TAKEN, PLACES} & change["before"].keys())
    shipment = found[held["shipment_id"]]
    items = tuple(Item(*line) for line in held["before"][LINES])
    steps = [Step(shipment, HistoryAction.UNDONE, changes=_own(shipment, held["before"], items), own=True)]
    if held["action"] == HistoryAction.SPLIT:
        (part,) = (one for number, one in found.items() if number != shipment.shipment_id)
        _undivide(connection, shipment, part, rules.divided(shipment.but(items=items), held["before"][TAKEN]))
    else:
        others = [change for change in changes if change is not held]
        _take_out(connection, shipment, held["before"], others, found)
        steps += [_out(found[change["shipment_id"]], change["before"]) for change in others]
    write(connection, steps, batch_id=batch_id, request=request)
    parcels.put_goods(connection, {shipment.shipment_id: items})
    if held["action"] == HistoryAction.SPLIT:
        _remove(connection, part, batch_id, request)


def _own(shipment: Shipment, before: Mapping[str, Any], items: tuple[Item, ...]) -> dict[str, Any]:
    since = before[REGROUPED]
    regrouped_at = datetime.fromisoformat(since) if since else None
    return {**shipments.own_before(shipment, before), "items": items, "regrouped_at": regrouped_at}


def _out(shipment: Shipment, before: Mapping[str, Any]) -> Step:
    """The step of a shipment that is where it was: by itself, or in another one that is by itself again."""
    changes: dict[str, Any] = {"joined_no": before["joined_no"]}
    return Step(shipment, HistoryAction.UNDONE, changes=changes | ({"closed_at": None} if "closed_at" in before else {}))


def _undivide(connection: Connection, shipment: Shipment, part: Shipment, division: Division) -> None:
    holders = {False: shipment.shipment_id, True: part.shipment_id}
    places = division.places.items()
    whole = LinesOf(part.shipment_id, None), LinesOf(shipment.shipment_id, None)
    back = [(LinesOf(holders[now.new], now.item), LinesOf(shipment.shipment_id, old)) for old, now in places]
    sources.move_lines(connection, [*back, whole])


def _take_out(
    connection: Connection, into: Shipment, before: Mapping[str, Any], others: Sequence[Row], found: Mapping[int, Shipment]
) -> None:
    """Gives the others their numbers and lines again."""
    parcels.find_no_more_as(connection, into.shipment_id, [(kind, value) for kind, value in before[KEYS]])
    numbers = {one.shipment_no: number for number, one in found.items()}
    moves = list[tuple[LinesOf, LinesOf]]()
    for number, first in before[PLACES].items():
        one = found[int(number)]
        count = len(one.items)
        moves += [(LinesOf(into.shipment_id, first + n), LinesOf(one.shipment_id, n)) for n in range(1, count + 1)]
        moves.append((LinesOf(into.shipment_id, None, one.shipment_id), LinesOf(one.shipment_id, None)))
    for change in others:
        holder = numbers.get(change["before"].get("joined_no") or "")
        if holder is not None:
            moves.append((LinesOf(into.shipment_id, None, change["shipment_id"]), LinesOf(holder, None)))
    sources.move_lines(connection, moves)


def _remove(connection: Connection, part: Shipment, batch_id: int, request: Request) -> None:
    imports.remove(connection, [part.shipment_id])
    removed = history.Change(part.shipment_id, HistoryAction.REMOVED, {"shipment_no": part.shipment_no}, {})
    by = request.by
    history.append(connection, [removed], batch_id=batch_id, by=by.name, at=request.at, source=by.source)
