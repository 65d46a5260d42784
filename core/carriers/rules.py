"""The shipping companies and the rules of their invoice numbers, read from rules.toml into the domain's types."""

import re
import tomllib
from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.carriers.services import SERVICES
from core.domain.carriers import Algorithm, Carrier, Check, Rules, Shape
from core.domain.company_names import name_key
from core.domain.countries import COUNTRIES

_FILE = Path(__file__).with_name("rules.toml")
_WEIGHTED = (Algorithm.MOD10, Algorithm.MOD11)
_OF_CARRIER = {"code", "name", "aliases", "codes", "home", "zone", "services", "watch_days", "check", "url", "shape"}
_OF_SHAPE = {"name", "pattern", "algorithm", "weights", "prefix", "check", "blocks"}
_USUAL = Carrier("", "")


class RulesError(ValueError):
    """The rules cannot be used; the text says which carrier and which form of its numbers is at fault."""


@cache
def load() -> Rules:
    """The rules shipped with the application, read once. RulesError when the file cannot be used."""
    try:
        return parse(_FILE.read_text(encoding="utf-8"))
    except OSError as problem:
        raise RulesError(f"{_FILE.name} cannot be read: {problem.strerror}") from problem


def parse(text: str) -> Rules:
    """The rules in a TOML text laid out as explained at the top of rules.toml. RulesError when it is wrong."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        raise RulesError(f"The rules are not valid TOML: {problem}") from problem
    carriers = [_carrier(entry) for entry in _wanted(data, "carrier", list, "The file of rules")]
    _refuse_shared_names(carriers)
    return Rules({carrier.code: carrier for carrier in carriers}, COUNTRIES, _texts(data, "strangers", "The file of rules"))


def _carrier(entry: Mapping[str, Any]) -> Carrier:
    code = _wanted(entry, "code", str, "A carrier")
    where = f'Carrier "{code}"'
    _refuse_unknown_keys(entry, _OF_CARRIER, where)
    shapes = _wanted(entry, "shape", list, where)
    return Carrier(
        code=code,
        name=_wanted(entry, "name", str, where),
        aliases=_texts(entry, "aliases", where),
        codes=_texts(entry, "codes", where),
        home=_home(_wanted(entry, "home", str, where, ""), where),
        zone=_zone(_wanted(entry, "zone", str, where, ""), where),
        services=_services(_wanted(entry, "services", dict, where, {}), where),
        watched_for=_days(_wanted(entry, "watch_days", int, where, _USUAL.watched_for.days), where),
        shapes=tuple(_shape(shape, f"{where}, shape {number}") for number, shape in enumerate(shapes, 1)),
        check=_check(_wanted(entry, "check", str, where, Check.REFUSE), where),
        url=_url(_wanted(entry, "url", str, where, ""), where),
    )


def _shape(entry: Mapping[str, Any], where: str) -> Shape:
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
    )


def _wanted(entry: Mapping[str, Any], key: str, kind: type, where: str, default: Any = None) -> Any:
    if not isinstance(entry, Mapping):
        raise RulesError(f"{where} has to be a table with a {key}, not {entry!r}.")
    value = entry.get(key, default)
    if value is None:
        raise RulesError(f"{where} has no {key}.")
    if not isinstance(value, kind):
        raise RulesError(f"{where}: {key} has to be of type {kind.__name__}, not {type(value).__name__}.")
    return value


def _refuse_unknown_keys(entry: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := ", ".join(sorted(entry.keys() - known)):
        raise RulesError(f"{where}: {unknown} is not known here; known are {', '.join(sorted(known))}.")


def _refuse_shared_names(carriers: list[Carrier]) -> None:
    seen = Rules({})
    for carrier in carriers:
        for name in carrier.names:
            if not name_key(name):
                raise RulesError(f'Carrier "{carrier.code}": "{name}" has nothing that names a company.')
            if owner := seen.named(name):
                raise RulesError(f'"{name}" stands for both {owner.code} and {carrier.code}.')
        seen = Rules({**seen.carriers, carrier.code: carrier})


def _texts(entry: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    values = _wanted(entry, key, list, where, [])
    if not all(isinstance(value, str) and value.strip() for value in values):
        raise RulesError(f"{where}: {key} have to be texts.")
    return tuple(values)


def _home(code: str, where: str) -> str:
    if code and code not in COUNTRIES:
        raise RulesError(f'{where}: home is "{code}", which is no country code.')
    return code


def _zone(name: str, where: str) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError) as problem:
        raise RulesError(f'{where}: zone is "{name}", which is no time zone such as Asia/Seoul.') from problem


def _days(days: int, where: str) -> timedelta:
    if not 1 <= days <= 365:
        raise RulesError(f"{where}: watch_days is {days}; it can be 1 to 365.")
    return timedelta(days=days)


def _services(codes: Mapping[str, Any], where: str) -> Mapping[str, str]:
    if unknown := ", ".join(codes.keys() - SERVICES.keys()):
        raise RulesError(f"{where}: {unknown} is no tracking service; there are {', '.join(SERVICES)}.")
    if not all(isinstance(code, str) for code in codes.values()):
        raise RulesError(f'{where}: the codes in services have to be texts, "" where there is none.')
    return codes


def _blocks(blocks: tuple[str, ...], pattern: re.Pattern[str], where: str) -> tuple[str, ...]:
    for block in blocks:
        if not pattern.fullmatch(block.replace("#", "0").replace("?", "0")):
            raise RulesError(f"{where}: the block {block} does not fit the pattern.")
    return blocks


def _check(text: str, where: str) -> Check:
    try:
        return Check(text)
    except ValueError:
        raise RulesError(f'{where}: check is "{text}"; it can be {", ".join(Check)}.') from None


def _algorithm(text: str | None, where: str) -> Algorithm | None:
    try:
        return None if text is None else Algorithm(text)
    except ValueError:
        raise RulesError(f'{where}: algorithm is "{text}"; it can be {", ".join(Algorithm)}.') from None


def _pattern(text: str, algorithm: Algorithm | None, where: str) -> re.Pattern[str]:
    try:
        pattern = re.compile(text, re.ASCII)
    except re.error as problem:
        raise RulesError(f"{where}: the pattern cannot be read: {problem}.") from problem
    if algorithm and not {"body", "digit"} <= pattern.groupindex.keys():
        raise RulesError(f"{where}: the pattern needs the groups body and digit for {algorithm}.")
    return pattern


def _weights(values: list[Any], algorithm: Algorithm | None, where: str) -> tuple[int, ...]:
    if not all(type(value) is int for value in values):
        raise RulesError(f"{where}: weights have to be whole numbers.")
    if (algorithm in _WEIGHTED) != bool(values):
        raise RulesError(f"{where}: weights belong to {' and '.join(_WEIGHTED)}, and only there.")
    return tuple(values)


def _url(text: str, where: str) -> str:
    if text and not (text.startswith("https://") and text.count("{number}") == 1):
        raise RulesError(f"{where}: url has to start with https:// and to hold {{number}} once.")
    return text
