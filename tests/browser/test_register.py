"""The Register page in a real browser: a scanner, a keyboard, no mouse, and the focus always in a box."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from core.carriers.rules import load
from core.config import Settings
from core.domain.invoice_number import complete
from core.runtime import open_runtime
from tests.builders import a_shipment, add

CJ = load().carriers["cj"]
Parcel = tuple[str, str]


def numbers() -> Iterator[str]:
    for n in range(1, 1000):
        yield complete(CJ, f"63{700_000_000 + n:09}")


FRESH = numbers()
WAITING: list[str] = []
HERE, ELSEWHERE = "ICN1", "LAX1"


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A desk of its own; the ordinary domestic parcels that wait there are in `WAITING`."""
    WAITING.clear()
    settings = Settings(database=tmp_path_factory.mktemp("register") / "shipping.duckdb", demo_shipments=1500)
    runtime = open_runtime(settings)
    waiting = [a_shipment(f"S261124-9{n:04}", policy="Standard", warehouse=HERE) for n in range(100)]
    add(runtime.store, *waiting)
    WAITING.extend(shipment.shipment_no for shipment in waiting)
    runtime.store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_COUNTRY": "KR"})


@pytest.fixture(scope="module")
def open_page(context: BrowserContext) -> Iterator[Page]:
    """A page that stays open from one test to the next, as it does from one parcel to the next."""
    page = context.new_page()
    yield page
    page.close()


@pytest.fixture
def desk(open_page: Page, base: str) -> Page:
    """It with nothing in its boxes and nothing said."""
    page, address = open_page, f"{base}/register"
    page.set_viewport_size({"width": 1440, "height": 900})
    if page.url != address:
        page.goto(address)
    else:
        first(page).focus()
        page.keyboard.press("Escape")
    empty_and_ready(page)
    answered(page)
    expect(page.get_by_test_id("stAlert")).to_have_count(0)
    return page


def first(page: Page) -> Locator:
    return page.get_by_label("1 · Shipment No.")


def second(page: Page) -> Locator:
    return page.get_by_label("2 · Invoice No.")


def results(page: Page) -> Locator:
    return page.locator("tbody tr")


def result(page: Page, shipment_no: str) -> Locator:
    return results(page).filter(has_text=shipment_no)


def parcel() -> Parcel:
    return WAITING.pop(0), next(FRESH)


def scan(page: Page, *texts: str) -> None:
    for text in texts:
        page.keyboard.type(f"{text}\n")


def paste(page: Page, *texts: str) -> None:
    """Enters each text at once, however busy the machine is: keys of a scanner that stalls end too early."""
    for text in texts:
        page.keyboard.insert_text(text)
        page.keyboard.press("Enter")


def scan_without_enter(page: Page, text: str) -> None:
    page.keyboard.type(text, delay=5)


def registered(page: Page, shipment_no: str, number: str) -> None:
    expect(result(page, shipment_no).filter(has_text="Registered")).to_contain_text(number)


def empty_and_ready(page: Page) -> None:
    expect(first(page)).to_be_focused()
    expect(first(page)).to_have_value("")
    expect(second(page)).to_have_value("")


def answered(page: Page) -> None:
    """Every scan that was sent has its answer."""
    page.wait_for_function("() => !JSON.parse(sessionStorage.getItem('shipdesk-scans'))?.waiting.length")


def told(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_test_id("stAlert").filter(has_text=text)).to_be_visible()


def focused_label(page: Page) -> str:
    return str(
        page.evaluate(
            """() => {
              let node = document.activeElement;
              while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
              return node?.labels?.[0]?.textContent ?? node?.getAttribute?.("aria-label") ?? "";
            }"""
        )
    )


def test_thirty_parcels_are_registered_without_touching_the_mouse(desk: Page) -> None:
    parcels = [parcel() for _ in range(30)]
    for shipment_no, number in parcels:
        scan(desk, shipment_no)
        assert focused_label(desk) == "2 · Invoice No."
        scan(desk, number)
        assert focused_label(desk) == "1 · Shipment No."
    expect(desk.get_by_text(re.compile("Today: 30 registered"))).to_be_visible(timeout=60_000)
    expect(results(desk)).to_have_count(10)
    for shipment_no, number in parcels[-10:]:
        registered(desk, shipment_no, number)
    expect(results(desk).filter(has_text="CJ Logistics")).to_have_count(10)
    empty_and_ready(desk)


def test_a_scanner_that_sends_no_enter_works_too(desk: Page) -> None:
    for _ in range(3):
        shipment_no, number = parcel()
        scan_without_enter(desk, shipment_no)
        expect(second(desk)).to_be_focused()
        scan_without_enter(desk, number)
        registered(desk, shipment_no, number)
        empty_and_ready(desk)


def test_slow_typing_is_not_taken_for_a_scan(desk: Page) -> None:
    shipment_no, number = parcel()
    desk.keyboard.type(shipment_no, delay=70)
    desk.keyboard.press("Tab")
    expect(second(desk)).to_be_focused()
    desk.keyboard.type(number, delay=70)
    expect(desk.get_by_role("button", name="CJ Logistics", pressed=True)).to_be_visible()
    expect(second(desk)).to_have_value(number)
    desk.keyboard.press("Enter")
    registered(desk, shipment_no, number)


def test_the_shipment_and_the_proposed_company_are_in_sight_before_the_number(desk: Page) -> None:
    shipment_no, _ = parcel()
    scan(desk, shipment_no)
    expect(desk.get_by_text("Preparing", exact=True)).to_be_visible()
    expect(desk.get_by_text(f"Warehouse {HERE}")).to_be_visible()
    expect(desk.get_by_role("button", name="CJ Logistics", pressed=True)).to_be_visible()


def test_swapped_scans_are_put_in_the_right_box_and_saved(desk: Page) -> None:
    shipment_no, number = parcel()
    scan(desk, number)
    expect(second(desk)).to_have_value(number)
    expect(first(desk)).to_be_focused()
    told(desk, "is an Invoice No.")
    scan(desk, shipment_no)
    registered(desk, shipment_no, number)
    empty_and_ready(desk)


def test_swapped_scans_that_come_at_once_are_saved_too(desk: Page) -> None:
    shipment_no, number = parcel()
    scan(desk, number, shipment_no)
    registered(desk, shipment_no, number)
    empty_and_ready(desk)


def test_a_repeated_scan_is_ignored(desk: Page) -> None:
    shipment_no, number = parcel()
    scan(desk, shipment_no, number)
    registered(desk, shipment_no, number)
    scan(desk, shipment_no, number)
    told(desk, "ignored")
    empty_and_ready(desk)
    expect(result(desk, shipment_no)).to_have_count(1)
    scan(desk, number)
    told(desk, f"{number} was registered a moment ago")
    empty_and_ready(desk)


def test_the_shipment_scanned_twice_waits_for_its_number(desk: Page) -> None:
    shipment_no, number = parcel()
    scan(desk, shipment_no, shipment_no)
    told(desk, "was scanned twice")
    expect(second(desk)).to_be_focused()
    expect(second(desk)).to_have_value("")
    scan(desk, number)
    registered(desk, shipment_no, number)


def test_a_shipment_of_another_warehouse_asks_first(desk: Page, base: str) -> None:
    shipment_no, number = parcel()
    desk.goto(f"{base}/register?warehouse={ELSEWHERE}")
    expect(first(desk)).to_be_focused()
    scan(desk, shipment_no)
    told(desk, f"belongs to {HERE}, and {ELSEWHERE} is chosen here")
    scan(desk, number)
    expect(second(desk)).to_have_value(number)
    expect(result(desk, shipment_no)).to_contain_text("To confirm")
    scan(desk, number)
    expect(result(desk, shipment_no)).to_contain_text("To confirm")
    expect(second(desk)).to_have_value(number)
    desk.keyboard.press("Enter")
    registered(desk, shipment_no, number)
    expect(result(desk, shipment_no)).to_have_count(1)


def test_the_warehouse_is_chosen_by_keyboard_and_stays_in_the_link(desk: Page) -> None:
    for _ in ("sound", "camera", "warehouse"):
        desk.keyboard.press("Shift+Tab")
    assert focused_label(desk).startswith("Warehouse")
    desk.keyboard.press("ArrowDown")
    expect(desk).to_have_url(re.compile("warehouse="))
    expect(first(desk)).to_be_focused()


def test_a_refused_number_stays_in_the_box_and_is_typed_anew(desk: Page) -> None:
    shipment_no, number = parcel()
    wrong = number[:-1] + str((int(number[-1]) + 1) % 7)
    scan(desk, shipment_no, wrong)
    told(desk, "check digit should be")
    expect(first(desk)).to_have_value(shipment_no)
    expect(second(desk)).to_have_value(wrong)
    expect(second(desk)).to_be_focused()
    expect(result(desk, shipment_no)).to_contain_text("Refused")
    scan(desk, number)
    registered(desk, shipment_no, number)


def test_an_unknown_shipment_is_refused_and_kept(desk: Page) -> None:
    scan(desk, "S000000-00000")
    told(desk, "S000000-00000 does not exist")
    expect(first(desk)).to_have_value("S000000-00000")
    expect(first(desk)).to_be_focused()


def test_the_next_parcel_scanned_over_a_refusal_is_not_mixed_with_it(desk: Page) -> None:
    (refused, number), (shipment_no, other) = parcel(), parcel()
    scan(desk, refused, "12345")
    expect(second(desk)).to_have_value("12345")
    scan(desk, shipment_no)
    told(desk, f"{refused} was left without an invoice")
    expect(first(desk)).to_have_value(shipment_no)
    scan(desk, other)
    registered(desk, shipment_no, other)
    scan(desk, refused, number)
    registered(desk, refused, number)


def test_ten_wrong_scans_never_end_in_a_green_line_for_a_wrong_company(desk: Page) -> None:
    shipment_no, right = parcel()
    while right[9] == right[10]:
        right = next(FRESH)
    wrong_digit = right[:8] + str((int(right[8]) + 1) % 10) + right[9:]
    swapped = right[:9] + right[10] + right[9] + right[11]
    scans = [wrong_digit, swapped, right[:-1], right[:4] + right[3:], WAITING[-1], "8801234567893", f"O-{shipment_no}",
             "010-1234-5678", f"https://example.kr/p?no={right}", f"{right} (1/2)"]  # fmt: skip
    for wrong in scans:
        paste(desk, shipment_no, wrong)
        answered(desk)
        expect(first(desk), wrong).not_to_have_value("")
        expect(desk.get_by_test_id("stAlert"), wrong).to_be_visible()
        desk.keyboard.press("Alt+2")
        desk.keyboard.press("Enter")
        answered(desk)
        expect(first(desk), f"{wrong} for another company").not_to_have_value("")
        desk.keyboard.press("Escape")
        empty_and_ready(desk)
    expect(result(desk, shipment_no).filter(has_text="Registered")).to_have_count(0)
    scan(desk, shipment_no, right)
    registered(desk, shipment_no, right)
    expect(result(desk, shipment_no).filter(has_text="Registered")).to_contain_text("CJ Logistics")


def test_a_number_in_use_asks_and_enter_confirms(desk: Page) -> None:
    (one, number), (two, _) = parcel(), parcel()
    scan(desk, one, number)
    registered(desk, one, number)
    scan(desk, two, number)
    told(desk, f"is on {one} already")
    expect(second(desk)).to_have_value(number)
    desk.keyboard.press("Enter")
    expect(result(desk, two)).to_contain_text("Confirmed")


def test_the_company_is_chosen_by_keys(desk: Page) -> None:
    shipment_no, _ = parcel()
    scan(desk, shipment_no)
    hanjin = desk.get_by_role("button", name="Hanjin")
    expect(hanjin).to_be_visible()
    key = hanjin.inner_text().split("Alt+")[1]
    desk.keyboard.press(f"Alt+{key}")
    expect(desk.get_by_role("button", name="Hanjin", pressed=True)).to_be_visible()
    expect(second(desk)).to_be_focused()
    number = complete(load().carriers["hanjin"], "53072703991")
    scan(desk, number)
    registered(desk, shipment_no, number)
    expect(result(desk, shipment_no)).to_contain_text("Hanjin")


def test_any_other_company_is_chosen_by_keys(desk: Page) -> None:
    shipment_no, _ = parcel()
    scan(desk, shipment_no)
    expect(desk.get_by_role("button", name="CJ Logistics", pressed=True)).to_be_visible()
    desk.keyboard.press("Alt+4")
    assert focused_label(desk) == "All shipping companies"
    desk.keyboard.type("Korea P")
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Korea Post", pressed=True)).to_be_visible()
    expect(second(desk)).to_be_focused()
    scan(desk, "6890123456789")
    told(desk, "Korea Post")
    expect(second(desk)).to_have_value("6890123456789")
    desk.keyboard.press("Enter")
    expect(result(desk, shipment_no)).to_contain_text("Confirmed")


def test_the_last_one_is_undone_by_a_key_and_can_be_scanned_again(desk: Page) -> None:
    shipment_no, number = parcel()
    scan(desk, shipment_no, number)
    registered(desk, shipment_no, number)
    desk.keyboard.press("Alt+z")
    expect(result(desk, shipment_no)).to_contain_text("Undone")
    told(desk, f"Undone: {shipment_no}")
    expect(first(desk)).to_be_focused()
    scan(desk, shipment_no, number)
    expect(result(desk, shipment_no)).to_have_count(2)
    expect(result(desk, shipment_no).first.get_by_role("button", name="Undo")).to_be_visible()


def test_after_undo_with_the_mouse_the_box_has_the_focus_again(desk: Page) -> None:
    shipment_no, number = parcel()
    scan(desk, shipment_no, number)
    registered(desk, shipment_no, number)
    result(desk, shipment_no).get_by_role("button", name="Undo").click()
    expect(result(desk, shipment_no)).to_contain_text("Undone")
    expect(first(desk)).to_be_focused()


def test_the_last_ten_are_still_there_after_a_reload(desk: Page) -> None:
    shipment_no, number = parcel()
    scan(desk, shipment_no, number)
    registered(desk, shipment_no, number)
    desk.reload()
    registered(desk, shipment_no, number)
    expect(result(desk, shipment_no).get_by_role("button", name="Undo")).to_be_visible()


def test_a_click_beside_everything_does_not_take_the_focus_away(desk: Page) -> None:
    desk.mouse.click(700, 850)
    expect(first(desk)).to_be_focused()
    shipment_no, number = parcel()
    scan(desk, shipment_no)
    desk.mouse.click(700, 850)
    expect(second(desk)).to_be_focused()
    scan(desk, number)
    registered(desk, shipment_no, number)


def test_a_scan_while_a_button_has_the_focus_goes_into_the_box(desk: Page) -> None:
    shipment_no, number = parcel()
    desk.get_by_role("link", name="Data").focus()
    scan(desk, shipment_no, number)
    registered(desk, shipment_no, number)


def test_start_over_empties_the_boxes(desk: Page) -> None:
    shipment_no, _ = parcel()
    scan(desk, shipment_no)
    desk.keyboard.type("63")
    desk.keyboard.press("Escape")
    empty_and_ready(desk)


def test_the_result_is_spoken(desk: Page) -> None:
    shipment_no, number = parcel()
    scan(desk, shipment_no, number)
    voice = desk.locator('.desk .unseen[role="status"]')
    expect(voice).to_have_attribute("aria-live", "polite")
    expect(voice).to_have_text(f"CJ Logistics {number} is registered on {shipment_no}.")


def test_nothing_scrolls_sideways(desk: Page) -> None:
    for width in (1440, 800, 480):
        desk.set_viewport_size({"width": width, "height": 900})
        expect(first(desk)).to_be_in_viewport()
        assert desk.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, width
        assert desk.locator(".stMain").evaluate("node => node.scrollWidth - node.clientWidth") <= 0, width
