"""One event told again: recognised whatever was added to it, and never taken for another."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import retelling
from core.domain.history import ChangeSource
from core.domain.retelling import Retold, events, retold
from core.domain.shipment import Checkpoint, Hint, Stage, ZoneFrom
from tests.builders import a_checkpoint, local, nov

SEOUL_AT_THREE, NEW_YORK_AT_THREE, THREE = nov(14, 6), nov(14, 20), local("2026-11-14T15:00")
SCANNED = nov(14)
GUESSED = a_checkpoint(Stage.ATTEMPT_FAILED, NEW_YORK_AT_THREE, text="Not home", zone_from=ZoneFrom.CARRIER, local_at=THREE)
IN_KOREA = replace(GUESSED, happened_at=SEOUL_AT_THREE, place="Seoul", zone_from=ZoneFrom.PLACE)
WRITTEN = replace(GUESSED, happened_at=SEOUL_AT_THREE, zone_from=ZoneFrom.WRITTEN)


def scan(stage: Stage | None = Stage.IN_TRANSIT, at: datetime = SCANNED, **fields: object) -> Checkpoint:
    return a_checkpoint(stage, at, **({"text": "Hub"} | fields))


def after(stored: list[Checkpoint], *told: Checkpoint) -> list[Checkpoint]:
    return sorted(retold(stored, told).applied(stored), key=lambda point: (point.happened_at, point.text, point.code))


@pytest.mark.parametrize(
    ("less", "more"),
    [
        (GUESSED, IN_KOREA),
        (GUESSED, WRITTEN),
        (IN_KOREA, replace(WRITTEN, place="Seoul")),
        (scan(), scan(place="Icheon")),
        (scan(), scan(code="HUB_IN")),
        (scan(), scan(at=nov(14, 9, 0, 37))),
        (scan(None, code="N17"), scan(code="HUB_IN")),
        (scan(Stage.EXCEPTION), scan(Stage.RETURNED)),
        (scan(inferred=True), scan(Stage.PICKED_UP)),
        (scan(text="", place=""), scan(text="", place="Icheon")),
        (scan(), scan(hint=Hint.RETURN)),
    ],
    ids=["country", "zone", "zone after country", "place", "code", "seconds", "stage", "what an exception was", "pick-up",
         "place of an event without words", "hint"],
)  # fmt: skip
def test_an_event_told_with_more_is_the_same_event_whichever_came_first(less: Checkpoint, more: Checkpoint) -> None:
    assert retold([less], [more]) == Retold(corrected=((less, more),))
    assert not retold([more], [less])
    assert not retold([more], [more])
    assert events([less, more, less]) == events([more, less]) == [more]


def test_words_differ_in_more_than_case_blanks_and_points_or_they_are_the_same() -> None:
    guessed, written = replace(GUESSED, text="Nobody home"), replace(WRITTEN, text="NOBODY  home.")
    assert len(events([guessed, written])) == len(after([guessed], written)) == 1


@pytest.mark.parametrize(
    "other",
    [
        scan(Stage.OUT_FOR_DELIVERY),
        scan(text="Another hub"),
        scan(at=nov(14, 14)),
        scan(at=nov(14, 14), local_at=local("2026-11-14T09:00"), zone_from=ZoneFrom.WRITTEN),
        scan(None, code="N17", text=""),
    ],
    ids=["another stage", "other words", "hours later", "the same hour of another zone", "a code that nobody knows"],
)
def test_two_events_stay_two(other: Checkpoint) -> None:
    assert retold([], [scan(), other]) == Retold(
        new=tuple(
            sorted(
                [scan(), other], key=lambda point: (point.happened_at, point.stage.progress if point.stage else -1, point.text)
            )
        )
    )
    assert len(events([scan(), other])) == 2


def test_two_stages_stay_two_whatever_was_told_of_both() -> None:
    said = [scan(Stage.INFO_RECEIVED), scan(None, code="N17"), scan(Stage.INVALID_NUMBER)]
    for first in said:
        rest = [point for point in said if point != first]
        assert {point.stage for point in after([first], *rest)} == {Stage.INFO_RECEIVED, Stage.INVALID_NUMBER}
    assert {point.stage for point in events(said)} == {Stage.INFO_RECEIVED, Stage.INVALID_NUMBER}


def test_moments_that_agree_only_by_chance_make_no_event_of_two() -> None:
    next_day = replace(WRITTEN, happened_at=GUESSED.happened_at, local_at=THREE + timedelta(hours=14))
    assert len(events([GUESSED, next_day])) == len(after([GUESSED], next_day)) == 2
    in_utc = replace(WRITTEN, happened_at=GUESSED.happened_at, local_at=GUESSED.happened_at.replace(tzinfo=None))
    assert events([GUESSED, in_utc]) == [in_utc]


def test_the_surest_zone_dates_the_event_and_what_else_was_told_of_it_stays() -> None:
    assert after([IN_KOREA], GUESSED, WRITTEN) == [replace(WRITTEN, place="Seoul")]
    assert after([GUESSED], WRITTEN, IN_KOREA) == [replace(WRITTEN, place="Seoul")]


def test_what_was_stored_twice_is_stored_once_as_soon_as_it_is_told_again() -> None:
    assert retold([GUESSED, WRITTEN], [WRITTEN]) == Retold(gone=(GUESSED,))


def test_what_was_said_before_in_other_words_is_no_news() -> None:
    stored = [scan(code="IT")]
    assert after(stored, scan(code="41", text="Hub in other words"), scan(None, code="UNKNOWN")) == stored
    assert after([scan(None, code="N17", text="")], scan(None, code="N18", text="")) != [scan(None, code="N17", text="")]


def test_two_scans_of_one_moment_are_two_when_they_are_told_at_once() -> None:
    arrived, left = scan(text="Arrived"), scan(text="Left")
    assert after([arrived], arrived, left) == [arrived, left]
    assert after([arrived, left], left) == [arrived, left]


BORROWED = scan(Stage.ATTEMPT_FAILED, text="", zone_from=ZoneFrom.BORROWED)


def test_a_status_dated_by_another_event_is_that_of_the_event_that_has_it() -> None:
    real = scan(Stage.ATTEMPT_FAILED, nov(14, 11), text="Not home")
    assert after([BORROWED], scan(), real) == [scan(), real]
    assert after([scan(), real], BORROWED) == [scan(), real]


def test_a_status_dated_again_is_one_status() -> None:
    later = replace(BORROWED, happened_at=nov(14, 12))
    assert after([BORROWED], later) == after([later], BORROWED) == [later]


def test_what_people_and_imports_said_is_left_as_it_is() -> None:
    settled = scan(Stage.DELIVERED, hint=Hint.SETTLED, source=ChangeSource.FORM)
    marked = scan(Stage.DELIVERED, source=ChangeSource.FORM)
    imported = scan(Stage.PICKED_UP, nov(13), text="", source=ChangeSource.IMPORT)
    told = [scan(Stage.DELIVERED, place="Seoul"), scan(Stage.PICKED_UP, nov(13), text="Picked up")]
    assert retold([settled, marked, imported], told) == Retold()
    assert {settled, marked, imported} <= set(events([settled, marked, imported, *told]))


# One journey, each event with all that can be known of it; every telling leaves out some of it.
JOURNEY = [
    a_checkpoint(
        stage,
        nov(day, hour),
        text=text,
        code=str(stage),
        place=f"Place {hour}",
        local_at=nov(day, hour).replace(tzinfo=None) + timedelta(hours=9),
    )
    for stage, day, hour, text in (
        (Stage.INFO_RECEIVED, 12, 9, "Announced"),
        (Stage.PICKED_UP, 13, 9, "Picked up"),
        (Stage.IN_TRANSIT, 13, 20, "Hub"),
        (Stage.IN_TRANSIT, 14, 3, "Hub"),
        (Stage.OUT_FOR_DELIVERY, 14, 8, "Out"),
        (Stage.ATTEMPT_FAILED, 14, 11, "Not home"),
        (Stage.OUT_FOR_DELIVERY, 15, 8, "Out"),
        (Stage.ATTEMPT_FAILED, 15, 11, "Not home"),
        (Stage.DELIVERED, 16, 11, "Delivered"),
        (Stage.PICKED_UP, 20, 9, "Picked up again"),
        (Stage.DELIVERED, 22, 9, "Back"),
    )
]


def _guessed(point: Checkpoint) -> Checkpoint:
    assert point.local_at
    return replace(point, happened_at=point.happened_at + timedelta(hours=14), zone_from=ZoneFrom.CARRIER)


PARTS = [
    lambda point: point,
    lambda point: replace(point, place=""),
    lambda point: replace(point, code=""),
    _guessed,
    lambda point: replace(_guessed(point), place="", code=""),
    lambda point: replace(point, stage=None),
]
TELLINGS = st.builds(lambda event, part: PARTS[part](JOURNEY[event]), st.integers(0, 10), st.integers(0, 5))
POLLS = st.lists(st.lists(TELLINGS, max_size=8), max_size=5)


@given(POLLS, st.permutations(JOURNEY), st.integers(0, 5))
def test_a_journey_told_in_any_order_and_number_of_polls_ends_as_told_once_and_whole(
    polls: list[list[Checkpoint]], whole: list[Checkpoint], place: int
) -> None:
    stored: list[Checkpoint] = []
    for told in [*polls[:place], whole, *polls[place:]]:
        stored = list(retold(stored, told).applied(stored))
    assert sorted(stored, key=lambda point: point.happened_at) == JOURNEY
    assert sorted(events([told for poll in polls for told in poll] + whole), key=lambda point: point.happened_at) == JOURNEY


@given(POLLS)
def test_what_is_known_does_not_depend_on_how_it_was_told(polls: list[list[Checkpoint]]) -> None:
    def known(told: list[list[Checkpoint]]) -> set[Checkpoint]:
        stored: list[Checkpoint] = []
        for poll in told:
            stored = list(retold(stored, poll).applied(stored))
        return set(stored)

    at_once = [point for poll in polls for point in poll]
    assert known(polls) == known(polls[::-1]) == known([at_once]) == known([[point] for point in at_once])


NAMED = scan(told_as="c3")


@pytest.mark.parametrize(
    "now",
    [
        replace(NAMED, happened_at=nov(14, 12)),
        replace(NAMED, text="Arrived in Icheon"),
        replace(NAMED, stage=Stage.DELIVERED, code="Delivered_001"),
        replace(NAMED, stage=None, code="N17", text="", happened_at=nov(15)),
    ],
    ids=["time", "words", "stage", "everything"],
)
def test_an_event_told_again_under_its_name_is_what_it_was_called_last(now: Checkpoint) -> None:
    other = scan(at=nov(16), text="Elsewhere", told_as="d4")
    assert retold([NAMED, other], [now, other]) == Retold(corrected=((NAMED, now),))
    assert not retold([now, other], [now, other])


def test_a_name_is_added_to_what_was_stored_without_one_and_other_names_make_no_other_event() -> None:
    assert retold([scan()], [NAMED]) == Retold(corrected=((scan(), NAMED),))
    assert len(events([NAMED, replace(NAMED, told_as="e5")])) == 1


@given(st.permutations([NAMED, replace(NAMED, text="Hub 2"), replace(NAMED, happened_at=nov(15)), scan(at=nov(15)), scan()]))
def test_tellings_under_one_name_are_one_event_in_any_order(told: list[Checkpoint]) -> None:
    assert events(told) == events(sorted(told, key=str))
    assert len(events(told)) == 1


TELLINGS = st.lists(
    st.builds(
        scan,
        st.sampled_from([Stage.IN_TRANSIT, Stage.PICKED_UP, Stage.DELIVERED, Stage.EXCEPTION, None]),
        st.sampled_from([nov(14, hour, minute) for hour in (9, 10, 18) for minute in (0, 1, 2, 40)]),
        text=st.sampled_from(["", "Hub", "hub.", "Left"]),
        place=st.sampled_from(["", "Icheon", "Seoul"]),
        zone_from=st.sampled_from([ZoneFrom.WRITTEN] * 9 + [*ZoneFrom]),
        told_as=st.sampled_from(["", "", "", "1", "2"]),
    ),
    max_size=6,
)


@given(TELLINGS, TELLINGS)
def test_what_is_apart_at_a_glance_is_what_comparing_each_with_each_finds(
    first: list[Checkpoint], later: list[Checkpoint]
) -> None:
    stored = events(first)
    at_a_glance = [(retold(stored, some), set(events(some))) for some in (later, [*stored, *later], [*first, *later])]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(retelling, "_are_apart", lambda _: False)
        patch.setattr(retelling, "_are_far_apart", lambda _: False)
        compared = [(retold(stored, some), set(events(some))) for some in (later, [*stored, *later], [*first, *later])]
    assert at_a_glance == compared
