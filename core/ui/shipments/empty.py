"""When there is nothing to show: why, for each searched value, and the buttons that mend it."""

import streamlit as st

from core.domain.filters import SearchKey, ShipmentFilter
from core.domain.invoice_number import Rules
from core.domain.shipment import Destination, Tab
from core.services.shipments.queries import Page, Whereabouts
from core.ui.kit import filters, formats

MOST_NAMED = 8


def not_found(page: Page, wanted: ShipmentFilter) -> None:
    """Above a list that is not empty: the searched values it does not hold."""
    if not page.rows:
        return
    if page.missing or page.hidden:
        named = [f"**{formats.plain(one.value)}** {_why(one, wanted)}" for one in (*page.missing, *page.hidden)][:MOST_NAMED]
        more = len(page.missing) + len(page.hidden) - len(named)
        found = len(wanted.values) - len(page.missing) - len(page.hidden)
        st.warning(
            "  \n".join(named) + (f"  \nand {more:,} more" if more else ""),
            title=f"{found:,} of {len(wanted.values):,} searched values are in this list",
            icon=":material/search_off:",
        )


def panel(page: Page, wanted: ShipmentFilter, rules: Rules) -> None:
    """In place of an empty list."""
    tab = filters.TABS[wanted.tab]
    filtered = bool(wanted.values or _narrowing(wanted))
    with st.container(border=True, height=420, vertical_alignment="center", horizontal_alignment="center"):
        st.markdown(":material/filter_alt_off:" if filtered else ":material/inbox:", width="content")
        title = f"No shipment in “{tab}” matches all filters" if filtered else f"No shipment is in “{tab}”"
        st.markdown(f"**{title}**", width="content")
        lines = [f"**{formats.plain(one.value)}** {_why(one, wanted)}" for one in (*page.hidden, *page.missing)]
        if lines:
            more = len(lines) - MOST_NAMED
            st.markdown("  \n".join(lines[:MOST_NAMED]) + (f"  \nand {more:,} more" if more > 0 else ""), width="content")
        elif not filtered:
            st.markdown("Shipments arrive by import: see the Data page.", width="content")
        with st.container(horizontal=True, horizontal_alignment="center"):
            _ways_out(page, wanted, rules)


def _ways_out(page: Page, wanted: ShipmentFilter, rules: Rules) -> None:
    primary = True
    for (tab, destination), count in _elsewhere(page.hidden).items():
        if (tab, destination) == (wanted.tab, wanted.destination):
            continue
        where = filters.TABS[tab] + ("" if destination is wanted.destination else f", {filters.DESTINATIONS[destination]}")
        st.button(
            f"Show {count:,} in {where}",
            key=f"show:{tab}:{destination}",
            type="primary" if primary else "secondary",
            icon=":material/arrow_forward:",
            on_click=filters.put,
            kwargs={"tab": str(tab), "dest": str(destination), **_without_optional()},
        )
        primary = False
    for key, values in _other_keys(page.missing).items():
        label = formats.plain(values[0]) if len(values) == 1 else f"{len(values)} values"
        st.button(
            f"Search {label} as {filters.KEYS[key]}",
            key=f"as:{key}",
            on_click=filters.put,
            kwargs={"key": str(key), "q": " ".join(values)},
        )
    for name in _narrowing(wanted):
        if name in filters.OPTIONAL:
            label, field = filters.OPTIONAL[name]
            words = ", ".join(filters.word(name, rules, value) for value in getattr(wanted, field))
            st.button(
                f"Remove {label} {formats.plain(words)}",
                key=f"remove:{name}",
                type="tertiary",
                on_click=filters.put,
                kwargs={name: None},
            )
    if wanted.values or _narrowing(wanted):
        st.button("Clear all", key="clear_empty", type="tertiary", on_click=filters.clear)


def _why(one: Whereabouts, wanted: ShipmentFilter) -> str:
    if one.other_key:
        return f"is known as {filters.KEYS[one.other_key]} – the search looks in {filters.KEYS[wanted.key]}"
    if not one.tabs:
        return "does not exist. Check the last digits."
    places = [
        f"**{filters.TABS[tab]}** ({filters.DESTINATIONS[destination]})"
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


def _narrowing(wanted: ShipmentFilter) -> list[str]:
    names = [name for name, (_, field) in filters.OPTIONAL.items() if getattr(wanted, field)]
    names += ["kind"] if wanted.kind else []
    names += ["behind"] if wanted.behind else []
    names += ["standing"] if wanted.statuses or wanted.hours_from or wanted.hours_until else []
    return names + (["dates"] if wanted.ordered_from or wanted.ordered_to else [])


def _without_optional() -> dict[str, None]:
    return dict.fromkeys([*filters.OPTIONAL, *filters.BEHIND, *filters.STANDING, "kind", "from", "to"])
