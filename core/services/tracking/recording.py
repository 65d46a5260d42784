"""What services said of numbers, folded into the shipments and remembered beside them."""

import logging
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from core.carriers.reasons import AnswerNote, TroubleReason
from core.carriers.service import TrackingAnswer, Trouble, TroubleKind
from core.carriers.services import SERVICES
from core.domain import refresh_policy
from core.domain.answer_doubts import AnswerDoubt
from core.domain.carriers import Rules
from core.domain.countries import ZONES
from core.domain.errors import Unavailable
from core.domain.history import ChangeSource, HistoryAction
from core.domain.reasons import sentences
from core.domain.shipment import Checkpoint, Shipment, Stage, Status
from core.domain.status import REUSED_BEFORE_ORDER, folded
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
        return store.write(lambda connection: _recorded(connection, asked, said, unheard_by))
    except Unavailable:
        raise
    except Exception as fault:
        _log_fault(asked, fault)
    report = RefreshReport()
    for number, one in said.items():
        report += _recorded_alone(store, asked, number, one)
    store.write(lambda connection: stored.release(connection, list(said), unheard_by))
    return report


def _recorded_alone(store: Store, asked: Round, number: int, said: TrackingAnswer | Trouble) -> RefreshReport:
    try:
        return store.write(lambda connection: _recorded(connection, asked, {number: said}))
    except Unavailable:
        raise
    except Exception as fault:
        _log_fault(asked, fault)
        trouble = Trouble(TroubleKind.MALFORMED, str(TroubleReason.NOT_STORED(service=SERVICES[asked.service].TITLE)))
        return store.write(lambda connection: _recorded(connection, asked, {number: trouble}))


def _recorded(
    connection: Connection, asked: Round, said: Mapping[int, TrackingAnswer | Trouble], unheard_by: str = ""
) -> RefreshReport:
    rows = stored.in_force(connection, list(said))
    answers = {number: one for number, one in said.items() if number in rows and isinstance(one, TrackingAnswer)}
    heard = {number: _heard(answer, rows[number], asked.at) for number, answer in answers.items()}
    new = _news(connection, answers, heard, asked.at)
    after, changed = _folded_in(connection, asked, new, rows)
    cache = [_answered(asked, answer, heard[number], rows[number], after.get(number)) for number, answer in answers.items()]
    troubles = {number: one for number, one in said.items() if number in rows and isinstance(one, Trouble)}
    cache += [_troubled(asked, trouble, rows[number]) for number, trouble in troubles.items()]
    stored.cache(connection, cache)
    tracking_runs.log(connection, _runs(asked, rows, troubles, new))
    if unheard_by or len(rows) < len(said):
        stored.release(connection, list(said), unheard_by)
    failures = [Failure(rows[number]["shipment_no"], trouble.text) for number, trouble in troubles.items()]
    return RefreshReport(
        asked=len(said),
        answered=len(answers),
        changed=len(changed),
        events=sum(map(len, new.values())),
        failed=len(failures),
        failures=tuple(failures[:MOST_FAILURES_NAMED]),
    )


def _log_fault(asked: Round, fault: Exception) -> None:
    """Only the type and the place are logged, never data."""
    place = fault.__traceback__
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""
    log.error("What %s said could not be stored: %s at %s", asked.service, type(fault).__name__, where)


@dataclass(frozen=True)
class _Heard:
    """The checkpoints of an answer that can be stored, and what is odd about it."""

    checkpoints: tuple[Checkpoint, ...]
    doubts: tuple[AnswerDoubt, ...] = ()


def _heard(answer: TrackingAnswer, row: Row, at: datetime) -> _Heard:
    kept = tuple(c for c in answer.checkpoints if c.happened_at <= at + IN_THE_FUTURE)
    doubts = [AnswerDoubt.FROM_THE_FUTURE] if len(kept) < len(answer.checkpoints) else []
    if any(c.happened_at < row["ordered_at"] - REUSED_BEFORE_ORDER for c in kept):
        doubts.append(AnswerDoubt.USED_BEFORE)
    return _Heard(kept, tuple(doubts))


def _news(
    connection: Connection, answers: Mapping[int, TrackingAnswer], heard: Mapping[int, _Heard], at: datetime
) -> dict[int, list[Checkpoint]]:
    said = {number: list(one.checkpoints) for number, one in heard.items()}
    invalid = [number for number, answer in answers.items() if answer.invalid and not _says_invalid(said[number])]
    known = stored.refused_last(connection, invalid) if invalid else set()
    for number in invalid:
        if number not in known:
            answer = answers[number]
            text = next(iter(answer.warnings), str(AnswerNote.NOT_ACCEPTED()))
            said[number].append(Checkpoint(at, Stage.INVALID_NUMBER, code=answer.code, text=text))
    return stored.news(connection, said.items())


def _says_invalid(checkpoints: Iterable[Checkpoint]) -> bool:
    return any(checkpoint.stage is Stage.INVALID_NUMBER for checkpoint in checkpoints)


def _folded_in(
    connection: Connection, asked: Round, new: Mapping[int, Sequence[Checkpoint]], rows: Mapping[int, Row]
) -> tuple[dict[int, Shipment], list[Shipment]]:
    """The shipments with news, by invoice_id, derived again and saved; and those of them that stand elsewhere now.

    What a person decides on (status, word, exception) makes a new version and a row of history; the rest is only stored.
    """
    if not new:
        return {}, []
    found = shipments.load_by_id(connection, [rows[number]["shipment_id"] for number in new])
    rules, at = asked.rules, asked.at
    batch_id = _batch_of_the_day(connection, at)
    loud: dict[str, list[Step]] = defaultdict(list)
    quiet: list[Shipment] = []
    points: list[tuple[int, Checkpoint]] = []
    after: dict[int, Shipment] = {}
    for number, checkpoints in new.items():
        before = found[rows[number]["shipment_id"]]
        after[number] = folded(replace(before, checkpoints=(*before.checkpoints, *checkpoints), updated_at=at))
        if _decisive(before, after[number]) or _says_invalid(checkpoints):
            loud[rows[number]["carrier"]].append(_step(before, after[number], checkpoints))
        else:
            quiet.append(after[number])
            points += [(before.shipment_id, checkpoint) for checkpoint in checkpoints]
    if quiet:
        shipments.save_quietly(connection, quiet)
        shipments.add_checkpoints(connection, points, batch_id)
    changed = []
    for carrier, steps in loud.items():
        name = rules.carriers[carrier].name if carrier in rules.carriers else carrier
        changed += write(connection, steps, batch_id=batch_id, request=Request(Actor(name, SOURCE), at))
    return after, changed


def _decisive(before: Shipment, after: Shipment) -> bool:
    old, new = before.state, after.state
    return (old.status, old.word, old.exception) != (new.status, new.word, new.exception)


def _step(before: Shipment, after: Shipment, checkpoints: Sequence[Checkpoint]) -> Step:
    reason = after.state.exception or after.state.reason or ""
    return Step(before, HistoryAction.STATUS_CHANGED, checkpoints=tuple(checkpoints), reason=reason, after=after)


def _batch_of_the_day(connection: Connection, at: datetime) -> int:
    """One batch a day holds what carriers said: undo is for people's batches, and theirs should stay in sight."""
    key = f"carriers:{at:%Y-%m-%d}"
    known = history.batch_of(connection, key)
    if known is not None:
        return known
    return history.open_batch(connection, by=MAKER, at=at, source=SOURCE, note="tracking refreshed", request_key=key)


def _answered(asked: Round, answer: TrackingAnswer, heard: _Heard, row: Row, after: Shipment | None) -> dict[str, Any]:
    """The cached row after an answer. A first one spreads what was added together over the whole interval."""
    same = after is None and (answer.stage, answer.code) == (row["stage"], row["code"])
    unchanged = row["unchanged"] + 1 if same else 0
    last = max((checkpoint.happened_at for checkpoint in heard.checkpoints), default=row["last_event_at"])
    watched = _watched(asked, row, after, last, unchanged)
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
        "warning": ",".join(heard.doubts),
        "stopped_at": (row["stopped_at"] or asked.at) if given_up else None,
    }


def _named_meanwhile(asked: Round, row: Row) -> datetime | None:
    """When to ask again about a number that a callback named while it was being asked: the answer may be older than the news."""
    named = row["claimed_until"] is not None and row["next_due"] == row["claimed_until"]
    return asked.at + refresh_policy.BY_HAND_AT_MOST_EVERY if named else None


def _watched(asked: Round, row: Row, after: Shipment | None, last: datetime | None, unchanged: int) -> refresh_policy.Watched:
    state = after.state if after else None
    return refresh_policy.Watched(
        status=state.status if state else Status(row["status"]),
        stage=state.stage if state else _stage(row["shipment_stage"]),
        invoiced_at=row["invoiced_at"],
        quiet_since=max(moment for moment in (row["invoiced_at"], last, row["resumed_at"]) if moment),
        promised_on=row["promised_on"],
        delivered_at=state.delivered_at if state else row["delivered_at"],
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
    asked: Round, rows: Mapping[int, Row], troubles: Mapping[int, Trouble], new: Mapping[int, Sequence[Checkpoint]]
) -> list[dict[str, Any]]:
    """What was asked of each carrier; what a resting service never heard is no answer and no failure."""
    failed = {number: trouble for number, trouble in troubles.items() if trouble.kind is not TroubleKind.PAUSED}
    heard = [number for number in rows if number not in troubles or number in failed]
    counts = Counter(rows[number]["carrier"] for number in heard)
    failures = Counter(rows[number]["carrier"] for number in failed)
    events = Counter(rows[number]["carrier"] for number, points in new.items() for _ in points)
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
