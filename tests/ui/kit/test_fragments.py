"""No part of a page runs by itself without asking first who is here."""

import ast
from pathlib import Path

import pytest

from core.config import ROOT

ASKS_FIRST = ROOT / "core" / "ui" / "kit" / "fragments.py"
SOURCES = [path for path in (*(ROOT / "core").rglob("*.py"), *(ROOT / "pages").rglob("*.py")) if path != ASKS_FIRST]


def bare(source: str) -> list[int]:
    """The lines that make a fragment or a dialog of Streamlit itself."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if (
            isinstance(node, ast.Attribute)
            and node.attr in ("fragment", "dialog")
            and ast.unparse(node.value) in ("st", "streamlit")
        )
        or (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("streamlit") and _takes_one(node))
    ]


def _takes_one(node: ast.ImportFrom) -> bool:
    return any(name.name in ("fragment", "dialog", "experimental_fragment") for name in node.names)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(Path(path).relative_to(ROOT)))
def test_every_fragment_goes_through_the_one_that_asks(path: Path) -> None:
    assert bare(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source", ["@st.fragment\ndef f(): pass", "st.dialog('x')(f)", "from streamlit import fragment", "streamlit.fragment(f)"]
)
def test_a_bare_one_is_noticed(source: str) -> None:
    assert bare(source)


def test_ours_is_not() -> None:
    assert not bare("fragments.dialog('x')(f)\n@fragment()\ndef g(): pass")
