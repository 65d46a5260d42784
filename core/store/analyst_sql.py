"""What analysts ask in SQL: a copy of the view they may read, and the process that reads it for them.

A cursor of the desk's own database cannot be confined: memory and settings belong to the whole instance, files stay in reach,
and a fault of the engine takes the desk with it. So each query is answered by a process of its own that owns nothing but a copy
of the view, a Parquet file without a name. The operating system limits its memory, its time and what it may write, and ending it
cancels the query. Its engine has files, extensions and settings locked before it reads the query, and whatever the query names is
checked against the short list of what may be read.
"""

import contextlib
import os
import subprocess
import sys
import tempfile
import weakref
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import duckdb

from core.domain.children import ONE_THREAD
from core.domain.errors import Unavailable
from core.domain.figures import fact_in_words
from core.store.analyst_sql_child import VIEW as VIEW
from core.store.database import Connection, Figures, Row, Store, select
from core.store.engine import quoted
from core.store.facts import facts_view
from core.store.reasons import StoreFault
from core.store.refusals import is_full

Process = subprocess.Popen[bytes]

CHILD = Path(__file__).with_name("analyst_sql_child.py")


class Copy:
    """The rows of the view at one moment, in a file without a name: it is gone with this object, and with the desk in any case."""

    def __init__(self, number: int) -> None:
        self.number = number
        weakref.finalize(self, os.close, number)

    @property
    def path(self) -> str:
        """How the confined process reaches it."""
        return f"/dev/fd/{self.number}"


def columns(store: Store, *, zone: ZoneInfo, now: datetime) -> list[Row]:
    """The columns of the view in its order: `name`, `type`, and `about`, what it holds."""

    def job(connection: Connection) -> list[Row]:
        facts_view(connection, zone=zone, now=now, name=VIEW)
        return select(connection, f"SELECT column_name AS name, column_type AS type FROM (DESCRIBE {VIEW})")

    return [row | {"about": fact_in_words(row["name"])} for row in store.figures.snapshot(job)]


def copy(figures: Figures, *, zone: ZoneInfo, now: datetime) -> Copy:
    """The view as it is now; days are days in `zone`, ages and flags those at `now`. Raises Unavailable when it cannot be written."""

    def job(connection: Connection) -> None:
        facts_view(connection, zone=zone, now=now, name=VIEW)
        connection.execute(f"COPY (FROM {VIEW}) TO {quoted(path)} (FORMAT parquet)").fetchall()

    try:
        with tempfile.TemporaryDirectory(prefix="shipdesk-sql-") as folder:
            path = Path(folder) / f"{VIEW}.parquet"
            figures.snapshot(job)
            return Copy(os.open(path, os.O_RDONLY))
    except (duckdb.Error, OSError) as error:
        raise Unavailable(StoreFault.NO_TEMP_SPACE() if is_full(error) else StoreFault.NOT_LAID_OUT()) from error


def start(rows: Copy) -> Process:
    """The confined process, waiting for its question about these rows."""
    return subprocess.Popen(
        (sys.executable, "-I", str(CHILD)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env={"LC_ALL": "C.UTF-8", **ONE_THREAD},
        pass_fds=(rows.number,),
        start_new_session=True,
    )


def talk(process: Process, question: bytes, most_bytes: int) -> bytes:
    """What the process answers, at most so many bytes; nothing when it ended before."""
    assert process.stdin and process.stdout
    with process.stdout, contextlib.suppress(BrokenPipeError):
        with process.stdin:
            process.stdin.write(question)
        return process.stdout.read(most_bytes)
    return b""


def end(process: Process) -> None:
    """Ends the process whatever it is doing."""
    process.kill()
    process.wait()
