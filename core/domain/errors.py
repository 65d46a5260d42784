"""Every error a clerk can meet, in the clerk's words.

ShipdeskError
├── NotFound            nothing under this number
├── Refused             the input or the action is not allowed; the sentence says why and what to do
│   ├── NotPermitted    the status of the shipment does not allow the action
│   └── NeedsConfirming may be done when the clerk confirms it
├── Conflict            somebody else saved first; nothing was written
└── Unavailable         the database or another system cannot be used now
"""

from collections.abc import Mapping
from typing import Any


class ShipdeskError(Exception):
    """The base: its text can be shown as it is."""


class NotFound(ShipdeskError):
    pass


class Refused(ShipdeskError):
    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class NotPermitted(Refused):
    pass


class NeedsConfirming(Refused):
    pass


class Conflict(ShipdeskError):
    """`change` is the newest row of the shipment's history: who saved what before us; None when it is not known."""

    def __init__(self, message: str, change: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.change = change


class Unavailable(ShipdeskError):
    pass
