"""What a dropped file is taken for: said, to be overruled, and brought to the page that takes it."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.config import ROOT
from core.ui.data import import_run
from core.ui.data.taking import PASSWORD
from tests import workbook_builders as books
from tests.screens import a_shop, buttons, desk, given, opened, pressed, rows, words
from tests.ui.data.test_importing import a_file, column, exists, uploaded

pytestmark = pytest.mark.usefixtures("read_here")
ORDERS = ROOT / "tests" / "data" / "orders"


@pytest.fixture(autouse=True)
def nothing_before() -> Iterator[None]:
    """What another test imported is not found again."""
    yield
    import_run.forget(desk())


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("taking")):
        yield


def dropped(name: str) -> AppTest:
    return given(opened("data"), "import:file", (ORDERS / name).read_bytes(), name)


def what(app: AppTest) -> str:
    return str(next(box for box in app.selectbox if box.label == "What the file is").value)


@pytest.mark.parametrize(
    ("name", "layout"),
    [
        ("naver_smartstore_72_numeric.xlsx", "naver"),
        ("rakuten_rms_cp932.csv", "rakuten"),
        ("shopify_orders_export.csv", "shopify"),
    ],
)
def test_a_known_file_needs_no_columns_to_be_matched(name: str, layout: str) -> None:
    app = dropped(name)
    assert what(app) == layout
    assert not app.multiselect
    assert any(label.startswith("Import ") for label in buttons(app))


def test_the_person_can_say_that_it_is_something_else() -> None:
    app = dropped("qoo10_utf8bom.csv")
    next(box for box in app.selectbox if box.label == "What the file is").set_value("").run()
    assert len(app.multiselect) > 20


def test_columns_matched_by_hand_are_remembered_by_their_heads() -> None:
    odd = a_file({"shipment_no": "T-1"}).replace(b"shipment_no", b"Paketkennung").replace(b"country", b"Zielland")
    app = uploaded(odd)
    column(app, "shipment_no").set_value(["Paketkennung"]).run()
    column(app, "country").set_value(["Zielland"]).run()
    pressed(app, "import:go")
    assert exists("T-1")
    import_run.forget(desk())
    again = uploaded(odd.replace(b"T-1", b"T-2"))
    assert column(again, "shipment_no").value == ["Paketkennung"]
    pressed(again, "import:go")
    assert exists("T-2")


def test_a_country_that_is_missing_is_asked_for_once() -> None:
    file = b"shipment_no,order_no,ordered_at,recipient\nT-3,O-3,2026-11-10,Mia\nT-4,O-4,2026-11-10,Ben\n"
    app = uploaded(file)
    box = next(box for box in app.selectbox if box.label.startswith("Country"))
    assert box.value == "KR"
    box.set_value("JP").run()
    pressed(app, "import:go")
    found = desk().store.rows("SELECT country FROM shipment WHERE shipment_no IN ('T-3', 'T-4')")
    assert [row["country"] for row in found] == ["JP", "JP"]


def test_a_locked_file_asks_for_its_password_and_opens_with_it() -> None:
    locked = books.locked((ORDERS / "naver_smartstore_72_text.xlsx").read_bytes(), "0000")
    app = given(opened("data"), "import:file", locked, "locked.xlsx")
    assert "import:go" not in [button.key for button in app.button]
    app.text_input(key=PASSWORD).set_value("wrong")
    next(button for button in app.button if button.label == "Open the file").click().run()
    assert "This password does not open the file" in words(app)
    app.text_input(key=PASSWORD).set_value("0000")
    next(button for button in app.button if button.label == "Open the file").click().run()
    assert what(app) == "naver"
    assert rows(app, "import:rows")[0]["order_no"] == "2026112890000011"
    assert PASSWORD not in app.session_state


@pytest.mark.parametrize("name", ["yamato_b2_issued_cp932.csv", "next_engine_shipped_cp932.csv"])
def test_a_list_of_numbers_is_for_the_upload_page(name: str) -> None:
    app = dropped(name)
    assert "Open it on Upload" in buttons(app)
    assert "import:go" not in [button.key for button in app.button]


def test_a_workbook_of_invoices_is_for_the_upload_page() -> None:
    app = given(opened("data"), "import:file", books.GOOD, "invoices.xlsx")
    assert "Open it on Upload" in buttons(app)


def test_orders_on_the_upload_page_are_for_the_data_page() -> None:
    app = given(opened("upload"), "upload:file", (ORDERS / "coupang_DeliveryList_40.xlsx").read_bytes(), "DeliveryList.xlsx")
    assert "Open it on Data" in buttons(app)
