"""Options are read while whoever else reads or sets one holds Streamlit's lock."""

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit import config

import app
from core.ui.kit import options
from tests.screens import a_shop


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before, collects = config.get_option, config.get_option("runner.postScriptGC")
    yield
    config.get_option = before
    config.set_option("runner.postScriptGC", collects)


def test_nobody_waits_for_who_holds_the_lock() -> None:
    read = list[object]()
    reader = threading.Thread(target=lambda: read.append(config.get_option("server.baseUrlPath")))
    options.read_at_once()
    with config._config_lock:
        reader.start()
        reader.join(10)
    assert read == [""]


def test_an_option_is_what_it_is_set_to() -> None:
    before = config.get_option("server.maxUploadSize")
    options.read_at_once()
    try:
        config.set_option("server.maxUploadSize", 7)
        assert config.get_option("server.maxUploadSize") == 7
    finally:
        config.set_option("server.maxUploadSize", before)


def test_a_server_reads_them_so(tmp_path: Path) -> None:
    async def while_serving() -> object:
        async with app.lifespan(None):
            return config.get_option

    with a_shop(tmp_path, 0, SHIPDESK_SANDBOX="off"):
        assert asyncio.run(while_serving()) is options.value_of
