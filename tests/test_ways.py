"""What ARCHITECTURE.md says of two ways through the house: each file that takes part is named."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SERVICES = {
    f"core/carriers/{name}.py"
    for name in ("aftership", "dhl", "easypost", "seventeen_track", "ship24", "sweettracker", "tracker_delivery")
}
"""Of these one takes part."""


@pytest.mark.parametrize(("way", "told_as", "most"), [("workbook", "A workbook.", 32), ("answer", "A carrier's answer.", 22)])
def test_each_file_that_takes_part_is_named(way: str, told_as: str, most: int) -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    told = set(re.findall(r"core/[\w/]+\.py", text.partition(f"**{told_as}**")[2].partition("\n\n")[0]))
    done = subprocess.run(
        [sys.executable, "-m", "tests.ways", way], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    taken = set(done.stdout.split())
    assert {"core/services/shipments/changes.py", "core/store/writer.py"} <= taken
    assert taken - told - SERVICES == set()
    assert len(taken) <= most
