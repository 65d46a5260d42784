"""Every public function of the services is walked: whatever takes a person asks first whether that person may."""

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import core.services
from core.domain.clock import Clock
from core.domain.errors import Forbidden
from core.domain.people import Person
from core.domain.visit import Visit
from core.services.shipments.changes import Actor, Request

NOBODY = Person("mallory@elsewhere.example")
NOW = datetime(2026, 11, 16, tzinfo=UTC)
ASKED = {
    "request": Request(Actor(NOBODY), NOW),
    "person": NOBODY,
    "visit": Visit(NOBODY, Clock(NOW, ZoneInfo("Asia/Seoul"))),
}
WRITES_WITHIN_ANOTHERS = {
    "core.services.shipments.changes.write",
    "core.services.shipments.in_one_go.in_one_go",
    "core.services.shipments.parcel_undo.put_back",
    "core.services.shipments.actions.decision",
    "core.services.tracking.recording.record",
    "core.services.tracking.refolding.fold_again",
    "core.services.shipments.requests.written",
    "core.services.tracking.polling.watch",
    "core.services.tracking.polling.refresh_due",
    "core.services.tracking.polling.refresh_service",
    "core.services.tracking.polling.apply",
}
"""Steps inside a change that was permitted, a wait for the writer, and the desk's own work, which no person asks for."""
READS_WITHIN_ANOTHERS = {
    "core.services.keeping.backups.write_nightly",
    "core.services.health.schema",
    "core.services.health.of_file",
    "core.services.keeping.pausing.pause",
    "core.services.shipments.invoices.is_known",
    "core.services.shipments.lanes.lane_of",
    "core.services.shipments.scan.proposals",
    "core.services.tracking.carriers.rules_in_force",
    "core.services.tracking.carriers.routes",
}
"""Steps inside a look that was permitted, the desk's own work, whether it is well, and rules that hold for everybody: nothing personal is in them."""
_WRITE = ("store.write(", "return change(")


def modules() -> Iterator[ModuleType]:
    for found in pkgutil.walk_packages(core.services.__path__, "core.services."):
        yield importlib.import_module(found.name)


def public() -> Iterator[tuple[str, Callable[..., Any]]]:
    for module in modules():
        for name, member in vars(module).items():
            if name.startswith("_") or getattr(member, "__module__", "") != module.__name__:
                continue
            if inspect.isfunction(member):
                yield f"{module.__name__}.{name}", member
            elif inspect.isclass(member):
                methods = inspect.getmembers(member, inspect.isfunction)
                yield from ((f"{module.__name__}.{name}.{own}", one) for own, one in methods if not own.startswith("_"))


PUBLIC = dict(public())
ASKING = [name for name, one in PUBLIC.items() if ASKED.keys() & inspect.signature(one).parameters.keys()]


@pytest.mark.parametrize("name", [name for name in ASKING if name not in WRITES_WITHIN_ANOTHERS])
def test_nobody_gets_anything_from(name: str) -> None:
    service = PUBLIC[name]
    given = {name: ASKED.get(name, object()) for name in inspect.signature(service).parameters}
    with pytest.raises(Forbidden):
        service(**given)


def test_whatever_writes_takes_a_person() -> None:
    writing = {name for name, one in PUBLIC.items() if any(call in inspect.getsource(one) for call in _WRITE)}
    assert "core.services.shipments.invoices.register" in writing
    assert writing - set(ASKING) - WRITES_WITHIN_ANOTHERS == set()
    assert PUBLIC.keys() >= WRITES_WITHIN_ANOTHERS


def test_whatever_reads_takes_a_person() -> None:
    reading = {name for name, one in PUBLIC.items() if "store" in inspect.signature(one).parameters}
    assert reading - set(ASKING) - WRITES_WITHIN_ANOTHERS - READS_WITHIN_ANOTHERS == set()
    assert PUBLIC.keys() >= READS_WITHIN_ANOTHERS
