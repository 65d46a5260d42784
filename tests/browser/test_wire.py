"""What comes over the wire: everything personal on the desk is a marker, and no marker reaches a viewer's browser by any way."""

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import pyarrow.parquet
import pytest
from playwright.sync_api import Locator, Page, Request, WebSocket, expect

from core.store.database import Store
from tests.planted import MARKERS, markers_in, plant

SHIPMENTS = ("S-1", "S-2", "S-3", "S-4", "S-5")
SETTINGS = {"SHIPDESK_COUNTRY": "KR", "SHIPDESK_USER": "Hana Seo", "SHIPDESK_SANDBOX": "off"}


class Wire:
    """All that a page gets: frames of its websockets, heads of answers, the answers to machines, files."""

    def __init__(self, page: Page) -> None:
        self.heard: list[bytes] = []
        page.on("websocket", self._listen)
        page.on("response", lambda answer: self.heard.append(f"{answer.url} {answer.headers}".encode()))
        page.on("requestfinished", self._rows)
        page.on("console", lambda said: self.heard.append(said.text.encode()))

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.heard.append(frame.encode() if isinstance(frame, str) else frame))

    def _rows(self, request: Request) -> None:
        """What the table asked itself."""
        answer = request.response()
        if answer and request.url.endswith("/list"):
            self.heard.append(answer.body())

    def take(self, file: Path) -> None:
        """A file that was downloaded, unpacked."""
        data = file.read_bytes()
        if file.suffix == ".parquet":
            data = repr(pyarrow.parquet.read_table(io.BytesIO(data)).to_pylist()).encode()
        elif zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as packed:
                data = b"".join(packed.read(name) for name in packed.namelist())
        self.heard.append(data + file.name.encode())

    def ask(self, page: Page, address: str) -> None:
        """An answer that is read by machines, whole."""
        answer = page.goto(address)
        assert answer and answer.ok
        self.heard.append(answer.body())

    @property
    def markers(self) -> list[str]:
        """Those that were heard."""
        return markers_in(b"\n".join(self.heard).decode("utf-8", "replace"))


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    def planted() -> Path:
        path = tmp_path_factory.mktemp("wire") / "shop.duckdb"
        plant(Store.open(path)).close()
        return path

    return planted


@pytest.fixture(scope="module")
def viewer(serve: Callable[..., str], database: Callable[[], Path]) -> str:
    return serve("tests/browser/viewer_app.py", SETTINGS | {"SHIPDESK_DB": str(database())})


@pytest.fixture(scope="module")
def staff(serve: Callable[..., str], database: Callable[[], Path]) -> str:
    return serve("app.py", SETTINGS | {"SHIPDESK_DB": str(database())})


@pytest.fixture
def wire(page: Page) -> Iterator[Wire]:
    yield Wire(page)


def drawn(page: Page, address: str) -> None:
    page.goto(address)
    settled(page)


def settled(page: Page) -> None:
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")


def row(page: Page, shipment_no: str) -> Locator:
    return page.locator(f'tr[data-id="{shipment_no}"]')


def download(page: Page, wire: Wire, folder: Path, kind: str) -> None:
    page.get_by_role("button", name=re.compile("Export")).first.click()
    with page.expect_download() as file:
        page.get_by_role("button", name=re.compile(kind)).click()
    target = folder / file.value.suggested_filename
    file.value.save_as(target)
    wire.take(target)
    page.keyboard.press("Escape")


def walk_lists(page: Page, base: str, wire: Wire, folder: Path) -> None:
    """The list in every order and under every key, with its drawers and its files."""
    drawn(page, f"{base}/?tab=all")
    expect(row(page, "S-1")).to_be_visible()
    for query in (
        "sort=recipient&dir=asc",
        "q=S-1,S-99",
        "key=order_no&q=O-1",
        "key=recipient",
        "rows=25",
        "dest=international",
    ):
        drawn(page, f"{base}/?tab=all&{query}")
    drawn(page, f"{base}/?tab=all")
    for number in ("S-1", "S-4"):
        for control in ("open", "history", "view"):
            expect(row(page, number)).to_be_visible()
            pressed = row(page, number).locator(f'[data-control="{control}"]')
            if control != "open" and not pressed.count():
                continue
            pressed.click()
            expect(page.get_by_role("dialog").get_by_role("link", name="Open as a page")).to_be_visible()
            settled(page)
            page.keyboard.press("Escape")
            expect(page.get_by_role("dialog")).to_have_count(0)
            settled(page)
    for kind in ("Excel", "CSV", "Parquet"):
        download(page, wire, folder, kind)


def walk_ahead(page: Page, base: str) -> None:
    """Rows that the table asks itself, before and at a press."""
    for query in ("tab=all", "tab=all&sort=recipient&dir=asc"):
        drawn(page, f"{base}/?{query}")
        for name in ("order_no", "shipment_no"):
            with page.expect_response(lambda answer: answer.url.endswith("/list")):
                page.locator(f"[data-sort={name}]").click()
            expect(page).to_have_url(re.compile(f"sort={name}"))
            settled(page)


def walk_shipments(page: Page, base: str) -> None:
    for number in SHIPMENTS:
        drawn(page, f"{base}/shipment?no={number}")
        expect(page.get_by_text("Ship to")).to_be_visible()
        page.locator('[data-control="history"]').click()
        settled(page)


def walk_other_pages(page: Page, base: str, wire: Wire) -> None:
    for name in ("overview", "delays", "carriers", "data", "register", "upload"):
        drawn(page, f"{base}/{name}")
    drawn(page, f"{base}/register")
    if box := page.get_by_role("textbox").all():
        box[0].fill("S-1")
        box[0].press("Enter")
        settled(page)
    drawn(page, f"{base}/delays")
    sql = page.get_by_test_id("stExpander").filter(has_text="Ask in SQL")
    sql.locator("summary").click()
    query = sql.get_by_role("textbox", name="Query")
    query.fill("SELECT * FROM shipment_facts")
    query.press("Control+Enter")
    expect(sql.get_by_text("5 rows", exact=True)).to_be_visible()
    for path in ("healthz", "metrics"):
        wire.ask(page, f"{base}/{path}")


@pytest.mark.parametrize("walk", ["lists", "ahead", "shipments", "pages"])
def test_a_viewers_browser_never_holds_anything_personal(
    page: Page, wire: Wire, viewer: str, tmp_path: Path, walk: str
) -> None:
    walked(page, viewer, wire, tmp_path, walk)
    assert len(wire.heard) > 20
    assert wire.markers == []


@pytest.mark.parametrize(
    "walk",
    [
        "ahead",
        "shipments",
        *(
            pytest.param(walk, marks=pytest.mark.long("the other walks show that markers are heard"))
            for walk in ("lists", "pages")
        ),
    ],
)
def test_a_staff_members_does_so_that_this_is_a_proof(page: Page, wire: Wire, staff: str, tmp_path: Path, walk: str) -> None:
    walked(page, staff, wire, tmp_path, walk)
    assert set(wire.markers) >= {"Qumark", "Zorp"}


def walked(page: Page, base: str, wire: Wire, folder: Path, walk: str) -> None:
    match walk:
        case "lists":
            walk_lists(page, base, wire, folder)
        case "ahead":
            walk_ahead(page, base)
        case "shipments":
            walk_shipments(page, base)
        case "pages":
            walk_other_pages(page, base, wire)


def test_a_viewer_is_told_why_recipients_are_not_searched(page: Page, wire: Wire, viewer: str) -> None:
    drawn(page, f"{viewer}/?tab=all&key=recipient&q={quote(MARKERS[0])}")
    expect(page.get_by_text("This is for staff and admins. You are here as viewer").first).to_be_visible()
    expect(page.get_by_role("searchbox", name="Search")).to_be_disabled()
