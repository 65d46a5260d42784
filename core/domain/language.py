"""The language of whoever reads: every sentence and every name comes in it, wherever it is made.

English is what stands in the code. Templates are whole sentences with named values; `{carrier:을}` puts the Korean particle that the
value's sound asks for behind it, `{text:"을}` with the closing mark between them, and `{companies:or으로}` behind a list.
"""

import re
import string
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Generic, TypeVar

from core.domain.values import once

K = TypeVar("K")
T = TypeVar("T")


class Language(StrEnum):
    """The languages of the desk, by the codes that browsers and `html lang` use."""

    ENGLISH = "en"
    KOREAN = "ko"
    JAPANESE = "ja"


@dataclass(frozen=True, eq=False)
class Speech:
    """A language with its catalogue: `words` by the English text. `missing` counts what had to be said in English instead."""

    language: Language
    words: Mapping[str, str] = field(default_factory=dict)
    missing: Counter[str] = field(default_factory=Counter, repr=False)

    def said(self, text: str) -> str:
        """The text in this language, in English where nobody has translated it."""
        if self.language is Language.ENGLISH or not text:
            return self.words.get(text, text)
        found = self.words.get(text)
        if found is None and text not in self._translations:
            self.missing[text] += 1
        return found or text

    @once
    def _translations(self) -> frozenset[str]:
        return frozenset(self.words.values())


ENGLISH = Speech(Language.ENGLISH)
_spoken: ContextVar[Speech | None] = ContextVar("what the reader of this thread speaks", default=None)
_ask: Callable[[], Speech] = lambda: ENGLISH  # noqa: E731


def ask_readers(ask: Callable[[], Speech]) -> None:
    """From now on a thread in which nobody has said what is spoken asks this, once."""
    global _ask
    _ask = ask


def speech() -> Speech:
    """What is spoken here."""
    found = _spoken.get()
    if found is None:
        found = _ask()
        _spoken.set(found)
    return found


def speak(wanted: Speech) -> None:
    """What this thread says from now on is in this language."""
    _spoken.set(wanted)


@contextmanager
def speaking(wanted: Speech) -> Iterator[None]:
    """What is said inside is in this language."""
    token = _spoken.set(wanted)
    try:
        yield
    finally:
        _spoken.reset(token)


def carried(act: Callable[[], T]) -> Callable[[], T]:
    """The same for another thread, which then speaks what is spoken here."""
    spoken = speech()

    def done() -> T:
        with speaking(spoken):
            return act()

    return done


def tr(text: str) -> str:
    """The English text in the language of whoever reads."""
    return speech().said(text)


def marked(text: str) -> str:
    """The English text itself: it is translated where it is shown."""
    return text


def filled(template: str, values: Mapping[str, Any]) -> str:
    """The English template in the language of whoever reads, with its values."""
    return _FORMATTER.vformat(tr(template), (), values)


class Vocabulary(Mapping[K, str], Generic[K]):
    """What values are called, in the language of whoever asks."""

    def __init__(self, words: Mapping[K, str]) -> None:
        self.in_english = dict(words)

    def __getitem__(self, key: K) -> str:
        return tr(self.in_english[key])

    def __iter__(self) -> Iterator[K]:
        return iter(self.in_english)

    def __len__(self) -> int:
        return len(self.in_english)


class NamedEnum(StrEnum):
    """Values that are English names, each `marked`: in a sentence they are said in the language of whoever reads."""

    def __format__(self, form: str) -> str:
        return format(tr(self.value), form)


def worded(*fields: str) -> Callable[[type[T]], type[T]]:
    """The class with these fields of it, which hold English texts, given in the language of whoever asks."""

    def decorate(of: type[T]) -> type[T]:
        for name in fields:
            setattr(of, name, _Worded(name))
        return of

    return decorate


def in_english(instance: object, name: str) -> str:
    """What a worded field holds."""
    text: str = instance.__dict__[f"{name} in English"]
    return text


class _Worded:
    def __init__(self, name: str) -> None:
        self._name = f"{name} in English"

    def __get__(self, instance: object, owner: type) -> Any:
        return self if instance is None else tr(instance.__dict__[self._name])

    def __set__(self, instance: object, text: str) -> None:
        instance.__dict__[self._name] = text


class _Formatter(string.Formatter):
    def format_field(self, value: Any, format_spec: str) -> str:
        asked = _WITH_PARTICLE.fullmatch(format_spec)
        said: str = super().format_field(value, asked["form"] if asked else format_spec)
        return said + asked["mark"] + particle(said, asked["particle"]) if asked else said


_PARTICLES = {"은": "는", "이": "가", "을": "를", "과": "와", "으로": "로"}
"""Korean particles after a consonant, with their form after a vowel."""
_WITH_PARTICLE = re.compile(rf'(?P<form>.*?)(?P<mark>["”*)\]]*)(?P<particle>{"|".join(_PARTICLES)})')
_FORMATTER = _Formatter()
_DIGITS_WITHOUT = set("2459")
_DIGITS_IN_L = set("178")
_LETTERS_WITH = set("lmnrLMNR")


def particle(text: str, after_consonant: str) -> str:
    """The particle behind the text, by how its last letter or digit is read; behind ㄹ it is 로, as behind a vowel."""
    after_vowel = _PARTICLES[after_consonant]
    last = next((c for c in reversed(text) if c.isalnum()), "")
    final = _final_consonant(last)
    if not final or (final == "ㄹ" and after_vowel == "로"):
        return after_vowel
    return after_consonant


def _final_consonant(letter: str) -> str:
    """The consonant in which a letter or digit ends when Koreans read it; "" for a vowel."""
    if "가" <= letter <= "힣":
        place = (ord(letter) - ord("가")) % 28
        return "" if not place else "ㄹ" if place == 8 else "ㄱ"
    if letter.isdecimal():
        return "" if letter in _DIGITS_WITHOUT else "ㄹ" if letter in _DIGITS_IN_L else "ㄱ"
    return ("ㄹ" if letter in "lLrR" else "ㄱ") if letter in _LETTERS_WITH else ""
