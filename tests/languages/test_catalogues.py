"""The catalogues: complete, with the same values in every sentence, and nothing is said while a module is imported."""

import string
import subprocess
import sys

import pytest
from babel.messages.pofile import read_po

from core.domain.language import Language
from core.languages import file_of, speech_of, understood
from core.languages.gathering import gathered

TRANSLATED = [language for language in Language if language is not Language.ENGLISH]
IMPORT_ALL = """
import importlib, pkgutil
import core
from core.domain.language import ask_readers
def nobody_reads():
    raise SystemExit("something is said while it is imported, in whatever language is spoken then")
ask_readers(nobody_reads)
for module in pkgutil.walk_packages(core.__path__, "core."):
    if not module.name.endswith(("__main__", "_child", "ui.frame")):
        importlib.import_module(module.name)
"""


def _values(template: str) -> set[str]:
    return {name.partition(".")[0].partition("!")[0] for _, name, _, _ in string.Formatter().parse(template) if name}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_desk_is_translated(language: Language) -> None:
    missing = [text for text in gathered() if text not in speech_of(language).words]
    assert missing == [], "python -m core.languages brings the catalogues up to date"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_catalogue_holds_only_what_the_desk_says(language: Language) -> None:
    known = gathered()
    with file_of(language).open("rb") as file:
        assert [one.id for one in read_po(file, locale=language) if one.id and one.id not in known] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_names_the_values_of_its_sentence(language: Language) -> None:
    dates = {"day", "month", "number", "year"}
    odd = {text: said for text, said in speech_of(language).words.items() if not _values(said) <= _values(text) | dates}
    assert odd == {}


def test_nothing_is_said_while_modules_are_imported() -> None:
    done = subprocess.run([sys.executable, "-c", IMPORT_ALL], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


@pytest.mark.parametrize(
    ("codes", "language"),
    [
        (["ko-KR", "en"], Language.KOREAN),
        (["ja_JP.UTF-8"], Language.JAPANESE),
        (["", "fr-FR", "ja"], Language.JAPANESE),
        (["C.UTF-8"], Language.ENGLISH),
        ([], Language.ENGLISH),
    ],
)
def test_the_first_language_that_somebody_reads_is_spoken(codes: list[str], language: Language) -> None:
    assert understood(codes) is language
