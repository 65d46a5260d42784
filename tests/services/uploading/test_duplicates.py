"""Rows of one file that speak of the same shipment or carry the same number."""

from core.services.uploading.preview import Verdict
from tests.builders import CJ, CJ_OTHER
from tests.services.uploading.given import lines


def test_one_shipment_with_two_invoices_is_refused_twice() -> None:
    found = lines(("S-1", "CJ", CJ), ("S-2", "Other", "A001"), ("S-1", "CJ", CJ_OTHER))
    assert [line.verdict for line in found] == [Verdict.REFUSED, Verdict.READY, Verdict.REFUSED]
    assert ("row 4" in found[0].reason, "row 2" in found[2].reason) == (True, True)


def test_destroyed_digits_are_no_second_invoice() -> None:
    found = lines(("S-1", "CJ", "6.32E+11"), ("S-1", "CJ", CJ))
    assert [line.verdict for line in found] == [Verdict.REFUSED, Verdict.READY]


def test_the_same_row_twice_is_one_registration() -> None:
    found = lines(("S-1", "CJ", CJ), ("S-1 ", "대한통운", f"{CJ[:4]}-{CJ[4:]}"))
    assert [line.verdict for line in found] == [Verdict.READY, Verdict.UNCHANGED]
    assert "row 2" in found[1].reason


def test_one_invoice_for_two_shipments_is_confirmed_by_row() -> None:
    rows = ("S-1", "CJ", CJ), ("S-2", "CJ", CJ)
    found = lines(*rows)
    assert [line.verdict for line in found] == [Verdict.CONFIRM] * 2
    assert ("row 3" in found[0].reason, "row 2" in found[1].reason) == (True, True)
    assert [line.verdict for line in lines(*rows, confirmed=frozenset({2, 3}))] == [Verdict.READY] * 2
