"""The page of one shipment as it runs, under whatever number the shop gave it."""

import csv
import io
from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core import runtime
from core.domain.clock import Clock
from core.domain.invoice_number import complete
from core.domain.search import Search, SearchKey
from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.sorting import Order
from core.domain.visit import Visit
from core.files import export
from core.files.write import Format
from core.services.shipments import queries, scan
from core.services.tracking import polling
from tests.builders import CJ, HANA, RULES, a_checkpoint, a_shipment, add, an_invoice, the
from tests.screens import again, opened, rows

HOSTILE = [
    "S__1", "__", "S'1\"", "<b>S</b>", "📦-1", "S" * 200, "../S-1", "100%-%s", "S 1&no=2#x", ":red[S]", "__proto__", "a/b//c?d=e#f", "{0}{n}",
    "%2F", "\\", "`$x$`",
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SHIPDESK_DB", str(tmp_path_factory.mktemp("shipment") / "shop.duckdb"))
        environment.setenv("SHIPDESK_DEMO_SHIPMENTS", "50")
        yield
        runtime.close()


@pytest.fixture(scope="module")
def hostile(shop: None) -> None:
    """For each number a shipment on its way and one that waits, in one order."""
    on_its_way = [
        a_shipment(number, order_no=f"O-{n}", invoice=an_invoice(CJ), scans=[a_checkpoint()])
        for n, number in enumerate(HOSTILE)
    ]
    waiting = [a_shipment(f"{number}.W", order_no=f"O-{n}") for n, number in enumerate(HOSTILE)]
    add(runtime.get().store, *on_its_way, *waiting)


def said(app: AppTest) -> str:
    return " ".join(element.value for element in (*app.markdown, *app.header, *app.caption, *app.warning))


@pytest.mark.parametrize("number", HOSTILE)
def test_a_shipment_is_shown_whole_under_any_number(hostile: None, number: str) -> None:
    app = opened("shipment", no=number)
    assert "could not be loaded" not in said(app)
    assert "**Tracking**" in said(app) and "**Ship to**" in said(app)
    assert "does not exist" not in said(app)
    app.button(key=f"refresh:{shipment_id(number)}").click().run()
    assert not app.exception and "could not be loaded" not in said(app)


@pytest.mark.parametrize("number", HOSTILE)
def test_an_invoice_is_registered_under_any_number(hostile: None, number: str) -> None:
    waiting, invoice_no = f"{number}.W", complete(RULES.carriers["cj"], f"63{700_000_000 + HOSTILE.index(number):09}")
    app = opened("shipment", no=waiting)
    form = f"entry:{shipment_id(waiting)}:register"
    app.selectbox(key=f"{form}:carrier").set_value("cj")
    app.text_input(key=f"{form}:number").set_value(invoice_no)
    next(button for button in app.button if button.label == "Register invoice").click()
    app.run()
    invoice = the(runtime.get().store, waiting).invoice
    assert invoice and invoice.invoice_no == invoice_no


def shipment_id(number: str) -> int:
    rows = runtime.get().store.rows("SELECT shipment_id FROM shipment WHERE shipment_no = $number", {"number": number})
    return int(rows[0]["shipment_id"])


@pytest.mark.parametrize("number", HOSTILE)
def test_a_shipment_is_listed_and_opened_over_the_list(hostile: None, number: str) -> None:
    app = opened(key="order_no", q=f"O-{HOSTILE.index(number)}", tab="all")
    assert number in [row["id"] for row in rows(app, "shipments")]
    app.session_state["drawer:open"], app.session_state["drawer:part"] = number, (number, "history")
    again(app)
    assert "could not be loaded" not in said(app) and "**Tracking**" in said(app) and "**History**" in said(app)


@pytest.mark.parametrize("screen", ["overview", "register", "upload", "delays", "carriers", "data"])
def test_every_page_is_whole_in_a_shop_with_such_numbers(hostile: None, screen: str) -> None:
    app = opened(screen)
    assert "could not be loaded" not in said(app) and "could not be shown" not in said(app)


@pytest.mark.parametrize("screen", ["overview", "delays", "carriers"])
def test_the_drawer_opens_over_every_page(hostile: None, screen: str) -> None:
    app = opened(screen)
    app.session_state["drawer:open"] = HOSTILE[0]
    again(app)
    assert "could not be loaded" not in said(app) and "**Tracking**" in said(app)


@pytest.mark.parametrize("form", Format)
def test_files_hold_every_number_as_it_is(hostile: None, form: Format) -> None:
    desk = runtime.get()
    clock = Clock(desk.now(), desk.settings.zone)
    wanted = Selection().but(tab=Tab.ALL, search=Search(SearchKey.ORDER_NO, tuple(f"O-{n}" for n in range(len(HOSTILE)))))
    table = queries.everything(desk.store, wanted, Order(), visit=Visit(HANA.person, clock), only=())
    data = export.export(table, form, rules=desk.rules, zone=clock.zone)
    assert data and set(table["shipment_no"].to_pylist()) >= set(HOSTILE)
    if form is Format.CSV:
        written = next(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
        assert written


@pytest.mark.parametrize("number", HOSTILE)
def test_a_scanned_slip_finds_it_and_a_refresh_names_it(hostile: None, number: str) -> None:
    desk = runtime.get()
    found = scan.find(desk.store, number, person=HANA.person)
    assert found and found.shipment_no == number
    assert polling.refresh_now(desk.tracker, [number], person=HANA.person).unknown == 0
