"""The address book of the demo shop: whole invented recipients, dealt from places and names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from core.demo import places
from core.demo.seeded_random import Ints, SeededRandom, keys_of_indices
from core.domain.recipients import recipient_key
from core.domain.shipment import ADDRESS

HOME_SHARE = 0.64
_LONG_NAMES = 0.003
_LETTERS = "ABCDEFGHJKLMNPRSTVWXY"


@dataclass(frozen=True)
class AddressBook:
    """Recipients by position: the columns of their address as texts, and the position of their city in the atlas."""

    columns: Mapping[str, pa.Array]
    city: Ints

    def __len__(self) -> int:
        return len(self.city)

    @property
    def recipient_keys(self) -> list[str]:
        """What they are searched by."""
        return list(map(recipient_key, self.columns["recipient"].to_pylist(), self.columns["phone"].to_pylist()))


@dataclass(frozen=True)
class Atlas:
    """Every city by position, with what the carriers need to know of it."""

    cities: tuple[places.City, ...]
    countries: tuple[places.Country, ...]

    @property
    def positions(self) -> dict[tuple[str, str], int]:
        return {(country.code, city.name): n for n, (city, country) in enumerate(self)}

    def __iter__(self) -> Iterator[tuple[places.City, places.Country]]:
        return zip(self.cities, self.countries, strict=True)


@cache
def atlas(extra: str | None = None) -> Atlas:
    """All cities; with the country `extra` among them, even if nothing is known of it."""
    known = {country.code for country in places.COUNTRIES}
    countries = places.COUNTRIES if extra is None or extra in known else (*places.COUNTRIES, places.elsewhere(extra))
    pairs = [(city, country) for country in countries for city in country.cities]
    return Atlas(tuple(city for city, _ in pairs), tuple(country for _, country in pairs))


def book(size: int, seed: int, home: str) -> AddressBook:
    """`size` invented recipients, two thirds of them at home."""
    world = atlas(home)
    random = SeededRandom(keys_of_indices(seed + 7_001, np.arange(size)))
    city = random.pick("city", _weights(world, home))
    rolls = {name: random.uniform(name).tolist() for name in ("family", "given", "form", "street", "long")}
    rolls |= {name: random.whole(name, 1, top).tolist() for name, top in (("n", 160), ("m", 14), ("k", 9))}
    rolls |= {name: random.whole(name, 0, 10**9 - 1).tolist() for name in ("phone", "postal")}
    rows = [_entry(world, where, _Drawn(*drawn)) for where, *drawn in zip(city.tolist(), *rolls.values(), strict=True)]
    columns = zip(ADDRESS, zip(*rows, strict=True), strict=True)
    return AddressBook({name: pa.array(values, pa.string()) for name, values in columns}, city)


def _weights(world: Atlas, home: str) -> list[float]:
    in_country: dict[str, int] = {}
    for city, country in world:
        in_country[country.code] = in_country.get(country.code, 0) + city.weight
    abroad = sum({c.code: c.share for c in world.countries if c.code != home}.values())
    return [
        (HOME_SHARE if country.code == home else (1 - HOME_SHARE) * country.share / abroad)
        * city.weight / in_country[country.code]
        for city, country in world
    ]  # fmt: skip


class _Drawn(NamedTuple):
    """What chance decides of one recipient: places in lists from 0 to 1, and numbers of the address."""

    family: float
    given: float
    form: float
    street: float
    long: float
    n: int
    m: int
    k: int
    phone: int
    postal: int


def _entry(world: Atlas, where: int, drawn: _Drawn) -> tuple[str, ...]:
    city, country = world.cities[where], world.countries[where]
    name = country.name.format(family=_one(country.family, drawn.family), given=_one(country.given, drawn.given))
    if drawn.long < _LONG_NAMES:
        name = places.LONG_RECIPIENTS[country.language]
    street = _one(country.streets, drawn.street)
    address = _one(country.address, drawn.form).format(street=street, n=drawn.n, m=drawn.m, k=drawn.k)
    return (
        name,
        _filled(country.phone, drawn.phone),
        address,
        city.name,
        city.region,
        _filled(city.postal, drawn.postal),
        country.code,
    )


def _one(choices: tuple[str, ...], roll: float) -> str:
    return choices[int(roll * len(choices))]


def _filled(form: str, number: int) -> str:
    made = []
    for mark in form:
        if mark == "#":
            number, digit = divmod(number, 10)
            mark = str(digit)
        elif mark == "@":
            number, letter = divmod(number, len(_LETTERS))
            mark = _LETTERS[letter]
        made.append(mark)
    return "".join(made)
