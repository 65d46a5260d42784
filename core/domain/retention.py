"""Which backups are kept: the newest of each of the last days, weeks and months."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

DAYS, WEEKS, MONTHS = 7, 4, 12

_PERIODS: tuple[tuple[int, Callable[[date], tuple[int, ...]]], ...] = (
    (DAYS, lambda day: (day.toordinal(),)),
    (WEEKS, lambda day: tuple(day.isocalendar()[:2])),
    (MONTHS, lambda day: (day.year, day.month)),
)


def kept(moments: Iterable[datetime], now: datetime, zone: ZoneInfo) -> frozenset[datetime]:
    """Those of the moments whose backups are kept: of each of the last 7 days, 4 weeks and 12 months that have one, the newest.

    Days are those of `zone`, today among them. A moment to come is kept: the clock may have been wrong. So the newest is always kept.
    """
    past, stay = list[datetime](), set[datetime]()
    for moment in sorted(moments):
        if moment > now:
            stay.add(moment)
        else:
            past.append(moment)
    for most, period in _PERIODS:
        newest = {period(moment.astimezone(zone).date()): moment for moment in past}
        stay.update(newest[key] for key in sorted(newest)[-most:])
    return frozenset(stay)


def due(newest: datetime | None, now: datetime, hour: int, zone: ZoneInfo) -> bool:
    """Whether a nightly backup is to be written: the newest is older than the last time that it was `hour` o'clock in `zone`."""
    local = now.astimezone(zone)
    last = local.replace(hour=hour, minute=0, second=0, microsecond=0)
    if last > local:
        last -= timedelta(days=1)
    return newest is None or newest < last
