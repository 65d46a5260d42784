"""Whatever a service sends: parsing ends in answers or in one clear refusal."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.carriers.service import TrackingAnswer
from core.carriers.services import SERVICES
from core.domain.errors import Refused
from tests.builders import RULES
from tests.carriers.payloads import (
    accepted,
    checkpoint,
    detail,
    dhl_event,
    event,
    graphql_error,
    node,
    rejected,
    seventeen,
    ship24_event,
    ship24_tracking,
    shipment,
    sweet,
    sweet_answer,
    sweet_error,
    track,
    tracker,
    tracking,
)

GONE = "2026-11-20T15:00:00Z"
REMOVED = object()
REAL: dict[str, list[Any]] = {
    "tracker_delivery": [
        {"data": {"t0": track(node("AT_PICKUP", GONE, "a", "b"), node("DELIVERED", GONE)), "t1": None}, "errors": [graphql_error("NOT_FOUND", "x", "t1")]},
        {"carrier": {"id": "kr.cjlogistics"}, "state": {"id": "delivered"}, "progresses": [{"time": GONE, "status": {"id": "delivered"}}]},
        {"carrierId": "kr.cjlogistics", "trackingNumber": "632976615493"},
    ],
    "seventeen_track": [
        seventeen(accepted("1", "Delivered", "Delivered_Other", event("Delivered_Other", GONE, "a", "b")), rejected=(rejected("2", -18019909),)),
        {"event": "TRACKING_UPDATED", "data": accepted("1", "InTransit", "InTransit_PickedUp", event("InTransit_PickedUp", GONE))},
        {"code": 0, "data": {"accepted": [{"number": "1", "track": {"e": 40, "z0": {"a": GONE}, "z1": [{"a": GONE, "z": "x"}]}}]}},
        {"code": -18010002, "data": {"errors": [{"code": -18010002, "message": "no"}]}},
    ],
    "aftership": [
        {"meta": {"code": 200}, "data": {"trackings": [tracking("InTransit", "InTransit_002", checkpoint("InTransit", "InTransit_002", GONE, "x"))]}},
        {"event": "tracking_update", "msg": tracking("Delivered", "Delivered_001", shipment_delivery_date=GONE), "ts": 1},
        {"meta": {"code": 4004, "message": "no", "type": "NotFound"}, "data": {}},
    ],
    "ship24": [
        {"data": {"trackings": [ship24_tracking("in_transit", "transit_handover", ship24_event("transit_handover", "in_transit", "2026-11-20T15:00:00", "x"))]}},
        {"trackings": [ship24_tracking("delivered", "delivery_delivered", ship24_event("delivery_delivered", "delivered", GONE), metadata={"topic": "tracking/events"})]},
        {"trackings": [{"tracker": {"trackerId": "t", "trackingNumber": "1"}, "metadata": {"topic": "tracking/pod"}, "data": {"status": "found"}}]},
        {"errors": [{"code": "parcel_not_found", "message": "no"}], "data": None},
    ],
    "sweettracker": [
        sweet_answer(5, sweet(2, "2026-11-20 15:00:00", "집화처리", "서울"), sweet(5, None, "배송출발", time=1_795_000_000_000)),
        sweet_answer(6, sweet(6, "2026-11-20 15:00", "배송완료"), complete=None),
        sweet_error("104"),
    ],
    "easypost": [
        {"object": "Event", "description": "tracker.updated", "result": tracker("in_transit", detail("in_transit", GONE, "x", "return", "y"))},
        {"trackers": [tracker("delivered", detail("delivered", GONE))], "has_more": False},
        {"error": {"code": "TRACKER.NOT_FOUND", "message": "no"}},
    ],
    "dhl": [
        {"shipments": [shipment(dhl_event("transit", GONE, "x", "y"), dhl_event("transit", GONE, "x", "y"), estimatedTimeOfDelivery=GONE)]},
        {"title": "No result found", "detail": "no", "status": 404, "instance": "/shipment/1"},
    ],
}  # fmt: skip
CASES = [(name, payload) for name, payloads in REAL.items() for payload in payloads]

ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=True)
    | st.sampled_from(["", "------", "null", "Teleported", "2026-11-20T10:00:00", "0001-01-01T00:00:00Z", "9999-12-31", "\udcff", "t9", "t" + "9" * 5000, "404", "--5"])
    | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["data", "status", "events", "id", "code", "x"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a payload, the payload itself first."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, one in inner for deeper in places(one, (*path, key)))]


def with_change(payload: Any, path: tuple[Any, ...], change: Any) -> Any:
    """The payload with another value at the place, or without it when there is none to put."""
    if not path:
        return change
    changed = copy.deepcopy(payload)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    if change is REMOVED:
        del holder[path[-1]]
    else:
        holder[path[-1]] = change
    return changed


def understood(name: str, payload: Any) -> list[TrackingAnswer]:
    try:
        answers = SERVICES[name].parse(payload, RULES)
    except Refused as refusal:
        assert "not an answer of" in str(refusal)
        return []
    assert all(point.happened_at.utcoffset() is not None for answer in answers for point in answer.checkpoints)
    return answers


@pytest.mark.parametrize(("name", "payload"), CASES)
def test_every_place_may_be_missing_empty_or_of_another_type(name: str, payload: Any) -> None:
    changes = (REMOVED, None, "", "------", 7, True, [], {}, [None], {"x": None}, "Teleported")
    broken = [with_change(payload, path, change) for path in places(payload) for change in changes if path]
    assert len([understood(name, one) for one in broken]) == len(changes) * (len(places(payload)) - 1)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_payloads_changed_in_several_places_never_raise(data: st.DataObject) -> None:
    name, payload = data.draw(st.sampled_from(CASES))
    for _ in range(data.draw(st.integers(1, 4))):
        payload = with_change(payload, data.draw(st.sampled_from(places(payload))), data.draw(ODD))
    understood(name, payload)


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(sorted(SERVICES)), payload=ODD)
def test_anything_at_all_never_raises(name: str, payload: Any) -> None:
    understood(name, payload)


@pytest.mark.parametrize(("name", "payload"), CASES)
def test_an_unchanged_payload_is_not_spoilt_by_reading_and_reads_the_same_twice(name: str, payload: Any) -> None:
    before = json.dumps(payload)
    assert understood(name, payload) == understood(name, payload) != []
    assert json.dumps(payload) == before


@pytest.mark.parametrize(("name", "payload"), CASES)
def test_payloads_of_the_other_services_are_refused_or_say_nothing_of_a_stage(name: str, payload: Any) -> None:
    for other in SERVICES.keys() - {name}:
        assert [answer.stage for answer in understood(other, payload) if answer.stage] == []


@pytest.mark.parametrize("name", SERVICES)
@pytest.mark.parametrize("wrapper", ["list", "data"])
def test_boxes_in_boxes_are_not_followed_for_ever(name: str, wrapper: str) -> None:
    payload: Any = {}
    for _ in range(20_000):
        payload = [payload] if wrapper == "list" else {"data": payload, "shipments": payload, "result": payload}
    assert understood(name, payload) == []
