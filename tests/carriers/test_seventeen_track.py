"""17TRACK: recorded-like payload in, whole answer out."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.carriers import seventeen_track
from core.carriers.service import Access, Failed, Number, Reply, TrackingAnswer, Trouble, TroubleKind
from core.domain.errors import Refused
from core.domain.shipment import Checkpoint, Stage
from tests.builders import RULES, local
from tests.carriers.payloads import accepted, event, rejected, seventeen

UPS, SF = Number("ups", "1Z999AA10123456784"), Number("sf", "SF1234567890123")
LABEL = event("InfoReceived", "2026-11-18T22:43:08-08:00", "Shipper created a label", "US", stage="InfoReceived")
ORIGIN = event("InTransit_PickedUp", "2026-11-19T16:36:47-08:00", "Origin WrittenEvent", "Ontario, CA, US")
OUT = event("OutForDelivery_Other", "2026-11-20T08:46:06-08:00", "Out For Delivery Today", "Crescent City, CA, US")
GONE = event("Delivered_Other", "2026-11-20T08:35:22-08:00", "DELIVERED", "Gasquet, CA, US")


def one(payload: Any, *numbers: Number) -> TrackingAnswer:
    [answer] = seventeen_track.parse(payload, RULES, numbers)
    return answer


class Wire:
    """Keeps what was sent and replies what it was given."""

    def __init__(self, *replies: Any) -> None:
        self.sent: list[Any] = []
        self._replies = list(replies)

    def post(self, path: str, *, json: Any, headers: Any = None) -> Reply:
        assert headers == {"17token": "key"}
        self.sent.append((path, json))
        return Reply(200, self._replies.pop(0))

    def get(self, path: str, *, params: Any = None, headers: Any = None) -> Reply:
        raise AssertionError("this service is never asked by GET")


def ask(wire: Wire, *numbers: Number) -> dict[Number, TrackingAnswer | Trouble]:
    return seventeen_track.ask(wire, Access(key="key"), numbers, RULES)


def test_a_response_becomes_a_whole_answer() -> None:
    estimate = {
        "estimated_delivery_date": {
            "source": "Official",
            "from": "2026-11-21T00:00:00-08:00",
            "to": "2026-11-23T18:00:00-08:00",
        }
    }
    entry = accepted(UPS.invoice_no, "InTransit", "InTransit_PickedUp", ORIGIN, LABEL, time_metrics=estimate)
    assert one(seventeen(entry)) == TrackingAnswer(
        number="1Z999AA10123456784",
        stage=Stage.PICKED_UP,
        code="InTransit_PickedUp",
        checkpoints=(
            Checkpoint(
                datetime(2026, 11, 19, 6, 43, 8, tzinfo=UTC),
                Stage.INFO_RECEIVED,
                code="InfoReceived",
                place="US",
                text="Shipper created a label",
                local_at=local("2026-11-18T22:43:08"),
            ),
            Checkpoint(
                datetime(2026, 11, 20, 0, 36, 47, tzinfo=UTC),
                Stage.PICKED_UP,
                code="InTransit_PickedUp",
                place="Ontario, CA, US",
                text="Origin WrittenEvent",
                local_at=local("2026-11-19T16:36:47"),
            ),
        ),
        carrier="ups",
        estimated_on=date(2026, 11, 23),
        as_of=datetime(2026, 11, 20, 0, 36, 47, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("status", "sub_status", "stage"),
    [
        ("NotFound", "NotFound_Other", None),
        ("InfoReceived", "InfoReceived", Stage.INFO_RECEIVED),
        ("InTransit", "InTransit_PickedUp", Stage.PICKED_UP),
        ("InTransit", "InTransit_Other", Stage.IN_TRANSIT),
        ("InTransit", "InTransit_CustomsProcessing", Stage.IN_TRANSIT),
        ("InTransit", None, Stage.IN_TRANSIT),
        ("Expired", "Expired_Other", Stage.EXCEPTION),
        ("AvailableForPickup", "AvailableForPickup_Other", Stage.AVAILABLE_FOR_PICKUP),
        ("OutForDelivery", "OutForDelivery_Other", Stage.OUT_FOR_DELIVERY),
        ("DeliveryFailure", "DeliveryFailure_NoBody", Stage.ATTEMPT_FAILED),
        ("DeliveryFailure", "DeliveryFailure_Rejected", Stage.ATTEMPT_FAILED),
        ("Delivered", "Delivered_Other", Stage.DELIVERED),
        ("Exception", "Exception_Delayed", Stage.EXCEPTION),
        ("Exception", "Exception_Returning", Stage.RETURNING),
        ("Exception", "Exception_Returned", Stage.RETURNED),
        ("Exception", "Exception_Lost", Stage.LOST),
        ("Exception", "Exception_Cancel", Stage.CANCELLED),
    ],
)
def test_a_sub_status_tells_more_than_the_status(status: str, sub_status: str | None, stage: Stage | None) -> None:
    answer = one(seventeen(accepted("1", status, sub_status)))
    assert (answer.stage, answer.code, answer.warnings) == (stage, sub_status or status, ())


def test_an_invalid_code_is_an_invalid_number() -> None:
    answer = one(seventeen(accepted("1", "NotFound", "NotFound_InvalidCode")))
    assert (answer.stage, answer.invalid, answer.found) == (Stage.INVALID_NUMBER, True, False)


def test_delivered_minutes_before_out_for_delivery_stays_the_latest() -> None:
    answer = one(seventeen(accepted("1", "Delivered", "Delivered_Other", GONE, OUT)))
    assert answer.stage is Stage.DELIVERED
    assert [point.stage for point in answer.checkpoints] == [Stage.DELIVERED, Stage.OUT_FOR_DELIVERY]


def test_an_unknown_status_is_never_guessed() -> None:
    odd = event("Teleported_Other", "2026-11-20T08:35:22-08:00", "DELIVERED")
    answer = one(seventeen(accepted("1", "Teleported", "Teleported_Other", odd)))
    assert (answer.stage, answer.checkpoints[0].stage) == (None, None)
    assert any("Teleported" in warning for warning in answer.warnings)


def test_an_unknown_sub_status_of_a_known_status_is_read_by_the_status_and_said() -> None:
    answer = one(seventeen(accepted("1", "InTransit", "InTransit_Sung")))
    assert answer.stage is Stage.IN_TRANSIT
    assert answer.warnings == ('The code "InTransit_Sung" is not known; InTransit is taken.',)


def test_events_that_name_only_a_stage_are_read_by_it() -> None:
    bare = {"time_utc": "2026-11-20T16:35:22Z", "description": "Left", "stage": "Departure"}
    answer = one(seventeen(accepted("1", "InTransit", "InTransit_Departure", bare)))
    assert [(point.stage, point.code) for point in answer.checkpoints] == [(Stage.IN_TRANSIT, "Departure")]


def test_the_latest_event_takes_the_meaning_of_the_latest_status_when_it_has_none() -> None:
    bare = {"time_iso": "2026-11-20T16:35:22-08:00", "description": "DELIVERED", "stage": None}
    answer = one(seventeen(accepted("1", "Delivered", "Delivered_Other", bare)))
    assert [(point.stage, point.code) for point in answer.checkpoints] == [(Stage.DELIVERED, "Delivered_Other")]


def test_a_carriers_own_time_without_a_zone_is_that_of_the_carrier() -> None:
    raw = {"time_iso": None, "time_utc": None, "time_raw": {"date": "2026-11-20", "time": "14:23:00", "timezone": None}}
    late = event("Delivered_Other", None, "Entregue") | raw
    taken = event("InTransit_PickedUp", "2026-11-18T10:12:00-03:00", "Postado")
    [_, last] = one(seventeen(accepted("AA123456785BR", "Delivered", "Delivered_Other", late, taken))).checkpoints
    assert (last.happened_at, last.zone_assumed) == (datetime(2026, 11, 20, 19, 23, tzinfo=UTC), True)


def test_a_carriers_own_time_may_have_a_zone_or_no_hour() -> None:
    zoned = {"time_raw": {"date": "2026-11-20", "time": "14:23:00", "timezone": "+09:00"}, "sub_status": "InTransit_Other"}
    day_only = {"time_raw": {"date": "2026-11-19", "time": "------", "timezone": "+09:00"}, "sub_status": "InTransit_Other"}
    times = [point.happened_at for point in one(seventeen(accepted("1", "InTransit", None, zoned, day_only))).checkpoints]
    assert times == [datetime(2026, 11, 18, 15, tzinfo=UTC), datetime(2026, 11, 20, 5, 23, tzinfo=UTC)]


def test_the_same_event_of_two_providers_is_one() -> None:
    entry = accepted("1", "Delivered", "Delivered_Other", GONE)
    entry["track_info"]["tracking"]["providers"] *= 2
    assert len(one(seventeen(entry)).checkpoints) == 1


@pytest.mark.parametrize(
    ("code", "invalid", "stage"),
    [(-18019909, False, None), (-18019902, False, None), (-18019903, False, None), (-18010012, True, Stage.INVALID_NUMBER)],
)
def test_a_rejected_number_is_not_known_or_not_valid(code: int, invalid: bool, stage: Stage | None) -> None:
    answer = one(seventeen(rejected=(rejected("1234", code, "why"),)))
    assert (answer.number, answer.found, answer.invalid, answer.stage) == ("1234", False, invalid, stage)


def test_accepted_and_rejected_stand_side_by_side() -> None:
    answers = seventeen_track.parse(
        seventeen(accepted("1", "Delivered", "Delivered_Other"), rejected=(rejected("2", -18019909),)), RULES
    )
    assert [(answer.number, answer.found) for answer in answers] == [("1", True), ("2", False)]


def test_a_webhook_is_read_like_a_response() -> None:
    hook = {"event": "TRACKING_UPDATED", "data": accepted("1", "Delivered", "Delivered_Other", GONE, LABEL)}
    assert one(hook) == one(seventeen(accepted("1", "Delivered", "Delivered_Other", GONE, LABEL)))


def test_a_webhook_about_a_stopped_number_says_nothing() -> None:
    answer = one({"event": "TRACKING_STOPPED", "data": {"number": "1", "carrier": 2151, "param": None, "tag": ""}})
    assert (answer.number, answer.stage, answer.checkpoints) == ("1", None, ())


def test_statuses_beside_the_track_info_are_found_too() -> None:
    entry = accepted("1", "Delivered", "Delivered_Other", GONE)
    flat = {"number": "1", "carrier": 3011, **entry["track_info"], "track_info": {"shipping_info": {}}}
    assert one({"event": "TRACKING_UPDATED", "data": flat}).stage is Stage.DELIVERED


def test_version_1_is_read() -> None:
    newest = {"a": "2026-11-20 16:04", "c": "SEOUL", "d": "", "z": "Delivered"}
    older = {"a": "2026-11-18 09:00", "c": "BEIJING", "d": None, "z": "Accepted"}
    track = {"b": 301, "c": 1103, "e": 40, "w1": 3011, "z0": newest, "z1": [], "z2": [newest, older]}
    answer = one({"code": 0, "data": {"accepted": [{"number": "RR1", "carrier": 3011, "track": track}], "rejected": []}})
    assert (answer.stage, answer.code) == (Stage.DELIVERED, "40")
    assert [(point.stage, point.text) for point in answer.checkpoints] == [(None, "Accepted"), (Stage.DELIVERED, "Delivered")]


def test_the_form_of_the_website_is_read() -> None:
    entry = accepted("1", "Delivered", "Delivered_Other", GONE)
    payload = {
        "meta": {"code": 200},
        "shipments": [{"number": "1", "carrier": 100002, "code": 200, "shipment": entry["track_info"]}],
    }
    assert one(payload) == one(seventeen(entry))
    assert one({"meta": {"code": 200}, "shipments": [{"number": "2", "code": 400, "shipment": None}]}).found is False


def test_a_failure_with_200_changes_nothing_and_is_said() -> None:
    answer = one({"code": -18010002, "data": {"errors": [{"code": -18010002, "message": "Access token is invalid."}]}}, UPS)
    assert (answer.stage, answer.found, answer.warnings) == (None, True, ("17TRACK does not accept the key.",))


@pytest.mark.parametrize("payload", [None, 7, "text", {}, {"code": 0}, {"data": {}}, {"shipments": 3}, {"meta": {"code": 200}}])
def test_what_is_no_answer_of_the_service_is_refused(payload: Any) -> None:
    with pytest.raises(Refused, match="not an answer of 17TRACK"):
        seventeen_track.parse(payload, RULES)


def test_an_empty_answer_says_nothing_of_any_number() -> None:
    assert seventeen_track.parse(seventeen(), RULES) == []


def test_numbers_are_asked_with_the_carriers_code_where_it_has_one() -> None:
    wire = Wire(seventeen(accepted(UPS.invoice_no, "Delivered", "Delivered_Other"), rejected=(rejected("1", -18019909),)))
    answers = ask(wire, UPS, Number("japan_post", "1"))
    assert wire.sent == [("/track/v2.4/gettrackinfo", [{"number": UPS.invoice_no, "carrier": 100002}, {"number": "1"}])]
    assert [answer.found for answer in answers.values() if isinstance(answer, TrackingAnswer)] == [True, False]


def test_unregistered_numbers_are_registered_and_known_later() -> None:
    told = {"code": 0, "data": {"accepted": [{"origin": 1, "number": SF.invoice_no, "carrier": 100012}], "rejected": []}}
    wire = Wire(seventeen(rejected=(rejected(SF.invoice_no, -18019902),)), told)
    answers = ask(wire, SF)
    assert wire.sent[1] == ("/track/v2.4/register", [{"number": SF.invoice_no, "carrier": 100012}])
    assert answers == {SF: TrackingAnswer(SF.invoice_no, carrier="sf", found=False)}


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (-18010002, TroubleKind.REFUSED),
        (-18010014, TroubleKind.LIMITED),
        (-18019908, TroubleKind.LIMITED),
        (-18010003, TroubleKind.FAULTY),
        (-18010013, TroubleKind.MALFORMED),
    ],
)
def test_a_failure_of_the_whole_call_is_its_trouble(code: int, kind: TroubleKind) -> None:
    with pytest.raises(Failed) as failed:
        ask(Wire({"code": code, "data": {"errors": [{"code": code, "message": "no"}]}}), UPS)
    assert failed.value.trouble.kind is kind


def test_a_number_the_service_passes_over_is_a_trouble() -> None:
    answers = ask(Wire(seventeen(accepted("1", "Delivered", None))), UPS)
    assert answers == {UPS: Trouble(TroubleKind.MALFORMED, "17TRACK did not answer for this number.")}


BODY = b'{"event":"TRACKING_UPDATED","data":{"number":"RR123456789CN","carrier":3011}}'
SIGN = "aa8d5bab7388b05fb624c0dbb8275fcd36b159a03493323aec51db857d9cde36"  # openssl dgst -sha256 of body/key-of-the-shop


def test_a_webhook_signed_with_the_key_is_accepted() -> None:
    access = Access(key="key-of-the-shop")
    assert seventeen_track.signed({"sign": SIGN}, BODY, access)
    assert seventeen_track.signed({"SIGN": SIGN.upper()}, BODY, access)


@pytest.mark.parametrize(
    ("headers", "body", "access"),
    [
        ({"sign": SIGN}, BODY + b" ", Access(key="key-of-the-shop")),
        ({"sign": SIGN}, BODY, Access(key="another")),
        ({"sign": SIGN[:-1] + "0"}, BODY, Access(key="key-of-the-shop")),
        ({"sign": ""}, BODY, Access(key="key-of-the-shop")),
        ({}, BODY, Access(key="key-of-the-shop")),
        ({"sign": "\udcff\u00e9"}, BODY, Access(key="key-of-the-shop")),
        ({"sign": "d79ae5d06ce7ab9f7e9f7b1d4ba2ad8dbd0c1b4a8c4d5f0c5a5f1f6b2d3c4e5f"}, BODY, Access()),
    ],
    ids=["other body", "other key", "near miss", "empty", "none", "no ASCII", "no key set"],
)
def test_any_other_webhook_is_not_signed(headers: dict[str, str], body: bytes, access: Access) -> None:
    assert not seventeen_track.signed(headers, body, access)
