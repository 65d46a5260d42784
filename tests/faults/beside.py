"""Ten hostile files at once, while a clerk registers invoices in the same process: how long each press took."""

import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from core.domain.errors import Refused
from core.services import importing, uploading
from core.services.shipments import invoices
from core.services.shipments.changes import Request
from core.services.shipments.invoices import Entry
from core.store.database import Store
from tests.builders import HANA, NOW, RULES, a_shipment, add
from tests.faults.files import Peak
from tests.faults.hostile_files import LARGE, SMALL, Hostile

FILES = 10
LONGEST_WAIT = 1.0


def beside() -> Iterator[tuple[str, str]]:
    """What a clerk waited for at most, and what the server needed meanwhile, in one line."""
    with tempfile.TemporaryDirectory(prefix="shipdesk-beside-") as folder:
        store = Store.open(Path(folder) / "shop.duckdb")
        shipments = 400
        add(store, *(a_shipment(f"S-{n}", shipment_id=n) for n in range(1, shipments + 1)))
        jobs = [_job(Path(folder) / f"{n}.csv", hostile) for n, hostile in enumerate(_chosen())]
        said: list[str] = []
        threads = [threading.Thread(target=lambda job=job: said.append(job())) for job in jobs]
        with Peak() as peak:
            for thread in threads:
                thread.start()
            waited = []
            while any(thread.is_alive() for thread in threads) and len(waited) < shipments:
                waited.append(_registered(store, len(waited) + 1))
                time.sleep(0.05)
            for thread in threads:
                thread.join()
        store.close()
    good = len(said) == FILES and all(text.endswith(".") for text in said) and max(waited) < LONGEST_WAIT and peak.above < 300
    verdict = "ok" if good else "WRONG"
    yield (
        "ten hostile files beside a clerk",
        f"{verdict}: {len(said)} files refused, {len(waited)} invoices registered, "
        f"at most {max(waited):.2f} s each, server +{peak.above} MB",
    )


def _chosen() -> list[Hostile]:
    names = [
        "CSV of 60 M lines", "CSV of 3 M columns", "CSV of one line of 190 MB", "Parquet, 0.3 MB for 5.8 GB",
        "xlsx of 5 M shared texts", "CSV wide and long", "CSV with an open quote over 100 MB", "CSV of broken rows",
        "20,000 cells in XFD", "10,000 sheets",
    ]  # fmt: skip
    return [{**SMALL, **LARGE}[name] for name in names]


def _job(path: Path, hostile: Hostile) -> Callable[[], str]:
    hostile.make(path)
    upload = path.stat().st_size < uploading.LARGEST

    def read() -> str:
        try:
            if upload:
                uploading.read_sheet(path.read_bytes(), path.name)
            importing.read(path)
        except Refused as refusal:
            return str(refusal)
        return "taken."

    return read


def _registered(store: Store, number: int) -> float:
    began = time.monotonic()
    invoices.register(store, RULES, f"S-{number}", Entry("other", f"A{number:06}"), request=Request(HANA, NOW))
    return time.monotonic() - began
