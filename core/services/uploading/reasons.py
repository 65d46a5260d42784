"""What is said about the rows of an upload and about all of them together; each sentence once, and whole."""

from core.domain import phrases
from core.domain.language import NamedEnum, marked
from core.domain.reasons import Reason

MODIFY_SWITCH = marked("Also modify registered invoices")


class RowReason(Reason):
    """Why a row is not simply ready, and what to do."""

    REPEATS_HEADERS = "repeats_headers", "The row repeats the headers. Delete it."
    UNREADABLE = "unreadable", phrases.IN_COLUMN
    EMPTY = "empty", "{title} is empty."
    DECIMALS = (
        "decimals",
        "{title}: {text} may be {whole}, written as an amount: other cells of the column are not written so. "
        "Write the number as it is.",
    )
    FILL_ALL = (
        "fill_all",
        "A row needs its Shipment No. and its Invoice No.; one with neither company nor Invoice No. is left for later.",
    )
    UNKNOWN_COMPANY = (
        "unknown_company",
        {
            "alone": "Shipping company: “{text}” is not known. Write {companies:or}.",
            "near": "Shipping company: “{text}” is not known. Did you mean {near}? Write it so, or choose from the list.",
        },
    )
    NUMBER = "number", phrases.OF_NUMBER
    SECOND_INVOICE = (
        "second_invoice",
        {
            "one": "Shipment No.: also in row {rows} with another invoice. Keep one of the rows.",
            "other": "Shipment No.: also in rows {rows:and} with another invoice. Keep one of the rows.",
            "many": "Shipment No.: also in rows {rows} and {more} more with another invoice. Keep one of the rows.",
        },
    )
    SAME_ROW = "same_row", "The same as row {row}; it is registered once."
    SHARED_NUMBER = (
        "shared_number",
        {
            "one": "Invoice No.: {carrier} {invoice_no} is also in row {rows} for another shipment. "
            "Check the label; confirm only if several shipments travel in one parcel.",
            "other": "Invoice No.: {carrier} {invoice_no} is also in rows {rows:and} for another shipment. "
            "Check the label; confirm only if several shipments travel in one parcel.",
            "many": "Invoice No.: {carrier} {invoice_no} is also in rows {rows} and {more} more for another shipment. "
            "Check the label; confirm only if several shipments travel in one parcel.",
        },
    )
    NEAR_SHIPMENT = "near_shipment", "Shipment No.: not found. Did you mean {near}?"
    REGISTERED = (
        "registered",
        {
            "file": "Invoice No.: {invoice_no} is already registered. Turn on “{switch}” to replace it.",
            "grid": "Invoice No.: {invoice_no} is already registered. Modify it from the list instead.",
        },
    )
    ANSWERED_BEFORE = (
        "answered_before",
        "This upload was answered before and its batch was undone or changed since. Choose the file again to register it.",
    )


class MatchReason(Reason):
    """Why a row of a carrier's list, which does not say our Shipment No., is left to a person; after the title of its column."""

    TIED = (
        "tied",
        {
            "one": "not in the list, and {shipments} fits in part only. Choose it on the Upload page, or leave the row.",
            "other": "not in the list, and {shipments:and} fit. Choose one on the Upload page, or leave the row.",
            "many": "not in the list, and {shipments} and {more} more fit. Choose one on the Upload page, or leave the row.",
        },
    )
    CLAIMED = (
        "claimed",
        {
            "one": "{shipment} fits, and so it does for row {rows} with another number. "
            "Choose which of the two is right on the Upload page.",
            "other": "{shipment} fits, and so it does for rows {rows:and} with other numbers. "
            "Choose which of them is right on the Upload page.",
        },
    )
    UNKNOWN = "unknown", "not in the list, and no waiting shipment fits what it says of the recipient."
    LEFT = "left", "not in the list, and no shipment was chosen."
    WHOSE = (
        "whose",
        "the list does not say whose numbers these are. Say the company once for the whole list: on the Upload page, or with --carrier.",
    )
    NO_COMPANY = "no_company", "“{text}” is no shipping company. Write {companies:or}."
    NEEDS_DESK = (
        "needs_desk",
        "The list has no Shipment No., so its rows are matched with the shipments of the desk. Leave --offline out.",
    )


class MatchTally(Reason):
    """How many rows of a carrier's list are what, and by what they were matched."""

    ALL = "all", "Matched by {kinds:and}: {counts}."
    CERTAIN = "certain", {"one": "{count} is certain", "other": "{count:,} are certain"}
    TIED = "tied", {"one": "{count} is to choose", "other": "{count:,} are to choose"}
    UNKNOWN = "unknown", {"one": "{count} is unknown", "other": "{count:,} are unknown"}


class Repair(Reason):
    """What was put right in a row, as it is provable."""

    LEADING_ZERO = "leading_zero", "Leading zero restored, the check digit proves it: {number}."
    INVOICE_NO = (
        "invoice_no",
        {
            "changed": "{changed:And} became {number}.",
            "removed": "{removed:And} removed: {number}.",
            "both": "{changed:And} became ordinary, {removed:and} removed: {number}.",
        },
    )
    AS_STORED = "as_stored", "Shipment No.: it is {number} on the desk."
    SHIPMENT_NO = (
        "shipment_no",
        {
            "changed": "Shipment No.: {changed:and} became {number}.",
            "removed": "Shipment No.: {removed:and} removed: {number}.",
            "both": "Shipment No.: {changed:and} became ordinary, {removed:and} removed: {number}.",
        },
    )


class Oddity(NamedEnum):
    """What a spreadsheet or a keyboard does to a number, as the repairs name it."""

    WIDE = marked("full-width characters")
    WIDE_DIGITS = marked("full-width digits")
    LOWER = marked("lower case")
    SPACES = marked("spaces")
    LINE_BREAKS = marked("line breaks")
    HYPHENS = marked("hyphens")
    INVISIBLE = marked("invisible characters")
    APOSTROPHES = marked("apostrophes")
    PUNCTUATION = marked("punctuation")
    DECIMALS = marked("decimals")


class Tally(Reason):
    """How many rows of an upload are what."""

    NOTHING_YET = "nothing_yet", phrases.NOT_WRITTEN_YET
    ALL = "all", "{counts}."
    HIDDEN = (
        "hidden",
        {
            "one": "{count} of the rows is hidden in the workbook and was read too.",
            "other": "{count:,} of the rows are hidden in the workbook and were read too.",
        },
    )
    CAN_BE_REGISTERED = (
        "can_be_registered",
        {"one": "{count} row can be registered now", "other": "{count:,} rows can be registered now"},
    )
    TO_CONFIRM = "to_confirm", {"one": "{count} needs you to confirm", "other": "{count:,} need you to confirm"}
    ARE_UNCHANGED = "are_unchanged", {"one": "{count} is unchanged", "other": "{count:,} are unchanged"}
    ARE_REFUSED = "are_refused", {"one": "{count} is refused", "other": "{count:,} are refused"}
    ARE_LEFT = (
        "are_left",
        {
            "one": "{count} row is left for later: nobody filled it in.",
            "other": "{count:,} rows are left for later: nobody filled them in.",
        },
    )
    NOBODY_FILLED_IN = (
        "nobody_filled_in",
        {
            "one": "Nobody filled in the one row. Write the Invoice No. beside the shipment, save, and upload the file again.",
            "other": "Nobody filled in any of the {count:,} rows. "
            "Write the Invoice No. beside each shipment that you send, save, and upload the file again.",
        },
    )
    REGISTERED = "registered", {"one": "{count} shipment registered", "other": "{count:,} shipments registered"}
    UNCHANGED = "unchanged", "{count:,} unchanged"
    TO_MEND = "to_mend", "{count:,} to mend"


class ResultSentence(Reason):
    """What stands in the result column of a workbook: the verdict, with the reasons where there are some."""

    PLAIN = "plain", "{verdict}."
    WITH_REASONS = "with_reasons", "{verdict}: {reasons}"
    NOT_CONFIRMED = "not_confirmed", "{verdict}, not registered: {reasons}"
