"""What the Delays page shows: asked once for each minute and each state of the database, whoever looks and however often."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from core.domain.figures import Lane
from core.runtime import Runtime
from core.services import figures
from core.services.figures import Distribution, Heat, Pivot, Risk, Scorecard, Segments, Value
from core.ui.delays.header import View, nearest
from core.ui.delays.lanes import of_lane, worst
from core.ui.delays.open_shipments import LIMIT
from core.ui.delays.pivot import together
from core.ui.kit import cached, who

T = TypeVar("T")

_MOST_LANES = 100


@dataclass(frozen=True)
class DelaysSeen:
    """The page as it was drawn; `lane` is the one that the hours are about, `late` its on-time figure, `all` the crossed one."""

    card: Scorecard
    heat: Heat
    lane: Lane | None
    late: Value
    spread: Distribution
    hours: Segments
    risks: Sequence[Risk]
    pivot: Pivot
    all: Value


def opened(runtime: Runtime, view: View, now: datetime) -> tuple[View, Scorecard]:
    """The view with its scorecard; where there is nothing in what nobody chose, the nearest in which there is something."""
    today = now.astimezone(runtime.settings.zone).date()
    seen = ((one, scorecard(runtime, one, now)) for one in nearest(view, today))
    found = next((one for one in seen if is_there(one[1])), None)
    return found or (view, scorecard(runtime, view, now))


def is_there(card: Scorecard) -> bool:
    """Whether any shipment belongs to the view."""
    return bool(card.overall.denominator + card.overall.excluded)


def scorecard(runtime: Runtime, view: View, now: datetime) -> Scorecard:
    """Companies at the same lane mix, and the view's own figure: whether there is anything to show."""
    card: Scorecard = cached.answer(
        runtime,
        ("card", view.period, view.where, now),
        lambda: figures.scorecard(runtime.store, view.period, view.where, visit=who.visit(runtime, now)),
    )
    return card


def look(runtime: Runtime, view: View, card: Scorecard, now: datetime) -> DelaysSeen:
    """What is on the page under the header."""
    store, period, where = runtime.store, view.period, view.where

    def asked(name: str, make: Callable[[], T], *also: object) -> T:
        found: T = cached.answer(runtime, (name, period, where, now, *also), make)
        return found

    heat = asked("heat", lambda: figures.heat(store, period, where, visit=who.visit(runtime, now), most_lanes=_MOST_LANES))
    lane = None if view.any_lane else view.lane or worst(heat)
    crossed, timed = (view.rows, view.columns, view.crossed), view.timed
    pivot = asked(
        "pivot",
        lambda: figures.pivot(store, period, where, crossed[:2], view.crossed, visit=who.visit(runtime, now)),
        crossed,
    )
    return DelaysSeen(
        card,
        heat,
        lane,
        of_lane(heat, lane) if lane else card.overall,
        asked(
            "spread",
            lambda: figures.distribution(store, timed, period, where, visit=who.visit(runtime, now), lane=lane),
            timed,
            lane,
        ),
        asked("hours", lambda: figures.segments(store, period, where, visit=who.visit(runtime, now), lane=lane), lane),
        asked("risks", lambda: figures.risk(store, where, visit=who.visit(runtime, now), limit=LIMIT)),
        pivot,
        asked("together", lambda: together(runtime, view, pivot, now), crossed),
    )
