"""Numbers go back on the Data page: what a source was not told, its file, and the last one again."""

from collections.abc import Iterator

import pytest

from core.config import ROOT
from core.ui.data.handback import GIVEN
from tests.screens import a_shop, again, buttons, desk, downloads, given, opened, pressed, rows
from tests.services.handback.test_handback import FIRST, HANJIN, register

COUPANG = ROOT / "tests" / "data" / "orders" / "coupang_DeliveryList_40.xlsx"


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("handback")):
        yield


def test_an_order_file_is_said_and_imported_and_its_numbers_go_back_and_can_be_had_again() -> None:
    app = given(opened("data"), "import:file", COUPANG.read_bytes(), COUPANG.name)
    assert any("Coupang Wing" in one.value for one in app.caption)
    assert [row["order_no"] for row in rows(app, "import:rows")] == ["30000000000001", "30000000000002", "30000000000003"]
    pressed(app, "import:go")
    register(desk().store, (FIRST, "Hanjin", HANJIN))
    app = opened("data")
    assert [row["number"] for row in rows(app, "handback:rows:coupang")] == [HANJIN]
    pressed(app, "handback:make:coupang")
    assert len(app.session_state[GIVEN].files) == 1
    assert any(label.startswith("Download coupang") for label in downloads(app))
    assert "Hand over 1 number" not in buttons(again(app))
    pressed(app, "handback:again:coupang")
    assert any(label.startswith("Download coupang") for label in downloads(app))
