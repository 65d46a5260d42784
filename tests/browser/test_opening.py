"""Nothing on a page moves once it is drawn."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext

from core.config import Settings
from core.runtime import open_runtime
from tests.bench.opening import PAGES, loaded

MOVES_AT_MOST = 0.05
"""Layout shift (CLS) beyond that of an empty page; from 0.1 on a page is said to be unsteady (web.dev/articles/cls)."""


@pytest.fixture(scope="module")
def base(serve: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> str:
    settings = Settings(database=tmp_path_factory.mktemp("opening") / "shipping.duckdb", demo_shipments=3000)
    open_runtime(settings).store.close()
    return serve("app.py", {"SHIPDESK_DB": str(settings.database)})


@pytest.fixture(scope="module")
def empty(serve: Callable[..., str], context: BrowserContext) -> float:
    return moved(context, serve(Path("tests/bench/empty_page.py")))


def moved(context: BrowserContext, address: str) -> float:
    return loaded(context, address).shift


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, marks=pytest.mark.long("Overview has most that could move")) if page != "overview" else page
        for page in PAGES
    ],
)
def test_nothing_moves_once_it_is_drawn(context: BrowserContext, base: str, empty: float, page: str) -> None:
    """The second opening counts where the first was disturbed: a browser that is kept waiting for seconds shows what it has."""
    assert any(moved(context, f"{base}/{page}") < empty + MOVES_AT_MOST for _ in range(2))
