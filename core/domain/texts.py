"""Text as it comes in at any edge: what is taken out of it to be stored and read, and the forms in which equal texts are equal."""

import re
from unicodedata import category, normalize

LONGEST_SAID, LONGEST_NAME = 2_000, 200
_LINES = "\n\t\r"
LINE_BREAKS = "\n\r\v\f\x85\u2028\u2029"
_JOINERS = "\u200c\u200d"  # they shape letters in Persian and Indian scripts, and join emoji

APOSTROPHES = "'`\u2018\u2019\u02bc\uff07"
KOREAN_DASHES = "\u3161\u1173"
"""A vowel that stands for a hyphen between digits: as it is typed, and in its NFKC form."""
HYPHENS_OUTSIDE_PD = "\u2212\u30fc\u2500\u2501\u2043\u1173"
"""The minus, and what Japanese and Korean keyboards give for a hyphen."""
BLANKS_OUTSIDE_CF = "\u034f\u115f\u1160\u2800\u3164\uffa0" + "".join(
    map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)))
)
"""Letters and marks without a shape: fillers, the empty Braille pattern, what chooses between two forms of a sign."""
_LOWER = bytes(range(256)).lower()
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}
"""Hiragana to katakana, for `str.translate`."""
_INVISIBLE = {"Cc", "Cf", "Cs"}
_LEGAL_FORM = re.compile(
    r"\(\s*(?:주|유|株|有|合)\s*\)|주식회사|유한회사|株式会社|有限会社|合同会社|股份有限公司|有限公司|公司"
    r"|\b(?:co|company|ltd|limited|inc|incorporated|corp|corporation|llc|gmbh|ag|plc|kk)\b"
)


def cleaned(text: str, longest: int | None = None) -> str:
    """The text without what nobody can see or store; of more than `longest` characters that many, the last an ellipsis.

    Lone surrogates, control characters (NUL among them) and invisible ones (zero width, bidi overrides and isolates) go; line ends
    and tabs stay, other control characters that are white space become a blank. A joiner stays between two visible characters.
    """
    seen = text if text.isprintable() else _visible(text)
    return seen if longest is None or len(seen) <= longest else seen[: longest - 1] + "…"


def said(text: str) -> str:
    """What a person typed into a field: one line of cleaned text without blanks at its ends."""
    return cleaned(" ".join(cleaned(text).split()), LONGEST_SAID)


def file_name(name: str) -> str:
    """The name of a file as it is shown and kept in the history."""
    return cleaned(name, LONGEST_NAME)


def _visible(text: str) -> str:
    kept: list[str] = []
    for character in text:
        if character in _JOINERS:
            if kept and not kept[-1].isspace() and kept[-1] not in _JOINERS:
                kept.append(character)
        elif character in _LINES or category(character) not in _INVISIBLE:
            if character.isspace() and kept and kept[-1] in _JOINERS:
                kept.pop()
            kept.append(character)
        elif character.isspace():
            kept.append(" ")
    return "".join(kept).rstrip(_JOINERS)


def is_hyphen(character: str) -> bool:
    """Whether it is some kind of hyphen or dash, at whatever width."""
    narrow = normalize("NFKC", character)
    return len(narrow) == 1 and (narrow in HYPHENS_OUTSIDE_PD or category(narrow) == "Pd")


def is_blank(character: str) -> bool:
    """Whether it is white space, or cannot be seen."""
    return character.isspace() or character in BLANKS_OUTSIDE_CF or category(character) in _INVISIBLE


def is_visible(text: str) -> bool:
    """Whether a person sees anything of the text."""
    return not all(map(is_blank, text))


def folded(text: str) -> str:
    """The text in one width, one case and one kana."""
    if text.isascii():
        return text.lower()
    return normalize("NFKC", normalize("NFKC", text).casefold()).translate(KATAKANA)


def letters_of(text: str) -> str:
    """The same with its letters and digits alone."""
    if text.isascii():
        return text.encode().translate(_LOWER, _NO_LETTERS).decode()
    return "".join(filter(str.isalnum, folded(text)))


def without_legal_form(text: str) -> str:
    """The folded text with a blank in place of what says that somebody is a company: 주식회사, 株式会社, Inc."""
    return _LEGAL_FORM.sub(" ", text)
