"""AfterShip: recorded-like payload in, whole answer out."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.carriers import aftership
from core.carriers.service import Access, Failed, Number, Reply, TrackingAnswer, Trouble, TroubleKind
from core.domain.errors import Refused
from core.domain.shipment import Checkpoint, Stage
from tests.builders import RULES, local
from tests.carriers.payloads import checkpoint, tracking

UPS, POST = Number("ups", "1Z999AA10123456784"), Number("ems", "LP257594783SG")
LABEL = checkpoint("InfoReceived", "InfoReceived_001", "2026-11-18T10:33:00-05:00", "Shipment information sent")
TAKEN = checkpoint("InTransit", "InTransit_002", "2026-11-18T20:47:00-05:00", "Picked up", location="BROOKLYN, NY")
MOVED = checkpoint("InTransit", "InTransit_007", "2026-11-19T02:10:00-05:00", "Departed", city="NEWARK", state="NJ")
OUT = checkpoint("OutForDelivery", "OutForDelivery_001", "2026-11-20T08:00:00-05:00", "On vehicle")
GONE = checkpoint("Delivered", "Delivered_003", "2026-11-20T07:52:00-05:00", "Signed")


def one(payload: Any, *numbers: Number) -> TrackingAnswer:
    [answer] = aftership.parse(payload, RULES, numbers)
    return answer


class Wire:
    """Keeps what was sent and replies what it was given."""

    def __init__(self, *replies: Reply) -> None:
        self.sent: list[Any] = []
        self._replies = list(replies)

    def get(self, path: str, *, params: Any = None, headers: Any = None) -> Reply:
        assert headers == {"as-api-key": "key"}
        self.sent.append(("GET", path, params))
        return self._replies.pop(0)

    def post(self, path: str, *, json: Any, headers: Any = None) -> Reply:
        assert headers == {"as-api-key": "key"}
        self.sent.append(("POST", path, json))
        return self._replies.pop(0)


def ask(wire: Wire, *numbers: Number) -> dict[Number, TrackingAnswer | Trouble]:
    return aftership.ask(wire, Access(key="key"), numbers, RULES)


def listed(*trackings: dict[str, Any]) -> Reply:
    return Reply(200, {"meta": {"code": 200}, "data": {"pagination": {"total": len(trackings)}, "trackings": list(trackings)}})


def refused(status: int, code: int, message: str) -> Reply:
    return Reply(status, {"meta": {"code": code, "message": message, "type": "x"}, "data": {}})


def test_a_response_becomes_a_whole_answer() -> None:
    estimate = {"type": "specific", "source": "UPS", "datetime": "2026-11-21", "datetime_min": None}
    record = tracking("InTransit", "InTransit_007", MOVED, LABEL, TAKEN, latest_estimated_delivery=estimate)
    assert one({"meta": {"code": 200}, "data": record}) == TrackingAnswer(
        number="1Z999AA10123456784",
        stage=Stage.IN_TRANSIT,
        code="InTransit_007",
        checkpoints=(
            Checkpoint(
                datetime(2026, 11, 18, 15, 33, tzinfo=UTC),
                Stage.INFO_RECEIVED,
                code="InfoReceived_001",
                text="Shipment information sent",
                local_at=local("2026-11-18T10:33:00"),
            ),
            Checkpoint(
                datetime(2026, 11, 19, 1, 47, tzinfo=UTC),
                Stage.PICKED_UP,
                code="InTransit_002",
                place="BROOKLYN, NY",
                text="Picked up",
                local_at=local("2026-11-18T20:47:00"),
                inferred=True,
            ),
            Checkpoint(
                datetime(2026, 11, 19, 7, 10, tzinfo=UTC),
                Stage.IN_TRANSIT,
                code="InTransit_007",
                place="NEWARK, NJ",
                text="Departed",
                local_at=local("2026-11-19T02:10:00"),
                inferred=True,
            ),
        ),
        carrier="ups",
        estimated_on=date(2026, 11, 21),
        as_of=datetime(2026, 11, 20, 12, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("tag", "subtag", "stage"),
    [
        ("Pending", "Pending_001", None),
        ("InfoReceived", "InfoReceived_001", Stage.INFO_RECEIVED),
        ("InTransit", "InTransit_003", Stage.IN_TRANSIT),
        ("OutForDelivery", "OutForDelivery_001", Stage.OUT_FOR_DELIVERY),
        ("AttemptFail", "AttemptFail_002", Stage.ATTEMPT_FAILED),
        ("AvailableForPickup", "AvailableForPickup_001", Stage.AVAILABLE_FOR_PICKUP),
        ("Delivered", "Delivered_001", Stage.DELIVERED),
        ("Delivered", "Delivered_005", Stage.DELIVERED),
        ("InTransit", "InTransit_011", Stage.IN_TRANSIT),
        ("InTransit", "InTransit_012", Stage.IN_TRANSIT),
        ("InTransit", "InTransit_013", Stage.IN_TRANSIT),
        ("Exception", "Exception_016", Stage.EXCEPTION),
        ("Exception", "Exception_017", Stage.EXCEPTION),
        ("Exception", "Exception_018", Stage.EXCEPTION),
        ("Exception", "Exception_019", Stage.EXCEPTION),
        ("Exception", "Exception_021", Stage.EXCEPTION),
        ("Exception", "Exception_001", Stage.EXCEPTION),
        ("Exception", "Exception_004", Stage.EXCEPTION),
        ("Exception", "Exception_010", Stage.RETURNING),
        ("Exception", "Exception_011", Stage.RETURNED),
        ("Exception", "Exception_013", Stage.LOST),
        ("Exception", "Exception_020", Stage.CANCELLED),
        ("Expired", "Expired_001", Stage.EXCEPTION),
        ("Delivered", None, Stage.DELIVERED),
    ],
)
def test_a_subtag_tells_more_than_the_tag(tag: str, subtag: str | None, stage: Stage | None) -> None:
    answer = one(tracking(tag, subtag))
    assert (answer.stage, answer.code, answer.warnings) == (stage, subtag or tag, ())


def test_a_parcel_only_just_taken_in_is_picked_up() -> None:
    answer = one(tracking("InTransit", "InTransit_002", LABEL, TAKEN))
    assert (answer.stage, answer.checkpoints[-1].stage) == (Stage.PICKED_UP, Stage.PICKED_UP)


def test_the_latest_status_is_the_tag_not_the_last_checkpoint() -> None:
    answer = one(tracking("Delivered", "Delivered_003", GONE, TAKEN, OUT))
    assert answer.stage is Stage.DELIVERED
    assert [point.stage for point in answer.checkpoints] == [Stage.PICKED_UP, Stage.DELIVERED, Stage.OUT_FOR_DELIVERY]


def test_a_delivery_without_a_checkpoint_is_dated_by_the_delivery_date() -> None:
    record = tracking("Delivered", "Delivered_001", LABEL, shipment_delivery_date="2026-11-20T17:19:47")
    last = one(record).checkpoints[-1]
    assert (last.stage, last.happened_at, last.zone_assumed) == (
        Stage.DELIVERED,
        datetime(2026, 11, 20, 22, 19, 47, tzinfo=UTC),
        True,
    )


def test_a_parcel_gone_silent_is_flagged_at_its_last_checkpoint() -> None:
    answer = one(tracking("Expired", "Expired_001", LABEL, TAKEN))
    assert [(point.stage, point.happened_at.day) for point in answer.checkpoints[-2:]] == [
        (Stage.PICKED_UP, 19),
        (Stage.EXCEPTION, 19),
    ]


def test_an_unknown_tag_is_never_guessed() -> None:
    answer = one(tracking("Levitating", "Levitating_001", checkpoint("Levitating", None, "2026-11-20T07:52:00Z", "Delivered")))
    assert (answer.stage, answer.checkpoints[0].stage) == (None, None)
    assert 'The code "Levitating" is not known; it changes nothing.' in answer.warnings


def test_a_new_subtag_of_a_known_tag_is_read_by_the_tag_and_said() -> None:
    answer = one(tracking("Exception", "Exception_999"))
    assert (answer.stage, answer.warnings) == (Stage.EXCEPTION, ('The code "Exception_999" is not known; Exception is taken.',))


def test_local_times_are_placed_by_their_country() -> None:
    seoul = checkpoint("InTransit", "InTransit_001", "2026-11-20T21:00:00", "Left", country_iso3="KOR")
    [point] = one(tracking("InTransit", "InTransit_001", seoul)).checkpoints
    assert (point.happened_at, point.zone_assumed) == (datetime(2026, 11, 20, 12, tzinfo=UTC), True)


def test_a_webhook_a_list_and_older_names_read_alike() -> None:
    record = tracking("Delivered", "Delivered_003", GONE)
    expected = one(record)
    assert one({"event": "tracking_update", "event_id": "e", "is_tracking_first_tag": True, "msg": record, "ts": 1}) == expected
    assert one({"meta": {"code": 200}, "data": {"tracking": record}}) == expected
    assert one(listed(record).payload) == expected
    assert one([record]) == expected


def test_the_last_checkpoint_alone_is_read() -> None:
    record = {"tracking_number": "1", "tag": "Delivered", "subtag": "Delivered_003", "slug": "ups", "checkpoint": GONE}
    assert one({"meta": {"code": 200}, "data": record}).checkpoints[0].text == "Signed"


def test_missing_and_odd_fields_are_tolerated() -> None:
    record = tracking("InTransit", "null", checkpoint("InTransit", None, "null", "no time"), TAKEN, checkpoints="oops")
    answer = one(record)
    assert (answer.stage, answer.warnings) == (Stage.IN_TRANSIT, ("checkpoints cannot be read.",))


@pytest.mark.parametrize(
    ("code", "found", "invalid"), [(4004, False, False), (4005, False, True), (4012, True, False), (401, True, False)]
)
def test_a_refusal_is_not_known_not_valid_or_only_said(code: int, found: bool, invalid: bool) -> None:
    answer = one({"meta": {"code": code, "message": "why", "type": "x"}, "data": {}}, UPS)
    assert (answer.found, answer.invalid, answer.warnings) == (found, invalid, (f"AfterShip answered: {code} why",))


@pytest.mark.parametrize(
    "payload", [None, 7, "text", {}, {"data": {}}, {"code": 0, "data": {"accepted": []}}, {"object": "Event"}]
)
def test_what_is_no_answer_of_the_service_is_refused(payload: Any) -> None:
    with pytest.raises(Refused, match="not an answer of AfterShip"):
        aftership.parse(payload, RULES)


def test_known_numbers_are_asked_in_one_call() -> None:
    wire = Wire(
        listed(tracking("Delivered", "Delivered_003", GONE), tracking("InTransit", None, tracking_number=POST.invoice_no))
    )
    answers = ask(wire, UPS, POST)
    wanted = {"tracking_numbers": "1Z999AA10123456784,LP257594783SG", "limit": "200"}
    assert wire.sent == [("GET", "/tracking/2026-07/trackings", wanted)]
    assert [answer.stage for answer in answers.values() if isinstance(answer, TrackingAnswer)] == [
        Stage.DELIVERED,
        Stage.IN_TRANSIT,
    ]


def test_unknown_numbers_are_created() -> None:
    created = Reply(201, {"meta": {"code": 201}, "data": tracking("Pending", "Pending_001", tracking_number=POST.invoice_no)})
    wire = Wire(listed(), created)
    [answer] = ask(wire, POST).values()
    assert wire.sent[1] == ("POST", "/tracking/2026-07/trackings", {"tracking_number": POST.invoice_no, "slug": "kpost"})
    assert isinstance(answer, TrackingAnswer)
    assert (answer.number, answer.carrier, answer.found) == (POST.invoice_no, "ems", False)


def test_a_number_the_service_refuses_to_create_is_invalid() -> None:
    answers = ask(Wire(listed(), refused(400, 4005, "The value of `tracking_number` is invalid.")), UPS)
    assert [answer.invalid for answer in answers.values() if isinstance(answer, TrackingAnswer)] == [True]


def test_a_refused_call_is_a_trouble() -> None:
    with pytest.raises(Failed) as failed:
        ask(Wire(refused(400, 4007, "bad field")), UPS)
    assert failed.value.trouble == Trouble(TroubleKind.MALFORMED, "AfterShip answered: 4007 bad field")


MASTER, CHILD = "1Z999AA10123456784", "1ZCHILD"


def a_parcel(number: str, tag: str, *points: dict[str, Any], pieces: Any = (MASTER, CHILD)) -> dict[str, Any]:
    """A tracking of one of several parcels."""
    named = [{"tracking_id": one, "tracking_number": one, "type": "child", "trackable": True} for one in pieces]
    return tracking(tag, None, *points, tracking_number=number, multi_piece_info={"type": "master", "pieces": named})


FIRST = checkpoint("Delivered", None, "2026-11-20T15:00:00Z", "Delivered", hash="a1")
SECOND = checkpoint("Delivered", None, "2026-11-22T09:00:00Z", "Left at door", hash="b2")
MOVING = checkpoint("InTransit", None, "2026-11-19T09:00:00Z", "Hub", hash="c3")


def stages(answer: TrackingAnswer) -> list[tuple[Stage | None, int]]:
    return [(point.stage, point.happened_at.day) for point in answer.checkpoints]


def test_one_parcel_of_several_that_is_delivered_is_recorded_and_delivers_nothing() -> None:
    own, _ = aftership.parse([a_parcel(MASTER, "Delivered", MOVING, FIRST), a_parcel(CHILD, "InTransit", MOVING)], RULES)
    assert (own.stage, own.code, own.found) == (None, "Delivered", True)
    assert stages(own) == [(Stage.PICKED_UP, 19), (None, 20)]
    assert own.warnings == ("1 of 2 parcels of this shipment is delivered; it is delivered with the last one.",)


def test_several_parcels_are_delivered_with_the_last_one_whichever_was_asked_about() -> None:
    told = [a_parcel(MASTER, "Delivered", MOVING, FIRST), a_parcel(CHILD, "Delivered", MOVING, SECOND)]
    first, last = aftership.parse(told, RULES)
    assert stages(first) == [(Stage.PICKED_UP, 19), (None, 20), (Stage.DELIVERED, 22)]
    assert stages(last) == [(Stage.PICKED_UP, 19), (Stage.DELIVERED, 22)]
    assert (first.stage, last.stage) == (Stage.DELIVERED, Stage.DELIVERED)


def test_a_webhook_about_one_of_several_parcels_delivers_nothing_by_itself() -> None:
    answer = one({"event": "tracking_update", "msg": a_parcel(MASTER, "Delivered", FIRST), "ts": 1})
    assert (answer.stage, stages(answer)) == (None, [(None, 20)])


@pytest.mark.parametrize(
    "pieces", [None, [], "many", [{}], [{"tracking_number": MASTER}], [{"tracking_number": CHILD, "trackable": False}]]
)
def test_a_parcel_of_which_no_other_can_be_followed_is_delivered_as_ever(pieces: Any) -> None:
    record = tracking("Delivered", None, FIRST, multi_piece_info={"type": "master", "pieces": pieces})
    assert stages(one(record)) == [(Stage.DELIVERED, 20)]


def test_the_other_parcels_are_asked_about_along() -> None:
    wire = Wire(listed(a_parcel(MASTER, "Delivered", FIRST)), listed(a_parcel(CHILD, "Delivered", SECOND)))
    [answer] = ask(wire, UPS).values()
    assert [params["tracking_numbers"] for _, _, params in wire.sent] == [MASTER, CHILD]
    assert isinstance(answer, TrackingAnswer)
    assert (answer.stage, stages(answer)) == (Stage.DELIVERED, [(None, 20), (Stage.DELIVERED, 22)])


def test_a_parcel_whose_others_nobody_knows_is_not_delivered() -> None:
    [answer] = ask(Wire(listed(a_parcel(MASTER, "Delivered", FIRST)), listed()), UPS).values()
    assert isinstance(answer, TrackingAnswer)
    assert answer.stage is None


def test_a_checkpoint_keeps_the_name_that_the_service_has_for_it_and_comes_once_by_that() -> None:
    later = MOVING | {"checkpoint_time": "2026-11-19T11:00:00Z", "message": "Arrived at hub"}
    assert [point.told_as for point in one(tracking("InTransit", None, MOVING, later, FIRST)).checkpoints] == ["c3", "a1"]


BODY = b'{"event":"tracking_update","msg":{"tracking_number":"9405516902697649303570","tag":"Delivered"},"ts":1712741696}'
SIGN = "Nxi+IIeuj4w2nq92h5UYA/eZ7+vdXRgamFky0xi151c="  # openssl dgst -sha256 -hmac "secret of the shop", in base64


def test_a_webhook_signed_with_the_secret_is_accepted() -> None:
    assert aftership.signed({"Aftership-Hmac-Sha256": SIGN}, BODY, Access(secret="secret of the shop"))


@pytest.mark.parametrize(
    ("headers", "body", "secret"),
    [
        ({"aftership-hmac-sha256": SIGN}, BODY[:-1] + b" }", "secret of the shop"),
        ({"aftership-hmac-sha256": SIGN}, BODY, "another"),
        ({"aftership-hmac-sha256": SIGN.lower()}, BODY, "secret of the shop"),
        ({}, BODY, "secret of the shop"),
        ({"aftership-hmac-sha256": SIGN}, BODY, ""),
    ],
)
def test_any_other_webhook_is_not_signed(headers: dict[str, str], body: bytes, secret: str) -> None:
    assert not aftership.signed(headers, body, Access(secret=secret))
