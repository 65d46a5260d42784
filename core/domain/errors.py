"""Every error a clerk can meet, in the clerk's words.

ShipdeskError
├── NotFound            nothing under this number
├── Refused             the input or the action is not allowed; the sentence says why and what to do
│   ├── Forbidden       the role of the person does not allow the action
│   ├── Locked          a file that only its password opens
│   ├── NotPermitted    the status of the shipment does not allow the action
│   └── NeedsConfirming may be done when the clerk confirms it
├── Conflict            somebody else saved first; nothing was written
└── Unavailable         the database or another system cannot be used now
"""

import errno
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from core.domain.reasons import Reason, Said, Why, sentences

Told = str | Why | Sequence[Why]

NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says when no more fits on a disk, into somebody's share of it, or into a file."""


def places_of(error: BaseException) -> str:
    """Where an unforeseen error came up, the innermost place first, as `reading.py:131 < client.py:184`: no paths, no data."""
    steps = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{step.filename.rpartition('/')[2]}:{step.lineno}" for step in reversed(steps))


class ShipdeskError(Exception):
    """The base: its text can be shown as it is. `whys` are its reasons as values."""

    def __init__(self, told: Told) -> None:
        whys = [Said.PLAIN(text=told)] if isinstance(told, str) else [told] if isinstance(told, Why) else told
        self.whys = tuple(whys)
        super().__init__(sentences(self.whys))

    @property
    def reason(self) -> Reason:
        """The first of its reasons."""
        return self.whys[0].reason


class NotFound(ShipdeskError):
    pass


class Refused(ShipdeskError):
    def __init__(self, told: Told, field: str = "") -> None:
        super().__init__(told)
        self.field = field


class Forbidden(Refused):
    pass


class Locked(Refused):
    """A file that only its password opens."""


class NotPermitted(Refused):
    pass


class NeedsConfirming(Refused):
    pass


class Conflict(ShipdeskError):
    """`change` is the newest row of the shipment's history: who saved what before us; None when it is not known."""

    def __init__(self, told: Told, change: Mapping[str, Any] | None = None) -> None:
        super().__init__(told)
        self.change = change


class Unavailable(ShipdeskError):
    pass
