"""Options are read while whoever else reads or sets one holds Streamlit's lock, and never half read."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config

import app
from core.ui.kit import options
from tests.screens import a_shop

BASE = "server.baseUrlPath"


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before, collects = config.get_option, config.get_option("runner.postScriptGC")
    yield
    config.get_option = before
    config.set_option("runner.postScriptGC", collects)


def test_nobody_waits_for_who_holds_the_lock() -> None:
    read = list[object]()
    reader = threading.Thread(target=lambda: read.append(config.get_option(BASE)))
    options.read_at_once({})
    with config._config_lock:
        reader.start()
        reader.join(10)
    assert read == [""]


def test_an_option_is_what_it_is_set_to() -> None:
    before = config.get_option("server.maxUploadSize")
    options.read_at_once({})
    try:
        config.set_option("server.maxUploadSize", 7)
        assert config.get_option("server.maxUploadSize") == 7
    finally:
        config.set_option("server.maxUploadSize", before)


def test_what_is_no_option_is_refused() -> None:
    options.read_at_once({})
    with pytest.raises(RuntimeError):
        config.get_option("server.noSuchThing")


def test_while_files_are_read_again_every_option_stays_as_they_say() -> None:
    options.read_at_once({"runner.postScriptGC": False})
    over, seen = threading.Event(), set[tuple[object, object]]()

    def read() -> None:
        while not over.is_set():
            seen.add((config.get_option("server.fileWatcherType"), config.get_option("client.toolbarMode")))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(10):
        config.get_config_options(force_reparse=True)
    over.set()
    reader.join(10)
    assert seen == {("none", "minimal")}
    assert config.get_option("runner.postScriptGC") is False


def test_a_server_reads_them_so(tmp_path: Path) -> None:
    before = config.get_option

    async def while_serving() -> object:
        async with app.lifespan(None):
            return config.get_option

    with a_shop(tmp_path, 0, SHIPDESK_SANDBOX="off"):
        assert asyncio.run(while_serving()) is not before
