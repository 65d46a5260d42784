"""Days by name, seen from any day."""

from datetime import date

import pytest

from core.domain.periods import NAMED_DAYS, NamedDays


def days(name: NamedDays, today: date) -> tuple[str, str]:
    first, last = name.of(today)
    return first.isoformat(), last.isoformat()


@pytest.mark.parametrize(
    ("name", "on_a_monday", "on_the_first_of_the_year", "on_a_leap_day"),
    [
        ("today", ("2026-11-16", "2026-11-16"), ("2027-01-01", "2027-01-01"), ("2028-02-29", "2028-02-29")),
        ("last-7-days", ("2026-11-09", "2026-11-15"), ("2026-12-25", "2026-12-31"), ("2028-02-22", "2028-02-28")),
        ("since-monday", ("2026-11-16", "2026-11-16"), ("2026-12-28", "2027-01-01"), ("2028-02-28", "2028-02-29")),
        ("this-month", ("2026-11-01", "2026-11-16"), ("2027-01-01", "2027-01-01"), ("2028-02-01", "2028-02-29")),
        ("last-month", ("2026-10-01", "2026-10-31"), ("2026-12-01", "2026-12-31"), ("2028-01-01", "2028-01-31")),
    ],
)
def test_days_by_name(
    name: str, on_a_monday: tuple[str, str], on_the_first_of_the_year: tuple[str, str], on_a_leap_day: tuple[str, str]
) -> None:
    assert days(NamedDays(name), date(2026, 11, 16)) == on_a_monday
    assert days(NamedDays(name), date(2027, 1, 1)) == on_the_first_of_the_year
    assert days(NamedDays(name), date(2028, 2, 29)) == on_a_leap_day


def test_every_name_has_its_words() -> None:
    assert set(NAMED_DAYS) == set(NamedDays)
