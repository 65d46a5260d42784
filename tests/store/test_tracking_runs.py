"""How carriers were asked: what is added up, and what is forgotten."""

from datetime import datetime

from core.store import tracking_runs
from core.store.database import Row, Store
from tests.builders import a_store, nov


def a_run(at: datetime, carrier: str = "cj", asked: int = 1, failed: int = 0, error: str = "") -> Row:
    return {"ran_at": at, "carrier": carrier, "service": "dhl", "asked": asked, "failed": failed, "news": 0, "error": error}


def a_store_of(*runs: Row) -> Store:
    store = a_store()
    store.write(lambda connection: tracking_runs.log(connection, runs))
    return store


def test_runs_are_added_up_by_carrier_with_the_newest_error() -> None:
    runs = a_run(nov(10), failed=1, error="old"), a_run(nov(12), asked=3, failed=1, error="new"), a_run(nov(13), asked=2)
    found = tracking_runs.by_carrier(a_store_of(*runs, a_run(nov(9), asked=9), a_run(nov(12), "ups")), nov(10))
    assert found["cj"] == {"carrier": "cj", "asked": 6, "failed": 2, "last_error": "new"}
    assert found["ups"] == {"carrier": "ups", "asked": 1, "failed": 0, "last_error": ""}


def test_runs_before_and_since_are_told_apart() -> None:
    store = a_store_of(a_run(nov(9)), a_run(nov(11), asked=2), a_run(nov(13), asked=4))
    sums = tracking_runs.sums(store, before=nov(10), since=nov(12))
    assert {(row["recent"], row["asked"]) for row in sums} == {(False, 2), (True, 4)}
    assert tracking_runs.asked(store, since=nov(11)) == 6


def test_old_runs_are_forgotten() -> None:
    store = a_store_of(a_run(nov(1)), a_run(nov(15), "ups"))
    store.write(lambda connection: tracking_runs.forget(connection, nov(10)))
    assert list(tracking_runs.by_carrier(store, nov(1))) == ["ups"]
