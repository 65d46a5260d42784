"""The list of shipments: every clause, every order, every flag, every way to search."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from core.domain.dimensions import Behind, Days, Hours
from core.domain.figures import Figure, Part
from core.domain.flags import RULES as FLAG_RULES
from core.domain.flags import Flag
from core.domain.periods import Period
from core.domain.search import Search, SearchKey
from core.domain.selection import Counts, Selection
from core.domain.shipment import DETAILS_OF, Destination, Item, Kind, Shipment, Stage, Status, StatusDetail, Tab
from core.domain.sorting import Order, Sort
from core.services.shipments import invoices
from core.services.shipments.changes import Request
from core.services.shipments.invoices import Entry
from core.store import lists, searching, shipments
from core.store.database import Row, Store
from core.store.lists import LIST_COLUMNS
from tests.builders import (
    ADDRESS,
    CJ,
    CJ_OTHER,
    HANA,
    HANJIN,
    MUG,
    NOW,
    RULES,
    SEOUL,
    SHIRT,
    TODAY,
    a_checkpoint,
    a_shipment,
    a_store,
    add,
    an_invoice,
    nov,
    total,
)
from tests.engines import new_store

BY_NO = Order(Sort.SHIPMENT_NO, descending=False)
MONTH = Period(date(2026, 11, 1), date(2026, 11, 30))


def listing(store: Store, **said: Any) -> AbstractContextManager[lists.Listing]:
    return lists.listing(store, Selection(**{"tab": Tab.ALL, **said}), zone=SEOUL, now=NOW, personal=True)


def page(store: Store, order: Order = BY_NO, limit: int = 100, offset: int = 0, **said: Any) -> list[Row]:
    with listing(store, **said) as found:
        return found.page(order, limit, offset)


def shown(store: Store, order: Order = BY_NO, **said: Any) -> str:
    return " ".join(row["shipment_no"] for row in page(store, order, **said))


def counts(store: Store, **said: Any) -> Counts:
    with listing(store, **said) as found:
        return found.counts()


def table(store: Store, order: Order = BY_NO, **said: Any) -> pa.Table:
    with listing(store, **said) as found:
        return found.table(order)


def living(city: str, recipient: str = "Ada Kim", country: str = "KR") -> dict[str, Any]:
    return {"address": replace(ADDRESS, recipient=recipient, city=city, country=country)}


DESK = (
    a_shipment("A", ordered_at=nov(5), order_no="O-2", **living("Busan", "Bo")),
    a_shipment("B", invoice=an_invoice(CJ, nov(12)), ordered_at=nov(8), order_no="O-1", warehouse="Gimpo",
               policy="Express", option="Locker", **living("Milan", "Ada", "IT")),
    a_shipment("C", invoice=an_invoice(HANJIN, nov(12), carrier="hanjin"), scans=[a_checkpoint(Stage.PICKED_UP, nov(13))],
               ordered_at=nov(8), order_no="O-4", kind=Kind.EXCHANGE, **living("Ansan", "Cy")),
    a_shipment("D", scans=[a_checkpoint(Stage.IN_TRANSIT, nov(14))], order_no="O-3"),
    a_shipment("E", scans=[a_checkpoint(Stage.ATTEMPT_FAILED, nov(15))], ordered_at=nov(9), order_no="O-5"),
    a_shipment("F", scans=[a_checkpoint(Stage.RETURNED, nov(15, 12))], ordered_at=nov(9), order_no="O-6"),
    a_shipment("G", scans=[a_checkpoint(Stage.DELIVERED, nov(15, 13))], ordered_at=nov(9), order_no="O-7"),
    a_shipment("H", scans=[a_checkpoint(Stage.INVALID_NUMBER, nov(14))], order_no="O-8"),
)  # fmt: skip


@pytest.fixture(scope="module")
def desk() -> Iterator[Store]:
    """One shipment of each kind, read by many tests and written by none."""
    store = new_store()
    add(store, *DESK)
    yield store
    store.close()


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({}, "A B C D E F G H"),
        ({"search": Search(values=("A", "C"))}, "A C"),
        ({"search": Search(values=("nothing",))}, ""),
        ({"ordered": Days(date(2026, 11, 9))}, "D E F G H"),
        ({"ordered": Days(last=date(2026, 11, 8))}, "A B C"),
        ({"ordered": Days(date(2026, 11, 8), date(2026, 11, 8))}, "B C"),
        ({"kind": Kind.EXCHANGE}, "C"),
        ({"kind": Kind.STANDARD, "warehouse": ("Icheon",)}, "A D E F G H"),
        ({"warehouse": ("Gimpo", "Icheon")}, "A B C D E F G H"),
        ({"warehouse": ("Nowhere",)}, ""),
        ({"policy": ("Express",)}, "B"),
        ({"option": ("Locker",)}, "B"),
        ({"carrier": ("hanjin",)}, "C"),
        ({"carrier": ("cj", "hanjin")}, "B C D E F G H"),
        ({"carrier": ("",)}, "A"),
        ({"country": ("IT",)}, "B"),
        ({"flag": (Flag.RETURNED,)}, "F"),
        ({"flag": (Flag.FAILED, Flag.INVALID_NUMBER)}, "E H"),
        ({"flag": (Flag.RETURNED,), "carrier": ("hanjin",)}, ""),
        ({"status": (Status.RELEASED, Status.DELIVERED)}, "C G"),
        ({"detail": (StatusDetail.PROCESSED, StatusDetail.DISPATCHED)}, "B C"),
        ({"detail": (StatusDetail.SHIPPING,)}, "D"),
        ({"detail": (StatusDetail.REDELIVERY, StatusDetail.CANCELLATION)}, "E F"),
        ({"detail": (StatusDetail.RELEASE_FAILED,)}, "H"),
        ({"detail": ("",)}, "A G"),
        ({"age": Hours(24)}, "A B C D E H"),
        ({"age": Hours(high=24)}, "F G"),
        ({"behind": Behind(Figure.DELIVERED, Part.NUMERATOR, MONTH)}, "G"),
    ],
)
def test_a_dimension_keeps_exactly_its_shipments(desk: Store, said: dict[str, Any], expected: str) -> None:
    assert shown(desk, **said) == expected
    assert counts(desk, **said).tabs[Tab.ALL] == len(expected.split())
    assert table(desk, **said)["shipment_no"].to_pylist() == expected.split()


@pytest.mark.parametrize("tab", Tab)
def test_a_tab_holds_its_statuses_and_counts_them(desk: Store, tab: Tab) -> None:
    tabs = {Tab.PREPARING: "A H", Tab.DELIVERY: "B C D", Tab.FAILED: "E F", Tab.DELIVERED: "G"}
    expected = tabs.get(tab, "A B C D E F G H")
    assert shown(desk, tab=tab) == expected
    assert counts(desk).tabs[tab] == len(expected.split())


def test_a_tab_counts_its_details_whichever_of_them_is_shown(desk: Store) -> None:
    for detail in ((), (StatusDetail.SHIPPING,), (StatusDetail.PROCESSED, StatusDetail.DISPATCHED)):
        found = counts(desk, tab=Tab.DELIVERY, detail=detail)
        assert found.details == {StatusDetail.PROCESSED: 1, StatusDetail.DISPATCHED: 1, StatusDetail.SHIPPING: 1}
        assert found.tabs[Tab.DELIVERY] == (len(detail) or 3)
    assert counts(desk, tab=Tab.PREPARING).details == {StatusDetail.RELEASE_FAILED: 1}
    assert counts(desk, tab=Tab.DELIVERED).details == {}


@pytest.mark.parametrize("detail", [(), (StatusDetail.SHIPPING,), (StatusDetail.SHIPPING, StatusDetail.CANCELLATION)])
@pytest.mark.parametrize("open_tab", Tab)
def test_a_tab_counts_what_a_press_on_it_lists(desk: Store, open_tab: Tab, detail: tuple[str, ...]) -> None:
    wanted = Selection(tab=open_tab, detail=detail)
    for tab, count in counts(desk, tab=open_tab, detail=detail).tabs.items():
        with lists.listing(desk, wanted.in_tab(tab), zone=SEOUL, now=NOW, personal=True) as pressed:
            assert len(pressed.ids()) == count


@pytest.mark.parametrize(("destination", "expected"), [(Destination.DOMESTIC, "S-1"), (Destination.INTERNATIONAL, "S-2")])
def test_domestic_and_international_are_never_listed_together(destination: Destination, expected: str) -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2", destination=Destination.INTERNATIONAL))
    assert shown(store, destination=destination) == expected
    assert counts(store, destination=destination).tabs[Tab.ALL] == 1


def test_every_tab_is_counted_even_when_it_is_empty() -> None:
    assert counts(a_store()).tabs == dict.fromkeys(Tab, 0)
    assert page(a_store()) == []


SORTS = [
    (Sort.SHIPMENT_NO, "A B C D E F G H", "H G F E D C B A"),
    (Sort.ORDER_NO, "B A D C E F G H", "H G F E C D A B"),
    (Sort.ORDERED, "A B C E F G D H", "H D G F E C B A"),
    (Sort.RECIPIENT, "B D E F G H A C", "C A H G F E D B"),
    (Sort.DESTINATION, "B C A D E F G H", "H G F E D A C B"),
    (Sort.WAREHOUSE, "B A C D E F G H", "H G F E D C A B"),
    (Sort.CARRIER, "B D E F G H C A", "C H G F E D B A"),
    (Sort.INVOICE_NO, "C B D E F G H A", "H G F E D B C A"),
    (Sort.STATUS, "H A B C D F E G", "G E F D C B H A"),
    (Sort.AGE, "G F E D H C B A", "A B C H D E F G"),
]


@pytest.mark.parametrize(("sort", "rising", "falling"), SORTS)
def test_an_order_has_two_directions_and_what_is_missing_comes_last(desk: Store, sort: Sort, rising: str, falling: str) -> None:
    assert shown(desk, Order(sort, descending=False)) == rising
    assert shown(desk, Order(sort, descending=True)) == falling


@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("sort", Sort)
def test_pages_put_together_are_all_rows_in_order(desk: Store, sort: Sort, descending: bool) -> None:
    order = Order(sort, descending)
    pages = [page(desk, order, 3, offset) for offset in (0, 3, 6, 9)]
    assert [len(rows) for rows in pages] == [3, 3, 2, 0]
    whole = table(desk, order)
    assert [row["shipment_no"] for rows in pages for row in rows] == whole["shipment_no"].to_pylist()


@pytest.mark.parametrize("descending", [False, True])
def test_a_page_by_order_date_is_the_same_however_far_its_days_are(descending: bool) -> None:
    store = a_store()
    ages = [0, 0, 1, 3, 10, 15, 40, 100, 127, 129, 300, 900]
    add(store, *(a_shipment(f"S-{n}", ordered_at=NOW - timedelta(days=age)) for n, age in enumerate(ages)))
    whole = [row["shipment_id"] for row in page(store, Order(Sort.ORDERED, descending))]
    assert len(whole) == len(ages)
    for limit, offset in ((1, 0), (3, 0), (3, 2), (4, 7), (1, 11), (5, 9), (5, 12)):
        rows = page(store, Order(Sort.ORDERED, descending), limit, offset)
        assert [row["shipment_id"] for row in rows] == whole[offset : offset + limit]


@pytest.mark.parametrize("descending", [False, True])
def test_a_tab_of_one_status_is_in_the_order_that_all_are_in(desk: Store, descending: bool) -> None:
    order = Order(Sort.STATUS, descending)
    for tab in Tab:
        shown = {row["shipment_id"] for row in page(desk, tab=tab)}
        everything = [row["shipment_id"] for row in page(desk, order) if row["shipment_id"] in shown]
        assert [row["shipment_id"] for row in page(desk, order, tab=tab)] == everything


def test_the_table_of_orders_knows_every_sort() -> None:
    assert {sort for sort, _, _ in SORTS} == set(Sort)


def test_a_row_holds_what_the_list_shows(desk: Store) -> None:
    row = lists.rows_of(desk, [3], zone=SEOUL, now=NOW, personal=True)[0]
    assert set(row) == {*LIST_COLUMNS, "flag"}
    said = {name: row[name] for name in ("shipment_no", "order_no", "kind", "carrier", "invoice_no", "status", "product")}
    assert said == {
        "shipment_no": "C", "order_no": "O-4", "kind": "exchange", "carrier": "hanjin", "invoice_no": HANJIN,
        "status": "released", "product": "Linen shirt",
    }  # fmt: skip
    assert (row["ordered_at"], row["status_since"]) == (nov(8), nov(13))


SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def registered(age: timedelta, *scans: Stage, **fields: Any) -> Shipment:
    """A shipment whose number was registered that long ago, with scans an hour apart from then on."""
    since = NOW - age
    points = [a_checkpoint(stage, since + timedelta(hours=n)) for n, stage in enumerate(scans)]
    return a_shipment(invoice=an_invoice(CJ, since), scans=points, **fields)


def scanned(age: timedelta, stage: Stage = Stage.IN_TRANSIT, **fields: Any) -> Shipment:
    return a_shipment(scans=[a_checkpoint(stage, NOW - age)], **fields)


H48, H72, H1 = timedelta(hours=48), timedelta(hours=72), timedelta(hours=1)
LATE: dict[str, Any] = {"ship_by": TODAY - DAY, "promised_on": TODAY - DAY}
FLAGGED: list[tuple[str, Shipment, Flag | None]] = [
    ("waiting", a_shipment(), None),
    ("returned", scanned(H1, Stage.RETURNED), Flag.RETURNED),
    ("cancelled", scanned(H1, Stage.CANCELLED), Flag.RETURNED),
    ("lost", scanned(H1, Stage.LOST), Flag.RETURNED),
    ("failed", scanned(H1, Stage.ATTEMPT_FAILED), Flag.FAILED),
    ("undecided", registered(H48, *[Stage.ATTEMPT_FAILED] * 3), Flag.FAILED),
    ("invalid", scanned(H1, Stage.INVALID_NUMBER), Flag.INVALID_NUMBER),
    ("registered 48 h ago", registered(H48), None),
    ("registered more than 48 h ago", registered(H48 + SECOND), Flag.NEVER_SCANNED),
    ("known to the carrier, never scanned", registered(H48 + H1, Stage.INFO_RECEIVED), Flag.NEVER_SCANNED),
    ("registered long ago, scanned now", registered(H72 * 2, *[Stage.IN_TRANSIT] * 100), None),
    ("to ship by today", a_shipment(ship_by=TODAY), None),
    ("to ship by yesterday", a_shipment(ship_by=TODAY - DAY), Flag.DISPATCH_OVERDUE),
    ("registered, to ship by yesterday", registered(H1, ship_by=TODAY - DAY), Flag.DISPATCH_OVERDUE),
    ("shipped, to ship by yesterday", scanned(H1, Stage.PICKED_UP, ship_by=TODAY - DAY), None),
    ("scanned 72 h ago", scanned(H72), None),
    ("scanned more than 72 h ago", scanned(H72 + SECOND), Flag.NO_SCAN),
    ("picked up more than 72 h ago", scanned(H72 + SECOND, Stage.PICKED_UP), Flag.NO_SCAN),
    ("promised yesterday", scanned(H1, promised_on=TODAY - DAY), Flag.PAST_PROMISE),
    ("waiting, promised yesterday", a_shipment(promised_on=TODAY - DAY), Flag.PAST_PROMISE),
    ("promised today", scanned(H1, promised_on=TODAY), Flag.AT_RISK),
    ("promised tomorrow", scanned(H1, promised_on=TODAY + DAY), Flag.AT_RISK),
    ("promised the day after tomorrow", scanned(H1, promised_on=TODAY + 2 * DAY), None),
    ("out for delivery, promised today", scanned(H1, Stage.OUT_FOR_DELIVERY, promised_on=TODAY), None),
    ("out for delivery, promised yesterday", scanned(H1, Stage.OUT_FOR_DELIVERY, promised_on=TODAY - DAY), Flag.PAST_PROMISE),
    ("without any promise", scanned(H1), None),
    ("delivered after the promise", scanned(H1, Stage.DELIVERED, **LATE), None),
    ("returned and closed", scanned(H1, Stage.RETURNED, closed_at=nov(16), **LATE), None),
    ("returned and late", scanned(H72 * 2, Stage.RETURNED, **LATE), Flag.RETURNED),
    ("failed and late", scanned(H72 * 2, Stage.ATTEMPT_FAILED, **LATE), Flag.FAILED),
    ("invalid and late", scanned(H72, Stage.INVALID_NUMBER, **LATE), Flag.INVALID_NUMBER),
    ("never scanned and late", registered(H72, **LATE), Flag.NEVER_SCANNED),
    ("overdue and late", registered(H1, **LATE), Flag.DISPATCH_OVERDUE),
    ("silent and late", scanned(H72 + SECOND, **LATE), Flag.NO_SCAN),
]


@pytest.fixture(scope="module")
def flagged() -> Iterator[Store]:
    store = new_store()
    add(store, *(shipment.but(shipment_no=name, ordered_at=nov(1)) for name, shipment, _ in FLAGGED))
    yield store
    store.close()


@pytest.mark.parametrize(("name", "flag"), [(name, flag) for name, _, flag in FLAGGED])
def test_a_flag_is_raised_exactly_by_its_rule_and_the_worst_one_shows(flagged: Store, name: str, flag: Flag | None) -> None:
    found = {row["shipment_no"]: row["flag"] for row in page(flagged)}
    assert found[name] == flag


@pytest.mark.parametrize("flag", Flag)
def test_filtering_by_a_flag_finds_the_rows_that_show_it(flagged: Store, flag: Flag) -> None:
    expected = {name for name, _, raised in FLAGGED if raised is flag}
    assert {row["shipment_no"] for row in page(flagged, flag=(flag,))} == expected
    assert counts(flagged, flag=(flag,)).tabs[Tab.ALL] == len(expected) > 0


def test_every_flag_has_a_rule_in_words() -> None:
    assert set(FLAG_RULES) == set(Flag)


def test_late_is_a_question_with_a_date() -> None:
    store = a_store(a_shipment("S-1", promised_on=date(2026, 11, 20)))
    flags = [lists.rows_of(store, [1], zone=SEOUL, now=nov(day), personal=True)[0]["flag"] for day in (18, 19, 20, 21)]
    assert flags == [None, "at_risk", "at_risk", "past_promise"]


def found(store: Store, key: SearchKey, *texts: str) -> dict[str, list[int]]:
    return {text: sorted(ids) for text, ids in lists.search(store, key, texts).items()}


@pytest.fixture(scope="module")
def numbered() -> Iterator[Store]:
    store = new_store()
    add(
        store,
        a_shipment("S-1", order_no="W-100"),
        a_shipment("S-10", order_no="W-100", invoice=an_invoice(CJ)),
        a_shipment("S-11", order_no="W-101", invoice=an_invoice(CJ_OTHER), items=(SHIRT, MUG)),
        a_shipment("T_1", order_no="W-102", items=(MUG, Item("P-200", "Blue mug, spare", 1), Item("P-2001", "Box", 1))),
        a_shipment("주문1", order_no="X-1", items=()),
    )
    yield store
    store.close()


@pytest.mark.parametrize(
    ("key", "text", "ids"),
    [
        (SearchKey.SHIPMENT_NO, "S-1", [1]),
        (SearchKey.SHIPMENT_NO, "s1", [1]),
        (SearchKey.SHIPMENT_NO, "Ｓ－１", [1]),
        (SearchKey.SHIPMENT_NO, "S", [1, 2, 3]),
        (SearchKey.SHIPMENT_NO, "-1", []),
        (SearchKey.SHIPMENT_NO, "1", []),
        (SearchKey.SHIPMENT_NO, "주문", [5]),
        (SearchKey.SHIPMENT_NO, "ㄴ-1", [1]),
        (SearchKey.SHIPMENT_NO, "ㄴ-", [1, 2, 3]),
        (SearchKey.SHIPMENT_NO, "]C0S-1", [1]),
        (SearchKey.SHIPMENT_NO, "*-*", []),
        (SearchKey.ORDER_NO, "ㅈ-100", [1, 2]),
        (SearchKey.ORDER_NO, "てほぬわわ", [1, 2]),
        (SearchKey.INVOICE_NO, f"A{CJ}A", [2]),
        (SearchKey.SHIPMENT_NO, "S-1%", []),
        (SearchKey.SHIPMENT_NO, "%", []),
        (SearchKey.SHIPMENT_NO, "S_", []),
        (SearchKey.SHIPMENT_NO, "T_", [4]),
        (SearchKey.SHIPMENT_NO, "' OR 1=1 --", []),
        (SearchKey.ORDER_NO, "W-100", [1, 2]),
        (SearchKey.ORDER_NO, "W-10", [1, 2, 3, 4]),
        (SearchKey.ORDER_NO, "S-1", []),
        (SearchKey.INVOICE_NO, CJ, [2]),
        (SearchKey.INVOICE_NO, "6329-7661-5493", [2]),
        (SearchKey.INVOICE_NO, "57741", [3]),
        (SearchKey.INVOICE_NO, "5493", []),
        (SearchKey.PRODUCT_ID, "P-100", [1, 2, 3]),
        (SearchKey.PRODUCT_ID, "P-200", [3, 4]),
        (SearchKey.PRODUCT_ID, "P-20", [3, 4]),
        (SearchKey.PRODUCT_ID, "P-2001", [4]),
    ],
)
def test_a_value_finds_its_exact_shipments_or_else_those_that_begin_with_it(
    numbered: Store, key: SearchKey, text: str, ids: list[int]
) -> None:
    assert found(numbered, key, text) == {text: ids}


@pytest.mark.parametrize("others", [0, 10])
def test_of_a_beginning_with_too_many_shipments_the_last_ones_are_found_and_no_other_is_lost(
    numbered: Store, monkeypatch: pytest.MonkeyPatch, others: int
) -> None:
    monkeypatch.setattr(searching, "MOST_FOUND", 2 if others == 0 else 3)
    answers = lists.search(numbered, SearchKey.ORDER_NO, ["W", "X", *(f"none {n}" for n in range(others))])
    assert (sorted(answers["W"]), answers["X"]) == ([3, 4], [5])
    assert lists.cut_short(answers) == {"W": 2}


@pytest.mark.parametrize(
    ("key", "line", "values"),
    [
        (SearchKey.INVOICE_NO, "6329 7661 5493", {"6329 7661 5493": [2]}),
        (SearchKey.INVOICE_NO, "6329 7661", {"6329 7661": [2]}),
        (SearchKey.INVOICE_NO, "6329 0000 5493", {"6329 0000 5493": []}),
        (SearchKey.INVOICE_NO, f"6329 7661 5493 {CJ_OTHER}", {"6329 7661 5493": [2], CJ_OTHER: [3]}),
        (SearchKey.INVOICE_NO, f"6329 0000 5493 {CJ_OTHER}", {"6329 0000 5493": [], CJ_OTHER: [3]}),
        (SearchKey.SHIPMENT_NO, "S-1 S-11", {"S-1": [1], "S-11": [3]}),
        (SearchKey.SHIPMENT_NO, "S-1 nothing T_1", {"S-1": [1], "nothing": [], "T_1": [4]}),
        (SearchKey.SHIPMENT_NO, "S T", {"S": [1, 2, 3], "T": [4]}),
        (SearchKey.SHIPMENT_NO, "S - 11", {"S - 11": [3]}),
        (SearchKey.SHIPMENT_NO, "EE 123 456 785 KR", {"EE 123 456 785 KR": []}),
        (SearchKey.ORDER_NO, "W 100", {"W 100": [1, 2]}),
    ],
)
def test_a_line_with_blanks_is_one_number_first_and_then_its_parts(
    numbered: Store, key: SearchKey, line: str, values: dict[str, list[int]]
) -> None:
    answers = lists.searched(numbered, Search(key, (line,)))
    assert {value: sorted(ids) for value, ids in answers.items()} == values


def test_a_thousand_numbers_on_one_line_are_found(numbered: Store) -> None:
    line = " ".join(["S-1", "S-10", "S-11", *(f"X-{n}" for n in range(997))])
    answers = lists.searched(numbered, Search(SearchKey.SHIPMENT_NO, (line,)))
    assert [answers[text] for text in ("S-1", "S-10", "S-11")] == [[1], [2], [3]]


def test_each_of_several_values_is_answered_for_itself(numbered: Store) -> None:
    answers = found(numbered, SearchKey.SHIPMENT_NO, "S-11", "nothing", "T", "s11")
    assert answers == {"S-11": [3], "nothing": [], "T": [4], "s11": [3]}


def test_a_thousand_values_are_answered_at_once(numbered: Store) -> None:
    answers = found(numbered, SearchKey.SHIPMENT_NO, *(f"S-{n}" for n in range(1000)))
    assert [text for text, ids in answers.items() if ids] == ["S-1", "S-10", "S-11"]


def test_sorting_the_keys_again_loses_none_of_them() -> None:
    store = a_store(a_shipment("S-2", items=(SHIRT, MUG)), a_shipment("S-1"))
    before = [found(store, key, "S", "O", "P") for key in SearchKey]
    store.write(shipments.sort_keys)
    assert [found(store, key, "S", "O", "P") for key in SearchKey] == before


def entered(store: Store, number: str) -> None:
    act = invoices.modify if shipments.find(store, "S-1").invoice else invoices.register  # type: ignore[union-attr]
    assert act(store, RULES, "S-1", Entry("cj", number), request=Request(HANA, NOW))


@pytest.mark.parametrize("text", [CJ, CJ[:5]])
def test_a_deleted_number_finds_nothing_and_found_again_once_it_is_back(text: str) -> None:
    store = a_store(a_shipment("S-1"))
    entered(store, CJ)
    assert found(store, SearchKey.INVOICE_NO, text) == {text: [1]}
    invoices.delete(store, "S-1", request=Request(HANA, NOW))
    assert found(store, SearchKey.INVOICE_NO, text) == {text: []}
    entered(store, CJ)
    assert found(store, SearchKey.INVOICE_NO, text) == {text: [1]}


def test_a_modified_invoice_is_found_by_its_new_number_only() -> None:
    store = a_store(a_shipment("S-1"))
    entered(store, CJ)
    entered(store, CJ_OTHER)
    assert found(store, SearchKey.INVOICE_NO, CJ, CJ_OTHER) == {CJ: [], CJ_OTHER: [1]}


def test_whereabouts_tell_status_and_border() -> None:
    abroad = a_shipment("S-2", invoice=an_invoice(CJ), destination=Destination.INTERNATIONAL)
    places = lists.whereabouts(a_store(a_shipment("S-1"), abroad), [1, 2, 99])
    assert {number: (place["status"], place["destination"]) for number, place in places.items()} == {
        1: ("preparing_to_release", "domestic"),
        2: ("preparing_to_ship", "international"),
    }


def test_the_filters_offer_what_is_in_use(desk: Store) -> None:
    assert lists.choices(desk) == {
        "warehouse": ["Gimpo", "Icheon"],
        "policy": ["Express", "Standard"],
        "option": ["Door", "Locker"],
        "carrier": ["cj", "hanjin"],
        "country": ["IT", "KR"],
        "assigned": [],
    }
    assert total(desk) == len(DESK)


@pytest.mark.parametrize("narrowed", [{}, {"carrier": ("cj",)}, {"detail": None}], ids=["alone", "filtered", "details"])
@pytest.mark.parametrize("tab", Tab)
def test_the_only_shipment_that_is_searched_is_counted_and_listed_like_one_of_many(
    desk: Store, tab: Tab, narrowed: dict[str, Any]
) -> None:
    said = {name: DETAILS_OF[tab] if name == "detail" else value for name, value in narrowed.items()}
    for shipment in DESK:
        with listing(desk, tab=tab, search=Search(values=(shipment.shipment_no,)), **said) as only:
            among = replace(only, hits={})
            assert only.counts() == among.counts()
            assert [*map(plain, only.page(BY_NO, 50, 0))] == [*map(plain, among.page(BY_NO, 50, 0))]
            assert only.page(BY_NO, 50, 1) == []


def plain(row: Row) -> Row:
    """The same whoever read it: moments without the name of their zone."""
    return {name: value.timestamp() if isinstance(value, datetime) else value for name, value in row.items()}


@pytest.mark.parametrize("tab", [Tab.ALL, Tab.PREPARING, Tab.DELIVERED])
def test_who_searches_a_product_sees_the_shipments_that_have_it(tab: Tab) -> None:
    store = a_store(
        a_shipment("S-1", items=(SHIRT, MUG)),
        a_shipment("S-2", items=(MUG,)),
        a_shipment("S-3", items=(SHIRT, SHIRT), scans=[a_checkpoint(Stage.DELIVERED)], invoices=[an_invoice()]),
    )
    wanted = Selection(tab=tab, search=Search(SearchKey.PRODUCT_ID, (SHIRT.product_id,)))
    with lists.listing(store, wanted, zone=SEOUL, now=NOW, personal=True) as listing:
        shown, counted = listing.ids(), sum(listing.counts().tabs[one] for one in (Tab.PREPARING, Tab.DELIVERED))
    assert shown == {Tab.ALL: {1, 3}, Tab.PREPARING: {1}, Tab.DELIVERED: {3}}[tab]
    assert counted == 2
    assert found(store, SearchKey.PRODUCT_ID, SHIRT.product_id) == {SHIRT.product_id: [1, 3]}
