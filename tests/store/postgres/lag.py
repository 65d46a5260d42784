"""How long it takes from a commit on one app server until the copy of another one shows it, with four who write:
`python -m tests.store.postgres.lag --shipments 20000 --seconds 20`.
"""

import argparse
import os
import threading
import time
from collections import defaultdict
from datetime import UTC, datetime
from statistics import quantiles
from zoneinfo import ZoneInfo

os.environ["SHIPDESK_TEST_DB"] = "postgresql"

from core.carriers import rules as carrier_rules
from core.demo import make_demo
from core.store.postgres.store import PostgresStore
from tests import engines

WRITERS = 4


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shipments", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--pause", type=float, default=0.02, help="seconds between two writes of one who writes")
    wanted = parser.parse_args()
    server = engines.new_database()
    store = PostgresStore.reach(server)
    make_demo(store, carrier_rules.load(), shipments=wanted.shipments, now=datetime.now(UTC), zone=ZoneInfo("Asia/Seoul"))
    began = time.monotonic()
    other = PostgresStore.reach(server)
    other.figures.rows("SELECT count(*) AS n FROM shipment")
    print(f"first load of {wanted.shipments:,} shipments: {time.monotonic() - began:.1f} s")
    committed, seen = watched(store, other, wanted.seconds, wanted.pause)
    lags = sorted((seen[key] - at) * 1000 for key, at in committed.items() if key in seen)
    places = quantiles(lags, n=100)
    print(f"{len(committed):,} commits, {len(committed) - len(lags)} not seen")
    print(f"commit to visible: median {places[49]:.0f} ms, p95 {places[94]:.0f} ms, most {lags[-1]:.0f} ms")
    store.close()
    other.close()


def watched(
    store: PostgresStore, other: PostgresStore, seconds: float, pause: float
) -> tuple[dict[tuple[int, int], float], dict[tuple[int, int], float]]:
    """When each write of each writer was committed, and when the other's copy showed it or a later one."""
    committed: dict[tuple[int, int], float] = {}
    seen: dict[tuple[int, int], float] = {}
    over = threading.Event()

    def keep_writing(writer: int) -> None:
        turn = 0
        while not over.wait(pause):
            turn += 1
            values = {"said": str(turn), "id": writer}
            store.write(
                lambda c, values=values: (
                    c.execute("UPDATE shipment SET request = $said WHERE shipment_id = $id", values) and None
                )
            )  # type: ignore[misc]
            committed[writer, turn] = time.monotonic()

    def look() -> None:
        last: dict[int, int] = defaultdict(int)
        ids = ", ".join(map(str, range(1, WRITERS + 1)))
        while not over.is_set():
            poll = other._feed.coming
            for row in other.figures.rows(f"SELECT shipment_id, request FROM shipment WHERE shipment_id IN ({ids})"):
                at, number, turn = (
                    time.monotonic(),
                    row["shipment_id"],
                    int(row["request"] or 0) if (row["request"] or "0").isdigit() else 0,
                )
                for one in range(last[number] + 1, turn + 1):
                    seen[number, one] = at
                last[number] = max(last[number], turn)
            other._feed.wait_for(poll, 1.0)

    threads = [threading.Thread(target=keep_writing, args=(writer,)) for writer in range(1, WRITERS + 1)]
    looking = threading.Thread(target=look)
    for thread in (looking, *threads):
        thread.start()
    time.sleep(seconds)
    over.set()
    for thread in (looking, *threads):
        thread.join()
    # What was committed at the very end had no time to be seen.
    end = max(seen.values(), default=0.0)
    return {key: at for key, at in committed.items() if at < end - 0.5}, seen


if __name__ == "__main__":
    main()
