"""One number, two spellings: kept as entered, and found, compared, asked and held in one form."""

import json
from pathlib import Path
from typing import Any

import pytest

from core.carriers import aftership
from core.carriers.service import Number
from core.domain.errors import NeedsConfirming
from core.domain.invoice_number import spellings
from core.domain.search import Search, SearchKey
from core.domain.selection import Selection
from core.domain.shipment import Destination, Status, Tab
from core.domain.sorting import Order
from core.domain.verdicts import RowVerdict
from core.services.shipments import invoices, queries, undo
from core.services.shipments.changes import Actor, Request
from core.services.shipments.invoices import Entry, InvoiceReason
from core.services.tracking import polling
from core.services.uploading.reasons import RowReason
from core.store.database import SCHEMA, Store
from tests.builders import CJ, HANJIN, NOW, RULES, a_shipment, a_store, a_visit, an_invoice, requested, staff, the
from tests.desk import Service, SetClock, a_tracker
from tests.services.uploading.given import lines, reasons, waiting

LONG, SHORT = "420773169261290283641500004181", "9261290283641500004181"
FEDEX_LONG, FEDEX = "1001921334250001000300779017972697", "779017972697"
JJD, JD = "JJD014600003823434523", "JD014600003823434523"
PAIRS = [("usps", LONG, SHORT), ("fedex", FEDEX_LONG, FEDEX), ("dhl", JJD, JD)]
BOTH_WAYS = [(carrier, *pair) for carrier, long, short in PAIRS for pair in ((long, short), (short, long))]


def register(store: Store, carrier: str, number: str, shipment_no: str = "S-1", **said: Any) -> bool:
    return invoices.register(store, RULES, shipment_no, Entry(carrier, number, said.pop("confirmed", False)), **requested(said))


def found(store: Store, text: str, **said: Any) -> list[str]:
    """The shipments that a search for the Invoice No. lists."""
    search = Search(SearchKey.INVOICE_NO, (text,), lambda value: spellings(value, RULES))
    wanted = Selection(**{"tab": Tab.ALL, "destination": Destination.DOMESTIC, "search": search, **said})
    page = queries.page(store, wanted, Order(), visit=a_visit(), size=50, number=lambda pages: 1)
    return [row["shipment_no"] for row in page.rows]


@pytest.mark.parametrize(("carrier", "entered", "other"), BOTH_WAYS)
def test_it_is_shown_as_entered_and_found_by_either_spelling(carrier: str, entered: str, other: str) -> None:
    store = a_store(a_shipment(), a_shipment("S-2"))
    register(store, carrier, entered)
    invoice = the(store).invoice
    assert invoice and invoice.invoice_no == entered
    assert [found(store, text) for text in (entered, other, entered[:10])] == [["S-1"]] * 3
    assert found(store, "1Z999AA10123456784") == []


def test_the_beginning_of_either_spelling_finds_it() -> None:
    store = a_store(a_shipment())
    register(store, "usps", LONG)
    assert [found(store, text) for text in ("42077316", "92612902", "92612903")] == [["S-1"], ["S-1"], []]


@pytest.mark.parametrize(("carrier", "entered", "other"), BOTH_WAYS)
def test_the_same_number_in_another_spelling_changes_nothing(carrier: str, entered: str, other: str) -> None:
    store = a_store(a_shipment())
    assert register(store, carrier, entered)
    assert not register(store, carrier, other)


@pytest.mark.parametrize(("carrier", "entered", "other"), BOTH_WAYS)
@pytest.mark.parametrize("company", ["same", "other"])
def test_the_number_is_in_use_in_either_spelling(carrier: str, entered: str, other: str, company: str) -> None:
    store = a_store(a_shipment(), a_shipment("S-2"))
    register(store, carrier, entered)
    with pytest.raises(NeedsConfirming) as doubt:
        register(store, carrier if company == "same" else "other", other, "S-2")
    assert doubt.value.reason is InvoiceReason.IN_USE


def test_the_number_under_another_company_asks_first() -> None:
    store = a_store(a_shipment(invoice=an_invoice(HANJIN, carrier="hanjin")), a_shipment("S-2"))
    with pytest.raises(NeedsConfirming) as doubt:
        register(store, "lotte", HANJIN, "S-2")
    why = doubt.value.whys[0]
    assert (why.reason, why.form, why.values["others"]) == (InvoiceReason.IN_USE, "elsewhere", ("S-1",))
    assert register(store, "lotte", HANJIN, "S-2", confirmed=True)


def test_rows_of_an_upload_that_share_a_number_are_asked_about_whatever_company_and_spelling() -> None:
    shared = [("S-1", "USPS", LONG), ("S-2", "Other", SHORT), ("S-3", "Hanjin", HANJIN), ("S-4", "Yamato", HANJIN)]
    found_lines = lines(*shared, store=waiting(4))
    assert [line.verdict for line in found_lines] == [RowVerdict.CONFIRM] * 4
    assert all(RowReason.SHARED_NUMBER in reasons(line) for line in found_lines)


def test_an_upload_is_asked_about_a_number_that_another_company_has_on_the_desk() -> None:
    store = a_store(a_shipment(invoice=an_invoice(HANJIN, carrier="hanjin")), a_shipment("S-2"))
    line = lines(("S-2", "Sagawa", HANJIN), store=store)[0]
    assert (line.verdict, reasons(line)) == (RowVerdict.CONFIRM, [InvoiceReason.IN_USE])


def test_one_shipment_twice_in_an_upload_in_two_spellings_is_one_row() -> None:
    verdicts = [line.verdict for line in lines(("S-1", "USPS", LONG), ("S-1", "USPS", SHORT), store=waiting(1))]
    assert verdicts == [RowVerdict.READY, RowVerdict.UNCHANGED]


def test_the_service_is_asked_about_the_one_form_and_its_answer_is_about_the_parcel() -> None:
    store, service, clock = a_store(a_shipment()), Service(), SetClock(NOW)
    register(store, "usps", LONG)
    answer = aftership.parse(json.loads(T07), RULES)[0]
    service.says[SHORT] = answer
    tracker = a_tracker(store, service, clock)
    clock.forward(hours=3)
    polling.refresh_due(tracker)
    assert service.asked == [Number("usps", SHORT)]
    assert the(store).state.status is Status.DELIVERED


def test_an_undone_registration_comes_back_with_both_forms() -> None:
    store = a_store(a_shipment())
    register(store, "usps", LONG)
    invoices.modify(store, RULES, "S-1", Entry("cj", CJ), **requested({"request_key": "m"}))
    batch = store.rows("SELECT max(batch_id) AS n FROM batch")[0]["n"]
    undo.undo(store, batch, home="KR", request=Request(Actor(staff("Hana Seo"), "undo"), NOW, request_key="u"))
    invoice = the(store).invoice
    assert invoice and (invoice.invoice_no, invoice.canonical_no) == (LONG, SHORT)


def test_numbers_of_an_earlier_desk_have_their_one_form_after_it_is_opened(tmp_path: Path) -> None:
    numbers = [*((carrier, long, short) for carrier, long, short in PAIRS), ("cj", CJ, CJ), ("other", LONG, SHORT)]
    store = Store.open(tmp_path / "desk.duckdb", threads=1, schema=earlier(tmp_path))
    for at, (carrier, entered, _) in enumerate(numbers, 1):
        values = {"at": at, "no": f"S-{at}", "carrier": carrier, "entered": entered}
        store.write(lambda c, values=values: [c.execute(sql, values_of(sql, values)) for sql in EARLIER])
    store.close()
    store = Store.open(tmp_path / "desk.duckdb", threads=1)
    try:
        assert [(i.invoice_no, i.canonical_no) for at in range(1, 6) if (i := the(store, f"S-{at}").invoice)] == [
            (entered, short) for _, entered, short in numbers
        ]
        assert [found(store, text) for text in (JD, JJD, CJ)] == [["S-3"], ["S-3"], ["S-4"]]
        assert store.rows("SELECT count(*) AS n FROM tracking WHERE canonical_no IS NULL")[0]["n"] == 0
    finally:
        store.close()


def earlier(folder: Path) -> Path:
    """The schema as it was released first."""
    (folder / "schema").mkdir()
    for step in sorted(SCHEMA.glob("*.sql"))[:3]:
        (folder / "schema" / step.name).write_text(step.read_text())
    return folder / "schema"


def values_of(sql: str, values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if f"${name}" in sql}


EARLIER = [
    "INSERT INTO shipment BY NAME SELECT $at AS shipment_id, $no AS shipment_no, 'O' AS order_no, 'standard' AS kind, "
    "'domestic' AS destination, now() AS ordered_at, 'KR' AS country, 'preparing_to_ship' AS status, now() AS status_since, "
    "$at AS invoice_id, $carrier AS carrier, $entered AS invoice_no, now() AS invoiced_at, now() AS updated_at",
    "INSERT INTO invoice VALUES ($at, $at, $at, 'registered', $carrier, $entered, now(), 1)",
    "INSERT INTO tracking BY NAME SELECT $at AS invoice_id, $at AS shipment_id, $carrier AS carrier, $entered AS invoice_no",
    "INSERT INTO search_key VALUES ('shipment_no', replace($no, '-', ''), $at), ('invoice_no', $entered, $at)",
]
T07 = """{"meta": {"code": 200}, "data": {"trackings": [{"tracking_number": "9261290283641500004181", "slug": "usps",
"tag": "Delivered", "checkpoints": [{"checkpoint_time": "2026-11-14T15:00:00-05:00", "tag": "Delivered", "message": "Delivered"}]}]}}"""
