"""The shop's own numbers: Shipment Nos. and Order Nos., when two of them are one, and what Excel puts around them."""

import re
import string
from unicodedata import normalize

from core.domain.characters import is_blank, is_hyphen

_APOSTROPHES = "'`\u2018\u2019\u02bc\uff07"
_FORMULA = re.compile(r'\s*[=＝]\s*["“”＂](.*)["“”＂]\s*', re.DOTALL)


def unwrapped(text: str) -> str:
    """The text without what marks it as a text in Excel: `="0001"` and `'0001` are 0001."""
    if text[:1].isalnum():
        return text
    inside = _FORMULA.fullmatch(text)
    return unwrapped(inside[1]) if inside else text.lstrip(_APOSTROPHES + string.whitespace)


def number_key(number: str) -> str:
    """The form in which Shipment Nos. and Order Nos. are compared: two with the same form are one number.

    Width and case are folded, blanks and invisible characters gone, every kind of hyphen is the usual one.
    """
    if number.isascii() and number.isalnum():
        return number.upper()
    narrow = normalize("NFKC", normalize("NFKC", number).upper())
    kept = "".join("-" if is_hyphen(character) else character for character in narrow if not is_blank(character))
    return normalize("NFKC", unwrapped(kept))
