"""Saved views: what of a link they keep, whose they are, and in which order they stand."""

import pytest

from core.domain.people import Person, Role
from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.views import LONGEST_NAME, SavedView, ViewPage, in_order, kept, moved, name_of

HANA, JUN = Person("Hana", Role.STAFF), Person("Jun", Role.STAFF)
ADA, OLA = Person("Ada", Role.ADMIN), Person("Ola", Role.VIEWER)


def a_view(view_id: int = 1, owner: str = "Hana", *, shared: bool = False) -> SavedView:
    return SavedView(view_id, owner, "Late", ViewPage.SHIPMENTS, {"tab": ["delivery"], "carrier": ["cj"]}, shared)


def test_a_view_of_the_list_keeps_filters_order_and_size_but_no_page_and_no_search() -> None:
    link = {"tab": ["delivery"], "carrier": ["cj", ""], "sort": ["in_status"], "rows": ["100"], "page": ["4"], "q": ["Zorp"]}
    assert kept(ViewPage.SHIPMENTS, link | {"key": ["recipient"], "nonsense": ["1"]}) == {
        "dest": ["domestic"],
        "tab": ["delivery"],
        "carrier": ["cj", ""],
        "sort": ["in_status"],
        "rows": ["100"],
    }


@pytest.mark.parametrize(
    ("page", "link"),
    [
        (ViewPage.OVERVIEW, {"days": ["28"], "warehouse": ["ICN1"], "stack": ["warehouse"]}),
        (ViewPage.DELAYS, {"weeks": ["13"], "lane": ["ICN1 KR"], "figure": ["on_time"], "rows": ["carrier"]}),
    ],
)
def test_a_view_of_figures_keeps_the_choices_of_its_page(page: ViewPage, link: dict[str, list[str]]) -> None:
    assert kept(page, link | {"q": ["Zorp"], "no": ["S-1"]}) == link


def test_a_view_of_the_list_says_which_shipments_it_lists() -> None:
    assert a_view().selection == Selection(tab=Tab.DELIVERY, carrier=("cj",))
    assert SavedView(1, "Hana", "Days", ViewPage.OVERVIEW, {"days": ["28"]}).selection is None


def test_a_view_is_seen_by_its_owner_and_once_shared_by_all() -> None:
    assert [a_view().seen_by(person) for person in (HANA, JUN, OLA)] == [True, False, False]
    assert [a_view(shared=True).seen_by(person) for person in (HANA, JUN, OLA)] == [True, True, True]


def test_a_teams_view_is_changed_by_its_owner_or_an_admin_another_persons_by_nobody_else() -> None:
    assert [a_view(shared=True).changed_by(person) for person in (HANA, JUN, ADA)] == [True, False, True]
    assert [a_view().changed_by(person) for person in (HANA, JUN, ADA)] == [True, False, False]


def test_views_that_came_since_stand_at_the_end() -> None:
    views = [a_view(number) for number in (1, 2, 3, 4)]
    assert [view.view_id for view in in_order(views, [3, 1, 99])] == [3, 1, 2, 4]


@pytest.mark.parametrize(
    ("view_id", "by", "order"),
    [(2, -1, [2, 1, 3]), (2, 1, [1, 3, 2]), (1, -1, [1, 2, 3]), (3, 5, [1, 2, 3]), (9, 1, [1, 2, 3])],
)
def test_a_view_moves_among_its_neighbours_and_not_beyond(view_id: int, by: int, order: list[int]) -> None:
    assert moved([1, 2, 3], view_id, by) == order


def test_a_name_is_one_line_of_bounded_length() -> None:
    assert name_of("  Late\n in\u200b Seoul ") == "Late in Seoul"
    assert name_of(" \n") == ""
    assert len(name_of("x" * 500)) == LONGEST_NAME
