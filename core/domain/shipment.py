"""The nouns of the desk: a shipment, its address and items, its invoices and their checkpoints."""

from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from core.domain.answer_doubts import AnswerDoubt
from core.domain.history import ChangeSource


class Status(StrEnum):
    """Where a shipment is (product rules, section 2). The values are what the database stores."""

    PREPARING_TO_RELEASE = "preparing_to_release"
    PREPARING_TO_SHIP = "preparing_to_ship"
    RELEASED = "released"
    IN_DELIVERY = "in_delivery"
    SHIPPING_FAILED = "shipping_failed"
    DELIVERED = "delivered"


class StatusDetail(StrEnum):
    """The finer word inside a status: what the carrier is doing, or how it failed (product rules, section 2)."""

    PROCESSED = "processed"
    DISPATCHED = "dispatched"
    SHIPPING = "shipping"
    REDELIVERY = "redelivery"
    CANCELLATION = "cancellation"
    UNDECIDED = "undecided"
    RELEASE_FAILED = "release_failed"


DETAIL_OF: dict[Status, StatusDetail] = {
    Status.PREPARING_TO_SHIP: StatusDetail.PROCESSED,
    Status.RELEASED: StatusDetail.DISPATCHED,
    Status.IN_DELIVERY: StatusDetail.SHIPPING,
}
"""The statuses that have one detail, whatever happened; of the others `State.word` says it."""


def detail_of(status: Status, word: StatusDetail | None) -> StatusDetail | None:
    """The detail of a status and the word of its state; None where the status says all there is."""
    return word or DETAIL_OF.get(status)


class Stage(StrEnum):
    """A checkpoint's normalised meaning; `progress` orders those of one moment."""

    progress: int

    INFO_RECEIVED = "info_received"
    INVALID_NUMBER = "invalid_number"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    EXCEPTION = "exception"
    OUT_FOR_DELIVERY = "out_for_delivery"
    AVAILABLE_FOR_PICKUP = "available_for_pickup"
    ATTEMPT_FAILED = "attempt_failed"
    RETURNING = "returning"
    CANCELLED = "cancelled"
    LOST = "lost"
    DELIVERED = "delivered"
    RETURNED = "returned"


ON_THE_WAY = frozenset({Stage.PICKED_UP, Stage.IN_TRANSIT})
"""What is said of a parcel between its pick-up and the last mile: services tell these apart differently."""
FINAL = frozenset({Stage.DELIVERED, Stage.RETURNED})


for _position, _stage in enumerate(Stage):
    _stage.progress = _position


class ZoneFrom(StrEnum):
    """How the zone of a checkpoint's time is known, the surest first."""

    WRITTEN = "written"
    PLACE = "place"
    CARRIER = "carrier"
    ASSUMED = "assumed"
    BORROWED = "borrowed"
    """The time is not its own: a status that no event has is dated by the newest event."""


class Hint(StrEnum):
    """What a checkpoint says beside its stage: that the parcel goes back, in words alone; or what a person decided on a doubt."""

    RETURN = "return"
    SETTLED = "settled"


class WayBack(StrEnum):
    """Whether a parcel is on its way back to the sender, or is there again."""

    RETURNING = "returning"
    RETURNED = "returned"


class Kind(StrEnum):
    STANDARD = "standard"
    EXCHANGE = "exchange"


class Destination(StrEnum):
    DOMESTIC = "domestic"
    INTERNATIONAL = "international"


class ParcelLane(NamedTuple):
    """What parcels that go alike share."""

    policy: str
    destination: Destination
    country: str


class Tab(StrEnum):
    """The four tabs of the Shipments page, and all of them together: what links from figures and flags open."""

    ALL = "all"
    PREPARING = "preparing"
    DELIVERY = "delivery"
    FAILED = "failed"
    DELIVERED = "delivered"


STATUSES_OF: dict[Tab, tuple[Status, ...]] = {
    Tab.ALL: tuple(Status),
    Tab.PREPARING: (Status.PREPARING_TO_RELEASE,),
    Tab.DELIVERY: (Status.PREPARING_TO_SHIP, Status.RELEASED, Status.IN_DELIVERY),
    Tab.FAILED: (Status.SHIPPING_FAILED,),
    Tab.DELIVERED: (Status.DELIVERED,),
}
TAB_OF: dict[Status, Tab] = {status: tab for tab, statuses in STATUSES_OF.items() if tab is not Tab.ALL for status in statuses}
DETAILS_OF: dict[Tab, tuple[StatusDetail, ...]] = {
    Tab.ALL: tuple(StatusDetail),
    Tab.PREPARING: (StatusDetail.RELEASE_FAILED,),
    Tab.DELIVERY: (StatusDetail.PROCESSED, StatusDetail.DISPATCHED, StatusDetail.SHIPPING),
    Tab.FAILED: (StatusDetail.REDELIVERY, StatusDetail.CANCELLATION, StatusDetail.UNDECIDED),
    Tab.DELIVERED: (),
}


@dataclass(frozen=True)
class Address:
    recipient: str = ""
    phone: str = ""
    address: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


ADDRESS = tuple(field.name for field in fields(Address))


@dataclass(frozen=True)
class Item:
    product_id: str
    name: str
    quantity: int


class InvoiceAction(StrEnum):
    """What an invoice event is. The values are what the database stores."""

    REGISTERED = "registered"
    DELETED = "deleted"


@dataclass(frozen=True)
class InvoiceEvent:
    """One registration or deletion of a tracking number; `changed_at` is aware.

    `invoice_no` is the number as it was entered, `canonical_no` its one form; the same where no other is said.
    """

    invoice_id: int
    carrier: str
    invoice_no: str
    changed_at: datetime
    deleted: bool = False
    canonical_no: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "canonical_no", self.canonical_no or self.invoice_no)

    @property
    def key(self) -> tuple[str, str]:
        """Carrier and number, whatever its spelling."""
        return self.carrier, self.canonical_no


@dataclass(frozen=True)
class Checkpoint:
    """One carrier scan; `stage` is None for a code nobody knows, `invoice_id` None for a past without a number.

    `local_at` is the time as it was written, without its zone; None where it is not known. `inferred`: its service has no code for
    the pick-up, so that the first such scan of a way stands for it, whichever of both the stage says. `told_as` is the service's
    own name of the event, "" where it has none.
    """

    happened_at: datetime
    stage: Stage | None
    invoice_id: int | None = None
    code: str = ""
    place: str = ""
    text: str = ""
    source: ChangeSource = ChangeSource.CARRIER
    zone_from: ZoneFrom = ZoneFrom.WRITTEN
    local_at: datetime | None = None
    hint: Hint | None = None
    inferred: bool = False
    told_as: str = ""

    def __hash__(self) -> int:
        """Two fields tell nearly all apart, in a fraction of the time of all twelve."""
        return hash((self.happened_at, self.text))

    @property
    def zone_assumed(self) -> bool:
        """Whether the time came without its zone."""
        return self.zone_from is not ZoneFrom.WRITTEN


@dataclass(frozen=True)
class State:
    """What the facts amount to; stored beside them so that lists can filter on it. Times are aware, UTC.

    `word` is the detail where the status alone does not say it: redelivery, cancellation, undecided, release failed. `delivered_at`,
    `failed_attempts`, `first_failed_at`, `first_exception_at` and `lost_at` are of the way to the recipient, `returning_at` is since
    when the parcel goes back, and `returned_at` when it was there. `doubt` is what a person should know of the number.
    """

    status: Status
    since: datetime
    word: StatusDetail | None = None
    reason: str | None = None
    exception: str | None = None
    stage: Stage | None = None
    picked_up_at: datetime | None = None
    first_attempt_at: datetime | None = None
    last_scan_at: datetime | None = None
    delivered_at: datetime | None = None
    failed_attempts: int = 0
    first_failed_at: datetime | None = None
    first_exception_at: datetime | None = None
    lost_at: datetime | None = None
    returning_at: datetime | None = None
    returned_at: datetime | None = None
    doubt: AnswerDoubt | None = None

    @property
    def way_back(self) -> WayBack | None:
        """Whether the parcel goes back or is back; None also for one that was sent out again after it came back."""
        return way_back(self.returning_at, self.returned_at)


def way_back(returning_at: datetime | None, returned_at: datetime | None) -> WayBack | None:
    """The way back of a state, of its two moments."""
    if returning_at is None:
        return None
    return WayBack.RETURNED if returned_at and returned_at >= returning_at else WayBack.RETURNING


@dataclass(frozen=True)
class Handling:
    """How people deal with a shipment beside what is known of it: who has it in hand, and why it is off the worklist.

    Put aside until a day of the shop, as long as the shipment stays at that version; or `done_flag` was dealt with, at that moment
    and on that day of the shop.
    """

    assigned_to: str = ""
    snoozed_until: date | None = None
    snoozed_version: int | None = None
    done_flag: str | None = None
    done_at: datetime | None = None
    done_on: date | None = None


@dataclass(frozen=True)
class Shipment:
    """Goods sent together to one recipient, with all the facts known about them.

    `forgotten_at` is when who receives it was forgotten, None while it is known. `split_no` is the shipment that it was split from,
    `joined_no` the one that it was put into; `regrouped_at` is since when its goods are others than those that came in.
    """

    shipment_id: int
    shipment_no: str
    order_no: str
    ordered_at: datetime
    address: Address
    state: State
    kind: Kind = Kind.STANDARD
    destination: Destination = Destination.DOMESTIC
    released_at: datetime | None = None
    promised_on: date | None = None
    ship_by: date | None = None
    warehouse: str = ""
    policy: str = ""
    option: str = ""
    weight_g: int | None = None
    freight: Decimal | None = None
    currency: str = ""
    request: str = ""
    items: tuple[Item, ...] = ()
    invoices: tuple[InvoiceEvent, ...] = ()
    checkpoints: tuple[Checkpoint, ...] = ()
    origin_no: str | None = None
    successor_no: str | None = None
    split_no: str | None = None
    joined_no: str | None = None
    regrouped_at: datetime | None = None
    closed_at: datetime | None = None
    forgotten_at: datetime | None = None
    handling: Handling = Handling()
    version: int = 1
    updated_at: datetime | None = field(default=None, compare=False)

    @property
    def lane(self) -> ParcelLane:
        return ParcelLane(self.policy, self.destination, self.address.country)

    @property
    def invoice(self) -> InvoiceEvent | None:
        """The registration in force, or None."""
        return current(self.invoices)

    @property
    def journey(self) -> tuple[Checkpoint, ...]:
        """The checkpoints of the registration in force only."""
        invoice = self.invoice
        number = invoice.invoice_id if invoice else None
        return tuple(checkpoint for checkpoint in self.checkpoints if checkpoint.invoice_id == number)

    @property
    def live(self) -> bool:
        """Whether it still holds its number against others: neither delivered nor closed."""
        return self.state.status is not Status.DELIVERED and self.closed_at is None

    def but(self, **changes: object) -> "Shipment":
        return replace(self, **changes)  # type: ignore[arg-type]


def current(invoices: tuple[InvoiceEvent, ...]) -> InvoiceEvent | None:
    """The registration in force: the last event, unless it deleted."""
    return invoices[-1] if invoices and not invoices[-1].deleted else None
