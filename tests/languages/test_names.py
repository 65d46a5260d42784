"""Companies and countries are called as the reader calls them, and by any name they are found."""

import pytest

from core.domain.countries import COUNTRIES
from core.domain.language import Language, speaking
from core.files.countries import country_code, country_name
from core.languages import speech_of
from tests.builders import RULES


@pytest.mark.parametrize(
    ("language", "name"), [(Language.ENGLISH, "Yamato"), (Language.KOREAN, "야마토운수"), (Language.JAPANESE, "ヤマト運輸")]
)
def test_a_company_is_called_as_the_reader_calls_it(language: Language, name: str) -> None:
    with speaking(speech_of(language)):
        assert RULES.carriers["yamato"].name == name


@pytest.mark.parametrize("spoken", Language)
@pytest.mark.parametrize("shown", Language)
def test_a_company_is_found_by_its_name_in_another_language(shown: Language, spoken: Language) -> None:
    with speaking(speech_of(shown)):
        names = {code: carrier.name for code, carrier in RULES.carriers.items()}
    with speaking(speech_of(spoken)):
        found = {code: RULES.named(name) for code, name in names.items()}
        assert {code: one and one.code for code, one in found.items()} == {code: code for code in names}


@pytest.mark.parametrize("language", Language)
def test_a_country_is_found_by_the_name_that_the_screen_gives_it(language: Language) -> None:
    with speaking(speech_of(language)):
        assert {code for code in COUNTRIES if country_code(country_name(code)) != code} == set()
