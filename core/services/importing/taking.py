"""The columns of an order file by their heads, and texts of ours made of them."""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from unicodedata import normalize

from core.domain.errors import Refused
from core.domain.reasons import Names
from core.domain.shop_numbers import are_decimals, as_text, plain_number, without_decimals
from core.domain.texts import APOSTROPHES
from core.files.headers import header_key
from core.files.order_layouts import BUNDLE, DESTINATION, STARS, Head, Taking
from core.files.read import Source
from core.services.importing.cells import clean, one_line
from core.services.importing.columns import COLUMNS, DATED, Form
from core.services.importing.reasons import TableFault

_MARK = re.compile(rf"[{APOSTROPHES}](?=[+(]*\d[\d\s.,:/+()-]*$)")


@dataclass(frozen=True)
class Taken:
    """What was taken for one of our columns: its texts and faults by place, and the columns it is from."""

    texts: Sequence[str]
    faults: Mapping[int, str]
    columns: frozenset[int]


class FileColumns:
    """The columns of a file by their heads, and which of them were used: by the very name of a head, else by one that is like it."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self._named: dict[str, list[int]] = defaultdict(list)
        self._alike: dict[str, list[int]] = defaultdict(list)
        for column, header in enumerate(source.headers):
            if header:
                self._named[_exactly(header)].append(column)
                self._alike[header_key(header)].append(column)
        self.used: frozenset[int] = frozenset()
        self._read: dict[tuple[int, ...], list[str]] = {}

    def columns_of(self, head: Head) -> tuple[int, ...]:
        """The columns of the first name of the head that is in the file; several where the file has it twice."""
        found = (self._named.get(_exactly(name)) or self._alike.get(header_key(name)) for name in head)
        return tuple(next(filter(None, found), ()))

    def header_of(self, head: Head) -> str:
        return self.source.headers[self.columns_of(head)[0]]

    def texts_of(self, head: Head) -> list[str] | None:
        """The texts of the head; None where it is not in the file. Raises Refused where it is there twice and says two things."""
        columns = self.columns_of(head)
        if not columns:
            return None
        if columns not in self._read:
            texts = [_unmarked(self.source.columns[column]) for column in columns]
            said = [dict.fromkeys(filter(None, some)) for some in zip(*texts, strict=True)] if len(texts) > 1 else []
            if any(len(some) > 1 for some in said):
                raise Refused(TableFault.DOUBLE(names=Names([f'"{self.header_of(head)}"'])))
            self._read[columns] = [next(iter(some), "") for some in said] or texts[0]
        return self._read[columns]

    def mark_used(self, head: Head) -> None:
        self.used |= frozenset(self.columns_of(head))

    def take(self, taking: Taking, *, is_number: bool) -> Taken | None:
        """The texts that are made in this way; None where none of the heads is in the file."""
        heads = [head for head in taking.heads if self.columns_of(head)]
        labelled = [head for head in taking.labelled if self.columns_of(head)]
        if not heads and not labelled:
            return None
        parts: list[list[str]] = [self.texts_of(head) or [] for head in heads]
        if is_number:
            digits = (*taking.digits, *[0] * len(parts))
            parts = [plain_numbers(part, count) for part, count in zip(parts, digits, strict=False)]
        for head in labelled:
            label = self.header_of(head).strip(f"{STARS} ")
            parts.append([f"{label}: {text}" if text else "" for text in self.texts_of(head) or []])
        columns = frozenset(column for head in (*heads, *labelled) for column in self.columns_of(head))
        texts = parts[0] if len(parts) == 1 else [taking.between.join(filter(None, some)) for some in zip(*parts, strict=True)]
        faults = {at: fault for column in columns for at, fault in self.source.faults_of(column).items()}
        return Taken(texts, faults, columns)

    def unused(self) -> tuple[str, ...]:
        """The heads of columns that were not used, in the order of the file."""
        headers = enumerate(self.source.headers)
        return tuple(header for column, header in headers if header and column not in self.used)


def _exactly(text: str) -> str:
    return " ".join(normalize("NFKC", text).strip(f"{STARS} ").split())


def _unmarked(texts: Sequence[str]) -> list[str]:
    """The cells cleaned, without what has Excel keep them as texts: `="0001"`, or an apostrophe before digits."""
    plain = {text: _MARK.sub("", clean(as_text(clean(text)))) for text in set(texts)}
    return [plain[text] for text in texts]


def plain_numbers(texts: Sequence[str], digits: int = 0) -> list[str]:
    """Numbers without what marks them as texts in Excel, without decimals where all have some, and with the zeros that a piece of so
    many digits lost there."""
    plain = {text: plain_number(text).lstrip(APOSTROPHES).strip() for text in set(texts)}
    if are_decimals(plain.values()):
        plain = {text: without_decimals(number) for text, number in plain.items()}
    return [plain[text].zfill(digits) if digits and _LOST_ZEROS.fullmatch(plain[text]) else plain[text] for text in texts]


def is_number(name: str) -> bool:
    return name in (BUNDLE, DESTINATION) or COLUMNS[name].is_number


def cleaner(name: str) -> Callable[[str], str]:
    """How the texts of one of our columns are cleaned."""
    if name in DATED:
        return lambda text: "" if _NO_DAY.fullmatch(text) else _HALF_DAY.sub(_with_half_day, one_line(text))
    if name in COLUMNS and COLUMNS[name].form is Form.LINES:
        return lambda text: text
    if name == "quantity":
        return lambda text: _COUNTED.sub(r"\1", one_line(text))
    return one_line


_HALVES = {"오전": "AM", "午前": "AM", "오후": "PM", "午後": "PM"}
_COUNTED = re.compile(r"^(\d+) ?(?:개|건|장|個|点|枚|セット|EA|pcs?)$", re.IGNORECASE)
_LOST_ZEROS = re.compile(r"0|[1-9]\d*", re.ASCII)
"""Digits of a number cell: one that begins with 0 was written as a text, and is whole."""
_NO_DAY = re.compile(r"[0\W]*")
_HALF_DAY = re.compile(rf"({'|'.join(_HALVES)}) ?(\d{{1,2}}:\d\d(?::\d\d)?)")


def _with_half_day(found: re.Match[str]) -> str:
    return f"{found[2]} {_HALVES[found[1]]}"
