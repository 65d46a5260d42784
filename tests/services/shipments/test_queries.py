"""The Shipments page's questions: what is on a page, what became of each searched value, where a day begins."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.domain.dimensions import Behind, Days, Hours
from core.domain.figures import Figure, Part
from core.domain.flags import Flag
from core.domain.periods import Period
from core.domain.search import Search, SearchKey
from core.domain.selection import Selection
from core.domain.shipment import Destination, Kind, Shipment, Stage, Status, Tab
from core.domain.sorting import Order, Sort
from core.services.shipments import queries
from core.services.shipments.queries import Page, Whereabouts
from core.services.tracking import polling
from core.store.database import Store
from tests.builders import ADDRESS, CJ, NOW, SEOUL, a_checkpoint, a_shipment, a_store, a_visit, add, an_invoice, nov
from tests.desk import Service, SetClock, a_tracker
from tests.engines import new_store

BERLIN = ZoneInfo("Europe/Berlin")
BY_NO = Order(Sort.SHIPMENT_NO, descending=False)
HERE, ABROAD = Destination.DOMESTIC, Destination.INTERNATIONAL


def page(store: Store, number: int = 1, size: int = 50, zone: ZoneInfo = SEOUL, now: datetime = NOW, **wanted: Any) -> Page:
    return queries.page(
        store, Selection(**wanted), BY_NO, visit=a_visit(now, zone), size=size, number=lambda pages: min(number, pages)
    )


def shown(answer: Page) -> str:
    return " ".join(row["shipment_no"] for row in answer.rows)


def many(count: int, **fields: Any) -> list[Shipment]:
    return [a_shipment(f"S-{n:03}", **fields) for n in range(1, count + 1)]


@pytest.fixture(scope="module")
def desk() -> Iterator[Store]:
    """Two waiting, one in delivery, one abroad, one delivered; no test of these writes."""
    store = new_store()
    add(
        store,
        a_shipment("S-1", order_no="W-1"),
        a_shipment("S-2", order_no="W-1", warehouse="Gimpo"),
        a_shipment("S-3", order_no="W-1", invoice=an_invoice(CJ)),
        a_shipment("S-4", order_no="W-2", address=replace(ADDRESS, country="IT"), destination=ABROAD),
        a_shipment("S-5", order_no="W-3", scans=[a_checkpoint(Stage.DELIVERED)]),
    )
    yield store
    store.close()


def test_a_page_has_the_rows_of_its_tab_and_the_counts_of_all(desk: Store) -> None:
    answer = page(desk)
    assert (shown(answer), answer.total) == ("S-1 S-2", 2)
    assert answer.counts.tabs == {Tab.ALL: 4, Tab.PREPARING: 2, Tab.DELIVERY: 1, Tab.FAILED: 0, Tab.DELIVERED: 1}
    assert (answer.missing, answer.hidden) == ((), ())


def test_domestic_and_international_are_counted_apart(desk: Store) -> None:
    answer = page(desk, destination=ABROAD)
    assert (shown(answer), answer.counts.tabs[Tab.PREPARING], answer.counts.tabs[Tab.DELIVERED]) == ("S-4", 1, 0)


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"warehouse": ("Gimpo",)}, "S-2"),
        ({"policy": ("Standard",)}, "S-1 S-2"),
        ({"option": ("Locker",)}, ""),
        ({"carrier": ("cj",)}, ""),
        ({"carrier": ("cj",), "tab": Tab.DELIVERY}, "S-3"),
        ({"kind": Kind.EXCHANGE}, ""),
        ({"flag": (Flag.NO_SCAN,)}, ""),
        ({"flag": (Flag.NEVER_SCANNED,), "tab": Tab.DELIVERY}, "S-3"),
    ],
)
def test_each_filter_reaches_the_list_and_its_counts(desk: Store, wanted: dict[str, Any], expected: str) -> None:
    answer = page(desk, **wanted)
    assert (shown(answer), answer.total) == (expected, len(expected.split()))


def test_every_searched_value_in_the_tab_is_shown_and_nothing_is_said(desk: Store) -> None:
    answer = page(desk, search=Search(values=("S-1", "S-2")))
    assert (shown(answer), answer.missing, answer.hidden) == ("S-1 S-2", (), ())


def test_a_value_nobody_knows_is_missing(desk: Store) -> None:
    answer = page(desk, search=Search(values=("S-1", "S-9")))
    assert (shown(answer), answer.missing, answer.hidden) == ("S-1", (Whereabouts("S-9"),), ())


def test_a_missing_value_known_under_another_key_says_which(desk: Store) -> None:
    answer = page(desk, search=Search(values=("W-2", CJ, "P-100", "nothing")))
    known = {one.value: one.other_key for one in answer.missing}
    assert known == {
        "W-2": SearchKey.ORDER_NO,
        CJ: SearchKey.INVOICE_NO,
        "P-100": SearchKey.PRODUCT_ID,
        "nothing": None,
    }
    assert page(desk, search=Search(SearchKey.ORDER_NO, ("S-1",))).missing[0].other_key is SearchKey.SHIPMENT_NO


def test_a_value_in_another_tab_or_abroad_says_where(desk: Store) -> None:
    answer = page(desk, search=Search(values=("S-1", "S-3", "S-4")))
    assert (shown(answer), answer.missing) == ("S-1", ())
    assert answer.hidden == (
        Whereabouts("S-3", {(Tab.DELIVERY, HERE): 1}),
        Whereabouts("S-4", {(Tab.PREPARING, ABROAD): 1}),
    )


def test_a_value_hidden_by_a_filter_of_this_tab_says_so(desk: Store) -> None:
    answer = page(desk, search=Search(values=("S-1", "S-2")), warehouse=("Gimpo",))
    assert (shown(answer), answer.hidden) == ("S-2", (Whereabouts("S-1", {(Tab.PREPARING, HERE): 1}),))


def test_a_value_shown_in_part_is_not_hidden(desk: Store) -> None:
    answer = page(desk, search=Search(SearchKey.ORDER_NO, ("W-1",)))
    assert (shown(answer), answer.hidden, answer.counts.tabs[Tab.DELIVERY]) == ("S-1 S-2", (), 1)


def test_a_value_is_hidden_even_beside_another_with_several_shipments(desk: Store) -> None:
    answer = page(desk, search=Search(SearchKey.ORDER_NO, ("W-1", "W-3")))
    assert shown(answer) == "S-1 S-2"
    assert answer.hidden == (Whereabouts("W-3", {(Tab.DELIVERED, HERE): 1}),)


def test_what_is_on_another_page_is_not_hidden() -> None:
    store = a_store(*many(5), a_shipment("T-1", invoice=an_invoice()))
    values = ("S-001", "S-002", "S-003", "S-004", "S-005", "T-1")
    for number in (1, 2, 3):
        answer = page(store, number, size=2, search=Search(values=values))
        assert [one.value for one in answer.hidden] == ["T-1"]


def test_a_search_that_finds_nothing_is_an_empty_page_and_not_everything(desk: Store) -> None:
    answer = page(desk, search=Search(values=("S-9",)))
    assert (answer.rows, answer.total, set(answer.counts.tabs.values())) == ([], 0, {0})


def test_a_thousand_unknown_values_are_answered_together(desk: Store) -> None:
    answer = page(desk, search=Search(values=("S-1", "W-3", *(f"X-{n}" for n in range(998)))))
    assert (shown(answer), len(answer.missing)) == ("S-1", 999)
    assert [one.value for one in answer.missing if one.other_key] == ["W-3"]


def test_pages_follow_each_other_and_the_pager_is_told_how_many_there_are() -> None:
    store, told = a_store(*many(5)), []

    def number(pages: int) -> int:
        told.append(pages)
        return len(told)

    pages = [queries.page(store, Selection(), BY_NO, visit=a_visit(), size=2, number=number) for _ in range(3)]
    assert [shown(answer) for answer in pages] == ["S-001 S-002", "S-003 S-004", "S-005"]
    assert (told, {answer.total for answer in pages}) == ([3, 3, 3], {5})


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (2, 1), (3, 2), (4, 2)])
def test_a_full_page_needs_no_page_after_it(count: int, pages: int) -> None:
    store = a_store(*many(count))
    told: list[int] = []
    queries.page(store, Selection(), BY_NO, visit=a_visit(), size=2, number=lambda n: told.append(n) or 1)
    assert told == [pages]


def test_a_page_past_the_end_is_the_last_one_when_the_pager_keeps_within_and_empty_when_not() -> None:
    store = a_store(*many(3))
    assert shown(page(store, 99, size=2)) == "S-003"
    beyond = queries.page(store, Selection(), BY_NO, visit=a_visit(), size=2, number=lambda _: 99)
    assert (beyond.rows, beyond.total) == ([], 3)


def ordered(*moments: datetime) -> Store:
    return a_store(*(a_shipment(f"S-{n}", ordered_at=moment) for n, moment in enumerate(moments, 1)))


def test_a_day_is_a_day_in_the_shops_zone_with_both_ends() -> None:
    store = ordered(nov(9, 14, 59, 59), nov(9, 15), nov(10, 14, 59, 59), nov(10, 15))
    day = date(2026, 11, 10)
    assert shown(page(store, ordered=Days(day, day))) == "S-2 S-3"
    assert shown(page(store, ordered=Days(day))) == "S-2 S-3 S-4"
    assert shown(page(store, ordered=Days(last=day))) == "S-1 S-2 S-3"


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 3, 29), datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 3, 29, 21, 59, 59, tzinfo=UTC)),
        (date(2026, 10, 25), datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 22, 59, 59, tzinfo=UTC)),
    ],
    ids=["23 hours", "25 hours"],
)
def test_a_day_is_whole_when_the_clocks_change(day: date, first: datetime, last: datetime) -> None:
    before, after = (
        first.replace(minute=0, hour=first.hour - 1, second=59),
        last.replace(minute=0, second=0, hour=last.hour + 1),
    )
    store = ordered(before, first, last, after)
    assert shown(page(store, zone=BERLIN, ordered=Days(day, day))) == "S-2 S-3"


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_ends_of_the_calendar_are_days_like_any_other(desk: Store, day: date) -> None:
    assert page(desk, ordered=Days(date.min, date.max)).total == 2
    assert page(desk, ordered=Days(day, day)).total == 0


def test_today_begins_at_midnight_of_the_shop() -> None:
    store = a_store(a_shipment("S-1", promised_on=date(2026, 11, 16)))
    flags = [page(store, now=now).rows[0]["flag"] for now in (nov(16, 14, 59), nov(16, 15))]
    assert flags == ["at_risk", "past_promise"]
    assert page(store, zone=BERLIN, now=nov(16, 15)).rows[0]["flag"] == "at_risk"


def everything(store: Store, only: tuple[str, ...] = (), order: Order = BY_NO, **wanted: Any) -> list[str]:
    table = queries.everything(store, Selection(**wanted), order, visit=a_visit(), only=only)
    return list(table["shipment_no"].to_pylist())


def test_everything_is_all_pages_of_the_view_in_its_order() -> None:
    store = a_store(*many(120), a_shipment("T-1", invoice=an_invoice()))
    assert everything(store) == [f"S-{n:03}" for n in range(1, 121)]
    assert everything(store, order=Order(Sort.SHIPMENT_NO)) == [f"S-{n:03}" for n in range(120, 0, -1)]


def test_everything_keeps_the_filter_and_the_search(desk: Store) -> None:
    assert everything(desk, warehouse=("Gimpo",)) == ["S-2"]
    assert everything(desk, search=Search(values=("S-1", "S-3"))) == ["S-1"]
    assert everything(desk, search=Search(values=("nothing",))) == []


def test_a_selection_is_exactly_the_shipments_named_wherever_they_are_now(desk: Store) -> None:
    assert everything(desk, only=("S-5", "S-1")) == ["S-1", "S-5"]


def test_a_selected_shipment_that_is_gone_brings_no_other() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S1"), a_shipment("S-10"))
    assert everything(store, only=("S-1",)) == ["S-1"]
    assert everything(store, only=("S-",)) == []


def test_a_shipment_comes_whole_with_its_row_its_order_and_its_history(desk: Store) -> None:
    whole = queries.whole(desk, "S-3", visit=a_visit())
    assert whole is not None
    assert (whole.shipment.shipment_no, whole.row["flag"]) == ("S-3", "never_scanned")
    assert [other["shipment_no"] for other in whole.siblings] == ["S-1", "S-2"]
    assert whole.history == []


def test_all_that_a_panel_shows_is_read_at_one_moment(desk: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def counted(name: str) -> None:
        ask = getattr(desk, name)
        monkeypatch.setattr(desk, name, lambda *said: (asked.append(name), ask(*said))[1])

    for way in ("one_moment", "snapshot", "read", "rows"):
        counted(way)
    whole = queries.whole(desk, "S-3", visit=a_visit())
    assert whole and whole.tracking is None
    assert asked == ["one_moment"]


def test_a_shipment_comes_with_what_is_known_of_its_tracking_and_as_of_which_change() -> None:
    store = a_store(a_shipment("S-1", invoice=an_invoice(CJ)))
    polling.watch(a_tracker(store, Service(), SetClock(NOW)))
    before = store.changes
    whole = queries.whole(store, "S-1", visit=a_visit())
    assert whole and whole.tracking
    assert (whole.tracking["invoice_no"], whole.tracking["fetched_at"]) == (CJ, None)
    assert before <= whole.changes <= store.changes


def test_a_number_that_does_not_exist_is_nothing(desk: Store) -> None:
    assert queries.whole(desk, "S-9", visit=a_visit()) is None


def test_a_shipment_is_opened_by_any_spelling_of_its_number(desk: Store) -> None:
    whole, same = (queries.whole(desk, number, visit=a_visit()) for number in ("S-3", "s \u20103"))
    assert whole and whole == same


def due(number: str, delivered_on: int, **fields: Any) -> Shipment:
    """Promised for the 14th, the number's parcel arrives on that day of November."""
    return a_shipment(
        number, scans=[a_checkpoint(Stage.DELIVERED, nov(delivered_on))], promised_on=date(2026, 11, 14), **fields
    )


def on_time(part: Part, first: int = 1) -> Behind:
    return Behind(Figure.ON_TIME, part, Period(date(2026, 11, first), date(2026, 11, 30)))


def test_the_shipments_behind_a_figure_are_listed_in_all_statuses() -> None:
    store = a_store(due("S-1", 13), due("S-2", 15), a_shipment("S-3", promised_on=date(2026, 11, 14)), a_shipment("S-4"))
    late = page(store, behind=on_time(Part.REST), tab=Tab.ALL)
    assert (shown(late), late.counts.tabs[Tab.DELIVERED], late.counts.tabs[Tab.PREPARING]) == ("S-2 S-3", 1, 1)
    assert shown(page(store, behind=on_time(Part.NUMERATOR), tab=Tab.ALL)) == "S-1"
    assert shown(page(store, behind=on_time(Part.EXCLUDED), tab=Tab.ALL)) == "S-4"
    assert shown(page(store, behind=on_time(Part.REST, first=11), tab=Tab.ALL)) == ""


def test_a_search_looks_within_the_shipments_behind_a_figure() -> None:
    store = a_store(due("S-1", 13), due("S-2", 15), due("S-3", 15))
    answer = page(store, behind=on_time(Part.REST), tab=Tab.ALL, search=Search(values=("S-1", "S-3")))
    assert (shown(answer), [one.value for one in answer.hidden]) == ("S-3", ["S-1"])


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [({"age": Hours(high=24)}, "S-2"), ({"age": Hours(24)}, "S-1"), ({"status": (Status.DELIVERED,)}, "S-2"),
     ({"age": Hours(24, 48)}, "")],
)  # fmt: skip
def test_shipments_are_listed_by_how_long_they_have_been_in_their_status(wanted: dict[str, Any], expected: str) -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2", scans=[a_checkpoint(Stage.DELIVERED, nov(16))]))
    assert shown(page(store, tab=Tab.ALL, **wanted)) == expected


def test_all_pages_behind_a_figure_are_exported() -> None:
    store = a_store(due("S-1", 13), due("S-2", 15))
    wanted = Selection(behind=on_time(Part.DENOMINATOR), tab=Tab.ALL)
    table = queries.everything(store, wanted, BY_NO, visit=a_visit())
    assert table["shipment_no"].to_pylist() == ["S-1", "S-2"]


def test_a_shipment_knows_its_place_in_the_list_and_who_stands_beside_it() -> None:
    store = a_store(*many(5))

    def place(shipment_no: str, near: int) -> queries.ListPlace | None:
        return queries.place(store, Selection(), BY_NO, shipment_no, visit=a_visit(NOW, SEOUL), near=near)

    assert place("S-001", 1) == queries.ListPlace(1, "", "S-002")
    assert place("S-003", 3) == queries.ListPlace(3, "S-002", "S-004")
    assert place("S-005", 5) == queries.ListPlace(5, "S-004", "")
    assert [place("S-002", near) for near in (1, 3, 5)] == [queries.ListPlace(2, "S-001", "S-003")] * 3
    assert place("S-404", 2) is None
