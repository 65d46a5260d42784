"""The sentences about one shipment, each once and whole."""

from core.domain import phrases
from core.domain.fields import FIELDS
from core.domain.reasons import Reason
from core.ui.kit import shared


class AsOf(Reason):
    """How old the last answer is, and when it is asked again."""

    NOT_ANY_MORE = "not_any_more", "Not asked any more"
    NOT_YET = "not_yet", "Not asked yet"
    NOBODY = "nobody", "No service is asked"
    STOPPED = (
        "stopped",
        {
            "answered": "Asked {ago} ago · asking stopped on {when}",
            "silent": "Not answered yet · asking stopped on {when}",
        },
    )
    DELIVERED = (
        "delivered",
        {
            "answered": "Asked {ago} ago · not asked again: delivered",
            "silent": "Not answered yet · not asked again: delivered",
        },
    )
    CLOSED = (
        "closed",
        {
            "answered": "Asked {ago} ago · not asked again: closed",
            "silent": "Not answered yet · not asked again: closed",
        },
    )
    NEXT = (
        "next",
        {"answered": "Asked {ago} ago · next {when}", "silent": "Not answered yet · next {when}"},
    )
    DUE = "due", {"answered": "Asked {ago} ago · due now", "silent": "Not answered yet · due now"}


class LastTry(Reason):
    """What went wrong at the last try, and what stays true."""

    FAILED = (
        "failed",
        {"ago": "The last try failed {ago} ago: {error}", "alone": "The last try failed: {error}"},
    )
    STAYS = "stays", "The last known status stays."
    NO_ANSWER = "no_answer", "Nothing was answered so far."


class ByHand(Reason):
    """What came of asking about one shipment by hand."""

    TOO_SOON = "too_soon", "Asked less than a minute ago, or being asked. Try again in a minute."
    NOBODY = "nobody", "No service can be asked about this number now."
    NEWS = "news", "Asked just now: there is news."
    NOTHING_NEW = "nothing_new", "Asked just now: nothing new."


class Foot(Reason):
    """What stands under the timeline."""

    SPAN = "span", {"over": "{word} {span}", "going": "{word} {span}, and counting"}
    DOTTED = "dotted", "Dotted times: the carrier named no time zone; its own is assumed."


class ActText(Reason):
    """What is said after a press on a shipment's forms."""

    REGISTERED = "registered", "{company} {number} is registered on {shipment_no}"
    MODIFIED = "modified", "{company} {number} is now the invoice on {shipment_no}"
    ADDRESS_SAVED = "address_saved", "The address of {shipment_no} is saved"
    INVOICE_DELETED = "invoice_deleted", "The invoice of {shipment_no} is deleted"
    CLOSED = "closed", "{shipment_no} is closed"
    RESHIPPED = "reshipped", "{shipment_no} is re-shipped"
    SPLIT = "split", "{parcel_no} is added, and waits for an invoice of its own"
    SAME_RECIPIENT = "same_recipient", "{count} waiting shipments go to the same recipient"
    JOINS = "joins", "Those that you choose go out with {shipment_no}: one parcel, one invoice."
    JOINED = (
        "joined",
        {"one": "{others} goes out with {shipment_no} now", "other": "{others} go out with {shipment_no} now"},
    )
    DELIVERED = "delivered", "{shipment_no} is in Delivered"
    RETURNED = "returned", "{shipment_no} is settled as returned"
    ON_ITS_WAY = "on_its_way", "{shipment_no} is on its way to the recipient"
    STARTS_ANEW = (
        "starts_anew",
        {
            "none": "Tracking starts anew with the new number. Nothing has been heard of {company} {number} yet.",
            "one": "Tracking starts anew with the new number. The present journey goes out of sight: "
            "1 event of {company} {number}, on {since}. It stays in the history.",
            "other": "Tracking starts anew with the new number. The present journey goes out of sight: "
            "{count} events of {company} {number} since {since}. They stay in the history.",
        },
    )
    DELETES = (
        "deletes",
        {
            "none": "Deleting takes {company} {number} off this shipment, which goes back to Preparing to Release "
            "with an address that can be edited.",
            "one": "Deleting takes {company} {number} off this shipment, which goes back to Preparing to Release "
            "with an address that can be edited; 1 event, on {since}, stays in the history only.",
            "other": "Deleting takes {company} {number} off this shipment, which goes back to Preparing to Release "
            "with an address that can be edited; {count} events since {since} stay in the history only.",
        },
    )
    LOOK_AT_IT = "look_at_it", "Look at it, then decide."
    PRESS_AGAIN = "press_again", "If it is right, press the button again: the confirmation goes into the history."
    NOTHING_ENTERED = (
        "nothing_entered",
        "Invoice No. is empty: type or scan it. Shipping company: choose one, or let the number show it.",
    )
    KEPT = "kept", "Your entry is kept: {entry}"
    VIEW_AT = "view_at", "View at {company}"


class ForgetText(Reason):
    """What is said of personal data that are hidden, forgotten, or may be forgotten."""

    HIDDEN = "hidden", "Recipient, phone, street, shipping request and the words of carriers are hidden from viewers."
    FORGOTTEN = "forgotten", "Who receives this was forgotten on {day}."
    OFFER = "offer", "Forget who received"
    SURE = (
        "sure",
        "Name, phone, street, postal code and request of all shipments of {order_no} go for good, in the history too, with the words of "
        "carriers and staff. Figures stay. Backups made before still hold it.",
    )
    DO = "do", "Forget for good"


class PanelText(Reason):
    """What the panel says of a shipment and its goods; for Markdown where the value is written for it."""

    TITLE = "title", "Shipment {shipment_no}"
    UNKNOWN = "unknown", "Shipment No. {shipment_no} does not exist"
    PROMISED = "promised", {"day": "promised {day}", "none": "no promise"}
    ORDER = "order", shared.ORDER
    WAY_BACK = "way_back", "{way} {day}"
    REASON = "reason", {"carrier": "The carrier says: {reason}", "own": "Reason: {reason}"}
    EXCEPTION = "exception", "Exception: {exception}"
    REGISTERED = "registered", "Registered {when}"
    ALL = "all", "All {count:,}"
    ITEM = "item", phrases.GOODS
    WAREHOUSE = "warehouse", shared.WAREHOUSE
    POLICY = "policy", "Policy {policy}"
    OPTION = "option", "Option {option}"
    FREIGHT = "freight", {"currency": "Freight {freight:,} {currency}", "alone": "Freight {freight:,}"}
    OTHERS = "others", "**Other shipments of order {order_no}**"
    RESHIPPED_FROM = "reshipped_from", "re-shipped from"
    RESHIPPED_AS = "reshipped_as", "re-shipped as"
    SPLIT_FROM = "split_from", "split from"
    SPLIT_OFF = "split_off", "split off"
    PUT_INTO = "put_into", "{shipment_no} was put into {into} and goes out with it."
    INSIDE = "inside", "**In this parcel, too**"
    NO_GOODS = "no_goods", "Another box: no goods of its own"


class JourneyText(Reason):
    """What the two timelines say beside the carrier's own words."""

    WAREHOUSE = "warehouse", shared.WAREHOUSE
    INVOICE = "invoice", "Invoice No. {invoice_no}"
    UNKNOWN_CODE = "unknown_code", "Unknown code {code}"
    COUNTING = "counting", "{span}, and counting"
    PAST_PROMISE = "past_promise", "{days} d past the promise"
    AFTER_PROMISE = "after_promise", "{days} d after the promise"
    SAVED = "saved", {"named": "{who} at {when}: {what}.", "unnamed": "It has changed since you opened it."}
    ORDERED = "ordered", FIELDS.in_english["ordered_at"]
    PREPARED = "prepared", "Prepared for shipment"
    PROCESSED = "processed", "Processed: invoice registered"
    HANDED_OVER = "handed_over", "Handed over"
    PROMISED = "promised", FIELDS.in_english["promised_on"]
    EXPECTED = "expected", "Expected by the carrier"
    REGISTERED = "registered", "Invoice {invoice_no} registered"
    MODIFIED = "modified", "Invoice {before_no} → {invoice_no}"
    SAME_NUMBER = "same_number", "Shipping company changed, same number"
    DELETED = "deleted", "Invoice {before_no} deleted"
    RESHIPPED = "reshipped", "Re-shipped as {successor_no}"
    SPLIT = "split", "Split: {parcel_no} was made"
    SPLIT_OFF = "split_off", "Split from {split_no}"
    JOINED = "joined", {"into": "Put into {joined_no}", "holds": "Put together with {parts}"}
    STATUS_CHANGED = "status_changed", "Status {before_status} → {status}"
    MARKED = "marked", "Tracking changed what is known"
    ZONE_ASSUMED = "zone_assumed", "The carrier named no time zone. Its own is assumed."
    ASSIGNED = "assigned", shared.ASSIGNED_TO
    UNASSIGNED = "unassigned", "Assigned to nobody"
    SNOOZED = "snoozed", shared.SNOOZED_UNTIL
    DONE = "done", "Done: {flag}"
    SAID_DAY = "said_day", "expected by {day}"
    BATCH = "batch", "batch B-{batch}"
    BECAME = "became", shared.BECAME
