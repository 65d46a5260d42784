"""A carrier's list on the Upload page in a real browser: what is certain, and ties that are chosen by key and by mouse."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from core.config import Settings
from core.runtime import open_runtime
from tests.builders import ADDRESS, a_shipment, add
from tests.services.uploading.carrier_lists import Listed, as_csv, numbers

HEADERS = ("수하인명", "수하인전화", "수하인주소1", "운송장번호")
NUMBERS = numbers("logen", 4)


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A desk where one person waits for two parcels, and another for one."""
    settings = Settings(database=tmp_path_factory.mktemp("matching") / "shipping.duckdb", demo_shipments=200)
    runtime = open_runtime(settings)
    hong = replace(
        ADDRESS, recipient="홍길동", phone="010-2345-1234", address="테헤란로 12", city="강남구", region="서울특별시"
    )
    kim = replace(hong, recipient="김도윤", phone="010-2345-9876")
    add(runtime.store, a_shipment("M-1", address=hong), a_shipment("M-2", address=hong), a_shipment("M-3", address=kim))
    runtime.store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_COUNTRY": "KR"})


@pytest.fixture
def dropped(page: Page, base: str) -> Page:
    """Two numbers for the one, one for the other, and one for nobody."""
    seen = [
        ("홍*동", "010-****-1234"),
        ("홍*동", "010-****-1234"),
        ("김*윤", "010-****-9876"),
        ("<b>남*수</b>", "010-****-0000"),
    ]
    rows = [Listed("", number, (*who, "서울 강남구 테헤란로 12")) for who, number in zip(seen, NUMBERS, strict=True)]
    page.goto(f"{base}/upload")
    page.locator("input[type=file]").set_input_files(
        files=[{"name": "logen.csv", "mimeType": "", "buffer": as_csv(HEADERS, rows, "cp949")}]
    )
    expect(page.get_by_text("This looks like a list of numbers from Logen")).to_be_visible()
    return page


def lines(page: Page) -> Locator:
    return page.locator(".list .row")


def view(page: Page, name: str) -> None:
    page.locator(".list").get_by_role("button", name=name).click()


def test_ties_are_chosen_by_key_and_registered(dropped: Page) -> None:
    page = dropped
    expect(lines(page)).to_have_count(2)
    expect(lines(page).first).to_be_focused()
    expect(lines(page).first.get_by_role("button")).to_have_count(3)
    page.keyboard.press("2")
    expect(lines(page).first).to_contain_text("Chosen")
    page.keyboard.press("Enter")
    expect(lines(page).nth(1)).to_be_focused()
    expect(lines(page).nth(1)).to_contain_text("also row 2")
    page.keyboard.press("1")
    page.keyboard.press("ArrowUp")
    expect(lines(page).first).to_be_focused()
    expect(lines(page).first).to_contain_text("M-2")
    page.get_by_role("button", name="Check 3 rows with a shipment").click()
    page.get_by_role("button", name="Register 3 shipments").click()
    expect(page.get_by_test_id("stAlert").filter(has_text="3 shipments registered")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_test_id("stAlert").filter(has_text="3 shipments went back")).to_be_visible()


def test_a_choice_is_made_by_mouse_and_taken_back(dropped: Page) -> None:
    page = dropped
    lines(page).first.get_by_role("button", name="M-1").click()
    expect(page.get_by_text("1 row is still to choose")).to_be_visible()
    page.keyboard.press("Escape")
    expect(lines(page).first).to_contain_text("Left")
    lines(page).nth(1).click()
    expect(lines(page).nth(1).get_by_role("button")).to_have_count(3)
    view(page, "Unknown 1")
    expect(lines(page)).to_have_count(1)
    expect(lines(page).first).to_contain_text("<b>남*수</b>")
    view(page, "Certain 1")
    expect(lines(page).first).to_contain_text("M-3")
    page.get_by_role("button", name="Check 1 row with a shipment").click()
    expect(page.get_by_role("button", name="Register 1 shipment")).to_be_visible()
    page.get_by_role("button", name="Back to the choices").click()
    expect(lines(page).first).to_contain_text("Left")
