"""From an order file to the file handed back, on the command line."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl

from core.config import ROOT
from tests.workbook_builders import a_workbook

COUPANG = ROOT / "tests" / "data" / "orders" / "coupang_DeliveryList_40.xlsx"
FIRST, NUMBER = "642538971006401429", "530727039920"


def core(*arguments: Any, database: Path) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-m", "core", *map(str, arguments), "--json"],
        cwd=ROOT, env=os.environ | {"SHIPDESK_DB": str(database)}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout)


def test_orders_come_in_and_their_numbers_go_back_and_can_be_had_again(tmp_path: Path) -> None:
    database, out = tmp_path / "shop.duckdb", tmp_path / "back.xlsx"
    assert core("import", COUPANG, database=database)[1]["layout"] == "coupang"
    (tmp_path / "numbers.xlsx").write_bytes(a_workbook((FIRST, "Hanjin", NUMBER)))
    assert core("register", tmp_path / "numbers.xlsx", database=database)[0] == 0
    code, said = core("handback", "coupang", "--out", out, database=database)
    assert (code, said["files"], [one["invoice_no"] for one in said["shipments"]]) == (0, [str(out)], [NUMBER])
    assert openpyxl.load_workbook(out).active["E2"].value == NUMBER
    assert core("handback", "coupang", "--out", tmp_path / "none.xlsx", database=database)[0] == 1
    assert not (tmp_path / "none.xlsx").exists()
    assert core("handback", "coupang", "--again", "--out", tmp_path / "again.xlsx", database=database)[0] == 0
    assert (tmp_path / "again.xlsx").read_bytes() == out.read_bytes()


def test_a_file_that_cannot_be_written_counts_for_nothing(tmp_path: Path) -> None:
    database = tmp_path / "shop.duckdb"
    core("import", COUPANG, database=database)
    (tmp_path / "numbers.xlsx").write_bytes(a_workbook((FIRST, "Hanjin", NUMBER)))
    core("register", tmp_path / "numbers.xlsx", database=database)
    assert core("handback", "coupang", "--out", tmp_path / "no" / "back.xlsx", database=database)[0] == 1
    assert core("handback", "coupang", "--out", tmp_path / "back.xlsx", database=database)[0] == 0
