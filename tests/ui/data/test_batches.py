"""[Undo] of a batch on the Data page: what goes back, what stayed, and whose batches it is offered for."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.domain.history import ChangeSource, HistoryAction
from core.domain.permissions import Denied
from core.services.shipments import invoices
from core.services.shipments.changes import Actor, Request
from core.store import history
from core.store.database import Connection
from core.ui.data import batches
from core.ui.data.sentences import BatchText
from core.ui.kit import who
from core.ui.kit.table import TableEvent
from tests.builders import RULES, a_shipment, add, staff, the
from tests.screens import a_shop, again, desk, drawn, opened, rows, words

HERSELF = Actor(staff("Hana Seo"), "form")


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("batches")):
        yield


def registered(shipment_no: str, number: str, by: Actor = HERSELF) -> str:
    """The id of the batch in which the invoice of a new shipment was registered."""
    add(desk().store, a_shipment(shipment_no))
    invoices.register(desk().store, RULES, shipment_no, invoices.Entry("other", number), request=Request(by, desk().now()))
    return str(desk().store.rows("SELECT max(batch_id) AS n FROM batch")[0]["n"])


def undone(batch: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the page says after a press on the batch's [Undo]."""
    presses = [TableEvent("undo", batch)]

    def draw(*said: Any, on_event: Callable[[TableEvent], object], **named: Any) -> None:
        if presses:
            on_event(presses.pop())

    monkeypatch.setattr(batches, "table", draw)
    return words(again(opened("data")))


def test_a_batch_of_ones_own_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    undone(registered("E-1", "A1001"), monkeypatch)
    assert the(desk().store, "E-1").invoice is None


def test_a_second_press_says_what_the_first_one_did(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = registered("E-5", "A1005")
    for _ in range(2):
        assert str(BatchText.BATCH_OF_ITS_OWN()) in undone(batch, monkeypatch)
    assert desk().store.rows("SELECT count(*) AS n FROM batch WHERE undoes = $batch", {"batch": int(batch)}) == [{"n": 1}]


def test_what_moved_on_since_stays_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    batch = registered("E-2", "A1002")
    entry = invoices.Entry("other", "A9002")
    invoices.modify(desk().store, RULES, "E-2", entry, request=Request(HERSELF, desk().now()))
    assert "E-2 stayed" in undone(batch, monkeypatch)


def test_undo_is_offered_for_ones_own_batches_and_to_an_admin_for_all(monkeypatch: pytest.MonkeyPatch) -> None:
    mine, his = registered("E-3", "A1003"), registered("E-4", "A1004", Actor(staff("Jun Park"), "form"))
    shown = {row["id"]: row["undo"] for row in rows(opened("data"), "batches")}
    assert (shown[mine], shown[his]) == ("Undo", "Undo")
    monkeypatch.setattr(who, "person", lambda _: staff("Hana Seo"))
    locked = {row["id"]: row["undo"]["locked"] for row in drawn(opened("data"), "batches")["rows"] if row["id"] in (mine, his)}
    assert locked == {mine: None, his: str(Denied.ROLE_TOO_LOW("admin", role="staff"))}


def test_a_file_is_called_as_it_is() -> None:
    add(desk().store, a_shipment("E-9"))
    number = the(desk().store, "E-9").shipment_id

    def imported(connection: Connection) -> None:
        at, source = desk().now(), ChangeSource.IMPORT
        batch = history.open_batch(connection, by="Hana Seo", at=at, source=source, note="ko.csv")
        change = history.Change(number, HistoryAction.IMPORTED, {}, {})
        history.append(connection, [change], batch_id=batch, by="Hana Seo", at=at, source=source)

    desk().store.write(imported)
    assert rows(opened("data"), "batches")[0]["note"] == "ko.csv"
