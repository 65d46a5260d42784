"""Tracking: asks services what is due, or what a person wants to know now, and folds what they say into the shipments."""

import queue
import random
import threading
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4
from zoneinfo import ZoneInfo

from core.carriers.answers import Answer, Kind, Number, Trouble
from core.domain import due
from core.domain.invoice_number import Rules
from core.domain.shipment import Checkpoint, Shipment, Stage, Status
from core.domain.status import REUSED_BEFORE_ORDER, folded
from core.services.changing import Actor, Step, write
from core.store import history, shipments
from core.store import tracking as stored
from core.store.database import Connection, Row, Store
from core.store.tracking import Claim

CHUNK = 250
LEASE = timedelta(minutes=10)
IN_THE_FUTURE = timedelta(days=1)
MOST_FAILURES_NAMED = 200
SOURCE, MAKER = "carrier", "Carriers"
REUSED = "The number was used before: events older than the order are shown, but do not count."
FROM_THE_FUTURE = "The carrier reports events of days to come. They are left out until then."

# The services' own limits: the numbers stay as due as they were, and the service is left alone for a while.
_RESTING = (Kind.PAUSED, Kind.LIMITED)
_REST = timedelta(seconds=30)


class Asker(Protocol):
    """Who asks the services: `core.carriers.client.Client`."""

    def ask(self, service: str, numbers: Sequence[Number]) -> Mapping[Number, Answer | Trouble]:
        """What the service says of each number; never raises for a carrier's trouble."""
        ...


class Memory:
    """What is remembered between cycles of one process, and need not survive it."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.watched = 0
        self.routes: Mapping[str, str] | None = None
        self.resting: dict[str, datetime] = {}


@dataclass(frozen=True)
class Tracker:
    """What tracking works with.

    `routes` says which service is asked for each carrier now, without those that cannot be asked. `pace` above 1 asks that much
    more often than the refresh policy, `made_here_only` leaves imported shipments alone: both are for the sandbox.
    """

    store: Store
    client: Asker
    rules: Rules
    now: Callable[[], datetime]
    zone: ZoneInfo
    routes: Callable[[], Mapping[str, str]]
    pace: Callable[[], float] = lambda: 1.0
    made_here_only: Callable[[], bool] = lambda: False
    chunk: int = CHUNK
    memory: Memory = field(default_factory=Memory, compare=False)


@dataclass(frozen=True)
class Failure:
    """A shipment whose number could not be asked about, and why, in words."""

    shipment_no: str
    reason: str


@dataclass(frozen=True)
class Report:
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
        parts = [f"{self.asked:,} asked, {self.changed:,} changed"]
        parts += [f"{self.too_soon:,} asked less than a minute ago"] if self.too_soon else []
        parts += [f"{self.untracked:,} without a number to ask about"] if self.untracked else []
        parts += [f"{self.unknown:,} unknown"] if self.unknown else []
        parts += [f"{self.failed:,} failed"] if self.failed else []
        return ", ".join(parts) + ("; cancelled" if self.cancelled else "") + "."

    def as_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        names = ("asked", "answered", "changed", "events", "failed", "too_soon", "untracked", "unknown", "cancelled")
        failures = [{"shipment_no": one.shipment_no, "reason": one.reason} for one in self.failures]
        return {name: getattr(self, name) for name in names} | {"failures": failures, "message": self.message}

    def __add__(self, other: "Report") -> "Report":
        counts = ("asked", "answered", "changed", "events", "failed", "too_soon", "untracked", "unknown")
        added = {name: getattr(self, name) + getattr(other, name) for name in counts}
        failures = (*self.failures, *other.failures)[:MOST_FAILURES_NAMED]
        return Report(**added, failures=failures, cancelled=self.cancelled or other.cancelled)


Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]
_Job = Callable[[Cancel, Callable[[Report], None]], object]


def watch(tracker: Tracker) -> None:
    """Brings the watched numbers in line with the invoices in force; cheap when none was registered, modified or deleted.

    The first time in a process it ends the claims of an earlier one: one process owns the database, so that one is gone.
    """
    routes = tracker.routes()
    memory = tracker.memory
    with memory.lock:
        if memory.routes is None:
            tracker.store.write(stored.release_all)
        after = memory.watched if memory.routes == routes else 0
        if after and stored.newest_registration(tracker.store) == after:
            return
        asked: dict[str, Any] = {"at": tracker.now(), "carriers": sorted(routes), "pace": tracker.pace()}
        asked["made_here_only"] = tracker.made_here_only()
        memory.watched = tracker.store.write(lambda connection: stored.watch(connection, after=after, **asked))
        memory.routes = dict(routes)


def waiting(tracker: Tracker) -> dict[str, dict[str, int]]:
    """How many numbers are due for each service that may be asked now, by carrier."""
    routes, at = tracker.routes(), tracker.now()
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for carrier, count in stored.due_carriers(tracker.store, at).items():
        service = routes.get(carrier)
        if service and not _rests(tracker, service, at):
            found[service][carrier] = count
    return dict(found)


def refresh_due(
    tracker: Tracker,
    *,
    everything: bool = False,
    limit: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Report:
    """Asks about all numbers that are due, or at most `limit` of each service, and stores what is said.

    Services are asked side by side, carriers of one service in turns; what is stored is stored in transactions of up to
    `tracker.chunk` numbers, and nothing is asked inside one. `everything` makes all watched numbers due first. `progress` hears
    how many are done of how many, in the caller's thread.
    """
    watch(tracker)
    if everything:
        at = tracker.now()
        since = at - due.BY_HAND_AT_MOST_EVERY
        tracker.store.write(lambda connection: stored.make_all_due(connection, at=at, not_since=since))
    queued = {service: sum(counts.values()) for service, counts in waiting(tracker).items()}
    total = sum(min(count, limit or count) for count in queued.values())

    def job(service: str) -> _Job:
        return lambda stopped, tell: refresh_service(tracker, service, limit=limit, tell=tell, cancel=stopped)

    return _side_by_side([job(service) for service in queued], total, progress, cancel)


def refresh_service(
    tracker: Tracker,
    service: str,
    *,
    limit: int | None = None,
    tell: Callable[[Report], None] | None = None,
    cancel: Cancel | None = None,
) -> Report:
    """Asks one service about its due numbers, chunk by chunk, until none is due, it rests, `limit` is reached or `cancel` says so."""
    done, by = Report(), uuid4().hex
    while not (cancel and cancel()) and (limit is None or done.asked < limit):
        at = tracker.now()
        carriers = [carrier for carrier, name in tracker.routes().items() if name == service]
        size = min(tracker.chunk, tracker.chunk if limit is None else limit - done.asked)
        claims = [] if _rests(tracker, service, at) else _claim_due(tracker, carriers, by, at, size)
        if not claims:
            break
        said = _asked(tracker, service, claims, by)
        done += said
        if tell:
            tell(said)
        if len(claims) < size:
            break
    return replace(done, cancelled=bool(cancel and cancel()))


def refresh_now(
    tracker: Tracker, shipment_nos: Sequence[str], *, progress: Progress | None = None, cancel: Cancel | None = None
) -> Report:
    """Asks about these shipments at once, whatever is due; each not within a minute of the last time.

    `progress` hears how many are done of how many, in the caller's thread.
    """
    routes, at = tracker.routes(), tracker.now()
    wanted = list(dict.fromkeys(shipment_nos))
    found = stored.shipments_numbered(tracker.store, wanted)
    by_service: dict[str, list[int]] = defaultdict(list)
    played = tracker.made_here_only()
    for row in found.values():
        if (service := routes.get(row["carrier"])) and not (played and row["imported"]):
            by_service[service].append(row["shipment_id"])
    able = [number for ids in by_service.values() for number in ids]
    start = Report(unknown=len(wanted) - len(found), untracked=len(found) - len(able))
    if able:
        carriers = sorted(routes)
        tracker.store.write(lambda connection: stored.watch_these(connection, able, at=at, carriers=carriers))

    def job(service: str, ids: Sequence[int]) -> _Job:
        return lambda stopped, tell: _by_hand(tracker, service, ids, tell, stopped)

    jobs = [job(service, ids) for service, ids in by_service.items()]
    return start + _side_by_side(jobs, len(able), progress, cancel)


def resume(tracker: Tracker, shipment_nos: Sequence[str]) -> int:
    """Watches again the numbers of these shipments that were given up; how many that were."""
    ids = [row["shipment_id"] for row in stored.shipments_numbered(tracker.store, shipment_nos).values()]
    at = tracker.now()
    return tracker.store.write(lambda connection: stored.resume(connection, ids, at))


def cached(store: Store, shipment_no: str) -> Row | None:
    """What is known of a shipment's number in force: fetched_at, next_due, service, last_error, attempts, warning, stopped_at,
    estimated_on and the other columns of the table `tracking`; times UTC. None when the number is not watched.
    """
    return stored.of_shipment(store, shipment_no)


def apply(tracker: Tracker, service: str, answers: Sequence[tuple[int, Answer]]) -> Report:
    """Folds in what a service said unasked, by invoice_id; answers about numbers no longer in force are dropped."""
    said: dict[int, Answer | Trouble] = dict(answers)
    return _recorded(tracker, service, said)


def rest(tracker: Tracker, service: str, until: datetime | None) -> None:
    """Leaves a service alone until then, or asks it again at once."""
    if until is None:
        tracker.memory.resting.pop(service, None)
    else:
        tracker.memory.resting[service] = until


def _rests(tracker: Tracker, service: str, at: datetime) -> bool:
    return at < tracker.memory.resting.get(service, at)


def _claim_due(tracker: Tracker, carriers: Sequence[str], by: str, at: datetime, size: int) -> list[Claim]:
    return tracker.store.write(
        lambda connection: stored.claim(connection, carriers, by=by, at=at, until=at + LEASE, limit=size)
    )


def _by_hand(tracker: Tracker, service: str, ids: Sequence[int], tell: Callable[[Report], None], cancel: Cancel) -> None:
    by = uuid4().hex
    for start in range(0, len(ids), tracker.chunk):
        if cancel():
            return
        part, at = ids[start : start + tracker.chunk], tracker.now()
        claims = _claim_these(tracker, part, by, at)
        said = _asked(tracker, service, claims, by) if claims else Report()
        tell(said + Report(too_soon=len(part) - len(claims)))


def _claim_these(tracker: Tracker, ids: Sequence[int], by: str, at: datetime) -> list[Claim]:
    since = at - due.BY_HAND_AT_MOST_EVERY
    return tracker.store.write(
        lambda connection: stored.claim_these(connection, ids, by=by, at=at, until=at + LEASE, not_since=since)
    )


def _asked(tracker: Tracker, service: str, claims: Sequence[Claim], by: str) -> Report:
    """Asks about the claimed numbers and stores what was said; whatever happens, the claims end."""
    numbers = list(dict.fromkeys(Number(claim.carrier, claim.invoice_no) for claim in claims))
    try:
        said = tracker.client.ask(service, numbers)
        by_invoice = {c.invoice_id: said[number] for c in claims if (number := Number(c.carrier, c.invoice_no)) in said}
        report = _recorded(tracker, service, by_invoice, by if len(by_invoice) < len(claims) else "")
    except BaseException:
        ids = [claim.invoice_id for claim in claims]
        tracker.store.write(lambda connection: stored.release(connection, ids, by))
        raise
    _rest_if_told(tracker, service, list(said.values()))
    return report


def _rest_if_told(tracker: Tracker, service: str, said: Sequence[Answer | Trouble]) -> None:
    told = [one for one in said if isinstance(one, Trouble) and one.kind in _RESTING]
    if told:
        waits = [one.retry_after for one in told if one.retry_after]
        rest(tracker, service, tracker.now() + (max(waits) if waits else _REST))


def _side_by_side(
    jobs: Sequence[_Job],
    total: int,
    progress: Progress | None,
    cancel: Cancel | None,
) -> Report:
    """The sum of what the jobs tell, each in a thread of its own; the first fault of one is raised here."""
    told: queue.SimpleQueue[Report | BaseException | None] = queue.SimpleQueue()
    stop = threading.Event()

    def run(job: _Job) -> None:
        try:
            job(lambda: stop.is_set() or bool(cancel and cancel()), told.put)
        except BaseException as fault:
            told.put(fault)
        told.put(None)

    for job in jobs:
        threading.Thread(target=run, args=(job,), name="tracking", daemon=True).start()
    done, running, fault = Report(), len(jobs), None
    try:
        while running:
            said = told.get()
            if said is None:
                running -= 1
            elif isinstance(said, BaseException):
                fault = fault or said
                stop.set()
            else:
                done += said
                if progress:
                    progress(min(done.asked + done.too_soon, total), total)
    finally:
        stop.set()
    if fault:
        raise fault
    return replace(done, cancelled=bool(cancel and cancel()) and done.asked + done.too_soon < total)


def _recorded(tracker: Tracker, service: str, said: Mapping[int, Answer | Trouble], unheard_by: str = "") -> Report:
    """Stores what was said of each invoice_id in one transaction. `unheard_by` has claims that nothing was said of."""
    at, pace = tracker.now(), tracker.pace()

    def job(connection: Connection) -> Report:
        rows = stored.in_force(connection, list(said))
        answers = {number: one for number, one in said.items() if number in rows and isinstance(one, Answer)}
        heard = {number: _heard(answer, rows[number], at) for number, answer in answers.items()}
        new = _news(connection, answers, heard, at)
        after, changed = _folded_in(connection, tracker.rules, new, rows, at)
        cache = [
            _answered(service, answer, heard[number], rows[number], after.get(number), tracker.zone, at, pace)
            for number, answer in answers.items()
        ]
        troubles = {number: one for number, one in said.items() if number in rows and isinstance(one, Trouble)}
        cache += [_troubled(service, trouble, rows[number], at, pace) for number, trouble in troubles.items()]
        stored.cache(connection, cache)
        stored.log_run(connection, _runs(service, rows, troubles, new, at))
        if unheard_by or len(rows) < len(said):
            stored.release(connection, list(said), unheard_by)
        failures = [Failure(rows[number]["shipment_no"], trouble.text) for number, trouble in troubles.items()]
        return Report(
            asked=len(said),
            answered=len(answers),
            changed=len(changed),
            events=sum(map(len, new.values())),
            failed=len(failures),
            failures=tuple(failures[:MOST_FAILURES_NAMED]),
        )

    return tracker.store.write(job)


@dataclass(frozen=True)
class _Heard:
    """The checkpoints of an answer that can be stored, and what is odd about it."""

    checkpoints: tuple[Checkpoint, ...]
    warning: str = ""


def _heard(answer: Answer, row: Row, at: datetime) -> _Heard:
    kept = tuple(c for c in answer.checkpoints if c.happened_at <= at + IN_THE_FUTURE)
    warnings = [FROM_THE_FUTURE] if len(kept) < len(answer.checkpoints) else []
    if any(c.happened_at < row["ordered_at"] - REUSED_BEFORE_ORDER for c in kept):
        warnings.append(REUSED)
    return _Heard(kept, " ".join(warnings))


def _news(
    connection: Connection, answers: Mapping[int, Answer], heard: Mapping[int, _Heard], at: datetime
) -> dict[int, list[Checkpoint]]:
    said = {number: list(one.checkpoints) for number, one in heard.items()}
    invalid = [number for number, answer in answers.items() if answer.invalid and not _says_invalid(said[number])]
    known = stored.refused_last(connection, invalid) if invalid else set()
    for number in invalid:
        if number not in known:
            answer = answers[number]
            text = next(iter(answer.warnings), "The carrier does not accept the number.")
            said[number].append(Checkpoint(at, Stage.INVALID_NUMBER, code=answer.code, text=text))
    return stored.news(connection, said.items())


def _says_invalid(checkpoints: Iterable[Checkpoint]) -> bool:
    return any(checkpoint.stage is Stage.INVALID_NUMBER for checkpoint in checkpoints)


def _folded_in(
    connection: Connection, rules: Rules, new: Mapping[int, Sequence[Checkpoint]], rows: Mapping[int, Row], at: datetime
) -> tuple[dict[int, Shipment], list[Shipment]]:
    """The shipments with news, by invoice_id, derived again and saved; and those of them that stand elsewhere now.

    What a person decides on (status, word, exception) makes a new version and a row of history; the rest is only stored.
    """
    if not new:
        return {}, []
    found = shipments.load_by_id(connection, [rows[number]["shipment_id"] for number in new])
    batch_id = _batch_of_the_day(connection, at)
    loud: dict[str, list[Step]] = defaultdict(list)
    quiet: list[Shipment] = []
    points: list[tuple[int, Checkpoint]] = []
    after: dict[int, Shipment] = {}
    for number, checkpoints in new.items():
        before = found[rows[number]["shipment_id"]]
        after[number] = folded(before.but(checkpoints=(*before.checkpoints, *checkpoints), updated_at=at))
        if _decisive(before, after[number]) or _says_invalid(checkpoints):
            loud[rows[number]["carrier"]].append(_step(before, after[number], checkpoints))
        else:
            quiet.append(after[number])
            points += [(before.shipment_id, checkpoint) for checkpoint in checkpoints]
    if quiet:
        stored.save_quietly(connection, quiet)
        shipments.add_checkpoints(connection, points, batch_id)
    changed = []
    for carrier, steps in loud.items():
        name = rules.carriers[carrier].name if carrier in rules.carriers else carrier
        changed += write(connection, steps, batch_id=batch_id, by=Actor(name, SOURCE), at=at)
    return after, changed


def _decisive(before: Shipment, after: Shipment) -> bool:
    old, new = before.state, after.state
    return (old.status, old.word, old.exception) != (new.status, new.word, new.exception)


def _step(before: Shipment, after: Shipment, checkpoints: Sequence[Checkpoint]) -> Step:
    return Step(
        before, "status_changed", checkpoints=tuple(checkpoints), reason=after.state.exception or after.state.reason or ""
    )


def _batch_of_the_day(connection: Connection, at: datetime) -> int:
    """One batch a day holds what carriers said: undo is for people's batches, and theirs should stay in sight."""
    key = f"carriers:{at:%Y-%m-%d}"
    known = history.batch_of(connection, key)
    if known is not None:
        return known
    return history.open_batch(connection, by=MAKER, at=at, source=SOURCE, note="tracking refreshed", request_key=key)


def _answered(
    service: str, answer: Answer, heard: _Heard, row: Row, after: Shipment | None, zone: ZoneInfo, at: datetime, pace: float
) -> dict[str, Any]:
    """The cached row after an answer. A first one spreads what was added together over the whole interval."""
    same = after is None and (answer.stage, answer.code) == (row["stage"], row["code"])
    unchanged = row["unchanged"] + 1 if same else 0
    last = max((checkpoint.happened_at for checkpoint in heard.checkpoints), default=row["last_event_at"])
    watched = _watched(row, after, last, unchanged, zone)
    jitter = random.uniform(-due.JITTER, due.JITTER) if row["fetched_at"] else random.uniform(-0.9, 0)
    given_up = due.given_up(watched, at) and not watched.closed
    return {
        "invoice_id": row["invoice_id"],
        "service": service,
        "stage": answer.stage,
        "code": answer.code,
        "last_event_at": last,
        "estimated_on": answer.estimated_on or row["estimated_on"],
        "asked_at": at,
        "fetched_at": at,
        "next_due": due.next_check(watched, at, jitter, pace),
        "attempts": 0,
        "unchanged": unchanged,
        "last_error": "",
        "warning": heard.warning,
        "stopped_at": (row["stopped_at"] or at) if given_up else None,
    }


def _watched(row: Row, after: Shipment | None, last: datetime | None, unchanged: int, zone: ZoneInfo) -> due.Watched:
    state = after.state if after else None
    return due.Watched(
        status=state.status if state else Status(row["status"]),
        stage=state.stage if state else _stage(row["shipment_stage"]),
        invoiced_at=row["invoiced_at"],
        quiet_since=max(moment for moment in (row["invoiced_at"], last, row["resumed_at"]) if moment),
        promised_on=row["promised_on"],
        delivered_at=state.delivered_at if state else row["delivered_at"],
        closed=row["closed_at"] is not None,
        post=row["carrier"] in due.POST,
        unchanged=unchanged,
        zone=due.zone_of(row["country"], zone),
    )


def _stage(value: str | None) -> Stage | None:
    return Stage(value) if value else None


def _troubled(service: str, trouble: Trouble, row: Row, at: datetime, pace: float) -> dict[str, Any]:
    """The last good answer stays; the number is asked again later and later, but at once when only the service rests."""
    kept = {name: row[name] for name in stored.CACHED.names}
    if trouble.kind in _RESTING:
        return kept | {"last_error": trouble.text}
    attempts = row["attempts"] + 1
    wait = max(due.retry_after(attempts) / pace, trouble.retry_after or timedelta(0))
    next_due = at + wait * (1 + random.uniform(0, due.JITTER)) if row["next_due"] else None
    return kept | {"service": service, "asked_at": at, "attempts": attempts, "last_error": trouble.text, "next_due": next_due}


def _runs(
    service: str,
    rows: Mapping[int, Row],
    troubles: Mapping[int, Trouble],
    new: Mapping[int, Sequence[Checkpoint]],
    at: datetime,
) -> list[dict[str, Any]]:
    """What was asked of each carrier; what a resting service never heard is no answer and no failure."""
    failed = {number: trouble for number, trouble in troubles.items() if trouble.kind is not Kind.PAUSED}
    heard = [number for number in rows if number not in troubles or number in failed]
    asked = Counter(rows[number]["carrier"] for number in heard)
    failures = Counter(rows[number]["carrier"] for number in failed)
    events = Counter(rows[number]["carrier"] for number, points in new.items() for _ in points)
    errors = {rows[number]["carrier"]: trouble.text for number, trouble in failed.items()}
    return [
        {
            "ran_at": at,
            "carrier": carrier,
            "service": service,
            "asked": count,
            "failed": failures[carrier],
            "news": events[carrier],
            "error": errors.get(carrier, ""),
        }
        for carrier, count in asked.items()
    ]
