"""What was measured, as tables for the terminal and as the document beside this file."""

import os
import platform
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

from tests.bench.limits import Holds, asked_of
from tests.bench.measuring import Line, Spread

FLAT, LOGARITHMIC = 1.5, 3.0
"""Up to how many times as long something takes at ten times the shipments to be called so; beyond it grows with the shop."""


class Told(Protocol):
    """A row as a table of the bench gives it."""

    @property
    def name(self) -> str: ...
    @property
    def ours(self) -> Spread: ...
    @property
    def beside(self) -> Mapping[str, float | None]: ...


@dataclass(frozen=True)
class Named:
    """A row of what is measured on the desk alone, or beside an empty rerun."""

    name: str
    ours: Spread
    beside: Mapping[str, float | None] = field(default_factory=dict)
    unit: str = "ms"


@dataclass(frozen=True)
class Growth:
    """How an operation grows between two sizes: how many times as long, and why."""

    name: str
    small: Line
    large: Line

    @property
    def times(self) -> float:
        return self.large.ours.median / self.small.ours.median

    @property
    def kind(self) -> str:
        return "flat" if self.times <= FLAT else "logarithmic" if self.times <= LOGARITHMIC else "linear"

    @property
    def why(self) -> str:
        limit = asked_of(self.name)
        return limit.why if limit else ""


def line_of(told: Told, shipments: int) -> Line:
    """The row at this size."""
    return Line(told.name, shipments, told.ours, told.beside, getattr(told, "unit", "ms"))


def print_table(title: str) -> None:
    print(f"\n{title:46} {'Shipdesk':>9} {'p95':>9} {'limit':>9} {'holds':>5}   beside, and how many times as long")


def print_line(line: Line) -> None:
    limit = "" if line.limit is None else _number(line.limit)
    beside = ", ".join(_beside(line, other) for other in line.beside)
    numbers = f"{_number(line.ours.median):>9} {_number(line.ours.p95):>9} {limit:>9} {line.holds:>5}"
    print(f"{line.name:46} {numbers}   {beside}", flush=True)


def print_growth(lines: Iterable[Line]) -> None:
    found = list(growths(lines))
    if found:
        print(f"\n{'growth':46} {'from':>9} {'to':>9} {'times':>6}")
    for one in found:
        numbers = f"{_number(one.small.ours.median):>9} {_number(one.large.ours.median):>9} {one.times:6.1f}"
        print(f"{one.name:46} {numbers}   {one.kind}: {one.why}")


def growths(lines: Iterable[Line]) -> Iterator[Growth]:
    """Every operation that was measured at two sizes."""
    by_name: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        by_name[line.name].append(line)
    for name, sizes in by_name.items():
        small, large = min(sizes, key=lambda line: line.shipments), max(sizes, key=lambda line: line.shipments)
        if small.shipments < large.shipments and small.ours.median:
            yield Growth(name, small, large)


def document(lines: Sequence[Line], people: Sequence[Mapping[str, Any]] = ()) -> str:
    """The whole document: the machine, the limits beside what was measured in this run, what falls short and why, and growth.

    `people` is what `tests.load` wrote of people at work.
    """
    parts = [_HEAD.format(day=datetime.now(UTC).date(), machine="\n".join(f"- {line}" for line in machine()))]
    asked = [line for line in lines if line.limit is not None]
    for size in sorted({line.shipments for line in lines}):
        held = [line for line in asked if line.shipments == size]
        rest = [line for line in lines if line.shipments == size and line.limit is None]
        parts.append(f"## {size:,} shipments\n" if size else "## Whatever the size\n")
        parts += [_table(held, limits=True)] if held else []
        parts += ["Without a limit:\n", _table(rest, limits=False)] if rest else []
    parts += ["## People at work, each click to the end of its answer\n", _people_table(people)] if people else []
    parts.append("## What falls short, and why\n")
    parts.append("\n".join(_short(line) for line in asked if line.holds is Holds.NO) or "Nothing: every limit holds.")
    found = list(growths(lines))
    if found:
        parts += ["\n## Growth\n", _growth_table(found)]
    return "\n".join(parts) + "\n"


def machine() -> list[str]:
    """What it ran on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return [
        f"{_processor()}, {os.cpu_count()} processors, {memory:.0f} GB of memory, {platform.system()} {platform.release()}",
        f"load {os.getloadavg()[0]:.1f} when this was written",
        f"Python {platform.python_version()}, "
        + ", ".join(f"{name} {version(name)}" for name in ("duckdb", "streamlit", "pandas", "pyarrow")),
        f"SQLite {sqlite3.sqlite_version}, {_postgresql()}",
    ]


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())


def _postgresql() -> str:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return f"PostgreSQL {found[-1].parent.name}" if found else "no PostgreSQL"


def _table(lines: Iterable[Line], *, limits: bool) -> str:
    limit, rule = (" limit | holds |", "--:|:--|") if limits else ("", "")
    rows = [f"| what | median | p95 |{limit} beside (how many times as long) |", f"|:--|--:|--:|{rule}:--|"]
    for line in lines:
        cells = [
            f"{line.name}{'' if line.unit == 'ms' else f', {line.unit}'}",
            *map(_number, (line.ours.median, line.ours.p95)),
        ]
        if limits and line.limit is not None:
            cells += [_number(line.limit), line.holds]
        rows.append(f"| {' | '.join([*cells, ', '.join(_beside(line, other) for other in line.beside)])} |")
    return "\n".join(rows) + "\n"


def _people_table(people: Iterable[Mapping[str, Any]]) -> str:
    rows = ["| what | shipments | median | p95 | limit of p95 | holds | empty rerun |", "|:--|--:|--:|--:|--:|:--|--:|"]
    for one in people:
        asked = (_number(one["limit"]), Holds.YES if one["holds"] else Holds.NO) if one["limit"] else ("", Holds.NOT_ASKED)
        cells = [
            one["name"],
            f"{one['shipments']:,}",
            _number(one["ms"]),
            _number(one["p95"]),
            *asked,
            _number(one["beside"]["rerun"]),
        ]
        rows.append(f"| {' | '.join(cells)} |")
    return "\n".join(rows) + "\n"


def _growth_table(found: Iterable[Growth]) -> str:
    rows = ["| what | from | to | times | growth, and why |", "|:--|--:|--:|--:|:--|"]
    for one in found:
        numbers = f"{_number(one.small.ours.median)} | {_number(one.large.ours.median)} | {one.times:.1f}"
        rows.append(f"| {one.name} | {numbers} | {one.kind}: {one.why} |")
    return "\n".join(rows)


def _short(line: Line) -> str:
    asked = asked_of(line.name)
    limit = line.limit or 0.0
    size = f"At {line.shipments:,}, " if line.shipments else ""
    return (
        f"- {size}{line.name} takes {_number(line.ours.median)} {line.unit} where {_number(limit)} are asked"
        f" ({line.ours.median / limit:.1f} times): {asked.why if asked else ''}."
    )


def _beside(line: Line, other: str) -> str:
    taken, ratio = line.beside[other], line.ratio(other)
    return f"{other} too slow to wait for" if taken is None or ratio is None else f"{other} {_number(taken)} ({ratio:.2f})"


def _number(number: float) -> str:
    return f"{number:,.1f}" if number < 100 else f"{number:,.0f}"


_HEAD = """# What the desk takes

Written by `python -m tests.bench --results tests/bench/RESULTS.md` on {day}, where parts were measured one after another (`--only`,
`--json`, then `--measured`) on one machine that did nothing else. Times are milliseconds, medians of warm runs with their 95th
percentile. Beside them the same question over the same rows: SQLite and PostgreSQL with an index for it, pandas over a loaded frame, a
click of the browser beside an empty Streamlit rerun. A limit that is "2.0 x a rerun" is shown as what that came to.

{machine}
"""
