"""The database file: one owner, one writer, nothing half written, nothing lost on the way to a newer schema."""

import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest

from core.domain.errors import Unavailable
from core.store import database, history
from core.store.database import Connection, Store, select
from core.store.reasons import StoreFault
from tests.builders import a_shipment, a_store, add, nov, opened
from tests.stress import Clerk, all_numbers, disagreements, fill

OPENED_BY_ANOTHER = """
import pathlib, sys
from core.store.database import Store
store = Store.open(pathlib.Path(sys.argv[1]), threads=1)
print("open", flush=True)
sys.stdin.read()
store.close()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "desk" / "shop.duckdb"


@pytest.fixture
def elsewhere(path: Path) -> Iterator[Path]:
    """The file while another process has it open."""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", OPENED_BY_ANOTHER, str(path)]
    with subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout and other.stdout.readline() == "open\n"
        yield path
        other.communicate("")


def on_disk(path: Path, **options: object) -> Store:
    return opened(Store.open(path, threads=1, **options))  # type: ignore[arg-type]


def how_many(store: Store, table: str = "shipment") -> int:
    return int(store.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"])


def noted(store: Store, note: str) -> int:
    return store.write(lambda c: history.open_batch(c, by="Hana", at=nov(16), source="form", note=note))


def notes(store: Store) -> list[str]:
    return [row["note"] for row in store.rows("SELECT note FROM batch ORDER BY batch_id")]


def test_what_was_written_is_there_after_opening_again(path: Path) -> None:
    store = on_disk(path)
    add(store, a_shipment("S-1"))
    store.close()
    assert how_many(on_disk(path)) == 1


def test_a_file_that_another_program_has_open_is_said_to_be_so(elsewhere: Path) -> None:
    with pytest.raises(Unavailable) as refusal:
        Store.open(elsewhere, threads=1)
    assert str(refusal.value) == (
        f"Another program has the database {elsewhere} open. Only one can use it at a time: "
        "stop the running Shipdesk, or choose another file with SHIPDESK_DB."
    )


@pytest.mark.parametrize("name", ["shop.duckdb", "padlock.duckdb"])
@pytest.mark.parametrize("content", [b"no database" * 1000, b"x"])
def test_a_broken_file_is_refused_and_left_as_it_is(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Unavailable, match=r"cannot be opened as a Shipdesk database\. Restore a backup"):
        Store.open(path, threads=1)
    assert path.read_bytes() == content


def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        Store.open(tmp_path, threads=1)


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "desk").write_text("a file")
    with pytest.raises(Unavailable, match=r"The folder of .* cannot be used"):
        Store.open(tmp_path / "desk" / "shop.duckdb", threads=1)


def test_a_database_of_another_program_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "sales.duckdb"
    with duckdb.connect(str(path)) as other:
        other.execute("CREATE TABLE shipment (id INTEGER)")
    with pytest.raises(Unavailable, match="cannot be opened as a Shipdesk database"):
        Store.open(path, threads=1)
    with duckdb.connect(str(path)) as other:
        assert other.execute("SELECT table_name FROM duckdb_tables()").fetchall() == [("shipment",)]


def test_a_file_of_a_newer_shipdesk_is_refused(path: Path) -> None:
    store = on_disk(path)
    store.write(lambda c: c.execute("INSERT INTO schema_version VALUES (999, now())").fetchall())
    store.close()
    with pytest.raises(Unavailable) as refusal:
        Store.open(path, threads=1)
    assert (refusal.value.reason, refusal.value.whys[0].values["version"]) == (StoreFault.NEWER, 999)


@pytest.fixture
def newer(tmp_path: Path) -> Callable[[str], Path]:
    """The schema with one more step."""

    def make(sql: str) -> Path:
        folder = tmp_path / "schema"
        shutil.copytree(database.SCHEMA, folder, dirs_exist_ok=True)
        (folder / "900_more.sql").write_text(sql)
        return folder

    return make


def test_a_migration_keeps_the_rows_and_a_backup_of_before(path: Path, newer: Callable[[str], Path]) -> None:
    store = on_disk(path)
    add(store, a_shipment("S-1"))
    store.close()
    migrated = on_disk(path, schema=newer("CREATE TABLE extra (n INTEGER); INSERT INTO extra VALUES (7)"))
    assert (how_many(migrated), how_many(migrated, "extra")) == (1, 1)
    before = on_disk(path.with_name("shop.before-900.duckdb"))
    assert (how_many(before), version(before)) == (1, version(on_disk(path.with_name("new.duckdb"))))


def version(store: Store) -> int:
    return int(store.rows("SELECT max(version) AS v FROM schema_version")[0]["v"])


def test_a_migration_that_fails_leaves_the_file_as_it_was(path: Path, newer: Callable[[str], Path]) -> None:
    store = on_disk(path)
    add(store, a_shipment("S-1"))
    store.close()
    with pytest.raises(duckdb.Error):
        Store.open(path, threads=1, schema=newer("CREATE TABLE extra (n INTEGER); INSERT INTO nothing VALUES (7)"))
    again = on_disk(path)
    assert how_many(again) == 1
    assert again.rows("SELECT 1 AS n FROM duckdb_tables() WHERE table_name = 'extra'") == []


def test_a_new_file_and_a_file_that_is_up_to_date_leave_no_backup_behind(path: Path) -> None:
    on_disk(path).close()
    on_disk(path).close()
    assert sorted(file.name for file in path.parent.iterdir()) == ["shop.duckdb", "shop.duckdb.note"]


@pytest.mark.about_files("ids on a server may have gaps")
def test_a_failing_job_leaves_nothing_written() -> None:
    store = a_store()

    def job(connection: Connection) -> None:
        history.open_batch(connection, by="Hana", at=nov(16), source="form", note="half")
        raise ValueError("in the middle")

    with pytest.raises(ValueError, match="in the middle"):
        store.write(job)
    assert notes(store) == []
    assert noted(store, "next") == 1


@pytest.mark.about_files("ids on a server may have gaps")
def test_a_failing_statement_leaves_nothing_written() -> None:
    store = a_store()

    def job(connection: Connection) -> None:
        history.open_batch(connection, by="Hana", at=nov(16), source="form", note="half")
        connection.execute("SELECT no_such_column FROM shipment")

    with pytest.raises(duckdb.Error):
        store.write(job)
    assert notes(store) == []


@pytest.mark.about_files("its engine's own conflicts")
def test_a_job_that_meets_a_conflict_runs_again_from_the_start() -> None:
    store, tries = a_store(), []

    def job(connection: Connection) -> int:
        tries.append(1)
        history.open_batch(connection, by="Hana", at=nov(16), source="form", note=f"try {len(tries)}")
        if len(tries) < 3:
            raise duckdb.TransactionException("Conflict on update!")
        return len(tries)

    assert store.write(job) == 3
    assert notes(store) == ["try 3"]


@pytest.mark.about_files("on a server jobs run beside each other")
def test_jobs_run_in_the_order_they_came() -> None:
    store, gate = a_store(), threading.Event()
    with ThreadPoolExecutor(8) as pool:
        pool.submit(store.write, lambda _: gate.wait(20))
        for turn in range(6):
            pool.submit(noted, store, f"{turn}")
            deadline = time.monotonic() + 20
            while store._writer.waiting <= turn and time.monotonic() < deadline:
                time.sleep(0.001)
        gate.set()
    assert notes(store) == list("012345")


def test_jobs_of_many_threads_never_meet() -> None:
    store = a_store()
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda n: noted(store, f"{n}"), range(40)))
    assert sorted(ids) == list(range(1, 41))
    assert how_many(store, "batch") == 40


def test_an_error_of_one_job_does_not_stop_the_next() -> None:
    store = a_store()
    for _ in range(3):
        with pytest.raises(ZeroDivisionError):
            store.write(lambda _: 1 / 0)
    assert noted(store, "after") == 1


def test_closing_finishes_the_jobs_that_wait(path: Path) -> None:
    store, gate = on_disk(path), threading.Event()
    with ThreadPoolExecutor(4) as pool:
        pool.submit(store.write, lambda _: gate.wait(20))
        waiting = [pool.submit(noted, store, "waiting") for _ in range(2)]
        while store._writer.waiting < 2:
            time.sleep(0.001)
        closing = pool.submit(store.close)
        gate.set()
        closing.result(20)
    assert sorted(job.result(0) for job in waiting) == [1, 2]
    assert notes(on_disk(path)) == ["waiting", "waiting"]


@pytest.mark.about_files("a server has backups of its own")
@pytest.mark.parametrize(
    "use",
    [
        lambda store, _: store.read("SELECT 1"),
        lambda store, _: store.rows("SELECT 1"),
        lambda store, _: store.snapshot(lambda c: None),
        lambda store, _: store.write(lambda c: None),
        lambda store, folder: store.backup(folder / "copy.duckdb"),
    ],
    ids=["read", "rows", "snapshot", "write", "backup"],
)
def test_a_closed_store_says_that_it_is_closed(tmp_path: Path, use: Callable[[Store, Path], object]) -> None:
    store = a_store()
    store.close()
    with pytest.raises(Unavailable, match="being closed"):
        use(store, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_closing_twice_is_closing_once() -> None:
    store = a_store()
    store.close()
    store.close()


def test_a_snapshot_sees_one_moment_and_the_next_one_sees_the_rest() -> None:
    store = a_store(a_shipment("S-1"))

    def job(connection: Connection) -> list[int]:
        seen = [len(select(connection, "SELECT 1 FROM shipment"))]
        add(store, a_shipment("S-2"))
        return [*seen, len(select(connection, "SELECT 1 FROM shipment")), len(select(connection, "SELECT 1 FROM batch"))]

    assert store.snapshot(job) == [1, 1, 1]
    assert how_many(store) == 2


def test_a_reader_does_not_see_what_is_not_committed() -> None:
    store = a_store()

    def job(connection: Connection) -> int:
        history.open_batch(connection, by="Hana", at=nov(16), source="form")
        return how_many(store, "batch")

    assert store.write(job) == 0
    assert how_many(store, "batch") == 1


def test_times_come_back_aware_and_in_utc() -> None:
    moment = a_store(a_shipment("S-1")).rows("SELECT ordered_at FROM shipment")[0]["ordered_at"]
    assert (moment, moment.utcoffset().total_seconds()) == (nov(10), 0)


def test_a_backup_of_a_running_database_is_complete_and_of_one_moment(path: Path) -> None:
    store, done = on_disk(path), threading.Event()
    add(store, *(a_shipment(f"S-{n}") for n in range(1, 51)))

    def keep_writing() -> None:
        turn = 0
        while not done.is_set():
            turn += 1
            add(store, a_shipment(f"S-X{turn}"), a_shipment(f"S-Y{turn}"))

    with ThreadPoolExecutor(1) as pool:
        writing = pool.submit(keep_writing)
        store.backup(path.with_name("copy.duckdb"))
        done.set()
        writing.result(20)
    copy = on_disk(path.with_name("copy.duckdb"))
    assert how_many(copy) >= 50
    assert how_many(copy) % 2 == 0
    assert (how_many(copy, "item"), how_many(copy, "search_key")) == (how_many(copy), 3 * how_many(copy))


@pytest.mark.about_files("a server has backups of its own")
def test_a_backup_never_writes_over_a_file(tmp_path: Path) -> None:
    target = tmp_path / "copy.duckdb"
    target.write_text("yesterday's")
    with pytest.raises(Unavailable, match=r"copy.duckdb already exists. Choose a new file name."):
        a_store().backup(target)
    assert target.read_text() == "yesterday's"


@pytest.mark.about_files("a server has backups of its own")
def test_a_backup_that_cannot_be_written_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    store = a_store(a_shipment("S-1"))
    with pytest.raises(Unavailable, match="The backup could not be written"):
        store.backup(tmp_path / "no" / "folder" / "copy.duckdb")
    store.backup(tmp_path / "it's a copy.duckdb")
    assert [file.name for file in tmp_path.iterdir()] == ["it's a copy.duckdb"]


def test_the_file_and_its_backup_are_in_the_format_without_the_compression_that_loses_updates(path: Path) -> None:
    store = on_disk(path)
    store.backup(path.with_name("copy.duckdb"))
    for one in (store, on_disk(path.with_name("copy.duckdb"))):
        found = one.rows("SELECT tags['storage_version'] AS format FROM duckdb_databases() WHERE NOT internal")
        assert [row["format"] for row in found] == ["v1.2.0+"]


@pytest.mark.about_files("a server has backups of its own")
def test_backups_of_a_desk_under_load_agree_with_themselves(path: Path) -> None:
    store, done = on_disk(path), threading.Event()
    fill(store, all_numbers(2))
    clerks = [Clerk(store, number, lambda _: None, bulk=True) for number in range(2)]
    with ThreadPoolExecutor(2) as pool:
        working = [pool.submit(clerk.work, done) for clerk in clerks]
        for turn in range(3):
            store.backup(path.with_name(f"copy-{turn}.duckdb"))
        done.set()
        for one in working:
            one.result(20)
    assert [complaint for clerk in clerks for complaint in clerk.wrong] == []
    for turn in range(3):
        assert disagreements(on_disk(path.with_name(f"copy-{turn}.duckdb")), []) == []


REGISTERS_AND_DIES = """
import os, pathlib, sys
from core.store.database import Store
store = Store.open(pathlib.Path(sys.argv[1]), threads=1)
store.write(lambda c: c.execute("INSERT INTO shipment BY NAME SELECT * REPLACE (shipment_id + 5000 AS shipment_id) FROM shipment LIMIT 20"))
store.write(lambda c: c.execute("UPDATE shipment SET invoice_no = 'N' || shipment_id, carrier = 'cj' WHERE shipment_id BETWEEN 1500 AND 1560"))
os._exit(9)
"""


def test_a_number_registered_after_new_shipments_arrived_survives_a_crash(path: Path) -> None:
    store = Store.open(path, threads=1)
    add(store, *(a_shipment(f"S-{n}") for n in range(2000)))
    store.close()
    store = Store.open(path, threads=1)
    store.write(
        lambda c: c.execute("UPDATE shipment SET invoice_no = 'A' || shipment_id, carrier = 'cj' WHERE shipment_id < 400")
    )
    store.close()
    subprocess.run([sys.executable, "-c", REGISTERS_AND_DIES, str(path)], cwd=Path(__file__).parents[2], check=False)
    kept = on_disk(path).rows(
        "SELECT count(invoice_no) AS numbers, count(carrier) AS carriers FROM shipment WHERE shipment_id BETWEEN 1500 AND 1560"
    )
    assert kept == [{"numbers": 61, "carriers": 61}]


def test_a_work_on_the_database_is_one_workers_until_it_is_left() -> None:
    store = Store.open()
    assert [store.lease("sweep"), store.lease("sweep"), store.lease("dust")] == [True, False, True]
    store.end_lease("sweep")
    assert store.lease("sweep")
    store.close()
