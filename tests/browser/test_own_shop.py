"""A newcomer's first minutes in a real browser: from the demo shop to one's own, with the first order file in it."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.config import ROOT, Settings
from core.runtime import open_runtime

ORDERS = ROOT / "tests" / "data" / "orders" / "coupang_DeliveryList_40.xlsx"


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    settings = Settings(database=tmp_path_factory.mktemp("own") / "shipping.duckdb", demo_shipments=300)
    open_runtime(settings).store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_SANDBOX": "on"})


def test_from_the_demo_shop_to_ones_own(page: Page, base: str, tmp_path: Path) -> None:
    other = page.context.new_page()
    other.goto(f"{base}/shipments?tab=all")
    expect(other.get_by_role("row").nth(3)).to_be_visible()
    page.goto(f"{base}/data")
    expect(page.get_by_text("This is the demo shop: 300 invented shipments")).to_be_visible()
    page.get_by_role("button", name="Begin with my own shop").click()
    expect(page.get_by_role("dialog").get_by_text("You have imported no shipment of your own yet.")).to_be_visible()
    page.get_by_role("button", name="Remove the 300 invented shipments").click()
    expect(page.get_by_text("300 invented shipments are gone: the shop is your own now.")).to_be_visible()
    expect(page.get_by_text("This is the demo shop")).to_have_count(0)
    expect(other.get_by_role("radio", name="All statuses 0")).to_be_visible()
    other.get_by_role("button", name="Show changes").click()
    expect(other.get_by_text("There are no shipments yet")).to_be_visible()
    other.close()
    page.goto(f"{base}/shipments")
    expect(page.get_by_text("There are no shipments yet")).to_be_visible()
    page.get_by_role("button", name="Import shipments").click()
    page.locator("input[type=file]").first.set_input_files(ORDERS)
    page.get_by_role("button", name="Import 3 shipments").click()
    expect(page.get_by_text("was imported as one batch")).to_be_visible()
    page.goto(f"{base}/shipments?tab=all")
    expect(page.get_by_text("There are no shipments yet")).to_have_count(0)
    expect(page.get_by_role("radio", name="All statuses 3")).to_be_visible()
