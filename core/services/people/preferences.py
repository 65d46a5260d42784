"""What people choose for themselves, wherever they sit down: language, first page, columns of the list, keys."""

import json
from collections.abc import Iterable
from datetime import datetime

from core.domain import columns, permissions
from core.domain.columns import ListColumn
from core.domain.language import Language
from core.domain.people import Person
from core.domain.permissions import Act
from core.store import preferences
from core.store.database import Store

_LANGUAGE = "language"
_FIRST_PAGE = "first_page"
_COLUMNS = "columns"
_KEYS = "keys"
_OFF = "off"


def language(store: Store, *, person: Person) -> Language | None:
    """The language that the person chose; None where the browser's counts. Raises Forbidden."""
    chosen = _chosen(store, person).get(_LANGUAGE, "")
    return Language(chosen) if chosen in set(Language) else None


def choose_language(store: Store, wanted: Language, *, person: Person, now: datetime) -> None:
    """From now on the desk speaks this language to the person. Raises Forbidden."""
    _choose(store, _LANGUAGE, wanted, person, now)


def first_page(store: Store, *, person: Person) -> str:
    """What opens for the person at the start: the name of a page, or the id of a saved view; "" for the desk's own. Raises Forbidden."""
    return _chosen(store, person).get(_FIRST_PAGE, "")


def choose_first_page(store: Store, wanted: str, *, person: Person, now: datetime) -> None:
    """From now on this opens at the start, as `first_page` gives it. Raises Forbidden."""
    _choose(store, _FIRST_PAGE, wanted, person, now)


def list_columns(store: Store, *, person: Person) -> tuple[ListColumn, ...]:
    """The columns of the list that the person shows, in their order. Raises Forbidden."""
    return columns.shown(_texts(_chosen(store, person).get(_COLUMNS, "")))


def keep_columns(store: Store, wanted: Iterable[str], *, person: Person, now: datetime) -> None:
    """From now on the person's list has these columns; of none, all of them. Raises Forbidden."""
    permissions.require(person, Act.SEE)
    kept = columns.shown(wanted)
    _choose(store, _COLUMNS, json.dumps(kept) if kept != tuple(ListColumn) else "", person, now)


def keys(store: Store, *, person: Person) -> bool:
    """Whether keys of the keyboard do something for the person. Raises Forbidden."""
    return _chosen(store, person).get(_KEYS, "") != _OFF


def switch_keys(store: Store, on: bool, *, person: Person, now: datetime) -> None:
    """From now on keys do something for the person, or nothing. Raises Forbidden."""
    _choose(store, _KEYS, "" if on else _OFF, person, now)


def _chosen(store: Store, person: Person) -> dict[str, str]:
    permissions.require(person, Act.SEE)
    return preferences.chosen(store, person.name)


def _choose(store: Store, name: str, value: str, person: Person, now: datetime) -> None:
    permissions.require(person, Act.SEE)
    store.write(lambda connection: preferences.choose(connection, person.name, name, value, now))


def _texts(said: str) -> list[str]:
    """The list of texts that a choice is kept as; of anything else, nothing."""
    try:
        found = json.loads(said or "[]")
    except ValueError:
        return []
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
