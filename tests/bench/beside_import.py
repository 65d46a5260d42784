"""A large file imported into a large shop while somebody looks at the list."""

import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.sorting import Order
from core.services.shipments import queries
from core.store.database import Store
from tests.bench.importing import import_file, write
from tests.bench.measuring import Spread, milliseconds
from tests.bench.shop import ZONE
from tests.builders import a_visit, total

PAUSE = 0.5


@dataclass(frozen=True)
class Beside:
    """The time of the import, and those of a first page meanwhile."""

    ours: Spread
    page: Spread


def measured(file: Path, rows: int) -> Beside:
    """Imports so many new rows into the file. Raises AssertionError when not each of them is there afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        new = Path(folder) / "shipments.csv"
        write(new, rows)
        store = Store.open(file)
        try:
            before = total(store)
            with _Looking(lambda: _page(store)) as looking:
                took = milliseconds(lambda: import_file(store, new))
            assert total(store) == before + rows
        finally:
            store.close()
    return Beside(Spread.of([took]), Spread.of(looking.times))


def _page(store: Store) -> object:
    visit = a_visit(datetime.now(UTC), ZONE)
    return queries.page(store, Selection(tab=Tab.DELIVERED), Order(), visit=visit, size=50, number=lambda pages: 1)


class _Looking:
    """Somebody who looks again and again."""

    def __init__(self, look: Callable[[], object]) -> None:
        self.times: list[float] = []
        self._look, self._over = look, threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self) -> "_Looking":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _work(self) -> None:
        while not self.times or not self._over.wait(PAUSE):
            self.times.append(milliseconds(self._look))
