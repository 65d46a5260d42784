"""The journeys that matter in Firefox: the list, the drawer, a scanner's keys, a workbook and its undo."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from core.carriers.rules import load
from core.config import Settings
from core.domain.invoice_number import complete
from core.runtime import open_runtime
from tests.builders import a_shipment, add
from tests.workbook_builders import a_workbook

CJ = load().carriers["cj"]
PLACE = "ICN1"
SHIPMENTS = [f"S261124-5{n:04}" for n in range(1, 9)]
FRESH = (complete(CJ, f"63{500_000_000 + n:09}") for n in range(1, 1000))


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    settings = Settings(database=tmp_path_factory.mktemp("firefox") / "shipping.duckdb", demo_shipments=600)
    runtime = open_runtime(settings)
    add(runtime.store, *(a_shipment(number, policy="Standard", warehouse=PLACE) for number in SHIPMENTS))
    runtime.store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_COUNTRY": "KR"})


@pytest.fixture(scope="module")
def context(firefox: Browser) -> Iterator[BrowserContext]:
    context = firefox.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    page = context.new_page()
    yield page
    page.close()


@pytest.fixture
def desk(page: Page, base: str) -> Page:
    page.goto(base)
    expect(rows(page).first).to_be_visible()
    return page


def rows(page: Page) -> Locator:
    return page.locator("tbody tr")


def row(page: Page, shipment_no: str) -> Locator:
    return page.locator(f'tr[data-id="{shipment_no}"]')


def waiting() -> tuple[str, str]:
    """A shipment that waits for its number, and such a number."""
    return SHIPMENTS.pop(0), next(FRESH)


def enter(page: Page, text: str) -> None:
    """Types it as keys: what Playwright fills in, this Firefox does not tell the page of as it does what is typed."""
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def focused(page: Page) -> str:
    return str(
        page.evaluate(
            """() => {
              let node = document.activeElement;
              while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
              return node?.dataset?.control ?? node?.labels?.[0]?.textContent ?? node?.tagName;
            }"""
        )
    )


def test_a_shipment_is_searched_opened_and_closed_and_the_focus_comes_back(desk: Page) -> None:
    wanted = SHIPMENTS[-1]
    box = desk.get_by_role("searchbox", name="Search")
    box.click()
    enter(desk, wanted)
    expect(desk).to_have_url(re.compile(f"q={wanted}"))
    expect(rows(desk)).to_have_count(1)
    row(desk, wanted).locator("[data-control=open]").press("Enter")
    expect(desk.get_by_role("dialog").get_by_role("link", name="Open as a page")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    desk.wait_for_function("() => document.activeElement !== document.body")
    assert focused(desk) == "open"
    desk.get_by_role("button", name="Clear all").click()
    expect(rows(desk).nth(1)).to_be_visible()


def test_what_is_pasted_is_searched(desk: Page) -> None:
    wanted = SHIPMENTS[-1]
    desk.get_by_role("searchbox", name="Search").click()
    desk.keyboard.type(wanted)
    for key in ("Control+a", "Control+x", "Control+v", "Enter"):
        desk.keyboard.press(key)
    expect(desk).to_have_url(re.compile(f"q={wanted}"))
    expect(rows(desk)).to_have_count(1)


def test_another_tab_and_another_order_are_a_press_away(desk: Page) -> None:
    desk.get_by_role("radio", name=re.compile("^In delivery")).click()
    expect(desk).to_have_url(re.compile("tab=delivery"))
    expect(rows(desk).first.locator("[data-control=view]")).to_be_visible()
    head = desk.locator("[data-sort=order_no]")
    head.click()
    expect(desk.get_by_role("columnheader").filter(has=head)).to_have_attribute("aria-sort", "ascending")
    orders = rows(desk).locator("td:nth-of-type(2)")
    expect(desk).to_have_url(re.compile("sort=order_no"))
    shown = orders.all_inner_texts()
    assert shown == sorted(shown)


def test_the_number_of_a_shipment_is_registered_in_its_drawer(desk: Page) -> None:
    wanted, number = waiting()
    desk.goto(desk.url.split("?")[0] + f"?q={wanted}")
    row(desk, wanted).locator("[data-control=register]").click()
    dialog = desk.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Open as a page")).to_be_visible()
    expect(desk.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    dialog.get_by_role("combobox", name="Shipping company").click()
    desk.keyboard.type(CJ.name)
    desk.get_by_role("option", name=CJ.name, exact=True).click()
    dialog.get_by_label("Invoice No.").click()
    desk.keyboard.type(number)
    dialog.get_by_role("button", name="Register invoice").click()
    expect(dialog.locator(".number")).to_have_text(number)


def test_two_parcels_are_registered_by_a_scanner(page: Page, base: str) -> None:
    page.goto(f"{base}/register")
    first, second = page.get_by_label("1 · Shipment No."), page.get_by_label("2 · Invoice No.")
    expect(first).to_be_focused()
    for shipment_no, number in (waiting(), waiting()):
        enter(page, shipment_no)
        expect(second).to_be_focused()
        enter(page, number)
        expect(first).to_be_focused()
        expect(rows(page).filter(has_text=shipment_no).filter(has_text="Registered")).to_contain_text(number)
    expect(first).to_have_value("")


def test_a_workbook_is_registered_and_taken_back(page: Page, base: str) -> None:
    filled = [waiting(), waiting()]
    page.goto(f"{base}/upload")
    data = a_workbook(*((shipment_no, CJ.name, number) for shipment_no, number in filled))
    page.locator("input[type=file]").set_input_files(files=[{"name": "today.xlsx", "mimeType": "", "buffer": data}])
    page.get_by_role("button", name="Register 2 shipments").click()
    expect(page.get_by_test_id("stAlert").filter(has_text="2 shipments registered")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(rows(page).filter(has_text="Undone")).to_have_count(2)
