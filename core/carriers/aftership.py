"""AfterShip: carriers of the whole world; numbers are created once, then asked.

Several parcels that are one shipment have a number and a tracking each, and name each other in `multi_piece_info`. Our shipment has the
number of one of them: it is delivered when all are that can be followed, at the time of the last one. Before that, a delivery is
recorded under its code and changes nothing; so is one of a parcel of which the others were not told along, as in a webhook.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.carriers.reading import (
    Inquiry,
    Manner,
    Notes,
    WrittenEvent,
    answer,
    day,
    in_order,
    joined,
    matched,
    records,
    text,
    time,
)
from core.carriers.reasons import AnswerNote, TroubleReason, told
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
from core.domain.shipment import Checkpoint, Stage

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
    **{f"InTransit_{number:03}": Stage.IN_TRANSIT for number in (*range(1, 10), *range(11, 14))},
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
    headers = {"as-api-key": access.key}
    told = _listed(http, headers, list(dict.fromkeys(number.invoice_no for number in numbers)))
    named = [piece for record in told for piece in _pieces(record)]
    known = {text(record.get("tracking_number")) for record in told}
    others = list(dict.fromkeys(piece for piece in named if piece not in known))
    for start in range(0, len(others), BATCH):
        told += _listed(http, headers, others[start : start + BATCH])
    found = matched(Inquiry(NAME, rules, numbers), parse(told, rules), TITLE)
    return {
        number: _created(http, headers, Inquiry(NAME, rules, [number])) if isinstance(one, Trouble) else one
        for number, one in found.items()
    }


def parse(payload: Any, rules: Rules, numbers: Sequence[Number] = ()) -> list[TrackingAnswer]:
    """The answers in a response (one tracking, a list, or an older version's), in one tracking, or in a webhook's event.

    Raises Refused when it is none of these.
    """
    found = _records(payload)
    asked, meta = Inquiry(NAME, rules, numbers), _meta(payload)
    if found is None and not meta:
        raise Refused(TroubleReason.NOT_ITS_ANSWER(service=TITLE))
    if not found and _code(meta) >= 400:
        return [_refusal(asked, meta)]
    read = [(_tracking(record, asked), _pieces(record)) for record in found or []]
    told = {one.number: one for one, _ in read}
    return [_together(one, pieces, told | {one.number: one}) for one, pieces in read]


def signed(headers: Mapping[str, str], body: bytes, access: Access) -> bool:
    """Whether the header `aftership-hmac-sha256` is the HMAC-SHA256 of the raw body with the webhook secret, in base64."""
    if not access.secret:
        return False
    expected = base64.b64encode(hmac.new(access.secret.encode(), body, hashlib.sha256).digest()).decode()
    return constant_time_equal(expected, header(headers, "aftership-hmac-sha256"))


def _listed(http: Http, headers: Mapping[str, str], numbers: Sequence[str]) -> list[Mapping[str, Any]]:
    reply = http.get(f"{_VERSION}/trackings", params={"tracking_numbers": ",".join(numbers), "limit": "200"}, headers=headers)
    _raise_failure(reply)
    found = _records(reply.payload)
    if found is None and not _meta(reply.payload):
        raise Refused(TroubleReason.NOT_ITS_ANSWER(service=TITLE))
    return found or []


def _records(payload: Any) -> list[Mapping[str, Any]] | None:
    return records(payload, _is_tracking, ("msg", "data", "tracking", "trackings"))


def _pieces(record: Mapping[str, Any]) -> list[str]:
    """The numbers of the parcels that the tracking is about, without those that cannot be followed."""
    notes = Notes()
    pieces = notes.items(notes.mapping(record.get("multi_piece_info"), "").get("pieces"), "")
    numbers = [text(piece.get("tracking_number")) for piece in pieces if piece.get("trackable") is not False]
    return [number for number in numbers if number]


def _together(own: TrackingAnswer, pieces: Sequence[str], told: Mapping[str, TrackingAnswer]) -> TrackingAnswer:
    """The answer about a parcel as one about its shipment, which is delivered with the last of the `pieces`."""
    parcels = dict.fromkeys([own.number, *pieces])
    gone = {piece: told[piece] for piece in parcels if piece in told and told[piece].stage is Stage.DELIVERED}
    if len(parcels) == 1 or not gone:
        return own
    if len(gone) < len(parcels):
        said = str(AnswerNote.PARCELS(count=len(gone), parcels=len(parcels)))
        stage = None if own.stage is Stage.DELIVERED else own.stage
        return replace(own, stage=stage, checkpoints=_held_back(own), warnings=(*own.warnings, said))
    last = max(gone, key=lambda piece: [point.happened_at for point in _deliveries(gone[piece])][:1])
    if last == own.number:
        return own
    return replace(own, checkpoints=in_order([*_held_back(own), *_deliveries(gone[last])]))


def _deliveries(parcel: TrackingAnswer) -> list[Checkpoint]:
    return [point for point in parcel.checkpoints if point.stage is Stage.DELIVERED]


def _held_back(parcel: TrackingAnswer) -> tuple[Checkpoint, ...]:
    """The events of a parcel, its delivery as one that changes nothing."""
    return tuple(replace(point, stage=None) if point.stage is Stage.DELIVERED else point for point in parcel.checkpoints)


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
    country_name = text(checkpoint.get("country_region_name")) or checkpoint.get("country_name")
    address = joined(checkpoint.get("city"), checkpoint.get("state"), country_name)
    place = text(checkpoint.get("location")) or address
    words = text(checkpoint.get("message")) or text(checkpoint.get("subtag_message"))
    told_as = text(checkpoint.get("hash"))
    return WrittenEvent(checkpoint.get("checkpoint_time"), code, stage, place, words, text(country), told_as)


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
