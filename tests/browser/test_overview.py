"""The Overview in a real browser: from the question to the figure, from the figure to its shipments."""

import re
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from core.config import Settings
from core.runtime import open_runtime

COLOURS = {"light": "rgb(61, 127, 196)", "dark": "rgb(91, 155, 224)"}
"""Of the line of this period."""


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A desk of its own with a small demo shop."""
    settings = Settings(database=tmp_path_factory.mktemp("overview") / "shipping.duckdb", demo_shipments=3000)
    open_runtime(settings).store.close()
    address = serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_COUNTRY": "KR"})
    return f"{address}/overview"


@pytest.fixture
def overview(page: Page, base: str) -> Iterator[Page]:
    page.goto(f"{base}?days=28")
    expect(row(page, "no_scan")).to_be_visible()
    yield page


def row(page: Page, name: str) -> Locator:
    return page.locator(f'tr[data-id="{name}"]')


def tile(page: Page, figure: str) -> Locator:
    return page.locator(f'[class*="st-key-tile"][class*="{figure}"] button p')


def number(text: str) -> int:
    return int(re.findall(r"[\d,]+", text)[-1].replace(",", ""))


def chart(page: Page, key: str) -> Locator:
    return page.locator(f".st-key-{key} .js-plotly-plot")


def test_what_is_chosen_is_in_the_link_and_changes_every_figure(overview: Page) -> None:
    before = tile(overview, "on_time").inner_text()
    overview.get_by_role("radio", name="7 days").click()
    expect(tile(overview, "on_time")).not_to_have_text(before)
    expect(overview).to_have_url(re.compile(r"[?&]days=7(&|$)"))
    week = tile(overview, "on_time").inner_text()
    overview.get_by_role("radio", name="International").click()
    expect(tile(overview, "on_time")).not_to_have_text(week)
    abroad = tile(overview, "on_time").inner_text()
    overview.reload()
    expect(tile(overview, "on_time")).to_have_text(abroad)
    for name in ("7 days", "International", "General"):
        expect(overview.get_by_role("radio", name=name)).to_be_checked()
    overview.get_by_role("button", name="Dates").click()
    days = overview.locator(".days [data-day]:enabled")
    days.first.click()
    days.nth(1).click()
    expect(overview).to_have_url(re.compile(r"from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d"))
    expect(overview.get_by_role("radio", name="7 days", exact=True)).not_to_be_checked()


def test_a_figure_opens_its_parts_its_rows_and_the_list_of_all(overview: Page) -> None:
    counted = number(tile(overview, "on_time").inner_text().split(" of ")[0])
    tile(overview, "on_time").click()
    drawer = overview.get_by_role("dialog")
    expect(drawer.get_by_role("cell", name=f"{counted:,}", exact=True)).to_be_visible()
    expect(drawer.get_by_role("button", name=f"Show {counted:,} shipments")).to_be_visible()
    expect(drawer.locator(".scroller tbody tr")).to_have_count(20)
    late = drawer.get_by_role("radio", name=re.compile("^Late"))
    several = number(late.inner_text())
    late.click()
    drawer.get_by_role("button", name=f"Show {several:,} shipments").click()
    expect(overview).to_have_url(re.compile(r"/shipments\?.*figure=on_time&part=rest"))
    expect(overview.get_by_text(re.compile(rf"^{several:,} shipments? · filtered by"))).to_be_visible()
    expect(overview.get_by_role("dialog")).to_have_count(0)


def test_the_work_list_opens_the_oldest_shipment_and_all_with_the_flag(overview: Page) -> None:
    oldest = row(overview, "no_scan").locator('[data-control="open"]')
    shipment_no = oldest.inner_text()
    oldest.click()
    expect(overview.get_by_role("dialog").get_by_text(f"Shipment {shipment_no}")).to_be_visible()
    overview.keyboard.press("Escape")
    expect(overview.get_by_role("dialog")).to_have_count(0)
    button = row(overview, "no_scan").locator('[data-control="show"]')
    several = number(button.inner_text())
    button.click()
    expect(overview).to_have_url(re.compile("flag=no_scan"))
    expect(overview.get_by_text(re.compile(rf"^{several:,} shipments? · filtered by"))).to_be_visible()


def test_a_bar_and_a_company_open_what_is_behind_them(overview: Page) -> None:
    row(overview, "cj").locator('[data-control="transit"]').click()
    drawer = overview.get_by_role("dialog")
    expect(drawer.get_by_text("Hours from the first physical scan")).to_be_visible()
    expect(drawer.locator(".scroller tbody tr").first).to_contain_text("CJ Logistics")
    overview.keyboard.press("Escape")
    expect(overview.get_by_role("dialog")).to_have_count(0)
    overview.get_by_role("heading", name="Overview").scroll_into_view_if_needed()  # the bar is not to lie under the navigation
    chart(overview, "backlog").locator(".trace.bars").first.locator(".point path").first.click(force=True)
    expect(overview).to_have_url(
        re.compile(r"tab=preparing.*figure=backlog_ageing.*status=preparing_to_release&age=0\.\.24.*sort=in_status")
    )


def test_nothing_runs_out_of_an_800_px_window_in_dark(page: Page, base: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.set_viewport_size({"width": 800, "height": 900})
    page.goto(base)
    expect(row(page, "no_scan")).to_be_visible()
    expect(chart(page, "trend").locator(".xtick").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert page.locator(".scroller").evaluate_all("all => Math.max(...all.map(one => one.scrollWidth - one.clientWidth))") <= 0
    of_this_period = ".scatterlayer .js-line[style*='stroke: rgb(91, 155, 224)']"
    expect(chart(page, "trend").locator(of_this_period).first).to_be_attached()
    expect(page.get_by_role("figure", name=re.compile("^On-time delivery .* target of 93 %")).first).to_be_visible()
    expect(page.locator(".sparkline path.full")).to_have_count(6)
    tops = page.locator('[class*="st-key-tile"]').evaluate_all("all => all.map(one => one.getBoundingClientRect().bottom)")
    assert len({round(top) for top in tops}) == 2


def test_charts_take_the_new_colours_of_the_system_by_themselves_once_no_dialog_is_open(overview: Page) -> None:
    def has_colours_of(scheme: Literal["dark", "light"]) -> None:
        of_this_period = f".scatterlayer .js-line[style*='stroke: {COLOURS[scheme]}']"
        expect(chart(overview, "trend").locator(of_this_period).first).to_be_attached()

    overview.emulate_media(color_scheme="dark")
    has_colours_of("dark")
    tile(overview, "on_time").click()
    expect(overview.get_by_role("dialog")).to_be_visible()
    overview.emulate_media(color_scheme="light")
    overview.keyboard.press("Escape")
    expect(overview.get_by_role("dialog")).to_have_count(0)
    has_colours_of("light")
    expect(overview.get_by_role("dialog")).to_have_count(0)


def test_an_axis_in_a_head_is_as_long_as_what_it_measures_and_touches_no_other(overview: Page) -> None:
    axis = overview.locator("th .axis").first
    track = overview.locator("td .span").first
    lengths = [
        one.evaluate("node => [node.getBoundingClientRect().left, node.getBoundingClientRect().right]") for one in (axis, track)
    ]
    assert lengths[0] == lengths[1]
    beyond = """ticks => ticks.filter(tick => {
      const [one, head] = [tick.getBoundingClientRect(), tick.closest("th").getBoundingClientRect()];
      return one.left < head.left + 6 || one.right > head.right - 6;
    }).map(tick => tick.textContent)"""
    assert axis.locator("span").evaluate_all(beyond) == []
