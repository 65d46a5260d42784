"""Characters that people do not see or do not tell apart, and texts without what sets equal ones apart."""

from unicodedata import category, normalize

HYPHENS_OUTSIDE_PD = "\u2212\u30fc\u2500\u2501\u2043\u1173"
"""The minus, and what Japanese and Korean keyboards give for a hyphen."""
BLANKS_OUTSIDE_CF = "\u034f\u115f\u1160\u2800\ufe0e\ufe0f"
_LOWER = bytes(range(256)).lower()
_NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalnum())
_KATAKANA = {code: code + 0x60 for code in range(0x3041, 0x3097)}


def is_hyphen(character: str) -> bool:
    """Whether it is some kind of hyphen or dash; of characters in their NFKC form."""
    return character in HYPHENS_OUTSIDE_PD or category(character) == "Pd"


def is_blank(character: str) -> bool:
    """Whether it is white space, or cannot be seen; of characters in their NFKC form."""
    return character.isspace() or character in BLANKS_OUTSIDE_CF or category(character) in ("Cf", "Cc", "Cs")


def folded(text: str) -> str:
    """The text in one width, one case and one kana."""
    if text.isascii():
        return text.lower()
    return normalize("NFKC", normalize("NFKC", text).casefold()).translate(_KATAKANA)


def letters_of(text: str) -> str:
    """The same with its letters and digits alone."""
    if text.isascii():
        return text.encode().translate(_LOWER, _NO_LETTERS).decode()
    return "".join(filter(str.isalnum, folded(text)))
