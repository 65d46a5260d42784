"""What the Carriers page says of the refresher, outages and breakers."""

from datetime import timedelta
from typing import Any

import pytest

from core.domain.carriers import BreakerState
from core.services.tracking.carriers import CarrierHealth
from core.services.tracking.refresher import Pulse
from core.services.tracking.statistics import WINDOWS, Tally
from core.ui.carriers import health
from tests.builders import NOW, RULES, SEOUL, nov


def a_carrier(code: str = "cj", **said: Any) -> CarrierHealth:
    carrier = RULES.carriers[code]
    ordinary = {"service": "tracker_delivery", "title": "tracker.delivery", "ready": True, "chosen": None}
    return CarrierHealth(carrier=code, name=carrier.name, check=carrier.check, **(ordinary | said))


@pytest.mark.parametrize(
    ("pulse", "pace", "said"),
    [
        (Pulse(True, 9, 0, NOW - timedelta(seconds=1)), 214.2, "Shipping companies are asked by themselves · 214 numbers a minute · again in 2 s"),
        (Pulse(True, 9, 0, NOW - timedelta(minutes=1)), 0.4, "Shipping companies are asked by themselves · less than one number a minute · again in 0 s"),
        (Pulse(True, 0, 0, None), 0, "Shipping companies are asked by themselves · nothing in the last 5 minutes"),
        (Pulse(False, 9, 0, NOW), 214, "Nothing is asked by itself: asking has stopped"),
    ],
)  # fmt: skip
def test_the_refresher_says_whether_and_how_fast_it_runs(pulse: Pulse, pace: float, said: str) -> None:
    assert health.running(pulse, pace, NOW) == said


def test_an_outage_says_since_when_what_stays_true_and_when_the_next_try_is() -> None:
    tried = {"next_try": NOW + timedelta(seconds=30), "breaker": BreakerState.OPEN, "breaker_since": NOW}
    paused = [
        a_carrier(watched=400, last_success=NOW - timedelta(minutes=46), **tried),
        a_carrier("hanjin", watched=12, **tried),
    ]
    assert health.outages({"tracker.delivery": paused}, SEOUL, NOW) == [
        "tracker.delivery has not answered since 17:14: CJ Logistics, Hanjin. 412 shipments keep their last known status. "
        "Other carriers go on. The next try is at 18:00:30."
    ]


def test_an_outage_of_many_names_the_first_of_those_with_shipments() -> None:
    paused = [a_carrier(code, watched=n, breaker=BreakerState.HALF_OPEN) for n, code in enumerate(list(RULES.carriers)[:6])]
    (said,) = health.outages({"tracker.delivery": paused}, SEOUL, NOW)
    assert "has not answered so far: Hanjin, Lotte, Logen, Korea Post and 1 more. 15 shipments" in said
    assert said.endswith("It is being tried now.")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Asked normally"),
        (
            {"breaker": BreakerState.OPEN, "breaker_since": NOW, "next_try": nov(16, 9, 30)},
            "Not asked since 18:00:00, tried again at 18:30:00",
        ),
        ({"breaker": BreakerState.HALF_OPEN, "breaker_since": NOW}, "Being tried again now"),
    ],
)
def test_a_breaker_is_told_in_words(said: dict[str, Any], words: str) -> None:
    assert health.breaker(a_carrier(**said), SEOUL, NOW) == words


def test_a_rate_of_few_numbers_is_no_percentage() -> None:
    assert [health.error_rate(Tally(*said)) for said in ((0, 0), (8, 1), (1000, 24))] == ["–", "1 of 8", "2.4 %"]


def test_every_time_that_is_kept_for_looking_back_has_its_name() -> None:
    assert health.NAMES.keys() == WINDOWS.keys()
