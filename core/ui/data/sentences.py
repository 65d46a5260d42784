"""The sentences of the Data page, each once and whole."""

from core.domain import phrases
from core.domain.reasons import Reason
from core.ui.kit import shared


class DemoShopText(Reason):
    """What is said while the shop is the demo shop, on the way to one's own, and once it is begun."""

    WHAT = (
        "what",
        {
            "one": "This is the demo shop: {count} invented shipment to look at and try everything on.",
            "other": "This is the demo shop: {count:,} invented shipments to look at and try everything on.",
        },
    )
    BEGIN = "begin", "Begin with my own shop"
    AMONG = (
        "among",
        {
            "one": "This is still the demo shop: these orders would stand beside {count} invented shipment.",
            "other": "This is still the demo shop: these orders would stand among {count:,} invented shipments.",
        },
    )
    ALSO = "also", "People, saved views, matched columns and settings stay, too."
    REMOVE = (
        "remove",
        {"one": "Remove the {count} invented shipment", "other": "Remove the {count:,} invented shipments"},
    )
    REMOVING = "removing", "Removing the invented shipments"
    NOT_REMOVED = "not_removed", "Nothing was removed"
    NEXT = "next", "Drop the file of your orders below."


class BatchText(Reason):
    """What is said of batches and of undoing them."""

    NOTHING_YET = "nothing_yet", phrases.NOT_WRITTEN_YET
    UNDONE_BY = "undone_by", shared.UNDONE_BY
    UNDO_OF = "undo_of", "Undo of B-{batch}"
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
    CANCELLED = "cancelled", "Cancelled: nothing was written."
    FILE = (
        "file",
        {"one": "{name} · {count} row · {note}", "other": "{name} · {count:,} rows · {note}"},
    )
    KNOWN = (
        "known",
        "Known without a word from you: {titles}. Other columns will do: they are matched in the next step, and remembered. "
        "Nothing is written before you have seen what it would do.",
    )
    LOCKED = "locked", "{name} is locked with a password"
    UNLOCK = "unlock", "Nothing of it was read yet. Type its password to open it here; it is kept nowhere."
    BY_HAND = "by_hand", "Shipments in columns that I match myself"
    WHAT = (
        "what",
        {"one": "{name} · {count} row · taken for: **{what}**", "other": "{name} · {count:,} rows · taken for: **{what}**"},
    )
    LEFT_OUT = (
        "left_out",
        {
            "one": "{count} row is no parcel to send and stays out; the list below says why.",
            "other": "{count:,} rows are no parcels to send and stay out; the list below says why.",
        },
    )
    UNUSED = "unused", {"one": "{count} column is not used", "other": "{count:,} columns are not used"}
    UNUSED_NAMED = "unused_named", {"all": "{names}.", "some": "{names} and {more} more."}
    COLUMN = "column", {"required": "{title} (required)", "optional": "{title}"}
    COLUMN_HELP = "column_help", "{meaning}: {looks}. With several, the first that is filled counts."
    IMPORT = "import", {"one": "Import {count} shipment", "other": "Import {count:,} shipments"}
    IMPORTED = "imported", "{name} was imported as one batch"
    FIRST = "first", "The first {most:,} of {count:,} findings; the file has them all."
    DOWNLOAD = "download", {"one": "Download {count} finding", "other": "Download {count:,} findings"}


class HandbackText(Reason):
    """What is said of numbers that go back to where the orders came from."""

    NOTHING_WAITS = "nothing_waits", "Every source has the numbers that are registered for its orders."
    WAITS = (
        "waits",
        {
            "one": "**{title}** was not told {count} number, since {since}",
            "other": "**{title}** was not told {count:,} numbers, the oldest since {since}",
        },
    )
    MAKE = "make", {"one": "Hand over {count} number", "other": "Hand over {count:,} numbers"}
    WHICH = "which", "What {title} was not told"
    HANDED_BEFORE = (
        "handed_before",
        {"one": "{title}: {count} number was handed over {at}.", "other": "{title}: {count:,} numbers were handed over {at}."},
    )
    NOT_MADE = "not_made", "Nothing was handed over"
    DOWNLOAD = "download", "Download {name}"
    COUNTED = "counted", "It counts as handed over now. If it was not, undo it among the batches."


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
    MORE = "more", shared.AND_MORE


class BackupText(Reason):
    """What is said of backups, and of the state of the database."""

    ON_SERVER = (
        "on_server",
        "This shop is on the database server {server}: its backups are that server's own, such as pg_basebackup or pg_dump.",
    )
    NIGHTLY = (
        "nightly",
        "Every night at {hour}:00 ({zone}) a copy of everything is written to {folder}, while work goes on. Each is opened and read before "
        "it gets its name. Of those written at night the newest of the last {days} days, {weeks} weeks and {months} months are kept; those written by "
        "hand stay. A night that was missed is made up for at the next start.",
    )
    NO_NIGHTLY = (
        "no_nightly",
        "Nightly backups are off (SHIPDESK_BACKUP_HOUR). A backup written by hand goes to {folder}; it is opened and read before it "
        "gets its name.",
    )
    NONE_YET = "none_yet", "There is no backup yet."
    NEWEST = "newest", "The newest backup is **{age}** old."
    WRITTEN = "written", {"nightly": "At night", "by_hand": "By hand"}
    FAILED_TITLE = "failed_title", "The last nightly backup could not be written"
    HOW_TO = (
        "how_to",
        "Stop the desk, then run this where it is installed, with the file that you choose. The database as it is now is kept beside "
        "it, and what was saved after the backup is not in the restored one.",
    )
    COMMAND = "command", "python -m core restore {file}"
    DAMAGED_TITLE = "damaged_title", "A part of the database file is damaged"
    DAMAGED = (
        "damaged",
        "It was found when the whole file was read after the start. Write a backup now; stop the desk, and run python -m core check on the "
        "file: it says what is still good, and what to do.",
    )
    CANNOT_KNOW = (
        "cannot_know",
        "When the desk was started there was no note beside the database, so nobody can know whether something that was saved before is "
        "missing from it. From now on there is one.",
    )


class PeopleText(Reason):
    """What the page says, as Markdown."""

    NO_SIGN_IN = (
        "no_sign_in",
        "Nobody signs in at this desk: it serves this machine only. To let others in, configure sign-in as README shows.",
    )
    COUNT = "count", {"one": "{count} person", "other": "{count:,} people"}
    BY_SETTING = "by_setting", "{setting}: {entry}"
    INVITED = "invited", "Invited by {who} on {day}"
    SETTINGS_STAND = (
        "settings_stand",
        "A role that comes from a setting can be raised here, not lowered or removed: change the setting and restart.",
    )
    INVITED_DONE = "invited_done", "Invited as {role}. Tell them: no mail is sent."
    CHANGED_DONE = "changed_done", "The role is {role} now"
    REMOVED_DONE = "removed_done", "Removed"
    ENDED_DONE = "ended_done", "All their sessions are ended"
    FROM_TO = "from_to", shared.BECAME
    REMOVING = (
        "removing",
        "They lose every right at once, in open pages too. What they did stays in the history under their name.",
    )
    ENDING = (
        "ending",
        "They have to sign in again everywhere. To keep somebody out, remove them, and lock the account at its provider.",
    )
    OWN = "own", "This is you: another admin can lower or remove you."
