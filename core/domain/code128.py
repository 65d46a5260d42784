"""Code 128: a text as the bars that any scanner reads (ISO/IEC 15417), in its code sets B, for text, and C, for pairs of digits."""

import re
from collections.abc import Iterator
from typing import Final

_SWITCH: Final = {"B": 100, "C": 99}
_START: Final = {"B": 104, "C": 105}
_STOP: Final = 106
_FIRST, _LAST = " ", "~"
_SHORTEST_PAIRS: Final = 4
"""Fewer digits take no less room in pairs, which have to be begun."""


def widths(text: str) -> str | None:
    """The widths of its bars and gaps in turn, a bar first, in modules of one digit each; None for what no bar can say.

    Round them belongs a margin of ten modules.
    """
    if not text or not all(_FIRST <= character <= _LAST for character in text):
        return None
    values = list(_values(text))
    check = (values[0] + sum(place * value for place, value in enumerate(values))) % 103
    return "".join(_PATTERNS[value] for value in (*values, check, _STOP))


def _values(text: str) -> Iterator[int]:
    """What begins it, and its characters: an even run of digits that is long enough in pairs, of an odd one the first digit alone."""
    code = ""
    for part in _parts(text):
        wanted = "C" if len(part) >= _SHORTEST_PAIRS else "B"
        if wanted != code:
            yield (_SWITCH if code else _START)[wanted]
            code = wanted
        if code == "C":
            yield from (int(part[at : at + 2]) for at in range(0, len(part), 2))
        else:
            yield from (ord(character) - ord(_FIRST) for character in part)


def _parts(text: str) -> list[str]:
    """Runs of digits in pairs, and single characters."""
    return re.findall(r"(?:\d\d){2,}(?!\d)|.", text, re.ASCII)


_PATTERNS: Final = re.findall(
    r"\d+",
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 123122 123221 "
    "223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 232121 111323 131123 131321 "
    "112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 "
    "311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 112412 122114 "
    "122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 "
    "214121 412121 111143 111341 131141 114113 114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112",
)
"""The widths of each value, those of the stop with the bar that ends it."""
