"""python -m tests.faults [--short] [SUBJECT ...]: every fault from outside, made for real; one line for each, 1 when one is not as it should be."""

import argparse
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.faults import damage, files, kills, store_faults
from tests.faults.hostile_files import SMALL

Outcome = tuple[str, str, bool]


def store(short: bool, _: Path) -> Iterator[Outcome]:
    """The disk and the file under a running desk, and kills under load."""
    for seen in store_faults.faults(kills=8 if short else 200):
        yield seen.name, seen.said, seen.ok


def hostile(short: bool, _: Path) -> Iterator[Outcome]:
    """Files that would harm whoever reads them, imported by service and by command."""
    for name, verdict in files.faults(SMALL if short else None):
        yield name, verdict, not verdict.startswith("WRONG")


def damaged(short: bool, folder: Path) -> Iterator[Outcome]:
    """A database or its log damaged in every way at every kind of place."""
    yield from damage.outcomes(folder, random.Random(), 1 if short else 8)


def killed(short: bool, folder: Path) -> Iterator[Outcome]:
    """Kills in the middle of a backup, a restore and a migration."""
    yield from kills.outcomes(folder, random.Random(), 1 if short else 10)


SUBJECTS: dict[str, Callable[[bool, Path], Iterator[Outcome]]] = {
    "store": store,
    "files": hostile,
    "damage": damaged,
    "kills": killed,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("subjects", nargs="*", choices=[[], *SUBJECTS], metavar="SUBJECT", help=", ".join(SUBJECTS))
    parser.add_argument("--short", action="store_true", help="a few of each kind")
    wanted = parser.parse_args()
    wrong = left_out = 0
    for subject in wanted.subjects or SUBJECTS:
        with tempfile.TemporaryDirectory() as folder:
            for name, seen, ok in SUBJECTS[subject](wanted.short, Path(folder)):
                wrong, left_out = wrong + (not ok), left_out + seen.startswith("skipped")
                print(f"{'ok ' if ok else 'BAD'} {subject}, {name}: {seen}", flush=True)
    print(f"{wrong} not as they should be, {left_out} that this machine does not let us make")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
