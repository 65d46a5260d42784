"""What comes out of a printer: the packing list, a shipment and Overview on A4 and on Letter, from a light and a dark screen."""

from collections.abc import Callable, Sequence

import pytest
from playwright.sync_api import Page, expect

from core.config import Settings
from core.runtime import open_runtime
from tests.browser.pdf import pages
from tests.builders import a_checkpoint, a_shipment, add

PARCELS = [f"S261124-8{n:04}" for n in range(1, 13)]
PLACE = "PAP1"
DELIVERED = "S261124-90001"
FORMATS = ("A4", "Letter")
FRAME = ("Carriers", "thismachineonly", "Packinglistof", "Refreshtracking", "Export")
"""What belongs to the screen alone."""
DARK_TEXT, DARK_PAPER = "rgb(16, 23, 20)", "rgba(0, 0, 0, 0)"


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    settings = Settings(database=tmp_path_factory.mktemp("paper") / "shipping.duckdb", demo_shipments=1500)
    runtime = open_runtime(settings)
    add(runtime.store, *(a_shipment(number, warehouse=PLACE, request="Ring twice") for number in PARCELS))
    add(runtime.store, a_shipment(DELIVERED, scans=[a_checkpoint()]))
    runtime.store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_COUNTRY": "KR"})


def printed(page: Page, paper: str) -> list[str]:
    """The text of each sheet, without blanks."""
    sheets = pages(page.pdf(format=paper))
    assert [word for word in FRAME for sheet in sheets if word in sheet] == []
    return sheets


def packing_list(page: Page, base: str, numbers: Sequence[str] = PARCELS) -> None:
    page.goto(f"{base}/packing_list?no={'&no='.join(numbers)}")
    expect(page.get_by_role("region", name=numbers[-1])).to_be_visible()


def test_one_press_prints_what_is_on_screen(page: Page, base: str) -> None:
    page.add_init_script("window.printed = 0; window.print = () => window.printed++;")
    page.goto(f"{base}/shipments?warehouse={PLACE}&sort=shipment_no&dir=asc")
    expect(page.locator("tbody tr")).to_have_count(len(PARCELS))
    page.get_by_role("button", name="Packing list").click()
    page.wait_for_function("() => window.printed === 1")
    assert [one.get_attribute("aria-label") for one in page.get_by_role("region").all()] == PARCELS
    page.get_by_role("button", name="Print").click()
    assert page.evaluate("window.printed") == 2
    page.get_by_role("link", name="All shipments").click()
    expect(page.locator("tbody tr")).to_have_count(len(PARCELS))


def test_no_shipment_of_a_packing_list_is_torn_apart(page: Page, base: str) -> None:
    packing_list(page, base)
    for paper in FORMATS:
        none_is_torn_apart(page, paper)


def none_is_torn_apart(page: Page, paper: str) -> None:
    sheets = printed(page, paper)
    on_sheets = [[number for number in PARCELS if number in sheet] for sheet in sheets]
    assert [number for numbers in on_sheets for number in numbers] == PARCELS
    assert all(
        sheet.count("Ringtwice") == sheet.count("Shipto") == len(on) for sheet, on in zip(sheets, on_sheets, strict=True)
    )
    assert all(len(on) >= 2 for on in on_sheets[:-1])


def test_each_shipment_may_have_a_sheet_of_its_own(page: Page, base: str) -> None:
    packing_list(page, base, PARCELS[:3])
    page.get_by_text("Each on a page of its own").click()
    expect(page.locator(".packing.apart")).to_be_visible()
    assert [[number for number in PARCELS if number in sheet] for sheet in printed(page, "A4")] == [
        [one] for one in PARCELS[:3]
    ]


def test_a_shipment_fits_its_sheet(page: Page, base: str) -> None:
    page.goto(f"{base}/shipment?no={DELIVERED}")
    expect(page.get_by_role("list", name="Journey").or_(page.locator(".timeline li")).first).to_be_visible()
    for paper in FORMATS:
        sheets = printed(page, paper)
        assert len(sheets) <= 2 and DELIVERED in sheets[0] and "Shipto" in sheets[0]
        assert "ViewShipmentDetails" not in "".join(sheets)


def test_overview_is_printed_with_its_charts_whole(page: Page, base: str) -> None:
    page.goto(f"{base}/overview")
    expect(page.locator(".stPlotlyChart .main-svg").first).to_be_visible()
    expect(page.get_by_role("table", name="Shipping companies")).to_be_visible()
    for paper, width in zip(FORMATS, (704, 725), strict=True):
        page.set_viewport_size({"width": width, "height": 1000})
        sheets = printed(page, paper)
        assert len(sheets) <= 4
        for heading in ("On-timedelivery", "Whatpilesup", "Needsattentiontoday", "Shippingcompanies"):
            assert heading in "".join(sheets)


def test_charts_are_made_to_fit_the_paper_and_back(page: Page, base: str) -> None:
    page.goto(f"{base}/overview")
    chart = page.locator(".stPlotlyChart .main-svg").first
    expect(chart).to_be_visible()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    width = page.locator(".stPlotlyChart").first.bounding_box()
    drawn = chart.bounding_box()
    assert width and drawn and drawn["width"] <= width["width"] + 1 and chart.get_attribute("viewBox")
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert chart.get_attribute("viewBox") is None


def test_a_dark_screen_is_printed_in_light_colours(page: Page, base: str) -> None:
    page.emulate_media(color_scheme="dark")
    packing_list(page, base, PARCELS[:1])
    style = "node => { const { color, backgroundColor } = getComputedStyle(node); return [color, backgroundColor]; }"
    assert page.get_by_role("region").evaluate(style)[0] != DARK_TEXT
    page.emulate_media(media="print", color_scheme="dark")
    assert page.get_by_role("region").evaluate(style)[0] == DARK_TEXT
    assert page.get_by_role("heading", name="Packing list").evaluate(style) == [DARK_TEXT, DARK_PAPER]
    assert page.locator(".stApp").evaluate(style)[1] == DARK_PAPER
