"""Saved views: who sees and changes them, what each lists, and what becomes of a name that says who receives."""

from dataclasses import replace

import pytest

from core.domain.errors import Forbidden, NotFound, Refused
from core.domain.people import Person
from core.domain.selection import Selection
from core.domain.shipment import Stage, Tab
from core.domain.views import MOST_VIEWS, SavedView, ViewPage
from core.services.people import views
from core.services.people.reasons import ViewFault
from core.services.shipments import forgetting, queries
from core.services.shipments.changes import Actor, Request
from core.store.database import Store
from tests.builders import ADA, CJ, HANA, JUN, NOW, OLA, a_checkpoint, a_shipment, a_store, a_visit, an_invoice, nov

DELIVERY = {"tab": ["delivery"]}
LATE = {"tab": ["all"], "figure": ["on_time"], "part": ["denominator"], "days": ["2026-11-01..2026-11-30"], "by": ["ordered"]}


def asked(by: Actor = HANA) -> Request:
    return Request(by, NOW)


def save(
    store: Store, name: str = "Late", link: dict[str, list[str]] = DELIVERY, *, by: Actor = HANA, shared: bool = False
) -> int:
    return views.save(store, ViewPage.SHIPMENTS, link, name, shared=shared, request=asked(by)).view_id


def seen(store: Store, person: Person = HANA.person) -> list[str]:
    return [view.name for view in views.seen(store, person=person)]


def the(store: Store, view_id: int) -> SavedView:
    return next(view for view in views.seen(store, person=HANA.person) if view.view_id == view_id)


def test_a_view_is_its_owners_alone_until_it_is_shared() -> None:
    store = a_store()
    view = save(store)
    assert (seen(store), seen(store, JUN.person)) == (["Late"], [])
    views.share(store, view, True, request=asked())
    assert seen(store, JUN.person) == seen(store, OLA) == ["Late"]
    views.share(store, view, False, request=asked())
    assert seen(store, JUN.person) == []


def test_it_is_renamed_and_removed() -> None:
    store = a_store()
    view, other = save(store), save(store, "Other")
    views.rename(store, view, "Later", request=asked())
    assert seen(store) == ["Later", "Other"]
    views.remove(store, other, request=asked())
    assert seen(store) == ["Later"]
    with pytest.raises(NotFound):
        views.rename(store, other, "Again", request=asked())


def test_a_second_press_saves_nothing_twice_and_another_view_wants_another_name() -> None:
    store = a_store()
    assert save(store) == save(store)
    with pytest.raises(Refused) as refused:
        save(store, "LATE", {"tab": ["failed"]})
    assert refused.value.reason is ViewFault.SAME_NAME
    assert save(store, by=JUN) and seen(store, JUN.person) == ["Late"]
    with pytest.raises(Refused):
        views.rename(store, save(store, "Other"), "late", request=asked())


@pytest.mark.parametrize(
    ("name", "link", "fault"),
    [(" ", DELIVERY, ViewFault.NO_NAME), ("Wide", {"carrier": ["x" * 5000]}, ViewFault.TOO_LONG)],
)
def test_what_cannot_be_kept_is_refused(name: str, link: dict[str, list[str]], fault: ViewFault) -> None:
    with pytest.raises(Refused) as refused:
        save(a_store(), name, link)
    assert refused.value.reason is fault


def test_nobody_has_more_than_can_be_looked_through() -> None:
    store = a_store()
    for number in range(MOST_VIEWS):
        save(store, str(number))
    with pytest.raises(Refused):
        save(store, "one more")
    assert save(store, by=JUN)


def test_viewers_save_for_themselves_and_share_nothing() -> None:
    store, ola = a_store(), Actor(OLA)
    view = save(store, by=ola)
    with pytest.raises(Forbidden):
        save(store, "Ours", by=ola, shared=True)
    with pytest.raises(Forbidden):
        views.share(store, view, True, request=asked(ola))
    assert seen(store, OLA) == ["Late"]


def test_a_teams_view_is_changed_by_its_owner_or_an_admin() -> None:
    store = a_store()
    view, own = save(store, shared=True), save(store, "Mine")
    for change in (
        lambda: views.rename(store, view, "Jun's", request=asked(JUN)),
        lambda: views.remove(store, view, request=asked(JUN)),
    ):
        with pytest.raises(Forbidden):
            change()
    views.rename(store, view, "Ours", request=asked(ADA))
    assert the(store, view).name == "Ours" and the(store, view).owner == HANA.name
    with pytest.raises(NotFound):
        views.remove(store, own, request=asked(ADA))


def test_each_person_has_an_order_of_their_own() -> None:
    store = a_store()
    save(store, "A", shared=True)
    last = save(store, "B", shared=True)
    views.move(store, last, -1, request=asked(JUN))
    assert (seen(store), seen(store, JUN.person)) == (["A", "B"], ["B", "A"])


def test_a_count_is_that_of_the_list_behind_it() -> None:
    moving = [a_checkpoint(Stage.IN_TRANSIT, nov(12))]
    late = replace(a_shipment("S-3", invoice=an_invoice(CJ), scans=moving), promised_on=nov(2).date())
    store = a_store(a_shipment("S-1"), a_shipment("S-2", kind="exchange"), late)
    links = [
        DELIVERY,
        {"tab": ["preparing"]},
        {"tab": ["preparing"], "kind": ["exchange"]},
        LATE,
        {"tab": ["all"], "q": ["S-1"]},
    ]
    links += [
        {
            "tab": ["all"],
            "from": ["2026-11-01"],
            "to": ["2026-11-30"],
            "warehouse": ["ICN1", ""],
            "age": ["1.."],
            "flag": ["past_promise"],
        }
    ]
    ids = [save(store, str(number), link) for number, link in enumerate(links)]
    views.save(store, ViewPage.OVERVIEW, {"days": ["28"]}, "Days", request=asked())
    listed = [queries.counts(store, Selection.read(the(store, number).link), visit=a_visit()).tabs for number in ids]
    tabs = [Selection.read(link).tab for link in links]
    assert views.counts(store, visit=a_visit()) == {
        number: count[tab] for number, count, tab in zip(ids, listed, tabs, strict=True)
    }
    assert [count[Tab.ALL] for count in listed][-2] == 3


def test_a_name_that_says_who_receives_is_forgotten_with_them() -> None:
    store = a_store(a_shipment("S-1", order_no="O-1"))
    view, other = save(store, "Parcels of Ada Kim"), save(store, "Seoul")
    forgetting.of_orders(store, ["O-1"], request=Request(ADA, NOW))
    assert (the(store, view).name, the(store, other).name) == ("", "Seoul")
    assert "Ada Kim" not in repr(store.rows("SELECT * FROM saved_view"))
