"""Shipments of a file as columns: those whose lines need no second look are put together and checked all at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.domain.clock import EPOCH, MICROSECOND
from core.domain.invoice_number import settled
from core.domain.status import REUSED_BEFORE_ORDER
from core.files.source import Places
from core.services.importing.columns import COLUMNS, ITEM, REQUIRED
from core.services.importing.drafts import NOT_AHEAD, NOT_BEFORE, ORDER, Draft, Terms, named, way_of_reading
from core.services.importing.plain import NEVER, TYPES, Flags, Ints, flags, local_days, same_length
from core.services.importing.words import Column

VALUES = tuple(name for name in COLUMNS if name not in ("shipment_no", *ITEM))
"""Our columns that say something about a shipment as a whole."""

INDEX = pa.schema(
    [
        ("group", pa.int64()),
        ("place", pa.int64()),
        ("shipment_no", pa.string()),
        ("digest", pa.string()),
        ("canonical_no", pa.string()),
        ("live", pa.bool_()),
        ("country", pa.string()),
    ]
)
SHIPMENTS = pa.schema(
    [
        *INDEX,
        *((name, TYPES.get(COLUMNS[name].form, pa.string())) for name in VALUES if name not in INDEX.names),
        ("product", pa.string()),
        ("items", pa.int32()),
        ("doubt", pa.string()),
    ]
)
ITEMS = pa.schema(
    [
        ("group", pa.int64()),
        ("line", pa.int32()),
        ("product_id", pa.string()),
        ("name", pa.string()),
        ("quantity", pa.int32()),
    ]
)


@dataclass(frozen=True)
class Shaped:
    """Shipments with all their values, and their items."""

    shipments: pa.Table
    items: pa.Table


@dataclass(frozen=True)
class Lines:
    """Rows of a file, the shipments that they belong to, and which of them cannot be trusted."""

    rows: Places
    groups: Ints
    broken: Flags


class PlainShipments:
    """The shipments of some rows. Those that are `odd` have to be drafted line by line; the others raise no finding."""

    def __init__(self, lines: Lines, columns: Mapping[str, Column], terms: Terms) -> None:
        self._columns, self._terms = columns, terms
        self._order = np.argsort(lines.groups, kind="stable")
        in_order = lines.groups[self._order]
        self._starts = np.flatnonzero(np.diff(in_order, prepend=-1))
        self._counts = np.diff(self._starts, append=len(lines.rows))
        self.groups = in_order[self._starts]
        self._first_rows = lines.rows[self._order[self._starts]]
        self.odd = self._any(lines.broken) | bool(terms.mapping.assumed)
        self._places = {name: self._of_shipments(name, column) for name, column in columns.items() if name not in ITEM}
        self._look_at_lines()
        self._moments = self._aligned()
        self._look_at_moments()
        self._canonical = self._checked_numbers()

    def index(self) -> pa.Table:
        """What is to be known of each that is not odd (`INDEX`)."""
        kept = np.flatnonzero(~self.odd)
        at = pa.array(kept)
        delivered = self._moments.get("delivered_at")
        live = ~delivered.known if delivered else np.ones(len(self.odd), np.bool_)
        return pa.table(
            [
                pa.array(self.groups[kept]),
                pa.array(self._first_rows[kept]),
                self._value("shipment_no").take(at),
                self._digests(kept),
                pa.array([self._canonical.get(place, "") for place in kept.tolist()], pa.string()),
                pa.array(live[kept]),
                self._value("country").take(at),
            ],
            schema=INDEX,
        )

    def shaped(self, index: pa.Table) -> Shaped:
        """These of the index with all their values."""
        at = pa.array(np.searchsorted(self.groups, index["group"].to_numpy()))
        items = self._items(at.to_numpy())
        numbers = {name: index[name] for name in INDEX.names}
        values = {name: self._value(name).take(at) for name in VALUES if name in self._columns}
        values |= {name: moments.as_array().take(at) for name, moments in self._moments.items()}
        own = {"product": items.first_names, "items": items.counts, "doubt": pa.array([""] * len(at), pa.string())}
        filled = {**numbers, **values, **own}
        return Shaped(
            pa.table([filled.get(field.name, pa.nulls(len(at), field.type)) for field in SHIPMENTS], schema=SHIPMENTS),
            items.table,
        )

    def _of_shipments(self, name: str, column: Column) -> npt.NDArray[np.int32]:
        """Which distinct cell of the column each shipment has: the first that is filled, all others being the same or empty."""
        places = column.places[self._order]
        found: npt.NDArray[np.int32] = places[self._starts]
        if len(self._starts) == len(places):
            return found
        empty = column.empty[places]
        highest = np.maximum.reduceat(np.where(empty, -1, places), self._starts)
        lowest = np.minimum.reduceat(np.where(empty, np.iinfo(np.int32).max, places), self._starts)
        self.odd |= (highest >= 0) & (highest != lowest)
        return np.where(highest >= 0, highest, found).astype(np.int32)

    def _any(self, lines: Flags) -> Flags:
        """By shipment, whether one of its lines is so."""
        found: Flags = np.logical_or.reduceat(lines[self._order], self._starts)
        return found

    def _look_at_lines(self) -> None:
        for column in self._columns.values():
            self.odd |= self._any(column.wrong)
        mapping = self._terms.mapping
        if mapping.sums or mapping.first or mapping.last:
            self.odd |= self._counts > 1
        for name in REQUIRED:
            self.odd |= ~flags(self._value(name).is_valid())
        ids, names, _, quantities = (self._columns.get(name) for name in ITEM)
        if quantities and (ids or names):
            self.odd |= self._any(_filled(quantities) & ~_filled(ids) & ~_filled(names))

    def _value(self, name: str) -> pa.Array:
        return self._columns[name].values.take(pa.array(self._places[name]))

    def _aligned(self) -> "dict[str, _Moments]":
        """The moments by column, a day without a time being as late as what came before it on that day."""
        found: dict[str, _Moments] = {}
        latest = np.full(len(self.groups), NEVER)
        for name in ORDER:
            if name not in self._columns:
                continue
            column, places = self._columns[name], self._places[name]
            at = column.values.fill_null(0).to_numpy()[places]
            known = flags(column.values.is_valid())[places]
            earlier = known & (at < latest)
            days = np.flatnonzero(earlier & column.whole_days[places])
            if len(days):
                same = local_days(at[days], self._terms.zone) == local_days(latest[days], self._terms.zone)
                at = at.copy()
                at[days[same]] = latest[days[same]]
            latest = np.where(known & ~earlier, at, latest)
            found[name] = _Moments(at, known)
        return found

    def _look_at_moments(self) -> None:
        """A contradiction makes a shipment odd."""
        earliest = self._moments["ordered_at"].at - REUSED_BEFORE_ORDER // MICROSECOND
        for name in ORDER[1:]:
            if moments := self._moments.get(name):
                self.odd |= moments.known & (moments.at < earliest)
        for before, after in NOT_BEFORE:
            one, other = self._moments.get(before), self._moments.get(after)
            if one and other:
                self.odd |= one.known & other.known & (other.at < one.at)
        latest = (self._terms.latest - EPOCH) // MICROSECOND
        for name in NOT_AHEAD:
            if moments := self._moments.get(name):
                self.odd |= moments.known & (moments.at > latest)

    def _checked_numbers(self) -> dict[int, str]:
        """The one form of each Invoice No. by the place of its shipment; one that has to be looked at makes that odd."""
        none = pa.nulls(len(self.groups), pa.string())
        codes, numbers = (self._value(name) if name in self._columns else none for name in ("carrier", "invoice_no"))
        has_code, has_number = flags(codes.is_valid()), flags(numbers.is_valid())
        self.odd |= has_code != has_number
        at = np.flatnonzero(has_number & ~self.odd)
        rules, taken = self._terms.rules, pa.array(at)
        found = {
            place: settled(number, rules.carriers[code], rules.countries)
            for place, code, number in zip(
                at.tolist(), codes.take(taken).to_pylist(), numbers.take(taken).to_pylist(), strict=True
            )
        }
        self.odd[[place for place, one_form in found.items() if not one_form]] = True
        return found

    def _digests(self, kept: Ints) -> pa.Array:
        """The same as of a draft (`core.services.importing.drafts`)."""
        way = sha256(f"{way_of_reading(list(self._columns), self._terms)}\x1d".encode())
        columns = [column.texts.take(pa.array(column.places[self._order])) for column in self._columns.values()]
        texts = pc.binary_join_element_wise(*columns, "\x1f").cast(pa.binary()).to_pylist()
        found = []
        for start, count in zip(self._starts[kept].tolist(), self._counts[kept].tolist(), strict=True):
            digest = way.copy()
            digest.update(texts[start] if count == 1 else b"\x1d".join(texts[start : start + count]))
            found.append(digest.digest())
        return _as_hex(found)

    def _items(self, shipments: Ints) -> "_Items":
        """The items of these shipments, which are numbered by their places among all."""
        none = pa.nulls(len(self._order), pa.string())
        ids, names, options, quantities = (
            self._columns[name].values.take(pa.array(self._columns[name].places[self._order]))
            if name in self._columns
            else none
            for name in ITEM
        )
        wanted = np.zeros(len(self.groups), np.bool_)
        wanted[shipments] = True
        of_line = np.repeat(np.arange(len(self.groups)), self._counts)
        lines = np.flatnonzero(wanted[of_line] & (flags(ids.is_valid()) | flags(names.is_valid())))
        of_line, at = of_line[lines], pa.array(lines)
        ids, names, options, quantities = (values.take(at) for values in (ids, names, options, quantities))
        starts = np.searchsorted(of_line, np.arange(len(self.groups)))
        counts = np.diff(starts, append=len(lines))
        names = _named(pc.coalesce(names, ids), options)
        table = pa.table(
            [
                pa.array(self.groups[of_line]),
                pa.array((np.arange(len(lines)) - starts[of_line] + 1).astype(np.int32)),
                pc.fill_null(ids, ""),
                names,
                pc.fill_null(quantities.cast(pa.int32()), 1),
            ],
            schema=ITEMS,
        )
        firsts = np.where(counts[shipments] > 0, starts[shipments], -1)
        first_names = pc.fill_null(names.take(pa.array(firsts, mask=firsts < 0)), "")
        return _Items(table, first_names, pa.array(counts[shipments].astype(np.int32)))


@dataclass(frozen=True)
class _Moments:
    at: Ints
    known: Flags

    def as_array(self) -> pa.Array:
        return pa.array(self.at, mask=~self.known)


@dataclass(frozen=True)
class _Items:
    table: pa.Table
    first_names: pa.Array
    counts: pa.Array


def _filled(column: Column | None) -> Flags:
    found: Flags = flags(column.values.is_valid())[column.places] if column else np.zeros(1, np.bool_)
    return found


def _named(names: pa.Array, options: pa.Array) -> pa.Array:
    """The names of products with their options."""
    at = np.flatnonzero(flags(options.is_valid()))
    if not len(at):
        return names
    mask = np.zeros(len(names), np.bool_)
    mask[at] = True
    taken = (values.take(pa.array(at)).to_pylist() for values in (names, options))
    return pc.replace_with_mask(names, mask, pa.array([named(*both) for both in zip(*taken, strict=True)], pa.string()))


def _as_hex(digests: Sequence[bytes]) -> pa.Array:
    if not digests:
        return pa.array([], pa.string())
    width = 2 * len(digests[0])
    starts = np.arange(0, width * (len(digests) + 1), width, dtype=np.int32)
    text = b"".join(digests).hex().encode()
    return pa.StringArray.from_buffers(len(digests), pa.py_buffer(starts), pa.py_buffer(text))


def of_drafts(drafts: Sequence[Draft], groups: Sequence[int], places: Sequence[int]) -> Shaped:
    """Drafts as columns; `groups` and `places` are those of each."""
    columns: dict[str, Sequence[Any]] = {
        "group": groups,
        "place": places,
        "shipment_no": [draft.shipment_no for draft in drafts],
        "digest": [draft.digest for draft in drafts],
        "canonical_no": [draft.canonical_no if draft.invoice else "" for draft in drafts],
        "live": [draft.live for draft in drafts],
        **{name: [_stored(name, draft.values.get(name)) for draft in drafts] for name in VALUES},
        "product": [draft.items[0].name if draft.items else "" for draft in drafts],
        "items": [len(draft.items) for draft in drafts],
        "doubt": [draft.doubt for draft in drafts],
    }
    lines = [(group, n, item) for group, draft in zip(groups, drafts, strict=True) for n, item in enumerate(draft.items, 1)]
    items = [
        {"group": group, "line": n, "product_id": item.product_id, "name": item.name, "quantity": item.quantity}
        for group, n, item in lines
    ]
    shipments = pa.table([pa.array(columns[field.name], field.type) for field in SHIPMENTS], schema=SHIPMENTS)
    return Shaped(shipments, pa.Table.from_pylist(items, schema=ITEMS))


def _stored(name: str, value: Any) -> Any:
    return (value - EPOCH) // MICROSECOND if value is not None and name in ORDER else value


def digest_heads(digests: pa.Array) -> Ints:
    """The beginning of each of these digests, by which most are told apart."""
    if not len(digests):
        return np.array([], np.int64)
    found: Ints = same_length(pc.utf8_slice_codeunits(digests, 0, 8), 8).copy().view(np.int64).ravel()
    return found
