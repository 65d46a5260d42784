"""The Register page as it runs."""

from collections.abc import Iterator

import pytest

from tests.builders import RULES
from tests.screens import a_shop, drawn, opened, words


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
