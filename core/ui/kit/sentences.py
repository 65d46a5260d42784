"""The sentences that several screens say, each once and whole."""

from core.domain import phrases
from core.domain.reasons import Reason
from core.ui.kit import shared


class KitText(Reason):
    """What stands on buttons and beside lists on any screen."""

    SHIPMENTS = "shipments", {"one": "{count} shipment", "other": "{count:,} shipments"}
    SHOW = "show", {"one": "Show {count} shipment", "other": "Show {count:,} shipments"}
    FLAG_FOR = "flag_for", "{flag} {days} d"
    REGISTER = "register", {"one": "Register {count} shipment", "other": "Register {count:,} shipments"}
    SHOW_COUNT = "show_count", shared.SHOW_COUNT
    EXPORT = "export", "Export {count:,}"
    BY = "by", {"ordered": "by order date", "picked_up": "by pick-up date"}
    NO_DAY = "no_day", "This is not a date. Write it as {example}."
    TOO_EARLY = "too_early", "The first date that can be chosen is {day}."
    TOO_LATE = "too_late", "The last date that can be chosen is {day}."
    NEWEST_FIRST = "newest_first", "{part}, the newest first"
    NEWEST = "newest", "The newest {shown} of {count:,}"
    SAMPLE = (
        "sample",
        {
            "none": "Sample file with no shipments",
            "one": "Sample file: {count} waiting shipment",
            "other": "Sample file: {count:,} waiting shipments",
        },
    )
    SAMPLE_FIRST = "sample_first", "It holds the first {most:,} of {count:,} that wait."
    SAMPLE_FILLED = (
        "sample_filled",
        "The numbers are filled in; choose the company from the list and type the Invoice No. as on the label.",
    )
    PART_OF = "part_of", "{part:,} of {count:,}"
    P90 = "p90", "9 of 10 within {hours}"
    ANSWERED_DOUBT = "answered_doubt", "Confirmed: it goes into the history."


class ClosedText(Reason):
    """What became of ending several shipments in one go."""

    CLOSED = "closed", {"one": "{count} shipment closed", "other": "{count:,} shipments closed"}
    BATCH = "batch", "They are batch B-{batch}; the reason is in the history of each."
    BACK = "back", {"one": "{count} shipment went back", "other": "{count:,} shipments went back"}
    OPEN_AGAIN = "open_again", "They are open again."
    MORE = "more", shared.AND_MORE


class WorkedText(Reason):
    """What became of working shipments of the worklist, and how one stands there."""

    ASSIGNED_TO = "assigned_to", shared.ASSIGNED_TO
    NOBODY = "nobody", "Nobody"
    ME = "me", "{name} (you)"
    SNOOZED_UNTIL = "snoozed_until", shared.SNOOZED_UNTIL
    ASSIGNED = (
        "assigned",
        {"one": "{count} shipment is assigned to {name}", "other": "{count:,} shipments are assigned to {name}"},
    )
    UNASSIGNED = (
        "unassigned",
        {"one": "{count} shipment is assigned to nobody", "other": "{count:,} shipments are assigned to nobody"},
    )
    SNOOZED = (
        "snoozed",
        {"one": "{count} shipment is snoozed until {day}", "other": "{count:,} shipments are snoozed until {day}"},
    )
    DONE = "done", {"one": "{count} shipment is done", "other": "{count:,} shipments are done"}
    REOPENED = (
        "reopened",
        {"one": "{count} shipment is back on the worklist", "other": "{count:,} shipments are back on the worklist"},
    )
    NOTED = "noted", {"one": "{count} shipment has the note", "other": "{count:,} shipments have the note"}
    NOTE_BACK = "note_back", "The note is taken back; it stays in the history"
    TOLD = "told", "The history of {shipment_no} says that the buyer is told"


class RowsText(Reason):
    """What stands on the tabs over the rows of an upload, as Markdown."""

    ALL = "all", "All **{count:,}**"
    VERDICT = "verdict", "{icon} {verdict} **{count:,}**"


class FaultText(Reason):
    """What went wrong where it is shown."""

    NOT_LOADED = "not_loaded", "{what} could not be loaded"
    OURS = "ours", "It is our fault, not yours. Error id {error_id} is in the log."
    NOTHING_CHANGED = "nothing_changed", phrases.NOTHING_CHANGED
    NOT_SAVED = "not_saved", "This could not be saved."
    NOT_REFRESHED = "not_refreshed", "Tracking was not refreshed."


class AddressText(Reason):
    """That nothing is at an address, as Markdown."""

    NOTHING = "nothing", {"named": "Nothing is at **{path}**.", "unnamed": "Nothing is at this address."}
    GO_ON = "go_on", "Check how it is written, or go on from one of the pages above."


class SessionText(Reason):
    """That the server is out of reach, and how a session came to its end."""

    OFFLINE = "offline", "The connection is lost. Nothing is saved until it is back."

    LOST = "lost", "The connection was lost."
    RELOADED = "reloaded", "The page was loaded anew."


class PauseText(Reason):
    """What stands over and under the reason why nothing can be saved."""

    TITLE = "title", "Nothing can be saved at the moment"
    RESCUE = "rescue", "Write what is open to a new file"


class WorkText(Reason):
    """What became of work that was open when its session ended."""

    FORM_OPEN = "form_open", "Nothing was saved on {about}. Look at it before you go on."
    FORM_SAVED = "form_saved", "What you saved on {about} was saved at {time}, as batch B-{batch}."
    GRID_OPEN = "grid_open", "Nothing was registered. What you typed is still here."
    GRID_SAVED = (
        "grid_saved",
        {
            "one": "1 shipment was registered at {time}, as batch B-{batch}.",
            "other": "{count:,} shipments were registered at {time}, as batch B-{batch}.",
        },
    )
    UPLOAD_OPEN = "upload_open", "Nothing was registered. Choose the file again."
    UPLOAD_SAVED = (
        "upload_saved",
        {
            "one": "1 shipment of {about} was registered at {time}, as batch B-{batch}.",
            "other": "{count:,} shipments of {about} were registered at {time}, as batch B-{batch}.",
        },
    )
    IMPORT_OPEN = "import_open", "Nothing was imported. Choose the file again."
    IMPORT_SAVED = (
        "import_saved",
        {
            "one": "1 shipment of {about} was imported at {time}, as batch B-{batch}.",
            "other": "{count:,} shipments of {about} were imported at {time}, as batch B-{batch}.",
        },
    )
    UNDONE_SINCE = "undone_since", "It was undone since."
    UNSENT = "unsent", "Not sent yet. It goes out once, when the connection is back:"
    UNSENT_UNDO = "unsent_undo", "Undo of the last one"


class RunText(Reason):
    """How far a go of asking is."""

    STOPPING = "stopping", "Stopping"
    ASKING = "asking", "Asking: {done:,} of {total:,}"


class BesideFigure(Reason):
    """How sure a figure is, and against what it stands."""

    TOO_FEW = "too_few", "{made_of}: too few shipments to say (under 20)"
    INTERVAL = "interval", "likely {interval}: chance alone leaves this range in 1 of 20 cases (95 % interval)"
    MEDIAN_OF = "median_of", "half of {made_of} took no longer"
    COMPARED = "compared", "compared with {days} as it stood {back} days ago"
    EARLY = "early", "too early to compare: no day of the period is final yet"
    CHANGED = "changed", "{change} {word}"
    STILL_OPEN = "still_open", "part of the period is still open"
    LEFT_OUT = "left_out", "Left out. {reason}"
    TOGETHER = "together", "Together: {which}"
    AS_OF_NOW = "as_of_now", "as of now"


class SignInText(Reason):
    """What is said of who is here."""

    TITLE = "title", {"first": "Sign in to Shipdesk", "again": "Sign in again", "refused": "No access yet"}
    THIS_MACHINE = "this_machine", "{name} · this machine only"
    THIS_MACHINE_MEANS = (
        "this_machine_means",
        "Nobody signs in here: whoever uses this machine is an admin, and no other machine is answered. "
        "To let others in, configure sign-in as README shows.",
    )
    WITH_ACCOUNT = "with_account", "Use the account of your work. Nothing of the shop is shown before that."
    WITH = "with", {"one": "Sign in", "named": "Sign in with {provider}"}
    HERE_AS = "here_as", "{name}\n{role}"
