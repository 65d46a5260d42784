"""Shipments that a mistyped number can only mean."""

from core.services.uploading.preview import Verdict
from tests.builders import a_shipment, a_store
from tests.services.uploading.given import lines


def test_a_shipment_that_is_not_there_is_suggested_when_it_can_only_be_one() -> None:
    store = a_store(a_shipment("S261122-03951"), a_shipment("S-77"))
    found = lines(*((number, "Other", f"A00{n}") for n, number in enumerate(["S261122-3951", "s 77", "S-9"])), store=store)
    assert [line.verdict for line in found] == [Verdict.REFUSED] * 3
    assert [line.field for line in found] == ["shipment_no"] * 3
    assert found[0].reason == "Shipment No.: not found. Did you mean S261122-03951?"
    assert "Did you mean S-77?" in found[1].reason
    assert "S-9 does not exist" in found[2].reason
