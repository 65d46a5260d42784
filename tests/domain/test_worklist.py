"""What is on the worklist, when it leaves it and comes back, and which notes stand."""

from datetime import date, datetime, timedelta

import pytest

from core.domain.history import HistoryAction
from core.domain.shipment import Handling, Shipment, Stage
from core.domain.worklist import WorkState, notes_of, work_of
from tests.builders import NOW, SEOUL, TODAY, a_checkpoint, a_shipment, nov

YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def work(shipment: Shipment, now: datetime = NOW) -> WorkState | None:
    return work_of(shipment, zone=SEOUL, now=now)


UNTOUCHED = Handling()


def late(handling: Handling = UNTOUCHED, *, promised_on: date = YESTERDAY, scanned: datetime = NOW) -> Shipment:
    scans = [a_checkpoint(Stage.PICKED_UP, nov(13)), a_checkpoint(Stage.IN_TRANSIT, scanned)]
    return a_shipment(scans=scans, promised_on=promised_on, handling=handling)


def test_only_a_flagged_shipment_is_on_the_worklist() -> None:
    assert work(a_shipment()) is None
    assert work(late()) is WorkState.OPEN


def test_a_snoozed_one_is_back_on_its_day() -> None:
    snoozed = late(Handling(snoozed_until=TOMORROW, snoozed_version=1))
    assert work(snoozed) is WorkState.SNOOZED
    assert work(snoozed, NOW + timedelta(days=1)) is WorkState.OPEN


def test_a_snoozed_one_is_back_once_something_changed_in_it() -> None:
    snoozed = late(Handling(snoozed_until=TOMORROW, snoozed_version=1))
    assert work(snoozed.but(version=2)) is WorkState.OPEN


def test_a_done_one_stays_away_while_its_flag_lasts() -> None:
    done = late(Handling(done_flag="past_promise", done_at=NOW, done_on=TODAY))
    assert work(done) is WorkState.DONE
    assert work(done, NOW + timedelta(hours=20)) is WorkState.DONE


def test_another_flag_brings_a_done_one_back() -> None:
    done = late(Handling(done_flag="past_promise", done_at=NOW, done_on=TODAY))
    assert work(done, NOW + timedelta(hours=73)) is WorkState.OPEN


def test_the_same_flag_raised_anew_brings_a_done_one_back() -> None:
    handling = Handling(done_flag="no_scan", done_at=nov(16, 12), done_on=TODAY)
    assert work(late(handling, scanned=nov(13)), nov(16, 13)) is WorkState.DONE
    assert work(late(handling, scanned=nov(17)), nov(21)) is WorkState.OPEN
    promised_anew = late(Handling(done_flag="past_promise", done_at=NOW, done_on=TODAY), promised_on=TODAY)
    assert work(promised_anew, NOW + timedelta(days=1)) is WorkState.OPEN


def a_row(history_id: int, action: HistoryAction, text: str = "", **after: int) -> dict[str, object]:
    return {"history_id": history_id, "action": action, "changed_by": "Hana", "changed_at": NOW, "reason": text, "after": after}


@pytest.mark.parametrize("newest_first", [True, False])
def test_a_note_that_was_taken_back_stands_no_more(newest_first: bool) -> None:
    rows = [a_row(1, HistoryAction.NOTED, "one"), a_row(2, HistoryAction.NOTED, "two"), a_row(3, HistoryAction.NOTED, "three")]
    rows.append(a_row(4, HistoryAction.NOTE_TAKEN_BACK, note=2))
    assert [note.text for note in notes_of(rows[::-1] if newest_first else rows)] == ["three", "one"]
