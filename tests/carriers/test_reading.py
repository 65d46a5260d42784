"""What is read of anything a service may send: texts, times, places, codes."""

from datetime import UTC, date, datetime
from itertools import permutations
from typing import Any

import pytest

from core.carriers.reading import (
    UNKNOWN,
    Inquiry,
    Manner,
    Notes,
    WrittenEvent,
    answer,
    day,
    document,
    joined,
    records,
    text,
    time,
)
from core.carriers.service import Number, TrackingAnswer
from core.domain.carriers import Carrier
from core.domain.shipment import Checkpoint, Stage
from tests.builders import RULES

STAGES = {"MOVING": Stage.IN_TRANSIT, "GONE": Stage.DELIVERED, "QUIET": None}


def a_scan(at: Any, stage: Stage | None = Stage.IN_TRANSIT, code: str = "MOVING", **fields: Any) -> WrittenEvent:
    return WrittenEvent(at, code, stage, **fields)


def told(
    *events: WrittenEvent, latest: WrittenEvent | None = None, carrier: Carrier = UNKNOWN, **manner: Any
) -> TrackingAnswer:
    return answer("1", carrier, latest or WrittenEvent(), events, Notes(), Manner(**manner))


def read(*events: WrittenEvent, **said: Any) -> tuple[Checkpoint, ...]:
    return told(*events, **said).checkpoints


def noon(day_of_month: int, hour: int = 12) -> datetime:
    return datetime(2026, 11, day_of_month, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    "body", [b'{"a": "b\xff"}', b'{"a": "b\xed\xa0\x80"}', '{"a": "bé"}'.encode("utf-16"), b'\xef\xbb\xbf{"a": "b"}']
)
def test_bytes_that_are_no_text_take_nothing_else_away(body: bytes) -> None:
    assert document(body)["a"][0] == "b"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("  Icheon\t hub ", "Icheon hub"),
        ("------", ""),
        ("-- : --", ""),
        ("null", ""),
        ("N/A", ""),
        ("", ""),
        (None, ""),
        (True, ""),
        (40, "40"),
        ({"a": 1}, ""),
        ("Deli\ud800vered\x00 \u202eback\u202c", "Delivered back"),
        ("\u200b", ""),
        ("x" * 501, "x" * 499 + "…"),
        (10**4000, "1" + "0" * 498 + "…"),
        (["a"], ""),
        ("0", "0"),
    ],
)
def test_a_text_is_trimmed_and_a_stand_in_for_missing_is_missing(value: Any, expected: str) -> None:
    assert text(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2026-11-20T12:00:00Z", noon(20)),
        ("2026-11-20T21:00:00.000+09:00", noon(20)),
        ("2026-11-20T21:00:00+0900", noon(20)),
        ("2026-11-20 21:00:00 +09:00", noon(20)),
        ("2026/11/20 12:00 Z", noon(20)),
        ("2026.11.20T12:00:00Z", noon(20)),
        ("2026-11-20T12:00:00", None),
        ("0001-01-01T00:00:00Z", None),
        ("9999-12-31T23:59:59-12:00", None),
        ("2026-13-45T99:00:00Z", None),
        ("------", None),
        ("tomorrow", None),
        (1_800_000_000, None),
        (None, None),
        ({"date": "2026-11-20"}, None),
    ],
)
def test_a_time_is_read_only_with_its_zone(value: Any, expected: datetime | None) -> None:
    assert time(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("2026-11-20", date(2026, 11, 20)), ("2026-11-20T23:30:00+09:00", date(2026, 11, 20)), ("soon", None), (None, None)],
)
def test_a_day_is_the_day_as_written(value: Any, expected: date | None) -> None:
    assert day(value) == expected


def test_a_place_names_each_part_once() -> None:
    assert joined("Seoul", None, "Seoul", "------", "KR") == "Seoul, KR"


def test_checkpoints_come_oldest_first_and_ties_by_progress() -> None:
    late, early = a_scan("2026-11-21T00:00:00Z"), a_scan("2026-11-20T00:00:00Z")
    gone = a_scan("2026-11-21T00:00:00Z", Stage.DELIVERED, "GONE", text="gone")
    assert [(one.happened_at.day, one.stage) for one in read(gone, late, early)] == [
        (20, Stage.IN_TRANSIT),
        (21, Stage.IN_TRANSIT),
        (21, Stage.DELIVERED),
    ]


def test_the_order_of_arrival_changes_nothing() -> None:
    scans = [
        a_scan("2026-11-20T12:00:00Z", text="Sorted", place="Icheon"),
        WrittenEvent("2026-11-20T12:00:00Z", text="Sorted"),
        a_scan("2026-11-20T12:00:00Z", text="Loaded"),
        a_scan("2026-11-19T12:00:00", country="KR"),
        a_scan("2026-11-20T12:00:00Z", Stage.DELIVERED, "GONE"),
    ]
    assert len({read(*order, first_transit=True) for order in permutations(scans)}) == 1


def test_the_same_event_twice_is_one_and_keeps_the_fuller_place() -> None:
    bare = a_scan("2026-11-20T12:00:00Z", text="Sorted")
    full = a_scan("2026-11-20T12:00:00Z", text="Sorted", place="Icheon")
    assert [one.place for one in read(bare, full, bare)] == ["Icheon"]


def test_the_same_event_without_its_code_is_the_one_with_it() -> None:
    [one] = read(WrittenEvent("2026-11-20T12:00:00Z", text="Sorted"), a_scan("2026-11-20T12:00:00Z", text="Sorted"))
    assert one.code == "MOVING"


def test_an_event_told_with_and_without_zone_is_one() -> None:
    [one] = read(a_scan("2026-11-20T12:00:00", text="x", country="NL"), a_scan("2026-11-20T12:00:00Z", text="x"))
    assert (one.happened_at, one.zone_assumed) == (noon(20), False)


def test_the_same_words_at_the_same_hour_of_two_zones_are_two_events() -> None:
    assert len(read(a_scan("2026-11-20T12:00:00+09:00", text="Sorted"), a_scan("2026-11-20T12:00:00Z", text="Sorted"))) == 2


@pytest.mark.parametrize(
    ("scan", "beside", "carrier", "hour"),
    [
        (a_scan("2026-11-20T21:00:00", country="KR"), [], "ups", 12),
        (a_scan("2026-11-20T21:00:00", country="KOR"), [a_scan("2026-11-19T00:00:00-03:00")], "", 12),
        (a_scan("2026-11-20T21:00:00", country="BR"), [a_scan("2026-11-19T00:00:00-03:00")], "yamato", 12),
        (a_scan("2026-11-20T12:00:00"), [a_scan("2026-11-19T00:00:00-03:00")], "", 12),
        (a_scan("2026-11-20T21:00:00"), [], "yamato", 12),
        (a_scan("2026-11-20T07:00:00"), [a_scan("2026-11-19T00:00:00Z")], "usps", 12),
        (a_scan("2026-11-20T12:00:00"), [], "", 12),
    ],
    ids=[
        "country",
        "country before others",
        "carrier before others",
        "never the others",
        "carrier",
        "carrier when others say UTC only",
        "UTC",
    ],
)
def test_a_time_without_a_zone_is_local_to_place_events_or_carrier(
    scan: WrittenEvent, beside: list[WrittenEvent], carrier: str, hour: int
) -> None:
    last = read(scan, *beside, carrier=RULES.carriers.get(carrier, UNKNOWN))[-1]
    assert (last.happened_at, last.zone_assumed) == (noon(20, hour), True)


def test_assumed_zones_are_said() -> None:
    said = told(a_scan("2026-11-20T12:00:00")).warnings
    assert said == ("1 time came without a time zone; the zone of the place or of the carrier is assumed.",)


def test_an_event_without_a_time_is_left_out_and_said() -> None:
    read_of = told(a_scan("------", text="Lost label"))
    assert read_of.checkpoints == ()
    assert read_of.warnings == ("An event without a time that can be read is left out: Lost label.",)


def test_the_latest_status_that_no_event_has_is_dated_by_the_latest_event() -> None:
    points = read(a_scan("2026-11-20T12:00:00Z", place="Icheon"), latest=WrittenEvent(code="GONE", stage=Stage.DELIVERED))
    assert (points[-1].stage, points[-1].code, points[-1].happened_at, points[-1].place) == (
        Stage.DELIVERED,
        "GONE",
        noon(20),
        "Icheon",
    )


def test_the_latest_status_becomes_the_meaning_of_the_latest_event_without_a_code() -> None:
    points = read(
        WrittenEvent("2026-11-20T12:00:00Z", text="Handed over"), latest=WrittenEvent(code="GONE", stage=Stage.DELIVERED)
    )
    assert [(one.stage, one.code, one.text) for one in points] == [(Stage.DELIVERED, "GONE", "Handed over")]


def test_the_latest_status_is_not_added_twice_nor_without_any_time() -> None:
    moved = a_scan("2026-11-20T12:00:00Z", Stage.PICKED_UP)
    assert len(read(moved, latest=WrittenEvent(code="MOVING", stage=Stage.IN_TRANSIT))) == 1
    assert read(latest=WrittenEvent(code="GONE", stage=Stage.DELIVERED)) == ()


def test_without_a_latest_status_the_last_event_that_means_something_counts() -> None:
    scans = [a_scan("2026-11-20T12:00:00Z"), WrittenEvent("2026-11-21T12:00:00Z", "QUIET", None)]
    read_of = told(*scans)
    assert (read_of.stage, read_of.code) == (Stage.IN_TRANSIT, "QUIET")


def test_an_unknown_latest_status_means_nothing_whatever_the_events_say() -> None:
    read_of = told(a_scan("2026-11-20T12:00:00Z"), latest=WrittenEvent(code="WARP"))
    assert (read_of.stage, read_of.code) == (None, "WARP")


def stages_of(*stages: Stage) -> list[Stage | None]:
    scans = [a_scan(f"2026-11-{day:02}T00:00:00Z", stage, str(day)) for day, stage in enumerate(stages, 10)]
    return [one.stage for one in read(*scans, first_transit=True)]


PICKED, TRANSIT, OUT, DONE, NEWS = (
    Stage.PICKED_UP,
    Stage.IN_TRANSIT,
    Stage.OUT_FOR_DELIVERY,
    Stage.DELIVERED,
    Stage.INFO_RECEIVED,
)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ((NEWS, TRANSIT, TRANSIT, DONE), [NEWS, PICKED, TRANSIT, DONE]),
        ((Stage.EXCEPTION, TRANSIT), [Stage.EXCEPTION, PICKED]),
        ((OUT, TRANSIT), [OUT, TRANSIT]),
        ((TRANSIT, DONE, TRANSIT), [PICKED, DONE, TRANSIT]),
        ((TRANSIT, DONE, NEWS, TRANSIT), [PICKED, DONE, NEWS, PICKED]),
    ],
)
def test_the_first_scan_in_transit_is_the_pick_up(given: tuple[Stage, ...], expected: list[Stage]) -> None:
    assert stages_of(*given) == expected


def test_a_known_finer_code_is_taken_before_the_coarser_one() -> None:
    notes = Notes()
    assert notes.meaning(STAGES, "GONE", "MOVING") == ("GONE", Stage.DELIVERED)
    assert notes.said == ()


def test_an_unknown_finer_code_falls_back_to_a_known_coarser_one_and_is_said() -> None:
    notes = Notes()
    assert notes.meaning(STAGES, "MOVING_FAST", "MOVING") == ("MOVING_FAST", Stage.IN_TRANSIT)
    assert notes.said == ('The code "MOVING_FAST" is not known; MOVING is taken.',)


def test_an_unknown_code_means_nothing_and_is_said_once() -> None:
    notes = Notes()
    assert [notes.meaning(STAGES, "WARP")[1], notes.meaning(STAGES, "WARP")[1]] == [None, None]
    assert notes.said == ('The code "WARP" is not known; it changes nothing.',)


@pytest.mark.parametrize("value", ["text", 3, True, {"a": 1}])
def test_what_should_be_a_list_and_is_not_is_noted(value: Any) -> None:
    notes = Notes()
    assert notes.items(value, "events") == []
    assert notes.said == ("events cannot be read.",)


@pytest.mark.parametrize("value", [None, "", "------", [], {}])
def test_what_is_missing_is_not_noted(value: Any) -> None:
    notes = Notes()
    assert (notes.items(value, "events"), notes.mapping(value, "status"), notes.said) == ([], {}, ())


def test_records_are_found_in_lists_and_envelopes() -> None:
    def wanted(value: Any) -> bool:
        return "id" in value

    assert records({"data": [{"id": 1}, {"data": {"id": 2}}]}, wanted, ("data",)) == [{"id": 1}, {"id": 2}]
    assert records({"data": []}, wanted, ("data",)) == []
    assert records({"other": {"id": 1}}, wanted, ("data",)) is None
    assert records("text", wanted, ("data",)) is None


def test_a_number_without_a_name_is_the_one_that_was_asked() -> None:
    cj = Number("cj", "632976615493")
    asked = Inquiry("tracker_delivery", RULES, [cj])
    assert asked.number(None) == "632976615493"
    assert asked.number(577417824035) == "577417824035"
    assert Inquiry("tracker_delivery", RULES, [cj, Number("cj", "577417824035")]).number(None) == ""


@pytest.mark.parametrize(
    ("carrier", "number", "said", "one"),
    [
        ("ups", "1Z999AA10123456784", "1z999aa1 0123-456784", True),
        ("cj", "632976615493", "632976615494", False),
        ("usps", "420773169261290283641500004181", "9261290283641500004181", True),
        ("usps", "9261290283641500004181", "420 77316 9261 2902 8364 1500 0041 81", True),
        ("fedex", "1001921334250001000300779017972697", "779017972697", True),
        ("fedex", "9611020987654312345672", "987654312345672", True),
        ("dhl", "JJD014600003823434523", "JD014600003823434523", True),
        ("cj", "420773169261290283641500004181", "9261290283641500004181", True),
    ],
)
def test_a_number_is_known_by_any_of_its_spellings(carrier: str, number: str, said: str, one: bool) -> None:
    assert Inquiry("aftership", RULES).is_about(Number(carrier, number), said) is one


def test_a_carrier_is_the_one_asked_about_before_the_one_the_service_says() -> None:
    assert Inquiry("seventeen_track", RULES, [Number("fedex", "1z")]).carrier("1Z", "100002").code == "fedex"
    unasked = Inquiry("seventeen_track", RULES)
    assert [unasked.carrier("1Z", code).code for code in ("100002", "7", "")] == ["ups", "", ""]


def test_a_carrier_has_the_code_it_has_at_the_service() -> None:
    ups, post, stranger = Number("ups", "1Z"), Number("japan_post", "1"), Number("pigeon", "1")
    asked = Inquiry("seventeen_track", RULES, [ups, post, stranger])
    assert [asked.code(number) for number in (ups, post, stranger)] == ["100002", "", ""]
