"""Registering from the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from core.files.confined import ROOT
from core.store.database import Store
from tests import workbook_builders as books
from tests.builders import CJ
from tests.services.uploading.given import with_shipments
from tests.workbook_builders import GOOD, a_workbook, others


def core(*arguments: Any, database: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "core", *map(str, arguments)],
        cwd=ROOT, env=os.environ | {"SHIPDESK_DB": str(database)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_the_command_line_judges_a_file_without_a_database(tmp_path: Path) -> None:
    file = tmp_path / "any name"
    file.write_bytes(a_workbook(("S-1", "CJ", CJ), ("S-2", "CJ", "1")))
    done = core("register", file, "--dry-run", "--offline", "--json", database=tmp_path / "none.duckdb")
    said = json.loads(done.stdout)
    assert (done.returncode, said["verdict"], (tmp_path / "none.duckdb").exists()) == (0, "accepted", False)
    assert said["rows"][0] == {
        "row": 2, "shipment_no": "S-1", "carrier": "cj", "invoice_no": CJ, "verdict": "ready", "field": "", "reason": "", "repair": "",
    }  # fmt: skip
    assert (said["rows"][1]["row"], said["rows"][1]["verdict"], said["rows"][1]["field"]) == (3, "refused", "invoice_no")


def test_the_command_line_refuses_a_file_in_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "locked.xlsx"
    file.write_bytes(books.locked(GOOD))
    done = core("register", file, "--dry-run", "--offline", "--json", database=tmp_path / "none.duckdb")
    said = json.loads(done.stdout)
    assert (done.returncode, said["verdict"], said["rows"]) == (1, "refused", [])
    assert "unlock the file before uploading it" in said["message"]
    assert core("register", tmp_path / "missing.xlsx", database=tmp_path / "none.duckdb").returncode == 1


def test_the_command_line_registers(tmp_path: Path) -> None:
    file, database = tmp_path / "today.xlsx", tmp_path / "shop.duckdb"
    file.write_bytes(a_workbook(*others(3)))
    store = Store.open(database)
    with_shipments(store, 2)
    store.close()
    assert "2 rows can be registered now, 1 is refused" in core("register", file, "--dry-run", database=database).stdout
    assert core("register", file, database=database).stdout.startswith("2 shipments registered, 1 to mend.")
    assert core("register", file, database=database).stdout.startswith("0 shipments registered, 2 unchanged, 1 to mend.")
