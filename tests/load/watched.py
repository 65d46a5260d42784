"""python -m tests.load.watched FILE run app.py ...: the server, which on SIGUSR1 writes where its time went since the last one.

Processor seconds by kind of thread, the collector's seconds, how late a thread gets its turn, and where the threads of pages stand.
"""

import gc
import json
import os
import signal
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from statistics import quantiles
from types import FrameType
from typing import Any

TURN = 0.1
"""Seconds between two looks."""
_TICK = os.sysconf("SC_CLK_TCK")
_PAGES = "ScriptRunner.scriptThread"
_ROOMS = (("core/store", "the store: DuckDB"), ("core/", "the desk's own Python"), ("pages/", "the desk's own Python"))


class Watch:
    """Looks at all threads again and again."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.collecting, self._began = 0.0, 0.0
        self.late, self.standing, self.seen = list[float](), Counter[str](), 0
        self.processor, self.since = _by_kind(), time.monotonic()
        gc.callbacks.append(self._collects)
        threading.Thread(target=self._look, name="watch", daemon=True).start()

    def tell(self, *_: object) -> None:
        """Writes what was seen, and begins anew."""
        now, processor = time.monotonic(), _by_kind()
        seconds = now - self.since
        told = {
            "seconds": seconds,
            "processor": {kind: (used - self.processor.get(kind, 0.0)) / seconds for kind, used in processor.items()},
            "collecting": self.collecting / seconds,
            "late_ms": [round(cut * 1000, 1) for cut in quantiles(self.late or [0, 0], n=20)][9::9],
            "pages_at_work": sum(self.standing.values()) / max(1, self.seen),
            "standing": dict(self.standing.most_common(25)),
        }
        partial = self.file.with_suffix(".partial")
        partial.write_text(json.dumps(told))
        partial.rename(self.file)
        self.collecting, self.late, self.standing, self.seen = 0.0, [], Counter(), 0
        self.processor, self.since = processor, now

    def _collects(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.perf_counter()
        else:
            self.collecting += time.perf_counter() - self._began

    def _look(self) -> None:
        while True:
            asked = time.perf_counter()
            time.sleep(TURN)
            self.late.append(time.perf_counter() - asked - TURN)
            frames = _frames()
            pages = {one.ident for one in threading.enumerate() if one.name == _PAGES}
            self.seen += 1
            self.standing.update(_place(frames[one]) for one in pages if one in frames)


def _frames() -> dict[int, FrameType]:
    """Where every thread stands. Collecting meanwhile would give the turn to a thread that waits for this one's lock: nothing went on."""
    gc.disable()
    try:
        return sys._current_frames()
    finally:
        gc.enable()


def _place(frame: FrameType) -> str:
    """What a thread is at: the innermost frame of a known place."""
    at: Any = frame
    name = Path(frame.f_code.co_filename).name
    while at:
        path = at.f_code.co_filename
        for part, place in _ROOMS:
            if f"/{part}" in path and "site-packages" not in path:
                return f"{place}: {Path(path).stem}.{at.f_code.co_name} in {name}"
        if "/streamlit/" in path:
            return f"Streamlit: {Path(path).stem}.{at.f_code.co_name}"
        at = at.f_back
    return f"Python: {name}"


def _by_kind() -> dict[str, float]:
    """Processor seconds so far: of the loop that speaks to tabs, of each other lasting thread of Python, of DuckDB's own, and of the rest,
    which are those of pages that have ended.
    """
    names = {one.native_id: one.name for one in threading.enumerate()}
    used: Counter[str] = Counter()
    for task in Path("/proc/self/task").iterdir():
        try:
            fields = (task / "stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        name = names.get(int(task.name), "DuckDB")
        used["pages" if name == _PAGES else "loop" if name == "MainThread" else name] += (
            int(fields[11]) + int(fields[12])
        ) / _TICK
    whole = time.process_time()
    used["pages"] += max(0.0, whole - sum(used.values()))
    used["everything"] = whole
    return dict(used)


if __name__ == "__main__":
    watch = Watch(Path(sys.argv[1]))
    signal.signal(signal.SIGUSR1, watch.tell)
    sys.argv = ["streamlit", *sys.argv[2:]]
    from streamlit.web.cli import main

    main()
