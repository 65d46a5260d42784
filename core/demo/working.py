"""A chunk of the demo shop worked out: what was packed and registered, where the carriers have it, what was closed."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from core.demo import catalog, customers, folding, journeys, packing, scans
from core.demo.catalog import DAY, HOUR
from core.demo.companies import AREAS, Companies
from core.demo.customers import AddressBook
from core.demo.folding import Folded
from core.demo.journeys import NEVER, Parcels, Plans
from core.demo.orders import Calendar, Skeleton
from core.demo.packing import Destinations, Numbering, Packed, Registrations
from core.demo.seeded_random import Dice, Flags, Ints, Texts
from core.domain.shipment import Stage, Status, Word

NONE = -1
FIRST, SECOND = 1, 2
BY_HAND = len(scans.SLOTS)

_FAILED, _CANCELLATION = folding.STATUSES.index(Status.SHIPPING_FAILED), folding.WORDS.index(Word.CANCELLATION)
_DELIVERED = folding.STAGES.index(Stage.DELIVERED)
STAGES_OF_COLUMNS = np.array(
    [folding.STAGES.index(stage) if (stage := scans.CODES[slot.code]) else NONE for slot in scans.SLOTS] + [_DELIVERED],
    dtype=np.int8,
)
_COUNTED = np.where([slot.name == "hub in again" for slot in scans.SLOTS] + [False], NONE, STAGES_OF_COLUMNS).astype(np.int8)


@dataclass(frozen=True)
class Shop:
    """What all shipments of a demo shop share. `start` is where its blocks of numbers begin."""

    companies: Companies
    time: Calendar
    book: AddressBook
    home: str
    start: int


@dataclass(frozen=True)
class Work:
    """One chunk while it is made. Everything has a row per shipment; `force` is the registration in force, 0 for none."""

    rows: Skeleton
    numbers: pa.Array
    to: Destinations
    packed: Packed
    entries: Registrations
    force: Ints
    in_force_no: Texts
    in_force_at: Ints
    based_at: Ints
    plans: Plans
    times: Ints
    folded: Folded
    sorted_times: Ints

    def moment(self, place: Ints) -> Ints:
        """The moment at a place in the order of scans, NEVER for NONE."""
        found = self.sorted_times[np.arange(len(place)), place.clip(0)]
        return np.where(place == NONE, NEVER, found)


def work_of(shop: Shop, rows: Skeleton, numbers: pa.Array) -> Work:
    to = _destinations(shop, rows)
    packed = packing.pack(rows, to, shop.time, shop.companies)
    new_block_from = int(shop.time.starts[shop.time.today - catalog.STRUGGLING_DAYS])
    entries = packing.register(rows, packed, to, Numbering(shop.companies, shop.start, new_block_from))
    now = shop.time.now
    second = entries.second_at <= now
    force = np.select([second, entries.deleted_at <= now, packed.registered_at <= now], [SECOND, 0, FIRST], 0)
    in_force_no = np.where(force == SECOND, entries.second, entries.first)
    in_force_at = np.where(force == SECOND, entries.second_at, packed.registered_at)
    released = np.where(packed.released_at <= now, packed.released_at, rows.ordered_at)
    based_at = np.where(force > 0, in_force_at, np.where(entries.deleted_at <= now, entries.deleted_at, released))
    parcels = Parcels(packed.carrier, packed.warehouse, to.city, in_force_at, in_force_no)
    plans = journeys.plan_many(shop.companies, parcels, shop.home)
    times = _known_times(shop, rows, packed, plans, force > 0, in_force_at)
    folded = folding.fold_all(times, _COUNTED, int(NEVER), force > 0)
    ordered = np.take_along_axis(times, folded.order, axis=1)
    return Work(
        rows, numbers, to, packed, entries, force, in_force_no, in_force_at, based_at, plans, times, folded,
        np.column_stack([based_at, ordered]),
    )  # fmt: skip


def _destinations(shop: Shop, rows: Skeleton) -> Destinations:
    world = customers.atlas(shop.home)
    city = shop.book.city[rows.customer]
    areas = np.array([AREAS.index(city.area) for city in world.cities])
    code, offset, sunday = (np.array([getattr(c, name) for c in world.countries]) for name in ("code", "offset", "sunday"))
    return Destinations(city, areas[city], code[city], offset[city] * HOUR, sunday[city])


def _known_times(shop: Shop, rows: Skeleton, packed: Packed, plans: Plans, registered: Flags, at: Ints) -> Ints:
    """The scans made so far; the last column is a delivery that staff marked by hand."""
    dice = Dice(rows.key)
    untracked = ~shop.companies.tracked[packed.carrier]
    soon = packing.at_work(dice, "marked by hand", at, packed.warehouse)
    later = at + dice.between("days until marked", 13 * DAY, 30 * DAY).astype(np.int64)
    late = packing.at_work(dice, "marked by hand", later, packed.warehouse)
    marked = np.select(
        [untracked & dice.happens("marked", 0.97), plans.silent & dice.happens("marked", 0.56)], [soon, late], NEVER
    )
    times = np.column_stack([plans.times, marked])
    return np.where((times <= shop.time.now) & registered[:, None], times, NEVER)


def closed(shop: Shop, work: Work, heirs_allowed: int) -> tuple[Ints, Ints]:
    """When cancelled shipments were closed (NEVER for most), and which of them are sent again as new shipments."""
    dice, folded = Dice(work.rows.key), work.folded
    over = (folded.status == _FAILED) & (folded.word == _CANCELLATION)
    over &= ~((work.plans.times > shop.time.now) & (work.plans.times < NEVER)).any(axis=1)
    after = work.moment(folded.since) + dice.between("days until closed", 0, 3.5 * DAY).astype(np.int64)
    closed_at = packing.at_work(dice, "closed at", np.where(over, after, 0), work.packed.warehouse)
    closed_at = np.where(over & dice.happens("closed", 0.72), closed_at, NEVER)
    closed_at = np.where(closed_at <= shop.time.now, closed_at, NEVER)
    able = np.flatnonzero((closed_at < NEVER) & (work.rows.reshipped_at == NONE))
    return closed_at, able[np.argsort(dice.roll("sent as new")[able], kind="stable")][:heirs_allowed]
