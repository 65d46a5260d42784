"""SweetTracker: recorded-like payload in, whole answer out."""

import logging
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from core.carriers import sweettracker
from core.carriers.client import Client
from core.carriers.service import Access, Failed, Number, Reply, TrackingAnswer, Trouble, TroubleKind
from core.domain.errors import Refused
from core.domain.shipment import Checkpoint, Hint, Stage, ZoneFrom
from tests.builders import RULES, local
from tests.carriers.payloads import sweet, sweet_answer, sweet_error
from tests.carriers.serving import Said, a_carrier, in_turn, said

CJ, YAMATO = Number("cj", "632976615493"), Number("yamato", "444413758703")
TAKEN = sweet(2, "2026-11-18 18:02:11", "집화처리", "서울강남")
MOVED = sweet(3, "2026-11-18 21:40", "간선상차", "곤지암Hub")
OUT = sweet(5, "2026-11-19 09:10:00", "배송출발", "부산")
GONE = sweet(6, "2026-11-19 13:30:00", "배송완료", "부산")
KEY = "open-sesame"


def one(payload: Any, *numbers: Number) -> TrackingAnswer:
    [answer] = sweettracker.parse(payload, RULES, numbers)
    return answer


class Wire:
    """Keeps what was sent and replies what it was given."""

    def __init__(self, reply: Reply) -> None:
        self.sent: list[Any] = []
        self._reply = reply

    def get(self, path: str, *, params: Any = None, headers: Any = None) -> Reply:
        raise AssertionError("this service is never asked by GET: the key would be in the address")

    def post(self, path: str, *, json: Any, headers: Any = None) -> Reply:
        self.sent.append((path, json, headers))
        return self._reply


def ask(reply: Reply, number: Number = CJ) -> TrackingAnswer | Trouble:
    return sweettracker.ask(Wire(reply), Access(key="key"), [number], RULES)[number]


def test_a_response_becomes_a_whole_answer_in_the_time_of_korea_and_without_anybody_in_it() -> None:
    answer = one(sweet_answer(3, TAKEN, MOVED), CJ)
    assert answer == TrackingAnswer(
        number="632976615493",
        stage=Stage.IN_TRANSIT,
        code="3",
        checkpoints=(
            Checkpoint(
                datetime(2026, 11, 18, 9, 2, 11, tzinfo=UTC),
                Stage.PICKED_UP,
                code="2",
                place="서울강남",
                text="집화처리",
                zone_from=ZoneFrom.PLACE,
                local_at=local("2026-11-18T18:02:11"),
            ),
            Checkpoint(
                datetime(2026, 11, 18, 12, 40, tzinfo=UTC),
                Stage.IN_TRANSIT,
                code="3",
                place="곤지암Hub",
                text="간선상차",
                zone_from=ZoneFrom.PLACE,
                local_at=local("2026-11-18T21:40:00"),
            ),
        ),
        carrier="cj",
        warnings=("2 times came without a time zone; the zone of the place or of the carrier is assumed.",),
    )
    assert [person for person in ("홍*동", "김기사", "02-1234-5678") if person in str(answer)] == []


@pytest.mark.parametrize(
    ("level", "stage"),
    [
        (0, None),
        (1, Stage.INFO_RECEIVED),
        (2, Stage.PICKED_UP),
        (3, Stage.IN_TRANSIT),
        (4, Stage.IN_TRANSIT),
        (5, Stage.OUT_FOR_DELIVERY),
        (6, Stage.DELIVERED),
        ("6", Stage.DELIVERED),
    ],
)
def test_a_level_is_a_stage(level: Any, stage: Stage | None) -> None:
    answer = one(sweet_answer(level), CJ)
    assert (answer.stage, answer.code, answer.warnings) == (stage, str(level), ())


@pytest.mark.parametrize("level", [7, -99, "배달", 2.5])
def test_an_unknown_level_is_never_guessed(level: Any) -> None:
    answer = one(sweet_answer(level, sweet(level, "2026-11-18 18:02:11", "배송완료")), CJ)
    assert (answer.stage, answer.checkpoints[0].stage, answer.checkpoints[0].code) == (None, None, str(level))
    assert f'The code "{level}" is not known; it changes nothing.' in answer.warnings


@pytest.mark.parametrize("fields", [{"complete": True}, {"complete": None, "completeYN": "Y"}])
def test_complete_is_a_delivery_whatever_the_level_says(fields: dict[str, Any]) -> None:
    answer = one(sweet_answer(5, TAKEN, OUT, **fields), CJ)
    last = answer.checkpoints[-1]
    assert (answer.stage, last.stage, last.happened_at.hour, last.zone_from) == (
        Stage.DELIVERED, Stage.DELIVERED, 0, ZoneFrom.BORROWED,
    )  # fmt: skip


def test_a_number_without_data_yet_is_not_found_and_not_invalid() -> None:
    recorded = {"adUrl": None, "complete": False, "invoiceNo": "657606146365", "itemName": "", "level": 0, "result": "N", "estimate": None, "completeYN": "N"}  # fmt: skip
    answer = one(recorded)
    assert (answer.number, answer.found, answer.invalid, answer.checkpoints) == ("657606146365", False, False, ())


def test_the_last_line_counts_where_the_journey_is_missing_and_comes_once_where_it_is_not() -> None:
    assert [point.stage for point in one(sweet_answer(6, trackingDetails=None, lastDetail=GONE), CJ).checkpoints] == [
        Stage.DELIVERED
    ]
    assert len(one(sweet_answer(6, TAKEN, OUT, GONE), CJ).checkpoints) == 3


@pytest.mark.parametrize(
    ("written", "counted", "at"),
    [
        ("2026-11-18 18:02", 1, "2026-11-18T09:02:00+00:00"),
        ("", 1_795_000_000_000, "2026-11-18T11:06:40+00:00"),
        (None, 1_795_000_000_000, "2026-11-18T11:06:40+00:00"),
    ],
)
def test_a_time_is_read_as_written_else_as_counted(written: Any, counted: Any, at: str) -> None:
    [point] = one(sweet_answer(2, sweet(2, written, "집화처리", time=counted)), CJ).checkpoints
    assert point.happened_at.isoformat() == at


@pytest.mark.parametrize("counted", [0, -1, True, "1795000000000", 10**18, None, 1.5])
def test_a_time_that_is_none_leaves_its_line_out_and_says_so(counted: Any) -> None:
    answer = one(sweet_answer(2, sweet(2, "------", "집화처리", time=counted)), CJ)
    assert answer.checkpoints == () and "left out: 집화처리" in answer.warnings[0]


def test_words_of_a_return_leave_a_doubt_and_no_stage() -> None:
    [point] = one(sweet_answer(3, sweet(3, "2026-11-18 18:02:11", "반송출고")), CJ).checkpoints
    assert (point.stage, point.hint) == (Stage.IN_TRANSIT, Hint.RETURN)


def test_it_is_asked_with_its_code_and_the_key_in_the_body() -> None:
    wire = Wire(Reply(200, sweet_answer(6, TAKEN, GONE)))
    answer = sweettracker.ask(wire, Access(key=KEY), [CJ], RULES)[CJ]
    assert wire.sent == [("/api/v1/trackingInfo", {"t_key": KEY, "t_code": "04", "t_invoice": CJ.invoice_no}, None)]
    assert isinstance(answer, TrackingAnswer) and answer.stage is Stage.DELIVERED


def test_a_company_that_it_has_no_code_for_is_never_asked_about() -> None:
    wire = Wire(Reply(200, None))
    assert sweettracker.ask(wire, Access(), [YAMATO], RULES) == {
        YAMATO: Trouble(TroubleKind.REFUSED, "SweetTracker does not know this shipping company.")
    }
    assert wire.sent == []


def test_104_says_number_or_company_and_makes_no_number_invalid() -> None:
    answer = ask(Reply(200, sweet_error("104", "유효하지 않은 운송장번호 이거나 택배사 코드 입니다.")))
    assert isinstance(answer, TrackingAnswer)
    assert (answer.number, answer.found, answer.invalid, answer.stage) == (CJ.invoice_no, False, False, None)
    assert answer.warnings == ("SweetTracker answered: 104 유효하지 않은 운송장번호 이거나 택배사 코드 입니다.",)


def test_a_number_asked_too_often_today_is_left_alone_and_no_other_is() -> None:
    said = ask(Reply(200, sweet_error("105")))
    assert said == Trouble(TroubleKind.REFUSED, "SweetTracker answered: 105 no", timedelta(hours=6))


@pytest.mark.parametrize(
    ("code", "kind", "words"),
    [
        ("101", TroubleKind.REFUSED, "SweetTracker does not accept the key."),
        ("102", TroubleKind.REFUSED, "SweetTracker does not accept the key."),
        ("103", TroubleKind.LIMITED, "SweetTracker answered: 103 no"),
        ("106", TroubleKind.FAULTY, "SweetTracker answered: 106 no"),
        ("999", TroubleKind.FAULTY, "SweetTracker answered: 999 no"),
    ],
)
def test_an_error_in_an_answer_of_200_is_a_trouble(code: str, kind: TroubleKind, words: str) -> None:
    with pytest.raises(Failed) as failed:
        ask(Reply(200, sweet_error(code)))
    assert failed.value.trouble == Trouble(kind, words)


@pytest.mark.parametrize("payload", [None, {"timestamp": 1, "status": 415, "error": "Unsupported Media Type"}])
def test_an_http_error_is_never_read_as_a_number_without_news(payload: Any) -> None:
    with pytest.raises(Failed) as failed:
        ask(Reply(415, payload))
    assert failed.value.trouble == Trouble(TroubleKind.MALFORMED, "SweetTracker answered 415.")


@pytest.mark.parametrize("payload", [None, 7, "text", {}, {"data": {}}, {"status": False}, {"level": 3}, {"shipments": []}])
def test_what_is_no_answer_of_the_service_is_refused(payload: Any) -> None:
    with pytest.raises(Refused, match="not an answer of SweetTracker"):
        sweettracker.parse(payload, RULES)


def test_it_sends_no_webhooks() -> None:
    assert not sweettracker.signed({"authorization": "Bearer key"}, b"{}", Access(key="key", secret="key"))


TROUBLED = [
    Said(401, b"{}"), Said(429, b"", {"Retry-After": "60"}), Said(500, b"<html>"), Said(200, b"{"), Said(200, b" " * (6 * 1024 * 1024)),
    said(sweet_error("101")), said(sweet_error("103")), said(sweet_error("106", KEY)), Said(302, headers={"Location": "/x"}),
]  # fmt: skip


@pytest.mark.parametrize("answer", TROUBLED, ids=lambda one: f"{one.status} {one.body[:24]!r}")
def test_the_key_is_in_no_address_no_log_and_no_trouble_whatever_comes_back(
    answer: Said, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG), a_carrier(in_turn(answer)) as carrier:
        client = Client({"sweettracker": Access(carrier.url, key=KEY, rate=1000)})
        trouble = client.ask("sweettracker", [CJ])[CJ]
        client.close()
    assert isinstance(trouble, Trouble)
    assert [words for words in (caplog.text, trouble.text, *(asked.path for asked in carrier.asked)) if KEY in words] == []
    assert all(KEY.encode() in asked.body for asked in carrier.asked)
