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
    DISK_FULL = (
        "disk_full",
        {
            "space": "The disk of {path} is full, so nothing is saved. Free some space on it; writing goes on by itself.",
            "files": "The disk of {path} has no room for another file, so nothing is saved. "
            "Delete some files on it; writing goes on by itself.",
            "quota": "The disk of {path} gives this account no more room, so nothing is saved. "
            "Free some space on it or have the quota raised; writing goes on by itself.",
            "limit": "The system lets {path} grow no further, so nothing is saved. "
            "Have the limit for files raised (ulimit -f) and start Shipdesk again.",
        },
    )
    READ_ONLY = (
        "read_only",
        {
            "file": "{path} was made read-only, so nothing is saved. Allow writing to it again; writing goes on by itself.",
            "folder": "The folder of {path} was made read-only, so nothing is saved. "
            "Allow writing in it again; writing goes on by itself.",
            "disk": "The disk of {path} is read-only now, so nothing is saved. "
            "Make it writable again, and have it looked at if nobody changed it; writing goes on by itself.",
        },
    )
    DELETED = (
        "deleted",
        "{path} was deleted while Shipdesk had it open, so nothing is saved. Everything is still here: "
        "write it to a new file before Shipdesk stops.",
    )
    MOVED = (
        "moved",
        "{path} was moved to {found}, so nothing is saved. Move it back, its .wal file with it; writing goes on by itself.",
    )
    REPLACED = (
        "replaced",
        "Another file stands in the place of {path}, so nothing is saved. Everything is still here: "
        "put the right file back, or write what is here to a new file before Shipdesk stops.",
    )
    OVERWRITTEN = (
        "overwritten",
        "Another program wrote over {path}, so nothing is saved. Write what is still here to a new file before Shipdesk stops, "
        "or restore a backup.",
    )
    DISK_GONE = (
        "disk_gone",
        "The disk of {path} is gone, so nothing is saved. Attach it again and writing goes on by itself, "
        "or write what is here to a new file before Shipdesk stops.",
    )
    DISK_ERROR = (
        "disk_error",
        "The disk of {path} reports an error ({why}), so nothing is saved. Have the disk looked at; "
        "writing goes on by itself when it answers again.",
    )
    NO_ANSWER = (
        "no_answer",
        "The disk of {path} does not answer, so nothing is saved. Have the disk looked at; "
        "writing goes on by itself when it answers again.",
    )
    UNREADABLE = (
        "unreadable",
        "The disk of {path} could not be read ({why}). Try again in a moment; have the disk looked at if that does not help.",
    )
    REOPENING = (
        "reopening",
        {
            "reading": "The database is being opened again after an error of its disk. Try again in a moment.",
            "writing": "The database had to be opened again after an error of its disk. Look whether your change was saved, "
            "and try again if it was not.",
        },
    )
    NOT_REOPENED = (
        "not_reopened",
        "{path} could not be opened again after an error of its disk ({why}). Nothing is saved until it can be; "
        "that is tried every second.",
    )
    NO_TEMP_SPACE = (
        "no_temp_space",
        "The disk has no room for what this question needs beside the database. Everything else goes on: "
        "free some space on it, or ask for less, such as fewer days.",
    )
    NO_MEMORY = (
        "no_memory",
        "This question needs more memory than there is. Everything else goes on: ask for less, such as fewer days.",
    )
    NO_FILE = "no_file", "This database lives in memory only: there is no file to write it to."
    RESCUED = (
        "rescued",
        {
            "beside": "Everything that is open is in {copy} too, and that file is checked. "
            "Move it to {path}, in place of whatever is there, and writing goes on by itself.",
            "elsewhere": "Everything that is open is in {copy} too, and that file is checked. "
            "Stop Shipdesk, put that file in the place of {path}, and start again.",
            "stop": "Shipdesk stopped while {path} was not in its place. Everything that was open is in {copy}, "
            "and that file is checked: put it in the place of {path} before the next start.",
        },
    )
    NOT_RESCUED = (
        "not_rescued",
        {
            "press": "What is open could not be written to {copy}: {why}.",
            "stop": "Shipdesk stopped while {path} was not in its place, and what was open could not be written to {copy}: {why}. "
            "Restore the last backup.",
        },
    )
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
    WENT = (
        "went",
        "This shop was moved to {other} on {at:%d %b %Y %H:%M} UTC, so nothing is opened or saved at {path}. Open it there, or move "
        "it back with python -m core move {other} {path}.",
    )
    NOT_KNOWN = (
        "not_known",
        "The database server {server} does not tell whether your change was saved. Look whether it was, and try again if not.",
    )
    OPEN_ON_SERVER = "open_on_server", "A desk has the shop on {server} open. Stop every desk on it, then move it."
    BEING_MOVED = "being_moved", "The shop on {server} is being moved just now. Try again when that is done."
    RECEIVING = (
        "receiving",
        "A shop is being moved from {other} to {path}, and not all of it is there. Finish that with "
        "python -m core move {other} {path}.",
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
    SERVER_GONE = (
        "server_gone",
        {
            "reading": "The database server {server} does not answer. Work goes on by itself when it is back.",
            "writing": "The database server {server} does not answer. Nothing was saved; work goes on by itself when it is back.",
        },
    )
    SERVER_FULL = (
        "server_full",
        "The disk of the database server {server} is full, so nothing is saved. Free some space on it; writing goes on by itself.",
    )
    SERVER_REFUSES = (
        "server_refuses",
        "The database server {server} lets Shipdesk not in. Check the name and the password in SHIPDESK_DB, and that the "
        "database exists.",
    )
    NO_RIGHTS = (
        "no_rights",
        "The database server {server} lets Shipdesk make no tables. Give its user the right to create schemas in that database.",
    )
    TEXTS_OTHERWISE = (
        "texts_otherwise",
        "The database {server} keeps texts as {encoding} in the order {collation}. Shipdesk needs UTF8 and C.UTF-8: make it with "
        "CREATE DATABASE ... TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'.",
    )
    KEPT_BY_SERVER = (
        "kept_by_server",
        "The shop is on the database server {server}: backups are written and restored by that server's own means, such as "
        "pg_basebackup or pg_dump. Nothing was done.",
    )
    BAD_COPY = "bad_copy", "The backup {path} was written, but did not stand its check. It was removed; try again."
    NO_FORGOTTEN_LIST = (
        "no_forgotten_list",
        "The list of what was forgotten, {path}, cannot be used. Check the folder; nothing is forgotten without it.",
    )
    EXISTS = "exists", "{path} already exists. Choose a new file name."
    READ_ONLY_TARGET = (
        "read_only_target",
        "{path} cannot be written: its disk is read-only. Choose a folder on another disk.",
    )
    NO_BACKUP = "no_backup", "The backup could not be written to {path}: {why}"
    NOT_LAID_OUT = "not_laid_out", "The rows could not be laid out for the query. Run it again in a moment."
