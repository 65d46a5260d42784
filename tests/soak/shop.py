"""What all people at work share: the desk, what waits, which numbers are free, what was acknowledged, what went wrong, how long each act took."""

import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from core.carriers.rules import load
from core.domain.invoice_number import complete

CJ = load().carriers["cj"]
LONGEST = 600.0
"""Seconds after which an act has failed: a busy machine is slow, only a lost answer never comes."""


def fresh_numbers() -> Iterator[str]:
    """Invoice numbers that nobody has used."""
    for n in range(100_000, 999_999):
        yield complete(CJ, f"65{n:09}")


@dataclass
class Shop:
    """Where the desk is and what happened at it. `think` is the mean of the seconds between two acts of one person; what takes `longest`
    has failed.
    """

    address: str
    waiting: list[str]
    think: float
    longest: float = LONGEST
    numbers: Iterator[str] = field(default_factory=fresh_numbers)
    acknowledged: list[tuple[str, str, datetime]] = field(default_factory=list)
    imported: list[tuple[str, datetime]] = field(default_factory=list)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)

    def heard(self, *registered: tuple[str, str]) -> None:
        """The desk said that these numbers are registered on these shipments."""
        at = datetime.now(UTC)
        self.acknowledged += [(shipment_no, number, at) for shipment_no, number in registered]

    @contextmanager
    def timed(self, act: str) -> Iterator[None]:
        """Counts the seconds of an act that comes to its end."""
        started = time.monotonic()
        yield
        self.seconds[act].append(time.monotonic() - started)
