"""Prints the tables for 1 and 10 million shipments: the store and the figures beside SQLite, PostgreSQL and pandas, the browser
beside an empty rerun, and how each grows from one size to the other.

The shops are made once and kept; so are their copies in the other databases.
"""

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path

from tests.bench import (
    beside_import,
    browser,
    copies,
    figures,
    importing,
    opening,
    rerun,
    results,
    shop,
    starting,
    store,
    tracking,
    upload,
)
from tests.bench.limits import MILLION, SIZES
from tests.bench.measuring import Line, Spread
from tests.bench.results import Named, line_of, print_growth, print_line, print_table

IMPORTED, IMPORTED_BESIDE = 100_000, 1_000_000
"""Rows of the files that are imported: into a new shop, and into a large one while somebody works."""
PARTS = ("store", "figures", "rerun", "upload", "browser", "tracking", "import", "start", "opening")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--shipments", type=int, help="one size alone, instead of 1 and 10 million")
    parser.add_argument("--only", choices=PARTS)
    parser.add_argument("--json", type=Path, metavar="FILE", help="write what was measured there too")
    parser.add_argument("--results", type=Path, metavar="FILE", help="write tests/bench/RESULTS.md, or another file, anew")
    parser.add_argument(
        "--people", type=Path, metavar="FILE", help="what `python -m tests.load --json FILE` wrote, for the results"
    )
    parser.add_argument(
        "--measured", type=Path, nargs="+", metavar="FILE", help="what `--json` wrote of parts, instead of measuring"
    )
    parser.add_argument("--alone", action="store_true", help="measure ours alone, beside no other database")
    wanted = parser.parse_args(arguments)
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    parts = (wanted.only,) if wanted.only else PARTS
    sizes = (wanted.shipments,) if wanted.shipments else SIZES
    if wanted.measured:
        lines = [Line.from_json(one) for file in wanted.measured for one in json.loads(file.read_text())]
    else:
        lines = [line for size in sizes for line in _of_size(size, parts, wanted.alone)]
        lines += _lines("tracking, milliseconds", _tracking(), 0) if "tracking" in parts else ()
    print_growth(lines)
    if wanted.json:
        wanted.json.write_text(json.dumps([line.as_json for line in lines], indent=1, ensure_ascii=False) + "\n")
    if wanted.results:
        people = json.loads(wanted.people.read_text()) if wanted.people else []
        wanted.results.write_text(results.document(lines, people))
    return 0


def _of_size(shipments: int, parts: tuple[str, ...], alone: bool) -> Iterator[Line]:
    """Every line of the parts at this size, printed as it comes; `alone`: beside no other database."""
    if parts == ("tracking",):
        return
    file = shop.demo(shipments)
    size = file.stat().st_size // 2**20
    print(f"\n{shipments:,} shipments, {size:,} MB, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with shop.working_copy(file) as copy:
        yield from _alone(copy, shipments, parts)
        if {"store", "figures"} & {*parts}:
            with nullcontext([]) if alone else copies.others(file, shipments) as others:
                if "figures" in parts:
                    yield from _lines("figures, milliseconds", figures.measured(copy, others, alone=alone), shipments)
                if "store" in parts:
                    yield from _lines("store, milliseconds", store.measured(copy, others), shipments)
        if "import" in parts:
            yield from _lines("import", _import(copy, shipments), shipments)


def _alone(copy: Path, shipments: int, parts: tuple[str, ...]) -> Iterator[Line]:
    """What is measured on the whole desk, beside nothing or an empty rerun."""
    if "start" in parts:
        started = Named("cold start", starting.cold_start(copy))
        yield from _lines("start, milliseconds", iter([started]), shipments)
    if "rerun" in parts:
        _rerun(copy)
    if "upload" in parts and shipments <= MILLION:
        _upload(copy)
    if "browser" in parts:
        yield from _lines("click to paint, milliseconds", _browser(copy), shipments)
    if "opening" in parts and shipments <= MILLION:
        yield from _lines("opening, milliseconds", _opening(copy), shipments)


def _lines(title: str, found: Iterator[Named], shipments: int) -> Iterator[Line]:
    print_table(title)
    for one in found:
        line = line_of(one, shipments)
        print_line(line)
        yield line


def _import(copy: Path, shipments: int) -> Iterator[Named]:
    if shipments > MILLION:
        done = beside_import.measured(copy, IMPORTED_BESIDE)
        yield Named(f"import of {IMPORTED_BESIDE:,} rows", done.ours)
        yield Named("first page during the import", done.page)
        return
    for one in importing.measured(min(IMPORTED, shipments)):
        yield Named(f"import of {one.name}", _once(one.ours * 1000), {"plainest": one.beside * 1000})


def _opening(copy: Path) -> Iterator[Named]:
    seen = opening.measured(copy)
    opening.print_table(seen)
    medians = {one.name: one.median for one in seen if one.name in (opening.EMPTY, opening.SHIPMENTS)}
    for one in seen:
        beside = {name: taken for name, taken in medians.items() if name != one.name}
        yield Named(f"opening {one.name}", Spread(one.median, one.slowest), beside)


def _once(milliseconds: float) -> Spread:
    return Spread(milliseconds, milliseconds)


def _rerun(copy: Path) -> None:
    parts = rerun.measured(copy)
    print(f"\n{'one rerun on the server, milliseconds':44} {'share':>7}")
    for name, milliseconds in parts:
        print(f"{name:34} {milliseconds:9.1f} {milliseconds / parts[-1][1]:7.0%}")


def _upload(copy: Path) -> None:
    for title, parts in upload.measured(copy).items():
        print(f"\n{title + ', milliseconds':44} {'share':>7}")
        for name, milliseconds in parts:
            print(f"{name:42} {milliseconds:7.1f} {milliseconds / parts[-1][1]:7.0%}")
    for name, milliseconds in upload.in_browser(copy):
        print(f"{f'in the browser, {name} after':42} {milliseconds:7.0f}")


def _tracking() -> Iterator[Named]:
    asked = tracking.client_throughput()
    print(f"{asked.numbers:,} numbers at {asked.latency * 1000:.0f} ms with {asked.threads} threads")
    print(f"{asked.a_second:.0f} a second, {asked.share:.0%} of what threads and latency allow")
    took = asked.numbers / asked.a_second * 1000
    yield Named("1,000 numbers asked", _once(took), {"the least that latency allows": took * asked.share})
    done = tracking.refresh_bench()
    print(f"{done.numbers:,} due numbers, {done.transactions:,} transactions")
    print(f"{done.seconds:.0f} s of our own, {done.limited.total_seconds():.0f} s by the service's limits")
    print(f"memory from the first tenth to the end {done.megabytes:+.0f} MB")
    print("asked to the last after: " + ", ".join(f"{carrier} {share:.0%}" for carrier, share in done.turns.items()))
    yield Named("a batch of 1,000 answers", _once(done.one_batch * 1000))


def _browser(copy: Path) -> Iterator[Named]:
    seen = browser.measured(copy)
    if seen is None:
        print("no Chromium on this machine: the browser is not measured")
        return
    for one in (seen.empty, *seen.clicks):
        beside = {} if one is seen.empty else {"rerun": seen.empty.median}
        yield Named(one.name, Spread(one.median, one.slowest), beside)
        print(f"{'':46} request + server + answers + paint: {' + '.join(f'{step:.0f}' for step in one.steps)}")
    yield Named("memory after the first page", _once(seen.memory[0]), unit="MB")
    yield Named("memory after the list", _once(seen.memory[1]), unit="MB")


if __name__ == "__main__":
    sys.exit(main())
