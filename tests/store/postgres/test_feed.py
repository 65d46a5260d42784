"""What anybody writes reaches the copy of every app server, once and whole."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

from core.domain.servers import Server
from core.store.postgres.store import PostgresStore
from tests.builders import a_shipment, add

MISSED_AFTER = 30.0


def statuses(store: PostgresStore) -> dict[int, str]:
    """What the copy says now, whoever asks."""
    return {row["shipment_id"]: row["reason"] for row in store.figures.rows("SELECT shipment_id, reason FROM shipment")}


def until_alike(store: PostgresStore, other: PostgresStore) -> None:
    """Waits until the copy of the other is what is stored."""
    stored = {row["shipment_id"]: row["reason"] for row in store.rows("SELECT shipment_id, reason FROM shipment")}
    began = time.monotonic()
    while statuses(other) != stored:
        assert time.monotonic() - began < MISSED_AFTER
        time.sleep(0.01)


def test_who_wrote_sees_it_at_once_and_others_soon(store: PostgresStore, other: PostgresStore) -> None:
    add(store, a_shipment("S-1"))
    assert len(statuses(store)) == 1
    until_alike(store, other)


def test_what_is_removed_is_gone_from_every_copy(store: PostgresStore, other: PostgresStore) -> None:
    add(store, a_shipment("S-1"), a_shipment("S-2"))
    until_alike(store, other)
    store.write(lambda connection: connection.execute("DELETE FROM shipment WHERE shipment_id = 1") and None)
    assert list(statuses(store)) == [2]
    until_alike(store, other)


def test_a_shop_that_is_there_is_loaded_whole(server: Server, store: PostgresStore) -> None:
    add(store, *(a_shipment(f"S-{n}") for n in range(50)))
    late = PostgresStore.reach(server)
    try:
        assert len(statuses(late)) == 50
        stored = store.read("SELECT * FROM shipment ORDER BY shipment_id").to_pylist()
        assert late.figures.read("SELECT * FROM shipment ORDER BY shipment_id").to_pylist() == stored
    finally:
        late.close()


def test_of_ten_thousand_changes_none_is_missed_beside_a_slow_transaction(
    server: Server, store: PostgresStore, other: PostgresStore
) -> None:
    add(store, *(a_shipment(f"S-{n}") for n in range(200)))
    over = threading.Event()

    def slowly() -> None:
        """Takes its place first and commits last."""
        with psycopg.connect(server.url) as connection:
            connection.execute("UPDATE shipdesk.shipment SET reason = 'slow' WHERE shipment_id = 1")
            over.wait(60)

    def quickly(writer: int) -> None:
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("SET synchronous_commit = off")
            for n in range(2_500):
                number = 2 + (n * 7 + writer * 50) % 199
                connection.execute("UPDATE shipdesk.shipment SET reason = %s WHERE shipment_id = %s", (f"{writer}-{n}", number))

    with ThreadPoolExecutor(5) as pool:
        slow = pool.submit(slowly)
        list(pool.map(quickly, range(4)))
        over.set()
        slow.result()
    until_alike(store, other)
    assert statuses(other)[1] == "slow"


def test_a_long_transaction_keeps_nobody_from_seeing_the_rest(
    server: Server, store: PostgresStore, other: PostgresStore
) -> None:
    add(store, a_shipment("S-1"), a_shipment("S-2"))
    with psycopg.connect(server.url) as slow:
        slow.execute("UPDATE shipdesk.shipment SET reason = 'slow' WHERE shipment_id = 1")
        store.write(lambda c: c.execute("UPDATE shipment SET reason = 'quick' WHERE shipment_id = 2") and None)
        until_alike(store, other)
        assert statuses(other) == {1: None, 2: "quick"}
    until_alike(store, other)


def test_another_server_in_its_place_is_loaded_again(server: Server, store: PostgresStore) -> None:
    add(store, a_shipment("S-1"))
    assert len(statuses(store)) == 1
    store._feed._history = "another"
    store._replica.load(())
    add(store, a_shipment("S-2"))
    assert len(statuses(store)) == 2


def test_changes_rise_with_what_another_server_wrote(store: PostgresStore, other: PostgresStore) -> None:
    before, began = other.changes, time.monotonic()
    store.write(lambda c: c.execute("INSERT INTO kept_mapping VALUES ('a', 'b', now(), 'c')") and None)
    while other.changes == before:
        assert time.monotonic() - began < MISSED_AFTER
        time.sleep(0.01)
