"""When there is nothing to show: why, for each searched value, and the buttons that mend it."""

from collections.abc import Sequence

import streamlit as st

from core.domain import permissions
from core.domain.dimensions import Wording
from core.domain.labels import TABS
from core.domain.language import tr
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.reasons import Names, Why
from core.domain.search import KEYS, SearchKey
from core.domain.selection import Selection
from core.domain.shipment import Destination, Tab
from core.services.shipments.queries import Page, Whereabouts
from core.ui.kit import filters, formats, links, shared
from core.ui.shipments.sentences import Absent, EmptyText

MOST_NAMED = 8


def nameless(person: Person) -> None:
    """Above the list of a link that was made by searching recipients: that it is not narrowed to them, and who may."""
    if links.left_out():
        st.info(str(permissions.denial(person, Act.SEE_PERSONAL) or EmptyText.NAMELESS()), icon=":material/person_search:")


def not_found(page: Page, wanted: Selection) -> None:
    """Above a list that is not empty: the searched values it does not hold."""
    if not page.rows:
        return
    if page.put_elsewhere:
        st.info(_listed(_put_elsewhere(page)), icon=":material/package_2:")
    if page.cut:
        st.info(_listed(_cut(page)), icon=":material/content_cut:")
    if page.missing or page.hidden:
        whys = [_why(one, wanted) for one in (*page.missing, *page.hidden)]
        title = EmptyText.FOUND(count=page.searched - len(whys), all=page.searched)
        st.warning(_listed(whys), title=str(title), icon=":material/search_off:")


def panel(page: Page, wanted: Selection, words: Wording) -> None:
    """In place of an empty list."""
    tab = TABS[wanted.tab]
    with st.container(border=True, height=420, vertical_alignment="center", horizontal_alignment="center"):
        st.markdown(":material/filter_alt_off:" if wanted.filters else ":material/inbox:", width="content")
        title = EmptyText.NO_MATCH(tab=tab) if wanted.filters else EmptyText.NONE_IN_TAB(tab=tab)
        st.markdown(f"**{title}**", width="content")
        whys = [*_put_elsewhere(page), *_cut(page), *(_why(one, wanted) for one in (*page.hidden, *page.missing))]
        if whys:
            st.markdown(_listed(whys), width="content")
        elif not wanted.filters:
            st.markdown(tr("Shipments arrive by import: see the Data page."), width="content")
        with st.container(horizontal=True, horizontal_alignment="center"):
            _ways_out(page, wanted, words)


def _put_elsewhere(page: Page) -> list[Why]:
    """Where found shipments went that go out with others."""
    found = page.put_elsewhere.items()
    return [EmptyText.PUT_INTO(value=formats.plain(number), into=formats.plain(into)) for number, into in found]


def _cut(page: Page) -> list[Why]:
    """The values that more shipments fit than were looked at."""
    return [EmptyText.CUT(value=formats.plain(value), count=count) for value, count in page.cut.items()]


def _listed(whys: Sequence[Why]) -> str:
    """The first of them, a line each, and how many more there are."""
    more = len(whys) - MOST_NAMED
    return "  \n".join(map(str, [*whys[:MOST_NAMED], *([EmptyText.MORE(count=more)] if more > 0 else [])]))


def _ways_out(page: Page, wanted: Selection, words: Wording) -> None:
    primary = True
    for (tab, destination), count in _elsewhere(page.hidden).items():
        if (tab, destination) == (wanted.tab, wanted.destination):
            continue
        border = "same" if destination is wanted.destination else "other"
        show = EmptyText.SHOW(border, count=count, tab=TABS[tab], destination=filters.DESTINATIONS[destination])
        st.button(
            str(show),
            key=f"show:{tab}:{destination}",
            type="primary" if primary else "secondary",
            icon=":material/arrow_forward:",
            on_click=filters.put,
            kwargs={"tab": str(tab), "dest": str(destination), **filters.cleared("search")},
        )
        primary = False
    for key, values in _other_keys(page.missing).items():
        search = EmptyText.SEARCH_AS(value=formats.plain(values[0]), count=len(values), key=KEYS[key])
        st.button(
            str(search),
            key=f"as:{key}",
            on_click=filters.put,
            kwargs={"key": str(key), "q": ",".join(values)},
        )
    for name, text in wanted.chips(words).items():
        if name != "search":
            st.button(
                str(EmptyText.REMOVE(chip=formats.plain(text))),
                key=f"remove:{name}",
                type="tertiary",
                on_click=filters.put,
                kwargs=filters.without(name),
            )
    if wanted.filters:
        st.button(tr(shared.CLEAR_ALL), key="clear_empty", type="tertiary", on_click=filters.clear)


def _why(one: Whereabouts, wanted: Selection) -> Why:
    value = formats.plain(one.value)
    if one.other_key:
        return Absent.OTHER_KEY(value=value, known=KEYS[one.other_key], searched=KEYS[wanted.search.key])
    if not one.tabs:
        return _unknown(one, wanted.search.key)(value=value)
    places = Names(
        str(Absent.PLACE(tab=TABS[tab], destination=filters.DESTINATIONS[destination]))
        for tab, destination in one.tabs
        if (tab, destination) != (wanted.tab, wanted.destination)
    )
    return Absent.ELSEWHERE(value=value, places=places) if places else Absent.HIDDEN(value=value)


def _unknown(one: Whereabouts, key: SearchKey) -> Absent:
    if key is SearchKey.RECIPIENT:
        return Absent.NO_RECIPIENT if one.in_part else Absent.NO_WHOLE_NAME
    return Absent.UNKNOWN if any(map(str.isdecimal, one.value)) else Absent.UNKNOWN_WORD


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
