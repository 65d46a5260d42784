"""A shop that is moved: all of it, once, wherever the move is killed, and never two of it."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.config import ROOT
from core.domain.errors import Forbidden, Refused, ShipdeskError, Unavailable
from core.services.keeping import backups, exporting, moving, restoring
from core.services.keeping.moving import MoveOrder
from core.services.keeping.places import FilePlace
from core.services.keeping.reasons import MoveFault
from core.services.keeping.restoring import RestoreOrder
from core.store import forgotten_list
from core.store.database import Store
from core.store.postgres.store import PostgresStore
from core.store.reasons import StoreFault
from tests.builders import ADA, HANA, NOW, SEOUL
from tests.shops import a_shop_with_everything


class Killed(BaseException):
    """The process ends here."""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made") / "shop.duckdb"
    a_shop_with_everything(path, shipments=30)
    return path


@pytest.fixture
def shop(made: Path, tmp_path: Path) -> Path:
    for file in made.parent.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path / made.name


def place(path: Path) -> FilePlace:
    return FilePlace(path, path.parent / "backups", SEOUL)


def move(source: Path, target: Path) -> moving.Moved:
    return moving.move(MoveOrder(place(source), place(target)), NOW, lambda phase, share: None, person=ADA.person)


def text_of(path: Path) -> bytes:
    target = path.with_suffix(".txt")
    store = Store.open(path, threads=1)
    try:
        exporting.export(store, target, person=ADA.person)
    finally:
        store.close()
    text = target.read_bytes()
    target.unlink()
    return text


def why_not_opened(path: Path) -> Any:
    with pytest.raises(Unavailable) as refused:
        Store.open(path)
    return refused.value.reason


def killed_at(write: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """The process ends at this write from now on; says how many there were."""
    told = [0]

    def counting(real: Callable[..., Any]) -> Callable[..., Any]:
        def counted(store: Store, job: Any) -> Any:
            told[0] += 1
            if told[0] == write:
                raise Killed
            return real(store, job)

        return counted

    for kind in (Store, PostgresStore):
        monkeypatch.setattr(kind, "write", counting(kind.write))
    return lambda: told[0]


def test_there_and_back_again_nothing_is_different(shop: Path, tmp_path: Path) -> None:
    before, other = text_of(shop), tmp_path / "other.duckdb"
    moved = move(shop, other)
    assert moved.tables
    assert all(one.same and one.new.rows for one in moved.tables)
    assert forgotten_list.entries_beside(other) == forgotten_list.entries_beside(shop)
    assert why_not_opened(shop) is StoreFault.WENT
    assert text_of(other) == before
    move(other, shop)
    assert why_not_opened(other) is StoreFault.WENT
    assert text_of(shop) == before
    assert not list(tmp_path.glob("*.moving*"))


def test_what_was_written_meanwhile_comes_back(shop: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    move(shop, other)
    store = Store.open(other)
    store.write(lambda c: c.execute("UPDATE shipment SET request = 'ring twice' WHERE shipment_id = 1"))
    store.close()
    move(other, shop)
    assert b"ring twice" in text_of(shop)


@pytest.mark.parametrize("target", ["empty", "shop", "other program"])
def test_a_target_that_is_there_is_refused(target: str, shop: Path, tmp_path: Path) -> None:
    there = tmp_path / "there.duckdb"
    if target == "other program":
        there.write_bytes(b"not ours")
    else:
        Store.open(there).close() if target == "empty" else a_shop_with_everything(there, shipments=5)
    before = there.read_bytes()
    with pytest.raises(Refused) as refused:
        move(shop, there)
    assert refused.value.reason is MoveFault.HOLDS
    assert there.read_bytes() == before
    Store.open(shop).close()


def test_a_shop_comes_back_only_by_the_way_it_went(shop: Path, tmp_path: Path) -> None:
    second, third = tmp_path / "second.duckdb", tmp_path / "third.duckdb"
    move(shop, second)
    move(second, third)
    with pytest.raises(Refused):
        move(third, shop)
    with pytest.raises(Unavailable):
        move(shop, tmp_path / "fourth.duckdb")
    move(third, second)


def test_a_shop_in_use_or_without_a_file_is_not_moved(shop: Path, tmp_path: Path) -> None:
    script = f"from pathlib import Path; from core.store.database import Store; s = Store.open(Path({str(shop)!r})); print(1, flush=True); input()"
    with subprocess.Popen([sys.executable, "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as desk:
        assert desk.stdout and desk.stdout.readline()
        with pytest.raises(Unavailable) as refused:
            move(shop, tmp_path / "other.duckdb")
        desk.communicate(b"\n")
    assert refused.value.reason is StoreFault.OPEN_ELSEWHERE
    with pytest.raises(Unavailable) as refused:
        move(tmp_path / "none.duckdb", tmp_path / "other.duckdb")
    assert refused.value.reason is MoveFault.NO_SHOP
    with pytest.raises(Refused):
        move(shop, shop)


def test_a_move_is_for_admins(shop: Path, tmp_path: Path) -> None:
    order = MoveOrder(place(shop), place(tmp_path / "other.duckdb"))
    with pytest.raises(Forbidden):
        moving.move(order, NOW, lambda phase, share: None, person=HANA.person)


def writes_of_a_move(shop: Path, tmp_path: Path) -> int:
    with pytest.MonkeyPatch.context() as patched:
        count = killed_at(0, patched)
        move(shop, tmp_path / "counted.duckdb")
        move(tmp_path / "counted.duckdb", shop)
        return count() // 2


def test_a_move_that_is_killed_at_any_write_is_finished_by_the_next(shop: Path, tmp_path: Path) -> None:
    before, last = text_of(shop), writes_of_a_move(shop, tmp_path)
    assert last > 20
    for turn, write in enumerate((12, last - 1)):
        source, target = (shop, tmp_path / "other.duckdb") if turn % 2 == 0 else (tmp_path / "other.duckdb", shop)
        with pytest.MonkeyPatch.context() as patched:
            killed_at(write, patched)
            with pytest.raises(Killed):
                move(source, target)
        assert [path for path in (source, target) if path.exists() and can_be_opened(path)] in ([source], [])
        move(source, target)
        assert text_of(target) == before
        assert why_not_opened(source) is StoreFault.WENT


def test_a_shop_that_changed_after_a_killed_move_is_moved_as_it_is_then(shop: Path, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patched:
        killed_at(15, patched)
        with pytest.raises(Killed):
            move(shop, tmp_path / "other.duckdb")
    store = Store.open(shop)
    store.write(lambda c: c.execute("UPDATE batch SET note = 'written after' WHERE batch_id = 1"))
    store.close()
    before = text_of(shop)
    move(shop, tmp_path / "other.duckdb")
    assert text_of(tmp_path / "other.duckdb") == before


def test_what_a_move_from_elsewhere_left_is_no_part_of_another(shop: Path, tmp_path: Path) -> None:
    third = tmp_path / "third.duckdb"
    a_shop_with_everything(third, shipments=5)
    before = text_of(third)
    with pytest.MonkeyPatch.context() as patched:
        killed_at(15, patched)
        with pytest.raises(Killed):
            move(shop, tmp_path / "other.duckdb")
    move(third, tmp_path / "other.duckdb")
    assert text_of(tmp_path / "other.duckdb") == before
    Store.open(shop).close()


def test_where_a_shop_went_from_nothing_is_restored_or_backed_up(shop: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.duckdb"
    store = Store.open(shop)
    backups.write_to(store, copy, person=ADA.person)
    store.close()
    move(shop, tmp_path / "other.duckdb")
    with pytest.raises(Unavailable) as refused:
        restoring.restore(RestoreOrder(copy, shop, tmp_path, SEOUL), NOW, lambda _: True, person=ADA.person)
    assert refused.value.reason is StoreFault.WENT


def can_be_opened(path: Path) -> bool:
    try:
        Store.open(path).close()
    except ShipdeskError:
        return False
    return True


def test_the_command_moves_and_says_so(shop: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"

    def core(*arguments: str | Path, database: Path = shop) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"SHIPDESK_DB": str(database)}
        command = [sys.executable, "-m", "core", *map(str, arguments)]
        return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120)

    done = core("move", shop, other)
    assert (done.returncode, str(other) in done.stdout.splitlines()[-1]) == (0, True)
    refused = core("export", tmp_path / "shop.txt")
    assert (refused.returncode, refused.stderr.count("\n"), str(other) in refused.stderr) == (1, 1, True)
    exported = core("export", tmp_path / "shop.txt", database=other)
    assert hashlib.sha256((tmp_path / "shop.txt").read_bytes()).hexdigest() in exported.stdout
