"""Prints the tables: the store beside SQLite, one rerun in parts, and the browser beside an empty rerun."""

import argparse
import logging
import os
import sys

from tests.bench import browser, rerun, shop, store


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--shipments", type=int, default=1_000_000)
    parser.add_argument("--only", choices=("store", "rerun", "browser"))
    wanted = parser.parse_args()
    logging.getLogger("streamlit").setLevel(logging.ERROR)
    file = shop.demo(wanted.shipments)
    size = file.stat().st_size // 2**20
    print(f"{wanted.shipments:,} shipments, {size:,} MB, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
    with shop.working_copy(file) as copy:
        for name, table in (("rerun", _rerun), ("browser", _browser)):
            if wanted.only in (None, name):
                table(copy)
        if wanted.only in (None, "store"):
            _store(file, copy)
    return 0


def _store(file: shop.Path, copy: shop.Path) -> None:
    print(f"\n{'store, milliseconds':34} {'Shipdesk':>9} {'SQLite':>9} {'ratio':>7}")
    with shop.working_copy(shop.in_sqlite(file)) as sqlite:
        for one in store.measured(copy, sqlite):
            print(f"{one.name:34} {one.ours:9.1f} {one.beside:9.1f} {one.beside / one.ours:7.2f}", flush=True)


def _rerun(copy: shop.Path) -> None:
    parts = rerun.measured(copy)
    print(f"\n{'one rerun on the server, milliseconds':44} {'share':>7}")
    for name, milliseconds in parts:
        print(f"{name:34} {milliseconds:9.1f} {milliseconds / parts[-1][1]:7.0%}")


def _browser(copy: shop.Path) -> None:
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
