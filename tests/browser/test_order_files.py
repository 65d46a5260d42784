"""The first hour of a shop in a real browser: its order file in, a number registered, the very file back."""

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from core.config import ROOT, Settings
from core.runtime import open_runtime
from tests.workbook_builders import a_workbook, locked

ORDERS = ROOT / "tests" / "data" / "orders"
COUPANG, NAVER = ORDERS / "coupang_DeliveryList_40.xlsx", ORDERS / "naver_smartstore_72_text.xlsx"
FIRST, NUMBER = "642538971006401429", "530727039920"


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    settings = Settings(database=tmp_path_factory.mktemp("orders") / "shipping.duckdb", demo_shipments=100)
    open_runtime(settings).store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_COUNTRY": "KR"})


def drop(page: Page, name: str, data: bytes) -> None:
    page.locator("input[type=file]").first.set_input_files(files=[{"name": name, "mimeType": "", "buffer": data}])


def test_orders_come_in_and_their_file_goes_back_with_the_number(page: Page, base: str, tmp_path: Path) -> None:
    page.goto(f"{base}/upload")
    drop(page, COUPANG.name, COUPANG.read_bytes())
    page.get_by_role("button", name="Open it on Data").click()
    expect(page.get_by_text("taken for: Orders of Coupang Wing")).to_be_visible()
    page.get_by_role("button", name="Import 3 shipments").click()
    expect(page.get_by_text("was imported as one batch")).to_be_visible()
    page.goto(f"{base}/upload")
    expect(page.get_by_text("Choose the file again")).to_be_visible()
    drop(page, "numbers.xlsx", a_workbook((FIRST, "Hanjin", NUMBER)))
    page.get_by_role("button", name="Register 1 shipment").click()
    expect(page.get_by_text("Check the file again")).to_be_visible()
    page.goto(f"{base}/data")
    page.get_by_role("button", name="Hand over 1 number").click()
    with page.expect_download() as saved:
        page.get_by_role("button", name=f"Download {COUPANG.name}").click()
    saved.value.save_as(tmp_path / "back.xlsx")
    old, new = (openpyxl.load_workbook(file).active for file in (COUPANG, tmp_path / "back.xlsx"))
    changed = {
        cell.coordinate: cell.value for row in new.iter_rows() for cell in row if cell.value != old[cell.coordinate].value
    }
    assert changed == {"E2": NUMBER}
    expect(page.get_by_text("Every source has the numbers")).to_be_visible()
    expect(page.get_by_role("button", name="Have it again")).to_be_visible()


def test_a_locked_order_file_opens_with_its_password(page: Page, base: str) -> None:
    page.goto(f"{base}/data")
    drop(page, "orders.xlsx", locked(NAVER.read_bytes(), "0427"))
    page.get_by_label("Password of the file").fill("0427")
    page.keyboard.press("Enter")
    expect(page.get_by_text("taken for: Orders of Naver SmartStore")).to_be_visible()
