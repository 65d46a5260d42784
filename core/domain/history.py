"""What happens to shipments and where it comes from: the values that histories and batches hold."""

from enum import StrEnum


class HistoryAction(StrEnum):
    """What one row of a shipment's history says was done."""

    CREATED = "created"
    IMPORTED = "imported"
    INVOICE_REGISTERED = "invoice_registered"
    INVOICE_MODIFIED = "invoice_modified"
    INVOICE_DELETED = "invoice_deleted"
    ADDRESS_EDITED = "address_edited"
    MARKED_DELIVERED = "marked_delivered"
    SETTLED = "settled"
    CLOSED = "closed"
    RESHIPPED = "reshipped"
    SPLIT = "split"
    JOINED = "joined"
    STATUS_CHANGED = "status_changed"
    UNDONE = "undone"
    REMOVED = "removed"
    FORGOTTEN = "forgotten"
    HANDED_OVER = "handed_over"
    ASSIGNED = "assigned"
    SNOOZED = "snoozed"
    DONE = "done"
    REOPENED = "reopened"
    NOTED = "noted"
    NOTE_TAKEN_BACK = "note_taken_back"
    BUYER_TOLD = "buyer_told"


ON_WORKLIST = (HistoryAction.SNOOZED, HistoryAction.DONE, HistoryAction.REOPENED)
"""What says whether a shipment is on the worklist: the newest of these counts."""
BESIDE = (
    HistoryAction.ASSIGNED, *ON_WORKLIST, HistoryAction.NOTED, HistoryAction.NOTE_TAKEN_BACK, HistoryAction.BUYER_TOLD,
)  # fmt: skip
"""What people do about a shipment that changes nothing in it: a form that is open stays valid, and what was done before can be undone."""


class ChangeSource(StrEnum):
    """From where something was written."""

    FORM = "form"
    SCAN = "scan"
    UPLOAD = "upload"
    CARRIER = "carrier"
    API = "api"
    IMPORT = "import"
    UNDO = "undo"
    DEMO = "demo"
    EXPORT = "export"
    HANDBACK = "handback"
    OWN_SHOP = "own_shop"
