"""tracker.delivery: Korean and Japanese carriers over GraphQL, one field per number."""

from collections.abc import Mapping, Sequence
from typing import Any

from core.carriers.reading import Inquiry, Manner, Notes, WrittenEvent, answer, joined, matched, text, with_latest
from core.carriers.reasons import AnswerNote, TroubleReason, told
from core.carriers.return_words import ENGLISH, JAPANESE, KOREAN
from core.carriers.service import Access, Failed, Http, Number, TrackingAnswer, Trouble, TroubleKind
from core.domain.carriers import Rules
from core.domain.errors import Refused
from core.domain.shipment import Stage

NAME = "tracker_delivery"
TITLE = "tracker.delivery"
BASE_URL = "https://apis.tracker.delivery"
BATCH = 20
RATE = 10.0
WORLDWIDE = False

STAGES: Mapping[str, Stage | None] = {
    "UNKNOWN": None,
    "INFORMATION_RECEIVED": Stage.INFO_RECEIVED,
    "AT_PICKUP": Stage.PICKED_UP,
    "IN_TRANSIT": Stage.IN_TRANSIT,
    "OUT_FOR_DELIVERY": Stage.OUT_FOR_DELIVERY,
    "AVAILABLE_FOR_PICKUP": Stage.AVAILABLE_FOR_PICKUP,
    "ATTEMPT_FAIL": Stage.ATTEMPT_FAILED,
    "EXCEPTION": Stage.EXCEPTION,
    "DELIVERED": Stage.DELIVERED,
}

MANNER = Manner(return_words=(*KOREAN, *JAPANESE, *ENGLISH))

_FIELDS = (
    "lastEvent { time status { code name } description }"
    " events(last: 100) { edges { node { time status { code name } location { name countryCode } description } } }"
)
_NOT_FOUND, _INVALID = "NOT_FOUND", "BAD_REQUEST"
_TROUBLES = {
    "UNAUTHENTICATED": TroubleKind.REFUSED,
    "FORBIDDEN": TroubleKind.REFUSED,
    "RESOURCE_EXHAUSTED": TroubleKind.LIMITED,
    "TOO_MANY_REQUESTS": TroubleKind.LIMITED,
}


def ask(http: Http, access: Access, numbers: Sequence[Number], rules: Rules) -> dict[Number, TrackingAnswer | Trouble]:
    """What the service knows of the numbers; a number of a carrier it has no name for is a trouble of its own."""
    asked = Inquiry(NAME, rules, numbers)
    known = [number for number in numbers if asked.code(number)]
    troubles: dict[Number, TrackingAnswer | Trouble] = {
        number: Trouble(TroubleKind.REFUSED, str(TroubleReason.UNKNOWN_COMPANY(service=TITLE)))
        for number in numbers
        if number not in known
    }
    if not known:
        return troubles
    reply = http.post("/graphql", json=_query(asked, known), headers={"Authorization": f"TRACKQL-API-KEY {_key(access)}"})
    data, errors = _contents(reply.payload)
    if not data and errors and not any(_alias(error) for error in errors):
        raise Failed(_trouble(errors[0]))
    answers: dict[Number, TrackingAnswer | Trouble] = {}
    for place, number in enumerate(known):
        answers[number] = _outcome(f"t{place}", data, errors, Inquiry(NAME, rules, [number]))
    failures = [one for one in answers.values() if isinstance(one, Trouble)]
    if len(failures) == len(answers):
        raise Failed(failures[0])
    return troubles | answers


def parse(payload: Any, rules: Rules, numbers: Sequence[Number] = ()) -> list[TrackingAnswer]:
    """The answers in a GraphQL response, in one track object of it, in the older REST form, or in a callback.

    A callback only names a number and its carrier: its answer says nothing but to ask again. Fields t0, t1 ... belong to
    `numbers` in their order. Raises Refused when it is none of these; of a list, what is none of these is left out.
    """
    batch = payload if isinstance(payload, list) else [payload]
    known = [one for one in batch if _familiar(one)]
    if batch and not known:
        raise Refused(TroubleReason.NOT_ITS_ANSWER(service=TITLE))
    return [answer for one in known for answer in _parsed(one, Inquiry(NAME, rules, numbers))]


def signed(headers: Mapping[str, str], body: bytes, access: Access) -> bool:
    """Always False: callbacks carry no signature. A secret in the callback's address stands for one, and the number is asked again."""
    return False


def _parsed(payload: Mapping[str, Any], asked: Inquiry) -> list[TrackingAnswer]:
    if "carrierId" in payload and "lastEvent" not in payload and "events" not in payload:
        return [_callback(payload, asked)]
    if _is_track(payload):
        return [_track(payload, asked.number(payload.get("trackingNumber")), asked)]
    data, errors = _contents(payload)
    failed = {_alias(error): error for error in errors}
    aliases = [alias for alias in data if alias in failed or data[alias] is None or _is_track(data[alias])]
    aliases += [alias for alias in failed if alias not in aliases]
    return [_one(alias, data.get(alias), failed.get(alias), asked) for alias in aliases]


def _query(asked: Inquiry, numbers: Sequence[Number]) -> dict[str, Any]:
    """One field per number (t0, t1 ...), its values in the variables c0, n0, c1, n1 ..."""
    places = range(len(numbers))
    declared = ", ".join(f"$c{place}: ID!, $n{place}: String!" for place in places)
    fields = " ".join(f"t{place}: track(carrierId: $c{place}, trackingNumber: $n{place}) {{ {_FIELDS} }}" for place in places)
    values = {f"c{place}": asked.code(number) for place, number in enumerate(numbers)}
    values |= {f"n{place}": number.invoice_no for place, number in enumerate(numbers)}
    return {"query": f"query Track({declared}) {{ {fields} }}", "variables": values}


def _key(access: Access) -> str:
    return f"{access.key}:{access.secret}" if access.secret else access.key


def _contents(payload: Any) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    notes = Notes()
    envelope = notes.mapping(payload, "")
    return notes.mapping(envelope.get("data"), ""), notes.items(envelope.get("errors"), "")


def _familiar(payload: Any) -> bool:
    if not isinstance(payload, Mapping):
        return False
    if {"carrierId", "trackingNumber"} <= payload.keys() or _is_track(payload):
        return True
    data, errors = _contents(payload)
    tracks = [value for value in data.values() if _is_track(value)]
    graphql = any("extensions" in error or "locations" in error or "path" in error for error in errors)
    return bool(tracks) or graphql or ("track" in data and data["track"] is None)


def _is_track(value: Any) -> bool:
    return isinstance(value, Mapping) and bool({"lastEvent", "progresses"} & value.keys() or _has_events(value))


def _has_events(value: Mapping[str, Any]) -> bool:
    events = value.get("events")
    return isinstance(events, Mapping) and bool({"edges", "nodes"} & events.keys())


def _outcome(
    alias: str, data: Mapping[str, Any], errors: Sequence[Mapping[str, Any]], asked: Inquiry
) -> TrackingAnswer | Trouble:
    error = next((error for error in errors if _alias(error) == alias), None)
    if error and _code(error) not in (_NOT_FOUND, _INVALID):
        return _trouble(error)
    if not error and not _is_track(data.get(alias)):
        return Trouble(TroubleKind.MALFORMED, str(TroubleReason.NO_ANSWER(service=TITLE)))
    [number] = asked.numbers
    return matched(asked, [_one(alias, data.get(alias), error, asked)], TITLE)[number]


def _one(alias: str, track: Any, error: Mapping[str, Any] | None, asked: Inquiry) -> TrackingAnswer:
    number = _number(alias, asked)
    if _is_track(track):
        return _track(track, text(track.get("trackingNumber")) or number, asked)
    carrier = asked.carrier(number).code
    if error is None:
        return TrackingAnswer(number, carrier=carrier, found=False)
    said = _words(error)
    if _code(error) == _NOT_FOUND:
        return TrackingAnswer(number, carrier=carrier, found=False, warnings=(said,))
    if _code(error) == _INVALID and alias:
        return TrackingAnswer(
            number, Stage.INVALID_NUMBER, _INVALID, carrier=carrier, found=False, invalid=True, warnings=(said,)
        )
    return TrackingAnswer(number, carrier=carrier, warnings=(said,))


def _number(alias: str, asked: Inquiry) -> str:
    places = {f"t{place}": number.invoice_no for place, number in enumerate(asked.numbers)}
    return places.get(alias) or asked.number(None)


def _track(track: Mapping[str, Any], number: str, asked: Inquiry) -> TrackingAnswer:
    notes = Notes()
    progresses = notes.items(track.get("progresses"), "progresses")
    last = notes.mapping(track.get("lastEvent"), "lastEvent") or _last_of_rest(track, progresses)
    latest = _event(last, notes)
    events = [_event(event, notes) for event in [*_nodes(track, notes), *progresses]]
    carrier = asked.carrier(number, text(notes.mapping(track.get("carrier"), "carrier").get("id")))
    return answer(number, carrier, latest, with_latest(events, latest), notes, MANNER)


def _last_of_rest(track: Mapping[str, Any], progresses: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    state = track.get("state")
    return {"status": state} if progresses or state else {}


def _nodes(track: Mapping[str, Any], notes: Notes) -> list[Mapping[str, Any]]:
    events = track.get("events")
    if isinstance(events, list):
        return notes.items(events, "events")
    connection = notes.mapping(events, "events")
    edges = [notes.mapping(edge.get("node"), "node") for edge in notes.items(connection.get("edges"), "edges")]
    return edges + notes.items(connection.get("nodes"), "nodes")


def _event(event: Mapping[str, Any], notes: Notes) -> WrittenEvent:
    status = notes.mapping(event.get("status"), "status")
    code, stage = notes.meaning(STAGES, text(status.get("code")) or text(status.get("id")).upper())
    location = notes.mapping(event.get("location"), "location")
    words = text(event.get("description")) or text(status.get("name")) or text(status.get("text"))
    return WrittenEvent(event.get("time"), code, stage, joined(location.get("name")), words, text(location.get("countryCode")))


def _callback(payload: Mapping[str, Any], asked: Inquiry) -> TrackingAnswer:
    number = text(payload.get("trackingNumber"))
    carrier = asked.carrier("", text(payload.get("carrierId"))).code
    return TrackingAnswer(number, carrier=carrier, warnings=(str(AnswerNote.ONLY_CHANGED()),))


def _alias(error: Mapping[str, Any]) -> str:
    path = error.get("path")
    return text(path[0]) if isinstance(path, list) and path else ""


def _code(error: Mapping[str, Any]) -> str:
    extensions = error.get("extensions")
    return text(extensions.get("code")) if isinstance(extensions, Mapping) else ""


def _words(error: Mapping[str, Any]) -> str:
    return str(told(TITLE, ": ".join(filter(None, (_code(error), text(error.get("message"))))), "sentence"))


def _trouble(error: Mapping[str, Any]) -> Trouble:
    kind = _TROUBLES.get(_code(error), TroubleKind.MALFORMED if _code(error) == _INVALID else TroubleKind.FAULTY)
    if kind is TroubleKind.REFUSED:
        return Trouble(kind, str(TroubleReason.KEY_REFUSED(service=TITLE)))
    return Trouble(kind, _words(error))
