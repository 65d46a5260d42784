"""Whether a request is meant for the desk and made by its own pages: by the host and the origin that it names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address
from typing import Final

from core.domain.reasons import Reason, Why

LONGEST: Final = 253
_HOST: Final = re.compile(r"(?P<name>\[[0-9a-f:.]{2,45}\]|[^\[\]:/?#@\s\\%*,]+)(?::(?P<port>[0-9]{1,5}))?")
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_ORIGIN: Final = re.compile(r"(?P<scheme>https?)://(?P<host>.+)", re.IGNORECASE)
_PORTS: Final = {"http": 80, "https": 443}
_OWN_SITES: Final = ("", "same-origin", "none")


class Foreign(Reason):
    """Why a request is not answered: it was meant for another host, or made by another site's page."""

    NO_HOST = "no_host", "The request does not name one host that can be read. Open the desk by its address."
    HOST = (
        "host",
        "The desk is not known as {host}. Open it by its own address, or have this one added to SHIPDESK_HOSTS.",
    )
    ORIGIN = "origin", "This was asked from {origin}, which is another site. Open the desk itself and do it there."
    SITE = "site", "This was asked from another site. Open the desk itself and do it there."


@dataclass(frozen=True)
class Host:
    """A name or an address as browsers write it in a request, its brackets off, and the port where one is said."""

    name: str
    port: int | None = None

    def __str__(self) -> str:
        name = f"[{self.name}]" if ":" in self.name else self.name
        return name if self.port is None else f"{name}:{self.port}"

    @property
    def is_loopback(self) -> bool:
        """Whether it names the machine that says it."""
        try:
            return self.name == "localhost" or ip_address(self.name).is_loopback
        except ValueError:
            return False

    def at(self, scheme: str) -> tuple[str, int]:
        """Its name with the port that it has under http or https."""
        return self.name, self.port or _PORTS[scheme]


@dataclass(frozen=True)
class Provenance:
    """What of a request tells where it goes and comes from: its headers Host and Origin, each as often as it was sent, and
    Sec-Fetch-Site; whether it came `encrypted`, and whether it `changes` something or fetches what belongs to a session.
    """

    hosts: tuple[str, ...]
    origins: tuple[str, ...] = ()
    site: str = ""
    encrypted: bool = False
    changes: bool = False


def host_of(text: str) -> Host | None:
    """The host that a text such as `desk.example`, `desk.example:8443` or `[::1]:8501` names; None for any other text."""
    found = _HOST.fullmatch(text.strip().lower())
    name = _name(found["name"]) if found else None
    port = int(found["port"]) if found and found["port"] else None
    return Host(name, port) if name and (port is None or 0 < port < 65_536) else None


def origin_of(text: str) -> tuple[str, Host] | None:
    """The scheme and host of an origin or address such as `https://desk.example/path`; None for any other text."""
    found = _ORIGIN.fullmatch(text.strip())
    host = host_of(found["host"].partition("/")[0]) if found else None
    return (found["scheme"].lower(), host) if found and host else None


def foreign(asked: Provenance, ours: Iterable[Host]) -> Why | None:
    """Why this request is turned away; None when it may pass. `ours` are the desk's names beside those of the machine itself.

    What changes something has to come from the same scheme, name and port: another port of this machine is another site. Who
    sends no origin is no page (RFC 6454, Fetch standard): a webhook, a health check, which shows a secret where it needs one.
    """
    here = host_of(asked.hosts[0]) if len(asked.hosts) == 1 else None
    if here is None:
        return Foreign.NO_HOST()
    if not _known(here, ours := tuple(ours)):
        return Foreign.HOST(host=here)
    if asked.changes and asked.site not in _OWN_SITES:
        return Foreign.SITE()
    return _foreign_origin(asked, here, ours) if asked.origins else None


def _foreign_origin(asked: Provenance, here: Host, ours: tuple[Host, ...]) -> Why | None:
    origin = origin_of(asked.origins[0]) if len(asked.origins) == 1 else None
    if origin is None:
        return Foreign.SITE()
    scheme, there = origin
    if asked.changes:
        passes = there.at(scheme) == here.at(scheme) and (scheme == "https" or not asked.encrypted)
    else:
        passes = _known(there, ours)
    return None if passes else Foreign.ORIGIN(origin=f"{scheme}://{there}")


def _known(host: Host, ours: tuple[Host, ...]) -> bool:
    ports = (host.port,) if host.port else _PORTS.values()
    return host.is_loopback or any(one.name == host.name and (one.port is None or one.port in ports) for one in ours)


def _name(text: str) -> str | None:
    """The name in the one form in which names are compared: punycode, no dot at the end, addresses as short as they go."""
    if text.startswith("["):
        return _address(IPv6Address, text[1:-1])
    try:
        name = text.encode("idna").decode().lower().removesuffix(".") if len(text) <= LONGEST else ""
    except UnicodeError:
        return None
    if name.replace(".", "").isdecimal():
        return _address(IPv4Address, name)
    return name if name and all(map(_LABEL.fullmatch, name.split("."))) else None


def _address(kind: type[IPv4Address | IPv6Address], text: str) -> str | None:
    try:
        return str(kind(text))
    except AddressValueError:
        return None
