"""A pseudo-language, in which every text stands in brackets: what is on a page outside them was never marked to be translated."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.message import Message
from streamlit.testing.v1 import AppTest

from core import languages
from core.carriers.rules import load
from core.carriers.services import SERVICES
from core.domain import language
from core.domain.language import Language, Speech
from core.domain.shipment import Hint, Stage
from core.store.database import Store
from core.ui.kit import languages as chosen
from tests.builders import a_checkpoint, a_shipment, add, nov
from tests.screens import a_shop, again, desk, opened

SHOWN = {
    "label",
    "body",
    "help",
    "placeholder",
    "options",
    "title",
    "caption",
    "value",
    "text",
    "name",
    "ticktext",
    "customdata",
}
"""Fields of Streamlit's elements and of charts in which words are."""
SCREENS = ("", "overview", "register", "upload", "delays", "carriers", "data", "people")
DATA = {
    "shipment": (
        "recipient",
        "address",
        "city",
        "region",
        "product",
        "warehouse",
        "policy",
        '"option"',
        "request",
        "reason",
        "country",
    ),
    "item": ("name",),
    "checkpoint": ("place", '"text"'),
    "batch": ("made_by",),
}
"""Columns of the shop's own words, which nobody translates."""
NAMES = {"Excel", "xlsx", "CSV", "zip", "Parquet", "English", "Shipdesk"}
UNSEEN = {"view", "zone", "presses", "key"}
"""What our components are told beside what they show."""
_MARKED = re.compile(r"⟦[^⟦⟧]*⟧")
_NO_WORDS = re.compile(r":material/\w+:|`[^`]*`|<[^>]*>|https?://\S+|%?\{[^}]*\}|:[a-z]+(?=\[)|SELECT .*")
_WORD = re.compile(r"[A-Za-z]{2,}")
_SAID = re.compile(r"[A-Z][a-z]{2,}|[a-z]{2,} [a-z]{2,}")


class Pseudo(dict[str, str]):
    """Every text in brackets."""

    def get(self, text: str, default: Any = None) -> str:
        return text if text.startswith("⟦") else f"⟦{text}⟧"


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    spoken = Speech(Language.KOREAN, Pseudo())
    monkeypatch.setattr(languages, "speech_of", lambda _: spoken)
    monkeypatch.setattr(chosen, "_of_browser", lambda: Language.KOREAN)
    monkeypatch.setattr(language, "_ask", lambda: spoken)
    with language.speaking(spoken):
        yield


@pytest.fixture
def shop(pseudo: None, tmp_path: Path) -> Iterator[None]:
    with a_shop(tmp_path, shipments=300):
        yield


@pytest.mark.parametrize("screen", SCREENS)
def test_every_word_of_a_page_was_marked(shop: None, screen: str) -> None:
    assert _unmarked(opened(screen)) == {}


def test_every_word_of_a_shipment_was_marked(shop: None) -> None:
    words = {"text": "반송 배달완료", "hint": Hint.RETURN}
    in_doubt = a_shipment(
        "S1", scans=[a_checkpoint(Stage.ATTEMPT_FAILED, **words), a_checkpoint(Stage.DELIVERED, nov(15), **words)]
    )
    add(desk().store, in_doubt)
    app = opened()
    for number in (in_doubt.shipment_no, *_one_of_each(desk().store)):
        app.query_params["open"] = number
        assert _unmarked(again(app)) == {}


def _one_of_each(store: Store) -> list[str]:
    return [row["no"] for row in store.rows("SELECT min(shipment_no) AS no FROM shipment GROUP BY status, word")]


def _unmarked(app: AppTest) -> Mapping[str, str]:
    """What is shown of words in no brackets, by where it is."""
    names = _names(desk().store)
    rests = ((where, names.sub(" ", _NO_WORDS.sub(" ", _outside(text))), word) for where, text, word in _texts(app))
    return {where: rest.strip() for where, rest, word in rests if word.search(rest)}


def _outside(text: str) -> str:
    while _MARKED.search(text):
        text = _MARKED.sub(" ", text)
    return text


def _names(store: Store) -> re.Pattern[str]:
    """The shop's own words and the names of companies, the longest first."""
    texts = {name for carrier in load().carriers.values() for name in (carrier.name, *carrier.aliases)} | set(SERVICES) | NAMES
    for table, columns in DATA.items():
        for column in columns:
            texts.update(row["said"] for row in store.rows(f"SELECT DISTINCT {column} AS said FROM {table}") if row["said"])
    return re.compile("|".join(re.escape(name) for name in sorted(texts, key=len, reverse=True)))


def _texts(app: AppTest) -> Iterator[tuple[str, str, re.Pattern[str]]]:
    for kind, proto in _drawn(app._tree):
        for where, text in _fields(proto, kind):
            field = where.rsplit(".", 1)[-1]
            if field in ("json", "spec"):
                charted = field == "spec"
                yield from (
                    (f"{where}{path}", leaf, _WORD if charted else _SAID)
                    for path, leaf in _leaves(json.loads(text))
                    if path.rsplit("/", 1)[-1] not in UNSEEN
                    and (not charted or ("template/" not in path and SHOWN & set(path.replace("[]", "").split("/"))))
                )
            elif field in SHOWN:
                yield where, text, _WORD


def _drawn(block: Any) -> Iterator[tuple[str, Message]]:
    for part in block.children.values():
        if part.proto is not None:
            yield type(part).__name__, part.proto
        if hasattr(part, "children"):
            yield from _drawn(part)


def _fields(message: Message, where: str) -> Iterator[tuple[str, str]]:
    for field, value in message.ListFields():
        for one in value if field.is_repeated else [value]:
            if isinstance(one, str):
                yield f"{where}.{field.name}", one
            elif isinstance(one, Message):
                yield from _fields(one, f"{where}.{field.name}")


def _leaves(value: object, path: str = "") -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for key, part in value.items():
                yield from _leaves(part, f"{path}/{key}")
        case list():
            for part in value:
                yield from _leaves(part, f"{path}[]")
        case str():
            yield path, value
