"""The worklist is worked: who has a shipment in hand, until when it is put aside, what is done, what is noted, what the buyer was told.

Each of these stands in the history of the shipment and leaves its version as it is: a form that is open stays valid.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from core.domain import permissions
from core.domain.buyer_message import BuyerTold
from core.domain.errors import Refused
from core.domain.flags import flag_of
from core.domain.history import HistoryAction
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.reasons import Reason, Why
from core.domain.shipment import Handling, Shipment
from core.domain.texts import said
from core.domain.visit import Visit
from core.domain.worklist import A_LOOK, NOTE_LENGTH, ShipmentNote, WorkState, notes_of, work_of
from core.services.people.sign_ins import SignIns
from core.services.shipments.changes import Request, Step, existing
from core.services.shipments.in_one_go import InOneGo, in_one_go
from core.store import history, looked, shipments
from core.store.database import Connection, Store


class NotWorked(Reason):
    """Why something on the worklist is not done as it was asked; the value is the field, or the reason why one shipment stays."""

    UNTIL = "until", "Choose a day after today: the shipment is back on the worklist on that day."
    NO_TEXT = "text", "The note is empty. Write what the others should know."
    TOO_LONG = "too_long", "The note has {count:,} characters; {most:,} is the most."
    NO_FLAG = "no_flag", "{shipment_no} stays as it is: nothing is wrong with it now, so it is not on the worklist."
    OPEN_ALREADY = "open_already", "{shipment_no} stays as it is: it is on the worklist."
    TAKEN = "taken", {
        "by": "{shipment_no} stays as it is: it was assigned to {name} after you looked at it.",
        "nobody": "{shipment_no} stays as it is: it was assigned to nobody after you looked at it.",
    }  # fmt: skip
    NO_NOTE = "no_note", "{shipment_no}: this note was taken back already."
    NOBODY_HERE = (
        "name",
        {
            "signed_in": "{name} does not work at this desk, so nothing was assigned. Choose somebody who does; an admin can invite others.",
            "local": "{name} does not work at this desk, so nothing was assigned. Nobody signs in here: shipments go to you, or to "
            "somebody who has some in hand already.",
        },
    )
    ANOTHERS = "anothers", "{shipment_no}: only {name}, who wrote this note, or an admin can take it back."


Decide = Callable[[str, Shipment], Step | Why | None]


def assign(
    store: Store,
    sign_ins: SignIns,
    shipment_nos: Sequence[str],
    to: str,
    *,
    request: Request,
    seen: Collection[str] | None = None,
) -> InOneGo:
    """Gives shipments into the hands of a person, "" for nobody's. One that is with none of those `seen` stays where it is.

    Raises Forbidden, or Refused for a person who is none of the `colleagues`.
    """
    request.require(Act.WORK)
    name = said(to)
    if name and name not in colleagues(store, sign_ins, person=request.by.person):
        form = "signed_in" if sign_ins.rules.providers else "local"
        raise Refused(NotWorked.NOBODY_HERE(form, name=name), NotWorked.NOBODY_HERE)

    def decide(shipment_no: str, shipment: Shipment) -> Step | Why | None:
        now = shipment.handling.assigned_to
        if now == name:
            return None
        if seen is not None and now not in seen:
            return NotWorked.TAKEN("by" if now else "nobody", shipment_no=shipment_no, name=now)
        return _step(shipment, HistoryAction.ASSIGNED, replace(shipment.handling, assigned_to=name))

    return in_one_go(store, shipment_nos, decide, HistoryAction.ASSIGNED, request)


def snooze(store: Store, shipment_nos: Sequence[str], until: date, *, request: Request, zone: ZoneInfo) -> InOneGo:
    """Takes shipments off the worklist until that day of the shop, or until something changes in them. Raises Forbidden, Refused."""
    request.require(Act.WORK)
    if until <= request.at.astimezone(zone).date():
        raise Refused(NotWorked.UNTIL(), NotWorked.UNTIL)

    def decide(shipment_no: str, shipment: Shipment) -> Step | Why | None:
        if flag_of(shipment, zone=zone, now=request.at) is None:
            return NotWorked.NO_FLAG(shipment_no=shipment_no)
        aside = Handling(shipment.handling.assigned_to, until, shipment.version)
        return None if aside == shipment.handling else _step(shipment, HistoryAction.SNOOZED, aside)

    return in_one_go(store, shipment_nos, decide, HistoryAction.SNOOZED, request)


def done(store: Store, shipment_nos: Sequence[str], *, request: Request, zone: ZoneInfo) -> InOneGo:
    """Takes shipments off the worklist until another flag is raised, or the same anew. Raises Forbidden."""
    request.require(Act.WORK)

    def decide(shipment_no: str, shipment: Shipment) -> Step | Why | None:
        flag = flag_of(shipment, zone=zone, now=request.at)
        if flag is None:
            return NotWorked.NO_FLAG(shipment_no=shipment_no)
        if work_of(shipment, zone=zone, now=request.at) is WorkState.DONE:
            return None
        today = request.at.astimezone(zone).date()
        dealt_with = Handling(shipment.handling.assigned_to, done_flag=flag, done_at=request.at, done_on=today)
        return _step(shipment, HistoryAction.DONE, dealt_with)

    return in_one_go(store, shipment_nos, decide, HistoryAction.DONE, request)


def reopen(store: Store, shipment_nos: Sequence[str], *, request: Request) -> InOneGo:
    """Puts shipments that are snoozed or done back on the worklist. Raises Forbidden."""
    request.require(Act.WORK)

    def decide(shipment_no: str, shipment: Shipment) -> Step | Why | None:
        back = Handling(shipment.handling.assigned_to)
        if shipment.handling == back:
            return NotWorked.OPEN_ALREADY(shipment_no=shipment_no)
        return _step(shipment, HistoryAction.REOPENED, back)

    return in_one_go(store, shipment_nos, decide, HistoryAction.REOPENED, request)


def note(store: Store, shipment_nos: Sequence[str], text: str, *, request: Request) -> InOneGo:
    """Writes a note of each of these shipments. Raises Forbidden, or Refused without a text or with one that is too long."""
    request.require(Act.WORK)
    words = "\n".join(said(line) for line in text.strip().splitlines())
    if not words:
        raise Refused(NotWorked.NO_TEXT(), NotWorked.NO_TEXT)
    if len(words) > NOTE_LENGTH:
        raise Refused(NotWorked.TOO_LONG(count=len(words), most=NOTE_LENGTH), NotWorked.NO_TEXT)
    return in_one_go(
        store,
        shipment_nos,
        lambda _, shipment: Step(shipment, HistoryAction.NOTED, reason=words),
        HistoryAction.NOTED,
        request,
    )


def take_back(store: Store, shipment_no: str, note_id: int, *, request: Request) -> InOneGo:
    """Takes a note back: it stands in the history alone from then on. Only its author may, or an admin. Raises Forbidden."""
    request.require(Act.WORK)
    others = permissions.may(request.by.person, Act.TAKE_BACK_NOTES)
    found = store.snapshot(lambda connection: _note(connection, shipment_no, note_id))

    def decide(_: str, shipment: Shipment) -> Step | Why | None:
        if found is None:
            return NotWorked.NO_NOTE(shipment_no=shipment_no)
        if found.by != request.by.name and not others:
            return NotWorked.ANOTHERS(shipment_no=shipment_no, name=found.by)
        return Step(shipment, HistoryAction.NOTE_TAKEN_BACK, noted={"note": note_id})

    return in_one_go(store, [shipment_no], decide, HistoryAction.NOTE_TAKEN_BACK, request)


def buyer_told(store: Store, shipment_no: str, told: BuyerTold, *, request: Request) -> InOneGo:
    """Notes that somebody took the text to tell the buyer: in which language, in which way, and until when to wait. Raises Forbidden."""
    request.require(Act.WORK)
    fields = {"language": told.language, "way": told.way, "expected_on": told.expected_on}
    return in_one_go(
        store,
        [shipment_no],
        lambda _, shipment: Step(shipment, HistoryAction.BUYER_TOLD, noted=fields),
        HistoryAction.BUYER_TOLD,
        request,
    )


def colleagues(store: Store, sign_ins: SignIns, *, person: Person) -> list[str]:
    """Who may be given a shipment, whoever asks first: those who may work here now; where nobody signs in, those who have some in hand."""
    permissions.require(person, Act.SEE)
    own = [person.name] if permissions.may(person, Act.WORK) else []
    others = sign_ins.working() if sign_ins.rules.providers else shipments.assigned(store)
    return list(dict.fromkeys([*own, *sorted(others)]))


def look(store: Store, *, visit: Visit) -> datetime | None:
    """When this look began that is going on, or rather the one before it ended: what was raised since is new. None at the first look.

    Whoever has not looked for a while looks anew. That somebody looks is stored at most every few minutes.
    """
    visit.require()
    person, now = visit.person.name, visit.clock.now
    known = looked.of(store, person)
    if known and now - known["last_at"] < looked.NOTED_EVERY:
        before: datetime | None = known["before_at"]
        return before
    anew = known is not None and now - known["last_at"] >= A_LOOK
    before = known["last_at"] if known and anew else known["before_at"] if known else None
    store.write(lambda connection: looked.note(connection, person, before, now))
    return before


def seen_until(store: Store, *, visit: Visit) -> datetime | None:
    """What `look` said last, without looking."""
    visit.require()
    known = looked.of(store, visit.person.name)
    return known["before_at"] if known else None


def new_among(store: Store, shipment_ids: Sequence[int], *, visit: Visit) -> frozenset[int]:
    """Those of the shipments whose flag was raised since the person looked before, and which are to do."""
    visit.require()
    before = seen_until(store, visit=visit) if shipment_ids else None
    return looked.new_among(store, shipment_ids, before, visit.clock) if before else frozenset()


def _step(shipment: Shipment, action: HistoryAction, handling: Handling) -> Step:
    return Step(shipment, action, changes={"handling": handling})


def _note(connection: Connection, shipment_no: str, note_id: int) -> ShipmentNote | None:
    shipment = existing(connection, shipment_no)
    rows = history.changes_of(connection, shipment.shipment_id)
    return next((one for one in notes_of(rows) if one.note_id == note_id), None)
