"""What a tracking service is asked and what it answers, the same for all of them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from core.domain.shipment import Checkpoint, Stage


@dataclass(frozen=True)
class Number:
    """A tracking number to ask about; `carrier` is our code."""

    carrier: str
    invoice_no: str


@dataclass(frozen=True)
class Answer:
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


class Kind(StrEnum):
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

    kind: Kind
    text: str
    retry_after: timedelta | None = None
