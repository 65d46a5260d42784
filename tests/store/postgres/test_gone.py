"""A server that goes away and comes back: refused in a sentence meanwhile, and on by itself afterwards."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from core.domain.errors import Unavailable
from core.domain.servers import server_of
from core.store import history
from core.store.database import Connection
from core.store.postgres.store import PostgresStore
from tests import postgres_server
from tests.builders import NOW, a_shipment, add
from tests.postgres_server import Server as Running

BACK_WITHIN = 60.0
TRIES = 5
"""Numbers are only given anew where the log was not written just before the crash."""


@pytest.fixture
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server of one's own, to be ended and started."""
    # What is undone is not hurried to the disk: after a crash its transactions' numbers are not known any more.
    with postgres_server.running(wal_writer_delay="10s") as server:
        yield server


@pytest.fixture
def desk(running: Running) -> Iterator[PostgresStore]:
    """A shop on it with a shipment."""
    found = server_of(running.create_database())
    assert found
    store = PostgresStore.reach(found)
    add(store, a_shipment("S-1"))
    yield store
    store.close()


def a_batch(connection: Connection) -> None:
    """Something to write."""
    history.open_batch(connection, by="Hana Seo", at=NOW, source="form")


def until(happens: str, check: Callable[[], object]) -> None:
    """Waits until the check holds."""
    began = time.monotonic()
    while not check():
        assert time.monotonic() - began < BACK_WITHIN, happens
        time.sleep(0.05)


def test_while_the_server_is_gone_everything_is_refused_and_then_goes_on(running: Running, desk: PostgresStore) -> None:
    running.kill()
    with pytest.raises(Unavailable) as written:
        desk.write(a_batch)
    with pytest.raises(Unavailable) as read:
        desk.rows("SELECT 1")
    until("it is known to be gone", lambda: desk.paused)
    with pytest.raises(Unavailable) as counted:
        desk.figures.rows("SELECT 1")
    assert {error.value.reason for error in (written, read, counted)} == {"server_gone"}
    assert running.password not in str(written.value)
    running.stop("immediate")
    running.start()
    until("it is back", lambda: desk.paused is None)
    before = desk.rows("SELECT count(*) AS n FROM batch")[0]["n"]
    desk.write(a_batch)
    assert desk.rows("SELECT count(*) AS n FROM batch")[0]["n"] == before + 1
    assert desk.figures.rows("SELECT count(*) AS n FROM shipment") == [{"n": 1}]


def test_who_writes_while_the_server_is_started_again_is_served_or_refused_and_nothing_acknowledged_is_lost(
    running: Running, desk: PostgresStore
) -> None:
    acknowledged: list[str] = []
    over = threading.Event()

    def keep_writing() -> None:
        number = 0
        while not over.is_set():
            number += 1
            key = f"key-{number}"
            try:
                desk.write(lambda c, key=key: history.open_batch(c, by="Hana", at=NOW, source="form", request_key=key))  # type: ignore[misc]
                acknowledged.append(key)
            except Unavailable:
                time.sleep(0.05)

    clerk = threading.Thread(target=keep_writing)
    clerk.start()
    for _ in range(2):
        so_far = len(acknowledged)
        until("something is written", lambda so_far=so_far: len(acknowledged) > so_far + 5)  # type: ignore[misc]
        running.stop("immediate")
        running.start()
    so_far = len(acknowledged)
    until("work goes on", lambda: len(acknowledged) > so_far + 5)
    over.set()
    clerk.join()
    stored = [row["request_key"] for row in desk.rows("SELECT request_key FROM batch WHERE request_key IS NOT NULL")]
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))


def test_what_others_write_after_a_crash_reaches_the_copy_though_numbers_of_transactions_are_given_anew(
    running: Running, desk: PostgresStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = desk._feed._listening  # type: ignore[attr-defined]
    for _ in range(TRIES):
        highest = int(desk.rows("SELECT pg_current_xact_id()::text AS n")[0]["n"])
        with psycopg.connect(desk.server.url) as undone:
            for _ in range(200):
                undone.execute("SELECT pg_current_xact_id()")
                undone.rollback()
        assert desk._feed.wait_for(desk._feed.coming, BACK_WITHIN)
        written = threading.Event()
        monkeypatch.setattr(desk._feed, "_listening", lambda written=written: written.wait(BACK_WITHIN) and listening())
        running.kill()
        running.stop("immediate")
        running.start()
        with psycopg.connect(desk.server.url) as other:
            number = other.execute("SELECT pg_current_xact_id()::text").fetchone()
            if given_anew := bool(number) and int(number[0]) < highest + 200:
                other.execute("UPDATE shipdesk.shipment SET city = 'Busan'")
        if given_anew:
            break
        written.set()
        until("it is back", lambda: desk.paused is None)
    assert given_anew
    written.set()
    until("it is back", lambda: desk.paused is None)
    until("it is in the copy", lambda: desk.figures.rows("SELECT city FROM shipment") == [{"city": "Busan"}])


def test_a_standby_that_was_promoted_is_gone_on_with(running: Running, tmp_path: Path) -> None:
    standby = running.standby(Path(f"{running.folder}-standby"))
    standby.start()
    try:
        name = running.create_database().rpartition("/")[2]
        both = f"{running.url(name).rpartition('@')[0]}@127.0.0.1:{running.port},127.0.0.1:{standby.port}/{name}"
        server = server_of(both)
        assert server
        store = PostgresStore.reach(server)
        try:
            add(store, a_shipment("S-1"))
            written = running.asked(running.url(name), "SELECT pg_current_wal_lsn()")
            until(
                "the standby has it",
                lambda: standby.asked(standby.url(), f"SELECT pg_last_wal_replay_lsn() >= '{written}'") == "t",
            )
            running.kill()
            standby.promote()
            until("the other is reached", lambda: store.paused is None and _writes(store))
            assert store.figures.rows("SELECT shipment_no FROM shipment") == [{"shipment_no": "S-1"}]
        finally:
            store.close()
    finally:
        standby.stop("immediate")


def _writes(store: PostgresStore) -> bool:
    try:
        store.write(a_batch)
    except Unavailable:
        return False
    return True
