"""Names that a newcomer may trust: one public class, one name."""

import ast
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from tests.test_architecture import ROOT, module_of

MOST_SHARED = 5


def shared(sources: Mapping[str, str]) -> dict[str, list[str]]:
    """The public classes that several of these modules define, each with the modules."""
    found: dict[str, list[str]] = defaultdict(list)
    for module, source in sources.items():
        for node in ast.parse(source).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(module)
    return {name: modules for name, modules in found.items() if len(modules) > 1}


def of_core() -> dict[str, str]:
    paths: list[Path] = sorted((ROOT / "core").rglob("*.py"))
    return {module_of(path): path.read_text(encoding="utf-8") for path in paths}


def test_few_public_classes_share_their_name() -> None:
    names = shared(of_core())
    assert len(names) <= MOST_SHARED, names


def test_a_shared_name_is_found_with_its_modules() -> None:
    sources = {"a": "class Answer: pass\nclass _Own: pass", "b": "class Answer: pass", "c": "class _Own: pass\nclass C: pass"}
    assert shared(sources) == {"Answer": ["a", "b"]}
