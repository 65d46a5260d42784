"""A process of its own, with limits, that looks at a file so that no file can harm the desk: both sides of it.

On its standard input it gets the file, on its output it gives one line of JSON and after it the bytes of its answer.
"""

import json
import logging
import os
import resource
import signal
import subprocess
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

from core.files.refusals import ReadFault, Unreadable

SECONDS = 10
MOST_MEMORY = 1 << 30
MOST_SECONDS = 3
COMMAND = (sys.executable, "-m", "core.files.confined")
ROOT = Path(__file__).resolve().parents[2]
JOBS = {"read": ("core.files.choosing", "sheet_in"), "mark": ("core.files.xlsx.marking", "marked")}
"""What the process may be asked for: by name, the function that answers bytes with values for JSON and bytes."""

log = logging.getLogger(__name__)


class OutOfTime(BaseException):
    pass


def run(job: str, data: bytes) -> tuple[dict[str, Any], bytes]:
    """What the process answers to one of `JOBS`. Raises Unreadable when it says so, or was stopped at its limits."""
    head, _, body = asked(job, data).partition(b"\n")
    try:
        found: dict[str, Any] = json.loads(head)
    except ValueError as error:
        raise Unreadable(ReadFault.TOO_SLOW) from error
    if "refused" in found:
        raise Unreadable(ReadFault(found["refused"]), **found["named"])
    return found, body


def asked(job: str, data: bytes) -> bytes:
    """Starts the process for one answer."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    try:
        done = subprocess.run(
            (*COMMAND, job), input=data, capture_output=True, timeout=SECONDS, cwd=ROOT, env=environment, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise Unreadable(ReadFault.TOO_SLOW) from error
    if done.stderr:
        log.warning("the confined process ended with %s: %s", done.returncode, done.stderr[-2000:].decode(errors="replace"))
    if done.returncode:
        raise Unreadable(ReadFault.TOO_SLOW)
    return done.stdout


def main() -> None:
    """Answers once and ends. Memory and processor time are limited for the whole process."""
    signal.signal(signal.SIGXCPU, _out_of_time)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(answer(sys.argv[1] if len(sys.argv) > 1 else "read", sys.stdin.buffer.read()))
    sys.stdout.buffer.flush()


def answer(job: str, data: bytes) -> bytes:
    """What the process writes."""
    head: dict[str, Any]
    body = b""
    try:
        module, function = JOBS[job]
        head, body = getattr(import_module(module), function)(data)
    except Unreadable as file:
        head = {"refused": file.why, "named": file.named}
    except (MemoryError, RecursionError, OutOfTime):
        head = {"refused": ReadFault.TOO_SLOW, "named": {}}
    except Exception:  # whatever else goes wrong, it is the file that cannot be read
        traceback.print_exc()
        head = {"refused": ReadFault.DAMAGED, "named": {}}
    return json.dumps(head).encode() + b"\n" + body


def _out_of_time(*_: Any) -> None:
    raise OutOfTime


if __name__ == "__main__":
    main()
