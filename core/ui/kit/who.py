"""Who sits at this browser tab, and what they may do."""

from collections.abc import Callable
from datetime import datetime

from core.domain.clock import Clock
from core.domain.history import ChangeSource
from core.domain.people import Person
from core.domain.visit import Visit
from core.runtime import Runtime
from core.services.shipments.changes import Actor


def person(runtime: Runtime) -> Person:
    """Whoever is here now, with the role of this moment."""
    return runtime.settings.local


def visit(runtime: Runtime, now: datetime | None = None) -> Visit:
    """Whoever is here, as the one who looks at the desk: now, or at the moment the page is drawn for."""
    return Visit(person(runtime), Clock(now or runtime.now(), runtime.settings.zone))


def later(runtime: Runtime) -> Callable[[], Visit]:
    """Whoever is here now, as the one who looks at the desk when a file is made: by then no page is there to ask."""
    somebody = person(runtime)
    return lambda: Visit(somebody, Clock(runtime.now(), runtime.settings.zone))


def actor(runtime: Runtime, source: ChangeSource = ChangeSource.FORM) -> Actor:
    """Whoever is here, as the one who changes something."""
    return Actor(person(runtime), source)
