"""Days of a zone, as arithmetic on moments in SQL."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from core.domain.clock import EPOCH, MICROSECOND
from core.domain.periods import FIRST_DAY, LAST_DAY

DAY_US = 86_400_000_000
_SECOND, _DAY = timedelta(seconds=1), timedelta(days=1)
_EARLIEST, _LATEST = (datetime.combine(day, time(), UTC) for day in (FIRST_DAY, LAST_DAY))


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which the day begins in the zone, as UTC; days beyond `FIRST_DAY` and `LAST_DAY` are taken for these ends."""
    within = min(max(day, FIRST_DAY), LAST_DAY)
    return datetime.combine(within, time(), zone).astimezone(UTC)


def local(column: str, zone: ZoneInfo, first: datetime, last: datetime) -> str:
    """SQL for the zone's clock at the moments of a column, in microseconds since 1970 as if it were UTC.

    Right from `first` to `last`; earlier and later moments are read with the offsets at these ends.
    """
    (_, start), *changes = _offsets(zone, max(first, _EARLIEST).date(), min(last, _LATEST).date())
    if not changes:
        return f"(epoch_us({column}) + {start})"
    # The newest first: most rows are recent.
    cases = " ".join(f"WHEN epoch_us({column}) >= {since} THEN {offset}" for since, offset in reversed(changes))
    return f"(epoch_us({column}) + CASE {cases} ELSE {start} END)"


@lru_cache(maxsize=64)
def _offsets(zone: ZoneInfo, first: date, last: date) -> tuple[tuple[int, int], ...]:
    """From when which offset holds, both in microseconds; the first pair holds before all others."""
    moment = datetime.combine(first, time(), UTC) - _DAY
    end = datetime.combine(last, time(), UTC) + 2 * _DAY
    found = [(_us(moment), _offset(zone, moment))]
    while moment < end:
        if _offset(zone, moment + _DAY) != _offset(zone, moment):
            found += _changes(zone, moment, moment + _DAY)
        moment += _DAY
    return tuple(found)


def _changes(zone: ZoneInfo, low: datetime, high: datetime) -> list[tuple[int, int]]:
    """The one change between two moments, to the second."""
    before = _offset(zone, low)
    while high - low > _SECOND:
        middle = (low + (high - low) / 2).replace(microsecond=0)
        middle = middle if middle > low else low + _SECOND
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return [(_us(high), _offset(zone, high))]


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    offset = moment.astimezone(zone).utcoffset()
    assert offset is not None
    return offset // MICROSECOND


def _us(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND
