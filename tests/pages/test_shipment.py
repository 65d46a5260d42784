"""The Shipment page as it runs: one shipment by its link."""

from collections.abc import Iterator

import pytest

from tests.builders import a_shipment, add, an_invoice, the
from tests.screens import a_shop, desk, drawn, opened, words


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("shipment")):
        yield


def test_a_shipment_opens_by_its_link() -> None:
    add(desk().store, a_shipment("B-1", order_no="W-1", invoice=an_invoice()))
    app = opened("shipment", no="B-1")
    assert drawn(app, f"line:{the(desk().store, 'B-1').shipment_id}")["number"] == an_invoice().invoice_no
    assert "order W-1" in words(app)


def test_a_number_that_does_not_exist_is_said() -> None:
    app = opened("shipment", no="S-nothing")
    assert app.warning[0].value.startswith("Check the number")


def test_a_link_without_a_number_says_how_one_looks() -> None:
    assert "/shipment?no=" in opened("shipment").info[0].value


def test_the_other_shipments_of_the_order_are_a_press_away() -> None:
    add(desk().store, *(a_shipment(number, order_no="W-2") for number in ("B-2", "B-3")))
    app = opened("shipment", no="B-2")
    app.button(key=f"sibling:{the(desk().store, 'B-3').shipment_id}").click().run()
    assert app.header[0].value.replace("\\", "") == "Shipment B-3"
    assert app.query_params["no"] == "B-3"
