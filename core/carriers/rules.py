"""The invoice-number rules, read from rules.toml into the domain's types."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from core.domain.countries import COUNTRIES
from core.domain.invoice_number import Algorithm, Carrier, Check, Rules, Shape

_FILE = Path(__file__).with_name("rules.toml")
_WEIGHTED = (Algorithm.MOD10, Algorithm.MOD11)


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
    return Rules({carrier.code: carrier for carrier in carriers}, COUNTRIES)


def _carrier(entry: Mapping[str, Any]) -> Carrier:
    code = _wanted(entry, "code", str, "A carrier")
    where = f'Carrier "{code}"'
    _refuse_unknown_keys(entry, {"code", "name", "aliases", "check", "url", "tracked", "shape"}, where)
    shapes = _wanted(entry, "shape", list, where)
    return Carrier(
        code=code,
        name=_wanted(entry, "name", str, where),
        aliases=_aliases(_wanted(entry, "aliases", list, where, []), where),
        shapes=tuple(_shape(shape, f"{where}, shape {number}") for number, shape in enumerate(shapes, 1)),
        check=_check(_wanted(entry, "check", str, where, Check.REFUSE), where),
        url=_url(_wanted(entry, "url", str, where, ""), where),
        tracked=_wanted(entry, "tracked", bool, where, True),
    )


def _shape(entry: Mapping[str, Any], where: str) -> Shape:
    _refuse_unknown_keys(entry, {"name", "pattern", "algorithm", "weights", "prefix", "check"}, where)
    algorithm = _algorithm(entry.get("algorithm"), where)
    check = entry.get("check")
    return Shape(
        name=_wanted(entry, "name", str, where),
        pattern=_pattern(_wanted(entry, "pattern", str, where), algorithm, where),
        algorithm=algorithm,
        weights=_weights(_wanted(entry, "weights", list, where, []), algorithm, where),
        prefix=_wanted(entry, "prefix", str, where, ""),
        check=None if check is None else _check(check, where),
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
        for name in (carrier.code, carrier.name, *carrier.aliases):
            if owner := seen.named(name):
                raise RulesError(f'"{name}" stands for both {owner.code} and {carrier.code}.')
        seen = Rules({**seen.carriers, carrier.code: carrier})


def _aliases(values: list[Any], where: str) -> tuple[str, ...]:
    if not all(isinstance(value, str) and value.strip() for value in values):
        raise RulesError(f"{where}: aliases have to be texts.")
    return tuple(values)


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
