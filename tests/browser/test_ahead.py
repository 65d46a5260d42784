"""Rows ahead of the page: what a press shows at once, and that what is shown is so, whatever comes in between."""

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Locator, Page, Response, WebSocketRoute, expect

from core.carriers.rules import load
from core.domain.invoice_number import complete
from tests.choosing import choose

NUMBER = complete(load().carriers["cj"], "63900000001")


class Line:
    """The page's own line to the server, which can be held: what is drawn meanwhile was drawn ahead."""

    def __init__(self, page: Page) -> None:
        self.held: list[str | bytes] | None = None
        page.route_web_socket(re.compile("/_stcore/stream"), self._take)

    def _take(self, ours: WebSocketRoute) -> None:
        self._server = ours.connect_to_server()
        ours.on_message(self._said)

    def _said(self, message: str | bytes) -> None:
        if self.held is None:
            self._server.send(message)
        else:
            self.held.append(message)

    def hold(self) -> None:
        self.held = []

    def release(self) -> None:
        held, self.held = self.held or [], None
        for message in held:
            self._server.send(message)


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    database = tmp_path_factory.mktemp("ahead") / "shipping.duckdb"
    return serve("app.py", {"SHIPDESK_DB": str(database), "SHIPDESK_DEMO_SHIPMENTS": "1500", "SHIPDESK_COUNTRY": "KR"})


@pytest.fixture
def faults(page: Page) -> Iterator[list[str]]:
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


@pytest.fixture
def line(page: Page, base: str, faults: list[str]) -> Line:
    """Opened on what is delivered."""
    line = Line(page)
    page.goto(f"{base}/shipments?tab=delivered")
    settled(page)
    return line


def asked(answer: Response, what: str) -> bool:
    return answer.url.endswith("/list") and what in (answer.request.post_data or "")


def settled(page: Page) -> None:
    expect(rows(page).first).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def rows(page: Page) -> Locator:
    return page.locator("tbody tr")


def statuses(page: Page) -> set[str]:
    return {text.strip() for text in page.locator("tbody .chip").all_inner_texts()}


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=re.compile(f"^{name}"))


def head(page: Page, name: str) -> Locator:
    return page.locator("thead th").filter(has=page.locator(f"[data-sort={name}]"))


def shows(page: Page, status: str) -> None:
    expect(page.locator("tbody .chip").first).to_have_text(status)
    assert statuses(page) == {status}


def test_a_tab_shows_its_rows_before_the_page_is_drawn_anew_and_the_link_follows(page: Page, line: Line) -> None:
    page.get_by_role("checkbox", name="Select S").first.check()
    expect(page.get_by_text("1 selected")).to_be_visible()
    settled(page)
    line.hold()
    tab(page, "Shipping failed").click()
    expect(page.locator("caption")).to_have_text(re.compile("^Shipments in Shipping failed"))
    assert "Delivered" not in statuses(page)
    expect(tab(page, "Shipping failed")).to_be_checked()
    expect(tab(page, "Shipping failed")).to_be_focused()
    expect(page.locator(".st-key-list_range")).to_have_css("opacity", "0")
    expect(page.locator('tbody tr[aria-selected="true"]')).to_have_count(0)
    expect(page).to_have_url(re.compile("tab=delivered"))
    ahead = rows(page).evaluate_all("rows => rows.map(row => row.dataset.id)")

    line.release()
    expect(page).to_have_url(re.compile("tab=failed"))
    settled(page)
    assert rows(page).evaluate_all("rows => rows.map(row => row.dataset.id)") == ahead
    expect(page.locator(".st-key-list_range")).to_have_css("opacity", "1")


def test_the_next_page_a_head_a_kind_and_a_search_are_ahead_too(page: Page, line: Line) -> None:
    first = rows(page).first.get_attribute("data-id")
    line.hold()
    page.get_by_role("button", name="Next page").click()
    expect(page.locator(f'tr[data-id="{first}"]')).to_have_count(0)
    line.release()
    expect(page).to_have_url(re.compile("page=2"))
    settled(page)

    line.hold()
    page.locator("[data-sort=order_no]").focus()
    page.keyboard.press("Enter")
    expect(head(page, "order_no")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("[data-sort=order_no]")).to_be_focused()
    expect(head(page, "ordered_at")).to_have_attribute("aria-sort", "none")
    wanted = rows(page).nth(3).get_attribute("data-id")
    line.release()
    expect(page).to_have_url(re.compile("sort=order_no"))
    settled(page)

    line.hold()
    page.get_by_role("searchbox", name="Search").fill(str(wanted))
    page.get_by_role("searchbox", name="Search").press("Enter")
    expect(rows(page)).to_have_count(1)
    line.release()
    expect(page).to_have_url(re.compile(f"q={wanted}"))
    settled(page)
    expect(rows(page)).to_have_count(1)


def test_a_choice_in_a_box_is_ahead(page: Page, line: Line) -> None:
    before = rows(page).first.get_attribute("data-id")
    page.get_by_role("combobox", name="General / Claim").click()
    line.hold()
    page.get_by_role("option", name="Exchange Shipment").click()
    expect(page.locator(f'tr[data-id="{before}"]')).to_have_count(0)
    line.release()
    expect(page).to_have_url(re.compile("kind=exchange"))


def test_the_second_of_two_quick_presses_wins_over_a_late_answer_to_the_first(page: Page, line: Line) -> None:
    late: list[Callable[[], None]] = []
    page.route(
        "**/list",
        lambda route: late.append(route.continue_) if '"delivery"' in str(route.request.post_data) else route.continue_(),
    )
    tab(page, "In delivery").click()
    tab(page, "Delivered").click()
    shows(page, "Delivered")
    for answer in late:
        answer()
    expect(page).to_have_url(re.compile("tab=delivered"))
    settled(page)
    shows(page, "Delivered")


def test_back_and_forward_and_a_reload_show_what_the_link_says(page: Page, line: Line) -> None:
    tab(page, "Shipping failed").click()
    expect(page).to_have_url(re.compile("tab=failed"))
    settled(page)
    assert "Delivered" not in statuses(page)
    page.go_back()
    expect(page).to_have_url(re.compile("tab=delivered"))
    shows(page, "Delivered")
    page.go_forward()
    expect(page).to_have_url(re.compile("tab=failed"))
    expect(page.locator("caption")).to_have_text(re.compile("^Shipments in Shipping failed"))
    page.reload()
    settled(page)
    assert "Delivered" not in statuses(page)


def test_what_was_asked_early_is_not_shown_after_somebody_has_changed_it(page: Page, base: str, line: Line) -> None:
    with page.expect_response(lambda answer: asked(answer, "preparing"), timeout=90_000):
        page.reload()
    settled(page)
    other = page.context.new_page()
    other.goto(f"{base}/shipments?tab=preparing")
    settled(other)
    number = rows(other).filter(has=other.locator('[data-control="register"]')).first.get_attribute("data-id")
    other.locator(f'tr[data-id="{number}"] [data-control="register"]').click()
    form = other.get_by_role("dialog")
    choose(form, "Shipping company", "CJ Logistics")
    form.get_by_label("Invoice No.").fill(NUMBER)
    form.get_by_role("button", name="Register invoice").click()
    expect(form.locator(".number")).to_have_text(NUMBER)
    other.close()

    line.hold()
    tab(page, "Preparing to Release").click()
    expect(page.locator("caption")).to_have_text(re.compile("^Shipments in Preparing to Release"))
    expect(page.locator(f'tr[data-id="{number}"]')).to_have_count(0)
    line.release()
    settled(page)


@pytest.mark.parametrize("fate", ["abort", "fault", "garbled"])
def test_where_the_route_is_dead_the_page_draws_the_rows(page: Page, line: Line, fate: str) -> None:
    def answer(route: object) -> None:
        match fate:
            case "abort":
                route.abort()  # type: ignore[attr-defined]
            case "fault":
                route.fulfill(status=500, body="fault")  # type: ignore[attr-defined]
            case _:
                route.fulfill(status=200, body="<html>")  # type: ignore[attr-defined]

    page.route("**/list", answer)
    tab(page, "Shipping failed").click()
    expect(page).to_have_url(re.compile("tab=failed"))
    settled(page)
    expect(page.locator("caption")).to_have_text(re.compile("^Shipments in Shipping failed"))
    tab(page, "Delivered").click()
    expect(page).to_have_url(re.compile("tab=delivered"))
    shows(page, "Delivered")
