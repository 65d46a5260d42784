"""The header of every page: anything is found, views are saved and opened with their counts, keys do what they say and nothing else."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.test_ahead import Line, head, rows, settled, tab

PAUSE = 120
"""Milliseconds that tell a hand's keys from a scanner's."""
SCANNED = 10


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    database = tmp_path_factory.mktemp("header") / "shipping.duckdb"
    return serve("app.py", {"SHIPDESK_DB": str(database), "SHIPDESK_DEMO_SHIPMENTS": "1500", "SHIPDESK_COUNTRY": "KR"})


@pytest.fixture(autouse=True)
def faults(page: Page) -> Iterator[None]:
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    yield
    assert found == []


def opened(page: Page, base: str, path: str) -> None:
    page.goto(f"{base}/{path}")
    drawn(page)


def drawn(page: Page) -> None:
    expect(page.locator(".opener.find")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def keys(page: Page, *pressed: str) -> None:
    """Pressed by a hand, with nothing in the focus."""
    page.evaluate("document.activeElement?.blur()")
    for key in pressed:
        page.wait_for_timeout(PAUSE)
        page.keyboard.press(key)


def finder(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Find anything")


def views(page: Page) -> Locator:
    return page.locator(".desk-bar .panel")


def a_number(page: Page, base: str, of: str = "delivered") -> str:
    opened(page, base, f"shipments?tab={of}")
    settled(page)
    return str(rows(page).first.get_attribute("data-id"))


def test_any_shipment_is_two_presses_away_from_any_page(page: Page, base: str) -> None:
    number = a_number(page, base)
    for start, drawer in (("overview", True), ("carriers", True), ("upload", False), ("data", False)):
        opened(page, base, start)
        keys(page, "/")
        expect(finder(page)).to_be_visible()
        page.keyboard.type(number)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name=f"Shipment {number}")).to_be_visible()
        expect(page).to_have_url(re.compile(start if drawer else f"shipment\\?no={number}"))


def test_a_scan_into_the_box_waits_for_what_is_found(page: Page, base: str) -> None:
    number = a_number(page, base)
    opened(page, base, "register")
    page.locator(".opener.find").click()
    page.route("**/find", lambda route: (page.wait_for_timeout(300), route.continue_()))
    page.keyboard.type(f"{number}", delay=SCANNED)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Shipment {number}")).to_be_visible()
    expect(page.locator(".desk-bar dialog[open]")).to_have_count(0)


def test_a_page_and_an_act_are_found_by_arrows_and_escape_gives_the_focus_back(page: Page, base: str) -> None:
    opened(page, base, "shipments")
    settled(page)
    page.locator(".opener.find").focus()
    page.keyboard.press("Enter")
    expect(finder(page).get_by_role("combobox")).to_be_focused()
    page.keyboard.type("deli")
    page.keyboard.press("Escape")
    expect(finder(page)).to_have_count(0)
    expect(page.locator(".opener.find")).to_be_focused()

    page.keyboard.press("Enter")
    page.keyboard.type("e")
    expect(finder(page).get_by_role("option", selected=True)).to_have_count(1)
    first = finder(page).get_by_role("option", selected=True).inner_text()
    page.keyboard.press("ArrowDown")
    assert finder(page).get_by_role("option", selected=True).inner_text() != first
    page.keyboard.press("ArrowUp")
    expect(finder(page).get_by_role("option", selected=True)).to_have_text(re.compile(first.split("\n")[0]))
    finder(page).get_by_role("combobox").fill("delays")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/delays"))


def test_where_the_route_is_dead_it_says_so_and_asks_again(page: Page, base: str) -> None:
    number = a_number(page, base)
    dead = True
    page.route("**/find", lambda route: route.abort() if dead else route.continue_())
    page.locator(".opener.find").click()
    page.keyboard.type(number)
    expect(finder(page)).to_contain_text("did not answer")
    dead = False
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=f"Shipment {number}")).to_be_visible()


def test_keys_go_to_pages_and_act_on_the_list(page: Page, base: str) -> None:
    opened(page, base, "overview")
    expect(page.locator(".stPlotlyChart").first).to_be_visible()
    keys(page, "g", "s")
    expect(page).to_have_url(re.compile("/shipments"))
    settled(page)
    keys(page, "f")
    expect(page.get_by_role("searchbox", name="Search")).to_be_focused()
    keys(page, "e")
    expect(page.get_by_text("A file has all")).to_be_visible()
    page.keyboard.press("Escape")
    keys(page, "?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    page.keyboard.press("Escape")
    opened(page, base, "shipments?tab=delivered")
    settled(page)
    keys(page, "n")
    expect(page).to_have_url(re.compile("page=2"))


@pytest.fixture(scope="module")
def open_list(context: BrowserContext, base: str) -> Iterator[Page]:
    """A list that is opened once for all scans."""
    page = context.new_page()
    opened(page, base, "shipments?tab=delivered")
    settled(page)
    yield page
    page.close()


@pytest.mark.parametrize("scan", ["/", "S/261?115-gs", "gs/v?nef", "?"])
def test_a_scan_outside_of_every_box_does_nothing(open_list: Page, scan: str) -> None:
    page = open_list
    page.evaluate("document.activeElement?.blur()")
    page.wait_for_timeout(PAUSE)
    page.keyboard.type(f"{scan}X", delay=SCANNED)
    page.keyboard.press("Enter")
    page.wait_for_timeout(3 * PAUSE)
    expect(page.locator(".desk-bar dialog[open], .desk-bar :popover-open")).to_have_count(0)
    expect(page).to_have_url(re.compile("shipments\\?tab=delivered$"))


def test_keys_in_a_field_are_typed(page: Page, base: str) -> None:
    opened(page, base, "shipments")
    settled(page)
    box = page.get_by_role("searchbox", name="Search")
    box.click()
    for key in "/?gsv":
        page.wait_for_timeout(PAUSE)
        page.keyboard.press(key)
    expect(box).to_have_value("/?gsv")
    expect(page.locator(".desk-bar dialog[open], .desk-bar :popover-open")).to_have_count(0)
    opened(page, base, "register")
    box = page.get_by_label("1 · Shipment No.")
    expect(box).to_be_focused()
    for key in "/?gs":
        page.wait_for_timeout(PAUSE)
        page.keyboard.press(key)
    expect(box).to_have_value("/?gs")
    box.fill("")


def test_on_register_every_key_outside_of_a_box_goes_into_it(page: Page, base: str) -> None:
    opened(page, base, "register")
    page.locator(".opener.views").focus()
    page.wait_for_timeout(PAUSE)
    page.keyboard.type("/S?1", delay=SCANNED)
    box = page.get_by_label("1 · Shipment No.")
    expect(box).to_have_value("/S?1")
    box.fill("")
    page.locator(".opener.views").focus()
    page.wait_for_timeout(PAUSE)
    page.keyboard.press("/")
    page.wait_for_timeout(2 * PAUSE)
    expect(finder(page)).to_have_count(0)
    expect(box).to_have_value("/")
    box.fill("")


@pytest.fixture(scope="module")
def open_page(context: BrowserContext, base: str) -> Iterator[Page]:
    """A page that is opened once for all keys."""
    page = context.new_page()
    opened(page, base, "data")
    yield page
    page.close()


@pytest.mark.parametrize(
    ("said", "opens"),
    [
        ({"key": "/", "code": "Slash"}, True),
        ({"key": "Process", "code": "Slash", "keyCode": 229}, True),
        ({"key": "・", "code": "Slash"}, True),
        ({"key": "／", "code": "Slash"}, True),
        ({"key": "/", "code": "Digit7", "shiftKey": True}, True),
        ({"key": "/", "code": "Slash", "isComposing": True}, False),
        ({"key": "/", "code": "Slash", "ctrlKey": True}, False),
        ({"key": "/", "code": "Slash", "altKey": True}, False),
        ({"key": "/", "code": "Slash", "repeat": True}, False),
        ({"key": "ㄴ", "code": "KeyS"}, False),
    ],
)
def test_a_key_is_known_by_what_it_types_or_where_it_lies(open_page: Page, said: dict[str, Any], opens: bool) -> None:
    open_page.evaluate("document.activeElement?.blur()")
    open_page.wait_for_timeout(PAUSE)
    open_page.evaluate(f"document.body.dispatchEvent(new KeyboardEvent('keydown', {json.dumps({'bubbles': True, **said})}))")
    open_page.wait_for_timeout(2 * PAUSE)
    expect(finder(open_page)).to_have_count(int(opens))
    open_page.keyboard.press("Escape")
    expect(finder(open_page)).to_have_count(0)


def test_hangul_keys_go_where_their_letters_would(page: Page, base: str) -> None:
    opened(page, base, "overview")
    expect(page.locator(".stPlotlyChart").first).to_be_visible()
    for key, code in (("ㅎ", "KeyG"), ("ㄴ", "KeyS")):
        page.evaluate(
            f"document.body.dispatchEvent(new KeyboardEvent('keydown', {{bubbles: true, key: '{key}', code: '{code}'}}))"
        )
        page.wait_for_timeout(PAUSE)
    expect(page).to_have_url(re.compile("/shipments"))


def test_enter_that_ends_a_composition_does_nothing(page: Page, base: str) -> None:
    opened(page, base, "overview")
    page.locator(".opener.find").click()
    finder(page).get_by_role("combobox").fill("data")
    page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, key: 'Enter', isComposing: true, keyCode: 229}))"
    )
    page.wait_for_timeout(2 * PAUSE)
    expect(finder(page)).to_be_visible()
    expect(page).to_have_url(re.compile("/overview"))


def test_keys_are_switched_off_and_on_and_stay_so(page: Page, base: str) -> None:
    opened(page, base, "data")
    keys(page, "?")
    page.get_by_role("dialog", name="Keys").get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    drawn(page)
    page.reload()
    drawn(page)
    expect(page.locator(".opener.find kbd")).to_be_hidden()
    keys(page, "/")
    page.wait_for_timeout(2 * PAUSE)
    expect(finder(page)).to_have_count(0)
    page.locator(".opener.find").click()
    page.keyboard.type("keys")
    page.keyboard.press("Enter")
    page.get_by_role("dialog", name="Keys").get_by_role("checkbox").check()
    page.keyboard.press("Escape")
    drawn(page)
    keys(page, "/")
    expect(finder(page)).to_be_visible()


def test_a_view_is_saved_counted_opened_elsewhere_renamed_and_removed(page: Page, base: str) -> None:
    opened(page, base, "shipments?tab=delivered&kind=exchange")
    settled(page)
    total = page.locator(".st-key-list_total strong").inner_text()
    keys(page, "v")
    views(page).get_by_role("textbox", name="Name of the view").fill("Claims that arrived")
    views(page).get_by_role("button", name="Save", exact=True).click()
    link = views(page).get_by_role("link", name=re.compile("Claims that arrived"))
    expect(link).to_have_attribute("aria-current", "page")
    expect(link.locator(".count")).to_have_text(total)
    page.keyboard.press("Escape")

    opened(page, base, "overview")
    page.locator(".opener.views").click()
    expect(link.locator(".count")).to_have_text(total)
    link.click()
    expect(page).to_have_url(re.compile("shipments\\?.*kind=exchange"))
    settled(page)
    expect(page.locator(".st-key-list_total strong")).to_have_text(total)

    page.locator(".opener.views").click()
    views(page).get_by_role("button", name="Edit").click()
    views(page).get_by_role("textbox").fill("Claims")
    page.keyboard.press("Enter")
    expect(views(page).get_by_role("button", name="Remove Claims")).to_be_visible()
    views(page).get_by_role("button", name="Remove Claims").click()
    views(page).get_by_role("button", name="Remove?").click()
    expect(views(page)).to_contain_text("No view is saved yet")


def test_the_desk_opens_on_the_page_that_was_chosen(page: Page, base: str) -> None:
    page.goto(base)
    expect(page).to_have_url(re.compile("/shipments$"))
    drawn(page)
    for wanted, path in (("Overview", "/overview$"), ("Shipments", "/shipments$")):
        page.locator(".st-key-who button").click()
        page.get_by_role("combobox", name="Opens first").click()
        page.get_by_role("option", name=wanted, exact=True).click()
        drawn(page)
        page.goto(base)
        expect(page).to_have_url(re.compile(path))
        drawn(page)


def test_chosen_columns_hold_for_the_rows_that_come_ahead_and_after_a_reload(page: Page, base: str) -> None:
    line = Line(page)
    opened(page, base, "shipments?tab=delivered")
    settled(page)
    page.get_by_role("button", name="Columns").click()
    columns = page.locator(".column-list")
    expect(columns.get_by_role("checkbox", name="Shipment No.")).to_be_disabled()
    columns.get_by_role("checkbox", name="Recipient").uncheck()
    columns.get_by_role("button", name="Move Order No. down").click()
    expect(heads(page).nth(2)).to_have_text("Ordered")
    expect(heads(page).filter(has_text="Recipient")).to_have_count(0)
    page.mouse.click(720, 880)
    settled(page)

    line.hold()
    tab(page, "Shipping failed").click()
    expect(page.locator("caption")).to_have_text(re.compile("^Shipments in Shipping failed"))
    expect(heads(page).nth(2)).to_have_text("Ordered")
    expect(head(page, "order_no")).to_be_visible()
    expect(heads(page).filter(has_text="Recipient")).to_have_count(0)
    line.release()
    expect(page).to_have_url(re.compile("tab=failed"))
    page.reload()
    settled(page)
    expect(heads(page).filter(has_text="Recipient")).to_have_count(0)

    page.get_by_role("button", name="Columns").click()
    columns.get_by_role("button", name="Back to the usual columns").click()
    expect(heads(page).filter(has_text="Recipient")).to_have_count(1)


def heads(page: Page) -> Locator:
    return page.locator("thead th")
