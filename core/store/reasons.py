"""Why the database cannot be used or did not save; each sentence once, and whole."""

from core.domain.reasons import Reason


class StoreFault(Reason):
    """Why the database cannot be used now, or something was not saved in it."""

    CLOSING = (
        "closing",
        {
            "reading": "The database is being closed. Try again in a moment.",
            "writing": "The database is being closed. Nothing was saved; try again in a moment.",
        },
    )
    BUSY = "busy", "The database is busy. Nothing was saved; try again in a moment."
    CHANGED_SINCE = "changed_since", "Somebody else saved this shipment first. Nothing was changed."
    TWINS = "twins", "Shipment No. {other} is {first}, which exists already. Nothing was saved."
    NO_FOLDER = "no_folder", "The folder of {path} cannot be used: {why}."
    OPEN_ELSEWHERE = (
        "open_elsewhere",
        "Another program has the database {path} open. Only one can use it at a time: "
        "stop the running Shipdesk, or choose another file with SHIPDESK_DB.",
    )
    NOT_OURS = (
        "not_ours",
        "{path} cannot be opened as a Shipdesk database. Restore a backup, or choose another file with SHIPDESK_DB.",
    )
    NEWER = (
        "newer",
        "{path} was made by a newer Shipdesk: its schema is version {version}, this one knows versions up to {known}. "
        "Update Shipdesk, or choose another file.",
    )
    GONE = (
        "gone",
        "The database {path} is gone, although batch B-{batch} was saved in it. Put it back, or restore a backup with "
        "python -m core restore BACKUP. To begin anew instead, delete {note}.",
    )
    DAMAGED = (
        "damaged",
        "The database {path} is damaged. python -m core check {path} tells what of it is still good, and what to do.",
    )
    SHORT = (
        "short",
        "The database {path} has lost its end: it holds everything up to batch B-{batch}, and B-{acknowledged} was saved. "
        "python -m core check {path} tells what is missing, and what to do.",
    )
    BAD_COPY = "bad_copy", "The backup {path} was written, but did not stand its check. It was removed; try again."
    EXISTS = "exists", "{path} already exists. Choose a new file name."
    NO_BACKUP = "no_backup", "The backup could not be written to {path}: {why}"
    NOT_LAID_OUT = "not_laid_out", "The rows could not be laid out for the query. Run it again in a moment."
