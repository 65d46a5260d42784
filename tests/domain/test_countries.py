"""Countries: known by code and by the names that shops write."""

from zoneinfo import ZoneInfo

import pytest

from core.domain.countries import COUNTRIES, ZONES, country_code, only_zone


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("KR", "KR"), ("kr", "KR"), (" kor ", "KR"), ("South Korea", "KR"), ("Korea, Republic of", "KR"), ("대한민국", "KR"),
        ("日本", "JP"), ("USA", "US"), ("United  States", "US"), ("u.k.", "GB"), ("Côte d’Ivoire", "CI"), ("Kosovo", "XK"),
    ],
)  # fmt: skip
def test_a_country_is_known_by_code_and_by_name(text: str, code: str) -> None:
    assert country_code(text) == code


@pytest.mark.parametrize("text", ["", "XX", "Kor ea", "Atlantis", "K"])
def test_a_country_is_never_guessed(text: str) -> None:
    assert country_code(text) is None


def test_every_country_is_found_by_its_own_code_and_name() -> None:
    assert {country_code(code) for code in COUNTRIES} == set(COUNTRIES)
    assert {code: country_code(name) for code, name in COUNTRIES.items()} == {code: code for code in COUNTRIES}


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
    assert ZONES.keys() <= COUNTRIES.keys()
    assert all(ZoneInfo(name).key == name for name in ZONES.values())
