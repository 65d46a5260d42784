"""What nobody holds any more goes without a collection after each page."""

import asyncio
import gc
import time
import weakref
from pathlib import Path

import pytest
from streamlit import config

import app
from core.web import garbage
from tests.screens import a_shop


class Held:
    """Something that holds itself."""

    def __init__(self) -> None:
        self.itself = self


def test_what_holds_itself_goes_while_pages_are_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "LEAST_REST", 0.01)
    thresholds = gc.get_threshold()
    over = garbage.start()
    try:
        gc.collect()
        gone, made, until = weakref.ref(Held()), list[Held](), time.monotonic() + 30
        while gone():
            assert time.monotonic() < until
            made += [Held() for _ in range(1000)]
    finally:
        over.set()
        gc.set_threshold(*thresholds)


def test_collecting_takes_a_fiftieth_of_the_time_at_most() -> None:
    assert garbage.rest(0.0) == garbage.LEAST_REST
    assert garbage.rest(0.5) == pytest.approx(25.0)


def test_a_server_collects_after_no_page(tmp_path: Path) -> None:
    read, before = config.get_option, config.get_option("runner.postScriptGC")

    async def while_serving() -> bool:
        async with app.lifespan(None):
            return bool(config.get_option("runner.postScriptGC"))

    try:
        with a_shop(tmp_path, 0, SHIPDESK_SANDBOX="off"):
            assert before and not asyncio.run(while_serving())
    finally:
        config.get_option = read
        config.set_option("runner.postScriptGC", before)
