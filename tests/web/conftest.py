"""The whole desk on a loopback port, as `make run` starts it."""

from collections.abc import Iterator

import pytest

from tests.browser.conftest import ROOT, start_server
from tests.signing_in import sign_in_settings


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[str]:
    """Its address; a module says in `SETTINGS` what it is set to."""
    folder = tmp_path_factory.mktemp("desk")
    settings = {"SHIPDESK_DB": str(folder / "shipping.duckdb"), "SHIPDESK_DEMO_SHIPMENTS": "50", "SHIPDESK_SANDBOX": "on"}
    settings |= request.module.SETTINGS
    if "SHIPDESK_HOSTS" in settings:
        settings |= sign_in_settings(folder, "https://desk.example")
    base, process = start_server(ROOT / "app.py", settings, folder / "log")
    yield base
    process.terminate()
    process.wait(timeout=20)
