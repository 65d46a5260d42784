"""Shipment Nos. and Order Nos. of a file in other spellings, and numbers that a spreadsheet took for texts or amounts."""

from typing import Any

import pytest

from core.services.importing.reasons import CellFault, RowFinding
from core.services.importing.rows import Finding
from core.store.database import Store
from tests.builders import CJ, a_shipment, a_store, the
from tests.services.importing.given import REQUIRED, a_file, run
from tests.workbook_builders import a_workbook

SPELLINGS = ["S-1", "s-1", "Ｓ-1", "S -1", "S\u20101"]


def numbers(store: Store, column: str = "shipment_no") -> list[str]:
    return [row[column] for row in store.rows(f"SELECT {column} FROM shipment ORDER BY shipment_id")]


def found(findings: tuple[Finding, ...]) -> list[tuple[int, str, Any]]:
    return [(one.row, one.field, one.whys[0].values.get("fault", one.whys[0]).reason) for one in findings]


def test_lines_whose_number_is_spelled_differently_are_one_shipment_and_it_is_said() -> None:
    store = a_store()
    lines = [{"shipment_no": number, "order_no": "O-1", "product_id": f"P-{n}"} for n, number in enumerate(SPELLINGS)]
    report = run(store, a_file(*lines))
    assert (report.shipments, report.new, report.refused) == (1, 1, ())
    assert numbers(store) == ["S-1"]
    assert len(the(store).items) == 5
    assert found(report.warnings) == [(row, "shipment_no", RowFinding.SAME_NUMBER) for row in (3, 5, 6)]


def test_a_known_shipment_in_another_spelling_is_that_shipment() -> None:
    store = a_store(a_shipment("S-1", order_no="O-1"))
    report = run(store, a_file({"shipment_no": "s\u20131", "order_no": "o-1", "warehouse": "Busan"}))
    assert (report.new, report.changed, found(report.warnings)) == (0, 1, [(2, "shipment_no", RowFinding.SPELLED_SO)])
    assert (numbers(store), numbers(store, "order_no"), the(store).warehouse) == (["S-1"], ["O-1"], "Busan")
    again = run(store, a_file({"shipment_no": "s\u20131", "order_no": "o-1", "warehouse": "Busan"}))
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)


def test_numbers_without_a_hyphen_are_others() -> None:
    store = a_store()
    assert run(store, a_file({"shipment_no": "S-1"}, {"shipment_no": "S1"})).new == 2


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_number_that_excel_was_to_keep_as_a_text_is_that_number(kind: str) -> None:
    store = a_store()
    row = {"shipment_no": '="0001"', "order_no": '="O-1"', "product_id": '="P-1"', "carrier": "cj", "invoice_no": f'="{CJ}"'}
    report = run(
        store, a_file(row) if kind == "csv" else a_workbook(list((REQUIRED | row).values()), header=list(REQUIRED | row))
    )
    assert (report.new, report.refused, report.warnings) == (1, (), ())
    shipment = the(store, "0001")
    assert (shipment.shipment_no, shipment.order_no, shipment.items[0].product_id) == ("0001", "O-1", "P-1")
    assert shipment.invoice and shipment.invoice.invoice_no == CJ


def test_decimals_of_a_whole_column_are_no_part_of_its_numbers() -> None:
    store = a_store()
    rows = [
        {"shipment_no": f"1000{n}.0", "order_no": f"2000{n}.0", "product_id": f"30{n}.0", "quantity": "2.0"} for n in (1, 2)
    ]
    rows[0] |= {"carrier": "cj", "invoice_no": f"{CJ}.0"}
    report = run(store, a_file(*rows))
    assert (report.new, report.refused) == (2, ())
    assert (numbers(store), numbers(store, "order_no"), numbers(store, "invoice_no")) == (
        ["10001", "10002"],
        ["20001", "20002"],
        [CJ, None],
    )
    assert [(item.product_id, item.quantity) for item in the(store, "10001").items] == [("301", 2)]


def test_decimals_in_a_part_of_a_column_are_refused_with_their_reason() -> None:
    store = a_store()
    report = run(store, a_file({"shipment_no": "10001.0"}, {"shipment_no": "S-2"}, {"shipment_no": "10003"}))
    assert found(report.refused) == [(2, "shipment_no", CellFault.DECIMALS)]
    assert numbers(store) == ["S-2", "10003"]
    assert "10001.0 may be 10001" in report.refused[0].reason
