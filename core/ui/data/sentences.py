"""The sentences of the Data page, each once and whole."""

from core.domain.reasons import Reason


class BatchText(Reason):
    """What is said of batches and of undoing them."""

    NOTHING_YET = "nothing_yet", "Nothing has been written yet."
    UNDONE_BY = "undone_by", "Undone by B-{batch}"
    WENT_BACK = (
        "went_back",
        {
            "one": "Batch B-{batch}: {count} shipment went back",
            "other": "Batch B-{batch}: {count:,} shipments went back",
        },
    )
    MORE_STAYED = "more_stayed", "and {count:,} more stayed"
    BATCH_OF_ITS_OWN = "batch_of_its_own", "The undo is a batch of its own in the history."


class ImportText(Reason):
    """What the import says around its report."""

    COLUMN_FOR = "column_for", "Choose the column for {names}."
    FILE = (
        "file",
        {"one": "{name} · {count} row · {note}", "other": "{name} · {count:,} rows · {note}"},
    )
    COLUMN = "column", {"required": "{title} (required)", "optional": "{title}"}
    COLUMN_HELP = "column_help", "{meaning}: {looks}. With several, the first that is filled counts."
    IMPORT = "import", {"one": "Import {count} shipment", "other": "Import {count:,} shipments"}
    IMPORTED = "imported", "{name} was imported as one batch"
    FIRST = "first", "The first {most:,} of {count:,} findings; the file has them all."
    DOWNLOAD = "download", {"one": "Download {count} finding", "other": "Download {count:,} findings"}


class TwinText(Reason):
    """What is said of shipments whose numbers differ in spelling only."""

    TITLE = (
        "title",
        {
            "one": "{count} Shipment No. is there in several spellings",
            "other": "{count:,} Shipment Nos. are there in several spellings",
        },
    )
    EACH = (
        "each",
        "An older version took them for different numbers. Each is found by its own spelling alone; check which of them is real.",
    )
    PAIR = "pair", "{numbers:and}"
    MORE = "more", "and {count:,} more"
