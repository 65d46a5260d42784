"""A selection as SQL: every dimension narrows, and what the domain says of a shipment the engine says too."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.domain.flags import Flag, flag_of, flagged_since, raised_by
from core.domain.selection import DIMENSIONS, SPLITS, Selection, any_of, several
from core.domain.shipment import Handling, Shipment, Stage, State, Status, StatusDetail, Tab, detail_of
from core.domain.sorting import Order
from core.domain.worklist import work_of
from core.store import lists, shipments
from core.store.database import Connection, Store, table_of
from core.store.figures import Population, counts
from core.store.selection import FLAG, FLAGGED_SINCE, WORK, expression, moment, never_null, used
from core.store.selection import raised_by as raised_by_in_sql
from tests.builders import CJ, CJ_OTHER, NOW, SEOUL, TODAY, a_checkpoint, a_shipment, add, an_invoice, nov
from tests.engines import new_store
from tests.selections import narrowing, selections

WORDS = (StatusDetail.RELEASE_FAILED, StatusDetail.REDELIVERY, StatusDetail.CANCELLATION, StatusDetail.UNDECIDED)


@pytest.fixture(scope="module")
def store() -> Iterator[Store]:
    """Three ordinary shipments; no test of these writes."""
    store = new_store()
    scans = [a_checkpoint(Stage.PICKED_UP, nov(13)), a_checkpoint(Stage.IN_TRANSIT, nov(14))]
    add(
        store,
        a_shipment("S-1", handling=Handling("Hana Seo")),
        a_shipment("S-2", invoice=an_invoice(CJ)),
        a_shipment("S-3", invoice=an_invoice(CJ_OTHER), scans=scans),
    )
    yield store
    store.close()


def shown(store: Store, wanted: Selection) -> int:
    with lists.listing(store, wanted, zone=SEOUL, now=NOW, personal=True) as listing:
        return len(listing.page(Order(), 100, 0))


@pytest.mark.parametrize("name", DIMENSIONS)
def test_every_dimension_leaves_shipments_out(store: Store, name: str) -> None:
    everything = Selection(tab=Tab.ALL)
    assert shown(store, everything) == 3
    assert shown(store, everything.but(**{name: narrowing(DIMENSIONS[name])})) < 3


@given(selections())
@settings(max_examples=60, deadline=None)
def test_any_selection_is_listed_as_it_is_counted(store: Store, wanted: Selection) -> None:
    with lists.listing(store, wanted, zone=SEOUL, now=NOW, personal=True) as listing:
        total = listing.counts().tabs[wanted.tab]
        assert total == len(listing.ids()) == len(listing.page(Order(), 100, 0)) == listing.table(Order()).num_rows


@pytest.mark.parametrize("name", [one.name for one in several() if one.values is None])
def test_the_values_in_use_of_every_dimension_are_offered(store: Store, name: str) -> None:
    assert lists.choices(store)[name]


@pytest.mark.parametrize("split", ["destination", "kind", *SPLITS])
def test_figures_can_be_split_by_every_dimension(store: Store, split: str) -> None:
    rows = counts(store, Population(SEOUL, NOW, Selection()), ((split,),), ())
    assert sum(row["cohort"] for row in rows) == 3
    assert all(row[split] is not None for row in rows)


@pytest.mark.parametrize("word", [None, *WORDS])
@pytest.mark.parametrize("status", Status)
def test_the_detail_is_the_same_in_sql(store: Store, status: Status, word: StatusDetail | None) -> None:
    parcel, detail = a_shipment().but(state=State(status, NOW, word)), detail_of(status, word)
    assert asked(store, expression(any_of("detail")), [parcel]) == [detail]
    assert asked(store, never_null(any_of("detail")), [parcel]) == [detail or ""]


# Around the borders of all rules, to the second; mostly open and without a word, where the later rules hold.
_AGES = st.builds(
    lambda hours, seconds: timedelta(hours=hours, seconds=seconds), st.sampled_from([0, 48, 72]), st.integers(-1, 1)
)
_MOMENTS = st.none() | _AGES.map(lambda age: NOW - age)
_DAYS = st.none() | st.integers(-2, 2).map(lambda days: TODAY + timedelta(days=days))
_STATES = st.builds(
    State,
    st.just(Status.RELEASED),
    st.just(NOW),
    st.sampled_from([*[None] * 8, *WORDS]),
    stage=st.none() | st.sampled_from(Stage),
    picked_up_at=_MOMENTS,
    last_scan_at=_MOMENTS,
)


_DONE = st.tuples(st.sampled_from(Flag), _AGES.map(lambda age: NOW - age), _DAYS.filter(bool)) | st.just((None, None, None))
_HANDLINGS = st.builds(lambda until, version, done: Handling("", until, version, *done), _DAYS, st.sampled_from([1, 2]), _DONE)


@st.composite
def a_parcel(draw: st.DrawFn) -> Shipment:
    registered = draw(_MOMENTS)
    return a_shipment().but(
        state=draw(_STATES),
        invoices=(an_invoice(CJ, registered),) if registered else (),
        promised_on=draw(_DAYS),
        ship_by=draw(_DAYS),
        closed_at=draw(st.sampled_from([*[None] * 8, NOW])),
        handling=draw(_HANDLINGS),
    )


@given(a_parcel(), st.sampled_from(["Asia/Seoul", "UTC", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"]))
@settings(max_examples=150, deadline=None)
def test_the_flag_is_the_same_in_sql(store: Store, parcel: Shipment, zone: str) -> None:
    here = ZoneInfo(zone)
    parcels = [parcel.but(state=replace(parcel.state, status=status)) for status in Status]
    assert asked(store, FLAG, parcels, here) == [flag_of(one, zone=here, now=NOW) for one in parcels]
    assert asked(store, FLAGGED_SINCE, parcels, here) == [flagged_since(one, zone=here, now=NOW) for one in parcels]


@given(a_parcel())
@settings(max_examples=150, deadline=None)
def test_what_is_on_the_worklist_is_the_same_in_sql(store: Store, parcel: Shipment) -> None:
    parcels = [parcel.but(state=replace(parcel.state, status=status, since=nov(12))) for status in Status]
    assert asked(store, WORK, parcels) == [work_of(one, zone=SEOUL, now=NOW) for one in parcels]
    flagged = [(one, flag) for one in parcels if (flag := flag_of(one, zone=SEOUL, now=NOW))]
    raised = asked(store, raised_by_in_sql("$now - INTERVAL '1 hour'", "$today"), [one for one, _ in flagged])
    assert raised == [raised_by(one, flag, NOW - timedelta(hours=1), TODAY) for one, flag in flagged]


def asked(store: Store, sql: str, parcels: list[Shipment], zone: ZoneInfo = SEOUL) -> list[Any]:
    """What an expression says of shipments, in their order."""
    rows = [shipments.row_of(parcel.but(shipment_id=place)) for place, parcel in enumerate(parcels)]

    def job(connection: Connection) -> list[Any]:
        connection.register("parcels", table_of(rows, shipments.SHIPMENT))
        text = f"SELECT {sql} FROM parcels ORDER BY shipment_id"
        return [value for (value,) in connection.execute(text, used(text, moment(zone, NOW))).fetchall()]

    return store.snapshot(job)
