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
