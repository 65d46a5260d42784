"""Ship24: recorded-like payload in, whole answer out."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.carriers import ship24
from core.carriers.service import Access, Failed, Number, Reply, TrackingAnswer, Trouble, TroubleKind
from core.domain.errors import Refused
from core.domain.shipment import Checkpoint, Stage, ZoneFrom
from tests.builders import RULES, local
from tests.carriers.payloads import ship24_event, ship24_tracking

USPS, YAMATO = Number("usps", "9400110898825022579493"), Number("yamato", "444413758703")
LABEL = ship24_event("data_order_created", "info_received", "2026-11-18T10:33:00", "Shipping Label Created")
TAKEN = ship24_event("transit_handover", "in_transit", "2026-11-18T20:47:00", "Accepted at USPS", location="BROOKLYN, NY")
MOVED = ship24_event(None, "in_transit", "2026-11-19T02:10:00-05:00", "Departed")
TRIED = ship24_event("delivery_attempted", "failed_attempt", "2026-11-20T09:00:00-05:00", "Notice left")
GONE = ship24_event("delivery_delivered", "delivered", "2026-11-20T17:12:57-05:00", "Delivered")
SEARCH = "/public/v1/trackers/search/9400110898825022579493/results"


def one(payload: Any, *numbers: Number) -> TrackingAnswer:
    [answer] = ship24.parse(payload, RULES, numbers)
    return answer


class Wire:
    """Keeps what was sent and replies what it was given."""

    def __init__(self, *replies: Reply) -> None:
        self.sent: list[Any] = []
        self._replies = list(replies)

    def get(self, path: str, *, params: Any = None, headers: Any = None) -> Reply:
        assert headers == {"Authorization": "Bearer key"}
        self.sent.append(("GET", path))
        return self._replies.pop(0)

    def post(self, path: str, *, json: Any, headers: Any = None) -> Reply:
        assert headers == {"Authorization": "Bearer key"}
        self.sent.append(("POST", path, json))
        return self._replies.pop(0)


def ask(wire: Wire, number: Number = USPS) -> TrackingAnswer | Trouble:
    return ship24.ask(wire, Access(key="key"), [number], RULES)[number]


def found(*trackings: dict[str, Any]) -> Reply:
    return Reply(200, {"data": {"trackings": list(trackings)}})


def refused(status: int, code: str) -> Reply:
    return Reply(status, {"errors": [{"code": code, "message": "why"}], "data": None})


def made(number: str = USPS.invoice_no) -> Reply:
    return Reply(
        201, {"data": {"tracker": {"trackerId": "t", "trackingNumber": number, "isSubscribed": True, "isTracked": True}}}
    )


def test_a_response_becomes_a_whole_answer_in_the_local_time_of_its_events() -> None:
    record = ship24_tracking("in_transit", None, MOVED, TAKEN, LABEL)
    record["shipment"]["delivery"] |= {
        "courierEstimatedDeliveryDate": {"from": "2026-11-20T09:00:00", "to": "2026-11-21T18:00:00"}
    }
    assert one({"data": {"trackings": [record]}}) == TrackingAnswer(
        number=USPS.invoice_no,
        stage=Stage.IN_TRANSIT,
        code="in_transit",
        checkpoints=(
            Checkpoint(
                datetime(2026, 11, 18, 15, 33, tzinfo=UTC),
                Stage.INFO_RECEIVED,
                code="data_order_created",
                text="Shipping Label Created",
                zone_from=ZoneFrom.CARRIER,
                local_at=local("2026-11-18T10:33:00"),
                told_as="info_received 2026-11-18T10:33:00",
            ),
            Checkpoint(
                datetime(2026, 11, 19, 1, 47, tzinfo=UTC),
                Stage.PICKED_UP,
                code="transit_handover",
                place="BROOKLYN, NY",
                text="Accepted at USPS",
                zone_from=ZoneFrom.CARRIER,
                local_at=local("2026-11-18T20:47:00"),
                inferred=True,
                told_as="in_transit 2026-11-18T20:47:00",
            ),
            Checkpoint(
                datetime(2026, 11, 19, 7, 10, tzinfo=UTC),
                Stage.IN_TRANSIT,
                code="in_transit",
                text="Departed",
                local_at=local("2026-11-19T02:10:00"),
                inferred=True,
                told_as="in_transit 2026-11-19T02:10:00-05:00",
            ),
        ),
        carrier="usps",
        estimated_on=date(2026, 11, 21),
        warnings=("2 times came without a time zone; the zone of the place or of the carrier is assumed.",),
    )


@pytest.mark.parametrize(
    ("milestone", "code", "stage"),
    [
        ("pending", None, None),
        ("info_received", "data_order_created", Stage.INFO_RECEIVED),
        ("info_received", "data_order_cancelled", Stage.CANCELLED),
        ("in_transit", "transit_origin_country_departure", Stage.IN_TRANSIT),
        ("in_transit", "destination_arrival", Stage.IN_TRANSIT),
        ("in_transit", "customs_received", Stage.IN_TRANSIT),
        ("in_transit", "customs_exception", Stage.EXCEPTION),
        ("in_transit", "customs_cleared", Stage.IN_TRANSIT),
        ("exception", "customs_rejected", Stage.EXCEPTION),
        ("out_for_delivery", "delivery_out_for_delivery", Stage.OUT_FOR_DELIVERY),
        ("failed_attempt", "delivery_attempted", Stage.ATTEMPT_FAILED),
        ("available_for_pickup", "delivery_available_for_pickup", Stage.AVAILABLE_FOR_PICKUP),
        ("in_transit", "delivery_exception", Stage.EXCEPTION),
        ("exception", "delivery_refused", Stage.EXCEPTION),
        ("delivered", "delivery_delivered", Stage.DELIVERED),
        ("exception", "exception_return", Stage.RETURNING),
        ("exception", "exception_lost", Stage.LOST),
        ("exception", "exception_discarded", Stage.EXCEPTION),
    ],
)
def test_a_code_tells_more_than_the_milestone(milestone: str, code: str | None, stage: Stage | None) -> None:
    answer = one(ship24_tracking(milestone, code))
    assert (answer.stage, answer.code, answer.warnings) == (stage, code or milestone, ())


@pytest.mark.parametrize("code", ["data_delivery_proposed", "data_delivery_decided", None])
def test_a_code_without_physical_meaning_leaves_the_milestone(code: str | None) -> None:
    answer = one(ship24_tracking("out_for_delivery", code))
    assert (answer.stage, answer.code, answer.warnings) == (Stage.OUT_FOR_DELIVERY, "out_for_delivery", ())


def test_an_unknown_code_is_never_guessed() -> None:
    odd = ship24_event("beamed_up", "levitating", "2026-11-20T07:52:00Z", "Delivered")
    answer = one(ship24_tracking("levitating", "beamed_up", odd))
    assert (answer.stage, answer.checkpoints[0].stage) == (None, None)
    assert 'The code "beamed_up" is not known; it changes nothing.' in answer.warnings


def test_a_scan_after_a_failed_attempt_is_no_attempt_of_its_own() -> None:
    scan = ship24_event(None, "failed_attempt", "2026-11-20T15:00:00-05:00", "Back at the facility")
    answer = one(ship24_tracking("failed_attempt", "delivery_attempted", scan, TRIED, TAKEN))
    assert [point.stage for point in answer.checkpoints] == [Stage.PICKED_UP, Stage.ATTEMPT_FAILED, None]
    assert answer.stage is Stage.ATTEMPT_FAILED


def test_the_same_event_told_again_with_more_is_one_by_its_id() -> None:
    more = GONE | {"occurrenceDatetime": "2026-11-20T17:20:00-05:00", "status": "Delivered, front door"}
    assert len(one(ship24_tracking("delivered", "delivery_delivered", GONE, more)).checkpoints) == 1


@pytest.mark.parametrize("time", ["2026-11-20", "2026-11-20T17:12:57", "2026-11-20T17:12:57Z", "2026-11-20T17:12:57+09:00"])
def test_a_logistics_time_may_be_a_day_or_come_without_a_zone(time: str) -> None:
    [point] = one(ship24_tracking("delivered", None, ship24_event(None, "delivered", time)), USPS).checkpoints
    assert (point.local_at or point.happened_at).day == 20


def test_a_webhook_a_list_and_a_single_tracking_read_alike() -> None:
    record = ship24_tracking("delivered", "delivery_delivered", GONE)
    expected = one(record)
    assert one({"trackings": [record | {"metadata": {"messageId": "m", "topic": "tracking/events"}}]}) == expected
    assert one(found(record).payload) == expected
    assert one([record]) == expected


def test_a_tracker_alone_and_a_proof_of_delivery_only_name_a_number() -> None:
    tracker = ship24_tracking("delivered", None)["tracker"]
    proof = {"trackings": [{"metadata": {"topic": "tracking/pod"}, "tracker": tracker, "data": {"status": "found"}}]}
    for payload in (made().payload, proof):
        answer = one(payload)
        assert (answer.number, answer.found, answer.checkpoints, answer.stage) == (USPS.invoice_no, False, (), None)


def test_missing_and_odd_fields_are_tolerated() -> None:
    answer = one(ship24_tracking("in_transit", None, events=[TAKEN, "odd", {"status": "no time"}], shipment=7))
    assert [point.stage for point in answer.checkpoints] == [Stage.PICKED_UP]
    assert answer.warnings[:2] == ("shipment cannot be read.", "An entry of events cannot be read.")


def test_a_known_number_is_only_looked_up() -> None:
    wire = Wire(found(ship24_tracking("delivered", "delivery_delivered", GONE)))
    answer = ask(wire)
    assert wire.sent == [("GET", SEARCH)]
    assert isinstance(answer, TrackingAnswer) and answer.stage is Stage.DELIVERED


@pytest.mark.parametrize("unknown", [refused(404, "tracker_not_found"), Reply(404, None), found()])
def test_an_unknown_number_gets_a_tracker_under_its_company_and_is_known_later(unknown: Reply) -> None:
    wire = Wire(unknown, made())
    answer = ask(wire)
    assert wire.sent[1] == ("POST", "/public/v1/trackers", {"trackingNumber": USPS.invoice_no, "courierCode": ["us-post"]})
    assert isinstance(answer, TrackingAnswer)
    assert (answer.number, answer.carrier, answer.found, answer.invalid) == (USPS.invoice_no, "usps", False, False)


def test_a_company_without_a_code_is_found_by_the_number_alone() -> None:
    wire = Wire(found(), made(YAMATO.invoice_no))
    assert isinstance(ask(wire, YAMATO), TrackingAnswer)
    assert wire.sent[1][2] == {"trackingNumber": YAMATO.invoice_no}


def test_a_refusal_of_the_company_beside_the_number_is_tried_without_it_and_one_of_the_number_makes_it_invalid() -> None:
    taken = ask(Wire(found(), refused(400, "validation_error"), made()))
    assert isinstance(taken, TrackingAnswer) and not taken.invalid
    wire = Wire(found(), *[refused(400, "validation_error")] * 2)
    answer = ask(wire)
    assert isinstance(answer, TrackingAnswer)
    assert (answer.invalid, answer.stage, len(wire.sent)) == (True, Stage.INVALID_NUMBER, 3)


@pytest.mark.parametrize("code", ["parcel_not_found", "tracker_conflict", "request_conflict"])
def test_a_number_that_gets_no_tracker_now_is_not_found_and_says_why(code: str) -> None:
    answer = ask(Wire(found(), refused(409, code)))
    assert isinstance(answer, TrackingAnswer)
    assert (answer.found, answer.invalid, answer.warnings) == (False, False, (f"Ship24 answered: {code} why",))


@pytest.mark.parametrize(
    ("replies", "trouble"),
    [
        ([refused(402, "quota_limit_reached")], Trouble(TroubleKind.LIMITED, "Ship24 answered: quota_limit_reached why")),
        ([refused(200, "no_active_subscription")], Trouble(TroubleKind.REFUSED, "Ship24 does not accept the key.")),
        (
            [found(), refused(402, "quota_limit_reached")],
            Trouble(TroubleKind.LIMITED, "Ship24 answered: quota_limit_reached why"),
        ),
        ([Reply(400, None)], Trouble(TroubleKind.MALFORMED, "Ship24 answered 400.")),
        ([found(), Reply(400, None)], Trouble(TroubleKind.MALFORMED, "Ship24 answered 400.")),
    ],
)
def test_a_refused_call_is_a_trouble(replies: list[Reply], trouble: Trouble) -> None:
    with pytest.raises(Failed) as failed:
        ask(Wire(*replies))
    assert failed.value.trouble == trouble


@pytest.mark.parametrize("payload", [None, 7, "text", {}, {"data": {}}, {"errors": []}, {"errors": [7]}, {"object": "Event"}])
def test_what_is_no_answer_of_the_service_is_refused(payload: Any) -> None:
    with pytest.raises(Refused, match="not an answer of Ship24"):
        ship24.parse(payload, RULES)


@pytest.mark.parametrize("given", ["Bearer hush-hush", "bearer hush-hush", "Bearer  hush-hush"])
def test_a_webhook_with_the_secret_is_accepted(given: str) -> None:
    assert ship24.signed({"authorization": given}, b"{}", Access(secret="hush-hush"))


@pytest.mark.parametrize(
    ("headers", "secret"),
    [
        ({"Authorization": "Bearer hush-hus"}, "hush-hush"),
        ({"Authorization": "hush-hush"}, "hush-hush"),
        ({"Authorization": "Basic hush-hush"}, "hush-hush"),
        ({"Authorization": "Bearer "}, ""),
        ({"Authorization": "Bearer"}, "Bearer"),
        ({}, "hush-hush"),
        ({}, ""),
    ],
)
def test_any_other_webhook_is_not_accepted(headers: dict[str, str], secret: str) -> None:
    assert not ship24.signed(headers, b"{}", Access(secret=secret))
