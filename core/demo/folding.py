"""States of many shipments at once: each order of scans that occurs is folded once, by the one fold there is."""

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

import numpy as np
import numpy.typing as npt

from core.demo.seeded_random import Flags, Ints
from core.domain.shipment import Checkpoint, InvoiceEvent, Stage, State, Status, StatusDetail
from core.domain.status import fold

STAGES, STATUSES, WORDS = tuple(Stage), tuple(Status), tuple(StatusDetail)
NONE = -1

_STATE = (
    "status", "word", "stage", "since", "reason", "exception", "picked_up", "first_attempt", "last_scan", "delivered",
    "failures", "first_failed", "first_exception", "lost", "returning", "returned",
)  # fmt: skip

_START, _STEP = datetime(2000, 1, 1, tzinfo=UTC), timedelta(hours=1)
_PLACES_A_WORD, _WORDS = 16, 3
_REGISTERED = np.uint64(1 << 60)


@dataclass(frozen=True)
class News:
    """A change per shipment: the place of the scan that brought it, 0 for none; status and word before and after."""

    place: Ints
    status_before: Ints
    word_before: Ints
    status: Ints
    word: Ints


@dataclass(frozen=True)
class Folded:
    """One entry per shipment; NONE for None. Statuses, words and stages are positions in the constants above.

    Moments are places in the shipment's order of scans: 0 is what came before tracking, 1 the first scan. `order` gives the
    columns of the scans in that order. `last` is the last change; where that left the status alone, `turn` is the last that did not.
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
    failures: Ints
    first_failed: Ints
    first_exception: Ints
    lost: Ints
    returning: Ints
    returned: Ints
    last: News
    turn: News


def fold_all(times: Ints, stages: npt.NDArray[np.int8], never: int, registered: Flags) -> Folded:
    """The states of rows of scans. `stages` has the position of each column's stage, NONE for a column that does not count."""
    progress = np.where(stages == NONE, 0, stages).astype(np.int64)
    counted = np.where(stages == NONE, never, times)
    order = np.argsort(counted * len(STAGES) + progress, axis=1, kind="stable")
    present = np.take_along_axis(counted, order, axis=1) < never
    codes = np.where(present, stages[order] + 1, 0).astype(np.uint64)
    shapes, of_row = np.unique(_packed(codes, registered), return_inverse=True)
    answers = np.array([_answer(shape.tobytes()) for shape in shapes], dtype=np.int64).reshape(len(shapes), -1)
    columns = answers[of_row.ravel()].T
    state = dict(zip(_STATE, columns, strict=False))
    return Folded(order=order, **state, last=News(*columns[len(_STATE) : -5]), turn=News(*columns[-5:]))


def _packed(codes: npt.NDArray[np.uint64], registered: Flags) -> npt.NDArray[np.void]:
    """Each row of codes in 24 bytes: four bits a code, and in the last place whether a number is registered."""
    words = np.zeros((len(codes), _WORDS), dtype=np.uint64)
    for place in range(codes.shape[1]):
        words[:, place // _PLACES_A_WORD] |= codes[:, place] << np.uint64(4 * (place % _PLACES_A_WORD))
    words[:, -1] |= np.where(registered, _REGISTERED, np.uint64(0))
    return words.view(f"V{8 * _WORDS}").ravel()


@cache
def _answer(shape: bytes) -> tuple[int, ...]:
    words = np.frombuffer(shape, dtype=np.uint64).tolist()
    registered = bool(words[-1] & int(_REGISTERED))
    words[-1] &= ~int(_REGISTERED)
    codes = [(word >> 4 * place) & 15 for word in words for place in range(_PLACES_A_WORD)]
    stages = tuple(STAGES[code - 1] for code in codes if code)
    state = _state(stages, registered)
    last, turn = _changes(stages, registered)
    return (
        STATUSES.index(state.status),
        _word(state),
        STAGES.index(state.stage) if state.stage else NONE,
        _place(state.since),
        int(state.reason) if state.reason else NONE,
        int(state.exception) if state.exception else NONE,
        _place(state.picked_up_at),
        _place(state.first_attempt_at),
        _place(state.last_scan_at),
        _place(state.delivered_at),
        state.failed_attempts,
        _place(state.first_failed_at),
        _place(state.first_exception_at),
        _place(state.lost_at),
        _place(state.returning_at),
        _place(state.returned_at),
        *last,
        *turn,
    )


@cache
def _state(stages: tuple[Stage, ...], registered: bool) -> State:
    """What `fold` says when the scans come an hour apart and each says its own place."""
    invoices = (InvoiceEvent(1, "", "", _START),) if registered else ()
    number = 1 if registered else None
    scans = [Checkpoint(_START + n * _STEP, stage, number, text=str(n)) for n, stage in enumerate(stages, 1)]
    return fold(_START, None, invoices, scans)


def _changes(stages: tuple[Stage, ...], registered: bool) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The last change and, where it left the status alone, the last that did not: place, status and word before and after."""
    states = [_state(stages[:end], registered) for end in range(len(stages) + 1)]
    pairs = list(enumerate(itertools.pairwise(states), 1))
    last = next((n for n, (old, new) in reversed(pairs) if (old.status, old.word) != (new.status, new.word)), 0)
    turn = next((n for n, (old, new) in reversed(pairs) if old.status != new.status), 0)
    return _news(states, last), _news(states, turn if turn < last else 0)


def _news(states: list[State], place: int) -> tuple[int, ...]:
    old, new = states[place - 1] if place else states[0], states[place]
    return place, STATUSES.index(old.status), _word(old), STATUSES.index(new.status), _word(new)


def _word(state: State) -> int:
    return WORDS.index(state.word) if state.word else NONE


def _place(moment: datetime | None) -> int:
    return NONE if moment is None else (moment - _START) // _STEP
