"""The rows of a press before the page is drawn anew: the table asks them itself, while link, counts and chips follow by the rerun.

What may be pressed is told to the table with what each press makes of the link, as the page itself will write it; whoever asks under
that link gets what the page would draw.
"""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.domain.clock import Clock
from core.domain.people import Person
from core.domain.search import KEYS
from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.sorting import PAGE_SIZES
from core.domain.visit import Visit
from core.runtime import Runtime
from core.services.people import preferences
from core.services.shipments import queries
from core.ui.kit import filters, links
from core.ui.kit.links import Link
from core.ui.kit.table import Ahead, columns_data
from core.ui.shipments import controls, listed
from core.ui.shipments.listed import AskedList
from core.ui.shipments.sentences import ListText

ROUTE = "list"
"""Where the table asks, beside the page."""
Changes = dict[str, list[str]]


def offered(asked: AskedList, total: int, zone: ZoneInfo) -> Ahead:
    """What may be pressed in the list that is drawn, of `total` rows on all its pages, and what will probably be."""
    wanted = asked.wanted
    tabs = {tab: _in_tab(wanted, tab) for tab in controls.offered_tabs(wanted)}
    places = {place: Changes(dest=[str(place)]) for place in filters.DESTINATIONS}
    following = [Changes(page=[str(asked.page + 1)])] if asked.page * asked.size < total else []
    others = [change for tab, change in tabs.items() if tab is not wanted.tab]
    elsewhere = [change for place, change in places.items() if place is not wanted.destination]
    return Ahead(
        route=ROUTE,
        link=links.parameters(),
        zone=str(zone),
        radios={"tab": list(tabs.values()), "dest": list(places.values())},
        boxes={
            "kind": {name: Changes(kind=[value] if value else []) for value, name in controls.kinds().items()},
            "key": {name: Changes(key=[str(key)]) for key, name in KEYS.items()},
            "rows": {str(ListText.ROWS(count=size)): Changes(rows=[str(size)]) for size in PAGE_SIZES},
        },
        newest_first=[str(sort) for sort in controls.NEWEST_FIRST],
        # What is behind a figure takes long to find.
        early=[*following, *(() if wanted.behind else (*others, *elsewhere))],
    )


def answer(runtime: Runtime, person: Person, link: Link, zone: str) -> Mapping[str, Any]:
    """What the table draws of a link for this person: columns, rows, caption, sort. Raises Forbidden."""
    visit = Visit(person, Clock(runtime.now(), runtime.settings.zone))
    asked = listed.asked(link, Selection.read(link), runtime.rules, person)
    rows = queries.rows(runtime.store, asked.wanted, asked.order, visit=visit, size=asked.size, number=asked.page)
    chosen = preferences.list_columns(runtime.store, person=person)
    return {
        "columns": columns_data(listed.columns(asked.wanted, chosen)),
        "rows": listed.drawn(runtime, asked.wanted, rows, visit, _zone(zone, runtime.settings.zone)),
        "caption": listed.caption(asked.wanted),
        "sort": {"key": asked.order.sort, "descending": asked.order.descending},
    }


def _zone(name: str, otherwise: ZoneInfo) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return otherwise


def _in_tab(wanted: Selection, tab: Tab) -> Changes:
    return Changes(tab=[str(tab)], detail=[str(detail) for detail in wanted.in_tab(tab)["detail"]])
