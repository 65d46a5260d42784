"""A server that is killed and a connection that is cut: the page says what was and was not saved, and keeps what was typed."""

import io
import re
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from playwright.sync_api import Locator, Page, expect

from core.carriers.rules import load
from core.config import Settings
from core.domain.invoice_number import complete
from core.runtime import open_runtime
from core.store.database import Store
from tests.browser.conftest import ROOT, free_port, start_server
from tests.builders import a_shipment, add
from tests.choosing import choose

CJ = load().carriers["cj"]
PLACE = "LST1"
SHIPMENTS = [f"S261124-6{n:04}" for n in range(1, 13)]
NUMBERS = [complete(CJ, f"63{600_000_000 + n:09}") for n in range(12)]
KINDS = (
    "a form and scans are looked at when the server goes; what becomes of other work then is tests/ui/kit/test_unfinished.py"
)


class Server:
    """A desk that can be killed and started again at the same address, on the same database; of what it told is kept what must stand there."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.database = folder, free_port(), folder / "shipping.duckdb"
        self.base = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        self.registered: dict[str, str] = {}
        self.written = False

    def start(self) -> None:
        env = {"SHIPDESK_DB": str(self.database), "SHIPDESK_USER": "Hana Seo", "SHIPDESK_COUNTRY": "KR"}
        _, self.process = start_server(ROOT / "app.py", env, self.folder / "log", self.port)

    def kill(self) -> None:
        if self.process:
            self.process.kill()
            self.process.wait()

    def stands_there(self, sql: str) -> dict[str, Any]:
        """The first column to the second, read from the file while no server has it."""
        store = Store.open(self.database)
        try:
            return dict(tuple(row.values()) for row in store.rows(sql))
        finally:
            store.close()


class Wire:
    """A connection to the server that can be cut and mended: what is open ends, and nothing new comes through."""

    def __init__(self, port: int) -> None:
        self.port, self.mended = port, threading.Event()
        self.open: list[socket.socket] = []
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.mended.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.mended.clear()
        for end in self.open:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.open.clear()

    def close(self) -> None:
        self.cut()
        self.listening.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self.listening.accept()
            except OSError:
                return
            if not self.mended.is_set():
                near.close()
                continue
            far = socket.create_connection(("127.0.0.1", self.port))
            self.open += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=_pass_on, args=(one, other), daemon=True).start()


def _pass_on(one: socket.socket, other: socket.socket) -> None:
    try:
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        return


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("lost"))
    runtime = open_runtime(Settings(database=made.database, demo_shipments=50))
    add(runtime.store, *(a_shipment(number, warehouse=PLACE, policy="Standard") for number in SHIPMENTS))
    runtime.store.close()
    made.start()
    yield made
    made.kill()


def restarted(page: Page, server: Server, meanwhile: Callable[[], None] = lambda: None) -> None:
    """After the server was killed and came back; `meanwhile` is done while it is away."""
    server.kill()
    expect(offline(page)).to_be_visible()
    meanwhile()
    server.start()
    expect(offline(page)).to_be_hidden(timeout=60_000)


def offline(page: Page) -> Locator:
    return page.get_by_role("alert").filter(has_text="The connection is lost. Nothing is saved until it is back.")


def told(page: Page, text: str | re.Pattern[str]) -> None:
    expect(page.get_by_test_id("stAlert").filter(has_text=text)).to_be_visible(timeout=60_000)


def book(*rows: tuple[str, str, str]) -> bytes:
    made, file = Workbook(), io.BytesIO()
    for row in (("Shipment No.", "Shipping company", "Invoice No."), *rows):
        made.active.append(row)
    made.save(file)
    return file.getvalue()


def drop(page: Page, data: bytes, name: str) -> None:
    page.locator("input[type=file]").first.set_input_files(files=[{"name": name, "mimeType": "", "buffer": data}])


def rows(page: Page) -> Locator:
    return page.locator("tbody tr")


def test_an_open_form_comes_back_with_what_was_typed(page: Page, server: Server) -> None:
    page.goto(f"{server.base}/?warehouse={PLACE}")
    rows(page).filter(has_text=SHIPMENTS[0]).get_by_role("button", name="Register").click()
    form = page.get_by_role("dialog")
    choose(form, "Shipping company", "CJ Logistics")
    form.get_by_label("Invoice No.").fill(NUMBERS[0])
    restarted(page, server, lambda: expect(form.get_by_role("button", name="Register invoice")).to_be_disabled())
    told(page, f"The connection was lost. Nothing was saved on {SHIPMENTS[0]}.")
    expect(form.get_by_role("combobox", name="Shipping company")).to_have_value("CJ Logistics")
    expect(form.get_by_label("Invoice No.")).to_have_value(NUMBERS[0])
    page.reload()
    told(page, f"The page was loaded anew. Nothing was saved on {SHIPMENTS[0]}.")
    expect(form.get_by_label("Invoice No.")).to_have_value(NUMBERS[0])
    choose(form, "Shipping company", "CJ Logistics")
    form.get_by_role("button", name="Register invoice").click()
    expect(page.get_by_text(f"{NUMBERS[0]} is registered on {SHIPMENTS[0]}")).to_be_visible()
    server.registered[SHIPMENTS[0]] = NUMBERS[0]
    expect(page.get_by_text("Nothing was saved")).to_have_count(0)
    page.reload()
    expect(rows(page).first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.long(KINDS)
def test_an_upload_preview_is_gone_and_says_so(page: Page, server: Server) -> None:
    page.goto(f"{server.base}/upload")
    drop(page, book((SHIPMENTS[1], "CJ", NUMBERS[1])), "today.xlsx")
    register = page.get_by_role("button", name="Register 1 shipment")
    expect(register).to_be_enabled()
    restarted(page, server, lambda: expect(register).to_be_disabled())
    told(page, "The connection was lost. Nothing was registered. Choose the file again.")
    expect(register).to_have_count(0)
    drop(page, book((SHIPMENTS[1], "CJ", NUMBERS[1])), "today.xlsx")
    register.click()
    told(page, "1 shipment registered.")
    server.registered[SHIPMENTS[1]] = NUMBERS[1]
    restarted(page, server)
    told(page, re.compile(r"The connection was lost\. 1 shipment of today\.xlsx was registered at \d\d:\d\d, as batch B-\d+\."))


@pytest.mark.long(KINDS)
def test_a_grid_comes_back_with_what_was_typed_before_and_while_the_server_was_away(page: Page, server: Server) -> None:
    page.goto(f"{server.base}/?warehouse={PLACE}&sort=shipment_no&dir=asc")
    for number in SHIPMENTS[2:5]:
        rows(page).filter(has_text=number).get_by_role("checkbox").check()
    page.get_by_role("button", name="Enter 3 invoices").click()
    grid = page.get_by_role("dialog")
    boxes = grid.get_by_role("textbox")
    grid.locator("tbody tr").first.get_by_role("combobox").select_option("CJ Logistics")
    boxes.nth(0).fill(NUMBERS[2])
    expect(grid.get_by_text("Ready")).to_be_visible()
    restarted(page, server, lambda: boxes.nth(1).fill("12"))
    told(page, "The connection was lost. Nothing was registered. What you typed is still here.")
    expect(grid.get_by_text("Ready")).to_be_visible()
    page.reload()
    told(page, "The page was loaded anew. Nothing was registered. What you typed is still here.")
    expect(boxes.nth(0)).to_have_value(NUMBERS[2])
    expect(boxes.nth(1)).to_have_value("12")
    grid.get_by_role("button", name="Register 1 shipment").click()
    expect(grid.get_by_text("1 shipment registered as batch")).to_be_visible()
    server.registered[SHIPMENTS[2]] = NUMBERS[2]
    expect(boxes.nth(0)).to_have_value("12")


def shipments(count: int, stem: str) -> bytes:
    lines = [f"{stem}-{n},O-{stem}-{n},2026-11-10T18:00:00+09:00,KR" for n in range(count)]
    return "\n".join(["shipment_no,order_no,ordered_at,country", *lines]).encode()


@pytest.mark.long(KINDS)
def test_an_import_says_whether_it_was_written(page: Page, server: Server) -> None:
    page.goto(f"{server.base}/data")
    drop(page, shipments(3, "SMALL"), "small.csv")
    start = page.get_by_role("button", name="Import 3 shipments")
    expect(start).to_be_enabled()
    restarted(page, server, lambda: expect(start).to_be_disabled())
    told(page, "The connection was lost. Nothing was imported. Choose the file again.")
    expect(page.get_by_text("small.csv")).to_have_count(0)
    drop(page, shipments(20_000, "LARGE"), "large.csv")
    page.get_by_role("button", name="Import 20,000 shipments").click()
    expect(page.get_by_text("Writing").or_(page.get_by_text("imported as one batch")).first).to_be_visible()
    restarted(page, server)
    said = re.compile(r"The connection was lost\. (Nothing was imported|20,000 shipments of large\.csv were imported)")
    server.written = "20,000" in page.get_by_test_id("stAlert").filter(has_text=said).inner_text()


def test_scans_while_the_server_is_away_are_shown_as_not_sent_and_saved_once(page: Page, server: Server) -> None:
    page.goto(f"{server.base}/register")
    expect(page.get_by_label("1 · Shipment No.")).to_be_focused()
    page.keyboard.type(f"{SHIPMENTS[5]}\n{NUMBERS[5]}\n")
    expect(rows(page).filter(has_text=NUMBERS[5])).to_contain_text("Registered")

    def scan() -> None:
        page.keyboard.type(f"{SHIPMENTS[6]}\n{NUMBERS[6]}\n{SHIPMENTS[7]}\n{NUMBERS[7]}\n{SHIPMENTS[8]}\n{NUMBERS[8][:5]}")
        expect(page.get_by_role("listitem").filter(has_text=f"{SHIPMENTS[6]} · {NUMBERS[6]}")).to_be_visible()
        expect(page.get_by_role("listitem").filter(has_text=f"{SHIPMENTS[7]} · {NUMBERS[7]}")).to_be_visible()

    restarted(page, server, scan)
    for shipment_no, number in zip(SHIPMENTS[5:8], NUMBERS[5:8], strict=True):
        expect(rows(page).filter(has_text=number)).to_have_count(1)
        expect(rows(page).filter(has_text=number)).to_contain_text("Registered")
        server.registered[shipment_no] = number
    expect(page.get_by_text("Not sent yet")).to_have_count(0)
    page.reload()
    expect(page.get_by_label("1 · Shipment No.")).to_have_value(SHIPMENTS[8])
    expect(page.get_by_label("2 · Invoice No.")).to_have_value(NUMBERS[8][:5])
    expect(rows(page).filter(has_text=NUMBERS[5]).get_by_role("button", name="Undo")).to_be_visible()


def test_a_cut_connection_comes_back_to_the_same_preview_and_the_same_boxes(page: Page, server: Server) -> None:
    wire = Wire(server.port)
    page.goto(f"{wire.base}/upload")
    drop(page, book((SHIPMENTS[9], "CJ", NUMBERS[9])), "later.xlsx")
    register = page.get_by_role("button", name="Register 1 shipment")
    expect(register).to_be_enabled()
    wire.cut()
    expect(offline(page)).to_be_visible()
    expect(register).to_be_disabled()
    wire.mended.set()
    expect(offline(page)).to_be_hidden()
    register.click()
    told(page, "1 shipment registered.")
    server.registered[SHIPMENTS[9]] = NUMBERS[9]
    expect(page.get_by_text("The connection was lost")).to_have_count(0)

    page.get_by_role("link", name="Register").click()
    expect(page.get_by_label("1 · Shipment No.")).to_be_focused()
    wire.cut()
    expect(offline(page)).to_be_visible()
    page.keyboard.type(f"{SHIPMENTS[10]}\n{NUMBERS[10]}\n")
    expect(page.get_by_text("Not sent yet")).to_be_visible()
    wire.mended.set()
    expect(rows(page).filter(has_text=NUMBERS[10])).to_contain_text("Registered")
    server.registered[SHIPMENTS[10]] = NUMBERS[10]
    wire.close()


def test_a_server_that_hangs_is_noticed_by_who_waits_for_its_answer(page: Page, server: Server) -> None:
    page.goto(f"{server.base}/register")
    expect(page.get_by_label("1 · Shipment No.")).to_be_focused()
    assert server.process
    server.process.send_signal(signal.SIGSTOP)
    try:
        page.keyboard.type(f"{SHIPMENTS[11]}\n{NUMBERS[11]}\n")
        expect(offline(page)).to_be_visible()
        expect(page.get_by_role("listitem").filter(has_text=f"{SHIPMENTS[11]} · {NUMBERS[11]}")).to_be_visible()
    finally:
        server.process.send_signal(signal.SIGCONT)
    expect(offline(page)).to_be_hidden()
    expect(rows(page).filter(has_text=NUMBERS[11])).to_have_count(1)
    expect(rows(page).filter(has_text=NUMBERS[11])).to_contain_text("Registered")
    server.registered[SHIPMENTS[11]] = NUMBERS[11]


def test_everything_that_was_told_stands_in_the_file(server: Server) -> None:
    server.kill()
    invoices = f"SELECT shipment_no, invoice_no FROM shipment WHERE warehouse = '{PLACE}' AND invoice_no IS NOT NULL"
    assert server.stands_there(invoices) == server.registered
    imported = "SELECT split_part(shipment_no, '-', 1), count(*) FROM shipment WHERE order_no LIKE 'O-LARGE-%' GROUP BY 1"
    assert server.stands_there(imported) == ({"LARGE": 20_000} if server.written else {})
