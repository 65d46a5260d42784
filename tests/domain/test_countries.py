"""Countries: known by code and by the names that shops write."""

import pytest

from core.domain.countries import COUNTRIES, country_code


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
