"""The sandbox: a clock that never rewrites the past, and two wire formats that say what was planned."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.carriers import seventeen_track, tracker_delivery
from core.carriers.sandbox import Fault, Known, answer
from core.carriers.service import Number, TrackingAnswer
from core.demo import make_demo
from core.demo.sandbox import BUSY_FOR, Clock, Sandbox, is_demo
from core.domain.errors import Refused
from core.domain.shipment import Checkpoint, Stage, ZoneFrom
from core.store.database import Store
from tests.builders import ADA, CJ, NOW, RULES, SEOUL, a_checkpoint, a_shipment, a_store, an_invoice, nov
from tests.desk import OPENED
from tests.desk import SetClock as Time
from tests.engines import new_store

_MOMENTS = st.integers(0, 10_000).map(lambda minutes: nov(10) + timedelta(minutes=minutes))
_SPEEDS = st.lists(st.tuples(_MOMENTS, st.sampled_from([0.5, 1.0, 2.0, 30.0])), max_size=5)


@given(_SPEEDS, _MOMENTS, _MOMENTS)
def test_journeys_only_go_forward_and_every_moment_is_found_again(
    speeds: list[tuple[datetime, float]], one: datetime, other: datetime
) -> None:
    clock = Clock(sorted(speeds))
    early, late = sorted((one, other))
    assert clock.journey(early) <= clock.journey(late)
    assert abs(clock.real(clock.journey(one)) - one) <= timedelta(seconds=1)


@given(_SPEEDS, _MOMENTS, st.sampled_from([1.0, 30.0]))
def test_a_new_speed_leaves_the_past_as_it_was_told(
    speeds: list[tuple[datetime, float]], moment: datetime, speed: float
) -> None:
    now = nov(20)
    before, after = Clock(sorted(speeds)), Clock([*sorted(speeds), (now, speed), (now + BUSY_FOR, 1.0)])
    assert before.journey(moment) == after.journey(moment)
    assert before.real(before.journey(moment)) == after.real(after.journey(moment))


@pytest.mark.parametrize("hour", range(0, 24, 5))
def test_a_start_is_busy_whatever_the_hour_and_then_as_fast_as_life(hour: int) -> None:
    time = Time(nov(20, hour))
    box = a_box(a_store(), time)
    lengths = []
    for _ in range(15):
        before = box._clock.journey(time.at)
        lengths.append(box._clock.journey(time.forward(minutes=1)) - before)
    assert min(lengths) >= timedelta(minutes=30)
    assert box.pace() == 1


def test_a_night_of_the_shop_is_over_within_a_minute() -> None:
    time = Time(datetime(2026, 11, 20, 19, 40, tzinfo=SEOUL))
    box = a_box(a_store(), time)
    assert box._clock.journey(time.forward(minutes=1)).astimezone(SEOUL).hour == 10


def test_a_speed_can_be_set() -> None:
    assert a_box(a_store(), Time(OPENED), speed=7).pace() == 7


JOURNEY = (
    a_checkpoint(Stage.INFO_RECEIVED, nov(12, 3), text="송장 정보 접수", place="서울", invoice_id=None),
    a_checkpoint(Stage.PICKED_UP, nov(12, 9), text="집화처리", place="서울", invoice_id=None),
    a_checkpoint(Stage.IN_TRANSIT, nov(13), text="허브 도착", place="대전 허브", invoice_id=None),
    a_checkpoint(Stage.EXCEPTION, nov(13, 11), text="기상 악화로 배송 지연", place="대전 허브", invoice_id=None),
    a_checkpoint(Stage.OUT_FOR_DELIVERY, nov(14), text="배송출발", place="부산", invoice_id=None),
    a_checkpoint(Stage.ATTEMPT_FAILED, nov(14, 12), text="미배달", place="부산", invoice_id=None),
    a_checkpoint(Stage.AVAILABLE_FOR_PICKUP, nov(14, 13), text="수령 대기 중", place="부산", invoice_id=None),
    a_checkpoint(Stage.DELIVERED, nov(15), text="배송완료", place="부산", invoice_id=None),
)
RETURNED = a_checkpoint(Stage.RETURNED, nov(16), text="Returned", place="Seoul", invoice_id=None)


def a_box(store: Store, time: Callable[[], datetime], **said: Any) -> Sandbox:
    return Sandbox(store, time, SEOUL, RULES, **{"key": "k"} | said)


def said(service: Any, carrier: str, known: Known | None, fault: Fault = Fault.NONE, key: str = "k") -> list[TrackingAnswer]:
    """What the real reader of a service makes of the sandbox's answer about one number."""
    number = Number(carrier, CJ)
    if service is tracker_delivery:
        path, query = "graphql", f'query {{ t0: track(carrierId: "kr.cjlogistics", trackingNumber: "{CJ}") {{ lastEvent }} }}'
        body, headers = json.dumps({"query": query}), {"authorization": f"TRACKQL-API-KEY {key}"}
    else:
        path, body, headers = "track/v2.4/gettrackinfo", json.dumps([{"number": CJ}]), {"17token": key}
    found = {CJ: known} if known else {}
    reply = answer(service.NAME, path, headers, body.encode(), key="k", look=lambda _: found, fault=fault)
    return list(service.parse(json.loads(reply.body), RULES, [number]))


def essence(points: tuple[Checkpoint, ...]) -> list[tuple[object, ...]]:
    return [(p.happened_at, p.stage, p.place, p.text, p.zone_assumed) for p in points]


@pytest.mark.parametrize(
    ("service", "carrier", "points"),
    [
        (tracker_delivery, "cj", JOURNEY),
        (tracker_delivery, "yamato", JOURNEY[:3]),
        (seventeen_track, "fedex", (*JOURNEY, RETURNED)),
        (seventeen_track, "japan_post", JOURNEY[:5]),
    ],
)
def test_a_reader_of_the_real_service_reads_what_was_planned(
    service: Any, carrier: str, points: tuple[Checkpoint, ...]
) -> None:
    [read] = said(service, carrier, Known(RULES.carriers[carrier], points))
    assert essence(read.checkpoints) == essence(points)
    assert (read.stage, read.found, read.invalid) == (points[-1].stage, True, False)


@pytest.mark.parametrize(("service", "carrier"), [(tracker_delivery, "sagawa"), (seventeen_track, "sf")])
def test_times_without_a_zone_are_read_in_the_carriers(service: Any, carrier: str) -> None:
    points = tuple(
        a_checkpoint(p.stage, p.happened_at, text=p.text, place=p.place, zone_from=ZoneFrom.CARRIER) for p in JOURNEY[:4]
    )
    [read] = said(service, carrier, Known(RULES.carriers[carrier], points))
    assert essence(read.checkpoints) == essence(points)


@pytest.mark.parametrize("service", [tracker_delivery, seventeen_track])
def test_unknown_and_refused_numbers_are_told_apart(service: Any) -> None:
    refused = Known(RULES.carriers["cj"], (a_checkpoint(Stage.INVALID_NUMBER),))
    answers = [said(service, "cj", known)[0] for known in (None, Known(RULES.carriers["cj"], ()), refused)]
    assert [(one.found, one.invalid) for one in answers] == [(False, False), (False, False), (False, True)]


@pytest.fixture(scope="module")
def shop() -> Any:
    store = new_store()
    make_demo(store, RULES, shipments=300, now=OPENED, zone=SEOUL)
    yield store
    store.close()


def test_only_parcels_of_the_demo_shop_are_known(shop: Store) -> None:
    number = shop.rows("SELECT invoice_no FROM shipment WHERE status = 'delivered' LIMIT 1")[0]["invoice_no"]
    box = a_box(shop, Time(OPENED), speed=1)
    assert box.known([number, "0000"]).keys() == {number}
    shop.write(lambda c: c.execute("UPDATE shipment SET source_hash = 'x' WHERE invoice_no = $n", {"n": number}).fetchall())
    assert box.known([number]) == {}
    assert is_demo(shop) and not is_demo(a_store(a_shipment(invoice=an_invoice())))


def test_nothing_is_told_before_it_happened(shop: Store) -> None:
    numbers = [row["invoice_no"] for row in shop.rows("SELECT invoice_no FROM shipment WHERE status = 'in_delivery'")]
    time = Time(OPENED)
    box = a_box(shop, time, speed=30)
    first = {number: known.checkpoints for number, known in box.known(numbers).items()}
    time.forward(minutes=30)
    second = {number: known.checkpoints for number, known in box.known(numbers).items()}
    assert all(point.happened_at <= time.at for points in second.values() for point in points)
    assert all(second[number][: len(points)] == points for number, points in first.items())
    assert first != second


def test_a_fault_is_for_one_service_or_for_all() -> None:
    box = a_box(a_store(), lambda: NOW, fault="seventeen_track=slow")
    assert box.faults == {"tracker_delivery": Fault.NONE, "seventeen_track": Fault.SLOW}
    box.set_fault("", "failing", person=ADA.person)
    assert set(box.faults.values()) == {Fault.FAILING}
    with pytest.raises(Refused, match="no fault sleepy"):
        box.set_fault("", "sleepy", person=ADA.person)
    with pytest.raises(Refused, match="is not dhl"):
        box.set_fault("dhl", "slow", person=ADA.person)


def test_the_clock_of_a_restart_goes_on_where_it_was() -> None:
    store, time = a_store(), Time(datetime(2026, 11, 24, tzinfo=UTC))
    a_box(store, time, speed=30)
    time.forward(minutes=5)
    again = a_box(store, time, speed=1)
    assert again._clock.journey(time.at) == time.at + timedelta(minutes=145)
