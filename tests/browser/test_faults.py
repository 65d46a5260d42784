"""A fault of ours in a real browser: wherever it comes up it is a sentence with an id, and what is beside it stays."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

OUR_FAULT = re.compile(r"It is our fault, not yours\. Error id E-\w{4}-\d\d is in the log\.")


@pytest.fixture
def faulty(page: Page, serve: Callable[[str], str]) -> Page:
    page.goto(serve("tests/browser/faulty_app.py"))
    expect(page.get_by_text("The end of the page")).to_be_visible()
    return page


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def told_without_details(page: Page, times: int = 1) -> None:
    expect(page.get_by_text(OUR_FAULT)).to_have_count(times)
    text = page.locator("body").inner_text()
    assert not re.search("secret|Traceback|ValueError|site-packages|faulty_page", text), text


def test_a_fault_in_the_page_leaves_what_was_drawn_before(faulty: Page) -> None:
    press(faulty, "fail in the page")
    told_without_details(faulty)
    expect(faulty.get_by_role("heading", name="The page")).to_be_visible()
    press(faulty, "Try again")
    expect(faulty.get_by_text("The end of the page")).to_be_visible()
    expect(faulty.get_by_text(OUR_FAULT)).to_have_count(0)


def test_a_fault_in_a_part_of_the_page_leaves_the_rest(faulty: Page) -> None:
    press(faulty, "fail in the part")
    told_without_details(faulty)
    expect(faulty.get_by_text("The end of the page")).to_be_visible()


def test_a_fault_at_a_press_is_told_and_the_page_comes_back(faulty: Page) -> None:
    press(faulty, "fail at a press")
    told_without_details(faulty)
    press(faulty, "Try again")
    expect(faulty.get_by_text("The end of the page")).to_be_visible()


@pytest.mark.parametrize("place", ["part", "dialog"])
def test_a_fault_at_a_press_in_a_part_takes_nothing_away_that_was_typed(faulty: Page, place: str) -> None:
    if place == "dialog":
        press(faulty, "open the dialog")
    box = faulty.get_by_label(f"In the {place}")
    box.fill("typed")
    box.press("Enter")
    expect(faulty.get_by_text("Heard: typed")).to_be_visible()
    press(faulty, f"fail at a press in the {place}")
    told_without_details(faulty)
    expect(box).to_have_value("typed")
    expect(faulty.get_by_text("The end of the page")).to_be_visible()


def test_a_fault_in_a_dialog_is_told_in_the_dialog(faulty: Page) -> None:
    press(faulty, "open the dialog")
    press(faulty, "fail in the dialog")
    told_without_details(faulty)
    expect(faulty.get_by_role("dialog").get_by_text(OUR_FAULT)).to_be_visible()


def test_two_panels_that_fail_are_two_sentences(faulty: Page) -> None:
    faulty.get_by_text("two panels fail").click()
    told_without_details(faulty, times=2)
    expect(faulty.get_by_text("The left could not be loaded")).to_be_visible()
    expect(faulty.get_by_text("The right could not be loaded")).to_be_visible()
    expect(faulty.get_by_text("The end of the page")).to_be_visible()
