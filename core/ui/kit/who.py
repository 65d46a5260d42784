"""Who sits at this browser tab, and what they may do."""

from core.domain.history import ChangeSource
from core.domain.people import Person
from core.runtime import Runtime
from core.services.shipments.changes import Actor


def person(runtime: Runtime) -> Person:
    """Whoever is here now, with the role of this moment."""
    return runtime.settings.local


def actor(runtime: Runtime, source: ChangeSource = ChangeSource.FORM) -> Actor:
    """Whoever is here, as the one who changes something."""
    return Actor(person(runtime), source)
