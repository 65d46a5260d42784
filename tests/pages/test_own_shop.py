"""From the demo shop to one's own by the Data page, and every page of a shop without a single shipment."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.config import ROOT, Settings
from core.domain.people import Person, Role
from core.services.keeping import own_shop as service
from core.ui.data import own_shop
from tests.builders import a_shipment, add
from tests.screens import a_shop, again, buttons, desk, given, opened, pressed, pressed_meanwhile, rows, words

INVENTED, FAULT = 50, ":material/error:"
PAGES = ("overview", "shipments", "register", "upload", "delays", "carriers", "data", "people", "packing_list")
ORDERS = ROOT / "tests" / "data" / "orders" / "coupang_DeliveryList_40.xlsx"


@pytest.fixture(autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("own"), INVENTED, SHIPDESK_SANDBOX="off"):
        yield


def begun() -> AppTest:
    """The Data page after the demo shop was taken out there."""
    app = pressed(pressed(opened("data"), "own_shop"), "own_shop:go")
    assert not app.error
    return again(app)


def test_the_page_says_what_is_invented_and_asks_before_it_goes() -> None:
    add(desk().store, a_shipment("OWN-1"))
    app = opened("data")
    assert f"This is the demo shop: {INVENTED} invented shipments" in words(app)
    assert "own_shop:go" not in {button.key for button in app.button}
    app = pressed(app, "own_shop")
    assert f"{INVENTED} invented shipments go" in words(app) and "1 shipment of your own stays" in words(app)
    assert app.button(key="own_shop:go").label == f"Remove the {INVENTED} invented shipments"
    app = again(pressed(app, "own_shop:go"))
    assert [success.value for success in app.success] == ["Drop the file of your orders below."]
    assert app.success[0].proto.title == f"{INVENTED} invented shipments are gone: the shop is your own now."
    assert "own_shop" not in {button.key for button in app.button} and "demo shop:" not in words(app)
    assert [row["shipment_no"] for row in desk().store.rows("SELECT shipment_no FROM shipment")] == ["OWN-1"]
    assert [row["source"] for row in rows(app, "batches")] == ["Own shop"]


@pytest.mark.parametrize("role", [Role.VIEWER, Role.STAFF])
def test_others_than_admins_see_why_they_cannot(role: Role, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "local", property(lambda _: Person("Vera", role)))
    button = opened("data").button(key="own_shop")
    assert button.disabled and "admin" in button.help


def test_two_presses_take_it_out_once(monkeypatch: pytest.MonkeyPatch) -> None:
    app = pressed(opened("data"), "own_shop")
    assert pressed_meanwhile(app, monkeypatch, (service, "begin_own_shop"), "own_shop:go", "own_shop:go") == 1
    assert not desk().is_demo


def test_what_stands_in_the_way_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    add(desk().store, a_shipment("OWN-1"))
    sql = "UPDATE shipment SET joined_no = (SELECT min(shipment_no) FROM shipment WHERE shipment_id = 1) WHERE shipment_no = 'OWN-1'"
    desk().store.write(lambda connection: connection.execute(sql) and None)
    app = again(pressed(pressed(opened("data"), "own_shop"), "own_shop:go"))
    assert [error.proto.title for error in app.error] == ["Nothing was removed"]
    assert "OWN-1" in app.error[0].value.replace("\\", "") and desk().is_demo


def test_an_import_into_the_demo_shop_says_where_its_orders_would_stand() -> None:
    among = "these orders would stand among 50 invented shipments"
    app = given(opened("data"), "import:file", ORDERS.read_bytes(), ORDERS.name)
    assert among in words(app) and "own_shop:import" in {button.key for button in app.button}
    app = again(pressed(pressed(app, "own_shop:import"), "own_shop:go"))
    assert among not in words(app) and "Import 3 shipments" in buttons(app)
    app = pressed(app, "import:go")
    assert not app.error
    assert desk().store.rows("SELECT count(*) AS n FROM shipment") == [{"n": 3}]


@pytest.mark.parametrize("page", PAGES)
def test_no_page_of_an_empty_shop_fails_and_those_of_shipments_lead_to_the_import(page: str) -> None:
    begun()
    app = opened(page)
    assert not app.exception
    assert FAULT not in {*(one.icon for one in app.error), *(one.value for one in app.markdown)}
    if page in ("overview", "shipments", "delays", "register"):
        assert "There are no shipments yet" in words(app)
        assert app.button(key="to_data").label == "Import shipments"


@pytest.mark.parametrize("link", [{"tab": "all"}, {"dest": "international"}, {"q": "S-1", "key": "shipment_no"}])
def test_no_link_into_an_empty_list_fails(link: dict[str, str]) -> None:
    begun()
    assert "There are no shipments yet" in words(opened("shipments", **link))


def test_the_page_of_a_shipment_that_is_gone_says_so_and_a_link_to_its_drawer_fails_nothing() -> None:
    [row] = desk().store.rows("SELECT min(shipment_no) AS no FROM shipment")
    begun()
    [warning] = opened("shipment", no=row["no"]).warning
    assert row["no"] in warning.proto.title.replace("\\", "")
    assert not opened("shipments", open=row["no"]).exception


def test_the_way_is_gone_in_every_other_window_too() -> None:
    other = opened("data")
    assert other.button(key="own_shop")
    begun()
    assert "own_shop" not in {button.key for button in again(other).button}
    assert own_shop.ASKING not in other.session_state
