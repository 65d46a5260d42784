"""The status of a shipment: what each carrier's word leads to, and what outranks what."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain import status
from core.domain.answer_doubts import AnswerDoubt
from core.domain.history import ChangeSource
from core.domain.shipment import Checkpoint, Hint, InvoiceEvent, Stage, State, Status, StatusDetail, WayBack
from core.domain.status import fold, folded
from tests.builders import CJ, CJ_OTHER, a_checkpoint, a_shipment, an_invoice, nov

ORDERED, RELEASED_AT, REGISTERED_AT = nov(10), nov(11), nov(12)
INVOICE = an_invoice(at=REGISTERED_AT)


def scan(stage: Stage | None, day: int, hour: int = 9, minute: int = 0, **fields: object) -> Checkpoint:
    return a_checkpoint(stage, nov(day, hour, minute), **fields)


def state(
    *scans: Checkpoint, invoices: Iterable[InvoiceEvent] = (INVOICE,), released_at: datetime | None = RELEASED_AT
) -> State:
    return fold(ORDERED, released_at, tuple(invoices), scans)


def told(result: State) -> tuple[Status, StatusDetail | None]:
    return result.status, result.word


LEADS_TO = [
    (Stage.INFO_RECEIVED, Status.PREPARING_TO_SHIP, None),
    (Stage.INVALID_NUMBER, Status.PREPARING_TO_RELEASE, StatusDetail.RELEASE_FAILED),
    (Stage.PICKED_UP, Status.RELEASED, None),
    (Stage.IN_TRANSIT, Status.IN_DELIVERY, None),
    (Stage.EXCEPTION, Status.PREPARING_TO_SHIP, None),
    (Stage.OUT_FOR_DELIVERY, Status.IN_DELIVERY, None),
    (Stage.AVAILABLE_FOR_PICKUP, Status.IN_DELIVERY, None),
    (Stage.ATTEMPT_FAILED, Status.SHIPPING_FAILED, StatusDetail.REDELIVERY),
    (Stage.RETURNING, Status.SHIPPING_FAILED, StatusDetail.CANCELLATION),
    (Stage.CANCELLED, Status.SHIPPING_FAILED, StatusDetail.CANCELLATION),
    (Stage.LOST, Status.SHIPPING_FAILED, StatusDetail.CANCELLATION),
    (Stage.RETURNED, Status.SHIPPING_FAILED, StatusDetail.CANCELLATION),
    (Stage.DELIVERED, Status.DELIVERED, None),
]


@pytest.mark.parametrize(("stage", "status", "word"), LEADS_TO)
def test_each_stage_leads_to_its_status_and_word(stage: Stage, status: Status, word: StatusDetail | None) -> None:
    assert told(state(scan(stage, 13))) == (status, word)
    assert state(scan(stage, 13)).stage is stage


def test_the_table_above_knows_every_stage() -> None:
    assert {stage for stage, _, _ in LEADS_TO} == set(Stage)


def test_without_an_invoice_a_shipment_is_preparing_since_it_was_prepared() -> None:
    assert state(invoices=()) == State(Status.PREPARING_TO_RELEASE, since=RELEASED_AT)
    assert state(invoices=(), released_at=None).since == ORDERED


def test_a_registered_invoice_without_a_scan_is_processed() -> None:
    assert state() == State(Status.PREPARING_TO_SHIP, since=REGISTERED_AT)


def test_the_status_goes_from_dispatched_to_shipping_with_the_second_scan() -> None:
    picked_up = scan(Stage.PICKED_UP, 13)
    assert state(picked_up).status is Status.RELEASED
    assert state(picked_up, scan(Stage.IN_TRANSIT, 13, 20)).status is Status.IN_DELIVERY


def test_a_pick_up_stamped_after_a_transit_scan_does_not_take_the_shipment_back() -> None:
    assert state(scan(Stage.IN_TRANSIT, 13), scan(Stage.PICKED_UP, 13, 10)).status is Status.IN_DELIVERY


def test_delivered_outranks_a_later_transit_scan() -> None:
    result = state(scan(Stage.IN_TRANSIT, 13), scan(Stage.DELIVERED, 14), scan(Stage.IN_TRANSIT, 15))
    assert told(result) == (Status.DELIVERED, None)
    assert (result.delivered_at, result.since, result.last_scan_at) == (nov(14), nov(14), nov(14))


def test_delivered_stamped_minutes_before_out_for_delivery_is_delivered() -> None:
    result = state(scan(Stage.DELIVERED, 14, 10, 0), scan(Stage.OUT_FOR_DELIVERY, 14, 10, 4))
    assert (result.status, result.delivered_at) == (Status.DELIVERED, nov(14, 10, 0))


def test_of_scans_at_one_moment_the_furthest_counts() -> None:
    scans = [scan(stage, 14) for stage in (Stage.DELIVERED, Stage.OUT_FOR_DELIVERY, Stage.IN_TRANSIT)]
    assert state(*scans).status is Status.DELIVERED


@pytest.mark.parametrize("later", [Stage.CANCELLED, Stage.LOST, Stage.ATTEMPT_FAILED, Stage.EXCEPTION, Stage.INVALID_NUMBER])
def test_bad_news_stamped_after_the_delivery_changes_nothing(later: Stage) -> None:
    delivered = scan(Stage.DELIVERED, 14)
    assert state(delivered, scan(later, 15)) == state(delivered)


def test_a_second_delivery_scan_keeps_the_first_moment() -> None:
    assert state(scan(Stage.DELIVERED, 14), scan(Stage.DELIVERED, 15)).delivered_at == nov(14)


WAY_OUT = (scan(Stage.PICKED_UP, 13), scan(Stage.DELIVERED, 14))


@pytest.mark.parametrize(
    "begins",
    [
        scan(Stage.PICKED_UP, 20),
        scan(Stage.RETURNING, 20),
        scan(Stage.IN_TRANSIT, 20, hint=Hint.RETURN),
        scan(Stage.IN_TRANSIT, 20, inferred=True),
    ],
    ids=["a new pick-up", "a code", "words", "a scan of a service without a code for pick-ups"],
)
def test_the_way_back_begins_after_the_delivery_and_leaves_it_as_it_was(begins: Checkpoint) -> None:
    result = state(*WAY_OUT, begins, scan(Stage.IN_TRANSIT, 21))
    assert (told(result), result.since, result.way_back) == ((Status.DELIVERED, None), nov(14), WayBack.RETURNING)
    assert (result.delivered_at, result.returning_at, result.returned_at) == (nov(14), nov(20), None)
    assert (result.picked_up_at, result.first_attempt_at, result.last_scan_at) == (nov(13), nov(14), nov(21))


@pytest.mark.parametrize("ends", [Stage.DELIVERED, Stage.RETURNED])
def test_the_end_of_the_way_back_is_the_return_not_the_delivery(ends: Stage) -> None:
    result = state(*WAY_OUT, scan(Stage.PICKED_UP, 20), scan(ends, 23), scan(Stage.IN_TRANSIT, 23, 10))
    assert (told(result), result.delivered_at) == ((Status.DELIVERED, None), nov(14))
    assert (result.way_back, result.returning_at, result.returned_at) == (WayBack.RETURNED, nov(20), nov(23))


def test_what_befalls_a_parcel_on_its_way_back_is_no_failure_of_its_delivery() -> None:
    back = [scan(Stage.PICKED_UP, 20), scan(Stage.ATTEMPT_FAILED, 22), scan(Stage.EXCEPTION, 22, 10), scan(Stage.LOST, 23)]
    result = state(*WAY_OUT, *back)
    assert (told(result), result.stage, result.exception) == ((Status.DELIVERED, None), Stage.DELIVERED, None)
    assert (result.failed_attempts, result.first_failed_at, result.first_exception_at, result.lost_at) == (0, None, None, None)


@pytest.mark.parametrize(("days", "way_back"), [(60, WayBack.RETURNING), (61, None)])
def test_a_way_back_begins_within_sixty_days_or_the_number_is_somebody_elses(days: int, way_back: WayBack | None) -> None:
    later = nov(14) + timedelta(days=days)
    result = state(*WAY_OUT, a_checkpoint(Stage.PICKED_UP, later), a_checkpoint(Stage.DELIVERED, later + timedelta(days=20)))
    assert (result.delivered_at, result.returning_at) == (nov(14), later if way_back else None)
    assert (result.returned_at is not None, result.doubt) == ((True, None) if way_back else (False, AnswerDoubt.USED_AGAIN))


def test_a_parcel_that_never_arrived_is_not_the_one_that_its_number_is_given_to_long_after() -> None:
    silent = [scan(Stage.PICKED_UP, 13), scan(Stage.IN_TRANSIT, 14)]
    again = [
        a_checkpoint(stage, nov(14) + timedelta(days=400 + n)) for n, stage in enumerate((Stage.PICKED_UP, Stage.DELIVERED))
    ]
    result = state(*silent, *again)
    assert (result.status, result.last_scan_at, result.doubt) == (Status.IN_DELIVERY, nov(14), AnswerDoubt.USED_AGAIN)


def test_after_the_return_only_another_parcel_can_be_picked_up() -> None:
    whole = [*WAY_OUT, scan(Stage.PICKED_UP, 20), scan(Stage.DELIVERED, 23)]
    result = state(*whole, scan(Stage.PICKED_UP, 25), scan(Stage.DELIVERED, 26))
    assert result == replace(state(*whole), doubt=AnswerDoubt.USED_AGAIN)


def test_refused_sent_back_and_handed_to_the_sender_is_returned_not_delivered() -> None:
    out = [scan(Stage.PICKED_UP, 13), scan(Stage.ATTEMPT_FAILED, 14, text="Refused")]
    back = state(*out, scan(Stage.RETURNING, 15, text="Back"), scan(Stage.OUT_FOR_DELIVERY, 17))
    assert (told(back), back.way_back, back.reason) == (
        (Status.SHIPPING_FAILED, StatusDetail.CANCELLATION),
        WayBack.RETURNING,
        "Back",
    )
    result = state(*out, scan(Stage.RETURNING, 15, text="Back"), scan(Stage.IN_TRANSIT, 16), scan(Stage.DELIVERED, 17))
    assert told(result) == (Status.SHIPPING_FAILED, StatusDetail.CANCELLATION)
    assert (result.delivered_at, result.returned_at, result.way_back, result.stage) == (
        None,
        nov(17),
        WayBack.RETURNED,
        Stage.RETURNED,
    )
    assert (result.failed_attempts, result.first_attempt_at, result.since, result.doubt) == (1, nov(14), nov(15), None)


IN_WORDS = (
    scan(Stage.PICKED_UP, 13),
    scan(Stage.ATTEMPT_FAILED, 14, text="수취거절", hint=Hint.RETURN),
    scan(Stage.IN_TRANSIT, 16),
    scan(Stage.DELIVERED, 17, text="반송 배달완료", hint=Hint.RETURN),
)


def test_words_alone_make_a_parcel_neither_delivered_nor_returned() -> None:
    for end, doubt in ((3, AnswerDoubt.GOES_BACK), (4, AnswerDoubt.DELIVERED_OR_RETURNED)):
        result = state(*IN_WORDS[:end])
        assert (told(result), result.doubt) == ((Status.SHIPPING_FAILED, StatusDetail.UNDECIDED), doubt)
        assert (result.delivered_at, result.way_back, result.first_attempt_at) == (None, None, nov(14))
    assert (result.reason, result.failed_attempts) == ("수취거절", 1)


@pytest.mark.parametrize(
    ("decided", "status", "word", "delivered_at", "returned_at"),
    [
        (Stage.DELIVERED, Status.DELIVERED, None, nov(17), None),
        (Stage.RETURNED, Status.SHIPPING_FAILED, StatusDetail.CANCELLATION, None, nov(17)),
        (None, Status.SHIPPING_FAILED, StatusDetail.UNDECIDED, None, None),
    ],
    ids=["delivered", "returned", "taken back"],
)
def test_a_person_settles_what_words_leave_open(
    decided: Stage | None,
    status: Status,
    word: StatusDetail | None,
    delivered_at: datetime | None,
    returned_at: datetime | None,
) -> None:
    before = scan(
        Stage.DELIVERED if decided is Stage.RETURNED else Stage.RETURNED, 18, hint=Hint.SETTLED, source=ChangeSource.FORM
    )
    settled = scan(decided, 19, hint=Hint.SETTLED, source=ChangeSource.FORM)
    result = state(*IN_WORDS, before, settled)
    assert (told(result), result.delivered_at, result.returned_at) == ((status, word), delivered_at, returned_at)
    assert ((result.doubt is None) is (decided is not None), result.failed_attempts, result.first_attempt_at) == (
        True,
        1,
        nov(14),
    )


def a_decision(stage: Stage, day: int) -> Checkpoint:
    return scan(stage, day, hint=Hint.SETTLED, source=ChangeSource.FORM)


@pytest.mark.parametrize("known", [1, 2], ids=["refused", "sent back"])
def test_a_person_may_know_that_it_is_back_before_the_carrier_says_so(known: int) -> None:
    on_its_way = IN_WORDS[: known + 1]
    result = state(*on_its_way, a_decision(Stage.RETURNED, 18))
    assert (told(result), result.way_back) == ((Status.SHIPPING_FAILED, StatusDetail.CANCELLATION), WayBack.RETURNED)
    assert (result.returned_at, result.failed_attempts, result.doubt) == (on_its_way[-1].happened_at, 1, None)


def test_a_person_may_know_that_it_goes_on_to_the_recipient_until_the_words_say_it_again() -> None:
    on_its_way = [*IN_WORDS[:3], a_decision(Stage.IN_TRANSIT, 16)]
    result = state(*on_its_way)
    assert (result.status, result.doubt, result.way_back) == (Status.IN_DELIVERY, None, None)
    assert state(*on_its_way, scan(Stage.DELIVERED, 18, text="배달완료")).status is Status.DELIVERED
    assert state(*on_its_way, IN_WORDS[3]).doubt is AnswerDoubt.DELIVERED_OR_RETURNED


def test_a_code_that_comes_later_settles_it_too() -> None:
    result = state(*IN_WORDS, scan(Stage.RETURNED, 18))
    assert (told(result), result.returned_at, result.doubt) == (
        (Status.SHIPPING_FAILED, StatusDetail.CANCELLATION),
        nov(18),
        None,
    )


def test_returned_outranks_later_scans_and_the_delivery_to_the_sender() -> None:
    returned = scan(Stage.RETURNED, 15)
    for later in (Stage.IN_TRANSIT, Stage.OUT_FOR_DELIVERY, Stage.DELIVERED):
        assert state(returned, scan(later, 16)) == state(returned)


def test_a_return_reported_after_the_delivery_leaves_it_delivered() -> None:
    result = state(scan(Stage.DELIVERED, 14), scan(Stage.RETURNED, 16))
    assert (told(result), result.delivered_at, result.returned_at) == ((Status.DELIVERED, None), nov(14), nov(16))


def test_what_came_back_and_is_picked_up_again_is_sent_out_again() -> None:
    result = state(scan(Stage.PICKED_UP, 13), scan(Stage.RETURNED, 15), scan(Stage.PICKED_UP, 17), scan(Stage.DELIVERED, 18))
    assert (told(result), result.delivered_at) == ((Status.DELIVERED, None), nov(18))
    assert (result.returned_at, result.way_back) == (nov(15), None)


def test_redelivery_comes_back_by_itself_with_the_next_scan() -> None:
    failed = [scan(Stage.OUT_FOR_DELIVERY, 14), scan(Stage.ATTEMPT_FAILED, 14, 15, text="Nobody at home")]
    assert (told(state(*failed)), state(*failed).reason) == (
        (Status.SHIPPING_FAILED, StatusDetail.REDELIVERY),
        "Nobody at home",
    )
    again = state(*failed, scan(Stage.OUT_FOR_DELIVERY, 15))
    assert (told(again), again.reason, again.since) == ((Status.IN_DELIVERY, None), None, nov(15))


@pytest.mark.parametrize("next_scan", [Stage.PICKED_UP, Stage.IN_TRANSIT, Stage.OUT_FOR_DELIVERY, Stage.AVAILABLE_FOR_PICKUP])
def test_any_moving_scan_ends_a_failure(next_scan: Stage) -> None:
    assert state(scan(Stage.ATTEMPT_FAILED, 14), scan(next_scan, 15)).status is Status.IN_DELIVERY


def test_a_third_failed_attempt_leaves_it_undecided() -> None:
    attempts = [scan(Stage.ATTEMPT_FAILED, day) for day in (13, 14, 15)]
    assert told(state(*attempts[:2])) == (Status.SHIPPING_FAILED, StatusDetail.REDELIVERY)
    result = state(*attempts)
    assert (told(result), result.since) == ((Status.SHIPPING_FAILED, StatusDetail.UNDECIDED), nov(15))


def test_attempts_of_the_first_way_out_leave_nothing_undecided_on_the_second() -> None:
    out = [scan(Stage.ATTEMPT_FAILED, 13), scan(Stage.ATTEMPT_FAILED, 14), scan(Stage.RETURNED, 15)]
    again = state(*out, scan(Stage.PICKED_UP, 18), scan(Stage.ATTEMPT_FAILED, 19))
    assert (again.word, again.failed_attempts) == (StatusDetail.REDELIVERY, 3)


def test_a_cancellation_tells_the_carriers_reason() -> None:
    assert state(scan(Stage.CANCELLED, 13, text="Sender asked", code="C1")).reason == "Sender asked"
    assert state(scan(Stage.CANCELLED, 13, code="C1")).reason == "C1"


def test_a_lost_parcel_that_is_found_is_shipping_again() -> None:
    assert told(state(scan(Stage.LOST, 13), scan(Stage.IN_TRANSIT, 15))) == (Status.IN_DELIVERY, None)


def test_an_invalid_number_makes_the_release_fail_with_the_reason() -> None:
    result = state(scan(Stage.INVALID_NUMBER, 13, text="Number not registered"))
    assert told(result) == (Status.PREPARING_TO_RELEASE, StatusDetail.RELEASE_FAILED)
    assert (result.reason, result.since, result.last_scan_at) == ("Number not registered", nov(13), None)


@pytest.mark.parametrize(
    ("stage", "status"), [(Stage.INFO_RECEIVED, Status.PREPARING_TO_SHIP), (Stage.PICKED_UP, Status.RELEASED)]
)
def test_a_failed_release_recovers_from_the_moment_the_carrier_takes_the_number(stage: Stage, status: Status) -> None:
    result = state(scan(Stage.INVALID_NUMBER, 13), scan(stage, 14))
    assert (told(result), result.reason, result.since) == ((status, None), None, nov(14))


@pytest.mark.parametrize("late", [Stage.INVALID_NUMBER, Stage.INFO_RECEIVED])
def test_paper_news_cannot_take_back_a_parcel_that_moves(late: Stage) -> None:
    moving = scan(Stage.IN_TRANSIT, 13)
    assert state(moving, scan(late, 14)) == state(moving)


def test_an_exception_is_a_mark_on_a_shipment_in_delivery_and_goes_with_the_next_scan() -> None:
    held = state(scan(Stage.IN_TRANSIT, 13), scan(Stage.EXCEPTION, 14, text="Customs hold"))
    assert (told(held), held.exception, held.since) == ((Status.IN_DELIVERY, None), "Customs hold", nov(13))
    freed = state(scan(Stage.IN_TRANSIT, 13), scan(Stage.EXCEPTION, 14), scan(Stage.IN_TRANSIT, 15))
    assert freed.exception is None


def test_an_exception_without_words_is_marked_all_the_same() -> None:
    assert state(scan(Stage.EXCEPTION, 14, code="X9")).exception == "X9"
    assert state(scan(Stage.EXCEPTION, 14)).exception == "Exception"


def test_an_exception_keeps_the_reason_of_a_failure() -> None:
    result = state(scan(Stage.ATTEMPT_FAILED, 14, text="Nobody at home"), scan(Stage.EXCEPTION, 15, text="Delay"))
    assert (result.word, result.reason, result.exception) == (StatusDetail.REDELIVERY, "Nobody at home", "Delay")


def test_an_exception_alone_is_no_pick_up() -> None:
    assert state(scan(Stage.EXCEPTION, 13), scan(Stage.PICKED_UP, 14)).status is Status.RELEASED


def test_an_unknown_code_changes_nothing() -> None:
    known = scan(Stage.IN_TRANSIT, 13)
    assert state(known, scan(None, 14, code="NOTE_17", text="Scan 17")) == state(known)


@pytest.mark.parametrize(("age", "status"), [(timedelta(days=1), Status.DELIVERED), (timedelta(days=1, seconds=1), None)])
def test_events_more_than_a_day_older_than_the_order_are_of_an_earlier_use(age: timedelta, status: Status | None) -> None:
    result = state(a_checkpoint(Stage.DELIVERED, ORDERED - age), released_at=ORDERED)
    assert result.status is (status or Status.PREPARING_TO_SHIP)


OLD_JOURNEY = (scan(Stage.PICKED_UP, 5), scan(Stage.DELIVERED, 7), scan(Stage.OUT_FOR_DELIVERY, 7, 10))


@pytest.mark.parametrize(
    "old",
    [OLD_JOURNEY, OLD_JOURNEY[:1], (*OLD_JOURNEY, scan(Stage.PICKED_UP, 10), scan(Stage.DELIVERED, 11))],
    ids=["delivered", "never ended", "with its return"],
)
@pytest.mark.parametrize("released", [nov(24), None], ids=["released", "registered only"])
def test_a_journey_that_ended_before_the_goods_were_released_is_somebody_elses(
    old: tuple[Checkpoint, ...], released: datetime | None
) -> None:
    ordered, invoices = nov(1), (an_invoice(at=nov(24)),)
    before = fold(ordered, released, invoices, old)
    assert before == State(Status.PREPARING_TO_SHIP, since=nov(24), doubt=AnswerDoubt.USED_BEFORE)
    own = fold(ordered, released, invoices, [*old, scan(Stage.PICKED_UP, 24), scan(Stage.DELIVERED, 26)])
    assert (own.status, own.picked_up_at, own.delivered_at) == (Status.DELIVERED, nov(24), nov(26))


def test_a_journey_that_goes_on_after_the_release_is_the_goods_own_from_its_beginning() -> None:
    late = [scan(Stage.PICKED_UP, 9, 18), scan(Stage.IN_TRANSIT, 11)]
    result = fold(nov(9), nov(11), (INVOICE,), late)
    assert (result.status, result.picked_up_at, result.doubt) == (Status.IN_DELIVERY, nov(9, 18), None)


def test_what_a_shop_says_of_its_own_past_counts_whenever_it_was() -> None:
    past = [scan(stage, 12, hour, source=ChangeSource.IMPORT) for stage, hour in ((Stage.PICKED_UP, 9), (Stage.DELIVERED, 20))]
    assert fold(ORDERED, nov(20), (an_invoice(at=nov(20)),), past).status is Status.DELIVERED


def test_a_number_re_used_from_years_ago_starts_afresh() -> None:
    years_ago = [a_checkpoint(stage, nov(10).replace(year=2021)) for stage in (Stage.PICKED_UP, Stage.DELIVERED)]
    result = state(*years_ago, scan(Stage.PICKED_UP, 13))
    assert (result.status, result.picked_up_at, result.delivered_at) == (Status.RELEASED, nov(13), None)


OLD, NEW = an_invoice(CJ, nov(12), invoice_id=1), an_invoice(CJ_OTHER, nov(14), invoice_id=2)
OF_OLD = scan(Stage.DELIVERED, 13, invoice_id=1)


def test_the_old_numbers_checkpoints_never_count_after_a_modification() -> None:
    late = scan(Stage.IN_TRANSIT, 15, invoice_id=1)
    assert state(OF_OLD, late, invoices=(OLD, NEW)) == State(Status.PREPARING_TO_SHIP, since=nov(14))
    assert state(OF_OLD, scan(Stage.PICKED_UP, 15, invoice_id=2), invoices=(OLD, NEW)).status is Status.RELEASED


def test_they_count_again_when_the_number_comes_back() -> None:
    back = an_invoice(CJ, nov(15), invoice_id=1)
    result = state(OF_OLD, scan(Stage.IN_TRANSIT, 16, invoice_id=2), invoices=(OLD, NEW, back))
    assert (result.status, result.delivered_at) == (Status.DELIVERED, nov(13))


def test_a_deleted_invoice_leaves_the_shipment_preparing_since_the_deletion() -> None:
    deleted = an_invoice(CJ, nov(14), deleted=True)
    assert state(scan(Stage.IN_TRANSIT, 13), invoices=(OLD, deleted)) == State(Status.PREPARING_TO_RELEASE, since=nov(14))


def test_a_past_without_a_number_counts_while_there_is_none() -> None:
    past = [scan(Stage.PICKED_UP, 12, invoice_id=None), scan(Stage.DELIVERED, 13, invoice_id=None)]
    assert state(*past, invoices=()).status is Status.DELIVERED
    assert state(*past).status is Status.PREPARING_TO_SHIP


@pytest.mark.parametrize("first", [Stage.PICKED_UP, Stage.IN_TRANSIT, Stage.OUT_FOR_DELIVERY, Stage.AVAILABLE_FOR_PICKUP])
def test_picked_up_is_the_first_physical_scan_on_the_way(first: Stage) -> None:
    scans = [scan(Stage.INFO_RECEIVED, 12), scan(Stage.EXCEPTION, 12, 10), scan(first, 13), scan(Stage.PICKED_UP, 14)]
    assert state(*scans).picked_up_at == nov(13)


def test_a_delivery_known_without_a_scan_does_not_say_when_it_was_shipped() -> None:
    result = state(scan(Stage.DELIVERED, 14))
    assert (result.picked_up_at, result.first_attempt_at, result.last_scan_at) == (None, nov(14), nov(14))


@pytest.mark.parametrize("attempt", [Stage.ATTEMPT_FAILED, Stage.AVAILABLE_FOR_PICKUP, Stage.DELIVERED])
def test_the_first_attempt_is_the_first_time_the_recipient_could_have_had_it(attempt: Stage) -> None:
    result = state(scan(Stage.OUT_FOR_DELIVERY, 13), scan(attempt, 14), scan(Stage.DELIVERED, 15))
    assert result.first_attempt_at == nov(14)


def test_the_age_in_a_status_counts_from_the_scan_that_brought_it() -> None:
    scans = [scan(Stage.PICKED_UP, 13), scan(Stage.IN_TRANSIT, 14), scan(Stage.OUT_FOR_DELIVERY, 15)]
    assert [state(*scans[:n]).since for n in (0, 1, 2, 3)] == [REGISTERED_AT, nov(13), nov(14), nov(14)]


def test_the_carrier_knowing_the_number_does_not_restart_the_age() -> None:
    assert state(scan(Stage.INFO_RECEIVED, 13)).since == REGISTERED_AT


def test_the_last_scan_is_the_last_that_counts() -> None:
    scans = [scan(Stage.IN_TRANSIT, 14), scan(Stage.IN_TRANSIT, 13), scan(None, 15), scan(Stage.INFO_RECEIVED, 16)]
    assert state(*scans).last_scan_at == nov(14)


def test_folding_a_shipment_keeps_everything_but_its_state() -> None:
    shipment = a_shipment(scans=[scan(Stage.DELIVERED, 14)])
    stale = shipment.but(state=State(Status.PREPARING_TO_RELEASE, since=nov(1)))
    assert folded(stale) == shipment


MOMENTS = st.integers(0, 120).map(lambda hour: nov(12, 0) + timedelta(hours=hour))
SCANS = st.builds(
    a_checkpoint, st.sampled_from([None, *Stage]), MOMENTS, code=st.sampled_from("AB"), text=st.sampled_from(["", "x", "y"])
)


@given(st.lists(SCANS, max_size=8).flatmap(lambda scans: st.tuples(st.just(scans), st.permutations(scans + scans[:3]))))
def test_any_order_of_arrival_and_any_repetition_give_the_same_state(case: tuple[list[Checkpoint], list[Checkpoint]]) -> None:
    told_in_order, arrived = case
    assert state(*arrived) == state(*told_in_order)


@given(st.lists(SCANS, max_size=6), st.lists(SCANS, max_size=6))
def test_delivered_stays_delivered_whatever_comes_later(before: list[Checkpoint], after: list[Checkpoint]) -> None:
    at = nov(14, 12)
    earlier = [s for s in before if s.happened_at < at and s.stage not in (Stage.DELIVERED, Stage.RETURNING, Stage.RETURNED)]
    later = [s for s in after if s.happened_at > at]
    result = state(*earlier, a_checkpoint(Stage.DELIVERED, at), *later)
    assert (result.status, result.delivered_at) == (Status.DELIVERED, at)
    assert result.way_back is None or {s.stage for s in later} & {Stage.PICKED_UP, Stage.RETURNING, Stage.RETURNED}


@given(st.lists(SCANS, max_size=6), st.lists(SCANS, max_size=3))
def test_unknown_codes_and_other_numbers_never_matter(scans: list[Checkpoint], noise: list[Checkpoint]) -> None:
    unknown = [a_checkpoint(None, n.happened_at, code=n.code) for n in noise]
    foreign = [a_checkpoint(n.stage, n.happened_at, invoice_id=other) for n in noise for other in (2, None)]
    assert state(*scans, *unknown, *foreign) == state(*scans)


@given(st.lists(SCANS, max_size=8))
def test_every_state_is_one_the_screen_has_a_word_for(scans: list[Checkpoint]) -> None:
    assert told(state(*scans)) in {(status, word) for _, status, word in LEADS_TO} | {
        (Status.SHIPPING_FAILED, StatusDetail.UNDECIDED)
    }


@given(
    st.lists(
        st.builds(
            scan,
            st.sampled_from([*Stage, *[Stage.IN_TRANSIT] * 12]),
            st.integers(10, 28),
            text=st.sampled_from(["", "Hub"]),
            hint=st.sampled_from([None] * 9 + [Hint.RETURN]),
            inferred=st.booleans(),
        ),
        max_size=8,
    )
)
def test_a_scan_of_a_parcel_under_way_is_folded_as_any_other(scans: list[Checkpoint]) -> None:
    facts = nov(9), nov(9), (an_invoice(at=nov(10)),), scans
    shortly = status.course(*facts)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(status, "_is_under_way", lambda _: False)
        assert status.course(*facts) == shortly
