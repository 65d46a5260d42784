"""A recorded answer explained: to programs as JSON, to people as lines, by the service and by the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.__main__ import main
from core.domain.errors import Refused
from core.services.tracking.explain import Explanation, explain
from tests.builders import RULES
from tests.carriers.payloads import (
    accepted,
    checkpoint,
    detail,
    event,
    graphql_error,
    node,
    rejected,
    seventeen,
    ship24_tracking,
    sweet,
    sweet_answer,
    sweet_error,
    track,
    tracker,
    tracking,
)

SHAPE = {
    "number", "stage", "status", "detail", "delivered_at", "picked_up_at", "first_attempt_at", "attempts", "returned",
    "returning", "notes", "checkpoints", "warnings",
}  # fmt: skip
LABEL = event("InfoReceived", "2026-11-18T22:43:08-08:00", "Label made", "US")
TAKEN = event("InTransit_PickedUp", "2026-11-19T16:36:47-08:00", "Origin Scan", "Ontario, CA, US")
GONE = event("Delivered_Other", "2026-11-20T08:35:22-08:00", "DELIVERED", "Gasquet, CA, US")


def explained(service: str, payload: Any) -> dict[str, Any]:
    return explain(service, [json.dumps(payload).encode()], RULES).as_json()


def typed(tmp_path: Path, payload: bytes, *arguments: str, service: str = "17track") -> int:
    file = tmp_path / "answer.json"
    file.write_bytes(payload)
    return main(["explain", service, str(file), *arguments])


def test_an_answer_is_explained_whole() -> None:
    payload = seventeen(accepted("1Z999AA10123456784", "InTransit", "InTransit_PickedUp", TAKEN, LABEL))
    assert explained("17TRACK", payload) == {
        "number": "1Z999AA10123456784",
        "stage": "picked_up",
        "status": "released",
        "detail": "dispatched",
        "delivered_at": None,
        "picked_up_at": "2026-11-20T00:36:47+00:00",
        "first_attempt_at": None,
        "attempts": 0,
        "returned": False,
        "returning": False,
        "notes": [],
        "checkpoints": [
            {
                "at": "2026-11-19T06:43:08+00:00",
                "stage": "info_received",
                "code": "InfoReceived",
                "place": "US",
                "text": "Label made",
                "counts": True,
                "why": "counts",
            },
            {
                "at": "2026-11-20T00:36:47+00:00",
                "stage": "picked_up",
                "code": "InTransit_PickedUp",
                "place": "Ontario, CA, US",
                "text": "Origin Scan",
                "counts": True,
                "why": "counts",
            },
        ],
        "warnings": [],
    }


@pytest.mark.parametrize(
    ("service", "payload", "stage", "status"),
    [
        ("tracker.delivery", track(node("DELIVERED", "2026-11-20T09:00:00+09:00"), node("OUT_FOR_DELIVERY", "2026-11-20T09:05:00+09:00"), last=node("DELIVERED", "2026-11-20T09:00:00+09:00")), "delivered", "delivered"),
        ("tracker.delivery", {"data": {"track": None}, "errors": [graphql_error("NOT_FOUND", "none", "track")]}, None, "preparing_to_ship"),
        ("17track", seventeen(accepted("1", "NotFound", "NotFound_Other")), None, "preparing_to_ship"),
        ("17track", seventeen(rejected=(rejected("1", -18010012, "bad"),)), "invalid_number", "preparing_to_release"),
        ("17track", seventeen(accepted("1", "Exception", "Exception_Returned")), "returned", "shipping_failed"),
        ("aftership", tracking("Delivered", "Delivered_001", checkpoint("InfoReceived", None, "2026-11-18T10:00:00Z")), "delivered", "delivered"),
        ("aftership", tracking("AttemptFail", "AttemptFail_001"), "attempt_failed", "shipping_failed"),
        ("aftership", tracking("InTransit", "InTransit_002", checkpoint("InTransit", "InTransit_002", "2026-11-18T10:00:00Z")), "picked_up", "released"),
        ("easypost", tracker("delivered"), "delivered", "delivered"),
        ("easypost", tracker("in_transit", detail("in_transit", "2026-11-18T10:00:00Z", detail="return")), "in_transit", "shipping_failed"),
        ("ship24", {"data": {"trackings": [ship24_tracking("failed_attempt", "delivery_attempted")]}}, "attempt_failed", "shipping_failed"),
        ("ship24", {"errors": [{"code": "parcel_not_found", "message": "none"}], "data": None}, None, "preparing_to_ship"),
        ("sweettracker", sweet_answer(6, sweet(2, "2026-11-18 10:00:00", "집화처리"), sweet(6, "2026-11-19 10:00:00", "배송완료")), "delivered", "delivered"),
        ("스마트택배", sweet_error("104"), None, "preparing_to_ship"),
        ("dhl", {"title": "No result found", "detail": "none", "status": 404, "instance": "/shipment/1"}, None, "preparing_to_ship"),
    ],
)  # fmt: skip
def test_the_status_is_the_one_a_shipment_with_that_number_would_have(
    service: str, payload: Any, stage: str | None, status: str
) -> None:
    said = explained(service, payload)
    assert (said["stage"], said["status"], set(said)) == (stage, status, SHAPE)


def test_an_unknown_code_has_no_stage_and_is_named() -> None:
    said = explained("17track", seventeen(accepted("1", "Teleported", None, event("Teleported_Other", "2026-11-20T08:00:00Z"))))
    assert (said["stage"], said["checkpoints"][0]["stage"], said["status"]) == (None, None, "preparing_to_ship")
    assert [warning for warning in said["warnings"] if "Teleported" in warning] != []


def test_a_number_used_before_is_read_to_its_last_journey() -> None:
    old = [checkpoint("InTransit", None, "2019-05-01T10:00:00Z"), checkpoint("Delivered", None, "2019-05-03T10:00:00Z")]
    new = [checkpoint("InfoReceived", None, "2026-11-18T10:00:00Z"), checkpoint("InTransit", None, "2026-11-19T10:00:00Z")]
    assert explained("aftership", tracking("InTransit", None, *old, *new))["status"] == "released"


def test_several_numbers_are_the_first_and_the_others_by_name() -> None:
    said = explained("17track", seventeen(accepted("1", "Delivered", None, GONE), accepted("2", "InTransit", None, TAKEN)))
    assert (said["number"], said["warnings"]) == ("1", ["The answer is about further numbers, too: 2."])
    assert [(other["number"], other["stage"], set(other)) for other in said["others"]] == [("2", "in_transit", SHAPE)]


def test_an_answer_about_no_number_says_so() -> None:
    said = explained("17track", seventeen())
    assert said == Explanation(warnings=("This answer of 17TRACK says nothing of any number.",)).as_json()


@pytest.mark.parametrize(
    ("service", "recorded", "sentence"),
    [
        ("17track", b"<html>", "The file is no JSON"),
        ("17track", b"", "The file is no JSON"),
        ("17track", b"\xff\xfe\x00", "The file is no JSON"),
        ("17track", b"[" * 100_000, "The file is no JSON"),
        ("17track", b'{"shipments": []}', "This is not an answer of 17TRACK"),
        ("pigeon", b"{}", "pigeon is no tracking service that is known here"),
    ],
)
def test_what_is_no_answer_is_refused_in_one_sentence(service: str, recorded: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        explain(service, [recorded], RULES)


def test_a_byte_order_mark_does_not_matter() -> None:
    payload = json.dumps(seventeen(accepted("1", "Delivered", None, GONE))).encode("utf-8-sig")
    assert explain("17track", [payload], RULES).number == "1"


def test_a_byte_that_is_no_text_spoils_only_its_own_word() -> None:
    payload = json.dumps(seventeen(accepted("1", "Delivered", None, GONE))).encode()
    broken = payload.replace(b"Gasquet", b"Gasq\xffet")
    assert broken != payload
    assert explain("17track", [broken], RULES).number == "1"


def test_the_command_line_prints_one_json_object(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    payload = json.dumps(seventeen(accepted("1", "Delivered", "Delivered_Other", GONE))).encode()
    assert typed(tmp_path, payload, "--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["number"], said["stage"], said["status"]) == ("1", "delivered", "delivered")


def test_the_command_line_prints_lines_for_people(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    odd = event("Teleported_Other", "2026-11-20T18:00:00Z", "Elsewhere")
    payload = json.dumps(
        seventeen(accepted("1", "Delivered", "Delivered_Other", odd, GONE), rejected=(rejected("2", -18019909),))
    )
    assert typed(tmp_path, payload.encode()) == 0
    assert capsys.readouterr().out.splitlines() == [
        "1: delivered, delivered",
        "2026-11-20 16:35 UTC  delivered              [Delivered_Other]  Gasquet, CA, US  DELIVERED",
        "2026-11-20 18:00 UTC  ?                      [Teleported_Other]  Elsewhere",
        'Note: The code "Teleported_Other" is not known; it changes nothing.',
        "Note: The answer is about further numbers, too: 2.",
        "",
        "2: no stage, preparing_to_ship",
    ]


@pytest.mark.parametrize(("service", "recorded"), [("17track", b"{"), ("17track", b"{}"), ("pigeon", b"{}")])
def test_the_command_line_keeps_its_shape_when_it_refuses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], service: str, recorded: bytes
) -> None:
    assert typed(tmp_path, recorded, "--json", service=service) == 1
    said = json.loads(capsys.readouterr().out)
    assert said | {"warnings": None} == Explanation().as_json() | {"warnings": None}
    assert len(said["warnings"]) == 1


def test_a_missing_file_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "17track", str(tmp_path / "nothing.json")]) == 1
    assert "cannot be read" in capsys.readouterr().err
