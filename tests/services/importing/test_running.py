"""The import as a whole: planned without a trace, run in one transaction, reported and undone."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from core.config import ROOT
from core.domain.history import ChangeSource
from core.domain.shipment import Checkpoint, Kind, Stage, Status
from core.domain.status import folded
from core.services import importing
from core.services.importing import deciding, writing
from core.services.importing.drafting import Drafted
from core.services.shipments import invoices, requests, undo
from core.services.shipments.changes import Request
from core.services.shipments.invoices import Entry
from core.services.shipments.undo import Stayed
from core.store import history, imports, shipments
from core.store.database import Connection
from tests.builders import CJ, HANA, NOW, RULES, a_scan_arrives, a_shipment, a_store, nov, the
from tests.services.importing.given import (
    IMPORTER,
    a_file,
    counts,
    imported,
    of_a_file,
    plan,
    rows_in,
    run,
    seoul,
    undo_newest,
)


def test_a_row_in_our_columns_becomes_a_shipment_with_everything_it_says() -> None:
    store = imported(
        kind="exchange", released_at="2026-11-11 09:30", promised_on="2026-11-14", ship_by="2026-11-12", warehouse="Icheon",
        weight_kg="1.25", freight="3000.5", currency="krw", request="문 앞에\n놓아주세요", recipient="Ada Kim",
        postal_code="04524", product_id="P-1", product_name="Mug", quantity="3",
    )  # fmt: skip
    shipment = the(store)
    assert (shipment.kind, shipment.weight_g, shipment.freight, shipment.currency) == (
        Kind.EXCHANGE, 1250, Decimal("3000.50"), "KRW",
    )  # fmt: skip
    assert (shipment.ordered_at, shipment.released_at) == (nov(10), seoul(11, 9, 30))
    assert (shipment.promised_on, shipment.ship_by) == (date(2026, 11, 14), date(2026, 11, 12))
    assert (shipment.address.postal_code, shipment.request) == ("04524", "문 앞에\n놓아주세요")
    assert [(item.product_id, item.name, item.quantity) for item in shipment.items] == [("P-1", "Mug", 3)]
    assert shipment.state.status is Status.PREPARING_TO_RELEASE


def test_what_is_new_is_one_batch_in_the_history_and_can_be_found() -> None:
    store = a_store()
    run(store, a_file({}, {"shipment_no": "S-2", "product_id": "P-9"}))
    assert [(batch["source"], batch["shipments"]) for batch in history.batches(store)] == [("import", 2)]
    assert history.of_shipment(store, 1)[0]["action"] == "imported"
    keys = store.rows("SELECT value FROM search_key WHERE kind = 'product_id'")
    assert keys == [{"value": "P9"}]


def test_an_import_whose_request_was_answered_before_writes_nothing_again() -> None:
    store, request = a_store(), Request(IMPORTER, NOW, request_key="import-1")
    assert run(store, a_file({}), request=request).new == 1
    written = requests.written(store, "import-1")
    assert written and written.shipments == 1
    assert counts(run(store, a_file({}, {"shipment_no": "S-2"}), request=request)) == (0, 0, 1)
    assert rows_in(store, "shipment") == 1


def test_the_report_is_the_promised_json() -> None:
    report = run(a_store(), a_file({}, {"shipment_no": "S-2", "country": "Atlantis"}))
    assert report.as_json() == {
        "verdict": "imported",
        "message": "2 rows with 2 shipments: 1 new, 0 changed, 0 unchanged. 1 row refused.",
        "rows": 2,
        "shipments": 2,
        "new": 1,
        "changed": 0,
        "unchanged": 0,
        "refused": [
            {
                "row": 3,
                "field": "country",
                "reason": 'Country: "Atlantis" is no country we know. Write its code of two letters, such as KR.',
            }
        ],
        "left_empty": [],
        "warnings": [],
        "layout": None,
        "unused": [],
        "left_out": [],
    }


def test_a_plan_writes_nothing_and_shows_what_would_come() -> None:
    store = a_store()
    made = plan(store, a_file({"recipient": "Ada Kim", "weight_kg": "1.5"}))
    assert made.message.startswith("Nothing has been written yet.")
    assert (made.verdict, counts(made)) == ("imported", (1, 0, 0))
    assert made.preview[0] | {"recipient": "Ada Kim", "weight_kg": "1.5"} == made.preview[0]
    assert rows_in(store, "shipment") == 0


def test_an_error_while_writing_leaves_nothing_written() -> None:
    store = imported()
    store.write(lambda connection: connection.execute("ALTER TABLE history RENAME TO elsewhere"))
    with pytest.raises(Exception, match="history"):
        run(store, a_file({"policy": "Express"}, {"shipment_no": "S-2"}))
    store.write(lambda connection: connection.execute("ALTER TABLE elsewhere RENAME TO history"))
    assert [rows_in(store, table) for table in ("shipment", "batch", "history", "search_key")] == [1, 1, 1, 2]
    assert the(store).policy == ""


@pytest.mark.parametrize("phase", ["Checking", "Writing"])
def test_an_error_of_whoever_hears_the_progress_ends_the_import_and_leaves_nothing_written(phase: str) -> None:
    def heard(share: float, word: str) -> None:
        if word == phase and share > 0.5:
            raise TimeoutError

    store = imported()
    with pytest.raises(TimeoutError):
        run(store, a_file({"policy": "Express"}, {"shipment_no": "S-2"}), progress=heard)
    assert [rows_in(store, table) for table in ("shipment", "batch", "history")] == [1, 1, 1]
    assert the(store).policy == ""


def test_an_import_is_heard_of_while_the_engine_is_busy_with_one_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    busy, heard_meanwhile = threading.Event(), threading.Event()

    def until_heard(connection: Connection, drafted: Drafted) -> deciding.FileStanding:
        busy.set()
        assert heard_meanwhile.wait(20)
        return standing(connection, drafted)

    standing = writing.standing
    monkeypatch.setattr("core.services.importing.writing.standing", until_heard)
    run(a_store(), a_file({}), progress=lambda share, word: heard_meanwhile.set() if busy.is_set() else None)
    assert heard_meanwhile.is_set()


def test_ids_rise_with_the_order_times_through_all_of_a_file() -> None:
    times = [f"2026-11-{1 + n * 7 % 9:02} {n % 24:02}:00" for n in range(40)]
    store = a_store()
    run(store, a_file(*({"shipment_no": f"S-{n}", "ordered_at": at} for n, at in enumerate(times))))
    rows = store.rows("SELECT ordered_at FROM shipment ORDER BY shipment_id")
    assert [row["ordered_at"] for row in rows] == sorted(row["ordered_at"] for row in rows)


def test_what_was_known_when_the_file_was_read_and_is_gone_when_it_is_written_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    store = imported()
    kept = writing.standing

    def gone_by_then(connection: Connection, drafted: Drafted) -> deciding.FileStanding:
        imports.remove(connection, [1])
        return kept(connection, drafted)

    monkeypatch.setattr("core.services.importing.writing.standing", gone_by_then)
    assert counts(run(store, a_file({}))) == (1, 0, 0)
    assert (the(store).shipment_id, the(store).order_no) == (2, "O-1")


def test_a_shipment_that_appears_between_plan_and_run_is_not_added_twice() -> None:
    store, file = a_store(), a_file({})
    assert plan(store, file).new == 1
    run(store, file)
    assert counts(run(store, file)) == (0, 0, 1)


def test_progress_rises_to_one_and_names_the_phase() -> None:
    told: list[tuple[float, str]] = []
    run(a_store(), a_file({}), progress=lambda done, word: told.append((done, word)))
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (1, "Imported")
    assert "Checking" in {word for _, word in told}


def test_new_shipments_get_the_state_that_folding_their_facts_gives() -> None:
    store = a_store()
    importing.import_file(
        store, RULES, importing.FileOrder(ROOT / "data" / "sample_shipments.csv"), dry_run=False, **of_a_file({})
    )
    stored = store.snapshot(lambda c: shipments.load_by_id(c, range(1, 10)))
    assert len(stored) == 9
    assert all(folded(shipment) == shipment for shipment in stored.values())


def test_known_shipments_are_looked_up_in_any_spelling_of_their_number() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2"))
    found = store.snapshot(lambda c: imports.known(c, ["S-2", "s-1", "S1", "S-3"]))
    assert found == {"S-2": (2, None), "s-1": (1, None)}


def test_undo_of_an_import_takes_its_new_shipments_out_again() -> None:
    store = imported(product_id="P-1", product_name="Linen shirt", carrier="cj", invoice_no=CJ)
    assert undo_newest(store) == [("S-1", None)]
    assert shipments.find(store, "S-1") is None
    assert [rows_in(store, table) for table in ("shipment", "item", "search_key")] == [0, 0, 0]
    assert [row["action"] for row in history.of_shipment(store, 1)] == ["removed", "imported"]


def test_the_corrected_file_is_imported_under_ids_that_were_never_used() -> None:
    store = imported()
    undo_newest(store)
    assert counts(run(store, a_file({}))) == (1, 0, 0)
    again = shipments.find(store, "S-1")
    assert again and again.shipment_id == 2
    assert [row["action"] for row in history.of_shipment(store, 2)] == ["imported"]


def test_a_shipment_that_was_touched_since_its_import_stays() -> None:
    store = a_store()
    run(store, a_file({"shipment_no": "S-1"}, {"shipment_no": "S-2"}))
    batch = history.batches(store)[0]["batch_id"]
    invoices.register(store, RULES, "S-2", Entry("cj", CJ), request=Request(HANA, NOW))
    answers = undo.undo(store, batch, home="KR", request=Request(IMPORTER, NOW + timedelta(hours=1)))
    assert [answer.stayed and answer.stayed.reason for answer in answers] == [None, Stayed.CHANGED_SINCE]


EVERYTHING = {
    "order_no": "O-2",
    "kind": "exchange",
    "ordered_at": "2026-11-11T10:00:00+09:00",
    "released_at": "2026-11-11T12:00:00+09:00",
    "promised_on": "2026-11-20",
    "ship_by": "2026-11-12",
    "warehouse": "Gimpo",
    "policy": "Express",
    "option": "Night",
    "weight_kg": "1.5",
    "freight": "3,500.50",
    "currency": "KRW",
    "request": "Ring twice",
    "recipient": "Jun Park",
    "phone": "010-1111-2222",
    "address": "1 Otherstreet",
    "city": "Busan",
    "region": "Busan",
    "postal_code": "48058",
    "country": "JP",
    "product_id": "P-9",
    "product_name": "Linen shirt",
    "quantity": "3",
    "carrier": "cj",
    "invoice_no": CJ,
    "picked_up_at": "2026-11-12T10:00:00+09:00",
    "delivered_at": "2026-11-13T10:00:00+09:00",
}


@pytest.mark.parametrize("column", [*EVERYTHING, None])
def test_undo_of_an_import_puts_back_what_it_changed(column: str | None) -> None:
    store = imported(product_id="P-1", product_name="Wool scarf", warehouse="Icheon", freight="2.50", currency="USD")
    before, digest = shipments.find(store, "S-1"), store.rows("SELECT source_hash FROM shipment")
    assert before
    wanted = {name: EVERYTHING[name] for name in _WITH.get(column, (column,))} if column else EVERYTHING
    report = run(store, a_file(wanted))
    assert counts(report) == (0, 1, 0), report
    assert undo_newest(store) == [("S-1", None)]
    after = shipments.find(store, "S-1")
    since = before.state.since
    assert after and replace(after, version=1, invoices=(), state=replace(after.state, since=since)) == replace(
        before, version=1
    )
    assert after.invoice is None
    assert store.rows("SELECT source_hash FROM shipment") == digest
    assert history.of_shipment(store, 1)[0]["action"] == "undone"
    assert counts(run(store, a_file(wanted), request=Request(IMPORTER, NOW + timedelta(hours=2)))) == (0, 1, 0)


_WITH = {
    **dict.fromkeys(("carrier", "invoice_no"), ("carrier", "invoice_no")),
    **dict.fromkeys(("picked_up_at", "delivered_at"), ("carrier", "invoice_no", "picked_up_at", "delivered_at")),
    **dict.fromkeys(("product_id", "product_name", "quantity"), ("product_id", "product_name", "quantity")),
    "ship_by": ("ship_by",),
    "freight": ("freight", "currency"),
    "currency": ("freight", "currency"),
}


def test_what_moved_since_an_import_changed_it_stays_with_the_reason() -> None:
    store = a_store()
    run(store, a_file({"shipment_no": "S-1"}, {"shipment_no": "S-2"}, {"shipment_no": "S-3"}))
    numbers = ({"warehouse": "Gimpo"}, {"warehouse": "Gimpo"}, {"carrier": "cj", "invoice_no": CJ})
    run(store, a_file(*({"shipment_no": f"S-{n}", **row} for n, row in enumerate(numbers, 1))))
    batch = history.batches(store)[0]["batch_id"]
    invoices.register(store, RULES, "S-2", Entry("other", "A1002"), request=Request(HANA, NOW))
    a_scan_arrives(store, "S-3", Stage.PICKED_UP, NOW)
    answers = undo.undo(store, batch, home="KR", request=Request(IMPORTER, NOW + timedelta(hours=1)))
    stayed = {one.shipment_no: one.stayed and one.stayed.reason for one in answers}
    assert stayed == {"S-1": None, "S-2": Stayed.CHANGED_SINCE, "S-3": Stayed.CHANGED_SINCE}


def test_a_carriers_quiet_scan_keeps_the_number_that_an_import_brought() -> None:
    store = imported()
    run(store, a_file({"carrier": "cj", "invoice_no": CJ, "picked_up_at": EVERYTHING["picked_up_at"]}))
    point = Checkpoint(NOW, Stage.IN_TRANSIT, the(store).invoice.invoice_id, source=ChangeSource.CARRIER)  # type: ignore[union-attr]
    store.write(lambda connection: shipments.add_checkpoints(connection, [(1, point)], batch_id=99))
    assert undo_newest(store) == [("S-1", Stayed.SCANNED_SINCE)]


def test_a_carriers_quiet_scan_keeps_a_shipment_that_an_import_added() -> None:
    store = imported(carrier="cj", invoice_no=CJ, picked_up_at=EVERYTHING["picked_up_at"])
    point = Checkpoint(NOW, Stage.IN_TRANSIT, the(store).invoice.invoice_id, source=ChangeSource.CARRIER)  # type: ignore[union-attr]
    store.write(lambda connection: shipments.add_checkpoints(connection, [(1, point)], batch_id=99))
    assert undo_newest(store) == [("S-1", Stayed.SCANNED_SINCE)]
    assert point in the(store).checkpoints


def test_a_delivery_that_an_import_brought_stays_while_another_shipment_has_its_number() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-2"))
    invoices.register(store, RULES, "S-1", Entry("cj", CJ), request=Request(HANA, NOW))
    moved = {name: EVERYTHING[name] for name in ("picked_up_at", "delivered_at")}
    assert counts(run(store, a_file({"shipment_no": "S-1", "carrier": "cj", "invoice_no": CJ, **moved}))) == (0, 1, 0)
    batch = history.batches(store)[0]["batch_id"]
    invoices.register(store, RULES, "S-2", Entry("cj", CJ), request=Request(HANA, NOW))
    answers = undo.undo(store, batch, home="KR", request=Request(IMPORTER, NOW + timedelta(hours=1)))
    assert [one.stayed and one.stayed.reason for one in answers] == [Stayed.NUMBER_IN_USE]
    assert the(store, "S-1").state.status is Status.DELIVERED


def test_an_import_of_an_earlier_version_stays_as_it_is() -> None:
    store = imported(warehouse="Icheon")
    run(store, a_file({"warehouse": "Gimpo"}))
    store.write(lambda c: c.execute("""UPDATE history SET before = '{"warehouse": "Icheon"}' WHERE batch_id = 2"""))
    assert undo_newest(store) == [("S-1", Stayed.IMPORT)]
