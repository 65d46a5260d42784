"""The Upload page and the grid in a real browser: from the sample to the undo, by keyboard and by paste."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from playwright.sync_api import Download, Locator, Page, expect

from core.carriers.rules import load
from core.config import Settings
from core.domain.invoice_number import complete
from core.runtime import open_runtime
from tests.builders import a_shipment, add, an_invoice
from tests.choosing import choose
from tests.workbook_builders import locked, saved

CJ, LOGEN_DOUBTFUL = load().carriers["cj"], "95825729135"
PLACE, GRID_PLACE, LANE_PLACE = "UPL1", "GRD1", "LAN1"
SHIPMENTS = [f"S261124-8{n:04}" for n in range(1, 21)]


def numbers() -> Iterator[str]:
    for n in range(1, 1000):
        yield complete(CJ, f"63{800_000_000 + n:09}")


FRESH = numbers()


def of_cj(n: int) -> str:
    """A number that only CJ Logistics takes."""
    return complete(CJ, f"64{n:09}")


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A desk of its own; the shipments of one warehouse wait there in the order of `SHIPMENTS`, of another for the grid."""
    settings = Settings(database=tmp_path_factory.mktemp("upload") / "shipping.duckdb", demo_shipments=200)
    runtime = open_runtime(settings)
    add(runtime.store, *(a_shipment(number, warehouse=PLACE) for number in SHIPMENTS))
    add(runtime.store, *(a_shipment(f"S261124-7{n:04}", warehouse=GRID_PLACE) for n in range(1, 13)))
    add(runtime.store, *(a_shipment(f"S261124-6{n:04}", warehouse=LANE_PLACE, policy=LANE_PLACE) for n in range(1, 41)))
    add(runtime.store, a_shipment("S261124-59999", policy=LANE_PLACE, invoice=an_invoice(of_cj(0), datetime.now(UTC))))
    runtime.store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_COUNTRY": "KR"})


@pytest.fixture
def desk(page: Page, base: str) -> Page:
    """The waiting shipments of the warehouse."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{base}/?warehouse={PLACE}&sort=shipment_no&dir=asc")
    expect(rows(page).first).to_be_visible()
    return page


def rows(page: Page) -> Locator:
    return page.locator("tbody tr")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(f"^{name}")).click()


def taken(download: Download) -> Workbook:
    return load_workbook(io.BytesIO(Path(download.path()).read_bytes()))


def drop(page: Page, data: bytes, name: str = "오늘 (최종).xlsx") -> None:
    page.locator("input[type=file]").set_input_files(files=[{"name": name, "mimeType": "", "buffer": data}])


def told(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_test_id("stAlert").filter(has_text=text)).to_be_visible()


def test_from_the_sample_to_the_undo(desk: Page) -> None:
    press(desk, "Export")
    with desk.expect_download() as sample:
        press(desk, "Sample file to fill")
    desk.get_by_role("link", name="Upload it filled").click()
    expect(desk.get_by_role("button", name="Sample file: 20 waiting shipments")).to_be_visible()

    book = taken(sample.value)
    sheet, kept = book["Invoices"], [next(FRESH) for _ in range(18)]
    assert [sheet.cell(line, 1).value for line in range(2, 22)] == SHIPMENTS
    for line, number in enumerate(kept, 2):
        sheet.cell(line, 2).value, sheet.cell(line, 3).value = "대한통운", number
    sheet["C3"] = f"{kept[1][:4]} {kept[1][4:]}"
    sheet["B20"], sheet["C20"] = "Logen", LOGEN_DOUBTFUL
    sheet["B21"], sheet["C21"] = "UPS", kept[0]
    data = saved(book)

    drop(desk, locked(data))
    told(desk, "unlock the file before uploading it")
    drop(desk, data)
    told(desk, "Nothing has been written yet. 18 rows can be registered now, 1 needs you to confirm, 1 is refused.")
    expect(rows(desk).first).to_contain_text(re.compile(f"21{SHIPMENTS[19]}.*Refused.*12 digits do not fit UPS"))
    desk.get_by_role("radio", name="Repaired").click()
    expect(rows(desk)).to_have_count(1)
    expect(rows(desk)).to_contain_text(f"Spaces removed: {kept[1]}.")

    desk.get_by_role("radio", name="To confirm").click()
    expect(rows(desk)).to_contain_text("check digit should be 4, not 5")
    rows(desk).get_by_role("button", name="Confirm").focus()
    desk.keyboard.press("Enter")
    expect(desk.get_by_role("button", name="Register 19 shipments")).to_be_enabled()
    desk.keyboard.press("Control+Enter")
    told(desk, "19 shipments registered, 1 to mend.")

    with desk.expect_download() as results:
        press(desk, "Download the workbook with results")
    with desk.expect_download() as mend:
        press(desk, "Download 1 row to mend")
    assert [row[3] for row in taken(results.value)["Invoices"].iter_rows(values_only=True)][:2] == ["Result", "Registered."]
    assert [row[0] for row in taken(mend.value)["Invoices"].iter_rows(values_only=True)] == ["Shipment No.", SHIPMENTS[19]]

    press(desk, "Upload another")
    drop(desk, data)
    told(desk, "0 rows can be registered now, 19 are unchanged, 1 is refused.")
    expect(desk.get_by_role("button", name="Register 0 shipments")).to_be_disabled()
    expect(rows(desk).nth(1)).to_contain_text("by Hana Seo")


def test_a_batch_is_undone_whole_and_the_file_registered_anew(desk: Page, base: str) -> None:
    free = rows(desk).first.get_attribute("data-id")
    book = Workbook()
    for line in (("Invoice No.", "Shipment No.", "Shipping company"), (next(FRESH), free, "CJ")):
        book.active.append(line)
    desk.goto(f"{base}/upload")
    drop(desk, saved(book))
    desk.get_by_role("button", name="Register 1 shipment").dblclick()
    told(desk, "1 shipment registered.")
    press(desk, "Undo")
    told(desk, "1 shipment went back")
    expect(rows(desk)).to_contain_text("Undone")
    press(desk, "Check the file again")
    expect(desk.get_by_role("button", name="Register 1 shipment")).to_be_enabled()


@pytest.fixture
def grid(page: Page, base: str) -> Page:
    """Five waiting shipments selected and opened as a grid."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{base}/?warehouse={GRID_PLACE}&sort=shipment_no&dir=asc")
    open_grid(page)
    return page


def open_grid(page: Page, count: int = 5) -> None:
    for place in range(count):
        rows(page).nth(place).get_by_role("checkbox").check()
    press(page, f"Enter {count} invoices")
    expect(boxes(page).first).to_be_focused()


def boxes(page: Page) -> Locator:
    return page.get_by_role("dialog").get_by_role("textbox")


def line(page: Page, place: int) -> Locator:
    return page.get_by_role("dialog").locator("tbody tr").nth(place)


def paste(page: Page, *cells: str) -> None:
    page.evaluate("text => navigator.clipboard.writeText(text)", "\r\n".join(cells) + "\r\n")
    page.keyboard.press("Control+v")


def test_a_grid_keeps_up_with_a_scanner_and_saves_by_keyboard(grid: Page) -> None:
    first = rows(grid).first.get_attribute("data-id")
    grid.get_by_role("combobox", name="Company of the rows without one").fill("CJ")
    grid.keyboard.press("Enter")
    expect(line(grid, 4).get_by_role("combobox")).to_have_value("CJ Logistics")
    boxes(grid).first.focus()
    for _ in range(5):
        grid.keyboard.type(f"{next(FRESH)}\n")
    grid.keyboard.press("Control+Enter")
    expect(grid.get_by_role("dialog")).to_have_count(0)
    expect(grid.get_by_text("5 shipments registered as batch")).to_be_visible()
    expect(grid.locator(f'tr[data-id="{first}"]')).to_have_count(0)
    expect(grid.get_by_role("button", name=re.compile("^Enter"))).to_have_count(0)


def test_pasted_cells_are_judged_and_what_is_refused_stays_with_its_reason(grid: Page) -> None:
    good = next(FRESH)
    numbers = [line(grid, place).get_attribute("data-id") for place in range(5)]
    paste(grid, f"대한통운\t{good[:4]} {good[4:]}", "UPS\t774900217728", f"Logen\t{LOGEN_DOUBTFUL}")
    expect(line(grid, 0)).to_contain_text("Repaired")
    expect(line(grid, 0).get_by_role("combobox")).to_have_value("CJ Logistics")
    expect(line(grid, 1)).to_contain_text("12 digits do not fit UPS; they fit FedEx")
    expect(line(grid, 2)).to_contain_text("To confirm")
    grid.keyboard.press("Control+Enter")
    expect(grid.get_by_text("1 shipment registered as batch")).to_be_visible()
    expect(boxes(grid)).to_have_count(4)
    expect(line(grid, 0)).to_contain_text(re.compile(f"{numbers[1]}.*12 digits do not fit UPS"))

    line(grid, 1).get_by_role("button", name="Confirm").focus()
    grid.keyboard.press("Enter")
    expect(line(grid, 1)).to_contain_text("Confirmed: it goes into the history.")
    boxes(grid).nth(2).focus()
    paste(grid, f"{numbers[4]}\tCJ Logistics\t{next(FRESH)}")
    expect(line(grid, 3)).to_contain_text("Ready")
    press(grid, "Register 2 shipments")
    expect(grid.get_by_text("2 shipments registered as batch")).to_be_visible()

    expect(boxes(grid)).to_have_count(2)
    boxes(grid).nth(1).fill("12AB")
    grid.keyboard.press("Escape")
    expect(grid.get_by_role("dialog")).to_have_count(0)
    press(grid, "Enter 2 invoices")
    expect(boxes(grid).nth(1)).to_have_value("12AB")
    expect(boxes(grid).nth(0)).to_have_value("774900217728")


@pytest.fixture
def lane(page: Page, base: str) -> Page:
    """Waiting shipments such as go with CJ Logistics."""
    page.goto(f"{base}/?warehouse={LANE_PLACE}&sort=shipment_no&dir=asc")
    expect(rows(page).first).to_be_visible()
    return page


def test_a_grid_proposes_the_company_keeps_up_with_a_scanner_and_never_overwrites_a_choice(lane: Page) -> None:
    open_grid(lane)
    choices = [line(lane, place).get_by_role("combobox") for place in range(5)]
    choices[3].select_option("Hanjin")
    boxes(lane).first.focus()
    for n in range(1, 6):
        lane.keyboard.type(f"{of_cj(n)}\n", delay=0)
    expect(choices[4]).to_have_value("CJ Logistics")
    expect(choices[0]).to_have_accessible_description(re.compile("^proposed"))
    expect(line(lane, 0)).to_contain_text("proposed")
    expect(lane.get_by_role("dialog").get_by_role("status").filter(has_text="CJ Logistics is proposed.")).to_be_attached()
    expect(choices[3]).to_have_value("Hanjin")
    expect(choices[3]).to_have_accessible_description("")

    boxes(lane).first.fill("12")
    expect(choices[0]).to_have_value("")
    choices[1].select_option("CJ Logistics")
    choices[2].select_option("UPS")
    boxes(lane).first.fill(of_cj(1))
    expect(choices[0]).to_have_value("CJ Logistics")
    expect(choices[2]).to_have_value("UPS")
    lane.get_by_role("button", name="Register 3 shipments").click()
    expect(lane.get_by_text("The companies of 2 were proposed")).to_be_visible()
    expect(boxes(lane)).to_have_count(2)


def settled(page: Page) -> None:
    """Waits until what was pressed before is drawn."""
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def test_the_drawer_proposes_the_company_and_invoices_take_a_press_and_an_enter_each(lane: Page) -> None:
    def opened() -> Locator:
        settled(lane)
        lane.locator('[data-control="register"]').first.click()
        dialog = lane.get_by_role("dialog")
        expect(dialog.get_by_label("Invoice No.", exact=True)).to_be_focused()
        settled(lane)
        return dialog

    for n in range(20, 23):
        dialog = opened()
        lane.keyboard.type(of_cj(n))
        expect(dialog.get_by_role("status").filter(has_text="proposed")).to_be_visible()
        expect(dialog.get_by_role("combobox", name="Shipping company")).to_have_value("CJ Logistics")
        settled(lane)
        lane.keyboard.press("Enter")
        expect(dialog.locator(".number")).to_have_text(of_cj(n))
        lane.keyboard.press("Escape")
        expect(dialog).to_have_count(0)

    dialog = opened()
    lane.keyboard.type(f"{of_cj(30)}\n", delay=0)
    expect(dialog.locator(".number")).to_have_text(of_cj(30))
    lane.keyboard.press("Escape")
    expect(dialog).to_have_count(0)

    dialog = opened()
    choose(dialog, "Shipping company", "UPS")
    dialog.get_by_label("Invoice No.", exact=True).fill(of_cj(31))
    expect(dialog.get_by_role("status").filter(has_text="proposed")).to_have_count(0)
    expect(dialog.get_by_role("combobox", name="Shipping company")).to_have_value("UPS")
