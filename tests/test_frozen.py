"""A frozen value does not change: none of its fields is said to be a list, a dict or a set; rows of the store are read only."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
CHANGING = {"list", "dict", "set", "defaultdict", "Counter", "deque", "bytearray"}
COUNTS = {"Speech.missing"}
"""What was missing is counted in the one value that all readers of a language share."""


def changing(source: str) -> list[str]:
    """The fields of frozen dataclasses that hold something that can be changed."""
    return [
        f"{node.name}.{ast.unparse(one.target)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ClassDef) and any("frozen=True" in ast.unparse(mark) for mark in node.decorator_list)
        for one in node.body
        if isinstance(one, ast.AnnAssign)
        and {name.id for name in ast.walk(one.annotation) if isinstance(name, ast.Name)} & CHANGING
    ]


def test_no_frozen_value_can_be_changed() -> None:
    found = [name for file in sorted((ROOT / "core").rglob("*.py")) for name in changing(file.read_text(encoding="utf-8"))]
    assert [name for name in found if name not in COUNTS] == []


def test_a_list_in_a_frozen_value_is_noticed() -> None:
    value = "@dataclass(frozen=True)\nclass Page:\n    rows: {}\n    total: int\n"
    assert changing(value.format("list[int]")) == ["Page.rows"]
    assert changing(value.format("Sequence[int]")) == []
    assert changing(value.format("list[int]").replace("frozen=True", "slots=True")) == []
