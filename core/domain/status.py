"""The fold: from everything staff and carriers said to one status, and what each event came to in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from core.domain.answer_doubts import AnswerDoubt
from core.domain.history import ChangeSource
from core.domain.reasons import Reason
from core.domain.retelling import events
from core.domain.shipment import FINAL, Checkpoint, Hint, InvoiceEvent, Shipment, Stage, State, Status, StatusDetail, current
from core.domain.values import changed, once

REUSED_BEFORE_ORDER = timedelta(days=1)
OLD_BEFORE_RELEASE = timedelta(days=1)
JOURNEY_PAUSES_AT_MOST = timedelta(days=7)
USED_AGAIN_AFTER = timedelta(days=60)
LATE_SCANS = timedelta(days=3)
ATTEMPTS_BEFORE_UNDECIDED = 3
IMPORTED = ChangeSource.IMPORT

_ATTEMPT = {Stage.ATTEMPT_FAILED, Stage.AVAILABLE_FOR_PICKUP, Stage.DELIVERED}
_SHIPPED = {Stage.PICKED_UP, Stage.IN_TRANSIT, Stage.OUT_FOR_DELIVERY, Stage.AVAILABLE_FOR_PICKUP}
_NO_SCAN = {Stage.INFO_RECEIVED, Stage.INVALID_NUMBER}
_UNMOVING = _NO_SCAN | {Stage.EXCEPTION}
_GOING_BACK = FINAL | {Stage.RETURNING}
_BEGINNING = {Stage.INFO_RECEIVED, Stage.PICKED_UP}
_MISHAPS = (Stage.ATTEMPT_FAILED, Stage.EXCEPTION, Stage.LOST)
_GIVEN_UP = {Stage.RETURNED, Stage.CANCELLED, Stage.LOST}


class Counting(Reason):
    """What an event of a number is to the shipment: whether it counts, and why not."""

    COUNTS = "counts", "It counts."
    WAY_BACK = "way_back", "It counts as a part of the way back to the sender."
    IN_DOUBT = "in_doubt", "Only the carrier's words say that it was handed back: a person settles it."
    UNKNOWN_CODE = "unknown_code", "Recorded as it came. Nobody knows this code, so it changes nothing."
    FURTHER_ALREADY = "further_already", "Recorded, but it changes nothing: the shipment was already further."
    AFTER_THE_END = "after_the_end", "Recorded, but it changes nothing: the parcel had arrived."
    BEFORE_ORDER = "before_order", "Before the order: an earlier use of the number. It does not count."
    BEFORE_RELEASE = "before_release", "Ended before the goods were released: an earlier use of the number. It does not count."
    USED_AGAIN = "used_again", "The number was used again: a later parcel of somebody else. It does not count."

    @property
    def counts(self) -> bool:
        """Whether the event changes what is known of the shipment."""
        return self in (Counting.COUNTS, Counting.WAY_BACK, Counting.IN_DOUBT)

    @property
    def own(self) -> bool:
        """Whether the event is one of this parcel at all."""
        return self not in _DOUBTS


_DOUBTS = {
    Counting.USED_AGAIN: AnswerDoubt.USED_AGAIN,
    Counting.BEFORE_ORDER: AnswerDoubt.USED_BEFORE,
    Counting.BEFORE_RELEASE: AnswerDoubt.USED_BEFORE,
}


class Told(NamedTuple):
    """An event as the fold sees it: the `stage` it stands for, what it is to the shipment, and the state after it."""

    checkpoint: Checkpoint
    stage: Stage | None
    counting: Counting
    state: State


@dataclass(frozen=True)
class Course:
    """The events of the number in force, each once, in the order of time; the state `before` any of them, and after all."""

    before: State
    events: tuple[Told, ...]

    @once
    def doubts(self) -> tuple[AnswerDoubt, ...]:
        """What is odd about it, the most pressing first."""
        found = {_DOUBTS.get(told.counting) for told in self.events} | {self._last.doubt}
        return tuple(doubt for doubt in AnswerDoubt if doubt in found) if found != {None} else ()

    @property
    def state(self) -> State:
        """What all of it amounts to."""
        return changed(self._last, doubt=next(iter(self.doubts), None))

    @property
    def _last(self) -> State:
        return self.events[-1].state if self.events else self.before


@dataclass(frozen=True)
class _Leg:
    """What is remembered of the present way from pick-up to a final scan.

    `hinted`: words said that the parcel goes back. `back`: it does, by a code or since it was delivered. `announced`: after the final
    scan the carrier was told of another way. `over`: what comes now belongs to somebody else's parcel.
    """

    state: State
    moving: bool = False
    failed_attempts: int = 0
    final: Stage | None = None
    final_at: datetime | None = None
    last_at: datetime | None = None
    hinted: bool = False
    back: bool = False
    announced: bool = False
    over: bool = False


def fold(
    ordered_at: datetime,
    released_at: datetime | None,
    invoices: tuple[InvoiceEvent, ...],
    checkpoints: Iterable[Checkpoint],
) -> State:
    """The state that all facts amount to, whatever the order they arrived in and how often they were told; see `course`."""
    return course(ordered_at, released_at, invoices, checkpoints).state


def folded(shipment: Shipment) -> Shipment:
    """The shipment with its state derived again from its facts."""
    state = fold(shipment.ordered_at, shipment.released_at, shipment.invoices, shipment.checkpoints)
    return replace(shipment, state=state)


def course_of(shipment: Shipment) -> Course:
    """The course of the shipment's number in force."""
    return course(shipment.ordered_at, shipment.released_at, shipment.invoices, shipment.checkpoints)


def course(
    ordered_at: datetime,
    released_at: datetime | None,
    invoices: tuple[InvoiceEvent, ...],
    checkpoints: Iterable[Checkpoint],
) -> Course:
    """What became of each event of the registration in force (product rules, section 2).

    Events told several times are one (`core.domain.retelling`), ordered by the time they happened, ties by progress. A final one
    (delivered, returned) outranks scans stamped later. After it only the way back counts, where it begins within 60 days; later the
    number is somebody else's. So is a journey that ended more than a day before the goods were released, or registered where that is
    not known, and what is more than a day older than the order. Unknown codes change nothing. Where words alone say that a parcel
    goes back, it is neither delivered nor returned until a person settles it.

    `picked_up_at` is the first scan on the way: a delivery known without one does not say when it was shipped. A first attempt
    that a shop brought from its past counts as one even where nobody told how it ended.
    """
    invoice = current(invoices)
    number = invoice.invoice_id if invoice else None
    own = [point for point in checkpoints if point.invoice_id == number]
    settled = _settled(own)
    scans = sorted(events(point for point in own if point.hint is not Hint.SETTLED), key=_order)
    leg = _Leg(_before_tracking(ordered_at, released_at, invoices, invoice))
    before = leg.state
    told: list[Told] = []
    earlier = _earlier(scans, ordered_at, _prepared_at(released_at, invoices, number))
    seen: dict[tuple[datetime, Stage | None], tuple[Counting, Stage | None]] = {}
    for place, scan in enumerate(scans):
        # Which of two such scans of one moment was called the pick-up depends on what was told beside them.
        moment = scan.happened_at, Stage.IN_TRANSIT if scan.inferred else scan.stage
        counting, stage = earlier.get(place), scan.stage
        if counting is None and moment in seen:
            counting, stage = seen[moment]
        elif counting is None:
            leg, counting, stage = _step(leg, scan, settled)
            seen[moment] = counting, stage
        told.append(Told(scan, stage, counting, leg.state))
    if told and _settled_as_back(leg, settled):
        told[-1] = told[-1]._replace(state=_back(leg.state))
    return Course(before, tuple(told))


def _before_tracking(
    ordered_at: datetime,
    released_at: datetime | None,
    invoices: tuple[InvoiceEvent, ...],
    invoice: InvoiceEvent | None,
) -> State:
    if invoice:
        return State(Status.PREPARING_TO_SHIP, since=invoice.changed_at)
    since = invoices[-1].changed_at if invoices else released_at or ordered_at
    return State(Status.PREPARING_TO_RELEASE, since=since)


def _settled(points: Sequence[Checkpoint]) -> Checkpoint | None:
    """What people decided last on what words leave open: delivered, returned, or on its way to the recipient all the same."""
    decided = [point for point in points if point.hint is Hint.SETTLED]
    last = max(decided, key=lambda point: point.happened_at, default=None)
    return last if last and last.stage else None


def _settled_as_back(leg: _Leg, settled: Checkpoint | None) -> bool:
    """Whether a person knows that a parcel is back of which the carrier told no end."""
    return leg.hinted and not leg.final and settled is not None and settled.stage is Stage.RETURNED


def _back(state: State) -> State:
    at = state.last_scan_at or state.since
    same = state.word is StatusDetail.CANCELLATION
    return changed(
        state,
        status=Status.SHIPPING_FAILED,
        word=StatusDetail.CANCELLATION,
        since=state.since if same else at,
        returning_at=state.returning_at or at,
        returned_at=at,
        doubt=None,
    )


def _goes_back(scan: Checkpoint, settled: Checkpoint | None) -> bool:
    """Whether its words say that the parcel goes back, and no person knew better since; of the end only another decision says so."""
    if scan.hint is not Hint.RETURN or scan.stage is Stage.DELIVERED:
        return scan.hint is Hint.RETURN
    return not (settled and settled.stage is Stage.IN_TRANSIT and scan.happened_at <= settled.happened_at)


def _order(point: Checkpoint) -> tuple[datetime, int, str, str]:
    return point.happened_at, -1 if point.stage is None else point.stage.progress, point.text, point.code


def _prepared_at(released_at: datetime | None, invoices: Iterable[InvoiceEvent], number: int | None) -> datetime | None:
    """When the goods were released, else when the number was registered first."""
    registered = (event.changed_at for event in invoices if event.invoice_id == number)
    return released_at or min(registered, default=None)


def _earlier(scans: Sequence[Checkpoint], ordered_at: datetime, prepared_at: datetime | None) -> dict[int, Counting]:
    """The places of those scans that belong to an earlier parcel of the number.

    A journey ends with a final scan, with a pause of more than a week, or where nothing more is known of it.
    """
    first = ordered_at - REUSED_BEFORE_ORDER
    found = {place: Counting.BEFORE_ORDER for place, scan in enumerate(scans) if scan.happened_at < first}
    if prepared_at is None:
        return found
    begin, ended = len(found), len(found)
    for place in range(begin, len(scans)):
        scan, following = scans[place], scans[place + 1] if place + 1 < len(scans) else None
        if scan.source is not ChangeSource.CARRIER or scan.happened_at >= prepared_at - OLD_BEFORE_RELEASE:
            break
        if _ends(scan, following, ended > begin):
            ended = place + 1
    return found | dict.fromkeys(range(begin, ended), Counting.BEFORE_RELEASE)


def _ends(scan: Checkpoint, following: Checkpoint | None, again: bool) -> bool:
    if following is None or scan.stage in FINAL or (again and following.stage in _BEGINNING):
        return True
    return following.happened_at - scan.happened_at > JOURNEY_PAUSES_AT_MOST


def _step(leg: _Leg, scan: Checkpoint, settled: Checkpoint | None) -> tuple[_Leg, Counting, Stage | None]:
    stage, at = _stage(leg, scan), scan.happened_at
    if leg.over or _begins_anew(leg, stage, at):
        return changed(leg, over=True), Counting.USED_AGAIN, stage
    if stage is None:
        hinted = leg.hinted or (_goes_back(scan, settled) and not leg.final)
        return changed(leg, hinted=hinted), Counting.UNKNOWN_CODE, stage
    if leg.final:
        leg, counting = _after_final(leg, scan, stage)
        if counting:
            return leg, counting, stage
    if stage in _NO_SCAN and leg.moving:
        return leg, Counting.FURTHER_ALREADY, stage
    if leg.state.delivered_at:
        return _way_back(leg, scan, stage), Counting.WAY_BACK, _handed_back(stage)
    leg = _forward(leg, scan, stage, settled)
    if leg.back:
        return leg, Counting.WAY_BACK, _handed_back(stage)
    return leg, Counting.IN_DOUBT if leg.state.doubt is AnswerDoubt.DELIVERED_OR_RETURNED else Counting.COUNTS, stage


def _handed_back(stage: Stage) -> Stage:
    return Stage.RETURNED if stage in FINAL else stage


def _stage(leg: _Leg, scan: Checkpoint) -> Stage | None:
    """What the scan stands for: of a service without a code for it, the first scan on a way is the pick-up."""
    if not scan.inferred:
        return scan.stage
    if leg.final is None or leg.final_at is None:
        return Stage.IN_TRANSIT if leg.moving else Stage.PICKED_UP
    again = leg.final is Stage.DELIVERED and scan.happened_at - leg.final_at > LATE_SCANS
    return Stage.PICKED_UP if again or leg.announced else Stage.IN_TRANSIT


def _begins_anew(leg: _Leg, stage: Stage | None, at: datetime) -> bool:
    """Whether the scan is too long after the end, or begins a way after so long a silence, that it must be of another parcel."""
    if leg.final_at:
        return at - leg.final_at > USED_AGAIN_AFTER
    return leg.last_at is not None and stage in _BEGINNING and at - leg.last_at > USED_AGAIN_AFTER


def _after_final(leg: _Leg, scan: Checkpoint, stage: Stage) -> tuple[_Leg, Counting | None]:
    """The leg that a scan after the final one begins; with its counting, where it begins none."""
    delivered, goes_back = leg.state.delivered_at, stage in (Stage.RETURNING, Stage.RETURNED)
    if leg.final is Stage.DELIVERED and delivered:
        if goes_back or stage is Stage.PICKED_UP or scan.hint is Hint.RETURN:
            return changed(leg, state=changed(leg.state, returning_at=scan.happened_at), final=None, final_at=None), None
    elif leg.final is Stage.DELIVERED and goes_back:
        return changed(leg, final=None, final_at=None), None
    elif leg.final is Stage.RETURNED and stage is Stage.PICKED_UP:
        if delivered:
            return changed(leg, over=True), Counting.USED_AGAIN
        return _Leg(changed(leg.state, returning_at=None)), None
    return changed(leg, announced=leg.announced or stage is Stage.INFO_RECEIVED), Counting.AFTER_THE_END


def _way_back(leg: _Leg, scan: Checkpoint, stage: Stage) -> _Leg:
    """On the way back of what was delivered: it stays delivered, until it is with its sender again."""
    at, ended = scan.happened_at, stage in FINAL
    state = changed(leg.state, last_scan_at=at, returned_at=at if ended else leg.state.returned_at)
    return changed(leg, state=state, last_at=at, final=Stage.RETURNED if ended else None, final_at=at if ended else None)


def _forward(leg: _Leg, scan: Checkpoint, stage: Stage, settled: Checkpoint | None) -> _Leg:
    """On the way to the recipient, or back from it without a delivery."""
    at = scan.happened_at
    plain = stage is Stage.IN_TRANSIT and settled is None and scan.hint is None and not _untold(scan)
    if plain and _is_under_way(leg):
        return changed(leg, state=changed(leg.state, stage=stage, last_scan_at=at), last_at=at)
    decided, said_now = settled.stage if settled else None, _goes_back(scan, settled)
    known = decided is Stage.RETURNED and (leg.hinted or (said_now and stage is not Stage.ATTEMPT_FAILED))
    hinted = (leg.hinted or said_now) and decided is not Stage.DELIVERED
    back = leg.back or known or stage in (Stage.RETURNING, Stage.RETURNED)
    if (hinted, back) != (leg.hinted, leg.back):
        leg = changed(leg, hinted=hinted, back=back)
    ended, ours = stage in FINAL, scan.source is not ChangeSource.CARRIER
    doubtful = leg.hinted and not (leg.back or ours or stage in _GIVEN_UP or decided is Stage.RETURNED)
    stage = Stage.RETURNED if ended and leg.back else stage
    failed = leg.failed_attempts + (stage is Stage.ATTEMPT_FAILED and not leg.back)
    state = leg.state
    status, word = _meaning(stage, leg, failed, doubtful)
    said = scan.text or scan.code or None
    reason = leg.state.reason if stage is Stage.EXCEPTION and not doubtful else _reason(leg, said, status, word)
    since = state.since if status is state.status and word is state.word else at
    doubt = (AnswerDoubt.DELIVERED_OR_RETURNED if ended else AnswerDoubt.GOES_BACK) if doubtful else None
    return changed(
        leg,
        state=changed(
            state,
            **_times(leg, scan, stage, doubtful),
            status=status,
            word=word,
            reason=reason,
            exception=(said or "Exception") if stage is Stage.EXCEPTION else None,
            stage=leg.state.stage if leg.back and stage not in _GOING_BACK else stage,
            since=since,
            doubt=doubt,
        ),
        moving=leg.moving or stage not in _UNMOVING,
        failed_attempts=failed,
        final=stage if ended else None,
        final_at=at if ended else None,
        last_at=at if stage not in _NO_SCAN else leg.last_at,
    )


def _is_under_way(leg: _Leg) -> bool:
    """Whether nothing is remembered but that the parcel is on its way: another scan of that kind only says when it was seen last."""
    state = leg.state
    plain = state.status is Status.IN_DELIVERY and not (state.word or state.exception or state.doubt or state.delivered_at)
    return plain and leg.moving and not (leg.hinted or leg.back or leg.final) and state.picked_up_at is not None


def _times(leg: _Leg, scan: Checkpoint, stage: Stage, doubtful: bool) -> dict[str, Any]:
    """The moments of the state, and its failed attempts, as they are after the scan."""
    state, at = leg.state, scan.happened_at
    ahead = not leg.back
    attempt = stage in _ATTEMPT and (not doubtful or stage is Stage.ATTEMPT_FAILED)
    failed, exception, lost = (ahead and stage is one for one in _MISHAPS)
    return {
        "picked_up_at": state.picked_up_at or (at if stage in _SHIPPED else None),
        "first_attempt_at": state.first_attempt_at or (at if ahead and (attempt or _untold(scan)) else None),
        "last_scan_at": state.last_scan_at if stage in _NO_SCAN else at,
        "delivered_at": at if stage is Stage.DELIVERED and not doubtful else None,
        "failed_attempts": state.failed_attempts + failed,
        "first_failed_at": state.first_failed_at or (at if failed else None),
        "first_exception_at": state.first_exception_at or (at if exception else None),
        "lost_at": at if lost else state.lost_at,
        "returning_at": state.returning_at or (at if leg.back else None),
        "returned_at": at if stage is Stage.RETURNED else state.returned_at,
    }


def _untold(checkpoint: Checkpoint) -> bool:
    """Whether it is a first attempt that a shop brought from its past without a delivery: its result is not told."""
    return checkpoint.stage is Stage.OUT_FOR_DELIVERY and checkpoint.source == IMPORTED


def _reason(leg: _Leg, said: str | None, status: Status, word: StatusDetail | None) -> str | None:
    """The carrier's text behind the word: of a parcel that goes back, that which said so first."""
    if word is None:
        return None
    same = (leg.back or leg.hinted) and (leg.state.status, leg.state.word) == (status, word)
    return leg.state.reason if same and leg.state.reason else said


def _meaning(stage: Stage, leg: _Leg, failed_attempts: int, doubtful: bool) -> tuple[Status, StatusDetail | None]:
    if leg.back or stage in _GIVEN_UP:
        return Status.SHIPPING_FAILED, StatusDetail.CANCELLATION
    if doubtful:
        return Status.SHIPPING_FAILED, StatusDetail.UNDECIDED
    match stage:
        case Stage.INFO_RECEIVED:
            return Status.PREPARING_TO_SHIP, None
        case Stage.INVALID_NUMBER:
            return Status.PREPARING_TO_RELEASE, StatusDetail.RELEASE_FAILED
        case Stage.EXCEPTION:
            return leg.state.status, leg.state.word
        case Stage.PICKED_UP:
            return (Status.IN_DELIVERY if leg.moving and leg.state.status is not Status.RELEASED else Status.RELEASED), None
        case Stage.ATTEMPT_FAILED:
            undecided = failed_attempts >= ATTEMPTS_BEFORE_UNDECIDED
            return Status.SHIPPING_FAILED, StatusDetail.UNDECIDED if undecided else StatusDetail.REDELIVERY
        case Stage.DELIVERED:
            return Status.DELIVERED, None
        case _:
            return Status.IN_DELIVERY, None
