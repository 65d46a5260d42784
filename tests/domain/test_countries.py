"""The time zones of countries."""

from zoneinfo import ZoneInfo

import pytest

from core.domain.countries import COUNTRIES, ZONES, only_zone


@pytest.mark.parametrize(
    ("code", "zone"),
    [
        ("KR", "Asia/Seoul"),
        ("kor", "Asia/Seoul"),
        ("FR", "Europe/Paris"),
        ("US", None),
        ("USA", None),
        ("AQ", None),
        ("", None),
    ],
)
def test_a_time_is_read_by_its_country_only_where_that_has_one_zone(code: str, zone: str | None) -> None:
    assert only_zone(code) == (ZoneInfo(zone) if zone else None)


def test_every_zone_exists_and_is_of_a_country() -> None:
    assert ZONES.keys() <= COUNTRIES
    assert all(ZoneInfo(name).key == name for name in ZONES.values())
