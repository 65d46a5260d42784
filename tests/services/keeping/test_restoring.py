"""Going back to a backup, and going on with what is still good: the desk works on as before."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from core.domain.errors import Forbidden, Refused, Unavailable
from core.domain.people import Person, Role
from core.domain.reasons import Why
from core.services.keeping import backups, checking, restoring
from core.services.keeping.reasons import KeepingFault, RestoreText
from core.services.keeping.restoring import RestoreOrder
from core.services.shipments.invoices import Entry, register
from core.store.database import Store
from core.store.inspecting import FileState
from core.store.reasons import StoreFault
from tests.builders import CJ, NOW, RULES, SEOUL, a_shipment, add, opened, requested, the
from tests.faults.damage import NAME, ROOT, a_desk
from tests.store.test_database import OPENED_BY_ANOTHER

ADMIN = Person("Hana Seo", Role.ADMIN)


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A desk of two shipments whose backup was written before the second came."""
    path = tmp_path / NAME
    store = Store.open(path, threads=1)
    add(store, a_shipment("S-1"))
    backups.write(store, tmp_path / "backups", NOW, person=ADMIN)
    add(store, a_shipment("S-2"))
    store.close()
    return path


@pytest.fixture
def elsewhere(desk: Path) -> Iterator[None]:
    """Another process has the desk's database open."""
    with opened_elsewhere(desk):
        yield


@contextmanager
def opened_elsewhere(desk: Path) -> Iterator[None]:
    command = [sys.executable, "-c", OPENED_BY_ANOTHER, str(desk)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout and other.stdout.readline() == "open\n"
        yield
        other.communicate("")


def yesterday(desk: Path) -> Path:
    newest = backups.newest(desk.parent / "backups", desk)
    assert newest
    return newest.path


def restored(file: Path, desk: Path, *, partly: bool = False, answer: bool = True) -> Why | None:
    order = RestoreOrder(file, desk, desk.parent / "backups", SEOUL, partly=partly)
    return restoring.restore(order, NOW, lambda _: answer, person=ADMIN)


def on(desk: Path) -> Store:
    return opened(Store.open(desk, threads=1))


def numbers(desk: Path) -> list[str]:
    return [row["n"] for row in on(desk).rows("SELECT shipment_no AS n FROM shipment ORDER BY shipment_id")]


def test_a_backup_takes_the_place_of_the_database_which_is_kept(desk: Path) -> None:
    done = restored(yesterday(desk), desk)
    assert done and done.reason is RestoreText.DONE
    assert numbers(desk) == ["S-1"]
    assert checking.check(done.values["safety"], desk.parent, SEOUL).ok
    assert numbers(done.values["safety"]) == ["S-1", "S-2"]


def test_who_does_not_confirm_changes_nothing(desk: Path) -> None:
    assert restored(yesterday(desk), desk, answer=False) is None
    assert numbers(desk) == ["S-1", "S-2"]
    assert not list(desk.parent.glob("*before-restore*"))


def test_a_restored_desk_goes_on(desk: Path) -> None:
    restored(yesterday(desk), desk)
    store = on(desk)
    register(store, RULES, "S-1", Entry("cj", CJ), **requested({}))
    add(store, a_shipment("S-3"))
    invoice = the(store, "S-1").invoice
    assert (invoice and invoice.invoice_no, the(store, "S-3").shipment_id) == (CJ, 2)
    assert store.rows("SELECT shipment_id AS n FROM search_key WHERE kind = 'invoice_no' AND value = $no", {"no": CJ}) == [
        {"n": 1}
    ]
    assert store.rows("SELECT max(batch_id) AS n FROM batch") == [{"n": 3}]
    assert store.rows("SELECT count(*) AS n FROM duckdb_tables() WHERE table_name = 'copied'") == [{"n": 0}]


@pytest.mark.parametrize(
    "harm", [lambda file: file.unlink(), lambda file: os.truncate(file, 5000), lambda file: file.write_text("x")]
)
def test_a_backup_is_restored_where_the_database_is_gone_or_damaged(desk: Path, harm: object) -> None:
    harm(desk)  # type: ignore[operator]
    assert restored(yesterday(desk), desk)
    assert numbers(desk) == ["S-1"]


def test_a_damaged_backup_is_not_restored_and_nothing_changes(desk: Path) -> None:
    backup = yesterday(desk)
    os.truncate(backup, backup.stat().st_size - 300_000)
    with pytest.raises(Refused) as refusal:
        restored(backup, desk)
    assert refusal.value.reason is KeepingFault.NOT_GOOD
    assert numbers(desk) == ["S-1", "S-2"]


def test_a_running_desk_is_not_restored_under_it(desk: Path, elsewhere: None) -> None:
    with pytest.raises(Unavailable) as refusal:
        restored(yesterday(desk), desk)
    assert refusal.value.reason is KeepingFault.SERVED


def test_a_desk_that_is_started_while_the_person_is_asked_is_not_restored_under_it(desk: Path) -> None:
    order = RestoreOrder(yesterday(desk), desk, desk.parent / "backups", SEOUL)
    with ExitStack() as running:

        def confirmed(_: Why) -> bool:
            running.enter_context(opened_elsewhere(desk))
            return True

        with pytest.raises(Unavailable) as refusal:
            restoring.restore(order, NOW, confirmed, person=ADMIN)
    assert refusal.value.reason is KeepingFault.SERVED
    assert numbers(desk) == ["S-1", "S-2"]
    assert not list(desk.parent.glob("*before-restore*"))


def test_only_who_may_restore_does(desk: Path) -> None:
    order = RestoreOrder(yesterday(desk), desk, desk.parent, SEOUL)
    with pytest.raises(Forbidden):
        restoring.restore(order, NOW, lambda _: True, person=Person("Jun", Role.STAFF))


def test_what_is_still_good_of_a_desk_with_a_damaged_log_goes_on(tmp_path: Path) -> None:
    desk = a_desk(tmp_path, 30)
    log = desk.with_name(NAME + ".wal")
    log.write_bytes(log.read_bytes()[:-2000] + bytes(2000))
    found = checking.check(desk, tmp_path, SEOUL)
    with pytest.raises(Unavailable):
        Store.open(desk)
    with pytest.raises(Refused):
        restored(desk, desk)
    done = restored(desk, desk, partly=True)
    assert done and found.found.good
    assert on(desk).rows("SELECT max(batch_id) AS n FROM batch") == [{"n": found.found.good.batch}]
    assert found.found.missing == 15 - found.found.good.batch > 0
    assert done.values["safety"].with_name(done.values["safety"].name + ".wal").exists()


def test_a_whole_database_is_not_restored_from_itself(desk: Path) -> None:
    with pytest.raises(Refused) as refusal:
        restored(desk, desk)
    assert refusal.value.reason is KeepingFault.NOTHING_TO_KEEP


def test_an_older_file_put_there_by_hand_is_noticed(desk: Path) -> None:
    desk.write_bytes(yesterday(desk).read_bytes())
    with pytest.raises(Unavailable) as refusal:
        Store.open(desk)
    assert refusal.value.reason is StoreFault.SHORT
    report = checking.check(desk, desk.parent / "backups", SEOUL)
    assert (report.found.state, report.found.missing) == (FileState.SHORT, 1)


def test_two_restores_of_one_moment_keep_two_files(desk: Path) -> None:
    first, second = restored(yesterday(desk), desk), restored(yesterday(desk), desk)
    assert first and second and first.values["safety"] != second.values["safety"]
