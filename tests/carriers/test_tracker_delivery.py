"""tracker.delivery: recorded-like payload in, whole answer out."""

from datetime import UTC, datetime
from typing import Any

import pytest

from core.carriers import tracker_delivery
from core.carriers.service import Access, Failed, Number, Reply, TrackingAnswer, Trouble, TroubleKind
from core.domain.errors import Refused
from core.domain.shipment import Checkpoint, Stage
from tests.builders import RULES, local
from tests.carriers.payloads import graphql_error, node, track

CJ, HANJIN = Number("cj", "632976615493"), Number("hanjin", "530727039920")
TAKEN = node("AT_PICKUP", "2026-11-19T18:02:00.000+09:00", "보내시는 고객님으로부터 상품을 인수받았습니다", "강남")
MOVED = node("IN_TRANSIT", "2026-11-19T22:40:00.000+09:00", "물류터미널로 상품이 이동중입니다.", "옥천HUB")
OUT = node("OUT_FOR_DELIVERY", "2026-11-20T09:30:00.000+09:00", "배달 출발하였습니다.", "분당")
GONE = node("DELIVERED", "2026-11-20T09:21:00.000+09:00", "배달이 완료되었습니다.", "분당")


def one(payload: Any, *numbers: Number) -> TrackingAnswer:
    [answer] = tracker_delivery.parse(payload, RULES, numbers)
    return answer


class Wire:
    """Keeps what was sent and replies what it was given."""

    def __init__(self, *replies: Any) -> None:
        self.sent: list[Any] = []
        self.headers: list[Any] = []
        self._replies = list(replies)

    def post(self, path: str, *, json: Any, headers: Any = None) -> Reply:
        self.sent.append((path, json))
        self.headers.append(headers)
        return Reply(200, self._replies.pop(0))

    def get(self, path: str, *, params: Any = None, headers: Any = None) -> Reply:
        raise AssertionError("this service is never asked by GET")


def ask(wire: Wire, *numbers: Number) -> dict[Number, TrackingAnswer | Trouble]:
    return tracker_delivery.ask(wire, Access(key="id", secret="secret"), numbers, RULES)


def test_a_response_becomes_a_whole_answer() -> None:
    assert one({"data": {"track": track(TAKEN, MOVED)}}, CJ) == TrackingAnswer(
        number="632976615493",
        stage=Stage.IN_TRANSIT,
        code="IN_TRANSIT",
        checkpoints=(
            Checkpoint(
                datetime(2026, 11, 19, 9, 2, tzinfo=UTC),
                Stage.PICKED_UP,
                code="AT_PICKUP",
                place="강남",
                text="보내시는 고객님으로부터 상품을 인수받았습니다",
                local_at=local("2026-11-19T18:02:00"),
            ),
            Checkpoint(
                datetime(2026, 11, 19, 13, 40, tzinfo=UTC),
                Stage.IN_TRANSIT,
                code="IN_TRANSIT",
                place="옥천HUB",
                text="물류터미널로 상품이 이동중입니다.",
                local_at=local("2026-11-19T22:40:00"),
            ),
        ),
        carrier="cj",
        as_of=datetime(2026, 11, 19, 13, 40, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("code", "stage"),
    [
        ("UNKNOWN", None),
        ("INFORMATION_RECEIVED", Stage.INFO_RECEIVED),
        ("AT_PICKUP", Stage.PICKED_UP),
        ("IN_TRANSIT", Stage.IN_TRANSIT),
        ("OUT_FOR_DELIVERY", Stage.OUT_FOR_DELIVERY),
        ("AVAILABLE_FOR_PICKUP", Stage.AVAILABLE_FOR_PICKUP),
        ("ATTEMPT_FAIL", Stage.ATTEMPT_FAILED),
        ("EXCEPTION", Stage.EXCEPTION),
        ("DELIVERED", Stage.DELIVERED),
    ],
)
def test_every_code_has_its_stage_and_none_is_unknown(code: str, stage: Stage | None) -> None:
    answer = one(track(node(code, "2026-11-20T09:00:00+09:00")), CJ)
    assert (answer.stage, answer.checkpoints[0].stage, answer.warnings) == (stage, stage, ())


def test_the_latest_status_is_the_last_event_not_the_last_of_the_list() -> None:
    answer = one({"data": {"track": track(GONE, OUT, last=GONE)}}, CJ)
    assert answer.stage is Stage.DELIVERED
    assert [point.stage for point in answer.checkpoints] == [Stage.DELIVERED, Stage.OUT_FOR_DELIVERY]


def test_a_last_event_missing_from_the_list_is_a_checkpoint_all_the_same() -> None:
    answer = one({"data": {"track": track(TAKEN, last=GONE)}}, CJ)
    assert [point.stage for point in answer.checkpoints] == [Stage.PICKED_UP, Stage.DELIVERED]


def test_an_unknown_code_is_never_guessed() -> None:
    answer = one(track(TAKEN, node("TELEPORTED", "2026-11-20T09:00:00+09:00", "배달완료")), CJ)
    assert (answer.stage, answer.code, answer.checkpoints[1].stage) == (None, "TELEPORTED", None)
    assert answer.warnings == ('The code "TELEPORTED" is not known; it changes nothing.',)


def test_missing_times_places_and_lists_are_tolerated() -> None:
    assert one({"data": {"track": {"lastEvent": None, "events": None}}}, CJ).found is False
    answer = one(
        {"data": {"track": {"lastEvent": node("DELIVERED", "------"), "events": {"edges": [None, {"node": TAKEN}]}}}}, CJ
    )
    assert (answer.stage, len(answer.checkpoints)) == (Stage.DELIVERED, 2)


def test_aliases_belong_to_the_numbers_in_their_order() -> None:
    payload = {
        "data": {"t0": track(TAKEN), "t1": None, "t2": None},
        "errors": [graphql_error("NOT_FOUND", "없음", "t1"), graphql_error("BAD_REQUEST", "10자리 혹은 12자리", "t2")],
    }
    first, second, third = tracker_delivery.parse(payload, RULES, [CJ, HANJIN, Number("lotte", "1")])
    assert (first.number, first.carrier, first.stage) == ("632976615493", "cj", Stage.PICKED_UP)
    assert (second.number, second.found, second.invalid) == ("530727039920", False, False)
    assert (third.number, third.invalid, third.stage) == ("1", True, Stage.INVALID_NUMBER)


@pytest.mark.parametrize("code", ["UNAUTHENTICATED", "INTERNAL", "FORBIDDEN"])
def test_an_error_with_200_changes_nothing_and_is_said(code: str) -> None:
    answer = one({"data": None, "errors": [graphql_error(code, "no")]}, CJ)
    assert (answer.stage, answer.invalid, answer.checkpoints) == (None, False, ())
    assert answer.warnings == (f"tracker.delivery answered: {code}: no.",)


def test_a_callback_only_names_its_number() -> None:
    answer = one({"carrierId": "kr.cjlogistics", "trackingNumber": "632976615493"})
    assert (answer.number, answer.carrier, answer.stage, answer.found) == ("632976615493", "cj", None, True)


def test_the_older_rest_form_is_read() -> None:
    progress = {
        "time": "2026-11-20T09:21:00+09:00",
        "status": {"id": "delivered", "text": "배달완료"},
        "location": {"name": "분당"},
    }
    payload = {"carrier": {"id": "kr.hanjin"}, "state": {"id": "delivered", "text": "배달완료"}, "progresses": [progress]}
    answer = one(payload, HANJIN)
    assert (answer.stage, answer.carrier) == (Stage.DELIVERED, "hanjin")
    assert [(point.place, point.text) for point in answer.checkpoints] == [("분당", "배달완료")]


@pytest.mark.parametrize("payload", [None, 7, "text", {}, {"data": {}}, {"shipments": []}, {"data": {"accepted": []}}, [1]])
def test_what_is_no_answer_of_the_service_is_refused(payload: Any) -> None:
    with pytest.raises(Refused, match=r"not an answer of tracker\.delivery"):
        tracker_delivery.parse(payload, RULES)


def test_many_numbers_are_asked_in_one_call_with_the_key_in_the_header() -> None:
    wire = Wire({"data": {"t0": track(TAKEN), "t1": track(OUT)}})
    answers = ask(wire, CJ, HANJIN)
    [(path, body)] = wire.sent
    assert path == "/graphql"
    assert body["variables"] == {"c0": "kr.cjlogistics", "n0": CJ.invoice_no, "c1": "kr.hanjin", "n1": HANJIN.invoice_no}
    assert "t1: track(carrierId: $c1, trackingNumber: $n1)" in body["query"]
    assert wire.headers == [{"Authorization": "TRACKQL-API-KEY id:secret"}]
    assert [answer.stage for answer in answers.values() if isinstance(answer, TrackingAnswer)] == [
        Stage.PICKED_UP,
        Stage.OUT_FOR_DELIVERY,
    ]


def test_trouble_with_one_number_leaves_the_others_their_answers() -> None:
    payload = {"data": {"t0": track(TAKEN), "t1": None}, "errors": [graphql_error("INTERNAL", "Internal error", "t1")]}
    answers = ask(Wire(payload), CJ, HANJIN)
    assert isinstance(answers[CJ], TrackingAnswer)
    assert answers[HANJIN] == Trouble(TroubleKind.FAULTY, "tracker.delivery answered: INTERNAL: Internal error.")


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("UNAUTHENTICATED", TroubleKind.REFUSED),
        ("INTERNAL", TroubleKind.FAULTY),
        ("RESOURCE_EXHAUSTED", TroubleKind.LIMITED),
        ("BAD_REQUEST", TroubleKind.MALFORMED),
    ],
)
def test_an_error_of_the_whole_call_is_its_trouble(code: str, kind: TroubleKind) -> None:
    with pytest.raises(Failed) as failed:
        ask(Wire({"data": None, "errors": [graphql_error(code, "no")]}), CJ)
    assert failed.value.trouble.kind is kind


def test_a_carrier_without_a_name_at_the_service_is_not_asked_about() -> None:
    ups, wire = Number("ups", "1Z999AA10123456784"), Wire()
    assert ask(wire, ups) == {ups: Trouble(TroubleKind.REFUSED, "tracker.delivery does not know this shipping company.")}
    assert wire.sent == []


def test_a_callback_carries_no_signature() -> None:
    assert tracker_delivery.signed({"sign": "x"}, b"{}", Access(secret="secret")) is False
