"""Webhooks: events that services tell unasked are taken once, when they are theirs; a number that is only named is asked again."""

import hashlib
import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.carriers import tracker_delivery
from core.carriers.reading import document
from core.carriers.service import Access, TrackingAnswer, constant_time_equal
from core.carriers.services import SERVICES
from core.domain import refresh_policy
from core.domain.carriers import Rules
from core.domain.errors import Refused, Unavailable
from core.domain.invoice_number import canonical, spellings
from core.services.tracking import polling
from core.services.tracking.polling import Tracker
from core.store import tracking, webhooks
from core.store.database import Connection, Row

LARGEST = 1024 * 1024
NOBODY = "unknown"

log = logging.getLogger(__name__)


class WebhookVerdict(StrEnum):
    """What became of a webhook."""

    ACCEPTED = "accepted"
    REPLAYED = "replayed"
    FORGED = "forged"
    GARBLED = "garbled"
    OVERSIZED = "oversized"
    UNKNOWN = "unknown"
    UNSTORED = "unstored"


Work = Callable[[], WebhookVerdict]


class Hooks:
    """Takes webhooks of the services that are in `access` now.

    `secrets` are those in the callback addresses of services that sign nothing.
    """

    def __init__(
        self,
        tracker: Tracker,
        access: Callable[[], Mapping[str, Access]],
        secrets: Mapping[str, str],
        nudge: Callable[[], None],
    ) -> None:
        self._tracker, self._access, self._secrets, self._nudge = tracker, access, secrets, nudge
        self._lock = threading.Condition()
        self._counts: Counter[tuple[str, WebhookVerdict]] = Counter()
        self._taken: set[str] = set()
        self._under_way = 0

    @property
    def counts(self) -> Mapping[tuple[str, WebhookVerdict], int]:
        """How many came since the process started, by service and verdict."""
        with self._lock:
            return dict(self._counts)

    def oversized(self, service: str) -> WebhookVerdict:
        """Counts one that was not read to its end."""
        return self._counted(service, WebhookVerdict.OVERSIZED)

    def receive(
        self, service: str, headers: Mapping[str, str], body: bytes, secret: str = ""
    ) -> tuple[WebhookVerdict, Work | None]:
        """What a webhook is, and the work it makes, which says at its end whether it could be stored. Nothing is changed before that.

        `body` as it came over the wire; `secret` is the one in the address it was sent to. Only events make a body one that was
        taken before: one that names numbers is the same every time, and each time something happened.
        """
        if service not in self._access():
            return self._counted(service, WebhookVerdict.UNKNOWN), None
        if not self._genuine(service, headers, body, secret):
            return self._counted(service, WebhookVerdict.FORGED), None
        answers = _answers(self._tracker, service, body)
        if not answers:
            return self._counted(service, WebhookVerdict.GARBLED), None
        try:
            return self._taken_in(service, answers, hashlib.sha256(body).hexdigest())
        except Unavailable:
            return self._counted(service, WebhookVerdict.UNSTORED), None

    def _taken_in(self, service: str, answers: Sequence[TrackingAnswer], digest: str) -> tuple[WebhookVerdict, Work | None]:
        if self._tracker.store.paused:
            return self._counted(service, WebhookVerdict.UNSTORED), None
        digest = digest if any(map(_tells, answers)) else ""
        if digest and self._tracker.store.snapshot(lambda connection: webhooks.seen(connection, service, digest)):
            digest, answers = "", [answer for answer in answers if not _tells(answer)]
        if not answers:
            return self._counted(service, WebhookVerdict.REPLAYED), None
        if digest and not self._first(digest):
            return self._counted(service, WebhookVerdict.UNSTORED), None
        with self._lock:
            self._under_way += 1
        return WebhookVerdict.ACCEPTED, lambda: self._work(service, digest, answers)

    def worked_off(self, within: float) -> bool:
        """Whether all that was taken is worked off, waiting that many seconds for it."""
        with self._lock:
            return self._lock.wait_for(lambda: not self._under_way, within)

    def _genuine(self, service: str, headers: Mapping[str, str], body: bytes, secret: str) -> bool:
        expected = self._secrets.get(service, "")
        if service == tracker_delivery.NAME:
            return bool(expected) and constant_time_equal(expected, secret)
        access = self._access().get(service)
        return access is not None and SERVICES[service].signed(headers, body, access)

    def _first(self, digest: str) -> bool:
        """Whether no other one that says the same is being worked off: what is not stored yet is not said to be."""
        with self._lock:
            first = digest not in self._taken
            self._taken.add(digest)
            return first

    def _work(self, service: str, digest: str, answers: Sequence[TrackingAnswer]) -> WebhookVerdict:
        """Only what reached its numbers is remembered: a number may be registered after its events were told."""
        verdict = WebhookVerdict.ACCEPTED
        try:
            self._stored(service, digest, answers)
        except Unavailable:
            verdict = WebhookVerdict.UNSTORED
        except Exception as fault:
            log.error("A webhook of %s was taken but not worked off: %s", service, type(fault).__name__)
        finally:
            self._counted(service, verdict)
            self._done(digest)
        return verdict

    def _stored(self, service: str, digest: str, answers: Sequence[TrackingAnswer]) -> None:
        polling.watch(self._tracker)
        found = _sorted_out(self._tracker, service, answers)
        if found.told:
            polling.apply(self._tracker, service, found.told)
        at = self._tracker.now()

        def job(connection: Connection) -> None:
            tracking.ask_again(connection, found.asked, at=at, at_most_every=refresh_policy.BY_HAND_AT_MOST_EVERY)
            if digest and found.whole:
                webhooks.remember(connection, service, digest, at)

        self._tracker.store.write(job)
        if found.asked:
            self._nudge()

    def _done(self, digest: str) -> None:
        with self._lock:
            self._taken.discard(digest)
            self._under_way -= 1
            self._lock.notify_all()

    def _counted(self, service: str, verdict: WebhookVerdict) -> WebhookVerdict:
        with self._lock:
            self._counts[service if service in SERVICES else NOBODY, verdict] += 1
        return verdict


def _answers(tracker: Tracker, service: str, body: bytes) -> Sequence[TrackingAnswer]:
    """What a webhook tells; nothing when it cannot be read."""
    try:
        return SERVICES[service].parse(document(body), tracker.rules)
    except (ValueError, RecursionError, Refused):
        return ()
    except Exception as fault:
        log.error("A webhook of %s could not be read: %s", service, type(fault).__name__)
        return ()


@dataclass(frozen=True)
class _SortedOut:
    """What can be folded in, by invoice_id; the numbers that have to be asked: those only named, or borne by two carriers; and
    whether every number that something is told of is known here.
    """

    told: Sequence[tuple[int, TrackingAnswer]]
    asked: Sequence[int]
    whole: bool


def _sorted_out(tracker: Tracker, service: str, answers: Sequence[TrackingAnswer]) -> _SortedOut:
    mine = {carrier for carrier, name in tracker.routes().items() if name == service}
    wanted = [number for answer in answers for number in spellings(answer.number, tracker.rules)]
    rows = [row for row in tracker.store.snapshot(lambda c: tracking.numbered(c, wanted)) if row["carrier"] in mine]
    told: dict[int, TrackingAnswer] = {}
    asked: list[int] = []
    whole = True
    for answer in answers:
        own = [row for row in rows if _is_about(answer, row, tracker.rules)]
        whole = whole and bool(own or not _tells(answer))
        if _tells(answer) and _of_one_carrier(own):
            told.update((row["invoice_id"], answer) for row in own)
        else:
            asked += [row["invoice_id"] for row in own]
    return _SortedOut(list(told.items()), asked, whole)


def _is_about(answer: TrackingAnswer, row: Row, rules: Rules) -> bool:
    said = canonical(row["carrier"], answer.number, rules)
    return said == row["canonical_no"] and answer.carrier in ("", row["carrier"])


def _tells(answer: TrackingAnswer) -> bool:
    return bool(answer.checkpoints) or answer.invalid


def _of_one_carrier(rows: Sequence[Row]) -> bool:
    return len({row["carrier"] for row in rows}) <= 1
