"""Jobs that wait at the same time: one commit for all of them, and each is answered as if it had been done alone."""

import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from core.domain.errors import Conflict, Unavailable
from core.store.database import Connection, Store, select
from core.store.reasons import StoreFault
from core.store.writer import MOST_TOGETHER
from tests.builders import opened

WRITES, REFUSED, FAILS, FAILS_IN_SQL = "writes", "refused", "fails", "fails in sql"


@dataclass(frozen=True)
class Note:
    """Notes its name and says how many were noted before it; or is refused, or fails after it has written."""

    name: int
    kind: str

    def together(self, connection: Connection, wanted: "Sequence[Note]") -> list[int | Exception]:
        return [one._said(connection) for one in wanted]

    def _said(self, connection: Connection) -> int | Exception:
        if self.kind == REFUSED:
            return Conflict(StoreFault.CHANGED_SINCE())
        known = len(noted(connection))
        connection.execute("INSERT INTO noted VALUES ($name)", {"name": self.name})
        if self.kind == FAILS:
            raise LookupError(self.name)
        if self.kind == FAILS_IN_SQL:
            connection.execute("SELECT * FROM nowhere")
        return known


def noted(connection: Connection) -> list[int]:
    return [row["name"] for row in select(connection, "SELECT name FROM noted ORDER BY rowid")]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    desk = opened(Store.open(tmp_path / "shop.duckdb", threads=1))
    desk.write(lambda connection: connection.execute("CREATE TABLE noted (name INTEGER)") and None)
    return desk


@contextmanager
def busy(store: Store) -> Iterator[None]:
    """The writer has something to do until the block ends."""
    begun, free = threading.Event(), threading.Event()
    thread = threading.Thread(target=store.write, args=(lambda _: begun.set() or (free.wait(60) and None),))
    thread.start()
    assert begun.wait(60)
    try:
        yield
    finally:
        free.set()
        thread.join()


def waiting(store: Store, jobs: Sequence[Note]) -> list[Future[Any]]:
    """The answers of the jobs, which came in this order while the writer was busy."""
    pool = ThreadPoolExecutor(len(jobs))
    answers = []
    with busy(store):
        for place, job in enumerate(jobs, 1):
            answers.append(pool.submit(store.write_together, job))
            until(lambda place=place: store._writer.waiting == place)
    pool.shutdown()
    return answers


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not true():
        assert time.monotonic() < end
        time.sleep(0.001)


def said(answer: Future[Any]) -> object:
    fault = answer.exception()
    return type(fault) if fault else answer.result()


def alone(jobs: Sequence[Note]) -> tuple[list[object], list[int]]:
    """What each job is answered when they are done one after another, and what is noted in the end."""
    kept: list[int] = []
    answers: list[object] = []
    for job in jobs:
        answers.append({WRITES: len(kept), REFUSED: Conflict, FAILS: LookupError}.get(job.kind))
        kept += [job.name] if job.kind == WRITES else []
    return answers, kept


def test_all_that_wait_are_committed_once_and_see_those_before_them(store: Store) -> None:
    written = store.changes
    answers = waiting(store, [Note(n, WRITES) for n in range(20)])
    assert [said(answer) for answer in answers] == list(range(20))
    assert store.changes == written + 2
    assert store.snapshot(noted) == list(range(20))


def test_more_than_fit_into_one_commit_keep_their_order(store: Store) -> None:
    count = MOST_TOGETHER + 5
    written = store.changes
    assert [said(answer) for answer in waiting(store, [Note(n, WRITES) for n in range(count)])] == list(range(count))
    assert store.changes == written + 3


@pytest.mark.parametrize("seed", range(12))
def test_each_job_of_a_group_is_answered_as_if_it_were_done_alone(store: Store, seed: int) -> None:
    dice = random.Random(seed)
    kinds = [WRITES, WRITES, WRITES, REFUSED, *([FAILS] if seed % 3 else [])]
    jobs = [Note(n, dice.choice(kinds)) for n in range(dice.randint(2, 9))]
    answers = [said(answer) for answer in waiting(store, jobs)]
    assert (answers, store.snapshot(noted)) == alone(jobs)


def test_a_statement_that_the_engine_refuses_takes_no_other_job_away(store: Store) -> None:
    answers = waiting(store, [Note(1, WRITES), Note(2, FAILS_IN_SQL), Note(3, WRITES)])
    assert [answer.exception() is None for answer in answers] == [True, False, True]
    assert store.snapshot(noted) == [1, 3]


def test_other_work_keeps_its_turn_between_them(store: Store) -> None:
    seen: list[list[int]] = []
    with ThreadPoolExecutor(3) as pool, busy(store):
        for place, work in enumerate((Note(1, WRITES), None, Note(2, WRITES)), 1):
            if work:
                pool.submit(store.write_together, work)
            else:
                pool.submit(store.write, lambda connection: seen.append(noted(connection)))
            until(lambda place=place: store._writer.waiting == place)
    assert seen == [[1]]
    assert store.snapshot(noted) == [1, 2]


def test_a_store_that_closes_finishes_those_that_wait(store: Store, tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        with busy(store):
            answers = [pool.submit(store.write_together, Note(n, WRITES)) for n in range(3)]
            until(lambda: store._writer.waiting == 3)
            closing = pool.submit(store.close)
            until(lambda: store._writer.waiting == 4)
        closing.result()
    assert {said(answer) for answer in answers} == {0, 1, 2}
    with pytest.raises(Unavailable):
        store.write_together(Note(9, WRITES))
    again = opened(Store.open(tmp_path / "shop.duckdb", threads=1))
    assert sorted(again.snapshot(noted)) == [0, 1, 2]


def test_while_writing_pauses_everybody_of_a_group_is_told_why(store: Store) -> None:
    why = StoreFault.DISK_FULL("space", path=store.path)
    with ThreadPoolExecutor(3) as pool:
        with busy(store):
            answers = [pool.submit(store.write_together, Note(n, WRITES)) for n in range(3)]
            until(lambda: store._writer.waiting == 3)
            store._writer.pause(why)
        assert [answer.exception().whys for answer in answers] == [(why,)] * 3  # type: ignore[union-attr]
    assert store.snapshot(noted) == []
