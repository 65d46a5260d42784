"""Goods that stand side by side in one row, as older exports of WooCommerce have them."""

import pytest

from core.files.goods_columns import GoodsColumns, spread
from core.files.source import Source, known_faults

GOODS = GoodsColumns("line_item_", "line_items", ("name", "sku", "quantity"), "quantity", "refunded_qty")
MUG, BOWL = "name:Blue Mug|product_id:12|sku:MUG|quantity:2|total:9.00", "name:Bowl|sku:|quantity:1"


def a_source(*rows: dict[str, str]) -> Source:
    heads = tuple(dict.fromkeys(head for row in rows for head in row))
    return Source(
        "orders.csv", "", heads, tuple([row.get(head, "") for row in rows] for head in heads), range(2, 2 + len(rows))
    )


def lines(*rows: dict[str, str]) -> list[tuple[str, ...]]:
    """Order, name, SKU and quantity of each row afterwards."""
    found = spread(a_source(*rows), GOODS)
    assert found.headers == ("order", "line_item_name", "line_item_sku", "line_item_quantity")
    return list(zip(*found.columns, strict=True))


def test_each_of_the_goods_gets_a_row_of_its_own_under_the_number_of_the_order() -> None:
    rows = {"order": "1", "line_item_1": MUG, "line_item_2": BOWL}, {"order": "2", "line_item_1": BOWL, "line_item_2": ""}
    assert lines(*rows) == [("1", "Blue Mug", "MUG", "2"), ("1", "Bowl", "", "1"), ("2", "Bowl", "", "1")]
    assert spread(a_source(*rows), GOODS).rows == [2, 2, 3]


def test_all_may_stand_in_one_cell() -> None:
    assert lines({"order": "1", "line_items": f"id:1|{MUG};id:2|{BOWL}"}) == [
        ("1", "Blue Mug", "MUG", "2"),
        ("1", "Bowl", "", "1"),
    ]


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        (r"name:A \| B\; C|sku:X|quantity:1", ("A | B; C", "X", "1")),
        ("name:Tea: green|sku:|quantity:2|tax:a:2:{s:5}", ("Tea: green", "", "2")),
        ("name:A|sku:X|quantity:3|refunded_qty:-1", ("A", "X", "2")),
        ("name:A|sku:X|quantity:3|refunded_qty:3", ("A", "X", "0")),
        ("name:A|sku:X|quantity:many", ("A", "X", "many")),
        ("2 x Blue Mug", ("2 x Blue Mug", "", "")),
        ("", ("", "", "")),
    ],
)
def test_a_cell_is_read_as_it_is_written(cell: str, line: tuple[str, ...]) -> None:
    assert lines({"order": "1", "line_item_1": cell}) == [("1", *line)]


def test_what_cannot_be_trusted_is_not_trusted_in_any_of_the_rows() -> None:
    source = a_source(
        {"order": "1", "line_item_1": MUG, "line_item_2": BOWL}, {"order": "2", "line_item_1": MUG, "line_item_2": ""}
    )
    doubted = Source(
        source.name, "", source.headers, source.columns, source.rows, known=known_faults(source, [], [0, 1], {1: "odd"})
    )
    assert spread(doubted, GOODS).broken == {2: "odd"}


def test_a_file_without_such_columns_stays_as_it_is() -> None:
    source = a_source({"order": "1", "name": MUG})
    assert spread(source, GOODS) is source
