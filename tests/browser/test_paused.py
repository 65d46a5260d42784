"""A database file that is deleted under a running desk: every open page says so, and one press keeps everything."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.store.database import Store
from core.ui.kit.sentences import PauseText
from tests.browser.conftest import start_server
from tests.builders import a_shipment, add
from tests.faults.clerks import until


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A desk of its own: its address and its database."""
    file = tmp_path / "desk" / "shop.duckdb"
    store = Store.open(file, threads=1)
    add(store, a_shipment("S-1"))
    store.close()
    base, process = start_server(Path("app.py"), {"SHIPDESK_DB": str(file)}, tmp_path / "log")
    yield base, file
    process.terminate()
    process.wait(timeout=20)


def test_a_deleted_file_is_said_on_open_pages_and_one_press_keeps_everything(desk: tuple[str, Path], page: Page) -> None:
    base, file = desk
    page.goto(f"{base}/shipments")
    expect(page.get_by_role("button", name="S-1", exact=True)).to_be_visible()
    file.unlink()
    expect(page.get_by_text(str(PauseText.TITLE()))).to_be_visible()
    page.get_by_role("button", name=str(PauseText.RESCUE())).click()
    until(lambda: list(file.parent.glob("*rescued*.duckdb")))
    copy = next(file.parent.glob("*rescued*.duckdb"))
    expect(page.get_by_text(copy.name)).to_be_visible()
    page.goto(f"{base}/data")
    expect(page.get_by_text(copy.name)).to_be_visible()
    copy.rename(file)
    expect(page.get_by_text(str(PauseText.TITLE()))).to_have_count(0)
