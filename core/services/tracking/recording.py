"""What services said of numbers, folded into the shipments and remembered beside them."""

import gc
import logging
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.carriers.reasons import AnswerNote, TroubleReason
from core.carriers.service import TrackingAnswer, Trouble, TroubleKind
from core.carriers.services import SERVICES
from core.domain import personal, refresh_policy
from core.domain.answer_doubts import AnswerDoubt
from core.domain.batch_notes import DeskNote
from core.domain.carriers import Rules
from core.domain.countries import ZONES
from core.domain.errors import Unavailable, places_of
from core.domain.history import ChangeSource, HistoryAction
from core.domain.people import Person
from core.domain.reasons import sentences
from core.domain.retelling import Retold, retold
from core.domain.shipment import Checkpoint, Shipment, Stage, State, Status, WayBack, way_back
from core.domain.status import Course, course_of
from core.domain.values import changed
from core.services.shipments.changes import Actor, Request, Step, write
from core.services.tracking.reasons import RefreshCount
from core.store import history, shipments, tracking_runs
from core.store import tracking as stored
from core.store.database import Connection, Row, Store

IN_THE_FUTURE = timedelta(days=1)
MOST_FAILURES_NAMED = 200
SOURCE, MAKER = ChangeSource.CARRIER, "Carriers"

# The services' own limits: the numbers stay as due as they were, and the service is left alone for a while.
RESTING = (TroubleKind.PAUSED, TroubleKind.LIMITED)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Failure:
    """A shipment whose number could not be asked about, and why, in words."""

    shipment_no: str
    reason: str


@dataclass(frozen=True)
class RefreshReport:
    """What came of asking.

    `asked` numbers, of which `answered`; `changed` shipments have another status, word or exception, `events` are new. By hand:
    `too_soon` were asked within the last minute or are being asked, `untracked` have no number that a service can be asked
    about, `unknown` Shipment Nos. do not exist. `failed` counts, `failures` names the first of them.
    """

    asked: int = 0
    answered: int = 0
    changed: int = 0
    events: int = 0
    failed: int = 0
    failures: tuple[Failure, ...] = ()
    too_soon: int = 0
    untracked: int = 0
    unknown: int = 0
    cancelled: bool = False

    @property
    def message(self) -> str:
        """One line for people."""
        counts = {
            RefreshCount.TOO_SOON: self.too_soon,
            RefreshCount.UNTRACKED: self.untracked,
            RefreshCount.UNKNOWN: self.unknown,
            RefreshCount.FAILED: self.failed,
            RefreshCount.CANCELLED: self.cancelled,
        }
        said = [reason(count=count) for reason, count in counts.items() if count]
        return sentences([RefreshCount.ALL(asked=self.asked, changed=self.changed), *said])

    def as_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        names = ("asked", "answered", "changed", "events", "failed", "too_soon", "untracked", "unknown", "cancelled")
        failures = [{"shipment_no": one.shipment_no, "reason": one.reason} for one in self.failures]
        return {name: getattr(self, name) for name in names} | {"failures": failures, "message": self.message}

    def __add__(self, other: "RefreshReport") -> "RefreshReport":
        counts = ("asked", "answered", "changed", "events", "failed", "too_soon", "untracked", "unknown")
        added = {name: getattr(self, name) + getattr(other, name) for name in counts}
        failures = (*self.failures, *other.failures)[:MOST_FAILURES_NAMED]
        return RefreshReport(**added, failures=failures, cancelled=self.cancelled or other.cancelled)


@dataclass(frozen=True)
class Round:
    """One round of asking a service: when, about whose carriers, and how much more often than the refresh policy it is asked.

    `zone` is the shop's, for parcels whose own is not known.
    """

    service: str
    rules: Rules
    zone: ZoneInfo
    at: datetime
    pace: float = 1.0


def record(store: Store, asked: Round, said: Mapping[int, TrackingAnswer | Trouble], unheard_by: str = "") -> RefreshReport:
    """Stores what was said of each invoice_id in one transaction; what is about numbers no longer in force is dropped.

    When that fails, each number is stored by itself, and what cannot be stored is noted as a trouble of its number, which is asked
    again later. `unheard_by` has claims that nothing was said of.
    """
    try:
        return store.write_news(lambda connection: _recorded(connection, asked, said, unheard_by))
    except Unavailable:
        raise
    except Exception as fault:
        _log_fault(asked, fault)
    report = RefreshReport()
    for number, one in said.items():
        report += _recorded_alone(store, asked, number, one)
    store.write_news(lambda connection: stored.release(connection, list(said), unheard_by))
    return report


def _recorded_alone(store: Store, asked: Round, number: int, said: TrackingAnswer | Trouble) -> RefreshReport:
    try:
        return store.write_news(lambda connection: _recorded(connection, asked, {number: said}))
    except Unavailable:
        raise
    except Exception as fault:
        _log_fault(asked, fault)
        trouble = Trouble(TroubleKind.MALFORMED, str(TroubleReason.NOT_STORED(service=SERVICES[asked.service].TITLE)))
        return store.write_news(lambda connection: _recorded(connection, asked, {number: trouble}))


@contextmanager
def _uncollected() -> Iterator[None]:
    """What a batch makes is gone after it, and has no cycles: going through it over and over would be a quarter of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_uncollected()
def _recorded(
    connection: Connection, asked: Round, said: Mapping[int, TrackingAnswer | Trouble], unheard_by: str = ""
) -> RefreshReport:
    rows = stored.in_force(connection, list(said))
    answers = {number: one for number, one in said.items() if number in rows and isinstance(one, TrackingAnswer)}
    told = _told(connection, answers, rows, asked.at)
    stored_of = shipments.checkpoints_of(connection, [rows[number]["shipment_id"] for number, points in told.items() if points])
    news = _news(told, rows, stored_of)
    after, changed = _folded_in(connection, asked, news, rows, stored_of)
    cache = [_answered(asked, answer, rows[number], after.get(number)) for number, answer in answers.items()]
    troubles = {number: one for number, one in said.items() if number in rows and isinstance(one, Trouble)}
    cache += [_troubled(asked, trouble, rows[number]) for number, trouble in troubles.items()]
    stored.cache(connection, cache, rows)
    tracking_runs.log(connection, _runs(asked, rows, troubles, news))
    if unheard_by or len(rows) < len(said):
        stored.release(connection, list(said), unheard_by)
    failures = [Failure(rows[number]["shipment_no"], trouble.text) for number, trouble in troubles.items()]
    return RefreshReport(
        asked=len(said),
        answered=len(answers),
        changed=len(changed),
        events=sum(len(one.new) for one in news.values()),
        failed=len(failures),
        failures=tuple(failures[:MOST_FAILURES_NAMED]),
    )


def _log_fault(asked: Round, fault: Exception) -> None:
    """Only the type and the place are logged, never data."""
    log.error("What %s said could not be stored: %s at %s", asked.service, type(fault).__name__, places_of(fault))


_Stored = Mapping[int, Sequence[Checkpoint]]
"""All checkpoints of shipments, by their ids."""


def _told(
    connection: Connection, answers: Mapping[int, TrackingAnswer], rows: Mapping[int, Row], at: datetime
) -> dict[int, list[Checkpoint]]:
    """What the answers tell of each number, as far as it may be kept."""
    told = {
        number: [changed(point, invoice_id=number) for point in _happened(answer, at)] for number, answer in answers.items()
    }
    invalid = [number for number, answer in answers.items() if answer.invalid and not _says_invalid(told[number])]
    refused = stored.refused_last(connection, invalid) if invalid else set()
    for number in invalid:
        if number not in refused:
            text = next(iter(answers[number].warnings), str(AnswerNote.NOT_ACCEPTED()))
            told[number].append(Checkpoint(at, Stage.INVALID_NUMBER, number, code=answers[number].code, text=text))
    for number in told:
        if rows[number]["forgotten_at"]:
            told[number] = list(map(personal.wordless, told[number]))
    return told


def _news(told: Mapping[int, Sequence[Checkpoint]], rows: Mapping[int, Row], stored_of: _Stored) -> dict[int, Retold]:
    """What is told beyond what is stored of each number, or corrects it."""
    found: dict[int, Retold] = {}
    for number, points in told.items():
        known = [point for point in stored_of.get(rows[number]["shipment_id"], ()) if point.invoice_id == number]
        if points and (news := retold(known, points)):
            found[number] = news
    return found


def _happened(answer: TrackingAnswer, at: datetime) -> list[Checkpoint]:
    """The events without those of days to come."""
    last = at + IN_THE_FUTURE
    return [point for point in answer.checkpoints if point.happened_at <= last]


def _says_invalid(checkpoints: Iterable[Checkpoint]) -> bool:
    return any(checkpoint.stage is Stage.INVALID_NUMBER for checkpoint in checkpoints)


@dataclass(frozen=True)
class _After:
    """A shipment with the news of its number, and the course of it."""

    shipment: Shipment
    course: Course

    @classmethod
    def of(cls, before: Shipment, news: Retold, at: datetime) -> "_After":
        told = changed(before, checkpoints=news.applied(before.checkpoints), updated_at=at)
        course = course_of(told)
        return cls(changed(told, state=course.state), course)


def _folded_in(
    connection: Connection, asked: Round, news: Mapping[int, Retold], rows: Mapping[int, Row], stored_of: _Stored
) -> tuple[dict[int, _After], list[Shipment]]:
    """The shipments with news, by invoice_id, derived again and saved; and those of them that stand elsewhere now.

    What a person decides on (status, word, exception, way back, doubt) makes a new version and a row of history; the rest is only
    stored.
    """
    if not news:
        return {}, []
    found = shipments.load_journeys(connection, [rows[number]["shipment_id"] for number in news], stored_of)
    rules, at = asked.rules, asked.at
    batch_id = _batch_of_the_day(connection, at)
    loud: dict[str, list[Step]] = defaultdict(list)
    quiet: list[shipments.Saved] = []
    points: list[tuple[int, Checkpoint]] = []
    after: dict[int, _After] = {}
    for number, one in news.items():
        before = found[rows[number]["shipment_id"]]
        after[number] = _After.of(before, one, at)
        now = after[number].shipment
        if _decisive(before, now) or _says_invalid(one.new):
            loud[rows[number]["carrier"]].append(_step(before, now, one.new))
        else:
            quiet.append((before, now))
            points += [(before.shipment_id, point) for point in one.new]
    shipments.correct_checkpoints(connection, _corrections(news, rows))
    if quiet:
        shipments.save_quietly(connection, quiet)
        shipments.add_checkpoints(connection, points, batch_id)
    changed = []
    for carrier, steps in loud.items():
        name = rules.carriers[carrier].english if carrier in rules.carriers else carrier
        changed += write(connection, steps, batch_id=batch_id, request=Request(Actor(Person(name), SOURCE), at))
    return after, changed


def _corrections(news: Mapping[int, Retold], rows: Mapping[int, Row]) -> list[tuple[int, Checkpoint, Checkpoint | None]]:
    found: list[tuple[int, Checkpoint, Checkpoint | None]] = []
    for number, one in news.items():
        shipment_id = rows[number]["shipment_id"]
        found += [(shipment_id, old, now) for old, now in one.corrected]
        found += [(shipment_id, old, None) for old in one.gone]
    return found


def _decisive(before: Shipment, after: Shipment) -> bool:
    return _decided_on(before.state) != _decided_on(after.state)


def _decided_on(state: State) -> tuple[object, ...]:
    return state.status, state.word, state.exception, state.way_back, state.doubt


def _step(before: Shipment, after: Shipment, checkpoints: Sequence[Checkpoint]) -> Step:
    reason = after.state.exception or after.state.reason or ""
    return Step(before, HistoryAction.STATUS_CHANGED, checkpoints=tuple(checkpoints), reason=reason, after=after)


def _batch_of_the_day(connection: Connection, at: datetime) -> int:
    """One batch a day holds what carriers said: undo is for people's batches, and theirs should stay in sight."""
    key = f"carriers:{at:%Y-%m-%d}"
    known = history.batch_of(connection, key)
    if known is not None:
        return known
    return history.open_batch(connection, by=MAKER, at=at, source=SOURCE, note=DeskNote.TRACKING, request_key=key)


def _answered(asked: Round, answer: TrackingAnswer, row: Row, after: _After | None) -> dict[str, Any]:
    """The cached row after an answer. A first one spreads what was added together over the whole interval."""
    same = after is None and (answer.stage, answer.code) == (row["stage"], row["code"])
    unchanged = row["unchanged"] + 1 if same else 0
    own = (told.checkpoint.happened_at for told in reversed(after.course.events) if told.counting.own) if after else iter(())
    last = next(own, row["last_event_at"])
    watched = _watched(asked, row, after.shipment.state if after else None, last, unchanged)
    jitter = random.uniform(-refresh_policy.JITTER, refresh_policy.JITTER) if row["fetched_at"] else random.uniform(-0.9, 0)
    given_up = refresh_policy.given_up(watched, asked.at) and not watched.closed
    return {
        "invoice_id": row["invoice_id"],
        "service": asked.service,
        "stage": answer.stage,
        "code": answer.code,
        "last_event_at": last,
        "estimated_on": answer.estimated_on or row["estimated_on"],
        "asked_at": asked.at,
        "fetched_at": asked.at,
        "next_due": _named_meanwhile(asked, row) or refresh_policy.next_check(watched, asked.at, jitter, asked.pace),
        "attempts": 0,
        "unchanged": unchanged,
        "last_error": "",
        "warning": ",".join(_doubts(answer, row, after, asked.at)),
        "stopped_at": (row["stopped_at"] or asked.at) if given_up else None,
    }


def _named_meanwhile(asked: Round, row: Row) -> datetime | None:
    """When to ask again about a number that a callback named while it was being asked: the answer may be older than the news."""
    named = row["claimed_until"] is not None and row["next_due"] == row["claimed_until"]
    return asked.at + refresh_policy.BY_HAND_AT_MOST_EVERY if named else None


def _doubts(answer: TrackingAnswer, row: Row, after: _After | None, at: datetime) -> list[str]:
    """What is odd about the answer and, as far as it is known by now, about the number."""
    future, last = AnswerDoubt.FROM_THE_FUTURE, at + IN_THE_FUTURE
    said = [future] if any(point.happened_at > last for point in answer.checkpoints) else []
    known = after.course.doubts if after else [doubt for doubt in row["warning"].split(",") if doubt and doubt != future]
    return [*said, *known]


def _watched(asked: Round, row: Row, state: State | None, last: datetime | None, unchanged: int) -> refresh_policy.Watched:
    of: Any = vars(state) if state else row
    delivered_at, returning_at, returned_at = of["delivered_at"], of["returning_at"], of["returned_at"]
    return refresh_policy.Watched(
        status=state.status if state else Status(row["status"]),
        stage=state.stage if state else _stage(row["shipment_stage"]),
        invoiced_at=row["invoiced_at"],
        quiet_since=max(moment for moment in (row["invoiced_at"], last, row["resumed_at"]) if moment),
        promised_on=row["promised_on"],
        ended_at=max((moment for moment in (delivered_at, returned_at) if moment), default=None),
        goes_back=way_back(returning_at, returned_at) is WayBack.RETURNING,
        closed=row["closed_at"] is not None,
        patience=asked.rules.carriers[row["carrier"]].watched_for,
        unchanged=unchanged,
        zone=ZoneInfo(ZONES.get(row["country"], asked.zone.key)),
    )


def _stage(value: str | None) -> Stage | None:
    return Stage(value) if value else None


def _troubled(asked: Round, trouble: Trouble, row: Row) -> dict[str, Any]:
    """The last good answer stays; the number is asked again later and later, but at once when only the service rests."""
    kept = {name: row[name] for name in stored.CACHED.names}
    if trouble.kind in RESTING:
        return kept | {"last_error": trouble.text}
    attempts, at = row["attempts"] + 1, asked.at
    wait = max(refresh_policy.retry_after(attempts) / asked.pace, trouble.retry_after or timedelta(0))
    next_due = at + wait * (1 + random.uniform(0, refresh_policy.JITTER)) if row["next_due"] else None
    return kept | {
        "service": asked.service,
        "asked_at": at,
        "attempts": attempts,
        "last_error": trouble.text,
        "next_due": next_due,
    }


def _runs(
    asked: Round, rows: Mapping[int, Row], troubles: Mapping[int, Trouble], news: Mapping[int, Retold]
) -> list[dict[str, Any]]:
    """What was asked of each carrier; what a resting service never heard is no answer and no failure."""
    failed = {number: trouble for number, trouble in troubles.items() if trouble.kind is not TroubleKind.PAUSED}
    heard = [number for number in rows if number not in troubles or number in failed]
    counts = Counter(rows[number]["carrier"] for number in heard)
    failures = Counter(rows[number]["carrier"] for number in failed)
    events = Counter(rows[number]["carrier"] for number, one in news.items() for _ in one.new)
    errors = {rows[number]["carrier"]: trouble.text for number, trouble in failed.items()}
    return [
        {
            "ran_at": asked.at,
            "carrier": carrier,
            "service": asked.service,
            "asked": count,
            "failed": failures[carrier],
            "news": events[carrier],
            "error": errors.get(carrier, ""),
        }
        for carrier, count in counts.items()
    ]
