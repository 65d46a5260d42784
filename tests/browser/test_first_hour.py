"""The first hour of a shop with each source, as a newcomer walks it: its file in, its first parcel registered, its file back."""

import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, expect

from core.carriers.rules import load
from core.config import ROOT
from core.domain.invoice_number import complete
from core.store.database import Store
from tests.services.importing import order_samples as samples
from tests.services.importing.order_files import a_csv, a_workbook
from tests.services.importing.order_samples import Sample

ORDERS = ROOT / "tests" / "data" / "orders"
RULES = load()
KOREAN, JAPANESE = complete(RULES.carriers["cj"], "63796098257"), complete(RULES.carriers["yamato"], "46796098430")


@dataclass(frozen=True)
class FirstFile:
    """A source's file as a person drops it, the language and the country of such a shop, and the number and company of the first parcel."""

    source: str
    name: str
    data: bytes
    country: str
    number: str = "1Z999AA10123456784"
    company: str = ""


def example(source: str, name: str, country: str, *entry: str) -> FirstFile:
    return FirstFile(source, name, (ORDERS / name).read_bytes(), country, *entry)


def written(sample: Sample, country: str, *entry: str, encoding: str = "utf-8") -> FirstFile:
    return FirstFile(sample.layout, f"{sample.layout}.csv", a_csv([sample.row], encoding), country, *entry)


LANGUAGES = {"KR": "ko-KR", "JP": "ja-JP", "US": "en-US"}
CJ, YAMATO = (KOREAN, "CJ대한통운"), (JAPANESE, "ヤマト運輸")
FILES = (
    example("naver", "naver_smartstore_72_text.xlsx", "KR", *CJ),
    example("coupang", "coupang_DeliveryList_40.xlsx", "KR", *CJ),
    written(samples.CAFE24, "KR", *CJ, encoding="cp949"),
    FirstFile("esm", "esm.xlsx", a_workbook([samples.ESM.row], samples.ESM.sheet), "KR", *CJ),
    example("rakuten", "rakuten_rms_cp932.csv", "JP", *YAMATO),
    example("next_engine", "next_engine_generic_cp932.csv", "JP", *YAMATO),
    example("qoo10", "qoo10_utf8bom.csv", "JP", *YAMATO),
    written(samples.EC_CUBE, "JP", *YAMATO, encoding="cp932"),
    example("shopify", "shopify_orders_export.csv", "US"),
    written(samples.WOOCOMMERCE, "US"),
    example("amazon", "amazon_unshipped_utf8.txt", "US"),
    written(samples.SHIPSTATION, "US"),
    written(samples.ETSY, "US"),
    written(samples.EBAY, "US"),
)


def holds(file: Path, number: str) -> bool:
    """Whether the number stands in the workbook or the text."""
    data = file.read_bytes()
    if not data.startswith(b"PK"):
        return number.encode() in data
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return any(number in row for row in sheet.iter_rows(values_only=True))


@pytest.mark.parametrize(
    "file",
    # The others are as short a way: tests/browser/test_order_files.py walks one with Upload, this one with Register.
    [pytest.param(one, id=one.source, marks=() if one.source == "naver" else pytest.mark.long) for one in FILES],
)
def test_from_the_file_to_the_first_parcel_and_the_file_back(
    serve: Callable[..., str], context: BrowserContext, tmp_path: Path, file: FirstFile
) -> None:
    Store.open(tmp_path / "shipping.duckdb").close()
    desk = {"SHIPDESK_DB": str(tmp_path / "shipping.duckdb"), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_COUNTRY": file.country}
    base, browser = serve("app.py", desk), context.browser
    assert browser
    newcomer = browser.new_context(viewport={"width": 1440, "height": 900}, locale=LANGUAGES[file.country])
    newcomer.set_default_timeout(20_000)
    page = newcomer.new_page()
    try:
        page.goto(f"{base}/data")
        page.locator("input[type=file]").first.set_input_files(files=[{"name": file.name, "mimeType": "", "buffer": file.data}])
        page.locator(".st-key-import-go button").click()
        expect(page.get_by_test_id("stAlertContentSuccess")).to_be_visible()

        page.goto(f"{base}/register")
        longest = page.locator("tbody tr").first.locator("button.link")
        shipment_no = longest.inner_text()
        page.get_by_label(re.compile("^1 ·")).fill(shipment_no)
        page.keyboard.press("Enter")
        expect(page.get_by_label(re.compile("^2 ·"))).to_be_focused()
        page.keyboard.type(f"{file.number}\n")
        if file.company:
            page.get_by_role("button", name=file.company).click()
            page.keyboard.press("Enter")
        undoable = page.locator("tbody tr").filter(has_text=file.number).locator("button.quiet")
        expect(undoable).to_be_visible()

        page.goto(f"{base}/data")
        page.locator("[class*='st-key-handback'][class*='make'] button").click()
        with page.expect_download() as saved:
            page.locator("[class*='st-key-handback'][class*='file'] :is(a, button)").first.click()
        saved.value.save_as(tmp_path / "back")
        assert holds(tmp_path / "back", file.number)
    finally:
        newcomer.close()
