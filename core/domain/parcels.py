"""Which goods go in which parcel: one shipment split into two, and waiting ones of one recipient put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from core.domain.addresses import HOUSE, StoredAddress, compare_places, postal_of
from core.domain.errors import Refused
from core.domain.phone_numbers import WHOLE, compare_phones, phone_forms
from core.domain.reasons import Reason
from core.domain.recipient_names import name_form
from core.domain.shipment import Address, Item, Shipment
from core.domain.shop_numbers import number_key
from core.domain.texts import letters_of

LONGEST_NO = 64
"""So many characters a Shipment No. may have."""
FIRST_TURN, MOST_TRIED = 2, 200


class Regrouping(Reason):
    """Why goods do not go into another parcel."""

    NOTHING_STAYS = "nothing_stays", "{shipment_no}: nothing would stay in this parcel. Leave something in it."
    NOT_SO_MANY = "not_so_many", "{shipment_no}: there are {quantity:,} of {item}. Choose as many or fewer."
    NOTHING_CHOSEN = "nothing_chosen", "Choose the shipments that go out with {shipment_no}."
    WITH_ITSELF = "with_itself", "{shipment_no} cannot be put into itself. Choose others."
    OTHER_RECIPIENT = (
        "other_recipient",
        "{other} goes to another recipient than {shipment_no}. Only shipments with the same address and phone are put together.",
    )
    OTHER_WAREHOUSE = (
        "other_warehouse",
        "{other} leaves from {warehouse}, and {shipment_no} does not. Only goods of one warehouse are put together.",
    )
    OTHER_KIND = (
        "other_kind",
        "{other} and {shipment_no} are an order and an exchange. An exchange goes by itself, as the goods before are collected with it.",
    )


class GoodsPlace(NamedTuple):
    """Where one of the goods went: into the new parcel or not, and as which of the goods there, counted from 1."""

    new: bool
    item: int


@dataclass(frozen=True)
class Division:
    """Goods in two parcels: what stays, what goes into the new one, and by place from 1 where each of them is now.

    Goods of which some stay and some go are where they were: a line of a source has one number, that of the parcel with the rest.
    """

    rest: tuple[Item, ...]
    taken: tuple[Item, ...]
    places: Mapping[int, GoodsPlace]


def numbered(stem: str, turn: int) -> str:
    """The Shipment No. of an order's parcel: `S-1-2` is the second of `S-1`. A stem that would be too long is cut at its end."""
    ending = f"-{turn}"
    return f"{stem[: LONGEST_NO - len(ending)]}{ending}"


def stem_of(shipment: Shipment) -> str:
    """What the numbers of all parcels of a shipment begin with: the number of the one that was split first. Of an order that came in as
    several parcels that is the order's own."""
    root = shipment.split_no or shipment.shipment_no
    stem, _, turn = root.rpartition("-")
    is_turn = turn.isascii() and turn.isdecimal() and int(turn) >= FIRST_TURN
    return stem if is_turn and number_key(stem) == number_key(shipment.order_no) else root


def of_one_split(one: Shipment, other: Shipment) -> bool:
    """Whether somebody put their goods apart on purpose."""
    return (one.split_no or one.shipment_no) == (other.split_no or other.shipment_no)


def numbers_to_try(shipment: Shipment) -> list[str]:
    """The numbers that its next parcel may have; the first that nobody has is taken."""
    return [numbered(stem_of(shipment), turn) for turn in range(FIRST_TURN, FIRST_TURN + MOST_TRIED)]


def divided(shipment: Shipment, quantities: Sequence[int]) -> Division:
    """The goods with so many of each line in the new parcel; none at all makes a parcel without goods of its own: another box of the same.

    Raises Refused where nothing would stay, or more is chosen than there is.
    """
    for item, quantity in zip(shipment.items, quantities, strict=True):
        if not 0 <= quantity <= item.quantity:
            named = {"shipment_no": shipment.shipment_no, "quantity": item.quantity, "item": item.name or item.product_id}
            raise Refused(Regrouping.NOT_SO_MANY(**named))
    rest, taken, places = list[Item](), list[Item](), dict[int, GoodsPlace]()
    for place, (item, quantity) in enumerate(zip(shipment.items, quantities, strict=True), 1):
        if quantity:
            taken.append(Item(item.product_id, item.name, quantity))
        if quantity < item.quantity:
            rest.append(Item(item.product_id, item.name, item.quantity - quantity))
        whole = quantity == item.quantity
        places[place] = GoodsPlace(whole, len(taken) if whole else len(rest))
    if taken and not rest:
        raise Refused(Regrouping.NOTHING_STAYS(shipment_no=shipment.shipment_no))
    return Division(tuple(rest), tuple(taken), places)


def split_off(shipment: Shipment, division: Division, *, shipment_id: int, number: str, at: datetime) -> Shipment:
    """The new parcel as it waits, before its state is derived: of the same order and recipient, with the same promise, and no invoice.

    What the whole weighs says nothing of its parts; what was paid for the freight stays with the first.
    """
    return shipment.but(
        shipment_id=shipment_id,
        shipment_no=number,
        items=division.taken,
        weight_g=None,
        freight=None,
        invoices=(),
        checkpoints=(),
        origin_no=None,
        successor_no=None,
        split_no=shipment.split_no or shipment.shipment_no,
        regrouped_at=at,
        version=1,
        updated_at=at,
    )


def after_split(shipment: Shipment, division: Division, at: datetime) -> dict[str, Any]:
    """What changes in the shipment that the parcel was split from; one that gave nothing away weighs what it weighed."""
    changes: dict[str, Any] = {"items": division.rest, "regrouped_at": shipment.regrouped_at or at}
    return changes | ({"weight_g": None} if division.taken else {})


def put_together(into: Shipment, others: Sequence[Shipment], at: datetime) -> dict[str, Any]:
    """What changes in the shipment that the others are put into: it has all goods and requests, and keeps the earliest of all days."""
    every = (into, *others)
    requests = dict.fromkeys(one.request for one in every if one.request)
    changes: dict[str, Any] = {
        "items": tuple(item for one in every for item in one.items),
        "request": "\n".join(requests),
        "weight_g": _sum([one.weight_g for one in every]),
        "ship_by": min((one.ship_by for one in every if one.ship_by), default=None),
        "promised_on": min((one.promised_on for one in every if one.promised_on), default=None),
        "regrouped_at": into.regrouped_at or at,
    }
    if len({one.currency for one in every}) == 1 and (freight := _sum([one.freight for one in every])) is not None:
        changes["freight"] = freight
    return changes


def require_together(into: Shipment, other: Shipment) -> None:
    """Raises Refused with the reason, unless the other one can go out in this parcel."""
    named = {"shipment_no": into.shipment_no, "other": other.shipment_no}
    if other.shipment_id == into.shipment_id:
        raise Refused(Regrouping.WITH_ITSELF(shipment_no=into.shipment_no))
    if other.kind is not into.kind:
        raise Refused(Regrouping.OTHER_KIND(**named))
    if other.warehouse != into.warehouse:
        raise Refused(Regrouping.OTHER_WAREHOUSE(**named, warehouse=other.warehouse or "–"))
    if not same_recipient(into.address, other.address):
        raise Refused(Regrouping.OTHER_RECIPIENT(**named))


def same_recipient(one: Address, other: Address) -> bool:
    """Whether both are one house, in whatever spelling, and one phone; where neither has a phone, one name."""
    if one.country != other.country or not _same_place(one, other):
        return False
    phones, others = phone_forms(one.phone), phone_forms(other.phone)
    if phones or others:
        return compare_phones(phones, others) >= WHOLE
    return bool(one.recipient) and name_form(one.recipient).letters == name_form(other.recipient).letters


def _same_place(one: Address, other: Address) -> bool:
    here, there = _place(one), _place(other)
    if here.is_empty or there.is_empty:
        return False
    same = letters_of(here.whole) == letters_of(there.whole) and postal_of(here) == postal_of(there)
    return same or compare_places(here, there) >= HOUSE


def _place(address: Address) -> StoredAddress:
    return StoredAddress(address.address, address.city, address.region, address.postal_code)


def _sum(values: Sequence[Any]) -> Any:
    """All of them together, None where one is not known."""
    return None if None in values else sum(values[1:], values[0])
