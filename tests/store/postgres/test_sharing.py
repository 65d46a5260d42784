"""What the app servers of one shop share beside its shipments: turns at a service, rests, signals."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from core.store.postgres.store import PostgresStore
from tests.builders import a_shipment, add

SOON = 30.0
EVERY = timedelta(milliseconds=250)


def waited_for(check: Callable[[], object]) -> None:
    """Waits until the check holds."""
    began = time.monotonic()
    while not check():
        assert time.monotonic() - began < SOON
        time.sleep(0.01)


def test_two_servers_have_one_rate_between_them(store: PostgresStore, other: PostgresStore) -> None:
    began = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        waits = list(pool.map(lambda n: (store, other)[n % 2].turns.take("dhl", EVERY)[0], range(24)))
    took = timedelta(seconds=time.monotonic() - began)
    # A second's worth of turns that nobody took goes at once; the rest are one after another.
    assert max(waits) >= 24 * EVERY - timedelta(seconds=1) - EVERY - took
    assert store.turns.take("aftership", EVERY)[0] == timedelta(0)


def test_a_service_that_asked_for_rest_has_it_from_all(store: PostgresStore, other: PostgresStore) -> None:
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
    store.turns.hold("dhl", until)
    assert other.turns.take("dhl", EVERY)[1] == until
    other.turns.hold("dhl", None)
    assert store.turns.take("dhl", EVERY)[1] is None


def test_a_signal_reaches_every_server(store: PostgresStore, other: PostgresStore) -> None:
    heard: dict[str, list[str]] = {"one": [], "other": []}
    store.hears.append(heard["one"].append)
    other.hears.append(heard["other"].append)
    other.signal("dhl")
    waited_for(lambda: heard == {"one": ["dhl"], "other": ["dhl"]})


def test_a_listener_that_fails_keeps_nothing_from_the_copy(store: PostgresStore, other: PostgresStore) -> None:
    def fails(_: str) -> None:
        raise KeyError

    other.hears.append(fails)
    store.signal("dhl")
    before = other.changes
    store.write(lambda c: c.execute("INSERT INTO kept_mapping VALUES ('a', 'b', now(), 'c')") and None)
    waited_for(lambda: other.changes > before)


def test_who_wrote_sees_it_from_whatever_thread_they_ask(store: PostgresStore) -> None:
    store.asker = lambda: "ada"
    with ThreadPoolExecutor(1) as another:
        for n in range(1, 11):
            add(store, a_shipment(f"S-{n}"))
            found = another.submit(lambda: store.figures.rows("SELECT count(*) AS n FROM shipment")).result()
            assert found == [{"n": n}]
