"""The Register page as it runs."""

from collections.abc import Iterator

import pytest

from core.ui.register.unregistered import SHOWN
from tests.builders import RULES, a_shipment, add, the
from tests.screens import a_shop, desk, drawn, opened, rows, words


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("register")):
        yield


def test_the_boxes_offer_every_company_and_the_warehouses_in_use() -> None:
    boxes = drawn(opened("register"), "scan_boxes")
    assert [code for code, _ in boxes["companies"]] == list(RULES.carriers)
    assert boxes["warehouses"] and boxes["warehouse"] == ""


def test_before_the_first_scan_nothing_is_listed_and_the_keys_are_explained() -> None:
    said = words(opened("register"))
    assert "Nothing has been scanned yet." in said
    assert "`Ctrl+Enter` save" in said


def test_before_the_first_scan_what_waits_longest_is_a_press_away() -> None:
    add(desk().store, *(a_shipment(f"W-{place}") for place in range(SHOWN)))
    numbers = [row["id"] for row in rows(opened("register"), "waiting_longest")]
    assert len(numbers) == SHOWN
    waiting = [the(desk().store, number) for number in numbers]
    assert not any(one.invoice for one in waiting)
    since = [one.state.since for one in waiting]
    assert since == sorted(since)


def test_what_waits_in_another_warehouse_is_not_listed() -> None:
    add(desk().store, a_shipment("W-HERE", warehouse="HERE"))
    assert [row["id"] for row in rows(opened("register", warehouse="HERE"), "waiting_longest")] == ["W-HERE"]
