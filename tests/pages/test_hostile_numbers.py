"""The page of one shipment as it runs, under whatever number the shop gave it."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core import runtime
from core.domain.invoice_number import complete
from tests.builders import CJ, RULES, a_checkpoint, a_shipment, add, an_invoice, the
from tests.screens import opened

HOSTILE = ["S__1", "__", "S'1\"", "<b>S</b>", "📦-1", "S" * 120, "../S-1", "100%-%s", "S 1&no=2#x", ":red[S]", "__proto__"]


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
    assert "**Tracking**" in said(app) and "**History**" in said(app) and "**Ship to**" in said(app)
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
