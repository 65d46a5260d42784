"""Hostile files brought to the desk as a clerk would, by the service and by the command line, and what each cost."""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any

from tests.faults.hostile_files import LARGE, SMALL, Hostile

ROOT = Path(__file__).parents[2]
MOST_SECONDS, MOST_MEGABYTES, MOST_KEPT = 30, 300, 60


@dataclass(frozen=True)
class Cost:
    """What one file cost: seconds, processor seconds of the child, megabytes of child and server above rest at most, and kept after."""

    seconds: float
    processor: float
    child: int
    server: int
    kept: int
    said: str
    why: str

    @property
    def wrong(self) -> list[str]:
        """What of it is more than a hostile file may cost."""
        found = {
            "seconds": self.seconds > MOST_SECONDS,
            "processor": self.processor > MOST_SECONDS,
            "child and server": self.child + self.server > MOST_MEGABYTES,
            "kept": self.kept > MOST_KEPT,
            "no sentence": not self.said.rstrip().endswith(".") or "Traceback" in self.said,
        }
        return [name for name, bad in found.items() if bad]


def faults(files: Mapping[str, Hostile] | None = None) -> Iterator[tuple[str, str]]:
    """Each file's name with its verdict in one line, which begins with "ok" or "WRONG"."""
    with tempfile.TemporaryDirectory(prefix="shipdesk-faults-") as folder:
        for name, hostile in (files or {**SMALL, **LARGE}).items():
            path = Path(folder) / "file.csv"
            hostile.make(path)
            size = path.stat().st_size
            cost = brought(path)
            yield name, line(cost, size, _by_command(path), hostile)
            path.unlink()


def line(cost: Cost, size: int, command: tuple[int, float, str], hostile: Hostile) -> str:
    """The verdict in one line."""
    code, seconds, said = command
    wrong = cost.wrong
    if hostile.why and cost.why != hostile.why:
        wrong.append(f"{cost.why or 'taken'}, not {hostile.why}")
    if code not in (0, 1) or seconds > MOST_SECONDS or "Traceback" in said:
        wrong.append("command line")
    verdict = f"WRONG ({', '.join(wrong)})" if wrong else "ok"
    return (
        f"{verdict}: {size / 1e6:.1f} MB, {cost.seconds:.1f} s, processor {cost.processor:.1f} s, child {cost.child} MB, "
        f"server +{cost.server} MB, kept {cost.kept} MB, command line {seconds:.1f} s: {cost.said[:160]}"
    )


def brought(path: Path) -> Cost:
    """What the file costs a server of its own; without end, where that ended by it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.files", "--one", str(path)], cwd=ROOT, capture_output=True, text=True, timeout=900
    )
    if done.returncode:
        return Cost(inf, 0, 0, 0, 0, done.stderr[-300:], "")
    return Cost(**json.loads(done.stdout.splitlines()[-1]))


def _by_command(path: Path) -> tuple[int, float, str]:
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-m", "core", "import", str(path)],
            cwd=ROOT,
            env=os.environ | {"SHIPDESK_DB": f"{folder}/shop.duckdb"},
            capture_output=True,
            text=True,
            timeout=900,
        )
    return done.returncode, time.monotonic() - began, done.stdout + done.stderr


class Peak:
    """The most memory that this process has while the block runs, in megabytes above what it had before."""

    def __enter__(self) -> "Peak":
        self.before = self.most = memory()
        self.child = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.01):
            self.most = max(self.most, memory())
            for child in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split():
                self.child = max(self.child, _most_of(int(child)))

    @property
    def above(self) -> int:
        return self.most - self.before


def _most_of(process: int) -> int:
    """Megabytes that the process ever held; nothing while it is still this one, on its way to become another program."""
    try:
        if (
            Path(f"/proc/{process}/exe").samefile(sys.executable)
            and b"confined_child" in Path(f"/proc/{process}/cmdline").read_bytes()
        ):
            fields = dict(line.split(":", 1) for line in Path(f"/proc/{process}/status").read_text().splitlines())
            return int(fields["VmHWM"].split()[0]) // 1024
    except (OSError, KeyError, ValueError):
        pass
    return 0


def memory() -> int:
    """Megabytes that this process holds, without the pages of files that the system takes back when it needs them."""
    fields = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(fields["RssAnon"].split()[0]) // 1024


def _one(path: Path) -> dict[str, Any]:
    """Imports the file into a desk of its own, and says what that cost."""
    from core.domain.errors import Refused
    from core.files import confined
    from core.services import importing
    from core.services.shipments.changes import Request
    from core.store.database import Store
    from tests.builders import HANA, NOW, RULES, SEOUL

    whys: list[str] = []
    found = confined._found

    def noted(head: bytes) -> dict[str, Any]:
        said = json.loads(head)
        whys.append(said.get("refused") or said.get("reason") or "")
        return found(head)

    confined._found = noted
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "shop.duckdb")
        small = Path(folder) / "small.csv"
        small.write_text("shipment_no,order_no,ordered_at,country\nS-1,O-1,2026-11-01,KR\n")
        desk = {"request": Request(HANA, NOW), "dry_run": True, "shop": importing.ShopHome(SEOUL, "KR")}
        importing.import_file(store, RULES, importing.FileOrder(small), **desk)
        whys.clear()
        rest, used = resource.getrusage(resource.RUSAGE_CHILDREN), memory()
        began = time.monotonic()
        with Peak() as peak:  # of this process, and of the child that it starts
            try:
                report = importing.import_file(store, RULES, importing.FileOrder(path), **desk)
                said = report.message
            except Refused as refusal:
                said = str(refusal)
        seconds = time.monotonic() - began
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        kept = memory() - used
        store.close()
    spent = usage.ru_utime + usage.ru_stime - rest.ru_utime - rest.ru_stime
    return {
        "seconds": seconds, "processor": spent, "child": peak.child, "server": peak.above, "kept": kept,
        "said": said, "why": "".join(whys),
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.files", description=__doc__)
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--small", action="store_true", help="only the files that take a moment")
    parser.add_argument("--named", default="", help="only the files with this in their name")
    wanted = parser.parse_args()
    if wanted.one:
        print(json.dumps(_one(wanted.one)))
        return 0
    files = SMALL if wanted.small else {**SMALL, **LARGE}
    wrong = 0
    for name, verdict in faults({name: file for name, file in files.items() if wanted.named in name}):
        print(f"{name}: {verdict}", flush=True)
        wrong += verdict.startswith("WRONG")
    if not (wanted.small or wanted.named):
        from tests.faults.beside import beside  # it needs what this module defines

        for name, verdict in beside():
            print(f"{name}: {verdict}", flush=True)
            wrong += verdict.startswith("WRONG")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
