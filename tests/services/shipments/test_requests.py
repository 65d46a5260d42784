"""What became of a request that nobody could wait for."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Event

import pytest

from core.services.shipments import invoices, requests, undo
from core.services.shipments.changes import Request
from core.services.shipments.invoices import Entry
from core.services.shipments.requests import Written
from core.store.database import Connection, Store
from tests.builders import CJ, CJ_OTHER, HANA, NOW, RULES, a_shipment, a_store


def register(store: Store, shipment_no: str, number: str, key: str) -> None:
    invoices.register(store, RULES, shipment_no, Entry("cj", number), request=Request(HANA, NOW, request_key=key))


def test_a_request_that_was_written_names_its_batch_its_moment_and_how_many() -> None:
    store = a_store(a_shipment("S-1"))
    register(store, "S-1", CJ, "press-1")
    written = requests.written(store, "press-1")
    assert written and (written.made_at, written.shipments, written.undone) == (NOW, 1, False)


def test_a_request_that_was_undone_since_says_so() -> None:
    store = a_store(a_shipment("S-1"))
    register(store, "S-1", CJ, "press-1")
    batch = requests.written(store, "press-1")
    assert batch
    undo.undo(store, batch.batch_id, home="KR", request=Request(HANA, NOW))
    assert requests.written(store, "press-1") == replace(batch, undone=True)


def test_a_request_that_never_arrived_was_not_written() -> None:
    store = a_store(a_shipment("S-1"))
    register(store, "S-1", CJ, "press-1")
    assert requests.written(store, "press-2") is None


def test_without_a_key_nothing_is_known() -> None:
    store = a_store(a_shipment("S-1"))
    register(store, "S-1", CJ, "press-1")
    assert requests.written(store, "") is None


def test_of_several_presses_on_the_same_the_newest_is_told() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2"))
    register(store, "S-1", CJ, "grid-7-a")
    register(store, "S-2", CJ_OTHER, "grid-7-b")
    newest = requests.written(store, "grid-7-b")
    assert newest and requests.written(store, "grid-7-") == newest


@pytest.mark.about_files("on a server nobody waits in line")
def test_the_answer_waits_for_what_is_being_written() -> None:
    store, going, may_go_on = a_store(a_shipment("S-1")), Event(), Event()

    def slow(_: Connection) -> None:
        going.set()
        may_go_on.wait(20)

    with ThreadPoolExecutor() as pool:
        pool.submit(store.write, slow)
        going.wait(20)
        pressed = pool.submit(register, store, "S-1", CJ, "press-1")
        while not store._writer.waiting:
            pass
        asked = pool.submit(requests.written, store, "press-1")
        may_go_on.set()
        pressed.result(20)
        assert isinstance(asked.result(20), Written)
