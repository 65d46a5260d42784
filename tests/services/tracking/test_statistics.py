"""How carriers answered over a time, and how each stands now."""

from datetime import timedelta

import pytest

from core.carriers.client import ServiceHealth
from core.carriers.service import Trouble, TroubleKind
from core.domain.carriers import BreakerState
from core.domain.verdicts import Standing
from core.services.tracking import polling, statistics
from core.services.tracking.carriers import CarrierHealth
from core.services.tracking.polling import Tracker
from core.services.tracking.statistics import CarrierStatistics, Tally, standing
from tests.builders import CJ, HANA, HANJIN, NOW, RULES, a_checkpoint, a_shipment, a_store, an_invoice
from tests.desk import Service, SetClock, a_tracker, an_answer

FAILING = Trouble(TroubleKind.FAULTY, "tracker.delivery answered 500.")


def asked_every_hour(clock: SetClock, hours: int) -> Tracker:
    """CJ's number answers, Hanjin's fails, each asked once an hour until the clock's time."""
    two = a_shipment(invoice=an_invoice()), a_shipment("S-2", invoice=an_invoice(HANJIN, carrier="hanjin"))
    service = Service()
    tracker = a_tracker(a_store(*two), service, clock)
    service.says |= {CJ: an_answer(CJ, a_checkpoint()), HANJIN: FAILING}
    for _ in range(hours):
        polling.refresh_now(tracker, ["S-1", "S-2"], person=HANA.person)
        clock.forward(hours=1)
    return tracker


def test_a_window_is_counted_beside_the_same_time_before() -> None:
    clock = SetClock(NOW)
    found = statistics.over(asked_every_hour(clock, 3).store, now=clock(), window=timedelta(hours=2), person=HANA.person)
    assert (found.now["cj"], found.now["hanjin"]) == (Tally(2, 0), Tally(2, 2))
    assert (found.total, found.total_before) == (Tally(4, 2), Tally(2, 1))
    assert (found.total.answered, found.total.error_rate) == (2, 0.5)


def test_the_pace_is_what_was_asked_lately() -> None:
    clock = SetClock(NOW)
    store = asked_every_hour(clock, 1).store
    assert statistics.over(store, now=clock(), window=timedelta(hours=1), person=HANA.person).pace == 0
    clock.forward(minutes=-57)
    assert statistics.over(store, now=clock(), window=timedelta(hours=1), person=HANA.person).pace == 0.4


def test_nothing_asked_has_no_rate() -> None:
    found = statistics.over(a_store(), now=NOW, window=timedelta(hours=1), person=HANA.person)
    assert (found.total, found.total.error_rate, found.pace) == (Tally(), None, 0)


def a_carrier(
    service: str = "tracker_delivery", *, ready: bool = True, breaker: BreakerState = BreakerState.CLOSED
) -> CarrierHealth:
    check = RULES.carriers["cj"].check
    return CarrierHealth("cj", "CJ Logistics", service, "tracker.delivery", ready, None, check, check, breaker=breaker)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [(TroubleKind.FAULTY, Standing.FAILING), (TroubleKind.UNREACHABLE, Standing.FAILING), (TroubleKind.SLOW, Standing.SLOW),
     (TroubleKind.LIMITED, Standing.AT_ITS_LIMIT), (TroubleKind.REFUSED, Standing.FAILING)],
)  # fmt: skip
def test_the_last_trouble_says_how_a_carrier_stands_until_it_answers_again(kind: TroubleKind, expected: Standing) -> None:
    trouble = Trouble(kind, "why")
    service = ServiceHealth("tracker_delivery", last_trouble=trouble, last_trouble_at=NOW)
    assert standing(a_carrier(), service) == (expected, "why")
    answered = ServiceHealth(
        "tracker_delivery", last_trouble=trouble, last_trouble_at=NOW, last_success=NOW + timedelta(seconds=1)
    )
    assert standing(a_carrier(), answered) == (Standing.WORKING, "")


@pytest.mark.parametrize("breaker", [BreakerState.OPEN, BreakerState.HALF_OPEN])
def test_an_open_breaker_is_a_pause(breaker: BreakerState) -> None:
    assert standing(a_carrier(breaker=breaker), ServiceHealth("tracker_delivery"))[0] is Standing.PAUSED


def test_without_a_service_or_its_key_there_is_no_tracking() -> None:
    assert standing(a_carrier(""), ServiceHealth("")) == (Standing.NO_TRACKING, "")
    without_key = standing(a_carrier(ready=False), ServiceHealth("tracker_delivery"))
    assert without_key == (Standing.NO_TRACKING, "tracker.delivery is not set up: there is no key for it.")


@pytest.mark.parametrize(
    ("now", "before", "differ"),
    [
        (Tally(200, 4), Tally(200, 6), False),
        (Tally(200, 60), Tally(200, 6), True),
        (Tally(19, 19), Tally(200, 0), False),
        (Tally(200, 60), Tally(), False),
    ],
)
def test_an_error_rate_is_worse_only_beyond_chance_and_over_twenty_numbers(now: Tally, before: Tally, differ: bool) -> None:
    assert CarrierStatistics({"cj": now}, {"cj": before}, 0.0).errors_differ is differ


def test_more_answers_are_more_only_beyond_chance() -> None:
    seen = [CarrierStatistics({"cj": Tally(now, 0)}, {"cj": Tally(100, 0)}, 0.0).answers_differ for now in (110, 300)]
    assert seen == [False, True]
