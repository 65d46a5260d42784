"""Explains recorded answers of a tracking service: what the desk understands of them, what it does not, and what it makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.carriers.reading import document
from core.carriers.service import Service, TrackingAnswer
from core.carriers.services import SERVICES, named
from core.domain.carriers import Rules
from core.domain.errors import Refused
from core.domain.invoice_number import canonical
from core.domain.reasons import Names
from core.domain.retelling import retold
from core.domain.shipment import Checkpoint, InvoiceEvent, Stage, State, WayBack, detail_of
from core.domain.status import Counting, Course, Told, course
from core.services.tracking.reasons import ExplainNote

_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
_A_LITTLE = timedelta(minutes=1)


@dataclass(frozen=True)
class KnownTimes:
    """What the desk knows of the shipment: when it was ordered, released and its number registered; None: not known."""

    ordered_at: datetime | None = None
    released_at: datetime | None = None
    registered_at: datetime | None = None


@dataclass(frozen=True)
class Explanation:
    """What the answers say of their first number; `course` is what a shipment with that number makes of it.

    `warnings` are what could not be read. `others` are the further numbers of the same answers, explained alike.
    """

    number: str = ""
    stage: Stage | None = None
    course: Course | None = None
    warnings: tuple[str, ...] = ()
    others: tuple["Explanation", ...] = ()

    def as_json(self) -> dict[str, Any]:
        """All of it as JSON values; times UTC, checkpoints oldest first, `attempts` the failed ones and the delivery."""
        said: dict[str, Any] = {
            "number": self.number or None,
            "stage": self.stage,
            **_state(self.course.state if self.course else None),
            "notes": [str(doubt()) for doubt in self.course.doubts] if self.course else [],
            "checkpoints": [_point(told) for told in self._events],
            "warnings": list(self.warnings),
        }
        return said | ({"others": [one.as_json() for one in self.others]} if self.others else {})

    def as_lines(self) -> list[str]:
        """The same for people to read."""
        status = self.course.state.status if self.course else "no status"
        words = f"{self.number or 'No number'}: {self.stage or 'no stage'}, {status}"
        points = ["  ".join(part for part in _said(told) if part) for told in self._events]
        doubts = [str(doubt()) for doubt in self.course.doubts] if self.course else []
        notes = [str(ExplainNote.NOTE(note=note)) for note in (*doubts, *self.warnings)]
        further = [line for one in self.others for line in ("", *one.as_lines())]
        return [words, *points, *notes, *further]

    @property
    def _events(self) -> list[Told]:
        return [told for told in self.course.events if told.checkpoint.happened_at != _UNDATED] if self.course else []


def explain(service_name: str, recorded: Sequence[bytes], rules: Rules, known: KnownTimes | None = None) -> Explanation:
    """What is understood of recorded answers (JSON, as the service sent them; webhooks' bodies, too), in the order they came.

    The shipment is the one whose times are `known`; of one of which nothing is known, it is that of the number's last journey.
    Raises Refused when the service is not known, a text is no JSON, or it is not an answer of that service.
    """
    service = named(service_name)
    if service is None:
        titles = Names(one.TITLE for one in SERVICES.values())
        raise Refused(ExplainNote.UNKNOWN_SERVICE(service=service_name, titles=titles))
    answers = _by_number(service, recorded, rules)
    if not answers:
        return Explanation(warnings=(str(ExplainNote.SAYS_NOTHING(service=service.TITLE)),))
    first, *others = (_explained(of_number, known or KnownTimes()) for of_number in answers)
    if not others:
        return first
    numbers = Names(one.number or str(ExplainNote.WITHOUT_NUMBER()) for one in others)
    return replace(first, warnings=(*first.warnings, str(ExplainNote.FURTHER(numbers=numbers))), others=tuple(others))


def _by_number(service: Service, recorded: Sequence[bytes], rules: Rules) -> list[list[TrackingAnswer]]:
    found: dict[str, list[TrackingAnswer]] = {}
    for body in recorded:
        for answer in service.parse(_read(body), rules):
            found.setdefault(canonical(answer.carrier, answer.number, rules), []).append(answer)
    return list(found.values())


def _read(recorded: bytes) -> Any:
    try:
        return document(recorded)
    except (ValueError, RecursionError) as error:
        raise Refused(ExplainNote.NO_JSON()) from error


def _explained(answers: Sequence[TrackingAnswer], known: KnownTimes) -> Explanation:
    last = answers[-1]
    warnings = dict.fromkeys(warning for answer in answers for warning in answer.warnings)
    return Explanation(answers[0].number, last.stage, _course(answers, known), tuple(warnings))


def _course(answers: Sequence[TrackingAnswer], known: KnownTimes) -> Course:
    points: tuple[Checkpoint, ...] = ()
    for answer in answers:
        points = retold(points, [replace(point, invoice_id=1) for point in answer.checkpoints]).applied(points)
    last = answers[-1]
    if not points and last.stage:
        points = (Checkpoint(last.as_of or _UNDATED, last.stage, 1, code=last.code),)
    first = min((point.happened_at for point in points), default=_UNDATED) - _A_LITTLE
    found = _of_shipment(last, points, known, first)
    while known == KnownTimes() and (begun := _used_again(found)):
        found = _of_shipment(last, points, known, begun - _A_LITTLE)
    return found


def _of_shipment(answer: TrackingAnswer, points: Sequence[Checkpoint], known: KnownTimes, first: datetime) -> Course:
    """The course of a shipment whose number was registered before the `first` checkpoint, where it is not known when."""
    told = [moment for moment in (known.registered_at, known.released_at) if moment]
    ordered_at = known.ordered_at or min([first, *told])
    registered_at = next(iter(told), known.ordered_at or first)
    invoice = InvoiceEvent(1, answer.carrier, answer.number, registered_at)
    return course(ordered_at, known.released_at, (invoice,), points)


def _used_again(found: Course) -> datetime | None:
    return next((told.checkpoint.happened_at for told in found.events if told.counting is Counting.USED_AGAIN), None)


def _state(state: State | None) -> dict[str, Any]:
    moments = ("delivered_at", "picked_up_at", "first_attempt_at")
    return {
        "status": state.status if state else None,
        "detail": detail_of(state.status, state.word) if state else None,
        **{name: _written(getattr(state, name)) if state else None for name in moments},
        "attempts": state.failed_attempts + (state.delivered_at is not None) if state else 0,
        "returned": state is not None and state.way_back is WayBack.RETURNED,
        "returning": state is not None and state.way_back is WayBack.RETURNING,
    }


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment and moment != _UNDATED else None


def _said(told: Told) -> tuple[str, ...]:
    point = told.checkpoint
    code, foreign = f"[{point.code}]" if point.code else "", "" if told.counting.own else str(told.counting())
    return f"{point.happened_at:%Y-%m-%d %H:%M} UTC", f"{_stage(told) or '?':21}", code, point.place, point.text, foreign


def _point(told: Told) -> dict[str, Any]:
    point = told.checkpoint
    return {
        "at": point.happened_at.isoformat(),
        "stage": _stage(told),
        "code": point.code,
        "place": point.place,
        "text": point.text,
        "counts": told.counting.counts,
        "why": told.counting,
    }


def _stage(told: Told) -> Stage | None:
    """As the service said it, and where it has no code for the pick-up, what it stands for."""
    return told.stage if told.checkpoint.inferred else told.checkpoint.stage
