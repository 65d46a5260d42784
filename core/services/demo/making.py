"""The rows of the demo shop: skeletons, plans and folded states put together as Arrow tables."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.domain.invoice_number import Rules
from core.domain.shipment import Stage, Status, Word
from core.services.demo import catalog, customers, folding, journeys, orders, packing, scans
from core.services.demo.catalog import DAY, HOUR
from core.services.demo.customers import Book
from core.services.demo.dice import Dice, Flags, Ints, Texts
from core.services.demo.folding import Folded
from core.services.demo.journeys import NEVER, Parcels, Plans
from core.services.demo.orders import Calendar, Skeleton
from core.services.demo.packing import DELETED, REFUSED, Destinations, Packed, Registrations
from core.store import tables

NONE = -1
MAKER = "Demo shop"
CARRIERS_NAME = "Carriers"

_FIRST, _SECOND = 1, 2
_FAILED, _CANCELLATION = folding.STATUSES.index(Status.SHIPPING_FAILED), folding.WORDS.index(Word.CANCELLATION)
_DELIVERED = folding.STAGES.index(Stage.DELIVERED)
_STAGES_OF_SLOTS = np.array(
    [folding.STAGES.index(stage) if (stage := scans.CODES[slot.code]) else NONE for slot in scans.SLOTS] + [_DELIVERED],
    dtype=np.int8,
)
_COUNTED = np.where([slot.name == "hub in again" for slot in scans.SLOTS] + [False], NONE, _STAGES_OF_SLOTS).astype(np.int8)
_BY_HAND = len(scans.SLOTS)

# Batches of one day, apart by who makes them: the shop, the carriers, and per warehouse the ways to register.
_CREATED, _BY_CARRIER, _BY_STAFF = 0, 1, 2
_WAYS = 4
_BATCHES_A_DAY = 16
_SOURCES = ("form", "scan", "upload", "upload")
_NOTES = ("invoices registered by form", "invoices scanned", "morning upload", "evening upload")


@dataclass(frozen=True)
class Shop:
    """What all shipments of a demo shop share. `start` is where its blocks of numbers begin."""

    rules: Rules
    time: Calendar
    book: Book
    home: str
    start: int


@dataclass(frozen=True)
class Heirs:
    """Shipments sent instead of cancelled ones: their skeletons and the numbers of those they replace."""

    rows: Skeleton
    origin_no: pa.Array


@dataclass(frozen=True)
class Made:
    """Tables whose ids count from 0, and the shipments that have to be made in place of cancelled ones."""

    tables: dict[str, pa.Table]
    heirs: Heirs


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


def make(shop: Shop, rows: Skeleton, numbers: pa.Array, heirs_allowed: int, origin_no: pa.Array | None = None) -> Made:
    """All tables for the shipments of `rows`, which are called `numbers`, as they stand now."""
    work = _worked(shop, rows, numbers)
    closed_at, chosen = _closed(shop, work, heirs_allowed)
    heirs = Heirs(orders.reshipped(rows.rows(chosen), closed_at[chosen]), numbers.take(pa.array(chosen)))
    successor_no = _placed(len(rows), chosen, pc.binary_join_element_wise(heirs.origin_no, "R1", "-"))
    history, codes = _history(shop, work, closed_at, successor_no, origin_no)
    batches, batch_of = _batches(shop, codes.batch, codes.at, _checkpoint_days(shop, work))
    registrations = _invoice_events(shop, work)
    items = _Items(rows)
    made = {
        "shipment": _shipment(shop, work, items, closed_at, successor_no, origin_no, codes),
        "item": items.table(),
        "invoice": _invoices(registrations, batch_of),
        "checkpoint": _checkpoints(shop, work, batch_of),
        "batch": batches,
        "history": history.append_column("batch_id", pa.array(batch_of[codes.batch])).select(tables.HISTORY.names),
        "search_key": _search_keys(work, items, registrations),
    }
    return Made(made, heirs)


def names_of(shop: Shop, ordered_at: Ints) -> pa.Array:
    """Shipment numbers of rows in order time: the shop's day and a number running within it."""
    day = shop.time.day_of(ordered_at)
    first = np.searchsorted(day, day)
    stems = [f"S{day:%y%m%d}-" for day in shop.time.days]
    return _join(_taken(stems, day), _padded(np.arange(len(day)) - first + 1, 5))


def _worked(shop: Shop, rows: Skeleton, numbers: pa.Array) -> Work:
    to = _destinations(shop, rows)
    packed = packing.pack(rows, to)
    new_block_from = int(shop.time.starts[-1 - catalog.STRUGGLING_DAYS])
    entries = packing.register(rows, packed, to, shop.rules, shop.start, new_block_from)
    now = shop.time.now
    second = entries.second_at <= now
    force = np.select([second, entries.deleted_at <= now, packed.registered_at <= now], [_SECOND, 0, _FIRST], 0)
    in_force_no = np.where(force == _SECOND, entries.second, entries.first)
    in_force_at = np.where(force == _SECOND, entries.second_at, packed.registered_at)
    released = np.where(packed.released_at <= now, packed.released_at, rows.ordered_at)
    based_at = np.where(force > 0, in_force_at, np.where(entries.deleted_at <= now, entries.deleted_at, released))
    plans = journeys.plan_many(Parcels(packed.carrier, packed.warehouse, to.city, in_force_at, in_force_no), shop.home)
    times = _known_times(rows, packed, plans, force > 0, in_force_at, now)
    folded = folding.fold_all(times, _COUNTED, int(NEVER), force > 0)
    ordered = np.take_along_axis(times, folded.order, axis=1)
    return Work(
        rows, numbers, to, packed, entries, force, in_force_no, in_force_at, based_at, plans, times, folded,
        np.column_stack([based_at, ordered]),
    )  # fmt: skip


def _destinations(shop: Shop, rows: Skeleton) -> Destinations:
    world = customers.atlas(shop.home)
    city = shop.book.city[rows.customer]
    areas = np.array([journeys.AREAS.index(city.area) for city in world.cities])
    countries = np.array([country.code for country in world.countries])
    return Destinations(city, areas[city], countries[city], np.array([c.sunday for c in world.countries])[city])


def _known_times(rows: Skeleton, packed: Packed, plans: Plans, registered: Flags, at: Ints, now: int) -> Ints:
    """The scans made so far; the last column is a delivery that staff marked by hand."""
    dice = Dice(rows.key)
    untracked = packed.carrier == catalog.CARRIERS.index(catalog.UNTRACKED)
    soon = at + dice.between("marked by hand soon", 20 * HOUR, 60 * HOUR).astype(np.int64)
    late = at + dice.between("marked by hand late", 13 * DAY, 30 * DAY).astype(np.int64)
    marked = np.select(
        [untracked & dice.happens("marked", 0.97), plans.silent & dice.happens("marked", 0.56)], [soon, late], NEVER
    )
    times = np.column_stack([plans.times, marked])
    return np.where((times <= now) & registered[:, None], times, NEVER)


def _closed(shop: Shop, work: Work, heirs_allowed: int) -> tuple[Ints, Ints]:
    """When cancelled shipments were closed (NEVER for most), and which of them are sent again as new shipments."""
    dice, folded = Dice(work.rows.key), work.folded
    over = (folded.status == _FAILED) & (folded.word == _CANCELLATION)
    over &= ~((work.plans.times > shop.time.now) & (work.plans.times < NEVER)).any(axis=1)
    after = dice.between("closed after", 0.4 * DAY, 4 * DAY).astype(np.int64)
    closed_at = np.where(over & dice.happens("closed", 0.72), work.moment(folded.since) + after, NEVER)
    closed_at = np.where(closed_at <= shop.time.now, closed_at, NEVER)
    able = np.flatnonzero((closed_at < NEVER) & (work.rows.reshipped_at == NONE))
    return closed_at, able[np.argsort(dice.roll("sent as new")[able], kind="stable")][:heirs_allowed]


class _Items:
    """The item lines of shipments: one to four products each, an exchange one."""

    def __init__(self, rows: Skeleton) -> None:
        dice = Dice(rows.goods)
        count = 1 + dice.pick("lines", (56, 27, 12, 5))
        self.count = np.where(rows.exchange == 1, 1, count)
        ends = np.cumsum(self.count)
        self.row = np.repeat(np.arange(len(rows)), self.count)
        self.line = np.arange(ends[-1] if len(ends) else 0) - (ends - self.count)[self.row]
        first = dice.pick("product", [weight for *_, weight in catalog.PRODUCTS])
        step = dice.whole("next product", 1, 17)
        self.product = (first[self.row] + step[self.row] * self.line) % len(catalog.PRODUCTS)
        many = Dice(rows.goods[self.row] + self.line.astype(np.uint64)).pick("quantity", (78, 14, 5, 2, 1))
        self.quantity = np.where(rows.exchange[self.row] == 1, 1, 1 + many)

    @property
    def first_product(self) -> Ints:
        return self.product[self.line == 0]

    @property
    def grams(self) -> Ints:
        weights = np.array([grams for _, _, grams, _ in catalog.PRODUCTS])[self.product] * self.quantity
        return 130 + np.bincount(self.row, weights=weights, minlength=len(self.count)).astype(np.int64)

    def table(self) -> pa.Table:
        return _table(
            tables.ITEM,
            shipment_id=pa.array(self.row),
            line=pa.array(self.line + 1),
            product_id=_dictionary([product for product, *_ in catalog.PRODUCTS], self.product),
            name=_dictionary([name for _, name, *_ in catalog.PRODUCTS], self.product),
            quantity=pa.array(self.quantity),
        )


@dataclass(frozen=True)
class _Codes:
    """What the history rows were made of: shipment, batch and moment of each."""

    row: Ints
    batch: Ints
    at: Ints


@dataclass(frozen=True)
class _Change:
    """History rows of one kind: for `row` at `at`, made in the batch of `way` on that day."""

    action: str
    row: Ints
    at: Ints
    way: Ints
    before: pa.Array
    after: pa.Array
    reason: pa.Array


def _shipment(
    shop: Shop, work: Work, items: _Items, closed_at: Ints, successor_no: pa.Array, origin_no: pa.Array | None, codes: _Codes
) -> pa.Table:  # fmt: skip
    rows, packed, folded = work.rows, work.packed, work.folded
    size, registered = len(rows), work.force > 0
    updated = np.zeros(size, dtype=np.int64)
    np.maximum.at(updated, codes.row, codes.at)
    reason, exception = _said(work, folded.reason), _said(work, folded.exception)
    return _table(
        tables.SHIPMENT,
        shipment_id=pa.array(np.arange(size)),
        shipment_no=work.numbers,
        **{name: _dictionary(column, rows.customer) for name, column in shop.book.columns.items()},
        order_no=_order_numbers(rows),
        kind=_dictionary(("standard", "exchange"), rows.exchange),
        destination=_dictionary(("domestic", "international"), work.to.country != shop.home),
        ordered_at=_moments(rows.ordered_at),
        released_at=_moments(packed.released_at, packed.released_at <= shop.time.now),
        promised_on=_dates(packed.promised_on),
        ship_by=_dates(packed.ship_by),
        warehouse=_dictionary([warehouse.code for warehouse in catalog.WAREHOUSES], packed.warehouse),
        policy=_dictionary([policy.name for policy in catalog.POLICIES], packed.policy),
        option=_options(packed),
        weight_g=pa.array(items.grams),
        freight=_freight(rows, packed, items.grams),
        currency=_dictionary([policy.currency for policy in catalog.POLICIES], packed.policy),
        request=_requests(shop, rows),
        product=_dictionary([name for _, name, *_ in catalog.PRODUCTS], items.first_product),
        items=pa.array(items.count),
        source_hash=pa.nulls(size, pa.string()),
        status=_dictionary(folding.STATUSES, folded.status),
        word=_dictionary(folding.WORDS, folded.word),
        reason=reason,
        exception=exception,
        stage=_dictionary(folding.STAGES, folded.stage),
        status_since=_moments(work.moment(folded.since)),
        invoice_id=pa.array(np.arange(size) * 2 + work.force - 1, mask=~registered),
        carrier=_dictionary(catalog.CARRIERS, np.where(registered, packed.carrier, NONE)),
        invoice_no=_texts(work.in_force_no, registered),
        invoiced_at=_moments(work.in_force_at, registered),
        picked_up_at=_moments(work.moment(folded.picked_up)),
        first_attempt_at=_moments(work.moment(folded.first_attempt)),
        last_scan_at=_moments(work.moment(folded.last_scan)),
        delivered_at=_moments(work.moment(folded.delivered)),
        closed_at=_moments(closed_at),
        origin_no=pa.nulls(size, pa.string()) if origin_no is None else origin_no,
        successor_no=successor_no,
        version=pa.array(np.bincount(codes.row, minlength=size)),
        updated_at=_moments(updated),
    )


def _order_numbers(rows: Skeleton) -> pa.Array:
    return _join("O-", pa.array(rows.order).cast(pa.string()))


def _options(packed: Packed) -> pa.Array:
    names = [name for policy in catalog.POLICIES for name, _ in policy.options]
    starts = np.cumsum([0, *(len(policy.options) for policy in catalog.POLICIES[:-1])])
    return _dictionary(names, starts[packed.policy] + packed.option)


def _freight(rows: Skeleton, packed: Packed, grams: Ints) -> pa.Array:
    base, per_kg = (np.array([getattr(p, name) for p in catalog.POLICIES]) for name in ("base", "per_kg"))
    half_kilos = np.ceil(grams / 500) / 2
    price = base[packed.policy] + per_kg[packed.policy] * half_kilos
    free = (rows.exchange == 1) | ((packed.policy <= 1) & Dice(rows.goods).happens("free shipping", 0.3))
    return pa.array(np.where(free, 0.0, np.round(price, 2))).cast(pa.decimal128(12, 2))


def _requests(shop: Shop, rows: Skeleton) -> pa.Array:
    world = customers.atlas(shop.home)
    dice = Dice(rows.goods)
    choices = list(catalog.REQUESTS.items())
    texts = ["", *(text for _, texts in choices for text in texts)]
    starts = dict(zip((name for name, _ in choices), np.cumsum([1, *(len(t) for _, t in choices[:-1])]), strict=True))
    city = shop.book.city[rows.customer]
    language = [country.language for country in world.countries]
    start = np.array([starts[name] for name in language])[city]
    size = np.array([len(catalog.REQUESTS[name]) for name in language])[city]
    asked = dice.happens("a request", catalog.ASKING)
    return _dictionary(texts, np.where(asked, start + (dice.roll("which request") * size).astype(np.int64), 0))


def _said(work: Work, place: Ints) -> pa.Array:
    """The text of the scan at a place in the order of scans."""
    words, _ = _words()
    rows = np.arange(len(place))
    column = work.folded.order[rows, (place - 1).clip(0)]
    text = _text_ids(work, rows, column)
    return _dictionary(words, np.where(place == NONE, NONE, text))


@cache
def _words() -> tuple[list[str], Ints]:
    """All texts of scans with the reasons for marking by hand after them, and where each language and slot begins."""
    words, begins = journeys.texts()
    by_hand = np.full((len(begins), 1), len(words))
    return [*words, *catalog.BY_HAND_BECAUSE], np.hstack([begins, by_hand])


def _text_ids(work: Work, rows: Ints, columns: Ints) -> Ints:
    _, begins = _words()
    by_hand = Dice(work.rows.key).pick("reason by hand", [1] * len(catalog.BY_HAND_BECAUSE))
    scanned = columns < _BY_HAND
    variant = np.where(scanned, work.plans.variant[rows, np.minimum(columns, _BY_HAND - 1)], by_hand[rows])
    return begins[work.plans.language[rows], columns] + variant


def _checkpoints(shop: Shop, work: Work, batch_of: Ints) -> pa.Table:
    times = np.take_along_axis(work.times, _by_time(work.times), axis=1)
    rows, places = np.nonzero(times < NEVER)
    columns = _by_time(work.times)[rows, places]
    at = times[rows, places]
    by_hand = columns == _BY_HAND
    codes = [*(slot.code for slot in scans.SLOTS), ""]
    stage_of = np.append(_STAGES_OF_SLOTS[:-1], _DELIVERED)
    site = np.where(by_hand, NONE, work.plans.site[rows, np.minimum(columns, _BY_HAND - 1)])
    way = np.where(by_hand, _staff_way(work.packed.warehouse[rows], packing.FORM), _BY_CARRIER)
    old = np.flatnonzero((work.entries.mode == REFUSED) & (work.force == _SECOND))
    current = _table(
        tables.CHECKPOINT,
        shipment_id=pa.array(rows),
        invoice_id=pa.array(rows * 2 + work.force[rows] - 1),
        happened_at=_moments(at),
        zone_assumed=pa.array(work.plans.zone_assumed[rows] & ~by_hand),
        stage=_dictionary(folding.STAGES, stage_of[columns]),
        code=_dictionary(codes, columns),
        place=_dictionary(["", *journeys.places(shop.home)], site + 1),
        text=_dictionary(_words()[0], _text_ids(work, rows, columns)),
        source=_dictionary((scans.SOURCE, "form"), by_hand),
        batch_id=pa.array(batch_of[_batch_codes(shop, at, way)]),
    )
    return pa.concat_tables([current.cast(tables.CHECKPOINT), _refusals(shop, work, old, batch_of).cast(tables.CHECKPOINT)])


def _by_time(times: Ints) -> Ints:
    return np.argsort(times, axis=1, kind="stable")


def _refusals(shop: Shop, work: Work, old: Ints, batch_of: Ints) -> pa.Table:
    """What carriers said of first numbers that have been replaced since."""
    words, begins = _words()
    slot = scans.SLOT["refused"]
    at = work.entries.refused_at[old]
    places = journeys.places(shop.home)
    return _table(
        tables.CHECKPOINT,
        shipment_id=pa.array(old),
        invoice_id=pa.array(old * 2),
        happened_at=_moments(at),
        zone_assumed=pa.array(work.plans.zone_assumed[old]),
        stage=_same(Stage.INVALID_NUMBER, len(old)),
        code=_same(scans.SLOTS[slot].code, len(old)),
        place=_dictionary(places, work.plans.site[old, slot]),
        text=_dictionary(words, begins[work.plans.language[old], slot]),
        source=_same(scans.SOURCE, len(old)),
        batch_id=pa.array(batch_of[_batch_codes(shop, at, np.full(len(old), _BY_CARRIER))]),
    )


def _checkpoint_days(shop: Shop, work: Work) -> Ints:
    """The batches that checkpoints came in."""
    days = np.unique(shop.time.day_of(work.times[:, :_BY_HAND][work.times[:, :_BY_HAND] < NEVER]))
    return days * _BATCHES_A_DAY + _BY_CARRIER


@dataclass(frozen=True)
class _Registered:
    """Rows of the table of invoices, in order of time."""

    row: Ints
    number: Ints
    deleted: Flags
    at: Ints
    batch: Ints
    carrier: Ints
    texts: Texts


def _invoice_events(shop: Shop, work: Work) -> _Registered:
    now, packed, entries = shop.time.now, work.packed, work.entries
    first = np.flatnonzero(packed.registered_at <= now)
    gone = np.flatnonzero((entries.mode == DELETED) & (entries.deleted_at <= now))
    second = np.flatnonzero(entries.second_at <= now)
    row = np.concatenate([first, gone, second])
    at = np.concatenate([packed.registered_at[first], entries.deleted_at[gone], entries.second_at[second]])
    number = np.concatenate([np.full(len(first), _FIRST), np.full(len(gone), _FIRST), np.full(len(second), _SECOND)])
    deleted = np.repeat([False, True, False], [len(first), len(gone), len(second)])
    by_form = _staff_way(packed.warehouse[row], packing.FORM)
    way = np.where((number == _FIRST) & ~deleted, _staff_way(packed.warehouse[row], packed.registered_by[row]), by_form)
    order = np.argsort(at, kind="stable")
    texts = np.concatenate([entries.first[first], entries.first[gone], entries.second[second]])
    batch = _batch_codes(shop, at, way)
    return _Registered(
        row[order], number[order], deleted[order], at[order], batch[order], packed.carrier[row][order], texts[order]
    )


def _invoices(events: _Registered, batch_of: Ints) -> pa.Table:
    return _table(
        tables.INVOICE,
        event_id=pa.array(np.arange(len(events.row))),
        shipment_id=pa.array(events.row),
        invoice_id=pa.array(events.row * 2 + events.number - 1),
        action=_dictionary(("registered", "deleted"), events.deleted),
        carrier=_dictionary(catalog.CARRIERS, events.carrier),
        invoice_no=_texts(events.texts),
        changed_at=_moments(events.at),
        batch_id=pa.array(batch_of[events.batch]),
    )


def _search_keys(work: Work, items: _Items, events: _Registered) -> pa.Table:
    """Keys in the form of `search_form`; the numbers made here are upper case, so only hyphens have to go."""
    kept = ~events.deleted
    parts = (
        ("shipment_no", _searched(work.numbers), np.arange(len(work.rows))),
        ("order_no", _searched(_order_numbers(work.rows)), np.arange(len(work.rows))),
        ("invoice_no", _texts(events.texts[kept]), events.row[kept]),
        ("product_id", _taken([p.replace("-", "") for p, *_ in catalog.PRODUCTS], items.product), items.row),
    )
    return _table(
        tables.SEARCH_KEY,
        kind=pa.concat_arrays([_same(kind, len(rows)) for kind, _, rows in parts]),
        value=pa.concat_arrays([values for _, values, _ in parts]),
        shipment_id=pa.array(np.concatenate([rows for *_, rows in parts])),
    )


def _searched(values: pa.Array) -> pa.Array:
    return pc.replace_substring(values, "-", "")


def _history(
    shop: Shop, work: Work, closed_at: Ints, successor_no: pa.Array, origin_no: pa.Array | None
) -> tuple[pa.Table, _Codes]:
    changes = [
        _created(work, origin_no),
        _first_registered(shop, work),
        _number_refused(shop, work),
        _modified(shop, work),
        _deleted(shop, work),
        _registered_again(shop, work),
        *_last_changes(work),
        *_closings(work, closed_at, successor_no),
    ]
    row, at, way = (np.concatenate([getattr(c, name) for c in changes]) for name in ("row", "at", "way"))
    action = np.repeat(np.arange(len(changes)), [len(c.row) for c in changes])
    order = np.argsort(at, kind="stable")
    row, at, way, action = row[order], at[order], way[order], action[order]
    codes = _Codes(row, _batch_codes(shop, at, way), at)
    makers, of_row = _makers(codes.batch)
    texts = {name: pa.concat_arrays([getattr(c, name) for c in changes]) for name in ("before", "after", "reason")}
    return pa.table(
        {
            "history_id": pa.array(np.arange(len(row))),
            "shipment_id": pa.array(row),
            "changed_at": _moments(at),
            "changed_by": _dictionary([by for by, _, _ in makers], of_row),
            "source": _dictionary([source for _, source, _ in makers], of_row),
            "action": _dictionary([change.action for change in changes], action),
            **{name: column.take(pa.array(order)) for name, column in texts.items()},
        }
    ), codes


def _change(
    action: str, row: Ints, at: Ints, way: Ints | int, before: pa.Array, after: pa.Array, reason: pa.Array | None = None
) -> _Change:
    ways = np.full(len(row), way) if isinstance(way, int) else way
    return _Change(action, row, at, ways, before, after, _same("", len(row)) if reason is None else reason)


def _created(work: Work, origin_no: pa.Array | None) -> _Change:
    rows = np.arange(len(work.rows))
    at = np.where(work.rows.reshipped_at == NONE, work.rows.ordered_at, work.rows.reshipped_at)
    nothing = _same("{}", len(rows))
    after = nothing if origin_no is None else _join('{"origin_no":"', origin_no, '"}')
    way: Ints | int = _CREATED if origin_no is None else _staff_way(work.packed.warehouse, packing.FORM)
    return _change("created", rows, at, way, nothing, after)


def _first_registered(shop: Shop, work: Work) -> _Change:
    packed = work.packed
    rows = np.flatnonzero(packed.registered_at <= shop.time.now)
    way = _staff_way(packed.warehouse[rows], packed.registered_by[rows])
    before, after = _registering(work, rows, work.entries.first)
    return _change("invoice_registered", rows, packed.registered_at[rows], way, before, after)


def _registering(work: Work, rows: Ints, numbers: Texts) -> tuple[pa.Array, pa.Array]:
    """What a registration changes, before and after; read the other way round, what a deletion does."""
    before = _same('{"carrier":null,"invoice_no":null,"status":"preparing_to_release"}', len(rows))
    carrier = _taken(catalog.CARRIERS, work.packed.carrier[rows])
    after = _join(
        '{"carrier":"', carrier, '","invoice_no":"', _texts(numbers[rows]), '","status":"preparing_to_ship"}'
    )  # fmt: skip
    return before, after


def _number_refused(shop: Shop, work: Work) -> _Change:
    """Refusals of first numbers replaced since; those still in force are the last change of their shipment."""
    rows = np.flatnonzero((work.entries.mode == REFUSED) & (work.force == _SECOND))
    before = _same('{"status":"preparing_to_ship","word":null}', len(rows))
    after = _same('{"status":"preparing_to_release","word":"release_failed"}', len(rows))
    return _change("status_changed", rows, work.entries.refused_at[rows], _BY_CARRIER, before, after)


def _modified(shop: Shop, work: Work) -> _Change:
    entries = work.entries
    rows = np.flatnonzero((work.force == _SECOND) & (entries.mode != DELETED))
    refused = entries.mode[rows] == REFUSED
    old, new = _texts(entries.first[rows]), _texts(entries.second[rows])
    failed, mended = ',"status":"preparing_to_release","word":"release_failed"}', ',"status":"preparing_to_ship","word":null}'
    before = _join('{"invoice_no":"', old, '"', _taken(("}", failed), refused))
    after = _join('{"invoice_no":"', new, '"', _taken(("}", mended), refused))
    reasons = (*catalog.MODIFIED_BECAUSE, *catalog.REFUSED_BECAUSE)
    plain = Dice(work.rows.key[rows]).pick("reason", [1] * len(catalog.MODIFIED_BECAUSE))
    reason = np.where(refused, len(catalog.MODIFIED_BECAUSE) + plain % len(catalog.REFUSED_BECAUSE), plain)
    way = _staff_way(work.packed.warehouse[rows], packing.FORM)
    return _change("invoice_modified", rows, entries.second_at[rows], way, before, after, _taken(reasons, reason))


def _deleted(shop: Shop, work: Work) -> _Change:
    rows = np.flatnonzero(work.entries.deleted_at <= shop.time.now)
    after, before = _registering(work, rows, work.entries.first)
    reason = Dice(work.rows.key[rows]).pick("reason", [1] * len(catalog.DELETED_BECAUSE))
    way = _staff_way(work.packed.warehouse[rows], packing.FORM)
    texts = _taken(catalog.DELETED_BECAUSE, reason)
    return _change("invoice_deleted", rows, work.entries.deleted_at[rows], way, before, after, texts)


def _registered_again(shop: Shop, work: Work) -> _Change:
    rows = np.flatnonzero((work.force == _SECOND) & (work.entries.mode == DELETED))
    before, after = _registering(work, rows, work.entries.second)
    way = _staff_way(work.packed.warehouse[rows], packing.FORM)
    return _change("invoice_registered", rows, work.entries.second_at[rows], way, before, after)


def _last_changes(work: Work) -> list[_Change]:
    """The last change of status or word: news of the carrier, or a delivery marked by hand."""
    folded = work.folded
    rows = np.flatnonzero(folded.changed > 0)
    at = work.sorted_times[rows, folded.changed[rows]]
    by_hand = folded.order[rows, folded.changed[rows] - 1] == _BY_HAND
    before, after = _status_texts(folded, rows)
    carriers, staff = np.flatnonzero(~by_hand), np.flatnonzero(by_hand)
    marked = rows[staff]
    reason = Dice(work.rows.key[marked]).pick("reason by hand", [1] * len(catalog.BY_HAND_BECAUSE))
    way = _staff_way(work.packed.warehouse[marked], packing.FORM)
    return [
        _change(
            "status_changed", rows[carriers], at[carriers], _BY_CARRIER,
            before.take(pa.array(carriers)), after.take(pa.array(carriers)),
        ),
        _change(
            "marked_delivered", marked, at[staff], way,
            before.take(pa.array(staff)), after.take(pa.array(staff)), _taken(catalog.BY_HAND_BECAUSE, reason),
        ),
    ]  # fmt: skip


def _status_texts(folded: Folded, rows: Ints) -> tuple[pa.Array, pa.Array]:
    pairs = (folded.status_before, folded.word_before, folded.status, folded.word)
    size = 16
    code = sum((column[rows] + 1) * size**power for power, column in enumerate(pairs))
    kinds, of_row = np.unique(code, return_inverse=True)
    texts = [_status_text([int(kind) // size**power % size - 1 for power in range(4)]) for kind in kinds]
    return _taken([before for before, _ in texts], of_row), _taken([after for _, after in texts], of_row)


def _status_text(kind: Sequence[int]) -> tuple[str, str]:
    status, word, new_status, new_word = kind
    old, new = [], []
    if status != new_status:
        old.append(f'"status":"{folding.STATUSES[status]}"')
        new.append(f'"status":"{folding.STATUSES[new_status]}"')
    if word != new_word:
        old.append(f'"word":{_quoted(word)}')
        new.append(f'"word":{_quoted(new_word)}')
    return "{" + ",".join(old) + "}", "{" + ",".join(new) + "}"


def _quoted(word: int) -> str:
    return "null" if word == NONE else f'"{folding.WORDS[word]}"'


def _closings(work: Work, closed_at: Ints, successor_no: pa.Array) -> list[_Change]:
    closed = np.flatnonzero(closed_at < NEVER)
    again = np.asarray(successor_no.is_valid())[closed]
    changes = []
    for action, rows in (("closed", closed[~again]), ("reshipped", closed[again])):
        moments = _taken_moments(closed_at[rows])
        linked = action == "reshipped"
        tail = _join(',"successor_no":"', successor_no.take(pa.array(rows)), '"}') if linked else _same("}", len(rows))
        before = '{"closed_at":null,"successor_no":null}' if linked else '{"closed_at":null}'
        reason = Dice(work.rows.key[rows]).pick("reason", [1] * len(catalog.CLOSED_BECAUSE))
        why = _same("", len(rows)) if linked else _taken(catalog.CLOSED_BECAUSE, reason)
        after = _join('{"closed_at":"', moments, '"', tail)
        way = _staff_way(work.packed.warehouse[rows], packing.FORM)
        changes.append(_change(action, rows, closed_at[rows], way, _same(before, len(rows)), after, why))
    return changes


def _taken_moments(seconds: Ints) -> pa.Array:
    return pc.strftime(pa.array(seconds).cast(pa.timestamp("s", tz="UTC")), format="%Y-%m-%d %H:%M:%S+00:00")


def _staff_way(warehouse: Ints, way: Ints | int) -> Ints:
    return _BY_STAFF + warehouse * _WAYS + way


def _batch_codes(shop: Shop, at: Ints, way: Ints) -> Ints:
    return shop.time.day_of(at) * _BATCHES_A_DAY + way


def _makers(codes: Ints) -> tuple[list[tuple[str, str, str]], Ints]:
    """Who made the batches of these codes, from where and why; and which maker each row has."""
    kinds, of_row = np.unique(codes, return_inverse=True)
    return [_maker(int(kind)) for kind in kinds], of_row


def _maker(code: int) -> tuple[str, str, str]:
    day, way = divmod(code, _BATCHES_A_DAY)
    if way == _CREATED:
        return MAKER, "demo", "orders of a day"
    if way == _BY_CARRIER:
        return CARRIERS_NAME, "carrier", "tracking refreshed"
    warehouse, kind = divmod(way - _BY_STAFF, _WAYS)
    staff = catalog.WAREHOUSES[warehouse].staff
    return staff[(day + kind) % len(staff)], _SOURCES[kind], _NOTES[kind]


def _batches(shop: Shop, codes: Ints, at: Ints, others: Ints) -> tuple[pa.Table, Ints]:
    """The batches of all rows, and the position of each code among them."""
    kinds = np.union1d(codes, others)
    batch_of = np.zeros(len(shop.time.days) * _BATCHES_A_DAY, dtype=np.int64)
    batch_of[kinds] = np.arange(len(kinds))
    made_at = np.minimum(shop.time.starts[kinds // _BATCHES_A_DAY + 1] - 1, shop.time.now)
    np.minimum.at(made_at, batch_of[codes], at)
    makers = [_maker(int(kind)) for kind in kinds]
    return _table(
        tables.BATCH,
        batch_id=pa.array(np.arange(len(kinds))),
        request_key=pa.nulls(len(kinds), pa.string()),
        made_at=_moments(made_at),
        made_by=pa.array([by for by, _, _ in makers]),
        source=pa.array([source for _, source, _ in makers]),
        note=pa.array([note for _, _, note in makers]),
        undoes=pa.nulls(len(kinds), pa.int64()),
    ), batch_of


def _table(schema: pa.Schema, **columns: pa.Array) -> pa.Table:
    return pa.table({name: columns[name] for name in schema.names})


def _dictionary(texts: Sequence[str], positions: npt.NDArray[Any]) -> pa.Array:
    """The texts at these positions, null at NONE, each text stored once."""
    places = positions.astype(np.int32)
    return pa.DictionaryArray.from_arrays(pa.array(places, mask=places == NONE), pa.array([str(t) for t in texts]))


def _taken(texts: Sequence[str], positions: npt.NDArray[Any]) -> pa.Array:
    return pa.array([str(text) for text in texts], pa.string()).take(pa.array(positions.astype(np.int64)))


def _same(text: str, size: int) -> pa.Array:
    return pa.repeat(pa.scalar(str(text)), size)


def _join(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")


def _padded(values: Ints, width: int) -> pa.Array:
    return pc.ascii_lpad(pa.array(values).cast(pa.string()), width, "0")


def _texts(texts: Texts, valid: Flags | None = None) -> pa.Array:
    found = pa.array(texts.astype(object), pa.binary()).cast(pa.string())
    return found if valid is None else pc.if_else(pa.array(valid), found, pa.scalar(None, pa.string()))


def _moments(seconds: Ints, valid: Flags | None = None) -> pa.Array:
    known = seconds < NEVER if valid is None else valid & (seconds < NEVER)
    return pa.array(np.where(known, seconds, 0) * 1_000_000, mask=~known).cast(tables.MOMENT)


def _dates(days: Ints) -> pa.Array:
    return pa.array(days.astype(np.int32), mask=days == NONE).cast(pa.date32())


def _placed(size: int, rows: Ints, values: pa.Array) -> pa.Array:
    """The values at their rows, null elsewhere."""
    places = np.full(size, NONE)
    places[rows] = np.arange(len(rows))
    return values.take(pa.array(places, mask=places == NONE))
