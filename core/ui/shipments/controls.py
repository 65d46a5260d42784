"""What the Shipments page shows of its link beside the filters: tabs, details, search, order, pages."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain import permissions, personal
from core.domain.carriers import Rules
from core.domain.dimensions import Days, Wording
from core.domain.fields import FIELDS
from core.domain.labels import DETAILS, TABS
from core.domain.language import Vocabulary, tr
from core.domain.people import Person
from core.domain.periods import NAMED_DAYS, NamedDays
from core.domain.permissions import Act
from core.domain.search import KEYS, SearchKey
from core.domain.selection import DIMENSIONS, Counts, Selection, one_of
from core.domain.shipment import Tab
from core.domain.sorting import PAGE_SIZES, Order, Sort
from core.services.shipments.queries import Page
from core.ui.kit import filters, formats, links, shared
from core.ui.kit.days import days_box
from core.ui.kit.filters import put, shown, written
from core.ui.kit.fragments import fragment
from core.ui.kit.periods import EARLIEST
from core.ui.kit.table import turned
from core.ui.shipments import listed
from core.ui.shipments.sentences import ListText

LIVE = 5
"""Seconds between two looks at the counts."""
_AHEAD = timedelta(days=366)
_PAGER_WIDTH = 340
NEWEST_FIRST = (Sort.ORDERED, Sort.AGE)
"""The orders that begin with the newest, or with the longest."""
NAMED = (NamedDays.TODAY, NamedDays.THIS_WEEK, NamedDays.LAST_MONTH)
"""The order dates that are a press away."""
_PLACEHOLDERS = Vocabulary({SearchKey.RECIPIENT: "Name, or last four digits of the phone"})


def read(rules: Rules, person: Person) -> listed.AskedList:
    """What the page's link asks for; recipients are searched by the session."""
    if permissions.denial(person, Act.SEE_PERSONAL):
        links.drop_recipients()
    return listed.asked(links.parameters(), links.read(), rules, person)


def view(order: Order, size: int) -> str:
    """A text that changes whenever other rows are shown."""
    return f"{sorted(st.query_params.to_dict().items())} {links.searched()} {order} {size}"


@fragment(run_every=LIVE)
def tabs(wanted: Selection, drawn: Counts, count_now: Callable[[], Counts]) -> None:
    """The row of tabs with their counts, which go on by themselves, Domestic / International at the right, the tab's details below.

    `drawn` are the counts that belong to the list below; when its tab has other shipments by now, a button shows them.
    """
    if links.read() != wanted:
        st.rerun()
    counts = count_now()
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        shown("tab", wanted.tab)
        st.segmented_control(
            FIELDS["status"],
            offered_tabs(wanted),
            required=True,
            key="tab",
            label_visibility="collapsed",
            format_func=lambda tab: str(ListText.TAB(tab=TABS[tab], count=counts.tabs[tab])),
            on_change=_tab_pressed,
        )
        changed = counts.tabs[wanted.tab] != drawn.tabs[wanted.tab]
        if changed and st.button(tr(shared.SHOW_CHANGES), icon=":material/refresh:", type="tertiary"):
            st.rerun()
        st.space("stretch")
        filters.side_by_side("destination", wanted.destination)
    _details(wanted, counts)


def offered_tabs(wanted: Selection) -> list[Tab]:
    """The tabs; that of all shipments only where a link opened it."""
    return [tab for tab in TABS if tab is not Tab.ALL or wanted.tab is Tab.ALL]


def kinds() -> dict[str, str]:
    """What General / Claim offers, with "" for both."""
    return {"": tr("General and Claim"), **one_of("kind").names}


def _details(wanted: Selection, counts: Counts) -> None:
    """The details of a tab that has some: a press lists one, or several of them."""
    chosen = [detail for detail in counts.details if detail in wanted["detail"]]
    if wanted.tab is Tab.ALL or not (chosen or any(counts.details.values())):
        return
    shown("details", chosen)
    st.pills(
        FIELDS["detail"],
        list(counts.details),
        selection_mode="multi",
        key="details",
        label_visibility="collapsed",
        format_func=lambda detail: str(ListText.DETAIL(detail=DETAILS[detail], count=counts.details[detail])),
        on_change=lambda: put(detail=[str(one) for one in st.session_state["details"]]),
    )


def search(wanted: Selection, words: Wording, person: Person) -> None:
    """Search key and box, order dates, General / Claim: drawn into the toolbar that is open."""
    closed = permissions.denial(person, Act.SEE_PERSONAL)
    shut = closed if wanted.search.key in personal.KEYS else None
    shown("key", wanted.search.key)
    st.selectbox(
        tr("Search in"),
        list(KEYS),
        key="key",
        format_func=lambda key: str(ListText.KEY("closed" if closed and key in personal.KEYS else "open", key=KEYS[key])),
        label_visibility="collapsed",
        width=140,
        on_change=written("key"),
    )
    shown("q", links.searched())
    st.text_input(
        tr("Search"),
        key="q",
        type="search",
        icon=":material/search:",
        placeholder=_PLACEHOLDERS.get(wanted.search.key, tr("Type, scan or paste several numbers")),
        label_visibility="collapsed",
        width=320,
        disabled=shut is not None,
        help=str(shut) if shut else None,
        on_change=_searched,
    )
    _ordered(wanted, words)
    offered = kinds()
    shown("kind", wanted.kind or "")
    st.selectbox(
        FIELDS["kind"],
        list(offered),
        key="kind",
        format_func=offered.__getitem__,
        label_visibility="collapsed",
        width=200,
        on_change=written("kind"),
    )


def _searched() -> None:
    """Searches under the key that stands beside the box, also where the link has not heard of it yet."""
    key: SearchKey = st.session_state["key"]
    put(q=st.session_state["q"], key=None if key is SearchKey.SHIPMENT_NO else key)


def foot(page: Page, asked: listed.AskedList, now: datetime, zone: ZoneInfo) -> None:
    """Which rows are shown, as of when, the pages and the rows a page."""
    size, pages = asked.size, max(1, -(-page.total // asked.size))
    number = asked.within(pages)
    first = (number - 1) * size
    rows = ListText.RANGE(first=first + 1, last=first + len(page.rows), count=page.total)
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        with st.container(key="list_range", width="content"):
            st.caption(formats.facts(rows, ListText.AS_OF(time=formats.clock(now, zone))), width="content")
        st.space("stretch")
        if st.session_state.get("page", number) != number:
            shown("page", number)
        st.pagination(pages, default=number, key="page", width=_PAGER_WIDTH if pages > 3 else 190, on_change=_page_chosen)
        shown("rows", size)
        st.selectbox(
            tr("Rows a page"),
            PAGE_SIZES,
            key="rows",
            format_func=lambda rows: str(ListText.ROWS(count=rows)),
            label_visibility="collapsed",
            width=112,
            on_change=written("rows"),
        )


def sort_by(name: str) -> None:
    """Writes the order after a press on a table head: newest or longest first, then the other way."""
    sort, order = links.sort_of(name), links.order()
    if sort is None:
        return
    _, descending = turned((order.sort, order.descending), name)
    if sort is not order.sort:
        descending = sort in NEWEST_FIRST
    put(sort=sort, dir="desc" if descending else "asc")


def _tab_pressed() -> None:
    opened = links.read().in_tab(Tab(st.session_state["tab"]))
    put(tab=str(opened.tab), detail=list(opened["detail"]))


def _ordered(wanted: Selection, words: Wording) -> None:
    """Order date: days by name, or the first and the last day, each of which may be left open."""
    chosen, today = wanted.ordered, words.today
    days = [day for day in (chosen.first, chosen.last) if day]
    label = DIMENSIONS["ordered"].chip(chosen, words) if days else DIMENSIONS["ordered"].label
    with st.popover(label, icon=":material/date_range:", key="order_date"):
        shown("ordered:named", next((name for name in NAMED if Days(*name.of(today)) == chosen), None))
        st.pills(
            FIELDS["order_date"],
            list(NAMED),
            key="ordered:named",
            format_func=NAMED_DAYS.__getitem__,
            on_change=_named,
            args=(today,),
        )
        days_box(
            chosen,
            today,
            key="ordered",
            within=(min([EARLIEST, *days]), max([today + _AHEAD, *days])),
            on_days=_put_days,
            open_ends=True,
        )
        if days:
            st.button(
                tr("Clear"), key="ordered:clear", type="tertiary", icon=":material/close:", on_click=_put_days, args=(Days(),)
            )


def _named(today: date) -> None:
    name = st.session_state["ordered:named"]
    _put_days(Days(*name.of(today)) if name else Days())


def _put_days(days: Days) -> None:
    put(**{"from": None, "to": None} | {name: list(texts) for name, texts in DIMENSIONS["ordered"].written(days).items()})


def _page_chosen() -> None:
    number = st.session_state["page"]
    if number > 1:
        st.query_params["page"] = str(number)
    elif "page" in st.query_params:
        del st.query_params["page"]
