"""What the command line says that no other part of the desk does."""

from core.domain.reasons import Reason


class CommandText(Reason):
    """What the command line says that no other part of the desk does."""

    WORKBOOK_TOO_BIG = (
        "workbook_too_big",
        "{file} has more than {most} MB. Copy the three columns into a new workbook, or split the file.",
    )
    ANSWER_TOO_BIG = "answer_too_big", "{file} has more than {most} MB. A service's answer is smaller."
    NOT_WRITTEN = "not_written", "{file} cannot be written: {why}. Nothing counts as handed over."
    NO_MOMENT = "no_moment", "{text} is no time such as 2026-11-10T09:00+09:00"
    NO_DATABASE = "no_database", "There is no database at {path}."
    NO_SERVICE = (
        "no_service",
        "No tracking service is set up. Set the key of one, such as SHIPDESK_SEVENTEEN_TRACK_KEY.",
    )
    BACKED_UP = "backed_up", "{path} is copied to {copy}, and the copy is checked."
    EXPORTED = "exported", "The shop is in {path}: {size:,} bytes, SHA-256 {digest}."
    FORGET_WHAT = "forget_what", "say what to forget: --order, or --older-than"
    IN_BACKUPS = (
        "in_backups",
        "Backups that were made before still hold it until they are deleted; one that is restored beside this list forgets it again.",
    )
    MADE = "made", "{count:,} shipments are in {path}."
    NO_ADDRESS = "no_address", "that is no address of a database such as postgresql://user:password@host:5432/shop"
    NO_DAY = "no_day", "{text} is no day such as 2026-11-01"
    NO_NUMBER = "no_number", "{text} is no number of shipments"
    NO_DAYS = "no_days", "say which days: --from and --to, or --period"
    ROW = (
        "row",
        {
            "refused": "row {row}, refused: {reason}",
            "left_empty": "row {row}, left empty: {reason}",
            "warning": "row {row}, warning: {reason}",
            "judged": "row {row}, {verdict}: {reason}",
        },
    )
    CHECKED = (
        "checked",
        {"ok": "Accepted: {number}", "warn": "To confirm: {number}", "refuse": "Refused: {number}"},
    )
    FITS = "fits", "Fits {companies}."
    INTERRUPTED = (
        "interrupted",
        {
            "nothing": "Interrupted: nothing was written. The file can be imported again.",
            "one": "Interrupted after all was written: {count} shipment, as batch B-{batch}. It can be undone on the Data page.",
            "other": "Interrupted after all was written: {count:,} shipments, as batch B-{batch}. It can be undone on the Data page.",
            "command": "Interrupted.",
        },
    )
    FAILED = "failed", "{shipment_no}: {reason}"
    MAKING = "making", "Making the demo shop"
    ASKING = "asking", "Asking"
