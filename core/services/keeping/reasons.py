"""What is said of database files, backups and restoring, each sentence once and whole."""

from core.domain import phrases
from core.domain.reasons import Reason


class FileText(Reason):
    """What a database file is, what of it is good, and what to do."""

    WHOLE = (
        "whole",
        {
            "batches": "{path} is whole, with everything up to batch B-{batch} of {at:%d %b %Y %H:%M}.",
            "new": "{path} is whole, and nothing was saved in it yet.",
            "copy": "{path} is whole: a backup of {at:%d %b %Y %H:%M}, with everything up to batch B-{batch}.",
        },
    )
    CANNOT_KNOW = (
        "cannot_know",
        "Whether something was saved after that cannot be known: there is no note beside it that tells what was saved last.",
    )
    NONE = "none", "There is no file {path}. Check its name."
    IN_USE = (
        "in_use",
        "A running program has {path} open, so it cannot be looked at now. Write a backup with python -m core backup FILE, and "
        "check that one.",
    )
    NO_DATABASE = "no_database", "{path} is no database. Check its name; a Shipdesk database ends in .duckdb."
    OTHER = "other", "{path} is a database of another program, not of Shipdesk. Check its name."
    CANNOT_BE_OPENED = "cannot_be_opened", "{path} is damaged and cannot be opened as it is."
    PARTS = (
        "parts",
        {
            "one": "{path} is damaged: {count} of the parts it is made of is not as it was written.",
            "other": "{path} is damaged: {count:,} of the parts it is made of are not as they were written.",
        },
    )
    REST = "rest", "{path} is damaged: it does not end where a database file ends."
    LOG = "log", "The log of {path} is damaged from byte {byte:,} on."
    TABLES = (
        "tables",
        {
            "one": "{path} is damaged: the table {names} is not whole.",
            "other": "{path} is damaged: the tables {names:and} are not whole.",
        },
    )
    SHORT = "short", "{path} has lost its end: the last that was saved is not in it."
    GOOD = (
        "good",
        {
            "batches": "Still good is everything up to batch B-{batch} of {at:%d %b %Y %H:%M}.",
            "new": "Still good is the empty database: no batch of it can be read.",
            "but": "Still good is everything up to batch B-{batch} of {at:%d %b %Y %H:%M}, but for the tables named.",
            "tables": "Still good are the tables that are not named; up to which batch cannot be told.",
        },
    )
    NOTHING_GOOD = "nothing_good", "Nothing of it can be read."
    GO_ON = (
        "go_on",
        "The file stays as it is if you go on with what is still good: python -m core restore --partly {path}",
    )
    BACKUP = (
        "backup",
        {
            "all": "The newest backup, {backup} of {at:%d %b %Y %H:%M}, holds every batch that was saved: python -m core restore {backup}",
            "one": "The newest backup is {backup} of {at:%d %b %Y %H:%M}: batch B-{last} was saved after it. "
            "To go back to it: python -m core restore {backup}",
            "other": "The newest backup is {backup} of {at:%d %b %Y %H:%M}: {count:,} batches were saved after it. "
            "To go back to it: python -m core restore {backup}",
        },
    )
    NO_BACKUP = (
        "no_backup",
        "There is no backup in {folder}. A copy of your own can be restored with python -m core restore FILE.",
    )


class MissingText(Reason):
    """What is missing from a file."""

    BATCHES = (
        "batches",
        {
            "one": "Batch B-{first} of {at:%d %b %Y %H:%M} is missing.",
            "other": "Batches B-{first} to B-{last} are missing, the last of {at:%d %b %Y %H:%M}.",
        },
    )
    LATEST = (
        "latest",
        "All batches are there; the log is shorter than it was, so answers of carriers or settings of the last moments are missing.",
    )
    TABLE = "table", "Rows of the table {name} are missing or cannot be read."
    EVERYTHING = "everything", "Everything: nothing of the file can be read."
    UNKNOWN = "unknown", "What was in the damaged part: how much that is, cannot be told without a note beside the file."


class Disagreement(Reason):
    """What does not agree between the tables of a file, by the name of its query."""

    SHIPMENT_TWICE = (
        "shipment_twice",
        {"one": "{count} shipment is there twice.", "other": "{count:,} shipments are there twice."},
    )
    BATCH_TWICE = "batch_twice", {"one": "{count} batch is there twice.", "other": "{count:,} batches are there twice."}
    HISTORY_TWICE = (
        "history_twice",
        {"one": "{count} row of the history is there twice.", "other": "{count:,} rows of the history are there twice."},
    )
    HISTORY_WITHOUT_BATCH = (
        "history_without_batch",
        {"one": "{count} row of the history is of no batch.", "other": "{count:,} rows of the history are of no batch."},
    )
    INVOICE_WITHOUT_BATCH = (
        "invoice_without_batch",
        {"one": "{count} registration is of no batch.", "other": "{count:,} registrations are of no batch."},
    )
    CHECKPOINT_WITHOUT_BATCH = (
        "checkpoint_without_batch",
        {"one": "{count} tracking event is of no batch.", "other": "{count:,} tracking events are of no batch."},
    )
    INVOICE_WITHOUT_SHIPMENT = (
        "invoice_without_shipment",
        {"one": "{count} registration is of no shipment.", "other": "{count:,} registrations are of no shipment."},
    )
    CHECKPOINT_WITHOUT_SHIPMENT = (
        "checkpoint_without_shipment",
        {"one": "{count} tracking event is of no shipment.", "other": "{count:,} tracking events are of no shipment."},
    )
    ITEM_WITHOUT_SHIPMENT = (
        "item_without_shipment",
        {"one": "{count} item is of no shipment.", "other": "{count:,} items are of no shipment."},
    )
    HISTORY_WITHOUT_SHIPMENT = (
        "history_without_shipment",
        {"one": "{count} row of the history is of no shipment.", "other": "{count:,} rows of the history are of no shipment."},
    )
    SHIPMENT_NOT_SEARCHED = (
        "shipment_not_searched",
        {
            "one": "{count} shipment cannot be found by its number.",
            "other": "{count:,} shipments cannot be found by their numbers.",
        },
    )
    INVOICE_NOT_AS_REGISTERED = (
        "invoice_not_as_registered",
        {
            "one": "{count} shipment shows another invoice than was registered.",
            "other": "{count:,} shipments show other invoices than were registered.",
        },
    )


class KeepingFault(Reason):
    """Why a backup or a restore was not done."""

    NO_FOLDER = (
        "no_folder",
        "The folder for backups, {folder}, cannot be used: {why}. Choose another one with SHIPDESK_BACKUPS.",
    )
    IN_MEMORY = "in_memory", "This database lives in memory only: there is nothing to back up."
    BEING_WRITTEN = "being_written", "A backup is being written already. Wait until it is done."
    SERVED = (
        "served",
        "A running program has the database {path} open. Stop the running Shipdesk, then restore.",
    )
    NOT_GOOD = "not_good", "{path} was not restored, and nothing was changed."
    NOTHING_TO_KEEP = "nothing_to_keep", "{path} is whole already, and nothing was changed."
    NOT_PUT_BACK = (
        "not_put_back",
        "{path} could not be restored: {why}. Make room or choose another disk, then restore once more; what was there was kept.",
    )
    NO_ANSWER = (
        "no_answer",
        "The running Shipdesk has the database open and did not answer at {url}. Write the backup on its Data page, or stop it first.",
    )
    NO_EXPORT = (
        "no_export",
        "The shop could not be written to {path}: {why}. Make room or choose another folder, then try once more.",
    )


class OwnShopFault(Reason):
    """Why the demo shop is not taken out."""

    PUT_TOGETHER = (
        "put_together",
        {
            "one": "{shipments} is in one parcel with an invented shipment. Take them apart again first: undo that batch on the Data page. "
            "Nothing was changed.",
            "other": "{shipments:and} are in one parcel with invented shipments. Take them apart again first: undo those batches on the "
            "Data page. Nothing was changed.",
        },
    )


class OwnShopText(Reason):
    """What is asked before the demo shop is taken out, and said after it."""

    GOES = (
        "goes",
        {
            "one": "{count} invented shipment goes, with its journey, history and batches.",
            "other": "{count:,} invented shipments go, with their journeys, history and batches.",
        },
    )
    STAYS = (
        "stays",
        {
            "none": "You have imported no shipment of your own yet.",
            "one": "{count} shipment of your own stays as it is, with its history.",
            "other": "{count:,} shipments of your own stay as they are, with their history.",
        },
    )
    SURE = "sure", "Take the demo shop out?"
    DONE = (
        "done",
        {
            "one": "{count} invented shipment is gone: the shop is your own now.",
            "other": "{count:,} invented shipments are gone: the shop is your own now.",
        },
    )
    OWN_ALREADY = "own_already", "The shop is your own already: there is no invented shipment in it."
    LEFT = "left", phrases.NOTHING_CHANGED


class MoveFault(Reason):
    """Why a shop was not moved."""

    SAME = "same", "{path} is where the shop is already. Name another place."
    NO_SHOP = "no_shop", "There is no shop at {path}. Check the name."
    HOLDS = "holds", "There is a shop at {path} already, and nothing was moved. Name a place where there is none."
    MOVING = (
        "moving",
        "A move from {other} to {path} is not finished. Finish it with python -m core move {other} {path}, or name another place.",
    )
    DIFFERS = (
        "differs",
        {
            "one": "The table {tables} of {path} is not the same as that of {other}, so the shop stays where it is. Move once more.",
            "other": "The tables {tables:and} of {path} are not the same as those of {other}, so the shop stays where it is. Move once more.",
        },
    )


class MoveText(Reason):
    """What is said of a move, on its way and when it is done."""

    COPYING = "copying", "Copying"
    COMPARING = "comparing", "Comparing"
    TABLE = "table", "{table}: {rows:,}, {digest}"
    DONE = (
        "done",
        "The shop is at {path} now: {rows:,} rows, the same as at {other}, table by table. {other} is not opened or written any more "
        "until the shop is moved back.",
    )
    FINISHED = "finished", "The shop is at {path} now. {other} is not opened or written any more until the shop is moved back."


class RestoreText(Reason):
    """What is asked before a restore, and said after it."""

    QUESTION = (
        "question",
        {
            "over": "Put {file}, with everything up to {at:%d %b %Y %H:%M}, in the place of {path}?",
            "over_unknown": "Put {file} in the place of {path}?",
            "new": "Put {file} at {path}, where there is no file now?",
        },
    )
    DONE = (
        "done",
        {
            "kept": "{path} is restored from {file}, and checked. The file that was there is {safety} now.",
            "none": "{path} is restored from {file}, and checked.",
        },
    )
    LEFT = "left", "Nothing was restored."
