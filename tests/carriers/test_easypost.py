"""EasyPost: recorded-like payload in, whole answer out."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.carriers import easypost
from core.carriers.service import Access, Failed, Number, Reply, TrackingAnswer, Trouble, TroubleKind
from core.domain.errors import Refused
from core.domain.shipment import Checkpoint, Stage
from tests.builders import RULES, local
from tests.carriers.payloads import detail, tracker

USPS, POST = Number("usps", "9400110898825022579493"), Number("japan_post", "405548424886")
LABEL = detail("pre_transit", "2026-11-18T15:33:00Z", "Pre-Shipment Info Sent to USPS")
TAKEN = detail("in_transit", "2026-11-19T02:00:00-05:00", "Accepted", "received_at_origin_facility", "Charleston")
MOVED = detail("in_transit", "2026-11-19T20:00:00Z", "Departed", "departed_facility")
GONE = detail("delivered", "2026-11-20T15:00:00Z", "Delivered", "arrived_at_destination")


def one(payload: Any, *numbers: Number) -> TrackingAnswer:
    [answer] = easypost.parse(payload, RULES, numbers)
    return answer


class Wire:
    """Keeps what was sent and replies what it was given."""

    def __init__(self, *replies: Reply) -> None:
        self.sent: list[Any] = []
        self._replies = list(replies)

    def get(self, path: str, *, params: Any = None, headers: Any = None) -> Reply:
        assert headers == {"Authorization": "Basic a2V5Og=="}
        self.sent.append(("GET", path, params))
        return self._replies.pop(0)

    def post(self, path: str, *, json: Any, headers: Any = None) -> Reply:
        assert headers == {"Authorization": "Basic a2V5Og=="}
        self.sent.append(("POST", path, json))
        return self._replies.pop(0)


def ask(wire: Wire, *numbers: Number) -> dict[Number, TrackingAnswer | Trouble]:
    return easypost.ask(wire, Access(key="key"), numbers, RULES)


def listed(*trackers: dict[str, Any]) -> Reply:
    return Reply(200, {"trackers": list(trackers), "has_more": False})


def test_a_tracker_becomes_a_whole_answer() -> None:
    record = tracker("in_transit", LABEL, TAKEN, MOVED, est_delivery_date="2026-11-21T00:00:00Z")
    assert one(record) == TrackingAnswer(
        number="9400110898825022579493",
        stage=Stage.IN_TRANSIT,
        code="in_transit",
        checkpoints=(
            Checkpoint(
                datetime(2026, 11, 18, 15, 33, tzinfo=UTC),
                Stage.INFO_RECEIVED,
                code="pre_transit",
                text="Pre-Shipment Info Sent to USPS",
                local_at=local("2026-11-18T15:33:00"),
            ),
            Checkpoint(
                datetime(2026, 11, 19, 7, tzinfo=UTC),
                Stage.PICKED_UP,
                code="in_transit",
                place="Charleston",
                text="Accepted",
                local_at=local("2026-11-19T02:00:00"),
                inferred=True,
            ),
            Checkpoint(
                datetime(2026, 11, 19, 20, tzinfo=UTC),
                Stage.IN_TRANSIT,
                code="in_transit",
                text="Departed",
                local_at=local("2026-11-19T20:00:00"),
                inferred=True,
            ),
        ),
        carrier="usps",
        estimated_on=date(2026, 11, 21),
        as_of=datetime(2026, 11, 20, 12, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("status", "status_detail", "stage"),
    [
        ("unknown", "unknown", None),
        ("pre_transit", "label_created", Stage.INFO_RECEIVED),
        ("in_transit", "arrived_at_facility", Stage.IN_TRANSIT),
        ("in_transit", "out_for_delivery", Stage.OUT_FOR_DELIVERY),
        ("in_transit", "arrived_at_pickup_location", Stage.AVAILABLE_FOR_PICKUP),
        ("in_transit", "return", Stage.RETURNING),
        ("in_transit", "weather_delay", Stage.IN_TRANSIT),
        ("out_for_delivery", "out_for_delivery", Stage.OUT_FOR_DELIVERY),
        ("available_for_pickup", "held", Stage.AVAILABLE_FOR_PICKUP),
        ("failure", "delivery_exception", Stage.ATTEMPT_FAILED),
        ("failure", "return", Stage.RETURNING),
        ("failure", None, Stage.ATTEMPT_FAILED),
        ("error", "lost", Stage.LOST),
        ("error", None, Stage.EXCEPTION),
        ("return_to_sender", "return", Stage.RETURNED),
        ("cancelled", "cancelled", Stage.CANCELLED),
        ("delivered", "arrived_at_destination", Stage.DELIVERED),
        ("delivered", "return", Stage.DELIVERED),
    ],
)
def test_a_detail_tells_more_than_an_open_status(status: str, status_detail: str | None, stage: Stage | None) -> None:
    answer = one(tracker(status, status_detail=status_detail))
    assert (answer.stage, answer.warnings) == (stage, ())


def test_the_latest_status_is_the_trackers_own() -> None:
    answer = one(tracker("delivered", GONE, LABEL, TAKEN))
    assert (answer.stage, answer.checkpoints[-1].stage) == (Stage.DELIVERED, Stage.DELIVERED)


def test_a_status_that_no_detail_has_is_dated_by_the_latest_detail() -> None:
    last = one(tracker("failure", LABEL, TAKEN)).checkpoints[-1]
    assert (last.stage, last.code, last.happened_at) == (Stage.ATTEMPT_FAILED, "failure", datetime(2026, 11, 19, 7, tzinfo=UTC))


def test_a_status_without_any_detail_says_since_when_it_is_known() -> None:
    answer = one(tracker("delivered"))
    assert (answer.stage, answer.checkpoints, answer.as_of) == (Stage.DELIVERED, (), datetime(2026, 11, 20, 12, tzinfo=UTC))


def test_an_unknown_status_is_never_guessed() -> None:
    answer = one(tracker("beamed", detail("beamed", "2026-11-20T15:00:00Z", "Delivered")))
    assert (answer.stage, answer.checkpoints[0].stage) == (None, None)
    assert answer.warnings == ('The code "beamed" is not known; it changes nothing.',)


def test_a_webhook_and_a_list_read_like_a_tracker() -> None:
    record = tracker("delivered", GONE)
    hook = {"object": "Event", "description": "tracker.updated", "previous_attributes": {"status": "unknown"}, "result": record}
    assert one(hook) == one(record) == one(listed(record).payload) == one([record])


def test_an_event_about_something_else_holds_no_answer() -> None:
    assert (
        easypost.parse({"object": "Event", "description": "batch.created", "result": {"object": "Batch", "id": "b"}}, RULES)
        == []
    )


def test_missing_and_odd_fields_are_tolerated() -> None:
    answer = one(tracker("in_transit", {"object": "TrackingDetail"}, detail("in_transit", 17), tracking_location=3))  # type: ignore[arg-type]
    assert (answer.stage, answer.checkpoints) == (Stage.IN_TRANSIT, ())
    assert one({"object": "Tracker", "tracking_details": {"a": 1}}, USPS).warnings == ("tracking_details cannot be read.",)


def test_a_refused_code_is_an_invalid_number() -> None:
    answer = one({"error": {"code": "TRACKER.TRACKING_CODE.INVALID", "message": "no", "errors": []}}, USPS)
    assert (answer.number, answer.invalid, answer.stage) == (USPS.invoice_no, True, Stage.INVALID_NUMBER)


@pytest.mark.parametrize("payload", [None, 7, "text", {}, {"data": {}}, {"object": "Batch"}, {"shipments": []}])
def test_what_is_no_answer_of_the_service_is_refused(payload: Any) -> None:
    with pytest.raises(Refused, match="not an answer of EasyPost"):
        easypost.parse(payload, RULES)


def test_a_known_number_is_only_looked_up() -> None:
    wire = Wire(listed(tracker("delivered", GONE)))
    [answer] = ask(wire, USPS).values()
    assert wire.sent == [("GET", "/v2/trackers", {"tracking_code": USPS.invoice_no, "carrier": "USPS"})]
    assert isinstance(answer, TrackingAnswer)
    assert answer.stage is Stage.DELIVERED


def test_an_unknown_number_gets_a_tracker() -> None:
    wire = Wire(listed(), Reply(201, tracker("unknown", tracking_code=POST.invoice_no, carrier="JapanPost")))
    [answer] = ask(wire, POST).values()
    assert wire.sent[1] == ("POST", "/v2/trackers", {"tracker": {"tracking_code": POST.invoice_no}})
    assert isinstance(answer, TrackingAnswer)
    assert (answer.number, answer.carrier, answer.found) == (POST.invoice_no, "japan_post", False)


def test_a_number_the_service_refuses_to_track_is_invalid() -> None:
    refusal = Reply(422, {"error": {"code": "TRACKER.TRACKING_CODE.INVALID", "message": "no"}})
    assert [one.invalid for one in ask(Wire(listed(), refusal), USPS).values() if isinstance(one, TrackingAnswer)] == [True]


def test_a_refused_look_up_is_a_trouble() -> None:
    with pytest.raises(Failed) as failed:
        ask(Wire(Reply(422, {"error": {"code": "PARAMETER.INVALID", "message": "bad"}})), USPS)
    assert failed.value.trouble == Trouble(TroubleKind.MALFORMED, "EasyPost answered: PARAMETER.INVALID bad")


BODY = (
    b'{"object":"Event","description":"tracker.updated",'
    b'"result":{"object":"Tracker","tracking_code":"EZ1000000001","status":"pre_transit"}}'
)
# openssl dgst -sha256 -hmac with the bytes 73 65 cc 81 63 72 65 74: "sécret" with its accent apart
SIGN = "hmac-sha256-hex=c8d318b883d81d7450a2b8f0d0a9b84eca74a8e566fb42cb99cde3aac290ae8b"


@pytest.mark.parametrize("secret", ["s\u00e9cret", "se\u0301cret"], ids=["one letter", "accent apart"])
def test_a_webhook_signed_with_the_secret_is_accepted_however_it_is_typed(secret: str) -> None:
    assert easypost.signed({"X-Hmac-Signature": SIGN}, BODY, Access(secret=secret))


@pytest.mark.parametrize(
    ("headers", "body", "secret"),
    [
        ({"x-hmac-signature": SIGN}, BODY + b"\n", "s\u00e9cret"),
        ({"x-hmac-signature": SIGN}, BODY, "secret"),
        ({"x-hmac-signature": SIGN.removeprefix("hmac-sha256-hex=")}, BODY, "s\u00e9cret"),
        ({}, BODY, "s\u00e9cret"),
        ({"x-hmac-signature": SIGN}, BODY, ""),
    ],
)
def test_any_other_webhook_is_not_signed(headers: dict[str, str], body: bytes, secret: str) -> None:
    assert not easypost.signed(headers, body, Access(secret=secret))
