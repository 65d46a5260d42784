"""Registering from the command line."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl

from core.domain.invoice_number import complete
from core.domain.shipment import Address
from core.files.confined import ROOT
from core.store.database import Store
from tests import workbook_builders as books
from tests.builders import CJ, RULES, a_shipment, add
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


def test_the_command_line_tells_what_is_left_for_later_and_what_is_proposed(tmp_path: Path) -> None:
    file = tmp_path / "today.xlsx"
    file.write_bytes(a_workbook(("S-1", None, None), ("S-2", None, "1Z999AA10123456784"), ("S-3", "CJ", None)))
    done = core("register", file, "--dry-run", "--offline", "--json", database=tmp_path / "none.duckdb")
    left, proposed, half = json.loads(done.stdout)["rows"]
    assert (left["verdict"], left["field"], left["reason"]) == ("left", "", "")
    assert (proposed["verdict"], proposed["carrier"], "proposed" in proposed["repair"]) == ("repaired", "ups", True)
    assert (half["verdict"], half["field"]) == ("refused", "invoice_no")


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


HONG = Address("홍길동", "010-2345-1234", "테헤란로 12", "강남구", "서울특별시", "06234", "KR")
LOGEN = [complete(RULES.carriers["logen"], f"958{n:07}") for n in range(1, 6)]


def a_logen_list(*who: tuple[str, str]) -> bytes:
    rows = [f"{name},{phone},서울 강남구,{number}" for (name, phone), number in zip(who, LOGEN, strict=False)]
    return "\r\n".join(["수하인명,수하인전화,수하인주소1,운송장번호", *rows]).encode("cp949")


def test_the_command_line_says_of_a_carriers_list_what_each_row_means_and_registers_what_is_certain(tmp_path: Path) -> None:
    file, database = tmp_path / "list.txt", tmp_path / "shop.duckdb"
    file.write_bytes(a_logen_list(("김*윤", "010-****-0000"), ("홍*동", "010-****-1234"), ("남*수", "010-****-7777")))
    store = Store.open(database)
    add(store, a_shipment("S-1", address=replace(HONG, recipient="김도윤", phone="010-9999-0000")))
    add(store, *(a_shipment(f"T-{n}", address=HONG) for n in (1, 2)))
    store.close()
    said = json.loads(core("register", file, "--dry-run", "--json", database=database).stdout)
    assert said["verdict"] == "accepted"
    shown = [(row["row"], row["match"], row["shipment_no"], row["candidates"], row["verdict"]) for row in said["rows"]]
    assert shown == [
        (2, "certain", "S-1", [], "ready"), (3, "tie", "", ["T-1", "T-2"], "refused"), (4, "none", "", [], "refused"),
    ]  # fmt: skip
    assert {row["carrier"] for row in said["rows"]} == {"logen"}
    told = core("register", file, database=database).stdout
    assert "1 shipment registered, 2 to mend." in told
    assert [name for name in ("홍길동", "김도윤", "남*수") if name in told] == []
    said = json.loads(core("register", file, "--dry-run", "--json", database=database).stdout)
    assert (said["rows"][0]["match"], said["rows"][0]["verdict"]) == ("certain", "unchanged")


def test_the_company_of_a_list_is_said_once(tmp_path: Path) -> None:
    file, database = tmp_path / "list.csv", tmp_path / "shop.duckdb"
    file.write_text(
        f"Consignee,Phone,Tracking number\n홍길동,010-2345-1234,{complete(RULES.carriers['sagawa'], '30000000001')}\n"
    )
    store = Store.open(database)
    add(store, a_shipment("T-1", address=HONG))
    store.close()
    asked = json.loads(core("register", file, "--dry-run", "--json", database=database).stdout)["rows"][0]
    assert (asked["match"], asked["verdict"], asked["field"]) == ("certain", "refused", "carrier")
    said = json.loads(core("register", file, "--carrier", "sagawa", "--dry-run", "--json", database=database).stdout)["rows"][0]
    assert (said["carrier"], said["verdict"]) == ("sagawa", "ready")
    assert core("register", file, "--carrier", "nobody", "--dry-run", database=database).returncode == 1


def test_a_list_needs_the_desk(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(a_logen_list(("홍길동", "010-2345-1234")))
    done = core("register", file, "--offline", "--json", database=tmp_path / "none.duckdb")
    assert (done.returncode, json.loads(done.stdout)["verdict"]) == (1, "refused")


def test_orders_without_a_number_in_their_sources_file_are_no_rows_to_mend(tmp_path: Path) -> None:
    orders, typed, database = (
        ROOT / "tests/data/orders/coupang_DeliveryList_40.xlsx",
        tmp_path / "typed.xlsx",
        tmp_path / "shop.duckdb",
    )
    core("import", orders, database=database)
    book = openpyxl.load_workbook(orders)
    book.active["E2"] = "530727039920"
    book.save(typed)
    done = core("register", typed, "--json", database=database)
    rows = [(row["shipment_no"], row["verdict"]) for row in json.loads(done.stdout)["rows"]]
    assert (done.returncode, rows) == (0, [("642538971006401429", "ready")])
    assert [row["verdict"] for row in json.loads(core("register", typed, "--json", database=database).stdout)["rows"]] == [
        "unchanged"
    ]
