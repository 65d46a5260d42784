"""The shipping companies and the rules of their invoice numbers, read from rules.toml into the domain's types."""

import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.carriers.reasons import RulesFault, RulesPlace
from core.carriers.services import SERVICES
from core.domain.carriers import Algorithm, Carrier, Check, Rules, Shape, name_key
from core.domain.countries import COUNTRIES
from core.domain.language import Language
from core.domain.reasons import Names, Why

_FILE = Path(__file__).with_name("rules.toml")
_UNDOCUMENTED = (Check.REFUSE, Check.WARN)
_WEIGHTED = (Algorithm.MOD10, Algorithm.MOD11)
_OF_CARRIER = {
    "code",
    "name",
    "korean",
    "japanese",
    "aliases",
    "codes",
    "home",
    "zone",
    "services",
    "watch_days",
    "check",
    "undocumented",
    "url",
    "source",
    "shape",
}
_OF_SHAPE = {"name", "pattern", "algorithm", "weights", "prefix", "check", "blocks", "plain"}
_USUAL = Carrier("", "")
_WHOLE = RulesPlace.FILE()


class RulesError(ValueError):
    """The rules cannot be used; the reason says which carrier and which form of its numbers is at fault."""


@cache
def load() -> Rules:
    """The rules shipped with the application, read once. RulesError when the file cannot be used."""
    try:
        return parse(_FILE.read_text(encoding="utf-8"))
    except OSError as problem:
        raise RulesError(RulesFault.NOT_READ(file=_FILE.name, why=problem.strerror)) from problem


def parse(text: str) -> Rules:
    """The rules in a TOML text laid out as explained at the top of rules.toml. RulesError when it is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise RulesError(RulesFault.NO_TOML(why=problem)) from problem
    carriers = [_carrier(entry) for entry in _wanted(data, "carrier", list, _WHOLE)]
    _refuse_shared_names(carriers)
    return Rules({carrier.code: carrier for carrier in carriers}, COUNTRIES, _texts(data, "strangers", _WHOLE))


def _carrier(entry: Mapping[str, Any]) -> Carrier:
    code = _wanted(entry, "code", str, RulesPlace.A_CARRIER())
    where = RulesPlace.CARRIER(code=code)
    _refuse_unknown_keys(entry, _OF_CARRIER, where)
    shapes = _wanted(entry, "shape", list, where)
    return Carrier(
        code=code,
        english=_wanted(entry, "name", str, where),
        local=_local(entry, where),
        aliases=_texts(entry, "aliases", where),
        codes=_texts(entry, "codes", where),
        home=_home(_wanted(entry, "home", str, where, ""), where),
        zone=_zone(_wanted(entry, "zone", str, where, ""), where),
        services=_services(_wanted(entry, "services", dict, where, {}), where),
        watched_for=_days(_wanted(entry, "watch_days", int, where, _USUAL.watched_for.days), where),
        shapes=tuple(_shape(shape, RulesPlace.SHAPE(code=code, number=number)) for number, shape in enumerate(shapes, 1)),
        check=_check(_wanted(entry, "check", str, where, Check.REFUSE), where),
        undocumented=_undocumented(_wanted(entry, "undocumented", str, where, Check.WARN), where),
        url=_url(_wanted(entry, "url", str, where, ""), where),
        source=_source(_wanted(entry, "source", str, where), where),
    )


def _shape(entry: Mapping[str, Any], where: Why) -> Shape:
    _refuse_unknown_keys(entry, _OF_SHAPE, where)
    algorithm = _algorithm(entry.get("algorithm"), where)
    pattern = _pattern(_wanted(entry, "pattern", str, where), algorithm, where)
    check = entry.get("check")
    return Shape(
        name=_wanted(entry, "name", str, where),
        pattern=pattern,
        algorithm=algorithm,
        weights=_weights(_wanted(entry, "weights", list, where, []), algorithm, where),
        prefix=_wanted(entry, "prefix", str, where, ""),
        check=None if check is None else _check(check, where),
        blocks=_blocks(_texts(entry, "blocks", where), pattern, where),
        plain=_wanted(entry, "plain", bool, where, False),
    )


def _wanted(entry: Mapping[str, Any], key: str, kind: type, where: Why, default: Any = None) -> Any:
    if not isinstance(entry, Mapping):
        raise RulesError(RulesFault.NO_TABLE(where=where, key=key, value=entry))
    value = entry.get(key, default)
    if value is None:
        raise RulesError(RulesFault.MISSING(where=where, key=key))
    if not isinstance(value, kind):
        raise RulesError(RulesFault.WRONG_TYPE(where=where, key=key, kind=kind.__name__, found=type(value).__name__))
    return value


def _refuse_unknown_keys(entry: Mapping[str, Any], known: set[str], where: Why) -> None:
    if unknown := Names(sorted(entry.keys() - known)):
        raise RulesError(RulesFault.UNKNOWN_KEYS(where=where, names=unknown, known=Names(sorted(known))))


def _refuse_shared_names(carriers: list[Carrier]) -> None:
    seen = Rules({})
    for carrier in carriers:
        for name in carrier.names:
            if not name_key(name):
                raise RulesError(RulesFault.NO_NAME(where=RulesPlace.CARRIER(code=carrier.code), name=name))
            if owner := seen.named(name):
                raise RulesError(RulesFault.SHARED_NAME(name=name, first=owner.code, second=carrier.code))
        seen = Rules({**seen.carriers, carrier.code: carrier})


def _texts(entry: Mapping[str, Any], key: str, where: Why) -> tuple[str, ...]:
    values = _wanted(entry, key, list, where, [])
    if not all(isinstance(value, str) and value.strip() for value in values):
        raise RulesError(RulesFault.NO_TEXTS(where=where, key=key))
    return tuple(values)


def _local(entry: Mapping[str, Any], where: Why) -> Mapping[Language, str]:
    keys = {Language.KOREAN: "korean", Language.JAPANESE: "japanese"}
    return {language: _wanted(entry, key, str, where) for language, key in keys.items() if key in entry}


def _home(code: str, where: Why) -> str:
    if code and code not in COUNTRIES:
        raise RulesError(RulesFault.NO_COUNTRY(where=where, text=code))
    return code


def _zone(name: str, where: Why) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise RulesError(RulesFault.NO_ZONE(where=where, text=name)) from problem


def _days(days: int, where: Why) -> timedelta:
    if not 1 <= days <= 365:
        raise RulesError(RulesFault.WATCH_DAYS(where=where, days=days))
    return timedelta(days=days)


def _services(codes: Mapping[str, Any], where: Why) -> Mapping[str, str]:
    if unknown := Names(sorted(codes.keys() - SERVICES.keys())):
        raise RulesError(RulesFault.NO_SERVICE(where=where, names=unknown, known=Names(SERVICES)))
    if not all(isinstance(code, str) for code in codes.values()):
        raise RulesError(RulesFault.NO_CODES(where=where))
    return codes


def _blocks(blocks: tuple[str, ...], pattern: re.Pattern[str], where: Why) -> tuple[str, ...]:
    for block in blocks:
        if not pattern.fullmatch(block.replace("#", "0").replace("?", "0")):
            raise RulesError(RulesFault.BLOCK(where=where, text=block))
    return blocks


def _check(text: str, where: Why) -> Check:
    try:
        return Check(text)
    except ValueError:
        raise RulesError(RulesFault.NO_CHOICE(where=where, key="check", text=text, known=Names(Check))) from None


def _undocumented(text: str, where: Why) -> Check:
    if text not in _UNDOCUMENTED:
        raise RulesError(RulesFault.NO_CHOICE(where=where, key="undocumented", text=text, known=Names(_UNDOCUMENTED)))
    return Check(text)


def _source(text: str, where: Why) -> str:
    if not text.strip():
        raise RulesError(RulesFault.MISSING(where=where, key="source"))
    return text


def _algorithm(text: str | None, where: Why) -> Algorithm | None:
    try:
        return None if text is None else Algorithm(text)
    except ValueError:
        raise RulesError(RulesFault.NO_CHOICE(where=where, key="algorithm", text=text, known=Names(Algorithm))) from None


def _pattern(text: str, algorithm: Algorithm | None, where: Why) -> re.Pattern[str]:
    try:
        pattern = re.compile(text, re.ASCII)
    except re.error as problem:
        raise RulesError(RulesFault.PATTERN(where=where, why=problem)) from problem
    if algorithm and not {"body", "digit"} <= pattern.groupindex.keys():
        raise RulesError(RulesFault.NO_GROUPS(where=where, algorithm=algorithm))
    return pattern


def _weights(values: list[Any], algorithm: Algorithm | None, where: Why) -> tuple[int, ...]:
    if not all(type(value) is int for value in values):
        raise RulesError(RulesFault.NO_NUMBERS(where=where))
    if (algorithm in _WEIGHTED) != bool(values):
        raise RulesError(RulesFault.WEIGHTS(where=where, algorithms=Names(_WEIGHTED)))
    return tuple(values)


def _url(text: str, where: Why) -> str:
    if text and not (text.startswith("https://") and text.count("{number}") == 1):
        raise RulesError(RulesFault.URL(where=where))
    return text
