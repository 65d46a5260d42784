"""The breaker: opens after failures in a row, tries again after its pause, closes when the trial goes well."""

from datetime import UTC, datetime, timedelta

from core.carriers.client import CircuitBreaker
from core.domain.carriers import BreakerState

PAUSE = timedelta(seconds=30)


class SetClock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)


def a_breaker(clock: SetClock, *told: bool | None) -> CircuitBreaker:
    breaker = CircuitBreaker(3, PAUSE, clock)
    for well in told:
        assert breaker.admit() is None
        breaker.note(well)
    return breaker


def test_it_opens_after_failures_in_a_row() -> None:
    clock = SetClock()
    breaker = a_breaker(clock, False, False, False)
    assert (breaker.state, breaker.since, breaker.next_try) == (BreakerState.OPEN, clock.now, clock.now + PAUSE)
    clock.forward(10)
    assert breaker.admit() == timedelta(seconds=20)


def test_a_success_between_failures_starts_the_count_again() -> None:
    assert a_breaker(SetClock(), False, False, True, False, False).state is BreakerState.CLOSED


def test_what_says_nothing_of_health_does_not_count() -> None:
    assert a_breaker(SetClock(), False, False, None, None).state is BreakerState.CLOSED


def test_after_the_pause_one_trial_goes_through_and_the_others_wait() -> None:
    clock = SetClock()
    breaker = a_breaker(clock, False, False, False)
    clock.forward(30)
    assert breaker.admit() is None
    assert breaker.state is BreakerState.HALF_OPEN
    assert breaker.admit() == timedelta(seconds=1)


def test_a_trial_that_goes_well_closes_it() -> None:
    clock = SetClock()
    breaker = a_breaker(clock, False, False, False)
    clock.forward(30)
    breaker.admit()
    breaker.note(True)
    assert (breaker.state, breaker.since, breaker.next_try) == (BreakerState.CLOSED, clock.now, None)


def test_a_trial_that_fails_opens_it_for_another_pause() -> None:
    clock = SetClock()
    breaker = a_breaker(clock, False, False, False)
    clock.forward(30)
    breaker.admit()
    breaker.note(False)
    assert (breaker.state, breaker.admit()) == (BreakerState.OPEN, PAUSE)


def test_a_trial_that_says_nothing_leaves_room_for_the_next() -> None:
    clock = SetClock()
    breaker = a_breaker(clock, False, False, False)
    clock.forward(30)
    breaker.admit()
    breaker.note(None)
    assert (breaker.state, breaker.admit()) == (BreakerState.HALF_OPEN, None)


def test_a_late_success_of_an_older_call_does_not_close_an_open_one() -> None:
    breaker = a_breaker(SetClock(), False, False, False)
    breaker.note(True)
    assert breaker.state is BreakerState.OPEN


def test_a_trial_can_be_asked_for_at_once() -> None:
    breaker = a_breaker(SetClock(), False, False, False)
    breaker.retry_now()
    assert (breaker.admit(), breaker.state) == (None, BreakerState.HALF_OPEN)


def test_asking_for_a_trial_leaves_a_closed_one_closed() -> None:
    breaker = a_breaker(SetClock(), True)
    breaker.retry_now()
    assert (breaker.state, breaker.since) == (BreakerState.CLOSED, None)
