"""How a shop's own file is read as our columns: the mapping, and its TOML form."""

import json
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from core.domain.errors import Refused
from core.domain.reasons import Names, Why
from core.domain.weights import GRAMS_IN
from core.files.headers import header_key
from core.files.opening import bytes_of
from core.services.importing.columns import COLUMNS, DATED, REQUIRED, SUMMABLE, title
from core.services.importing.reasons import MappingFault

LARGEST_MAPPING = 1 << 20
"""Bytes of a mapping."""

_A_DAY = datetime(2021, 12, 30)  # noqa: DTZ001


@dataclass(frozen=True)
class ColumnMapping:
    """Where each of our columns comes from, and how its cells are written.

    `columns`: our column to the headers it is taken from, the first that is filled. `assumed`: headers that stand in when those
    are all empty; every use is reported. `formats`: extra date formats (strptime) by column, "" for all. `zone`: of times
    written without one; the shop's when None. `blank`: words that mean an empty cell. `values`: translations by column.
    `lenient`: columns where a cell that cannot be read is left empty. `sums`, `first`, `last`: columns that may differ between
    the lines of a shipment, and what counts then. `doubts`: what `propose` could not decide.
    """

    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    assumed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    formats: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    zone: ZoneInfo | None = None
    blank: frozenset[str] = frozenset()
    defaults: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    weight_unit: str = "kg"
    lenient: frozenset[str] = frozenset()
    sums: frozenset[str] = frozenset()
    first: frozenset[str] = frozenset()
    last: frozenset[str] = frozenset()
    doubts: tuple[Why, ...] = ()

    @property
    def mapped(self) -> tuple[str, ...]:
        """Our columns that this mapping fills, in our order."""
        given = {*self.columns, *self.assumed, *self.defaults}
        return tuple(name for name in COLUMNS if name in given)

    @property
    def missing(self) -> tuple[str, ...]:
        """Our required columns that this mapping does not fill."""
        return tuple(name for name in REQUIRED if name not in self.mapped)

    def headers_of(self, column: str) -> tuple[str, ...]:
        return (*self.columns.get(column, ()), *self.assumed.get(column, ()))

    def formats_of(self, column: str) -> tuple[str, ...]:
        return self.formats.get(column) or self.formats.get("", ())

    def as_toml(self) -> str:
        """The mapping as the text that `load_mapping` reads."""
        return _as_toml(self)


def own_columns(headers: Iterable[str]) -> ColumnMapping:
    """The mapping of a file that uses our own column names."""
    by_key = {header_key(name): name for name in COLUMNS}
    pairs = [(by_key[header_key(header)], header) for header in headers if header_key(header) in by_key]
    return ColumnMapping(columns={name: (header,) for name, header in pairs})


def load_mapping(path: Path) -> ColumnMapping:
    """The mapping in a TOML file (data/README.md). Raises Refused with the section and what is wrong there."""
    data = bytes_of(path, LARGEST_MAPPING)
    if data is None:
        raise Refused(MappingFault.TOO_LARGE(path=path, most=LARGEST_MAPPING >> 20))
    try:
        return parse_mapping(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise Refused(MappingFault.NOT_UTF8("file", path=path)) from error


def parse_mapping(text: str) -> ColumnMapping:
    """The mapping in a TOML text. Raises Refused like `load_mapping`."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(MappingFault.NO_TOML(why=error)) from error
    _refuse_unknown(data, ("columns", "assumed", "formats", "blank", "defaults", "values", "units", "lenient", "lines"))
    formats = _section(data, "formats")
    lines = _lists(data, "lines", ("sum", "first", "last"), allowed={"sum": SUMMABLE, "first": DATED, "last": DATED})
    return ColumnMapping(
        columns=_headers(data, "columns"),
        assumed=_headers(data, "assumed"),
        formats=_formats(formats),
        zone=_zone(formats.get("zone")),
        blank=frozenset(blank_key(word) for word in _lists(data, "blank", ("words",)).get("words", ())),
        defaults={name: _text("defaults", name, value) for name, value in _by_column(data, "defaults").items()},
        values=_values(data),
        weight_unit=_unit(data),
        lenient=frozenset(_lists(data, "lenient", ("columns",), allowed={"columns": tuple(COLUMNS)}).get("columns", ())),
        sums=frozenset(lines.get("sum", ())),
        first=frozenset(lines.get("first", ())),
        last=frozenset(lines.get("last", ())),
    )


def blank_key(text: str) -> str:
    """The form in which blank words and translated values are compared."""
    return " ".join(text.casefold().split())


def _section(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    section = data.get(name, {})
    if not isinstance(section, dict):
        raise Refused(MappingFault.NO_SECTION(section=name))
    return section


def _by_column(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    section = _section(data, name)
    _refuse_unknown(section, tuple(COLUMNS), name)
    return section


def _refuse_unknown(given: Iterable[str], known: Sequence[str], section: str = "", key: str = "") -> None:
    unknown = Names(name for name in given if name not in known)
    if unknown:
        form = "column" if key else "key" if section else "section"
        raise Refused(MappingFault.UNKNOWN(form, section=section, key=key, names=unknown, known=Names(known)))


def _headers(data: Mapping[str, Any], section: str) -> dict[str, tuple[str, ...]]:
    return {name: _texts(section, name, value) for name, value in _by_column(data, section).items()}


def _texts(section: str, key: str, value: Any) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list) or not values or not all(isinstance(v, str) and v.strip() for v in values):
        raise Refused(MappingFault.NO_TEXTS(section=section, key=key))
    return tuple(values)


def _text(section: str, key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Refused(MappingFault.NO_TEXT(section=section, key=key))
    return value


def _lists(
    data: Mapping[str, Any], section: str, keys: Sequence[str], allowed: Mapping[str, Sequence[str]] | None = None
) -> dict[str, tuple[str, ...]]:
    given = _section(data, section)
    _refuse_unknown(given, keys, section)
    lists = {key: _texts(section, key, value) for key, value in given.items() if value != []}
    for key, names in lists.items():
        if allowed:
            _refuse_unknown(names, allowed[key], section, key)
    return lists


def _formats(section: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    _refuse_unknown(section, ("dates", "zone", *DATED), "formats")
    given = {"" if key == "dates" else key: _texts("formats", key, v) for key, v in section.items() if key != "zone"}
    for form in (form for forms in given.values() for form in forms):
        _check_format(form)
    return given


def _check_format(form: str) -> None:
    try:
        read = datetime.strptime(_A_DAY.strftime(form), form)  # noqa: DTZ007
    except ValueError:
        read = None
    if read is None or read.date() != _A_DAY.date():
        raise Refused(MappingFault.NO_FORMAT(text=form))


def _zone(name: Any) -> ZoneInfo | None:
    try:
        return ZoneInfo(name) if name is not None else None
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise Refused(MappingFault.NO_ZONE(text=name)) from error


def _values(data: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    sections = _by_column(data, "values")
    for name, table in sections.items():
        if not isinstance(table, dict):
            raise Refused(MappingFault.NO_SECTION(section=f"values.{name}"))
    return {
        name: {blank_key(theirs): _text(f"values.{name}", theirs, ours) for theirs, ours in table.items()}
        for name, table in sections.items()
    }


def _unit(data: Mapping[str, Any]) -> str:
    section = _section(data, "units")
    _refuse_unknown(section, ("weight",), "units")
    unit = section.get("weight", "kg")
    if unit not in GRAMS_IN:
        raise Refused(MappingFault.NO_UNIT(text=unit, known=Names(GRAMS_IN)))
    return str(unit)


def _as_toml(mapping: ColumnMapping) -> str:
    sections: dict[str, dict[str, Any]] = {
        "columns": {name: _one_or_list(headers) for name, headers in mapping.columns.items()},
        "assumed": {name: _one_or_list(headers) for name, headers in mapping.assumed.items()},
        "formats": {name or "dates": list(forms) for name, forms in mapping.formats.items()}
        | ({"zone": mapping.zone.key} if mapping.zone else {}),
        "blank": {"words": sorted(mapping.blank)} if mapping.blank else {},
        "defaults": dict(mapping.defaults),
        **{f"values.{name}": dict(table) for name, table in mapping.values.items()},
        "units": {"weight": mapping.weight_unit} if mapping.weight_unit != "kg" else {},
        "lenient": {"columns": sorted(mapping.lenient)} if mapping.lenient else {},
        "lines": {
            key: sorted(names)
            for key, names in {"sum": mapping.sums, "first": mapping.first, "last": mapping.last}.items()
            if names
        },
    }
    return "\n".join(_written(name, lines) for name, lines in sections.items() if lines)


def _one_or_list(headers: Sequence[str]) -> Any:
    return headers[0] if len(headers) == 1 else list(headers)


def _written(section: str, lines: Mapping[str, Any]) -> str:
    body = "".join(f"{_key(key)} = {_quoted(value)}\n" for key, value in lines.items())
    return f"[{section}]\n{body}"


def _key(key: str) -> str:
    return key if key.isascii() and key.replace("_", "").isalnum() else _quoted(key)


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def named(columns: Iterable[str]) -> Names:
    """The columns as a sentence names them: `Order No. (order_no), Country (country)`."""
    return Names(f"{title(name)} ({name})" for name in columns)
