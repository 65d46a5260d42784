"""When there is nothing to show: why, for each searched value, and the buttons that mend it."""

import streamlit as st

from core.domain.dimensions import Wording
from core.domain.search import KEYS, SearchKey
from core.domain.selection import TABS, Selection
from core.domain.shipment import Destination, Tab
from core.services.shipments.queries import Page, Whereabouts
from core.ui.kit import filters, formats

MOST_NAMED = 8


def not_found(page: Page, wanted: Selection) -> None:
    """Above a list that is not empty: the searched values it does not hold."""
    if not page.rows:
        return
    if page.missing or page.hidden:
        named = [f"**{formats.plain(one.value)}** {_why(one, wanted)}" for one in (*page.missing, *page.hidden)][:MOST_NAMED]
        more = len(page.missing) + len(page.hidden) - len(named)
        found = len(wanted.search.values) - len(page.missing) - len(page.hidden)
        st.warning(
            "  \n".join(named) + (f"  \nand {more:,} more" if more else ""),
            title=f"{found:,} of {len(wanted.search.values):,} searched values are in this list",
            icon=":material/search_off:",
        )


def panel(page: Page, wanted: Selection, words: Wording) -> None:
    """In place of an empty list."""
    tab = TABS[wanted.tab]
    with st.container(border=True, height=420, vertical_alignment="center", horizontal_alignment="center"):
        st.markdown(":material/filter_alt_off:" if wanted.filters else ":material/inbox:", width="content")
        title = f"No shipment in “{tab}” matches all filters" if wanted.filters else f"No shipment is in “{tab}”"
        st.markdown(f"**{title}**", width="content")
        lines = [f"**{formats.plain(one.value)}** {_why(one, wanted)}" for one in (*page.hidden, *page.missing)]
        if lines:
            more = len(lines) - MOST_NAMED
            st.markdown("  \n".join(lines[:MOST_NAMED]) + (f"  \nand {more:,} more" if more > 0 else ""), width="content")
        elif not wanted.filters:
            st.markdown("Shipments arrive by import: see the Data page.", width="content")
        with st.container(horizontal=True, horizontal_alignment="center"):
            _ways_out(page, wanted, words)


def _ways_out(page: Page, wanted: Selection, words: Wording) -> None:
    primary = True
    for (tab, destination), count in _elsewhere(page.hidden).items():
        if (tab, destination) == (wanted.tab, wanted.destination):
            continue
        where = TABS[tab] + ("" if destination is wanted.destination else f", {filters.DESTINATIONS[destination]}")
        st.button(
            f"Show {count:,} in {where}",
            key=f"show:{tab}:{destination}",
            type="primary" if primary else "secondary",
            icon=":material/arrow_forward:",
            on_click=filters.put,
            kwargs={"tab": str(tab), "dest": str(destination), **filters.cleared("search")},
        )
        primary = False
    for key, values in _other_keys(page.missing).items():
        label = formats.plain(values[0]) if len(values) == 1 else f"{len(values)} values"
        st.button(
            f"Search {label} as {KEYS[key]}",
            key=f"as:{key}",
            on_click=filters.put,
            kwargs={"key": str(key), "q": " ".join(values)},
        )
    for name, text in wanted.chips(words).items():
        if name != "search":
            st.button(
                f"Remove {formats.plain(text)}",
                key=f"remove:{name}",
                type="tertiary",
                on_click=filters.put,
                kwargs=filters.without(name),
            )
    if wanted.filters:
        st.button("Clear all", key="clear_empty", type="tertiary", on_click=filters.clear)


def _why(one: Whereabouts, wanted: Selection) -> str:
    if one.other_key:
        return f"is known as {KEYS[one.other_key]} – the search looks in {KEYS[wanted.search.key]}"
    if not one.tabs:
        return "does not exist. Check the last digits."
    places = [
        f"**{TABS[tab]}** ({filters.DESTINATIONS[destination]})"
        for tab, destination in one.tabs
        if (tab, destination) != (wanted.tab, wanted.destination)
    ]
    return f"is in {', '.join(places)}." if places else "is in this tab, hidden by another filter."


def _elsewhere(hidden: tuple[Whereabouts, ...]) -> dict[tuple[Tab, Destination], int]:
    found: dict[tuple[Tab, Destination], int] = {}
    for one in hidden:
        for place, count in one.tabs.items():
            found[place] = found.get(place, 0) + count
    return found


def _other_keys(missing: tuple[Whereabouts, ...]) -> dict[SearchKey, list[str]]:
    keys: dict[SearchKey, list[str]] = {}
    for one in missing:
        if one.other_key:
            keys.setdefault(one.other_key, []).append(one.value)
    return keys
