"""Why something is so: a reason as a value with what it names, and the one sentence that is made of both."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from typing import Any

from core.domain.language import Vocabulary, filled

Template = str | Mapping[str, str]


class Reason(StrEnum):
    """The base of the enums that say why: each subject has its own, each member is a value and its whole sentence.

    A sentence of several forms is chosen by the form that is said, or by its `count`: "one" or "other". Calling a member with
    what it names makes a `Why`.
    """

    template: Template

    def __new__(cls, value: str, template: Template) -> "Reason":
        member = str.__new__(cls, value)
        member._value_ = value
        member.template = template
        return member

    def __call__(self, form: str = "", /, **values: Any) -> "Why":
        return Why(self, form, values)


@dataclass(frozen=True)
class Why:
    """A reason with the values that it names; its text is the sentence for people."""

    reason: Reason
    form: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        template = self.reason.template
        if not isinstance(template, str):
            template = template[self.form or ("one" if self.values["count"] == 1 else "other")]
        return filled(template, self.values)


class Said(Reason):
    """The reason of who gave only a sentence, on which nothing depends."""

    PLAIN = "plain", "{text}"


_LISTS = Vocabulary({"": "{most}, {last}", "or": "{most} or {last}", "and": "{most} and {last}"})
"""How names follow each other, and the last one follows those before it."""


class Names(tuple[str, ...]):
    """Names in a sentence: `{names}` is "A, B, C", `{names:or}` "A, B or C"; `{names:And}` begins with a capital letter."""

    def __format__(self, word: str) -> str:
        *most, last = self
        text = _LISTS[word.lower()].format(most=_side_by_side(most), last=last) if most else format(last)
        return text[0].upper() + text[1:] if word[:1].isupper() else text


def _side_by_side(names: Sequence[str]) -> str:
    return reduce(lambda most, last: _LISTS[""].format(most=most, last=last), names)


def sentences(whys: Iterable[Why]) -> str:
    """The sentences one after another."""
    return " ".join(map(str, whys))
