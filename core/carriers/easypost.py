"""EasyPost: carriers of the whole world, one tracker per number."""

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.carriers.reading import Inquiry, Manner, Notes, WrittenEvent, answer, day, joined, matched, records, text, time
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

NAME = "easypost"
TITLE = "EasyPost"
BASE_URL = "https://api.easypost.com"
BATCH = 1
RATE = 5.0
WORLDWIDE = True

STAGES: Mapping[str, Stage | None] = {
    # status
    "unknown": None,
    "pre_transit": Stage.INFO_RECEIVED,
    "in_transit": Stage.IN_TRANSIT,
    "out_for_delivery": Stage.OUT_FOR_DELIVERY,
    "available_for_pickup": Stage.AVAILABLE_FOR_PICKUP,
    "failure": Stage.ATTEMPT_FAILED,
    "error": Stage.EXCEPTION,
    "return_to_sender": Stage.RETURNED,
    "cancelled": Stage.CANCELLED,
    "delivered": Stage.DELIVERED,
    # status_detail, where it tells more than a status of transit, failure or error
    "arrived_at_pickup_location": Stage.AVAILABLE_FOR_PICKUP,
    "return": Stage.RETURNING,
    "lost": Stage.LOST,
}

MANNER = Manner(first_transit=True)

_DETAILS = {"out_for_delivery", "arrived_at_pickup_location", "return", "lost", "cancelled"}
_OPEN_TO_DETAIL = {"in_transit", "failure", "error"}
_INVALID = {"TRACKER.TRACKING_CODE.INVALID", "TRACKING_CODE.INVALID"}


def ask(http: Http, access: Access, numbers: Sequence[Number], rules: Rules) -> dict[Number, TrackingAnswer | Trouble]:
    """What the service knows of the number; its tracker is made when there is none yet."""
    return {number: _asked(http, access, Inquiry(NAME, rules, [number])) for number in numbers}


def parse(payload: Any, rules: Rules, numbers: Sequence[Number] = ()) -> list[TrackingAnswer]:
    """The answers in a tracker, a list of them, or a webhook's event. An event about something else holds none.

    Raises Refused when it is none of these.
    """
    found = records(payload, _is_tracker, ("result", "tracker", "trackers"))
    asked, error = Inquiry(NAME, rules, numbers), _error(payload)
    if found is None and not error and not _is_event(payload):
        raise Refused(TroubleReason.NOT_ITS_ANSWER(service=TITLE))
    if not found and error:
        return [_refusal(asked, error)]
    return [_tracker(record, asked) for record in found or []]


def signed(headers: Mapping[str, str], body: bytes, access: Access) -> bool:
    """Whether the header `X-Hmac-Signature` is "hmac-sha256-hex=" and the HMAC-SHA256 of the raw body, in hexadecimal.

    The secret is normalised (NFKD) first.
    """
    if not access.secret:
        return False
    secret = unicodedata.normalize("NFKD", access.secret).encode()
    expected = "hmac-sha256-hex=" + hmac.new(secret, body, hashlib.sha256).hexdigest()
    return constant_time_equal(expected, header(headers, "x-hmac-signature"))


def _asked(http: Http, access: Access, asked: Inquiry) -> TrackingAnswer | Trouble:
    [number] = asked.numbers
    headers = {"Authorization": "Basic " + base64.b64encode(f"{access.key}:".encode()).decode()}
    carrier = asked.code(number)
    wanted = {"tracking_code": number.invoice_no, **({"carrier": carrier} if carrier else {})}
    listed = http.get("/v2/trackers", params=wanted, headers=headers)
    _raise_failure(listed)
    if not (answers := parse(listed.payload, asked.rules, [number])):
        made = http.post("/v2/trackers", json={"tracker": wanted}, headers=headers)
        if made.payload is None:
            _raise_failure(made)
        answers = parse(made.payload, asked.rules, [number])
    return matched(asked, answers, TITLE)[number]


def _raise_failure(reply: Reply) -> None:
    if reply.status >= 400:
        error = _error(reply.payload)
        alone = TroubleReason.ANSWERED("alone", service=TITLE, status=reply.status)
        raise Failed(Trouble(TroubleKind.MALFORMED, _words(error) if error else str(alone)))


def _is_tracker(value: Mapping[str, Any]) -> bool:
    return value.get("object") == "Tracker" or "tracking_code" in value or "tracking_details" in value


def _is_event(payload: Any) -> bool:
    return isinstance(payload, Mapping) and payload.get("object") == "Event"


def _error(payload: Any) -> Mapping[str, Any]:
    error = payload.get("error") if isinstance(payload, Mapping) else None
    return error if isinstance(error, Mapping) else {}


def _refusal(asked: Inquiry, error: Mapping[str, Any]) -> TrackingAnswer:
    number, said, code = asked.number(None), (_words(error),), text(error.get("code"))
    carrier = asked.carrier(number).code
    if code in _INVALID:
        return TrackingAnswer(number, Stage.INVALID_NUMBER, code, carrier=carrier, found=False, invalid=True, warnings=said)
    return TrackingAnswer(number, carrier=carrier, found="NOT_FOUND" not in code, warnings=said)


def _tracker(record: Mapping[str, Any], asked: Inquiry) -> TrackingAnswer:
    notes = Notes()
    number = asked.number(record.get("tracking_code"))
    code, stage = _meaning(record, notes)
    read = answer(
        number,
        asked.carrier(number, text(record.get("carrier"))),
        latest=WrittenEvent(None, code, stage),
        events=[_event(detail, notes) for detail in notes.items(record.get("tracking_details"), "tracking_details")],
        notes=notes,
        manner=MANNER,
    )
    as_of = read.as_of or time(record.get("updated_at"))
    return replace(read, estimated_on=day(record.get("est_delivery_date")), as_of=as_of)


def _event(detail: Mapping[str, Any], notes: Notes) -> WrittenEvent:
    code, stage = _meaning(detail, notes)
    place = notes.mapping(detail.get("tracking_location"), "tracking_location")
    where = joined(place.get("city"), place.get("state"), place.get("country"))
    words = text(detail.get("message")) or text(detail.get("description"))
    return WrittenEvent(detail.get("datetime"), code, stage, where, words, text(place.get("country")))


def _meaning(record: Mapping[str, Any], notes: Notes) -> tuple[str, Stage | None]:
    status, detail = text(record.get("status")), text(record.get("status_detail"))
    return notes.meaning(STAGES, detail if detail in _DETAILS and status in _OPEN_TO_DETAIL else "", status)


def _words(error: Mapping[str, Any]) -> str:
    return str(told(TITLE, f"{text(error.get('code'))} {text(error.get('message'))}".strip()))
