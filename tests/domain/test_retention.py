"""Which backups stay, and when the next one is due."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.retention import DAYS, MONTHS, WEEKS, due, kept

SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
MOMENTS = st.lists(st.integers(-1100, 40 * 24).map(lambda hours: NOW + timedelta(hours=hours * 20)), max_size=60)


def day(year: int, month: int, of_month: int) -> datetime:
    return datetime(year, month, of_month, NOW.hour, tzinfo=UTC)


def nights(count: int) -> list[datetime]:
    return [NOW - timedelta(days=n) for n in range(count)]


def test_of_three_years_of_nights_seven_days_four_weeks_and_twelve_months_stay() -> None:
    """NOW is a Sunday: the newest of a week is its Sunday."""
    last_of_months = {day(2026, month + 1, 1) - timedelta(days=1) for month in range(1, 11)} | {day(2025, 12, 31)}
    sundays = {NOW - timedelta(weeks=weeks) for weeks in range(4)}
    assert kept(nights(1000), NOW, SEOUL) == set(nights(7)) | sundays | last_of_months


def test_of_a_week_of_nights_all_stay() -> None:
    assert kept(nights(7), NOW, SEOUL) == frozenset(nights(7))


@given(MOMENTS)
def test_the_newest_stays_and_nothing_else_comes(moments: list[datetime]) -> None:
    stay = kept(moments, NOW, SEOUL)
    assert stay <= set(moments)
    assert not moments or max(moments) in stay
    assert stay >= {moment for moment in moments if moment > NOW}
    assert len({moment for moment in stay if moment <= NOW}) <= DAYS + WEEKS + MONTHS


@given(MOMENTS)
def test_thinning_out_twice_takes_nothing_more(moments: list[datetime]) -> None:
    once = kept(moments, NOW, SEOUL)
    assert kept(once, NOW, SEOUL) == once


@given(MOMENTS, st.integers(0, 900))
def test_thinning_out_daily_keeps_what_thinning_out_once_keeps(moments: list[datetime], days: int) -> None:
    """What goes today would not be wanted on a later day."""
    later = NOW + timedelta(days=days)
    past = [moment for moment in moments if moment <= NOW]
    assert kept(kept(past, NOW, SEOUL), later, SEOUL) == kept(past, later, SEOUL)


@pytest.mark.parametrize(
    ("newest", "is_due"),
    [
        (None, True),
        (datetime(2026, 11, 28, 18, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 28, 17, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 20, tzinfo=UTC), True),
        (datetime(2026, 12, 1, tzinfo=UTC), False),
    ],
)
def test_a_backup_is_due_when_the_newest_is_older_than_the_last_three_o_clock(newest: datetime | None, is_due: bool) -> None:
    assert due(newest, NOW, 3, SEOUL) is is_due


def test_before_the_hour_it_is_the_hour_of_yesterday_that_counts() -> None:
    early = datetime(2026, 11, 29, 2, 59, tzinfo=SEOUL)
    assert not due(datetime(2026, 11, 28, 3, 1, tzinfo=SEOUL), early, 3, SEOUL)
    assert due(datetime(2026, 11, 28, 2, 59, tzinfo=SEOUL), early, 3, SEOUL)


@given(st.integers(0, 366 * 24 * 4), st.integers(0, 23))
def test_one_that_was_just_written_is_enough(quarters: int, hour: int) -> None:
    now = NOW + timedelta(minutes=15 * quarters)
    assert not due(now, now, hour, ZoneInfo("Europe/Berlin"))
