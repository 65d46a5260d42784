"""From the demo shop to one's own: nothing that is invented remains in any table, and what people brought stays byte for byte."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.config import ROOT
from core.demo import make_demo
from core.domain.batch_notes import FileNote
from core.domain.errors import Forbidden, Refused
from core.domain.selection import Selection
from core.domain.shipment import Stage, Tab
from core.domain.sorting import Order
from core.services.keeping import exporting, own_shop
from core.services.keeping.own_shop import ShopParts
from core.services.keeping.reasons import OwnShopFault
from core.services.shipments import actions, invoices, parcels, queries, undo, worklist
from core.services.shipments import exporting as lists
from core.services.shipments.changes import Request
from core.services.shipments.invoices import Entry
from core.store import history, whole_shop
from core.store import own_shop as stored
from core.store.agreement import ODDITIES
from core.store.database import Connection, Store, next_id
from core.store.postgres.adapter import PgConnection
from core.store.postgres.schema import settle_sequences
from tests import engines
from tests.builders import (
    ADA,
    HANA,
    RULES,
    SEOUL,
    a_scan_arrives,
    a_shipment,
    a_store,
    a_visit,
    add,
    no_sign_in,
    nov,
    opened,
    the,
)
from tests.services.handback.test_handback import CJ_NO, handed, register
from tests.services.handback.test_parcels import LOGEN, ONE, OTHER, TWO, A, B, come_in, naver
from tests.shops import a_shop_with_everything

TODAY = nov(24)
ADMIN = Request(ADA, TODAY, request_key="begin")
OURS = Request(HANA, TODAY)
SHIPMENTS, MANY = 60, 400
_IDS_OF_SHIPMENTS = {"shipment_id", "came_id", "holder_id"}
_IDS_OF_BATCHES = {"batch_id", "undoes"}
Rows = list[dict[str, Any]]


def demo(shipments: int = SHIPMENTS) -> Store:
    store = a_store()
    make_demo(store, RULES, shipments=shipments, now=TODAY, zone=SEOUL)
    return store


def worked(store: Store) -> None:
    """Own orders come in and are worked, and so are invented shipments, in batches of their own and together."""
    apart = next(no for no in waiting(store) if sum(item.quantity for item in the(store, no).items) > 1)
    waits, other = [no for no in waiting(store) if no != apart][:2]
    invoices.register(store, RULES, other, Entry("other", "A1001"), request=OURS)
    parcels.split(store, apart, [1, *(0 for _ in the(store, apart).items[1:])], request=OURS)
    [moving] = store.rows("SELECT min(shipment_no) AS no FROM shipment WHERE status = 'in_delivery' AND word IS NULL")
    a_scan_arrives(store, moving["no"], Stage.RETURNED, TODAY)
    actions.reship(store, moving["no"], request=OURS)
    come_in(store, naver(ONE), naver(TWO), naver(OTHER, B))
    parcels.split(store, A, [1, 0], request=OURS)
    register(store, (A, "Logen", LOGEN))
    handed(store, "naver")
    worklist.assign(store, no_sign_in(store), [waits, B], HANA.name, request=OURS)
    worklist.note(store, [waits, A], "Called", request=OURS)
    worklist.note(store, [waits], "Called again", request=OURS)


def waiting(store: Store) -> list[str]:
    sql = "SELECT shipment_no FROM shipment WHERE status = 'preparing_to_release' AND invoice_id IS NULL ORDER BY shipment_id"
    return [row["shipment_no"] for row in store.rows(sql)]


def invented(store: Store) -> set[int]:
    return set(store.snapshot(lambda connection: stored.invented(connection))["shipment_id"].to_pylist())


def everything(store: Store) -> dict[str, Rows]:
    """Every row of every table of the shop."""
    return {table.name: rows_of(store, table.name) for table in whole_shop.TABLES}


def rows_of(store: Store, table: str) -> Rows:
    names = ", ".join(whole_shop.schema_of_table(table).names)
    return sorted(store.rows(f"SELECT {names} FROM {table}"), key=repr)


def of_own(before: Mapping[str, Rows], gone: set[int]) -> dict[str, Rows]:
    """What has to stay: rows of other shipments, the batches that hold some or never held any, and what is of no shipment."""
    columns = {table: set(whole_shop.schema_of_table(table).names) for table in before}
    of_shipments = {table: rows for table, rows in before.items() if "shipment_id" in columns[table]}
    stay = {table: [row for row in rows if row["shipment_id"] not in gone] for table, rows in of_shipments.items()}
    touched, kept = (
        {row["batch_id"] for table, rows in some.items() if "batch_id" in columns[table] for row in rows}
        for some in (of_shipments, stay)
    )
    first = min((row["batch_id"] for row in stay["history"]), default=None)
    empty = touched - kept
    goes = {row["batch_id"] for row in before["batch"] if row["batch_id"] in empty and row["undoes"] in empty | {None}}
    goes |= {row["batch_id"] for row in before["batch"] if row["source"] == "export" and (not first or row["batch_id"] < first)}
    batches = {row["batch_id"] for row in before["batch"]} - goes
    files = {row["file_id"] for row in stay["source_line"]} | (
        {row["file_id"] for row in before["source_file"]} - {row["file_id"] for row in before["source_line"]}
    )
    others = {
        "batch": [row for row in before["batch"] if row["batch_id"] in batches],
        "export": [row for row in before["export"] if row["batch_id"] in batches],
        "source_file": [row for row in before["source_file"] if row["file_id"] in files],
        **{table: [] for table in stored.ABOUT_ALL},
    }
    return {table: others.get(table, stay.get(table, rows)) for table, rows in before.items()}


def assert_is_own(store: Store, before: Mapping[str, Rows], gone: set[int], numbers: set[str], folder: Path) -> None:
    """Nothing of the invented is left, whatever tables there are, and all else is as it was, but for the batch that says so."""
    after = everything(store)
    expected = of_own(before, gone)
    [noted] = [row for row in after["batch"] if row["source"] == "own_shop"]
    assert noted["made_by"] == ADA.name and noted["batch_id"] > max(row["batch_id"] for row in before["batch"])
    for table, rows in after.items():
        if table != "spent_id":
            assert [row for row in rows if row != noted] == expected[table], table
        names = whole_shop.schema_of_table(table).names
        about = {row[name] for row in rows for name in _IDS_OF_SHIPMENTS & set(names)}
        assert not about & gone, table
        written = {row[name] for row in rows for name in _IDS_OF_BATCHES & set(names)} - {None}
        assert table == "spent_id" or written <= {row["batch_id"] for row in after["batch"]}, table
    text = exporting.export(store, folder / "own.txt", person=ADA.person).path.read_text(encoding="utf-8")
    assert not [number for number in numbers if f'"{number}"' in text]


def numbers_of(store: Store, ids: set[int]) -> set[str]:
    rows = store.rows("SELECT shipment_id, shipment_no FROM shipment")
    return {row["shipment_no"] for row in rows if row["shipment_id"] in ids}


def test_what_is_invented_goes_from_every_table_and_the_own_stays_as_it_was(tmp_path: Path) -> None:
    store = demo(MANY)
    worked(store)
    gone, before = invented(store), everything(store)
    assert len(gone) == MANY + 2, "what was re-shipped from an invented shipment is invented, too"
    numbers = numbers_of(store, gone)
    own = len(before["shipment"]) - len(gone)
    assert own_shop.demo_shop(store, person=HANA.person) == ShopParts(len(gone), own)
    assert own_shop.begin_own_shop(store, request=ADMIN) == ShopParts(len(gone), own)
    assert_is_own(store, before, gone, numbers, tmp_path)
    assert not history.has_demo(store) and own_shop.demo_shop(store, person=HANA.person) is None


@pytest.mark.about_files("a shop with something in every column is made in a file")
def test_whatever_there_is_in_any_column_of_any_table(tmp_path: Path) -> None:
    a_shop_with_everything(tmp_path / "shop.duckdb")
    store = opened(Store.open(tmp_path / "shop.duckdb"))
    gone, before = invented(store), everything(store)
    numbers = numbers_of(store, gone)
    own_shop.begin_own_shop(store, request=ADMIN)
    assert_is_own(store, before, gone, numbers, tmp_path)


@pytest.mark.about_files("on a server the statements of these checks are not known")
def test_the_tables_agree_and_the_file_is_opened_again_with_all_that_stayed(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "shop.duckdb")
    make_demo(store, RULES, shipments=MANY, now=TODAY, zone=SEOUL)
    worked(store)
    parts = own_shop.begin_own_shop(store, request=ADMIN)
    store.close()
    again = opened(Store.open(tmp_path / "shop.duckdb"))
    assert {name: again.read(sql).column(0)[0].as_py() for name, sql in ODDITIES.items()} == dict.fromkeys(ODDITIES, 0)
    assert again.rows("SELECT count(*) AS n FROM shipment") == [{"n": parts.own}]


def test_a_batch_that_touched_both_keeps_what_concerns_the_own() -> None:
    store = demo()
    waits = waiting(store)[0]
    add(store, a_shipment("OWN-1"))
    both = worklist.assign(store, no_sign_in(store), [waits, "OWN-1"], HANA.name, request=OURS).batch
    theirs = worklist.note(store, [waits], "Called", request=OURS).batch
    own_shop.begin_own_shop(store, request=ADMIN)
    assert store.rows("SELECT DISTINCT batch_id FROM history") == [{"batch_id": both}]
    assert not store.rows("SELECT 1 AS n FROM batch WHERE batch_id = $id", {"id": theirs})
    assert the(store, "OWN-1").handling.assigned_to == HANA.name


def test_the_undo_of_a_batch_that_stays_is_not_forgotten() -> None:
    store = demo()
    waits = waiting(store)[0]
    add(store, a_shipment("OWN-1"))
    both = worklist.assign(store, no_sign_in(store), [waits, "OWN-1"], HANA.name, request=OURS).batch
    assert both
    worklist.assign(store, no_sign_in(store), ["OWN-1"], "", request=OURS)
    assert [bool(one.stayed) for one in undo.undo(store, both, home="KR", request=Request(HANA, TODAY))].count(False) == 1
    own_shop.begin_own_shop(store, request=ADMIN)
    [row] = [row for row in undo.batches(store, person=HANA.person) if row["batch_id"] == both]
    assert row["undone"]


def test_the_list_of_batches_says_who_took_the_demo_shop_out() -> None:
    store = demo()
    own_shop.begin_own_shop(store, request=ADMIN)
    [row] = undo.batches(store, person=HANA.person)
    assert (row["made_by"], row["made_at"], row["source"]) == (ADA.name, TODAY, "own_shop")
    assert row["source"] in undo.NEVER_UNDONE


def test_files_that_were_taken_before_the_first_own_shipment_go_and_later_ones_stay() -> None:
    store = demo()
    taken = FileNote.SELECTED(count=3)
    lists.taken(store, 3, taken, visit=a_visit(TODAY))
    come_in(store, naver(ONE))
    later = TODAY + timedelta(hours=1)
    lists.taken(store, 3, taken, visit=a_visit(later))
    own_shop.begin_own_shop(store, request=ADMIN)
    assert store.rows("SELECT made_at FROM export JOIN batch USING (batch_id)") == [{"made_at": later}]
    assert len(store.rows("SELECT 1 AS n FROM batch WHERE source = 'export'")) == 1


def test_lists_and_counts_show_what_stayed_at_once() -> None:
    store = demo()
    add(store, a_shipment("OWN-1"))
    own_shop.begin_own_shop(store, request=ADMIN)
    page = queries.page(store, Selection(), Order(), visit=a_visit(TODAY), size=20, number=lambda _: 1)
    assert [row["shipment_no"] for row in page.rows] == ["OWN-1"]
    assert page.counts.tabs[Tab.ALL] == 1
    assert store.figures.rows("SELECT count(*) AS n FROM invoice") == [{"n": 0}]
    assert not queries.is_empty(store, person=HANA.person)


def test_a_second_press_changes_nothing_also_in_a_shop_that_was_never_a_demo() -> None:
    store = demo()
    add(store, a_shipment("OWN-1"))
    first = own_shop.begin_own_shop(store, request=ADMIN)
    before = everything(store)
    assert own_shop.begin_own_shop(store, request=ADMIN) == ShopParts(0, first.own)
    assert own_shop.begin_own_shop(store, request=Request(ADA, TODAY)) == ShopParts(0, first.own)
    assert everything(store) == before
    own = a_store(a_shipment())
    assert own_shop.begin_own_shop(own, request=ADMIN) == ShopParts(0, 1)


def test_only_an_admin_may() -> None:
    store = demo()
    with pytest.raises(Forbidden):
        own_shop.begin_own_shop(store, request=OURS)
    assert history.has_demo(store)


def test_an_own_shipment_in_one_parcel_with_an_invented_one_is_named_and_nothing_changes() -> None:
    store = demo()
    add(store, a_shipment("OWN-1"))
    waits = waiting(store)[0]
    sql = "UPDATE shipment SET joined_no = $no WHERE shipment_no = 'OWN-1'"
    store.write(lambda connection: connection.execute(sql, {"no": waits}) and None)
    before = everything(store)
    with pytest.raises(Refused) as refusal:
        own_shop.begin_own_shop(store, request=ADMIN)
    assert refusal.value.reason is OwnShopFault.PUT_TOGETHER and "OWN-1" in str(refusal.value)
    assert everything(store) == before


def test_ids_are_not_given_again(tmp_path: Path) -> None:
    store = demo() if engines.ON_SERVER else Store.open(tmp_path / "shop.duckdb")
    if not engines.ON_SERVER:
        make_demo(store, RULES, shipments=SHIPMENTS, now=TODAY, zone=SEOUL)
    given = {(table, column): highest(store, table, column) for table, column, _ in stored.IDS if table != "source_file"}
    own_shop.begin_own_shop(store, request=ADMIN)
    if not engines.ON_SERVER:
        store.close()
        store = opened(Store.open(tmp_path / "shop.duckdb"))
    for row in ((A, "Logen", LOGEN), (B, "CJ Logistics", CJ_NO)):
        new = store.write(lambda connection: {one: next_id(connection, *one) for one in given})
        assert {one for one, number in new.items() if number <= given[one]} == set()
        come_in(store, naver(ONE), naver(OTHER, B))
        register(store, row)
    assert highest(store, "shipment", "shipment_id") == given["shipment", "shipment_id"] + 2 or engines.ON_SERVER
    assert own_shop.demo_shop(store, person=HANA.person) is None


@pytest.mark.skipif(not engines.ON_SERVER, reason="only a server has sequences")
def test_nor_after_the_shop_was_moved_to_a_server() -> None:
    store = demo()
    given = highest(store, "invoice", "invoice_id")
    own_shop.begin_own_shop(store, request=ADMIN)

    def moved(connection: Connection) -> int:
        assert isinstance(connection, PgConnection)
        settle_sequences(connection)
        return next_id(connection, "invoice", "invoice_id")

    assert store.write(moved) > given


def highest(store: Store, table: str, column: str) -> int:
    return int(store.rows(f"SELECT max({column}) AS n FROM {table}")[0]["n"])


def test_the_demo_shop_can_be_made_once_more_in_what_is_empty() -> None:
    store = demo(40)
    own_shop.begin_own_shop(store, request=ADMIN)
    make_demo(store, RULES, shipments=40, now=TODAY, zone=SEOUL)
    assert own_shop.begin_own_shop(store, request=Request(ADA, TODAY)).invented == 40


@pytest.mark.parametrize("place", ["_DROP_FILES", "_DROP_BATCHES", "_DROP_EXPORTS"])
def test_a_fault_in_the_middle_leaves_everything(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    store = demo()
    add(store, a_shipment("OWN-1"))
    before = everything(store)
    monkeypatch.setattr(stored, place, "SELECT 1 FROM there_is_no_such_table")
    with pytest.raises(Exception, match="there_is_no_such_table"):
        own_shop.begin_own_shop(store, request=ADMIN)
    assert everything(store) == before


_KILLED = """
import os, signal, sys
from pathlib import Path
from core.services.keeping import own_shop
from core.store import own_shop as stored
from core.store.database import Store
from tests.services.keeping.test_own_shop import ADMIN

def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)

def taken_out_then_killed(*said):
    real(*said)
    die()

store = Store.open(Path(sys.argv[1]))
if sys.argv[2] == "within":
    real, stored.take_out = stored.take_out, taken_out_then_killed
own_shop.begin_own_shop(store, request=ADMIN)
die()
"""


@pytest.mark.about_files("a process is killed over its file")
@pytest.mark.parametrize(("moment", "left"), [("within", SHIPMENTS + 1), ("after", 1)])
def test_a_killed_process_leaves_all_of_it_or_nothing(moment: str, left: int, tmp_path: Path) -> None:
    path = tmp_path / "shop.duckdb"
    store = Store.open(path)
    make_demo(store, RULES, shipments=SHIPMENTS, now=TODAY, zone=SEOUL)
    add(store, a_shipment("OWN-1"))
    before = everything(store)
    store.close()
    command = [sys.executable, "-c", _KILLED, str(path), moment]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr
    again = opened(Store.open(path))
    assert again.rows("SELECT count(*) AS n FROM shipment") == [{"n": left}]
    assert (everything(again) == before) is (moment == "within")
    assert history.has_demo(again) is (moment == "within")
    own_shop.begin_own_shop(again, request=Request(ADA, TODAY))
    assert again.rows("SELECT shipment_no FROM shipment") == [{"shipment_no": "OWN-1"}]
