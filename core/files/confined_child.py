"""The process that looks at a file, within limits of memory, of processor time and of what it may write.

For all but `import` it gets the file on its standard input, and gives one line of JSON and after it the bytes of its answer. For
`import` its standard input is the file itself; it writes the rows into a second one, and says in lines of JSON how far it is
and, in the last, what is to be known of them.
"""

import contextlib
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, BinaryIO

from core.domain.errors import NO_SPACE, Refused
from core.files.progress import Honest, Tell
from core.files.refusals import ReadFault, Unreadable

JOBS = {
    "read": ("core.files.choosing", "sheet_in"),
    "mark": ("core.files.xlsx.marking", "marked"),
    "unlock": ("core.files.xlsx.archive", "opened_with"),
    "fill": ("core.files.xlsx.filling", "answered"),
}
"""What the process may be asked for: by name, the function that answers bytes with values for JSON and bytes."""

MOST_MEMORY = 1 << 30
MOST_SECONDS = 3
SPARE_MEMORY, HONEST_MEMORY = 170 << 20, 1_400 << 20
"""Bytes beyond those of the program itself: for any file, and for one that is built as an honest table is."""
SPARE_SECONDS, IMPORT_SECONDS = 30, 600
MOST_WRITTEN = 2 << 30
_TOLD_EVERY = 0.2


class OutOfTime(BaseException):
    pass


def main() -> None:
    """Answers once and ends."""
    signal.signal(signal.SIGXCPU, _out_of_time)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(5)
    job = sys.argv[1] if len(sys.argv) > 1 else "read"
    if job == "import":
        said = _rows_laid_out(sys.argv[2], int(sys.argv[3])) + b"\n"
    else:
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
        said = answer(job, sys.stdin.buffer.read())
    with contextlib.suppress(BrokenPipeError):
        sys.stdout.buffer.write(said)
        sys.stdout.buffer.flush()
    os._exit(0)


def answer(job: str, data: bytes) -> bytes:
    """What the process writes."""
    body = b""

    def work() -> dict[str, Any]:
        nonlocal body
        module, function = JOBS[job]
        head, body = getattr(import_module(module), function)(data)
        return dict(head)

    return judged(work) + b"\n" + body


def rows_answer(file: BinaryIO, rows: BinaryIO, encoding: str, tell: Tell) -> bytes:
    """What the process says of the rows of a file that it lays out, without any limits."""
    return _laid_out(file, rows, encoding, tell, lambda *, memory=False: None)


def _laid_out(file: BinaryIO, rows: BinaryIO, encoding: str, tell: Tell, honest: Honest) -> bytes:
    from core.files import kinds  # only an import needs it

    return judged(lambda: kinds.lay_out_file(file, rows, kinds.Reading(encoding, tell, honest)))


def judged(work: Callable[[], dict[str, Any]]) -> bytes:
    """What came of it as JSON, the reason when it was refused."""
    head: dict[str, Any]
    try:
        head = work()
    except Unreadable as file:
        head = {"refused": file.why, "named": file.named}
    except Refused as refusal:
        (why,) = refusal.whys
        head = {"reason": why.reason, "form": why.form, "values": why.values}
    except OutOfTime:
        head = {"refused": ReadFault.TOO_SLOW, "named": {}}
    except MemoryError:
        head = {"refused": ReadFault.TOO_MUCH_MEMORY, "named": {}}
    except OSError as error:
        traceback.print_exc()
        head = {"refused": ReadFault.NO_SPACE if error.errno in NO_SPACE else ReadFault.DAMAGED, "named": {}}
    except Exception:  # whatever else goes wrong, it is the file that cannot be read
        traceback.print_exc()
        head = {"refused": ReadFault.DAMAGED, "named": {}}
    return json.dumps(head).encode()


def _rows_laid_out(encoding: str, number: int) -> bytes:
    import_module("core.files.kinds")  # what is needed is there before the limits are set
    used = _addresses()
    resource.setrlimit(resource.RLIMIT_AS, (used + SPARE_MEMORY, used + HONEST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SPARE_SECONDS, IMPORT_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def honest(*, memory: bool = False) -> None:
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, (used + HONEST_MEMORY, used + HONEST_MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (IMPORT_SECONDS - 1, IMPORT_SECONDS))
        tell(0, 0)

    last = 0.0

    def tell(share: float, row: int) -> None:
        nonlocal last
        if time.monotonic() - last > _TOLD_EVERY:
            last = time.monotonic()
            os.write(1, json.dumps([share, row]).encode() + b"\n")

    with os.fdopen(0, "rb") as file, os.fdopen(number, "r+b") as rows:
        return _laid_out(file, rows, encoding, tell, honest)


def _addresses() -> int:
    """Bytes of the addresses that the process uses now."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return MOST_MEMORY


def _out_of_time(*_: Any) -> None:
    raise OutOfTime


if __name__ == "__main__":
    main()
