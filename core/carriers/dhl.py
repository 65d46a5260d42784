"""DHL Unified: the DHL companies' own shipments, one number a call."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.carriers.reading import (
    UNKNOWN,
    Inquiry,
    Manner,
    Notes,
    WrittenEvent,
    answer,
    day,
    joined,
    matched,
    records,
    text,
    with_latest,
)
from core.carriers.reasons import TroubleReason, told
from core.carriers.return_words import ENGLISH, GERMAN
from core.carriers.service import Access, Failed, Http, Number, TrackingAnswer, Trouble, TroubleKind
from core.domain.carriers import Carrier, Rules
from core.domain.errors import Refused
from core.domain.shipment import Stage

NAME = "dhl"
TITLE = "DHL Unified"
BASE_URL = "https://api-eu.dhl.com"
BATCH = 1
RATE = 0.2
WORLDWIDE = False

STAGES: Mapping[str, Stage | None] = {
    "unknown": None,
    "pre-transit": Stage.INFO_RECEIVED,
    "transit": Stage.IN_TRANSIT,
    "failure": Stage.ATTEMPT_FAILED,
    "delivered": Stage.DELIVERED,
}

MANNER = Manner(return_words=(*ENGLISH, *GERMAN), first_transit=True)


def ask(http: Http, access: Access, numbers: Sequence[Number], rules: Rules) -> dict[Number, TrackingAnswer | Trouble]:
    """What the service knows of the number."""
    return {number: _asked(http, access, number, rules) for number in numbers}


def parse(payload: Any, rules: Rules, numbers: Sequence[Number] = ()) -> list[TrackingAnswer]:
    """The answers in a response, in one shipment of it, or in a problem such as "No result found" (404).

    Descriptions and remarks are words, never codes. Raises Refused when it is none of these.
    """
    found = records(payload, _is_shipment, ("shipments", "shipment"))
    if found is None and not _is_problem(payload):
        raise Refused(TroubleReason.NOT_ITS_ANSWER(service=TITLE))
    asked = Inquiry(NAME, rules, numbers)
    if found is None:
        return [_refusal(payload, asked)]
    return [_shipment(record, asked) for record in found]


def signed(headers: Mapping[str, str], body: bytes, access: Access) -> bool:
    """Always False: this service sends no webhooks."""
    return False


def _asked(http: Http, access: Access, number: Number, rules: Rules) -> TrackingAnswer | Trouble:
    headers = {"DHL-API-Key": access.key}
    reply = http.get("/track/shipments", params={"trackingNumber": number.invoice_no}, headers=headers)
    answers = parse(reply.payload, rules, [number]) if reply.status < 400 else []
    if reply.status == 404 or (reply.status < 400 and not answers):
        return TrackingAnswer(number.invoice_no, carrier=number.carrier, found=False)
    if reply.status >= 400:
        problem = _is_problem(reply.payload)
        alone = TroubleReason.ANSWERED("alone", service=TITLE, status=reply.status)
        raise Failed(Trouble(TroubleKind.MALFORMED, _words(reply.payload) if problem else str(alone)))
    # A piece or another reference of the shipment may have been asked: the answer then has a number of its own.
    if len(answers) == 1:
        return replace(answers[0], number=number.invoice_no, carrier=number.carrier)
    return matched(Inquiry(NAME, rules, [number]), answers, TITLE)[number]


def _is_shipment(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("status"), Mapping) or isinstance(value.get("events"), list)


def _is_problem(payload: Any) -> bool:
    return isinstance(payload, Mapping) and "title" in payload and bool({"status", "detail"} & payload.keys())


def _refusal(problem: Mapping[str, Any], asked: Inquiry) -> TrackingAnswer:
    number = asked.number(text(problem.get("instance")).rpartition("/")[2])
    return TrackingAnswer(
        number, carrier=_carrier(asked).code, found=text(problem.get("status")) != "404", warnings=(_words(problem),)
    )


def _carrier(asked: Inquiry) -> Carrier:
    """Answers are about no other company's numbers, whatever number they name."""
    return asked.rules.at_service(NAME, "") or UNKNOWN


def _shipment(record: Mapping[str, Any], asked: Inquiry) -> TrackingAnswer:
    notes = Notes()
    latest = _event(notes.mapping(record.get("status"), "status"), notes)
    events = [_event(event, notes) for event in notes.items(record.get("events"), "events")]
    frame = notes.mapping(record.get("estimatedDeliveryTimeFrame"), "estimatedDeliveryTimeFrame")
    read = answer(
        asked.number(record.get("id") or record.get("shipmentTrackingNumber")),
        _carrier(asked),
        latest=latest,
        events=with_latest(events, latest),
        notes=notes,
        manner=MANNER,
    )
    return replace(read, estimated_on=day(record.get("estimatedTimeOfDelivery")) or day(frame.get("estimatedThrough")))


def _event(event: Mapping[str, Any], notes: Notes) -> WrittenEvent:
    code, stage = notes.meaning(STAGES, text(event.get("statusCode")) or _as_code(event))
    location = event.get("location")
    address = {} if text(location) else notes.mapping(notes.mapping(location, "location").get("address"), "address")
    place = text(location) or joined(address.get("addressLocality"), address.get("countryCode"))
    words = text(event.get("description")) or text(event.get("status"))
    return WrittenEvent(event.get("timestamp"), code, stage, place, words, text(address.get("countryCode")))


def _as_code(event: Mapping[str, Any]) -> str:
    return status if (status := text(event.get("status"))) in STAGES else ""


def _words(problem: Mapping[str, Any]) -> str:
    title, detail = text(problem.get("title")), text(problem.get("detail"))
    return str(told(TITLE, " ".join(filter(None, (title and f"{title}.", detail)))))
