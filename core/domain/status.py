"""The fold: from everything staff and carriers said to one status."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from core.domain.shipment import Checkpoint, InvoiceEvent, Shipment, Stage, State, Status, StatusDetail, current

REUSED_BEFORE_ORDER = timedelta(days=1)
ATTEMPTS_BEFORE_UNDECIDED = 3
IMPORTED = "import"

_FINAL = {Stage.DELIVERED, Stage.RETURNED}
_ATTEMPT = {Stage.ATTEMPT_FAILED, Stage.AVAILABLE_FOR_PICKUP, Stage.DELIVERED}
_SHIPPED = {Stage.PICKED_UP, Stage.IN_TRANSIT, Stage.OUT_FOR_DELIVERY, Stage.AVAILABLE_FOR_PICKUP}
_NO_SCAN = {Stage.INFO_RECEIVED, Stage.INVALID_NUMBER}


@dataclass(frozen=True)
class _Leg:
    """What is remembered of the present way from pick-up to a final scan."""

    state: State
    moving: bool = False
    failed_attempts: int = 0
    final: Stage | None = None


def fold(
    ordered_at: datetime,
    released_at: datetime | None,
    invoices: tuple[InvoiceEvent, ...],
    checkpoints: Iterable[Checkpoint],
) -> State:
    """The state that all facts amount to, whatever the order they arrived in.

    Only checkpoints of the registration in force count. They are ordered by the time they happened, ties by progress.
    A final one (delivered, returned) outranks scans stamped later unless a new pick-up follows it. Unknown codes change
    nothing. Events more than a day older than the order belong to an earlier use of the number and are ignored.
    `picked_up_at` is the first scan on the way: a delivery known without one does not say when it was shipped. A first attempt
    that a shop brought from its past counts as one even where nobody told how it ended.
    """
    invoice = current(invoices)
    leg = _Leg(_before_tracking(ordered_at, released_at, invoices, invoice))
    number = invoice.invoice_id if invoice else None
    for checkpoint in _journey(ordered_at, number, checkpoints):
        leg = _step(leg, checkpoint)
    return leg.state


def folded(shipment: Shipment) -> Shipment:
    """The shipment with its state derived again from its facts."""
    state = fold(shipment.ordered_at, shipment.released_at, shipment.invoices, shipment.checkpoints)
    return replace(shipment, state=state)


def course(shipment: Shipment) -> list[tuple[Checkpoint, State]]:
    """The checkpoints that `fold` looks at, in its order, each with the state it led to: the very one before, when it counted for
    nothing.
    """
    invoice = shipment.invoice
    number = invoice.invoice_id if invoice else None
    leg = _Leg(_before_tracking(shipment.ordered_at, shipment.released_at, shipment.invoices, invoice))
    steps = []
    for checkpoint in _journey(shipment.ordered_at, number, shipment.checkpoints):
        leg = _step(leg, checkpoint)
        steps.append((checkpoint, leg.state))
    return steps


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


def _journey(ordered_at: datetime, number: int | None, checkpoints: Iterable[Checkpoint]) -> list[Checkpoint]:
    first_moment = ordered_at - REUSED_BEFORE_ORDER
    known = {
        (c.happened_at, c.stage.progress): c
        for c in sorted(checkpoints, key=lambda c: (c.text, c.code), reverse=True)
        if c.stage is not None and c.invoice_id == number and c.happened_at >= first_moment
    }
    return [known[moment] for moment in sorted(known)]


def _step(leg: _Leg, checkpoint: Checkpoint) -> _Leg:
    stage = checkpoint.stage
    assert stage is not None
    if leg.final and stage is Stage.PICKED_UP:
        leg = _new_leg(leg)
    elif leg.final is Stage.RETURNED or (leg.final and stage is not Stage.RETURNED):
        return leg
    if stage in _NO_SCAN and leg.moving:
        return leg
    state = _with_times(leg.state, checkpoint, stage)
    failed = leg.failed_attempts + (stage is Stage.ATTEMPT_FAILED)
    status, word = _meaning(stage, leg, failed)
    said = checkpoint.text or checkpoint.code or None
    reason = leg.state.reason if stage is Stage.EXCEPTION else said if word else None
    exception = (said or "Exception") if stage is Stage.EXCEPTION else None
    since = state.since if status is state.status and word is state.word else checkpoint.happened_at
    return _Leg(
        replace(state, status=status, word=word, reason=reason, exception=exception, stage=stage, since=since),
        moving=leg.moving or stage not in _NO_SCAN | {Stage.EXCEPTION},
        failed_attempts=failed,
        final=stage if stage in _FINAL else None,
    )


def _new_leg(leg: _Leg) -> _Leg:
    return _Leg(replace(leg.state, delivered_at=None))


def _with_times(state: State, checkpoint: Checkpoint, stage: Stage) -> State:
    at = checkpoint.happened_at
    scanned = stage not in _NO_SCAN
    return replace(
        state,
        picked_up_at=state.picked_up_at or (at if stage in _SHIPPED else None),
        first_attempt_at=state.first_attempt_at or (at if stage in _ATTEMPT or _untold(checkpoint) else None),
        last_scan_at=at if scanned else state.last_scan_at,
        delivered_at=at if stage is Stage.DELIVERED else None,
    )


def _untold(checkpoint: Checkpoint) -> bool:
    """Whether it is a first attempt that a shop brought from its past without a delivery: its result is not told."""
    return checkpoint.stage is Stage.OUT_FOR_DELIVERY and checkpoint.source == IMPORTED


def _meaning(stage: Stage, leg: _Leg, failed_attempts: int) -> tuple[Status, StatusDetail | None]:
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
        case Stage.RETURNED | Stage.CANCELLED | Stage.LOST:
            return Status.SHIPPING_FAILED, StatusDetail.CANCELLATION
        case Stage.DELIVERED:
            return Status.DELIVERED, None
        case _:
            return Status.IN_DELIVERY, None
