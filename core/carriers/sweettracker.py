"""SweetTracker (스마트택배): Korean carriers, and others as they are known in Korea, one number a call."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from core.carriers.reading import Inquiry, Manner, Notes, WrittenEvent, answer, matched, records, text, with_latest
from core.carriers.reasons import TroubleReason, told
from core.carriers.return_words import ENGLISH, KOREAN
from core.carriers.service import Access, Failed, Http, Number, Reply, TrackingAnswer, Trouble, TroubleKind
from core.domain.carriers import Rules
from core.domain.errors import Refused
from core.domain.shipment import Stage

NAME = "sweettracker"
TITLE = "SweetTracker"
BASE_URL = "https://info.sweettracker.co.kr"
BATCH = 1
RATE = 5.0
WORLDWIDE = False

STAGES: Mapping[str, Stage | None] = {
    # level
    "0": None,
    "1": Stage.INFO_RECEIVED,
    "2": Stage.PICKED_UP,
    "3": Stage.IN_TRANSIT,
    "4": Stage.IN_TRANSIT,
    "5": Stage.OUT_FOR_DELIVERY,
    "6": Stage.DELIVERED,
    # complete, completeYN
    "complete": Stage.DELIVERED,
}

MANNER = Manner(return_words=(*KOREAN, *ENGLISH))

_NOT_KNOWN, _ASKED_TOO_OFTEN = "104", "105"
_TROUBLES = {
    "101": TroubleKind.REFUSED,
    "102": TroubleKind.REFUSED,
    "103": TroubleKind.LIMITED,
}
_LATER = timedelta(hours=6)
_HOME = "KR"


def ask(http: Http, access: Access, numbers: Sequence[Number], rules: Rules) -> dict[Number, TrackingAnswer | Trouble]:
    """What the service knows of the number; one of a carrier that it has no code for is a trouble of its own."""
    return {number: _asked(http, access, Inquiry(NAME, rules, [number])) for number in numbers}


def parse(payload: Any, rules: Rules, numbers: Sequence[Number] = ()) -> list[TrackingAnswer]:
    """The answer in a response, or in its refusal. Names, addresses and telephone numbers in it are not read.

    Raises Refused when it is none of these.
    """
    asked, failure = Inquiry(NAME, rules, numbers), _failure(payload)
    found = records(payload, _is_tracking, ())
    if found is None and not failure:
        raise Refused(TroubleReason.NOT_ITS_ANSWER(service=TITLE))
    if not found and failure:
        return [_refusal(asked, failure)]
    return [_tracking(record, asked) for record in found or []]


def signed(headers: Mapping[str, str], body: bytes, access: Access) -> bool:
    """Always False: whoever asks this service is sent no webhooks."""
    return False


def _asked(http: Http, access: Access, asked: Inquiry) -> TrackingAnswer | Trouble:
    [number] = asked.numbers
    company = asked.code(number)
    if not company:
        return Trouble(TroubleKind.REFUSED, str(TroubleReason.UNKNOWN_COMPANY(service=TITLE)))
    # The key goes into the body: in an address it would be in the logs of whatever lies between.
    wanted = {"t_key": access.key, "t_code": company, "t_invoice": number.invoice_no}
    reply = http.post("/api/v1/trackingInfo", json=wanted)
    if trouble := _trouble(reply):
        return trouble
    return matched(asked, parse(reply.payload, asked.rules, [number]), TITLE)[number]


def _trouble(reply: Reply) -> Trouble | None:
    """Why the number has no answer, where that is its own; None where it has one. Raises Failed for the trouble of any number."""
    failure = _failure(reply.payload)
    code = text(failure.get("code"))
    if code == _NOT_KNOWN or (not failure and reply.status < 400):
        return None
    if code == _ASKED_TOO_OFTEN:
        return Trouble(TroubleKind.REFUSED, _words(failure), _LATER)
    if not failure:
        alone = TroubleReason.ANSWERED("alone", service=TITLE, status=reply.status)
        raise Failed(Trouble(TroubleKind.MALFORMED, str(alone)))
    kind = _TROUBLES.get(code, TroubleKind.FAULTY)
    raise Failed(
        Trouble(kind, str(TroubleReason.KEY_REFUSED(service=TITLE)) if kind is TroubleKind.REFUSED else _words(failure))
    )


def _is_tracking(value: Mapping[str, Any]) -> bool:
    return "trackingDetails" in value or {"level", "complete"} <= value.keys() or {"level", "completeYN"} <= value.keys()


def _failure(payload: Any) -> Mapping[str, Any]:
    """The refusal of a call, which comes with HTTP 200; an empty one when there is none."""
    refused = isinstance(payload, Mapping) and payload.get("status") is False and bool({"code", "msg"} & payload.keys())
    return payload if refused else {}


def _refusal(asked: Inquiry, failure: Mapping[str, Any]) -> TrackingAnswer:
    """104 says that the number or the company is wrong, and is said of numbers too new to be known: it makes none invalid."""
    number = asked.number(None)
    return TrackingAnswer(number, carrier=asked.carrier(number).code, found=False, warnings=(_words(failure),))


def _tracking(record: Mapping[str, Any], asked: Inquiry) -> TrackingAnswer:
    notes = Notes()
    number = asked.number(record.get("invoiceNo"))
    complete = record.get("complete") is True or text(record.get("completeYN")) == "Y"
    code, stage = notes.meaning(STAGES, text(record.get("level")))
    if complete and stage is not Stage.DELIVERED:
        code, stage = "complete", Stage.DELIVERED
    last = notes.mapping(record.get("lastDetail"), "lastDetail")
    details = [_event(one, notes) for one in notes.items(record.get("trackingDetails"), "trackingDetails")]
    events = with_latest(details, _event(last, notes)) if last else details
    return answer(number, asked.carrier(number), WrittenEvent(None, code, stage), events, notes, MANNER)


def _event(detail: Mapping[str, Any], notes: Notes) -> WrittenEvent:
    """One line of the journey. Its time is that of Korea, wherever the parcel is."""
    code, stage = notes.meaning(STAGES, text(detail.get("level")))
    return WrittenEvent(_time(detail), code, stage, text(detail.get("where")), text(detail.get("kind")), _HOME)


def _time(detail: Mapping[str, Any]) -> str:
    """The time as it is written, else as it is counted, in milliseconds since 1970."""
    written, counted = text(detail.get("timeString")), detail.get("time")
    if written or isinstance(counted, bool) or not isinstance(counted, int) or not 0 < counted < 10**13:
        return written
    return (datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=counted)).isoformat()


def _words(failure: Mapping[str, Any]) -> str:
    return str(told(TITLE, f"{text(failure.get('code'))} {text(failure.get('msg'))}".strip()))
