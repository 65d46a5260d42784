"""Every page, drawer and dialog in every language, light and dark: by the rules of axe, by keyboard alone, as a screen reader has it."""

import re
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from core.config import Settings
from core.domain.shipment import Tab
from core.runtime import open_runtime
from tests.browser.conftest import ROOT, free_port, kept_warm, start_server
from tests.builders import a_shipment, add
from tests.choosing import choose
from tests.signing_in import ADMIN, a_cookie, sign_in_settings

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
"""The rules of https://github.com/dequelabs/axe-core."""
RULES = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}
"""Those that axe has by default, and the one of WCAG 2.2 AA that it leaves out."""
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}, "resultTypes": ["violations"]}
THEIRS = [("presentation-role-conflict", "stFileUploaderDropzone")]
"""What is Streamlit's own: where a file is dropped is named, and presentational all the same."""
WAITING = [f"S261124-4{n:04}" for n in range(1, 21)]
PAGES = {
    "shipments": "/shipments?tab=delivery",
    "nothing found": "/shipments?tab=all&q=nothing",
    "shipment": f"/shipment?no={WAITING[-1]}",
    "overview": "/overview",
    "register": "/register",
    "upload": "/upload",
    "delays": "/delays",
    "carriers": "/carriers",
    "data": "/data",
    "people": "/people",
    "no such page": "/not_found?path=/nowhere",
}
DRAWN = """() => {
  const app = document.querySelector("[data-testid=stApp]");
  return app?.dataset.testConnectionState === "CONNECTED" && app.dataset.testScriptState === "notRunning"
    && document.querySelector(".stMainBlockContainer .stElementContainer")
    && !document.querySelector("[data-testid=stSkeleton], .stBidiComponent > * > [data-testid^=stBidiComponent]:not([data-drawn])");
}"""
UNSEEN = """() => {
  const written = document.body.innerText;
  const names = [...document.querySelectorAll("[aria-label]:not([aria-hidden=true])")].map((node) => node.getAttribute("aria-label"));
  const told = [...document.querySelectorAll("[data-live-announcer] [role=log] > *")].map((node) => node.textContent);
  const titles = [...document.querySelectorAll("[title]")].map((node) => node.title);
  return [...names, ...told, ...titles].flatMap((name) => name.match(/[A-Za-z]{3,}/g) ?? []).filter((word) => !written.includes(word));
}"""
FOCUSED = """() => {
  let node = document.activeElement;
  while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
  return node;
}"""
NAMED = f"() => {{ const node = ({FOCUSED})(); return node.dataset.control ?? node.ariaLabel ?? node.textContent; }}"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A small desk where people sign in, and some parcels wait for a number."""
    folder, port = tmp_path_factory.mktemp("accessible"), free_port()
    settings = Settings(database=folder / "shop.duckdb", demo_shipments=800)
    runtime = open_runtime(settings)
    add(runtime.store, *(a_shipment(number, policy="Standard") for number in WAITING))
    runtime.store.close()
    env = sign_in_settings(folder, f"http://127.0.0.1:{port}") | {
        "SHIPDESK_DB": str(settings.database),
        "SHIPDESK_COUNTRY": "KR",
    }
    base, process = start_server(ROOT / "app.py", env, folder / "log", port)
    yield base
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture(scope="module")
def a_context(browser: Browser, base: str) -> Iterator[Callable[[str], BrowserContext]]:
    """The browser of an admin who reads this language; scripts of tests run in it, which the desk's own policy forbids."""
    made: dict[str, BrowserContext] = {}

    def make(locale: str) -> BrowserContext:
        if locale not in made:
            context = browser.new_context(viewport={"width": 1440, "height": 900}, locale=locale, bypass_csp=True)
            context.set_default_timeout(20_000)
            context.add_cookies([a_cookie(base, ADMIN)])  # type: ignore[list-item]
            made[locale] = kept_warm(context)
        return made[locale]

    yield make
    for context in made.values():
        context.close()


@pytest.fixture(scope="module")
def context(a_context: Callable[[str], BrowserContext]) -> BrowserContext:
    return a_context("en-GB")


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.wait_for_function(DRAWN)
    return page


def faults(page: Page, wanted: dict[str, Any] = RULES) -> list[str]:
    """What axe finds, each with the element."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("wanted => axe.run(document, wanted)", wanted)["violations"]
    return [
        f"{rule['id']}: {node['html'][:300]} {node['failureSummary']}"
        for rule in found
        for node in rule["nodes"]
        if not any(rule["id"] == id and place in node["html"] for id, place in THEIRS)
    ]


def has_focus(page: Page, where: str, name: str | None = None) -> None:
    """Expects the focus, once nothing moves any more, within an element like this, on what is called or does so."""
    page.wait_for_function(DRAWN)
    page.wait_for_function(
        f"where => {{ const node = ({FOCUSED})(); return node !== document.body && node.closest(where); }}", arg=where
    )
    if name:
        page.wait_for_function(f"name => ({NAMED})().includes(name)", arg=name)


def drawer(page: Page) -> Locator:
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("link", name="Open as a page")).to_be_visible()
    page.wait_for_function(DRAWN)
    return dialog


def closed(page: Page) -> None:
    expect(page.get_by_role("dialog")).to_have_count(0)


def control(page: Page, name: str, place: int = 0) -> Locator:
    return page.locator(f"tbody [data-control={name}]").nth(place)


def darkened(page: Page) -> list[str]:
    """What axe finds of the contrast in the dark; the page is light again after it."""
    page.emulate_media(color_scheme="dark")
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", "rgb(18, 24, 22)")
    page.wait_for_function(DRAWN)
    found = faults(page, CONTRAST)
    page.emulate_media(color_scheme="light")
    return found


@pytest.mark.parametrize("name", PAGES)
def test_a_page_has_no_fault_and_a_name_of_its_own(page: Page, base: str, name: str) -> None:
    opened(page, base + PAGES[name])
    assert faults(page) == []
    assert darkened(page) == []
    expect(page).to_have_title(re.compile(r"^[\w ]\S.* · Shipdesk$"))
    assert page.evaluate("() => document.documentElement.lang") == "en"
    for landmark in (page.get_by_role("banner"), page.get_by_role("main"), page.get_by_role("navigation", name="Pages")):
        expect(landmark).to_have_count(1)


def test_a_button_under_the_pointer_can_be_read_in_the_dark(page: Page, base: str) -> None:
    page.emulate_media(color_scheme="dark")
    opened(page, base + PAGES["shipment"]).locator("[data-testid^=stBaseButton-primary]").first.hover()
    assert faults(page, CONTRAST) == []


def test_the_first_stop_of_the_keyboard_skips_the_navigation(page: Page, base: str) -> None:
    opened(page, f"{base}/overview")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


@pytest.mark.long("each page is looked at in English, light and dark")
@pytest.mark.parametrize("locale", ["ko-KR", "ja-JP"])
def test_no_page_has_a_fault_in_another_language_and_in_the_dark(
    a_context: Callable[[str], BrowserContext], base: str, locale: str
) -> None:
    page = a_context(locale).new_page()
    found = {}
    for name, address in PAGES.items():
        opened(page, base + address)
        assert page.evaluate("() => document.documentElement.lang") == locale[:2]
        found[name] = faults(page)
        found[f"{name}, dark"] = darkened(page)
    page.close()
    assert {name: said for name, said in found.items() if said} == {}


def test_what_only_a_screen_reader_says_is_in_its_language_too(
    a_context: Callable[[str], BrowserContext], base: str, tmp_path: Path
) -> None:
    """A word in Latin letters that is said in both languages, and stands nowhere on the page, is Streamlit's own."""
    said = [_unseen(a_context(locale).new_page(), base, tmp_path) for locale in ("ko-KR", "ja-JP")]
    assert said[0] & said[1] == set()


def _unseen(page: Page, base: str, folder: Path) -> set[str]:
    """The words in Latin letters that only screen readers are told: of pages, a box that is open, and a file that was chosen."""
    found: set[str] = set()

    def look() -> None:
        page.wait_for_function(DRAWN)
        found.update(page.evaluate(UNSEEN))

    for address in (
        "/shipments?tab=delivered&warehouse=ICN1&carrier=cj",
        "/overview",
        "/delays",
        "/carriers",
        "/register",
        "/upload",
    ):
        opened(page, base + address)
        look()
    opened(page, f"{base}/shipments?tab=all&warehouse=ICN1")
    page.locator(".stPopover button", has=page.get_by_text("add", exact=True)).click()
    expect(page.get_by_role("group").locator("[data-tag]").first).to_be_visible()
    look()
    opened(page, f"{base}/shipment?no={WAITING[-1]}").locator(".stSelectbox button").first.click()
    expect(page.get_by_role("option").first).to_be_visible()
    look()
    (folder / "mine.csv").write_text("Order number,Recipient\nA-1,Kim\n", encoding="utf-8")
    opened(page, f"{base}/data").locator("input[type=file]").first.set_input_files(folder / "mine.csv")
    expect(page.locator("[data-tag]").first).to_be_visible()
    look()
    page.close()
    return found


def test_the_drawers_and_the_dialog_have_no_fault(page: Page, base: str) -> None:
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        page.wait_for_function(DRAWN)
        found[name] = faults(page)
        found[f"{name}, dark"] = darkened(page)
        page.keyboard.press("Escape")
        closed(page)

    opened(page, f"{base}/shipments?tab=delivery")
    for name in ("history", "modify", "delete"):
        control(page, name).click()
        drawer(page)
        look(name)
    opened(page, f"{base}/shipments?tab=preparing")
    control(page, "register").click()
    drawer(page)
    look("register")
    for place in range(3):
        control(page, "check", place).check()
    page.get_by_role("button", name="Enter 3 invoices").click()
    expect(page.get_by_role("dialog").locator("input[data-field=number]")).to_have_count(3)
    look("grid")
    opened(page, f"{base}/overview").locator("[class*='st-key-trend-open'] button").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    look("figure")
    assert {name: said for name, said in found.items() if said} == {}


def test_nobody_let_in_has_no_fault_before_them(browser: Browser, base: str) -> None:
    with browser.new_context(bypass_csp=True) as context:
        page = context.new_page()
        page.goto(base)
        expect(page.get_by_role("button", name="Sign in with Acme")).to_be_visible()
        page.wait_for_function(DRAWN)
        assert faults(page) == []


def test_every_chart_has_its_numbers_as_a_table(page: Page, base: str) -> None:
    for address in ("/overview", "/delays"):
        opened(page, base + address)
        charts = page.locator(".stPlotlyChart:visible").count()
        tables = page.locator("summary", has_text="Table:")
        assert charts == tables.count() > 0
        for place in range(charts):
            tables.nth(place).focus()
            page.keyboard.press("Enter")
        shown = page.locator("details:has(summary:has-text('Table:')) table")
        for place in range(charts):
            expect(shown.nth(place)).to_be_visible()
            expect(shown.nth(place).get_by_role("columnheader").nth(1)).to_be_visible()
            expect(shown.nth(place).get_by_role("rowheader").first).to_be_visible()
        assert faults(page) == []


def test_the_numbers_of_a_chart_are_those_that_it_draws(page: Page, base: str) -> None:
    opened(page, f"{base}/overview")
    drawn = page.locator(".st-key-backlog").evaluate(
        "node => node.querySelector('.js-plotly-plot').data.filter(one => one.type === 'bar').map(one => Array.from(one.y))"
    )
    page.locator(".st-key-backlog-table summary").click()
    told = page.locator(".st-key-backlog-table tbody tr").all()
    cells = [[int(text.replace(",", "")) for text in line.locator("td").all_inner_texts()] for line in told]
    assert [line[:-1] for line in cells] == [list(line) for line in zip(*drawn, strict=True)]


def test_a_screen_reader_reads_the_list_as_a_table(page: Page, base: str) -> None:
    opened(page, f"{base}/shipments?tab=preparing&sort=shipment_no&dir=asc&rows=50")
    count = page.locator("tbody tr").count()
    session = page.context.new_cdp_session(page)
    nodes = {node["nodeId"]: node for node in session.send("Accessibility.getFullAXTree")["nodes"] if not node["ignored"]}

    def said(node: dict[str, Any]) -> tuple[str, str]:
        return node["role"]["value"], node.get("name", {}).get("value", "")

    def within(node: dict[str, Any], role: str) -> list[dict[str, Any]]:
        """The nodes of this role below it, none below another."""
        below = [nodes[one] for one in node["childIds"] if one in nodes]
        return [found for one in below for found in ([one] if said(one)[0] == role else within(one, role))]

    table = next(node for node in nodes.values() if said(node)[0] == "table")
    assert said(table)[1] == f"Shipments in Preparing to Release, Domestic. Rows: {count}"
    head, *lines = within(table, "row")
    assert len(lines) == count
    names = [said(one)[1] for one in within(head, "columnheader")]
    assert names[:4] == ["Select all shown rows", "Shipment No.", "Order No.", "Ordered"]
    assert all(names)
    cells = within(lines[0], "cell") + within(lines[0], "rowheader")
    assert len(cells) == len(names)
    assert said(within(lines[0], "rowheader")[0])[1].startswith("S")
    sorted_by = page.get_by_role("columnheader", name="Shipment No.")
    expect(sorted_by).to_have_attribute("aria-sort", "ascending")
    expect(page.get_by_role("columnheader", name="Order No.")).to_have_attribute("aria-sort", "none")
    expect(page.locator(".frame table")).to_have_attribute("aria-rowcount", str(count + 1))


def test_a_table_that_scrolls_and_has_nothing_to_press_is_a_stop_of_the_keyboard(page: Page, base: str) -> None:
    opened(page, f"{base}/carriers")
    tables = page.locator(".scroller")
    stuck = "node => node.scrollHeight > node.clientHeight && !node.querySelector('[data-control]')"
    for place in range(tables.count()):
        if tables.nth(place).evaluate(stuck):
            tables.nth(place).focus()
            expect(tables.nth(place)).to_be_focused()


def test_the_focus_comes_back_when_a_drawer_closes(page: Page, base: str) -> None:
    opened(page, f"{base}/shipments?tab=delivery")
    for name, close in (
        ("open", lambda: page.keyboard.press("Escape")),
        ("history", lambda: page.get_by_role("dialog").get_by_role("button", name="Close").click()),
        ("view", lambda: page.mouse.click(200, 700)),
    ):
        control(page, name, 2).click()
        drawer(page)
        has_focus(page, "[role=dialog]")
        close()
        closed(page)
        has_focus(page, "tr", name)


def test_the_focus_stays_where_somebody_sorts_filters_and_turns_pages(page: Page, base: str) -> None:
    opened(page, f"{base}/shipments?tab=delivered&rows=50")
    for text in ("ascending", "descending"):
        page.locator("[data-sort=order_no]").press("Enter")
        expect(page.get_by_role("columnheader", name="Order No.")).to_have_attribute("aria-sort", text)
        has_focus(page, "th", "sort")
    page.get_by_role("button", name="Next page").press("Enter")
    expect(page).to_have_url(re.compile("page=2"))
    has_focus(page, ".st-key-page")
    page.get_by_role("button", name="Previous page").press("Enter")
    expect(page).not_to_have_url(re.compile("page="))
    has_focus(page, ".st-key-page")
    page.get_by_role("radio", name=re.compile("^In delivery")).click()
    expect(page).to_have_url(re.compile("tab=delivery"))
    has_focus(page, ".st-key-tab")
    page.get_by_role("radio", name="International").press("Enter")
    expect(page).to_have_url(re.compile("dest=international"))
    has_focus(page, ".st-key-dest")


def test_the_focus_goes_on_when_what_had_it_is_taken_away(page: Page, base: str) -> None:
    opened(page, f"{base}/shipments?tab=preparing&warehouse=ICN1&kind=standard")
    chips = page.locator(".st-key-chips button")
    for left in (1, 0):
        chips.first.press("Enter")
        expect(chips).to_have_count(left)
        has_focus(page, "button, input, [tabindex]")
    opened(page, f"{base}/shipments?tab=preparing&warehouse=ICN1")
    page.get_by_role("button", name="Clear all").press("Enter")
    expect(chips).to_have_count(0)
    has_focus(page, "button, input, [tabindex]")
    opened(page, f"{base}/shipments?tab=preparing&q=nothing")
    page.get_by_role("button", name="Clear all").last.press("Enter")
    expect(page.locator("tbody tr").first).to_be_visible()
    has_focus(page, "button, input, [tabindex]")


def test_the_focus_goes_on_after_a_number_is_registered_and_undone(page: Page, base: str) -> None:
    wanted = WAITING[0]
    opened(page, f"{base}/shipments?tab={Tab.PREPARING}&sort=shipment_no&dir=asc&q={','.join(WAITING[:3])}")
    page.locator(f'tr[data-id="{wanted}"] [data-control=register]').click()
    dialog = drawer(page)
    has_focus(page, "[role=dialog]")
    choose(dialog, "Shipping company", "CJ Logistics")
    dialog.get_by_label("Invoice No.").fill("632976615493")
    dialog.get_by_label("Invoice No.").press("Control+Enter")
    expect(dialog.locator(".number")).to_have_text("632976615493")
    has_focus(page, "[role=dialog]")
    page.keyboard.press("Escape")
    closed(page)
    expect(page.locator("tbody tr")).to_have_count(2)
    has_focus(page, "button, input, [tabindex]")
    opened(page, f"{base}/data")
    page.get_by_role("button", name="Undo").first.press("Enter")
    expect(page.get_by_test_id("stAlert").first).to_be_visible()
    has_focus(page, "button, input, [tabindex]")


def test_a_system_that_wants_less_motion_or_its_own_colours_is_heard(page: Page, base: str) -> None:
    page.emulate_media(reduced_motion="reduce", forced_colors="active")
    opened(page, f"{base}/overview")
    longest = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll("*")].flatMap((node) => {
          const style = getComputedStyle(node);
          return [...style.transitionDuration.split(","), ...style.animationDuration.split(",")].map(parseFloat);
        }))"""
    )
    assert longest < 0.1
    expect(page.locator(".stPlotlyChart").first).to_have_css("background-color", "rgb(255, 255, 255)")
    assert faults(page, CONTRAST) == []
    page.emulate_media(reduced_motion="no-preference", forced_colors="none")
