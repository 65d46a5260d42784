"""Shipments that a mistyped number can only mean."""

from core.domain.verdicts import RowVerdict
from core.services.shipments.invoices import InvoiceReason
from core.services.uploading.reasons import RowReason
from tests.builders import a_shipment, a_store
from tests.services.uploading.given import lines, reasons


def test_a_shipment_that_is_not_there_is_suggested_when_it_can_only_be_one() -> None:
    store = a_store(a_shipment("S261122-03951"), a_shipment("S-77"))
    found = lines(*((number, "Other", f"A00{n}") for n, number in enumerate(["S261122-3951", "s 77", "S-9"])), store=store)
    assert [line.verdict for line in found] == [RowVerdict.REFUSED] * 3
    assert [line.field for line in found] == ["shipment_no"] * 3
    assert found[0].reasons == (RowReason.NEAR_SHIPMENT(near="S261122-03951"),)
    assert found[1].reasons == (RowReason.NEAR_SHIPMENT(near="S-77"),)
    assert found[2].reasons == (InvoiceReason.NO_SHIPMENT(shipment_no="S-9"),)


def test_a_shipment_that_could_be_two_is_not_suggested() -> None:
    store = a_store(a_shipment("S-77"), a_shipment("S-7-7"))
    assert reasons(lines(("s 77", "Other", "A001"), store=store)[0]) == [InvoiceReason.NO_SHIPMENT]
