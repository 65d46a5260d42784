"""Texts that a spreadsheet would run: marked with an apostrophe where a file goes out, and read as they were where it comes back.

A spreadsheet runs what begins with = + - @, at full width too, and skips blanks, line ends and invisible characters before it
(OWASP, CSV Injection).
"""

import re

_BLANK = "".join(
    chr(code)
    for first, last in (
        (0xA0, 0xA0), (0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x115F, 0x1160), (0x180E, 0x180E), (0x2000, 0x200F),
        (0x2028, 0x202F), (0x205F, 0x206F), (0x2800, 0x2800), (0x3000, 0x3000), (0x3164, 0x3164), (0xFE00, 0xFE0F),
        (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
    )
    for code in range(first, last + 1)
)  # fmt: skip
DANGEROUS = rf"^'*(?:[\x00-\x20\x7f-\x9f{_BLANK}]*[=+\-@＝＋－＠﹦﹢﹣﹫]|[\t\r\n])"
"""What such a text begins with; apostrophes before it are counted in, so that each marked text is one text again."""

_DANGEROUS = re.compile(DANGEROUS)
_MARKED = re.compile(f"^'{DANGEROUS[1:]}")


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet might run the text, or it begins as one that is marked."""
    return _DANGEROUS.match(text) is not None


def defused(text: str) -> str:
    """The text as it can stand in a file of text."""
    return f"'{text}" if is_dangerous(text) else text


def restored(text: str) -> str:
    """The text that was defused; every other text as it is."""
    return text[1:] if text[:1] == "'" and _MARKED.match(text) else text
