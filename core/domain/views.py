"""Saved views: a name for what a page shows by its link, one's own or the team's; in which order, and which page opens first."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.domain import permissions
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.search import Search
from core.domain.selection import Selection
from core.domain.texts import said

LONGEST_NAME = 60
LONGEST_LINK = 4_000
MOST_VIEWS = 100
"""So many one person may have."""


class ViewPage(StrEnum):
    """The pages whose links say what they show."""

    SHIPMENTS = "shipments"
    OVERVIEW = "overview"
    DELAYS = "delays"


_OF_LIST = ("sort", "dir", "rows")
_OF_FIGURES = {
    ViewPage.OVERVIEW: ("dest", "kind", "warehouse", "days", "period", "from", "to", "by", "stack"),
    ViewPage.DELAYS: (
        "dest", "kind", "carrier", "warehouse", "weeks", "period", "from", "to", "by", "lane", "week", "time", "rows", "columns",
        "figure",
    ),
}  # fmt: skip


@dataclass(frozen=True)
class SavedView:
    """A page and its link under a name; `shared` ones are the whole team's. A name that was forgotten is ""."""

    view_id: int
    owner: str
    name: str
    page: ViewPage
    link: Mapping[str, Sequence[str]]
    shared: bool = False

    @property
    def selection(self) -> Selection | None:
        """The shipments that it lists; None of a page of figures."""
        return Selection.read(self.link) if self.page is ViewPage.SHIPMENTS else None

    def seen_by(self, person: Person) -> bool:
        """Whether it is among the person's views."""
        return self.shared or self.owner == person.name

    def changed_by(self, person: Person) -> bool:
        """Whether the person may rename, share or remove it."""
        return self.owner == person.name or (self.shared and permissions.may(person, Act.CHANGE_TEAM_VIEWS))


def kept(page: ViewPage, link: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """What a view keeps of the page's link: neither the page of rows, nor what was searched, which may name somebody."""
    if page is ViewPage.SHIPMENTS:
        wanted = Selection.read(link).but(search=Search()).link
        return wanted | {name: list(link[name]) for name in _OF_LIST if link.get(name)}
    return {name: list(link[name]) for name in _OF_FIGURES[page] if link.get(name)}


def name_of(text: str) -> str:
    """The name as it is kept; "" for none."""
    return said(text)[:LONGEST_NAME].strip()


def in_order(views: Iterable[SavedView], order: Sequence[int]) -> list[SavedView]:
    """The views in the order of somebody, those that came since at the end, the oldest first."""
    places = {view_id: place for place, view_id in enumerate(order)}
    return sorted(views, key=lambda view: (places.get(view.view_id, len(places)), view.view_id))


def moved(ids: Sequence[int], view_id: int, by: int) -> list[int]:
    """The ids after one of them went so many places on, or back."""
    if view_id not in ids:
        return list(ids)
    rest = [one for one in ids if one != view_id]
    place = max(0, ids.index(view_id) + by)
    return [*rest[:place], view_id, *rest[place:]]
