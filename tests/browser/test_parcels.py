"""A shipment gets a second parcel, and three that wait for one recipient go out as one: from the list to the undo."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.config import Settings
from core.runtime import open_runtime
from tests.builders import ADDRESS, MUG, SHIRT, a_shipment, add


@pytest.fixture
def base(serve: Callable[..., str], tmp_path: Path) -> str:
    """A desk at which one large order waits, and three orders of one household; each try finds its own."""
    settings = Settings(database=tmp_path / "shipping.duckdb", demo_shipments=30)
    runtime = open_runtime(settings)
    household = replace(ADDRESS, address="8 Dalbit-ro", phone="010-2222-3333")
    add(
        runtime.store,
        a_shipment("S-100", items=(SHIRT, MUG), order_no="O-100"),
        *(a_shipment(f"S-20{n}", items=(SHIRT,), order_no=f"O-20{n}", address=household) for n in (1, 2, 3)),
    )
    runtime.store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_COUNTRY": "KR"})


@pytest.fixture
def desk(page: Page, base: str) -> Iterator[Page]:
    page.goto(base)
    expect(row(page, "S-100")).to_be_visible()
    yield page


def row(page: Page, shipment_no: str) -> Locator:
    return page.locator(f'tr[data-id="{shipment_no}"]')


def opened(desk: Page, shipment_no: str) -> Locator:
    """The drawer once it is drawn to its end."""
    row(desk, shipment_no).locator('[data-control="open"]').click()
    dialog = desk.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Open as a page")).to_be_visible()
    expect(desk.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    return dialog


def undo_newest(desk: Page, base: str) -> None:
    """Undoes the newest batch on the Data page."""
    desk.goto(f"{base}/data")
    desk.locator("tbody tr").first.get_by_role("button", name="Undo").click()
    expect(desk.get_by_text("Undone by B-").first).to_be_visible()


def test_a_second_parcel_is_made_in_the_drawer_waits_in_the_list_and_is_undone(desk: Page, base: str) -> None:
    drawer = opened(desk, "S-100")
    drawer.get_by_role("button", name="Add a parcel").click()
    boxes = drawer.get_by_role("spinbutton")
    expect(boxes).to_have_count(2)
    boxes.nth(1).fill("1")
    boxes.nth(1).press("Tab")
    drawer.get_by_role("button", name="Add this parcel").click()
    expect(drawer.get_by_role("button", name="S-100-2", exact=True)).to_be_visible()
    expect(drawer.locator(".text").get_by_text("Blue mug × 1")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(row(desk, "S-100-2")).to_be_visible()
    expect(row(desk, "S-100")).to_be_visible()
    undo_newest(desk, base)
    desk.goto(base)
    expect(row(desk, "S-100")).to_be_visible()
    expect(row(desk, "S-100-2")).to_have_count(0)


def test_waiting_shipments_of_one_household_are_put_together_leave_the_list_and_come_back(desk: Page, base: str) -> None:
    drawer = opened(desk, "S-202")
    expect(drawer.get_by_text("3 waiting shipments go to the same recipient")).to_be_visible()
    drawer.get_by_role("button", name="Put together", exact=True).click()
    two_and_whether_the_next_opens = 3
    expect(drawer.get_by_role("checkbox")).to_have_count(two_and_whether_the_next_opens)
    drawer.get_by_test_id("stBaseButton-primaryFormSubmit").get_by_text("Put together").click()
    expect(drawer.get_by_role("checkbox")).to_have_count(1)
    for other in ("S-201", "S-203"):
        expect(drawer.get_by_role("button", name=other, exact=True)).to_be_visible()
    desk.keyboard.press("Escape")
    expect(row(desk, "S-202")).to_be_visible()
    expect(row(desk, "S-201")).to_have_count(0)
    desk.goto(f"{base}/shipment?no=S-203")
    expect(desk.get_by_text("S-203 was put into S-202 and goes out with it.")).to_be_visible()
    desk.get_by_role("button", name="S-202").click()
    expect(desk.get_by_role("heading", name="Shipment S-202")).to_be_visible()
    undo_newest(desk, base)
    desk.goto(base)
    for each in ("S-201", "S-202", "S-203"):
        expect(row(desk, each)).to_be_visible()
