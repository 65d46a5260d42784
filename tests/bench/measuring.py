"""How long something takes: medians with their spread, beside what else was asked the same, and its limit."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from tests.bench.limits import Holds, limit_of

REPEATS, PATIENCE = 9, 2.5
"""How often something is repeated, and after how many seconds of it no more."""
LONGEST = 3.0
"""After how many seconds another engine is not waited for."""


class TooSlow(Exception):
    """The answer did not come within `LONGEST`."""


@dataclass(frozen=True)
class Spread:
    """The median of several times and their 95th percentile, in milliseconds."""

    median: float
    p95: float

    @classmethod
    def of(cls, times: Iterable[float]) -> "Spread":
        found = sorted(times)
        return cls(median(found), quantiles(found, n=20, method="inclusive")[-1] if len(found) > 1 else found[0])


@dataclass(frozen=True)
class Line:
    """One operation at one size. `beside` has the same of others by their name, None where it took longer than `LONGEST`."""

    name: str
    shipments: int
    ours: Spread
    beside: Mapping[str, float | None] = field(default_factory=dict)
    unit: str = "ms"

    @property
    def limit(self) -> float | None:
        """The most it may take; None where nothing is asked of it."""
        return limit_of(self.name, self.shipments, self.beside)

    @property
    def holds(self) -> Holds:
        return Holds.NOT_ASKED if self.limit is None else Holds.YES if self.ours.median <= self.limit else Holds.NO

    def ratio(self, other: str) -> float | None:
        """How many times as long the other takes."""
        taken = self.beside.get(other)
        return taken / self.ours.median if taken is not None and self.ours.median else None

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> "Line":
        """The line of which a file says this."""
        timed = said["ms"] is not None
        unit = "ms" if timed else next(name for name in said if name not in _SAID)
        ours = Spread(said["ms"], said["p95"]) if timed else Spread(said[unit], said[unit])
        return cls(said["name"], said["shipments"], ours, said["beside"], unit)

    @property
    def as_json(self) -> dict[str, Any]:
        """What a file says of it; of what is no time, `ms` is null and the number is under its unit."""
        timed = self.unit == "ms"
        number = {} if timed else {self.unit: round(self.ours.median, 3)}
        return {
            "name": self.name,
            "shipments": self.shipments,
            "ms": round(self.ours.median, 3) if timed else None,
            "p95": round(self.ours.p95, 3) if timed else None,
            **number,
            "beside": {name: None if taken is None else round(taken, 3) for name, taken in self.beside.items()},
            "limit": self.limit,
            "holds": {Holds.YES: True, Holds.NO: False}.get(self.holds),
        }


_SAID = ("name", "shipments", "ms", "p95", "beside", "limit", "holds")


def timed(work: Callable[[], object]) -> Spread:
    """Warm runs of the work: fewer where it takes long, the first alone where that is `PATIENCE`."""
    first = milliseconds(work)
    times: list[float] = []
    while len(times) < REPEATS and first + sum(times) < PATIENCE * 1000:
        times.append(milliseconds(work))
    return Spread.of(times or [first])


def taken(work: Callable[[], object]) -> float | None:
    """The median of the same; None where it is too slow to be waited for."""
    try:
        return timed(work).median
    except TooSlow:
        return None


def milliseconds(work: Callable[[], object]) -> float:
    """How long the work took, once."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000
