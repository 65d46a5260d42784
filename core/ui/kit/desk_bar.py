"""What stands in the header of every page: finding anything, the saved views with their counts, and the keys."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import streamlit as st

from core.config import ROOT
from core.domain import labels, personal, views
from core.domain.clock import Clock
from core.domain.errors import ShipdeskError
from core.domain.history import ChangeSource
from core.domain.invoice_number import spellings
from core.domain.labels import TABS
from core.domain.language import Language, Vocabulary
from core.domain.people import Person
from core.domain.permissions import Act, may
from core.domain.reasons import Reason
from core.domain.search import KEYS, SearchKey
from core.domain.selection import Selection
from core.domain.views import SavedView, ViewPage
from core.domain.visit import Visit
from core.runtime import Runtime
from core.services.people import preferences
from core.services.people import views as saved
from core.services.shipments import finding
from core.services.shipments.changes import Actor, Request
from core.services.shipments.finding import Find
from core.ui.kit import cached, filters, formats, languages, links, messages, shared, shipment_drawer, shipment_rows, who
from core.ui.kit.components import component
from core.ui.kit.shortcuts import OF_REGISTER, OF_SHIPMENT, SCANNED, SHORTCUTS

FIND_ROUTE, COUNTS_ROUTE = "find", "views"
"""Where the bar asks, beside the page."""
_BAR: Final = "desk-bar"
_GO: Final = "desk-bar:go"
_SAID: Final = "desk-bar:said"
_PAGE: Final = "desk-bar:page"
_WITH_DRAWER: Final = frozenset({"overview", "shipments", "register", "delays", "carriers"})
"""The pages on which a shipment opens as a drawer."""
_WORDS: Final = Vocabulary(
    {
        "find": "Find",
        "find_anything": shared.FIND_ANYTHING,
        "placeholder": "Number, recipient, page, view or action",
        "looking": "Looking…",
        "nothing": "Nothing found. Check the last digits, or type less.",
        "trouble": "The desk did not answer. Press Enter to ask again.",
        "results": "{count} found",
        "shipments": "Shipments",
        "pages": "Pages",
        "views": "Views",
        "acts": "Actions",
        "close": shared.CLOSE_BOX,
        "no_views": "No view is saved yet. Choose tab and filters, then save what you see under a name.",
        "save": "Save view",
        "save_here": "Views are saved on Shipments, Overview and Delays.",
        "name": "Name of the view",
        "no_name": shared.VIEW_WITHOUT_NAME,
        "for_team": "For the whole team",
        "keep": "Save",
        "cancel": "Cancel",
        "edit": "Edit",
        "done": "Done",
        "up": "Move {name} up",
        "down": "Move {name} down",
        "rename": "Name of {name}",
        "share": "Share {name} with the team",
        "remove": "Remove {name}",
        "really": "Remove?",
        "of_team": "Of the team, by {owner}",
        "not_kept": "What is searched for is not kept.",
        "keys": "Keys",
        "keys_on": "Keys are on",
        "keys_note": "They rest while you type or scan. Enter, Tab, Esc and the arrows work in any case.",
        "everywhere": "On every page",
        "on_list": "On Shipments",
        "on_register": "On Register",
        "on_shipment": "In a shipment",
        "then": "then",
        "language": "Switch language",
    }
)
_mount = component(
    "shipdesk_desk_bar",
    '<div class="desk-bar"></div>',
    "icons.css",
    "desk_bar.css",
    "icons.js",
    "keys.js",
    "finder.js",
    "views_menu.js",
    "desk_bar.js",
    isolated=False,
    within=".desk-bar",
)


class BarText(Reason):
    """What is said of what was found, and of views."""

    ALL_FOUND = "all_found", {"one": "Show {count} in the list, by {key}", "other": "Show all {count:,} in the list, by {key}"}
    LAST_FOUND = "last_found", "Show the last {count:,} in the list, by {key}"
    SAVED = "saved", "{name} is saved."


def leave() -> None:
    """Goes where a press in the bar has sent the viewer, if one did."""
    if gone := st.session_state.pop(_GO, None):
        page, link = gone
        st.switch_page(f"../../pages/{page}.py", query_params=link)


def draw(runtime: Runtime, person: Person, pages: Iterable[Any], page: str) -> None:
    """The bar on this page; `pages` are those of the navigation."""
    st.session_state[_PAGE] = page
    keys = cached.of_people(runtime, ("keys", person.name), lambda: preferences.keys(runtime.store, person=person))
    data = {
        "words": dict(_WORDS),
        "routes": {"find": FIND_ROUTE, "views": COUNTS_ROUTE},
        "page": page,
        "pages": [_page(one) for one in pages if one.visibility == "visible" and not one.is_external],
        "acts": [_act(one) for one in SHORTCUTS if may(person, one.needs)],
        "languages": [{"id": str(one), "name": name} for one, name in languages.NAMES.items()],
        "register": [{"key": key, "label": label} for key, label in OF_REGISTER.items()],
        "shipment": [{"key": key, "label": label} for key, label in OF_SHIPMENT.items()],
        "keys": keys,
        "scanned": page in SCANNED,
        "views": [_view(view, person, page) for view in seen(runtime, person)],
        "savable": page in set(ViewPage),
        "proposed": _proposed(runtime, page),
        "can_share": may(person, Act.SHARE_VIEWS),
        "said": st.session_state.get(_SAID),
    }
    _mount(key=_BAR, data=data, width="content", on_go_change=lambda: _heard(runtime))


def seen(runtime: Runtime, person: Person) -> list[SavedView]:
    """The views that the person sees, in their order."""
    found: list[SavedView] = cached.of_people(
        runtime, ("saved views", person), lambda: saved.seen(runtime.store, person=person)
    )
    return found


def found(runtime: Runtime, person: Person, question: Mapping[str, Any]) -> dict[str, Any]:
    """What the bar shows of a text that is typed into it: shipments, and how many more the list has. Raises Forbidden."""
    visit = Visit(person, Clock(runtime.now(), runtime.settings.zone))
    finds = finding.find(
        runtime.store, str(question.get("text", "")), visit=visit, spellings=lambda value: spellings(value, runtime.rules)
    )
    return {
        "text": finds.text,
        "shipments": [_shipment(one, runtime) for one in finds.shipments],
        "more": [
            {
                "key": str(key),
                "label": str((BarText.LAST_FOUND if key in finds.cut else BarText.ALL_FOUND)(count=count, key=KEYS[key])),
            }
            for key, count in finds.counts
            if count > 1
        ],
    }


def counted(runtime: Runtime, person: Person, _: Mapping[str, Any]) -> dict[str, Any]:
    """How many shipments each view of the person lists now, as of the last moment. Raises Forbidden."""
    visit = Visit(person, Clock(runtime.now(), runtime.settings.zone))
    visit.require()
    known = [(view.view_id, view.link) for view in saved.seen(runtime.store, person=person)]
    counts: dict[int, int] = cached.lately(f"{runtime.settings.place} views {known}").answer(
        lambda: runtime.store.changes, -1, lambda: saved.counts(runtime.store, visit=visit)
    )
    return {"counts": {str(view_id): formats.count(count) for view_id, count in counts.items()}}


def _page(page: Any) -> dict[str, str]:
    return {"id": page.url_path, "label": page.title, "icon": str(page.icon).removeprefix(":material/").removesuffix(":")}


def _act(one: Any) -> dict[str, str]:
    return {"act": one.act, "key": one.key, "label": one.label, "page": one.page, "presses": one.presses}


def _view(view: SavedView, person: Person, page: str) -> dict[str, Any]:
    here = page == view.page and views.kept(view.page, links.parameters()) == view.link
    return {
        "id": view.view_id,
        "name": view.name,
        "page": view.page,
        "address": saved.address(view),
        "shared": view.shared,
        "owner": "" if view.owner == person.name else view.owner,
        "can": view.changed_by(person),
        "here": here,
    }


def _shipment(one: Find, runtime: Runtime) -> dict[str, Any]:
    row = one.row
    by = {SearchKey.ORDER_NO: row["order_no"], SearchKey.INVOICE_NO: row["invoice_no"]}.get(one.key)
    place = formats.place(row["city"], row["country"])
    return {
        "id": row["shipment_no"],
        "sub": formats.facts(by and f"{KEYS[one.key]} {by}", row["recipient"], place),
        "chip": shipment_rows.status(row),
    }


def _proposed(runtime: Runtime, page: str) -> str:
    """What the shown could be called."""
    if page != ViewPage.SHIPMENTS:
        return ""
    wanted = Selection.read(links.parameters())
    said = [text for name, text in wanted.chips(filters.wording(runtime)).items() if name != "search"]
    return formats.facts(TABS[wanted.tab], labels.DESTINATIONS[wanted.destination], *said)[: views.LONGEST_NAME]


def _heard(runtime: Runtime) -> None:
    """Does what was pressed in the bar; what is refused is said in it."""
    said = st.session_state[_BAR].get("go")
    acts: Mapping[str, Callable[[Runtime, Mapping[str, Any]], str | None]] = {
        "page": _go_to_page,
        "view": _go_to_view,
        "shipment": _go_to_shipment,
        "search": _go_to_search,
        "language": _speak,
        "switch_keys": _switch_keys,
        "save": _save,
        "rename": _rename,
        "share": _share,
        "remove": _remove,
        "move": _move,
    }
    if not isinstance(said, dict) or (act := acts.get(str(said.get("kind")))) is None:
        return
    told = {"id": str(said.get("id", "")), "name": str(said.get("name", "")), "value": said.get("value")}
    try:
        text, fault = act(runtime, told), False
    except ShipdeskError as error:
        text, fault = str(error), True
    except Exception as error:
        text, fault = messages.our_fault(error), True
    st.session_state[_SAID] = {"text": text, "fault": fault, "of": str(said.get("at", ""))} if text else None


def _go_to_page(_: Runtime, said: Mapping[str, Any]) -> None:
    if said["id"].isidentifier() and (ROOT / "pages" / f"{said['id']}.py").is_file():
        st.session_state[_GO] = said["id"], {}


def _go_to_view(runtime: Runtime, said: Mapping[str, Any]) -> None:
    wanted = next((view for view in seen(runtime, who.person(runtime)) if str(view.view_id) == said["id"]), None)
    if wanted:
        st.session_state[_GO] = str(wanted.page), wanted.link


def _go_to_shipment(_: Runtime, said: Mapping[str, Any]) -> None:
    if st.session_state.get(_PAGE) in _WITH_DRAWER:
        shipment_drawer.open_drawer(said["id"])
    else:
        st.session_state[_GO] = "shipment", {"no": said["id"]}


def _go_to_search(runtime: Runtime, said: Mapping[str, Any]) -> None:
    """Every shipment with what was found, wherever it is; who it was that was searched stays out of the link."""
    if said["id"] in set(SearchKey):
        key = SearchKey(said["id"])
        if key in personal.KEYS:
            who.visit(runtime).require(Act.SEE_PERSONAL)
        st.session_state[_GO] = "shipments", links.searching(key, said["name"])


def _speak(runtime: Runtime, said: Mapping[str, Any]) -> None:
    if said["id"] in set(Language):
        languages.choose(runtime, who.person(runtime), Language(said["id"]))


def _switch_keys(runtime: Runtime, said: Mapping[str, Any]) -> None:
    preferences.switch_keys(runtime.store, said["value"] is True, person=who.person(runtime), now=runtime.now())


def _save(runtime: Runtime, said: Mapping[str, Any]) -> str | None:
    page = str(st.session_state.get(_PAGE))
    if page not in set(ViewPage):
        return None
    shared = said["value"] is True
    view = saved.save(runtime.store, ViewPage(page), links.parameters(), said["name"], shared=shared, request=_request(runtime))
    return str(BarText.SAVED(name=view.name))


def _rename(runtime: Runtime, said: Mapping[str, Any]) -> None:
    saved.rename(runtime.store, _number(said), said["name"], request=_request(runtime))


def _share(runtime: Runtime, said: Mapping[str, Any]) -> None:
    saved.share(runtime.store, _number(said), said["value"] is True, request=_request(runtime))


def _remove(runtime: Runtime, said: Mapping[str, Any]) -> None:
    saved.remove(runtime.store, _number(said), request=_request(runtime))


def _move(runtime: Runtime, said: Mapping[str, Any]) -> None:
    saved.move(runtime.store, _number(said), -1 if said["value"] == -1 else 1, request=_request(runtime))


def _number(said: Mapping[str, Any]) -> int:
    return int(said["id"]) if said["id"].isdecimal() else 0


def _request(runtime: Runtime) -> Request:
    return Request(Actor(who.person(runtime), ChangeSource.FORM), runtime.now())


Answers = Mapping[str, Callable[[Runtime, Person, Mapping[str, Any]], Mapping[str, Any]]]
ANSWERS: Final[Answers] = {FIND_ROUTE: found, COUNTS_ROUTE: counted}
"""What the bar's routes answer."""
