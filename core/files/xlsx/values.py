"""The text of a cell as a person sees it, or why it cannot be trusted."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from unicodedata import category

from core.files.xlsx.sheet import Cell

LONGEST = 40_000
_SHOWN = 200
_15_DIGITS = 10**15
_LAST_DATE = 2_958_465  # 31 December 9999, the last day a cell can show

_NUMBER = re.compile(r"[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,3})?")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_INVISIBLE = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0\ufe0e\ufe0f")

NOT_CALCULATED = "the cell holds a formula that was never calculated. Open the file in Excel and save it, or type the value."
TOO_LONG = (
    "the number has more than 15 digits, and Excel lost the last ones. Format the column as text and type it from the label."
)
MASKED = "the cell shows another text than it holds. Format the column as text and type what the label says."
NO_TEXT = "the cell refers to a text that is not in the file. Type it again."

Form = Callable[[str], Cell]


@dataclass(frozen=True)
class Raw:
    """A cell as the file has it: its type and style, the text of its value, None for none; `formula` when it has one."""

    kind: str
    style: str
    value: str | None
    formula: bool = False


@dataclass(frozen=True)
class Book:
    """What the cells of a workbook refer to: its texts, and by style how numbers are shown."""

    texts: list[str]
    forms: Mapping[int, Form]

    def cell(self, raw: Raw) -> Cell:
        """What the cell shows; a blank Cell for none."""
        if raw.value is None or (raw.value == "" and raw.kind != "str"):
            return Cell("", NOT_CALCULATED) if raw.formula else Cell()
        match raw.kind:
            case "s":
                return self._shared(raw.value)
            case "str" | "inlineStr":
                return _text(raw.value)
            case "b":
                word = "TRUE" if raw.value.strip() in ("1", "true") else "FALSE"
                return Cell(word, f"the cell holds {word}, no text. Type it from the label, as text.")
            case "e":
                return Cell(raw.value[:_SHOWN], f"the cell holds the Excel error {raw.value[:20]}. Type the value instead.")
            case "d":
                return _date(raw.value[:_SHOWN])
        return self._number(raw.value.strip(), raw.style)

    def _shared(self, value: str) -> Cell:
        try:
            return _text(self.texts[int(value)]) if int(value) >= 0 else Cell(value, NO_TEXT)
        except (ValueError, IndexError):
            return Cell(value[:_SHOWN], NO_TEXT)

    def _number(self, value: str, style: str) -> Cell:
        if not value:
            return Cell()
        if not _NUMBER.fullmatch(value):
            return Cell(value[:_SHOWN], "the cell holds a number that cannot be read. Type it again, as text.")
        form = self.forms.get(int(style)) if style.isdecimal() else None
        return form(value) if form else number(value)


def visible(text: str) -> bool:
    """Whether a person sees anything of the text."""
    return any(not c.isspace() and c not in _INVISIBLE and category(c) not in ("Cf", "Cc") for c in text)


def decoded(text: str) -> str:
    """The text with Excel's `_x000D_` as the character it stands for."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    return "\ufffd" if 0xD800 <= code <= 0xDFFF else chr(code)


def number(value: str) -> Cell:
    """A number without a form of its own: whole and of at most 15 digits, or at fault."""
    exact = Decimal(value)
    if exact != exact.to_integral_value():
        return Cell(value[:_SHOWN], f"the cell holds the fraction {value[:20]}. Type the number from the label, as text.")
    if abs(exact) >= _15_DIGITS:
        return Cell(f"{exact:f}"[:_SHOWN], TOO_LONG)
    if exact < 0:
        return Cell(f"{exact:f}", "the cell holds a negative number. Type the number from the label, as text.")
    return Cell(str(int(exact)))


def form_of(code: str, since_1904: bool = False) -> Form | None:
    """How a number format shows a number; None for a format that leaves its digits alone."""
    shown = re.sub(r"\[[^\]]*\]", "", code.split(";")[0])
    literals = "".join(match[1] or match[2] for match in re.finditer(r'"([^"]*)"|\\(.)', shown))
    plain = re.sub(r'"[^"]*"|\\.|[_*].', "", shown)
    if re.search(r"[ymdhs]", plain.replace("General", ""), re.IGNORECASE):
        return lambda value: _moment(value, since_1904)
    if re.search(r"[^\W_]", literals, re.ASCII):
        return _masked
    zeros = plain.replace("-", "").replace(" ", "")
    if len(zeros) > 1 and not zeros.strip("0"):
        return lambda value: _padded(value, len(zeros))
    return None


def _text(text: str) -> Cell:
    text = decoded(text)
    if len(text) > _SHOWN:
        return Cell(text[:_SHOWN], f"the cell holds {len(text):,} characters. Type the one value, as text.")
    return Cell(text)


def _padded(value: str, width: int) -> Cell:
    cell = number(value)
    return cell if cell.fault else Cell(cell.text.zfill(width))


def _masked(value: str) -> Cell:
    return Cell(number(value).text, MASKED)


def _moment(value: str, since_1904: bool) -> Cell:
    days = Decimal(value)
    if days > _LAST_DATE or days < 0:
        return number(value)
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 if days >= 61 else 31)  # noqa: DTZ001
    try:
        when = start + timedelta(days=float(days))
    except OverflowError:
        return number(value)
    return _date(f"{when:%Y-%m-%d}" if days == days.to_integral_value() else f"{when:%Y-%m-%d %H:%M}")


def _date(text: str) -> Cell:
    return Cell(text, f"the cell holds the date {text}. Format the column as text and type the value again.")
