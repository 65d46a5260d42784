"""Speed and memory of the desk, beside SQLite and an empty Streamlit rerun: python -m tests.bench [--shipments N]."""

import argparse
import tempfile
from pathlib import Path

from core.store.database import Store
from tests.bench import lists, screen, shop


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--shipments", type=int, default=1_000_000)
    wanted = parser.parse_args()
    path = shop.database(wanted.shipments)
    store = Store.open(path)
    beside = shop.sqlite(store, wanted.shipments)
    print(f"{wanted.shipments:,} shipments, {path.stat().st_size / 1e6:,.0f} MB")
    print(f"\n{'One page with its tab counts':32} {'ours':>9} {'SQLite':>10} {'SQLite / ours':>14}")
    for measured in lists.measure(store, beside):
        ratio = f"{measured.beside / measured.ours:13.2f}x" if measured.beside is not None else ""
        said = f"{measured.beside:7.1f} ms" if measured.beside is not None else "–"
        print(f"{measured.name:32} {measured.ours:6.1f} ms {said:>10} {ratio:>14}")
    beside.close()
    store.close()
    with tempfile.TemporaryDirectory() as folder:
        seen = screen.measure(path, Path(folder))
    print(f"\n{'From press to paint':32} {'ours':>9} {'ours / empty rerun':>19}")
    print(f"{'an empty page':32} {seen.empty:6.1f} ms")
    for name, time in seen.presses.items():
        print(f"{name:32} {time:6.1f} ms {time / seen.empty:18.1f}x")
    print(f"\nThe server uses {seen.memory:,.0f} MB.")


if __name__ == "__main__":
    main()
