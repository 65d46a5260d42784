"""Every sentence about the rows of an upload, whole."""

import pytest

from core.domain.number_faults import NumberFault
from core.domain.reasons import Names, Reason, Why
from core.services.uploading.reasons import Repair, ResultSentence, RowReason, Tally
from tests.builders import CJ

CONFIRM_ONLY = "Check the label; confirm only if several shipments travel in one parcel."
SEVERAL_ROWS = {"rows": Names(["3", "5"]), "more": -3}
MANY_ROWS = {"rows": Names(["3", "4", "5", "6", "7"]), "more": 2}
NUMBER = {"carrier": "CJ Logistics", "invoice_no": CJ}
ROW_SENTENCES: list[tuple[Why, str]] = [
    (RowReason.REPEATS_HEADERS(), "The row repeats the headers. Delete it."),
    (RowReason.UNREADABLE(title="Invoice No.", fault="it is a date."), "Invoice No.: it is a date."),
    (RowReason.EMPTY(title="Invoice No."), "Invoice No. is empty."),
    (
        RowReason.FILL_ALL(),
        "A row needs its Shipment No. and its Invoice No.; one with neither company nor Invoice No. is left for later.",
    ),
    (
        RowReason.DECIMALS(title="Shipment No.", text="10001.0", whole="10001"),
        "Shipment No.: 10001.0 may be 10001, written as an amount: other cells of the column are not written so. "
        "Write the number as it is.",
    ),
    (
        RowReason.UNKNOWN_COMPANY("alone", text="Xy", companies=Names(("CJ Logistics", "Yamato", "Other"))),
        "Shipping company: “Xy” is not known. Write CJ Logistics, Yamato or Other.",
    ),
    (
        RowReason.UNKNOWN_COMPANY("near", text="Yamatto", near="Yamato"),
        "Shipping company: “Yamatto” is not known. Did you mean Yamato? Write it so, or choose from the list.",
    ),
    (RowReason.NUMBER(fault=NumberFault.SEVERAL()), f"Invoice No.: {NumberFault.SEVERAL()}"),
    (
        RowReason.SECOND_INVOICE("one", rows=Names(["3"])),
        "Shipment No.: also in row 3 with another invoice. Keep one of the rows.",
    ),
    (
        RowReason.SECOND_INVOICE("other", **SEVERAL_ROWS),
        "Shipment No.: also in rows 3 and 5 with another invoice. Keep one of the rows.",
    ),
    (
        RowReason.SECOND_INVOICE("many", **MANY_ROWS),
        "Shipment No.: also in rows 3, 4, 5, 6, 7 and 2 more with another invoice. Keep one of the rows.",
    ),
    (RowReason.SAME_ROW(row=2), "The same as row 2; it is registered once."),
    (
        RowReason.SHARED_NUMBER("one", rows=Names(["3"]), **NUMBER),
        f"Invoice No.: CJ Logistics {CJ} is also in row 3 for another shipment. {CONFIRM_ONLY}",
    ),
    (
        RowReason.SHARED_NUMBER("other", **SEVERAL_ROWS, **NUMBER),
        f"Invoice No.: CJ Logistics {CJ} is also in rows 3 and 5 for another shipment. {CONFIRM_ONLY}",
    ),
    (
        RowReason.SHARED_NUMBER("many", **MANY_ROWS, **NUMBER),
        f"Invoice No.: CJ Logistics {CJ} is also in rows 3, 4, 5, 6, 7 and 2 more for another shipment. {CONFIRM_ONLY}",
    ),
    (RowReason.NEAR_SHIPMENT(near="S-77"), "Shipment No.: not found. Did you mean S-77?"),
    (
        RowReason.REGISTERED("file", invoice_no=CJ, switch="Also modify registered invoices"),
        f"Invoice No.: {CJ} is already registered. Turn on “Also modify registered invoices” to replace it.",
    ),
    (
        RowReason.REGISTERED("grid", invoice_no=CJ),
        f"Invoice No.: {CJ} is already registered. Modify it from the list instead.",
    ),
    (
        RowReason.ANSWERED_BEFORE(),
        "This upload was answered before and its batch was undone or changed since. Choose the file again to register it.",
    ),
]
REPAIR_SENTENCES: list[tuple[Why, str]] = [
    (Repair.AS_STORED(number="S-1"), "Shipment No.: it is S-1 on the desk."),
    (Repair.LEADING_ZERO(number="01"), "Leading zero restored, the check digit proves it: 01."),
    (Repair.INVOICE_NO("changed", changed=Names(["lower case"]), number="A"), "Lower case became A."),
    (
        Repair.INVOICE_NO("removed", removed=Names(["spaces", "hyphens"]), number="A"),
        "Spaces and hyphens removed: A.",
    ),
    (
        Repair.INVOICE_NO("both", changed=Names(["lower case"]), removed=Names(["spaces"]), number="A"),
        "Lower case became ordinary, spaces removed: A.",
    ),
    (
        Repair.SHIPMENT_NO("changed", changed=Names(["full-width digits"]), number="S-1"),
        "Shipment No.: full-width digits became S-1.",
    ),
    (Repair.SHIPMENT_NO("removed", removed=Names(["spaces"]), number="S-1"), "Shipment No.: spaces removed: S-1."),
    (
        Repair.SHIPMENT_NO("both", changed=Names(["lower case"]), removed=Names(["spaces"]), number="S-1"),
        "Shipment No.: lower case became ordinary, spaces removed: S-1.",
    ),
]
TALLY_SENTENCES: list[tuple[Why, str]] = [
    (Tally.NOTHING_YET(), "Nothing has been written yet."),
    (Tally.ALL(counts=Names(["2 unchanged", "1 to mend"])), "2 unchanged, 1 to mend."),
    (Tally.HIDDEN(count=1), "1 of the rows is hidden in the workbook and was read too."),
    (Tally.HIDDEN(count=1200), "1,200 of the rows are hidden in the workbook and were read too."),
    (Tally.CAN_BE_REGISTERED(count=1), "1 row can be registered now"),
    (Tally.CAN_BE_REGISTERED(count=0), "0 rows can be registered now"),
    (Tally.TO_CONFIRM(count=1), "1 needs you to confirm"),
    (Tally.TO_CONFIRM(count=2), "2 need you to confirm"),
    (Tally.ARE_UNCHANGED(count=1), "1 is unchanged"),
    (Tally.ARE_UNCHANGED(count=2), "2 are unchanged"),
    (Tally.ARE_REFUSED(count=1), "1 is refused"),
    (Tally.ARE_REFUSED(count=2), "2 are refused"),
    (Tally.ARE_LEFT(count=1), "1 row is left for later: nobody filled it in."),
    (Tally.ARE_LEFT(count=1000), "1,000 rows are left for later: nobody filled them in."),
    (
        Tally.NOBODY_FILLED_IN(count=1),
        "Nobody filled in the one row. Write the Invoice No. beside the shipment, save, and upload the file again.",
    ),
    (
        Tally.NOBODY_FILLED_IN(count=1000),
        "Nobody filled in any of the 1,000 rows. "
        "Write the Invoice No. beside each shipment that you send, save, and upload the file again.",
    ),
    (Tally.REGISTERED(count=1), "1 shipment registered"),
    (Tally.REGISTERED(count=1000), "1,000 shipments registered"),
    (Tally.UNCHANGED(count=2), "2 unchanged"),
    (Tally.TO_MEND(count=2), "2 to mend"),
    (ResultSentence.PLAIN(verdict="Registered"), "Registered."),
    (ResultSentence.WITH_REASONS(verdict="Refused", reasons="It is empty."), "Refused: It is empty."),
    (
        ResultSentence.NOT_CONFIRMED(verdict="To confirm", reasons="It is odd."),
        "To confirm, not registered: It is odd.",
    ),
]


@pytest.mark.parametrize(
    ("table", "reasons"),
    [
        (ROW_SENTENCES, {*RowReason}),
        (REPAIR_SENTENCES, {*Repair}),
        (TALLY_SENTENCES, {*Tally, *ResultSentence}),
    ],
)
def test_every_reason_has_its_sentence(table: list[tuple[Why, str]], reasons: set[Reason]) -> None:
    assert [str(why) for why, _ in table] == [sentence for _, sentence in table]
    assert {why.reason for why, _ in table} == reasons
