"""Shipments as a file describes them, one by one: their lines put together, checked against each other, not yet against the desk."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.carriers import Rules
from core.domain.errors import Refused
from core.domain.invoice_number import CheckedNumber, Level, check
from core.domain.no_number import is_placeholder
from core.domain.reasons import Said, Why, sentences
from core.domain.shipment import Item
from core.domain.shop_numbers import number_key
from core.domain.status import REUSED_BEFORE_ORDER
from core.files.read import Source
from core.services.importing.cells import CellMoment, CellReader
from core.services.importing.columns import DATED, ITEM, REQUIRED, TIMES, title
from core.services.importing.mapping import ColumnMapping
from core.services.importing.reasons import RowFinding, TableFault
from core.services.importing.rows import MOST_WRONG, Cells, Finding, read_columns

ORDER = ("ordered_at", "released_at", "invoiced_at", "picked_up_at", "first_attempt_at", "delivered_at")
FACTS = ("picked_up_at", "first_attempt_at", "delivered_at")
NOT_BEFORE = (
    ("picked_up_at", "first_attempt_at"),
    ("picked_up_at", "delivered_at"),
    ("first_attempt_at", "delivered_at"),
)
MOST_REASONS = 4 * MOST_WRONG
_READING = 3  # one more whenever the same text comes to mean another value
_NONE: frozenset[str] = frozenset()
NOT_AHEAD = ("ordered_at", "invoiced_at", *FACTS)


PutElsewhere = Callable[[Sequence[str]], Mapping[str, str]]
"""Of Shipment Nos. those that were put into another shipment, with the number of that."""


def nothing_elsewhere(shipment_nos: Sequence[str]) -> Mapping[str, str]:
    """Every shipment goes out by itself."""
    return {}


@dataclass(frozen=True)
class Terms:
    """What the shipments of a file depend on besides it: its mapping, the rules, the shop's zone, when it is read, and what goes out
    together."""

    mapping: ColumnMapping
    rules: Rules
    zone: ZoneInfo
    at: datetime
    put_elsewhere: PutElsewhere = nothing_elsewhere

    @property
    def latest(self) -> datetime:
        """Nothing that happened is later."""
        return self.at + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """One shipment of the file. `values` holds every mapped column of the shipment, None where empty; moments are in UTC.

    `digest` tells whether the file says the same as another. `kept` are columns whose cell could not be read and was left empty: they say
    nothing about what the desk knows. `number` is its Invoice No. as it was checked, None without one.
    """

    shipment_no: str
    rows: tuple[int, ...]
    values: Mapping[str, Any]
    items: tuple[Item, ...]
    digest: str
    number: CheckedNumber | None = None
    kept: frozenset[str] = frozenset()

    @property
    def invoice(self) -> tuple[str, str] | None:
        """Carrier and number, or None."""
        number = self.values.get("invoice_no")
        return (self.values["carrier"], number) if number else None

    @property
    def doubt(self) -> str:
        """What a check digit says against the number of a past shipment."""
        return self.number.message if self.number else ""

    @property
    def canonical_no(self) -> str:
        """The one form of its number; "" without one."""
        return self.number.canonical if self.number else ""

    @property
    def moved(self) -> bool:
        """Whether the file says that a carrier had it in hand."""
        return any(self.values.get(name) for name in FACTS)

    @property
    def live(self) -> bool:
        return not self.values.get("delivered_at")


@dataclass
class Findings:
    """Collects what is found while one file is read; `wrong` counts the cells that cannot be read."""

    numbers: Sequence[int]
    refused: dict[int, list[tuple[str, tuple[Why, ...]]]] = field(default_factory=lambda: defaultdict(list))
    left_empty: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    reasons: int = 0
    wrong: int = 0

    def refuse(self, at: int, column: str, *whys: Why) -> None:
        self.refused[at].append((column, whys))
        self.reasons += 1
        if self.reasons > MOST_REASONS:
            row, fault = self.numbers[at], sentences(whys)
            raise Refused(TableFault.TOO_MANY_REFUSED(most=MOST_REASONS, row=row, fault=fault))

    def warn(self, at: int, column: str, *whys: Why) -> None:
        self.warnings.append(Finding(self.numbers[at], column, whys))

    def leave_empty(self, at: int, column: str, *whys: Why) -> None:
        self.left_empty.append(Finding(self.numbers[at], column, whys))

    def all_refused(self) -> tuple[Finding, ...]:
        return tuple(
            Finding(self.numbers[at], column, whys) for at in sorted(self.refused) for column, whys in self.refused[at]
        )


@dataclass(frozen=True)
class FilePart:
    """Some rows of a file, and what is found of all of it; `places` are those of the rows in it."""

    source: Source
    places: Sequence[int]
    decimals: frozenset[int]
    found: Findings


def draft(part: FilePart, terms: Terms) -> list[tuple[Draft, int]]:
    """The shipments of these rows, each with the place of its first line in the file.

    Raises TooManyWrong or Refused when too much of the file is wrong.
    """
    found, mapping = _Local(part), terms.mapping
    columns: dict[str, Cells] = {}
    reader = CellReader(mapping, terms.zone, terms.rules)
    for name, cells in read_columns(part.source, mapping, reader, part.decimals, MOST_WRONG - part.found.wrong):
        columns[name] = cells
    part.found.wrong += sum(len(cells.problems) for name, cells in columns.items() if name not in mapping.lenient)
    _report_cells(columns, mapping, part.source.broken, found)
    groups = _groups(columns["shipment_no"].values, found)
    drafting = _Drafting(columns, terms, found)
    return [(made, part.places[places[0]]) for made, places in drafting.all(groups)]


class _Local:
    """What is found in some rows, by their places among these."""

    def __init__(self, part: FilePart) -> None:
        self._found, self._places = part.found, part.places
        self.numbers = part.source.rows
        self.refused: set[int] = set()

    def refuse(self, at: int, column: str, *whys: Why) -> None:
        self.refused.add(at)
        self._found.refuse(self._places[at], column, *whys)

    def warn(self, at: int, column: str, *whys: Why) -> None:
        self._found.warn(self._places[at], column, *whys)

    def leave_empty(self, at: int, column: str, *whys: Why) -> None:
        self._found.leave_empty(self._places[at], column, *whys)


def _report_cells(columns: Mapping[str, Cells], mapping: ColumnMapping, broken: Mapping[int, str], found: _Local) -> None:
    for at, fault in broken.items():
        found.refuse(at, "", Said.PLAIN(text=fault))
    for name, cells in columns.items():
        report = found.leave_empty if name in mapping.lenient else found.refuse
        for at, problem in cells.problems.items():
            report(at, name, RowFinding.IN_COLUMN(title=title(name), fault=problem))
        for at, why in cells.assumed.items():
            found.warn(at, name, why)


def _groups(shipment_nos: Sequence[str | None], found: _Local) -> dict[str, list[int]]:
    """The places of each shipment's lines, by its number as its first line has it; any spelling of it is the same number.

    A row without a Shipment No. belongs to none and is refused.
    """
    keys = {number: number_key(number) for number in set(shipment_nos) if number}
    groups: dict[str, list[int]] = defaultdict(list)
    for at, number in enumerate(shipment_nos):
        if number:
            groups[keys[number]].append(at)
        elif at not in found.refused:
            found.refuse(at, "shipment_no", _empty("shipment_no"))
    named = {str(shipment_nos[places[0]]): places for places in groups.values()}
    if len(keys) > len(named):
        _tell_spellings(shipment_nos, named, found)
    return named


def _tell_spellings(shipment_nos: Sequence[str | None], groups: Mapping[str, list[int]], found: _Local) -> None:
    for first, places in groups.items():
        for at in places:
            if shipment_nos[at] != first:
                row = found.numbers[places[0]]
                found.warn(at, "shipment_no", RowFinding.SAME_NUMBER(text=shipment_nos[at], first=first, row=row))


def _empty(name: str) -> Why:
    return RowFinding.EMPTY(title=title(name))


class _Drafting:
    """Puts the lines of each shipment together; a shipment with a refused line yields no draft."""

    def __init__(self, columns: Mapping[str, Cells], terms: Terms, found: _Local) -> None:
        self.mapping, self.rules, self.zone, self.found = terms.mapping, terms.rules, terms.zone, found
        self.latest = terms.latest
        self.columns = columns
        self.shared = [name for name in columns if name not in ITEM]
        self.values = [columns[name].values for name in self.shared]
        self.lines = list(zip(*self.values, strict=True))
        self.texts = ["\x1f".join(texts) for texts in zip(*(cells.texts for cells in columns.values()), strict=True)]
        self.way = way_of_reading(list(columns), terms)
        self.item_values = [columns[name].values if name in columns else None for name in ITEM]
        self.stand_ins = {name: cells.stand_ins for name, cells in columns.items() if cells.stand_ins}
        self.left_empty = _left_empty_places(columns, self.mapping)
        self.times = [name for name in TIMES if name in columns]

    def all(self, groups: Mapping[str, list[int]]) -> Iterator[tuple[Draft, list[int]]]:
        for number, places in groups.items():
            if any(at in self.found.refused for at in places):
                self._refuse_innocent(places)
                continue
            made = self._draft(number, places)
            if made:
                yield made, places
            else:
                self._refuse_innocent(places)

    def _refuse_innocent(self, places: Sequence[int]) -> None:
        bad = [at for at in places if at in self.found.refused]
        if not bad:
            return
        where = self.found.numbers[bad[0]]
        for at in places:
            if at not in self.found.refused:
                self.found.refuse(at, "", RowFinding.ROW_REFUSED(row=where))

    def _draft(self, number: str, places: list[int]) -> Draft | None:
        first = places[0]
        values = dict(zip(self.shared, self.lines[first], strict=True)) if len(places) == 1 else self._combined(places)
        items = self._items(places)
        if values is None or items is None or not self._complete(values, places):
            return None
        checked = self._checked_invoice(values, first)
        kept = frozenset().union(*(self.left_empty.get(at, ()) for at in places)) if self.left_empty else _NONE
        emptied = self._checked_times(values, places)
        if first in self.found.refused or emptied is None:
            return None
        for name in self.times:
            moment = values[name]
            values[name] = moment.at if moment else None
        rows = tuple(self.found.numbers[at] for at in places)
        return Draft(number, rows, values, items, self._digest(places), checked, kept | emptied)

    def _digest(self, places: list[int]) -> str:
        """The sha-256 of the lines' mapped texts and of the way they are read: an equal digest means equal values."""
        return sha256("\x1d".join([self.way, *(self.texts[at] for at in places)]).encode()).hexdigest()

    def _combined(self, places: list[int]) -> dict[str, Any] | None:
        values: dict[str, Any] = {}
        for name, column in zip(self.shared, self.values, strict=True):
            filled = [column[at] for at in places if column[at] is not None]
            if name in self.mapping.sums:
                values[name] = sum(filled[1:], filled[0]) if filled else None
            elif name in self.mapping.first:
                values[name] = min(filled, default=None)
            elif name in self.mapping.last:
                values[name] = max(filled, default=None)
            else:
                values[name] = filled[0] if filled else None
                if any(differ(name, value, filled[0]) for value in filled):
                    self._refuse_disagreement(name, column, places)
        return None if any(at in self.found.refused for at in places) else values

    def _refuse_disagreement(self, name: str, column: Sequence[Any], places: list[int]) -> None:
        first = next(at for at in places if column[at] is not None)
        for at in places:
            if column[at] is not None and differ(name, column[at], column[first]):
                here, there = shown(column[at], self.zone), shown(column[first], self.zone)
                row = self.found.numbers[first]
                self.found.refuse(at, name, RowFinding.DISAGREES(title=title(name), value=here, first=there, row=row))

    def _items(self, places: list[int]) -> tuple[Item, ...] | None:
        ids, names, options, quantities = self.item_values
        items: list[Item] = []
        for at in places:
            product, name = ids[at] if ids else None, names[at] if names else None
            quantity = quantities[at] if quantities else None
            if product or name:
                items.append(Item(product or "", named(name or product or "", options[at] if options else None), quantity or 1))
            elif quantity and (ids or names):
                self.found.refuse(at, "product_name", RowFinding.NO_PRODUCT())
                return None
        return tuple(items)

    def _complete(self, values: Mapping[str, Any], places: list[int]) -> bool:
        missing = [name for name in REQUIRED if values[name] is None]
        for name in missing:
            for at in places:
                self.found.refuse(at, name, _empty(name))
        return not missing

    def _checked_invoice(self, values: dict[str, Any], at: int) -> CheckedNumber | None:
        """The number, checked and put in its clean form; None without one, and when the row is refused for it."""
        text, code = values.get("invoice_no"), values.get("carrier")
        if not text:
            if code:
                self.found.warn(at, "carrier", RowFinding.COMPANY_ALONE())
                values["carrier"] = None
            return None
        number = check(code or "", text, self.rules)
        used = any(values.get(name) for name in FACTS)
        filled = not number.cleaned or is_placeholder(text, number.cleaned)
        if number.faults and filled and not (number.ok and used):
            self.found.warn(at, "invoice_no", RowFinding.PLACEHOLDER(text=text.strip()))
            values["invoice_no"] = values["carrier"] = None
            return None
        values["invoice_no"] = number.cleaned
        if number.level is Level.REFUSE and not code:
            self.found.refuse(at, "carrier", *number.faults)
        elif number.level is Level.REFUSE:
            self.found.refuse(at, "invoice_no", RowFinding.NUMBER(fault=number.message))
        elif number.level is Level.WARN and not used:
            self.found.refuse(at, "invoice_no", RowFinding.NUMBER(fault=number.message), RowFinding.CONFIRM_ELSEWHERE())
        elif number.level is Level.WARN:
            self.found.warn(at, "invoice_no", RowFinding.USED_ALREADY(), *number.faults)
        return None if at in self.found.refused else number

    def _checked_times(self, values: dict[str, Any], places: list[int]) -> frozenset[str] | None:
        """The lenient columns emptied because they contradict another; None when the rows are refused for it."""
        emptied: set[str] = set()
        _align(values, self.zone)
        while wrong := _contradiction(values, self.latest):
            name, why = self._lenient_first(wrong, emptied), _contradicted(wrong, values, self.zone)
            if not name:
                for at in places:
                    self.found.refuse(at, wrong[1], why)
                return None
            emptied.add(name)
            stand_in = self.stand_ins[name][places[0]] if name in self.stand_ins else None
            values[name] = stand_in
            _align(values, self.zone)
            if values[name] is None and name in REQUIRED:
                for at in places:
                    self.found.refuse(at, name, why)
                return None
            for at in places:
                self.found.leave_empty(at, name, why, self._put_aside(name, stand_in))
        return frozenset(emptied) if emptied else _NONE

    def _put_aside(self, name: str, stand_in: Any) -> Why:
        if stand_in is None:
            return RowFinding.LEFT_EMPTY(title=title(name))
        return RowFinding.REPLACED(title=title(name), header=self.mapping.assumed[name][0])

    def _lenient_first(self, wrong: tuple[str, str], emptied: set[str]) -> str:
        return next((name for name in wrong if name in self.mapping.lenient and name not in emptied), "")


def named(name: str, option: str | None) -> str:
    """The name of a product with its option, where it does not say that already."""
    return f"{name}, {option}" if option and option not in name else name


def differ(name: str, one: Any, other: Any) -> bool:
    """Whether two values of a column are not the same; a Shipment No. or Order No. is the same in any spelling."""
    if one == other:
        return False
    return name not in ("shipment_no", "order_no") or number_key(one) != number_key(other)


def way_of_reading(names: Sequence[str], terms: Terms) -> str:
    """All that the values of these columns depend on besides their texts."""
    mapping = terms.mapping
    formats = {name: mapping.formats_of(name) for name in names if name in DATED}
    translated = {name: sorted(words.items()) for name, words in mapping.values.items()}
    zones = (terms.zone.key, mapping.zone.key if mapping.zone else terms.zone.key)
    together = [sorted(chosen) for chosen in (mapping.sums, mapping.first, mapping.last)]
    return repr((_READING, names, formats, translated, zones, mapping.weight_unit, together))


def _left_empty_places(columns: Mapping[str, Cells], mapping: ColumnMapping) -> dict[int, set[str]]:
    places: dict[int, set[str]] = defaultdict(set)
    for name in mapping.lenient & columns.keys():
        for at in columns[name].problems:
            places[at].add(name)
    return places


def _align(values: dict[str, Any], zone: ZoneInfo) -> None:
    """Lets a date without a time be as late on its day as what came before it on that day."""
    latest: datetime | None = None
    for name in ORDER:
        moment: CellMoment | None = values.get(name)
        if moment is None:
            continue
        if latest is None or moment.at >= latest:
            latest = moment.at
        elif moment.whole_day and latest.astimezone(zone).date() == moment.at.astimezone(zone).date():
            values[name] = moment._replace(at=latest)


def _contradiction(values: Mapping[str, Any], latest: datetime) -> tuple[str, str] | None:
    """Two columns whose times cannot both be true, or the same column twice when it lies in the future."""
    ordered = values["ordered_at"].at
    earliest = ordered - REUSED_BEFORE_ORDER
    for name in ORDER[1:]:
        moment = values.get(name)
        if moment and moment.at < earliest:
            return "ordered_at", name
    for before, after in NOT_BEFORE:
        one, other = values.get(before), values.get(after)
        if one and other and other.at < one.at:
            return before, after
    return next(((name, name) for name in NOT_AHEAD if values.get(name) and values[name].at > latest), None)


def _contradicted(wrong: tuple[str, str], values: Mapping[str, Any], zone: ZoneInfo) -> Why:
    before, after = wrong
    value = shown(values[after], zone)
    if before == after:
        return RowFinding.IN_THE_FUTURE(title=title(after), value=value)
    other = shown(values[before], zone)
    return RowFinding.BEFORE(title=title(after), value=value, other_title=title(before), other=other)


def shown(value: Any, zone: ZoneInfo) -> str:
    """A value as a sentence names it."""
    if isinstance(value, CellMoment):
        return f"{value.at.astimezone(zone):%Y-%m-%d}" if value.whole_day else f"{value.at.astimezone(zone):%Y-%m-%d %H:%M}"
    return f'"{value}"' if isinstance(value, str) else str(value)
