"""The reading process: the bytes of a file on its standard input; on its output the rows or one sentence as JSON.

Called with `mark` it answers with the workbook with one more column instead.
"""

import json
import resource
import signal
import sys
import traceback
from typing import Any

from core.domain.errors import Refused
from core.files.xlsx import sentences

MOST_MEMORY = 1 << 30
MOST_SECONDS = 3


class OutOfTime(BaseException):
    pass


def main() -> None:
    """Answers once and ends. Memory and processor time are limited for the whole process."""
    signal.signal(signal.SIGXCPU, _out_of_time)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.stdout.buffer.write(answer(sys.argv[1:], sys.stdin.buffer.read()))
    sys.stdout.buffer.flush()


def answer(arguments: list[str], data: bytes) -> bytes:
    """What the process answers to a file, or with `mark` to a request for a marked one."""
    if arguments != ["mark"]:
        return _answer(data)
    from core.files.xlsx.marking import marked

    return marked(data)


def _answer(data: bytes) -> bytes:
    try:
        found = _read(data)
    except Refused as refusal:
        found = {"refused": str(refusal)}
    except (MemoryError, RecursionError, OutOfTime):
        found = {"refused": sentences.TOO_SLOW}
    except Exception:  # whatever else goes wrong, it is the file that cannot be read
        traceback.print_exc()
        found = {"refused": sentences.DAMAGED}
    return json.dumps(found).encode()


def _read(data: bytes) -> dict[str, Any]:
    from core.files.xlsx import archive, choosing, kinds

    try:
        table = choosing.read_table(archive.Archive(kinds.unlocked(data)))
    except archive.UNREADABLE as error:
        raise Refused(sentences.DAMAGED) from error
    return {
        "title": table.tab.title,
        "header_row": table.header_row,
        "columns": table.letters,
        "rows": [
            (
                row.number,
                *((cell.text, cell.fault) for cell in (row.shipment_no, row.company, row.invoice_no)),
                row.hidden,
                row.is_header,
            )
            for row in table.rows
        ],
    }


def _out_of_time(*_: Any) -> None:
    raise OutOfTime


if __name__ == "__main__":
    main()
