"""Every attempt of the table in SECURITY.md is made, and the table says what came of it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import ROOT, start_server
from tests.builders import a_store
from tests.security.attempts import ROUTES, SERVICES, STRANGER, Attempt, Shop
from tests.security.table import DOCUMENT, count, table, tries

LEAST = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("attempts")
    settings = {"SHIPDESK_DB": str(folder / "shop.duckdb"), "SHIPDESK_DEMO_SHIPMENTS": "50", "SHIPDESK_SANDBOX": "on"}
    signed = {"SHIPDESK_DHL_KEY": "key", "SHIPDESK_DHL_SECRET": "secret", "SHIPDESK_DHL_URL": "http://127.0.0.1:9"}
    base, process = start_server(ROOT / "app.py", settings | signed, folder / "log")
    yield base
    process.terminate()
    process.wait(timeout=20)


@pytest.mark.parametrize("attempt", SERVICES, ids=lambda one: one.act)
def test_a_service_admits_who_the_table_says(attempt: Attempt, tmp_path: Path) -> None:
    came_through = tuple(role for role in tries(attempt) if attempt.tried(Shop(a_store(), tmp_path), role))
    assert came_through == attempt.admits


@pytest.mark.parametrize("attempt", ROUTES, ids=lambda one: f"{one.way}: {one.act}")
def test_a_way_from_outside_admits_who_the_table_says(attempt: Attempt, server: str) -> None:
    assert attempt.tried(server, STRANGER) is (STRANGER in attempt.admits)


def test_the_document_holds_what_was_tried() -> None:
    assert table() in DOCUMENT.read_text(encoding="utf-8")
    assert count() >= LEAST
