"""Text that nobody can see or store, at every way in: the sandbox, forms, scans, searches, files, queries, the command line."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from core import config
from core.domain.errors import Refused
from core.domain.search import SearchKey, search_values
from core.files.read import read
from core.services import uploading
from core.services.analyst_sql import Box
from core.services.shipments import actions, invoices, scan
from core.services.shipments.changes import Request
from core.store import history, lists
from tests.builders import ADDRESS, CJ, HANA, NOW, RULES, SEOUL, a_shipment, a_store, a_visit, an_invoice, the
from tests.desk import SetClock, a_demo_desk
from tests.workbook_builders import a_workbook

REQUEST = Request(HANA, NOW)
ODD = "\ud800\x00\x1b\u202e\u2066\u200b\ufeff"


def test_an_address_and_a_reason_are_cleaned_as_they_are_typed() -> None:
    store = a_store(a_shipment(), a_shipment("S-2", invoice=an_invoice()))
    typed = replace(ADDRESS, recipient=f" Ada{ODD} \n Kim ", address=f"{ODD}12 Byeolbit-ro", city=ODD)
    assert actions.edit_address(store, "S-1", typed, home="KR", request=REQUEST)
    assert the(store).address == replace(ADDRESS, recipient="Ada Kim", city="")
    invoices.delete(store, "S-2", reason=f"{ODD}wrong{ODD} label", request=REQUEST)
    assert history.of_shipment(store, the(store, "S-2").shipment_id)[0]["reason"] == "wrong label"
    with pytest.raises(Refused):
        actions.edit_address(store, "S-1", replace(ADDRESS, recipient=ODD), home="KR", request=REQUEST)


def test_a_scan_and_a_search_find_what_was_meant() -> None:
    store = a_store(a_shipment())
    found = scan.find(store, f"S{ODD}-1", person=HANA.person)
    assert found and found.shipment_no == "S-1"
    assert search_values(f"S{ODD}-1,{ODD} S-2") == ("S-1", "S-2")
    assert lists.search(store, SearchKey.SHIPMENT_NO, [f"S{ODD}-1"]) == {f"S{ODD}-1": [1]}
    assert scan.find(store, ODD, person=HANA.person) is None


def test_the_words_of_a_refused_scan_can_be_sent() -> None:
    seen = scan.look(a_store(), RULES, scan.Scan(f"S-9{ODD}"), scan.ScanDesk(), visit=a_visit())
    assert str(seen.whys[0]).isprintable()


@pytest.mark.parametrize("name", ["shop\u202efdp.exe", "n" * 5_000])
def test_the_name_of_a_file_is_shown_as_it_is(name: str) -> None:
    source = read(f"Shipment{ODD[2:]} No.\nS-1\n".encode(), name)
    assert source.headers == ("Shipment No.",)
    assert source.name.isprintable() and len(source.name) <= 200


def test_an_uploaded_number_is_the_one_that_is_seen() -> None:
    data = a_workbook([f"S{ODD[3:]}-1", "CJ Logistics", CJ])
    sheet = uploading.read_sheet(data, "exe\u202expl.xlsx")
    [line] = uploading.judge_sheet(sheet, RULES, a_store(a_shipment()), modify=False, request=Request(HANA, NOW)).lines
    assert (line.shipment_no, line.invoice_no) == ("S-1", CJ)
    assert sheet.name == "exexpl.xlsx"


def test_what_a_query_makes_is_cleaned() -> None:
    store = a_store(a_shipment())
    box = Box(store, SEOUL, seconds=30)
    sql = """SELECT 'a' || chr(0) || chr(8238) || 'b' AS "x\u202ey", NULL::VARCHAR AS none, '한글' AS plain"""
    rows = box.ask(sql, now=NOW, person=HANA.person).answer().rows
    assert rows.to_pylist() == [{"xy": "ab", "none": None, "plain": "한글"}]


def test_the_sandbox_answers_about_numbers_that_are_no_text() -> None:
    with a_demo_desk(SetClock(), shipments=50, sandbox_secret="let-me") as desk:
        assert desk.sandbox
        odd, shown = b'{"service": "\\ud800", "fault": "slow"}', {"Authorization": "Bearer let-me"}
        switch = httpx.post(f"{desk.base_url}/sandbox/faults", content=odd, headers=shown)
        assert switch.status_code == 400
        answer = desk.sandbox.answer(
            "seventeen_track",
            "track/v2.4/gettrackinfo",
            {"17token": desk.sandbox.key},
            b'[{"number": "1\\ud800\xff"}]',
        )
        assert answer.status == 200 and json.loads(answer.body)


def test_who_works_here_has_a_name_that_can_be_stored() -> None:
    assert config.load({"SHIPDESK_USER": f"Hana{ODD} Seo"}).user == "Hana Seo"


@pytest.mark.parametrize("command", [["check-number", "cj"], ["explain"], ["import"], ["register"]])
def test_an_argument_that_is_no_text_is_refused_in_words(command: list[str], tmp_path: Path) -> None:
    odd = [b"6329\xff\xe2\x80\xae"] if command != ["explain"] else [b"dhl\xff", b"no\xff.json"]
    environment = {"SHIPDESK_DB": str(tmp_path / "desk.duckdb"), "PATH": "/usr/bin", "HOME": str(tmp_path)}
    ran = subprocess.run([sys.executable, "-m", "core", *command, *odd], capture_output=True, env=environment)
    assert ran.returncode == 1 and b"Traceback" not in ran.stderr
