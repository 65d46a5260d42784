"""What is in the shop at the end, held against everything that clerks were told."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

from core.domain.servers import Server
from core.store import copying
from core.store.agreement import ODDITIES
from core.store.database import Store
from core.store.stores import open_store
from tests.stress import unlike_facts

Told = dict[str, Any]


@dataclass(frozen=True)
class Audit:
    """What was acknowledged and is not there, what is there twice, and what does not agree with itself."""

    lost: list[str]
    doubled: list[str]
    odd: list[str]


def audit(server: Server, told: Iterable[Told], folder: Path) -> Audit:
    """Copies the shop into a file and looks there."""
    done = [one for one in told if one["kind"] == "done"]
    store = Store.open(folder / "audited.duckdb")
    there = open_store(server, moving=True)
    try:
        store.write(copying.clear)
        copying.copy(there, store, lambda share: None)
        unlike = [one.table for one in copying.compare(there, store, lambda share: None) if not one.same]
        odd = [f"the copy of {table} is not the same" for table in unlike]
        odd += [f"{name}: {count}" for name, sql in ODDITIES.items() if (count := _value(store, sql))]
        return Audit(_lost(store, done), _doubled(store), odd + unlike_facts(store))
    finally:
        there.close()
        store.close()


def _lost(store: Store, done: Iterable[Told]) -> list[str]:
    batches = {row["request_key"]: row["batch_id"] for row in store.rows("SELECT request_key, batch_id FROM batch")}
    undone = {row["undoes"] for row in store.rows("SELECT undoes FROM batch WHERE undoes IS NOT NULL")}
    written = {(row["batch_id"], row["shipment_no"], row["invoice_no"]) for row in store.rows(_REGISTERED)}
    there = {row["shipment_no"] for row in store.rows("SELECT shipment_no FROM shipment")}
    missing = []
    for one in done:
        batch = batches.get(one["key"])
        if one["act"] in ("register", "scan", "upload"):
            missing += [f"{no}: {number}" for no, number in one["rows"] if (batch, no, number) not in written]
        elif one["act"] == "import":
            missing += [no for no in one["shipments"] if no not in there]
        elif one["act"] == "undo" and batches.get(one["undoes"]) not in undone:
            missing.append(f"the undo of {one['undoes']}")
    return missing


def _doubled(store: Store) -> list[str]:
    return [f"{what}: {row['n']} times {row['one']}" for what, sql in _TWICE.items() for row in store.rows(sql)]


def _value(store: Store, sql: str) -> int:
    return int(next(iter(store.rows(sql)[0].values())))


def acts(told: Iterable[Told]) -> str:
    """How many of each act were acknowledged."""
    counted = Counter(one["act"] for one in told if one["kind"] == "done")
    return ", ".join(f"{count:,} {act}" for act, count in sorted(counted.items()))


def seconds(told: Iterable[Told]) -> str:
    """How long an act took, so that the seconds after a kill can be read beside it."""
    cuts = quantiles([one["ended"] - one["began"] for one in told], n=20)
    return f"an act took {cuts[9]:.1f} s at the median, {cuts[18]:.1f} s at p95"


_REGISTERED = """
SELECT i.batch_id, s.shipment_no, i.invoice_no FROM invoice i JOIN shipment s USING (shipment_id) WHERE i.action = 'registered'"""
_TWICE = {
    "Shipment No.": "SELECT shipment_no AS one, count(*) AS n FROM shipment GROUP BY ALL HAVING n > 1",
    "request": "SELECT request_key AS one, count(*) AS n FROM batch WHERE request_key IS NOT NULL GROUP BY ALL HAVING n > 1",
    "undo": "SELECT undoes AS one, count(*) AS n FROM batch WHERE undoes IS NOT NULL GROUP BY ALL HAVING n > 1",
    "Invoice No. of a clerk in force": """
        SELECT canonical_no AS one, count(*) AS n FROM shipment WHERE regexp_matches(shipment_no, '^K\\d+-') AND canonical_no IS NOT NULL
        GROUP BY ALL HAVING n > 1""",
    "registration of a batch": """
        SELECT concat(batch_id, ' ', shipment_id) AS one, count(*) AS n FROM invoice WHERE action = 'registered'
        GROUP BY batch_id, shipment_id HAVING n > 1""",
}
