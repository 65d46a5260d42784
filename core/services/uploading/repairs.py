"""What a spreadsheet does to a number and what can be taken back, because it is provable; and the sentence that says so."""

from unicodedata import category, normalize

from core.domain.invoice_number import Carrier, check_digit, clean

MOST_ZEROS = 2

_APOSTROPHES = "'`\u2018\u2019\u02bc"
_REMOVED = ("spaces", "line breaks", "hyphens", "invisible characters", "apostrophes", "punctuation")
_FILLERS = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0\ufe0e\ufe0f")


def cleaned_invoice_no(text: str) -> tuple[str, str]:
    """The number as it is stored, and how it was repaired, "" when it was stored so."""
    cleaned = clean(text)
    return cleaned, _said(text, cleaned)


def cleaned_shipment_no(text: str) -> tuple[str, str]:
    """The number in one width, without blanks around it and invisible characters, and how it was repaired."""
    narrow = "".join(normalize("NFKC", c) for c in text if category(c) not in ("Cf", "Cc") or c.isspace())
    cleaned = " ".join("".join(c for c in narrow if c not in _FILLERS).split()).lstrip(_APOSTROPHES)
    said = _said(text, cleaned)
    return cleaned, f"Shipment No.: {said[0].lower()}{said[1:]}" if said else ""


def with_leading_zero(number: str, carrier: Carrier) -> str:
    """The number with the zeros that Excel drops, "" unless exactly one such number fits and its check digit agrees."""
    if not (number.isascii() and number.isdigit()) or any(shape.pattern.fullmatch(number) for shape in carrier.shapes):
        return ""
    candidates = ["0" * zeros + number for zeros in range(1, MOST_ZEROS + 1)]
    fitting = [text for text in candidates if any(shape.pattern.fullmatch(text) for shape in carrier.shapes)]
    return fitting[0] if len(fitting) == 1 and _proved(fitting[0], carrier) else ""


def _proved(number: str, carrier: Carrier) -> bool:
    matches = [(shape, shape.pattern.fullmatch(number)) for shape in carrier.shapes]
    found = [(shape, match) for shape, match in matches if match]
    return all(shape.algorithm and check_digit(shape, match["body"]) == match["digit"] for shape, match in found)


def _said(text: str, cleaned: str) -> str:
    if text == cleaned or not cleaned:
        return ""
    changed = [
        word for word, found in (("full-width characters", _is_wide(text)), ("lower case", _is_lower(text, cleaned))) if found
    ]
    if changed == ["full-width characters"] and any(c.isdigit() and not c.isascii() for c in text):
        changed = ["full-width digits"]
    kinds = {_kind(c) for c in text}
    removed = [word for word in _REMOVED if word in kinds and _is_gone(word, text, cleaned)]
    if changed and removed:
        return f"{_listed(changed)} became ordinary, {_listed(removed).lower()} removed: {cleaned}."
    return f"{_listed(changed)} became {cleaned}." if changed else f"{_listed(removed or ['punctuation'])} removed: {cleaned}."


def _is_wide(text: str) -> bool:
    return any(normalize("NFKC", c) != c and not normalize("NFKC", c).isspace() for c in text if not c.isascii())


def _is_lower(text: str, cleaned: str) -> bool:
    return any("a" <= c <= "z" for c in text) and not any("a" <= c <= "z" for c in cleaned)


def _kind(character: str) -> str:
    if character in "\n\r\v\f\x85\u2028\u2029":
        return "line breaks"
    if character in _FILLERS or category(character) in ("Cf", "Cc"):
        return "invisible characters" if character != "\t" else "spaces"
    if character.isspace():
        return "spaces"
    if category(character) == "Pd" or character in "\u2212\u30fc\u2500\u2501\u2043\u1173":
        return "hyphens"
    if character in _APOSTROPHES:
        return "apostrophes"
    return "" if normalize("NFKC", character).isalnum() else "punctuation"


def _is_gone(word: str, text: str, cleaned: str) -> bool:
    return sum(_kind(c) == word for c in cleaned) < sum(_kind(c) == word for c in text)


def _listed(words: list[str]) -> str:
    *most, last = words
    text = f"{', '.join(most)} and {last}" if most else last
    return text[0].upper() + text[1:]
