"""The Shipment page as it runs: one shipment by its link."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from tests.builders import a_shipment, add, an_invoice, the
from tests.screens import a_shop, buttons, desk, drawn, opened, pressed, words


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


def order_of(app: AppTest, *texts: str) -> list[str]:
    """These texts as they come down the page: running text, labels of boxes and of buttons."""
    said = [str(getattr(part, "value", None) or "") + str(getattr(part, "label", "")) for part in app.main]
    places = {text: next(place for place, part in enumerate(said) if text in part.replace("\\", "")) for text in texts}
    return sorted(texts, key=places.__getitem__)


def test_the_clerk_checks_address_warehouse_policy_and_option_before_the_form() -> None:
    add(desk().store, a_shipment("B-4", warehouse="Gimpo", policy="Express", option="Door"))
    app = opened("shipment", no="B-4")
    assert order_of(app, "Invoice No.", "Policy Express", "12 Byeolbit-ro") == [
        "12 Byeolbit-ro",
        "Policy Express",
        "Invoice No.",
    ]
    assert "Edit address" in buttons(app)
    add(desk().store, a_shipment("B-5", invoice=an_invoice("568833612760")))
    app = opened("shipment", no="B-5")
    assert "Edit address" not in buttons(app)
    assert "The address is frozen" in words(app)


def test_what_is_said_of_a_press_stands_above_the_form_that_was_pressed() -> None:
    add(desk().store, a_shipment("B-6"))
    app = opened("shipment", no="B-6")
    app = pressed(app, "Register invoice")
    assert order_of(app, "12 Byeolbit-ro", "choose one", "Invoice No.") == ["12 Byeolbit-ro", "choose one", "Invoice No."]
    app = pressed(app, "to_address")
    app.text_input(key="address:recipient").set_value("")
    app = pressed(app, "Save address")
    assert order_of(app, "Recipient is empty", "12 Byeolbit-ro", "Invoice No.") == [
        "Recipient is empty",
        "12 Byeolbit-ro",
        "Invoice No.",
    ]
