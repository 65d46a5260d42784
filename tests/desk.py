"""A desk that can ask: a clock of its own, a service that says what it is told to, a small demo shop with its sandbox served."""

import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.carriers.service import Number, TrackingAnswer, Trouble
from core.config import Settings
from core.demo import make_demo
from core.domain.carriers import Rules
from core.domain.shipment import Checkpoint
from core.runtime import Runtime
from core.services.tracking.polling import Tracker
from core.store.database import Store
from core.web.serving import served
from tests.builders import RULES, SEOUL

ROUTES = {code: "tracker_delivery" for code in RULES.carriers if code != "other"}
OPENED = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


class SetClock:
    """Asked for the time, it says what the test set."""

    def __init__(self, at: datetime = OPENED) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **by: float) -> datetime:
        self.at += timedelta(**by)
        return self.at


class Service:
    """A tracking service that says of each number what it was told to say; of others that it does not know them."""

    def __init__(self) -> None:
        self.asked: list[Number] = []
        self.says: dict[str, TrackingAnswer | Trouble | Callable[[], TrackingAnswer]] = {}

    def ask(self, service: str, numbers: Sequence[Number]) -> Mapping[Number, TrackingAnswer | Trouble]:
        self.asked += numbers
        said = {number: self.says.get(number.invoice_no, TrackingAnswer(number.invoice_no, found=False)) for number in numbers}
        return {number: one() if callable(one) else one for number, one in said.items()}

    def tells(self, number: str, *points: Checkpoint, **said: Any) -> None:
        """From now on it answers with these checkpoints."""
        self.says[number] = an_answer(number, *points, **said)


def an_answer(number: str, *points: Checkpoint, **said: Any) -> TrackingAnswer:
    """The answer that these checkpoints make, the last of them the latest status."""
    latest = points[-1] if points else None
    ordinary = {"stage": latest.stage if latest else None, "code": latest.code if latest else "", "found": bool(points)}
    return TrackingAnswer(number, checkpoints=points, **(ordinary | said))


def a_tracker(store: Store, service: Service, clock: SetClock, **said: Any) -> Tracker:
    """Tracking of this store by one service that serves all carriers."""
    ordinary = {"rules": RULES, "zone": SEOUL, "routes": lambda: ROUTES}
    return Tracker(**({"store": store, "client": service, "now": clock} | ordinary | said))


@contextmanager
def a_demo_desk(clock: SetClock, *, shipments: int = 1_200, path: Path | None = None, **settings: Any) -> Iterator[Runtime]:
    """A demo shop made at the clock's time, in memory without a path, with its sandbox on a loopback port; real speed."""
    store = Store.open(path, threads=1)
    make_demo(store, RULES, shipments=shipments, now=clock(), zone=SEOUL)
    with a_desk_on(store, clock, **settings) as desk:
        yield desk


@contextmanager
def a_desk_on(store: Store, clock: SetClock, rules: Rules = RULES, **settings: Any) -> Iterator[Runtime]:
    """The desk of this store, its routes served on a loopback port; closes the store."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        desk = Runtime(Settings(**{"sandbox_speed": 1.0} | settings), store, rules, clock, address)
        try:
            with served(desk, listening):
                yield desk
        finally:
            desk.close()
