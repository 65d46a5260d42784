"""The demo shop: repeatable, believable, and true to every rule that a real shop's rows obey."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from core.carriers import rules as carrier_rules
from core.demo import catalog, make_demo
from core.demo.companies import companies
from core.demo.journeys import Parcel, plan
from core.domain.errors import Refused
from core.domain.invoice_number import Level, check
from core.domain.search import SearchKey
from core.domain.shipment import Shipment, Status
from core.domain.shop_numbers import search_form
from core.domain.status import fold
from core.store import history, lists, shipments
from core.store.database import Store

RULES = carrier_rules.load()
COMPANIES = companies(RULES)
SEOUL = ZoneInfo("Asia/Seoul")
NOW = datetime(2026, 11, 24, 6, 41, 7, tzinfo=UTC)
TABLES = ("shipment", "item", "invoice", "checkpoint", "batch", "history", "search_key")


@pytest.fixture(scope="module")
def shop() -> Iterator[Store]:
    store = Store.open()
    assert make_demo(store, RULES, now=NOW, zone=SEOUL) == 20_000
    yield store
    store.close()


@pytest.fixture(scope="module")
def sample(shop: Store) -> list[Shipment]:
    """500 shipments: every kind of state and past among them."""
    rows = shop.rows(
        "SELECT shipment_id FROM shipment "
        "QUALIFY row_number() OVER (PARTITION BY status, word, carrier, version ORDER BY hash(shipment_no)) <= 3 "
        "ORDER BY row_number() OVER (PARTITION BY status, word, version ORDER BY hash(shipment_no)) LIMIT 500"
    )
    ids = [row["shipment_id"] for row in rows]
    more = range(1, 20_000, 97)
    return list(shop.snapshot(lambda c: shipments.load_by_id(c, list({*ids, *more})[:500])).values())


def made(count: int, **changes: Any) -> dict[str, list[dict[str, Any]]]:
    store = Store.open()
    try:
        make_demo(store, RULES, **({"shipments": count, "now": NOW, "zone": SEOUL} | changes))
        return {table: store.rows(f"SELECT * FROM {table} ORDER BY ALL") for table in TABLES}
    finally:
        store.close()


def number(store: Store, sql: str, **values: Any) -> int:
    return int(store.rows(sql, values)[0]["n"])


def test_the_same_seed_and_hour_make_the_same_rows() -> None:
    assert made(400) == made(400, now=NOW.replace(minute=2))


def test_another_seed_makes_another_shop() -> None:
    first, other = made(50)["shipment"], made(50, seed=2)["shipment"]
    assert {row["invoice_no"] for row in first if row["invoice_no"]}.isdisjoint(row["invoice_no"] for row in other)


@pytest.mark.parametrize("count", [1, 2, 17, 1_000])
def test_any_number_of_shipments_can_be_made(count: int) -> None:
    assert len(made(count)["shipment"]) == count


@pytest.mark.parametrize(("home", "zone"), [("JP", "Asia/Tokyo"), ("US", "America/New_York"), ("BR", "America/Sao_Paulo")])
def test_a_shop_at_home_elsewhere_sends_most_parcels_there(home: str, zone: str) -> None:
    rows = made(300, home=home, zone=ZoneInfo(zone))["shipment"]
    domestic = [row for row in rows if row["country"] == home]
    assert {row["destination"] for row in domestic} == {"domestic"}
    assert 150 < len(domestic) < 240


def test_a_database_with_shipments_is_refused(shop: Store) -> None:
    with pytest.raises(Refused, match="already has shipments"):
        make_demo(shop, RULES, shipments=5, now=NOW, zone=SEOUL)


def test_no_shipments_are_refused() -> None:
    with pytest.raises(Refused, match="at least one"):
        made(0)


def test_progress_rises_to_one() -> None:
    heard: list[float] = []
    made(30, progress=heard.append)
    assert heard == sorted(heard) and heard[-1] == 1.0


@pytest.mark.parametrize(
    ("statuses", "fewest", "most"),
    [
        (("preparing_to_release",), 220, 420),
        (("preparing_to_ship", "released", "in_delivery"), 900, 1300),
        (("shipping_failed",), 30, 75),
        (("delivered",), 18_000, 19_000),
    ],
)
def test_each_tab_holds_what_a_shop_of_this_size_would_have(
    shop: Store, statuses: tuple[str, ...], fewest: int, most: int
) -> None:
    sql = "SELECT count(*) AS n FROM shipment WHERE status IN (SELECT unnest($statuses::VARCHAR[]))"
    assert fewest <= number(shop, sql, statuses=list(statuses)) <= most


def test_every_status_and_word_occurs_at_home(shop: Store) -> None:
    rows = shop.rows("SELECT DISTINCT status, word FROM shipment WHERE destination = 'domestic'")
    assert {row["status"] for row in rows} == set(Status)
    assert {row["word"] for row in rows} == {None, "release_failed", "redelivery", "cancellation", "undecided"}


def test_every_company_gets_parcels_and_the_big_ones_get_most(shop: Store) -> None:
    rows = shop.rows("SELECT carrier, count(*) AS n FROM shipment WHERE carrier IS NOT NULL GROUP BY carrier")
    parcels = {row["carrier"]: row["n"] for row in rows}
    assert parcels.keys() == RULES.carriers.keys()
    usual = {offer.carrier for offers in catalog.LANES.values() for offer in offers}
    assert sum(parcels[code] for code in usual) > 0.9 * sum(parcels.values())
    assert max(parcels[code] for code in parcels.keys() - usual) < min(
        parcels[code] for code in ("cj", "hanjin", "lotte", "ems")
    )


def test_a_small_demo_shop_has_a_parcel_of_every_company_too() -> None:
    assert {row["carrier"] for row in made(2_000)["shipment"]} - {None} == RULES.carriers.keys()


def test_two_thirds_of_the_parcels_stay_at_home(shop: Store) -> None:
    assert 12_000 < number(shop, "SELECT count(*) AS n FROM shipment WHERE destination = 'domestic'") < 14_000


def test_every_number_passes_the_rules_and_is_given_once(shop: Store) -> None:
    rows = shop.rows("SELECT carrier, invoice_no FROM invoice WHERE action = 'registered'")
    verdicts = [check(row["carrier"], row["invoice_no"], RULES) for row in rows]
    assert {verdict.level for verdict in verdicts} == {Level.OK}
    assert [verdict.cleaned for verdict in verdicts] == [row["invoice_no"] for row in rows]
    assert max(Counter((row["carrier"], row["invoice_no"]) for row in rows).values()) == 1


def test_the_stored_state_is_the_fold_of_the_stored_facts(sample: list[Shipment]) -> None:
    assert len(sample) == 500
    for s in sample:
        assert s.state == fold(s.ordered_at, s.released_at, s.invoices, s.checkpoints), s.shipment_no


def test_stored_scans_are_the_plan_up_to_now(sample: list[Shipment]) -> None:
    for s in (s for s in sample if s.invoice):
        invoice = s.invoice
        assert invoice is not None
        where = s.warehouse, s.address.country, s.address.city
        whole = plan(COMPANIES, Parcel(invoice.carrier, invoice.invoice_no, invoice.changed_at, *where))
        past = [replace(c, invoice_id=invoice.invoice_id) for c in whole if c.happened_at <= NOW.replace(minute=0, second=0)]
        stored = [c for c in s.journey if c.source == "carrier"]
        assert sorted(past, key=repr) == sorted(stored, key=repr), s.shipment_no


def test_a_plan_goes_on_to_the_end(shop: Store) -> None:
    moving = shop.rows("SELECT * FROM shipment WHERE stage = 'in_transit' ORDER BY shipment_id DESC LIMIT 50")
    ends = [
        plan(
            COMPANIES, Parcel(*(r[name] for name in ("carrier", "invoice_no", "invoiced_at", "warehouse", "country", "city")))
        )[-1]
        for r in moving
    ]
    assert sum(end.stage == "delivered" for end in ends) > 40
    assert any(end.happened_at > NOW for end in ends)


def test_a_plan_needs_nothing_but_a_number_and_an_address() -> None:
    parcel = Parcel("ups", "1Z999AA10123456784", NOW, warehouse="", country="ZA", city="Somewhere")
    scans = plan(COMPANIES, parcel)
    assert scans and all(scan.happened_at > NOW for scan in scans)
    assert scans == plan(COMPANIES, parcel)


def test_nothing_lies_in_the_future(shop: Store) -> None:
    moments = [
        ("checkpoint", "happened_at"), ("invoice", "changed_at"), ("history", "changed_at"), ("batch", "made_at"),
        *(("shipment", name) for name in ("ordered_at", "released_at", "status_since", "closed_at", "updated_at")),
    ]  # fmt: skip
    assert [m for m in moments if number(shop, f"SELECT count(*) AS n FROM {m[0]} WHERE {m[1]} > $now", now=NOW)] == []


def test_shipment_numbers_run_within_the_day_of_the_shop(shop: Store) -> None:
    rows = shop.rows("SELECT shipment_no, ordered_at FROM shipment WHERE origin_no IS NULL ORDER BY shipment_id")
    running: Counter[str] = Counter()
    for row in rows:
        day = f"S{row['ordered_at'].astimezone(SEOUL):%y%m%d}"
        running[day] += 1
        assert row["shipment_no"] == f"{day}-{running[day]:05}"
    moments = np.array([row["ordered_at"].timestamp() for row in rows])
    assert (np.diff(moments) >= 0).all()


def test_orders_have_several_shipments_and_exchanges(shop: Store) -> None:
    orders = shop.rows("SELECT count(*) AS n, count(DISTINCT recipient) AS people FROM shipment GROUP BY order_no")
    assert sum(order["n"] > 1 for order in orders) > 1_000
    assert {order["people"] for order in orders} == {1}
    assert number(shop, "SELECT count(*) AS n FROM shipment WHERE kind = 'exchange'") > 300


def test_items_agree_with_their_shipment(shop: Store) -> None:
    wrong = """
    SELECT count(*) AS n FROM shipment s JOIN (
        SELECT shipment_id, count(*) AS lines, count(DISTINCT product_id) AS products, min_by(name, line) AS first
        FROM item GROUP BY ALL) i USING (shipment_id)
    WHERE (s.items, s.items, s.product) IS DISTINCT FROM (i.lines, i.products, i.first)
    """
    assert number(shop, wrong) == 0
    assert number(shop, "SELECT count(DISTINCT shipment_id) AS n FROM item") == 20_000


def test_invoices_agree_with_their_shipment(sample: list[Shipment], shop: Store) -> None:
    rows = {row["shipment_id"]: row for row in shop.rows("SELECT * FROM shipment")}
    for s in sample:
        row, invoice = rows[s.shipment_id], s.invoice
        given = (row["invoice_id"], row["carrier"], row["invoice_no"], row["invoiced_at"])
        expected = (invoice.invoice_id, invoice.carrier, invoice.invoice_no, invoice.changed_at) if invoice else (None,) * 4
        assert given == expected


def test_history_leads_to_the_shipment_as_it_is(sample: list[Shipment], shop: Store) -> None:
    for s in sample:
        changes = history.of_shipment(shop, s.shipment_id)[::-1]
        assert changes[0]["action"] == "created"
        assert s.version == len(changes)
        assert s.updated_at == changes[-1]["changed_at"] == max(change["changed_at"] for change in changes)
        known: dict[str, Any] = {"carrier": None, "invoice_no": None, "status": "preparing_to_release", "word": None}
        for change in changes:
            known |= change["after"]
        invoice = s.invoice
        assert known["status"] == s.state.status
        assert known["word"] == s.state.word
        assert known["invoice_no"] == (invoice.invoice_no if invoice else None)
        assert known["carrier"] == (invoice.carrier if invoice else None)


def test_each_change_starts_where_the_one_before_it_ended(sample: list[Shipment], shop: Store) -> None:
    """All but the carriers' news, of which only the last is kept."""
    for s in sample:
        number = None
        for change in history.of_shipment(shop, s.shipment_id)[::-1]:
            assert change["before"].get("invoice_no", number) == number
            number = change["after"].get("invoice_no", number)


def test_changes_are_in_the_batch_of_their_maker(shop: Store) -> None:
    wrong = """
    SELECT count(*) AS n FROM history h LEFT JOIN batch b USING (batch_id)
    WHERE (h.changed_by, h.source) IS DISTINCT FROM (b.made_by, b.source) OR h.changed_at < b.made_at
    """
    assert number(shop, wrong) == 0
    for table in ("invoice", "checkpoint"):
        assert number(shop, f"SELECT count(*) AS n FROM {table} ANTI JOIN batch USING (batch_id)") == 0


def test_registrations_share_their_batch_with_history(shop: Store) -> None:
    lost = """
    SELECT count(*) AS n FROM invoice i ANTI JOIN history h
    ON h.shipment_id = i.shipment_id AND h.batch_id = i.batch_id AND h.changed_at = i.changed_at
    """
    assert number(shop, lost) == 0


def test_the_newest_batches_have_the_highest_ids(shop: Store) -> None:
    newest = history.batches(shop, 10)
    assert {row["made_at"].astimezone(SEOUL).date() for row in newest} == {NOW.astimezone(SEOUL).date()}


@pytest.mark.parametrize("key", list(SearchKey))
def test_search_finds_every_sampled_value(key: SearchKey, sample: list[Shipment], shop: Store) -> None:
    wanted = {
        SearchKey.SHIPMENT_NO: lambda s: s.shipment_no,
        SearchKey.ORDER_NO: lambda s: s.order_no,
        SearchKey.INVOICE_NO: lambda s: s.invoice.invoice_no if s.invoice else "",
        SearchKey.PRODUCT_ID: lambda s: s.items[-1].product_id,
        SearchKey.RECIPIENT: lambda s: s.address.recipient,
    }[key]
    values = {wanted(s): s.shipment_id for s in sample if wanted(s)}
    found = lists.search(shop, key, list(values))
    assert [value for value, shipment_id in values.items() if shipment_id not in found[value]] == []


def test_search_keys_are_in_their_search_form(shop: Store) -> None:
    values = [row["value"] for row in shop.rows("SELECT DISTINCT value FROM search_key")]
    assert [value for value in values if search_form(value) != value] == []


def test_closed_and_reshipped_shipments_are_linked_both_ways(shop: Store) -> None:
    pairs = shop.rows(
        "SELECT o.closed_at, o.status, o.word, s.released_at, o.order_no = s.order_no AS same, s.shipment_no, o.shipment_no AS old "
        "FROM shipment o JOIN shipment s ON s.origin_no = o.shipment_no AND o.successor_no = s.shipment_no"
    )
    assert len(pairs) == number(shop, "SELECT count(*) AS n FROM shipment WHERE origin_no IS NOT NULL") > 0
    for pair in pairs:
        assert pair["same"] and pair["shipment_no"] == f"{pair['old']}-R1"
        assert (pair["status"], pair["word"]) == ("shipping_failed", "cancellation")
        assert pair["closed_at"] == pair["released_at"]


def test_one_carrier_struggles_on_one_lane_of_late(shop: Store) -> None:
    days = """
    SELECT avg(epoch(delivered_at - picked_up_at)) / 86400 AS n FROM shipment
    WHERE carrier = 'lotte' AND city IN ('부산', '대구', '울산', '창원', '광주', '전주') AND starts_with(invoice_no, $block)
    """
    before, of_late = (shop.rows(days, {"block": block})[0]["n"] for block in ("23", "25"))
    assert of_late > before + 1


def test_one_warehouse_is_slow_on_mondays(shop: Store) -> None:
    wait = """
    SELECT warehouse, median(epoch(invoiced_at - released_at)) / 3600 AS hours FROM shipment
    WHERE isodow(timezone('Asia/Tokyo', released_at)) = 1 AND released_at IS NOT NULL GROUP BY ALL
    """
    hours = {row["warehouse"]: row["hours"] for row in shop.rows(wait)}
    assert hours["TYO2"] > 3 * hours["ICN1"]


def test_the_facts_are_untidy_as_in_the_field(shop: Store) -> None:
    for sql in (
        "SELECT count(*) AS n FROM checkpoint WHERE stage IS NULL",
        "SELECT count(*) AS n FROM checkpoint WHERE zone_from <> 'written'",
        "SELECT count(*) AS n FROM (SELECT 1 FROM checkpoint GROUP BY shipment_id, happened_at, code HAVING count(*) > 1)",
        "SELECT count(*) AS n FROM checkpoint o JOIN shipment s USING (shipment_id) "
        "WHERE o.stage = 'out_for_delivery' AND o.happened_at > s.delivered_at",
        "SELECT count(*) AS n FROM shipment WHERE status = 'delivered' AND first_attempt_at < delivered_at",
        "SELECT count(*) AS n FROM shipment WHERE promised_on IS NULL",
        "SELECT count(*) AS n FROM shipment WHERE ship_by IS NULL",
        "SELECT count(*) AS n FROM history WHERE action = 'invoice_modified' AND reason <> ''",
        "SELECT count(*) AS n FROM history WHERE action = 'invoice_deleted'",
    ):
        assert number(shop, sql) > 20, sql
