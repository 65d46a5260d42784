"""Dates are typed, pasted or pressed, in the reader's language, with a mouse or only a keyboard."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

MORE = pytest.mark.long("two ways of writing a day are typed")


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    shop = str(tmp_path_factory.mktemp("days") / "shop.duckdb")
    return serve("app.py", {"SHIPDESK_DB": shop, "SHIPDESK_DEMO_SHIPMENTS": "200", "SHIPDESK_USER": "Hana Seo"})


@pytest.fixture
def korean(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="ko-KR", viewport={"width": 1440, "height": 900})
    yield context.new_page()
    context.close()


def opened(page: Page, base: str) -> Page:
    page.goto(f"{base}/shipments?tab=all&from=2026-09-03&to=2026-09-10")
    page.locator(".st-key-order_date button").first.click()
    expect(page.locator(".days table")).to_be_visible()
    return page


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-9-7", "2026-09-07"),
        ("2026. 9. 7.", "2026-09-07"),
        pytest.param("20260907", "2026-09-07", marks=MORE),
        pytest.param("2026年9月7日", "2026-09-07", marks=MORE),
    ],
)
def test_a_typed_date_is_taken_as_people_write_it(page: Page, base: str, typed: str, day: str) -> None:
    opened(page, base)
    page.locator(".days input").first.fill(typed)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"from={day}&to=2026-09-10|to=2026-09-10.*from={day}"))


@pytest.mark.parametrize(
    "typed", ["2026-02-30", "1200-01-01", *(pytest.param(typed, marks=MORE) for typed in ("soon", "03/04/2026"))]
)
def test_what_is_no_date_is_said_and_changes_nothing(page: Page, base: str, typed: str) -> None:
    opened(page, base)
    box = page.locator(".days input").first
    box.fill(typed)
    page.keyboard.press("Enter")
    expect(box).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("alert")).not_to_be_empty()
    expect(box).to_have_value(typed)
    expect(page).to_have_url(re.compile("from=2026-09-03"))


def test_days_are_pressed_in_the_calendar_of_the_reader(korean: Page, base: str) -> None:
    opened(korean, base)
    expect(korean.locator(".days .month span")).to_have_text("2026년 9월")
    expect(korean.locator(".days th").first).to_have_text("일")
    korean.locator(".days input").first.focus()
    korean.get_by_role("button", name="2026년 9월 1일 화요일").click()
    expect(korean).to_have_url(re.compile("from=2026-09-01"))
    korean.get_by_role("button", name="2026년 9월 15일 화요일").click()
    expect(korean).to_have_url(re.compile("to=2026-09-15"))


def test_the_calendar_is_walked_by_key(page: Page, base: str) -> None:
    opened(page, base)
    page.locator(".days input").first.focus()
    page.locator(".days [data-day='2026-09-03']").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("PageUp")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".days [data-day='2026-08-02']")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("from=2026-08-02"))


def test_a_period_is_told_once_both_of_its_days_are_chosen(page: Page, base: str) -> None:
    page.goto(f"{base}/overview?from=2026-11-02&to=2026-11-05")
    page.get_by_role("button", name="Dates").click()
    page.locator(".days input").first.focus()
    page.locator(".days [data-day='2026-11-10']").click()
    expect(page.locator(".days input").last).to_have_value("")
    expect(page).to_have_url(re.compile("from=2026-11-02"))
    page.locator(".days [data-day='2026-11-12']").click()
    expect(page).to_have_url(re.compile("from=2026-11-10&to=2026-11-12"))
