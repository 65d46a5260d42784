"""What an import holds does not grow with the rows of its file: it is worked on in pieces."""

import subprocess
import sys
from pathlib import Path

import pytest

from core.config import ROOT

_PLAN = """
import gc, sys
from datetime import UTC, datetime
from pathlib import Path
from core.services import importing
from core.store.database import Store
from tests.faults.files import Peak
from tests.services.importing.given import at_the_desk
from tests.builders import RULES

def planned(rows):
    lines = (f"S-{n},O-{n},2026-11-{1 + n % 9:02}T10:00:00+09:00,KR,Recipient {n},{n} Long Street of the Town,P-{n % 999}" for n in range(rows))
    path = Path(sys.argv[1]) / "file.csv"
    path.write_text("shipment_no,order_no,ordered_at,country,recipient,address,product_id\\n" + "\\n".join(lines))
    source = importing.read(path)
    with Peak() as peak:
        plan = importing.plan(store, RULES, source, importing.own_columns(source.headers), **at_the_desk({}))
    assert plan.new == rows, plan.message
    return peak.above

store = Store.open()
planned(1000)
print(planned(int(sys.argv[2])))
"""


def peak(folder: Path, rows: int) -> int:
    """Megabytes above rest that a process of its own needs to plan a file of so many shipments."""
    command = [sys.executable, "-c", _PLAN, str(folder), str(rows)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=600)
    return int(done.stdout)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
def test_four_times_the_rows_need_nowhere_near_four_times_the_memory(tmp_path: Path) -> None:
    few, many = peak(tmp_path, 50_000), peak(tmp_path, 200_000)
    assert many < 2.5 * max(few, 40), (few, many)
