"""Tracking: what services say becomes what shipments are, once, in any order, whatever the services do."""

import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import count
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.carriers.service import TrackingAnswer, Trouble, TroubleKind
from core.config import Keys
from core.domain import status as folding
from core.domain.answer_doubts import AnswerDoubt
from core.domain.clock import Clock
from core.domain.errors import Conflict
from core.domain.shipment import Checkpoint, Shipment, Stage, State, Status, StatusDetail, WayBack
from core.domain.status import fold, folded
from core.runtime import Runtime
from core.services.keeping import own_shop
from core.services.shipments import actions, invoices, queries
from core.services.shipments.changes import Request
from core.services.shipments.invoices import Entry
from core.services.tracking import polling
from core.services.tracking.polling import Tracker
from core.services.tracking.recording import RefreshReport
from core.store import history, shipments
from core.store import tracking as stored
from core.store.database import Row, Store
from core.store.tracking import Claim
from tests.builders import (
    ADA,
    ADDRESS,
    CJ,
    CJ_OTHER,
    HANA,
    NOW,
    RULES,
    SCANNED,
    a_checkpoint,
    a_shipment,
    a_store,
    a_visit,
    add,
    an_invoice,
    counted,
    nov,
    the,
)
from tests.desk import OPENED, Service, SetClock, a_demo_desk, a_tracker, an_answer

PICKED_UP = a_checkpoint(Stage.PICKED_UP, nov(13), text="Picked up")
HUB = a_checkpoint(Stage.IN_TRANSIT, nov(14), text="Hub")
OUT = a_checkpoint(Stage.OUT_FOR_DELIVERY, nov(15), text="Out for delivery")
FAILED = a_checkpoint(Stage.ATTEMPT_FAILED, nov(15, 12), text="Nobody home")
DELIVERED = a_checkpoint(Stage.DELIVERED, nov(15, 14), text="Delivered")
RETURNED = a_checkpoint(Stage.RETURNED, nov(15, 20), text="Back at the sender")


@pytest.fixture
def clock() -> SetClock:
    return SetClock(NOW)


@pytest.fixture
def service() -> Service:
    return Service()


def a_desk(service: Service, clock: SetClock, *given: Shipment, **said: Any) -> Tracker:
    """Tracking of these shipments; without any, of one with the ordinary CJ number."""
    tracker = a_tracker(a_store(*(given or [a_shipment(invoice=an_invoice())])), service, clock, **said)
    polling.watch(tracker)
    return tracker


def cached(tracker: Tracker, shipment_no: str = "S-1") -> Row:
    whole = queries.whole(tracker.store, shipment_no, visit=a_visit())
    assert whole and whole.tracking
    return whole.tracking


def status(tracker: Tracker, shipment_no: str = "S-1") -> Status:
    return the(tracker.store, shipment_no).state.status


def told(tracker: Tracker, *points: Checkpoint, **said: Any) -> RefreshReport:
    """The service tells unasked what happened to the first number."""
    return polling.apply(tracker, "tracker_delivery", [(1, an_answer(CJ, *points, **said))])


def disagreements(store: Store) -> int:
    """How many shipments are not what their facts amount to."""
    ids = [row["shipment_id"] for row in store.rows("SELECT shipment_id FROM shipment")]
    found = store.snapshot(lambda connection: shipments.load_by_id(connection, ids)).values()
    return sum(fold(s.ordered_at, s.released_at, s.invoices, s.checkpoints) != s.state for s in found)


def test_what_is_due_is_asked_and_folded_in(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    service.tells(CJ, PICKED_UP, HUB, estimated_on=date(2026, 11, 18))
    report = polling.refresh_due(tracker)
    assert (report.asked, report.answered, report.changed, report.events) == (1, 1, 1, 2)
    shipment, row = the(tracker.store), cached(tracker)
    assert (shipment.state.status, shipment.state.picked_up_at, len(shipment.journey)) == (Status.IN_DELIVERY, nov(13), 2)
    assert (row["stage"], row["last_event_at"], row["fetched_at"], row["attempts"]) == ("in_transit", nov(14), NOW, 0)
    assert row["estimated_on"] == date(2026, 11, 18)


def test_news_are_told_apart_from_what_people_change_and_change_nothing_that_is_theirs(
    service: Service, clock: SetClock
) -> None:
    tracker = a_desk(service, clock)
    store = tracker.store
    store.write(lambda connection: connection.execute("UPDATE shipment SET assigned_to = 'Hana Seo'") and None)
    service.tells(CJ, PICKED_UP, HUB)
    before, by_people, theirs = store.changes, store.changes_by_people, of_people(store)
    assert polling.refresh_due(tracker).changed == 1
    assert store.changes > before and of_people(store) == theirs
    if store.server is None:
        assert store.changes_by_people == by_people
    by_people = store.changes_by_people
    store.write(lambda connection: connection.execute("UPDATE shipment SET warehouse = 'Elsewhere'") and None)
    assert store.changes_by_people > by_people and of_people(store) != theirs


def of_people(store: Store) -> object:
    """What is asked again only after people wrote something."""
    tables = ("preference", "saved_view", "person_event", "sign_in", "looked", "carrier_setting")
    kept = [store.rows(f"SELECT * FROM {table}") for table in tables]
    return queries.choices(store, person=a_visit().person), kept


def test_nothing_is_asked_before_it_is_due(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    polling.refresh_due(tracker)
    clock.at = cached(tracker)["next_due"] - timedelta(seconds=1)
    assert polling.refresh_due(tracker).asked == 0
    clock.forward(seconds=1)
    assert polling.refresh_due(tracker).asked == 1


def test_a_change_of_status_is_in_the_history_and_a_mere_scan_is_not(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    told(tracker, PICKED_UP, HUB)
    told(tracker, PICKED_UP, HUB, a_checkpoint(Stage.IN_TRANSIT, nov(14, 12), text="Next hub"))
    rows = history.of_shipment(tracker.store, 1)
    assert [(row["action"], row["changed_by"], row["source"]) for row in rows] == [
        ("status_changed", "CJ Logistics", "carrier")
    ]
    assert (rows[0]["before"]["status"], rows[0]["after"]["status"]) == ("preparing_to_ship", "in_delivery")
    assert the(tracker.store).state.last_scan_at == nov(14, 12)


def test_a_mere_scan_takes_nobodys_work_away_and_a_new_status_does(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    told(tracker, HUB)
    seen = the(tracker.store).version
    told(tracker, HUB, a_checkpoint(Stage.IN_TRANSIT, nov(14, 12), text="Next hub"))
    assert the(tracker.store).version == seen
    told(tracker, HUB, DELIVERED)
    with pytest.raises(Conflict) as clash:
        invoices.delete(tracker.store, "S-1", request=Request(HANA, NOW, version=seen))
    assert clash.value.change and clash.value.change["changed_by"] == "CJ Logistics"


def test_carriers_news_of_a_day_is_one_batch(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    told(tracker, PICKED_UP)
    told(tracker, PICKED_UP, DELIVERED)
    clock.forward(days=1)
    told(tracker, PICKED_UP, DELIVERED, RETURNED)
    batches = [row for row in history.batches(tracker.store) if row["made_by"] == "Carriers"]
    assert [row["note"] for row in batches] == ["tracking refreshed"] * 2


def test_a_number_nobody_knows_yet_is_normal(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    assert polling.refresh_due(tracker).changed == 0
    assert (status(tracker), cached(tracker)["last_error"]) == (Status.PREPARING_TO_SHIP, "")


def test_a_number_the_carrier_does_not_accept_has_failed_to_release(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    told(tracker, invalid=True, warnings=("Not a number of ours.",))
    told(tracker, invalid=True, warnings=("Not a number of ours.",))
    shipment = the(tracker.store)
    assert (shipment.state.status, shipment.state.word) == (Status.PREPARING_TO_RELEASE, StatusDetail.RELEASE_FAILED)
    assert (shipment.state.reason, len(shipment.journey)) == ("Not a number of ours.", 1)
    assert history.of_shipment(tracker.store, 1)[0]["reason"] == "Not a number of ours."


def test_the_old_numbers_journey_never_shows_after_a_modification(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)

    def modified_meanwhile() -> TrackingAnswer:
        invoices.modify(tracker.store, RULES, "S-1", Entry("cj", CJ_OTHER), request=Request(HANA, NOW))
        return an_answer(CJ, PICKED_UP, DELIVERED)

    service.says[CJ] = modified_meanwhile
    report = polling.refresh_due(tracker)
    assert (report.changed, status(tracker), the(tracker.store).checkpoints) == (0, Status.PREPARING_TO_SHIP, ())
    clock.forward(hours=2)
    polling.refresh_due(tracker)
    assert [number.invoice_no for number in service.asked] == [CJ, CJ_OTHER]


def test_an_event_older_than_the_order_is_flagged_and_does_not_count(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    told(tracker, a_checkpoint(Stage.DELIVERED, nov(1), text="Years ago"), PICKED_UP)
    assert status(tracker) is Status.RELEASED
    assert cached(tracker)["warning"] == AnswerDoubt.USED_BEFORE


def test_only_a_number_that_was_used_before_is_counted_as_that(service: Service, clock: Clock) -> None:
    tracker = a_desk(service, clock)
    told(tracker, PICKED_UP, a_checkpoint(Stage.DELIVERED, nov(19)))
    assert stored.by_carrier(tracker.store, NOW)["cj"]["warned"] == 0
    told(tracker, a_checkpoint(Stage.DELIVERED, nov(1)), PICKED_UP)
    assert stored.by_carrier(tracker.store, NOW)["cj"]["warned"] == 1


def test_an_answer_is_folded_in_once(service: Service, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    tracker = a_desk(service, clock)
    folds = counted(monkeypatch, folding, "course")
    told(tracker, PICKED_UP)
    assert (status(tracker), len(folds)) == (Status.RELEASED, 1)


def test_an_event_of_days_to_come_is_flagged_and_left_out(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    told(tracker, PICKED_UP, a_checkpoint(Stage.DELIVERED, nov(19), text="Delivered"))
    assert status(tracker) is Status.RELEASED
    assert cached(tracker)["warning"] == AnswerDoubt.FROM_THE_FUTURE
    clock.at = nov(19)
    told(tracker, PICKED_UP, a_checkpoint(Stage.DELIVERED, nov(19), text="Delivered"))
    assert (status(tracker), cached(tracker)["warning"]) == (Status.DELIVERED, "")


def test_delivered_stays_delivered_and_is_marked_as_it_goes_back(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    told(tracker, PICKED_UP, DELIVERED)
    told(tracker, PICKED_UP, DELIVERED, a_checkpoint(Stage.IN_TRANSIT, nov(16), text="Scanned late"))
    assert status(tracker) is Status.DELIVERED
    version = the(tracker.store).version
    told(tracker, RETURNED)
    shipment = the(tracker.store)
    assert (shipment.state.status, shipment.state.way_back, shipment.state.returned_at) == (
        Status.DELIVERED,
        WayBack.RETURNED,
        nov(15, 20),
    )
    assert (shipment.version, history.of_shipment(tracker.store, 1)[0]["action"]) == (version + 1, "status_changed")


def test_delivered_is_asked_about_once_more(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    service.tells(CJ, PICKED_UP, DELIVERED)
    polling.refresh_due(tracker)
    clock.at = nov(16, 14)
    assert (polling.refresh_due(tracker).asked, cached(tracker)["next_due"]) == (1, None)


def test_trouble_keeps_the_last_good_state_and_asks_later_and_later(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    told(tracker, PICKED_UP)
    service.says[CJ] = Trouble(TroubleKind.FAULTY, "CJ answers with an error.")
    waits = []
    for _ in range(3):
        clock.at = cached(tracker)["next_due"]
        report = polling.refresh_due(tracker)
        waits.append((cached(tracker)["next_due"] - clock.at).total_seconds() // 60)
    assert [(one.shipment_no, one.reason) for one in report.failures] == [("S-1", "CJ answers with an error.")]
    row = cached(tracker)
    assert (row["fetched_at"], row["attempts"], row["last_error"]) == (NOW, 3, "CJ answers with an error.")
    assert (status(tracker), waits) == (Status.RELEASED, pytest.approx([5, 10, 20], rel=0.12))


@pytest.mark.parametrize("kind", [TroubleKind.PAUSED, TroubleKind.LIMITED])
def test_a_resting_service_is_left_alone_and_its_numbers_stay_due(service: Service, clock: SetClock, kind: TroubleKind) -> None:
    tracker = a_desk(service, clock)
    service.says[CJ] = Trouble(kind, "Not now.", timedelta(seconds=90))
    polling.refresh_due(tracker)
    assert polling.waiting(tracker) == {}
    clock.forward(seconds=91)
    assert polling.waiting(tracker) == {"tracker_delivery": {"cj": 1}}
    service.tells(CJ, PICKED_UP)
    assert polling.refresh_due(tracker).changed == 1


def test_by_hand_it_is_asked_at_once_but_not_twice_a_minute(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock, a_shipment(invoice=an_invoice()), a_shipment("S-2"))
    heard: list[tuple[int, int]] = []
    report = polling.refresh_now(
        tracker, ["S-1", "S-2", "S-3", "S-1"], person=HANA.person, progress=lambda done, all_: heard.append((done, all_))
    )
    assert (report.asked, report.untracked, report.unknown, heard) == (1, 1, 1, [(1, 1)])
    clock.forward(seconds=59)
    assert polling.refresh_now(tracker, ["S-1"], person=HANA.person).too_soon == 1
    clock.forward(seconds=1)
    assert polling.refresh_now(tracker, ["S-1"], person=HANA.person).asked == 1
    assert "1 without a number to ask about" in report.message


def test_by_hand_even_an_old_delivery_can_be_asked_about(service: Service, clock: SetClock) -> None:
    delivered = a_shipment(scans=[a_checkpoint(Stage.DELIVERED, SCANNED, text="Delivered")])
    tracker = a_desk(service, clock, delivered)
    polling.watch(tracker)
    service.tells(CJ, a_checkpoint(Stage.DELIVERED, SCANNED, text="Delivered"), RETURNED)
    assert polling.refresh_now(tracker, ["S-1"], person=HANA.person).changed == 1


def test_an_old_delivery_asked_about_by_hand_is_not_asked_about_again(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock, a_shipment(scans=[a_checkpoint(Stage.DELIVERED, SCANNED, text="Delivered")]))
    tracker.store.write(lambda c: stored.watch_these(c, [1], at=clock.at, patience=tracker.patience(["cj"])))
    assert polling.waiting(tracker) == {}


def test_retry_makes_due_what_failed_while_the_service_was_away(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    service.says[CJ] = Trouble(TroubleKind.UNREACHABLE, "The service cannot be reached.")
    clock.forward(hours=3)
    assert polling.refresh_due(tracker).failed == 1
    clock.forward(seconds=70)
    assert polling.waiting(tracker) == {}
    polling.retry(tracker, "tracker_delivery", person=HANA.person)
    assert polling.waiting(tracker) == {"tracker_delivery": {"cj": 1}}


def test_where_the_sandbox_answers_an_imported_shipment_is_not_asked_about(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock, made_here_only=lambda: True)
    tracker.store.write(lambda c: c.execute("UPDATE shipment SET source_hash = 'x'").fetchall())
    assert polling.refresh_now(tracker, ["S-1"], person=HANA.person).untracked == 1
    assert service.asked == []


def test_a_failure_by_hand_says_why(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    service.says[CJ] = Trouble(TroubleKind.SLOW, "The service did not answer in time.")
    report = polling.refresh_now(tracker, ["S-1"], person=HANA.person)
    assert (report.failed, report.failures[0].reason) == (1, "The service did not answer in time.")
    assert report.message == "1 asked, 0 changed. 1 failed."


def test_a_refresh_can_be_cancelled_between_chunks(service: Service, clock: SetClock) -> None:
    given = [a_shipment(f"S-{n}", invoice=an_invoice(f"1000000{n:05}")) for n in range(1, 41)]
    tracker = a_desk(service, clock, *given, chunk=10)
    report = polling.refresh_now(
        tracker, [s.shipment_no for s in given], person=HANA.person, cancel=lambda: len(service.asked) >= 20
    )
    assert (report.asked, report.cancelled) == (20, True)
    assert polling.refresh_due(tracker).asked == 20


def test_two_refreshes_at_once_ask_each_number_once(service: Service, clock: SetClock) -> None:
    given = [a_shipment(f"S-{n}", invoice=an_invoice(f"1000000{n:05}")) for n in range(1, 41)]
    tracker = a_desk(service, clock, *given, chunk=5)
    polling.watch(tracker)
    threads = [threading.Thread(target=polling.refresh_due, args=(tracker,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(Counter(number.invoice_no for number in service.asked).values()) == {1}
    assert len(service.asked) == 40


def test_several_shipments_in_one_parcel_have_one_answer(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock, a_shipment(invoice=an_invoice()), a_shipment("S-2", invoice=an_invoice()))
    service.tells(CJ, PICKED_UP)
    report = polling.refresh_due(tracker)
    assert (len(service.asked), report.changed, status(tracker), status(tracker, "S-2")) == (
        1, 2, Status.RELEASED, Status.RELEASED,
    )  # fmt: skip


def test_a_fault_of_ours_ends_the_claims(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    service.says[CJ] = lambda: 1 / 0  # type: ignore[assignment,return-value]
    with pytest.raises(ZeroDivisionError):
        polling.refresh_due(tracker)
    service.tells(CJ, PICKED_UP)
    assert polling.refresh_due(tracker).changed == 1


def test_after_a_month_of_silence_asking_stops_until_someone_resumes(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    told(tracker, PICKED_UP)
    clock.forward(days=40)
    polling.refresh_due(tracker)
    assert (cached(tracker)["stopped_at"], cached(tracker)["next_due"]) == (clock.at, None)
    assert polling.resume(tracker, ["S-1"], person=HANA.person) == 1
    assert polling.refresh_due(tracker).asked == 1
    assert cached(tracker)["next_due"] > clock.at


@pytest.mark.parametrize(("country", "minutes"), [("KR", 45), ("FR", 180), ("AQ", 45)], ids=["at home", "far away", "unknown"])
def test_the_streets_of_the_recipients_country_say_when_a_parcel_on_tour_is_asked_about(
    service: Service, clock: SetClock, monkeypatch: pytest.MonkeyPatch, country: str, minutes: int
) -> None:
    monkeypatch.setattr("core.services.tracking.recording.random.uniform", lambda low, high: 0)
    clock.at = nov(16, 1)
    tracker = a_desk(service, clock, a_shipment(address=replace(ADDRESS, country=country), invoice=an_invoice()))
    service.tells(CJ, PICKED_UP, OUT)
    polling.refresh_due(tracker, everything=True)
    assert cached(tracker)["next_due"] == clock.at + timedelta(minutes=minutes)


def test_a_closed_shipment_is_not_asked_about_again(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    service.tells(CJ, PICKED_UP, FAILED, RETURNED)
    polling.refresh_due(tracker)
    actions.close(tracker.store, "S-1", request=Request(HANA, clock()))
    clock.forward(days=1)
    polling.refresh_due(tracker)
    assert cached(tracker)["next_due"] is None


_WAITING = """
SELECT shipment_no FROM shipment JOIN tracking USING (shipment_id) WHERE status = 'preparing_to_ship' AND next_due NOT NULL
"""


class Pairs:
    """Two fresh parcels at a time, in one database."""

    def __init__(self) -> None:
        self.tracker = a_tracker(a_store(), Service(), SetClock(nov(20)))
        self._turns = count(1)

    def __next__(self) -> list[Claim]:
        turn = next(self._turns)
        names = [f"S-{turn}a", f"S-{turn}b"]
        add(self.tracker.store, *(a_shipment(name, invoice=an_invoice()) for name in names))
        polling.watch(self.tracker)
        rows = self.tracker.store.rows(
            "SELECT invoice_id, shipment_id, shipment_no, carrier, invoice_no FROM shipment ORDER BY shipment_id DESC LIMIT 2"
        )
        return [Claim(**row) for row in reversed(rows)]


@pytest.fixture
def pairs() -> Pairs:
    return Pairs()


_EVENTS = st.lists(
    st.builds(
        a_checkpoint,
        st.sampled_from([*Stage, None]),
        st.integers(0, 40).map(lambda n: nov(12) + timedelta(hours=3 * n)),
        text=st.sampled_from(["", "a", "b"]),
    ),
    max_size=9,
)


def wordless(shipment: Shipment) -> State:
    """The state, whichever of several texts for one scan it took."""
    return replace(shipment.state, reason=None, exception=shipment.state.exception and "said")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(events=_EVENTS, dice=st.randoms(use_true_random=False), parts=st.integers(1, 4))
def test_events_end_in_one_status_in_any_order_of_arrival(
    pairs: Pairs, events: list[Checkpoint], dice: Any, parts: int
) -> None:
    one, other = next(pairs)
    polling.apply(pairs.tracker, "tracker_delivery", [(one.invoice_id, an_answer(CJ, *events))])
    late = [*events, *dice.choices(events, k=3)] if events else []
    dice.shuffle(late)
    for part in range(parts):
        polling.apply(pairs.tracker, "tracker_delivery", [(other.invoice_id, an_answer(CJ, *late[part::parts]))])
    at_once, one_by_one = (the(pairs.tracker.store, row.shipment_no) for row in (one, other))
    assert wordless(at_once) == wordless(one_by_one) == wordless(folded(at_once))


@pytest.fixture
def shop() -> Iterator[tuple[Runtime, SetClock]]:
    """A demo shop over real HTTP."""
    clock = SetClock(OPENED)
    with a_demo_desk(clock) as desk:
        yield desk, clock


def refreshed(shop: tuple[Runtime, SetClock], fault: str = "none", **later: float) -> RefreshReport:
    desk, clock = shop
    assert desk.sandbox
    clock.forward(**later)
    for service in desk.access:
        desk.retry_service(service, person=HANA.person)
    desk.sandbox.set_fault("", fault, person=ADA.person)
    return polling.refresh_due(desk.tracker, everything=True)


def open_shipments(desk: Runtime) -> dict[str, str]:
    rows = desk.store.rows(
        "SELECT shipment_no, status || coalesce(word, '') AS status FROM shipment WHERE invoice_id IS NOT NULL"
    )
    return {row["shipment_no"]: row["status"] for row in rows}


def test_the_demo_moves_as_planned_through_both_services(shop: tuple[Runtime, SetClock]) -> None:
    before = open_shipments(shop[0])
    report = refreshed(shop, hours=6)
    after = open_shipments(shop[0])
    moved = sum(before[no] != after[no] for no in before)
    assert report.failed == 0 and report.answered == report.asked > 40
    assert moved > 5 and report.changed >= moved
    assert disagreements(shop[0].store) == 0
    assert {row["service"] for row in shop[0].store.rows("SELECT DISTINCT service FROM tracking WHERE fetched_at NOT NULL")} == {
        "tracker_delivery", "seventeen_track",
    }  # fmt: skip


def test_asked_again_at_once_the_demo_has_no_news(shop: tuple[Runtime, SetClock]) -> None:
    refreshed(shop, hours=1)
    report = refreshed(shop, minutes=2)
    assert report.answered > 40
    assert report.events <= 5


@pytest.mark.parametrize("fault", ["repeated", "shuffled", "late"])
def test_untidy_events_end_in_the_same_status(shop: tuple[Runtime, SetClock], fault: str) -> None:
    report = refreshed(shop, fault, hours=5)
    assert report.failed == 0 and report.events > 5
    refreshed(shop, hours=1)
    assert disagreements(shop[0].store) == 0
    clock = SetClock(OPENED)
    with a_demo_desk(clock) as tidy:
        refreshed((tidy, clock), hours=6)
        assert open_shipments(tidy) == open_shipments(shop[0])


def test_a_carrier_that_knows_no_number_changes_nothing(shop: tuple[Runtime, SetClock]) -> None:
    before = open_shipments(shop[0])
    report = refreshed(shop, "unknown", hours=3)
    assert (report.failed, report.changed, open_shipments(shop[0])) == (0, 0, before)


@pytest.mark.parametrize("fault", ["failing", "malformed", "lying"])
def test_a_failing_carrier_changes_nothing_and_the_next_answer_mends_it(shop: tuple[Runtime, SetClock], fault: str) -> None:
    before = open_shipments(shop[0])
    report = refreshed(shop, fault, hours=3)
    assert report.answered == 0 and report.failed == report.asked > 0
    assert open_shipments(shop[0]) == before
    assert all(failure.reason.endswith(".") for failure in report.failures)
    mended = refreshed(shop, hours=4)
    assert mended.failed == 0 and mended.events > 0


def test_one_failing_service_does_not_hold_the_other_up(shop: tuple[Runtime, SetClock]) -> None:
    desk, clock = shop
    assert desk.sandbox
    refreshed(shop, minutes=2)
    clock.forward(hours=4)
    desk.sandbox.set_fault("seventeen_track", "failing", person=ADA.person)
    report = polling.refresh_due(desk.tracker, everything=True)
    assert 0 < report.failed < report.asked
    carriers = {one.carrier: one for one in desk.carrier_health(person=HANA.person)}
    assert carriers["cj"].last_success == clock.at
    assert carriers["dhl"].last_error and carriers["dhl"].error_rate


def test_numbers_that_the_carrier_refuses_come_back_to_be_released(shop: tuple[Runtime, SetClock]) -> None:
    desk, _ = shop
    refreshed(shop, minutes=2)
    waiting = [row["shipment_no"] for row in desk.store.rows(_WAITING)]
    refreshed(shop, "invalid", minutes=2)
    refused = {
        no for no, status in open_shipments(desk).items() if status == Status.PREPARING_TO_RELEASE + StatusDetail.RELEASE_FAILED
    }
    assert waiting and set(waiting) <= refused


def twenty(service: Service, clock: SetClock) -> Tracker:
    """Twenty parcels that are due, all of them delivered by what the service says."""
    numbers = [f"{CJ[:-3]}{n:03}" for n in range(20)]
    given = [a_shipment(f"S-{n}", invoice=an_invoice(number)) for n, number in enumerate(numbers)]
    for number in numbers:
        service.tells(number, PICKED_UP, DELIVERED)
    return a_desk(service, clock, *given)


@pytest.mark.parametrize(
    "bad",
    [
        a_checkpoint(Stage.DELIVERED, nov(15, 14), text="Deli\ud800vered"),
        a_checkpoint(Stage.DELIVERED, nov(15, 14), code=7),
        a_checkpoint(Stage.DELIVERED, nov(15, 14).replace(tzinfo=None)),
    ],
)
def test_one_answer_that_cannot_be_stored_takes_none_of_the_others_away(
    service: Service, clock: SetClock, bad: Checkpoint
) -> None:
    tracker = twenty(service, clock)
    number = f"{CJ[:-3]}007"
    service.tells(number, PICKED_UP, bad)
    report = polling.refresh_due(tracker, everything=True)
    assert (report.asked, report.answered, report.failed) == (20, 19, 1)
    rows = tracker.store.rows("SELECT status, count(*) AS n FROM shipment GROUP BY status ORDER BY n")
    assert [(row["status"], row["n"]) for row in rows] == [("preparing_to_ship", 1), ("delivered", 19)]
    [noted] = tracker.store.rows("SELECT * FROM tracking WHERE last_error <> ''")
    assert noted["invoice_no"] == number and noted["last_error"].endswith(".")
    assert (noted["attempts"], noted["claimed_by"]) == (1, None)
    assert noted["next_due"] >= clock.at + timedelta(minutes=5)
    assert [failure.shipment_no for failure in report.failures] == ["S-7"]
    assert disagreements(tracker.store) == 0


def test_an_answer_that_cannot_be_stored_is_asked_again_later_and_later_and_taken_when_it_can_be(
    service: Service, clock: SetClock
) -> None:
    tracker = a_desk(service, clock)
    service.tells(CJ, a_checkpoint(text="Hub\ud800"))
    for _ in range(4):
        polling.refresh_due(tracker, everything=True)
        assert polling.refresh_due(tracker).asked == 0
        clock.forward(hours=4)
    assert cached(tracker)["attempts"] == 4
    service.tells(CJ, HUB)
    assert polling.refresh_due(tracker).answered == 1
    assert (cached(tracker)["last_error"], cached(tracker)["attempts"]) == ("", 0)
    assert the(tracker.store).state.status is Status.IN_DELIVERY


def test_ten_thousand_events_of_one_number_are_taken_and_known_again(service: Service, clock: SetClock) -> None:
    tracker = a_desk(service, clock)
    many = [a_checkpoint(at=nov(13) + timedelta(seconds=n), text=f"Scan {n}") for n in range(10_000)]
    assert [told(tracker, *many, DELIVERED).events for _ in range(2)] == [10_001, 0]
    assert the(tracker.store).state.status is Status.DELIVERED


def test_once_the_shop_is_somebodys_own_nobody_asks_the_sandbox_and_it_does_not_answer(shop: tuple[Runtime, SetClock]) -> None:
    desk, clock = shop
    assert refreshed(shop, minutes=2).answered > 40
    key = desk.access["tracker_delivery"].key
    own_shop.begin_own_shop(desk.store, request=Request(ADA, clock.at))
    clock.forward(hours=6)
    assert (desk.is_demo, desk.sandbox, desk.access, desk.tracker.pace()) == (False, None, {}, 1.0)
    assert polling.refresh_due(desk.tracker, everything=True).asked == 0
    assert desk.store.rows("SELECT count(*) AS n FROM tracking_run") == [{"n": 0}]
    answer = httpx.get(f"{desk.base_url}/sandbox/tracker_delivery/graphql", headers={"Authorization": key})
    assert answer.status_code == 404
    assert [one.carrier for one in desk.carrier_health(person=HANA.person) if one.watched] == []


def test_a_key_of_ones_own_goes_on_being_asked() -> None:
    clock, keys = SetClock(OPENED), {"dhl": Keys("key")}
    with a_demo_desk(clock, shipments=60, services=keys, sandbox=True) as desk:
        assert set(desk.access) > {"dhl"}
        assert not desk.tracker.made_here_only()
        own_shop.begin_own_shop(desk.store, request=Request(ADA, clock.at))
        assert set(desk.access) == {"dhl"}
