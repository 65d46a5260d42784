"""The worklist: flagged shipments that somebody still has to deal with, and the notes that people take of any shipment."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from core.domain.flags import Flag, flag_of, raised_by
from core.domain.history import HistoryAction
from core.domain.language import Vocabulary
from core.domain.shipment import Shipment

A_LOOK = timedelta(minutes=30)
"""Whoever comes back later than that looks anew."""
NOTE_LENGTH = 2000


class WorkState(StrEnum):
    """Whether somebody has to deal with a flagged shipment; the values are what links carry."""

    OPEN = "open"
    SNOOZED = "snoozed"
    DONE = "done"


NAMES: Vocabulary[WorkState] = Vocabulary({WorkState.OPEN: "To do", WorkState.SNOOZED: "Snoozed", WorkState.DONE: "Done"})


@dataclass(frozen=True)
class ShipmentNote:
    """What somebody wrote of a shipment, known by the row of history that says so; its text is "" once that was forgotten."""

    note_id: int
    by: str
    at: datetime
    text: str


def work_of(shipment: Shipment, *, zone: ZoneInfo, now: datetime) -> WorkState | None:
    """Whether the shipment is on the worklist at that moment, or put aside; None without a flag.

    Put aside lasts until its day, or until something changes in the shipment; done until another flag is raised, or the same anew.
    `core.store.selection` says the same in SQL.
    """
    flag, handling = flag_of(shipment, zone=zone, now=now), shipment.handling
    if flag is None:
        return None
    if _dealt_with(shipment, flag):
        return WorkState.DONE
    until = handling.snoozed_until
    if until and until > now.astimezone(zone).date() and handling.snoozed_version == shipment.version:
        return WorkState.SNOOZED
    return WorkState.OPEN


def _dealt_with(shipment: Shipment, flag: Flag) -> bool:
    at, on = shipment.handling.done_at, shipment.handling.done_on
    return bool(shipment.handling.done_flag == flag and at and on and raised_by(shipment, flag, at, on))


def notes_of(history: Iterable[Mapping[str, Any]]) -> list[ShipmentNote]:
    """The notes in the rows of a shipment's history that nobody took back, the newest first."""
    rows = list(history)
    gone = {row["after"].get("note") for row in rows if row["action"] == HistoryAction.NOTE_TAKEN_BACK}
    written = [row for row in rows if row["action"] == HistoryAction.NOTED and row["history_id"] not in gone]
    written.sort(key=lambda row: -row["history_id"])
    return [ShipmentNote(row["history_id"], row["changed_by"], row["changed_at"], row["reason"]) for row in written]
