"""The catalogues of the languages, and which of them somebody reads."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from babel import Locale
from babel.messages.pofile import read_po

from core.domain.language import ENGLISH, Language, Speech

FOLDER = Path(__file__).parent
_CALENDARS = {Language.ENGLISH: "en_GB", Language.KOREAN: "ko_KR", Language.JAPANESE: "ja_JP"}


@cache
def speech_of(language: Language) -> Speech:
    """The language with its catalogue, read once."""
    if language is Language.ENGLISH:
        return ENGLISH
    with file_of(language).open("rb") as file:
        catalogue = read_po(file, locale=language)
    return Speech(language, {str(m.id): str(m.string) for m in catalogue if m.id and m.string})


def file_of(language: Language) -> Path:
    """The catalogue's file."""
    return FOLDER / f"{language}.po"


def first_weekday(language: Language) -> int:
    """With which day a week begins in the calendars of whoever speaks it: 0 for Sunday, 1 for Monday."""
    return (Locale.parse(_CALENDARS[language]).first_week_day + 1) % 7


def understood(codes: Iterable[str]) -> Language:
    """The first of the languages that somebody reads, as browsers and `LANG` write them (`ko-KR`, `ja_JP.UTF-8`), else English."""
    for code in codes:
        short = code.replace("_", "-").split("-")[0].split(".")[0].strip().lower()
        if short in set(Language):
            return Language(short)
    return Language.ENGLISH
