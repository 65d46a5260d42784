"""A shop day by day: what it knew at each moment, in which every week is like the other unless the test says otherwise."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from core.domain.shipment import Checkpoint, Destination, InvoiceEvent, Shipment, Stage
from core.domain.status import folded
from core.store.database import Connection, Store
from core.store.local_time import midnight
from tests.builders import ADDRESS, SEOUL, a_shipment, a_store, add

SUNDAY = 6
ORDERS = (24, 20, 18, 20, 22, 12, 9)
ABROAD = (8, 6, 5, 6, 7, 4, 3)
COMPANIES = {Destination.DOMESTIC: ("cj", "hanjin"), Destination.INTERNATIONAL: ("ems", "dhl")}
PROMISED = {Destination.DOMESTIC: 3, Destination.INTERNATIONAL: 14}
WAYS = (
    *["plain"] * 34, *["late"] * 3, *["failed"] * 4, *["held"] * 3, "held first", "returned", "returned", "lost", "unpromised",
    "never scanned", "modified", "modified", "withdrawn", "closed", "deleted",
)  # fmt: skip


@dataclass(frozen=True)
class Luck:
    """What chance decides of a parcel, from 0 to 1 each: when in the day it is ordered, how slow it is, and its way."""

    hour: float
    pace: float
    way: float


def parcels(
    first: date, days: int, luck: Callable[[int, int, int], Luck], worse_from: date | None = None
) -> Iterator[Shipment]:
    """Every parcel of so many days with all that will ever happen to it; from `worse_from` on the first company takes two days more.

    `luck` is asked by the day of the week, the destination (0 domestic) and the place in the day.
    """
    number = 0
    for n in range(days):
        day = first + timedelta(days=n)
        for abroad, orders in enumerate((ORDERS, ABROAD)):
            for place in range(orders[day.weekday()]):
                number += 1
                company = COMPANIES[list(Destination)[abroad]][place % 2]
                slow = worse_from is not None and day >= worse_from and place % 2 == 0
                yield _parcel(number, day, list(Destination)[abroad], company, luck(day.weekday(), abroad, place), slow)


def alike(weekday: int, abroad: int, place: int) -> Luck:
    """Every week exactly like the other."""
    turn = 31 * weekday + 7 * place + 3 * abroad
    return Luck((turn * 17 % 97) / 97, (turn * 29 % 89) / 89, (turn * 13 % 101) / 101)


def by_chance(seed: int) -> Callable[[int, int, int], Luck]:
    """Every parcel by itself, of the same chances."""
    dice = random.Random(seed)
    return lambda weekday, abroad, place: Luck(dice.random(), dice.random(), dice.random())


def known(parcel: Shipment, now: datetime) -> Shipment | None:
    """The parcel as the desk knows it at that moment; None before its order."""
    if parcel.ordered_at > now:
        return None
    invoices = tuple(event for event in parcel.invoices if event.changed_at <= now)
    told = {None, *(event.invoice_id for event in invoices)}
    scans = tuple(scan for scan in parcel.checkpoints if scan.happened_at <= now and scan.invoice_id in told)
    ended = {"released_at": _known(parcel.released_at, now), "closed_at": _known(parcel.closed_at, now)}
    return folded(replace(parcel, invoices=invoices, checkpoints=scans, **ended))


class Replay:
    """A store in which a shop's days pass."""

    def __init__(self, given: Sequence[Shipment]) -> None:
        self.store = a_store()
        self._given, self._shown, self._now = given, dict[str, int](), datetime.min.replace(tzinfo=SEOUL)

    def to(self, now: datetime) -> Store:
        """The store as the desk has it at that moment, later than the last one."""
        news = [parcel for parcel in self._given if any(self._now < moment <= now for moment in _moments(parcel))]
        shown = [shipment for parcel in news if (shipment := known(parcel, now))]
        stale = [self._shown[one.shipment_no] for one in shown if one.shipment_no in self._shown]
        self.store.write(lambda connection: _forget(connection, stale))
        add(self.store, *shown)
        ids = self.store.rows("SELECT shipment_no, shipment_id FROM shipment")
        self._shown, self._now = {row["shipment_no"]: row["shipment_id"] for row in ids}, now
        return self.store


def _forget(connection: Connection, ids: Sequence[int]) -> None:
    for table in ("shipment", "invoice", "checkpoint", "item"):
        connection.execute(f"DELETE FROM {table} WHERE shipment_id IN (SELECT unnest($ids::BIGINT[]))", {"ids": list(ids)})


def _moments(parcel: Shipment) -> Iterator[datetime]:
    yield parcel.ordered_at
    yield from (moment for moment in (parcel.released_at, parcel.closed_at) if moment)
    yield from (event.changed_at for event in parcel.invoices)
    yield from (scan.happened_at for scan in parcel.checkpoints)


def _known(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment and moment <= now else None


def _parcel(number: int, day: date, destination: Destination, company: str, luck: Luck, slow: bool) -> Shipment:
    """Nobody works on Sundays: neither the shop nor its carriers."""
    abroad, way = destination is Destination.INTERNATIONAL, WAYS[int(luck.way * len(WAYS))]
    ordered = _at(day, 24 * luck.hour)
    registered = _working(ordered + timedelta(hours=3 + 9 * luck.pace))
    picked_up = _working(_at(registered.astimezone(SEOUL).date(), 18) + timedelta(days=int(luck.pace * 1.4)))
    hours = (100 + 220 * luck.pace) if abroad else (16 + 40 * luck.pace)
    tried = _working(picked_up + timedelta(hours=hours * (2 if way == "late" else 1), days=2 if slow else 0))
    invoice = InvoiceEvent(number, company, f"{number:012}", registered)
    parcel = a_shipment(
        f"Q-{number}",
        ordered_at=ordered,
        released_at=ordered + timedelta(hours=2),
        promised_on=None if way == "unpromised" else day + timedelta(days=PROMISED[destination]),
        ship_by=day + timedelta(days=1),
        destination=destination,
        address=replace(ADDRESS, country="DE" if abroad else "KR"),
        invoices=(invoice,),
    )
    return replace(parcel, **_course(way, invoice, picked_up, tried))


def _course(way: str, invoice: InvoiceEvent, picked_up: datetime, tried: datetime) -> dict[str, object]:
    """What becomes of a parcel: its registrations and scans, or when it was closed."""
    later = _working(tried + timedelta(days=1))

    def scans(*told: tuple[Stage, datetime], number: InvoiceEvent = invoice) -> tuple[Checkpoint, ...]:
        return tuple(Checkpoint(at, stage, number.invoice_id) for stage, at in told)

    start = (Stage.PICKED_UP, picked_up), (Stage.IN_TRANSIT, picked_up + (tried - picked_up) / 2)
    arrived = *start, (Stage.DELIVERED, tried)
    match way:
        case "failed":
            return {"checkpoints": scans(*start, (Stage.ATTEMPT_FAILED, tried), (Stage.DELIVERED, later))}
        case "held":
            return {"checkpoints": scans(*start, (Stage.EXCEPTION, tried - timedelta(hours=5)), (Stage.DELIVERED, tried))}
        case "held first":
            return {"checkpoints": scans((Stage.EXCEPTION, picked_up - timedelta(hours=2)), *arrived)}
        case "returned":
            back = tried + timedelta(days=4)
            return {
                "checkpoints": scans(
                    *start, (Stage.ATTEMPT_FAILED, tried), (Stage.ATTEMPT_FAILED, later), (Stage.RETURNED, back)
                )
            }
        case "lost":
            return {"checkpoints": scans(*start, (Stage.LOST, later + timedelta(days=3)))}
        case "never scanned":
            return {"checkpoints": scans((Stage.INFO_RECEIVED, invoice.changed_at))}
        case "modified":
            new = InvoiceEvent(
                invoice.invoice_id + 500_000, invoice.carrier, f"9{invoice.invoice_no}", picked_up + timedelta(hours=30)
            )
            late = new.changed_at + timedelta(hours=4), tried + timedelta(days=2)
            told = scans((Stage.PICKED_UP, late[0]), (Stage.DELIVERED, late[1]), number=new)
            return {"invoices": (invoice, new), "checkpoints": told}
        case "withdrawn":
            return {"checkpoints": scans((Stage.CANCELLED, picked_up))}
        case "closed":
            return {"closed_at": tried, "checkpoints": ()}
        case "deleted":
            return {"invoices": (invoice, replace(invoice, changed_at=picked_up + timedelta(hours=20), deleted=True))}
    return {"checkpoints": scans(*arrived)}


def _at(day: date, hour: float) -> datetime:
    return midnight(day, SEOUL) + timedelta(hours=hour)


def _working(moment: datetime) -> datetime:
    """The same time of the next day when it is a Sunday."""
    return moment + timedelta(days=moment.astimezone(SEOUL).weekday() == SUNDAY)
