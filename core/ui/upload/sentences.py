"""The sentences of the Upload page, each once and whole."""

from core.domain.reasons import Reason
from core.ui.kit import shared


class UploadText(Reason):
    """What is said around the rows of a file; for Markdown."""

    FILE = (
        "file",
        {
            "one": ":material/description: **{name}** · {count} row · sheet “{sheet}”",
            "other": ":material/description: **{name}** · {count:,} rows · sheet “{sheet}”",
        },
    )
    WAITING = "waiting", "Waiting until the files of others are read: two are read at a time."
    NOTHING_YET = "nothing_yet", "**{nothing_yet}** {counts}"
    PROPOSED = (
        "proposed",
        {
            "one": "The company of {count} row is proposed; to take another, write it into the file.",
            "other": "The companies of {count:,} rows are proposed; to take others, write them into the file.",
        },
    )
    CONFIRM_ALL = "confirm_all", "Confirm all {count:,}"
    REGISTERING = "registering", {"one": "Registering {count} shipment", "other": "Registering {count:,} shipments"}
    TOGETHER = "together", "All {count:,} are written or none, and undone as one batch"
    UNDONE_BY = "undone_by", shared.UNDONE_BY
    WRITTEN = "written", "**Batch B-{batch}:** {counts}"
    NOTHING_WRITTEN = "nothing_written", "**Nothing was written:** {counts}"
    WENT_BACK = (
        "went_back",
        {
            "one": "**Batch B-{batch}:** {count} shipment went back. The undo is a batch of its own in the history.",
            "other": "**Batch B-{batch}:** {count:,} shipments went back. The undo is a batch of its own in the history.",
        },
    )
    SOME_STAYED = (
        "some_stayed",
        {
            "one": "**Batch B-{batch}:** {count} shipment went back, {stayed:,} stayed: the table says why.",
            "other": "**Batch B-{batch}:** {count:,} shipments went back, {stayed:,} stayed: the table says why.",
        },
    )
    UNTOLD = (
        "untold",
        {
            "one": "{count} number was not handed to the source of its order yet",
            "other": "{count:,} numbers were not handed to the sources of their orders yet",
        },
    )
    TO_MEND = "to_mend", {"one": "Download {count} row to mend", "other": "Download {count:,} rows to mend"}


class MatchText(Reason):
    """What is said around the rows of a carrier's list; for Markdown."""

    LOOKS_LIKE = (
        "looks_like",
        {
            "company": "This looks like a list of numbers from {company}, without our Shipment No. **Nothing has been written yet.** {counts}",
            "unknown": "This looks like a list of numbers of a shipping company, without our Shipment No. "
            "**Nothing has been written yet.** {counts}",
        },
    )
    FILE = (
        "file",
        {
            "one": ":material/description: **{name}** · {count} row",
            "other": ":material/description: **{name}** · {count:,} rows",
        },
    )
    GO_ON = (
        "go_on",
        {
            "none": "Check the rows",
            "one": "Check {count} row with a shipment",
            "other": "Check {count:,} rows with a shipment",
        },
    )
    OPEN = "open", {"one": "{count} row is still to choose", "other": "{count:,} rows are still to choose"}


class MatchRowText(Reason):
    """What stands in the rows of a carrier's list; plain text."""

    VIEW = "view", "{name} {count:,}"
    ALL = "all", "All"
    CAPTION = "caption", "The rows of the list and the shipments that they mean"
    VIEWS = "views", "Which rows are shown"
    HINT = "hint", "1–9 choose, 0 or Esc none, ↑ ↓ move, Enter goes to the next to choose"
    EMPTY = "empty", "No row is here."
    LEAVE = "leave", "None of these: leave the row"
    TAKEN = "taken", "also row {row}"
    PICKED = "picked", "Chosen"
    LEFT = "left", "Left"
    AGREES = "agrees", "{traits:and} agree."
    REGISTERED = "registered", "It has this number already."
    ORDER = "order", "Order {order_no} · {day}"
    DIFFERS = "differs", "{trait} differs"
    FITS = "fits", {"one": "One shipment fits in part: compare it.", "other": "{count} shipments fit: compare them."}
    CLAIMED = (
        "claimed",
        {
            "one": "Row {rows} has another number for the same shipment: only one of them is right.",
            "other": "Rows {rows:and} have other numbers for the same shipment: only one of them is right.",
        },
    )
    UNKNOWN = "unknown", "No waiting shipment fits."
