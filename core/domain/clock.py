"""The present as it is handed in: a moment, and the zone whose days count."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Clock:
    """`now` is aware; `zone` is the shop's, whose midnights begin and end its days."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The shop's day."""
        return self.now.astimezone(self.zone).date()
