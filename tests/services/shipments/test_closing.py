"""Old work cleared up: whom to chase, and closing in one go, as far as it is permitted."""

from datetime import timedelta

import pytest

from core.domain.errors import Refused
from core.domain.flags import Flag
from core.domain.history import HistoryAction
from core.domain.selection import Selection
from core.domain.shipment import Shipment, Stage, Tab
from core.domain.shipment_actions import Refusal
from core.services.shipments import actions, closing, invoices, undo
from core.services.shipments.actions import Missing
from core.services.shipments.changes import NotSaved, Request
from core.services.shipments.closing import Closing, StaysOpen, clearing_up
from core.services.shipments.invoices import Entry
from core.services.shipments.undo import Stayed
from core.store import history
from core.store.database import Store
from tests.builders import (
    CJ,
    CJ_OTHER,
    HANA,
    HANJIN,
    JUN,
    NOW,
    RULES,
    a_checkpoint,
    a_scan_arrives,
    a_shipment,
    a_store,
    a_visit,
    an_invoice,
    nov,
    the,
)  # fmt: skip


def given_up(number: str = "S-1", invoice_no: str = CJ) -> Shipment:
    return a_shipment(number, invoice=an_invoice(invoice_no), scans=[a_checkpoint(Stage.RETURNED, nov(13))])


def silent(number: str, invoice_no: str, carrier: str = "cj") -> Shipment:
    invoice = an_invoice(invoice_no, nov(10), carrier=carrier)
    return a_shipment(number, invoice=invoice, scans=[a_checkpoint(Stage.IN_TRANSIT, nov(11))])


def found(store: Store) -> closing.ClearingUp:
    flagged = Selection(tab=Tab.ALL, flag=tuple(Flag))
    return clearing_up(store, flagged, visit=a_visit())


def closed(store: Store, seen: dict[str, int], *, key: str | None = None, reason: str = "Written off") -> Closing:
    return closing.close_many(store, seen, request=Request(HANA, NOW, request_key=key), reason=reason)


def test_what_may_be_closed_is_told_apart_from_what_has_to_be_chased() -> None:
    store = a_store(given_up(), silent("S-2", CJ_OTHER), silent("S-3", HANJIN, "hanjin"), silent("S-4", CJ), a_shipment("S-5"))
    seen = found(store)
    assert (dict(seen.closable), dict(seen.staying)) == ({"S-1": 1}, {Flag.NO_SCAN: 3})
    assert seen.to_chase == {"cj": {"S-2": CJ_OTHER, "S-4": CJ}, "hanjin": {"S-3": HANJIN}}
    assert list(seen.to_chase) == ["cj", "hanjin"]


def test_all_that_may_be_closed_are_one_batch_with_the_reason_in_each_history() -> None:
    store = a_store(given_up("S-1"), given_up("S-2", CJ_OTHER))
    made = closed(store, {"S-1": 1, "S-2": 1})
    assert (made.closed, made.stayed) == (2, ())
    for number in (1, 2):
        change = history.of_shipment(store, number)[0]
        assert (change["batch_id"], change["action"], change["reason"]) == (made.batch, HistoryAction.CLOSED, "Written off")
    assert found(store).closable == {}


def test_what_changed_since_or_may_not_be_closed_stays_and_says_why() -> None:
    store = a_store(given_up("S-1"), given_up("S-2", CJ_OTHER), silent("S-3", HANJIN, "hanjin"))
    actions.close(store, "S-2", request=Request(JUN, NOW))
    made = closed(store, {"S-1": 0, "S-2": 1, "S-3": 1, "S-9": 1})
    assert (made.batch, made.closed) == (None, 0)
    assert [why.reason for why in made.stayed] == [
        StaysOpen.CHANGED_SINCE, Refusal.CLOSED, Refusal.NOT_GIVEN_UP, NotSaved.NO_SHIPMENT,
    ]  # fmt: skip
    assert all("S-" in str(why) for why in made.stayed)
    assert the(store, "S-1").closed_at is None


def test_a_repeated_press_closes_nothing_a_second_time() -> None:
    store = a_store(given_up())
    first = closed(store, {"S-1": 1}, key="press")
    assert closed(store, {"S-1": 1}, key="press") == first
    assert len(history.of_shipment(store, 1)) == 1


def test_closing_needs_a_reason() -> None:
    store = a_store(given_up())
    with pytest.raises(Refused) as refusal:
        closed(store, {"S-1": 1}, reason=" ")
    assert refusal.value.reason is Missing.CLOSING_REASON
    assert the(store).closed_at is None


def back(store: Store, batch: int | None) -> list[str | None]:
    assert batch
    answers = undo.undo(store, batch, request=Request(HANA, NOW + timedelta(minutes=1)), home="KR")
    return [one.stayed and one.stayed.reason for one in answers]


def test_closing_in_one_go_is_undone_in_one_go() -> None:
    store = a_store(given_up("S-1"), given_up("S-2", CJ_OTHER))
    assert back(store, closed(store, {"S-1": 1, "S-2": 1}).batch) == [None, None]
    assert found(store).closable == {"S-1": 3, "S-2": 3}
    assert the(store).state == given_up().state


def test_what_moved_since_stays_closed_and_so_does_one_whose_number_is_taken() -> None:
    store = a_store(given_up("S-1"), given_up("S-2", CJ_OTHER), a_shipment("S-3"))
    batch = closed(store, {"S-1": 1, "S-2": 1}).batch
    a_scan_arrives(store, "S-1", Stage.PICKED_UP, nov(15))
    register(store, "S-3", CJ_OTHER)
    assert back(store, batch) == [Stayed.CHANGED_SINCE, Stayed.NUMBER_IN_USE]
    assert the(store, "S-2").closed_at == NOW


def register(store: Store, shipment_no: str, number: str) -> None:
    invoices.register(store, RULES, shipment_no, Entry("cj", number), request=Request(HANA, NOW))


def test_every_reason_has_its_sentence() -> None:
    assert {why: str(why(shipment_no="S-1")) for why in StaysOpen} == {
        StaysOpen.CHANGED_SINCE: "S-1 stays open: it was changed after you looked at it."
    }
    assert str(Missing.CLOSING_REASON()) == "Reason is empty. Say why nothing more will come of these shipments."
