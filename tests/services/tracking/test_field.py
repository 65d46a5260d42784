"""Answers that desks got wrong in the field: what is right, on the command line and in the desk, asked over real HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.__main__ import main
from core.carriers.client import Client
from core.carriers.service import Access, TrackingAnswer
from core.domain.answer_doubts import AnswerDoubt
from core.domain.errors import NotPermitted
from core.domain.figures import Figure
from core.domain.selection import Selection
from core.domain.shipment import Shipment, Stage, Status, StatusDetail, WayBack
from core.domain.status import Counting, course_of
from core.services.shipments import actions, queries, undo
from core.services.tracking import polling
from core.services.tracking.polling import Tracker
from core.store import figures, history
from core.store.figures import Population
from tests.builders import (
    CJ,
    HANA,
    NOW,
    RULES,
    SEOUL,
    a_checkpoint,
    a_shipment,
    a_store,
    a_visit,
    an_invoice,
    nov,
    requested,
    the,
)
from tests.carriers.serving import Said, a_carrier
from tests.desk import SetClock, an_answer

FIELD = Path(__file__).parents[2] / "data" / "field"
T01, T02A, T02B, T03, T04, T05, T06 = sorted(FIELD.glob("t*.json"))
AFTERSHIP, DELIVERY = "aftership", "tracker_delivery"
START = ("2026-11-10T09:00Z", "2026-11-11T09:00Z", "2026-11-12T09:00Z")


def explained(capsys: pytest.CaptureFixture[str], service: str, *files: Path, times: tuple[str, ...] = ()) -> dict[str, Any]:
    known = [
        part for name, at in zip(("ordered", "released", "registered"), times, strict=False) for part in (f"--{name}-at", at)
    ]
    assert main(["explain", service, *map(str, files), *known, "--json"]) == 0
    said: dict[str, Any] = json.loads(capsys.readouterr().out)
    return said


def why(said: dict[str, Any]) -> list[tuple[bool, str]]:
    return [(point["counts"], point["why"]) for point in said["checkpoints"]]


@contextmanager
def a_desk(service: str, clock: SetClock, *answers: Path, shipments: tuple[Shipment, ...] = ()) -> Iterator[Tracker]:
    """A desk that asks a carrier which gives each answer once, the last one for ever."""
    left = list(answers)

    def answering(_: object) -> Said:
        return Said(200, (left.pop(0) if len(left) > 1 else left[0]).read_bytes())

    store = a_store(*(shipments or (a_shipment(invoice=an_invoice()),)))
    with a_carrier(answering) as carrier:
        client = Client({service: Access(carrier.url, key="k", secret="s", rate=1000)})
        routes = dict.fromkeys(RULES.carriers, service)
        tracker = Tracker(store, client, RULES, clock, SEOUL, lambda: routes)
        polling.watch(tracker)
        try:
            yield tracker
        finally:
            client.close()


def asked(tracker: Tracker, clock: SetClock, times: int = 1) -> None:
    """[Refresh tracking], as often as that."""
    for _ in range(times):
        assert polling.refresh_now(tracker, ["S-1"], person=HANA.person).failures == ()
        clock.forward(minutes=5)


def due(tracker: Tracker, shipment_no: str = "S-1") -> datetime | None:
    whole = queries.whole(tracker.store, shipment_no, visit=a_visit())
    assert whole and whole.tracking
    found: datetime | None = whole.tracking["next_due"]
    return found


def an_aftership_shipment(number: str, carrier: str) -> tuple[Shipment, ...]:
    return (a_shipment(invoice=an_invoice(number, carrier=carrier)),)


def test_an_event_told_twice_is_one_failed_attempt(capsys: pytest.CaptureFixture[str]) -> None:
    said = explained(capsys, AFTERSHIP, T01)
    assert (said["status"], said["detail"], said["attempts"], len(said["checkpoints"])) == (
        "shipping_failed",
        "redelivery",
        1,
        2,
    )
    assert said["first_attempt_at"] == "2026-11-14T06:00:00+00:00"
    clock = SetClock(NOW)
    with a_desk(AFTERSHIP, clock, T01, shipments=an_aftership_shipment("1234567890", "dhl")) as tracker:
        asked(tracker, clock, 3)
        state = the(tracker.store).state
        assert (state.word, state.failed_attempts, len(the(tracker.store).journey)) == (StatusDetail.REDELIVERY, 1, 2)


@pytest.mark.parametrize("files", [(T02A, T02B), (T02B, T02A), (T02B,)], ids=["in order", "the other way", "once"])
def test_a_zone_that_is_told_later_moves_no_other_event(capsys: pytest.CaptureFixture[str], files: tuple[Path, ...]) -> None:
    said = explained(capsys, AFTERSHIP, *files)
    assert [point["at"] for point in said["checkpoints"]] == [
        "2026-11-13T15:00:00+00:00",
        "2026-11-14T20:00:00+00:00",
        "2026-11-15T02:00:00+00:00",
    ]
    assert (said["status"], said["attempts"], said["picked_up_at"]) == ("in_delivery", 1, "2026-11-13T15:00:00+00:00")
    clock = SetClock(NOW)
    with a_desk(AFTERSHIP, clock, *files, shipments=an_aftership_shipment("1Z999AA10123456784", "ups")) as tracker:
        asked(tracker, clock, 3)
        shipment = the(tracker.store)
        assert (len(shipment.journey), shipment.state.picked_up_at, shipment.state.failed_attempts) == (3, nov(13, 15), 1)


def test_a_return_under_the_same_number_leaves_the_delivery_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    said = explained(capsys, DELIVERY, T03, times=START)
    assert (said["status"], said["delivered_at"], said["picked_up_at"]) == (
        "delivered",
        "2026-11-14T05:00:00+00:00",
        "2026-11-13T01:00:00+00:00",
    )
    assert (said["attempts"], said["returned"], said["returning"], said["notes"]) == (1, True, False, [])
    assert why(said) == [(True, "counts")] * 2 + [(True, "way_back")] * 3
    clock = SetClock(nov(24))
    with a_desk(DELIVERY, clock, T03) as tracker:
        asked(tracker, clock)
        state = the(tracker.store).state
        assert (state.status, state.delivered_at, state.returned_at) == (Status.DELIVERED, nov(14, 5), nov(23, 5))
        counts = figures.counts(tracker.store, Population(SEOUL, clock(), Selection()))[0]
        assert [counts[f"{figure}_n"] for figure in (Figure.FIRST_ATTEMPT, Figure.RETURN, Figure.TRANSIT)] == [1, 1, 1]
        assert state.picked_up_at and state.delivered_at and state.delivered_at - state.picked_up_at == timedelta(hours=28)


def test_a_return_under_way_is_asked_about_until_it_is_back(tmp_path: Path) -> None:
    whole = json.loads(T03.read_text())
    edges = whole["data"]["t0"]["events"]["edges"]
    parts = []
    for end in (2, 4, 5):
        track = {"lastEvent": edges[end - 1]["node"], "events": {"edges": edges[:end]}}
        parts.append(tmp_path / f"{end}.json")
        parts[-1].write_text(json.dumps({"data": {"t0": track}}))
    clock = SetClock(nov(16))
    with a_desk(DELIVERY, clock, *parts) as tracker:
        asked(tracker, clock)
        assert due(tracker) is None
        clock.at = nov(21)
        asked(tracker, clock)
        assert (the(tracker.store).state.way_back, the(tracker.store).state.status) == (WayBack.RETURNING, Status.DELIVERED)
        assert due(tracker) and polling.refresh_due(tracker).asked == 0
        clock.at = nov(23, 12)
        assert polling.refresh_due(tracker).asked == 1
        assert (the(tracker.store).state.way_back, due(tracker)) == (WayBack.RETURNED, nov(24, 5))
        clock.at = nov(25)
        polling.refresh_due(tracker)
        assert due(tracker) is None
        actions_told = [row["after"].keys() for row in history.of_shipment(tracker.store, 1)]
        assert [keys & {"status", "returning_at", "returned_at"} for keys in actions_told] == [
            {"returned_at"},
            {"returning_at"},
            {"status"},
        ]


def test_words_alone_leave_it_to_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    said = explained(capsys, DELIVERY, T04, times=START)
    assert (said["status"], said["detail"], said["delivered_at"]) == ("shipping_failed", "undecided", None)
    assert (said["returned"], said["returning"], said["attempts"]) == (False, False, 1)
    assert (len(said["notes"]), why(said)[-1]) == (1, (True, "in_doubt"))


@pytest.mark.parametrize(
    ("stage", "status", "word", "moment"),
    [
        (Stage.DELIVERED, Status.DELIVERED, None, "delivered_at"),
        (Stage.RETURNED, Status.SHIPPING_FAILED, StatusDetail.CANCELLATION, "returned_at"),
    ],
)
def test_one_press_settles_it_and_can_be_undone(stage: Stage, status: Status, word: StatusDetail | None, moment: str) -> None:
    clock = SetClock(nov(18))
    with a_desk(DELIVERY, clock, T04) as tracker:
        asked(tracker, clock)
        store = tracker.store
        assert the(store).state.doubt is AnswerDoubt.DELIVERED_OR_RETURNED
        with pytest.raises(NotPermitted):
            actions.settle(store, "S-1", Stage.IN_TRANSIT, **requested({"at": clock()}))
        assert actions.settle(store, "S-1", stage, **requested({"at": clock()}))
        clock.forward(hours=1)
        asked(tracker, clock)
        state = the(store).state
        assert (state.status, state.word, getattr(state, moment), state.doubt) == (status, word, nov(17, 5), None)
        settled = history.of_shipment(store, 1)[0]
        assert (settled["action"], settled["changed_by"]) == ("settled", "Hana Seo")
        answers = undo.undo(store, settled["batch_id"], home="KR", **requested({"at": clock()}))
        assert [one.stayed for one in answers] == [None]
        assert the(store).state.doubt is AnswerDoubt.DELIVERED_OR_RETURNED


def test_an_old_journey_of_the_number_does_not_deliver_a_pre_order(capsys: pytest.CaptureFixture[str]) -> None:
    times = ("2026-09-22T09:00Z", "2026-11-15T09:00Z", "2026-11-16T09:00Z")
    said = explained(capsys, DELIVERY, T05, times=times)
    assert (said["status"], said["detail"], said["delivered_at"]) == ("preparing_to_ship", "processed", None)
    assert (len(said["notes"]), why(said)) == (1, [(False, "before_release")] * 2)
    clock = SetClock(nov(16, 12))
    ordered = nov(16) - timedelta(days=55)
    pre_order = a_shipment(ordered_at=ordered, released_at=nov(15), invoice=an_invoice(at=nov(16)))
    with a_desk(DELIVERY, clock, T05, shipments=(pre_order,)) as tracker:
        asked(tracker, clock)
        state = the(tracker.store).state
        assert (state.status, state.delivered_at, state.doubt) == (Status.PREPARING_TO_SHIP, None, AnswerDoubt.USED_BEFORE)
        next_due = due(tracker)
        assert next_due and next_due > clock()
        clock.at = next_due
        assert polling.refresh_due(tracker).asked == 1


def test_a_number_used_again_belongs_to_the_new_parcel_alone() -> None:
    year = timedelta(days=365)
    old = a_shipment(
        ordered_at=nov(10) - year,
        released_at=nov(11) - year,
        invoice=an_invoice(at=nov(12) - year),
    )
    new = a_shipment("S-2", ordered_at=nov(13), released_at=nov(14), invoice=an_invoice(CJ, nov(15)))
    clock = SetClock(nov(14) - year)
    with a_desk(DELIVERY, clock, T06, shipments=(old, new)) as tracker:
        polling.apply(tracker, DELIVERY, [(1, _delivered_last_year(year))])
        before = the(tracker.store).state
        clock.at = nov(16, 12)
        polling.refresh_due(tracker)
        asked(tracker, clock, 2)
        after = the(tracker.store)
        assert (after.state.status, after.state.delivered_at) == (Status.DELIVERED, nov(14) - year)
        assert after.state.doubt is AnswerDoubt.USED_AGAIN
        assert (after.state.last_scan_at, after.state.returned_at) == (before.last_scan_at, None)
        assert [told.counting for told in course_of(after).events][-2:] == [Counting.USED_AGAIN] * 2
        assert due(tracker) is None
        polling.refresh_now(tracker, ["S-2"], person=HANA.person)
        assert the(tracker.store, "S-2").state.status is Status.IN_DELIVERY


def _delivered_last_year(year: timedelta) -> TrackingAnswer:
    points = (a_checkpoint(Stage.PICKED_UP, nov(13) - year), a_checkpoint(Stage.DELIVERED, nov(14) - year))
    return an_answer(CJ, *points)
