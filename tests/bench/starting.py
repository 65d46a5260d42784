"""How long the desk takes from its start until it answers that it is well, with the shop's file as it lies there."""

import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from tests.bench.browser import served
from tests.bench.measuring import Spread

REPEATS = 3
LONGEST = 60.0


def cold_start(file: Path) -> Spread:
    """Milliseconds from the command until the desk is well."""
    return Spread.of(_started(file) for _ in range(REPEATS))


def _started(file: Path) -> float:
    began = time.perf_counter()
    with served(Path("app.py"), {"SHIPDESK_DB": str(file)}) as (base, _):
        while not _is_well(f"{base}/healthz"):
            if time.perf_counter() - began > LONGEST:
                raise TimeoutError(base)
            time.sleep(0.02)
        return (time.perf_counter() - began) * 1000


def _is_well(address: str) -> bool:
    try:
        with urlopen(address, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
