"""The Delays page in a real browser: from a cell of the map to its shipments, from a chart to a file, from a query to its end."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from core.config import Settings
from core.domain.periods import days_in_words
from core.runtime import open_runtime


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A desk of its own with a small demo shop."""
    settings = Settings(database=tmp_path_factory.mktemp("delays") / "shipping.duckdb", demo_shipments=3000)
    open_runtime(settings).store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_COUNTRY": "KR", "SHIPDESK_SANDBOX": "off"})


@pytest.fixture
def delays(page: Page, base: str) -> Iterator[Page]:
    page.goto(f"{base}/delays")
    expect(page.locator(".st-key-scorecard tbody tr").first).to_be_visible()
    yield page


def press_map(page: Page, across: float) -> None:
    """The first row of the map, so far across it."""
    plot = page.locator(".st-key-lanes .nsewdrag").first
    plot.scroll_into_view_if_needed()
    box = plot.bounding_box()
    assert box
    page.mouse.click(box["x"] + across * box["width"], box["y"] + 12)


def parameter(page: Page, name: str) -> str:
    return parse_qs(urlsplit(page.url).query).get(name, [""])[0]


def sql_box(page: Page) -> Locator:
    return page.get_by_test_id("stExpander").filter(has_text="Ask in SQL")


def test_a_press_on_a_cell_leads_to_exactly_its_late_shipments(delays: Page) -> None:
    press_map(delays, 0.7)
    expect(delays).to_have_url(re.compile(r"[?&]week=\d{4}-\d\d-\d\d"))
    assert parameter(delays, "lane") == "ICN1 KR"
    monday = date.fromisoformat(parameter(delays, "week"))
    week = days_in_words(monday, monday + timedelta(days=6), datetime.now(UTC).date())
    expect(delays.get_by_text(f"ICN1 → KR · {week}")).to_be_visible()
    show = delays.get_by_role("button", name=re.compile(r"^Show [\d,]+ late$"))
    late = re.sub(r"\D", "", show.inner_text().split("Show")[-1])
    show.click()
    expect(delays).to_have_url(re.compile(r"[?&]figure=on_time(&|$)"))
    asked = {name: parameter(delays, name) for name in ("part", "by", "tab", "dest", "kind", "warehouse", "country", "days")}
    days = f"{monday}..{monday + timedelta(days=6)}"
    assert asked == {
        "part": "rest",
        "by": "picked_up",
        "tab": "all",
        "dest": "domestic",
        "kind": "standard",
        "warehouse": "ICN1",
        "country": "KR",
        "days": days,
    }
    expect(delays.get_by_text(re.compile(rf"^{late} shipments? · filtered by"))).to_be_visible()
    expect(delays.locator("tbody tr[data-id]")).to_have_count(min(int(late), 50))


def test_a_chart_is_taken_along_with_its_definition_and_a_shipment_at_risk_opens(delays: Page) -> None:
    delays.get_by_role("button", name="Export", exact=True).click()
    with delays.expect_download() as saved:
        delays.get_by_role("button", name="Excel (.xlsx)").click()
    book = load_workbook(io.BytesIO(saved.value.path().read_bytes()))
    late = re.search(r"([\d,]+) late of", delays.get_by_test_id("stCaptionContainer").first.inner_text())
    assert late
    assert book.worksheets[0].max_row - 1 == int(late[1].replace(",", ""))
    assert ("Figure", "On-time delivery") in [tuple(cell.value for cell in row) for row in book["Definition"]]
    delays.keyboard.press("Escape")
    first = delays.locator(".st-key-risk tbody .link").first
    number = first.inner_text()
    first.click()
    expect(delays.get_by_role("dialog")).to_contain_text(number)


def test_an_endless_query_is_cancelled_and_the_next_one_is_answered(delays: Page) -> None:
    box = sql_box(delays)
    box.locator("summary").click()
    query = box.get_by_role("textbox", name="Query")
    query.fill("SELECT count(*) FROM range(1000000000000)")
    query.press("Control+Enter")
    box.get_by_role("button", name="Cancel query").click()
    expect(box.get_by_text("The query was cancelled.")).to_be_visible()
    query.fill("SELECT shipment_no, carrier FROM shipment_facts ORDER BY 1 LIMIT 3")
    box.get_by_role("button", name="Run query").click()
    expect(box.get_by_text("3 rows", exact=True)).to_be_visible()
    box.get_by_role("button", name="Export 3 rows").click()
    with delays.expect_download() as saved:
        delays.get_by_role("button", name="CSV", exact=True).click()
    lines = saved.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == '"shipment_no","carrier"'
    assert len(lines) == 4
