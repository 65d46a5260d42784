"""The nightly backups: written when they are due, thinned out, made up for, and left nothing half done."""

import threading
from datetime import timedelta
from pathlib import Path

import pytest

from core.domain import retention
from core.domain.errors import Unavailable
from core.services.keeping import backups, checking
from core.services.keeping.nightly import Keeper, Plan
from core.services.keeping.reasons import KeepingFault
from core.store import soundness
from core.store.database import Store
from core.store.inspecting import FileState
from tests.builders import NOW, SEOUL, a_shipment, a_store, add, opened
from tests.desk import SetClock


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = opened(Store.open(tmp_path / "shop.duckdb", threads=1))
    add(store, a_shipment("S-1"))
    return store


def a_keeper(store: Store, clock: SetClock, folder: Path | None = None, hour: int | None = 3) -> Keeper:
    assert store.path
    return Keeper(store, Plan(folder or store.path.parent / "backups", hour, SEOUL), clock, first_after=0)


def test_a_night_without_a_backup_is_made_up_for_once(store: Store) -> None:
    keeper = a_keeper(store, SetClock(NOW))
    made = keeper.keep()
    assert made and made.nightly and checking.check(made.path, made.path.parent, SEOUL).ok
    assert keeper.keep() is None
    assert [one.path for one in keeper.kept()] == [made.path]


def test_each_night_has_its_backup_and_old_ones_go(store: Store) -> None:
    clock = SetClock(NOW)
    keeper = a_keeper(store, clock)
    by_hand = keeper.plan.folder / "shop-backup-20240101T000000Z.duckdb"
    keeper.plan.folder.mkdir()
    for age in range(2, 500):
        at = NOW - timedelta(days=age)
        (keeper.plan.folder / f"shop-nightly-{at:%Y%m%dT%H%M%SZ}.duckdb").write_bytes(b"")
    by_hand.write_bytes(b"")
    assert keeper.keep()
    left = keeper.kept()
    nights = [NOW, *(NOW - timedelta(days=age) for age in range(2, 500))]
    assert {one.at for one in left if one.nightly} == retention.kept(nights, NOW, SEOUL)
    assert (left[0].at, left[-1].path) == (NOW, by_hand)


def test_without_an_hour_none_is_written(store: Store) -> None:
    assert a_keeper(store, SetClock(NOW), hour=None).keep() is None


def test_what_a_killed_run_left_is_removed_and_other_files_stay(store: Store) -> None:
    folder = a_keeper(store, SetClock(NOW)).plan.folder
    folder.mkdir()
    for name in ("shop-nightly-20261115T030000Z.duckdb.partial", "shop-nightly-20261115T030000Z.duckdb.partial.wal"):
        (folder / name).write_bytes(b"half")
    for name in ("other-nightly-20261115T030000Z.duckdb.partial", "letter.txt"):
        (folder / name).write_bytes(b"whole")
    assert store.path and backups.clean(folder, store.path) == 2
    assert sorted(file.name for file in folder.iterdir()) == ["letter.txt", "other-nightly-20261115T030000Z.duckdb.partial"]


def test_the_thread_writes_what_is_due_and_reads_the_whole(store: Store) -> None:
    keeper = a_keeper(store, SetClock(NOW))
    keeper.start()
    while not keeper.kept() and keeper.care.alive:
        threading.Event().wait(0.02)
    keeper.stop()
    care = keeper.care
    assert (care.alive, care.failed, care.read_at, dict(care.damaged)) == (False, None, NOW, {})


def test_a_folder_that_cannot_be_used_is_said(store: Store, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(Unavailable) as refusal:
        a_keeper(store, SetClock(NOW), tmp_path / "file" / "backups").keep()
    assert refusal.value.reason is KeepingFault.NO_FOLDER


def test_a_desk_in_memory_has_nothing_to_keep() -> None:
    store = a_store(a_shipment("S-1"))
    keeper = Keeper(store, Plan(Path("backups"), 3, SEOUL), SetClock(NOW))
    keeper.start()
    assert (keeper.keep(), keeper.kept(), keeper.care.alive) == (None, [], False)


def test_two_backups_are_not_written_at_once(store: Store, tmp_path: Path) -> None:
    store.lease(backups.LEASE)
    with pytest.raises(Unavailable) as refusal:
        a_keeper(store, SetClock(NOW)).keep()
    assert refusal.value.reason is KeepingFault.BEING_WRITTEN


def test_damage_under_a_running_desk_is_found_when_the_whole_is_read(store: Store) -> None:
    path = store.path
    assert path
    add(store, *(a_shipment(f"S-{n}") for n in range(2, 400)))
    store.close()
    data = bytearray(path.read_bytes())
    data[-50_000] ^= 1
    path.write_bytes(bytes(data))
    assert checking.check(path, path.parent, SEOUL, wholly=False).found.state is FileState.DAMAGED
    again = opened(Store.open(path, threads=1, inspected=True))
    assert soundness.damage(again, threading.Event())
