"""17TRACK: carriers of the whole world, up to 40 numbers a call; numbers are registered once, then asked."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.carriers.reading import Inquiry, Notes, WrittenEvent, answer, day, joined, matched, records, text, with_latest
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
from core.domain.carriers import Carrier, Rules
from core.domain.errors import Refused
from core.domain.shipment import Stage

NAME = "seventeen_track"
TITLE = "17TRACK"
BASE_URL = "https://api.17track.net"
BATCH = 40
RATE = 3.0
WORLDWIDE = True

STAGES: Mapping[str, Stage | None] = {
    # latest_status.status
    "NotFound": None,
    "InfoReceived": Stage.INFO_RECEIVED,
    "InTransit": Stage.IN_TRANSIT,
    "Expired": Stage.EXCEPTION,
    "AvailableForPickup": Stage.AVAILABLE_FOR_PICKUP,
    "OutForDelivery": Stage.OUT_FOR_DELIVERY,
    "DeliveryFailure": Stage.ATTEMPT_FAILED,
    "Delivered": Stage.DELIVERED,
    "Exception": Stage.EXCEPTION,
    # sub_status
    "NotFound_Other": None,
    "NotFound_InvalidCode": Stage.INVALID_NUMBER,
    "InTransit_PickedUp": Stage.PICKED_UP,
    "InTransit_Other": Stage.IN_TRANSIT,
    "InTransit_Departure": Stage.IN_TRANSIT,
    "InTransit_Arrival": Stage.IN_TRANSIT,
    "InTransit_TransportDeparted": Stage.IN_TRANSIT,
    "InTransit_TransportArrived": Stage.IN_TRANSIT,
    "InTransit_CustomsProcessing": Stage.IN_TRANSIT,
    "InTransit_CustomsReleased": Stage.IN_TRANSIT,
    "InTransit_CustomsRequiringInformation": Stage.IN_TRANSIT,
    "Expired_Other": Stage.EXCEPTION,
    "AvailableForPickup_Other": Stage.AVAILABLE_FOR_PICKUP,
    "OutForDelivery_Other": Stage.OUT_FOR_DELIVERY,
    "DeliveryFailure_Other": Stage.ATTEMPT_FAILED,
    "DeliveryFailure_NoBody": Stage.ATTEMPT_FAILED,
    "DeliveryFailure_Security": Stage.ATTEMPT_FAILED,
    "DeliveryFailure_Rejected": Stage.ATTEMPT_FAILED,
    "DeliveryFailure_InvalidAddress": Stage.ATTEMPT_FAILED,
    "Delivered_Other": Stage.DELIVERED,
    "Exception_Other": Stage.EXCEPTION,
    "Exception_Returning": Stage.RETURNING,
    "Exception_Returned": Stage.RETURNED,
    "Exception_NoBody": Stage.EXCEPTION,
    "Exception_Security": Stage.EXCEPTION,
    "Exception_Damage": Stage.EXCEPTION,
    "Exception_Rejected": Stage.EXCEPTION,
    "Exception_Delayed": Stage.EXCEPTION,
    "Exception_Lost": Stage.LOST,
    "Exception_Destroyed": Stage.EXCEPTION,
    "Exception_Cancel": Stage.CANCELLED,
    # an event's stage
    "PickedUp": Stage.PICKED_UP,
    "Departure": Stage.IN_TRANSIT,
    "Arrival": Stage.IN_TRANSIT,
    "Returning": Stage.RETURNING,
    "Returned": Stage.RETURNED,
    # track.e of version 1
    "0": None,
    "10": Stage.IN_TRANSIT,
    "20": Stage.EXCEPTION,
    "30": Stage.AVAILABLE_FOR_PICKUP,
    "35": Stage.ATTEMPT_FAILED,
    "40": Stage.DELIVERED,
    "50": Stage.EXCEPTION,
}

_VERSION = "/track/v2.4"
_REGISTERED, _NOT_REGISTERED, _NOTHING_YET, _UNDETECTED = -18019901, -18019902, -18019909, -18019903
_INVALID = {-18010011, -18010012, -18010013}
_TROUBLES = {
    -18010001: TroubleKind.REFUSED,
    -18010002: TroubleKind.REFUSED,
    -18010004: TroubleKind.REFUSED,
    -18010005: TroubleKind.REFUSED,
    -18010014: TroubleKind.LIMITED,
    -18019907: TroubleKind.LIMITED,
    -18019908: TroubleKind.LIMITED,
}
_RECORD = {"number", "track_info", "latest_status", "track"}


def ask(http: Http, access: Access, numbers: Sequence[Number], rules: Rules) -> dict[Number, TrackingAnswer | Trouble]:
    """What the service knows of the numbers. Numbers it was never told of are registered; they are known a little later."""
    asked = Inquiry(NAME, rules, numbers)
    reply = _call(http, access, "gettrackinfo", [_wanted(asked, number) for number in numbers])
    rejected = _rejected(reply.payload)
    unknown = [number for number in numbers if rejected.get(number.invoice_no) == _NOT_REGISTERED]
    answers = matched(asked, parse(reply.payload, rules, numbers), TITLE)
    if unknown:
        told = _call(http, access, "register", [_wanted(asked, number) for number in unknown])
        answers |= matched(Inquiry(NAME, rules, unknown), parse(told.payload, rules, unknown), TITLE)
    return answers


def parse(payload: Any, rules: Rules, numbers: Sequence[Number] = ()) -> list[TrackingAnswer]:
    """The answers in a response (version 1, 2 or the website's), in one accepted or rejected entry, or in a webhook's event.

    Raises Refused when it is none of these.
    """
    website = ("shipments",) if isinstance(payload, Mapping) and "meta" in payload else ()
    found = records(payload, _is_record, ("data", "accepted", "rejected", *website))
    asked, failure = Inquiry(NAME, rules, numbers), _failure(payload)
    if found is None and failure is None:
        raise Refused(TroubleReason.NOT_ITS_ANSWER(service=TITLE))
    if not found and failure:
        return [TrackingAnswer(asked.number(None), warnings=(failure.text,))]
    return [_entry(record, asked) for record in found or []]


def signed(headers: Mapping[str, str], body: bytes, access: Access) -> bool:
    """Whether the header `sign` is the SHA-256 of the raw body, "/" and the key, in hexadecimal."""
    if not access.key:
        return False
    expected = hashlib.sha256(body + b"/" + access.key.encode()).hexdigest()
    return constant_time_equal(expected, header(headers, "sign").lower())


def _wanted(asked: Inquiry, number: Number) -> dict[str, Any]:
    code = asked.code(number)
    return {"number": number.invoice_no, "carrier": int(code)} if code else {"number": number.invoice_no}


def _call(http: Http, access: Access, name: str, wanted: Sequence[Mapping[str, Any]]) -> Reply:
    reply = http.post(f"{_VERSION}/{name}", json=wanted, headers={"17token": access.key})
    if failure := _failure(reply.payload):
        raise Failed(failure)
    return reply


def _rejected(payload: Any) -> dict[str, int]:
    notes = Notes()
    data = notes.mapping(notes.mapping(payload, "").get("data"), "")
    entries = notes.items(data.get("rejected"), "")
    return {text(entry.get("number")): _code(entry.get("error")) for entry in entries}


def _failure(payload: Any) -> Trouble | None:
    """The trouble of a whole call, which comes with HTTP 200; None when there is none."""
    envelope = payload if isinstance(payload, Mapping) else {}
    data = envelope.get("data")
    errors = data.get("errors") if isinstance(data, Mapping) else None
    first = errors[0] if isinstance(errors, list) and errors and isinstance(errors[0], Mapping) else envelope
    code = _code(first)
    if code >= 0 or (first is envelope and isinstance(data, Mapping) and {"accepted", "rejected"} & data.keys()):
        return None
    kind = _TROUBLES.get(code, TroubleKind.MALFORMED if code in _INVALID else TroubleKind.FAULTY)
    if kind is TroubleKind.REFUSED:
        return Trouble(kind, str(TroubleReason.KEY_REFUSED(service=TITLE)))
    return Trouble(kind, str(told(TITLE, f"{code} {text(first.get('message'))}".strip(), "sentence")))


def _is_record(value: Mapping[str, Any]) -> bool:
    return bool(_RECORD & value.keys()) and not {"accepted", "rejected"} & value.keys()


def _entry(record: Mapping[str, Any], asked: Inquiry) -> TrackingAnswer:
    number = asked.number(record.get("number"))
    carrier = asked.carrier(number, text(record.get("carrier")))
    if isinstance(record.get("error"), Mapping):
        return _refusal(number, carrier.code, record["error"])
    notes = Notes()
    if isinstance(record.get("track"), Mapping):
        return _version_1(number, carrier, record["track"], notes)
    outer = {**record, **notes.mapping(record.get("shipment"), "shipment")}
    info = {**outer, **notes.mapping(record.get("track_info"), "track_info")}
    return _version_2(number, carrier, info, notes)


def _refusal(number: str, carrier: str, error: Mapping[str, Any]) -> TrackingAnswer:
    code, words = _code(error), text(error.get("message"))
    said = f"{TITLE} answered: {code} {words}".strip()
    if code in _INVALID:
        return TrackingAnswer(
            number, Stage.INVALID_NUMBER, str(code), carrier=carrier, found=False, invalid=True, warnings=(said,)
        )
    quiet = code in (_REGISTERED, _NOT_REGISTERED, _NOTHING_YET)
    return TrackingAnswer(number, carrier=carrier, found=False, warnings=() if quiet else (said,))


def _version_2(number: str, carrier: Carrier, info: Mapping[str, Any], notes: Notes) -> TrackingAnswer:
    status = notes.mapping(info.get("latest_status"), "latest_status")
    main = text(status.get("status")) or text(info.get("package_status"))
    code, stage = notes.meaning(STAGES, text(status.get("sub_status")), main)
    event = notes.mapping(info.get("latest_event"), "latest_event")
    latest = WrittenEvent(_time(event), code, stage, text=text(status.get("sub_status_descr")))
    events = with_latest([_event(one, notes) for one in _events(info, notes)], _event(event, notes))
    estimated_on = _estimated(info, notes)
    read = answer(number, carrier, latest, events, notes)
    return _invalid(read) if stage is Stage.INVALID_NUMBER else replace(read, estimated_on=estimated_on)


def _invalid(read: TrackingAnswer) -> TrackingAnswer:
    return TrackingAnswer(
        read.number, read.stage, read.code, carrier=read.carrier, found=False, invalid=True, warnings=read.warnings
    )


def _events(info: Mapping[str, Any], notes: Notes) -> list[Mapping[str, Any]]:
    tracking = notes.mapping(info.get("tracking"), "tracking")
    providers = notes.items(tracking.get("providers"), "providers")
    return [event for provider in providers for event in notes.items(provider.get("events"), "events")]


def _event(event: Mapping[str, Any], notes: Notes) -> WrittenEvent:
    code, stage = notes.meaning(STAGES, text(event.get("sub_status")), text(event.get("stage")))
    address = notes.mapping(event.get("address"), "address")
    place = text(event.get("location")) or joined(address.get("city"), address.get("state"), address.get("country"))
    translated = notes.mapping(event.get("description_translation"), "description_translation")
    words = text(event.get("description")) or text(translated.get("description"))
    return WrittenEvent(_time(event), code, stage, place, words, text(address.get("country")))


def _time(event: Mapping[str, Any]) -> str:
    """The local time with its zone, else UTC, else the carrier's own date and time with or without a zone."""
    if written := text(event.get("time_iso")) or text(event.get("time_utc")):
        return written
    raw = event.get("time_raw")
    if not isinstance(raw, Mapping):
        return text(raw)
    day, hour, zone = (text(raw.get(name)) for name in ("date", "time", "timezone"))
    return day + (f"T{hour or '00:00'}{zone}" if hour or zone else "") if day else ""


def _estimated(info: Mapping[str, Any], notes: Notes) -> Any:
    metrics = notes.mapping(info.get("time_metrics"), "time_metrics")
    estimate = notes.mapping(metrics.get("estimated_delivery_date"), "estimated_delivery_date")
    return day(estimate.get("to")) or day(estimate.get("from"))


def _version_1(number: str, carrier: Carrier, track: Mapping[str, Any], notes: Notes) -> TrackingAnswer:
    code, stage = notes.meaning(STAGES, text(track.get("e")))
    newest = notes.mapping(track.get("z0"), "z0")
    events = [event for name in ("z1", "z2", "z9") for event in notes.items(track.get(name), name)]
    written = with_latest([_version_1_event(event) for event in events], _version_1_event(newest))
    return answer(number, carrier, WrittenEvent(newest.get("a"), code, stage), written, notes)


def _version_1_event(event: Mapping[str, Any]) -> WrittenEvent:
    return WrittenEvent(event.get("a"), place=joined(event.get("c"), event.get("d")), text=text(event.get("z")))


def _code(error: Any) -> int:
    code = text(error.get("code")) if isinstance(error, Mapping) else ""
    return int(code) if code.removeprefix("-").isdecimal() and code.isascii() else 0
