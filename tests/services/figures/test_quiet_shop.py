"""A shop in which nothing changes shows no arrow, ever; one whose carrier becomes worse shows it within days."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from core.domain.clock import Clock
from core.domain.figures import Cohort, Direction, Figure, Turn
from core.domain.periods import NamedDays, Period
from core.domain.selection import Selection
from core.domain.shipment import Destination, Shipment
from core.domain.visit import Visit
from core.services import figures
from core.services.figures import Value
from core.store.database import Store
from core.store.local_time import midnight
from tests.builders import HANA, SEOUL
from tests.services.figures.quiet_shop import Replay, alike, by_chance, parcels

BEGAN, FIRST = date(2026, 6, 8), date(2026, 9, 28)
DAYS = 60
PRESETS = (7, 14, 28)
HOURS = (8, 13, 18, 23)


def moment(n: int) -> datetime:
    """The n-th day of the replay, at one hour or another."""
    return midnight(FIRST + timedelta(days=n), SEOUL) + timedelta(hours=HOURS[n % len(HOURS)])


def periods(today: date, n: int) -> Iterator[Period]:
    """Two of those that the screen offers: a preset, and days with a name, or by their dates."""
    yesterday, cohort = today - timedelta(days=1), list(Cohort)[n // 2 % 2]
    yield Period.up_to(yesterday, PRESETS[n % len(PRESETS)])
    dates = [(yesterday, yesterday), (today - timedelta(days=10), yesterday), *(named.of(today) for named in NamedDays)]
    yield Period(*dates[n // 3 % len(dates)], cohort)


def asked(store: Store, n: int) -> Iterator[tuple[str, Value]]:
    """Every value with a change that a day of the replay shows, by its name."""
    clock = Clock(moment(n), SEOUL)
    for period in periods(clock.today, n):
        for destination in Destination:
            seen = figures.overview(store, period, Selection(destination=destination), visit=Visit(HANA.person, clock))
            for company, values in {"all": seen.values, **seen.carriers}.items():
                for figure, value in values.items():
                    yield f"{clock.now} {destination} {period} {company} {figure}", value


def days_of(**said: Any) -> list[Shipment]:
    """The parcels of the replay and of the weeks before it."""
    return list(parcels(BEGAN, (FIRST - BEGAN).days + DAYS + 1, **said))


def test_where_every_week_is_alike_every_figure_is_what_it_was() -> None:
    replay, compared = Replay(days_of(luck=alike)), set()
    for n in range(DAYS):
        for name, value in asked(replay.to(moment(n)), n):
            assert value.arrow is Direction.NONE, name
            assert value.change is None or abs(value.change) < 1e-9, (name, value)
            compared |= {value.figure} if value.change is not None else set()
    assert compared == set(Figure) - {Figure.BACKLOG}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_where_only_chance_differs_no_arrow_is_shown(seed: int) -> None:
    replay = Replay(days_of(luck=by_chance(seed)))
    for n in range(0, DAYS, 4):
        assert not [name for name, value in asked(replay.to(moment(n)), n) if value.arrow is not Direction.NONE]


@pytest.mark.parametrize(("days", "after"), [(7, 7), (14, 12), (28, 16)])
def test_a_carrier_that_becomes_worse_is_seen_after_so_many_days_and_only_there(days: int, after: int) -> None:
    clock = Clock(moment(after), SEOUL)
    store = Replay(days_of(luck=alike, worse_from=FIRST)).to(clock.now)
    seen = figures.overview(
        store, Period.up_to(clock.today - timedelta(days=1), days), Selection(), visit=Visit(HANA.person, clock)
    )
    on_time = {company: values[Figure.ON_TIME] for company, values in {"all": seen.values, **seen.carriers}.items()}
    shown = [(on_time[one].arrow, on_time[one].verdict) for one in ("all", "cj", "hanjin")]
    assert shown == [(Direction.DOWN, Turn.BAD), (Direction.DOWN, Turn.BAD), (Direction.NONE, Turn.NONE)]
