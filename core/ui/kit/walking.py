"""From one shipment of a list to the next: where the one that is shown stands, two buttons and two keys, and the way on after saving."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from core.domain.language import Vocabulary, tr
from core.domain.reasons import Reason
from core.domain.selection import Selection
from core.domain.sorting import Order
from core.runtime import Runtime
from core.services.shipments import queries
from core.ui.kit import formats, links, shipment_drawer, who
from core.ui.kit.components import component
from core.ui.kit.shipment_drawer import SavedWork

NEXT: Final = "walk:next"
_HELD: Final = "walk:held"
_STEPPED: Final = "walk:stepped"
_BY_ITSELF: Final = "walk:by_itself"
_CHOSEN: Final = "walk:chosen"

_WORDS: Final = Vocabulary(
    {
        "before": "Previous shipment: {id} (Alt+↑)",
        "after": "Next shipment: {id} (Alt+↓)",
        "no_before": "This is the first shipment of the list",
        "no_after": "This is the last shipment of the list",
        "unsaved": "What you typed is not saved. Press Enter in its box to save it, or go on once more to leave it.",
    }
)
_mount = component(
    "shipdesk_walk",
    '<div class="walk"></div>',
    "walk.css",
    "icons.js",
    "tab.js",
    "walk.js",
    isolated=False,
    within=".walk",
)


class WalkText(Reason):
    """Where one is in a list."""

    PLACE = "place", "{at:,} of {count:,}"
    LEFT = "left", {"one": "{count} in the list", "other": "{count:,} in the list"}


@dataclass(frozen=True)
class WalkedList:
    """A list that is gone through: which shipments in which order, how many a page and in all."""

    wanted: Selection
    order: Order
    size: int
    total: int

    def page_of(self, at: int) -> int:
        """The page on which this place is."""
        return (at - 1) // self.size + 1


@dataclass(frozen=True)
class Walk:
    """Where the shipment stands in the list. Once it has left the list, `there` is False: those beside it are as they were."""

    list: WalkedList
    shipment_no: str
    at: int
    before: str = ""
    after: str = ""
    there: bool = True


def among(runtime: Runtime, walked: WalkedList, shown: Sequence[str], first: int) -> Walk | None:
    """The walk at the shipment of the open drawer, over the page of the list that has these shipments, the first at that place.

    Past the page's edge the list turns to the page on which the shipment stands.
    """
    shipment_no = shipment_drawer.opened()
    if shipment_no is None:
        return None
    found = _seen(walked, shipment_no, shown, first) or look(runtime, walked, shipment_no, _place_in(shown, shipment_no, first))
    st.session_state[_HELD] = found
    stepped = st.session_state.pop(_STEPPED, False)
    if stepped and found and found.there and shipment_no not in shown:
        page = walked.page_of(found.at)
        links.put(page=str(page) if page > 1 else None)
        st.rerun()
    return found


def look(runtime: Runtime, walked: WalkedList, shipment_no: str, near: int | None = None) -> Walk | None:
    """The walk at this shipment, which stands at the place `near`, or about where the walk has come to; None outside the list."""
    held = _held()
    near = near or (held.at if held else 1)
    place = queries.place(
        runtime.store, walked.wanted, walked.order, shipment_no, visit=who.visit(runtime), near=min(near, walked.total + 1)
    )
    if place:
        found: Walk | None = Walk(walked, shipment_no, place.at, place.before, place.after)
    else:
        # What stood beside one that has left the list is still the way on.
        found = replace(held, list=walked, there=False) if held and held.shipment_no == shipment_no else None
    st.session_state[_HELD] = found
    return found


def again(runtime: Runtime, shipment_no: str) -> Walk | None:
    """The walk that was begun in a list, at this shipment of it; None where none was, or it is not in that list."""
    held = _held()
    st.session_state.pop(_STEPPED, None)
    if held is None:
        return None
    wanted = held.list.wanted
    total = queries.counts(runtime.store, wanted, visit=who.visit(runtime)).tabs[wanted.tab]
    return look(runtime, replace(held.list, total=total), shipment_no)


def head(walk: Walk | None) -> None:
    """The place in the list between two buttons, which Alt with the arrows press too."""
    if walk is None:
        return
    done = shipment_drawer.done(walk.shipment_no)
    said = WalkText.PLACE(at=walk.at, count=walk.list.total) if walk.there else WalkText.LEFT(count=walk.list.total)
    data = {
        "place": str(said),
        "before": walk.before,
        "after": walk.after,
        "words": dict(_WORDS),
        "saved": done.name if done and not done.goes_on and walk.after else "",
        "way_on": f".st-key-{NEXT.replace(':', '-')} button",
    }
    _mount(key="walk", data=data, on_step_change=lambda: _step(walk))


def way_on(walk: Walk | None, done: SavedWork) -> None:
    """After something was saved: the button to the next shipment."""
    if walk and walk.after and not done.goes_on:
        st.button(
            tr("Next shipment"),
            key=NEXT,
            type="primary",
            icon=":material/arrow_forward:",
            help=_WORDS["after"].format(id=formats.plain(walk.after)),
            on_click=_go,
            args=(walk, walk.after),
        )


def choice(walk: Walk | None) -> None:
    """Whether the next shipment of the list opens as soon as one is saved."""
    if walk:
        label = tr("After saving, open the next by itself")
        st.checkbox(label, value=goes_on_by_itself(), key=_BY_ITSELF, on_change=_choose)


def go_on(shipment_no: str) -> None:
    """After something was saved on the shipment: goes on to the next of the list, where that was chosen to happen by itself."""
    held = _held()
    if goes_on_by_itself() and held and held.shipment_no == shipment_no and held.after:
        _go(held, held.after)


def goes_on_by_itself() -> bool:
    """Whether the next shipment opens as soon as one is saved."""
    return bool(st.session_state.get(_CHOSEN))


def _seen(walked: WalkedList, shipment_no: str, shown: Sequence[str], first: int) -> Walk | None:
    """The walk at a shipment that stands between others of its page: nothing need be asked."""
    if shipment_no not in shown[1:-1]:
        return None
    at = shown.index(shipment_no)
    return Walk(walked, shipment_no, first + at, shown[at - 1], shown[at + 1])


def _place_in(shown: Sequence[str], shipment_no: str, first: int) -> int | None:
    return first + shown.index(shipment_no) if shipment_no in shown else None


def _choose() -> None:
    st.session_state[_CHOSEN] = st.session_state[_BY_ITSELF]


def _step(walk: Walk) -> None:
    step = st.session_state["walk"].get("step")
    if wanted := {"before": walk.before, "after": walk.after}.get(str(step), ""):
        _go(walk, wanted)


def _go(walk: Walk, shipment_no: str) -> None:
    on = 1 if walk.there else 0
    at = walk.at + on if shipment_no == walk.after else max(1, walk.at - 1)
    st.session_state[_HELD] = replace(walk, shipment_no=shipment_no, at=at, before="", after="", there=False)
    st.session_state[_STEPPED] = True
    shipment_drawer.follow(shipment_no)


def _held() -> Walk | None:
    found: Walk | None = st.session_state.get(_HELD)
    return found
