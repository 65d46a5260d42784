"""What a person says of a file is checked against it, and what cannot go back is said when it comes in."""

import csv
from pathlib import Path

import openpyxl
import pytest

from core.config import ROOT
from core.services import importing
from core.services.importing.reasons import RowFinding
from core.services.importing.running import ImportReport
from core.services.shipments.changes import Request
from core.store.database import Store
from tests.builders import RULES, a_store, nov, the
from tests.services.importing.given import IMPORTER, of_a_file

ORDERS = ROOT / "tests" / "data" / "orders"
COUPANG = ORDERS / "coupang_DeliveryList_40.xlsx"


def imported(order: importing.FileOrder, store: Store | None = None) -> ImportReport:
    said = of_a_file({"request": Request(IMPORTER, nov(29))})
    return importing.import_file(store or a_store(), RULES, order, dry_run=False, **said)


@pytest.mark.parametrize("text", ["ZZ", "nowhere", "'1;drop"])
def test_a_country_that_is_none_is_refused(text: str) -> None:
    assert imported(importing.FileOrder(ORDERS / "shopify_orders_export.csv", country=text)).verdict == "refused"


def test_a_country_may_be_said_by_name() -> None:
    assert imported(importing.FileOrder(ORDERS / "shopify_orders_export.csv", country="일본")).verdict == "imported"


def test_another_layout_than_the_files_own_is_refused_by_name() -> None:
    report = imported(importing.FileOrder(ORDERS / "rakuten_rms_cp932.csv", layout="shopify"))
    assert report.verdict == "refused"
    assert "Rakuten RMS" in report.message


def test_goods_that_stand_side_by_side_are_a_line_each() -> None:
    store = a_store()
    report = imported(importing.FileOrder(ORDERS / "woocommerce_line_items.csv"), store)
    assert (report.layout, report.new, report.refused, report.warnings) == ("woocommerce", 3, (), ())
    assert [one.row for one in report.left_out] == [4, 5]
    assert [(item.product_id, item.name, item.quantity) for item in the(store, "4415").items] == [
        ("MUG-B", "Blue Mug", 2), ("77", "Linen shirt, white", 1),
    ]  # fmt: skip
    assert [(item.name, item.quantity) for item in the(store, "4416").items] == [("Tea: green | loose", 3)]
    assert [(item.name, item.quantity) for item in the(store, "4418").items] == [("Blue Mug", 1)]
    assert imported(importing.FileOrder(ORDERS / "woocommerce_line_items.csv"), store).unchanged == 3


def test_a_workbook_saved_as_text_comes_in_cannot_go_back_and_leaves_the_kept_one_alone(tmp_path: Path) -> None:
    store = a_store()
    imported(importing.FileOrder(COUPANG), store)
    kept = store.rows("SELECT * FROM source_file")
    with (tmp_path / "DeliveryList.csv").open("w", newline="", encoding="utf-8-sig") as file:
        csv.writer(file).writerows(openpyxl.load_workbook(COUPANG).active.values)
    report = imported(importing.FileOrder(tmp_path / "DeliveryList.csv"), store)
    assert (report.layout, report.unchanged) == ("coupang", 3)
    assert [finding.whys[0].reason for finding in report.warnings] == [RowFinding.CANNOT_GO_BACK]
    assert store.rows("SELECT * FROM source_file") == kept
