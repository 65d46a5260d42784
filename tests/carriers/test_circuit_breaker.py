"""The breaker: opens after failures in a row, tries again after its pause, closes when the trial goes well."""

from datetime import UTC, datetime, timedelta

from core.carriers.circuit_breaker import Breaker, Gate

PAUSE = timedelta(seconds=30)


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 20, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)


def a_gate(clock: Clock, *told: bool | None) -> Gate:
    gate = Gate(3, PAUSE, clock)
    for well in told:
        assert gate.admit() is None
        gate.note(well)
    return gate


def test_it_opens_after_failures_in_a_row() -> None:
    clock = Clock()
    gate = a_gate(clock, False, False, False)
    assert (gate.state, gate.since, gate.next_try) == (Breaker.OPEN, clock.now, clock.now + PAUSE)
    clock.forward(10)
    assert gate.admit() == timedelta(seconds=20)


def test_a_success_between_failures_starts_the_count_again() -> None:
    assert a_gate(Clock(), False, False, True, False, False).state is Breaker.CLOSED


def test_what_says_nothing_of_health_does_not_count() -> None:
    assert a_gate(Clock(), False, False, None, None).state is Breaker.CLOSED


def test_after_the_pause_one_trial_goes_through_and_the_others_wait() -> None:
    clock = Clock()
    gate = a_gate(clock, False, False, False)
    clock.forward(30)
    assert gate.admit() is None
    assert gate.state is Breaker.HALF_OPEN
    assert gate.admit() == timedelta(seconds=1)


def test_a_trial_that_goes_well_closes_it() -> None:
    clock = Clock()
    gate = a_gate(clock, False, False, False)
    clock.forward(30)
    gate.admit()
    gate.note(True)
    assert (gate.state, gate.since, gate.next_try) == (Breaker.CLOSED, clock.now, None)


def test_a_trial_that_fails_opens_it_for_another_pause() -> None:
    clock = Clock()
    gate = a_gate(clock, False, False, False)
    clock.forward(30)
    gate.admit()
    gate.note(False)
    assert (gate.state, gate.admit()) == (Breaker.OPEN, PAUSE)


def test_a_trial_that_says_nothing_leaves_room_for_the_next() -> None:
    clock = Clock()
    gate = a_gate(clock, False, False, False)
    clock.forward(30)
    gate.admit()
    gate.note(None)
    assert (gate.state, gate.admit()) == (Breaker.HALF_OPEN, None)


def test_a_late_success_of_an_older_call_does_not_close_an_open_one() -> None:
    gate = a_gate(Clock(), False, False, False)
    gate.note(True)
    assert gate.state is Breaker.OPEN


def test_a_trial_can_be_asked_for_at_once() -> None:
    gate = a_gate(Clock(), False, False, False)
    gate.retry_now()
    assert (gate.admit(), gate.state) == (None, Breaker.HALF_OPEN)


def test_asking_for_a_trial_leaves_a_closed_one_closed() -> None:
    gate = a_gate(Clock(), True)
    gate.retry_now()
    assert (gate.state, gate.since) == (Breaker.CLOSED, None)
