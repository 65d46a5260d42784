"""Prints the tables: the store beside SQLite, the figures beside SQLite and pandas, one rerun in parts, the browser.

SHIPDESK_BENCH_FIGURES names a second, larger number of shipments for the figures, such as 10000000; SQLite is not asked then.
"""

import argparse
import logging
import os
import sys
from pathlib import Path

from tests.bench import browser, figures, importing, rerun, shop, store, tracking, upload

IMPORTED = 100_000
"""Rows of the file that is imported."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--shipments", type=int, default=1_000_000)
    parser.add_argument("--only", choices=("store", "figures", "rerun", "upload", "browser", "tracking", "import"))
    wanted = parser.parse_args()
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    if wanted.only in (None, "import"):
        _import()
    if wanted.only == "import":
        return 0
    file = shop.demo(wanted.shipments)
    size = file.stat().st_size // 2**20
    print(f"{wanted.shipments:,} shipments, {size:,} MB, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with shop.working_copy(file) as copy:
        for name, table in (("rerun", _rerun), ("upload", _upload), ("browser", _browser)):
            if wanted.only in (None, name):
                table(copy)
        if wanted.only in (None, "store"):
            _store(file, copy)
        if wanted.only in (None, "figures"):
            with shop.working_copy(shop.in_sqlite(file)) as sqlite:
                _figures(copy, sqlite)
    if wanted.only in (None, "tracking"):
        _tracking()
    if (larger := os.environ.get("SHIPDESK_BENCH_FIGURES")) and wanted.only in (None, "figures"):
        print(f"\n{int(larger):,} shipments")
        with shop.working_copy(shop.demo(int(larger))) as copy:
            _figures(copy, None)
    return 0


def _import() -> None:
    print(f"\n{'import, processor seconds':34} {'Shipdesk':>9} {'plainest':>9} {'ratio':>7}")
    for one in importing.measured(IMPORTED):
        print(f"{one.name:34} {one.ours:9.1f} {one.beside:9.1f} {one.beside / one.ours:7.2f}", flush=True)


def _store(file: Path, copy: Path) -> None:
    print(f"\n{'store, milliseconds':34} {'Shipdesk':>9} {'SQLite':>9} {'ratio':>7}")
    with shop.working_copy(shop.in_sqlite(file)) as sqlite:
        for one in store.measured(copy, sqlite):
            print(f"{one.name:34} {one.ours:9.1f} {one.beside:9.1f} {one.beside / one.ours:7.2f}", flush=True)


def _figures(copy: Path, sqlite: Path | None) -> None:
    heads = ("Shipdesk", "SQLite", "ratio", "pandas", "ratio")
    print(f"\n{'figures, milliseconds':46} {heads[0]:>9} {heads[1]:>9} {heads[2]:>7} {heads[3]:>9} {heads[4]:>7}")
    for one in figures.measured(copy, sqlite):
        beside = " ".join(_beside(one.ours, other) for other in (one.sqlite, one.pandas))
        print(f"{one.name:46} {one.ours:9.1f} {beside}", flush=True)


def _beside(ours: float, other: float | None) -> str:
    return f"{'–':>9} {'–':>7}" if other is None else f"{other:9.1f} {other / ours:7.2f}"


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


def _tracking() -> None:
    asked = tracking.client_throughput()
    print(f"\n{asked.numbers:,} numbers at {asked.latency * 1000:.0f} ms with {asked.threads} threads")
    print(f"{asked.a_second:.0f} a second, {asked.share:.0%} of what threads and latency allow")
    done = tracking.refresh_bench()
    print(
        f"\n{done.numbers:,} due numbers, {done.transactions:,} transactions, {done.one_batch * 1000:.0f} ms a batch of 1,000"
    )
    print(f"{done.seconds:.0f} s of our own, {done.limited.total_seconds():.0f} s by the service's limits")
    print(f"memory from the first tenth to the end {done.megabytes:+.0f} MB")
    print("asked to the last after: " + ", ".join(f"{carrier} {share:.0%}" for carrier, share in done.turns.items()))


def _browser(copy: Path) -> None:
    seen = browser.measured(copy)
    if seen is None:
        print("\nno Chromium on this machine: the browser is not measured")
        return
    print(
        f"\n{'click to paint, milliseconds':26} {'median':>7} {'slowest':>8} {'ratio':>6}   request + server + answers + paint"
    )
    for one in (seen.empty, *seen.clicks):
        steps = " + ".join(f"{step:.0f}" for step in one.steps)
        print(f"{one.name:26} {one.median:7.0f} {one.slowest:8.0f} {one.median / seen.empty.median:6.1f}   {steps}")
    print(f"memory of the server: {seen.memory[0]:,} MB after the first page, {seen.memory[1]:,} MB after the clicks")


if __name__ == "__main__":
    sys.exit(main())
