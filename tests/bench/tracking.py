"""What tracking costs: the client's calls beside what threads and a carrier's latency allow."""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from core.carriers import dhl, seventeen_track
from core.carriers import rules as carrier_rules
from core.carriers.client import Client, ClientLimits
from core.carriers.service import Access, Number, TrackingAnswer
from core.domain.shipment import Checkpoint, Stage
from core.services.tracking import polling
from core.services.tracking.polling import Tracker
from core.store.database import Connection, Store

_CARRIER = """
import asyncio, json, sys

async def serve(reader, writer):
    try:
        while True:
            head = (await reader.readuntil(b"\\r\\n\\r\\n")).decode()
            number = head.split("trackingNumber=")[1].split()[0]
            await asyncio.sleep(float(sys.argv[1]))
            scan = {"statusCode": "transit", "timestamp": "2026-11-20T10:00:00Z", "description": "Sorted"}
            body = json.dumps({"shipments": [{"id": number, "status": scan, "events": [scan] * 8}]}).encode()
            writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Type: application/json\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()

asyncio.run(main())
"""


@dataclass(frozen=True)
class Throughput:
    """`share` is of the ideal: threads / latency numbers a second."""

    numbers: int
    threads: int
    latency: float
    seconds: float

    @property
    def a_second(self) -> float:
        return self.numbers / self.seconds

    @property
    def share(self) -> float:
        return self.a_second * self.latency / self.threads


def client_throughput(numbers: int = 1_000, threads: int = 16, latency: float = 0.05) -> Throughput:
    """Asks a service of one number a call, in a process of its own on loopback, that takes `latency` seconds for each."""
    wanted = [Number("dhl", f"{place:010}") for place in range(numbers)]
    with (
        _a_slow_carrier(latency) as url,
        closing(Client({dhl.NAME: Access(url, rate=100_000)}, limits=ClientLimits(threads=threads))) as client,
    ):
        client.ask(dhl.NAME, wanted[:threads])
        began = time.perf_counter()
        answers = client.ask(dhl.NAME, wanted)
        seconds = time.perf_counter() - began
    assert sum(isinstance(answer, TrackingAnswer) for answer in answers.values()) == numbers
    return Throughput(numbers, threads, latency, seconds)


@contextmanager
def _a_slow_carrier(latency: float) -> Iterator[str]:
    with subprocess.Popen([sys.executable, "-c", _CARRIER, str(latency)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.kill()


@dataclass(frozen=True)
class Refreshed:
    """A full queue worked off. `seconds` is our own time, `limited` what the service's limits make of it.

    `turns` is the share of all numbers that had been asked when the last one of each carrier was; `megabytes` is how much the
    process grew from the first tenth to the end, without the pages of the database that it keeps in memory.
    """

    numbers: int
    seconds: float
    limited: timedelta
    transactions: int
    turns: Mapping[str, float]
    megabytes: float
    one_batch: float


_QUEUE = {"dhl": 0.9, "ups": 0.08, "fedex": 0.02}


def refresh_bench(numbers: int = 100_000, path: Path | None = None) -> Refreshed:
    """Works off that many due numbers of three carriers against 17TRACK's limits, in a database in memory or at the path."""
    store = Store.open(path)
    try:
        store.write(lambda connection: _fill(connection, numbers))
        service = _Limited(numbers, store)
        rules = carrier_rules.load()
        routes = dict.fromkeys(_QUEUE, seventeen_track.NAME)
        tracker = Tracker(store, service, rules, service.now, ZoneInfo("Asia/Seoul"), lambda: routes)
        polling.watch(tracker)
        written, began = store.changes, time.perf_counter()
        report = polling.refresh_due(tracker)
        seconds = time.perf_counter() - began
        assert report.answered == numbers and report.changed == numbers
        turns = {carrier: service.last[carrier] / numbers for carrier in _QUEUE}
        grown = (_own_memory(store) - service.early) / 2**20
        written = store.changes - written
        return Refreshed(numbers, seconds, service.at - _BEGAN, written, turns, grown, _one_batch(store, service, tracker))
    finally:
        store.close()


_BEGAN = datetime(2026, 11, 20, 3, tzinfo=UTC)


class _Limited:
    """Answers at once, but its clock goes on as 17TRACK's limits would have it."""

    def __init__(self, numbers: int, store: Store) -> None:
        self.at, self.asked, self.early = _BEGAN, 0, 0
        self._store = store
        self.last: Counter[str] = Counter()
        self._numbers = numbers

    def now(self) -> datetime:
        return self.at

    def ask(self, service: str, numbers: Sequence[Number]) -> dict[Number, TrackingAnswer]:
        calls = -(-len(numbers) // seventeen_track.BATCH)
        self.at += timedelta(seconds=calls / seventeen_track.RATE)
        for number in numbers:
            self.asked += 1
            self.last[number.carrier] = self.asked
        if not self.early and self.asked >= self._numbers // 10:
            self.early = _own_memory(self._store)
        return {number: _moving(number, 6) for number in numbers}


def _moving(number: Number, events: int) -> TrackingAnswer:
    points = tuple(
        Checkpoint(_BEGAN - timedelta(hours=20 - n), Stage.IN_TRANSIT, code="InTransit_Other", place="Hub", text=f"Scan {n}")
        for n in range(events)
    )
    return TrackingAnswer(number.invoice_no, Stage.IN_TRANSIT, "InTransit_Other", points)


def _one_batch(store: Store, service: _Limited, tracker: Tracker) -> float:
    """Seconds to store 1,000 answers with one new event each in one transaction of the full database."""
    rows = store.rows("SELECT invoice_id, carrier, invoice_no FROM shipment ORDER BY hash(shipment_id) LIMIT 1000")
    answers = [(row["invoice_id"], _moving(Number(row["carrier"], row["invoice_no"]), 7)) for row in rows]
    began = time.perf_counter()
    report = polling.apply(tracker, seventeen_track.NAME, answers)
    assert report.events == len(answers)
    return time.perf_counter() - began


def _fill(connection: Connection, numbers: int) -> None:
    connection.execute(_SHIPMENTS, {"n": numbers, "at": _BEGAN - timedelta(days=3)})
    connection.execute(
        "INSERT INTO invoice BY NAME SELECT shipment_id AS event_id, shipment_id, invoice_id, 'registered' AS action, carrier, "
        "invoice_no, canonical_no, invoiced_at AS changed_at, 1 AS batch_id FROM shipment"
    )


def _own_memory(store: Store) -> int:
    """What the process holds in memory, but for the database's pages."""
    pages = store.rows("SELECT sum(memory_usage_bytes)::BIGINT AS n FROM duckdb_memory()")[0]["n"]
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 - int(pages)


_SHIPMENTS = f"""
INSERT INTO shipment BY NAME
SELECT n AS shipment_id, 'S-' || n AS shipment_no, 'O-' || n AS order_no, 'standard' AS kind, 'international' AS destination,
       $at AS ordered_at, $at AS released_at, 'US' AS country, 'preparing_to_ship' AS status, $at AS status_since,
       n AS invoice_id, $at AS invoiced_at, $at AS updated_at, (1_000_000_000 + n)::VARCHAR AS invoice_no,
       (1_000_000_000 + n)::VARCHAR AS canonical_no,
       CASE WHEN n % 100 < {_QUEUE["fedex"] * 100} THEN 'fedex'
            WHEN n % 100 < {(_QUEUE["fedex"] + _QUEUE["ups"]) * 100} THEN 'ups' ELSE 'dhl' END AS carrier
FROM range(1, $n + 1) t(n)
"""
