"""A carrier's list of numbers matched with the shipments that wait: each row certain, tied or unknown, and then a sheet as any other.

What decides is said in `core.domain.matching`. Nothing is written here: the sheet is judged and registered like a workbook.
"""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from unicodedata import normalize

from rapidfuzz.distance import Levenshtein

from core.domain.addresses import StoredAddress
from core.domain.carriers import TAKES_ANY, Rules
from core.domain.errors import Refused
from core.domain.invoice_number import Level, check, clean, spellings
from core.domain.labels import TRAITS
from core.domain.matching import Found, ListedParcel, Match, Pool, Trait, Waiting, decide, settle, shop_number_key
from core.domain.permissions import Act
from core.domain.phone_numbers import phone_forms
from core.domain.reasons import Names, Why
from core.domain.recipient_names import name_form
from core.domain.shop_numbers import plain_number, search_form, without_decimals
from core.domain.values import once
from core.domain.weights import GRAMS_IN
from core.files.number_lists import NumberList
from core.files.xlsx.sheet import Sheet, SheetCell, SheetRow
from core.services.shipments import lanes
from core.services.shipments.changes import Request
from core.services.uploading.reasons import MatchReason, MatchTally
from core.store import matching as stored
from core.store.database import Connection, Row, Store

MOST_NAMED = 5
"""So many shipments are named in a sentence."""

_MOST_CHECKED, _MOST_LANES = 60, 20
_NEARLY_ALL = 0.9
_BETWEEN_NUMBERS = re.compile(r"[,;|\n\r]+")
_DAY = re.compile(r"(20\d\d)\s*[-./年년]?\s*(\d{1,2})\s*[-./月월]?\s*(\d{1,2})(?!\d)")
_WEIGHT = re.compile(rf"(\d+(?:\.\d+)?)\s*(?:({'|'.join(GRAMS_IN)})s?)?", re.IGNORECASE)


@dataclass(frozen=True)
class Candidate:
    """A shipment that a row may mean, as a person compares it: what of the row agrees with it, and what differs."""

    shipment_no: str
    order_no: str = ""
    recipient: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    ordered_on: date | None = None
    agrees: tuple[Trait, ...] = ()
    differs: tuple[Trait, ...] = ()


@dataclass(frozen=True)
class MatchedRow:
    """A row of the list, `row` as a person counts, and what it means: the shipment, or those to choose from.

    `rivals` are the rows that mean the same shipment with another number. `company` and `number` are cells of the list.
    """

    row: int
    number: SheetCell
    company: str
    match: Match
    candidates: tuple[Candidate, ...] = field(default=(), repr=False)
    rivals: tuple[int, ...] = ()
    recipient: str = field(default="", repr=False)
    phone: str = field(default="", repr=False)
    address: str = field(default="", repr=False)
    is_header: bool = False

    @property
    def shipment_no(self) -> str:
        """The shipment that is meant, "" unless it is certain."""
        return self.candidates[0].shipment_no if self.match is Match.CERTAIN else ""

    @property
    def why(self) -> Why:
        """Why a person has to choose."""
        names = [one.shipment_no for one in self.candidates]
        if self.rivals:
            form = "one" if len(self.rivals) == 1 else "other"
            return MatchReason.CLAIMED(form, shipment=names[0], rows=Names(map(str, self.rivals)))
        if not names:
            return MatchReason.UNKNOWN()
        more = len(names) - MOST_NAMED
        form = "one" if len(names) == 1 else "many" if more > 0 else "other"
        return MatchReason.TIED(form, shipments=Names(names[:MOST_NAMED]), more=more)

    def as_json(self) -> dict[str, object]:
        candidates = [one.shipment_no for one in self.candidates] if self.match is Match.TIE else []
        return {"match": self.match, "candidates": candidates}


@dataclass(frozen=True)
class MatchedList:
    """Every row of a carrier's list with what it means; `carrier` is the code of those without a company, "" when it has to be said."""

    numbers: NumberList
    rows: tuple[MatchedRow, ...] = field(repr=False)
    carrier: str
    rules: Rules = field(repr=False)

    @property
    def asks_company(self) -> bool:
        """Whether somebody has to say once whose numbers these are."""
        return not self.carrier and any(not row.company for row in self.rows)

    @once
    def counts(self) -> Mapping[Match, int]:
        """How many rows are certain, tied and unknown."""
        found = Counter(row.match for row in self.rows)
        return {match: found[match] for match in Match}

    @property
    def message(self) -> str:
        """`Matched by name and phone: 970 are certain, 28 are to choose, 2 are unknown.`"""
        said = {MatchTally.CERTAIN: Match.CERTAIN, MatchTally.TIED: Match.TIE, MatchTally.UNKNOWN: Match.NONE}
        counts = Names(str(tally(count=self.counts[match])) for tally, match in said.items() if self.counts[match])
        return str(MatchTally.ALL(kinds=Names(TRAITS[trait] for trait in self.compared), counts=counts))

    @property
    def compared(self) -> tuple[Trait, ...]:
        """By what the list says its rows can be compared."""
        return tuple(trait for trait, names in _FIELDS_OF.items() if any(name in self.numbers.columns for name in names))

    def sheet(self, chosen: Mapping[int, str] | None = None) -> Sheet:
        """The rows as if they stood in a workbook with our three columns.

        `chosen` are the shipments that a person chose, by row; "" for none. A row without a shipment says why.
        """
        picked = chosen or {}
        name = self.rules.carriers[self.carrier].name if self.carrier else ""
        rows = tuple(
            SheetRow(row.row, _shipment_cell(row, picked), _company_cell(row, name), row.number, is_header=row.is_header)
            for row in self.rows
        )
        digest = hashlib.sha256(repr((self.numbers.digest, self.carrier, sorted(picked.items()))).encode()).hexdigest()
        return Sheet(self.numbers.name, "", 0, {}, rows, digest)


_FIELDS_OF: Mapping[Trait, tuple[str, ...]] = {
    Trait.NUMBER: ("order_no", "shipment_no"),
    Trait.NAME: ("recipient",),
    Trait.PHONE: ("phone",),
    Trait.PLACE: ("address", "postal_code", "city", "region"),
    Trait.ORDERED: ("ordered_on",),
    Trait.DISPATCHED: ("dispatched_on",),
    Trait.WEIGHT: ("weight_kg",),
}


def _shipment_cell(row: MatchedRow, chosen: Mapping[int, str]) -> SheetCell:
    shipment_no = chosen.get(row.row, row.shipment_no)
    if shipment_no or row.is_header:
        return SheetCell(shipment_no)
    return SheetCell("", str(MatchReason.LEFT() if row.row in chosen else row.why))


def _company_cell(row: MatchedRow, name: str) -> SheetCell:
    company = row.company or name
    return SheetCell(company) if company or row.is_header else SheetCell("", str(MatchReason.WHOSE()))


def match(store: Store, rules: Rules, numbers: NumberList, *, request: Request, carrier: str = "") -> MatchedList:
    """What every row of the list means, of the shipments as they wait now; nothing is written.

    `carrier` says whose numbers those are that stand there without a company, by its code or any of its names. Days are said in the
    zone of the request's moment. Raises Refused for a company that is not known.
    """
    request.require(Act.UPLOAD)
    request.require(Act.SEE_PERSONAL)
    named = rules.named(carrier) if carrier else None
    if carrier and named is None:
        raise Refused(MatchReason.NO_COMPANY(text=carrier, companies=rules.companies), "carrier")
    return store.snapshot(
        lambda connection: _Matching(connection, rules, numbers, request.at).done(named.code if named else "")
    )


class _Matching:
    """One list at one moment of the store."""

    def __init__(self, connection: Connection, rules: Rules, numbers: NumberList, at: datetime) -> None:
        self._connection, self._rules, self._list, self._at = connection, rules, numbers, at
        self._faults = numbers.faults("invoice_no")
        self._cells = {place: self._number_cell(place) for place in numbers.places}

    def done(self, carrier: str) -> MatchedList:
        forms = {place: spellings(cell.text, self._rules) if cell.text else () for place, cell in self._cells.items()}
        waiting = stored.waiting(self._connection)
        registered = stored.registered(self._connection, (form for some in forms.values() for form in some))
        by_number = {row["shipment_no"]: row for row in (*registered, *waiting)}
        held: dict[str, list[Waiting]] = defaultdict(list)
        for row in registered:
            held[row["canonical_no"]].append(_waiting(row, self._at.tzinfo))
        pool = Pool([_waiting(row, self._at.tzinfo) for row in waiting], held)
        speaking = self._speaking_columns(pool)
        parcels = {place: self._parcel(place, speaking, forms[place]) for place in self._list.places}
        headers = {place for place in self._list.places if self._list.repeats_headers(place)}
        unread = headers | self._list.source.broken.keys()
        found = [Found(Match.NONE) if place in unread else decide(parcels[place], pool, alike) for place in parcels]
        settled = settle(found, ["" if cell.fault else clean(cell.text) for cell in self._cells.values()])
        rows = [
            self._row(place, one, by_number, is_header=place in headers) for place, one in zip(parcels, settled, strict=True)
        ]
        return MatchedList(self._list, tuple(rows), carrier or self._company(rows), self._rules)

    def _number_cell(self, place: int) -> SheetCell:
        return SheetCell(" ".join(self._list.cells("invoice_no", place)), self._faults.get(place, ""))

    def _row(self, place: int, found: Found, by_number: Mapping[str, Row], *, is_header: bool) -> MatchedRow:
        candidates = [_candidate(by_number[one.shipment_no], one.agrees, one.against, self._at.tzinfo) for one in found.fits]
        places = list(self._list.places)
        return MatchedRow(
            self._list.source.rows[place],
            self._cells[place],
            " ".join(self._list.cells("carrier", place)),
            found.match,
            tuple(candidates),
            tuple(self._list.source.rows[places[rival]] for rival in found.rivals),
            recipient=" ".join(self._list.cells("recipient", place)),
            phone=" / ".join(self._list.cells("phone", place)),
            address=" ".join(self._list.cells("address", place)),
            is_header=is_header,
        )

    def _parcel(self, place: int, speaking: Sequence[int], invoices: tuple[str, ...]) -> ListedParcel:
        names, more = self._list.cells("recipient", place), self._list.cells("more_name", place)
        name = " ".join(names)
        spelled = [name, *([f"{name} {' '.join(more)}", f"{' '.join(more)} {name}"] if name and more else [])]
        postal = self._list.cells("postal_code", place)
        wider = {part: " ".join(self._list.cells(part, place)) for part in ("city", "region")}
        return ListedParcel(
            numbers=frozenset(key for column in speaking for key in _keys(self._text(column, place))),
            names=tuple(form for text in spelled if (form := name_form(text)).seen),
            phones=tuple(form for text in self._list.cells("phone", place) for form in phone_forms(text)),
            place=StoredAddress(" ".join(self._list.cells("address", place)), postal_code=postal[0] if postal else "", **wider),
            ordered_on=_day(self._list.cells("ordered_on", place)),
            dispatched_on=_day(self._list.cells("dispatched_on", place)),
            weight_g=_grams(self._list.cells("weight_kg", place), self._list.weight_unit),
            invoices=invoices,
        )

    def _text(self, column: int, place: int) -> str:
        return plain_number(self._list.source.columns[column][place].strip())

    def _speaking_columns(self, pool: Pool) -> list[int]:
        """The columns with the shop's own numbers: one of which the desk knows none is somebody else's, and says nothing."""
        columns = [*self._list.columns.get("order_no", ()), *self._list.columns.get("shipment_no", ())]
        return [column for column in columns if self._is_known(column, pool)]

    def _is_known(self, column: int, pool: Pool) -> bool:
        keys = {key for place in self._list.places for key in _keys(self._text(column, place))}
        if any(map(pool.has_number, keys)):
            return True
        forms = {search_form(part) for place in self._list.places for part in _parts(self._text(column, place))}
        return bool(stored.known_numbers(self._connection, forms - {""}))

    def _company(self, rows: Iterable[MatchedRow]) -> str:
        """Whose numbers these are; "" where that is open.

        What narrows it down to one first decides: the program that wrote the list, the form of the numbers, what such parcels went with
        lately, and check digits that agree, of the companies at home where the list is written so, or of all.
        """
        alone = [row for row in rows if not (row.company or row.number.fault or row.is_header) and row.number.text]
        numbers = list(dict.fromkeys(clean(row.number.text) for row in alone))[:_MOST_CHECKED]
        if not numbers:
            return ""
        enough = _NEARLY_ALL * len(numbers)
        named = [code for code in self._rules.carriers if code not in TAKES_ANY]
        checked = {code: [check(code, number, self._rules) for number in numbers] for code in named}
        takes = [code for code, some in checked.items() if sum(one.ok for one in some) >= enough]
        plainly = [code for code in takes if sum(one.level is Level.OK for one in checked[code]) >= enough]
        proven = [code for code in takes if sum(one.proven for one in checked[code]) >= enough]
        usual = self._usual([row.shipment_no for row in alone if row.shipment_no])
        homes = {code: self._rules.carriers[code].home for code in proven}
        narrowed = (
            [code for code in takes if code == self._list.program],
            takes,
            [code for code in plainly if code in usual],
            [code for code, home in homes.items() if home and home == self._list.country],
            proven,
        )
        return next((some[0] for some in narrowed if len(some) == 1), "")

    def _usual(self, shipment_nos: Sequence[str]) -> set[str]:
        """The companies that such parcels went with lately."""
        known = lanes.lanes_of(self._connection, self._rules, shipment_nos[:_MOST_LANES], self._at)
        return {code for lane in known.values() for code in lane.usual}


def alike(one: str, other: str) -> float:
    """How much two names are alike, from 0 to 1; Hangul is counted by its letters."""
    return Levenshtein.normalized_similarity(normalize("NFD", one), normalize("NFD", other))


def _waiting(row: Row, zone: tzinfo | None) -> Waiting:
    return Waiting(
        row["shipment_no"],
        frozenset(
            key
            for number in (row["shipment_no"], row["order_no"], *(row.get("also") or ()))
            if (key := shop_number_key(number))
        ),
        name_form(row["recipient"]),
        phone_forms(row["phone"]),
        StoredAddress(row["address"], row["city"], row["region"], row["postal_code"]),
        row["ordered_at"].astimezone(zone).date(),
        row["weight_g"],
    )


def _candidate(row: Row, agrees: tuple[Trait, ...], differs: tuple[Trait, ...], zone: tzinfo | None) -> Candidate:
    address = StoredAddress(row["address"], row["city"], row["region"]).whole
    return Candidate(
        row["shipment_no"],
        row["order_no"],
        row["recipient"],
        row["phone"],
        " ".join(filter(None, (address, row["postal_code"]))),
        row["ordered_at"].astimezone(zone).date(),
        agrees,
        differs,
    )


def _keys(text: str) -> set[str]:
    return {key for part in _parts(text) if (key := shop_number_key(part))}


def _parts(text: str) -> list[str]:
    """The numbers in a cell, each without decimals that a program gave it."""
    return [without_decimals(part) or part for part in _BETWEEN_NUMBERS.split(text)]


def _day(cells: Sequence[str]) -> date | None:
    """The day that a cell begins with, year first; None for every other text."""
    for cell in cells:
        if found := _DAY.match(normalize("NFKC", cell)):
            try:
                return date(*map(int, found.groups()))
            except ValueError:
                return None
    return None


def _grams(cells: Sequence[str], unit: str) -> int | None:
    """The weight of the first cell that is nothing but a number with a decimal point and a unit; None for every other text."""
    for cell in cells:
        if found := _WEIGHT.fullmatch(normalize("NFKC", cell).strip()):
            return round(float(found[1]) * GRAMS_IN[(found[2] or unit).lower()])
    return None
