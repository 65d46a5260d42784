"""The catalogue of figures: what each one counts, over what, without what, and which direction is good."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from core.domain import labels, phrases
from core.domain.fields import FIELDS
from core.domain.flags import NAMES as FLAG_NAMES
from core.domain.language import Vocabulary, filled, in_english, marked, tr, worded
from core.domain.reasons import Reason
from core.domain.shipment import Status

FEWEST = 20
NORM_DAYS = 56
RISK_DAYS = 120
BACKLOG_HOURS = (24, 48, 72, 120)
Z_95 = 1.959963984540054
Z_CLEAR = 3.890591886413096
"""How far a change must be from what chance gives to be one: 99.99 % of all differences by chance alone are smaller."""
MEDIAN_STEPS = (0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.25, 0.35, 0.45)
"""How far from the middle the quantiles may lie that bound a median, by how many cases it is taken over."""


class Figure(StrEnum):
    """Every figure of the desk; the values are what links, files and the command line carry."""

    ON_TIME = "on_time"
    PROMISED = "promise_coverage"
    ORDER_TO_SHIP = "order_to_ship"
    ORDER_TO_INVOICE = "order_to_invoice"
    INVOICE_TO_PICK_UP = "invoice_to_pick_up"
    LATE_SHIPMENT = "late_shipment_rate"
    TRANSIT = "transit"
    FIRST_ATTEMPT = "first_attempt_success"
    FAILURE = "failure_rate"
    EXCEPTION = "exception_rate"
    RETURN = "return_rate"
    VALID_TRACKING = "valid_tracking_rate"
    BACKLOG = "backlog_ageing"
    ORDERED = "ordered"
    SHIPPED = "shipped"
    DELIVERED = "delivered"
    OPEN = "open"


class Unit(StrEnum):
    SHARE = "share"
    HOURS = "hours"
    COUNT = "count"


class Good(StrEnum):
    """The direction in which a figure gets better."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class Direction(StrEnum):
    """Where a figure went since the period before."""

    UP = "up"
    DOWN = "down"
    NONE = "none"


class Turn(StrEnum):
    """Whether a change is for the better."""

    GOOD = "good"
    BAD = "bad"
    NONE = "none"


class NoFigure(StrEnum):
    """Why there is no figure to show."""

    TOO_FEW = "too_few"
    NO_SHIPMENTS = "no_shipments"
    NO_LATE_SHIPMENTS = "no_late_shipments"
    NO_NORM = "no_norm"


NO_FIGURES: Vocabulary[NoFigure] = Vocabulary(
    {
        NoFigure.TOO_FEW: "too few",
        NoFigure.NO_SHIPMENTS: "no shipments",
        NoFigure.NO_LATE_SHIPMENTS: "no late shipments",
        NoFigure.NO_NORM: "nothing to compare with",
    }
)


class Unanswerable(Reason):
    """Why a question about figures has no answer."""

    ENDS_BEFORE = "ends_before", "The period ends before it begins. Choose another day."
    SAME_DIMENSION = "same_dimension", "Choose two different things to split by."
    OF_NOW = "of_now", "{figure} is of now, not of a period. Choose another figure."
    NOT_IN_HOURS = "not_in_hours", "{figure} cannot be shown like this. Choose a figure in hours."
    NO_SHARE = "no_share", "{figure} cannot be shown like this. Choose a figure in per cent."


class RiskStage(StrEnum):
    """Where an open shipment is that may come late: before its first scan, or after it."""

    WAITING = "waiting"
    MOVING = "moving"


RISK_STAGES: Vocabulary[RiskStage] = Vocabulary({RiskStage.WAITING: "Waiting for pick-up", RiskStage.MOVING: "On the way"})


class Cohort(StrEnum):
    """The day that puts a shipment into a period: of its order, or of its first physical scan. Never its delivery."""

    ORDERED = "ordered"
    PICKED_UP = "picked_up"


class Part(StrEnum):
    """Which shipments behind a figure: counted (numerator), all it is taken over (denominator), the rest of them, left out."""

    NUMERATOR = "numerator"
    DENOMINATOR = "denominator"
    REST = "rest"
    EXCLUDED = "excluded"


PARTS: Vocabulary[Part] = Vocabulary(
    {Part.NUMERATOR: "Counted", Part.REST: "The rest", Part.DENOMINATOR: "Together", Part.EXCLUDED: phrases.LEFT_OUT}
)


class Segment(StrEnum):
    """Where the hours of a shipment go, one after another."""

    ORDER = "order"
    RELEASE = "release"
    INVOICE = "invoice"
    TRANSIT = "transit"
    ATTEMPTS = "attempts"


@worded("name", "from_to")
@dataclass(frozen=True)
class SegmentWords:
    """`name` is what a segment ends with, `from_to` what it lasts from and to; `ours`: the shop's own work, not the carrier's."""

    name: str
    from_to: str
    ours: bool


SEGMENTS: dict[Segment, SegmentWords] = {
    Segment.ORDER: SegmentWords("Release", "From the order to the release", ours=True),
    Segment.RELEASE: SegmentWords("Invoice", "From the release to the registration of the invoice", ours=True),
    Segment.INVOICE: SegmentWords("Pick-up", "From the registration of the invoice to the first physical scan", ours=False),
    Segment.TRANSIT: SegmentWords("On the way", "From the first physical scan to the first attempt", ours=False),
    Segment.ATTEMPTS: SegmentWords("Attempts", "From the first attempt to the delivery", ours=False),
}


SEGMENT_NAMES: Vocabulary[Segment] = Vocabulary({segment: in_english(words, "name") for segment, words in SEGMENTS.items()})


class TrendStep(StrEnum):
    """How long one point of a trend is; weeks begin on Monday."""

    DAY = "day"
    WEEK = "week"


class TimeSplit(StrEnum):
    """How figures are split over time; the days are those of the cohort."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    WEEKDAY = "weekday"


LANE = "lane"
"""The split by where from and where to: warehouse and country together."""


@worded("name", "what", "numerator", "denominator", "rest")
@dataclass(frozen=True)
class Definition:
    """One figure in words.

    `numerator`, `denominator` and `rest` name the shipments, `exclusions` those left out and why: the first that fits. `cohort` is
    the day that puts a shipment into a period unless the question says another; None: as of now, without a period. `ripens`: it is
    only known at the attempt, so that days without one ripe shipment tell of nothing but the fastest.
    """

    figure: Figure
    name: str
    unit: Unit
    what: str
    numerator: str
    denominator: str
    left_out: tuple[str, ...]
    good: Good
    cohort: Cohort | None = Cohort.ORDERED
    rest: str = ""
    ripens: bool = False

    @property
    def exclusions(self) -> tuple[str, ...]:
        """Which shipments are left out, the first reason that fits."""
        return tuple(tr(one) for one in self.left_out)

    @property
    def formula(self) -> str:
        """What is counted over what."""
        return f"{self.what} {tr(CENSORED)}" if self.unit is Unit.HOURS and self.cohort else self.what


CANCELLED = marked("Cancelled: the carrier cancelled it, or it was closed before anything moved")
NO_PROMISE = marked("No promised date")
NOT_DUE = marked("Not due yet: promised for today or later, and not attempted")
NO_SHIP_BY = marked("No ship-by date")
NOT_DUE_TO_SHIP = marked("Not due yet: to be shipped today or later")
NO_FIRST_SCAN = marked("Delivered or attempted without a first scan: when it was shipped is not known")
NOT_SHIPPED = marked("Without a first scan")
NOT_REGISTERED = marked("No invoice registered")
WITHOUT_INVOICE = marked("On its way without an invoice")
NOT_ATTEMPTED = marked("Not attempted")
GIVEN_UP = marked("Returned or lost: there is no delivery to wait for")
CLOSED = marked("Closed or given up before that step")
NOT_OPEN = marked("Delivered or closed")

CENSORED = marked(
    "Open shipments count with the hours they have waited so far, so the figure can only rise while they are open."
)

_ALL = (
    Definition(
        Figure.ON_TIME,
        "On-time delivery",
        Unit.SHARE,
        "First attempt on or before the promised date, out of shipments that are promised and attempted, or past their date. "
        "The promise is the original one; its day ends at midnight in the shop's zone, wherever the parcel goes.",
        "First attempt on or before the promised date",
        "Promised, and attempted or past the promised date",
        (CANCELLED, NO_PROMISE, NOT_DUE),
        Good.UP,
        rest="Late: attempted after the promised date, or past it and still not attempted",
        ripens=True,
    ),
    Definition(
        Figure.PROMISED,
        "With a promised date",
        Unit.SHARE,
        "Shipments with a promised date, out of all shipments.",
        "With a promised date",
        phrases.ALL_SHIPMENTS,
        (CANCELLED,),
        Good.UP,
        rest="Without a promised date",
    ),
    Definition(
        Figure.ORDER_TO_SHIP,
        "Order to ship",
        Unit.HOURS,
        "Hours from the order to the first physical scan: within how many half of them are (median), and "
        "within how many 9 of 10 are (90th percentile).",
        "Picked up",
        "Picked up, or waiting to be",
        (CANCELLED, NO_FIRST_SCAN, CLOSED),
        Good.DOWN,
        rest="Not picked up yet: counted with their hours so far",
    ),
    Definition(
        Figure.ORDER_TO_INVOICE,
        "Order to invoice",
        Unit.HOURS,
        "Hours from the order to the registration of the invoice in force, the speed of the staff: within "
        "how many half of them are (median), and within how many 9 of 10 are (90th percentile).",
        "Invoice registered",
        "Invoice registered, or waiting for one",
        (CANCELLED, WITHOUT_INVOICE, CLOSED),
        Good.DOWN,
        rest="No invoice yet: counted with their hours so far",
    ),
    Definition(
        Figure.INVOICE_TO_PICK_UP,
        "Invoice to pick-up",
        Unit.HOURS,
        "Hours from the registration of the invoice to the first physical scan, the wait for the shipping "
        "company: within how many half of them are (median), and within how many 9 of 10 are (90th "
        "percentile).",
        "Registered and picked up",
        "Registered, and picked up or waiting to be",
        (CANCELLED, NOT_REGISTERED, NO_FIRST_SCAN, CLOSED),
        Good.DOWN,
        rest="Not picked up yet: counted with their hours so far",
    ),
    Definition(
        Figure.LATE_SHIPMENT,
        "Late shipment rate",
        Unit.SHARE,
        "Shipments picked up after the ship-by date, or past it and not picked up, out of those due to ship.",
        "Picked up after the ship-by date, or past it and not picked up",
        "With a ship-by date, and picked up or past that date",
        (CANCELLED, NO_SHIP_BY, NO_FIRST_SCAN, NOT_DUE_TO_SHIP),
        Good.DOWN,
        rest="Picked up on or before the ship-by date",
    ),
    Definition(
        Figure.TRANSIT,
        "Pick-up to delivery",
        Unit.HOURS,
        "Hours from the first physical scan to the delivery: within how many half of them are (median), and "
        "within how many 9 of 10 are (90th percentile).",
        "Picked up and delivered",
        "Picked up, and delivered or on the way",
        (CANCELLED, NOT_SHIPPED, GIVEN_UP),
        Good.DOWN,
        rest="On the way: counted with their hours so far",
        ripens=True,
    ),
    Definition(
        Figure.FIRST_ATTEMPT,
        "First-attempt success",
        Unit.SHARE,
        "Shipments delivered with no failed attempt, out of those with at least one attempt.",
        "Delivered with no failed attempt",
        "With at least one attempt",
        (CANCELLED, NOT_ATTEMPTED),
        Good.UP,
        rest="With a failed attempt, or attempted and not delivered",
        ripens=True,
    ),
    Definition(
        Figure.FAILURE,
        "Failure rate",
        Unit.SHARE,
        "Shipments with a failed attempt, returned undelivered or lost, out of those picked up.",
        "With a failed attempt, returned undelivered or lost, whatever came after",
        "Picked up",
        (CANCELLED, NOT_SHIPPED),
        Good.DOWN,
        rest="Without a failure",
        ripens=True,
    ),
    Definition(
        Figure.EXCEPTION,
        "Exception rate",
        Unit.SHARE,
        "Shipments that met an exception, such as a customs hold or a delay, out of those picked up.",
        "With at least one exception, whatever came after",
        "Picked up",
        (CANCELLED, NOT_SHIPPED),
        Good.DOWN,
        rest="Without an exception",
        ripens=True,
    ),
    Definition(
        Figure.RETURN,
        "Return rate",
        Unit.SHARE,
        "Shipments that came back under their number, undelivered or after the delivery, out of those picked up.",
        "Returned, whatever came after",
        "Picked up",
        (CANCELLED, NOT_SHIPPED),
        Good.DOWN,
        rest="Not returned",
        ripens=True,
    ),
    Definition(
        Figure.VALID_TRACKING,
        "Valid tracking rate",
        Unit.SHARE,
        "Shipments whose invoice number has at least one physical scan, out of those with a registered invoice.",
        "Registered and scanned",
        "With a registered invoice",
        (CANCELLED, NOT_REGISTERED),
        Good.UP,
        rest="Registered and never scanned",
    ),
    Definition(
        Figure.BACKLOG,
        "Waiting since the last change",
        Unit.HOURS,
        "Hours since the last change of state of the shipments that are open now, whatever their order date: "
        "within how many half of them are (median), and within how many 9 of 10 are (90th percentile).",
        "Open now",
        "Open now",
        (NOT_OPEN,),
        Good.DOWN,
        cohort=None,
    ),
    Definition(
        Figure.ORDERED,
        "Ordered",
        Unit.COUNT,
        "Shipments of the period, cancelled ones left out.",
        "Shipments of the period",
        "Shipments of the period",
        (CANCELLED,),
        Good.NONE,
    ),
    Definition(
        Figure.SHIPPED,
        "Shipped",
        Unit.COUNT,
        "Shipments of the period with a first physical scan; the registration of a number is not shipping.",
        "Picked up",
        "Shipments of the period",
        (CANCELLED,),
        Good.NONE,
        rest="Not picked up",
    ),
    Definition(
        Figure.DELIVERED,
        "Delivered",
        Unit.COUNT,
        "Shipments of the period that are delivered now.",
        "Delivered",
        "Shipments of the period",
        (CANCELLED,),
        Good.NONE,
        rest="Not delivered",
    ),
    Definition(
        Figure.OPEN,
        "Open",
        Unit.COUNT,
        "Shipments of the period that are neither delivered nor closed now.",
        "Neither delivered nor closed",
        "Shipments of the period",
        (CANCELLED,),
        Good.NONE,
        rest="Delivered or closed",
    ),
)

DEFINITIONS: dict[Figure, Definition] = {definition.figure: definition for definition in _ALL}


@dataclass(frozen=True, order=True)
class Lane:
    """From where to where: a warehouse and a country (ISO 3166-1 alpha-2), and a carrier's code where it is said."""

    warehouse: str
    country: str
    carrier: str | None = None

    @property
    def name(self) -> str:
        return f"{self.warehouse or '–'} → {self.country}" + (f", {self.carrier}" if self.carrier else "")


def enough(cases: int) -> bool:
    """Whether a rate over so many cases may be shown as a percentage (product rules, section 9)."""
    return cases >= FEWEST


def wilson(numerator: float, denominator: float, z: float = Z_95) -> tuple[float, float] | None:
    """The interval of a share after Wilson, of 95 % unless `z` says otherwise; None over nothing."""
    if denominator <= 0:
        return None
    share, z2 = numerator / denominator, z * z
    middle = (share + z2 / (2 * denominator)) / (1 + z2 / denominator)
    half = z / (1 + z2 / denominator) * math.sqrt(share * (1 - share) / denominator + z2 / (4 * denominator * denominator))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Bounded:
    """A number, and the lowest and the highest that it may be but for chance (`Z_CLEAR`)."""

    low: float
    at: float
    high: float

    def differs(self, other: "Bounded") -> bool:
        """Whether chance alone does not make such a difference: Newcombe's interval of it, from both of their own, is without 0."""
        lower, upper = (self, other) if self.at < other.at else (other, self)
        return upper.at - lower.at > math.hypot(upper.at - upper.low, lower.high - lower.at)


def bounded_share(numerator: int, denominator: int) -> Bounded | None:
    """A share of at least one shipment."""
    interval = wilson(numerator, denominator, Z_CLEAR)
    return Bounded(interval[0], numerator / denominator, interval[1]) if interval else None


def bounded_count(number: int) -> Bounded:
    """A number of things that happen each by itself (the score interval of a Poisson count)."""
    middle, half = number + Z_CLEAR**2 / 2, Z_CLEAR * math.sqrt(number + Z_CLEAR**2 / 4)
    return Bounded(middle - half, number, middle + half)


def median_bounds(cases: int) -> tuple[float, float] | None:
    """Which quantiles bound a median that is taken over so many cases; None over too few for any."""
    reach = Z_CLEAR / (2 * math.sqrt(cases)) if cases else math.inf
    step = next((step for step in MEDIAN_STEPS if step >= reach), None)
    return None if step is None else (0.5 - step, 0.5 + step)


def week_of(day: date) -> date:
    """The Monday of the day's week."""
    return day - timedelta(days=day.weekday())


# The columns of a shipment in files and for analysts: the view `shipment_facts`.
FACTS: Vocabulary[str] = Vocabulary(
    {
        "shipment_no": FIELDS.in_english["shipment_no"],
        "order_no": FIELDS.in_english["order_no"],
        "kind": "General / Claim: {values}",
        "destination": "By the destination country: {values}",
        "country": "Destination country, ISO 3166-1 alpha-2",
        "city": "Destination city",
        "warehouse": "Warehouse it leaves from",
        "carrier": "Shipping company's code; empty without an invoice",
        "policy": FIELDS.in_english["policy"],
        "option": FIELDS.in_english["option"],
        "status": "Status now: {values}",
        "word": "The finer word inside the status: {values}",
        "flag": "The worst flag now, null without one: {values}",
        "open": "Neither delivered nor closed",
        "cancelled": "Left out of every figure: the carrier cancelled it, or it was closed before anything moved",
        "ordered_at": "When the buyer ordered",
        "released_at": "When it was prepared for shipment",
        "invoiced_at": "When the invoice in force was registered",
        "picked_up_at": "First physical scan",
        "first_attempt_at": "First attempt to deliver",
        "last_scan_at": "Newest physical scan",
        "delivered_at": "Delivery",
        "closed_at": "When the shop closed it",
        "status_since": "When it came into its status",
        "ordered_on": "Day of the order, in the shop's zone",
        "picked_up_on": "Day of the first physical scan, in the shop's zone",
        "first_attempt_on": "Day of the first attempt, in the shop's zone",
        "delivered_on": "Day of the delivery, in the shop's zone",
        "promised_on": "The original promised date",
        "ship_by": "The day by which it was to be handed over",
        "days_late": "Days from the promised date to the first attempt, or to today while it is past that date and still moving; negative is early",
        "on_time": "Whether it counts as on time; null when left out of that figure, as below",
        "shipped_late": "Whether it counts in the late shipment rate",
        "first_attempt_success": "Whether it was delivered with no failed attempt",
        "failed": "Whether it had a failed attempt, or was returned undelivered or lost",
        "met_exception": "Whether it met an exception",
        "returned": "Whether it came back, undelivered or after the delivery",
        "valid_tracking": "Whether its registered number was scanned",
        "order_to_ship_hours": "Hours from the order to the first scan; its age while it waits",
        "order_to_invoice_hours": "Hours from the order to the registration of the invoice; its age while it waits",
        "invoice_to_pick_up_hours": "Hours from that registration to the first scan; its age while it waits",
        "transit_hours": "Hours from the first scan to the delivery; its age while it is on the way",
        "backlog_ageing_hours": "Hours since the last change of state, of open shipments",
        "items": "How many item lines",
        "weight_g": "Weight in grams",
        "freight": "Freight, in the currency",
        "currency": "Currency, ISO 4217",
    }
)


def fact_in_words(fact: str) -> str:
    """What the column of `FACTS` holds, with the values that it may have."""
    found = _VALUES_OF.get(fact)
    return filled(FACTS.in_english[fact], {"values": labels.listed(found)}) if found else FACTS[fact]


_VALUES_OF: Mapping[str, Mapping[Any, str]] = {
    "kind": labels.KINDS,
    "destination": labels.DESTINATIONS,
    "status": Vocabulary({status: labels.STATUSES.in_english[status, None] for status in Status}),
    "word": labels.DETAILS,
    "flag": FLAG_NAMES,
}
