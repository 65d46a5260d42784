"""The shipping companies: what is known of each, and the rules that their invoice numbers follow."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

from core.domain.company_names import is_called, looks_like, name_key
from core.domain.reasons import Names

OTHER = "other"


class Check(StrEnum):
    """How a wrong check digit is treated."""

    REFUSE = "refuse"
    WARN = "warn"
    OFF = "off"


class BreakerState(StrEnum):
    """Whether a service is asked: closed = yes, open = not before the next try, half_open = after one trial that goes well."""

    CLOSED = "closed"
    OPEN = "open"
    HALF_OPEN = "half_open"


class Algorithm(StrEnum):
    """How a check digit follows from the characters before it."""

    MOD7 = "mod7"
    MOD10 = "mod10"
    MOD11 = "mod11"
    S10 = "s10"


@dataclass(frozen=True)
class Shape:
    """One form a carrier's numbers have.

    In `pattern` the group `body` is what the check digit is computed over, `digit` is the check digit and `country`
    a country code that has to exist. `weights` repeat, from the right of the body for mod10, from the left for mod11.
    `prefix` is put before the body for the sum only. `check` is the strictest this form allows, whatever the carrier's.
    `blocks` are those that invented numbers are taken from: # for a running digit, ? for the check digit.
    """

    name: str
    pattern: re.Pattern[str]
    algorithm: Algorithm | None = None
    weights: tuple[int, ...] = ()
    prefix: str = ""
    check: Check | None = None
    blocks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Carrier:
    """A shipping company, with all that is known of it: the sorts of facts are explained at the top of rules.toml.

    `name` is as on screen, `codes` are the marketplaces', `home` is its country, "" for none. `zone` is that of its times that
    come without one, None where it is not known. `services` are its codes at the tracking services that know it, the usual one
    first. `watched_for` is how long its numbers are asked about after the last news. `url` is its public page for one
    `{number}`, "" for none.
    """

    code: str
    name: str
    aliases: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    home: str = ""
    zone: ZoneInfo | None = None
    services: Mapping[str, str] = field(default_factory=dict)
    watched_for: timedelta = timedelta(days=30)
    shapes: tuple[Shape, ...] = ()
    check: Check = Check.REFUSE
    url: str = ""

    @property
    def service(self) -> str:
        """The tracking service that is usually asked about it; "" for none."""
        return next(iter(self.services), "")

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called, its code among them."""
        return (self.code, self.name, *self.aliases, *self.codes)

    def has_form(self, number: str) -> bool:
        """Whether the clean number is one of the company's but for the check digit."""
        return any(shape.pattern.fullmatch(number) for shape in self.shapes)

    def strictness(self, shape: Shape) -> Check:
        """The milder of the carrier's setting and the form's own limit."""
        mildest_first = (Check.OFF, Check.WARN, Check.REFUSE)
        return min(self.check, shape.check or Check.REFUSE, key=mildest_first.index)


@dataclass(frozen=True)
class Rules:
    """All carriers by code, in the order of the screen, and the country codes (ISO 3166-1 alpha-2) that exist.

    `strangers` are names of companies that there are besides: whoever writes one means none of the carriers.
    """

    carriers: Mapping[str, Carrier]
    countries: frozenset[str] = field(default=frozenset(), repr=False)
    strangers: tuple[str, ...] = field(default=(), repr=False)

    @property
    def companies(self) -> Names:
        """What all carriers are called on screen, in its order."""
        return Names(carrier.name for carrier in self.carriers.values())

    def with_checks(self, checks: Mapping[str, Check]) -> "Rules":
        """The same rules with other strictness for the carriers given. ValueError for an unknown carrier or setting."""
        unknown = ", ".join(sorted(checks.keys() - self.carriers.keys()))
        if unknown:
            raise ValueError(f"No such carrier: {unknown}")
        changed = {code: replace(self.carriers[code], check=Check(check)) for code, check in checks.items()}
        return replace(self, carriers={**self.carriers, **changed})

    def named(self, text: str) -> Carrier | None:
        """The carrier that is called this by any of its names, however it is written; None for none."""
        return self.carriers.get(is_called(text, self._codes_by_name))

    def nearest(self, text: str) -> Carrier | None:
        """The only carrier of which a name is written almost like the text: a suggestion, never an answer."""
        return self.carriers.get(looks_like(text, self._all_by_name))

    def at_service(self, service: str, code: str) -> Carrier | None:
        """The carrier that a tracking service calls by this code; None for none."""
        return next((carrier for carrier in self.carriers.values() if carrier.services.get(service) == code), None)

    @cached_property
    def _codes_by_name(self) -> dict[str, str]:
        return {name_key(name): carrier.code for carrier in self.carriers.values() for name in carrier.names}

    @cached_property
    def _all_by_name(self) -> dict[str, str]:
        """Codes by name, with each stranger under a code of its own that no carrier has."""
        return {name_key(name): f"?{name}" for name in self.strangers} | self._codes_by_name
