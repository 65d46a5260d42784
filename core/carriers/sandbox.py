"""A carrier of our own: writes checkpoints in the wire formats of tracker.delivery and 17TRACK, faults included."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date
from enum import StrEnum
from typing import Any

from core.carriers import seventeen_track, tracker_delivery
from core.carriers.reading import document
from core.domain.carriers import Carrier
from core.domain.language import Vocabulary
from core.domain.shipment import Checkpoint, Stage
from core.domain.texts import cleaned


class Fault(StrEnum):
    """What the sandbox can be told to do wrong."""

    NONE = "none"
    SLOW = "slow"
    LIMITED = "limited"
    FAILING = "failing"
    MALFORMED = "malformed"
    LYING = "lying"
    UNKNOWN = "unknown"
    INVALID = "invalid"
    LATE = "late"
    REPEATED = "repeated"
    SHUFFLED = "shuffled"


FAULTS = Vocabulary(
    {
        Fault.NONE: "Answers as it should",
        Fault.SLOW: "Answers after several seconds",
        Fault.LIMITED: "Says that it is asked too often (429)",
        Fault.FAILING: "Answers with an error (500)",
        Fault.MALFORMED: "Answers what nobody can read",
        Fault.LYING: "Says that all is well, with an error inside",
        Fault.UNKNOWN: "Knows no number",
        Fault.INVALID: "Accepts no number",
        Fault.LATE: "Every second event is told half an hour late",
        Fault.REPEATED: "Every event is told twice",
        Fault.SHUFFLED: "Events come in no order",
    }
)
SERVICES = (tracker_delivery.NAME, seventeen_track.NAME)
RETRY_AFTER = 5


@dataclass(frozen=True)
class Known:
    """What is known of a number: whose it is, its checkpoints so far, and the carrier's guess when it will arrive."""

    carrier: Carrier
    checkpoints: tuple[Checkpoint, ...]
    estimated_on: date | None = None


@dataclass(frozen=True)
class WireReply:
    """What goes over the wire."""

    status: int
    body: bytes
    headers: Mapping[str, str]


Look = Callable[[Sequence[str]], Mapping[str, Known]]


def answer(
    service: str, path: str, headers: Mapping[str, str], body: bytes, *, key: str, look: Look, fault: Fault
) -> WireReply:
    """The reply of a service to one call. `look` tells what is known of numbers, without those nobody knows.

    Path and headers as they came, header names in lower case; a wrong `key` is refused as the service refuses it.
    """
    if fault in _WITHOUT_LOOKING:
        return _WITHOUT_LOOKING[fault]
    try:
        asked = document(body or b"null")
    except ValueError:
        return _json(400, {"message": "The body is not JSON."})
    if service == tracker_delivery.NAME and path == "graphql":
        return _tracker_delivery(asked, headers, key, _faulty(look, fault), fault)
    if service == seventeen_track.NAME and path.startswith("track/v2.4/"):
        return _seventeen_track(path.rpartition("/")[2], asked, headers, key, _faulty(look, fault), fault)
    return _json(404, {"message": "There is nothing here."})


def _json(status: int, payload: Any, **headers: str) -> WireReply:
    return WireReply(status, json.dumps(payload, ensure_ascii=False).encode(), {"content-type": "application/json", **headers})


_WITHOUT_LOOKING = {
    Fault.LIMITED: _json(429, {"message": "Too many requests"}, **{"retry-after": str(RETRY_AFTER)}),
    Fault.FAILING: _json(500, {"message": "Internal error"}),
    Fault.MALFORMED: WireReply(200, b'{"data": {"accepted": [{"numb', {"content-type": "application/json"}),
}


def _faulty(look: Look, fault: Fault) -> Look:
    """The same look through glasses that repeat or shuffle the events."""
    if fault is Fault.UNKNOWN:
        return lambda _: {}
    change = {Fault.REPEATED: _twice, Fault.SHUFFLED: _shuffled}.get(fault)
    if change is None:
        return look
    return lambda numbers: {n: replace(known, checkpoints=change(known.checkpoints)) for n, known in look(numbers).items()}


def _twice(points: Sequence[Checkpoint]) -> tuple[Checkpoint, ...]:
    return tuple(point for point in points for _ in range(2))


def _shuffled(points: Sequence[Checkpoint]) -> tuple[Checkpoint, ...]:
    return (*points[1::2], *points[::-2])[: len(points)] if len(points) % 2 else (*points[1::2], *points[-2::-2])


def _latest(points: Sequence[Checkpoint]) -> Checkpoint | None:
    return max(points, key=lambda point: (point.happened_at, point.stage.progress if point.stage else -1), default=None)


def _refuses(known: Known | None, fault: Fault) -> bool:
    latest = _latest(known.checkpoints) if known else None
    return fault is Fault.INVALID or (latest is not None and latest.stage is Stage.INVALID_NUMBER)


def _written(point: Checkpoint, carrier: Carrier) -> str:
    """The time as the carrier writes it: where it leaves the zone out, readers have to know it."""
    local = point.happened_at.astimezone(carrier.zone or UTC)
    return (local.replace(tzinfo=None) if point.zone_assumed else local).isoformat(timespec="seconds")


# tracker.delivery ------------------------------------------------------------------------------------------------------

_TRACK = re.compile(
    r'(?:(\w+)\s*:\s*)?\btrack\s*\(\s*carrierId\s*:\s*("[^"]*"|\$\w+)\s*,?\s*trackingNumber\s*:\s*("[^"]*"|\$\w+)'
)
_DELIVERY_CODES = {
    None: "UNKNOWN",
    Stage.INFO_RECEIVED: "INFORMATION_RECEIVED",
    Stage.PICKED_UP: "AT_PICKUP",
    Stage.IN_TRANSIT: "IN_TRANSIT",
    Stage.OUT_FOR_DELIVERY: "OUT_FOR_DELIVERY",
    Stage.AVAILABLE_FOR_PICKUP: "AVAILABLE_FOR_PICKUP",
    Stage.ATTEMPT_FAILED: "ATTEMPT_FAIL",
    Stage.DELIVERED: "DELIVERED",
}


def _tracker_delivery(asked: Any, headers: Mapping[str, str], key: str, look: Look, fault: Fault) -> WireReply:
    query, variables = (asked.get("query"), asked.get("variables") or {}) if isinstance(asked, Mapping) else (None, {})
    if headers.get("authorization", "") != f"TRACKQL-API-KEY {key}":
        return _json(200, {"errors": [_graphql_error("UNAUTHENTICATED", "The key is not known.")]})
    if not isinstance(query, str) or fault is Fault.LYING:
        return _json(200, {"data": None, "errors": [_graphql_error("INTERNAL", "An internal error occurred.")]})
    wanted = {alias or "track": _value(number, variables) for alias, _, number in _TRACK.findall(query)}
    known = look(list(dict.fromkeys(wanted.values())))
    data: dict[str, Any] = {}
    errors = []
    for alias, number in wanted.items():
        data[alias] = None
        if _refuses(known.get(number), fault):
            errors.append(_graphql_error("BAD_REQUEST", "The tracking number is not valid.", alias))
        elif number not in known or not known[number].checkpoints:
            errors.append(_graphql_error("NOT_FOUND", "The tracking number is not known.", alias))
        else:
            data[alias] = _track(known[number])
    return _json(200, {"data": data} | ({"errors": errors} if errors else {}))


def _value(written: str, variables: Mapping[str, Any]) -> str:
    return cleaned(str(variables.get(written[1:], "")) if written.startswith("$") else str(json.loads(written)))


def _graphql_error(code: str, message: str, alias: str = "") -> dict[str, Any]:
    return {"message": message, "extensions": {"code": code}} | ({"path": [alias]} if alias else {})


def _track(known: Known) -> dict[str, Any]:
    nodes = [_node(point, known.carrier) for point in known.checkpoints]
    latest = _latest(known.checkpoints)
    assert latest is not None
    return {"lastEvent": _node(latest, known.carrier), "events": {"edges": [{"node": node} for node in nodes]}}


def _node(point: Checkpoint, carrier: Carrier) -> dict[str, Any]:
    return {
        "time": _written(point, carrier),
        "status": {"code": _DELIVERY_CODES.get(point.stage, "EXCEPTION"), "name": None},
        "location": {"name": point.place, "countryCode": None},
        "description": point.text,
    }


# 17TRACK ---------------------------------------------------------------------------------------------------------------

_SUB_STATUSES = {
    Stage.INFO_RECEIVED: "InfoReceived",
    Stage.PICKED_UP: "InTransit_PickedUp",
    Stage.IN_TRANSIT: "InTransit_Other",
    Stage.EXCEPTION: "Exception_Delayed",
    Stage.OUT_FOR_DELIVERY: "OutForDelivery_Other",
    Stage.AVAILABLE_FOR_PICKUP: "AvailableForPickup_Other",
    Stage.ATTEMPT_FAILED: "DeliveryFailure_NoBody",
    Stage.CANCELLED: "Exception_Cancel",
    Stage.LOST: "Exception_Lost",
    Stage.DELIVERED: "Delivered_Other",
    Stage.RETURNED: "Exception_Returned",
}
_EVENT_STAGES = {
    Stage.INFO_RECEIVED: "InfoReceived", Stage.PICKED_UP: "PickedUp", Stage.OUT_FOR_DELIVERY: "OutForDelivery",
    Stage.AVAILABLE_FOR_PICKUP: "AvailableForPickup", Stage.DELIVERED: "Delivered", Stage.RETURNED: "Returned",
}  # fmt: skip
_MOST = 40


def _seventeen_track(call: str, asked: Any, headers: Mapping[str, str], key: str, look: Look, fault: Fault) -> WireReply:
    if headers.get("17token") != key:
        return _json(401, _envelope(-18010002, errors=[{"code": -18010002, "message": "Invalid security key."}]))
    if not isinstance(asked, list) or not 0 < len(asked) <= _MOST or not all(isinstance(one, Mapping) for one in asked):
        return _json(200, _envelope(-18010013, errors=[{"code": -18010013, "message": "Submitted data is invalid."}]))
    if fault is Fault.LYING:
        return _json(200, _envelope(-18010003, errors=[{"code": -18010003, "message": "Internal service error."}]))
    numbers = [cleaned(str(one.get("number", ""))) for one in asked]
    if call in ("register", "stoptrack"):
        return _json(200, _envelope(0, accepted=[{"origin": 1, "number": number} for number in numbers], rejected=[]))
    if call != "gettrackinfo":
        return _json(404, {"message": "There is nothing here."})
    known = look(list(dict.fromkeys(numbers)))
    accepted: list[dict[str, Any]] = []
    rejected: list[dict[str, Any]] = []
    for number in numbers:
        if _refuses(known.get(number), fault):
            rejected.append(_rejection(number, -18010012, "The format of the number is invalid."))
        elif number not in known or not known[number].checkpoints:
            rejected.append(_rejection(number, -18019909, "No tracking information at this time."))
        else:
            accepted.append({"number": number, "track_info": _track_info(known[number])})
    return _json(200, _envelope(0, accepted=accepted, rejected=rejected))


def _envelope(code: int, **data: Any) -> dict[str, Any]:
    return {"code": code, "data": data}


def _rejection(number: str, code: int, message: str) -> dict[str, Any]:
    return {"number": number, "error": {"code": code, "message": message}}


def _track_info(known: Known) -> dict[str, Any]:
    events = [_event(point, known.carrier) for point in reversed(known.checkpoints)]
    told = [point for point in known.checkpoints if point.stage in _SUB_STATUSES]
    latest = _latest(told or known.checkpoints)
    assert latest is not None
    sub_status = _SUB_STATUSES.get(latest.stage, "NotFound_Other") if latest.stage else "NotFound_Other"
    estimate = known.estimated_on.isoformat() if known.estimated_on else None
    return {
        "latest_status": {"status": sub_status.partition("_")[0], "sub_status": sub_status, "sub_status_descr": None},
        "latest_event": _event(latest, known.carrier),
        "time_metrics": {"estimated_delivery_date": {"source": "Official", "from": estimate, "to": estimate}},
        "tracking": {"providers": [{"provider": {"key": 0, "name": known.carrier.code}, "events": events}]},
    }


def _event(point: Checkpoint, carrier: Carrier) -> dict[str, Any]:
    written = _written(point, carrier)
    utc = point.happened_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "time_iso": None if point.zone_assumed else written,
        "time_utc": None if point.zone_assumed else utc,
        "time_raw": {"date": written[:10], "time": written[11:19], "timezone": None if point.zone_assumed else written[19:]},
        "description": point.text,
        "location": point.place,
        "stage": _EVENT_STAGES.get(point.stage) if point.stage else None,
        "sub_status": _SUB_STATUSES.get(point.stage) if point.stage else None,
    }
