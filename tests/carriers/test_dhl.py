"""DHL Unified: recorded-like payload in, whole answer out."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from core.carriers import dhl
from core.carriers.service import Access, Failed, Number, Reply, TrackingAnswer, Trouble, TroubleKind
from core.domain.errors import Refused
from core.domain.shipment import Checkpoint, Stage, ZoneFrom
from tests.builders import RULES, local
from tests.carriers.payloads import dhl_event, shipment

PARCEL = Number("dhl", "00340434292135100124")
LABEL = dhl_event("pre-transit", "2026-11-18T10:33:00", "The instruction data have been sent", country="DE")
TAKEN = dhl_event("transit", "2026-11-18T18:02:00", "The shipment has been accepted", "Hamburg")
MOVED = dhl_event("transit", "2026-11-19T02:10:00", "The shipment has been processed", "Neumünster")
GONE = dhl_event("delivered", "2026-11-19T11:00:00", "The shipment has been delivered", "Berlin")
NOT_FOUND = {"title": "No result found", "detail": "No shipment.", "status": 404, "instance": "/shipment/8264715546"}


def one(payload: Any, *numbers: Number) -> TrackingAnswer:
    [answer] = dhl.parse(payload, RULES, numbers)
    return answer


class Wire:
    """Keeps what was sent and replies what it was given."""

    def __init__(self, reply: Reply) -> None:
        self.sent: list[Any] = []
        self._reply = reply

    def get(self, path: str, *, params: Any = None, headers: Any = None) -> Reply:
        self.sent.append((path, params, headers))
        return self._reply

    def post(self, path: str, *, json: Any, headers: Any = None) -> Reply:
        raise AssertionError("this service is never asked by POST")


def ask(reply: Reply) -> TrackingAnswer | Trouble:
    return dhl.ask(Wire(reply), Access(key="key"), [PARCEL], RULES)[PARCEL]


def test_a_response_becomes_a_whole_answer() -> None:
    record = shipment(MOVED, MOVED, TAKEN, LABEL, estimatedTimeOfDelivery="2026-11-20T00:00:00+01:00")
    assert one({"shipments": [record]}) == TrackingAnswer(
        number="00340434292135100124",
        stage=Stage.IN_TRANSIT,
        code="transit",
        checkpoints=(
            Checkpoint(
                datetime(2026, 11, 18, 9, 33, tzinfo=UTC),
                Stage.INFO_RECEIVED,
                code="pre-transit",
                place="DE",
                text="The instruction data have been sent",
                zone_from=ZoneFrom.PLACE,
                local_at=local("2026-11-18T10:33:00"),
            ),
            Checkpoint(
                datetime(2026, 11, 18, 17, 2, tzinfo=UTC),
                Stage.PICKED_UP,
                code="transit",
                place="Hamburg, DE",
                text="The shipment has been accepted",
                zone_from=ZoneFrom.PLACE,
                local_at=local("2026-11-18T18:02:00"),
                inferred=True,
            ),
            Checkpoint(
                datetime(2026, 11, 19, 1, 10, tzinfo=UTC),
                Stage.IN_TRANSIT,
                code="transit",
                place="Neumünster, DE",
                text="The shipment has been processed",
                zone_from=ZoneFrom.PLACE,
                local_at=local("2026-11-19T02:10:00"),
                inferred=True,
            ),
        ),
        carrier="dhl",
        estimated_on=date(2026, 11, 20),
        warnings=("3 times came without a time zone; the zone of the place or of the carrier is assumed.",),
        as_of=datetime(2026, 11, 19, 1, 10, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("code", "stage"),
    [
        ("unknown", None),
        ("pre-transit", Stage.INFO_RECEIVED),
        ("transit", Stage.PICKED_UP),
        ("failure", Stage.ATTEMPT_FAILED),
        ("delivered", Stage.DELIVERED),
    ],
)
def test_every_code_has_its_stage_and_none_is_unknown(code: str, stage: Stage | None) -> None:
    answer = one(shipment(dhl_event(code, "2026-11-19T11:00:00Z")))
    assert (answer.stage, answer.checkpoints[0].stage, answer.warnings) == (stage, stage, ())


@pytest.mark.parametrize("words", ["DELIVERED", "The shipment has been delivered", "OUT FOR DELIVERY", "returned to sender"])
def test_words_are_never_read_as_codes(words: str) -> None:
    answer = one(shipment(dhl_event(None, "2026-11-19T11:00:00Z", words)))
    assert (answer.stage, [point.stage for point in answer.checkpoints]) == (None, [None])
    answer = one(shipment(dhl_event("pre-transit", "2026-11-19T11:00:00Z", words)))
    assert answer.stage is Stage.INFO_RECEIVED


def test_a_code_in_the_place_of_the_words_is_taken_for_what_it_is() -> None:
    assert one(shipment(dhl_event(None, "2026-11-19T11:00:00Z", "delivered"))).stage is Stage.DELIVERED


def test_the_latest_status_is_the_shipments_own_and_no_event_twice() -> None:
    answer = one(shipment(GONE, LABEL, GONE, TAKEN))
    assert answer.stage is Stage.DELIVERED
    assert [point.stage for point in answer.checkpoints] == [Stage.INFO_RECEIVED, Stage.PICKED_UP, Stage.DELIVERED]


def test_the_latest_status_in_other_words_is_still_the_same_event() -> None:
    status = dhl_event("delivered", "2026-11-19T11:00:00Z", "Delivered")
    signed = dhl_event("delivered", "2026-11-19T11:00:00", "Delivered - Signed by ANNE LARSEN", "BERGEN", "NO")
    [point] = one(shipment(status, signed)).checkpoints
    assert (point.text, point.happened_at.hour, point.zone_assumed) == ("Delivered - Signed by ANNE LARSEN", 11, False)


def test_a_place_written_in_one_word_is_read() -> None:
    answer = one(shipment(None, {"timestamp": "2026-11-19T11:00:00Z", "statusCode": "transit", "location": "Stockholm"}))
    assert (answer.checkpoints[0].place, answer.warnings) == ("Stockholm", ())


def test_a_status_without_a_time_is_the_meaning_of_the_last_event() -> None:
    bare = dhl_event(None, "2026-11-19T11:00:00Z", "Delivered", "Atlanta", "US")
    [point] = one(shipment({"statusCode": "delivered", "description": "Delivered"}, bare)).checkpoints
    assert (point.stage, point.code, point.place) == (Stage.DELIVERED, "delivered", "Atlanta, US")


def test_an_unknown_code_is_never_guessed() -> None:
    answer = one(shipment(dhl_event("teleported", "2026-11-19T11:00:00Z", "Delivered")))
    assert (answer.stage, answer.code) == (None, "teleported")
    assert answer.warnings == ('The code "teleported" is not known; it changes nothing.',)


def test_a_number_sent_as_a_number_keeps_its_digits() -> None:
    assert one({"shipments": [shipment(GONE, id=7777777770)]}).number == "7777777770"


def test_missing_and_odd_fields_are_tolerated() -> None:
    answer = one({"shipments": [{"id": "1", "status": {"statusCode": "transit"}, "events": None}]})
    assert (answer.stage, answer.checkpoints) == (Stage.IN_TRANSIT, ())
    odd = one({"shipments": [{"id": None, "status": None, "events": [None, {"timestamp": 5, "location": ["here"]}]}]}, PARCEL)
    assert (odd.number, odd.stage) == (PARCEL.invoice_no, None)
    assert "location cannot be read." in odd.warnings


def test_not_found_is_an_answer() -> None:
    answer = one(NOT_FOUND)
    assert (answer.number, answer.found, answer.invalid) == ("8264715546", False, False)
    assert answer.warnings == ("DHL Unified answered: No result found. No shipment.",)


def test_another_problem_changes_nothing_and_is_said() -> None:
    answer = one({"title": "Unauthorized", "detail": "Unauthorized for given resource.", "status": 401}, PARCEL)
    assert (answer.stage, answer.found) == (None, True)


@pytest.mark.parametrize(
    "payload", [None, 7, "text", {}, {"data": {}}, {"title": "A page"}, {"code": 0, "data": {"accepted": []}}]
)
def test_what_is_no_answer_of_the_service_is_refused(payload: Any) -> None:
    with pytest.raises(Refused, match="not an answer of DHL Unified"):
        dhl.parse(payload, RULES)


def test_a_number_is_asked_with_the_key_in_the_header() -> None:
    wire = Wire(Reply(200, {"shipments": [shipment(GONE, GONE)]}))
    [answer] = dhl.ask(wire, Access(key="key"), [PARCEL], RULES).values()
    assert wire.sent == [("/track/shipments", {"trackingNumber": PARCEL.invoice_no}, {"DHL-API-Key": "key"})]
    assert isinstance(answer, TrackingAnswer)
    assert answer.stage is Stage.DELIVERED


@pytest.mark.parametrize("reply", [Reply(404, NOT_FOUND), Reply(404, None), Reply(200, {"shipments": []})])
def test_a_number_the_service_does_not_know_is_an_answer(reply: Reply) -> None:
    assert ask(reply) == TrackingAnswer(PARCEL.invoice_no, carrier="dhl", found=False)


def test_a_piece_of_a_shipment_keeps_the_number_that_was_asked() -> None:
    answer = ask(Reply(200, {"shipments": [shipment(GONE, id="JD014600006281230704")]}))
    assert isinstance(answer, TrackingAnswer)
    assert answer.number == PARCEL.invoice_no


def test_of_two_shipments_with_the_number_the_newer_counts() -> None:
    old = shipment(GONE | {"timestamp": "2019-11-19T11:00:00Z"})
    answer = ask(Reply(200, {"shipments": [old, shipment(TAKEN, TAKEN)]}))
    assert isinstance(answer, TrackingAnswer)
    assert answer.stage is Stage.PICKED_UP


def test_a_refused_call_is_a_trouble() -> None:
    with pytest.raises(Failed) as failed:
        ask(Reply(400, {"title": "Bad request", "detail": "Too short", "status": 400}))
    assert failed.value.trouble == Trouble(TroubleKind.MALFORMED, "DHL Unified answered: Bad request. Too short")


def test_this_service_sends_no_webhooks() -> None:
    assert dhl.signed({"sign": "x"}, b"{}", Access(secret="secret")) is False
