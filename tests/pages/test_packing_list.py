"""The packing list as it runs."""

from collections.abc import Iterator

import pytest

from core.config import Settings
from core.domain.people import Person, Role
from core.domain.personal import MASK
from tests.builders import a_shipment, add
from tests.screens import a_shop, again, buttons, desk, drawn, opened, words


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("packing"), SHIPDESK_SANDBOX="off"):
        add(desk().store, a_shipment("PACK-1", request="Ring twice"))
        yield


def taken() -> int:
    """How often somebody took personal data."""
    return int(desk().store.rows("SELECT count(*) AS n FROM export")[0]["n"])


def test_each_shipment_is_told_with_its_bars_goods_and_recipient() -> None:
    [told] = drawn(opened("packing_list", no="PACK-1"), "packing_list")["shipments"]
    assert told["id"] == "PACK-1" and set(told["bars"]) <= set("1234")
    assert told["items"] and told["request"] == "Ring twice" and told["recipient"]


def test_a_viewer_gets_the_goods_and_no_recipient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "local", property(lambda _: Person("Vera", Role.VIEWER)))
    [told] = drawn(opened("packing_list", no="PACK-1"), "packing_list")["shipments"]
    assert told["request"] == MASK and MASK in told["recipient"]


def test_a_redraw_is_no_other_opening_and_a_new_tab_is() -> None:
    before = taken()
    app = opened("packing_list", no="PACK-1")
    again(app)
    assert taken() == before + 1
    opened("packing_list", no="PACK-1")
    assert taken() == before + 2


def test_without_shipments_it_says_where_to_choose_them() -> None:
    app = opened("packing_list", no="nothing")
    assert "[Packing list]" in words(app)


def test_the_list_offers_it() -> None:
    assert "Packing list" in buttons(opened())
