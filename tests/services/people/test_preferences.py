"""What people chose for themselves is theirs alone, the last choice counts, and a wrong one does no harm."""

from core.domain.columns import ListColumn
from core.services.people import preferences
from core.store import preferences as stored
from tests.builders import HANA, JUN, NOW, a_store

BY = {"person": HANA.person, "now": NOW}


def test_columns_are_kept_for_one_person_and_reset() -> None:
    store = a_store()
    preferences.keep_columns(store, ["id", "status", "carrier"], **BY)
    assert preferences.list_columns(store, person=HANA.person) == (
        ListColumn.SHIPMENT_NO,
        ListColumn.STATUS,
        ListColumn.CARRIER,
    )
    assert preferences.list_columns(store, person=JUN.person) == tuple(ListColumn)
    preferences.keep_columns(store, [], **BY)
    assert preferences.list_columns(store, person=HANA.person) == tuple(ListColumn)


def test_what_cannot_be_read_is_as_if_nothing_was_chosen() -> None:
    store = a_store()
    for value in ("no list", "{}", "[1, null]"):
        store.write(lambda connection, value=value: stored.choose(connection, HANA.name, "columns", value, NOW))
        assert preferences.list_columns(store, person=HANA.person) == tuple(ListColumn)


def test_keys_are_on_until_they_are_switched_off() -> None:
    store = a_store()
    assert preferences.keys(store, person=HANA.person)
    preferences.switch_keys(store, False, **BY)
    assert not preferences.keys(store, person=HANA.person) and preferences.keys(store, person=JUN.person)


def test_a_first_page_is_kept() -> None:
    store = a_store()
    preferences.choose_first_page(store, "overview", **BY)
    assert (preferences.first_page(store, person=HANA.person), preferences.first_page(store, person=JUN.person)) == (
        "overview",
        "",
    )
