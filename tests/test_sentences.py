"""What people are told is a reason of its subject: no error is raised with a text of its own."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.carriers.rules import RulesError
from core.domain.errors import ShipdeskError
from core.languages.gathering import gathered

ROOT = Path(__file__).parents[1]
FILES = sorted([ROOT / "app.py", *(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")])


def _names(of: type[ShipdeskError]) -> set[str]:
    return {of.__name__}.union(*map(_names, of.__subclasses__()))


def texts(source: str) -> Iterator[int]:
    """The lines where an error that a clerk can meet is made of a text instead of a reason."""
    errors = _names(ShipdeskError) | {RulesError.__name__}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in errors and node.args:
            told = node.args[0]
            if isinstance(told, ast.JoinedStr | ast.BinOp) or (isinstance(told, ast.Constant) and isinstance(told.value, str)):
                yield node.lineno


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_an_error_names_a_reason_and_brings_no_text_of_its_own(file: Path) -> None:
    assert list(texts(file.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("told", ["'No.'", "f'No {number}.'", "'No ' + number"])
def test_a_text_of_its_own_is_noticed(told: str) -> None:
    assert list(texts(f"raise Refused({told}, 'field')")) == [1]
    assert not list(texts("raise Refused(NumberFault.EMPTY(), 'field')"))


ONE_TEXT_SEVERAL_MEANINGS = {
    "Picked up",
    "First attempt",
    "Invoice registered",
    "Put together",
    "Back on the worklist",
    "At its limit",
}
"""A field and a stage, a moment and a success, what was done and what may be: the one may be reworded without the other."""


def test_a_text_of_several_words_stands_in_one_file() -> None:
    twice = {text for text, files in gathered().items() if " " in text and len(set(files)) > 1}
    assert twice == ONE_TEXT_SEVERAL_MEANINGS
