"""The shop's own numbers: Shipment Nos. and Order Nos., when two of them are one, how they are searched, and what Excel puts around them."""

import re
import string
from collections import defaultdict
from collections.abc import Iterable
from unicodedata import normalize

from core.domain.texts import APOSTROPHES, is_blank, is_hyphen

_FORMULA = re.compile(r'\s*[=＝]\s*["“”＂](.*)["“”＂]\s*', re.DOTALL)


_DEEPEST = 5
"""So often a number may be wrapped in marks and formulas: nobody does it more than twice."""

_DECIMAL = re.compile(r"\s*(\d+)\.0{1,2}\s*", re.ASCII)


def as_text(text: str) -> str:
    """The text of a cell that Excel was to keep as one: `="0001"` is 0001."""
    for _ in range(_DEEPEST):
        inside = _FORMULA.fullmatch(text)
        if not inside:
            break
        text = inside[1].replace('""', '"')
    return text


def plain_number(number: str) -> str:
    """The number without what marks it as a text in Excel: `="0001"` and `'0001` are 0001."""
    if number[:1].isalnum():
        return number
    for _ in range(_DEEPEST):
        inside = as_text(number).lstrip(APOSTROPHES + string.whitespace)
        if inside == number:
            break
        number = inside
    return number


def number_key(number: str) -> str:
    """The form in which Shipment Nos. and Order Nos. are compared: two with the same form are one number.

    Width and case are folded, blanks and invisible characters gone, every kind of hyphen is the usual one.
    """
    if number.isascii() and number.isprintable() and number[:1].isalnum():
        return number.replace(" ", "").upper()
    narrow = normalize("NFKC", normalize("NFKC", number).upper())
    kept = "".join("-" if is_hyphen(character) else character for character in narrow if not is_blank(character))
    return normalize("NFKC", plain_number(kept))


def search_form(value: str) -> str:
    """The form in which numbers are searched: as they are compared, without hyphens."""
    return number_key(value).replace("-", "")


def without_decimals(text: str) -> str:
    """`10001` of `10001.0`, "" for every other text: what a program makes of a number that it takes for an amount."""
    found = _DECIMAL.fullmatch(text)
    return found[1] if found else ""


def are_decimals(texts: Iterable[str]) -> bool:
    """Whether every text that is not empty has such decimals, and there is one: they are then no part of the numbers."""
    filled = [text for text in texts if text]
    return bool(filled) and all(map(without_decimals, filled))


def matched(wanted: Iterable[str], stored: Iterable[str]) -> dict[str, str]:
    """By wanted number the stored one that it is: the same text, else the only one that is the same number; others are missing."""
    same: dict[str, list[str]] = defaultdict(list)
    for number in dict.fromkeys(stored):
        same[number_key(number)].append(number)
    found = {number: same[number_key(number)] for number in wanted if number_key(number) in same}
    return {number: number if number in some else some[0] for number, some in found.items() if number in some or len(some) == 1}
