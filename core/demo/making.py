"""The rows of the demo shop as Arrow tables."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from core.demo import catalog, changes, columns, customers, folding, journeys, orders, packing, scans, working
from core.demo.changes import BATCHES_A_DAY, BY_CARRIER, Codes
from core.demo.journeys import NEVER
from core.demo.orders import Skeleton
from core.demo.packing import DELETED, REFUSED, Packed
from core.demo.seeded_random import Flags, Ints, SeededRandom, Texts
from core.demo.working import BY_HAND, FIRST, NONE, SECOND, STAGES_OF_COLUMNS, Shop, Work
from core.domain.history import ChangeSource
from core.domain.shipment import InvoiceAction, Stage, ZoneFrom
from core.store import shipments
from core.store.database import MOMENT
from core.store.history import HISTORY

_ZONES = (ZoneFrom.WRITTEN, ZoneFrom.CARRIER)


@dataclass(frozen=True)
class Heirs:
    """Shipments sent instead of cancelled ones: their skeletons and the numbers of those they replace."""

    rows: Skeleton
    origin_no: pa.Array


@dataclass(frozen=True)
class Made:
    """Tables whose ids count from 0, and the shipments that have to be made in place of cancelled ones."""

    tables: Mapping[str, pa.Table]
    heirs: Heirs


def make(shop: Shop, rows: Skeleton, numbers: pa.Array, heirs_allowed: int, origin_no: pa.Array | None = None) -> Made:
    """All tables for the shipments of `rows`, which are called `numbers`, as they stand now."""
    work = working.work_of(shop, rows, numbers)
    closed_at, chosen = working.closed(shop, work, heirs_allowed)
    heirs = Heirs(orders.reshipped(rows.rows(chosen), closed_at[chosen]), numbers.take(pa.array(chosen)))
    successor_no = columns.placed(len(rows), chosen, pc.binary_join_element_wise(heirs.origin_no, "R1", "-"))
    history, codes = changes.history(shop, work, closed_at, successor_no, origin_no)
    batches, batch_of = changes.batches(shop, codes.batch, codes.at, _checkpoint_days(shop, work))
    registrations = _invoice_events(shop, work)
    items = _Items(rows)
    made = {
        "shipment": _shipment(shop, work, items, _Ends(closed_at, successor_no, origin_no), codes),
        "item": items.table(),
        "invoice": _invoices(shop, registrations, batch_of),
        "checkpoint": _checkpoints(shop, work, batch_of),
        "batch": batches,
        "history": history.append_column("batch_id", pa.array(batch_of[codes.batch])).select(HISTORY.names),
        "search_key": _search_keys(work, items, registrations),
    }
    return Made(made, heirs)


def names_of(shop: Shop, ordered_at: Ints) -> pa.Array:
    """Shipment numbers of rows in order time: the shop's day and a number running within it."""
    day = shop.time.day_of(ordered_at)
    first = np.searchsorted(day, day)
    stems = [f"S{day:%y%m%d}-" for day in shop.time.days]
    return columns.join(columns.taken(stems, day), columns.padded(np.arange(len(day)) - first + 1, 5))


class _Items:
    """The item lines of shipments: one to four products each, an exchange one."""

    def __init__(self, rows: Skeleton) -> None:
        random = SeededRandom(rows.goods)
        count = 1 + random.pick("lines", (56, 27, 12, 5))
        self.count = np.where(rows.exchange == 1, 1, count)
        ends = np.cumsum(self.count)
        self.row = np.repeat(np.arange(len(rows)), self.count)
        self.line = np.arange(ends[-1] if len(ends) else 0) - (ends - self.count)[self.row]
        first = random.pick("product", [weight for *_, weight in catalog.PRODUCTS])
        step = random.whole("next product", 1, 17)
        self.product = (first[self.row] + step[self.row] * self.line) % len(catalog.PRODUCTS)
        many = SeededRandom(rows.goods[self.row] + self.line.astype(np.uint64)).pick("quantity", (78, 14, 5, 2, 1))
        self.quantity = np.where(rows.exchange[self.row] == 1, 1, 1 + many)

    @property
    def first_product(self) -> Ints:
        first: Ints = self.product[self.line == 0]
        return first

    @property
    def grams(self) -> Ints:
        weights = np.array([grams for _, _, grams, _ in catalog.PRODUCTS])[self.product] * self.quantity
        return 130 + np.bincount(self.row, weights=weights, minlength=len(self.count)).astype(np.int64)

    def table(self) -> pa.Table:
        return columns.table(
            shipments.ITEM,
            shipment_id=pa.array(self.row),
            line=pa.array(self.line + 1),
            product_id=columns.dictionary([product for product, *_ in catalog.PRODUCTS], self.product),
            name=columns.dictionary([name for _, name, *_ in catalog.PRODUCTS], self.product),
            quantity=pa.array(self.quantity),
        )


@dataclass(frozen=True)
class _Ends:
    """When each shipment was closed, as which one it was sent again, and in place of which one it was made."""

    closed_at: Ints
    successor_no: pa.Array
    origin_no: pa.Array | None


def _shipment(shop: Shop, work: Work, items: _Items, ends: _Ends, codes: Codes) -> pa.Table:
    rows, packed, folded = work.rows, work.packed, work.folded
    size, registered = len(rows), work.force > 0
    updated = np.zeros(size, dtype=np.int64)
    np.maximum.at(updated, codes.row, codes.at)
    reason, exception = _said(work, folded.reason), _said(work, folded.exception)
    return columns.table(
        shipments.SHIPMENT,
        shipment_id=pa.array(np.arange(size)),
        shipment_no=work.numbers,
        **{name: columns.dictionary(column, rows.customer) for name, column in shop.book.columns.items()},
        recipient_key=columns.dictionary(shop.book.recipient_keys, rows.customer),
        order_no=_order_numbers(rows),
        kind=columns.dictionary(("standard", "exchange"), rows.exchange),
        destination=columns.dictionary(("domestic", "international"), work.to.country != shop.home),
        ordered_at=columns.moments(rows.ordered_at),
        released_at=columns.moments(packed.released_at, packed.released_at <= shop.time.now),
        promised_on=columns.dates(packed.promised_on),
        ship_by=columns.dates(packed.ship_by),
        warehouse=columns.dictionary([warehouse.code for warehouse in catalog.WAREHOUSES], packed.warehouse),
        policy=columns.dictionary([policy.name for policy in catalog.POLICIES], packed.policy),
        option=_options(packed),
        weight_g=pa.array(items.grams),
        freight=_freight(rows, packed, items.grams),
        currency=columns.dictionary([policy.currency for policy in catalog.POLICIES], packed.policy),
        request=_requests(shop, rows),
        product=columns.dictionary([name for _, name, *_ in catalog.PRODUCTS], items.first_product),
        items=pa.array(items.count),
        source_hash=pa.nulls(size, pa.string()),
        forgotten_at=pa.nulls(size, MOMENT),
        status=columns.dictionary(folding.STATUSES, folded.status),
        word=columns.dictionary(folding.WORDS, folded.word),
        reason=reason,
        exception=exception,
        stage=columns.dictionary(folding.STAGES, folded.stage),
        status_since=columns.moments(work.moment(folded.since)),
        invoice_id=pa.array(np.arange(size) * 2 + work.force - 1, mask=~registered),
        carrier=columns.dictionary(shop.companies.codes, np.where(registered, packed.carrier, NONE)),
        invoice_no=columns.texts(work.in_force_no, registered),
        canonical_no=columns.texts(work.in_force_no, registered),
        invoiced_at=columns.moments(work.in_force_at, registered),
        picked_up_at=columns.moments(work.moment(folded.picked_up)),
        first_attempt_at=columns.moments(work.moment(folded.first_attempt)),
        last_scan_at=columns.moments(work.moment(folded.last_scan)),
        delivered_at=columns.moments(work.moment(folded.delivered)),
        failed_attempts=pa.array(folded.failures),
        first_failed_at=columns.moments(work.moment(folded.first_failed)),
        first_exception_at=columns.moments(work.moment(folded.first_exception)),
        lost_at=columns.moments(work.moment(folded.lost)),
        returning_at=columns.moments(work.moment(folded.returning)),
        returned_at=columns.moments(work.moment(folded.returned)),
        doubt=pa.nulls(size, pa.string()),
        closed_at=columns.moments(ends.closed_at),
        origin_no=pa.nulls(size, pa.string()) if ends.origin_no is None else ends.origin_no,
        successor_no=ends.successor_no,
        split_no=pa.nulls(size, pa.string()),
        joined_no=pa.nulls(size, pa.string()),
        regrouped_at=pa.nulls(size, MOMENT),
        version=pa.array(np.bincount(codes.row, minlength=size)),
        updated_at=columns.moments(updated),
        **{name: pa.nulls(size, shipments.SHIPMENT.field(name).type) for name in shipments.HANDLING},
    )


def _order_numbers(rows: Skeleton) -> pa.Array:
    return columns.join("O-", pa.array(rows.order).cast(pa.string()))


def _options(packed: Packed) -> pa.Array:
    names = [name for policy in catalog.POLICIES for name, _ in policy.options]
    starts = np.cumsum([0, *(len(policy.options) for policy in catalog.POLICIES[:-1])])
    return columns.dictionary(names, starts[packed.policy] + packed.option)


def _freight(rows: Skeleton, packed: Packed, grams: Ints) -> pa.Array:
    base, per_kg = (np.array([getattr(p, name) for p in catalog.POLICIES]) for name in ("base", "per_kg"))
    half_kilos = np.ceil(grams / 500) / 2
    price = base[packed.policy] + per_kg[packed.policy] * half_kilos
    free = (rows.exchange == 1) | ((packed.policy <= 1) & SeededRandom(rows.goods).happens("free shipping", 0.3))
    return pa.array(np.where(free, 0.0, np.round(price, 2))).cast(pa.decimal128(12, 2))


def _requests(shop: Shop, rows: Skeleton) -> pa.Array:
    world = customers.atlas(shop.home)
    random = SeededRandom(rows.goods)
    choices = list(catalog.REQUESTS.items())
    texts = ["", *(text for _, texts in choices for text in texts)]
    starts = dict(zip((name for name, _ in choices), np.cumsum([1, *(len(t) for _, t in choices[:-1])]), strict=True))
    city = shop.book.city[rows.customer]
    language = [country.language for country in world.countries]
    start = np.array([starts[name] for name in language])[city]
    size = np.array([len(catalog.REQUESTS[name]) for name in language])[city]
    asked = random.happens("a request", catalog.ASKING)
    return columns.dictionary(texts, np.where(asked, start + (random.uniform("which request") * size).astype(np.int64), 0))


def _said(work: Work, place: Ints) -> pa.Array:
    """The text of the scan at a place in the order of scans."""
    words, _ = _words()
    rows = np.arange(len(place))
    column = work.folded.order[rows, (place - 1).clip(0)]
    text = _text_ids(work, rows, column)
    return columns.dictionary(words, np.where(place == NONE, NONE, text))


@cache
def _words() -> tuple[list[str], Ints]:
    """All texts of scans with the reasons for marking by hand after them, and where each language and slot begins."""
    words, begins = journeys.texts()
    by_hand = np.full((len(begins), 1), len(words))
    return [*words, *catalog.BY_HAND_BECAUSE], np.hstack([begins, by_hand])


def _text_ids(work: Work, rows: Ints, slots: Ints) -> Ints:
    _, begins = _words()
    by_hand = SeededRandom(work.rows.key).pick("reason by hand", [1] * len(catalog.BY_HAND_BECAUSE))
    scanned = slots < BY_HAND
    variant = np.where(scanned, work.plans.variant[rows, np.minimum(slots, BY_HAND - 1)], by_hand[rows])
    return begins[work.plans.language[rows], slots] + variant


def _checkpoints(shop: Shop, work: Work, batch_of: Ints) -> pa.Table:
    order = np.argsort(work.times, axis=1, kind="stable")
    times = np.take_along_axis(work.times, order, axis=1)
    rows, places = np.nonzero(times < NEVER)
    slots = order[rows, places]
    at = times[rows, places]
    by_hand = slots == BY_HAND
    codes = [*(slot.code for slot in scans.SLOTS), ""]
    stage_of = STAGES_OF_COLUMNS
    site = np.where(by_hand, NONE, work.plans.site[rows, np.minimum(slots, BY_HAND - 1)])
    way = np.where(by_hand, changes.staff_way(work.packed.warehouse[rows], packing.FORM), BY_CARRIER)
    old = np.flatnonzero((work.entries.mode == REFUSED) & (work.force == SECOND))
    current = columns.table(
        shipments.CHECKPOINT,
        shipment_id=pa.array(rows),
        invoice_id=pa.array(rows * 2 + work.force[rows] - 1),
        happened_at=columns.moments(at),
        zone_from=columns.dictionary(_ZONES, work.plans.zone_assumed[rows] & ~by_hand),
        local_at=pa.nulls(len(rows), pa.timestamp("us")),
        stage=columns.dictionary(folding.STAGES, stage_of[slots]),
        code=columns.dictionary(codes, slots),
        place=columns.dictionary(["", *journeys.places(shop.home)], site + 1),
        text=columns.dictionary(_words()[0], _text_ids(work, rows, slots)),
        hint=pa.nulls(len(rows), pa.string()),
        inferred=pa.repeat(pa.scalar(False), len(rows)),
        told_as=pa.repeat(pa.scalar(""), len(rows)),
        source=columns.dictionary((scans.SOURCE, ChangeSource.FORM), by_hand),
        batch_id=pa.array(batch_of[changes.batch_codes(shop, at, way)]),
    )
    return pa.concat_tables(
        [current.cast(shipments.CHECKPOINT), _refusals(shop, work, old, batch_of).cast(shipments.CHECKPOINT)]
    )


def _refusals(shop: Shop, work: Work, old: Ints, batch_of: Ints) -> pa.Table:
    """What carriers said of first numbers that have been replaced since."""
    words, begins = _words()
    slot = scans.SLOT["refused"]
    at = work.entries.refused_at[old]
    places = journeys.places(shop.home)
    return columns.table(
        shipments.CHECKPOINT,
        shipment_id=pa.array(old),
        invoice_id=pa.array(old * 2),
        happened_at=columns.moments(at),
        zone_from=columns.dictionary(_ZONES, work.plans.zone_assumed[old]),
        local_at=pa.nulls(len(old), pa.timestamp("us")),
        stage=columns.same(Stage.INVALID_NUMBER, len(old)),
        code=columns.same(scans.SLOTS[slot].code, len(old)),
        place=columns.dictionary(places, work.plans.site[old, slot]),
        text=columns.dictionary(words, begins[work.plans.language[old], slot]),
        hint=pa.nulls(len(old), pa.string()),
        inferred=pa.repeat(pa.scalar(False), len(old)),
        told_as=pa.repeat(pa.scalar(""), len(old)),
        source=columns.same(scans.SOURCE, len(old)),
        batch_id=pa.array(batch_of[changes.batch_codes(shop, at, np.full(len(old), BY_CARRIER))]),
    )


def _checkpoint_days(shop: Shop, work: Work) -> Ints:
    """The batches that checkpoints came in."""
    days = np.unique(shop.time.day_of(work.times[:, :BY_HAND][work.times[:, :BY_HAND] < NEVER]))
    return days * BATCHES_A_DAY + BY_CARRIER


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
    number = np.concatenate([np.full(len(first), FIRST), np.full(len(gone), FIRST), np.full(len(second), SECOND)])
    deleted = np.repeat([False, True, False], [len(first), len(gone), len(second)])
    by_form = changes.staff_way(packed.warehouse[row], packing.FORM)
    way = np.where((number == FIRST) & ~deleted, changes.staff_way(packed.warehouse[row], packed.registered_by[row]), by_form)
    order = np.argsort(at, kind="stable")
    texts = np.concatenate([entries.first[first], entries.first[gone], entries.second[second]])
    batch = changes.batch_codes(shop, at, way)
    return _Registered(
        row[order], number[order], deleted[order], at[order], batch[order], packed.carrier[row][order], texts[order]
    )


def _invoices(shop: Shop, events: _Registered, batch_of: Ints) -> pa.Table:
    return columns.table(
        shipments.INVOICE,
        event_id=pa.array(np.arange(len(events.row))),
        shipment_id=pa.array(events.row),
        invoice_id=pa.array(events.row * 2 + events.number - 1),
        action=columns.dictionary(tuple(InvoiceAction), events.deleted),
        carrier=columns.dictionary(shop.companies.codes, events.carrier),
        invoice_no=columns.texts(events.texts),
        canonical_no=columns.texts(events.texts),
        changed_at=columns.moments(events.at),
        batch_id=pa.array(batch_of[events.batch]),
    )


def _search_keys(work: Work, items: _Items, events: _Registered) -> pa.Table:
    """Keys in the form of `search_form`; the numbers made here are upper case, so only hyphens have to go."""
    kept = ~events.deleted
    parts = (
        ("shipment_no", _searched(work.numbers), np.arange(len(work.rows))),
        ("order_no", _searched(_order_numbers(work.rows)), np.arange(len(work.rows))),
        ("invoice_no", columns.texts(events.texts[kept]), events.row[kept]),
        ("product_id", columns.taken([p.replace("-", "") for p, *_ in catalog.PRODUCTS], items.product), items.row),
    )
    return columns.table(
        shipments.SEARCH_KEY,
        kind=pa.concat_arrays([columns.same(kind, len(rows)) for kind, _, rows in parts]),
        value=pa.concat_arrays([values for _, values, _ in parts]),
        shipment_id=pa.array(np.concatenate([rows for *_, rows in parts])),
    )


def _searched(values: pa.Array) -> pa.Array:
    return pc.replace_substring(values, "-", "")
