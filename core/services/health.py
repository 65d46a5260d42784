"""What the desk says about itself to machines: its version, whether its database answers, and whether it can be written."""

import tomllib
from functools import cache
from pathlib import Path

from core.domain.errors import ShipdeskError
from core.store.database import Store, StoreHealth, schema_version

_PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"


def schema(store: Store) -> int | None:
    """The version of the database's schema; None when the database does not answer."""
    try:
        return schema_version(store)
    except ShipdeskError:
        return None


def of_file(store: Store) -> StoreHealth:
    """How the database file is: whether it can be written, and what is free on its disk."""
    return store.health


@cache
def version() -> str:
    """The version of this desk."""
    return str(tomllib.loads(_PROJECT.read_text(encoding="utf-8"))["project"]["version"])
