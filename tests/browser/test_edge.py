"""What the edge lets a browser do: every page, chart, component, upload and download of the desk, and nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

NOTES_VIOLATIONS = """
window.violations = [];
document.addEventListener('securitypolicyviolation', e => window.violations.push(`${e.violatedDirective} ${e.blockedURI}`));
"""
PAGES = {
    "shipments": "tbody tr",
    "overview": ".js-plotly-plot .main-svg",
    "delays": ".js-plotly-plot .main-svg",
    "register": "input[placeholder='Scan or type']",
    "upload": "input[type=file]",
    "carriers": "tbody tr",
    "data": "input[type=file]",
}


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A desk of which a person may have two windows open."""
    database = tmp_path_factory.mktemp("edge") / "shipping.duckdb"
    return serve("app.py", {"SHIPDESK_DB": str(database), "SHIPDESK_DEMO_SHIPMENTS": "1200", "SHIPDESK_SESSIONS": "2"})


@pytest.fixture
def watched(page: Page) -> Page:
    page.add_init_script(NOTES_VIOLATIONS)
    return page


def violations(page: Page) -> list[str]:
    found: list[str] = page.evaluate("window.violations")
    return found


OFTEN = ("shipments", "overview", "register")
RARELY = pytest.mark.long("one policy is for all pages, and drawers, charts, scans and files are among the others")


@pytest.mark.parametrize(
    ("name", "scheme"),
    [
        *(pytest.param(name, "light", marks=() if name in OFTEN else RARELY) for name in PAGES),
        pytest.param("overview", "dark", marks=RARELY),
    ],
)
def test_every_page_is_drawn_without_anything_that_the_policy_forbids(watched: Page, base: str, name: str, scheme: str) -> None:
    watched.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    watched.goto(f"{base}/{name}")
    expect(watched.locator(PAGES[name]).first).to_be_attached()
    expect(watched.locator("[data-testid=stException]")).to_have_count(0)
    assert violations(watched) == []


def test_the_policy_is_in_force(watched: Page, base: str) -> None:
    watched.goto(f"{base}/shipments")
    expect(watched.locator("tbody tr").first).to_be_visible()
    made = (
        "const script = document.createElement('script'); script.textContent = 'window.run = 1'; document.body.append(script)"
    )
    watched.evaluate(f"() => {{ {made} }}")
    assert watched.evaluate("window.run") is None
    watched.wait_for_function("window.violations.length > 0")


def test_a_shipment_a_file_and_an_upload_come_through(watched: Page, base: str, tmp_path: Path) -> None:
    watched.goto(f"{base}/shipments")
    watched.locator('tbody [data-control="open"]').first.click()
    expect(watched.get_by_role("dialog")).to_be_visible()
    watched.goto(f"{base}/upload")
    with watched.expect_download() as sample:
        watched.get_by_role("button", name="sample").first.click()
    file = tmp_path / "sample.xlsx"
    sample.value.save_as(file)
    with watched.expect_response(lambda answer: "/_stcore/upload_file/" in answer.url) as sent:
        watched.locator("input[type=file]").first.set_input_files(file)
    assert sent.value.status == 204
    assert violations(watched) == []


def test_a_page_of_another_port_is_not_framed_and_reads_nothing(page: Page, base: str, serve: Callable[..., str]) -> None:
    page.goto(serve("tests/browser/table_app.py"))
    with page.expect_event("framenavigated", lambda frame: frame.parent_frame == page.main_frame) as framed:
        page.evaluate(
            f"() => {{ const frame = document.createElement('iframe'); frame.src = '{base}'; document.body.append(frame) }}"
        )
    assert framed.value.url == "chrome-error://chromewebdata/"
    opened = "url => new Promise(done => { const socket = new WebSocket(url); socket.onopen = () => done(1); socket.onerror = () => done(0) })"
    assert page.evaluate(opened, f"{base.replace('http', 'ws')}/_stcore/stream") == 0
    assert page.evaluate("url => fetch(url).then(() => 1, () => 0)", f"{base}/metrics") == 0


def test_who_has_too_many_windows_open_reads_why_and_goes_on_when_one_is_closed(browser: Browser, base: str) -> None:
    context = browser.new_context()
    windows = [context.new_page() for _ in range(3)]
    for window in windows[:2]:
        window.goto(f"{base}/shipments")
        expect(window.locator("tbody tr").first).to_be_visible()
    windows[2].goto(f"{base}/shipments")
    expect(windows[2].get_by_text("open in 2 windows already")).to_be_visible(timeout=40_000)
    windows[0].close()
    expect(windows[2].locator("tbody tr").first).to_be_visible(timeout=60_000)
    windows[1].reload()
    expect(windows[1].locator("tbody tr").first).to_be_visible()
    context.close()
