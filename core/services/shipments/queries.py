"""The Shipments page's questions: a page with its counts, what became of each searched number, one shipment whole."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from core.domain.filters import Behind, Order, SearchKey, ShipmentFilter
from core.domain.shipment import TAB_OF, Destination, Kind, Shipment, Status, Tab
from core.services import figures
from core.services.figures import Period, Slice
from core.store import history, lists, shipments, tracking
from core.store.database import Reader, Row, Snapshot, Store


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
class WholeShipment:
    """One shipment with everything its panel shows, all of one moment.

    `row` is its row of the list with the flag, `siblings` are the other shipments of the order, `history` is newest first.
    `tracking` is what is known of the number in force, None when it is not watched: fetched_at, next_due, service, last_error,
    attempts, warning, stopped_at, estimated_on and the other columns of the table `tracking`; times UTC. `changes` is the
    store's count of them before it was read.
    """

    shipment: Shipment
    row: Row
    siblings: list[Row]
    history: list[Row]
    tracking: Row | None
    changes: int


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
    with _moment(store, wanted, zone, now) as view:
        found = lists.search(view, wanted.key, wanted.values) if wanted.values else {}
        question = asked(wanted, zone=zone, now=now, ids=_ids(found) if wanted.values else None)
        counts = lists.counts(view, question)
        total = counts[wanted.tab]
        chosen = number(max(1, -(-total // size)))
        rows = lists.page(view, question, wanted.tab, order, size, (chosen - 1) * size)
        missing, hidden = _missing(view, wanted, question, found, total) if wanted.values else ((), ())
    return Page(rows, counts, total, missing, hidden)


def counts(store: Store, wanted: ShipmentFilter, *, zone: ZoneInfo, now: datetime) -> Mapping[Tab, int]:
    """How many shipments each tab holds under the filter now."""
    with _moment(store, wanted, zone, now) as view:
        found = lists.search(view, wanted.key, wanted.values) if wanted.values else {}
        return lists.counts(view, asked(wanted, zone=zone, now=now, ids=_ids(found) if wanted.values else None))


def asked(wanted: ShipmentFilter, *, zone: ZoneInfo, now: datetime, ids: tuple[int, ...] | None = None) -> lists.Question:
    """The filter as the store asks it: the shop's days become moments."""
    lent = wanted.behind is not None
    if lent:  # they are of the figure's own part of the shop
        wanted = replace(wanted, kind=None, warehouses=(), policies=(), options=(), carriers=(), countries=())
    return lists.Question(
        destination=wanted.destination,
        now=now,
        today=now.astimezone(zone).date(),
        ids=ids,
        ordered_from=_midnight(wanted.ordered_from, zone),
        ordered_until=_midnight(wanted.ordered_to, zone, days_later=1),
        kind=wanted.kind,
        warehouses=wanted.warehouses,
        policies=wanted.policies,
        options=wanted.options,
        carriers=wanted.carriers,
        countries=wanted.countries,
        flags=wanted.flags,
        statuses=wanted.statuses,
        since_after=None if wanted.hours_until is None else now - timedelta(hours=wanted.hours_until),
        since_until=None if wanted.hours_from is None else now - timedelta(hours=wanted.hours_from),
        lent=lent,
    )


def everything(
    store: Store, wanted: ShipmentFilter, order: Order, *, zone: ZoneInfo, now: datetime, only: Sequence[str] = ()
) -> pa.Table:
    """All rows of the view in its order, or only the shipments named; columns as in `core.store.lists.LIST_COLUMNS`."""
    if only:
        ids = _ids(lists.search(store, SearchKey.SHIPMENT_NO, only))
        question = lists.Question(None, now, now.astimezone(zone).date(), ids=ids)
        rows = lists.all_rows(store, question, None, order)
        # A search takes S-1 and S1 for the same; a selection does not.
        return rows.filter(pc.is_in(rows["shipment_no"], pa.array(list(only), pa.string())))
    with _moment(store, wanted, zone, now) as view:
        found = _ids(lists.search(view, wanted.key, wanted.values)) if wanted.values else None
        return lists.all_rows(view, asked(wanted, zone=zone, now=now, ids=found), wanted.tab, order)


def whole(store: Store, shipment_no: str, *, zone: ZoneInfo, now: datetime) -> WholeShipment | None:
    """Everything about one shipment at one moment; None when the number does not exist."""
    changes = store.changes
    with store.one_moment() as moment:
        shipment = shipments.load(moment.connection, [shipment_no]).get(shipment_no)
        if shipment is None:
            return None
        question = lists.Question(None, now, now.astimezone(zone).date(), ids=(shipment.shipment_id,))
        order = shipments.of_order(moment.connection, shipment.order_no)
        return WholeShipment(
            shipment=shipment,
            row=lists.page(moment, question, None, Order(), 1, 0)[0],
            siblings=[other for other in order if other["shipment_no"] != shipment_no],
            history=history.of_shipment(moment, shipment.shipment_id),
            tracking=tracking.of_shipment(moment, shipment_no),
            changes=changes,
        )


def choices(store: Store) -> dict[str, list[str]]:
    """What [Optional +] offers: the warehouses, policies, options, carriers and countries in use."""
    return lists.choices(store)


def _midnight(day: date | None, zone: ZoneInfo, days_later: int = 0) -> datetime | None:
    """When the day begins. A link may name the ends of the calendar, where moments in UTC run out."""
    if day is None:
        return None
    within = min(max(day, _FIRST_DAY), _LAST_DAY)
    return datetime.combine(within + timedelta(days=days_later), time(), zone)


_FIRST_DAY, _LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)


@contextmanager
def _moment(store: Store, wanted: ShipmentFilter, zone: ZoneInfo, now: datetime) -> Iterator[Snapshot]:
    """One moment of the store, with the shipments behind the figure that the view asks for."""
    lent = _behind(store, wanted, wanted.behind, zone, now) if wanted.behind else None
    with store.one_moment() as view:
        if lent is not None:
            view.lend(lists.LENT, lent)
        yield view


def _behind(store: Store, wanted: ShipmentFilter, figure: Behind, zone: ZoneInfo, now: datetime) -> pa.Table:
    where = Slice(
        wanted.destination,
        wanted.kind or Kind.STANDARD,
        wanted.warehouses,
        wanted.carriers,
        wanted.countries,
        wanted.policies,
        wanted.options,
    )
    period = Period(figure.first, figure.last, figure.cohort)
    return figures.behind(store, figure.figure, period, where, figure.part, zone=zone, now=now)


def _ids(found: Mapping[str, Sequence[int]]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(number for numbers in found.values() for number in numbers))


def _missing(
    store: Reader, wanted: ShipmentFilter, question: lists.Question, found: Mapping[str, list[int]], total: int
) -> tuple[tuple[Whereabouts, ...], tuple[Whereabouts, ...]]:
    """The values that do not exist under this key, and those whose shipments other filters or tabs hide."""
    unknown = [value for value, ids in found.items() if not ids]
    known_as = _known_as(store, wanted.key, unknown)
    missing = tuple(Whereabouts(value, other_key=known_as.get(value)) for value in unknown)
    if total == len(_ids(found)):
        return missing, ()
    shown = lists.ids(store, question, wanted.tab)
    unseen = {value: ids for value, ids in found.items() if ids and not shown & set(ids)}
    places = lists.whereabouts(store, _ids(unseen))
    hidden = (Whereabouts(value, _tabs(places[number] for number in ids)) for value, ids in unseen.items())
    return missing, tuple(hidden)


def _tabs(places: Iterable[Row]) -> Mapping[tuple[Tab, Destination], int]:
    return Counter((TAB_OF[Status(place["status"])], Destination(place["destination"])) for place in places)


def _known_as(store: Reader, key: SearchKey, values: Sequence[str]) -> dict[str, SearchKey]:
    known: dict[str, SearchKey] = {}
    for other in SearchKey:
        left = [value for value in values if value not in known]
        if left and other is not key:
            known |= {value: other for value, ids in lists.search(store, other, left).items() if ids}
    return known
