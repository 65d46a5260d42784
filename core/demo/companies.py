"""The shipping companies of the demo shop: those of the rules, on which lanes each drives, its numbers, and how it talks."""

import re
from dataclasses import dataclass, replace

import numpy as np

from core.carriers.services import SERVICES
from core.demo import catalog, places, scans
from core.demo.catalog import LanePolicy
from core.demo.seeded_random import Flags, Ints
from core.domain.carriers import Algorithm, Carrier, Rules, Shape
from core.domain.values import once

NONE = -1
AREAS = tuple(dict.fromkeys([area for _, area in catalog.LANES] + ["Elsewhere"]))
NEWCOMERS_SHARE = 6.0
LONGEST_NUMBER = 32

_LANGUAGE_AT_HOME = {country.code: country.language for country in places.COUNTRIES}
_AREAS_AT_HOME = {country.code: {city.area for city in country.cities} for country in places.COUNTRIES}


@dataclass(frozen=True)
class Block:
    """Numbers of one form: # stands for a running digit, ? for the check digit of the shape."""

    form: str
    shape: Shape


@dataclass(frozen=True, eq=False)
class Companies:
    """The carriers of the rules, in their order: elsewhere in the demo a company is a position in it."""

    carriers: tuple[Carrier, ...]

    @once
    def codes(self) -> tuple[str, ...]:
        return tuple(carrier.code for carrier in self.carriers)

    def position(self, code: str) -> int:
        """Where a company stands; NONE when it is not in the rules."""
        return self.codes.index(code) if code in self.codes else NONE

    def carrier(self, code: str) -> Carrier:
        """The company of this code, whether it is in the rules or not."""
        return self.carriers[self.position(code)] if code in self.codes else Carrier(code, code)

    @once
    def tracked(self) -> Flags:
        """Whether there is a service that can be asked."""
        return np.array([bool(carrier.services) for carrier in self.carriers])

    @once
    def languages(self) -> Ints:
        """In which of `scans.LANGUAGES` each company tells its scans."""
        return np.array([scans.LANGUAGES.index(_language(carrier)) for carrier in self.carriers])

    @once
    def zone_assumed(self) -> Flags:
        """Whether its times come without a zone."""
        return np.array([carrier.code in catalog.LOCAL_TIMES and bool(carrier.zone) for carrier in self.carriers])

    def lane(self, origin: str, area: str) -> tuple[LanePolicy, ...]:
        """The offers from a warehouse's country to an area: the shop's own, and those of companies it has no contract with yet."""
        found = (origin, area) if (origin, area) in catalog.LANES else (origin, "Elsewhere")
        own = [offer for offer in catalog.LANES[found] if offer.carrier in self.codes]
        new = [carrier.code for carrier in self._newcomers if _drives(carrier, *found)]
        usual = catalog.LANES[found][0]
        return (*own, *(replace(usual, carrier=code, share=NEWCOMERS_SHARE) for code in new))

    def rare(self, origin: str, area: str) -> tuple[LanePolicy, ...]:
        """The offers of those that get a parcel there now and then: in turn, all of them together as often as the catalogue says."""
        rare = catalog.RARE.get((origin, area), catalog.Rare(0, ()))
        carriers = [code for code in rare.carriers if code in self.codes]
        usual = self.lane(origin, area)[0]
        return tuple(replace(usual, carrier=code, share=rare.share / len(carriers)) for code in carriers)

    @once
    def _newcomers(self) -> list[Carrier]:
        known = {offer.carrier for offers in catalog.LANES.values() for offer in offers}
        known |= {code for rare in catalog.RARE.values() for code in rare.carriers}
        return [
            carrier
            for carrier in self.carriers
            if carrier.code not in known and 0 < len(block_of(carrier).form) <= LONGEST_NUMBER
        ]


def companies(rules: Rules) -> Companies:
    """The companies of these rules."""
    return Companies(tuple(rules.carriers.values()))


def block_of(carrier: Carrier, *, abroad: bool = False) -> Block:
    """The numbers that a company gives to parcels at home or abroad: an international post number where it has such."""
    usual = carrier.shapes[0]
    postal = next((shape for shape in carrier.shapes if shape.algorithm is Algorithm.S10), usual)
    shape = postal if abroad else usual
    return Block(shape.blocks[-1 if abroad else 0] if shape.blocks else _form(shape, carrier.home), shape)


def _drives(carrier: Carrier, origin: str, area: str) -> bool:
    """A company of a warehouse's country drives there; one from elsewhere takes the parcels abroad."""
    origins = {warehouse.country for warehouse in catalog.WAREHOUSES}
    at_home = area in _AREAS_AT_HOME.get(origin, ())
    return carrier.home == origin and at_home if carrier.home in origins else not at_home


def _language(carrier: Carrier) -> str:
    """That of its home where a service there repeats its words; services of the whole world and international post speak English."""
    abroad = not carrier.services or SERVICES[carrier.service].WORLDWIDE
    postal = all(shape.algorithm is Algorithm.S10 for shape in carrier.shapes)
    language = "en" if abroad or postal else _LANGUAGE_AT_HOME.get(carrier.home, "en")
    return language if language in scans.LANGUAGES else "en"


_AHEAD = re.compile(r"\(\?![^()]*(?:\([^()]*\)[^()]*)*\)")
_OPTIONAL = re.compile(r"\([^()]*(?:\([^()]*\)[^()]*)*\)\?")
_GROUP = re.compile(r"\(\?P<(\w+)>([^()]*)\)")
_PIECE = re.compile(r"(\\d|\[[^\]]+\]|[0-9A-Z!])(?:\{(\d+)[^}]*\}|([?*]))?\+?")


def _form(shape: Shape, home: str) -> str:
    """The form of the shortest numbers of a shape; "" for a pattern that says more than pieces one after the other."""
    groups = {"digit": "!", "country": home or "US"}
    plain = _OPTIONAL.sub("", _AHEAD.sub("", shape.pattern.pattern))
    while (inner := _GROUP.sub(lambda group: groups.get(group[1], group[2]), plain)) != plain:
        plain = inner
    form = _PIECE.sub(_repeated, plain).replace("!", "?")
    return form if shape.pattern.fullmatch(form.replace("#", "0").replace("?", "0")) else ""


def _repeated(piece: re.Match[str]) -> str:
    kind, times, none = piece.groups()
    character = "#" if kind == r"\d" or kind.startswith("[0-9") else kind[kind.startswith("[")]
    return "" if none else character * int(times or 1)
