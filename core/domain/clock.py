"""The present as it is handed in: a moment, and the zone whose days count."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Clock:
    """`now` is aware; `zone` is the shop's, whose midnights begin and end its days."""

    now: datetime
    zone: ZoneInfo

    @property
    def today(self) -> date:
        """The shop's day."""
        return self.now.astimezone(self.zone).date()

    def earlier(self, days: int) -> datetime:
        """The same time of the shop's day so many days ago, as UTC; the beginning of the calendar where that is before it."""
        here = self.now.astimezone(self.zone)
        return (here - timedelta(days=min(days, here.toordinal() - _BEGINNING))).astimezone(UTC)


_BEGINNING = date(2, 1, 1).toordinal()
