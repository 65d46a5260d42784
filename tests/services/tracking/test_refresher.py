"""The refresher: one for a database, at work until it is stopped, whatever happens to it."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from core.carriers.service import TrackingAnswer
from core.domain.shipment import Stage, Status
from core.services.tracking import polling
from core.services.tracking.polling import Tracker
from core.services.tracking.refresher import RUNS_KEPT, Refresher
from core.services.tracking.statistics import WINDOWS
from tests.builders import CJ, NOW, a_checkpoint, a_shipment, a_store, an_invoice, nov, the
from tests.desk import ROUTES, Service, SetClock, a_tracker, an_answer

PICKED_UP = a_checkpoint(Stage.PICKED_UP, nov(13), text="Picked up")
WITHIN = 10.0


@contextmanager
def at_work(tracker: Tracker) -> Iterator[Refresher]:
    refresher = Refresher(tracker, tick=0.02, first_after=0)
    assert refresher.start()
    try:
        yield refresher
    finally:
        refresher.stop()


def told_when(event: threading.Event, say: Callable[[], TrackingAnswer]) -> Callable[[], TrackingAnswer]:
    def answer() -> TrackingAnswer:
        event.set()
        return say()

    return answer


def a_desk(service: Service, **said: Any) -> Tracker:
    return a_tracker(a_store(a_shipment(invoice=an_invoice())), service, SetClock(NOW), **said)


def test_what_is_due_is_asked_without_anybody_asking() -> None:
    service, asked = Service(), threading.Event()
    tracker = a_desk(service)
    service.says[CJ] = told_when(asked, lambda: an_answer(CJ, PICKED_UP))
    with at_work(tracker) as refresher:
        assert asked.wait(WITHIN)
    assert the(tracker.store).state.status is Status.RELEASED
    pulse = refresher.pulse
    assert (pulse.alive, pulse.faults, pulse.last_cycle) == (False, 0, NOW)


def test_only_one_works_on_a_database() -> None:
    tracker = a_desk(Service())
    with at_work(tracker):
        another = Refresher(tracker)
        assert not another.start()
        another.stop()
    with at_work(tracker) as next_one:
        assert next_one.pulse.alive


def test_it_goes_on_after_a_fault_and_logs_no_data(caplog: pytest.LogCaptureFixture) -> None:
    service, asked = Service(), threading.Event()
    faults = iter([True])

    def say() -> TrackingAnswer:
        if next(faults, False):
            raise ValueError(f"something about {CJ} and Ada Kim")
        asked.set()
        return an_answer(CJ, PICKED_UP)

    service.says[CJ] = say
    tracker = a_desk(service)
    with at_work(tracker) as refresher:
        assert asked.wait(WITHIN)
    assert refresher.pulse.faults == 1
    assert "ValueError" in caplog.text
    assert CJ not in caplog.text and "Ada Kim" not in caplog.text


def test_a_slow_service_holds_no_other_up() -> None:
    slow, quick = threading.Event(), threading.Event()

    class Two(Service):
        def ask(self, service: str, numbers: Any) -> Any:
            if service == "seventeen_track":
                slow.wait(WITHIN)
            else:
                quick.set()
            return super().ask(service, numbers)

    given = [a_shipment(invoice=an_invoice()), a_shipment("S-2", invoice=an_invoice("1234567890", carrier="dhl"))]
    routes = ROUTES | {"dhl": "seventeen_track"}
    with at_work(a_tracker(a_store(*given), Two(), SetClock(NOW), routes=lambda: routes)):
        assert quick.wait(WITHIN)
        slow.set()


@pytest.mark.about_files("on a server others may hold claims, which run out")
def test_claims_of_a_process_that_died_are_ended() -> None:
    service, asked = Service(), threading.Event()
    tracker = a_desk(service)
    polling.watch(replace(tracker))
    tracker.store.write(lambda c: c.execute("UPDATE tracking SET claimed_by = 'x', claimed_until = '2027-01-01'").fetchall())
    service.says[CJ] = told_when(asked, lambda: an_answer(CJ, PICKED_UP))
    with at_work(tracker):
        assert asked.wait(WITHIN)


def test_runs_are_kept_as_long_as_the_longest_window_and_the_time_before_it_look_back() -> None:
    assert 2 * max(WINDOWS.values()) <= RUNS_KEPT
