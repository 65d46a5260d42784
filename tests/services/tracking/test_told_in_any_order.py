"""What a desk makes of a parcel does not depend on how it was told: in which order, in how many polls, with how much of each event."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.carriers import aftership, tracker_delivery
from core.carriers.service import Number
from core.domain.selection import Selection
from core.domain.shipment import Stage
from core.services.tracking import polling
from core.services.tracking.explain import KnownTimes, explain
from core.store import figures
from core.store.figures import COUNTED, Population
from tests.builders import RULES, SEOUL, a_shipment, a_store, an_invoice, local, nov, the
from tests.carriers.payloads import (
    accepted,
    checkpoint,
    event,
    node,
    seventeen,
    ship24_event,
    ship24_tracking,
    sweet,
    sweet_answer,
    track,
    tracking,
)
from tests.desk import Service, SetClock, a_tracker

Event = tuple[datetime, str, str]  # local time, kind, words
Telling = tuple[Event, bool, bool]  # with its zone, with its place

KINDS = ("taken", "moved", "out", "failed", "held", "delivered")
JOURNEYS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(1, 60)), min_size=1, max_size=9)
KNOWN = KnownTimes(nov(10), nov(11), nov(12))


def journey(steps: Sequence[tuple[str, int]]) -> list[Event]:
    """Events hours apart; those of one kind have the same words."""
    at, events = datetime.fromisoformat("2026-11-13T09:00:00"), []
    for kind, hours in steps:
        at += timedelta(hours=hours)
        events.append((at, kind, kind))
    return events


@st.composite
def told(draw: st.DrawFn) -> tuple[list[list[Telling]], list[Telling]]:
    """A journey in polls, each event in one at least, and all that was told of it at once."""
    events = journey(draw(JOURNEYS))
    tellings = [(one, draw(st.booleans()), draw(st.booleans())) for one in events for _ in range(draw(st.integers(1, 3)))]
    shuffled = draw(st.permutations(tellings))
    cuts = sorted(draw(st.lists(st.integers(0, len(shuffled)), max_size=4)))
    polls = [shuffled[a:b] for a, b in zip([0, *cuts], [*cuts, len(shuffled)], strict=True)]
    return [poll for poll in polls if poll], tellings


def _written(at: datetime, zoned: bool) -> str:
    return at.isoformat() + ("+09:00" if zoned else "")


_AFTERSHIP = {
    "taken": "InTransit", "moved": "InTransit", "out": "OutForDelivery", "failed": "AttemptFail", "held": "Exception",
    "delivered": "Delivered",
}  # fmt: skip
_DELIVERY = {
    "taken": "AT_PICKUP", "moved": "IN_TRANSIT", "out": "OUT_FOR_DELIVERY", "failed": "ATTEMPT_FAIL", "held": "EXCEPTION",
    "delivered": "DELIVERED",
}  # fmt: skip
_SEVENTEEN = {
    "taken": "InTransit_PickedUp", "moved": "InTransit_Other", "out": "OutForDelivery_Other", "failed": "DeliveryFailure_NoBody",
    "held": "Exception_Delayed", "delivered": "Delivered_Other",
}  # fmt: skip


_SHIP24 = {
    "taken": "transit_handover", "moved": "transit_origin_country_departure", "out": "delivery_out_for_delivery",
    "failed": "delivery_attempted", "held": "delivery_exception", "delivered": "delivery_delivered",
}  # fmt: skip
_SWEET = {"taken": 2, "moved": 3, "out": 5, "failed": 4, "held": 4, "delivered": 6}


def _latest(poll: Sequence[Telling]) -> Telling:
    return max(poll, key=lambda telling: telling[0][0])


def of_aftership(poll: Sequence[Telling]) -> Any:
    points = [
        checkpoint(_AFTERSHIP[kind], None, _written(at, zoned), text) | ({"city": "Seoul"} if placed else {})
        for (at, kind, text), zoned, placed in poll
    ]
    return tracking(_AFTERSHIP[_latest(poll)[0][1]], None, *points)


def of_aftership_by_name(poll: Sequence[Telling]) -> Any:
    told = of_aftership(poll)
    names = [f"{at:%d%H%M}{kind}" for (at, kind, _), _, _ in poll]
    return told | {"checkpoints": [one | {"hash": name} for one, name in zip(told["checkpoints"], names, strict=True)]}


def of_tracker_delivery(poll: Sequence[Telling]) -> Any:
    nodes = [
        node(_DELIVERY[kind], _written(at, zoned), text, "Seoul" if placed else "") for (at, kind, text), zoned, placed in poll
    ]
    return {"data": {"t0": track(*nodes, last=nodes[list(poll).index(_latest(poll))])}}


def of_seventeen_track(poll: Sequence[Telling]) -> Any:
    events = [
        event(_SEVENTEEN[kind], _written(at, zoned), text, "Seoul" if placed else "")
        for (at, kind, text), zoned, placed in poll
    ]
    newest = _SEVENTEEN[_latest(poll)[0][1]]
    return seventeen(accepted("1Z999AA10123456784", newest.partition("_")[0], newest, *events))


def of_ship24(poll: Sequence[Telling]) -> Any:
    events = [
        ship24_event(
            _SHIP24[kind], "in_transit", _written(at, zoned), text, location="Seoul" if placed else None, eventId=f"{at}"
        )
        for (at, kind, text), zoned, placed in poll
    ]
    return {"trackings": [ship24_tracking("in_transit", _SHIP24[_latest(poll)[0][1]], *events)]}


def of_sweettracker(poll: Sequence[Telling]) -> Any:
    details = [
        sweet(_SWEET[kind], at.isoformat(" ", "minutes"), text, "Seoul" if placed else "")
        for (at, kind, text), _, placed in poll
    ]
    last = details[list(poll).index(_latest(poll))]
    return sweet_answer(last["level"], *details, lastDetail=last, complete=False, completeYN="N")


WIRES: dict[str, Callable[[Sequence[Telling]], Any]] = {
    "aftership": of_aftership,
    "aftership by name": of_aftership_by_name,
    "tracker_delivery": of_tracker_delivery,
    "seventeen_track": of_seventeen_track,
    "ship24": of_ship24,
    "sweettracker": of_sweettracker,
}


def made_of(service: str, polls: Sequence[Sequence[Telling]]) -> dict[str, Any]:
    recorded = [json.dumps(WIRES[service](poll)).encode() for poll in polls]
    said = explain(service.partition(" ")[0], recorded, RULES, KNOWN).as_json()
    return {name: value for name, value in said.items() if name not in ("warnings", "stage", "number")}


@pytest.mark.parametrize("service", WIRES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=told())
def test_a_parcel_told_in_polls_is_the_parcel_told_at_once(
    service: str, case: tuple[list[list[Telling]], list[Telling]]
) -> None:
    polls, at_once = case
    assert made_of(service, polls) == made_of(service, [at_once])


@pytest.mark.parametrize("service", WIRES)
def test_two_scans_that_a_guessed_zone_puts_at_one_moment_are_one_parcel_in_any_order(service: str) -> None:
    def taken(day: int, hour: int, zoned: bool = False) -> Telling:
        return (local(f"2026-11-{day}T{hour:02}:00"), "taken", "taken"), zoned, False

    polls = [[taken(13, 10)], [taken(13, 11), taken(14, 0), taken(14, 0, True), taken(14, 1)]]
    assert made_of(service, polls) == made_of(service, [[one for poll in polls for one in poll]])


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(case=told())
def test_what_is_stored_and_counted_is_the_same_however_it_was_told(case: tuple[list[list[Telling]], list[Telling]]) -> None:
    polls, at_once = case
    one, other = kept(polls), kept([at_once])
    assert one == other


def test_an_event_that_is_told_under_its_name_is_stored_once_as_it_was_told_last() -> None:
    tracker = a_tracker(a_store(a_shipment(invoice=an_invoice())), Service(), SetClock(nov(28)))
    polling.watch(tracker)
    number = Number("cj", an_invoice().invoice_no)
    first = checkpoint("InTransit", None, "2026-11-14T09:00:00Z", "Hub", hash="c3")
    moved = first | {"checkpoint_time": "2026-11-14T12:00:00Z", "message": "Arrived at the hub", "tag": "OutForDelivery"}
    for point in (first, moved, moved):
        [answer] = aftership.parse(tracking(point["tag"], None, point, tracking_number=number.invoice_no), RULES, [number])
        polling.apply(tracker, "aftership", [(1, answer)])
    [stored] = the(tracker.store).checkpoints
    assert (stored.happened_at, stored.stage, stored.text, stored.told_as) == (
        nov(14, 12), Stage.OUT_FOR_DELIVERY, "Arrived at the hub", "c3",
    )  # fmt: skip


def kept(polls: Sequence[Sequence[Telling]]) -> tuple[Any, ...]:
    """State, events and figures of a desk that was told so."""

    tracker = a_tracker(a_store(a_shipment(invoice=an_invoice())), Service(), SetClock(nov(28)))
    polling.watch(tracker)
    number = Number("cj", an_invoice().invoice_no)
    for poll in polls:
        [answer] = tracker_delivery.parse(of_tracker_delivery(poll), RULES, [number])
        polling.apply(tracker, "tracker_delivery", [(1, answer)])
    shipment = the(tracker.store)
    counts = figures.counts(tracker.store, Population(SEOUL, nov(28), Selection()))[0]
    return shipment.state, set(shipment.checkpoints), len(shipment.checkpoints), [counts[f"{figure}_n"] for figure in COUNTED]
