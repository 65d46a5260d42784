"""Kills a writing process at any moment, and looks in the file for everything it had acknowledged."""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from core.store.database import Store
from tests.stress import Clerk, Saved, all_numbers, disagreements, fill

ROOT = Path(__file__).parents[1]
CLERKS = 12
FEWEST, LONGEST = 0.05, 1.5
KILLS_A_FILE = 5
CHECKPOINTS = ("256KB", "64MB")


@dataclass(frozen=True)
class Kill:
    """One killed process: what it had acknowledged, what lay in the log to be replayed, and what was found wrong."""

    acknowledged: list[Saved]
    replayed: int
    wrong: list[str]


def kill_once(file: Path, before: list[Saved], dice: random.Random) -> Kill:
    """Lets a process write to the file, kills it, and checks all that it and those `before` it acknowledged."""
    command = [sys.executable, "-m", "tests.crash", "--write", str(file), "--checkpoint", dice.choice(CHECKPOINTS)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stderr
        first = process.stdout.readline()
        timer = threading.Timer(dice.uniform(FEWEST, LONGEST), os.kill, (process.pid, signal.SIGKILL))
        timer.start()
        lines = [first, *process.stdout]
        timer.cancel()
        said = process.stderr.read()
    if process.returncode != -signal.SIGKILL:
        return Kill([], 0, [f"the writing process ended by itself: {said[-500:]}"])
    acknowledged = [_saved(line) for line in lines if line.endswith("}\n")]
    log = file.with_name(file.name + ".wal")
    replayed = log.stat().st_size if log.exists() else 0
    return Kill(acknowledged, replayed, _wrong(file, before + acknowledged))


def kills(count: int, folder: Path, dice: random.Random) -> list[Kill]:
    """That many kills; a file outlives some of them, so that later ones find earlier damage."""
    done: list[Kill] = []
    for number in range(count):
        if number % KILLS_A_FILE == 0:
            file, before = folder / f"crash-{number}.duckdb", list[Saved]()
            _made(file)
        done.append(kill_once(file, before, dice))
        before += done[-1].acknowledged
    return done


def line(done: list[Kill]) -> str:
    """One line for people."""
    replayed = [kill.replayed for kill in done if kill.replayed]
    wrong = sum(bool(kill.wrong) for kill in done)
    return (
        f"{len(done)} kills, {len(replayed)} with a log to replay (up to {max(replayed, default=0) // 1024:,} kB), "
        f"{sum(len(kill.acknowledged) for kill in done):,} acknowledged changes: {len(done) - wrong} files as they should be, "
        f"{wrong} not"
    )


def _made(file: Path) -> None:
    store = Store.open(file)
    fill(store, all_numbers(CLERKS))
    store.close()


def _wrong(file: Path, acknowledged: list[Saved]) -> list[str]:
    try:
        store = Store.open(file)
    except Exception as error:
        return [f"the file does not open: {error}"]
    try:
        return disagreements(store, acknowledged)
    finally:
        store.close()


def _saved(text: str) -> Saved:
    return Saved(**json.loads(text))


def _write(file: Path, checkpoint: str) -> None:
    """Writes until killed, with a checkpoint whenever the log has that size, and says what was acknowledged."""
    store = Store.open(file)
    store.write(lambda connection: connection.execute(f"SET checkpoint_threshold = '{checkpoint}'").fetchall())
    clerks = [Clerk(store, number, _tell, bulk=True) for number in range(CLERKS)]
    for clerk in clerks:
        threading.Thread(target=clerk.work, args=(threading.Event(),), daemon=True).start()
    while not any(clerk.wrong for clerk in clerks):
        time.sleep(0.02)
    sys.exit(" | ".join(complaint for clerk in clerks for complaint in clerk.wrong))


def _tell(saved: Saved) -> None:
    os.write(1, f"{json.dumps(asdict(saved))}\n".encode())


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=None)
    parser.add_argument("--write", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--checkpoint", default=CHECKPOINTS[-1], help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.write:
        _write(wanted.write, wanted.checkpoint)
    with tempfile.TemporaryDirectory() as folder:
        done = kills(wanted.kills, Path(folder), random.Random(wanted.seed))
    wrong = [complaint for kill in done for complaint in kill.wrong]
    print("\n".join([*wrong[:20], line(done)]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
