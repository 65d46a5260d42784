"""Two ways through the house, followed through the running code: `python -m tests.ways workbook` (or `answer`) prints each file that takes
part.
"""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from core.carriers.client import Client
from core.carriers.service import Access
from core.files import confined_child
from core.services import uploading
from core.services.shipments.changes import Request
from core.services.tracking import polling
from core.services.tracking.polling import Tracker
from tests.builders import NOW, RULES, SEOUL, a_shipment, a_store, an_invoice
from tests.carriers.serving import Said, a_carrier
from tests.desk import SetClock
from tests.services.uploading.given import FEDEX, LOGEN, SOOYEON, YAMATO, waiting
from tests.workbook_builders import a_workbook

ROOT = Path(__file__).parents[1]
ANSWER = Path(__file__).parent / "data" / "field" / "t06_new_journey_on_last_years_number.json"
SERVICE = "tracker_delivery"


@contextmanager
def followed() -> Iterator[set[str]]:
    """The files of the product in which a function is called until the block ends, in every thread that begins in it."""
    files: set[str] = set()

    def called(frame: FrameType, event: str, _: object) -> None:
        file = frame.f_code.co_filename
        if event == "call" and file.startswith(f"{ROOT}/core/") and frame.f_code.co_name != "<module>":
            files.add(file.removeprefix(f"{ROOT}/"))

    before = sys.getprofile()
    threading.setprofile(called)
    sys.setprofile(called)
    try:
        yield files
    finally:
        sys.setprofile(before)
        threading.setprofile(None)


def of_a_workbook() -> set[str]:
    data = a_workbook(("S-1", "Logen", LOGEN), ("S-2", "FedEx", FEDEX), ("S-3", "Yamato", YAMATO))
    with followed() as files:
        store = waiting(3)
        files.clear()
        assert confined_child.answer("read", data)
        sheet = uploading.read_invoices(data, "today.xlsx")
        assert isinstance(sheet, uploading.Sheet)
        request = Request(SOOYEON, NOW)
        preview = uploading.judge_sheet(sheet, RULES, store, modify=False, request=request)
        assert uploading.register(store, RULES, preview, modify=False, request=request).registered == 3
    return files


def of_an_answer() -> set[str]:
    with followed() as files, a_carrier(lambda _: Said(200, ANSWER.read_bytes())) as carrier:
        client = Client({SERVICE: Access(carrier.url, key="k", secret="s", rate=1000)})
        routes = dict.fromkeys(RULES.carriers, SERVICE)
        tracker = Tracker(a_store(a_shipment(invoice=an_invoice())), client, RULES, SetClock(NOW), SEOUL, lambda: routes)
        polling.watch(tracker)
        files.clear()
        assert polling.refresh_due(tracker).changed == 1
        client.close()
    return files


WAYS = {"workbook": of_a_workbook, "answer": of_an_answer}

if __name__ == "__main__":
    print("\n".join(sorted(WAYS[sys.argv[1]]())))
