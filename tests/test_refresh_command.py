"""python -m core refresh, as cron calls it."""

import json
from pathlib import Path

from tests.test_main import core


def test_a_demo_shop_is_refreshed_without_a_server_and_without_a_key(tmp_path: Path) -> None:
    database = tmp_path / "shop.duckdb"
    core("demo", "--shipments", "300", database=database)
    first = json.loads(core("refresh", "--json", database=database).stdout)
    assert first["answered"] == first["asked"] > 5 and first["failed"] == 0
    again = core("refresh", database=database)
    assert (again.returncode, again.stdout) == (0, "0 asked, 0 changed.\n")


def test_without_a_key_or_a_demo_it_says_what_to_set(tmp_path: Path) -> None:
    database = tmp_path / "shop.duckdb"
    missing = core("refresh", database=database)
    assert (missing.returncode, missing.stderr) == (1, f"There is no database at {database}.\n")
    core("demo", "--shipments", "5", database=database)
    refused = core("refresh", "--json", database=database, SHIPDESK_SANDBOX="off")
    assert refused.returncode == 1
    assert "SHIPDESK_SEVENTEEN_TRACK_KEY" in json.loads(refused.stdout)["message"]
