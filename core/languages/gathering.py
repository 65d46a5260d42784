"""What there is to translate, gathered from the code: sentences of reasons, vocabularies, worded fields, what is marked, and the
names of the forms of invoice numbers."""

import ast
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from core.domain.language import Language
from core.languages import file_of

SOURCES = Path(__file__).parents[2]
MARKS = ("tr", "marked")
RULES = SOURCES / "core" / "carriers" / "rules.toml"


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
    for text in () if files else _forms():
        found[text].append(RULES.relative_to(SOURCES).as_posix())
    return found


def _forms() -> Iterable[str]:
    carriers = tomllib.loads(RULES.read_text(encoding="utf-8"))["carrier"]
    return dict.fromkeys(shape["name"] for carrier in carriers for shape in carrier["shape"])


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


@dataclass
class _WordedClass:
    """A class with worded fields: all its fields in the order in which they are given, and which of them are worded."""

    fields: list[str]
    worded: set[str]

    def texts(self, call: ast.Call) -> Iterator[str]:
        """The texts that a call gives to its worded fields, and those that stand there when it gives none."""
        given = [*zip(self.fields, call.args, strict=False), *((one.arg, one.value) for one in call.keywords)]
        yield from (text for name, value in given if name in self.worded for text in _constants(value))


def _worded(trees: Iterable[ast.Module]) -> Mapping[str, _WordedClass]:
    """The classes with worded fields, and those that inherit them, by name."""
    classes = {node.name: node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)}
    known = {name: _WordedClass(_fields(node, classes), _decorated(node, classes)) for name, node in classes.items()}
    return {name: one for name, one in known.items() if one.worded}


def _lineage(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> list[ast.ClassDef]:
    bases = [classes[name] for base in node.bases if (name := ast.unparse(base)) in classes and classes[name] is not node]
    return [*(one for base in bases for one in _lineage(base, classes)), node]


def _fields(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> list[str]:
    given = [one for of in _lineage(node, classes) for one in of.body if isinstance(one, ast.AnnAssign)]
    return list(dict.fromkeys(ast.unparse(one.target) for one in given if "kw_only" not in ast.unparse(one)))


def _decorated(node: ast.ClassDef, classes: Mapping[str, ast.ClassDef]) -> set[str]:
    marks = [mark for of in _lineage(node, classes) for mark in of.decorator_list if _called(mark) == "worded"]
    return {text for mark in marks if isinstance(mark, ast.Call) for name in mark.args for text in _constants(name)}


def _texts(tree: ast.Module, worded: Mapping[str, _WordedClass]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and "Reason" in {ast.unparse(base) for base in node.bases}:
            for one in node.body:
                if isinstance(one, ast.Assign) and isinstance(one.value, ast.Tuple):
                    yield from _templates(one.value.elts[1])
        elif isinstance(node, ast.Call) and _called(node) in MARKS:
            yield from _constants(node.args[0])
        elif isinstance(node, ast.Call) and _called(node) == "Vocabulary":
            yield from (text for part in ast.walk(node) if isinstance(part, ast.Dict) for text in _templates(part))
        elif isinstance(node, ast.Call) and (of := worded.get(_called(node).rpartition(".")[2])):
            yield from of.texts(node)
        elif isinstance(node, ast.ClassDef) and node.name in worded:
            defaults = [one for one in node.body if isinstance(one, ast.AnnAssign) and one.value is not None]
            yield from (
                text
                for one in defaults
                if ast.unparse(one.target) in worded[node.name].worded
                for text in _constants(one.value)
            )


def _templates(node: ast.expr) -> Iterator[str]:
    for value in node.values if isinstance(node, ast.Dict) else [node]:
        yield from _constants(value)


def _constants(node: ast.AST | None) -> Iterator[str]:
    """The texts that an expression may be."""
    match node:
        case ast.Constant(value=str(text)) if text:
            yield text
        case ast.JoinedStr():
            raise ValueError(f"{ast.unparse(node)} is glued together: name its values in the template instead")
        case ast.IfExp(body=one, orelse=other):
            yield from (*_constants(one), *_constants(other))
        case ast.BoolOp(values=some) | ast.Tuple(elts=some):
            yield from (text for part in some for text in _constants(part))


def _called(node: ast.expr) -> str:
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""
