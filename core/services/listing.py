"""The Shipments page's questions: a page with its counts, what became of each searched number, one shipment whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa

from core.domain.filters import Order, SearchKey, ShipmentFilter
from core.domain.shipment import TAB_OF, Destination, Shipment, Status, Tab
from core.store import history, lists, shipments
from core.store.database import Row, Store


@dataclass(frozen=True)
class Whereabouts:
    """A searched value that is not in this view: where its shipments are, or under which other key it is known."""

    value: str
    tabs: Mapping[tuple[Tab, Destination], int] = field(default_factory=dict)
    other_key: SearchKey | None = None


@dataclass(frozen=True)
class Page:
    """One page of the list. `rows` as `core.store.lists.page` gives them, `total` of the tab, `missing` of the search."""

    rows: list[Row]
    counts: Mapping[Tab, int]
    total: int
    missing: tuple[Whereabouts, ...] = ()
    hidden: tuple[Whereabouts, ...] = ()


@dataclass(frozen=True)
class Whole:
    """One shipment with what its panel shows: its list row (flag), the order's shipments, its history newest first."""

    shipment: Shipment
    row: Row
    siblings: list[Row]
    history: list[Row]


def page(
    store: Store,
    wanted: ShipmentFilter,
    order: Order,
    *,
    zone: ZoneInfo,
    now: datetime,
    size: int,
    number: Callable[[int], int],
) -> Page:
    """The rows of the page that `number` names, given how many pages there are; counts and search answers beside them."""
    found = lists.search(store, wanted.key, wanted.values) if wanted.values else {}
    question = asked(wanted, zone=zone, now=now, ids=_ids(found) if wanted.values else None)
    counts = lists.counts(store, question)
    total = counts[wanted.tab]
    chosen = number(max(1, -(-total // size)))
    rows = lists.page(store, question, wanted.tab, order, size, (chosen - 1) * size)
    missing, hidden = _missing(store, wanted, found, rows, total) if wanted.values else ((), ())
    return Page(rows, counts, total, missing, hidden)


def asked(wanted: ShipmentFilter, *, zone: ZoneInfo, now: datetime, ids: tuple[int, ...] | None = None) -> lists.Question:
    """The filter as the store asks it: the shop's days become moments."""
    return lists.Question(
        destination=wanted.destination,
        now=now,
        today=now.astimezone(zone).date(),
        ids=ids,
        ordered_from=_midnight(wanted.ordered_from, zone),
        ordered_until=_midnight(wanted.ordered_to and wanted.ordered_to + timedelta(days=1), zone),
        kind=wanted.kind,
        warehouses=wanted.warehouses,
        policies=wanted.policies,
        options=wanted.options,
        carriers=wanted.carriers,
        flags=wanted.flags,
    )


def everything(
    store: Store, wanted: ShipmentFilter, order: Order, *, zone: ZoneInfo, now: datetime, only: Sequence[str] = ()
) -> pa.Table:
    """All rows of the view in its order, or only the shipments named; columns as in `core.store.lists.LIST_COLUMNS`."""
    if only:
        ids = _ids(lists.search(store, SearchKey.SHIPMENT_NO, only))
        question = lists.Question(None, now, now.astimezone(zone).date(), ids=ids)
        return lists.all_rows(store, question, None, order)
    found = _ids(lists.search(store, wanted.key, wanted.values)) if wanted.values else None
    return lists.all_rows(store, asked(wanted, zone=zone, now=now, ids=found), wanted.tab, order)


def whole(store: Store, shipment_no: str, *, zone: ZoneInfo, now: datetime) -> Whole | None:
    """Everything about one shipment; None when the number does not exist."""
    shipment = shipments.find(store, shipment_no)
    if shipment is None:
        return None
    question = lists.Question(None, now, now.astimezone(zone).date(), ids=(shipment.shipment_id,))
    row = lists.page(store, question, None, Order(), 1, 0)[0]
    siblings = [other for other in shipments.of_order(store, shipment.order_no) if other["shipment_no"] != shipment_no]
    return Whole(shipment, row, siblings, history.of_shipment(store, shipment.shipment_id))


def choices(store: Store) -> dict[str, list[str]]:
    """What [Optional +] offers: the warehouses, policies, options and carriers in use."""
    return lists.choices(store)


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    return datetime.combine(day, time(), zone) if day else None


def _ids(found: Mapping[str, Sequence[int]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for numbers in found.values() for number in numbers))


def _missing(
    store: Store, wanted: ShipmentFilter, found: Mapping[str, list[int]], rows: Sequence[Row], total: int
) -> tuple[tuple[Whereabouts, ...], tuple[Whereabouts, ...]]:
    """The values that do not exist under this key, and those whose shipments other filters or tabs hide."""
    unknown = [value for value, ids in found.items() if not ids]
    missing = tuple(Whereabouts(value, other_key=_known_as(store, wanted.key, value)) for value in unknown)
    if total >= sum(bool(ids) for ids in found.values()) and total:
        return missing, ()
    places = lists.whereabouts(store, _ids(found))
    shown = {row["shipment_id"] for row in rows}
    hidden = []
    for value, ids in found.items():
        if not ids or shown & set(ids):
            continue
        tabs: dict[tuple[Tab, Destination], int] = {}
        for number in ids:
            place = places[number]
            where = TAB_OF[Status(place["status"])], Destination(place["destination"])
            tabs[where] = tabs.get(where, 0) + 1
        hidden.append(Whereabouts(value, tabs))
    return missing, tuple(hidden)


def _known_as(store: Store, key: SearchKey, value: str) -> SearchKey | None:
    others = (other for other in SearchKey if other is not key)
    return next((other for other in others if lists.search(store, other, [value])[value]), None)
