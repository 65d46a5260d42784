"""Phone numbers of recipients as shops and carriers write them, compared whole or masked."""

import re
from collections.abc import Sequence
from unicodedata import normalize

from core.domain.evidence import AGAINST, HIDDEN, MASKS, SILENT

WHOLE, TAIL = 3, 2
"""Points of a whole number, and of one of which four digits or more are seen."""
SHORTEST_TAIL = 4

_SHORTEST_WHOLE = 8
"""Digits without leading zeros: a Korean number in a town has as few."""
_PREFIX = 2
"""So many digits at the front (10 of 010) are the same for most people, and tell nobody apart."""
_SEPARATED = re.compile(r"[/,;、\n\r|]+|\bor\b")
_EXTENSION = re.compile(r"(?:내선|内線|ext?\.?|(?<=\s)x)\s*\d+\s*$")
_ABROAD = re.compile(r"^\s*(?:\+|00)\s*(?:82|81)\s*[-. ]?\s*(?:\(0\))?")
_MASK = re.compile(rf"[{re.escape(MASKS)}x]")
_NO_DIGIT = re.compile(r"[^0-9*]+")
_OF_A_SERVICE = re.compile(r"50\d{8,10}")
"""0503, 0507 and 050: numbers that a marketplace or a service lends, which change from list to list."""


def phone_forms(text: str) -> tuple[str, ...]:
    """The numbers in the text, each as its digits without country code and leading zeros, masked ones as `*`."""
    said = _SEPARATED.split(normalize("NFKC", text).casefold())
    return tuple(dict.fromkeys(form for part in said if any(map(str.isdecimal, form := _form(part)))))


def phone_end(form: str) -> str:
    """The last digits by which a number is found, "" where they are hidden or too few."""
    end = form[-SHORTEST_TAIL:]
    return end if len(end) == SHORTEST_TAIL and HIDDEN not in end else ""


def compare_phones(row: Sequence[str], stored: Sequence[str]) -> int:
    """What the numbers in a list say of those that the shop has: one that is the same is enough, all others have to be another's."""
    said = [_compare(one, other) for one in row for other in stored]
    return max(said, default=SILENT)


def _form(text: str) -> str:
    digits = _NO_DIGIT.sub("", _MASK.sub(HIDDEN, _ABROAD.sub("", _EXTENSION.sub("", text))))
    return digits.lstrip("0") if len(digits) > _SHORTEST_WHOLE - 1 else digits


def _compare(row: str, stored: str) -> int:
    if HIDDEN in row and HIDDEN in stored:
        return _by_places(row, stored) if len(row) == len(stored) else SILENT
    if HIDDEN in stored:
        row, stored = stored, row
    if HIDDEN in row:
        return _compare_masked(row, stored)
    short, long = sorted((row, stored), key=len)
    if len(short) < SHORTEST_TAIL:
        return SILENT
    if long.endswith(short):
        return WHOLE if len(short) >= _SHORTEST_WHOLE else TAIL
    return SILENT if _OF_A_SERVICE.fullmatch(row) or _OF_A_SERVICE.fullmatch(stored) else AGAINST


def _compare_masked(masked: str, whole: str) -> int:
    if len(masked) == len(whole):
        return _by_places(masked, whole)
    head, tail = masked.partition(HIDDEN)[0].lstrip("0"), masked.rpartition(HIDDEN)[2]
    if not whole.endswith(tail) or not whole.startswith(head):
        return AGAINST
    return TAIL if len(tail) + max(0, len(head) - _PREFIX) >= SHORTEST_TAIL else SILENT


def _by_places(one: str, other: str) -> int:
    seen = [(a, b) for a, b in zip(one, other, strict=True) if HIDDEN not in (a, b)]
    if any(a != b for a, b in seen):
        return AGAINST
    front = sum(HIDDEN not in pair for pair in zip(one[:_PREFIX], other[:_PREFIX], strict=True))
    return TAIL if len(seen) - front >= SHORTEST_TAIL else SILENT
