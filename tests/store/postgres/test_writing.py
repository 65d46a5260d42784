"""Many app servers write at once, as if one after another."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any, cast
from uuid import UUID, uuid4

import psycopg
import pytest

from core.carriers import rules as carrier_rules
from core.domain.errors import Conflict, ShipdeskError, Unavailable
from core.domain.servers import Server
from core.services.shipments import invoices
from core.services.shipments.invoices import Entry
from core.store import history, tracking
from core.store.database import Connection, next_id
from core.store.postgres.link import Raw
from core.store.postgres.store import PostgresStore
from core.store.reasons import StoreFault
from tests import engines
from tests.builders import CJ, HANA, NOW, a_shipment, add, an_invoice, nov, requested, the
from tests.store.postgres.test_gone import until

RULES = carrier_rules.load()


def test_an_error_leaves_nothing_written(store: PostgresStore) -> None:
    def job(connection: Connection) -> None:
        history.open_batch(connection, by="Hana Seo", at=NOW, source="form")
        raise KeyError

    with pytest.raises(KeyError):
        store.write(job)
    assert store.rows("SELECT * FROM batch") == []


def test_two_who_take_the_same_number_do_not_both_get_it(store: PostgresStore, other: PostgresStore) -> None:
    add(store, *(a_shipment(f"S-{n}") for n in range(20)))
    together = threading.Barrier(2)

    def register(desk: PostgresStore, shipment_no: str) -> bool:
        together.wait()
        try:
            return invoices.register(desk, RULES, shipment_no, Entry("cj", CJ), **requested({"version": 1}))
        except ShipdeskError:
            return False

    for n in range(0, 20, 2):
        with ThreadPoolExecutor(2) as pool:
            both = list(pool.map(register, (store, other), (f"S-{n}", f"S-{n + 1}")))
        assert sum(both) == (n == 0)
    assert store.rows("SELECT count(*) AS n FROM shipment WHERE canonical_no IS NOT NULL")[0]["n"] == 1


def test_a_repeated_request_is_one_change_wherever_it_is_sent(store: PostgresStore, other: PostgresStore) -> None:
    def job(connection: Connection) -> int:
        known = history.batch_of(connection, "key-1")
        return known or history.open_batch(connection, by="Hana Seo", at=NOW, source="form", request_key="key-1")

    with ThreadPoolExecutor(8) as pool:
        batches = set(pool.map(lambda n: (store, other)[n % 2].write(job), range(16)))
    assert len(batches) == len(store.rows("SELECT * FROM batch")) == 1


def test_a_shipment_number_is_had_by_one(store: PostgresStore, other: PostgresStore) -> None:
    add(store, a_shipment("S-1"))
    with pytest.raises(Conflict):
        add(other, a_shipment("S-1"))


def test_ids_of_a_block_are_one_after_another_beside_others_who_take_some(store: PostgresStore, other: PostgresStore) -> None:
    def block(n: int) -> range:
        first = (store, other)[n % 2].write(lambda connection: next_id(connection, "batch", "batch_id", 1 + n % 5))
        return range(first, first + 1 + n % 5)

    with ThreadPoolExecutor(8) as pool:
        given = [number for ids in pool.map(block, range(60)) for number in ids]
    assert len(given) == len(set(given)) == sum(1 + n % 5 for n in range(60))


def test_what_is_claimed_by_one_is_not_claimed_by_another(store: PostgresStore, other: PostgresStore) -> None:
    numbers = [f"{n:012}" for n in range(200)]
    add(store, *(a_shipment(f"S-{n}", invoice=an_invoice(number)) for n, number in enumerate(numbers)))
    patience = {"cj": nov(30) - nov(1)}
    store.write(lambda c: tracking.watch(c, after=0, at=nov(20), patience=patience, made_here_only=False))

    def claims(n: int) -> list[int]:
        desk, taken = (store, other)[n % 2], []
        while found := desk.write(lambda c: tracking.claim(c, ["cj"], by=str(n), at=nov(20), until=nov(21), limit=7)):
            taken += [claim.invoice_id for claim in found]
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = [number for some in pool.map(claims, range(4)) for number in some]
    assert len(taken) == len(set(taken)) == 200


def test_a_new_server_leaves_the_claims_of_others_alone(store: PostgresStore, other: PostgresStore) -> None:
    add(store, a_shipment("S-1", invoice=an_invoice()))
    store.write(lambda c: tracking.watch_these(c, [1], at=nov(20), patience={"cj": nov(30) - nov(1)}))
    assert store.write(lambda c: tracking.claim_these(c, [1], by="a", at=nov(20), until=nov(21), not_since=nov(19)))
    other.write(tracking.release_all)
    assert other.write(lambda c: tracking.claim_these(c, [1], by="b", at=nov(20), until=nov(21), not_since=nov(19))) == []


def test_who_changed_a_shipment_first_is_told_to_the_second(store: PostgresStore, other: PostgresStore) -> None:
    add(store, a_shipment("S-1"))
    assert invoices.register(store, RULES, "S-1", Entry("cj", CJ), **requested({"version": 1}))
    with pytest.raises(Conflict):
        invoices.register(other, RULES, "S-1", Entry("cj", "577417824035"), **requested({"version": 1}))
    assert the(other).invoice.invoice_no == CJ  # type: ignore[union-attr]


def test_a_connection_that_is_lost_meanwhile_loses_nothing_and_writes_nothing_twice(store: PostgresStore) -> None:
    attempts: list[int] = []

    def job(connection: Connection) -> None:
        history.open_batch(connection, by=HANA.name, at=NOW, source="form")
        attempts.append(connection.execute("SELECT pg_backend_pid()").fetchall()[0][0])
        if len(attempts) == 1:
            store.apart(lambda other: other.execute("SELECT pg_terminate_backend($pid)", {"pid": attempts[0]}))
            connection.execute("SELECT 1")

    store.write(job)
    assert len(attempts) == 2
    assert store.rows("SELECT count(*) AS n FROM batch")[0]["n"] == 1


def test_work_is_one_servers_until_it_ends(store: PostgresStore, other: PostgresStore) -> None:
    assert store.lease("work", store) and store.lease("work", store)
    assert not store.lease("work") and not other.lease("work", other)
    for one, next_one in [(store, other), (other, store)] * 10:
        one.end_lease("work")
        assert next_one.lease("work", next_one) and not one.lease("work", one)


def test_a_database_that_sorts_texts_otherwise_is_refused(server: Server) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        name = server.url.rpartition("/")[2] + "_c"
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'".encode())
    with pytest.raises(Unavailable) as refused:
        PostgresStore.reach(Server(f"{server.url}_c"))
    assert refused.value.reason == "texts_otherwise"


def test_a_server_that_is_not_there_is_a_sentence_without_the_password() -> None:
    with pytest.raises(Unavailable) as refused:
        PostgresStore.reach(Server(f"postgresql://ada:hidden@127.0.0.1:{engines.free_port()}/shop"))
    assert refused.value.reason == "server_gone"
    assert "hidden" not in str(refused.value) and "ada" not in str(refused.value)


def test_the_lock_of_a_database_made_twice_at_once(server: Server) -> None:
    empty = engines.new_database(made=False)
    with ThreadPoolExecutor(3) as pool:
        stores = list(pool.map(lambda _: PostgresStore.reach(empty), range(3)))
    assert sorted(store.made for store in stores) == [False, False, True]
    for store in stores:
        store.close()


class _Unheard:
    """A connection that ends at the commit: before it reached the server, or before its answer came back."""

    def __init__(self, raw: Raw, *, after: bool) -> None:
        self._raw, self._after = raw, after

    def execute(self, statement: bytes) -> None:
        if self._after:
            self._raw.execute(statement)
        self._raw.close()
        raise psycopg.OperationalError("the connection is lost")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)


@pytest.mark.parametrize("after", [True, False], ids=["committed", "not committed"])
def test_a_commit_whose_answer_is_lost_is_done_once(store: PostgresStore, monkeypatch: pytest.MonkeyPatch, after: bool) -> None:
    attempts: list[bool] = []
    commit = store._commit

    def unheard_once(raw: Raw, mark: UUID | None) -> None:
        first = not attempts
        attempts.append(first)
        commit(cast(Raw, _Unheard(raw, after=after)) if first else raw, mark)

    monkeypatch.setattr(store, "_commit", unheard_once)
    store.write(lambda connection: history.open_batch(connection, by=HANA.name, at=NOW, source="form"))
    assert attempts == [True] if after else [True, False]
    assert store.rows("SELECT count(*) AS n FROM batch")[0]["n"] == 1


def test_a_transaction_at_its_end_is_waited_for_but_not_long(store: PostgresStore, monkeypatch: pytest.MonkeyPatch) -> None:
    with psycopg.connect(store.server.url) as slow, ThreadPoolExecutor(1) as pool:
        mark = uuid4()
        slow.execute("INSERT INTO shipdesk.outcome (mark) VALUES (%s)", [mark])
        asked = pool.submit(store._was_committed, mark)
        waiting = "SELECT count(*) AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        until("somebody waits for its end", lambda: store.rows(waiting)[0]["n"])
        slow.commit()
        assert asked.result()
        monkeypatch.setattr("core.store.postgres.store._NOT_LONG", b"SET LOCAL lock_timeout = '50ms'")
        slow.execute("INSERT INTO shipdesk.outcome (mark) VALUES (%s)", [mark := uuid4()])
        with pytest.raises(Unavailable) as told:
            store._was_committed(mark)
        assert told.value.reason is StoreFault.NOT_KNOWN
        slow.rollback()
    assert not store._was_committed(mark)
    assert not store._was_committed(mark)


def test_marks_that_nobody_asks_after_any_more_are_taken_out(store: PostgresStore) -> None:
    store.write(lambda connection: history.open_batch(connection, by=HANA.name, at=NOW, source="form"))
    store.apart(lambda connection: connection.execute("UPDATE outcome SET at = at - INTERVAL '2 days'"))
    old = {row["mark"] for row in store.rows("SELECT mark FROM outcome")}
    store.write(lambda connection: history.open_batch(connection, by=HANA.name, at=NOW, source="form"))
    store.tidy()
    left = {row["mark"] for row in store.rows("SELECT mark FROM outcome")}
    assert old and left and not old & left
