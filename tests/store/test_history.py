"""Batches and history: who changed what, when, from where; nothing of it is ever rewritten."""

from typing import Any

import duckdb
import psycopg
import pytest

from core.store import history
from core.store.database import Connection, Store
from core.store.history import Change
from tests.builders import a_shipment, a_store, nov


def a_batch(store: Store, *changes: Change, day: int = 16, **fields: Any) -> int:
    """A batch of Hana's with these changes."""
    said = {"by": "Hana Seo", "source": "form", "at": nov(day)}

    def job(connection: Connection) -> int:
        batch = history.open_batch(connection, **said, **fields)
        history.append(connection, changes, batch_id=batch, **said)
        return batch

    return store.write(job)


def a_change(shipment_id: int = 1, action: str = "closed", **fields: Any) -> Change:
    return Change(shipment_id, action, **{"before": {}, "after": {}, **fields})


def test_the_history_of_a_shipment_is_its_own_and_newest_first() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2"))
    a_batch(store, a_change(1, "first"), a_change(2, "other"), day=16)
    a_batch(store, a_change(1, "second"), day=15)
    assert [row["action"] for row in history.of_shipment(store, 1)] == ["second", "first"]
    assert history.of_shipment(store, 3) == []


def test_a_change_says_who_when_from_where_what_and_why() -> None:
    store = a_store(a_shipment("S-1"))
    before, after = {"city": "부산", "promised_on": None}, {"city": 'Ansan "x" \'', "promised_on": nov(20).date()}
    batch = a_batch(store, a_change(before=before, after=after, reason="Buyer called"))
    row = history.of_shipment(store, 1)[0]
    assert (row["changed_by"], row["changed_at"], row["source"], row["batch_id"]) == ("Hana Seo", nov(16), "form", batch)
    assert (row["before"], row["after"]) == (before, {"city": 'Ansan "x" \'', "promised_on": "2026-11-20"})
    assert (row["action"], row["reason"]) == ("closed", "Buyer called")


def test_the_newest_change_is_the_last_one_written() -> None:
    store = a_store(a_shipment("S-1"))
    assert store.snapshot(lambda c: history.latest(c, 1)) is None
    a_batch(store, a_change(action="first"), day=16)
    a_batch(store, a_change(action="second"), day=15)
    assert store.snapshot(lambda c: history.latest(c, 1))["action"] == "second"  # type: ignore[index]


def test_a_request_is_known_by_its_key_once_it_was_answered() -> None:
    store = a_store()
    batch = a_batch(store, request_key="press-1")
    assert store.snapshot(lambda c: history.batch_of(c, "press-1")) == batch
    assert store.snapshot(lambda c: history.batch_of(c, "press-2")) is None
    assert store.snapshot(lambda c: history.batch_of(c, None)) is None


def test_one_request_can_never_be_two_batches() -> None:
    store = a_store(a_shipment("S-1"))
    a_batch(store, request_key="press-1")
    with pytest.raises((duckdb.ConstraintException, psycopg.errors.UniqueViolation)):
        a_batch(store, a_change(), request_key="press-1")
    assert history.of_shipment(store, 1) == []


def test_many_batches_without_a_request_live_side_by_side() -> None:
    store = a_store()
    assert [a_batch(store), a_batch(store)] == [1, 2]


def test_a_batch_lists_its_changes_and_which_are_still_the_newest() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2"))
    batch = a_batch(store, a_change(1), a_change(2))
    a_batch(store, a_change(2, "later"))
    rows = store.snapshot(lambda c: history.of_batch(c, batch))
    assert [(row["shipment_id"], row["newest"]) for row in rows] == [(1, True), (2, False)]


def test_the_newest_batches_come_first_with_their_size_and_what_undid_them() -> None:
    store = a_store()
    first = a_batch(store, a_change(1), a_change(2), a_change(2), note="register")
    undo = a_batch(store, a_change(1), undoes=first)
    assert [(row["batch_id"], row["shipments"], row["undone"]) for row in history.batches(store)] == [
        (undo, 1, None),
        (first, 2, undo),
    ]
    assert [row["batch_id"] for row in history.batches(store, limit=1)] == [undo]
    assert store.snapshot(lambda c: history.undone_by(c, first))["batch_id"] == undo  # type: ignore[index]
    assert store.snapshot(lambda c: history.batch(c, first))["note"] == "register"  # type: ignore[index]
    assert store.snapshot(lambda c: history.batch(c, 99)) is None
