"""What values are called: the one vocabulary of screens, charts, files, SQL descriptions and the command line.

Flags are named in `core.domain.flags.RULES`, steps and missing figures in `core.domain.figures`.
"""

from collections.abc import Mapping
from typing import Any, Final

from core.domain.batch_notes import DeskNote
from core.domain.history import ChangeSource, HistoryAction
from core.domain.invoice_number import Level
from core.domain.language import Vocabulary, marked, tr
from core.domain.matching import Match, Trait
from core.domain.people import PersonChange, Role
from core.domain.shipment import Destination, Kind, Stage, Status, StatusDetail, Tab, WayBack, detail_of
from core.domain.verdicts import Hitch, RowVerdict, Standing

STATUSES: Final[Vocabulary[tuple[str, str | None]]] = Vocabulary(
    {
        (Status.PREPARING_TO_RELEASE, None): "Preparing",
        (Status.PREPARING_TO_RELEASE, StatusDetail.RELEASE_FAILED): "Release failed",
        (Status.PREPARING_TO_SHIP, None): "Processed",
        (Status.RELEASED, None): "Dispatched",
        (Status.IN_DELIVERY, None): "Shipping",
        (Status.SHIPPING_FAILED, None): "Shipping failed",
        (Status.SHIPPING_FAILED, StatusDetail.REDELIVERY): "Redelivery",
        (Status.SHIPPING_FAILED, StatusDetail.CANCELLATION): "Cancellation",
        (Status.SHIPPING_FAILED, StatusDetail.UNDECIDED): "Undecided",
        (Status.DELIVERED, None): "Delivered",
    }
)
CLOSED: Final = marked("Closed")
ORDER_DATE: Final = marked("order date")

DETAILS: Final[Vocabulary[StatusDetail]] = Vocabulary(
    {
        detail: next(
            label
            for (status, word), label in STATUSES.in_english.items()
            if detail_of(Status(status), StatusDetail(word) if word else None) is detail
        )
        for detail in StatusDetail
    }
)

TABS: Final[Vocabulary[Tab]] = Vocabulary(
    {
        Tab.ALL: "All statuses",
        Tab.PREPARING: "Preparing to Release",
        Tab.DELIVERY: "In delivery",
        Tab.FAILED: "Shipping failed",
        Tab.DELIVERED: "Delivered",
    }
)

KINDS: Final[Vocabulary[Kind]] = Vocabulary(
    {
        Kind.STANDARD: "General",
        Kind.EXCHANGE: "Claim",
    }
)
KINDS_IN_FULL: Final[Vocabulary[Kind]] = Vocabulary(
    {
        Kind.STANDARD: "Standard Order Shipment",
        Kind.EXCHANGE: "Exchange Shipment",
    }
)

DESTINATIONS: Final[Vocabulary[Destination]] = Vocabulary(
    {
        Destination.DOMESTIC: "Domestic",
        Destination.INTERNATIONAL: "International",
    }
)

STAGES: Final[Vocabulary[Stage]] = Vocabulary(
    {
        Stage.INFO_RECEIVED: "Processed: the carrier has the data",
        Stage.INVALID_NUMBER: "Number not accepted",
        Stage.PICKED_UP: "Picked up",
        Stage.IN_TRANSIT: "In transit",
        Stage.EXCEPTION: "Exception",
        Stage.OUT_FOR_DELIVERY: "Out for delivery",
        Stage.AVAILABLE_FOR_PICKUP: "Waiting for pick-up by the recipient",
        Stage.ATTEMPT_FAILED: "Delivery attempt failed",
        Stage.RETURNING: "On its way back to the sender",
        Stage.CANCELLED: "Cancelled",
        Stage.LOST: "Lost",
        Stage.DELIVERED: "Delivered",
        Stage.RETURNED: "Returned",
    }
)

WAYS_BACK: Final[Vocabulary[WayBack]] = Vocabulary(
    {
        WayBack.RETURNING: "Returning",
        WayBack.RETURNED: "Returned",
    }
)

VERDICTS: Final[Vocabulary[RowVerdict]] = Vocabulary(
    {
        RowVerdict.READY: "Ready",
        RowVerdict.REPAIRED: "Repaired",
        RowVerdict.CONFIRM: "To confirm",
        RowVerdict.CONFIRMED: "Confirmed",
        RowVerdict.UNCHANGED: "Unchanged",
        RowVerdict.REFUSED: "Refused",
        RowVerdict.LEFT: "Left for later",
        RowVerdict.REGISTERED: "Registered",
        RowVerdict.UNDONE: "Undone",
    }
)

MATCHES: Final[Vocabulary[Match]] = Vocabulary(
    {
        Match.CERTAIN: "Certain",
        Match.TIE: "To choose",
        Match.NONE: "Unknown",
    }
)

TRAITS: Final[Vocabulary[Trait]] = Vocabulary(
    {
        Trait.NUMBER: "order number",
        Trait.NAME: "name",
        Trait.PHONE: "phone",
        Trait.PLACE: "address",
        Trait.ORDERED: ORDER_DATE,
        Trait.DISPATCHED: "dispatch date",
        Trait.WEIGHT: "weight",
    }
)

LEVELS: Final[Vocabulary[Level]] = Vocabulary(
    {
        Level.OK: "Fits",
        Level.WARN: VERDICTS.in_english[RowVerdict.CONFIRM],
        Level.REFUSE: VERDICTS.in_english[RowVerdict.REFUSED],
    }
)

HITCHES: Final[Vocabulary[Hitch]] = Vocabulary(
    {
        Hitch.NOT_FOUND: "Not found",
        Hitch.NOT_WAITING: "Not waiting",
        Hitch.CHANGED_SINCE: "Changed since",
        Hitch.WRONG_NUMBER: "Wrong number",
        Hitch.SAME_NUMBER: "Same number",
        Hitch.NO_NUMBER: "No number",
        Hitch.NO_COMPANY: "No company",
        Hitch.NOT_SAVED: "Not saved",
    }
)

STANDINGS: Final[Vocabulary[Standing]] = Vocabulary(
    {
        Standing.WORKING: "Working",
        Standing.FAILING: "Failing",
        Standing.SLOW: "Slow",
        Standing.AT_ITS_LIMIT: "At its limit",
        Standing.PAUSED: "Paused",
        Standing.NO_TRACKING: "No tracking",
        Standing.RETIRED: "Retired",
    }
)

SOURCES: Final[Vocabulary[ChangeSource]] = Vocabulary(
    {
        ChangeSource.FORM: "Form",
        ChangeSource.SCAN: "Scan",
        ChangeSource.UPLOAD: "Upload",
        ChangeSource.CARRIER: "Carrier",
        ChangeSource.API: "API",
        ChangeSource.IMPORT: "Import",
        ChangeSource.UNDO: "Undo",
        ChangeSource.DEMO: "Demo shop",
        ChangeSource.EXPORT: "Export",
        ChangeSource.HANDBACK: "Handed back",
        ChangeSource.OWN_SHOP: "Own shop",
    }
)

ACTIONS: Final[Vocabulary[HistoryAction]] = Vocabulary(
    {
        HistoryAction.CREATED: "Shipment received",
        HistoryAction.IMPORTED: "Shipment imported",
        HistoryAction.INVOICE_REGISTERED: "Invoice registered",
        HistoryAction.INVOICE_MODIFIED: "Invoice modified",
        HistoryAction.INVOICE_DELETED: "Invoice deleted",
        HistoryAction.ADDRESS_EDITED: "Address edited",
        HistoryAction.MARKED_DELIVERED: "Marked as delivered",
        HistoryAction.SETTLED: "Doubt settled",
        HistoryAction.CLOSED: CLOSED,
        HistoryAction.RESHIPPED: "Re-shipped",
        HistoryAction.SPLIT: "Split",
        HistoryAction.JOINED: "Put together",
        HistoryAction.STATUS_CHANGED: "Status changed",
        HistoryAction.UNDONE: "Change undone",
        HistoryAction.REMOVED: "Shipment removed",
        HistoryAction.FORGOTTEN: "Personal data forgotten",
        HistoryAction.HANDED_OVER: "Number handed back",
        HistoryAction.ASSIGNED: "Assigned",
        HistoryAction.SNOOZED: "Snoozed",
        HistoryAction.DONE: "Done",
        HistoryAction.REOPENED: "Back on the worklist",
        HistoryAction.NOTED: "Note",
        HistoryAction.NOTE_TAKEN_BACK: "Note taken back",
        HistoryAction.BUYER_TOLD: "Buyer told",
    }
)

MAKERS: Final[Vocabulary[str]] = Vocabulary({"Carriers": "Carriers", "Demo shop": "Demo shop"})
"""Who makes batches and changes without being a person."""
BATCH_NOTES: Final[Vocabulary[str]] = Vocabulary(
    {
        DeskNote.TRACKING: "Tracking refreshed",
        DeskNote.ORDERS: "Orders of a day",
        DeskNote.FORM: "Invoices registered by form",
        DeskNote.SCANNED: "Invoices scanned",
        DeskNote.MORNING: "Morning upload",
        DeskNote.EVENING: "Evening upload",
    }
)
"""What batches of carriers and of the demo shop note; others note an action or the name of a file."""


def status(status: str, word: str | None = None, *, closed: bool = False) -> str:
    """The word of a status and of the finer one inside it, as stored; a closed shipment says so."""
    return tr(CLOSED) if closed else STATUSES.get((status, word)) or STATUSES[status, None]


def named(labels: Mapping[Any, str], value: str) -> str:
    """The label of a stored value; the value itself where another version of Shipdesk wrote one that is not known here."""
    return labels.get(value, value)


def listed(labels: Mapping[Any, str]) -> str:
    """The values with their labels, for descriptions: `domestic (Domestic), international (International)`."""
    return ", ".join(f"{value} ({label})" for value, label in labels.items())


ROLES: Final[Vocabulary[Role]] = Vocabulary({Role.VIEWER: "Viewer", Role.STAFF: "Staff", Role.ADMIN: "Admin"})

PERSON_CHANGES: Final[Vocabulary[PersonChange]] = Vocabulary(
    {
        PersonChange.INVITED: "Invited",
        PersonChange.ROLE_CHANGED: "Role changed",
        PersonChange.REMOVED: "Removed",
        PersonChange.SESSIONS_ENDED: "Sessions ended",
    }
)
