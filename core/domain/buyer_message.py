"""What the buyer is told of a shipment, made of its facts, in the language of whoever is spoken to."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from core.domain import phrases
from core.domain.flags import Flag
from core.domain.language import Language
from core.domain.periods import day_in_words
from core.domain.reasons import Names, Reason, Why
from core.domain.shipment import Shipment, Stage, Status, StatusDetail, WayBack

MOST_ITEMS = 5
_LANGUAGES = {"KR": Language.KOREAN, "JP": Language.JAPANESE}
_LATE = frozenset((Flag.FAILED, Flag.NEVER_SCANNED, Flag.DISPATCH_OVERDUE, Flag.NO_SCAN, Flag.PAST_PROMISE))


class Way(StrEnum):
    """How the text leaves the desk."""

    COPY = "copy"
    MAIL = "mail"


class BuyerText(Reason):
    """The sentences to a buyer."""

    SUBJECT = "subject", "About your order {order_no}"
    ORDER = "order", {"items": "We are writing about your order {order_no}: {items}.", "none": "We are writing about your order {order_no}."}  # fmt: skip
    ITEM = "item", phrases.GOODS
    MORE = "more", "{count:,} more"
    SORRY = "sorry", "We are sorry that it takes longer than planned."
    STATE = (
        "state",
        {
            "preparing": "Your parcel is being prepared.",
            "ready": "Your parcel is packed and will be handed over to {carrier}.",
            "moving": "Your parcel is on its way with {carrier}.",
            "out": "Your parcel is out for delivery with {carrier}.",
            "waiting": "Your parcel can be picked up from {carrier}.",
            "attempted": "{carrier} tried to deliver your parcel and could not. Please tell us when or where it can be delivered.",
            "unclear": "{carrier} could not deliver your parcel. We are finding out what happened.",
            "returning": "Your parcel is on its way back to us.",
            "returned": "Your parcel came back to us.",
            "cancelled": "{carrier} gave up the delivery of your parcel. We are finding out what happened.",
            "lost": "{carrier} cannot find your parcel any more.",
            "delivered": "{carrier} says that your parcel was delivered on {day}.",
            "closed": "Nothing more will be sent for this parcel.",
        },
    )
    NUMBER = "number", "{carrier}, tracking number {invoice_no}"
    LINK = "link", "You can follow it here: {url}"
    EXPECTED = (
        "expected",
        {
            "day": "We now expect it to arrive by {day}.",
            "unknown": "We do not know a new date yet and will write to you again as soon as we do.",
        },
    )
    CLOSING = "closing", "If you have a question, please reply to this message."


_FAILED = {StatusDetail.REDELIVERY: "attempted", StatusDetail.CANCELLATION: "cancelled"}
_ENDED = ("returned", "lost", "delivered", "closed")
"""After these nothing is expected any more."""


@dataclass(frozen=True)
class CarriedBy:
    """Whose number is in force, in the language that is spoken, and its public page of that number, "" for none."""

    company: str
    page: str


@dataclass(frozen=True)
class Message:
    """A text to a buyer, with the subject of a mail."""

    subject: str
    body: str


@dataclass(frozen=True)
class BuyerTold:
    """How a buyer was told: in which language, in which way, and by when the parcel is expected; None: no day was named."""

    language: Language
    way: Way
    expected_on: date | None = None


def language_for(country: str) -> Language:
    """The language of whoever ordered from this country: Korean and Japanese at home, else English."""
    return _LANGUAGES.get(country, Language.ENGLISH)


def message(
    shipment: Shipment, flag: Flag | None, by: CarriedBy | None, expected_on: date | None, *, zone: ZoneInfo, now: datetime
) -> Message:
    """The message in the language that is spoken here. `by` is None without a number; days are the shop's."""
    today = now.astimezone(zone).date()
    form = _form(shipment)
    lines = [[_order(shipment)], [str(why) for why in _news(shipment, flag, form, by, zone, today)]]
    if by:
        lines.append([str(why) for why in _parcel(shipment, by)])
    if form not in _ENDED:
        day = day_in_words(expected_on, today) if expected_on else ""
        lines.append([str(BuyerText.EXPECTED("day" if day else "unknown", day=day))])
    lines.append([str(BuyerText.CLOSING())])
    return Message(str(BuyerText.SUBJECT(order_no=shipment.order_no)), "\n\n".join("\n".join(part) for part in lines))


def _order(shipment: Shipment) -> str:
    shown = [str(BuyerText.ITEM(name=item.name, quantity=item.quantity)) for item in shipment.items[:MOST_ITEMS]]
    if len(shipment.items) > MOST_ITEMS:
        shown.append(str(BuyerText.MORE(count=len(shipment.items) - MOST_ITEMS)))
    return str(BuyerText.ORDER("items" if shown else "none", order_no=shipment.order_no, items=Names(shown) if shown else ""))


def _news(shipment: Shipment, flag: Flag | None, form: str, by: CarriedBy | None, zone: ZoneInfo, today: date) -> Iterator[Why]:
    if flag in _LATE:
        yield BuyerText.SORRY()
    delivered = shipment.state.delivered_at
    day = day_in_words(delivered.astimezone(zone).date(), today) if delivered else ""
    yield BuyerText.STATE(form, carrier=by.company if by else "", day=day)


def _parcel(shipment: Shipment, by: CarriedBy) -> Iterator[Why]:
    if shipment.invoice:
        yield BuyerText.NUMBER(carrier=by.company, invoice_no=shipment.invoice.invoice_no)
    if by.page:
        yield BuyerText.LINK(url=by.page)


def _form(shipment: Shipment) -> str:
    """Which of the sentences on the state is true."""
    state = shipment.state
    if state.status is Status.DELIVERED or state.way_back:
        return {WayBack.RETURNING: "returning", WayBack.RETURNED: "returned", None: "delivered"}[state.way_back]
    if shipment.closed_at:
        return "closed"
    if state.status is Status.SHIPPING_FAILED:
        if state.stage is Stage.LOST:
            return "lost"
        return _FAILED.get(state.word or StatusDetail.UNDECIDED, "unclear")
    if state.status is Status.PREPARING_TO_RELEASE:
        return "preparing"
    moving = {Stage.OUT_FOR_DELIVERY: "out", Stage.AVAILABLE_FOR_PICKUP: "waiting"}
    return "ready" if state.status is Status.PREPARING_TO_SHIP else moving.get(state.stage or Stage.IN_TRANSIT, "moving")
