"""Ship24: carriers of the whole world; a number gets a tracker once, then is asked."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from core.carriers.reading import Inquiry, Manner, Notes, WrittenEvent, answer, day, matched, records, text
from core.carriers.reasons import TroubleReason, told
from core.carriers.service import (
    Access,
    Failed,
    Http,
    Number,
    Reply,
    TrackingAnswer,
    Trouble,
    TroubleKind,
    constant_time_equal,
    header,
)
from core.domain.carriers import Rules
from core.domain.errors import Refused
from core.domain.shipment import Stage

NAME = "ship24"
TITLE = "Ship24"
BASE_URL = "https://api.ship24.com"
BATCH = 1
RATE = 10.0
WORLDWIDE = True

STAGES: Mapping[str, Stage | None] = {
    # statusMilestone
    "pending": None,
    "info_received": Stage.INFO_RECEIVED,
    "in_transit": Stage.IN_TRANSIT,
    "out_for_delivery": Stage.OUT_FOR_DELIVERY,
    "failed_attempt": Stage.ATTEMPT_FAILED,
    "available_for_pickup": Stage.AVAILABLE_FOR_PICKUP,
    "delivered": Stage.DELIVERED,
    "exception": Stage.EXCEPTION,
    # statusCode
    "data_order_created": Stage.INFO_RECEIVED,
    "data_order_cancelled": Stage.CANCELLED,
    "transit_handover": Stage.IN_TRANSIT,
    "transit_origin_country_departure": Stage.IN_TRANSIT,
    "destination_arrival": Stage.IN_TRANSIT,
    "customs_received": Stage.IN_TRANSIT,
    "customs_exception": Stage.EXCEPTION,
    "customs_rejected": Stage.EXCEPTION,
    "customs_cleared": Stage.IN_TRANSIT,
    "delivery_available_for_pickup": Stage.AVAILABLE_FOR_PICKUP,
    "delivery_out_for_delivery": Stage.OUT_FOR_DELIVERY,
    "delivery_attempted": Stage.ATTEMPT_FAILED,
    "delivery_exception": Stage.EXCEPTION,
    "delivery_refused": Stage.EXCEPTION,
    "delivery_delivered": Stage.DELIVERED,
    "exception_return": Stage.RETURNING,
    "exception_lost": Stage.LOST,
    "exception_discarded": Stage.EXCEPTION,
}

MANNER = Manner(first_transit=True)

_VERSION = "/public/v1"
_WITHOUT_PHYSICAL_MEANING = {"data_delivery_proposed", "data_delivery_decided"}
_NOT_FOUND = {"tracker_not_found", "parcel_not_found"}
_INVALID = "validation_error"
_TROUBLES = {
    "no_active_subscription": TroubleKind.REFUSED,
    "quota_limit_reached": TroubleKind.LIMITED,
}


def ask(http: Http, access: Access, numbers: Sequence[Number], rules: Rules) -> dict[Number, TrackingAnswer | Trouble]:
    """What the service knows of the number. One that has no tracker gets it; it is known a little later."""
    return {number: _asked(http, access, Inquiry(NAME, rules, [number])) for number in numbers}


def parse(payload: Any, rules: Rules, numbers: Sequence[Number] = ()) -> list[TrackingAnswer]:
    """The answers in a response, in one tracking or tracker of it, or in a webhook's message.

    A tracker alone, and a proof of delivery, only name a number. Raises Refused when it is none of these.
    """
    found = records(payload, _is_tracking, ("data", "trackings", "trackers"))
    asked, error = Inquiry(NAME, rules, numbers), _error(payload)
    if found is None and not error:
        raise Refused(TroubleReason.NOT_ITS_ANSWER(service=TITLE))
    if not found and error:
        return [_refusal(asked, error)]
    return [_tracking(record, asked) for record in found or []]


def signed(headers: Mapping[str, str], body: bytes, access: Access) -> bool:
    """Whether the header `Authorization` is "Bearer" and the webhook secret: the service signs no body."""
    scheme, _, secret = header(headers, "authorization").partition(" ")
    return bool(access.secret) and scheme.lower() == "bearer" and constant_time_equal(access.secret, secret.strip())


def _asked(http: Http, access: Access, asked: Inquiry) -> TrackingAnswer | Trouble:
    [number] = asked.numbers
    headers = {"Authorization": f"Bearer {access.key}"}
    known = http.get(f"{_VERSION}/trackers/search/{quote(number.invoice_no, safe='')}/results", headers=headers)
    if _code(_error(known.payload)) not in {*_NOT_FOUND, _INVALID} and known.status != 404:
        _raise_failure(known)
        if answers := parse(known.payload, asked.rules, [number]):
            return matched(asked, answers, TITLE)[number]
    return _tracked(http, headers, asked)


def _tracked(http: Http, headers: Mapping[str, str], asked: Inquiry) -> TrackingAnswer | Trouble:
    """The answer to a new tracker; a company that the service refuses beside the number is left out."""
    [number] = asked.numbers
    company = asked.code(number)
    wanted: dict[str, Any] = {"trackingNumber": number.invoice_no}
    made = http.post(f"{_VERSION}/trackers", json=wanted | ({"courierCode": [company]} if company else {}), headers=headers)
    if company and _code(_error(made.payload)) == _INVALID:
        made = http.post(f"{_VERSION}/trackers", json=wanted, headers=headers)
    if made.payload is None or _code(_error(made.payload)) in _TROUBLES:
        _raise_failure(made)
    return matched(asked, parse(made.payload, asked.rules, [number]), TITLE)[number]


def _raise_failure(reply: Reply) -> None:
    error = _error(reply.payload)
    if reply.status < 400 and not error:
        return
    kind = _TROUBLES.get(_code(error), TroubleKind.MALFORMED)
    if kind is TroubleKind.REFUSED:
        raise Failed(Trouble(kind, str(TroubleReason.KEY_REFUSED(service=TITLE))))
    alone = TroubleReason.ANSWERED("alone", service=TITLE, status=reply.status)
    raise Failed(Trouble(kind, _words(error) if error else str(alone)))


def _is_tracking(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("tracker"), Mapping) or "trackerId" in value or {"shipment", "events"} <= value.keys()


def _error(payload: Any) -> Mapping[str, Any]:
    """The first error of a response; an empty one when there is none."""
    errors = payload.get("errors") if isinstance(payload, Mapping) else None
    first = errors[0] if isinstance(errors, list) and errors else None
    return first if isinstance(first, Mapping) and "code" in first else {}


def _refusal(asked: Inquiry, error: Mapping[str, Any]) -> TrackingAnswer:
    number, said, code = asked.number(None), (_words(error),), _code(error)
    carrier = asked.carrier(number).code
    if code == _INVALID:
        return TrackingAnswer(number, Stage.INVALID_NUMBER, code, carrier=carrier, found=False, invalid=True, warnings=said)
    return TrackingAnswer(number, carrier=carrier, found=False, warnings=said)


def _tracking(record: Mapping[str, Any], asked: Inquiry) -> TrackingAnswer:
    notes = Notes()
    tracker = record if "trackerId" in record else notes.mapping(record.get("tracker"), "tracker")
    number = asked.number(tracker.get("trackingNumber"))
    shipment = notes.mapping(record.get("shipment"), "shipment")
    events = notes.items(record.get("events"), "events")
    code, stage = _meaning(shipment, notes)
    company = next(filter(None, (text(event.get("courierCode")) for event in events)), "")
    read = answer(
        number,
        asked.carrier(number, company),
        latest=WrittenEvent(None, code, stage),
        events=[_event(event, notes) for event in events],
        notes=notes,
        manner=MANNER,
    )
    delivery = notes.mapping(shipment.get("delivery"), "delivery")
    promised = notes.mapping(delivery.get("courierEstimatedDeliveryDate"), "courierEstimatedDeliveryDate")
    return replace(read, estimated_on=day(promised.get("to")) or day(delivery.get("estimatedDeliveryDate")))


def _event(event: Mapping[str, Any], notes: Notes) -> WrittenEvent:
    """An event; its `datetime` has the zone of UTC for any local time, so that only `occurrenceDatetime` is read."""
    code, stage = _meaning(event, notes)
    # The milestone is how the shipment stands then: after a failed attempt every scan has it, and is no attempt of its own.
    stage = None if stage is Stage.ATTEMPT_FAILED and code == "failed_attempt" else stage
    words, place = text(event.get("status")), text(event.get("location"))
    return WrittenEvent(event.get("occurrenceDatetime"), code, stage, place, words, told_as=text(event.get("eventId")))


def _meaning(said: Mapping[str, Any], notes: Notes) -> tuple[str, Stage | None]:
    code = text(said.get("statusCode"))
    return notes.meaning(STAGES, "" if code in _WITHOUT_PHYSICAL_MEANING else code, text(said.get("statusMilestone")))


def _code(error: Mapping[str, Any]) -> str:
    return text(error.get("code"))


def _words(error: Mapping[str, Any]) -> str:
    return str(told(TITLE, f"{_code(error)} {text(error.get('message'))}".strip()))
