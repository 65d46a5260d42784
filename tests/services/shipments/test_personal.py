"""Who receives is told to those who may know: what viewers get of every reading service, and what the history says of files."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.domain import batch_notes
from core.domain.errors import Forbidden, Refused
from core.domain.people import Person
from core.domain.permissions import Denied
from core.domain.personal import MASK
from core.domain.search import Search, SearchKey
from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.sorting import Order, Sort
from core.services.shipments import exporting, finding, queries, scan, undo
from core.services.shipments.changes import Request
from core.services.shipments.queries import Page
from core.store import history
from core.store.database import Store
from tests.builders import ADA, HANA, NOW, OLA, RULES, a_store, a_visit
from tests.engines import new_store
from tests.planted import markers_in, plant

VIEWER = a_visit(person=OLA)
ALL = Selection(tab=Tab.ALL)
BY_RECIPIENT = Selection(tab=Tab.ALL, search=Search(SearchKey.RECIPIENT, ("Zorp",)))


@pytest.fixture(scope="module")
def desk() -> Iterator[Store]:
    store = plant(new_store())
    yield store
    store.close()


def page(store: Store, person: Person = OLA, order: Order | None = None, wanted: Selection = ALL) -> Page:
    return queries.page(store, wanted, order or Order(), visit=a_visit(person=person), size=50, number=lambda _: 1)


READS: dict[str, Callable[[Store, Person], Any]] = {
    "page": lambda store, person: page(store, person),
    "found": lambda store, person: page(store, person, wanted=ALL.but(search=Search(values=("S-3", "S-99", "Zorp")))),
    "everything": lambda store, person: queries.everything(store, ALL, Order(), visit=a_visit(person=person)).to_pylist(),
    "selected": lambda store, person: queries.everything(
        store, ALL, Order(), visit=a_visit(person=person), only=("S-1", "S-2")
    ).to_pylist(),
    **{
        f"whole {number}": lambda store, person, number=number: queries.whole(store, number, visit=a_visit(person=person))
        for number in ("S-1", "S-2", "S-3", "S-4")
    },
    "found anywhere": lambda store, person: finding.find(store, "S-1", visit=a_visit(person=person), spellings=lambda _: ()),
    "scanned": lambda store, person: scan.look(store, RULES, scan.Scan("S-1"), scan.ScanDesk(), visit=a_visit(person=person)),
    "batches": lambda store, person: undo.batches(store, person=person),
    "last": lambda store, person: scan.last(store, person=person),
    "choices": lambda store, person: queries.choices(store, person=person),
}


@pytest.mark.parametrize("name", READS)
def test_a_viewer_is_told_nothing_personal(desk: Store, name: str) -> None:
    told = repr(READS[name](desk, OLA))
    assert [one for one in markers_in(told) if not (name == "found" and one == "Zorp")] == []


@pytest.mark.parametrize("name", [name for name in READS if name not in ("last", "choices")])
def test_staff_are_told(desk: Store, name: str) -> None:
    assert markers_in(repr(READS[name](desk, HANA.person)))


def test_what_is_hidden_does_not_leave_the_database(desk: Store) -> None:
    (row,) = [row for row in page(desk).rows if row["shipment_no"] == "S-3"]
    assert (row["recipient"], row["request"], row["reason"], row["city"]) == (MASK, MASK, None, "Seoul")


def test_a_viewer_cannot_ask_who_receives(desk: Store) -> None:
    for ask in (
        lambda: page(desk, wanted=BY_RECIPIENT),
        lambda: queries.counts(desk, BY_RECIPIENT, visit=VIEWER),
        lambda: queries.everything(desk, BY_RECIPIENT, Order(), visit=VIEWER),
        lambda: exporting.rows(desk, BY_RECIPIENT, Order(), visit=VIEWER),
    ):
        with pytest.raises(Forbidden) as denied:
            ask()
        assert denied.value.reason is Denied.ROLE_TOO_LOW
    assert page(desk, HANA.person, wanted=BY_RECIPIENT).total == 5


def test_a_name_under_another_key_is_not_told_to_be_one(desk: Store) -> None:
    wanted = ALL.but(search=Search(values=("Zorp",)))
    assert [one.other_key for one in page(desk, wanted=wanted).missing] == [None]
    assert [one.other_key for one in page(desk, HANA.person, wanted=wanted).missing] == [SearchKey.RECIPIENT]


def test_the_order_of_names_is_not_told(desk: Store) -> None:
    for descending in (True, False):
        by_name = page(desk, order=Order(Sort.RECIPIENT, descending)).rows
        assert [row["shipment_no"] for row in by_name] == [row["shipment_no"] for row in page(desk).rows]
    named = page(desk, HANA.person, Order(Sort.RECIPIENT, descending=True)).rows
    assert named[0]["shipment_no"] == "S-1"


def test_nobody_without_a_role_sees_anything(desk: Store) -> None:
    for read in READS.values():
        with pytest.raises(Forbidden):
            read(desk, Person("mallory@elsewhere.example"))


def exports(store: Store) -> list[dict[str, Any]]:
    return [row for row in history.batches(store) if row["source"] == "export"]


def test_a_file_with_names_is_a_row_of_history_without_them() -> None:
    store = plant(a_store())
    wanted = Selection(tab=Tab.ALL, warehouse=("Icheon",), search=Search(SearchKey.RECIPIENT, ("Zorp",)))
    assert exporting.rows(store, wanted, Order(), visit=a_visit()).num_rows == 4
    (row,) = exports(store)
    assert (row["made_by"], row["made_at"], row["shipments"]) == (HANA.name, NOW, 4)
    assert "warehouse=Icheon" in row["note"] and markers_in(row["note"]) == []
    assert "warehouse=Icheon" in str(batch_notes.told(row))


def test_selected_rows_and_what_was_typed_under_a_wrong_key_are_counted_only() -> None:
    store = plant(a_store())
    exporting.rows(store, ALL, Order(), visit=a_visit(), only=("S-1",))
    exporting.rows(store, ALL.but(search=Search(values=("S-1", "Zorp"))), Order(), visit=a_visit())
    assert [row["shipments"] for row in exports(store)] == [1, 1]
    assert markers_in(repr(exports(store))) == []


def test_a_viewers_file_is_masked_and_no_such_row() -> None:
    store = plant(a_store())
    assert markers_in(repr(exporting.rows(store, ALL, Order(), visit=VIEWER).to_pylist())) == []
    assert exports(store) == []


def test_an_empty_file_names_nobody() -> None:
    store = a_store()
    exporting.rows(store, ALL, Order(), visit=a_visit())
    assert exports(store) == []


def test_a_file_that_was_taken_is_nothing_to_undo() -> None:
    store = plant(a_store())
    exporting.rows(store, ALL, Order(), visit=a_visit())
    batch = exports(store)[0]["batch_id"]
    with pytest.raises(Refused) as refusal:
        undo.undo(store, batch, home="KR", request=Request(ADA, NOW))
    assert refusal.value.reason is undo.NotUndone.AN_EXPORT
