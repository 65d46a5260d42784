"""What there is to translate, gathered from the code: sentences of reasons, vocabularies, worded fields, and what is marked."""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from core.domain.language import Language
from core.languages import file_of

SOURCES = Path(__file__).parents[2]
MARKS = ("tr", "marked")
_IN_WORDS = re.compile(r"[A-Za-z]{2}.*[ .]|[A-Z][a-z]|^[a-z]{2,}$")


def sources() -> Iterator[Path]:
    """The files of the product in which people are spoken to."""
    yield from sorted((SOURCES / "pages").glob("*.py"))
    yield from sorted((SOURCES / "core").rglob("*.py"))


def gathered(files: Iterable[Path] = ()) -> Mapping[str, list[str]]:
    """Every English text that is shown, with the files where it stands."""
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in files or sources()}
    worded = _worded(trees.values())
    found: dict[str, list[str]] = defaultdict(list)
    for file, tree in trees.items():
        name = file.relative_to(SOURCES).as_posix() if file.is_relative_to(SOURCES) else file.name
        for text in dict.fromkeys(_texts(tree, worded)):
            found[text].append(name)
    return found


def update(language: Language) -> Catalog:
    """The language's catalogue with what is gathered now: new texts are empty, those that are said no more are gone."""
    template = Catalog(charset="utf-8", fuzzy=False)
    for text, files in sorted(gathered().items(), key=lambda one: (one[1][0], one[0])):
        template.add(text, locations=[(file, 0) for file in files])
    file = file_of(language)
    catalogue = Catalog(locale=language, charset="utf-8", fuzzy=False)
    if file.exists():
        with file.open("rb") as old:
            catalogue = read_po(old, locale=language)
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with file.open("wb") as new:
        write_po(new, catalogue, width=0, omit_header=True, include_lineno=False)
    return catalogue


def _worded(trees: Iterable[ast.Module]) -> frozenset[str]:
    """The classes with worded fields, and those that inherit them."""
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found = {one.name for one in classes if any(_called(decorator) == "worded" for decorator in one.decorator_list)}
    while more := {one.name for one in classes if found & {ast.unparse(base) for base in one.bases}} - found:
        found |= more
    return frozenset(found)


def _texts(tree: ast.Module, worded: frozenset[str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and "Reason" in {ast.unparse(base) for base in node.bases}:
            for one in node.body:
                if isinstance(one, ast.Assign) and isinstance(one.value, ast.Tuple):
                    yield from _templates(one.value.elts[1])
        elif isinstance(node, ast.Call) and _called(node) in MARKS:
            yield from _constants(node.args[0])
        elif isinstance(node, ast.Call) and _called(node) == "Vocabulary":
            yield from (text for part in ast.walk(node) if isinstance(part, ast.Dict) for text in _templates(part))
        elif isinstance(node, ast.Call) and _called(node).rpartition(".")[2] in worded:
            said = [*node.args, *(keyword.value for keyword in node.keywords)]
            yield from (text for part in said for text in _constants(part) if _IN_WORDS.search(text))


def _templates(node: ast.expr) -> Iterator[str]:
    for value in node.values if isinstance(node, ast.Dict) else [node]:
        yield from _constants(value)


def _constants(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value:
            yield part.value


def _called(node: ast.expr) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""
