"""Tracking: asks services what is due, or what a person wants to know now; what they say is recorded."""

import queue
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4
from zoneinfo import ZoneInfo

from core.carriers.service import Number, TrackingAnswer, Trouble
from core.domain import permissions, refresh_policy
from core.domain.carriers import Rules
from core.domain.people import Person
from core.domain.permissions import Act
from core.services.tracking import refolding
from core.services.tracking.recording import RESTING, RefreshReport, Round, record
from core.store import shipments
from core.store import tracking as stored
from core.store.database import Store
from core.store.tracking import Claim

CHUNK = 250
LEASE = timedelta(minutes=10)

_REST = timedelta(seconds=30)


class Asker(Protocol):
    """Who asks the services: `core.carriers.client.Client`."""

    def ask(self, service: str, numbers: Sequence[Number]) -> Mapping[Number, TrackingAnswer | Trouble]:
        """What the service says of each number; never raises for a carrier's trouble."""
        ...


@dataclass(eq=False)
class Tracker:
    """What tracking works with, and what it remembers between cycles of one process.

    `routes` says which service is asked for each carrier now, without those that cannot be asked. `pace` above 1 asks that much
    more often than the refresh policy, `made_here_only` leaves imported shipments alone: both are for the sandbox. `watched` are the
    routes and the newest event of an invoice that `watch` last looked at.
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

    def __post_init__(self) -> None:
        self.watching = threading.Lock()
        self.watched: tuple[Mapping[str, str], stored.Mark] | None = None
        self._resting: dict[str, datetime] = {}

    def patience(self, carriers: Iterable[str]) -> dict[str, timedelta]:
        """How long each of these carriers is asked without news."""
        return {code: self.rules.carriers[code].watched_for for code in sorted(carriers)}

    def rest(self, service: str, until: datetime | None) -> None:
        """Leaves a service alone until then, or asks it again at once."""
        if until is None:
            self._resting.pop(service, None)
        else:
            self._resting[service] = until

    def rests(self, service: str, at: datetime) -> bool:
        """Whether the service is left alone."""
        return at < self._resting.get(service, at)


Progress = Callable[[int, int], None]
Cancel = Callable[[], bool]
_Job = Callable[[Cancel, Callable[[RefreshReport], None]], object]


def watch(tracker: Tracker) -> None:
    """Brings the watched numbers in line with the invoices in force; cheap when none was registered, modified or deleted.

    The first time in a process it ends the claims of an earlier one: one process owns the database, so that one is gone; and it
    derives again what an earlier Shipdesk derived by other rules.
    """
    routes = dict(tracker.routes())
    with tracker.watching:
        if tracker.watched is None:
            tracker.store.write(stored.release_all)
            refolding.fold_again(tracker.store)
        known, newest = tracker.watched or ({}, 0)
        after = newest if known == routes else 0
        if after and stored.newest_registration(tracker.store) == after:
            return
        asked: dict[str, Any] = {"at": tracker.now(), "patience": tracker.patience(routes), "pace": tracker.pace()}
        asked["made_here_only"] = tracker.made_here_only()
        newest = tracker.store.write(lambda connection: stored.watch(connection, after=after, **asked))
        tracker.watched = routes, newest


def waiting(tracker: Tracker) -> dict[str, dict[str, int]]:
    """How many numbers are due for each service that may be asked now, by carrier."""
    routes, at = tracker.routes(), tracker.now()
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for carrier, count in stored.due_carriers(tracker.store, at).items():
        service = routes.get(carrier)
        if service and not tracker.rests(service, at):
            found[service][carrier] = count
    return dict(found)


def refresh_due(
    tracker: Tracker,
    *,
    everything: bool = False,
    limit: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> RefreshReport:
    """Asks about all numbers that are due, or at most `limit` of each service, and stores what is said.

    Services are asked side by side, carriers of one service in turns; what is stored is stored in transactions of up to
    `tracker.chunk` numbers, and nothing is asked inside one. `everything` makes all watched numbers due first. `progress` hears
    how many are done of how many, in the caller's thread.
    """
    watch(tracker)
    if everything:
        at = tracker.now()
        since = at - refresh_policy.BY_HAND_AT_MOST_EVERY
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
    tell: Callable[[RefreshReport], None] | None = None,
    cancel: Cancel | None = None,
) -> RefreshReport:
    """Asks one service about its due numbers, chunk by chunk, until none is due, it rests, `limit` is reached or `cancel` says so."""
    done, by = RefreshReport(), uuid4().hex
    while not (cancel and cancel()) and (limit is None or done.asked < limit):
        at = tracker.now()
        carriers = [carrier for carrier, name in tracker.routes().items() if name == service]
        size = min(tracker.chunk, tracker.chunk if limit is None else limit - done.asked)
        claims = [] if tracker.rests(service, at) else _claim_due(tracker, carriers, by, at, size)
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
    tracker: Tracker,
    shipment_nos: Sequence[str],
    *,
    person: Person,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> RefreshReport:
    """Asks about these shipments at once, whatever is due; each not within a minute of the last time.

    `progress` hears how many are done of how many, in the caller's thread.
    """
    permissions.require(person, Act.REFRESH)
    routes, at = tracker.routes(), tracker.now()
    wanted = list(dict.fromkeys(shipment_nos))
    found = shipments.numbered(tracker.store, wanted)
    by_service: dict[str, list[int]] = defaultdict(list)
    played = tracker.made_here_only()
    for row in found.values():
        if (service := routes.get(row["carrier"])) and not (played and row["imported"]):
            by_service[service].append(row["shipment_id"])
    able = [number for ids in by_service.values() for number in ids]
    start = RefreshReport(unknown=len(wanted) - len(found), untracked=len(found) - len(able))
    if able:
        patience = tracker.patience(routes)
        tracker.store.write(lambda connection: stored.watch_these(connection, able, at=at, patience=patience))

    def job(service: str, ids: Sequence[int]) -> _Job:
        return lambda stopped, tell: _by_hand(tracker, service, ids, tell, stopped)

    jobs = [job(service, ids) for service, ids in by_service.items()]
    return start + _side_by_side(jobs, len(able), progress, cancel)


def resume(tracker: Tracker, shipment_nos: Sequence[str], *, person: Person) -> int:
    """Watches again the numbers of these shipments that were given up; how many that were."""
    permissions.require(person, Act.REFRESH)
    ids = [row["shipment_id"] for row in shipments.numbered(tracker.store, shipment_nos).values()]
    at = tracker.now()
    return tracker.store.write(lambda connection: stored.resume(connection, ids, at))


def apply(tracker: Tracker, service: str, answers: Sequence[tuple[int, TrackingAnswer]]) -> RefreshReport:
    """Folds in what a service said unasked, by invoice_id; answers about numbers no longer in force are dropped."""
    return _recorded(tracker, service, dict(answers))


def retry(tracker: Tracker, service: str, *, person: Person) -> None:
    """Asks a service again at once: it rests no longer, and what failed there is due. Raises Forbidden."""
    permissions.require(person, Act.RETRY)
    tracker.rest(service, None)
    carriers, at = [carrier for carrier, name in tracker.routes().items() if name == service], tracker.now()
    tracker.store.write(lambda connection: stored.make_failed_due(connection, carriers, at))


def _claim_due(tracker: Tracker, carriers: Sequence[str], by: str, at: datetime, size: int) -> list[Claim]:
    return tracker.store.write_news(
        lambda connection: stored.claim(connection, carriers, by=by, at=at, until=at + LEASE, limit=size)
    )


def _by_hand(tracker: Tracker, service: str, ids: Sequence[int], tell: Callable[[RefreshReport], None], cancel: Cancel) -> None:
    by = uuid4().hex
    for start in range(0, len(ids), tracker.chunk):
        if cancel():
            return
        part, at = ids[start : start + tracker.chunk], tracker.now()
        claims = _claim_these(tracker, part, by, at)
        said = _asked(tracker, service, claims, by) if claims else RefreshReport()
        tell(said + RefreshReport(too_soon=len(part) - len(claims)))


def _claim_these(tracker: Tracker, ids: Sequence[int], by: str, at: datetime) -> list[Claim]:
    since = at - refresh_policy.BY_HAND_AT_MOST_EVERY
    return tracker.store.write_news(
        lambda connection: stored.claim_these(connection, ids, by=by, at=at, until=at + LEASE, not_since=since)
    )


def _asked(tracker: Tracker, service: str, claims: Sequence[Claim], by: str) -> RefreshReport:
    """Asks about the claimed numbers and stores what was said; whatever happens, the claims end."""
    numbers = list(dict.fromkeys(Number(claim.carrier, claim.invoice_no) for claim in claims))
    try:
        said = tracker.client.ask(service, numbers)
        by_invoice = {c.invoice_id: said[number] for c in claims if (number := Number(c.carrier, c.invoice_no)) in said}
        report = _recorded(tracker, service, by_invoice, by if len(by_invoice) < len(claims) else "")
    except BaseException:
        ids = [claim.invoice_id for claim in claims]
        tracker.store.write_news(lambda connection: stored.release(connection, ids, by))
        raise
    _rest_if_told(tracker, service, list(said.values()))
    return report


def _rest_if_told(tracker: Tracker, service: str, said: Sequence[TrackingAnswer | Trouble]) -> None:
    told = [one for one in said if isinstance(one, Trouble) and one.kind in RESTING]
    if told:
        waits = [one.retry_after for one in told if one.retry_after]
        tracker.rest(service, tracker.now() + (max(waits) if waits else _REST))


def _side_by_side(
    jobs: Sequence[_Job],
    total: int,
    progress: Progress | None,
    cancel: Cancel | None,
) -> RefreshReport:
    """The sum of what the jobs tell, each in a thread of its own; the first fault of one is raised here."""
    told: queue.SimpleQueue[RefreshReport | BaseException | None] = queue.SimpleQueue()
    stop = threading.Event()

    def run(job: _Job) -> None:
        try:
            job(lambda: stop.is_set() or bool(cancel and cancel()), told.put)
        except BaseException as fault:
            told.put(fault)
        told.put(None)

    for job in jobs:
        threading.Thread(target=run, args=(job,), name="tracking", daemon=True).start()
    done, running, fault = RefreshReport(), len(jobs), None
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


def _recorded(
    tracker: Tracker, service: str, said: Mapping[int, TrackingAnswer | Trouble], unheard_by: str = ""
) -> RefreshReport:
    asked = Round(service, tracker.rules, tracker.zone, tracker.now(), tracker.pace())
    return record(tracker.store, asked, said, unheard_by)
