"""States of many shipments at once: each order of scans that occurs is folded once, by the one fold there is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt

from core.domain.shipment import Checkpoint, InvoiceEvent, Stage, State, Status, Word
from core.domain.status import fold
from core.services.demo.dice import Flags, Ints

STAGES, STATUSES, WORDS = tuple(Stage), tuple(Status), tuple(Word)
NONE = -1

_START, _STEP = datetime(2000, 1, 1, tzinfo=UTC), timedelta(hours=1)
_PLACES_A_WORD = 16
_REGISTERED = np.uint64(1 << 60)


@dataclass(frozen=True)
class Folded:
    """One entry per shipment; NONE for None. Statuses, words and stages are positions in the constants above.

    Moments are places in the shipment's order of scans: 0 is what came before tracking, 1 the first scan. `order` gives the
    columns of the scans in that order. `changed` is the scan that brought the last change of status or word, 0 for none.
    """

    order: Ints
    status: Ints
    word: Ints
    stage: Ints
    since: Ints
    reason: Ints
    exception: Ints
    picked_up: Ints
    first_attempt: Ints
    last_scan: Ints
    delivered: Ints
    changed: Ints
    status_before: Ints
    word_before: Ints


def fold_all(times: Ints, stages: npt.NDArray[np.int8], never: int, registered: Flags) -> Folded:
    """The states of rows of scans. `stages` has the position of each column's stage, NONE for a column that does not count."""
    progress = np.where(stages == NONE, 0, stages).astype(np.int64)
    counted = np.where(stages == NONE, never, times)
    order = np.argsort(counted * len(STAGES) + progress, axis=1, kind="stable")
    present = np.take_along_axis(counted, order, axis=1) < never
    codes = np.where(present, stages[order] + 1, 0).astype(np.uint64)
    shapes, of_row = np.unique(_packed(codes, registered), return_inverse=True)
    answers = np.array([_answer(shape.tobytes()) for shape in shapes], dtype=np.int64).reshape(len(shapes), -1)
    return Folded(order, *answers[of_row.ravel()].T)


def _packed(codes: npt.NDArray[np.uint64], registered: Flags) -> npt.NDArray[np.void]:
    """Each row of codes in 16 bytes: four bits a code, and whether a number is registered."""
    words = np.zeros((len(codes), 2), dtype=np.uint64)
    for place in range(codes.shape[1]):
        words[:, place // _PLACES_A_WORD] |= codes[:, place] << np.uint64(4 * (place % _PLACES_A_WORD))
    words[:, 1] |= np.where(registered, _REGISTERED, np.uint64(0))
    return words.view("V16").ravel()


@cache
def _answer(shape: bytes) -> tuple[int, ...]:
    first, second = np.frombuffer(shape, dtype=np.uint64).tolist()
    registered = bool(second & int(_REGISTERED))
    bits = first | (second & ~int(_REGISTERED)) << 64
    codes = [(bits >> 4 * place) & 15 for place in range(2 * _PLACES_A_WORD)]
    stages = tuple(STAGES[code - 1] for code in codes if code)
    state = _state(stages, registered)
    changed = _last_change(stages, registered)
    before = _state(stages[: changed - 1], registered) if changed else state
    return (
        STATUSES.index(state.status),
        WORDS.index(state.word) if state.word else NONE,
        STAGES.index(state.stage) if state.stage else NONE,
        _place(state.since),
        int(state.reason) if state.reason else NONE,
        int(state.exception) if state.exception else NONE,
        _place(state.picked_up_at),
        _place(state.first_attempt_at),
        _place(state.last_scan_at),
        _place(state.delivered_at),
        changed,
        STATUSES.index(before.status),
        WORDS.index(before.word) if before.word else NONE,
    )


@cache
def _state(stages: tuple[Stage, ...], registered: bool) -> State:
    """What `fold` says when the scans come an hour apart and each says its own place."""
    invoices = (InvoiceEvent(1, "", "", _START),) if registered else ()
    number = 1 if registered else None
    scans = [Checkpoint(_START + n * _STEP, stage, number, text=str(n)) for n, stage in enumerate(stages, 1)]
    return fold(_START, None, invoices, scans)


def _last_change(stages: tuple[Stage, ...], registered: bool) -> int:
    now = _state(stages, registered)
    for end in range(len(stages) - 1, -1, -1):
        before = _state(stages[:end], registered)
        if (before.status, before.word) != (now.status, now.word):
            return end + 1
    return 0


def _place(moment: datetime | None) -> int:
    return NONE if moment is None else (moment - _START) // _STEP
