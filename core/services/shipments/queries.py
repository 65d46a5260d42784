"""The Shipments page's questions: a page with its counts, what became of each searched number, one shipment whole."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pyarrow as pa
import pyarrow.compute as pc

from core.domain import permissions, personal
from core.domain.flags import flag_of
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.search import Search, SearchKey
from core.domain.selection import Counts, Selection
from core.domain.shipment import TAB_OF, Destination, Shipment, Status, Tab
from core.domain.sorting import Order
from core.domain.visit import Visit
from core.store import history, lists, parcels, shipments, tracking
from core.store.database import Reader, Row, Store
from core.store.lists import Listing

_REACH = 200
"""How far from where it was last a shipment is looked for in its list."""


@dataclass(frozen=True)
class Whereabouts:
    """A searched value that is not in this view: where its shipments are, or under which other key it is known. `in_part` is whether it
    was looked for within longer ones, too.
    """

    value: str
    tabs: Mapping[tuple[Tab, Destination], int] = field(default_factory=dict)
    other_key: SearchKey | None = None
    in_part: bool = True


@dataclass(frozen=True)
class Page:
    """One page of the list. `rows` as `core.store.lists` gives them, `total` of the tab.

    Of `searched` values, `missing` do not exist, and the shipments of those `hidden` are elsewhere. `put_elsewhere` are found ones that go
    out with another one: by number the number of that. `cut` are values that have more shipments than are found: how many are.
    """

    rows: Sequence[Row]
    counts: Counts
    total: int
    missing: tuple[Whereabouts, ...] = ()
    hidden: tuple[Whereabouts, ...] = ()
    searched: int = 0
    put_elsewhere: Mapping[str, str] = field(default_factory=dict)
    cut: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class ListPlace:
    """Where a shipment stands in a list, from 1, and the Shipment Nos. beside it there; "" at an end."""

    at: int
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class WholeShipment:
    """One shipment with everything its panel shows, all of one moment.

    `row` is its row of the list with the flag, `siblings` are the other shipments of the order, `inside` those that were put into it
    (`core.store.parcels.put_into`), `history` is newest first.
    `tracking` is what is known of the number in force, None when it is not watched: fetched_at, next_due, service, last_error,
    attempts, warning, stopped_at, estimated_on and the other columns of the table `tracking`; times UTC. `changes` is the
    store's count of them before it was read. What is personal in all of it is hidden from whoever may not see it.
    """

    shipment: Shipment
    row: Row
    siblings: Sequence[Row]
    history: Sequence[Row]
    tracking: Row | None
    changes: int
    inside: Sequence[Row] = ()


def page(
    store: Store,
    wanted: Selection,
    order: Order,
    *,
    visit: Visit,
    size: int,
    number: Callable[[int], int],
) -> Page:
    """The rows of the page that `number` names, given how many pages there are; counts and search answers beside them."""
    visit.require()
    with _listing(store, wanted, visit) as listing:
        counts = listing.counts()
        total = counts.tabs[wanted.tab]
        chosen = number(max(1, -(-total // size)))
        rows = listing.page(_order(order, visit), size, (chosen - 1) * size)
        missing, hidden = _missing(listing, total, rows) if wanted.search.values else ((), ())
        by_number = wanted.search.values and wanted.search.key in (SearchKey.SHIPMENT_NO, SearchKey.ORDER_NO)
        listed = {row["shipment_id"] for row in rows}
        unlisted = [number for number in lists.numbers(listing.hits) if number not in listed] if by_number else []
        elsewhere = parcels.put_elsewhere_of(listing.reader, unlisted)
        cut = {value: count for value, count in lists.cut_short(listing.hits).items() if count}
    return Page(rows, counts, total, missing, hidden, searched=len(listing.hits), put_elsewhere=elsewhere, cut=cut)


def rows(store: Store, wanted: Selection, order: Order, *, visit: Visit, size: int, number: int) -> list[Row]:
    """The rows of this page alone; none behind the last one."""
    visit.require()
    with _listing(store, wanted, visit) as listing:
        return listing.page(_order(order, visit), size, (number - 1) * size)


def place(store: Store, wanted: Selection, order: Order, shipment_no: str, *, visit: Visit, near: int) -> ListPlace | None:
    """Where the shipment stands in the list, looked for round the place `near`; None where it is not there, or far from it."""
    visit.require()
    with _listing(store, wanted, visit) as listing:
        for reach in (1, _REACH, 1):
            first = max(1, near - reach)
            most = near + reach + 1 - first
            rows = [row["shipment_no"] for row in listing.page(_order(order, visit), most, first - 1)]
            # What is beside the first and the last that were read is not known, unless the list begins or ends there.
            known = ["" if first == 1 else None, *rows, None if len(rows) == most else ""]
            if shipment_no not in rows:
                continue
            at = known.index(shipment_no)
            near, before, after = first + at - 1, known[at - 1], known[at + 1]
            if before is not None and after is not None:
                return ListPlace(near, before, after)
    return None


def counts(store: Store, wanted: Selection, *, visit: Visit) -> Counts:
    """How many shipments the tabs and the details of the open tab hold now."""
    visit.require()
    with _listing(store, wanted, visit) as listing:
        return listing.counts()


def everything(store: Store, wanted: Selection, order: Order, *, visit: Visit, only: Sequence[str] = ()) -> pa.Table:
    """All rows of the view in its order, or only the shipments named; columns as in `core.store.lists.LIST_COLUMNS`."""
    visit.require()
    order, clock = _order(order, visit), visit.clock
    if only:
        ids = lists.numbers(lists.search(store, SearchKey.SHIPMENT_NO, only))
        rows = lists.table_of(store.figures, ids, order, zone=clock.zone, now=clock.now, personal=visit.sees_personal)
        # A search takes S-1 and S1 for the same; a selection does not.
        return rows.filter(pc.is_in(rows["shipment_no"], pa.array(list(only), pa.string())))
    with _listing(store, wanted, visit) as listing:
        return listing.table(order)


def whole(store: Store, shipment_no: str, *, visit: Visit) -> WholeShipment | None:
    """Everything about one shipment at one moment; None when the number does not exist."""
    visit.require()
    changes, clock = store.changes, visit.clock
    with store.one_moment() as moment:
        loaded = shipments.with_row(moment.connection, shipment_no)
        if loaded is None:
            return None
        shipment, stored = loaded
        flag = flag_of(shipment, zone=clock.zone, now=clock.now)
        found = WholeShipment(
            shipment=shipment,
            row=lists.row_of({**stored, "flag": flag and str(flag)}, personal=visit.sees_personal),
            siblings=shipments.siblings(moment.connection, shipment),
            history=history.of_shipment(moment, shipment.shipment_id),
            tracking=tracking.of_shipment(moment, shipment),
            changes=changes,
            inside=parcels.put_into(moment.connection, [shipment.shipment_no]) if shipment.regrouped_at else [],
        )
    return found if visit.sees_personal else _hidden(found)


def twins(store: Store, *, person: Person) -> list[tuple[str, ...]]:
    """Shipment Nos. that are one number in several spellings, as only older versions let come to be."""
    permissions.require(person, Act.SEE)
    return shipments.twins(store)


def choices(store: Store, *, person: Person) -> dict[str, list[str]]:
    """The values in use of every dimension without values of its own: what [Optional +] offers."""
    permissions.require(person, Act.SEE)
    return lists.choices(store.figures)


def is_empty(store: Store, *, person: Person) -> bool:
    """Whether there is no shipment at all."""
    permissions.require(person, Act.SEE)
    return lists.is_empty(store.figures)


@contextmanager
def _listing(store: Store, wanted: Selection, visit: Visit) -> Iterator[Listing]:
    """The shipments of the selection for who looks. Raises Forbidden when recipients are searched by somebody who may not know them."""
    if wanted.search.values and wanted.search.key in personal.KEYS:
        visit.require(Act.SEE_PERSONAL)
    with lists.listing(store, wanted, zone=visit.clock.zone, now=visit.clock.now, personal=visit.sees_personal) as listing:
        yield listing


def _order(order: Order, visit: Visit) -> Order:
    return order if visit.sees_personal else personal.without_personal_sort(order)


def _hidden(whole: WholeShipment) -> WholeShipment:
    told = whole.tracking and {**whole.tracking, "last_error": personal.masked(whole.tracking["last_error"])}
    changes = [personal.hidden_change(change) for change in whole.history]
    return replace(whole, shipment=personal.hidden(whole.shipment), history=changes, tracking=told)


def _missing(listing: Listing, total: int, rows: Sequence[Row]) -> tuple[tuple[Whereabouts, ...], tuple[Whereabouts, ...]]:
    """The values that do not exist under this key, and those whose shipments other filters or tabs hide."""
    hits = listing.hits
    unknown = [value for value, ids in hits.items() if not ids]
    keys = [key for key in SearchKey if listing.personal or key not in personal.KEYS]
    known_as = _known_as(listing.reader.facts, replace(listing.wanted.search, values=tuple(unknown)), keys)
    half = lists.cut_short(hits)
    missing = tuple(Whereabouts(value, other_key=known_as.get(value), in_part=value not in half) for value in unknown)
    if (rows and len(hits) == 1) or total == len(lists.numbers(hits)):
        return missing, ()
    shown = listing.ids()
    unseen = {value: ids for value, ids in hits.items() if ids and value not in half and not shown & set(ids)}
    places = lists.whereabouts(listing.reader, lists.numbers(unseen))
    hidden = (Whereabouts(value, _tabs(places[number] for number in ids if number in places)) for value, ids in unseen.items())
    return missing, tuple(hidden)


def _tabs(places: Iterable[Row]) -> Mapping[tuple[Tab, Destination], int]:
    return Counter((TAB_OF[Status(place["status"])], Destination(place["destination"])) for place in places)


def _known_as(store: Reader, unknown: Search, keys: Iterable[SearchKey]) -> dict[str, SearchKey]:
    known: dict[str, SearchKey] = {}
    for other in keys:
        left = tuple(value for value in unknown.values if value not in known)
        if left and other is not unknown.key:
            hits = lists.found(store, replace(unknown, key=other, values=left))
            known |= {value: other for value, ids in hits.items() if ids}
    return known
