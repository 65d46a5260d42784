"""The whole journey at the desk, as a clerk with a mouse and as one with only a keyboard."""

import io
import itertools
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet
import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from core.carriers.rules import load
from core.config import Settings
from core.domain.invoice_number import complete
from core.domain.selection import Selection
from core.domain.shipment import Checkpoint, Shipment, Stage, Tab
from core.domain.sorting import Order
from core.runtime import Runtime, open_runtime
from core.services.shipments import queries
from core.services.shipments.changes import Actor, Request, Step, change
from tests.builders import a_visit, staff
from tests.choosing import choose

CJ = load().carriers["cj"]


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    """A desk of its own with a small demo shop, in which one parcel has just come back."""
    settings = Settings(database=tmp_path_factory.mktemp("desk") / "shipping.duckdb", demo_shipments=3000)
    runtime = open_runtime(settings)
    send_back(runtime)
    runtime.store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_COUNTRY": "KR"})


def send_back(runtime: Runtime) -> None:
    wanted = Selection(tab=Tab.DELIVERY)
    now, zone = runtime.now(), runtime.settings.zone
    found = queries.page(runtime.store, wanted, Order(), visit=a_visit(now, zone), size=500, number=lambda pages: 1).rows
    returned = next(row["shipment_no"] for row in found if row["status"] == "in_delivery")

    def decide(_: object, shipment: Shipment) -> Step:
        assert shipment.invoice
        scan = Checkpoint(now, Stage.RETURNED, shipment.invoice.invoice_id, text="Refused by the recipient")
        return Step(shipment, "status_changed", checkpoints=(scan,))

    assert change(runtime.store, returned, decide, request=Request(Actor(staff("CJ Logistics"), "carrier"), now))


@pytest.fixture
def desk(page: Page, base: str) -> Iterator[Page]:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(base)
    expect(rows(page).first).to_be_visible()
    yield page


def numbers() -> Iterator[str]:
    for n in range(1, 1000):
        yield complete(CJ, f"63{900_000_000 + n:09}")


FRESH = numbers()


def rows(page: Page) -> Locator:
    return page.locator("tbody tr")


def row(page: Page, shipment_no: str) -> Locator:
    return page.locator(f'tr[data-id="{shipment_no}"]')


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("radio", name=re.compile(f"^{name}"))


def count(page: Page, name: str) -> int:
    return int(tab(page, name).locator("strong").inner_text().replace(",", ""))


def go(page: Page, base: str, query: str) -> None:
    page.goto(f"{base}/?{query}")
    expect(rows(page).first).to_be_visible()


def drawer(page: Page, shipment_no: str) -> Locator:
    """The drawer once it is drawn to its end: a list of choices closes when the form around it is drawn again."""
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text(f"Shipment {shipment_no}")).to_be_visible()
    expect(dialog.get_by_role("link", name="Open as a page")).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    return dialog


def first_waiting(page: Page, place: int = 0) -> str:
    waiting = rows(page).filter(has=page.locator('[data-control="register"]')).nth(place)
    number = waiting.get_attribute("data-id")
    assert number
    return number


def fill(dialog: Locator, company: str | None, number: str) -> None:
    if company:
        choose(dialog, "Shipping company", company)
    dialog.get_by_label("Invoice No.").fill(number)


def button(dialog: Locator, name: str) -> Locator:
    return dialog.get_by_role("button", name=name)


def changed(dialog: Locator, what: str) -> None:
    """Expects it in the history, which is opened where it is not."""
    history = dialog.locator('[data-control="history"]')
    if history.get_attribute("aria-expanded") == "false":
        history.click()
    expect(dialog.get_by_text(what)).to_be_visible()


def registered(dialog: Locator, number: str) -> None:
    expect(dialog.locator(".number")).to_have_text(number)
    changed(dialog, f"Invoice {number} registered")


def search(page: Page, key: str, value: str) -> None:
    page.get_by_role("combobox", name="Search in").click()
    page.get_by_role("option", name=key, exact=True).click()
    page.get_by_role("searchbox", name="Search").fill(value)
    page.get_by_role("searchbox", name="Search").press("Enter")
    expect(page).to_have_url(re.compile("[?&]q="))
    expect(page.locator(".st-key-chips")).to_contain_text(f"{key} {value}")


def test_a_shipment_is_found_by_each_of_the_four_keys(desk: Page, base: str) -> None:
    go(desk, base, "tab=delivery")
    wanted = rows(desk).first.get_attribute("data-id")
    assert wanted
    cells = row(desk, wanted).locator("td")
    order, invoice = cells.nth(1).inner_text(), row(desk, wanted).locator(".number").inner_text()
    row(desk, wanted).locator('[data-control="open"]').click()
    items = drawer(desk, wanted).get_by_text(re.compile(r"· P-\w+"))
    expect(items).to_be_visible()
    product = re.search(r"· (P-\w+)", items.inner_text())
    assert product
    desk.keyboard.press("Escape")
    for key, value in (("Shipment No.", wanted), ("Order No.", order), ("Invoice No.", invoice), ("Product ID", product[1])):
        go(desk, base, "tab=delivery")
        search(desk, key, value)
        expect(row(desk, wanted)).to_be_visible()


def test_several_pasted_numbers_are_found_and_the_missing_one_is_named(desk: Page, base: str) -> None:
    first, second = first_waiting(desk, 0), first_waiting(desk, 1)
    desk.evaluate("text => navigator.clipboard.writeText(text)", f"{first}\n{second}\nS000000-00000")
    box = desk.get_by_role("searchbox", name="Search")
    box.click()
    box.press("Control+v")
    box.press("Enter")
    expect(rows(desk)).to_have_count(2)
    expect(desk.get_by_text("2 of 3 searched values are in this list")).to_be_visible()
    expect(desk.get_by_text("S000000-00000 does not exist")).to_be_visible()


def test_a_number_in_another_tab_is_one_press_away(desk: Page, base: str) -> None:
    wanted = first_waiting(desk)
    desk.goto(f"{base}/?tab=delivered&q={wanted}")
    expect(desk.get_by_text(f"{wanted} is in Preparing to Release (Domestic).")).to_be_visible()
    desk.get_by_role("button", name="Show 1 in Preparing to Release").click()
    expect(row(desk, wanted)).to_be_visible()


def test_register_modify_and_delete_with_the_mouse(desk: Page) -> None:
    wanted, number, other = first_waiting(desk), next(FRESH), next(FRESH)
    preparing, delivery = count(desk, "Preparing to Release"), count(desk, "In delivery")

    row(desk, wanted).locator('[data-control="register"]').click()
    dialog = drawer(desk, wanted)
    fill(dialog, "CJ Logistics", number)
    button(dialog, "Register invoice").click()
    registered(dialog, number)
    expect(dialog.get_by_text("The address is frozen")).to_be_visible()
    assert (count(desk, "Preparing to Release"), count(desk, "In delivery")) == (preparing - 1, delivery + 1)

    dialog.get_by_role("button", name="Modify", exact=True).click()
    fill(dialog, None, other)
    button(dialog, "Modify invoice").click()
    expect(dialog.get_by_text(f"Invoice {number} → {other}")).to_be_visible()
    expect(dialog.locator(".number")).to_have_text(other)
    expect(dialog.get_by_text(f"Invoice No. {number}")).to_have_count(0)

    dialog.get_by_role("button", name="Delete", exact=True).click()
    dialog.get_by_label("Reason").fill("wrong parcel")
    button(dialog, "Delete invoice").click()
    changed(dialog, f"Invoice {other} deleted")
    expect(dialog.get_by_text("wrong parcel")).to_be_visible()
    assert (count(desk, "Preparing to Release"), count(desk, "In delivery")) == (preparing, delivery)

    button(dialog, "Edit address").click()
    dialog.get_by_label("Recipient").fill("Sofia Marino")
    button(dialog, "Save address").click()
    expect(dialog.get_by_text("Address edited")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(row(desk, wanted)).to_contain_text("Sofia Marino")


def test_register_modify_and_delete_by_keyboard_alone(desk: Page) -> None:
    wanted, number, other = first_waiting(desk, 1), next(FRESH), next(FRESH)
    tab_to(desk, lambda: focused(desk) == ("open", wanted))
    desk.keyboard.press("Enter")
    dialog = drawer(desk, wanted)

    tab_to(desk, lambda: label_in_focus(desk) == "Shipping company")
    desk.keyboard.type("CJ")
    expect(desk.get_by_role("option", name="CJ Logistics")).to_be_visible()
    desk.keyboard.press("Enter")
    tab_to(desk, lambda: label_in_focus(desk) == "Invoice No.")
    desk.keyboard.type(number)
    desk.keyboard.press("Enter")
    registered(dialog, number)

    tab_to(desk, lambda: focused(desk)[0] == "modify")
    desk.keyboard.press("Enter")
    expect(button(dialog, "Modify invoice")).to_be_visible()
    tab_to(desk, lambda: label_in_focus(desk) == "Invoice No.")
    desk.keyboard.press("Control+a")
    desk.keyboard.type(other)
    desk.keyboard.press("Control+Enter")
    expect(dialog.get_by_text(f"Invoice {number} → {other}")).to_be_visible()

    tab_to(desk, lambda: focused(desk)[0] == "delete")
    desk.keyboard.press("Enter")
    expect(button(dialog, "Keep invoice")).to_be_focused()
    desk.keyboard.press("Tab")
    expect(button(dialog, "Delete invoice")).to_be_focused()
    desk.keyboard.press("Enter")
    expect(dialog.get_by_text(f"Invoice {other} deleted")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(dialog).to_have_count(0)


def test_the_journey_and_the_history_open_where_the_clerk_is_with_the_carriers_page_a_press_further(
    desk: Page, base: str
) -> None:
    go(desk, base, "tab=delivery")
    desk.set_viewport_size({"width": 800, "height": 420})
    of_a_company_with_a_page = re.compile("CJ Logistics|Hanjin|Lotte|Logen|Korea Post")
    wanted = rows(desk).filter(has_text=of_a_company_with_a_page).first.get_attribute("data-id")
    assert wanted
    row(desk, wanted).locator('[data-control="view"]').click()
    dialog = drawer(desk, wanted)
    journey, whole_way = dialog.locator(".st-key-tracking_section"), dialog.get_by_text("Ordered", exact=True)
    expect(journey).to_be_focused()
    expect(journey).to_be_in_viewport()
    page = journey.get_by_role("link", name="View at")
    assert page.get_attribute("target") == "_blank"
    assert {"noopener", "noreferrer"} & set(str(page.get_attribute("rel")).split())

    press = dialog.locator('[data-control="view"]')
    press.click()
    expect(whole_way).to_have_count(0)
    expect(press).to_be_focused()
    desk.keyboard.press("Enter")
    expect(whole_way).to_have_count(1)
    expect(journey).to_be_focused()

    dialog.locator('[data-control="history"]').press("Enter")
    expect(dialog.locator(".st-key-history_section")).to_be_focused()
    expect(whole_way).to_have_count(0)


def test_a_wrong_number_is_refused_with_what_to_do_and_stays_in_the_box(desk: Page) -> None:
    wanted = first_waiting(desk)
    row(desk, wanted).locator('[data-control="register"]').click()
    dialog = drawer(desk, wanted)
    fill(dialog, "UPS", "986578788855")
    button(dialog, "Register invoice").click()
    expect(dialog.get_by_text("12 digits do not fit UPS; they fit FedEx")).to_be_visible()
    expect(dialog.get_by_label("Invoice No.")).to_have_value("986578788855")
    fill(dialog, "CJ Logistics", "632976615494")
    button(dialog, "Register invoice").click()
    expect(dialog.get_by_text("check digit should be 3, not 4")).to_be_visible()
    expect(dialog.get_by_text("No invoice is registered.")).to_be_visible()


def test_a_number_in_use_is_asked_about_once_and_the_confirmation_is_kept(desk: Page) -> None:
    number = next(FRESH)
    first, second = first_waiting(desk, 2), first_waiting(desk, 3)
    for wanted in (first, second):
        row(desk, wanted).locator('[data-control="register"]').click()
        dialog = drawer(desk, wanted)
        fill(dialog, "CJ Logistics", number)
        button(dialog, "Register invoice").click()
        if wanted == second:
            expect(dialog.get_by_text(f"is on {first} already")).to_be_visible()
            button(dialog, "Register invoice").click()
        registered(dialog, number)
        if wanted == second:
            expect(dialog.get_by_text("Confirmed:")).to_be_visible()
        desk.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


def test_five_fast_clicks_make_one_invoice_and_one_history_row(desk: Page) -> None:
    wanted, number = first_waiting(desk, 4), next(FRESH)
    row(desk, wanted).locator('[data-control="register"]').click()
    dialog = drawer(desk, wanted)
    fill(dialog, "CJ Logistics", number)
    button(dialog, "Register invoice").evaluate("node => { for (let n = 0; n < 5; n++) node.click(); }")
    registered(dialog, number)
    expect(dialog.get_by_text(f"Invoice {number} registered")).to_have_count(1)
    expect(dialog.get_by_text("Somebody else saved first")).to_have_count(0)


def test_the_second_of_two_people_is_told_and_nothing_is_overwritten(desk: Page, browser: Browser, base: str) -> None:
    wanted, number, other = first_waiting(desk, 5), next(FRESH), next(FRESH)
    colleague = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    colleague.goto(f"{base}/shipment?no={wanted}")
    hers = colleague.locator(".stMain")
    expect(button(hers, "Register invoice")).to_be_visible()
    row(desk, wanted).locator('[data-control="register"]').click()
    mine = drawer(desk, wanted)

    fill(hers, "CJ Logistics", number)
    button(hers, "Register invoice").click()
    registered(hers, number)
    fill(mine, "CJ Logistics", other)
    button(mine, "Register invoice").click()

    expect(mine.get_by_text("Somebody else saved first")).to_be_visible()
    expect(mine.get_by_text(re.compile(f"Hana Seo at .*: Invoice {number} registered"))).to_be_visible()
    expect(mine.get_by_text(f"Your entry is kept: CJ Logistics · {other}")).to_be_visible()
    expect(mine.locator(".number")).to_have_text(number)
    colleague.context.close()


def test_the_counts_follow_what_others_do_without_a_reload(desk: Page, context: BrowserContext, base: str) -> None:
    wanted, preparing = first_waiting(desk, 6), count(desk, "Preparing to Release")
    colleague = context.new_page()
    colleague.goto(f"{base}/shipment?no={wanted}")
    fill(colleague.locator(".stMain"), "CJ Logistics", next(FRESH))
    button(colleague.locator(".stMain"), "Register invoice").click()
    expect(colleague.locator(".number")).to_be_visible()
    colleague.close()

    expect(tab(desk, "Preparing to Release")).to_contain_text(str(preparing - 1))
    desk.get_by_role("button", name="Show changes").click()

    expect(row(desk, wanted)).to_have_count(0)
    expect(desk.get_by_role("button", name="Show changes")).to_have_count(0)


def test_a_delivered_shipment_offers_no_pencil_and_no_wastebasket(desk: Page, base: str) -> None:
    go(desk, base, "tab=delivered")
    expect(desk.locator('[data-control="modify"], [data-control="delete"]')).to_have_count(0)
    wanted = rows(desk).first.get_attribute("data-id")
    assert wanted
    row(desk, wanted).locator('[data-control="open"]').click()
    dialog = drawer(desk, wanted)
    expect(dialog.get_by_role("button", name="Copy", exact=True)).to_be_visible()
    expect(dialog.locator('[data-control="modify"], [data-control="delete"]')).to_have_count(0)


def test_a_shipment_is_marked_as_delivered_only_with_a_reason(desk: Page, base: str) -> None:
    go(desk, base, "tab=delivery")
    wanted = rows(desk).first.get_attribute("data-id")
    assert wanted
    before = count(desk, "Delivered")
    row(desk, wanted).locator('[data-control="open"]').click()
    dialog = drawer(desk, wanted)
    button(dialog, "Mark as delivered").click()
    expect(dialog.get_by_label("How do you know that it was delivered?")).to_be_visible()
    expect(button(dialog, "Mark as delivered")).to_have_count(1)
    button(dialog, "Mark as delivered").click()
    expect(dialog.get_by_text("Reason is empty")).to_be_visible()
    dialog.get_by_label("How do you know that it was delivered?").fill("the buyer phoned")
    button(dialog, "Mark as delivered").click()
    expect(button(dialog, "Mark as delivered")).to_have_count(0)
    changed(dialog, "Marked as delivered")
    assert count(desk, "Delivered") == before + 1


def test_a_cancelled_shipment_is_shipped_again_under_a_new_number(desk: Page, base: str) -> None:
    go(desk, base, "tab=failed&flag=returned")
    expect(rows(desk).first).to_contain_text("Refused by the recipient")
    wanted = rows(desk).first.get_attribute("data-id")
    assert wanted
    row(desk, wanted).locator('[data-control="open"]').click()
    dialog = drawer(desk, wanted)
    button(dialog, "Re-ship").click()
    successor = drawer(desk, f"{wanted}-R1")
    expect(button(successor, "Register invoice")).to_be_visible()
    expect(successor.get_by_text("re-shipped from")).to_be_visible()


def test_the_view_is_in_the_link_and_back_goes_back(desk: Page) -> None:
    tab(desk, "In delivery").click()
    expect(desk).to_have_url(re.compile("tab=delivery"))
    desk.get_by_role("radio", name="International").click()
    expect(desk).to_have_url(re.compile("dest=international"))
    expect(desk.locator("caption")).to_have_text(re.compile("^Shipments in In delivery, International"))
    desk.locator("th").filter(has_text="Invoice No.").get_by_role("button").first.click()
    expect(desk).to_have_url(re.compile("sort=invoice_no"))
    expect(desk.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    desk.go_back()
    expect(desk).not_to_have_url(re.compile("sort=invoice_no"))
    expect(desk.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    desk.go_back()
    expect(desk.locator("caption")).to_have_text(re.compile("^Shipments in In delivery, Domestic"))
    expect(tab(desk, "In delivery")).to_be_checked()


def test_pages_follow_each_other_without_a_gap(desk: Page, base: str) -> None:
    go(desk, base, "tab=delivered&rows=25&sort=shipment_no&dir=asc")
    last = rows(desk).last.get_attribute("data-id")
    desk.get_by_role("button", name="Page 2", exact=True).click()
    expect(desk).to_have_url(re.compile("page=2"))
    expect(desk.get_by_text(re.compile("^26–50 of"))).to_be_visible()
    first = rows(desk).first.get_attribute("data-id")
    assert last and first and first > last


def test_an_export_holds_every_row_of_the_filter_with_its_digits(desk: Page, base: str, tmp_path: Path) -> None:
    go(desk, base, "tab=delivery&carrier=cj&rows=25")
    total = count(desk, "In delivery")
    assert total > 25
    files = {name: saved(desk, name, tmp_path) for name in ("Excel (.xlsx)", "CSV", "Parquet")}
    sheet = load_workbook(io.BytesIO(files["Excel (.xlsx)"])).active
    assert sheet is not None
    lines = list(sheet.iter_rows(values_only=True))
    invoice = lines[0].index("Invoice No.")
    assert len(lines) == total + 1
    assert all(isinstance(line[invoice], str) and len(line[invoice]) in (10, 12) for line in lines[1:])
    assert files["CSV"].decode("utf-8-sig").count('"CJ Logistics"') == total
    assert pyarrow.parquet.read_table(io.BytesIO(files["Parquet"])).num_rows == total


def test_only_the_selected_rows_are_exported(desk: Page, base: str, tmp_path: Path) -> None:
    go(desk, base, "tab=delivered")
    chosen = [rows(desk).nth(place).get_attribute("data-id") for place in (0, 3)]
    for number in chosen:
        row(desk, str(number)).locator('[data-control="check"]').check()
    expect(desk.get_by_text("2 selected")).to_be_visible()
    desk.get_by_role("button", name=re.compile("^Export 2")).click()
    with desk.expect_download() as download:
        desk.get_by_role("button", name="CSV", exact=True).click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert [line.split(",")[0].strip('"') for line in text.splitlines()[1:]] == chosen


def saved(page: Page, name: str, folder: Path) -> bytes:
    page.get_by_role("button", name=re.compile("^Export")).click()
    with page.expect_download() as download:
        page.get_by_role("button", name=name, exact=True).click()
    page.keyboard.press("Escape")
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target.read_bytes()


def test_a_file_is_imported_and_found(desk: Page, base: str, tmp_path: Path) -> None:
    lines = ["shipment_no,order_no,ordered_at,country,recipient,address,product_id,product_name"]
    lines += [f"X-{n:03},XO-{n:03},2026-11-20 10:00,KR,Kim,Street 1,P-1,Mug" for n in range(1, 41)]
    lines += ["X-041,XO-041,yesterday,KR,Kim,Street 1,P-1,Mug"]
    path = tmp_path / "today (2).csv"
    path.write_text("\n".join(lines))
    desk.goto(f"{base}/data")
    desk.locator('input[type="file"]').first.set_input_files(path)
    expect(desk.get_by_text("Nothing has been written yet.")).to_be_visible()
    expect(desk.locator("tr").filter(has_text="42").filter(has_text="Refused")).to_be_visible()
    desk.get_by_role("button", name="Import 40 shipments").click()
    expect(desk.get_by_text("Imported as one batch")).to_be_visible()
    go(desk, base, "q=X-0&rows=100")
    expect(rows(desk)).to_have_count(40)


def test_what_is_not_there_is_said(desk: Page, base: str) -> None:
    desk.goto(f"{base}/shipment?no=S-nothing")
    expect(desk.get_by_text("Shipment No. S-nothing does not exist")).to_be_visible()


def test_nothing_scrolls_sideways_and_the_page_keeps_its_padding(desk: Page) -> None:
    for scheme, width in itertools.product(("light", "dark"), (1440, 800, 480)):
        desk.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        desk.set_viewport_size({"width": width, "height": 900})
        expect(desk.locator(".frame")).to_have_attribute("data-mode", re.compile("wide" if width > 1100 else "narrow|cards"))
        assert desk.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0, (scheme, width)
        padding = desk.locator(".stMainBlockContainer").evaluate("node => parseFloat(getComputedStyle(node).paddingLeft)")
        assert padding <= 20, (scheme, width)


def tab_to(page: Page, reached: Callable[[], bool], most: int = 400) -> None:
    for _ in range(most):
        if reached():
            return
        page.keyboard.press("Tab")
    pytest.fail("the keyboard does not get there")


def focused(page: Page) -> tuple[str, str]:
    name, number = page.evaluate(
        """() => {
          let node = document.activeElement;
          while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
          return [node?.dataset?.control ?? "", node?.closest("tr")?.dataset.id ?? ""];
        }"""
    )
    return name, number


def label_in_focus(page: Page) -> str:
    return str(page.evaluate("document.activeElement?.getAttribute('aria-label') ?? ''"))
