"""How the shop handles its orders: warehouse, shipping company, promise, preparation and the registration of numbers."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from core.demo import catalog, journeys
from core.demo.catalog import DAY, HOUR
from core.demo.companies import AREAS, Companies
from core.demo.journeys import NEVER
from core.demo.numbering import numbers
from core.demo.orders import Calendar, Skeleton
from core.demo.seeded_random import Flags, Floats, Ints, SeededRandom, Texts

NONE = -1
PLAIN, MODIFIED, REFUSED, DELETED = range(4)
FORM, SCAN, MORNING_UPLOAD, EVENING_UPLOAD = range(4)
ATTEMPTS = 4

_UPLOADS = (int(11.5 * HOUR), int(16.5 * HOUR))


@dataclass(frozen=True)
class Packed:
    """Per shipment: positions in the catalogue, days since 1970 (NONE: no date), moments in seconds (UTC)."""

    warehouse: Ints
    carrier: Ints
    policy: Ints
    option: Ints
    released_at: Ints
    ship_by: Ints
    promised_on: Ints
    registered_at: Ints
    registered_by: Ints


@dataclass(frozen=True)
class Registrations:
    """What became of the first number: a second one in its place at `second_at`, after a deletion at `deleted_at`."""

    mode: Ints
    first: Texts
    second: Texts
    refused_at: Ints
    deleted_at: Ints
    second_at: Ints


@dataclass(frozen=True)
class Destinations:
    """Where each shipment goes: position in the atlas, area, country, seconds from UTC, whether parcels come on Sundays."""

    city: Ints
    area: Ints
    country: npt.NDArray[np.str_]
    offset: Ints
    sunday: Flags


@dataclass(frozen=True)
class Numbering:
    """How numbers are given: `start` is where each block begins, `new_block_from` when a company's new one does."""

    companies: Companies
    start: int
    new_block_from: int


def pack(rows: Skeleton, to: Destinations, time: Calendar, companies: Companies) -> Packed:
    """What the shop does with each order until the number is registered."""
    goods, random = SeededRandom(rows.goods), SeededRandom(rows.key)
    warehouse = _warehouses(goods, to)
    carrier, policy, promise = _offers(companies, goods, warehouse, to.area)
    again = rows.reshipped_at >= 0
    day = _handling_day(np.where(again, rows.reshipped_at, rows.ordered_at), warehouse)
    released = np.where(again, rows.reshipped_at, _released(random, rows, warehouse, day))
    registered_at, registered_by = _registered(random, released, warehouse)
    ship_by = time.date_of(_workday(day, warehouse, _by_policy()[policy]) * DAY + 20 * HOUR - _offsets()[warehouse])
    promised = day + promise
    promised += ~to.sunday & ((promised + 3) % 7 == 6)
    promised_on = time.date_of(promised * DAY + 19 * HOUR - to.offset)
    exchange = rows.exchange == 1
    unpromised = random.happens("no promise", np.where(exchange, 0.4, 0.045)) | again
    return Packed(
        warehouse=warehouse,
        carrier=carrier,
        policy=policy,
        option=_options(goods, policy),
        released_at=released,
        ship_by=np.where(random.happens("no ship-by date", 0.035) | again, NONE, ship_by),
        promised_on=np.where(unpromised, NONE, promised_on),
        registered_at=registered_at,
        registered_by=registered_by,
    )


def register(rows: Skeleton, packed: Packed, to: Destinations, numbering: Numbering) -> Registrations:
    """The numbers of each shipment, and when one was replaced."""
    random = SeededRandom(rows.key)
    first = _numbers(rows.running, packed, to, numbering, 0)
    unknown = journeys.refused(first) & numbering.companies.tracked[packed.carrier]
    roll = random.uniform("what became of the number")
    mode = np.select([unknown, roll < 0.013, roll < 0.018], [REFUSED, MODIFIED, DELETED], PLAIN)
    refused_at = journeys.refused_at(first, packed.registered_at)
    soon = packed.registered_at + random.between("soon", 480, 4500).astype(np.int64)
    days = np.searchsorted([0, 0.62, 0.84, 0.91, 0.95, 0.97, 0.985], random.uniform("days until mended"))
    mended = at_work(random, "mended", packed.registered_at + (days - 1) * DAY, packed.warehouse)
    mended = np.maximum(mended, refused_at + 900)
    second_at = np.select([mode == REFUSED, mode == MODIFIED, mode == DELETED], [mended, soon, mended], NEVER)
    return Registrations(
        mode=mode,
        first=first,
        second=_replacements(rows, packed, to, numbering, mode),
        refused_at=np.where(mode == REFUSED, refused_at, NEVER),
        deleted_at=np.where(mode == DELETED, np.minimum(soon, mended - 900), NEVER),
        second_at=second_at,
    )


def at_work(random: SeededRandom, name: str, after: Ints, warehouse: Ints) -> Ints:
    """A moment on the warehouse's first working day after that of `after`, in working hours."""
    day = (after + _offsets()[warehouse]) // DAY + 1
    second = random.between(name, 9.2 * HOUR, 16.8 * HOUR).astype(np.int64)
    return _workday(day, warehouse) * DAY + second - _offsets()[warehouse]


def _warehouses(goods: SeededRandom, to: Destinations) -> Ints:
    roll = goods.uniform("warehouse")
    shares = {**dict.fromkeys(np.unique(to.country).tolist(), catalog.WAREHOUSE_SHARES_ELSEWHERE), **catalog.WAREHOUSE_SHARES}
    limits = {code: np.cumsum(weights) / sum(weights) for code, weights in shares.items()}
    codes, of_row = np.unique(to.country, return_inverse=True)
    table = np.array([limits[code] for code in codes.tolist()])
    return _chosen(table[of_row], roll)


def _chosen(limits: Floats, roll: Floats) -> Ints:
    chosen: Ints = (roll[:, None] >= limits).sum(axis=1)
    return chosen.clip(max=limits.shape[1] - 1)


@dataclass(frozen=True)
class _LaneTables:
    """By warehouse, area and place among the offers; `rare` is where those begin that are taken in turn, and how many they are."""

    limits: Floats
    rare: Ints
    carrier: Ints
    policy: Ints
    promise: Ints


@cache
def _lanes(companies: Companies) -> _LaneTables:
    lanes = {
        (w, a): (companies.lane(warehouse.country, area), companies.rare(warehouse.country, area))
        for w, warehouse in enumerate(catalog.WAREHOUSES)
        for a, area in enumerate(AREAS)
    }
    size = (len(catalog.WAREHOUSES), len(AREAS), max(len(usual) + len(rare) for usual, rare in lanes.values()))
    limits, in_turn = np.ones(size), np.zeros((*size[:2], 2), dtype=np.int64)
    carrier, policy, promise = (np.zeros(size, dtype=np.int64) for _ in range(3))
    policies = [policy.name for policy in catalog.POLICIES]
    for (w, a), (usual, rare) in lanes.items():
        offers, in_turn[w, a] = (*usual, *rare), (len(usual), len(rare))
        shares = np.cumsum([offer.share for offer in offers])
        limits[w, a, : len(offers)] = shares / shares[-1]
        for place, offer in enumerate(offers):
            carrier[w, a, place] = companies.position(offer.carrier)
            policy[w, a, place] = policies.index(offer.policy)
            promise[w, a, place] = offer.promise
    return _LaneTables(limits, in_turn, carrier, policy, promise)


def _offers(companies: Companies, goods: SeededRandom, warehouse: Ints, area: Ints) -> tuple[Ints, Ints, Ints]:
    lanes = _lanes(companies)
    chosen = _in_turn(lanes, warehouse, area, _chosen(lanes.limits[warehouse, area], goods.uniform("service")))
    at = (warehouse, area, chosen)
    return lanes.carrier[at], lanes.policy[at], lanes.promise[at]


def _in_turn(lanes: _LaneTables, warehouse: Ints, area: Ints, chosen: Ints) -> Ints:
    """The offers chosen, a lane's rare ones one after the other: each gets its parcel, however few they are."""
    taken = chosen.copy()
    for w, a in np.argwhere(lanes.rare[:, :, 1] > 0):
        first, count = lanes.rare[w, a]
        rows = np.flatnonzero((warehouse == w) & (area == a) & (chosen >= first))
        taken[rows] = first + np.arange(len(rows)) % count
    return taken


def _options(goods: SeededRandom, policy: Ints) -> Ints:
    width = max(len(p.options) for p in catalog.POLICIES)
    limits = np.ones((len(catalog.POLICIES), width))
    for position, entry in enumerate(catalog.POLICIES):
        shares = np.cumsum([weight for _, weight in entry.options])
        limits[position, : len(shares)] = shares / shares[-1]
    return _chosen(limits[policy], goods.uniform("option"))


@cache
def _by_policy() -> Ints:
    else_ = catalog.SHIP_WITHIN_WORKDAYS_ELSE
    return np.array([catalog.SHIP_WITHIN_WORKDAYS.get(policy.name, else_) for policy in catalog.POLICIES])


@cache
def _workdays() -> Ints:
    """Days until the n-th working day from a weekday on (0: the day itself or the next), by warehouse, weekday, n."""
    table = np.zeros((len(catalog.WAREHOUSES), 7, 16), dtype=np.int64)
    for w, warehouse in enumerate(catalog.WAREHOUSES):
        for weekday in range(7):
            ahead = [n for n in range(40) if warehouse.workdays[(weekday + n) % 7]]
            table[w, weekday] = ahead[:16]
    return table


def _workday(day: Ints, warehouse: Ints, further: Ints | int = 0) -> Ints:
    ahead: Ints = _workdays()[warehouse, (day + 3) % 7, further]
    return day + ahead


@cache
def _offsets() -> Ints:
    return np.array([warehouse.offset * HOUR for warehouse in catalog.WAREHOUSES])


@cache
def _cutoffs() -> Ints:
    return np.array([int(warehouse.cutoff_hour * HOUR) for warehouse in catalog.WAREHOUSES])


def _handling_day(ordered_at: Ints, warehouse: Ints) -> Ints:
    """The local day on which the warehouse should handle the order: after the cut-off the next working day."""
    day, second = np.divmod(ordered_at + _offsets()[warehouse], DAY)
    return _workday(day + (second > _cutoffs()[warehouse]), warehouse)


def _released(random: SeededRandom, rows: Skeleton, warehouse: Ints, due: Ints) -> Ints:
    out_of_stock = np.searchsorted([0.88, 0.94, 0.96, 0.972, 0.981, 0.987, 0.992, 0.995, 0.998], random.uniform("out of stock"))
    day = _workday(due, warehouse, out_of_stock)
    ordered_day, second = np.divmod(rows.ordered_at + _offsets()[warehouse], DAY)
    opening = np.where(day == ordered_day, np.maximum(second, 9 * HOUR), 9 * HOUR)
    ready = opening + random.between("preparation", 0.3 * HOUR, 4 * HOUR).astype(np.int64)
    released: Ints = day * DAY + np.minimum(ready, int(17.1 * HOUR)) - _offsets()[warehouse]
    return released


def _registered(random: SeededRandom, released: Ints, warehouse: Ints) -> tuple[Ints, Ints]:
    offset = _offsets()[warehouse]
    day, second = np.divmod(released + offset + random.between("registration", 0.2 * HOUR, 2.6 * HOUR).astype(np.int64), DAY)
    day, second = _not_before_opening(random, day, second, warehouse)
    slow = np.array([w.slow_on_mondays for w in catalog.WAREHOUSES])[warehouse] & ((day + 3) % 7 == 0)
    slow &= random.happens("a bad Monday", 0.78)
    later = random.between("later in the day", 10.5 * HOUR, 16 * HOUR).astype(np.int64)
    day, second = day + slow, np.where(slow, later, second)
    source = np.array([FORM, SCAN, MORNING_UPLOAD])[random.pick("source", (10, 28, 62))]
    upload, morning = source == MORNING_UPLOAD, second <= _UPLOADS[0]
    source = np.select(
        [upload & morning, upload & (second <= _UPLOADS[1]), upload], [MORNING_UPLOAD, EVENING_UPLOAD, SCAN], source
    )
    second = np.select([source == MORNING_UPLOAD, source == EVENING_UPLOAD], _UPLOADS, second)
    return day * DAY + second - offset, source


def _not_before_opening(random: SeededRandom, day: Ints, second: Ints, warehouse: Ints) -> tuple[Ints, Ints]:
    tomorrow = (second > int(17.4 * HOUR)) | random.happens("left for tomorrow", 0.09)
    opened = _workday(day + tomorrow, warehouse)
    early = random.between("in the morning", 9 * HOUR, 11.2 * HOUR).astype(np.int64)
    return opened, np.where((opened > day) | (second < 8 * HOUR), early, second)


def _numbers(running: Ints, packed: Packed, to: Destinations, numbering: Numbering, attempt: int) -> Texts:
    companies = numbering.companies
    origins = np.array([warehouse.country for warehouse in catalog.WAREHOUSES])[packed.warehouse]
    struggling = packed.carrier == companies.position(catalog.STRUGGLING_CARRIER)
    struggling &= packed.registered_at >= numbering.new_block_from
    abroad = origins != to.country
    return numbers(companies, packed.carrier, abroad, struggling, running * ATTEMPTS + attempt, numbering.start)


def _replacements(rows: Skeleton, packed: Packed, to: Destinations, numbering: Numbering, mode: Ints) -> Texts:
    """Second numbers for those that need one, each the first of a few that its carrier knows."""
    second = np.zeros(len(mode), dtype="S32")
    wanted = np.flatnonzero(mode != PLAIN)
    for attempt in range(1, ATTEMPTS):
        part = Packed(**{name: values[wanted] for name, values in vars(packed).items()})
        where = Destinations(**{name: values[wanted] for name, values in vars(to).items()})
        second[wanted] = _numbers(rows.running[wanted], part, where, numbering, attempt)
        wanted = wanted[journeys.refused(second[wanted])]
    return second
