"""A company that is retired: its numbers are not asked any more, and what is open with it is closed by hand in one go."""

from datetime import timedelta

import pytest

from core.domain.errors import Forbidden, Refused
from core.domain.history import HistoryAction
from core.domain.invoice_number import propose
from core.domain.shipment import Shipment, Stage, Status
from core.domain.shipment_actions import Refusal
from core.services.shipments import actions, closing, invoices, lanes, undo
from core.services.shipments.actions import Missing
from core.services.shipments.changes import Actor, NotSaved, Request
from core.services.shipments.closing import Closing, Ending, NotLeftOpen, StaysOpen, left_open
from core.services.shipments.invoices import Entry
from core.services.tracking import carriers, polling
from core.store import history
from core.store.database import Store
from tests.builders import (
    ADA,
    CJ,
    CJ_OTHER,
    HANA,
    HANJIN,
    NOW,
    RULES,
    a_checkpoint,
    a_shipment,
    a_store,
    a_visit,
    an_invoice,
    nov,
    the,
)
from tests.desk import Service, SetClock, a_tracker, an_answer

ALL = ("tracker_delivery", "aftership")
LATER = NOW + timedelta(minutes=1)


def sent(number: str, invoice_no: str, *stages: Stage, carrier: str = "cj") -> Shipment:
    scans = [a_checkpoint(stage, nov(12 + place)) for place, stage in enumerate(stages)]
    return a_shipment(number, invoice=an_invoice(invoice_no, nov(10), carrier=carrier), scans=scans)


def a_desk() -> Store:
    """S-1 in transit and S-2 failed once with CJ, S-3 delivered by CJ, S-4 with Hanjin, S-5 waits."""
    return a_store(
        sent("S-1", CJ, Stage.PICKED_UP, Stage.IN_TRANSIT),
        sent("S-2", CJ_OTHER, Stage.ATTEMPT_FAILED),
        sent("S-3", "568833612760", Stage.DELIVERED),
        sent("S-4", HANJIN, Stage.PICKED_UP, carrier="hanjin"),
        a_shipment("S-5"),
    )


def retired(store: Store, carrier: str = "cj") -> Store:
    carriers.retire(store, RULES, carrier, request=Request(ADA, NOW))
    return store


def ended(
    store: Store, ending: Ending, *, key: str | None = None, by: Actor = ADA, seen: dict[str, int] | None = None
) -> Closing:
    found = seen if seen is not None else left_open(store, "cj", visit=a_visit()).seen
    asked = Request(by, NOW, request_key=key)
    return closing.close_left_open(store, "cj", found, ending, request=asked, reason=" The service is gone ")


def statuses(store: Store) -> list[tuple[Status, bool]]:
    found = [the(store, number) for number in ("S-1", "S-2", "S-3", "S-4")]
    return [(one.state.status, one.closed_at is not None) for one in found]


BEFORE = [(Status.IN_DELIVERY, False), (Status.SHIPPING_FAILED, False), (Status.DELIVERED, False), (Status.RELEASED, False)]


def test_numbers_of_a_retired_company_are_asked_neither_by_themselves_nor_by_hand_until_it_is_taken_back() -> None:
    store, service, clock = a_desk(), Service(), SetClock(NOW)
    service.says[CJ] = an_answer(CJ, a_checkpoint(Stage.OUT_FOR_DELIVERY, nov(15)))
    tracker = a_tracker(retired(store), service, clock, routes=lambda: carriers.routes(store, RULES, ALL))
    assert polling.refresh_due(tracker, everything=True).asked == 1
    assert polling.refresh_now(tracker, ["S-1"], person=HANA.person).untracked == 1
    carriers.take_back(store, RULES, "cj", request=Request(ADA, NOW))
    clock.forward(minutes=5)
    polling.refresh_due(tracker, everything=True)
    assert the(store, "S-1").state.stage is Stage.OUT_FOR_DELIVERY


def test_a_retired_company_is_proposed_for_nothing_new_and_the_old_ones_still_show() -> None:
    store = retired(a_desk())
    rules = carriers.rules_in_force(store, RULES)
    assert "cj" in propose(CJ, RULES) and "cj" not in propose(CJ, rules)
    assert "cj" in rules.carriers and "cj" not in rules.offered
    assert "cj" in lanes.lane_of(store, RULES, the(store, "S-5"), NOW).usual
    assert "cj" not in lanes.lane_of(store, rules, the(store, "S-5"), NOW).usual
    assert rules.carriers["cj"].name == RULES.carriers["cj"].name
    carriers.take_back(store, RULES, "cj", request=Request(ADA, NOW))
    assert carriers.rules_in_force(store, RULES).offered.keys() == RULES.carriers.keys()


def test_whoever_names_a_retired_company_can_still_send_with_it() -> None:
    store = retired(a_desk())
    rules = carriers.rules_in_force(store, RULES)
    assert invoices.register(store, rules, "S-5", Entry("cj", "641234987655"), request=Request(HANA, NOW))


def test_retiring_keeps_the_choice_of_a_service_and_a_check_and_the_other_way_round() -> None:
    store = a_desk()
    carriers.set_service(store, RULES, "cj", "aftership", request=Request(ADA, NOW))
    retired(store)
    carriers.set_check(store, RULES, "cj", None, request=Request(ADA, NOW))
    assert "cj" not in carriers.routes(store, RULES, ALL)
    carriers.take_back(store, RULES, "cj", request=Request(ADA, NOW))
    assert carriers.routes(store, RULES, ALL)["cj"] == "aftership"


def test_an_unknown_company_is_not_retired() -> None:
    for act in (carriers.retire, carriers.take_back):
        with pytest.raises(Refused, match="no shipping company"):
            act(a_store(), RULES, "pigeon", request=Request(ADA, NOW))


def test_what_is_left_open_is_what_left_and_has_no_end() -> None:
    found = left_open(a_desk(), "cj", visit=a_visit())
    assert (dict(found.under_way), dict(found.failed)) == ({"S-1": 1}, {"S-2": 1})


def test_all_of_it_is_delivered_in_one_go_but_for_what_failed_which_is_closed() -> None:
    store = retired(a_desk())
    made = ended(store, Ending.DELIVERED)
    assert (made.closed, made.stayed) == (2, ())
    assert statuses(store) == [(Status.DELIVERED, False), (Status.SHIPPING_FAILED, True), *BEFORE[2:]]
    changes = [history.of_shipment(store, number)[0] for number in (1, 2)]
    assert [(one["batch_id"], one["action"], one["reason"], one["changed_by"]) for one in changes] == [
        (made.batch, HistoryAction.MARKED_DELIVERED, "The service is gone", "Ada Kang"),
        (made.batch, HistoryAction.CLOSED, "The service is gone", "Ada Kang"),
    ]
    assert left_open(store, "cj", visit=a_visit()).seen == {}


def test_or_all_of_it_is_closed_as_it_stands() -> None:
    store = retired(a_desk())
    assert ended(store, Ending.CLOSED).closed == 2
    assert statuses(store) == [(Status.IN_DELIVERY, True), (Status.SHIPPING_FAILED, True), *BEFORE[2:]]


@pytest.mark.parametrize("ending", Ending)
def test_the_batch_is_undone_in_one_go(ending: Ending) -> None:
    store = retired(a_desk())
    before = [the(store, number) for number in ("S-1", "S-2")]
    batch = ended(store, ending).batch
    assert batch
    answers = undo.undo(store, batch, request=Request(ADA, LATER), home="KR")
    assert [one.stayed for one in answers] == [None, None]
    assert statuses(store) == BEFORE
    assert [(the(store, one.shipment_no).state, the(store, one.shipment_no).checkpoints) for one in before] == [
        (one.state, one.checkpoints) for one in before
    ]
    assert [history.of_shipment(store, number)[0]["action"] for number in (1, 2)] == [HistoryAction.UNDONE] * 2


def test_a_delivery_marked_by_hand_alone_is_undone_too_and_what_the_carrier_said_meanwhile_stays() -> None:
    store = a_desk()
    actions.mark_delivered(store, "S-1", request=Request(HANA, NOW), reason="The buyer called")
    batch = history.of_shipment(store, 1)[0]["batch_id"]
    assert [one.stayed for one in undo.undo(store, batch, request=Request(HANA, LATER), home="KR")] == [None]
    assert [point.stage for point in the(store, "S-1").checkpoints] == [Stage.PICKED_UP, Stage.IN_TRANSIT]


def test_what_changed_since_ended_since_or_went_elsewhere_stays_and_says_why() -> None:
    store = retired(a_desk())
    made = ended(store, Ending.DELIVERED, seen={"S-1": 0, "S-3": 1, "S-4": 1, "S-5": 1, "S-9": 1})
    assert (made.batch, made.closed) == (None, 0)
    assert [why.reason for why in made.stayed] == [
        StaysOpen.CHANGED_SINCE, Refusal.DELIVERED, NotLeftOpen.ANOTHERS, Refusal.NOT_GIVEN_UP, NotSaved.NO_SHIPMENT,
    ]  # fmt: skip
    assert statuses(store) == BEFORE


def test_a_repeated_press_ends_nothing_a_second_time() -> None:
    store = retired(a_desk())
    seen = dict(left_open(store, "cj", visit=a_visit()).seen)
    assert ended(store, Ending.CLOSED, key="press", seen=seen) == ended(store, Ending.CLOSED, key="press", seen=seen)
    assert len(history.of_shipment(store, 1)) == 1


def test_only_an_admin_ends_it_with_a_reason_and_only_of_a_company_that_is_retired() -> None:
    store = a_desk()
    with pytest.raises(Refused) as refusal:
        ended(store, Ending.CLOSED)
    assert refusal.value.reason is NotLeftOpen.STILL_ASKED
    retired(store)
    with pytest.raises(Forbidden):
        ended(store, Ending.CLOSED, by=HANA)
    with pytest.raises(Refused) as missing:
        closing.close_left_open(store, "cj", {"S-1": 1}, Ending.CLOSED, request=Request(ADA, NOW), reason=" ")
    assert missing.value.reason is Missing.CLOSING_REASON
    with pytest.raises(Forbidden):
        carriers.take_back(store, RULES, "cj", request=Request(HANA, NOW))
    assert statuses(store) == BEFORE
