"""Text as it comes in at any edge, made fit to be stored, sent on and read: the one place that says what is taken out of it."""

from unicodedata import category

LONGEST_SAID, LONGEST_NAME = 2_000, 200
_LINES = "\n\t\r"
_JOINERS = "\u200c\u200d"  # they shape letters in Persian and Indian scripts, and join emoji


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


_INVISIBLE = {"Cc", "Cf", "Cs"}
