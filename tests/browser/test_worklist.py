"""The worklist in a real browser: a note by the keyboard, the text to the buyer, and many shipments at once."""

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Page, expect

from core.config import Settings
from core.runtime import open_runtime

NOTE = "What the others should know"


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A desk of its own with a small demo shop."""
    settings = Settings(database=tmp_path_factory.mktemp("worklist") / "shipping.duckdb", demo_shipments=3000)
    open_runtime(settings).store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_SANDBOX": "off"})


def to_do(page: Page, base: str) -> Page:
    page.goto(f"{base}/shipments?tab=all&work=open&flag=no_scan")
    expect(page.locator("tbody tr").first).to_be_visible()
    return page


def test_a_note_is_written_and_taken_back_by_the_keyboard_in_the_drawer(page: Page, base: str) -> None:
    to_do(page, base).locator("tbody tr .link").first.click()
    box = page.get_by_placeholder(NOTE)
    box.fill("Ask again on Monday")
    box.press("Control+Enter")
    expect(page.locator(".st-key-notes_section").get_by_text("Ask again on Monday")).to_be_visible()
    expect(box).to_have_value("")
    page.get_by_role("button", name="Take back note").press("Enter")
    expect(page.get_by_role("button", name="Take back note")).to_have_count(0)


def test_a_shipment_is_snoozed_until_a_day_of_the_calendar_by_the_keyboard(page: Page, base: str) -> None:
    to_do(page, base).locator("tbody tr .link").nth(1).click()
    page.get_by_role("button", name="Snooze").click()
    page.get_by_role("button", name="Calendar").press("Enter")
    page.locator(".days.single [data-day]:enabled").first.press("Enter")
    expect(page.get_by_text("Snoozed until").first).to_be_visible()


def test_the_text_to_the_buyer_is_changed_copied_and_opened_as_a_mail(page: Page, base: str) -> None:
    to_do(page, base).locator("tbody tr .link").first.click()
    page.get_by_role("button", name="Tell the buyer").click()
    text = page.get_by_label("Text to the buyer")
    page.get_by_role("radio", name="English").click()
    expect(text).to_have_value(re.compile("We are writing about your order"))
    text.fill("Dear buyer,\nit comes on Friday & Saturday.")
    mail = urlsplit(page.get_by_role("link", name="Open as mail").get_attribute("href") or "")
    assert mail.scheme == "mailto"
    assert parse_qs(mail.query)["body"] == ["Dear buyer,\r\nit comes on Friday & Saturday."]
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy text").click()
    expect(page.get_by_text("says that the buyer is told")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "Dear buyer,\nit comes on Friday & Saturday."
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    expect(text).to_have_value("Dear buyer,\nit comes on Friday & Saturday.")


def test_many_are_assigned_at_once_and_are_a_list_by_link(page: Page, base: str) -> None:
    rows = to_do(page, base).locator("tbody tr")
    for place in range(3):
        rows.nth(place).get_by_role("checkbox").check()
    page.get_by_role("button", name="Work on 3").click()
    page.get_by_role("button", name="Assign", exact=True).click()
    expect(page.get_by_text("3 shipments are assigned to Hana Seo")).to_be_visible()
    page.goto(f"{base}/shipments?tab=all&assigned=Hana+Seo")
    expect(page.locator("tbody tr")).to_have_count(3)
    expect(page.get_by_text("Assigned to Hana Seo")).to_be_visible()


def test_the_worklist_of_overview_is_ones_own_by_a_press(page: Page, base: str) -> None:
    page.goto(f"{base}/overview")
    page.get_by_role("radio", name="Mine").click()
    expect(page).to_have_url(re.compile("assigned=Hana"))
    page.get_by_role("radio", name="Nobody's").click()
    expect(page).to_have_url(re.compile(r"assigned=(&|$)"))
