"""What is ready is registered together, once, judged again at that moment."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from core.domain import invoice_number, status
from core.domain.shipment import Status
from core.domain.verdicts import RowVerdict
from core.files.confined import ROOT
from core.services.shipments import invoices, undo
from core.services.shipments.changes import Request
from core.services.shipments.invoices import InvoiceReason
from core.store.database import Connection, Store
from tests.builders import CJ, HANA, NOW, RULES, counted, nov, the
from tests.services.uploading.given import LOGEN_DOUBTFUL, SOOYEON, YAMATO, judged, register, waiting, with_shipments
from tests.workbook_builders import a_workbook, others


def test_a_doubtful_check_digit_is_confirmed_and_registered_with_the_reason() -> None:
    store, data = waiting(1), a_workbook(("S-1", "Logen", LOGEN_DOUBTFUL))
    before = judged(data, store)
    assert before.lines[0].verdict is RowVerdict.CONFIRM
    assert register(store, before).registered == 0
    assert register(store, judged(data, store, confirmed=frozenset({2}))).registered == 1


def test_a_file_registered_twice_is_unchanged_the_second_time() -> None:
    store, data = waiting(1000), a_workbook(*others(1000))
    result = register(store, judged(data, store))
    assert (result.registered, result.message) == (1000, "1,000 shipments registered.")
    assert the(store, "S-7").state.status is Status.PREPARING_TO_SHIP
    again = judged(data, store, request=Request(HANA, nov(17)))
    assert again.counts[RowVerdict.UNCHANGED] == 1000
    assert again.lines[0].reasons == (InvoiceReason.SAME_NUMBER("by", day="16 Nov", by="Sooyeon"),)
    second = register(store, again)
    assert (second.registered, second.batch_id, second.message) == (0, None, "0 shipments registered, 1,000 unchanged.")


def test_a_second_click_writes_nothing_and_gets_the_same_answer() -> None:
    store = waiting(3)
    preview = judged(a_workbook(*others(3), ("S-9", "Other", "A9999")), store)
    first = register(store, preview)
    written = store.rows("SELECT count(*) AS n FROM history")
    assert register(store, preview) == first
    assert (first.registered, store.rows("SELECT count(*) AS n FROM history")) == (3, written)


def test_the_second_of_two_same_requests_tells_what_another_did_since() -> None:
    store = waiting(2)
    preview = judged(a_workbook(*others(2)), store)
    register(store, preview)
    invoices.modify(store, RULES, "S-1", invoices.Entry("cj", CJ), request=Request(SOOYEON, nov(17)))
    assert [row.verdict for row in register(store, preview).rows] == [RowVerdict.REFUSED, RowVerdict.REGISTERED]


def test_an_upload_is_undone_whole_and_can_be_registered_again() -> None:
    store, data = waiting(3), a_workbook(*others(3))
    preview = judged(data, store)
    result = register(store, preview)
    assert result.batch_id
    undo.undo(store, result.batch_id, home="KR", request=Request(SOOYEON, nov(17)))
    assert the(store).invoice is None
    assert [row.verdict for row in register(store, preview).rows] == [RowVerdict.REFUSED] * 3
    assert register(store, judged(data, store, request=Request(HANA, nov(18)))).registered == 3


def test_what_changed_since_the_preview_is_judged_again_and_is_to_mend() -> None:
    store = waiting(2)
    preview = judged(a_workbook(*others(2)), store)
    invoices.register(store, RULES, "S-1", invoices.Entry("cj", CJ), request=Request(SOOYEON, NOW))
    result = register(store, preview)
    assert [row.verdict for row in result.rows] == [RowVerdict.REFUSED, RowVerdict.REGISTERED]
    assert [line.verdict for line in result.preview.lines] == [RowVerdict.REFUSED, RowVerdict.READY]


def test_an_error_in_the_middle_leaves_nothing_written(monkeypatch: pytest.MonkeyPatch) -> None:
    store = waiting(5)
    preview = judged(a_workbook(*others(5)), store)

    def broken(connection: Connection, *_: Any, **__: Any) -> None:
        raise RuntimeError("power cut")

    monkeypatch.setattr("core.services.shipments.changes.history.append_each", broken)
    with pytest.raises(RuntimeError):
        register(store, preview)
    assert store.rows("SELECT count(*) AS n FROM shipment WHERE invoice_no IS NOT NULL") == [{"n": 0}]
    assert store.rows("SELECT count(*) AS n FROM invoice") == [{"n": 0}]


_KILLED = """
import os, sys, threading
from datetime import UTC, datetime
from pathlib import Path
from core.carriers import rules
from core.domain.people import Person, Role
from core.services import uploading
from core.services.shipments import changes
from core.store.database import Store

store, at = Store.open(Path(sys.argv[1])), datetime(2026, 11, 16, tzinfo=UTC)
request = changes.Request(changes.Actor(Person("Hana", Role.STAFF), "upload"), at)
preview = uploading.judge_sheet(uploading.read_sheet(Path(sys.argv[2]).read_bytes(), "x"), rules.load(), store, modify=False, request=request)
changes.history.append_each = lambda *_, **__: os.kill(os.getpid(), 9)
uploading.register(store, rules.load(), preview, modify=False, request=request)
"""


def test_a_server_killed_in_the_middle_has_registered_nothing(tmp_path: Path) -> None:
    file, database = tmp_path / "today.xlsx", tmp_path / "shop.duckdb"
    file.write_bytes(a_workbook(*others(20)))
    store = Store.open(database)
    with_shipments(store, 20)
    store.close()
    done = subprocess.run([sys.executable, "-c", _KILLED, database, file], cwd=ROOT, capture_output=True, timeout=60)
    assert done.returncode == -9
    store = Store.open(database)
    assert store.rows("SELECT count(*) AS n FROM invoice") == [{"n": 0}]
    store.close()


def test_progress_goes_from_nothing_to_all() -> None:
    store, told = waiting(1), list[float]()
    register(store, judged(a_workbook(*others(1)), store), progress=told.append)
    assert (told[0], told[-1]) == (0.0, 1.0)


def test_a_row_is_checked_once_in_the_preview_and_once_when_it_is_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    store, data = waiting(3), a_workbook(("S-1", "CJ", CJ), ("S-2", "Logen", LOGEN_DOUBTFUL), ("S-3", "Yamato", YAMATO[1:]))
    checked = counted(monkeypatch, invoice_number, "_unreadable")
    preview = judged(data, store)
    assert len(checked) == 3
    assert register(store, preview).registered == 2
    assert len(checked) == 5


def test_a_row_is_folded_once(monkeypatch: pytest.MonkeyPatch) -> None:
    store = waiting(3)
    preview = judged(a_workbook(*others(3)), store)
    folds = counted(monkeypatch, status, "fold")
    register(store, preview)
    assert len(folds) == 3
