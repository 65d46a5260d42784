"""An order file as its source lays it out, put into our own columns: cells joined, lines put together, what is no parcel left out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from unicodedata import normalize
from zoneinfo import ZoneInfo

import pyarrow as pa

from core.domain.carriers import Rules
from core.domain.invoice_number import propose
from core.domain.order_sources import KnownParcel, Origin, Parcels, SourceLine, no_parcels
from core.domain.parcels import FIRST_TURN, numbered
from core.domain.reasons import Why
from core.domain.shipment import ADDRESS
from core.domain.shop_numbers import number_key
from core.files.countries import country_code
from core.files.goods_columns import spread
from core.files.laying import FAULTS
from core.files.order_layouts import BUNDLE, DESTINATION, LeaveRule, OrderLayout, Taking
from core.files.read import Source
from core.files.reasons import LeftOut
from core.files.source import Laid
from core.services.importing.cells import clean, date_and_time, one_line
from core.services.importing.columns import COLUMNS, ITEM, title
from core.services.importing.mapping import ColumnMapping, blank_key
from core.services.importing.proposing import CLOCKS, formats_of
from core.services.importing.reasons import RowFinding
from core.services.importing.rows import Finding
from core.services.importing.taking import FileColumns, Taken, cleaner, is_number, plain_numbers

YEAR_FIRST = tuple(
    f"{day}{clock}"
    for day in ("%Y/%m/%d", "%Y.%m.%d", "%Y-%m-%d", "%Y. %m. %d", "%Y%m%d", "%Y年%m月%d日", "%Y년 %m월 %d일")
    for clock in CLOCKS
)
"""How days are written that leave no doubt which is day and which is month."""

_FILLED_FROM_FIRST = ("policy", "option", "warehouse", "order_no", "kind", "carrier", "invoice_no")
_OF_SHIPPED = ("carrier", "invoiced_at", "delivered_at")
_EARLIEST = frozenset(("ordered_at", "ship_by", "promised_on", "invoiced_at"))
_LATEST = frozenset(("delivered_at",))
_DAY_ENDS = (23, 59)
_OTHER = "other"


@dataclass(frozen=True)
class TranslatedFile:
    """An order file in our own columns, with the mapping that reads it.

    `unused` are the heads of columns that were not used, `left_out` the rows that are no parcels; `notes` say what was decided between
    lines. The origin of its source is what of the source's own lines is kept for handing back.
    """

    source: Source
    mapping: ColumnMapping
    unused: tuple[str, ...] = ()
    left_out: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()


@dataclass(frozen=True)
class ShopHome:
    """What the shop itself is: its zone, and the country that parcels go to where a file says none."""

    zone: ZoneInfo
    country: str


def translated(
    source: Source, layout: OrderLayout, rules: Rules, shop: ShopHome, parcels: Parcels = no_parcels
) -> TranslatedFile:
    """The file of this layout in our columns, `parcels` that came in before under their numbers. Raises Refused when a column that it
    needs stands there twice."""
    return _Translation(spread(source, layout.goods) if layout.goods else source, layout, rules, shop).file(parcels)


class _Translation:
    """One file while it is put into our columns, row by row under the places of the rows in it."""

    def __init__(self, source: Source, layout: OrderLayout, rules: Rules, shop: ShopHome) -> None:
        self.source, self.layout, self.rules, self.shop = source, layout, rules, shop
        self.sheet = FileColumns(source)
        self.faults: dict[str, dict[int, str]] = {}
        self.filled: dict[str, list[str]] = {}
        self.notes: list[Finding] = []
        for name, takings in layout.columns.items():
            self._take(name, takings)
        self.orders = self._orders()
        self._take_buyers()
        if layout.zones:
            self._end_days()
        self.kept = self._kept()
        self.first_lines = self._continued()

    def file(self, parcels: Parcels) -> TranslatedFile:
        left = self._left_out()
        places = [place for place in range(len(self.source)) if place not in left]
        self._number_alone(places)
        groups, own_orders = self._shipments(places, parcels), list(self.filled.get("order_no", ()))
        for group in groups.values():
            self._fill(group)
        columns = self._columns(groups, places)
        return TranslatedFile(
            replace(self._source(columns, places), origin=self._origin(groups, own_orders)),
            self._mapping(columns),
            self.sheet.unused(),
            tuple(Finding(self.source.rows[place], "", (why,)) for place, why in sorted(left.items())),
            tuple(self.notes),
        )

    def _origin(self, groups: Mapping[str, Sequence[int]], own_orders: Sequence[str]) -> Origin:
        def line(place: int, item: int | None) -> SourceLine:
            order_no = own_orders[place] if own_orders else ""
            return SourceLine(self.source.rows[place], self._said(place), bool(self._at("invoice_no", place)), order_no, item)

        def lines(places: Sequence[int]) -> tuple[SourceLine, ...]:
            items = {place: item for item, place in enumerate(filter(self._is_line, places), 1)}
            return tuple(line(place, items.get(place)) for place in places)

        return Origin(self.layout.name, self.source.name, {number: lines(places) for number, places in groups.items()})

    def _said(self, place: int) -> dict[str, str]:
        return {head: texts[place] for head, texts in self.kept.items()}

    # Columns of ours from the columns of the file.

    def _take(self, name: str, takings: Sequence[Taking]) -> None:
        """Fills one of our columns from the first heads that say something in a row; heads that nowhere do more are not used."""
        found = [taken for taking in takings if (taken := self.sheet.take(taking, is_number=is_number(name))) is not None]
        for at, taken in enumerate(found):
            texts = self.filled.setdefault(name, [""] * len(self.source))
            places = [place for place, text in enumerate(taken.texts) if not texts[place] and (text or not at)]
            if places or not any(taken.texts):
                self._put(name, taken, places)

    def _put(self, name: str, taken: "Taken", places: Iterable[int]) -> None:
        texts, faults, clean_up = self.filled[name], self.faults.setdefault(name, {}), cleaner(name)
        cleaned = {text: clean_up(text) for text in {taken.texts[place] for place in places}}
        for place in places:
            texts[place] = cleaned[taken.texts[place]]
        faults |= {place: taken.faults[place] for place in places if place in taken.faults}
        self.sheet.used |= taken.columns

    def _take_buyers(self) -> None:
        """Orders without an address of their own go to their buyer's, all of it from there."""
        if not self.layout.buyer:
            return
        at = [place for places in self.orders if not any(self._at("address", place) for place in places) for place in places]
        for name, takings in self.layout.buyer.items() if at else ():
            for taken in filter(None, (self.sheet.take(taking, is_number=is_number(name)) for taking in takings)):
                texts = self.filled.setdefault(name, [""] * len(self.source))
                self._put(name, taken, [place for place in at if taken.texts[place] and not texts[place]])

    def _end_days(self) -> None:
        """Moments at which a day to ship by ends, as that day in the zone of the marketplace."""
        texts, countries = self.filled.get("ship_by", []), self.filled.get("country") or [""] * len(self.source)
        days = {pair: self._day(*pair) for pair in set(zip(texts, countries, strict=False))}
        texts[:] = [days[pair] for pair in zip(texts, countries, strict=False)]

    def _day(self, text: str, country: str) -> str:
        found = date_and_time(text, self.layout.formats) if text else None
        if found is None or isinstance(found, Why) or found[0].tzinfo is None:
            return text
        own = self.layout.zones.get(country_code(country) or "", self.shop.zone)
        moments = [found[0].astimezone(zone) for zone in (own, *self.layout.zones.values(), self.shop.zone)]
        ending = next((at for at in (*moments, found[0]) if (at.hour, at.minute) == _DAY_ENDS), moments[0])
        return ending.date().isoformat()

    def _at(self, name: str, place: int) -> str:
        texts = self.filled.get(name)
        return texts[place] if texts else ""

    def _orders(self) -> list[list[int]]:
        """The places of the rows of each order."""
        orders: dict[str, list[int]] = defaultdict(list)
        for place in range(len(self.source)):
            orders[number_key(self._at("order_no", place))].append(place)
        return [places for number, places in orders.items() if number]

    def _continued(self) -> dict[int, list[int]]:
        """Gives rows that go on with an order what its row above says; by place of a row that is no line itself the lines of its order."""
        first_lines: dict[int, list[int]] = {}
        for places in self.orders if len(self.orders) < len(self.source) else ():
            speaking = [place for place in places if self._says_where(place)]
            for place in places if len(speaking) < len(places) else ():
                above = next((at for at in reversed(speaking) if at <= place), next(iter(speaking), place))
                self._continue(place, above)
            lines = [place for place in places if self._is_line(place)]
            first_lines |= {place: lines for place in places if lines and not self._is_line(place)}
        return first_lines

    def _says_where(self, place: int) -> bool:
        return any(self._at(name, place) for name in ("recipient", "address", DESTINATION, BUNDLE))

    def _is_line(self, place: int) -> bool:
        return bool(self._at("product_id", place) or self._at("product_name", place))

    def _continue(self, place: int, above: int) -> None:
        own = ITEM if not self._is_line(above) else (*ITEM, "invoice_no", *_OF_SHIPPED)
        for name, texts in self.filled.items():
            if name not in own and not texts[place]:
                texts[place] = texts[above]

    # Rows that are no parcels.

    def _left_out(self) -> dict[int, Why]:
        left = {place: LeftOut.NO_ORDER(text=text) for place, text in self._no_orders()}
        for rule in self.layout.leave:
            for head in rule.heads:
                texts = self.sheet.texts_of(head)
                if texts is not None:
                    self.sheet.mark_used(head)
                    for place, said in self._left_by(rule, texts):
                        left.setdefault(place, rule.reason(text=said, head=self.sheet.header_of(head)))
        for place, text in enumerate(self.filled.get("invoiced_at", ())):
            if text and not self._has_number(place):
                left.setdefault(place, LeftOut.DISPATCHED(text=text, head=self._head_of("invoiced_at")))
        for place, lines in self.first_lines.items():
            if place not in left and all(line in left for line in lines):
                left[place] = left[lines[0]]
        return left

    def _no_orders(self) -> Iterator[tuple[int, str]]:
        """Rows that say neither order nor recipient nor product: counts, sums and notes below the table."""
        names = ("order_no", BUNDLE, "recipient", "address", "product_id", "product_name")
        for place in range(len(self.source)):
            if not any(self._at(name, place) for name in names):
                yield place, next(filter(None, (one_line(clean(column[place])) for column in self.source.columns)), "")

    def _left_by(self, rule: LeaveRule, texts: Sequence[str]) -> Iterator[tuple[int, str]]:
        """The places that a rule leaves out, with what the head says there or, of a whole order, in its first row that says something."""
        each = self.orders if rule.whole_order else ([place] for place in range(len(texts)))
        leaves = {text: rule.leaves(text) for text in {"", *texts}}
        for places in each:
            said = next((texts[place] for place in places if texts[place]), "")
            if leaves[said]:
                yield from ((place, said) for place in places if self._left_without(rule, place))

    def _left_without(self, rule: LeaveRule, place: int) -> bool:
        return not (rule.without_number and self._has_number(place))

    def _has_number(self, place: int) -> bool:
        return any(map(str.isdigit, self._at("invoice_no", place)))

    def _head_of(self, name: str) -> str:
        heads = (head for taking in self.layout.columns[name] for head in taking.heads)
        return next(self.sheet.header_of(head) for head in heads if self.sheet.columns_of(head))

    # What goes together.

    def _number_alone(self, places: Sequence[int]) -> None:
        """A company and a date of dispatch mean something only beside a number; a number gets the company that it can be of."""
        self._join_first_lines(frozenset(places))
        for place in places:
            if self._has_number(place):
                companies = self.filled.setdefault("carrier", [""] * len(self.source))
                companies[place] = self._company_of(place)
                continue
            for name in ("invoice_no", *_OF_SHIPPED):
                if name in self.filled:
                    self.filled[name][place] = ""

    def _join_first_lines(self, places: frozenset[int]) -> None:
        """A row that is no line itself goes with the first line of its order, and counts nothing."""
        for place, lines in self.first_lines.items():
            for first in [line for line in lines if line in places][:1]:
                for name in {"quantity", "invoice_no", *_OF_SHIPPED} & self.filled.keys():
                    self.filled[name][place] = "" if name == "quantity" else self.filled[name][first]

    def _company_of(self, place: int) -> str:
        """The company as the file names it, else the one that the number and the way of sending tell; "" for none or several."""
        named = self._at("carrier", place)
        named = self.layout.values.get("carrier", {}).get(blank_key(named), named)
        if known := self.rules.named(named) if named else None:
            return known.code
        fits = propose(self._at("invoice_no", place), self.rules)
        said = _bare(f"{named} {self._at('policy', place)}")
        told = [code for code in fits if any(_bare(name) in said for name in self.rules.carriers[code].names if len(name) > 1)]
        if len(told or fits) == 1:
            return (told or fits)[0]
        return self._other(place, named) if named else ""

    def _other(self, place: int, named: str) -> str:
        why = RowFinding.OTHER_COMPANY(text=named)
        self.notes.append(Finding(self.source.rows[place], "carrier", (why,)))
        return _OTHER

    def _shipments(self, places: Sequence[int], parcels: Parcels) -> dict[str, list[int]]:
        """The places of the rows of each shipment, by its Shipment No.: by bundle, else by order, recipient and address.

        Lines with numbers of their own are parcels of their own, and so are those that have none yet beside some that have.
        """
        parts: dict[str, dict[tuple[str, ...], list[int]]] = defaultdict(dict)
        spelled: dict[str, str] = {}
        for place in places:
            bundle = self._at(BUNDLE, place)
            number = bundle or self._at("order_no", place)
            spelled.setdefault(number_key(number), number)
            part = (*(() if bundle else self._who(place)), number_key(self._at("invoice_no", place)))
            parts[number_key(number)].setdefault(part, []).append(place)
        ordered = {spelled[key]: self._in_turn(groups) for key, groups in parts.items()}
        known = parcels(
            list(filter(None, ordered)), [number for number, groups in ordered.items() if number and len(groups) > 1]
        )
        split = {number: self._as_split(groups, known.get(number, ())) for number, groups in ordered.items()}
        return {
            shipment_no: group
            for number, groups in split.items()
            for shipment_no, group in zip(self._numbers(number, groups, known.get(number, ())), groups, strict=True)
        }

    def _as_split(self, groups: Sequence[Sequence[int]], known: Sequence[KnownParcel]) -> list[list[int]]:
        """The same, with the lines apart that stand for goods which were split off here."""
        apart = self._apart(known)
        found: list[list[int]] = []
        for group in groups:
            parts: dict[str, list[int]] = defaultdict(list)
            for place in group:
                parts[apart.get(self._ids_said(self._said(place)), "")].append(place)
            found += [parts[name] for name in sorted(parts)]
        return found

    def _apart(self, known: Sequence[KnownParcel]) -> dict[tuple[str, ...], str]:
        """By what tells a line from all others the parcel that was split off here with its goods."""
        others = {self._ids_said(line) for one in known if not one.made_here for line in one.lines}
        here = {self._ids_said(line): one.shipment_no for one in known if one.made_here for line in one.lines}
        return {ids: number for ids, number in here.items() if ids and ids not in others}

    def _ids_said(self, said: Mapping[str, str]) -> tuple[str, ...]:
        """What tells a line of its source from the others."""
        return tuple(said.get(head, "") for head in self._ids)

    def _numbers(self, number: str, groups: Sequence[Sequence[int]], known: Sequence[KnownParcel]) -> list[str]:
        """The Shipment Nos. of an order's parcels: what each came in under before, else the next one that is free."""
        before = self._before(groups, known)
        taken = {*before.values(), *(one.shipment_no for one in known if one.made_here or (one.lines and self._ids))}
        turns = range(FIRST_TURN, len(groups) + len(known) + FIRST_TURN)
        free = (one for one in (number, *(numbered(number, turn) for turn in turns)) if one not in taken)
        return [(before[at] if at in before else next(free)) if number else "" for at in range(len(groups))]

    def _before(self, groups: Sequence[Sequence[int]], known: Sequence[KnownParcel]) -> dict[int, str]:
        """By place in the order the number of the parcel that it is: the one that shares most lines with it, and where it goes."""
        apart = set(self._apart(known).values())
        may_be = [one for one in known if not one.made_here or one.shipment_no in apart]
        likeness = [(self._alike(group, one), at, one.shipment_no) for at, group in enumerate(groups) for one in may_be]
        found: dict[int, str] = {}
        for alike, at, shipment_no in sorted(likeness, key=lambda one: one[0], reverse=True):
            if any(alike) and at not in found and shipment_no not in found.values():
                found[at] = shipment_no
        return found

    def _alike(self, group: Sequence[int], parcel: KnownParcel) -> tuple[int, bool]:
        """How many lines they share, and whether they go to one place."""
        own = {self._ids_said(self._said(place)) for place in group}
        theirs = set(map(self._ids_said, parcel.lines))
        here, there = _bare(self._where(group[0])), _bare(f"{parcel.recipient}{parcel.address}")
        return len(own & theirs) if self._ids else 0, bool(here) and here == there

    def _where(self, place: int) -> str:
        return f"{self._at('recipient', place)}{self._at('address', place)}"

    @property
    def _ids(self) -> list[str]:
        """The heads that tell a line of its source from the others."""
        needs = self.layout.handback.needs if self.layout.handback else ()
        return [head[0] for head in needs if head[0] in self.kept]

    def _in_turn(self, groups: Mapping[tuple[str, ...], list[int]]) -> list[list[int]]:
        """The parcels of one order in an order that does not hang on that of the rows."""
        if len(groups) == 1:
            return list(groups.values())
        return [groups[part] for part in sorted(groups, key=lambda part: (min(map(self._line, groups[part])), part))]

    def _line(self, place: int) -> tuple[tuple[int, str], ...]:
        """What tells a line of an order from the others, wherever its row stands."""
        kept = (texts[place] for texts in self.kept.values())
        said = (self._at(name, place) for name in ("order_no", *ITEM, "request", *_FILLED_FROM_FIRST, *ADDRESS))
        return tuple((len(text), text) for text in (*kept, *said))

    def _who(self, place: int) -> tuple[str, ...]:
        said = (DESTINATION,) if DESTINATION in self.filled else ("recipient", "phone", "postal_code", "address")
        return tuple("".join(self._at(name, place).casefold().split()) for name in said)

    def _fill(self, group: Sequence[int]) -> None:
        """Gives the lines of one shipment what its first line says."""
        if len(group) < 2:
            return
        lines = sorted(group, key=self._line)
        for name, texts in self.filled.items():
            said = dict.fromkeys(texts[place] for place in lines if texts[place])
            if not said or name in ITEM or name in (BUNDLE, DESTINATION):
                continue
            if name == "request":
                whole = "\n".join(said)
                for place in group:
                    texts[place] = whole
            elif name in _FILLED_FROM_FIRST:
                self._fill_from_first(name, lines)
            else:
                for place in group:
                    texts[place] = texts[place] or next(iter(said))

    def _fill_from_first(self, name: str, lines: Sequence[int]) -> None:
        texts = self.filled[name]
        first = next(place for place in lines if texts[place])
        for place in lines:
            if texts[place] not in ("", texts[first]) and name != "order_no":
                row = self.source.rows[first]
                why = RowFinding.FIRST_COUNTS(title=title(name), value=texts[place], first=texts[first], row=row)
                self.notes.append(Finding(self.source.rows[place], name, (why,)))
            texts[place] = texts[first]

    # The file as ours.

    def _columns(self, groups: Mapping[str, Sequence[int]], places: Sequence[int]) -> dict[str, list[str]]:
        numbers = {place: number for number, group in groups.items() for place in group}
        columns = {"shipment_no": [numbers[place] for place in places]}
        for name in COLUMNS:
            if name in self.filled:
                columns[name] = [self.filled[name][place] for place in places]
        return columns

    def _source(self, columns: Mapping[str, Sequence[str]], places: Sequence[int]) -> Source:
        turn = {place: at for at, place in enumerate(places)}
        found = [
            (at, turn[place], fault)
            for at, name in enumerate(columns)
            for place, fault in self.faults.get(BUNDLE if name == "shipment_no" and BUNDLE in self.filled else name, {}).items()
            if place in turn
        ]
        broken = [(0, turn[place], fault) for place, fault in self._broken().items() if place in turn]
        faults, bad = (pa.table([[row[at] for row in rows] for at in range(3)], schema=FAULTS) for rows in (found, broken))
        rows = [self.source.rows[place] for place in places]
        laid = Laid(pa.table({"row": pa.array(rows, pa.int32())}), faults, bad)
        return Source(self.source.name, self.source.note, tuple(columns), tuple(columns.values()), rows, {}, laid)

    def _broken(self) -> dict[int, str]:
        """By place why a row cannot be trusted, also where what it would be handed back by has lost digits."""
        needs = self.layout.handback.needs if self.layout.handback else ()
        lost = {
            place: str(RowFinding.IN_COLUMN(title=self.sheet.header_of(head), fault=fault))
            for head in needs
            for column in self.sheet.columns_of(head)
            for place, fault in self.source.faults_of(column).items()
        }
        return {**lost, **self.source.broken}

    def _mapping(self, columns: Mapping[str, Sequence[str]]) -> ColumnMapping:
        layout = self.layout
        formats, doubts = formats_of({name: columns[name] for name in columns}, layout.formats or YEAR_FIRST)
        given = "country" in columns and any(columns["country"])
        country = layout.country or ("" if given else self.shop.country)
        return ColumnMapping(
            columns={name: (name,) for name in columns},
            formats=formats,
            zone=layout.zone,
            defaults={"country": country} if country else {},
            values=layout.values,
            first=_EARLIEST & columns.keys(),
            last=_LATEST & columns.keys(),
            doubts=tuple(doubts),
        )

    def _kept(self) -> dict[str, Sequence[str]]:
        """By head what is kept of each of the source's lines."""
        if self.layout.handback is None:
            return {}
        kept: dict[str, Sequence[str]] = {}
        for head in self.layout.handback.kept:
            texts = self.sheet.texts_of(head)
            if texts is not None:
                self.sheet.mark_used(head)
                kept[head[0]] = plain_numbers(texts) if head in self.layout.handback.needs else texts
        return kept


def _bare(text: str) -> str:
    return "".join(normalize("NFKC", text).casefold().split())
