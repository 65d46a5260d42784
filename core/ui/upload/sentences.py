"""The sentences of the Upload page, each once and whole."""

from core.domain.reasons import Reason


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
    CONFIRM_ALL = "confirm_all", "Confirm all {count:,}"
    REGISTER = "register", {"one": "Register {count} shipment", "other": "Register {count:,} shipments"}
    REGISTERING = "registering", {"one": "Registering {count} shipment", "other": "Registering {count:,} shipments"}
    TOGETHER = "together", "All {count:,} are written or none, and undone as one batch"
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
    TO_MEND = "to_mend", {"one": "Download {count} row to mend", "other": "Download {count:,} rows to mend"}
