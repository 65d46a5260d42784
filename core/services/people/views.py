"""Saved views: what one sees of them and in which order, and how they are saved, renamed, shared, moved and removed."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any
from urllib.parse import parse_qs, urlencode

from core.domain import permissions, views
from core.domain.errors import Forbidden, NotFound, Refused
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.views import LONGEST_LINK, MOST_VIEWS, SavedView, ViewPage
from core.domain.visit import Visit
from core.services.people.reasons import ViewFault
from core.services.shipments.changes import Request
from core.store import lists, preferences
from core.store import views as stored
from core.store.database import Connection, Row, Store

_ORDER = "views"


def seen(store: Store, *, person: Person) -> list[SavedView]:
    """The person's own views and the team's, in the person's order. Raises Forbidden."""
    permissions.require(person, Act.SEE)
    found = [view for view in map(_view, stored.all_views(store)) if view.seen_by(person)]
    return views.in_order(found, _order(preferences.chosen(store, person.name).get(_ORDER, "")))


def address(view: SavedView) -> str:
    """Where the view is, relative to the desk."""
    return f"{view.page}?{_query(view.link)}" if view.link else str(view.page)


def counts(store: Store, *, visit: Visit) -> dict[int, int]:
    """By id of the views of the list that the person sees, how many shipments each lists now. Raises Forbidden."""
    visit.require()
    wanted = {view.view_id: view.selection for view in seen(store, person=visit.person)}
    listed = {view_id: one for view_id, one in wanted.items() if one is not None}
    totals = lists.totals(store, list(listed.values()), zone=visit.clock.zone, now=visit.clock.now)
    return dict(zip(listed, totals, strict=True))


def save(
    store: Store, page: ViewPage, link: Mapping[str, Sequence[str]], name: str, *, shared: bool = False, request: Request
) -> SavedView:
    """Keeps what the page shows by this link under a name, for oneself or the team. Raises Forbidden, Refused."""
    request.require(Act.SHARE_VIEWS if shared else Act.SEE)
    wanted = SavedView(0, request.by.name, _named(name), page, views.kept(page, link), shared)
    if len(_query(wanted.link)) > LONGEST_LINK:
        raise Refused(ViewFault.TOO_LONG(), "link")

    def job(connection: Connection) -> SavedView:
        own = [view for view in map(_view, stored.views_of(connection)) if view.owner == wanted.owner]
        same = next((view for view in own if view.name == wanted.name), None)
        if same and replace(same, view_id=0) == wanted:
            return same
        _require_new_name(wanted.name, own)
        if len(own) >= MOST_VIEWS:
            raise Refused(ViewFault.TOO_MANY(most=MOST_VIEWS), "name")
        return replace(wanted, view_id=_add(connection, wanted, request))

    return store.write(job)


def rename(store: Store, view_id: int, name: str, *, request: Request) -> None:
    """Gives a view another name. Raises Forbidden, Refused, NotFound."""
    request.require(Act.SEE)
    wanted = _named(name)

    def change(view: SavedView, others: Sequence[SavedView]) -> SavedView:
        if view.name != wanted:
            _require_new_name(wanted, [one for one in others if one.owner == view.owner])
        return replace(view, name=wanted)

    _change(store, view_id, change, request)


def share(store: Store, view_id: int, shared: bool, *, request: Request) -> None:
    """Makes a view the team's, or its owner's alone again. Raises Forbidden, Refused, NotFound."""
    request.require(Act.SHARE_VIEWS)
    _change(store, view_id, lambda view, _: replace(view, shared=shared), request)


def remove(store: Store, view_id: int, *, request: Request) -> None:
    """Takes a view away. Raises Forbidden, NotFound."""
    request.require(Act.SEE)
    _change(store, view_id, lambda view, _: view, request, removed=True)


def move(store: Store, view_id: int, by: int, *, request: Request) -> None:
    """Moves a view so many places down among those that the person sees, or up; for this person alone. Raises Forbidden."""
    request.require(Act.SEE)
    ids = [view.view_id for view in seen(store, person=request.by.person)]
    order = json.dumps(views.moved(ids, view_id, by))
    store.write(lambda connection: preferences.choose(connection, request.by.name, _ORDER, order, request.at))


def _change(
    store: Store,
    view_id: int,
    change: Callable[[SavedView, Sequence[SavedView]], SavedView],
    request: Request,
    *,
    removed: bool = False,
) -> None:
    def job(connection: Connection) -> None:
        known = {view.view_id: view for view in map(_view, stored.views_of(connection))}
        view = known.get(view_id)
        if view is None or not view.seen_by(request.by.person):
            raise NotFound(ViewFault.NOT_THERE())
        if not view.changed_by(request.by.person):
            raise Forbidden(ViewFault.OF_ANOTHER(owner=view.owner))
        after = change(view, list(known.values()))
        if removed or after != view:
            _add(connection, after, request, removed=removed)

    store.write(job)


def _add(connection: Connection, view: SavedView, request: Request, *, removed: bool = False) -> int:
    said = {**asdict(view), "link": _query(view.link), "removed": removed, "made_at": request.at, "made_by": request.by.name}
    return stored.add(connection, said)


def _named(name: str) -> str:
    wanted = views.name_of(name)
    if not wanted:
        raise Refused(ViewFault.NO_NAME(), "name")
    return wanted


def _require_new_name(name: str, own: Sequence[SavedView]) -> None:
    if any(view.name.casefold() == name.casefold() for view in own):
        raise Refused(ViewFault.SAME_NAME(name=name), "name")


def _view(row: Row) -> SavedView:
    said: dict[str, Any] = {name: row[name] for name in stored.COLUMNS}
    return SavedView(**{**said, "page": ViewPage(row["page"]), "link": parse_qs(row["link"], keep_blank_values=True)})


def _query(link: Mapping[str, Sequence[str]]) -> str:
    return urlencode(link, doseq=True)


def _order(said: str) -> list[int]:
    try:
        found = json.loads(said or "[]")
    except ValueError:
        return []
    return [one for one in found if isinstance(one, int)] if isinstance(found, list) else []
