"""What a file changes on the desk: its own fields and new facts, never what staff did."""

from dataclasses import replace

import pytest

from core.domain.shipment import Stage, Status
from core.services.shipments import actions, invoices
from core.services.shipments.changes import Request
from core.store import history, shipments
from tests.builders import ADDRESS, CJ, CJ_OTHER, HANA, HANJIN, NOW, a_scan_arrives, a_shipment, a_store, an_invoice, nov, the
from tests.services.importing.given import a_file, counts, imported, refusal, rows_in, run


def test_a_number_on_a_live_shipment_of_the_desk_is_refused_naming_it() -> None:
    store = a_store(a_shipment("S-9", invoice=an_invoice(CJ)))
    assert "is on shipment S-9 already" in refusal(run(store, a_file({"carrier": "cj", "invoice_no": CJ})))


@pytest.mark.parametrize(
    ("carrier", "number"), [("usps", "420773169261290283641500004181"), ("other", "9261290283641500004181")]
)
def test_a_number_in_use_is_refused_in_any_spelling_and_under_any_company(carrier: str, number: str) -> None:
    parcel = an_invoice("9261290283641500004181", carrier="usps")
    file = a_file({"carrier": carrier, "invoice_no": number})
    assert "is on shipment S-9 already" in refusal(run(a_store(a_shipment("S-9", invoice=parcel)), file))


def test_two_shipments_of_a_file_have_one_number_in_any_spelling_and_under_any_company() -> None:
    one = {"carrier": "usps", "invoice_no": "420773169261290283641500004181"}
    other = {"shipment_no": "S-2", "carrier": "other", "invoice_no": "9261290283641500004181"}
    report = run(a_store(), a_file(one, other))
    assert [finding.field for finding in report.refused] == ["invoice_no", "invoice_no"]


def test_the_same_file_again_changes_nothing_whatever_staff_did_since() -> None:
    store = a_store()
    file = a_file({"recipient": "Ada Kim", "address": "1 Road", "product_id": "P-1"})
    run(store, file)
    actions.edit_address(store, "S-1", replace(ADDRESS, recipient="Eve"), home="KR", request=Request(HANA, NOW))
    before = rows_in(store, "history")
    assert counts(run(store, file)) == (0, 0, 1)
    assert (rows_in(store, "history"), rows_in(store, "batch"), the(store).address.recipient) == (before, 2, "Eve")


def test_the_same_values_in_another_form_change_nothing() -> None:
    store = imported(weight_kg="1.50", promised_on="2026-11-14")
    report = run(store, a_file({"weight_kg": "1.5", "promised_on": "2026-11-14T10:00:00+09:00"}))
    assert (counts(report), the(store).version) == ((0, 0, 1), 1)


def test_changed_rows_change_the_shops_own_fields_with_before_and_after() -> None:
    store = imported(warehouse="Icheon", recipient="Ada Kim", product_id="P-1")
    report = run(store, a_file({"warehouse": "Busan", "recipient": "Ada Lee", "country": "JP", "product_id": "P-2"}))
    assert counts(report) == (0, 1, 0)
    shipment, change = the(store), history.of_shipment(store, 1)[0]
    assert (shipment.warehouse, shipment.address.recipient, shipment.destination) == ("Busan", "Ada Lee", "international")
    assert [item.product_id for item in shipment.items] == ["P-2"]
    assert (change["action"], change["before"]["warehouse"], change["after"]["warehouse"]) == ("imported", "Icheon", "Busan")
    assert change["reason"] == "Items were: 1 x P-1. Now: 1 x P-2."
    assert counts(run(store, a_file({"warehouse": "Busan", "recipient": "Ada Lee", "country": "JP", "product_id": "P-2"}))) == (
        0, 0, 1,
    )  # fmt: skip


def test_columns_that_the_file_has_not_are_left_alone() -> None:
    store = imported(warehouse="Icheon", product_id="P-1", weight_kg="2")
    run(store, a_file({"policy": "Express"}))
    shipment = the(store)
    assert (shipment.warehouse, shipment.policy, shipment.weight_g, len(shipment.items)) == ("Icheon", "Express", 2000, 1)


def test_a_changed_order_number_is_found() -> None:
    store = imported()
    run(store, a_file({"order_no": "O-77"}))
    found = store.snapshot(lambda connection: shipments.of_order(connection, "O-77"))
    assert [row["shipment_no"] for row in found] == ["S-1"]


def test_an_address_frozen_by_an_invoice_stays_and_the_row_is_refused() -> None:
    store = imported(recipient="Ada Kim", city="Seoul", carrier="cj", invoice_no=CJ)
    moved = {"recipient": "Ada Kim", "city": "Busan", "carrier": "cj", "invoice_no": CJ}
    report = run(store, a_file(moved))
    assert (report.refused[0].field, counts(report)) == ("city", (0, 0, 0))
    assert "the address is frozen, because an invoice is registered." in refusal(report)
    assert counts(run(store, a_file(moved | {"city": "Seoul", "policy": "Express"}))) == (0, 1, 0)


def test_a_registered_invoice_is_never_replaced() -> None:
    store = imported(carrier="cj", invoice_no=CJ)
    report = run(store, a_file({"carrier": "cj", "invoice_no": CJ_OTHER}))
    assert refusal(report).startswith(f"Invoice No.: {CJ} is registered. An import never replaces it")
    assert the(store).invoice and the(store).invoice.invoice_no == CJ  # type: ignore[union-attr]


def test_a_first_invoice_is_registered_and_a_deleted_one_is_not_registered_again() -> None:
    store = imported()
    assert counts(run(store, a_file({"carrier": "cj", "invoice_no": CJ}))) == (0, 1, 0)
    invoices.delete(store, "S-1", request=Request(HANA, NOW))
    report = run(store, a_file({"carrier": "cj", "invoice_no": CJ, "policy": "Express"}))
    assert (the(store).invoice, the(store).policy, len(report.warnings)) == (None, "Express", 1)


def test_two_known_shipments_get_their_first_invoices_apart() -> None:
    store = a_store()
    run(store, a_file({}, {"shipment_no": "S-2"}))
    numbers = {"S-1": ("cj", CJ), "S-2": ("hanjin", HANJIN)}
    run(store, a_file(*({"shipment_no": s, "carrier": c, "invoice_no": n} for s, (c, n) in numbers.items())))
    found = [the(store, number).invoice for number in numbers]
    assert [event and event.invoice_no for event in found] == [CJ, HANJIN]
    assert len({event and event.invoice_id for event in found}) == 2


def test_new_times_are_added_once() -> None:
    store = imported(carrier="cj", invoice_no=CJ, picked_up_at="2026-11-12 10:00")
    later = {"carrier": "cj", "invoice_no": CJ, "picked_up_at": "2026-11-12 10:00", "delivered_at": "2026-11-13 10:00"}
    assert counts(run(store, a_file(later))) == (0, 1, 0)
    assert counts(run(store, a_file(later | {"policy": "Express"}))) == (0, 1, 0)
    assert (the(store).state.status, rows_in(store, "checkpoint")) == (Status.DELIVERED, 2)


def test_a_recorded_time_stays_and_another_one_is_told() -> None:
    store = a_store(a_shipment(invoice=an_invoice()))
    a_scan_arrives(store, "S-1", Stage.DELIVERED, nov(13))
    said = {"order_no": "O-S-1", "delivered_at": "2026-11-14", "ordered_at": "2026-11-10T09:00Z"}
    report = run(store, a_file(said))
    assert (the(store).state.delivered_at, rows_in(store, "checkpoint")) == (nov(13), 1)
    assert report.warnings[0].reason == "Delivered: 2026-11-13 18:00 is recorded already and stays."


def test_a_pick_up_after_a_recorded_delivery_is_refused() -> None:
    store = imported(delivered_at="2026-11-12 10:00")
    assert "it is after the delivery on 2026-11-12" in refusal(run(store, a_file({"picked_up_at": "2026-11-13"})))
