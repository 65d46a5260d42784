"""The order files of shops and marketplaces: what each layout is, read from layouts/*.toml, and which of them a file has.

A layout says how a file is known by its heads, which heads make which of our columns, and which rows are no parcels to send. Its name is
that of its file. `column` in a layout file is a head, or several with `|` between them for the names that one head has had.
"""

import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import normalize
from zoneinfo import ZoneInfo

from core.domain.shop_numbers import without_decimals
from core.domain.values import once
from core.files.goods_columns import GoodsColumns
from core.files.headers import COLUMN_OF, HEADERS, header_key, heads_in_english, own_heads
from core.files.reasons import LeftOut

FOLDER = Path(__file__).with_name("layouts")
OWN = "own"
"""The layout of the desk's own columns, in the words of any of its languages."""

BUNDLE, DESTINATION = "bundle", "destination"
"""What a source says besides our columns: what goes together, and to which of an order's recipients."""

MARKS_NEEDED, MARKS_ALONE = 2, 6
"""Heads that no other source has: so many tell one, and so many where even the order's number is missing."""

_REASONS = {reason.value: reason for reason in LeftOut}
_NAMES_OF_HEAD = "|"
STARS = "*※"
"""What stands beside heads whose cells must be filled."""
_TELL_OURS, _OURS_NEEDED = ("shipment_no", "order_no", "ordered_at"), 4
_WHAT_IS_SENT = ("product_name", "product_id", "recipient")


class HandbackForm(StrEnum):
    """How a source takes numbers: a file of its own form, or the very workbook that came."""

    CSV = "csv"
    TSV = "tsv"
    XLSX = "xlsx"
    SAME = "same"


Head = tuple[str, ...]
"""The names that one head has, in the order in which they are looked for."""


@dataclass(frozen=True)
class Taking:
    """How one of our columns is made of a row: heads that are joined by `between`; those in `labelled` stand behind their head's name.

    `digits` are how many each joined piece of a number has.
    """

    heads: tuple[Head, ...]
    between: str = " "
    labelled: tuple[Head, ...] = ()
    digits: tuple[int, ...] = ()


@dataclass(frozen=True)
class LeaveRule:
    """Which rows are left out: where a head holds one of these words. `whole_order` leaves all rows of the order; `without_number`
    only rows that have no tracking number.

    `unless` alone leaves what is none of its words; beside others it keeps what begins so. `filled` asks for any text, or none.
    """

    reason: LeftOut
    heads: tuple[Head, ...]
    exactly: frozenset[str] = frozenset()
    begins: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    filled: bool | None = None
    whole_order: bool = False
    without_number: bool = False

    def leaves(self, text: str) -> bool:
        """Whether a cell that says this leaves its row out."""
        key = _word(text)
        if self.filled is not None:
            return bool(key) is self.filled
        if not (self.exactly or self.begins or self.contains):
            return key not in self.unless
        if any(key.startswith(word) for word in self.unless):
            return False
        return key in self.exactly or key.startswith(self.begins or ("\0",)) or any(word in key for word in self.contains)


@dataclass(frozen=True)
class HandbackColumn:
    """One column of the file that goes back: a fixed text, what the source's row said, or what the desk knows.

    `take` are heads of the source's row, `known` is the desk's own value, of those that `core.services.handback` gives; `otherwise` stands
    where both are empty.
    """

    head: str
    take: tuple[Head, ...] = ()
    known: str = ""
    otherwise: str = ""
    otherwise_known: str = ""


@dataclass(frozen=True)
class Handback:
    """The file with numbers that a source takes; one row for each of its lines, or for each shipment."""

    form: HandbackForm
    name: str
    by_line: bool
    encoding: str = "utf-8"
    quote_all: bool = False
    sheet: str = ""
    columns: tuple[HandbackColumn, ...] = ()
    needs: tuple[Head, ...] = ()
    number: Head = ()
    company: Head = ()
    carriers: Mapping[str, str] = field(default_factory=dict)

    @property
    def by_parcel(self) -> bool:
        """Whether an order may have a row for each of its parcels, of which one may hold no whole line of it."""
        return not self.by_line and self.form is not HandbackForm.SAME

    @property
    def kept(self) -> tuple[Head, ...]:
        """The heads whose texts have to be kept from the source's rows."""
        taken = [head for column in self.columns for head in column.take]
        return tuple(dict.fromkeys((*self.needs, *taken, *([self.company] if self.company else []))))

    @property
    def filled(self) -> tuple[Head, ...]:
        """The heads that name a line and its number."""
        return (*self.needs, self.number, self.company)


@dataclass(frozen=True)
class OrderLayout:
    """The layout of one source's order file. `zone` is that of times written without one, the shop's when None; `zones` are those in which
    its days end, by the country of the marketplace; `country` is where parcels go that say none. `buyer` fills the columns of an address in
    orders that have none of their own, all of them from there. `goods` is where an older file has them side by side.
    """

    name: str
    title: str
    marks: tuple[str, ...] = ()
    columns: Mapping[str, tuple[Taking, ...]] = field(default_factory=dict)
    buyer: Mapping[str, tuple[Taking, ...]] = field(default_factory=dict)
    leave: tuple[LeaveRule, ...] = ()
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    formats: tuple[str, ...] = ()
    zone: ZoneInfo | None = None
    zones: Mapping[str, ZoneInfo] = field(default_factory=dict)
    country: str = ""
    sheet: str = ""
    handback: Handback | None = None
    goods: GoodsColumns | None = None

    @property
    def heads(self) -> frozenset[str]:
        """All heads that it knows."""
        takings = [taking for takings in (*self.columns.values(), *self.buyer.values()) for taking in takings]
        used = [name for taking in takings for head in (*taking.heads, *taking.labelled) for name in head]
        ruled = [name for rule in self.leave for head in rule.heads for name in head]
        return frozenset((*self.marks, *used, *ruled))

    @once
    def spelled(self) -> frozenset[str]:
        """Its heads with their hyphens and brackets, which tell sources apart whose words are the same."""
        return frozenset(map(_spelled, self.heads))

    @once
    def spelled_marks(self) -> frozenset[str]:
        return frozenset(map(_spelled, self.marks))

    def has(self, column: str, known: frozenset[str]) -> bool:
        """Whether a file with these heads fills one of our columns."""
        takings = (*self.columns.get(column, ()), *self.buyer.get(column, ()))
        return any(header_key(name) in known for taking in takings for head in taking.heads for name in head)


OWN_LAYOUT = OrderLayout(OWN, "Shipdesk")


@cache
def layouts() -> Mapping[str, OrderLayout]:
    """All layouts by name, and our own."""
    found = {file.stem: _layout(file) for file in sorted(FOLDER.glob("*.toml"))}
    return {**found, OWN: OWN_LAYOUT}


@cache
def known_heads() -> frozenset[str]:
    """Every head that stands in some layout, as it is compared."""
    return frozenset(COLUMN_OF).union(header_key(head) for layout in layouts().values() for head in layout.heads)


def recognised(headers: Iterable[str]) -> OrderLayout | None:
    """The layout of a file with these heads: the one of which most heads are there. None where no layout is known well enough.

    Our heads in other languages are everyday words there, so that others' files may have them all: theirs are looked for first.
    """
    named = [header for header in headers if header]
    if _is_own(named, heads_in_english):
        return OWN_LAYOUT
    known, spelled = frozenset(map(header_key, named)), frozenset(map(_spelled, named))
    fitting = [layout for layout in layouts().values() if _fits(layout, known, spelled)]
    ours = OWN_LAYOUT if _is_own(named, own_heads) else None
    return max(fitting, key=lambda layout: _likeness(layout, spelled), default=ours)


def header_row(rows: Sequence[Sequence[str]]) -> int | None:
    """The place of the row with the most known heads, where that is more than chance."""
    counts = [len({header_key(cell) for cell in cells if cell} & known_heads()) for cells in rows]
    best = max(counts, default=0)
    return counts.index(best) if best > MARKS_NEEDED else None


def _is_own(headers: Sequence[str], heads: Callable[[str], set[str]]) -> bool:
    exact = {key: name for name in HEADERS for key in heads(name)}
    found = {exact[key] for key in map(header_key, headers) if key in exact}
    return found.issuperset(_TELL_OURS) and len(found) >= _OURS_NEEDED


def _fits(layout: OrderLayout, known: frozenset[str], spelled: frozenset[str]) -> bool:
    marks = len(layout.spelled_marks & spelled)
    if marks < (MARKS_NEEDED if layout.has("order_no", known) else MARKS_ALONE):
        return False
    return any(layout.has(name, known) for name in _WHAT_IS_SENT)


def _likeness(layout: OrderLayout, spelled: frozenset[str]) -> tuple[int, int]:
    return len(layout.spelled & spelled), len(layout.spelled_marks & spelled)


def _spelled(header: str) -> str:
    return "".join(normalize("NFKC", header).casefold().split()).strip(STARS)


def _layout(file: Path) -> OrderLayout:
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return OrderLayout(
        file.stem,
        data["title"],
        tuple(data["marks"]),
        {name: _takings(value) for name, value in data["columns"].items()},
        {name: _takings(value) for name, value in data.get("buyer", {}).items()},
        tuple(_rule(rule) for rule in data.get("leave", ())),
        _values(data),
        tuple(data.get("formats", {}).get("dates", ())),
        ZoneInfo(data["zone"]) if "zone" in data else None,
        {country: ZoneInfo(zone) for country, zone in data.get("zones", {}).items()},
        data.get("country", ""),
        data.get("sheet", ""),
        _handback(data["handback"]) if "handback" in data else None,
        GoodsColumns(**data["goods"] | {"parts": tuple(data["goods"]["parts"])}) if "goods" in data else None,
    )


def _values(data: Mapping[str, Any]) -> Mapping[str, Mapping[str, str]]:
    """What the source's words mean in our columns: what it calls a company when a number goes back, it calls so when one comes in."""
    named = {theirs: ours for ours, theirs in data.get("handback", {}).get("carriers", {}).items()}
    given = {"carrier": named} | {name: dict(words) for name, words in data.get("values", {}).items()}
    given["carrier"] = named | given["carrier"]
    return {name: {theirs.casefold(): ours for theirs, ours in words.items()} for name, words in given.items() if words}


def _takings(value: Any) -> tuple[Taking, ...]:
    return tuple(_taking(one) for one in (value if isinstance(value, list) else [value]))


def _taking(value: Any) -> Taking:
    if isinstance(value, str):
        return Taking((_head(value),))
    if "lines" in value:
        return Taking(_heads(value["lines"]), "\n", _heads(value.get("labelled", ())))
    return Taking(_heads(value["join"]), value.get("with", " "), digits=tuple(value.get("digits", ())))


def _head(text: str) -> Head:
    return tuple(text.split(_NAMES_OF_HEAD))


def _heads(texts: Any) -> tuple[Head, ...]:
    return tuple(map(_head, [texts] if isinstance(texts, str) else texts))


def _rule(data: Mapping[str, Any]) -> LeaveRule:
    return LeaveRule(
        _REASONS[data["reason"]],
        _heads(data["column"]),
        frozenset(map(_word, data.get("is", ()))),
        tuple(map(_word, data.get("begins", ()))),
        tuple(map(_word, data.get("contains", ()))),
        tuple(map(_word, data.get("unless", ()))),
        data.get("filled"),
        data.get("whole_order", False),
        data.get("without_number", False),
    )


def _handback(data: Mapping[str, Any]) -> Handback:
    return Handback(
        HandbackForm(data["form"]),
        data["name"],
        data["rows"] == "line",
        data.get("encoding", "utf-8"),
        data.get("quote") == "all",
        data.get("sheet", ""),
        tuple(_handback_column(column) for column in data.get("columns", ())),
        _heads(data.get("needs", ())),
        _head(data["number"]) if "number" in data else (),
        _head(data["company"]) if "company" in data else (),
        data.get("carriers", {}),
    )


def _handback_column(data: Mapping[str, Any]) -> HandbackColumn:
    taken = [data[key] for key in ("take", "else_take") if key in data]
    return HandbackColumn(
        data["head"], _heads(taken), data.get("is", ""), data.get("text", data.get("else", "")), data.get("else_is", "")
    )


def _word(text: str) -> str:
    """The form in which words of a cell are compared; a code that a program took for an amount is still that code."""
    return "".join((without_decimals(text) or text).casefold().split())
