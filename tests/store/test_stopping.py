"""What is being written is ended from another thread, in the middle of a statement."""

import threading
from collections.abc import Callable

import pytest

from core.store import history
from core.store.database import Connection, Store
from core.store.postgres.adapter import PgConnection
from core.store.stopping import Stop, Stopped
from tests.builders import NOW, a_store

LONG = "SELECT sum(a.i * b.i) FROM range(10_000_000) a(i), range(10_000_000) b(i)"
LONG_ON_A_SERVER = "SELECT pg_sleep(600)"


def lasting(connection: Connection) -> None:
    """A statement that takes longer than anybody waits."""
    connection.execute(LONG_ON_A_SERVER if isinstance(connection, PgConnection) else LONG).fetchall()


def half_written(stop: Stop, then: Callable[[Connection], object]) -> Callable[[Connection], object]:
    def job(connection: Connection) -> object:
        with stop.within(connection):
            history.open_batch(connection, by="Hana Seo", at=NOW, source="form", note="half")
            return then(connection)

    return job


def batches(store: Store) -> int:
    return len(store.rows("SELECT 1 AS n FROM batch"))


def test_a_statement_that_runs_is_ended_and_nothing_is_half_written() -> None:
    store, stop, begun = a_store(), Stop(), threading.Event()

    def then(connection: Connection) -> None:
        begun.set()
        lasting(connection)

    threading.Thread(target=lambda: begun.wait(20) and stop.press()).start()
    with pytest.raises(Stopped):
        store.write(half_written(stop, then))
    assert batches(store) == 0
    store.write(half_written(Stop(), lambda _: None))
    assert batches(store) == 1


def test_one_that_is_ended_between_two_statements_does_not_begin_the_next() -> None:
    store, stop = a_store(), Stop()

    def then(connection: Connection) -> None:
        stop.press()
        lasting(connection)

    with pytest.raises(Stopped):
        store.write(half_written(stop, then))
    assert batches(store) == 0


def test_one_that_was_ended_before_its_turn_does_not_begin() -> None:
    store, stop = a_store(), Stop()
    stop.press()
    with pytest.raises(Stopped):
        store.write(half_written(stop, lasting))


def test_what_was_said_after_the_last_statement_changes_nothing() -> None:
    store, stop = a_store(), Stop()
    store.write(half_written(stop, lambda _: None))
    stop.press()
    stop.check()
    assert batches(store) == 1


def test_an_error_of_its_own_is_told_as_it_is() -> None:
    def then(_: Connection) -> None:
        raise KeyError

    with pytest.raises(KeyError):
        a_store().write(half_written(Stop(), then))
