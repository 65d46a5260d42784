"""The process that looks at files: nothing a file does harms the desk."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from core.files import confined
from core.files.confined import COMMAND, ROOT
from core.files.refusals import ReadFault, Unreadable
from core.files.xlsx import marking
from tests import workbook_builders as books
from tests.files.given import refusal, sheet_of
from tests.workbook_builders import GOOD, a_workbook, others

HOSTILE = books.hostile()
_MEASURE = """
import os, subprocess, sys
child = subprocess.Popen(sys.argv[2:], stdin=open(sys.argv[1], "rb"))
_, status, usage = os.wait4(child.pid, 0)
child.returncode = status
print(file=sys.stdout, end=f"\\n{status} {usage.ru_utime + usage.ru_stime} {usage.ru_maxrss}")
"""


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_ends_in_seconds_and_little_memory(what: str, tmp_path: Path) -> None:
    file = tmp_path / "upload.xlsx"
    file.write_bytes(HOSTILE[what])
    done = subprocess.run(
        [sys.executable, "-c", _MEASURE, file, *COMMAND], cwd=ROOT, capture_output=True, text=True, timeout=30
    )
    answer, measured = done.stdout.rsplit("\n", 1)
    status, seconds, kilobytes = measured.split()
    assert json.loads(answer).keys() & {"refused", "rows"}
    assert (int(status), float(seconds) < 5, int(kilobytes) < 300_000) == (0, True, True)


@pytest.mark.parametrize(
    "what", ["zip bomb", "bzip2 part", "entities", "entities in EBCDIC", "external entity", "a million blank rows", "cut off"]
)
def test_a_hostile_file_is_one_sentence(what: str) -> None:
    said = refusal(HOSTILE[what])
    assert said.endswith(".")
    assert "Traceback" not in said


def test_a_reading_process_that_dies_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confined, "COMMAND", (sys.executable, "-c", "import os; os.abort()"))
    assert "stops the program that reads it" in refusal(GOOD)


def test_uploads_at_once_do_not_disturb_each_other() -> None:
    found: list[int] = []
    data = a_workbook(*others(50))
    threads = [threading.Thread(target=lambda: found.append(len(sheet_of(data).rows))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [50] * 4


def test_a_file_that_the_process_cannot_mark_is_said_like_one_it_cannot_read() -> None:
    with pytest.raises(Unreadable) as caught:
        marking.with_marks(b"a,b\n1,2\n", "Invoices", {1: "Result"})
    assert caught.value.why is ReadFault.CSV
