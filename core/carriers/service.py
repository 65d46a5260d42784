"""What every tracking service's module looks like, and how its client reaches it."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from core.carriers.answers import Answer, Kind, Number, Trouble
from core.carriers.reading import same
from core.domain.shipment import Stage


@dataclass(frozen=True)
class Access:
    """How a service is reached: its address ("" for the service's own), the key, the secret, calls per second if not the usual."""

    base_url: str = ""
    key: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    rate: float | None = None


@dataclass(frozen=True)
class Reply:
    """A service's word on one call: the HTTP status and the JSON that came with it, None when there was none."""

    status: int
    payload: Any


class Failed(Exception):
    """A call brought no reply that can be used; `trouble` says why."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.text)
        self.trouble = trouble


class Http(Protocol):
    """Calls to one service, within its limits. A reply is 2xx or a 4xx about the numbers asked; the rest raises Failed."""

    def get(self, path: str, *, params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None) -> Reply: ...

    def post(self, path: str, *, json: Any, headers: Mapping[str, str] | None = None) -> Reply: ...


class Service(Protocol):
    """The names that each service's module holds."""

    NAME: str
    TITLE: str
    BASE_URL: str
    STAGES: Mapping[str, Stage | None]
    CARRIERS: Mapping[str, str]
    BATCH: int
    RATE: float

    def ask(self, http: Http, access: Access, numbers: Sequence[Number]) -> dict[Number, Answer | Trouble]:
        """What the service knows of the numbers, at most BATCH of them. Raises Failed when a call brought nothing."""
        ...

    def parse(self, payload: Any, numbers: Sequence[Number] = ()) -> list[Answer]:
        """The answers in a payload of this service, an API's or a webhook's. Raises Refused when it is not one."""
        ...

    def signed(self, headers: Mapping[str, str], body: bytes, access: Access) -> bool:
        """Whether a webhook's raw body is the service's own, compared in constant time."""
        ...


def matched(numbers: Sequence[Number], answers: Sequence[Answer], title: str) -> dict[Number, Answer | Trouble]:
    """Each number with its answer, the one with the newest event when there are several; a trouble for a number left out."""
    return {number: _answer(number, answers, title) for number in numbers}


def constant_time_equal(one: str, other: str) -> bool:
    """Whether two signatures are the same; takes as long for a near miss as for a wild one."""
    return hmac.compare_digest(one.encode("utf-8", "surrogateescape"), other.encode("utf-8", "surrogateescape"))


def header(headers: Mapping[str, str], name: str) -> str:
    """A header's value, whatever the case of its name; "" when it is missing."""
    return next((value.strip() for key, value in headers.items() if key.lower() == name.lower()), "")


def _answer(number: Number, answers: Sequence[Answer], title: str) -> Answer | Trouble:
    own = [one for one in answers if same(one.number, number.invoice_no)]
    if not own:
        return Trouble(Kind.MALFORMED, f"{title} did not answer for this number.")
    return replace(max(own, key=_newest), number=number.invoice_no, carrier=number.carrier)


def _newest(answer: Answer) -> tuple[bool, datetime]:
    times = [point.happened_at for point in answer.checkpoints]
    return answer.found, max(times, default=datetime.min.replace(tzinfo=UTC))
