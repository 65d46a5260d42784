"""The view of the Shipments page: read from the link, drawn as controls, written back to the link."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from enum import Enum
from functools import partial
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.countries import COUNTRIES
from core.domain.figures import Cohort, Figure, Part
from core.domain.filters import MAX_SEARCH_VALUES, PAGE_SIZES, Behind, Order, SearchKey, ShipmentFilter, Sort, search_values
from core.domain.flags import RULES, Flag
from core.domain.invoice_number import Rules
from core.domain.shipment import Destination, Kind, Status, Tab
from core.services.shipments.queries import Page
from core.ui.kit import formats
from core.ui.kit.table import select, turned

E = TypeVar("E", bound=Enum)

TABLE = "shipments"
TABS = {
    Tab.ALL: "All statuses",
    Tab.PREPARING: "Preparing to Release",
    Tab.DELIVERY: "In delivery",
    Tab.FAILED: "Shipping failed",
    Tab.DELIVERED: "Delivered",
}
DESTINATIONS = {Destination.DOMESTIC: "Domestic", Destination.INTERNATIONAL: "International"}
KEYS = {
    SearchKey.SHIPMENT_NO: "Shipment No.",
    SearchKey.ORDER_NO: "Order No.",
    SearchKey.INVOICE_NO: "Invoice No.",
    SearchKey.PRODUCT_ID: "Product ID",
}
KINDS = {"": "General and Claim", Kind.STANDARD: "Standard Order Shipment", Kind.EXCHANGE: "Exchange Shipment"}
OPTIONAL = {
    "warehouse": ("Warehouse", "warehouses"),
    "policy": ("Shipping policy", "policies"),
    "option": ("Shipping option", "options"),
    "carrier": ("Shipping company", "carriers"),
    "country": ("Country", "countries"),
    "flag": ("Flag", "flags"),
}
LIVE = 5
"""Seconds between two looks at the counts."""
BEHIND = ("figure", "part", "days", "by")
STANDING = ("status", "age")
_EARLIEST = date(1990, 1, 1)
_PAGER_WIDTH = 340


def read() -> tuple[ShipmentFilter, Order, int]:
    """The filter, the order and the page size of the link; what a link says wrongly is left out."""
    said = st.query_params
    wanted = ShipmentFilter(
        destination=_one(Destination, said.get("dest")) or Destination.DOMESTIC,
        tab=_one(Tab, said.get("tab")) or Tab.PREPARING,
        key=_one(SearchKey, said.get("key")) or SearchKey.SHIPMENT_NO,
        values=search_values(said.get("q", ""))[:MAX_SEARCH_VALUES],
        ordered_from=_day(said.get("from")),
        ordered_to=_day(said.get("to")),
        kind=_one(Kind, said.get("kind")),
        warehouses=tuple(said.get_all("warehouse")),
        policies=tuple(said.get_all("policy")),
        options=tuple(said.get_all("option")),
        carriers=tuple(said.get_all("carrier")),
        countries=tuple(said.get_all("country")),
        flags=tuple(flag for flag in (_one(Flag, text) for text in said.get_all("flag")) if flag),
        behind=_behind(said),
        statuses=tuple(status for status in (_one(Status, text) for text in said.get_all("status")) if status),
        hours_from=_hours(said.get("age", "").partition("..")[0]),
        hours_until=_hours(said.get("age", "").partition("..")[2]),
    )
    if wanted.behind and wanted.kind is None:  # a figure is of one kind
        wanted = replace(wanted, kind=Kind.STANDARD)
    order = Order(_one(Sort, said.get("sort")) or Sort.ORDERED, said.get("dir", "desc") != "asc")
    size = said.get("rows", "")
    return wanted, order, int(size) if size in map(str, PAGE_SIZES) else 50


def page_number(pages: int) -> int:
    """The page the link asks for, within what there is."""
    said = st.query_params.get("page", "1")
    return min(max(1, int(said)), pages) if said.isdecimal() and len(said) < 9 else 1


def view(order: Order, size: int) -> str:
    """A text that changes whenever other rows are shown."""
    return f"{sorted(st.query_params.to_dict().items())} {order} {size}"


def put(**changes: str | Sequence[str] | None) -> None:
    """Writes the changes into the link at once, starting at page one again and with nothing selected."""
    said = {name: st.query_params.get_all(name) for name in st.query_params} | {"page": None, **changes}
    st.query_params.from_dict({name: value for name, value in said.items() if value})
    select(TABLE)


def clear() -> None:
    """Takes every filter out of the link; tab and destination stay."""
    put(q=None, kind=None, **{"from": None, "to": None}, **dict.fromkeys((*OPTIONAL, *BEHIND, *STANDING)))


@st.fragment(run_every=LIVE)
def tabs(wanted: ShipmentFilter, drawn: Mapping[Tab, int], count_now: Callable[[], Mapping[Tab, int]]) -> None:
    """The row of tabs with their counts, which go on by themselves, and Domestic / International at the right.

    `drawn` are the counts that belong to the list below; when its tab has other shipments by now, a button shows them.
    """
    if read()[0] != wanted:
        st.rerun()
    counts = count_now()
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        _chosen("tab", wanted.tab)
        st.segmented_control(
            "Status",
            [tab for tab in TABS if tab is not Tab.ALL or wanted.tab is Tab.ALL],
            required=True,
            key="tab",
            label_visibility="collapsed",
            format_func=lambda tab: f"{TABS[tab]} **{formats.count(counts[tab])}**",
            on_change=_from_widget("tab"),
        )
        if counts[wanted.tab] != drawn[wanted.tab] and st.button("Show changes", icon=":material/refresh:", type="tertiary"):
            st.rerun()
        st.space("stretch")
        _chosen("dest", wanted.destination)
        st.segmented_control(
            "Destination",
            list(DESTINATIONS),
            required=True,
            key="dest",
            label_visibility="collapsed",
            format_func=DESTINATIONS.__getitem__,
            on_change=_from_widget("dest"),
        )


def search(wanted: ShipmentFilter, today: date) -> None:
    """Search key and box, order dates, General / Claim: drawn into the toolbar that is open."""
    _chosen("key", wanted.key)
    st.selectbox(
        "Search in",
        list(KEYS),
        key="key",
        format_func=KEYS.__getitem__,
        label_visibility="collapsed",
        width=140,
        on_change=_from_widget("key"),
    )
    _chosen("q", st.query_params.get("q", ""))
    st.text_input(
        "Search",
        key="q",
        type="search",
        icon=":material/search:",
        placeholder="Type, scan or paste several numbers",
        label_visibility="collapsed",
        width=320,
        on_change=_from_widget("q"),
    )
    # A range is half chosen after the first press: written over, it could never be finished.
    if len(st.session_state.get("dates", ())) != 1:
        _chosen("dates", tuple(day for day in (wanted.ordered_from, wanted.ordered_to) if day))
    st.date_input(
        "Ordered",
        key="dates",
        format="YYYY-MM-DD",
        min_value=_EARLIEST,
        max_value=today + timedelta(days=366),
        label_visibility="collapsed",
        width=232,
        on_change=_dates_from_widget,
    )
    _chosen("kind", wanted.kind or "")
    st.selectbox(
        "General / Claim",
        list(KINDS),
        key="kind",
        format_func=KINDS.__getitem__,
        label_visibility="collapsed",
        width=200,
        on_change=_from_widget("kind"),
    )


def optional(wanted: ShipmentFilter, choices: Mapping[str, Sequence[str]], rules: Rules) -> None:
    """[Optional +]: warehouse, policy, option, company and flag."""
    with st.popover("Optional", icon=":material/add:"):
        for name, (label, field) in OPTIONAL.items():
            chosen = list(getattr(wanted, field))
            offered = list(Flag) if name == "flag" else list(dict.fromkeys([*choices[name], *chosen]))
            _chosen(name, chosen)
            st.multiselect(
                label,
                offered,
                key=name,
                format_func=partial(word, name, rules),
                placeholder="All",
                on_change=_from_widget(name),
            )


def word(name: str, rules: Rules, value: str) -> str:
    """A filter's value as the screen says it."""
    if name == "carrier":
        return rules.carriers[value].name if value in rules.carriers else value or "No invoice"
    if name == "country":
        return COUNTRIES.get(value, value)
    return RULES[Flag(value)].name if name == "flag" else value


def foot(page: Page, size: int, now: datetime, zone: ZoneInfo) -> None:
    """Which rows are shown, as of when, the pages and the rows a page."""
    pages = max(1, -(-page.total // size))
    number = page_number(pages)
    first = (number - 1) * size
    shown = f"{first + 1:,}–{first + len(page.rows):,} of {formats.count(page.total)}"
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(f"{shown} · as of {formats.clock(now, zone)}", width="content")
        st.space("stretch")
        if st.session_state.get("page", number) != number:
            _chosen("page", number)
        st.pagination(pages, default=number, key="page", width=_PAGER_WIDTH if pages > 3 else 190, on_change=_page_from_widget)
        _chosen("rows", size)
        st.selectbox(
            "Rows a page",
            PAGE_SIZES,
            key="rows",
            format_func=lambda rows: f"{rows} rows",
            label_visibility="collapsed",
            width=112,
            on_change=_from_widget("rows"),
        )


def sort_by(order: Order, name: str) -> None:
    """Writes the order after a press on a table head: newest or longest first, then the other way."""
    sort = _one(Sort, name)
    if sort is None:
        return
    _, descending = turned((order.sort, order.descending), name)
    if sort is not order.sort:
        descending = sort in (Sort.ORDERED, Sort.AGE)
    put(sort=sort, dir="desc" if descending else "asc")


def _dates_from_widget() -> None:
    days = st.session_state["dates"]
    chosen: Iterable[date] = days if isinstance(days, tuple) else (days,) if days else ()
    first, last = [*(day.isoformat() for day in chosen), None, None][:2]
    if last or not first:
        put(**{"from": first, "to": last})


def _page_from_widget() -> None:
    number = st.session_state["page"]
    if number > 1:
        st.query_params["page"] = str(number)
    elif "page" in st.query_params:
        del st.query_params["page"]


def _from_widget(name: str) -> Callable[[], None]:
    def write() -> None:
        value = st.session_state[name]
        put(**{name: [str(one) for one in value] if isinstance(value, list) else None if value is None else str(value)})

    return write


def _chosen(key: str, value: Any) -> None:
    """The link is the truth: the widget shows what it says."""
    st.session_state[key] = value


def _one(kind: type[E], text: str | None) -> E | None:
    try:
        return kind(text)
    except ValueError:
        return None


def _behind(said: Mapping[str, str]) -> Behind | None:
    first, _, last = said.get("days", "").partition("..")
    figure, part, cohort = _one(Figure, said.get("figure")), _one(Part, said.get("part")), _one(Cohort, said.get("by"))
    days = _day(first), _day(last)
    if not (figure and days[0] and days[1]):
        return None
    return Behind(figure, part or Part.DENOMINATOR, days[0], days[1], cohort or Cohort.ORDERED)


def _hours(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 6 else None


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
