"""How much a function is told: what travels together is one value."""

import ast

import pytest

from tests.test_architecture import SOURCES, module_of

MOST_TOLD = 6
MOST_LONG = 13


def long_ones(source: str) -> list[str]:
    """The functions with more parameters than that; the object a method belongs to is none."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            names = [one.arg for one in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]
            if len([name for name in names if name not in ("self", "cls")]) > MOST_TOLD:
                found.append(node.name)
    return found


def test_few_functions_take_more_than_six_parameters() -> None:
    found = [f"{module_of(path)}.{name}" for path in SOURCES for name in long_ones(path.read_text(encoding="utf-8"))]
    assert len(found) <= MOST_LONG, found


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(a, b, c, d, e, f): pass", []),
        ("def f(a, b, c, d, e, *, f, g): pass", ["f"]),
        ("class C:\n    def f(self, a, b, c, d, e, f): pass", []),
    ],
)
def test_parameters_are_counted_without_the_object_itself(source: str, names: list[str]) -> None:
    assert long_ones(source) == names
