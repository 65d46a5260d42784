"""The link of the page and the selection that it says; links to the Shipments page, to the exact shipments behind a figure or a flag."""

from collections.abc import Mapping, Sequence

import streamlit as st

from core.domain.dimensions import Behind, Hours
from core.domain.figures import Figure, Part
from core.domain.flags import Flag
from core.domain.periods import Period
from core.domain.search import MAX_SEARCH_VALUES, Search, SearchKey, search_values
from core.domain.selection import Selection
from core.domain.shipment import TAB_OF, Status, Tab
from core.domain.sorting import Order, Sort
from core.domain.worklist import WorkState

Link = Mapping[str, str | Sequence[str]]

SHIPMENTS = "../../pages/shipments.py"
_GO = "links:go"
_RECIPIENTS = "links:recipients"


def parameters() -> dict[str, list[str]]:
    """The parameters of the page's link."""
    return {name: st.query_params.get_all(name) for name in st.query_params}


def read(*only: str) -> Selection:
    """The selection that the link says, of all dimensions or `only` of these; what it says wrongly is left out.

    Recipients that are searched stand in the session alone: a link says that it was one, and never whom.
    """
    found = Selection.read(parameters(), only)
    if found.search.key is not SearchKey.RECIPIENT:
        return found
    return found.but(search=Search(SearchKey.RECIPIENT, search_values(searched())[:MAX_SEARCH_VALUES]))


def searched() -> str:
    """What stands in the search box."""
    if _of_recipients(parameters()):
        return str(st.session_state.get(_RECIPIENTS, ""))
    return str(st.query_params.get("q", ""))


def left_out() -> bool:
    """Whether the link was made by searching recipients, who are not known here."""
    return _of_recipients(parameters()) and _RECIPIENTS not in st.session_state


def drop_recipients() -> None:
    """Forgets which recipients were searched, where somebody looks who may not know them."""
    st.session_state.pop(_RECIPIENTS, None)


def order(link: Link | None = None) -> Order:
    """The order of rows that a link says, the page's own where none is given."""
    said = parameters() if link is None else link
    return Order(sort_of(first(said, "sort")) or Sort.ORDERED, first(said, "dir", "desc") != "asc")


def sort_of(text: str | None) -> Sort | None:
    """The order of this name; None when there is none."""
    return Sort(text) if text in list(Sort) else None


def put(**changes: str | Sequence[str] | None) -> None:
    """Writes the changes into the link at once; None takes a parameter out. Recipients are kept in the session instead."""
    said = {name: value for name, value in {**parameters(), **changes}.items() if value}
    if _of_recipients(said):
        typed = said.pop("q", "")
        if "q" in changes or "key" in changes:
            st.session_state[_RECIPIENTS] = typed if isinstance(typed, str) else typed[0]
    st.query_params.from_dict(said)


def first(link: Link, name: str, otherwise: str = "") -> str:
    """What a link says under this name, once."""
    said = link.get(name, otherwise)
    return said if isinstance(said, str) else said[0] if said else otherwise


def _of_recipients(link: Link) -> bool:
    return link.get("key") in (SearchKey.RECIPIENT, [SearchKey.RECIPIENT])


def searching(key: SearchKey, text: str) -> Link:
    """The shipments of all tabs with this number, or of this recipient, who is kept in the session instead."""
    if key is SearchKey.RECIPIENT:
        st.session_state[_RECIPIENTS] = text
        return {"tab": Tab.ALL, "key": key}
    return {"tab": Tab.ALL, "key": key, "q": text}


def behind(figure: Figure, part: Part, period: Period, where: Selection) -> Link:
    """The shipments that a figure counts, is taken over, or leaves out; for `st.switch_page(SHIPMENTS, query_params=...)`."""
    return where.but(tab=Tab.ALL, behind=Behind(figure, part, period)).link


def flagged(where: Selection, hours: Hours, *flags: Flag) -> Link:
    """The open shipments to do with one of these flags, or with any, that they have had for so many hours; the newest in their status first."""
    return {**where.of_figures.but(flag=flags, flagged=hours, work=(WorkState.OPEN,)).link, "sort": Sort.AGE, "dir": "asc"}


def put_aside(where: Selection, work: WorkState) -> Link:
    """The flagged shipments that are off the worklist for this reason."""
    return {**where.of_figures.but(work=(work,)).link, "sort": Sort.AGE, "dir": "asc"}


def waiting(period: Period, where: Selection, hours: Hours, statuses: Sequence[Status] = ()) -> Link:
    """The open shipments that have been in their status for so many hours, the longest first."""
    tabs = {TAB_OF[status] for status in statuses}
    open_now = Behind(Figure.BACKLOG, Part.NUMERATOR, period)
    wanted = where.but(tab=tabs.pop() if len(tabs) == 1 else Tab.ALL, behind=open_now, age=hours, status=tuple(statuses))
    return {**wanted.link, "sort": Sort.AGE, "dir": "desc"}


def goto(link: Link) -> None:
    """Leaves for the Shipments page at the next run: for callbacks, in which no page can be left."""
    st.session_state[_GO] = link


def leave() -> None:
    """Goes where a press has sent the viewer, if one did."""
    if link := st.session_state.pop(_GO, None):
        st.switch_page(SHIPMENTS, query_params=link)
