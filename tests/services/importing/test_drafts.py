"""Shipments as the lines of a file describe them: put together, in a possible order, with a number that can be right."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from core.domain.shipment import Stage, Status
from core.domain.status import folded
from core.store import history
from tests.builders import CJ, NOW, a_store, nov, the
from tests.services.importing.given import LOGEN_DOUBTFUL, a_file, imported, refusal, run, seoul


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        ({}, Status.PREPARING_TO_RELEASE),
        ({"carrier": "CJ대한통운", "invoice_no": CJ}, Status.PREPARING_TO_SHIP),
        ({"picked_up_at": "2026-11-12 10:00"}, Status.RELEASED),
        ({"first_attempt_at": "2026-11-12 10:00"}, Status.IN_DELIVERY),
        ({"delivered_at": "2026-11-12 10:00"}, Status.DELIVERED),
        ({"carrier": "cj", "invoice_no": CJ, "delivered_at": "2026-11-12"}, Status.DELIVERED),
    ],
)
def test_the_status_follows_from_the_times(facts: dict[str, str], status: Status) -> None:
    assert the(imported(**facts)).state.status is status


def test_a_first_attempt_without_a_delivery_counts_though_its_result_is_not_told() -> None:
    shipment = the(imported(first_attempt_at="2026-11-12 10:00"))
    assert (shipment.state.status, shipment.state.first_attempt_at) == (Status.IN_DELIVERY, seoul(12, 10))
    assert folded(shipment).state == shipment.state


@pytest.mark.parametrize(
    ("attempt", "delivered", "failed"),
    [
        ("2026-11-12 10:00", "2026-11-13 09:00", True),
        ("2026-11-12 10:00", "2026-11-12 15:00", True),
        ("2026-11-12 10:00", "2026-11-12 10:00", False),
        ("2026-11-12", "2026-11-12 15:00", False),
        ("2026-11-12 10:00", "2026-11-12", False),
        ("2026-11-12", "2026-11-13", True),
    ],
)
def test_a_first_attempt_failed_only_when_the_delivery_came_later(attempt: str, delivered: str, failed: bool) -> None:
    shipment = the(imported(first_attempt_at=attempt, delivered_at=delivered))
    assert (Stage.ATTEMPT_FAILED in {point.stage for point in shipment.checkpoints}) is failed
    assert shipment.state.status is Status.DELIVERED


def test_a_date_alone_is_the_start_of_the_shops_day_but_not_before_what_came_first() -> None:
    store = imported(picked_up_at="2026-11-12 15:00", delivered_at="2026-11-12")
    assert the(store).state.delivered_at == seoul(12, 15)
    assert the(imported(delivered_at="2026-11-12")).state.delivered_at == seoul(12)


@pytest.mark.parametrize(
    ("facts", "moment"),
    [
        ({"invoiced_at": "2026-11-11 12:00", "picked_up_at": "2026-11-12 10:00"}, seoul(11, 12)),
        ({"picked_up_at": "2026-11-12 10:00"}, seoul(12, 10)),
        ({"delivered_at": "2026-11-12 10:00"}, nov(10)),
        ({}, NOW),
    ],
)
def test_an_invoice_was_registered_when_it_says_or_else_when_it_must_have_been(facts: dict[str, str], moment: datetime) -> None:
    invoice = the(imported(carrier="cj", invoice_no=CJ, **facts)).invoice
    assert invoice
    assert invoice.changed_at == moment


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (
            {"picked_up_at": "2026-11-13", "delivered_at": "2026-11-12"},
            "Delivered: 2026-11-12 is before Picked up, 2026-11-13.",
        ),
        ({"picked_up_at": "2026-11-01"}, "Picked up: 2026-11-01 is before Ordered, 2026-11-10 18:00."),
        ({"first_attempt_at": "2026-11-13", "delivered_at": "2026-11-12"}, "Delivered: 2026-11-12 is before First attempt"),
        ({"delivered_at": "2026-12-24"}, "Delivered: 2026-12-24 lies in the future. Check the date."),
    ],
)
def test_times_that_cannot_be_true_refuse_the_row_naming_both(facts: dict[str, str], said: str) -> None:
    assert refusal(run(a_store(), a_file(facts))).startswith(said)


def test_lines_of_a_shipment_are_put_together() -> None:
    file = a_file(
        {"product_id": "P-1", "quantity": "2", "warehouse": "Icheon"},
        {"shipment_no": "S-2", "product_name": "Scarf"},
        {"product_id": "P-2", "product_name": "Mug"},
    )
    store = a_store()
    report = run(store, file)
    assert (report.rows, report.shipments, report.new) == (3, 2, 2)
    assert [(i.product_id, i.name, i.quantity) for i in the(store).items] == [("P-1", "P-1", 2), ("P-2", "Mug", 1)]
    assert [(i.product_id, i.name) for i in the(store, "S-2").items] == [("", "Scarf")]


def test_lines_that_disagree_are_refused_naming_each_other() -> None:
    file = a_file({"warehouse": "Icheon"}, {"warehouse": "Busan"}, {"warehouse": "Icheon"})
    report = run(a_store(), file)
    assert [(f.row, f.field) for f in report.refused] == [(2, ""), (3, "warehouse"), (4, "")]
    assert 'Warehouse is "Busan" here, but "Icheon" in row 2' in report.refused[1].reason
    assert report.refused[0].reason == "Row 3 of the same shipment is refused. Mend that row."


def test_one_bad_line_of_three_refuses_its_shipment_only() -> None:
    lines = [{"product_id": "P-1"}, {"product_id": "P-2", "quantity": "two"}, {"product_id": "P-3"}]
    report = run(a_store(), a_file(*lines, {"shipment_no": "S-2", "product_id": "P-1"}))
    assert [f.row for f in report.refused] == [2, 3, 4]
    assert (report.new, report.shipments) == (1, 2)


def test_measures_per_line_are_added_up_and_the_first_promise_counts() -> None:
    file = a_file(
        {"weight_kg": "1.5", "freight": "10", "promised_on": "2026-11-15", "delivered_at": "2026-11-12"},
        {"weight_kg": "0.5", "freight": "", "promised_on": "2026-11-14", "delivered_at": "2026-11-13"},
    )
    store = a_store()
    run(store, file, '[lines]\nsum = ["weight_kg", "freight"]\nfirst = ["promised_on"]\nlast = ["delivered_at"]')
    shipment = the(store)
    assert (shipment.weight_g, shipment.freight) == (2000, Decimal("10.00"))
    assert (shipment.promised_on, shipment.state.delivered_at) == (date(2026, 11, 14), seoul(13))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"invoice_no": CJ + "1", "carrier": "cj"}, "No document on CJ Logistics"),
        ({"invoice_no": CJ[:-1] + "0", "carrier": "cj"}, "check digit should be"),
        ({"invoice_no": CJ}, "Shipping company is empty"),
        ({"invoice_no": LOGEN_DOUBTFUL, "carrier": "logen"}, "import the shipment without it and confirm it"),
        ({"invoice_no": "6.33E+11", "carrier": "cj"}, "was shortened by Excel"),
    ],
)
def test_an_invoice_number_is_checked_like_everywhere(first: dict[str, str], second: str) -> None:
    assert second in refusal(run(a_store(), a_file(first)))


def test_a_doubtful_number_of_the_past_is_taken_with_the_doubt_in_the_history() -> None:
    store = a_store()
    report = run(store, a_file({"invoice_no": LOGEN_DOUBTFUL, "carrier": "logen", "delivered_at": "2026-11-12"}))
    assert [(f.row, f.field) for f in report.warnings] == [(2, "invoice_no")]
    assert history.of_shipment(store, 1)[0]["reason"].startswith("Taken with a doubt: The Logen check digit")


@pytest.mark.parametrize("text", ["000000000000", "123456789012", "TEST", "N/A", "없음", "미정", "0", "-", "--", "XXXX1234"])
@pytest.mark.parametrize("carrier", ["cj", "other", ""])
def test_a_placeholder_is_left_out_with_a_warning_and_the_shipment_waits(text: str, carrier: str) -> None:
    store = a_store()
    report = run(store, a_file({"carrier": carrier, "invoice_no": text}))
    assert (report.new, report.refused, [(f.row, f.field) for f in report.warnings]) == (1, (), [(2, "invoice_no")])
    assert (the(store).invoice, the(store).state.status) == (None, Status.PREPARING_TO_RELEASE)


def test_a_placeholder_of_a_parcel_that_is_under_way_is_taken_with_a_warning() -> None:
    store = a_store()
    report = run(store, a_file({"carrier": "cj", "invoice_no": "000000000000", "delivered_at": "2026-11-12"}))
    assert [(f.row, f.field) for f in report.warnings] == [(2, "invoice_no")]
    assert the(store).invoice and history.of_shipment(store, 1)[0]["reason"].startswith("Taken with a doubt:")


def test_a_company_without_a_number_is_left_out_and_told() -> None:
    report = run(a_store(), a_file({"carrier": "cj"}))
    assert [(f.row, f.field) for f in report.warnings] == [(2, "carrier")]


def test_one_number_on_two_shipments_of_the_file_refuses_both_while_one_is_under_way() -> None:
    parcel = {"carrier": "cj", "invoice_no": CJ}
    report = run(a_store(), a_file(parcel, {"shipment_no": "S-2", "delivered_at": "2026-11-12", **parcel}))
    assert [(f.row, "S-2" in f.reason) for f in report.refused] == [(2, True), (3, False)]
    past = {"delivered_at": "2026-11-12", **parcel}
    report = run(a_store(), a_file(past, {"shipment_no": "S-2", **past}))
    assert (report.new, len(report.warnings)) == (2, 2)
