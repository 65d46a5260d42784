"""Explains a recorded answer of a tracking service: what the desk understands of it, and what it does not."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from core.carriers.service import TrackingAnswer
from core.carriers.services import SERVICES, named
from core.domain.carriers import Rules
from core.domain.errors import Refused
from core.domain.reasons import Names
from core.domain.shipment import Checkpoint, InvoiceEvent, Stage, Status
from core.domain.status import fold
from core.services.tracking.reasons import ExplainNote

_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Explanation:
    """What one answer says of its first number. `status` is what a shipment registered with that number would have.

    `checkpoints` come oldest first, in UTC. `others` are the further numbers of the same answer, explained alike.
    """

    number: str = ""
    stage: Stage | None = None
    status: Status | None = None
    checkpoints: tuple[Checkpoint, ...] = ()
    warnings: tuple[str, ...] = ()
    others: tuple["Explanation", ...] = ()

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {
            "number": self.number or None,
            "stage": self.stage,
            "status": self.status,
            "checkpoints": [_point(checkpoint) for checkpoint in self.checkpoints],
            "warnings": list(self.warnings),
        }
        return said | ({"others": [one.as_json() for one in self.others]} if self.others else {})

    def as_lines(self) -> list[str]:
        """The same for people to read."""
        words = f"{self.number or 'No number'}: {self.stage or 'no stage'}, {self.status or 'no status'}"
        points = [
            "  ".join(
                part for part in (f"{point.happened_at:%Y-%m-%d %H:%M} UTC", f"{point.stage or '?':21}", *_said(point)) if part
            )
            for point in self.checkpoints
        ]
        further = [line for one in self.others for line in ("", *one.as_lines())]
        return [words, *points, *(str(ExplainNote.NOTE(note=warning)) for warning in self.warnings), *further]


def explain(service_name: str, recorded: bytes, rules: Rules) -> Explanation:
    """What is understood of a recorded answer (JSON, as the service sent it; a webhook's body, too).

    Raises Refused when the service is not known, the text is no JSON, or it is not an answer of that service.
    """
    service = named(service_name)
    if service is None:
        titles = Names(one.TITLE for one in SERVICES.values())
        raise Refused(ExplainNote.UNKNOWN_SERVICE(service=service_name, titles=titles))
    answers = service.parse(_read(recorded), rules)
    if not answers:
        return Explanation(warnings=(str(ExplainNote.SAYS_NOTHING(service=service.TITLE)),))
    first, *others = (_explained(one) for one in answers)
    if not others:
        return first
    numbers = Names(one.number or str(ExplainNote.WITHOUT_NUMBER()) for one in others)
    return replace(first, warnings=(*first.warnings, str(ExplainNote.FURTHER(numbers=numbers))), others=tuple(others))


def _read(recorded: bytes) -> Any:
    try:
        return json.loads(recorded.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise Refused(ExplainNote.NO_JSON()) from error


def _explained(answer: TrackingAnswer) -> Explanation:
    return Explanation(answer.number, answer.stage, _status(answer), answer.checkpoints, answer.warnings)


def _status(answer: TrackingAnswer) -> Status:
    """Folded as for a shipment whose number was registered before the first checkpoint."""
    points = answer.checkpoints
    if not points and answer.stage:
        points = (Checkpoint(answer.as_of or _UNDATED, answer.stage, code=answer.code),)
    registered = min((point.happened_at for point in points), default=_UNDATED) - timedelta(minutes=1)
    invoice = InvoiceEvent(1, answer.carrier, answer.number, registered)
    return fold(registered, registered, (invoice,), [replace(point, invoice_id=1) for point in points]).status


def _said(point: Checkpoint) -> tuple[str, ...]:
    return (f"[{point.code}]" if point.code else "", point.place, point.text)


def _point(checkpoint: Checkpoint) -> dict[str, Any]:
    return {
        "at": checkpoint.happened_at.isoformat(),
        "stage": checkpoint.stage,
        "code": checkpoint.code,
        "place": checkpoint.place,
        "text": checkpoint.text,
    }
