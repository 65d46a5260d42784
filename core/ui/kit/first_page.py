"""What opens first: a page or a saved view, chosen by each person for themselves."""

from collections.abc import Iterable
from typing import Any, Final

import streamlit as st
from starlette.datastructures import Headers

from core import runtime as runtimes
from core.domain.errors import ShipdeskError
from core.domain.language import tr
from core.domain.people import Person
from core.runtime import Runtime
from core.services.people import preferences
from core.services.people import views as saved
from core.ui.kit import cached, desk_bar, shared, visitors

DESK: Final = "shipments"
"""What opens for who has chosen nothing."""
_CHOICE: Final = "first_page"


def choice(runtime: Runtime, person: Person, pages: Iterable[Any]) -> str:
    """The pages and views to choose from; returns the address of the one that is chosen."""
    named = {page.url_path: page.title for page in pages if page.visibility == "visible"}
    views = {str(view.view_id): view for view in desk_bar.seen(runtime, person)}
    offered = {**named, **{view_id: view.name or tr(shared.VIEW_WITHOUT_NAME) for view_id, view in views.items()}}
    said = cached.of_people(runtime, ("first page", person), lambda: preferences.first_page(runtime.store, person=person))
    chosen = said if said in offered else DESK
    st.session_state[_CHOICE] = chosen
    st.selectbox(
        tr("Opens first"),
        list(offered),
        key=_CHOICE,
        format_func=offered.__getitem__,
        on_change=lambda: preferences.choose_first_page(
            runtime.store, st.session_state[_CHOICE], person=person, now=runtime.now()
        ),
        filter_mode=None,
        width=180,
    )
    return saved.address(views[chosen]) if chosen in views else chosen


def address(headers: Headers) -> str:
    """Where the desk's own address leads whoever asks with these headers; "" to where it leads everybody."""
    desk = runtimes.get()
    claims = visitors.claims(headers)
    try:
        runtimes.asking.set(runtimes.subject(claims))
        person = desk.admission(lambda: claims).person
        chosen = preferences.first_page(desk.store, person=person) if person.role else ""
        if not chosen.isdecimal():
            return chosen
        views = saved.seen(desk.store, person=person)
        return next((saved.address(view) for view in views if str(view.view_id) == chosen), "")
    except ShipdeskError:
        return ""
