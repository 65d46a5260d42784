"""A shop that moves up to a database server and back down: the same to the last byte, and never open at two places."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.domain.errors import Refused, Unavailable
from core.domain.servers import Server
from core.services.keeping import exporting, moving
from core.services.keeping.moving import MoveOrder
from core.services.keeping.places import FilePlace, Place, ServerPlace
from core.services.keeping.reasons import MoveFault
from core.services.shipments.changes import Actor
from core.store import copying, forgotten_list, history, moved
from core.store.database import Connection, Store
from core.store.moved import MoveMark, MovePart
from core.store.reasons import StoreFault
from core.store.stores import open_store
from tests import engines
from tests.builders import ADA, NOW, SEOUL, opened
from tests.postgres_server import NoServer, binaries
from tests.services.keeping.test_moving import Killed, killed_at
from tests.shops import a_shop_with_everything


@pytest.fixture(scope="module", autouse=True)
def _a_server_is_here() -> None:
    try:
        binaries()
    except NoServer as error:
        pytest.skip(str(error))


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


@pytest.fixture
def server() -> Iterator[Server]:
    yield engines.new_database(made=False)


def place(one: Path | Server) -> Place:
    return ServerPlace(one) if isinstance(one, Server) else FilePlace(one, one.parent / "backups", SEOUL)


def move(source: Path | Server, target: Path | Server, by: Actor = ADA) -> moving.Moved:
    return moving.move(MoveOrder(place(source), place(target)), NOW, lambda phase, share: None, person=by.person)


def text_of(one: Path | Server, folder: Path) -> bytes:
    target = folder / "shop.txt"
    store = open_store(one)
    try:
        exporting.export(store, target, person=ADA.person)
    finally:
        store.close()
    text = target.read_bytes()
    target.unlink()
    return text


def why_not_opened(one: Path | Server) -> object:
    with pytest.raises(Unavailable) as refused:
        open_store(one)
    return refused.value.reason


def test_up_and_down_again_nothing_is_different(shop: Path, server: Server, tmp_path: Path) -> None:
    before, list_before = text_of(shop, tmp_path), forgotten_list.entries_beside(shop)
    done = move(shop, server)
    assert all(one.same and one.new.rows for one in done.tables)
    assert why_not_opened(shop) is StoreFault.WENT
    assert text_of(server, tmp_path) == before
    move(server, shop)
    assert why_not_opened(server) is StoreFault.WENT
    assert text_of(shop, tmp_path) == before
    assert forgotten_list.entries_beside(shop) == list_before
    move(shop, server)
    assert text_of(server, tmp_path) == before


def test_what_is_new_there_gets_ids_of_its_own_and_comes_back(shop: Path, server: Server, tmp_path: Path) -> None:
    move(shop, server)
    store = open_store(server)
    last = store.rows("SELECT max(batch_id) AS n FROM batch")[0]["n"]
    made = store.write(lambda c: history.open_batch(c, by="Hana", at=NOW, source="form", note="made there"))
    forgotten_list.add(store, ["S-200"])
    store.close()
    assert made > last
    move(server, shop)
    assert b"made there" in text_of(shop, tmp_path)
    assert len(forgotten_list.entries_beside(shop)) == 4


def test_a_server_that_holds_a_shop_is_refused(shop: Path, server: Server) -> None:
    store = opened(open_store(server))
    store.write(lambda c: history.open_batch(c, by="Hana", at=NOW, source="form"))
    store.close()
    with pytest.raises(Refused) as refused:
        move(shop, server)
    assert refused.value.reason is MoveFault.HOLDS
    Store.open(shop).close()


def test_a_shop_that_a_desk_has_open_is_not_moved(shop: Path, server: Server, tmp_path: Path) -> None:
    move(shop, server)
    desk = opened(open_store(server))
    with pytest.raises(Unavailable) as refused:
        move(server, tmp_path / "other.duckdb")
    assert refused.value.reason is StoreFault.OPEN_ON_SERVER
    with pytest.raises(Unavailable) as refused:
        move(shop, server)
    assert refused.value.reason is StoreFault.WENT
    desk.close()


def test_no_desk_opens_a_shop_that_is_still_coming(shop: Path, server: Server, tmp_path: Path) -> None:
    before = text_of(shop, tmp_path)
    with pytest.MonkeyPatch.context() as patched:
        killed_at(8, patched)
        with pytest.raises(Killed):
            move(shop, server)
    assert why_not_opened(server) is StoreFault.RECEIVING
    with pytest.raises(Refused) as refused:
        move_of_another(tmp_path, server)
    assert refused.value.reason is MoveFault.MOVING
    move(shop, server)
    assert text_of(server, tmp_path) == before


def move_of_another(folder: Path, server: Server) -> None:
    other = folder / "another.duckdb"
    a_shop_with_everything(other, shipments=2)
    move(other, server)


def killed_when_marking(part: MovePart, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends while a place gets this mark."""
    real = moved.set_mark

    def marked(connection: Connection, mark: MoveMark) -> None:
        real(connection, mark)
        if mark.part is part:
            raise Killed

    monkeypatch.setattr(moved, "set_mark", marked)


def killed_when_settling(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends just after the old place was closed."""

    def settled(_: Connection) -> None:
        raise Killed

    monkeypatch.setattr(copying, "settle", settled)


KILLS: tuple[Callable[[pytest.MonkeyPatch], Any], ...] = (
    partial(killed_at, 1),
    partial(killed_at, 9),
    partial(killed_at, 3),
    partial(killed_when_marking, MovePart.RECEIVED),
    partial(killed_when_marking, MovePart.WENT),
    killed_when_settling,
    partial(killed_when_marking, MovePart.HERE),
)


@pytest.mark.parametrize("down", [False, True])
def test_a_move_that_is_killed_at_any_moment_is_finished_by_the_next(
    down: bool, shop: Path, server: Server, tmp_path: Path
) -> None:
    before = text_of(shop, tmp_path)
    if down:
        move(shop, server)
    source, target = (server, shop) if down else (shop, server)
    for kill in KILLS:
        with pytest.MonkeyPatch.context() as patched:
            kill(patched)
            with pytest.raises(Killed):
                move(source, target)
    move(source, target)
    assert text_of(target, tmp_path) == before
    assert why_not_opened(source) is StoreFault.WENT
