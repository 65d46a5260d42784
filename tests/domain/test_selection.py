"""Which shipments are meant: from a link and back, in words, in another tab."""

from datetime import date

import pytest
from hypothesis import given

from core.domain.dimensions import AnyOf, Behind, Days, Hours, Wording
from core.domain.figures import Cohort, Figure, Lane, Part
from core.domain.flags import Flag
from core.domain.periods import FIRST_DAY, LAST_DAY, Period
from core.domain.search import Search, SearchKey
from core.domain.selection import DIMENSIONS, SPLITS, Selection, any_of
from core.domain.shipment import DETAILS_OF, Destination, Kind, Status, StatusDetail, Tab, detail_of
from core.files.countries import country_names
from tests.builders import RULES, TODAY
from tests.selections import narrowing, selections

WORDS = Wording.of(RULES, country_names(), TODAY)
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))

# Every parameter of a link, as links that were mailed have it.
MAILED = [
    ("dest=international", Selection(destination=Destination.INTERNATIONAL)),
    ("tab=all", Selection(tab=Tab.ALL)),
    ("key=order_no", Selection(search=Search(SearchKey.ORDER_NO))),
    ("q=S-1,S-2", Selection(search=Search(values=("S-1", "S-2")))),
    ("q=S-1 S-2", Selection(search=Search(values=("S-1 S-2",)))),
    ("key=recipient&q=김민지", Selection(search=Search(SearchKey.RECIPIENT))),
    ("from=2026-11-01&to=2026-11-30", Selection(ordered=Days(date(2026, 11, 1), date(2026, 11, 30)))),
    ("to=2026-11-30", Selection(ordered=Days(last=date(2026, 11, 30)))),
    ("kind=exchange", Selection(kind=Kind.EXCHANGE)),
    ("warehouse=ICN1&warehouse=이천 1", Selection(warehouse=("ICN1", "이천 1"))),
    ("policy=Express&option=Door", Selection(policy=("Express",), option=("Door",))),
    ("carrier=cj&carrier=", Selection(carrier=("cj", ""))),
    ("country=US", Selection(country=("US",))),
    ("flag=no_scan&flag=at_risk", Selection(flag=(Flag.NO_SCAN, Flag.AT_RISK))),
    ("status=released&age=24..48", Selection(status=(Status.RELEASED,), age=Hours(24, 48))),
    ("age=120..", Selection(age=Hours(120))),
    (
        "figure=on_time&part=rest&days=2026-11-01..2026-11-30&by=ordered",
        Selection(behind=Behind(Figure.ON_TIME, Part.REST, NOVEMBER), kind=Kind.STANDARD),
    ),
    (
        "figure=transit&days=2026-11-01..2026-11-30&by=picked_up&kind=exchange",
        Selection(
            behind=Behind(Figure.TRANSIT, Part.DENOMINATOR, Period(NOVEMBER.first, NOVEMBER.last, Cohort.PICKED_UP)),
            kind=Kind.EXCHANGE,
        ),
    ),
    ("sort=in_status&dir=desc&rows=100&page=3", Selection()),
]


def link(text: str) -> dict[str, list[str]]:
    """The parameters of a link, `tab=all&flag=failed&flag=returned`."""
    found: dict[str, list[str]] = {}
    for part in filter(None, text.split("&")):
        key, _, value = part.partition("=")
        found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize(("text", "wanted"), MAILED)
def test_a_link_that_was_mailed_still_opens(text: str, wanted: Selection) -> None:
    assert Selection.read(link(text)) == wanted


def test_a_link_never_says_which_recipient_was_searched() -> None:
    wanted = Selection(search=Search(SearchKey.RECIPIENT, ("김민지", "5678")))
    assert wanted.link["key"] == ["recipient"]
    assert "q" not in wanted.link


@given(selections())
def test_a_selection_comes_back_from_its_link(wanted: Selection) -> None:
    assert Selection.read(wanted.link) == wanted


@pytest.mark.parametrize(
    "text",
    ["dest=moon", "tab=nonsense", "key=no", "q= , ", "from=31.12.", "to=2026-02-30", "kind=x", "flag=angry", "status=lost",
     "detail=released", "age=old..", "figure=on_time", "figure=on_time&days=2026-11-01..", "figure=on_time&days=2026-11-30..2026-11-01",
     "figure=luck&days=2026-11-01..2026-11-30", "from=2026-11-30&to=2026-11-01", "age=123456.."],
)  # fmt: skip
def test_what_a_link_says_wrongly_is_left_out(text: str) -> None:
    assert Selection.read(link(text)) == Selection()


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("from=0001-01-01", Selection()),
        ("to=9999-12-31", Selection()),
        ("from=0001-01-01&to=9999-12-31", Selection()),
        ("to=0001-01-01", Selection(ordered=Days(last=FIRST_DAY))),
        ("from=9999-12-31", Selection(ordered=Days(LAST_DAY))),
        ("figure=on_time&days=0001-01-01..", Selection()),
        (
            "figure=on_time&part=rest&days=0001-01-01..9999-12-31",
            Selection(behind=Behind(Figure.ON_TIME, Part.REST, Period(FIRST_DAY, LAST_DAY))),
        ),
    ],
)
def test_days_that_no_calendar_has_are_no_bound_or_the_last_that_there_is(text: str, wanted: Selection) -> None:
    assert Selection.read(link(text)) == wanted


def test_only_some_dimensions_of_a_link_can_be_read() -> None:
    assert Selection.read(link("warehouse=ICN1&carrier=cj&days=14"), ("carrier",)) == Selection(carrier=("cj",))


def test_no_two_dimensions_share_a_parameter() -> None:
    keys = [key for dimension in DIMENSIONS.values() for key in dimension.keys]
    assert len(keys) == len(set(keys))


def test_a_name_that_is_no_dimension_is_a_fault() -> None:
    with pytest.raises(TypeError, match="warehouses: no such dimension"):
        Selection(warehouses=("ICN1",))


@pytest.mark.parametrize("name", DIMENSIONS)
def test_every_dimension_is_said_in_words(name: str) -> None:
    dimension = DIMENSIONS[name]
    wanted = Selection(**{name: narrowing(dimension)})
    assert dimension.label and dimension.in_words(wanted[name], WORDS)
    assert bool(wanted.chips(WORDS).get(name)) is dimension.filters
    assert name == "tab" or wanted.in_words(WORDS)[name]


@pytest.mark.parametrize(
    ("wanted", "chip"),
    [
        (Selection(search=Search(SearchKey.INVOICE_NO, ("632976615493",))), "Invoice No. 632976615493"),
        (Selection(search=Search(values=("S-1", "S-2"))), "2 Shipment No."),
        (Selection(ordered=Days(date(2026, 11, 1), date(2026, 11, 9))), "Order date 1 – 9 Nov"),
        (Selection(ordered=Days(date(2025, 12, 31))), "Order date from 31 Dec 2025"),
        (Selection(ordered=Days(last=date(2026, 11, 9))), "Order date until 9 Nov"),
        (Selection(kind=Kind.EXCHANGE), "Exchange Shipment"),
        (Selection(detail=(StatusDetail.RELEASE_FAILED, StatusDetail.REDELIVERY)), "Status detail Release failed, Redelivery"),
        (Selection(carrier=("cj", "")), "Shipping company CJ Logistics, No invoice"),
        (Selection(country=("US",)), "Country United States"),
        (Selection(flag=(Flag.NO_SCAN,)), "Flag No scan"),
        (Selection(status=(Status.PREPARING_TO_SHIP,)), "Status Processed"),
        (Selection(age=Hours(24)), "In status for over 24 h"),
        (Selection(age=Hours(0, 24)), "In status for 0–24 h"),
        (Selection(flagged=Hours(None, 720)), "Flagged for under 30 days"),
        (Selection(flagged=Hours(720)), "Flagged for over 30 days"),
        (
            Selection(behind=Behind(Figure.ON_TIME, Part.REST, NOVEMBER)),
            "On-time delivery: late, ordered 1 – 30 Nov",
        ),
        (Selection(behind=Behind(Figure.BACKLOG, Part.NUMERATOR, NOVEMBER)), "Waiting since the last change: open now"),
    ],
)
def test_a_chip_says_label_and_value(wanted: Selection, chip: str) -> None:
    assert next(iter(wanted.chips(WORDS).values())) == chip


def test_destination_and_tab_are_no_filters() -> None:
    assert Selection(destination=Destination.INTERNATIONAL, tab=Tab.FAILED).filters == {}
    assert Selection(search=Search(SearchKey.ORDER_NO)).filters == {}
    assert list(Selection(carrier=("cj",), kind=Kind.STANDARD).filters) == ["kind", "carrier"]


def test_a_figure_is_of_one_kind_and_of_all_tabs() -> None:
    assert Selection(behind=Behind(Figure.ON_TIME, Part.REST, NOVEMBER)).kind is Kind.STANDARD
    assert Selection().of_figures == Selection(tab=Tab.ALL, kind=Kind.STANDARD)
    assert Selection(kind=Kind.EXCHANGE).of_figures.kind is Kind.EXCHANGE


def test_a_lane_takes_the_place_of_warehouse_and_country() -> None:
    everywhere = Selection(warehouse=("ICN1", "TYO"), carrier=("cj",))
    assert everywhere.on(None) == everywhere
    assert everywhere.on(Lane("ICN1", "US")) == Selection(warehouse=("ICN1",), country=("US",), carrier=("cj",))
    assert everywhere.on(Lane("ICN1", "US", "ups"))["carrier"] == ("ups",)


def test_another_tab_leaves_behind_the_details_that_it_does_not_have() -> None:
    shipping = Selection(tab=Tab.DELIVERY, detail=(StatusDetail.SHIPPING,), carrier=("cj",))
    assert shipping.in_tab(Tab.FAILED) == Selection(tab=Tab.FAILED, carrier=("cj",))
    assert shipping.in_tab(Tab.ALL) == shipping.but(tab=Tab.ALL)
    both = shipping.but(detail=(StatusDetail.SHIPPING, StatusDetail.REDELIVERY))
    assert both.in_tab(Tab.FAILED) == both.but(tab=Tab.FAILED)


def test_counts_are_those_of_each_tab_and_of_the_open_ones_details() -> None:
    found = {
        (Status.PREPARING_TO_RELEASE, ""): 5,
        (Status.PREPARING_TO_RELEASE, "release_failed"): 1,
        (Status.IN_DELIVERY, "shipping"): 7,
        (Status.SHIPPING_FAILED, "redelivery"): 2,
    }
    counts = Selection().counts(found)
    assert counts.tabs == {Tab.ALL: 15, Tab.PREPARING: 6, Tab.DELIVERY: 7, Tab.FAILED: 2, Tab.DELIVERED: 0}
    assert counts.details == {StatusDetail.RELEASE_FAILED: 1}
    assert Selection(detail=("release_failed",)).counts(found).tabs[Tab.PREPARING] == 1
    assert Selection(detail=("release_failed",)).counts(found).tabs[Tab.DELIVERY] == 7


@pytest.mark.parametrize(
    ("status", "word", "detail"),
    [
        (Status.PREPARING_TO_RELEASE, None, None),
        (Status.PREPARING_TO_RELEASE, StatusDetail.RELEASE_FAILED, StatusDetail.RELEASE_FAILED),
        (Status.PREPARING_TO_SHIP, None, StatusDetail.PROCESSED),
        (Status.RELEASED, None, StatusDetail.DISPATCHED),
        (Status.IN_DELIVERY, None, StatusDetail.SHIPPING),
        (Status.SHIPPING_FAILED, StatusDetail.REDELIVERY, StatusDetail.REDELIVERY),
        (Status.SHIPPING_FAILED, StatusDetail.CANCELLATION, StatusDetail.CANCELLATION),
        (Status.SHIPPING_FAILED, StatusDetail.UNDECIDED, StatusDetail.UNDECIDED),
        (Status.DELIVERED, None, None),
    ],
)
def test_a_status_and_its_word_amount_to_a_detail(
    status: Status, word: StatusDetail | None, detail: StatusDetail | None
) -> None:
    assert detail_of(status, word) is detail


def test_every_detail_is_in_one_tab() -> None:
    tabs = [detail for tab, details in DETAILS_OF.items() if tab is not Tab.ALL for detail in details]
    assert sorted(tabs) == sorted(StatusDetail) == sorted(DETAILS_OF[Tab.ALL])


def test_figures_are_split_by_the_dimensions_of_the_list() -> None:
    chosen = {name for name, one in DIMENSIONS.items() if isinstance(one, AnyOf)}
    assert chosen - SPLITS.keys() == {"way_back", "flag", "work", "assigned"}
    assert SPLITS.keys() - chosen == {"lane", "day", "week", "month", "weekday"}
    assert any_of("detail").label == SPLITS["detail"] == "Status detail"
