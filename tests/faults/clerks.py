"""Clerks who save all the time, and remember what they were told was saved."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from core.domain.errors import Unavailable
from core.domain.reasons import Reason
from core.store import history
from core.store.database import Store

PATIENCE = 30.0


@dataclass
class Clerks:
    """What became of their work: `saved` are the notes that were acknowledged, `refused` why others were not, `slowest` the longest answer."""

    store: Store
    saved: list[str] = field(default_factory=list)
    refused: list[Reason] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def save(self, note: str) -> bool:
        """Whether it was acknowledged."""
        began = time.monotonic()
        try:
            self.store.write(lambda c: history.open_batch(c, by="Hana", at=datetime.now(UTC), source="form", note=note))
        except Unavailable as refusal:
            self.refused.append(refusal.reason)
            return False
        finally:
            self.slowest = max(self.slowest, time.monotonic() - began)
        self.saved.append(note)
        return True

    def read(self) -> int:
        """How many notes there are; a sentence where they cannot be read is no fault."""
        with contextlib.suppress(Unavailable):
            return int(self.store.rows("SELECT count(*) AS n FROM batch")[0]["n"])
        return -1

    def lost(self, path: Path) -> list[str]:
        """What was acknowledged and is not in this file."""
        found = Store.open(path, threads=1)
        try:
            kept = {row["note"] for row in found.rows("SELECT note FROM batch")}
        finally:
            found.close()
        return [note for note in self.saved if note not in kept]


@contextlib.contextmanager
def at_work(store: Store, people: int = 2) -> Iterator[Clerks]:
    """That many clerks, each saving and reading one after another until the block ends."""
    clerks, end = Clerks(store), threading.Event()

    def work(number: int) -> None:
        turn = 0
        while not end.is_set():
            turn += 1
            try:
                clerks.save(f"{number}-{turn}")
                clerks.read()
            except Exception as error:
                clerks.wrong.append(f"{type(error).__name__}: {str(error)[:200]}")
            end.wait(0.005)

    threads = [threading.Thread(target=work, args=(number,), daemon=True) for number in range(people)]
    for thread in threads:
        thread.start()
    until(lambda: len(clerks.saved) > 5)
    try:
        yield clerks
    finally:
        end.set()
        for thread in threads:
            thread.join(PATIENCE)


def until(true: Callable[[], object], patience: float = PATIENCE) -> float:
    """How many seconds it took to come true; infinity when it did not."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > patience:
            return float("inf")
        time.sleep(0.01)
    return time.monotonic() - began
