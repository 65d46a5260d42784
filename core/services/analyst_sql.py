"""Answers one SELECT of an analyst over the view `shipment_facts`: read only, bounded in time, memory and rows, and cancellable.

An answer can be taken along as a file.
"""

import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from core.domain import permissions
from core.domain.errors import Refused
from core.domain.people import Person
from core.domain.permissions import Act
from core.domain.reasons import Reason, Why
from core.domain.texts import cleaned
from core.files.write import Format, as_cells, as_text, csv_file, explanation, headed, parquet_file
from core.files.xlsx.writing import workbook
from core.store import analyst_sql
from core.store.database import Figures, Store

VIEW = analyst_sql.VIEW
QUERY = "shipdesk.query"
SECONDS = 5.0
MOST_SHOWN = 10_000
MOST_ROWS = 100_000
MOST_BYTES = 32 << 20
LONGEST = 20_000
AT_ONCE = 2
FRESH = timedelta(minutes=1)
_ODD = r"[\p{Cc}\p{Cf}]"
_ANY_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)


class Unanswered(Reason):
    """Why a query is not answered."""

    EMPTY = "empty", "Write a query first, such as: SELECT carrier, count(*) FROM {view} GROUP BY carrier"
    TOO_LONG = "too_long", "The query is longer than {longest:,} characters. Shorten it."
    BUSY = "busy", "{count} queries are being answered already. Run yours again in a moment."
    CANCELLED = "cancelled", "The query was cancelled."
    TOO_SLOW = (
        "too_slow",
        "The query took longer than {seconds:g} s and was stopped. Ask for fewer days, or group the rows.",
    )
    STOPPED = (
        "stopped",
        "The query was stopped: it needs more memory than one query may use, or cannot be read. "
        "Group the rows or write it more simply.",
    )


class RowsSaid(Reason):
    """How many rows a file says it has."""

    ROWS = "rows", {"all": "{count:,}", "cut": "{count:,}, cut: an answer holds {most:,} at most"}


@dataclass(frozen=True)
class ViewColumn:
    """One column of the view: its name, its type in SQL, what it says."""

    name: str
    type: str
    about: str


@dataclass(frozen=True)
class QueryAnswer:
    """The rows, at most MOST_ROWS; `cut` when there are more. `seconds` it took; `as_of` when the rows were copied."""

    rows: pa.Table
    cut: bool
    seconds: float
    as_of: datetime


@dataclass(frozen=True)
class _Copy:
    rows: analyst_sql.Copy
    made_at: datetime
    took: timedelta


class RunningQuery:
    """One query under way. `done` says whether there is an answer, `answer` waits for it, `cancel` ends it at once."""

    def __init__(self, leave: Callable[[], None]) -> None:
        self._leave = leave
        self._future: Future[QueryAnswer] = Future()
        self._ending = threading.Lock()
        self._why: Why | None = None
        self._process: analyst_sql.Process | None = None

    @property
    def done(self) -> bool:
        return self._future.done()

    def wait(self, seconds: float) -> None:
        """Until there is an answer, and no longer than that."""
        wait([self._future], seconds)

    def answer(self) -> QueryAnswer:
        """Raises Refused with the reason when there is none."""
        return self._future.result()

    def cancel(self) -> None:
        """The process ends within moments, whatever it is doing."""
        self._end(Unanswered.CANCELLED())
        self._settle(Refused(Unanswered.CANCELLED()))

    def _settle(self, outcome: QueryAnswer | BaseException) -> None:
        """The first outcome stays, and makes room for the next query."""
        with self._ending:
            if self._future.done():
                return
            self._leave()
            if isinstance(outcome, QueryAnswer):
                self._future.set_result(outcome)
            else:
                self._future.set_exception(outcome)

    def _end(self, why: Why | None = None) -> None:
        with self._ending:
            self._why = self._why or why
            if self._process:
                analyst_sql.end(self._process)

    def _ask(self, said: dict[str, Any], copy: analyst_sql.Copy, seconds: float) -> tuple[pa.Table, bool]:
        with self._ending:
            if not self._why:
                self._process = analyst_sql.start(copy)
        if self._process is None:
            raise Refused(self._why or Unanswered.STOPPED())
        timer = threading.Timer(seconds, self._end, (Unanswered.TOO_SLOW(seconds=seconds),))
        timer.start()
        try:
            answer = analyst_sql.talk(self._process, json.dumps(said | {"seconds": seconds}).encode(), 2 * MOST_BYTES)
        finally:
            timer.cancel()
            self._end()
        return self._read(answer)

    def _read(self, answer: bytes) -> tuple[pa.Table, bool]:
        head, _, stream = answer.partition(b"\n")
        if self._why or not head:
            raise Refused(self._why or Unanswered.STOPPED())
        said = json.loads(head)
        if "refused" in said:
            raise Refused(said["refused"])
        with pa.ipc.open_stream(stream) as reader:
            return _cleaned(reader.read_all()), said["cut"]


def _cleaned(rows: pa.Table) -> pa.Table:
    """The rows without what a query made that nobody can see or store."""
    for place, field in enumerate(rows.schema):
        texts = rows.column(place)
        if pa.types.is_string(field.type) and pc.any(pc.match_substring_regex(texts, _ODD)).as_py():
            kept = [text and cleaned(text) for text in texts.to_pylist()]
            rows = rows.set_column(place, field.name, pa.array(kept, pa.string()))
    return rows


class Box:
    """Where all analysts of a desk ask. It keeps one copy of the view, until it is closed."""

    def __init__(self, store: Store, zone: ZoneInfo, *, seconds: float = SECONDS) -> None:
        self._store, self._zone, self._seconds = store, zone, seconds
        self._columns: list[ViewColumn] = []
        self._places = threading.BoundedSemaphore(AT_ONCE)
        self._copying = threading.Lock()
        self._copy: _Copy | None = None

    def columns(self) -> list[ViewColumn]:
        """What can be asked for: the columns of the view in its order."""
        if not self._columns:
            self._columns = [ViewColumn(**row) for row in analyst_sql.columns(self._store, zone=self._zone, now=_ANY_MOMENT)]
        return self._columns

    def ask(self, sql: str, *, now: datetime, person: Person) -> RunningQuery:
        """Begins to answer, in the shop's zone; a copy that is made for it has what the asker wrote.

        Raises Forbidden, Unavailable, or Refused when the query is empty, too long, or others run.
        """
        permissions.require(person, Act.QUERY)
        if not sql.strip(" \n\t;"):
            raise Refused(Unanswered.EMPTY(view=VIEW))
        if len(sql) > LONGEST:
            raise Refused(Unanswered.TOO_LONG(longest=LONGEST))
        figures = self._store.figures
        if not self._places.acquire(blocking=False):
            raise Refused(Unanswered.BUSY(count=AT_ONCE))
        question = RunningQuery(self._places.release)
        threading.Thread(target=self._answer, args=(question, sql, now, figures), name="sql-box", daemon=True).start()
        return question

    def close(self) -> None:
        """Lets go of the copy."""
        self._copy = None

    def _answer(self, question: RunningQuery, sql: str, now: datetime, figures: Figures) -> None:
        outcome: QueryAnswer | BaseException
        try:
            copy = self._fresh(figures, now)
            began = time.monotonic()
            rows, cut = question._ask(self._said(sql, copy), copy.rows, self._seconds)
            outcome = QueryAnswer(rows, cut, time.monotonic() - began, copy.made_at)
        except BaseException as error:
            outcome = error
        question._settle(outcome)

    def _said(self, sql: str, copy: _Copy) -> dict[str, Any]:
        limits = {"most_rows": MOST_ROWS, "most_bytes": MOST_BYTES}
        return {"sql": sql, "zone": self._zone.key, "copy": copy.rows.path, **limits}

    def _fresh(self, figures: Figures, now: datetime) -> _Copy:
        """The copy at hand while it is younger than a minute, or than 20 times what it took; else a new one."""
        with self._copying:
            have = self._copy
            if have and abs(now - have.made_at) < max(FRESH, 20 * have.took):
                return have
            began = time.monotonic()
            rows = analyst_sql.copy(figures, zone=self._zone, now=now)
            self._copy = _Copy(rows, now, timedelta(seconds=time.monotonic() - began))
            return self._copy


def answer_file(answer: QueryAnswer, sql: str, form: Format) -> bytes:
    """All rows of the answer: a workbook with the query on a second sheet, a CSV, or Parquet with the query as metadata.

    Moments are written in the zone they were asked in, which the heads name.
    """
    about = _about(answer, sql)
    rows = headed(answer.rows)
    match form:
        case Format.PARQUET:
            return parquet_file(answer.rows, {QUERY: json.dumps(dict(about), ensure_ascii=False)})
        case Format.CSV:
            return csv_file(as_text(rows, moments="%Y-%m-%d %H:%M:%S"))
        case Format.XLSX:
            return workbook("Answer", as_cells(rows), (), {"Query": explanation(about)})


def _rows(answer: QueryAnswer) -> Why:
    return RowsSaid.ROWS("cut" if answer.cut else "all", count=answer.rows.num_rows, most=MOST_ROWS)


def _about(answer: QueryAnswer, sql: str) -> list[tuple[str, str]]:
    return [("Query", sql.strip()), ("Rows", str(_rows(answer))), ("As of", answer.as_of.isoformat(timespec="seconds"))]
