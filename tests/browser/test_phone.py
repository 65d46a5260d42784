"""A shift on a phone of 390 pixels: find, scan by the camera, register, undo, read Overview; and how every page fits it."""

import io
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from core.carriers.rules import load
from core.config import Settings
from core.domain.invoice_number import complete
from core.runtime import open_runtime
from tests.browser.video import label, video
from tests.builders import a_shipment, add

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "color_scheme": "light",
    "locale": "en-GB",
}
PAGES = ("shipments", "register", "upload", "delays", "overview", "carriers", "data", "people", "not_found")
PARCEL, OTHER, FELT = "S261124-70001", "S261124-70002", "S261124-70003"
NUMBER, ANOTHER = (complete(load().carriers["cj"], digits) for digits in ("63800000001", "63800000002"))
FINGER, LEAST = 44, 24
AT_WORK = {
    "shipments": ".st-key-tab button, .stPagination button, tbody .icon, tbody .link, tbody .check label",
    "register": "input, .save, .start, .start-camera, .sounds, .pill",
    "overview": ".stButtonGroup button",
}
"""What is pressed at work on these pages."""
SIZES = """(within) => {
  const small = [], seen = [];
  const walk = (root) => {
    for (const node of root.querySelectorAll("*")) {
      seen.push(node);
      if (node.shadowRoot) walk(node.shadowRoot);
    }
  };
  walk(document);
  for (const node of seen.filter((node) => node.matches(within.which))) {
    const { width, height } = (node.closest("label") ?? node).getBoundingClientRect();
    const shown = node.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && width > 1 && height > 1;
    if (shown && (width < within.least - 0.5 || height < within.least - 0.5))
      small.push(`${node.tagName} ${node.className} ${node.textContent.slice(0, 30)}: ${Math.round(width)} x ${Math.round(height)}`);
  }
  return small;
}"""
"""What is smaller than so many pixels of what a selector finds, through the roots of components."""


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    settings = Settings(database=tmp_path_factory.mktemp("phone") / "shipping.duckdb", demo_shipments=400)
    runtime = open_runtime(settings)
    add(runtime.store, *(a_shipment(number, policy="Standard") for number in (PARCEL, OTHER, FELT)))
    runtime.store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_COUNTRY": "KR"})


@pytest.fixture(scope="module")
def phone(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(**PHONE)
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def page(phone: BrowserContext) -> Iterator[Page]:
    page = phone.new_page()
    yield page
    page.close()


@contextmanager
def with_camera(browser: Browser, film: Path) -> Iterator[Page]:
    """A phone whose camera sees the film."""
    fake = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", f"--use-file-for-fake-video-capture={film}"]
    other = browser.browser_type.launch(
        executable_path=shutil.which("chromium") or shutil.which("google-chrome"),
        args=["--no-sandbox", "--disable-gpu", *fake],
    )
    page = other.new_context(**PHONE).new_page()
    page.set_default_timeout(20_000)
    yield page
    other.close()


def opened(page: Page, base: str, name: str, query: str = "") -> Page:
    page.goto(f"{base}/{name}{query}")
    settled(page)
    return page


def settled(page: Page) -> None:
    """The page is drawn, and nothing that is in sight is on its way; charts are drawn where they are seen."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")
    page.wait_for_function(
        """() => [...document.querySelectorAll("[data-testid=stSkeleton]")].every((one) => !one.checkVisibility() || one.getBoundingClientRect().top > innerHeight)
          && document.querySelector(".stMainBlockContainer .stElementContainer")
          && [...document.querySelectorAll("[data-testid^=stBidiComponent]")].every((one) => one.closest("[data-drawn]") ?? "drawn" in one.dataset)"""
    )


def overflow(page: Page) -> int:
    return int(page.evaluate("document.scrollingElement.scrollWidth - window.innerWidth"))


def too_small(page: Page, which: str, least: int) -> list[str]:
    return list(page.evaluate(SIZES, {"which": which, "least": least}))


def card(page: Page, shipment_no: str) -> Locator:
    return page.locator("tbody tr").filter(has_text=shipment_no)


@pytest.mark.parametrize("name", PAGES)
def test_no_page_scrolls_sideways_and_a_finger_hits_everything(page: Page, base: str, name: str) -> None:
    opened(page, base, name)
    assert overflow(page) <= 0
    assert too_small(page, AT_WORK.get(name, "nothing"), FINGER) == []
    assert too_small(page, "main button, main input:not([type=file]), main select, main [role=tab]", LEAST) == []


def test_the_drawer_the_page_of_a_shipment_and_its_packing_list_do_not_either(page: Page, base: str) -> None:
    opened(page, base, "shipments", f"?q={PARCEL}")
    card(page, PARCEL).get_by_role("button", name=PARCEL, exact=True).click()
    expect(page.get_by_role("dialog").get_by_text("Ship to")).to_be_visible()
    assert overflow(page) <= 0
    at_work = ".stDialog .stFormSubmitButton button, .stDialog [aria-label=Close], .invoice-line button"
    assert too_small(page, at_work, FINGER) == []
    for name, query in (("shipment", f"?no={PARCEL}"), ("packing_list", f"?no={PARCEL}&no={OTHER}")):
        opened(page, base, name, query)
        assert overflow(page) <= 0, name


def test_every_tab_of_the_list_is_in_reach(page: Page, base: str) -> None:
    opened(page, base, "shipments")
    for tab in page.locator(".st-key-tab button").all():
        expect(tab).to_be_in_viewport(ratio=1)


def test_a_card_says_of_each_value_what_it_is(page: Page, base: str) -> None:
    opened(page, base, "shipments", f"?q={PARCEL}")
    for name in ("Order No.", "Ordered", "Products", "Recipient", "Destination", "Status", "In status"):
        expect(card(page, PARCEL).locator(".item", has=page.get_by_text(name, exact=True))).not_to_have_text(name)


def printed(browser: Browser, base: str, shipment_no: str) -> Image.Image:
    """The bar code of the shipment as its packing list has it."""
    page = browser.new_page(device_scale_factor=3)
    opened(page, base, "packing_list", f"?no={shipment_no}")
    bars = page.locator("svg.bars").screenshot()
    page.close()
    return Image.open(io.BytesIO(bars))


def test_a_shift_with_the_camera(browser: Browser, base: str, tmp_path: Path) -> None:
    film = video(tmp_path / "film.y4m", [printed(browser, base, PARCEL), label(NUMBER)])
    with with_camera(browser, film) as phone:
        opened(phone, base, "shipments")
        phone.get_by_label("Search", exact=True).fill(PARCEL)
        phone.keyboard.press("Enter")
        expect(card(phone, PARCEL)).to_contain_text("Recipient")

        opened(phone, base, "register")
        phone.get_by_role("button", name="Scan with camera").click()
        expect(card(phone, PARCEL).filter(has_text="Registered")).to_contain_text(NUMBER, timeout=60_000)
        phone.get_by_role("button", name="Turn the camera off").click()
        expect(phone.get_by_label("What the camera sees")).to_be_hidden()
        assert phone.evaluate(CAMERA_OFF)

        card(phone, PARCEL).filter(has_text="Registered").get_by_role("button", name="Undo").click()
        expect(card(phone, PARCEL).filter(has_text="Undone").first).to_be_visible()
        phone.goto(f"{base}/overview")
        expect(phone.get_by_text(re.compile("On-time delivery")).first).to_be_visible()
        assert overflow(phone) <= 0


CAMERA_OFF = """() => {
  let video;
  const walk = (root) => root.querySelectorAll("*").forEach((one) => {
    if (one.tagName === "VIDEO") video = one;
    if (one.shadowRoot) walk(one.shadowRoot);
  });
  walk(document);
  return video.srcObject === null;
}"""


def test_the_camera_goes_off_when_the_page_is_left(browser: Browser, base: str, tmp_path: Path) -> None:
    with with_camera(browser, video(tmp_path / "film.y4m", [label("S-1")])) as phone:
        phone.add_init_script(
            """navigator.mediaDevices.getUserMedia = ((ask) => async (wanted) => (window.given = await ask(wanted)))(
              navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices))"""
        )
        opened(phone, base, "register")
        phone.get_by_role("button", name="Scan with camera").click()
        phone.wait_for_function("() => window.given?.active")
        phone.get_by_test_id("stExpandSidebarButton").click()
        phone.get_by_role("link", name="Carriers").click()
        phone.wait_for_function("() => !window.given.active")


def test_a_browser_that_reads_codes_itself_is_asked(browser: Browser, base: str, tmp_path: Path) -> None:
    with with_camera(browser, video(tmp_path / "film.y4m", [label("S-1")])) as phone:
        phone.add_init_script(
            f"""window.BarcodeDetector = class {{
              static getSupportedFormats = async () =>
                ["code_128", "code_39", "itf", "ean_13", "ean_8", "upc_a", "qr_code", "data_matrix"];
              detect = async () => [{{ rawValue: "{OTHER}", boundingBox: {{ x: 0, y: 0, width: 10, height: 10 }} }}];
            }}"""
        )
        opened(phone, base, "register")
        phone.get_by_role("button", name="Scan with camera").click()
        expect(phone.get_by_label("1 · Shipment No.")).to_have_value(OTHER)
        expect(phone.get_by_label("2 · Invoice No.")).to_be_focused()
        expect(phone.get_by_label("2 · Invoice No.")).to_have_value("")


def test_without_a_camera_it_says_what_to_do(page: Page, base: str) -> None:
    opened(page, base, "register")
    page.get_by_role("button", name="Scan with camera").click()
    expect(page.get_by_text(re.compile("Type the number|or type the number"))).to_be_visible()
    expect(page.get_by_role("button", name="Scan with camera")).to_be_visible()


@pytest.fixture
def felt(browser: Browser) -> Iterator[Page]:
    """A phone of somebody else, whose choice of sounds no other test meets; `shakes` are the vibrations that its page asked for."""
    context = browser.new_context(**PHONE)
    context.set_default_timeout(20_000)
    context.add_init_script(
        "window.shakes = []; Object.defineProperty(navigator, 'vibrate', { value: (shake) => window.shakes.push(shake) > 0 });"
    )
    yield context.new_page()
    context.close()


def shakes(page: Page) -> list[Any]:
    return list(page.evaluate("window.shakes"))


def test_wrong_and_right_are_felt(felt: Page, base: str) -> None:
    opened(felt, base, "register")
    felt.get_by_label("1 · Shipment No.").tap()
    felt.keyboard.type("NOTHING-1\n")
    expect(felt.get_by_test_id("stAlert")).to_be_visible()
    felt.wait_for_function("() => window.shakes.length === 1")
    felt.keyboard.press("Escape")
    felt.keyboard.type(f"{FELT}\n")
    expect(felt.get_by_label("2 · Invoice No.")).to_be_focused()
    felt.keyboard.type(f"{ANOTHER}\n")
    expect(card(felt, FELT)).to_contain_text(ANOTHER)
    felt.wait_for_function("() => window.shakes.length === 2")
    assert shakes(felt) == [[120, 80, 120], 60]


def test_sounds_are_turned_off_and_stay_off(felt: Page, base: str) -> None:
    opened(felt, base, "register")
    switch = felt.get_by_role("button", name="Sounds")
    expect(switch).to_have_attribute("aria-pressed", "true")
    switch.click()
    opened(felt, base, "register")
    expect(switch).to_have_attribute("aria-pressed", "false")
    felt.keyboard.type("NOTHING-1\n")
    expect(felt.get_by_test_id("stAlert")).to_be_visible()
    assert shakes(felt) == []


def test_a_network_that_is_gone_is_said_at_once(phone: BrowserContext, page: Page, base: str) -> None:
    opened(page, base, "register")
    expect(page.get_by_label("1 · Shipment No.")).to_be_focused()
    lost = page.get_by_role("alert").filter(has_text="The connection is lost.")
    phone.set_offline(True)
    expect(lost).to_be_visible(timeout=3_000)
    phone.set_offline(False)
    expect(lost).to_be_hidden()


def test_the_desk_can_be_installed(page: Page, base: str) -> None:
    opened(page, base, "shipments")
    session = page.context.new_cdp_session(page)
    told = session.send("Page.getAppManifest")
    assert told["errors"] == [] and told["url"].endswith("/own/manifest.webmanifest")
    hindrances = {one["errorId"] for one in session.send("Page.getInstallabilityErrors")["installabilityErrors"]}
    assert hindrances <= {"in-incognito"}  # as windows of tests are
