"""DHL Unified: the DHL companies' own shipments, one number a call."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.carriers.answers import Answer, Kind, Number, Trouble
from core.carriers.reading import Notes, Scan, answer, day, joined, number_of, records, text, with_latest
from core.carriers.service import Access, Failed, Http, matched
from core.domain.errors import Refused
from core.domain.shipment import Stage

NAME = "dhl"
TITLE = "DHL Unified"
BASE_URL = "https://api-eu.dhl.com"
BATCH = 1
RATE = 0.2

CARRIERS: Mapping[str, str] = {}
STAGES: Mapping[str, Stage | None] = {
    "unknown": None,
    "pre-transit": Stage.INFO_RECEIVED,
    "transit": Stage.IN_TRANSIT,
    "failure": Stage.ATTEMPT_FAILED,
    "delivered": Stage.DELIVERED,
}


def ask(http: Http, access: Access, numbers: Sequence[Number]) -> dict[Number, Answer | Trouble]:
    """What the service knows of the number."""
    return {number: _asked(http, access, number) for number in numbers}


def parse(payload: Any, numbers: Sequence[Number] = ()) -> list[Answer]:
    """The answers in a response, in one shipment of it, or in a problem such as "No result found" (404).

    Descriptions and remarks are words, never codes. Raises Refused when it is none of these.
    """
    found = records(payload, _is_shipment, ("shipments", "shipment"))
    if found is None and not _is_problem(payload):
        raise Refused(f"This is not an answer of {TITLE}.")
    if found is None:
        return [_refusal(payload, numbers)]
    return [_shipment(record, numbers) for record in found]


def signed(headers: Mapping[str, str], body: bytes, access: Access) -> bool:
    """Always False: this service sends no webhooks."""
    return False


def _asked(http: Http, access: Access, number: Number) -> Answer | Trouble:
    headers = {"DHL-API-Key": access.key}
    reply = http.get("/track/shipments", params={"trackingNumber": number.invoice_no}, headers=headers)
    if reply.status == 404 or (reply.status < 400 and not parse(reply.payload)):
        return Answer(number.invoice_no, carrier=number.carrier, found=False)
    if reply.status >= 400:
        problem = _is_problem(reply.payload)
        raise Failed(Trouble(Kind.MALFORMED, _words(reply.payload) if problem else f"{TITLE} answered {reply.status}."))
    answers = parse(reply.payload, [number])
    # A piece or another reference of the shipment may have been asked: the answer then has a number of its own.
    if len(answers) == 1:
        return replace(answers[0], number=number.invoice_no, carrier=number.carrier)
    return matched([number], answers, TITLE)[number]


def _is_shipment(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("status"), Mapping) or isinstance(value.get("events"), list)


def _is_problem(payload: Any) -> bool:
    return isinstance(payload, Mapping) and "title" in payload and bool({"status", "detail"} & payload.keys())


def _refusal(problem: Mapping[str, Any], numbers: Sequence[Number]) -> Answer:
    number = number_of(text(problem.get("instance")).rpartition("/")[2], numbers)
    return Answer(number, carrier="dhl", found=text(problem.get("status")) != "404", warnings=(_words(problem),))


def _shipment(record: Mapping[str, Any], numbers: Sequence[Number]) -> Answer:
    notes = Notes()
    latest = _scan(notes.mapping(record.get("status"), "status"), notes)
    events = [_scan(event, notes) for event in notes.items(record.get("events"), "events")]
    frame = notes.mapping(record.get("estimatedDeliveryTimeFrame"), "estimatedDeliveryTimeFrame")
    return answer(
        number_of(record.get("id") or record.get("shipmentTrackingNumber"), numbers),
        latest=latest,
        scans=with_latest(events, latest),
        notes=notes,
        carrier="dhl",
        first_transit=True,
        estimated_on=day(record.get("estimatedTimeOfDelivery")) or day(frame.get("estimatedThrough")),
    )


def _scan(event: Mapping[str, Any], notes: Notes) -> Scan:
    code, stage = notes.meaning(STAGES, text(event.get("statusCode")) or _as_code(event))
    location = event.get("location")
    address = {} if text(location) else notes.mapping(notes.mapping(location, "location").get("address"), "address")
    place = text(location) or joined(address.get("addressLocality"), address.get("countryCode"))
    words = text(event.get("description")) or text(event.get("status"))
    return Scan(event.get("timestamp"), code, stage, place, words, text(address.get("countryCode")))


def _as_code(event: Mapping[str, Any]) -> str:
    return status if (status := text(event.get("status"))) in STAGES else ""


def _words(problem: Mapping[str, Any]) -> str:
    return f"{TITLE} answered: {text(problem.get('title')) or 'a problem'}. {text(problem.get('detail'))}".strip()
