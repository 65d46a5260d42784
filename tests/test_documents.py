"""What the documents name is there: files, modules and what is in them, targets of make, commands, settings, pages."""

import importlib
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import config
from core.__main__ import main
from core.config import ROOT
from core.domain.sign_in import SETTINGS
from tests.test_architecture import ROOMS

DOCUMENTS = ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md", "SECURITY.md", "data/README.md")
PLACES = ("app.py", "core/", "pages/", "data/", "deploy/", "docs/", "tests/", ".ci/", ".streamlit/")
MADE_HERE = {"data/shipping.duckdb", "data/shop.duckdb", ".streamlit/secrets.toml"}


def text_of(document: str) -> str:
    return (ROOT / document).read_text(encoding="utf-8")


def code(document: str) -> Iterator[str]:
    """What stands between single backticks."""
    prose = re.sub(r"^```.*?^```", "", text_of(document), flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", prose)


def tree(document: str) -> Iterator[str]:
    """The paths that its drawing of the tree names, each two columns further in than its folder."""
    drawing = re.search(r"^```\n(app\.py.*?)^```", text_of(document), re.MULTILINE | re.DOTALL)
    assert drawing
    inside: list[str] = []
    for space, name in re.findall(r"^( {0,4})([\w.]+/|\w+\.py)(?= |$)", drawing[1], re.MULTILINE):
        inside[len(space) // 2 :] = [name]
        yield "".join(inside)


def exists(name: str) -> bool:
    """Whether there is a module of this dotted name, or something that a module holds."""
    module, _, inside = name.rpartition(".")
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        return bool(module) and exists(module) and hasattr(importlib.import_module(module), inside)
    return True


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_is_there(document: str) -> None:
    named = [one for one in code(document) if one.startswith(PLACES) and " " not in one and "NAME" not in one]
    linked = re.findall(r"\]\(([\w./-]+)\)", text_of(document))
    paths = [*named, *(str(Path(document).parent / link) for link in linked)]
    assert [path for path in paths if path not in MADE_HERE and not list(ROOT.glob(path.rstrip("/")))] == []


def test_the_tree_is_as_it_is_drawn() -> None:
    drawn = list(tree("ARCHITECTURE.md"))
    assert [path for path in drawn if not (ROOT / path).exists()] == []
    rooms = {f"core/{path.name}/" for path in (ROOT / "core").iterdir() if (path / "__init__.py").exists()}
    services = {f"core/services/{path.name}/" for path in (ROOT / "core/services").iterdir() if (path / "__init__.py").exists()}
    assert rooms | services <= set(drawn)


def test_the_arrows_are_those_that_are_tested() -> None:
    said = {
        room: set(re.findall(r"\w+", there)) - {"nothing"}
        for here, there in re.findall(r"`([\w, ]+) -> ([\w, ]+)`", text_of("ARCHITECTURE.md"))
        for room in here.split(", ")
    }
    assert said == {room: ROOMS[room] for room in said}
    assert said.keys() >= {"pages", "ui", "web", "services", "demo", "store", "carriers", "files", "domain"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_module_and_function_is_there(document: str) -> None:
    names = [name for one in code(document) for name in re.findall(r"^((?:core|tests)(?:\.\w+)+)", one)]
    names += re.findall(r"python -m ((?:core|tests)(?:\.\w+)*)", text_of(document))
    assert [name for name in names if not exists(name)] == []


def test_what_travels_is_where_it_is_said_to_be() -> None:
    said = re.findall(r"((?:`\w+`(?:, | and )?)+) \(`(core/[\w/]+)\.py`\)", text_of("ARCHITECTURE.md"))
    found = [(name, file.replace("/", ".")) for names, file in said for name in re.findall(r"`(\w+)`", names)]
    assert {"Selection", "Carrier", "Why", "Request", "Clock"} <= {name for name, _ in found}
    assert [name for name, module in found if name[0].isupper() and not hasattr(importlib.import_module(module), name)] == []


def test_every_target_of_make_is_there_and_named() -> None:
    [phony] = re.findall(r"^\.PHONY: (.*)$", text_of("Makefile"), re.MULTILINE)
    named = set(re.findall(r"(?:^|`)make ([\w-]+)", "\n".join(text_of(document) for document in DOCUMENTS), re.MULTILINE))
    assert named == set(phony.split()) - {"browser"}


def test_every_command_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    there = re.findall(r"^    ([a-z-]+)", capsys.readouterr().out, re.MULTILINE)
    assert set(re.findall(r"^python -m core ([a-z-]+)", text_of("README.md"), re.MULTILINE)) == set(there)


def test_every_setting_is_named() -> None:
    sources = "".join(map(inspect.getsource, (config.load, config.languages)))
    read = {*re.findall(r"SHIPDESK_[A-Z_]+[A-Z]", sources), *SETTINGS.values()}
    rows = re.findall(r"^\| (`SHIPDESK_.*?) \|", text_of("README.md"), re.MULTILINE)
    assert read == set(re.findall(r"SHIPDESK_[A-Z_]+[A-Z]", " ".join(rows)))


def test_every_page_is_named() -> None:
    titles = re.findall(r'title=tr\("(\w+)"\), icon', text_of("core/ui/kit/navigation.py"))
    assert len(titles) >= 7
    assert [title for title in titles if f"- **{title}.**" not in text_of("README.md")] == []


def test_twelve_questions_are_answered_by_one_file_each() -> None:
    answers = re.findall(r"^\| ([^|]+\?) \| `([\w/.]+)`", text_of("CONTRIBUTING.md"), re.MULTILINE)
    assert len(answers) >= 12
    assert [file for _, file in answers if not (ROOT / file).is_file()] == []
