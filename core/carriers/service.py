"""What a tracking service is: what it is asked, what it answers, and what each service's module holds."""

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from core.domain.carriers import Rules
from core.domain.shipment import Checkpoint, Stage


@dataclass(frozen=True)
class Number:
    """A tracking number to ask about; `carrier` is our code."""

    carrier: str
    invoice_no: str


@dataclass(frozen=True)
class TrackingAnswer:
    """What a service knows of one number.

    `stage` is the meaning of its latest status, None when there is none or its `code` is one nobody knows; then a warning says
    so. `checkpoints` come oldest first, with `invoice_id` None and aware times. `found` is False while the carrier does not know
    the number yet, which is normal just after registration; `invalid` says that the carrier does not accept the number. `as_of`
    is when the latest status happened or was last updated, where the service says so; `checkpoints` hold that status too, unless
    there is not one checkpoint to date it by.
    """

    number: str
    stage: Stage | None = None
    code: str = ""
    checkpoints: tuple[Checkpoint, ...] = ()
    carrier: str = ""
    estimated_on: date | None = None
    found: bool = True
    invalid: bool = False
    warnings: tuple[str, ...] = ()
    as_of: datetime | None = None


class TroubleKind(StrEnum):
    """What kind of trouble kept a service from answering."""

    UNREACHABLE = "unreachable"
    SLOW = "slow"
    LIMITED = "limited"
    REFUSED = "refused"
    FAULTY = "faulty"
    MALFORMED = "malformed"
    PAUSED = "paused"


@dataclass(frozen=True)
class Trouble:
    """Why there is no answer now: `text` in words without any secret, `retry_after` when the service or the breaker says so."""

    kind: TroubleKind
    text: str
    retry_after: timedelta | None = None


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
    """The names that each service's module holds. `WORLDWIDE`: it knows carriers of any country, also those without a code there.

    `rules` hold the carriers, with their codes at the service and the zones of their times.
    """

    NAME: str
    TITLE: str
    BASE_URL: str
    STAGES: Mapping[str, Stage | None]
    WORLDWIDE: bool
    BATCH: int
    RATE: float

    def ask(
        self, http: Http, access: Access, numbers: Sequence[Number], rules: Rules
    ) -> dict[Number, TrackingAnswer | Trouble]:
        """What the service knows of the numbers, at most BATCH of them. Raises Failed when a call brought nothing."""
        ...

    def parse(self, payload: Any, rules: Rules, numbers: Sequence[Number] = ()) -> list[TrackingAnswer]:
        """The answers in a payload of this service, an API's or a webhook's. Raises Refused when it is not one."""
        ...

    def signed(self, headers: Mapping[str, str], body: bytes, access: Access) -> bool:
        """Whether a webhook's raw body is the service's own, compared in constant time."""
        ...


def constant_time_equal(one: str, other: str) -> bool:
    """Whether two signatures are the same; takes as long for a near miss as for a wild one."""
    return hmac.compare_digest(one.encode("utf-8", "surrogateescape"), other.encode("utf-8", "surrogateescape"))


def header(headers: Mapping[str, str], name: str) -> str:
    """A header's value, whatever the case of its name; "" when it is missing."""
    return next((value.strip() for key, value in headers.items() if key.lower() == name.lower()), "")
