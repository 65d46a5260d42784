"""Overview and Delays on a phone: what is read first comes first, and nothing of a chart is written over something else of it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from core.config import Settings
from core.runtime import open_runtime

WIDTH, HEIGHT = 390, 844

# The texts of each chart with where they are; two of them that share more than a pixel each way are written over each other.
OVERLAPPING = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(chart => {
  const texts = [...chart.querySelectorAll('.main-svg text')].filter(one => one.textContent.trim() && one.checkVisibility())
    .map(one => [one.textContent, one.getBoundingClientRect()]).filter(([, at]) => at.width);
  const meet = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  return texts.flatMap(([said, at], i) => texts.slice(i + 1).filter(([, other]) => meet(at, other)).map(([other]) => [said, other]));
})"""
OUTSIDE = """() => [...document.querySelectorAll('.js-plotly-plot')].flatMap(chart => {
  const edge = chart.getBoundingClientRect();
  return [...chart.querySelectorAll('.main-svg text')].filter(one => one.textContent.trim() && one.checkVisibility())
    .filter(one => one.getBoundingClientRect().left < edge.left - 1 || one.getBoundingClientRect().right > edge.right + 1)
    .map(one => one.textContent);
})"""


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    settings = Settings(database=tmp_path_factory.mktemp("narrow") / "shipping.duckdb", demo_shipments=3000)
    open_runtime(settings).store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_COUNTRY": "KR"})


OTHERS = pytest.mark.long("is looked at in English")


@pytest.fixture(params=["en-GB", *(pytest.param(locale, marks=OTHERS) for locale in ("ko-KR", "ja-JP"))])
def phone(browser: Browser, request: pytest.FixtureRequest) -> Any:
    context = browser.new_context(viewport={"width": WIDTH, "height": HEIGHT}, locale=request.param)
    yield context.new_page()
    context.close()


def drawn(page: Page, *keys: str) -> None:
    for key in keys:
        chart = page.locator(f".st-key-{key}")
        expect(chart).to_be_visible()
        chart.scroll_into_view_if_needed()
        expect(chart.locator(".main-svg").first).to_be_visible()


def measure(page: Page, what: str) -> int:
    return int(page.evaluate(f"() => document.querySelector('.stMain').{what}"))


def test_overview_says_what_comes_first_on_two_screens(phone: Page, base: str) -> None:
    phone.goto(f"{base}/overview")
    expect(phone.locator("tr[data-id]").first).to_be_visible()
    on_time, first, piles = (
        phone.locator(one).first.bounding_box()
        for one in (".st-key-figure-on_time", "tr[data-id]", ".st-key-folded-backlog button")
    )
    assert on_time and first and piles and on_time["y"] < first["y"] < piles["y"]
    assert measure(phone, "scrollHeight") < 2 * HEIGHT
    assert measure(phone, "scrollWidth") == measure(phone, "clientWidth")


def test_what_is_folded_opens_and_no_label_of_a_chart_is_over_another(phone: Page, base: str) -> None:
    phone.goto(f"{base}/overview?days=28")
    expect(phone.locator(".st-key-trend")).to_be_hidden()
    for key in ("trend", "backlog"):
        phone.locator(f".st-key-folded-{key} button").click()
    drawn(phone, "trend", "backlog")
    assert phone.evaluate(OVERLAPPING) == [] and phone.evaluate(OUTSIDE) == []
    phone.goto(f"{base}/delays")
    drawn(phone, "lanes", "spread", "hours")
    assert phone.evaluate(OVERLAPPING) == [] and phone.evaluate(OUTSIDE) == []
    assert measure(phone, "scrollWidth") == measure(phone, "clientWidth")
