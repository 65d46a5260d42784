"""What people choose for themselves, wherever they sit down: the language they read."""

from datetime import datetime

from core.domain import permissions
from core.domain.language import Language
from core.domain.people import Person
from core.domain.permissions import Act
from core.store import preferences
from core.store.database import Store

_LANGUAGE = "language"


def language(store: Store, *, person: Person) -> Language | None:
    """The language that the person chose; None where the browser's counts. Raises Forbidden."""
    permissions.require(person, Act.SEE)
    chosen = preferences.chosen(store, person.name).get(_LANGUAGE, "")
    return Language(chosen) if chosen in set(Language) else None


def choose_language(store: Store, wanted: Language, *, person: Person, now: datetime) -> None:
    """From now on the desk speaks this language to the person. Raises Forbidden."""
    permissions.require(person, Act.SEE)
    store.write(lambda connection: preferences.choose(connection, person.name, _LANGUAGE, wanted, now))
