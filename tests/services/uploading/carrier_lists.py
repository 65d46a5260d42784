"""A generated shop whose parcels are on a carrier's list: people with equal names, masks as carriers put them, and who is really meant."""

import csv
import io
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from core.demo import places
from core.domain.invoice_number import complete
from core.domain.shipment import Address, Shipment
from tests.builders import RULES, a_shipment, nov

KOREA, JAPAN = (next(country for country in places.COUNTRIES if country.code == code) for code in ("KR", "JP"))


@dataclass(frozen=True)
class Listed:
    """A row of the list: the shipment that it means, its cells, and those that fit what is seen of it, as a person would say."""

    shipment_no: str
    number: str
    cells: tuple[str, ...]


def a_shop(country: places.Country, size: int, equal: float, seed: int = 7) -> list[Shipment]:
    """So many waiting shipments; a share of them bears the name of another, a tenth of those the end of its phone too."""
    chance = random.Random(f"{country.code} {seed}")
    made = [_shipment(country, n, chance) for n in range(1, size + 1)]
    for n in chance.sample(range(1, size), round(size * equal)):
        other = made[n - 1].address
        phone = made[n].address.phone
        if chance.random() < 0.2:
            phone = phone[:-4] + other.phone[-4:]
        made[n] = replace(made[n], address=replace(made[n].address, recipient=other.recipient, phone=phone))
    return made


def _shipment(country: places.Country, n: int, chance: random.Random) -> Shipment:
    city = chance.choice(country.cities)
    street = chance.choice(country.streets)
    said = chance.choice(country.address).format(
        street=street, n=chance.randint(1, 160), m=chance.randint(1, 14), k=chance.randint(1, 9)
    )
    name = country.name.format(family=chance.choice(country.family), given=chance.choice(country.given))
    digits = lambda form: "".join(str(chance.randint(0, 9)) if mark == "#" else mark for mark in form)  # noqa: E731
    address = Address(name, digits(country.phone), said, city.name, city.region, digits(city.postal), country.code)
    number = f"{country.code}-{n:05}"
    return a_shipment(number, order_no=f"O{n:06}", address=address, ordered_at=nov(10) - timedelta(hours=n % 200))


def numbers(carrier: str, count: int) -> list[str]:
    """So many right numbers of a company."""
    bodies = {"cj": "64{:09}", "yamato": "4444{:07}", "sagawa": "3000{:07}", "logen": "958{:07}"}
    return [complete(RULES.carriers[carrier], bodies[carrier].format(n * 7 + 11)) for n in range(count)]


def masked_name(name: str) -> str:
    """`홍*동`, `김*`, and of a name with a blank its second part hidden but for the last letter."""
    letters = name.replace(" ", "")
    return letters[0] + "*" * max(1, len(letters) - 2) + (letters[-1] if len(letters) > 2 else "")


def masked_phone(phone: str) -> str:
    """`010-****-1234`."""
    first, middle, last = phone.split("-")
    return f"{first}-{'*' * len(middle)}-{last}"


def whole(address: Address) -> str:
    """The address as carriers print it."""
    parts = (address.region, address.city, address.address)
    return "".join(parts) if address.country == "JP" else " ".join(parts)


def a_list(shop: Sequence[Shipment], cells: Callable[[Shipment], Iterable[str]], carrier: str, seed: int = 3) -> list[Listed]:
    """A row for each shipment, in no order that would tell which is which."""
    mixed = list(shop)
    random.Random(seed).shuffle(mixed)
    return [
        Listed(one.shipment_no, number, tuple(cells(one)))
        for one, number in zip(mixed, numbers(carrier, len(mixed)), strict=True)
    ]


def as_csv(headers: Sequence[str], rows: Iterable[Listed], encoding: str = "utf-8", separator: str = ",") -> bytes:
    """The list as a program writes it, the number in the last column."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows((*row.cells, row.number) for row in rows)
    return text.getvalue().encode(encoding)
