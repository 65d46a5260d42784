"""AfterShip: carriers of the whole world; numbers are created once, then asked."""

import base64
import hashlib
import hmac
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

NAME = "aftership"
TITLE = "AfterShip"
BASE_URL = "https://api.aftership.com"
BATCH = 50
RATE = 5.0
WORLDWIDE = True

STAGES: Mapping[str, Stage | None] = {
    # tag
    "Pending": None,
    "InfoReceived": Stage.INFO_RECEIVED,
    "InTransit": Stage.IN_TRANSIT,
    "OutForDelivery": Stage.OUT_FOR_DELIVERY,
    "AttemptFail": Stage.ATTEMPT_FAILED,
    "AvailableForPickup": Stage.AVAILABLE_FOR_PICKUP,
    "Delivered": Stage.DELIVERED,
    "Exception": Stage.EXCEPTION,
    "Expired": Stage.EXCEPTION,
    # subtag
    **{f"Pending_{number:03}": None for number in range(1, 7)},
    "InfoReceived_001": Stage.INFO_RECEIVED,
    **{f"InTransit_{number:03}": Stage.IN_TRANSIT for number in range(1, 10)},
    "OutForDelivery_001": Stage.OUT_FOR_DELIVERY,
    "OutForDelivery_003": Stage.OUT_FOR_DELIVERY,
    "OutForDelivery_004": Stage.OUT_FOR_DELIVERY,
    **{f"AttemptFail_{number:03}": Stage.ATTEMPT_FAILED for number in range(1, 4)},
    "AvailableForPickup_001": Stage.AVAILABLE_FOR_PICKUP,
    **{f"Delivered_{number:03}": Stage.DELIVERED for number in range(1, 6)},
    **{f"Exception_{number:03}": Stage.EXCEPTION for number in (*range(1, 10), 12, *range(16, 20), 21)},
    "Exception_010": Stage.RETURNING,
    "Exception_011": Stage.RETURNED,
    "Exception_013": Stage.LOST,
    "Exception_020": Stage.CANCELLED,
    "Expired_001": Stage.EXCEPTION,
}

MANNER = Manner(first_transit=True)

_VERSION = "/tracking/2026-07"
_EXISTS, _NOT_FOUND, _INVALID = {4003, 4009}, {4004}, {4005}


def ask(http: Http, access: Access, numbers: Sequence[Number], rules: Rules) -> dict[Number, TrackingAnswer | Trouble]:
    """What the service knows of the numbers. Numbers it was never told of are created; they are known a little later."""
    wanted = ",".join(dict.fromkeys(number.invoice_no for number in numbers))
    headers = {"as-api-key": access.key}
    reply = http.get(f"{_VERSION}/trackings", params={"tracking_numbers": wanted, "limit": "200"}, headers=headers)
    _raise_failure(reply)
    found = matched(Inquiry(NAME, rules, numbers), parse(reply.payload, rules), TITLE)
    return {
        number: _created(http, headers, Inquiry(NAME, rules, [number])) if isinstance(one, Trouble) else one
        for number, one in found.items()
    }


def parse(payload: Any, rules: Rules, numbers: Sequence[Number] = ()) -> list[TrackingAnswer]:
    """The answers in a response (one tracking, a list, or an older version's), in one tracking, or in a webhook's event.

    Raises Refused when it is none of these.
    """
    found = records(payload, _is_tracking, ("msg", "data", "tracking", "trackings"))
    asked, meta = Inquiry(NAME, rules, numbers), _meta(payload)
    if found is None and not meta:
        raise Refused(TroubleReason.NOT_ITS_ANSWER(service=TITLE))
    if not found and _code(meta) >= 400:
        return [_refusal(asked, meta)]
    return [_tracking(record, asked) for record in found or []]


def signed(headers: Mapping[str, str], body: bytes, access: Access) -> bool:
    """Whether the header `aftership-hmac-sha256` is the HMAC-SHA256 of the raw body with the webhook secret, in base64."""
    if not access.secret:
        return False
    expected = base64.b64encode(hmac.new(access.secret.encode(), body, hashlib.sha256).digest()).decode()
    return constant_time_equal(expected, header(headers, "aftership-hmac-sha256"))


def _created(http: Http, headers: Mapping[str, str], asked: Inquiry) -> TrackingAnswer | Trouble:
    [number] = asked.numbers
    slug = asked.code(number)
    wanted = {"tracking_number": number.invoice_no, **({"slug": slug} if slug else {})}
    try:
        reply = http.post(f"{_VERSION}/trackings", json=wanted, headers=headers)
    except Failed as failed:
        return failed.trouble
    if reply.payload is None:
        return Trouble(TroubleKind.MALFORMED, str(TroubleReason.ANSWERED("silent", service=TITLE, status=reply.status)))
    return matched(asked, parse(reply.payload, asked.rules, [number]), TITLE)[number]


def _raise_failure(reply: Reply) -> None:
    meta = _meta(reply.payload)
    if reply.status >= 400 or _code(meta) >= 400:
        alone = TroubleReason.ANSWERED("alone", service=TITLE, status=reply.status)
        raise Failed(Trouble(TroubleKind.MALFORMED, _words(meta) if meta else str(alone)))


def _is_tracking(value: Mapping[str, Any]) -> bool:
    return "tracking_number" in value or {"tag", "checkpoints"} <= value.keys()


def _meta(payload: Any) -> Mapping[str, Any]:
    meta = payload.get("meta") if isinstance(payload, Mapping) else None
    return meta if isinstance(meta, Mapping) and "code" in meta else {}


def _refusal(asked: Inquiry, meta: Mapping[str, Any]) -> TrackingAnswer:
    number, said, code = asked.number(None), (_words(meta),), _code(meta)
    carrier = asked.carrier(number).code
    if code in _INVALID:
        return TrackingAnswer(
            number, Stage.INVALID_NUMBER, str(code), carrier=carrier, found=False, invalid=True, warnings=said
        )
    return TrackingAnswer(number, carrier=carrier, found=code not in _NOT_FOUND | _EXISTS | {404}, warnings=said)


def _tracking(record: Mapping[str, Any], asked: Inquiry) -> TrackingAnswer:
    notes = Notes()
    number = asked.number(record.get("tracking_number"))
    code, stage = notes.meaning(STAGES, text(record.get("subtag")), text(record.get("tag")))
    delivered = record.get("shipment_delivery_date") if stage is Stage.DELIVERED else None
    checkpoints = notes.items(record.get("checkpoints"), "checkpoints")
    checkpoint = notes.mapping(record.get("checkpoint"), "checkpoint")
    read = answer(
        number,
        asked.carrier(number, text(record.get("slug"))),
        latest=WrittenEvent(delivered, code, stage, text=text(record.get("subtag_message"))),
        events=[_event(one, notes) for one in [*checkpoints, *([checkpoint] if checkpoint else [])]],
        notes=notes,
        manner=MANNER,
    )
    return replace(read, estimated_on=_estimated(record), as_of=read.as_of or time(record.get("updated_at")))


def _event(checkpoint: Mapping[str, Any], notes: Notes) -> WrittenEvent:
    code, stage = notes.meaning(STAGES, text(checkpoint.get("subtag")), text(checkpoint.get("tag")))
    country = checkpoint.get("country_iso3") or checkpoint.get("country_region")
    address = joined(checkpoint.get("city"), checkpoint.get("state"), checkpoint.get("country_name"))
    place = text(checkpoint.get("location")) or address
    words = text(checkpoint.get("message")) or text(checkpoint.get("subtag_message"))
    return WrittenEvent(checkpoint.get("checkpoint_time"), code, stage, place, words, text(country))


def _estimated(record: Mapping[str, Any]) -> Any:
    notes = Notes()
    newest = notes.mapping(record.get("latest_estimated_delivery"), "")
    older = notes.mapping(record.get("courier_estimated_delivery_date"), "")
    given = (
        newest.get("datetime"),
        newest.get("datetime_max"),
        older.get("estimated_delivery_date"),
        record.get("expected_delivery"),
    )
    return next((read for read in map(day, given) if read), None)


def _code(meta: Mapping[str, Any]) -> int:
    code = text(meta.get("code"))
    return int(code) if code.isdecimal() and code.isascii() else 0


def _words(meta: Mapping[str, Any]) -> str:
    return str(told(TITLE, f"{text(meta.get('code'))} {text(meta.get('message'))}".strip()))
