"""The one thread that writes: jobs in order, one transaction each, or one for several of a kind that wait; it pauses when nothing can
be saved, and goes on by itself.
"""

import contextlib
import logging
import queue
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

import duckdb

from core.domain.errors import Unavailable
from core.domain.language import carried
from core.domain.reasons import Why
from core.store.engine import Connection, Engine, roll_back
from core.store.engine_errors import EngineTrouble, trouble_of
from core.store.open_file import OpenFile
from core.store.reasons import StoreFault
from core.store.refusals import PAUSING, refusal

TRIES = 50
LONGEST_COMMIT = 20.0
PROBED_EVERY = 10.0
MOST_TOGETHER = 64
"""So many jobs at most are written in one transaction."""

log = logging.getLogger(__name__)
T = TypeVar("T")


class Together(Protocol):
    """A job that several callers may have at once."""

    def together(self, connection: Connection, wanted: Any) -> Sequence[Any]:
        """What became of each of the jobs `wanted`, which are of this one's class, as if they were done one after another.

        An exception among the answers is one job's own, which has written nothing. One that is raised leaves nothing of any written.
        """
        ...


@dataclass(frozen=True)
class _Entry:
    """Work that waits: `job` where it can be done with others, else `work`."""

    work: Callable[[], Any] | None = None
    job: Together | None = None
    done: Future[Any] = field(default_factory=Future)

    def goes_with(self, other: "_Entry") -> bool:
        return self.job is not None and type(self.job) is type(other.job)


class Writer:
    """Writes jobs through `engine`. `changes` counts the transactions written, `changes_by_people` those that are not carriers' news;
    `file` is what the engine has open, None in memory.

    `acknowledge` is told after each commit, before the answer.
    """

    def __init__(self, engine: Engine, acknowledge: Callable[[Connection], None] | None = None) -> None:
        self.changes = self.changes_by_people = 0
        self.file = OpenFile(engine.path) if engine.path else None
        self._engine, self._acknowledge = engine, acknowledge
        self._paused: Why | None = None
        self._wrote_at = time.monotonic()
        self._committing_since: float | None = None
        self._probing = False
        self._closing = threading.Lock()
        self._closed = False
        self._entries: queue.Queue[_Entry | None] = queue.Queue()
        self._next: _Entry | None = None
        self._thread = threading.Thread(target=self._work, name="store-writer", daemon=True)
        self._thread.start()

    @property
    def paused(self) -> Why | None:
        """Why nothing can be saved now; None while writing goes on."""
        since = self._committing_since
        if self._paused is None and since is not None and time.monotonic() - since > LONGEST_COMMIT:
            return StoreFault.NO_ANSWER(path=self._engine.path)
        return self._paused

    @property
    def waiting(self) -> int:
        """How many jobs wait for their turn."""
        return self._entries.qsize() + (self._next is not None)

    def write(self, job: Callable[[Connection], T], *, news: bool = False) -> T:
        """What `job` returns, after its statements are committed together; any error leaves nothing written.

        The job speaks the language of whoever asks for it. It may be of carriers' `news` alone.
        """
        if self.paused:
            raise Unavailable(self.paused)
        return self.run(carried(lambda: self._written(job, news)))

    def write_together(self, job: Together) -> Any:
        """What became of the job; an error leaves nothing of it written. Those of its class that wait too are committed with it."""
        if self.paused:
            raise Unavailable(self.paused)
        return self._awaited(self._put(_Entry(job=job)))

    def run(self, work: Callable[[], T]) -> T:
        """What `work` returns, done between two jobs: nothing is written meanwhile."""
        result: T = self._awaited(self._put(_Entry(work)))
        return result

    def _awaited(self, done: Future[Any]) -> Any:
        while True:
            try:
                return done.result(timeout=1.0)
            except TimeoutError:
                if done.done():
                    raise
                why = self.paused
                if why and done.cancel():
                    raise Unavailable(why) from None

    def look(self) -> None:
        """Looks whether the file can be written, pauses when it cannot, and has it tried out when it may be possible again."""
        if self.file is None:
            return
        problem = self.file.unwritable()
        if problem:
            self.pause(problem)
        if self._engine.broken or (self.file.is_rescued_one_in_place() if problem else self._is_to_be_tried()):
            self._have_it_tried()

    def _is_to_be_tried(self) -> bool:
        quiet = time.monotonic() - self._wrote_at > PROBED_EVERY
        return quiet or self._paused is not None or bool(self.file and self.file.log_is_lost())

    def pause(self, why: Why) -> None:
        """Refuses all writing for this reason until it was tried out that it is possible again."""
        if why != self._paused:
            log.warning("Writing pauses: %s", why.reason)
        self._paused = why

    def close(self) -> bool:
        """Finishes the jobs that wait; nothing is taken any more. Whether it was not closed before."""
        with self._closing:
            first, self._closed = not self._closed, True
            if first:
                self._entries.put(None)
        self._thread.join()
        return first

    def _put(self, entry: _Entry) -> Future[Any]:
        with self._closing:
            if self._closed:
                raise Unavailable(StoreFault.CLOSING("writing"))
            self._entries.put(entry)
        return entry.done

    def _work(self) -> None:
        while entries := self._waiting():
            started = [entry for entry in entries if entry.done.set_running_or_notify_cancel()]
            if len(started) > 1:
                self._do_together(started)
            else:
                for entry in started:
                    self._do(entry)

    def _waiting(self) -> list[_Entry]:
        """The entry whose turn it is, with those behind it that are written in one transaction with it; none at the end."""
        first = self._next or self._entries.get()
        self._next, found = None, [first] if first else []
        while first and len(found) < MOST_TOGETHER and not self._entries.empty():
            entry = self._entries.get()
            if entry is None or not entry.goes_with(first):
                self._put_back(entry)
                break
            found.append(entry)
        return found

    def _put_back(self, entry: _Entry | None) -> None:
        self._next = entry
        if entry is None:
            self._entries.put(None)

    def _do(self, entry: _Entry) -> None:
        """Answers only when the engine can be used again: who is told that it is saved reads it next."""
        answer: Any = None
        try:
            answer = entry.work() if entry.work else self._answers([entry])[0]
        except BaseException as error:
            answer = _Raised(error)
        self._answer([entry], [answer])

    def _do_together(self, entries: Sequence[_Entry]) -> None:
        """What one job meets takes no other away: when they cannot be written together, each is written alone."""
        try:
            answers: Sequence[Any] = self._answers(entries)
        except BaseException as error:
            if not self._engine.broken:
                for entry in entries:
                    self._do(entry)
                return
            answers = [_Raised(error)] * len(entries)
        self._answer(entries, answers)

    def _answers(self, entries: Sequence[_Entry]) -> Sequence[Any]:
        jobs: Sequence[Any] = [entry.job for entry in entries]

        def work(connection: Connection) -> Sequence[Any]:
            said: Sequence[Any] = jobs[0].together(connection, jobs)
            if len(said) == 1 and isinstance(said[0], Exception):
                raise said[0]
            return said

        return [_Raised(one) if isinstance(one, Exception) else one for one in self._written(work)]

    def _answer(self, entries: Sequence[_Entry], answers: Sequence[Any]) -> None:
        if self._engine.broken:
            self._mend()
        for entry, answer in zip(entries, answers, strict=True):
            if isinstance(answer, _Raised):
                entry.done.set_exception(answer.error)
            else:
                entry.done.set_result(answer)

    def _written(self, job: Callable[[Connection], T], news: bool = False) -> T:
        if self._paused:
            raise Unavailable(self._paused)
        result = self._committed(job)
        self.changes += 1
        self.changes_by_people += not news
        if self.file:
            self.file.rescued = None
        return result

    def _committed(self, job: Callable[[Connection], T]) -> T:
        for attempt in range(TRIES):
            try:
                return self._tried(job)
            except duckdb.Error as error:
                if trouble_of(error) is not EngineTrouble.CONFLICT:
                    self._refuse(error)
                    raise
                time.sleep(random.random() * 0.002 * 2 ** min(attempt, 5))
        raise Unavailable(StoreFault.BUSY())

    def _tried(self, job: Callable[[Connection], T]) -> T:
        with self._engine.cursor() as cursor:
            try:
                cursor.execute("BEGIN")
                result = job(cursor)
                self._require_file()
                self._commit(cursor)
            except BaseException:
                roll_back(cursor)
                raise
        self._wrote_at = time.monotonic()
        return result

    def _require_file(self) -> None:
        """Raises Unavailable when what is committed would not be found again at the path."""
        problem = self.file.lost() if self.file else None
        if problem:
            self.pause(problem)
            raise Unavailable(problem)

    def _commit(self, cursor: Connection) -> None:
        self._committing_since = time.monotonic()
        try:
            cursor.execute("COMMIT")
            if self._acknowledge:
                self._acknowledge(cursor)
        except duckdb.Error as error:
            # Saved, but the engine is no longer usable: it is opened again after the answer.
            if trouble_of(error) is not EngineTrouble.SAVED_THEN_FATAL:
                raise
            self._engine.broken = True
        finally:
            self._committing_since = None

    def _refuse(self, error: duckdb.Error) -> None:
        """Raises Unavailable for what is not the job's own fault, and pauses for what would meet every other job too."""
        why = refusal(self._engine.path, error)
        if why is None:
            return
        if why.reason in PAUSING:
            why = (self.file and self.file.misplaced()) or why
            self.pause(why)
        raise Unavailable(why) from error

    def _have_it_tried(self) -> None:
        if not self._probing:
            self._probing = True
            with contextlib.suppress(Unavailable):
                self._put(_Entry(self._probe))

    def _probe(self) -> None:
        """Writes for real, what changes nothing; when that is saved, writing goes on."""
        try:
            if self._engine.broken or self._engine.read_only or (self.file and self.file.is_rescued_one_in_place()):
                self._mend()
            if self._engine.broken or self._engine.read_only or (self.file and self.file.unwritable()):
                return
            if self.file and self.file.log_is_lost():
                self._write_log_into_file()
            self._committed(lambda connection: connection.execute(_PROBE).fetchall())
            self._go_on()
        except Unavailable:
            return
        finally:
            self._probing = False

    def _go_on(self) -> None:
        if self._paused:
            log.warning("Writing goes on")
        self._paused = None
        if self.file:
            self.file.rescued = None

    def _write_log_into_file(self) -> None:
        """The log was deleted alone: everything goes into the file itself, and a new log begins."""
        with self._engine.cursor() as cursor:
            cursor.execute("CHECKPOINT")
        log.warning("The log of the database was deleted: its content was saved in the database itself")

    def _mend(self) -> None:
        """Opens the file again, unless it is not where it was: then its descriptors are all that is left of it."""
        problem = self.file.misplaced() if self.file else None
        if self.file is None or (problem and not self.file.is_rescued_one_in_place()):
            self.pause(problem or StoreFault.REOPENING("reading"))
            return
        try:
            self._engine.reopen(before=self.file.remove_old_log if problem else lambda: None)
            self.file = OpenFile(self.file.path)
        except Unavailable as error:
            self.pause(error.whys[0])
        except OSError as error:
            self.pause(StoreFault.DISK_ERROR(path=self.file.path, why=error.strerror))
        else:
            self.changes += 1
            self.changes_by_people += 1
            self._pause_if_unwritable()

    def _pause_if_unwritable(self) -> None:
        problem = self.file.unwritable() if self.file else None
        if not problem and self._engine.read_only and self._engine.refused:
            problem = refusal(self._engine.path, self._engine.refused)
        if problem:
            self.pause(problem)


@dataclass(frozen=True)
class _Raised:
    error: BaseException


_PROBE = "UPDATE schema_version SET applied_at = applied_at WHERE version = (SELECT min(version) FROM schema_version)"
