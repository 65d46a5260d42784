"""Shipments as a file describes them: its lines put together, checked against each other, not yet against the desk."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as Table
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from operator import attrgetter
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.carriers import Rules
from core.domain.errors import Refused
from core.domain.invoice_number import CheckedNumber, Level, check
from core.domain.placeholders import is_placeholder
from core.domain.reasons import Said, Why, sentences
from core.domain.shipment import Item
from core.domain.shop_numbers import number_key
from core.domain.status import REUSED_BEFORE_ORDER
from core.files.read import Source
from core.services.importing.cells import CellMoment, CellReader
from core.services.importing.columns import DATED, ITEM, REQUIRED, TIMES, title
from core.services.importing.mapping import Mapping
from core.services.importing.reasons import Phase, RowFinding, TableFault
from core.services.importing.rows import MOST_WRONG, Cells, Finding, read_columns, require_usable

Progress = Callable[[float, str], None]

ORDER = ("ordered_at", "released_at", "invoiced_at", "picked_up_at", "first_attempt_at", "delivered_at")
FACTS = ("picked_up_at", "first_attempt_at", "delivered_at")
_NOT_BEFORE = (
    ("picked_up_at", "first_attempt_at"),
    ("picked_up_at", "delivered_at"),
    ("first_attempt_at", "delivered_at"),
)
MOST_REASONS = 4 * MOST_WRONG
_TRIED_FIRST = MOST_WRONG + 10_000
_READING = 3  # one more whenever the same text comes to mean another value
_NONE: frozenset[str] = frozenset()
_NOT_AHEAD = ("ordered_at", "invoiced_at", *FACTS)


@dataclass(frozen=True, slots=True)
class Draft:
    """One shipment of the file. `values` holds every mapped column of the shipment, None where empty; moments are in UTC.

    `digest` tells whether the file says the same as another. `kept` are columns whose cell could not be read and was left empty: they say
    nothing about what the desk knows. `number` is its Invoice No. as it was checked, None without one.
    """

    shipment_no: str
    rows: tuple[int, ...]
    values: dict[str, Any]
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


@dataclass(frozen=True)
class Drafted:
    """All of a file: the shipments that can be used, how many it names, and what was found by row."""

    drafts: Sequence[Draft]
    mapped: frozenset[str]
    rows: int
    shipments: int
    refused: tuple[Finding, ...] = ()
    left_empty: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()


@dataclass
class _Findings:
    """Collects what is found while one file is read."""

    numbers: Sequence[int]
    refused: dict[int, list[tuple[str, tuple[Why, ...]]]] = field(default_factory=lambda: defaultdict(list))
    left_empty: list[Finding] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)
    reasons: int = 0

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


def draft(
    source: Source, rules: Rules, mapping: Mapping, *, zone: ZoneInfo, at: datetime, progress: Progress | None = None
) -> Drafted:
    """The file's shipments. Raises Refused when the table cannot be trusted as a whole."""
    require_usable(source, mapping)
    tell = progress or (lambda done, word: None)
    found = _Findings(source.rows)
    columns: dict[str, Cells] = {}
    reader = CellReader(mapping, zone, rules)
    if len(source) > _TRIED_FIRST:  # a file that is wrong throughout ends here, before it fills the memory
        for _ in read_columns(source.first(_TRIED_FIRST), mapping, reader):
            pass
    for turn, (name, cells) in enumerate(read_columns(source, mapping, reader)):
        columns[name] = cells
        tell(0.9 * (turn + 1) / len(mapping.mapped), str(Phase.READING(title=title(name))))
    _report_cells(columns, mapping, source.broken, found)
    groups = _groups(columns["shipment_no"].values, found)
    tell(0.9, str(Phase.CHECKING()))
    drafts = _Drafting(columns, mapping, rules, zone, at, found).all(groups)
    drafts = _without_shared_numbers(drafts, found, source)
    return Drafted(
        drafts,
        frozenset(mapping.mapped),
        len(source),
        len(groups),
        found.all_refused(),
        tuple(sorted(found.left_empty, key=attrgetter("place"))),
        tuple(sorted(found.warnings, key=attrgetter("place"))),
    )


def _report_cells(columns: Table[str, Cells], mapping: Mapping, broken: Table[int, str], found: _Findings) -> None:
    for at, fault in broken.items():
        found.refuse(at, "", Said.PLAIN(text=fault))
    for name, cells in columns.items():
        report = found.leave_empty if name in mapping.lenient else found.refuse
        for at, problem in cells.problems.items():
            report(at, name, RowFinding.IN_COLUMN(title=title(name), fault=problem))
        for at, why in (*cells.assumed.items(), *cells.doubts.items()):
            found.warn(at, name, why)


def _groups(shipment_nos: Sequence[str | None], found: _Findings) -> dict[str, list[int]]:
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


def _tell_spellings(shipment_nos: Sequence[str | None], groups: Table[str, list[int]], found: _Findings) -> None:
    for first, places in groups.items():
        for at in places:
            if shipment_nos[at] != first:
                row = found.numbers[places[0]]
                found.warn(at, "shipment_no", RowFinding.SAME_NUMBER(text=shipment_nos[at], first=first, row=row))


def _empty(name: str) -> Why:
    return RowFinding.EMPTY(title=title(name))


class _Drafting:
    """Puts the lines of each shipment together; a shipment with a refused line yields no draft."""

    def __init__(
        self,
        columns: Table[str, Cells],
        mapping: Mapping,
        rules: Rules,
        zone: ZoneInfo,
        at: datetime,
        found: _Findings,
    ) -> None:
        self.mapping, self.rules, self.zone, self.found = mapping, rules, zone, found
        self.latest = at + timedelta(days=1)
        self.columns = columns
        self.shared = [name for name in columns if name not in ITEM]
        self.values = [columns[name].values for name in self.shared]
        self.lines = list(zip(*self.values, strict=True))
        self.texts = ["\x1f".join(texts) for texts in zip(*(cells.texts for cells in columns.values()), strict=True)]
        self.way = _way_of_reading(columns, mapping, zone)
        self.item_values = [columns[name].values if name in columns else None for name in ITEM]
        self.stand_ins = {name: cells.stand_ins for name, cells in columns.items() if cells.stand_ins}
        self.left_empty = _left_empty_places(columns, mapping)
        self.times = [name for name in TIMES if name in columns]

    def all(self, groups: Table[str, list[int]]) -> list[Draft]:
        drafts = []
        for number, places in groups.items():
            if any(at in self.found.refused for at in places):
                self._refuse_innocent(places)
                continue
            made = self._draft(number, places)
            if made:
                drafts.append(made)
            else:
                self._refuse_innocent(places)
        return drafts

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
                items.append(
                    Item(product or "", _named(name or product or "", options[at] if options else None), quantity or 1)
                )
            elif quantity and (ids or names):
                self.found.refuse(at, "product_name", RowFinding.NO_PRODUCT())
                return None
        return tuple(items)

    def _complete(self, values: Table[str, Any], places: list[int]) -> bool:
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


def _named(name: str, option: str | None) -> str:
    """The name of a product with its option, where it does not say that already."""
    return f"{name}, {option}" if option and option not in name else name


def differ(name: str, one: Any, other: Any) -> bool:
    """Whether two values of a column are not the same; a Shipment No. or Order No. is the same in any spelling."""
    if one == other:
        return False
    return name not in ("shipment_no", "order_no") or number_key(one) != number_key(other)


def _way_of_reading(columns: Table[str, Cells], mapping: Mapping, zone: ZoneInfo) -> str:
    formats = {name: mapping.formats_of(name) for name in columns if name in DATED}
    translated = {name: sorted(words.items()) for name, words in mapping.values.items()}
    zones = (zone.key, mapping.zone.key if mapping.zone else zone.key)
    together = [sorted(names) for names in (mapping.sums, mapping.first, mapping.last)]
    return repr((_READING, list(columns), formats, translated, zones, mapping.weight_unit, together))


def _left_empty_places(columns: Table[str, Cells], mapping: Mapping) -> dict[int, set[str]]:
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


def _contradiction(values: Table[str, Any], latest: datetime) -> tuple[str, str] | None:
    """Two columns whose times cannot both be true, or the same column twice when it lies in the future."""
    ordered = values["ordered_at"].at
    earliest = ordered - REUSED_BEFORE_ORDER
    for name in ORDER[1:]:
        moment = values.get(name)
        if moment and moment.at < earliest:
            return "ordered_at", name
    for before, after in _NOT_BEFORE:
        one, other = values.get(before), values.get(after)
        if one and other and other.at < one.at:
            return before, after
    return next(((name, name) for name in _NOT_AHEAD if values.get(name) and values[name].at > latest), None)


def _contradicted(wrong: tuple[str, str], values: Table[str, Any], zone: ZoneInfo) -> Why:
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


def _without_shared_numbers(drafts: list[Draft], found: _Findings, source: Source) -> list[Draft]:
    """The drafts without those whose invoice number is on another shipment of the file that is still under way."""
    holders: dict[str, list[Draft]] = defaultdict(list)
    for made in drafts:
        if made.invoice:
            holders[made.canonical_no].append(made)
    place = {number: at for at, number in enumerate(source.rows)}
    refused: set[str] = set()
    for number, sharing in holders.items():
        if len(sharing) > 1:
            refused |= set(_report_shared(number, sharing, found, place))
    return [made for made in drafts if made.shipment_no not in refused] if refused else drafts


def _report_shared(number: str, sharing: Sequence[Draft], found: _Findings, place: Table[int, int]) -> Iterator[str]:
    under_way = any(made.live for made in sharing)
    for made in sharing:
        other = next(one for one in sharing if one is not made)
        form = "under_way" if under_way else "delivered"
        why = RowFinding.SHARED_NUMBER(form, number=number, other=other.shipment_no, row=other.rows[0])
        if not under_way:
            found.warn(place[made.rows[0]], "invoice_no", why)
            continue
        for row in made.rows:
            found.refuse(place[row], "invoice_no", why)
        yield made.shipment_no
