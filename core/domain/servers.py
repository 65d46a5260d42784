"""Database servers as they are named: an address that says which, and never the password when it is shown."""

import re
from dataclasses import dataclass, field

_URL = re.compile(
    r"postgres(?:ql)?://(?:(?P<user>[^:@/?#]*)(?::[^@/?#]*)?@)?(?P<hosts>[^@/?#]*)(?:/(?P<name>[^/?#]*))?(?:\?[^#]*)?"
)
_SCHEMES = ("postgres:", "postgresql:")


@dataclass(frozen=True)
class Server:
    """A database on a PostgreSQL server; as a text it is shown without user, password and options."""

    url: str = field(repr=False)

    def __str__(self) -> str:
        found = _URL.fullmatch(self.url)
        assert found
        return f"postgresql://{found['hosts'] or 'localhost'}/{found['name']}"


def names_server(text: str) -> bool:
    """Whether a server is meant, rightly written or not, and no file."""
    return text.lower().startswith(_SCHEMES)


def server_of(text: str) -> Server | None:
    """The database server of an address like postgresql://user@host:5432/shop, with several hosts one after another; None for no such."""
    found = _URL.fullmatch(text)
    return Server(text) if found and found["name"] and text.isprintable() and " " not in text else None
