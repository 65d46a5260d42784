"""Entering invoices one after another in a real browser: how many presses it takes, where the focus is, and the way to the next one."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from core.carriers.rules import load
from core.config import Settings
from core.domain.invoice_number import complete
from core.runtime import open_runtime
from tests.builders import a_shipment, add, an_invoice

CJ = load().carriers["cj"]
LANE, BORDER, PAGED, MARKED = "ENT1", "ENT2", "ENT3", "ENT4"
A_PAGE = 25


def numbers() -> Iterator[str]:
    for n in range(1, 1000):
        yield complete(CJ, f"64{500_000_000 + n:09}")


FRESH = numbers()


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A desk of its own; what waits in these warehouses goes with CJ Logistics."""
    settings = Settings(database=tmp_path_factory.mktemp("entry") / "shipping.duckdb", demo_shipments=50)
    runtime = open_runtime(settings)
    for at, (place, count) in enumerate({LANE: 50, BORDER: 30, PAGED: 5, MARKED: 5}.items()):
        add(runtime.store, *(a_shipment(f"S26112{at}-7{n:04}", warehouse=place, policy=LANE) for n in range(1, count + 1)))
    sent = an_invoice(complete(CJ, "64000000000"), datetime.now(UTC))
    add(runtime.store, a_shipment("S261124-69999", policy=LANE, invoice=sent))
    runtime.store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_COUNTRY": "KR"})


class Hands:
    """A clerk with keyboard and mouse, whose presses are counted; what a scanner types is none, but its Enter is."""

    def __init__(self, page: Page) -> None:
        self.page, self.presses = page, 0

    def press(self, key: str) -> None:
        self.presses += 1
        self.page.keyboard.press(key)

    def click(self, target: Locator, **how: list[str]) -> None:
        self.presses += 1
        target.click(**how)  # type: ignore[arg-type]

    def scan(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.press("Enter")


def rows(page: Page) -> Locator:
    return page.locator(".frame tbody tr")


def go(page: Page, base: str, place: str, more: str = "") -> None:
    page.goto(f"{base}/?warehouse={place}&sort=shipment_no&dir=asc{more}")
    expect(rows(page).first).to_be_visible()


def dialog(page: Page) -> Locator:
    return page.get_by_role("dialog")


def box(page: Page) -> Locator:
    return dialog(page).get_by_label("Invoice No.")


def opened(page: Page, shipment_no: str | None) -> None:
    expect(dialog(page).get_by_text(f"Shipment {shipment_no}")).to_be_visible()
    expect(box(page)).to_be_focused()


def waiting(page: Page) -> list[str]:
    return [str(row.get_attribute("data-id")) for row in rows(page).all()]


def test_ten_invoices_take_twenty_presses_on_register(page: Page, base: str) -> None:
    go(page, base, LANE)
    parcels = waiting(page)[:10]
    page.goto(f"{base}/register")
    expect(page.get_by_label("1 · Shipment No.")).to_be_focused()
    hands = Hands(page)
    for shipment_no in parcels:
        hands.scan(shipment_no)
        hands.scan(next(FRESH))
    expect(page.get_by_text(re.compile("Today: 10 registered"))).to_be_visible(timeout=60_000)
    assert hands.presses == 20


def test_ten_invoices_take_no_more_presses_in_the_grid(page: Page, base: str) -> None:
    go(page, base, LANE)
    hands = Hands(page)
    hands.click(rows(page).nth(0).get_by_role("checkbox"))
    hands.click(rows(page).nth(9).get_by_role("checkbox"), modifiers=["Shift"])
    hands.click(page.get_by_role("button", name="Enter 10 invoices"))
    expect(dialog(page).get_by_role("textbox").first).to_be_focused()
    for _ in range(10):
        hands.scan(next(FRESH))
    expect(dialog(page).get_by_role("button", name="Register 10 shipments")).to_be_enabled()
    hands.press("Control+Enter")
    expect(page.get_by_text("10 shipments registered as batch")).to_be_visible()
    assert hands.presses <= 20


def test_invoices_take_little_more_than_two_presses_each_in_the_drawer(page: Page, base: str) -> None:
    go(page, base, LANE)
    parcels, hands = waiting(page)[:4], Hands(page)
    hands.click(rows(page).first.locator('[data-control="register"]'))
    for shipment_no in parcels:
        opened(page, shipment_no)
        number = next(FRESH)
        hands.scan(number)
        expect(dialog(page).get_by_text(f"CJ Logistics {number} is registered on {shipment_no}")).to_be_visible()
        expect(dialog(page).get_by_role("button", name="Next shipment", exact=True)).to_be_focused()
        hands.press("Enter")
    assert hands.presses <= 2 * len(parcels) + 2


def test_the_next_shipment_opens_by_itself_where_that_was_chosen(page: Page, base: str) -> None:
    go(page, base, LANE)
    first, second, third = waiting(page)[:3]
    rows(page).first.locator('[data-control="register"]').click()
    opened(page, first)
    number, other = next(FRESH), next(FRESH)
    box(page).press_sequentially(f"{number}\n")
    dialog(page).get_by_text("After saving, open the next by itself").click()
    dialog(page).get_by_role("button", name="Next shipment", exact=True).click()
    opened(page, second)
    box(page).press_sequentially(f"{other}\n")
    opened(page, third)
    expect(dialog(page).get_by_text(f"{other} is registered on {second}")).to_be_visible()


def test_keys_and_buttons_lead_through_the_list_past_the_edge_of_its_page(page: Page, base: str) -> None:
    go(page, base, BORDER, f"&rows={A_PAGE}")
    shown = waiting(page)
    rows(page).nth(A_PAGE - 1).locator('[data-control="open"]').click()
    opened(page, shown[-1])
    expect(dialog(page).get_by_text("25 of 30")).to_be_visible()
    page.keyboard.press("Alt+ArrowDown")
    expect(dialog(page).get_by_text("26 of 30")).to_be_visible()
    expect(page).to_have_url(re.compile("page=2"))
    expect(rows(page)).to_have_count(5)
    dialog(page).get_by_role("button", name=f"Previous shipment: {shown[-1]}").click()
    opened(page, shown[-1])
    expect(rows(page)).to_have_count(A_PAGE)
    page.keyboard.press("Alt+ArrowUp")
    opened(page, shown[-2])
    page.keyboard.press("Escape")
    expect(dialog(page)).to_have_count(0)


def test_the_way_through_the_list_goes_on_where_a_shipment_is_opened_as_a_page(page: Page, base: str) -> None:
    go(page, base, BORDER)
    shown = waiting(page)
    rows(page).first.locator('[data-control="open"]').click()
    opened(page, shown[0])
    dialog(page).get_by_role("link", name="Open as a page").click()
    expect(page.get_by_role("link", name="All shipments")).to_be_visible()
    expect(dialog(page)).to_have_count(0)
    expect(page.get_by_role("heading", name=f"Shipment {shown[0]}")).to_be_visible()
    expect(page.get_by_text("1 of 30")).to_be_visible()
    page.keyboard.press("Alt+ArrowDown")
    expect(page.get_by_role("heading", name=f"Shipment {shown[1]}")).to_be_visible()
    expect(page.get_by_text("2 of 30")).to_be_visible()


def test_what_is_typed_and_not_saved_is_not_left_without_a_word(page: Page, base: str) -> None:
    go(page, base, BORDER)
    first, second = waiting(page)[:2]
    rows(page).first.locator('[data-control="register"]').click()
    opened(page, first)
    page.keyboard.type("12")
    page.keyboard.press("Alt+ArrowDown")
    expect(dialog(page).get_by_text("What you typed is not saved.")).to_be_visible()
    opened(page, first)
    page.keyboard.press("Alt+ArrowDown")
    opened(page, second)
    expect(box(page)).to_have_value("")


def test_the_field_that_is_wrong_is_marked_alone(page: Page, base: str) -> None:
    go(page, base, MARKED)
    rows(page).first.locator('[data-control="register"]').click()
    wrong = dialog(page).locator('[aria-invalid="true"]')
    opened(page, waiting(page)[0])
    page.keyboard.type("12345\n")
    expect(wrong).to_have_count(1)
    expect(box(page)).to_have_attribute("aria-invalid", "true")
    expect(box(page)).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("1Z999AA10123456784\n")
    expect(dialog(page).get_by_text("the number fits UPS")).to_be_visible()
    expect(wrong).to_have_count(1)
    expect(dialog(page).get_by_role("combobox", name="Shipping company")).to_have_attribute("aria-invalid", "true")


def test_after_saving_some_rows_of_the_grid_the_next_one_has_the_focus(page: Page, base: str) -> None:
    go(page, base, MARKED)
    page.get_by_role("checkbox", name="Select all shown rows").check()
    page.get_by_role("button", name="Enter 5 invoices").click()
    boxes = dialog(page).get_by_role("textbox")
    expect(boxes.first).to_be_focused()
    page.keyboard.type("12345\n")
    page.keyboard.type(next(FRESH))
    expect(dialog(page).locator('[aria-invalid="true"]')).to_have_count(1)
    expect(boxes.first).to_have_attribute("aria-invalid", "true")
    expect(dialog(page).get_by_text("proposed: fits it alone")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(boxes).to_have_count(4)
    expect(boxes.nth(1)).to_be_focused()


def test_a_drawer_that_was_closed_opens_again_by_the_very_next_press(page: Page, base: str) -> None:
    go(page, base, PAGED)
    shipment_no = waiting(page)[0]
    for _ in range(3):
        rows(page).first.locator('[data-control="register"]').click()
        opened(page, shipment_no)
        page.keyboard.press("Escape")
        expect(dialog(page)).to_have_count(0)


def test_an_ordinary_shipment_shows_its_history_without_scrolling(page: Page, base: str) -> None:
    page.goto(f"{base}/?tab=delivery")
    rows(page).first.locator('[data-control="open"]').click()
    history = dialog(page).locator(".st-key-history_section")
    expect(history).to_be_visible()
    expect(history).to_be_in_viewport(ratio=1)


def test_a_file_that_is_chosen_while_the_page_is_drawn_again_is_read(page: Page, base: str, tmp_path: Path) -> None:
    page.goto(f"{base}/upload")
    chooser = page.locator("input[type=file]").first
    expect(chooser).to_be_attached()
    chooser.evaluate("node => (node.dataset.first = 'yes')")
    page.get_by_role("button", name="Rerun").or_(page.locator("body")).first.press("r")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(chooser).to_have_attribute("data-first", "yes")
