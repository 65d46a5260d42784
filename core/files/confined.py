"""The desk's side of the process that looks at files, so that no file can harm the desk (`core.files.confined_child`).

At most two such processes run at once; whoever comes later waits and is told so.
"""

import contextlib
import json
import logging
import os
import selectors
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from core.domain.children import ONE_THREAD, without_secrets
from core.domain.errors import Refused
from core.files.confined_child import IMPORT_SECONDS, SPARE_SECONDS
from core.files.opening import unnamed
from core.files.progress import Tell
from core.files.reasons import FileReason
from core.files.refusals import ReadFault, Unreadable

SECONDS = 10
AT_ONCE = 2
LOOKED_AT_EVERY = 0.3
"""Seconds between two looks at a process; whoever waits can leave then."""

COMMAND = (sys.executable, "-m", "core.files.confined_child")
ROOT = Path(__file__).resolve().parents[2]

_ENVIRONMENT = without_secrets(os.environ) | ONE_THREAD | {"ARROW_DEFAULT_MEMORY_POOL": "system"}
_MOST_SAID = 4 << 20
_REASONS = {reason.value: reason for reason in FileReason}
_places = threading.BoundedSemaphore(AT_ONCE)

log = logging.getLogger(__name__)


def run(job: str, data: bytes, waiting: Callable[[], None] | None = None) -> tuple[dict[str, Any], bytes]:
    """What the process answers to one of its jobs. Raises Unreadable when it says so, or was stopped at its limits."""
    with _place(waiting):
        head, _, body = asked(job, data).partition(b"\n")
    return _found(head), body


def asked(job: str, data: bytes) -> bytes:
    """Starts the process for one answer."""
    try:
        done = subprocess.run(
            (*COMMAND, job),
            input=data,
            capture_output=True,
            timeout=SECONDS,
            cwd=ROOT,
            env=_ENVIRONMENT,
            check=False,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(ReadFault.TOO_SLOW) from error
    _log(done.returncode, done.stderr)
    if done.returncode:
        raise Unreadable(_why_it_ended(done.returncode))
    return done.stdout


def laid_out(
    file: BinaryIO, encoding: str, tell: Tell | None = None, waiting: Callable[[], None] | None = None
) -> tuple[dict[str, Any], BinaryIO]:
    """What is to be known of the rows of a file to import, and the file without a name in which they lie.

    `tell` hears how much is read, from 0 to 1, and down to which row. Raises Unreadable or Refused when the file cannot be read,
    or needs more than one file may use.
    """
    rows = unnamed()
    try:
        with _place(waiting):
            head = asked_for_rows(file, rows, encoding, tell or (lambda share, row: None))
        return _found(head), rows
    except BaseException:
        rows.close()
        raise


def asked_for_rows(file: BinaryIO, rows: BinaryIO, encoding: str, tell: Tell) -> bytes:
    """Starts the process that lays out the rows of a file."""
    file.seek(0)
    process = subprocess.Popen(
        (*COMMAND, "import", encoding, str(rows.fileno())),
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=(rows.fileno(),),
        cwd=ROOT,
        env=_ENVIRONMENT,
        start_new_session=True,
    )
    with process:
        try:
            return _last_line(process, tell)
        finally:
            process.kill()


def _last_line(process: "subprocess.Popen[bytes]", tell: Tell) -> bytes:
    """The line with the answer, after all that say how far it is. Raises Unreadable when there is none in time."""
    assert process.stdout and process.stderr
    began, said, share, row = time.monotonic(), b"", 0.0, 0
    seconds = 2 * SPARE_SECONDS
    with selectors.DefaultSelector() as waiting:
        waiting.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < began + seconds:
            tell(share, row)
            if not waiting.select(LOOKED_AT_EVERY):
                continue
            piece = os.read(process.stdout.fileno(), 1 << 16)
            *lines, said = (said + piece).split(b"\n")
            for line in lines:
                heard = json.loads(line)
                if not isinstance(heard, list):
                    return line
                share, row = heard
                seconds = IMPORT_SECONDS  # it speaks once the file is judged honest
            if not piece or len(said) > _MOST_SAID:
                _log(process.wait(SECONDS), process.stderr.read(2000))
                raise Unreadable(_why_it_ended(process.returncode))
    raise Unreadable(ReadFault.TOO_SLOW)


def _why_it_ended(code: int) -> ReadFault:
    """Out of processor time the system ends a process that does not end itself."""
    return ReadFault.TOO_SLOW if -code in (signal.SIGKILL, signal.SIGXCPU) else ReadFault.BROKE_THE_READER


def _found(head: bytes) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(head)
    except ValueError as error:
        raise Unreadable(ReadFault.BROKE_THE_READER) from error
    if "reason" in found:
        raise Refused(_REASONS[found["reason"]](found["form"], **found["values"]))
    if "refused" in found:
        raise Unreadable(ReadFault(found["refused"]), **found["named"])
    return found


@contextlib.contextmanager
def _place(waiting: Callable[[], None] | None) -> Iterator[None]:
    """One of the few places; `waiting` is called again and again until there is one."""
    while not _places.acquire(timeout=LOOKED_AT_EVERY):
        if waiting:
            waiting()
    try:
        yield
    finally:
        _places.release()


def _log(code: int, said: bytes) -> None:
    if said:
        log.warning("the confined process ended with %s: %s", code, said[-2000:].decode(errors="replace"))
