"""The columns of the list that somebody shows."""

import pytest

from core.domain.columns import ListColumn, shown
from core.ui.kit.table import SHIPMENT_COLUMNS


@pytest.mark.parametrize(
    ("chosen", "columns"),
    [
        (["status", "id"], ["status", "id"]),
        (["status", "carrier"], ["id", "status", "carrier"]),
        (["id", "moon", "status", "status"], ["id", "status"]),
    ],
)
def test_the_number_stays_and_what_is_no_column_is_left_out(chosen: list[str], columns: list[str]) -> None:
    assert list(shown(chosen)) == columns


@pytest.mark.parametrize("chosen", [[], ["moon"]])
def test_without_a_choice_all_are_shown(chosen: list[str]) -> None:
    assert shown(chosen) == tuple(ListColumn)


def test_they_are_the_columns_of_the_table_in_its_order() -> None:
    assert [column.key for column in SHIPMENT_COLUMNS] == list(ListColumn)
