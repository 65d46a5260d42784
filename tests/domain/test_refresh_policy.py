"""When a number is asked about again."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.domain import refresh_policy
from core.domain.countries import ZONES
from core.domain.refresh_policy import Watched, given_up, interval, next_check, retry_after
from core.domain.shipment import Stage, Status
from tests.builders import NOW, REGISTERED, RULES, SEOUL, nov

MOVING = Status.IN_DELIVERY


def watched(status: Status = MOVING, **said: Any) -> Watched:
    """A parcel for Seoul, registered on the 12th and heard of on the 15th."""
    return Watched(
        status, **{"invoiced_at": REGISTERED, "quiet_since": nov(15), "zone": SEOUL, "patience": timedelta(days=30)} | said
    )


def hours(wait: timedelta) -> float:
    return wait.total_seconds() / 3600


@pytest.mark.parametrize(
    ("status", "said", "wait"),
    [
        (Status.PREPARING_TO_SHIP, {"invoiced_at": nov(14, 10)}, 2),
        (Status.PREPARING_TO_SHIP, {"invoiced_at": nov(14, 8)}, 6),
        (Status.RELEASED, {}, 3),
        (Status.IN_DELIVERY, {"stage": Stage.IN_TRANSIT}, 3),
        (Status.IN_DELIVERY, {"stage": Stage.AVAILABLE_FOR_PICKUP}, 3),
        (Status.SHIPPING_FAILED, {}, 6),
        (Status.PREPARING_TO_RELEASE, {}, 6),
    ],
)
def test_each_status_has_its_interval(status: Status, said: dict[str, Any], wait: float) -> None:
    assert next_check(watched(status, **said), NOW) == NOW + timedelta(hours=wait)


@pytest.mark.parametrize(
    ("at_in_seoul", "wait"),
    [((8, 0), 0.75), ((13, 30), 0.75), ((21, 59), 0.75), ((22, 0), 3), ((2, 0), 3), ((6, 30), 1.5), ((7, 59), 1 / 60)],
)
def test_a_parcel_on_the_street_is_asked_about_often_by_day(at_in_seoul: tuple[int, int], wait: float) -> None:
    at = datetime(2026, 11, 16, *at_in_seoul, tzinfo=SEOUL)
    assert hours(interval(watched(stage=Stage.OUT_FOR_DELIVERY), at)) == pytest.approx(wait)


def test_the_hours_of_the_street_are_those_of_the_recipient() -> None:
    at = datetime(2026, 11, 16, 3, 0, tzinfo=SEOUL)
    chicago = ZoneInfo(ZONES["US"])
    assert interval(watched(stage=Stage.OUT_FOR_DELIVERY, zone=chicago), at) == refresh_policy.OUT_FOR_DELIVERY


@pytest.mark.parametrize(("unchanged", "wait"), [(0, 3), (2, 3), (3, 6), (4, 12), (5, 24), (6, 24), (500, 24)])
def test_past_the_promise_what_does_not_change_is_asked_about_less_and_less(unchanged: int, wait: float) -> None:
    late = watched(promised_on=date(2026, 11, 15), unchanged=unchanged)
    assert hours(interval(late, NOW)) == wait


@pytest.mark.parametrize("promised_on", [None, date(2026, 11, 16), date(2026, 11, 20)])
def test_before_the_promise_nothing_is_asked_about_less(promised_on: date | None) -> None:
    assert hours(interval(watched(promised_on=promised_on, unchanged=9), NOW)) == 3


def test_delivered_is_asked_about_once_a_day_later_and_never_again() -> None:
    delivered = watched(Status.DELIVERED, ended_at=NOW)
    assert next_check(delivered, NOW) == NOW + timedelta(hours=24)
    assert next_check(delivered, NOW + timedelta(hours=23)) == NOW + timedelta(hours=24)
    assert next_check(delivered, NOW + timedelta(hours=24)) is None


def test_what_goes_back_is_asked_about_until_it_is_back_or_nothing_is_heard_of_it_any_more() -> None:
    back = watched(Status.DELIVERED, goes_back=True, ended_at=nov(14))
    assert next_check(back, NOW) == NOW + timedelta(hours=3)
    assert given_up(back, nov(15) + timedelta(days=31))


def test_a_closed_shipment_is_never_asked_about() -> None:
    assert next_check(watched(Status.SHIPPING_FAILED, closed=True), NOW) is None


@pytest.mark.parametrize(
    ("carrier", "days", "stops"), [("cj", 30, False), ("cj", 31, True), ("usps", 60, False), ("usps", 61, True)]
)
def test_after_a_long_silence_asking_stops(carrier: str, days: int, stops: bool) -> None:
    silent = watched(quiet_since=NOW - timedelta(days=days), patience=RULES.carriers[carrier].watched_for)
    assert given_up(silent, NOW) is stops
    assert (next_check(silent, NOW) is None) is stops


def test_delivered_is_never_given_up() -> None:
    assert not given_up(watched(Status.DELIVERED, quiet_since=nov(1) - timedelta(days=200)), NOW)


def test_jitter_and_pace_move_the_next_check() -> None:
    assert next_check(watched(), NOW, jitter=0.1) == NOW + timedelta(hours=3.3)
    assert next_check(watched(), NOW, jitter=-0.1, pace=30) == NOW + timedelta(minutes=5.4)


def test_failures_in_a_row_are_retried_later_and_later() -> None:
    waits = [retry_after(attempts).total_seconds() / 60 for attempts in range(8)]
    assert waits == [5, 5, 10, 20, 40, 80, 160, 180]
    assert retry_after(10_000) == refresh_policy.RETRY_RAREST
