"""The shipping companies: what is known of each, the rules that their invoice numbers follow, and which one a name means."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from difflib import get_close_matches
from enum import StrEnum
from functools import lru_cache
from unicodedata import normalize
from zoneinfo import ZoneInfo

from core.domain.language import Language, speech, tr, worded
from core.domain.reasons import Names
from core.domain.texts import folded, letters_of, without_legal_form
from core.domain.values import once

OTHER, OWN = "other", "own"
TAKES_ANY = frozenset((OTHER, OWN))
"""A company that has no entry, and the shop itself: nothing in a number says that it is theirs."""

_MOST_NAMED = 6
_NOT_FIXED = re.compile(r"\(\?P<\w+>|\\.|\[[^\]]*\]")
_CLASS = re.compile(r"\[[^\]]*\]")


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


@worded("name")
@dataclass(frozen=True)
class Shape:
    """One form a carrier's numbers have.

    In `pattern` the group `body` is what the check digit is computed over, `digit` is the check digit and `country`
    a country code that has to exist. `weights` repeat, from the right of the body for mod10, from the left for mod11.
    `prefix` is put before the body for the sum only. `check` is the strictest this form allows, whatever the carrier's.
    `blocks` are those that invented numbers are taken from: # for a running digit, ? for the check digit. `plain` says of a form
    that tells nothing that it brings the company up all the same.
    """

    name: str
    pattern: re.Pattern[str]
    algorithm: Algorithm | None = None
    weights: tuple[int, ...] = ()
    prefix: str = ""
    check: Check | None = None
    blocks: tuple[str, ...] = ()
    plain: bool = False

    @once
    def telling(self) -> bool:
        """Whether the form says whose a number is: by a check digit, or by letters of the company's own."""
        return self.algorithm is not None or self._has_own_letters

    @property
    def proposed(self) -> bool:
        """Whether a number of the form brings the company up."""
        return self.telling or self.plain

    @once
    def wraps(self) -> bool:
        """Whether a number of the form has another one form than its own characters."""
        return "number" in self.pattern.groupindex

    @once
    def takes_digits(self) -> bool:
        """Whether a number without letters may have the form."""
        return not self._has_own_letters and all("0-9" in one for one in self._classes_of_letters)

    @once
    def takes_letters(self) -> bool:
        """Whether a number with letters may have the form."""
        return self._has_own_letters or bool(self._classes_of_letters)

    @property
    def _has_own_letters(self) -> bool:
        return any("A" <= character <= "Z" for character in _NOT_FIXED.sub("", self.pattern.pattern))

    @property
    def _classes_of_letters(self) -> list[str]:
        return [one for one in _CLASS.findall(self.pattern.pattern) if any("A" <= character <= "Z" for character in one)]


@dataclass(frozen=True)
class Carrier:
    """A shipping company, with all that is known of it: the sorts of facts are explained at the top of rules.toml.

    `name` is as on screen, `english` or the one of `local` in the reader's language; `codes` are the marketplaces', `home` is its country, "" for none. `zone` is that of its times that
    come without one, None where it is not known. `services` are its codes at the tracking services that know it, the usual one
    first. `watched_for` is how long its numbers are asked about after the last news. `undocumented` is how a number of a form that
    nobody documents is treated, refused or to be confirmed. `url` is its public page for one `{number}`, "" for none. `source` says
    where the facts are from. `retired` is whether an admin took it out of use.
    """

    code: str
    english: str
    aliases: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    home: str = ""
    zone: ZoneInfo | None = None
    services: Mapping[str, str] = field(default_factory=dict)
    watched_for: timedelta = timedelta(days=30)
    shapes: tuple[Shape, ...] = ()
    check: Check = Check.REFUSE
    undocumented: Check = Check.WARN
    url: str = ""
    source: str = ""
    retired: bool = False
    local: Mapping[Language, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What it is called in the language of whoever reads."""
        return self.local.get(speech().language, self.english)

    @property
    def service(self) -> str:
        """The tracking service that is usually asked about it; "" for none."""
        return next(iter(self.services), "")

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called, its code among them."""
        return (self.code, self.english, *self.local.values(), *self.aliases, *self.codes)

    @once
    def proposed_shapes(self) -> tuple[tuple[int, Shape], ...]:
        """The forms that bring it up, with their ranks."""
        ranked = enumerate(self.shapes) if self.code not in TAKES_ANY else ()
        return tuple((rank, shape) for rank, shape in ranked if shape.proposed)

    def has_form(self, number: str) -> bool:
        """Whether the clean number is one of the company's but for the check digit."""
        return any(shape.pattern.fullmatch(number) for shape in self.shapes)

    def strictness(self, shape: Shape) -> Check:
        """The milder of the carrier's setting and the form's own limit."""
        mildest_first = (Check.OFF, Check.WARN, Check.REFUSE)
        return min(self.check, shape.check or Check.REFUSE, key=mildest_first.index)


def some_companies(names: Sequence[str], most: int) -> Names:
    """So many of the names as a sentence says them, and that there are others."""
    return Names([*names[:most], *([tr("another from the list")] if len(names) > most else [])])


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
        """Whom a sentence names that asks for a company: the first on screen, and that there are others."""
        return some_companies([carrier.name for carrier in self.carriers.values()], _MOST_NAMED)

    @once
    def offered(self) -> Mapping[str, Carrier]:
        """The carriers for new shipments: all but those that are retired."""
        return {code: carrier for code, carrier in self.carriers.items() if not carrier.retired}

    def with_retired(self, codes: Collection[str]) -> "Rules":
        """The same rules with these carriers retired, and no others."""
        return replace(self, carriers={code: replace(one, retired=code in codes) for code, one in self.carriers.items()})

    def with_checks(self, checks: Mapping[str, Check]) -> "Rules":
        """The same rules with other strictness for the carriers given. ValueError for an unknown carrier or setting."""
        unknown = ", ".join(sorted(checks.keys() - self.carriers.keys()))
        if unknown:
            raise ValueError(f"No such carrier: {unknown}")
        changed = {code: replace(self.carriers[code], check=Check(check)) for code, check in checks.items()}
        return replace(self, carriers={**self.carriers, **changed})

    def named(self, text: str) -> Carrier | None:
        """The carrier that is called this by any of its names, however it is written; None for none."""
        return self.carriers.get(is_called(text, self._codes_by_name, TAKES_ANY))

    def nearest(self, text: str) -> Carrier | None:
        """The only carrier of which a name is written almost like the text: a suggestion, never an answer."""
        return self.carriers.get(looks_like(text, self._all_by_name))

    def at_service(self, service: str, code: str) -> Carrier | None:
        """The carrier that a tracking service calls by this code; None for none."""
        return next((carrier for carrier in self.carriers.values() if carrier.services.get(service) == code), None)

    def proposed_for(self, number: str) -> "ProposedForms":
        """The carriers with the forms that may bring them up for a number of digits or with letters, in the order of the screen."""
        return self._for_digits if number.isdigit() else self._for_letters

    @once
    def wrapping(self) -> tuple[Carrier, ...]:
        """The carriers of which a number may have another one form."""
        return tuple(carrier for carrier in self.carriers.values() if any(shape.wraps for shape in carrier.shapes))

    @once
    def _for_digits(self) -> "ProposedForms":
        return self._proposed(lambda shape: shape.takes_digits)

    @once
    def _for_letters(self) -> "ProposedForms":
        return self._proposed(lambda shape: shape.takes_letters)

    def _proposed(self, takes: Callable[[Shape], bool]) -> "ProposedForms":
        found = ((one, tuple(ranked for ranked in one.proposed_shapes if takes(ranked[1]))) for one in self.carriers.values())
        return tuple((carrier, shapes) for carrier, shapes in found if shapes)

    @once
    def _codes_by_name(self) -> dict[str, str]:
        return {name_key(name): carrier.code for carrier in self.carriers.values() for name in carrier.names}

    @once
    def _all_by_name(self) -> dict[str, str]:
        """Codes by name, with each stranger under a code of its own that no carrier has."""
        return {name_key(name): f"?{name}" for name in self.strangers} | self._codes_by_name


ProposedForms = tuple[tuple[Carrier, tuple[tuple[int, Shape], ...]], ...]


# Their names, compared however they are written.

_REMARK = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?|【[^【】]*】?|〔[^〔〕]*〕?|<[^<>]*>?|「[^「」]*」?|『[^『』]*』?")
_FORMERLY = re.compile(r"^(?:구|舊|旧|前|formerly|former)(?=.)")
_PARCELS = re.compile(r"택배사?$")
_TRADE = re.compile(
    r"express|logistics?|postal|post|parcels?|courier|transport(?:ation)?|delivery|shipping"
    r"|택배사?|로지스틱스|로지스|익스프레스|우편|우체국|통운|運輸|急便|郵便|通運|宅配便|宅配|速运|速運|速递|速遞|快递|快遞"
)
_ALIKE = 0.8
_SHORTEST_GUESSED = 5


def name_key(text: str) -> str:
    """The form in which names are kept: width, case and kana folded; blanks, punctuation and legal forms gone."""
    return letters_of(without_legal_form(folded(text)))


def is_called(text: str, by_key: Mapping[str, str], nobodys: Collection[str] = ()) -> str:
    """The code of the company that is called this, "" for none; `by_key` are the codes by the keys of the names.

    The whole text decides first, then without "former" and without the word for parcels, then without what stands in brackets,
    unless that names another company; behind one of the codes that are `nobodys` it names the company.
    """
    if code := _code_of(name_key(text), by_key):
        return code
    said = without_legal_form(folded(text))
    code = _code_of(letters_of(_REMARK.sub(" ", said)), by_key)
    others = {_code_of(letters_of(remark), by_key) for remark in _REMARK.findall(said)} - {"", code}
    return others.pop() if len(others) == 1 and code in nobodys else "" if others else code


def looks_like(text: str, by_key: Mapping[str, str]) -> str:
    """The code of the only company of which a name is written almost like this, "" for none.

    One letter in five may be wrong, missing or too many, in what is a name's own or in the words of the trade behind it:
    `Japan Express` is not almost `Japan Post`. Hangul is counted by its letters, and in one syllable.
    """
    key = name_key(text)
    if key in by_key:
        return ""
    by_letters = {_letters(name): name for name in by_key}
    close = get_close_matches(_letters(key), by_letters, n=len(by_letters), cutoff=_ALIKE)
    codes = {by_key[name] for name in map(by_letters.__getitem__, close) if _mistyped(key, name)}
    return codes.pop() if len(codes) == 1 else ""


def _mistyped(key: str, name: str) -> bool:
    """Whether the slip is in the words of the trade, or in an own name that is long enough to tell."""
    if _syllables_apart(key, name) > 1:
        return False
    own, typed = (_letters(_TRADE.sub("", one)) for one in (name, key))
    if len(own) < _SHORTEST_GUESSED:
        trade = _letters(name)[len(own) : len(own) + 2]
        return bool(trade) and _letters(key).startswith(own + trade)
    return _letters(key).startswith(own) or bool(get_close_matches(typed, [own], cutoff=_ALIKE))


def _syllables_apart(key: str, name: str) -> int:
    """How many syllables two names in Hangul differ by, more than any where one has more of them; 0 for other scripts."""
    if not any("가" <= character <= "힣" for character in key):
        return 0
    return sum(map(str.__ne__, key, name)) if len(key) == len(name) else len(key) + len(name)


def _code_of(key: str, by_key: Mapping[str, str]) -> str:
    return next((by_key[spelling] for spelling in _spellings(key) if spelling in by_key), "")


def _spellings(key: str) -> Iterator[str]:
    now = _FORMERLY.sub("", key)
    yield from (key, _PARCELS.sub("", key), now, _PARCELS.sub("", now))


@lru_cache(maxsize=4096)
def _letters(key: str) -> str:
    return normalize("NFD", key)
