"""Rows of one file that speak of the same shipment or carry the same number."""

from core.domain.verdicts import RowVerdict
from core.services.uploading.reasons import RowReason
from tests.builders import CJ, CJ_OTHER
from tests.services.uploading.given import lines, reasons


def test_one_shipment_with_two_invoices_is_refused_twice() -> None:
    found = lines(("S-1", "CJ", CJ), ("S-2", "Other", "A001"), ("S-1", "CJ", CJ_OTHER))
    assert [line.verdict for line in found] == [RowVerdict.REFUSED, RowVerdict.READY, RowVerdict.REFUSED]
    assert [reasons(found[at]) for at in (0, 2)] == [[RowReason.SECOND_INVOICE]] * 2
    assert [found[at].reasons[0].values["rows"] for at in (0, 2)] == [("4",), ("2",)]


def test_destroyed_digits_are_no_second_invoice() -> None:
    found = lines(("S-1", "CJ", "6.32E+11"), ("S-1", "CJ", CJ))
    assert [line.verdict for line in found] == [RowVerdict.REFUSED, RowVerdict.READY]


def test_the_same_row_twice_is_one_registration() -> None:
    found = lines(("S-1", "CJ", CJ), ("S-1 ", "대한통운", f"{CJ[:4]}-{CJ[4:]}"))
    assert [line.verdict for line in found] == [RowVerdict.READY, RowVerdict.UNCHANGED]
    assert found[1].reasons == (RowReason.SAME_ROW(row=2),)


def test_one_invoice_for_two_shipments_is_confirmed_by_row() -> None:
    rows = ("S-1", "CJ", CJ), ("S-2", "CJ", CJ)
    found = lines(*rows)
    assert [line.verdict for line in found] == [RowVerdict.CONFIRM] * 2
    assert [reasons(line) for line in found] == [[RowReason.SHARED_NUMBER]] * 2
    assert [line.reasons[0].values["rows"] for line in found] == [("3",), ("2",)]
    assert [line.verdict for line in lines(*rows, confirmed=frozenset({2, 3}))] == [RowVerdict.READY] * 2
