"""Which waiting shipment a row of a carrier's list means, where the list does not say our Shipment No.

A row is certain, or a person chooses. It is certain when exactly one waiting shipment is compatible with everything that the row says
and, beside that,

- the row says our Shipment No. or Order No., or
- two kinds of evidence or more agree (name, phone, place), with `ENOUGH` points together: a whole name and the end of the phone, a
  masked name and the end of the phone, a name and the house, a phone and the postal code.

One kind alone is never enough: names come twice, and who is the only one of that name among those that wait need not be the one who
is meant. Dates and weights exclude, and never decide. A shipment that is excluded by one field alone stays in the race unless that
field speaks for the other one: what only looks different must not make somebody else certain.

Two rows with different numbers that mean one shipment are both left to a person, as are two shipments that one row may mean, whatever
the order of the rows: nothing in it says which number is whose. Where nothing is compatible, what differs in one field alone is
offered to choose from; how much two texts are alike only decides what is offered, and in which order.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from core.domain.addresses import StoredAddress, compare_places, postal_of
from core.domain.evidence import AGAINST, HIDDEN, SILENT
from core.domain.phone_numbers import WHOLE as WHOLE_PHONE
from core.domain.phone_numbers import compare_phones, phone_end
from core.domain.recipient_names import MASKED, NameForm, compare_names
from core.domain.shop_numbers import number_key
from core.domain.texts import letters_of
from core.domain.values import once

ENOUGH = 3
"""Points of evidence that together make a row certain, when they are of two kinds or more."""
ALIKE = 0.75
"""How much a name has to be alike, from 0 to 1, to be offered beside other evidence."""
_ORDERED_WITHIN = timedelta(days=1)
_LIGHTEST = 0.5
_SAME_WEIGHT = 0.1


class Match(StrEnum):
    """Whether a row means one shipment, may mean some of which a person chooses, or none that waits."""

    CERTAIN = "certain"
    TIE = "tie"
    NONE = "none"


class Trait(StrEnum):
    """What a row is compared by."""

    NUMBER = "number"
    NAME = "name"
    PHONE = "phone"
    PLACE = "place"
    ORDERED = "ordered"
    DISPATCHED = "dispatched"
    WEIGHT = "weight"


_DECIDING = (Trait.NAME, Trait.PHONE, Trait.PLACE)
_GUARDED = (Trait.NUMBER, *_DECIDING)


@dataclass(frozen=True)
class ListedParcel:
    """What a row says: `numbers` are the shop's as `shop_number_key` has them, `invoices` every form of the carrier's number."""

    numbers: frozenset[str] = frozenset()
    names: tuple[NameForm, ...] = field(default=(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    place: StoredAddress = field(default=StoredAddress(), repr=False)
    ordered_on: date | None = None
    dispatched_on: date | None = None
    weight_g: int | None = None
    invoices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Waiting:
    """What the shop knows of a shipment that a row may mean."""

    shipment_no: str
    numbers: frozenset[str] = frozenset()
    name: NameForm = field(default=NameForm(), repr=False)
    phones: tuple[str, ...] = field(default=(), repr=False)
    place: StoredAddress = field(default=StoredAddress(), repr=False)
    ordered_on: date | None = None
    weight_g: int | None = None


@dataclass(frozen=True)
class Fit:
    """How a shipment fits a row: points by kind."""

    shipment_no: str
    points: Mapping[Trait, int]

    @property
    def agrees(self) -> tuple[Trait, ...]:
        return tuple(kind for kind, points in self.points.items() if points > SILENT)

    @once
    def against(self) -> tuple[Trait, ...]:
        return tuple(kind for kind, points in self.points.items() if points == AGAINST)

    @once
    def total(self) -> int:
        """The points of all that agrees and may decide."""
        return sum(max(SILENT, self.points.get(kind, SILENT)) for kind in _GUARDED)

    @property
    def is_enough(self) -> bool:
        """Whether what agrees would make a row certain, if nothing were against it."""
        kinds = sum(self.points.get(kind, SILENT) > SILENT for kind in _DECIDING)
        return self.points.get(Trait.NUMBER, SILENT) > SILENT or (kinds > 1 and self.total >= ENOUGH)


@dataclass(frozen=True)
class Found:
    """What a row means, and the shipments to choose from, the likeliest first; of a certain one, that alone.

    `rivals` are the places of other rows that mean the same shipment with another number.
    """

    match: Match
    fits: tuple[Fit, ...] = ()
    rivals: tuple[int, ...] = ()


Likeness = Callable[[str, str], float]
"""How much two texts are alike, from 0 to 1."""


def shop_number_key(number: str) -> str:
    """The form in which the shop's own numbers are compared with what a list has of them: letters and digits alone."""
    return letters_of(number_key(number))


def fit(row: ListedParcel, shipment: Waiting) -> Fit:
    """What every field of the row says of the shipment."""
    phone = compare_phones(row.phones, shipment.phones)
    return Fit(shipment.shipment_no, _first(row, shipment, phone) | _rest(row, shipment))


def _first(row: ListedParcel, shipment: Waiting, phone: int) -> dict[Trait, int]:
    names = [compare_names(name, shipment.name) for name in row.names]
    return {
        Trait.NUMBER: _compare_numbers(row.numbers, shipment.numbers),
        Trait.NAME: max(names, default=SILENT),
        Trait.PHONE: phone,
    }


def _rest(row: ListedParcel, shipment: Waiting) -> dict[Trait, int]:
    return {
        Trait.PLACE: compare_places(row.place, shipment.place),
        Trait.ORDERED: _compare_order_days(row.ordered_on, shipment.ordered_on),
        Trait.DISPATCHED: _compare_dispatch(row.dispatched_on, shipment.ordered_on),
        Trait.WEIGHT: _compare_weights(row.weight_g, shipment.weight_g),
    }


def _compare_numbers(row: frozenset[str], stored: frozenset[str]) -> int:
    if not row or not stored:
        return SILENT
    return ENOUGH if row & stored else AGAINST


def _compare_order_days(row: date | None, stored: date | None) -> int:
    if row is None or stored is None:
        return SILENT
    return 1 if row == stored else SILENT if abs(row - stored) <= _ORDERED_WITHIN else AGAINST


def _compare_dispatch(row: date | None, ordered: date | None) -> int:
    """Nothing is on its way before it was ordered."""
    return AGAINST if row and ordered and row < ordered else SILENT


def _compare_weights(row: int | None, stored: int | None) -> int:
    """A parcel is never much lighter than its goods; heavier it may be, as packing is weighed and companies round up."""
    if not row or not stored:
        return SILENT
    if abs(row - stored) <= _SAME_WEIGHT * stored:
        return 1
    return AGAINST if row < _LIGHTEST * stored else SILENT


class Pool:
    """The shipments that rows may mean, found by whatever a row says of them; `registered` are those that have a number already."""

    def __init__(self, waiting: Sequence[Waiting], registered: Mapping[str, Sequence[Waiting]] | None = None) -> None:
        self._waiting, self._registered = waiting, registered or {}
        self._by_places: dict[tuple[int, tuple[int, ...]], dict[str, list[Waiting]]] = {}

    def hits(self, row: ListedParcel) -> list[Waiting]:
        """The shipments with which the row has something in common, each once."""
        found: list[Iterable[Waiting]] = [self._numbers.get(number, ()) for number in row.numbers]
        found += [self._ends.get(end, ()) for phone in row.phones if (end := phone_end(phone))]
        for name in row.names:
            found += self._named(name, by_name_alone=not any(map(phone_end, row.phones)))
        found += [self._postal.get(postal, ()) for postal in [postal_of(row.place)] if postal]
        found += [self._houses.get(key, ()) for key in [row.place.house_key] if key]
        return list({shipment.shipment_no: shipment for hits in found for shipment in hits}.values())

    def has_number(self, key: str) -> bool:
        """Whether a waiting shipment has this number of the shop."""
        return key in self._numbers

    def holders(self, row: ListedParcel) -> list[Waiting]:
        """The shipments that are registered with the row's number."""
        held = [shipment for form in row.invoices for shipment in self._registered.get(form, ())]
        return list({shipment.shipment_no: shipment for shipment in held}.values())

    def _named(self, name: NameForm, *, by_name_alone: bool) -> list[Iterable[Waiting]]:
        if not name.seen:
            return []
        if not name.is_masked:
            masked = [(places, known) for (length, places), known in self._masked.items() if length == len(name.letters)]
            parts = [known.get(_at(name.letters, places), ()) for places, known in masked]
            return [self._names.get(name.letters, ()), self._names.get(_sorted(name), ()), *parts]
        places = tuple(place for place, letter in enumerate(name.letters) if letter != HIDDEN)
        same = self._at_places(len(name.letters), places).get(_at(name.letters, places), ()) if len(places) > 1 else ()
        some = self._waiting if by_name_alone and "latin" in name.scripts else ()
        return [self._names.get(name.letters, ()), same, (one for one in some if compare_names(name, one.name) >= MASKED)]

    def _at_places(self, length: int, places: tuple[int, ...]) -> Mapping[str, list[Waiting]]:
        """The whole names of this length by their letters at these places."""
        if (length, places) not in self._by_places:
            same = [one for one in self._waiting if len(one.name.letters) == length and not one.name.is_masked]
            self._by_places[length, places] = _indexed(same, lambda one: [_at(one.name.letters, places)])
        return self._by_places[length, places]

    @once
    def _numbers(self) -> Mapping[str, list[Waiting]]:
        return _indexed(self._waiting, lambda one: one.numbers)

    @once
    def _names(self) -> Mapping[str, list[Waiting]]:
        return _indexed(self._waiting, lambda one: {one.name.letters, _sorted(one.name)})

    @once
    def _ends(self) -> Mapping[str, list[Waiting]]:
        return _indexed(self._waiting, lambda one: {phone_end(phone) for phone in one.phones})

    @once
    def _postal(self) -> Mapping[str, list[Waiting]]:
        return _indexed(self._waiting, lambda one: [postal_of(one.place)])

    @once
    def _houses(self) -> Mapping[str, list[Waiting]]:
        return _indexed(self._waiting, lambda one: [one.place.house_key])

    @once
    def _masked(self) -> Mapping[tuple[int, tuple[int, ...]], Mapping[str, list[Waiting]]]:
        """The names that are masked at the shop, by length and seen places."""
        found: dict[tuple[int, tuple[int, ...]], dict[str, list[Waiting]]] = defaultdict(lambda: defaultdict(list))
        for one in self._waiting:
            if one.name.is_masked:
                places = tuple(place for place, letter in enumerate(one.name.letters) if letter != HIDDEN)
                found[len(one.name.letters), places][_at(one.name.letters, places)].append(one)
        return found


def _indexed(waiting: Iterable[Waiting], keys: Callable[[Waiting], Iterable[str]]) -> dict[str, list[Waiting]]:
    found: dict[str, list[Waiting]] = defaultdict(list)
    for one in waiting:
        for key in keys(one):
            if key:
                found[key].append(one)
    return found


def _sorted(name: NameForm) -> str:
    return "".join(sorted(name.words)) if len(name.words) > 1 else ""


def _at(letters: str, places: Iterable[int]) -> str:
    return "".join(letters[place] for place in places)


def decide(row: ListedParcel, pool: Pool, likeness: Likeness) -> Found:
    """What the row means by itself. A shipment that has the row's number already is meant unless something speaks against it."""
    held = [one for one in (fit(row, shipment) for shipment in pool.holders(row)) if not one.against]
    if held:
        return Found(Match.CERTAIN if len(held) == 1 else Match.TIE, tuple(held))
    hits, found, others = pool.hits(row), list[Fit](), list[Waiting]()
    for shipment in hits:
        # The phone first: of most who share a name it says at once that they are others.
        phone = compare_phones(row.phones, shipment.phones)
        if phone == AGAINST or AGAINST in (first := _first(row, shipment, phone)).values():
            others.append(shipment)
        else:
            found.append(Fit(shipment.shipment_no, first | _rest(row, shipment)))
    compatible = [one for one in found if not one.against and one.total]
    if len(compatible) == 1 and compatible[0].is_enough:
        if _is_silent(compatible[0], row):
            found += [fit(row, shipment) for shipment in others]
        rivals = [one for one in found if _rivals(one, compatible[0])]
        return Found(Match.TIE if rivals else Match.CERTAIN, (*compatible, *_likeliest(rivals)))
    if compatible:
        return Found(Match.TIE, _likeliest(compatible))
    near = {shipment.shipment_no: shipment for shipment in hits}
    found += [fit(row, shipment) for shipment in others]
    offered = [one for one in found if _is_near(row, near[one.shipment_no], one, likeness)]
    return Found(Match.TIE, _likeliest(offered)) if offered else Found(Match.NONE)


def settle(found: Sequence[Found], numbers: Sequence[str]) -> list[Found]:
    """The same, with rows left to a person that mean one shipment with different `numbers` of the carrier, "" for none; one per place."""
    claims: dict[str, list[int]] = defaultdict(list)
    for place, one in enumerate(found):
        if one.match is Match.CERTAIN and numbers[place]:
            claims[one.fits[0].shipment_no].append(place)
    settled = list(found)
    for places in claims.values():
        if len({numbers[place] for place in places}) > 1:
            for place in places:
                rivals = tuple(other for other in places if numbers[other] != numbers[place])
                settled[place] = Found(Match.TIE, found[place].fits, rivals)
    return settled


def _is_silent(one: Fit, row: ListedParcel) -> bool:
    """Whether something that the row says, and by which others are excluded, says nothing of this one."""
    said = {Trait.NUMBER: row.numbers, Trait.NAME: row.names, Trait.PHONE: row.phones}
    return any(texts and one.points[trait] <= SILENT for trait, texts in said.items())


def _rivals(one: Fit, winner: Fit) -> bool:
    """Whether a shipment that one field alone excludes is as likely as the winner, for whom that field does not speak."""
    return len(one.against) == 1 and one.is_enough and one.against[0] in _GUARDED and winner.points[one.against[0]] <= SILENT


def _is_near(row: ListedParcel, shipment: Waiting, one: Fit, likeness: Likeness) -> bool:
    """Whether the shipment is offered though something speaks against it: the shop's own number or the whole phone is the same, or it
    is one field alone that differs, and not much where little else agrees."""
    if one.points[Trait.NUMBER] > SILENT or one.points[Trait.PHONE] >= WHOLE_PHONE:
        return True
    if len(one.against) != 1:
        return False
    if one.is_enough:
        return True
    if one.against[0] is Trait.NAME and one.total > 1:
        return any(likeness(name.letters, shipment.name.letters) >= ALIKE for name in row.names)
    if one.against[0] is Trait.PHONE and one.total > 1:
        return any(_one_digit_apart(phone, other) for phone in row.phones for other in shipment.phones)
    return False


def _one_digit_apart(one: str, other: str) -> bool:
    return HIDDEN not in one + other and len(one) == len(other) and sum(map(str.__ne__, one, other)) == 1


def _likeliest(fits: Iterable[Fit]) -> tuple[Fit, ...]:
    return tuple(sorted(fits, key=lambda one: (len(one.against), -one.total, -len(one.agrees), one.shipment_no)))
