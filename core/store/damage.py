"""What can be wrong with a database file: the words under which it is counted, beside what does not agree (`core.store.agreement`)."""

from collections.abc import Iterable

FILE, PARTS, REST, LOG = "file", "parts", "rest", "log"
"""The file cannot be opened; so many of its parts are damaged; so many bytes at its end are no part; its log is, from a byte on."""
_TABLE = "table "


def of_table(name: str) -> str:
    """The word for a table that is not whole."""
    return _TABLE + name


def tables_in(words: Iterable[str]) -> list[str]:
    """The tables that these words tell of, by name."""
    return sorted(word.removeprefix(_TABLE) for word in words if word.startswith(_TABLE))
