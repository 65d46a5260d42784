"""Reads what tracking services send, whatever its types, into checkpoints; what cannot be read is noted, never guessed."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from functools import cache
from typing import Any

from core.carriers.reasons import AnswerNote, TroubleReason
from core.carriers.return_words import EVERY_LANGUAGE, says_return
from core.carriers.service import Number, TrackingAnswer, Trouble, TroubleKind
from core.domain.carriers import Carrier, Rules
from core.domain.countries import only_zone
from core.domain.invoice_number import canonical
from core.domain.reasons import Why
from core.domain.retelling import events as each_once
from core.domain.shipment import FINAL, ON_THE_WAY, Checkpoint, Hint, Stage, ZoneFrom
from core.domain.texts import cleaned
from core.domain.values import once

LONGEST_TEXT, MOST_READ = 500, 2_000
_MISSING = re.compile(r"[\s\-_.:/]*|null|none|n/a|undefined", re.IGNORECASE)
_YEARS = range(1990, 2100)
_DEPTH = 8
_NO_WAY_BACK = {Stage.INFO_RECEIVED, Stage.INVALID_NUMBER, Stage.AVAILABLE_FOR_PICKUP}
UNKNOWN = Carrier(code="", english="")


@dataclass(frozen=True)
class WrittenEvent:
    """One event as it came, its time (`at`) still unread; `country` is an ISO code of two or three letters.

    `told_as` is the service's own name of it, "" for none.
    """

    at: Any = None
    code: str = ""
    stage: Stage | None = None
    place: str = ""
    text: str = ""
    country: str = ""
    told_as: str = ""


@dataclass(frozen=True)
class Manner:
    """How a service tells a journey: the words by which its carriers say that a parcel goes back, where no code does.

    With `first_transit` it has no code for the pick-up: the first scan in transit is it (carriers.md, section 2).
    """

    return_words: tuple[str, ...] = EVERY_LANGUAGE
    first_transit: bool = False


_USUAL = Manner()


@dataclass(frozen=True)
class Inquiry:
    """What a service was asked about, and the carriers with their codes there; no numbers when it tells something unasked."""

    service: str
    rules: Rules
    numbers: Sequence[Number] = ()

    def number(self, value: Any) -> str:
        """The number an answer is about: as it says, else the one that was asked when it was only one."""
        return text(value) or (self.numbers[0].invoice_no if len(self.numbers) == 1 else "")

    def carrier(self, number: str, code: str = "") -> Carrier:
        """Whose number it is: as it was asked, else the carrier with this code at the service; UNKNOWN for nobody's."""
        asked = next((one.carrier for one in self.numbers if self.is_about(one, number)), "")
        return self.rules.carriers.get(asked) or (self.rules.at_service(self.service, code) if code else None) or UNKNOWN

    def is_about(self, number: Number, said: str) -> bool:
        """Whether what a service calls a number is this one, in whatever spelling."""
        return said == number.invoice_no or self._form(number.carrier, said) == self._form(number.carrier, number.invoice_no)

    @once
    def _form(self) -> Callable[[str, str], str]:
        """The one form of a carrier's number; each is read once, though every answer is held against every number."""
        return cache(lambda carrier, text: canonical(carrier, text, self.rules))

    def code(self, number: Number) -> str:
        """The code of the number's carrier at the service; "" where there is none."""
        return self.rules.carriers.get(number.carrier, UNKNOWN).services.get(self.service, "")


class Notes:
    """What could not be read or is not known while one answer was read: sentences, each once, in the order they came up."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}

    @property
    def said(self) -> tuple[str, ...]:
        return tuple(self._said)

    def add(self, note: Why) -> None:
        self._said.setdefault(str(note))

    def mapping(self, value: Any, name: str) -> Mapping[str, Any]:
        """The value as an object; an empty one when it is missing or, with a note, when it is something else."""
        if isinstance(value, Mapping):
            return value
        self._odd(value, name)
        return {}

    def items(self, value: Any, name: str) -> list[Mapping[str, Any]]:
        """The objects of a list; none when it is missing; what is no object is left out with a note."""
        if not isinstance(value, list):
            self._odd(value, name)
            return []
        for item in value:
            if not isinstance(item, Mapping):
                self._odd(item, name, "entry")
        return [item for item in value if isinstance(item, Mapping)]

    def meaning(self, stages: Mapping[str, Stage | None], *codes: str) -> tuple[str, Stage | None]:
        """The most telling code and what it stands for: the first of `codes`, finest first, that the table knows."""
        given = [code for code in codes if code]
        for place, code in enumerate(given):
            if code in stages:
                return given[0], stages[code]
            rest = next((other for other in given[place + 1 :] if other in stages), "")
            self.add(AnswerNote.UNKNOWN_CODE("instead" if rest else "alone", code=_cut(code), rest=rest))
        return (given[0] if given else ""), None

    def _odd(self, value: Any, name: str, form: str = "part") -> None:
        if not (value is None or value == {} or value == [] or (isinstance(value, str) and not text(value))):
            self.add(AnswerNote.UNREADABLE(form, name=name))


def document(body: bytes) -> Any:
    """The JSON in a body as it came; bytes that are no text of its encoding are replaced. Raises ValueError or RecursionError."""
    return json.loads(body.decode(json.detect_encoding(body), "replace"))


def text(value: Any) -> str:
    """The value as trimmed and cleaned text; "" when it is missing, a stand-in for missing such as ------, or no text at all."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    words = " ".join(cleaned(str(value)[:MOST_READ]).split())
    trimmed = cleaned(words, LONGEST_TEXT)
    return "" if _MISSING.fullmatch(trimmed) else trimmed


def joined(*parts: Any) -> str:
    """A place from its parts, each once."""
    return ", ".join(dict.fromkeys(part for part in map(text, parts) if part))


def day(value: Any) -> date | None:
    """The day in a date or a time, as it is written."""
    read = _moment(value)
    return read.date() if read else None


def time(value: Any) -> datetime | None:
    """A time with a zone, in UTC; None when it is missing, cannot be read or has no zone."""
    read = _moment(value)
    return read.astimezone(UTC) if read and read.tzinfo else None


def records(
    payload: Any, wanted: Callable[[Mapping[str, Any]], bool], through: Sequence[str], depth: int = _DEPTH
) -> list[Mapping[str, Any]] | None:
    """The wanted objects in a payload, looked for in lists and under the names in `through`; None when nothing is familiar."""
    if isinstance(payload, Mapping) and wanted(payload):
        return [payload]
    inside = payload if isinstance(payload, list) else []
    if isinstance(payload, Mapping):
        inside = [payload[name] for name in through if isinstance(payload.get(name), list | Mapping)]
    if not depth or (not inside and payload != []):
        return None
    found = [records(one, wanted, through, depth - 1) for one in inside]
    return None if found and all(one is None for one in found) else [record for one in found if one for record in one]


def matched(asked: Inquiry, answers: Sequence[TrackingAnswer], title: str) -> dict[Number, TrackingAnswer | Trouble]:
    """Each number asked with its answer, the one with the newest event of several; a trouble for a number left out."""
    return {number: _matched(asked, number, answers, title) for number in asked.numbers}


def with_latest(events: Sequence[WrittenEvent], latest: WrittenEvent) -> list[WrittenEvent]:
    """The events with the latest one among them: as one of them when it has its time and code, whatever its words."""
    moment = _moment(latest.at)
    if moment is None:
        return list(events)
    for place, event in enumerate(events):
        if event.code == latest.code and _same_time(_moment(event.at), moment):
            told = replace(event, at=latest.at if moment.tzinfo else event.at)
            return [*events[:place], told, *events[place + 1 :]]
    return [*events, latest]


def answer(
    number: str,
    carrier: Carrier,
    latest: WrittenEvent,
    events: Iterable[WrittenEvent],
    notes: Notes,
    manner: Manner = _USUAL,
) -> TrackingAnswer:
    """An answer from the service's own latest status and its events, in any order.

    Checkpoints are in UTC, oldest first, ties by progress, each event once. A time without a zone is taken as local to the event's
    country, else to the carrier's zone, else as UTC, and marked: never by other events, so that it stays whatever is told beside it.
    The latest status is a checkpoint, too: where no event has it, it is dated by the latest event. `found` is False when there is
    neither a status that means something nor an event.
    """
    points = _journey(((event, _moment(event.at)) for event in events), carrier.zone, notes, manner)
    stage, at = latest.stage, _moment(latest.at)
    if manner.first_transit and stage is Stage.IN_TRANSIT and _last_stage(points) is Stage.PICKED_UP:
        stage = Stage.PICKED_UP
    status = replace(latest, stage=stage)
    dated = _checkpoint(status, at, carrier.zone, manner) if at else None
    points = [_with_hint(point, manner) for point in _concluded(points, status, dated, manner)]
    return TrackingAnswer(
        number=number,
        stage=stage if latest.code else _last_stage(points),
        code=latest.code or (points[-1].code if points else ""),
        checkpoints=tuple(points),
        carrier=carrier.code,
        found=bool(points) or stage is not None,
        warnings=_with_assumed(notes, points),
        as_of=dated.happened_at if dated else None,
    )


def in_order(points: Iterable[Checkpoint]) -> tuple[Checkpoint, ...]:
    """The checkpoints oldest first, ties by progress."""
    return tuple(sorted(points, key=_order))


def _matched(asked: Inquiry, number: Number, answers: Sequence[TrackingAnswer], title: str) -> TrackingAnswer | Trouble:
    own = [one for one in answers if asked.is_about(number, one.number)]
    if not own:
        return Trouble(TroubleKind.MALFORMED, str(TroubleReason.NO_ANSWER(service=title)))
    return replace(max(own, key=_newest), number=number.invoice_no, carrier=number.carrier)


def _newest(answer: TrackingAnswer) -> tuple[bool, datetime]:
    times = [point.happened_at for point in answer.checkpoints]
    return answer.found, max(times, default=datetime.min.replace(tzinfo=UTC))


def _journey(
    read: Iterable[tuple[WrittenEvent, datetime | None]], zone: tzinfo | None, notes: Notes, manner: Manner
) -> list[Checkpoint]:
    points = []
    for event, at in read:
        if at is None:
            words = _cut(event.text or event.code)
            notes.add(AnswerNote.NO_TIME("words" if words else "silent", words=words))
            continue
        points.append(_checkpoint(event, at, zone, manner))
    once = sorted(each_once(points), key=_order)
    return _with_pick_up(once) if manner.first_transit else once


def _checkpoint(event: WrittenEvent, at: datetime, zone: tzinfo | None, manner: Manner) -> Checkpoint:
    place = only_zone(event.country)
    known = [(ZoneFrom.WRITTEN, at.tzinfo), (ZoneFrom.PLACE, place), (ZoneFrom.CARRIER, zone), (ZoneFrom.ASSUMED, UTC)]
    zone_from, taken = next((how, zone) for how, zone in known if zone)
    return Checkpoint(
        happened_at=(at if at.tzinfo else at.replace(tzinfo=taken)).astimezone(UTC),
        stage=event.stage,
        code=event.code,
        place=event.place,
        text=event.text,
        zone_from=zone_from,
        local_at=at.replace(tzinfo=None),
        inferred=manner.first_transit and event.stage in ON_THE_WAY,
        told_as=event.told_as,
    )


def _with_hint(point: Checkpoint, manner: Manner) -> Checkpoint:
    """With what the words say beside the stage, where the parcel might go back by then."""
    returns = point.stage not in _NO_WAY_BACK and says_return(point.text, manner.return_words)
    return replace(point, hint=Hint.RETURN) if returns else point


def _same_time(one: datetime | None, other: datetime) -> bool:
    if one is None or (one.tzinfo and other.tzinfo):
        return one == other
    return one.replace(tzinfo=None) == other.replace(tzinfo=None)


def _order(point: Checkpoint) -> tuple[datetime, int, str, str]:
    return point.happened_at, -1 if point.stage is None else point.stage.progress, point.code, point.text


def _with_pick_up(points: list[Checkpoint]) -> list[Checkpoint]:
    """The first scan in transit becomes the pick-up; so does the first of a number's next use, announced after its final scan."""
    moving = final = False
    done = []
    for point in points:
        if point.stage is Stage.IN_TRANSIT and not moving:
            point = replace(point, stage=Stage.PICKED_UP)
        if point.stage is Stage.INFO_RECEIVED and final:
            moving = final = False
        moving = moving or point.stage not in (None, Stage.INFO_RECEIVED, Stage.EXCEPTION)
        final = final or point.stage in FINAL
        done.append(point)
    return done


def _concluded(points: list[Checkpoint], latest: WrittenEvent, dated: Checkpoint | None, manner: Manner) -> list[Checkpoint]:
    """The checkpoints with the service's own latest status among them, where there is a time for it."""
    said = {point.stage for point in points}
    if latest.stage is None or latest.stage in said or (latest.stage in ON_THE_WAY and said & ON_THE_WAY):
        return points
    newest = points[-1] if points else None
    after = dated or (replace(newest, zone_from=ZoneFrom.BORROWED) if newest else None)
    if after is None:
        return points
    for place, point in enumerate(points):
        if point.happened_at == after.happened_at and not point.code:
            return sorted([*points[:place], _standing_for(point, latest, manner), *points[place + 1 :]], key=_order)
    status = replace(_standing_for(after, latest, manner), text=latest.text, told_as=latest.told_as)
    return sorted([*points, status], key=_order)


def _standing_for(point: Checkpoint, latest: WrittenEvent, manner: Manner) -> Checkpoint:
    inferred = manner.first_transit and latest.stage in ON_THE_WAY
    return replace(point, stage=latest.stage, code=latest.code, inferred=inferred)


def _last_stage(points: Sequence[Checkpoint]) -> Stage | None:
    return next((point.stage for point in reversed(points) if point.stage), None)


def _with_assumed(notes: Notes, points: Sequence[Checkpoint]) -> tuple[str, ...]:
    if count := sum(point.zone_assumed for point in points):
        notes.add(AnswerNote.NO_ZONE(count=count))
    return notes.said


def _moment(value: Any) -> datetime | None:
    """A time as it is written, with its zone if it has one; None when it is missing or cannot be read."""
    written = text(value) if isinstance(value, str) else ""
    written = re.sub(r"\s+(?=(?:Z|[+-]\d\d:?\d\d)$)", "", written)
    written = re.sub(r"^(\d{4})[./](\d\d)[./](\d\d)", r"\1-\2-\3", written)
    try:
        read = datetime.fromisoformat(written)
    except ValueError:
        return None
    return read if read.year in _YEARS else None


def _cut(words: str, length: int = 80) -> str:
    return words if len(words) <= length else words[: length - 1] + "…"
