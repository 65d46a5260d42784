"""Sixteen clerks on one store: no error may reach one, no saved change may get lost, history and state must agree."""

import argparse
import random
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import quantiles
from zoneinfo import ZoneInfo

from core.carriers import rules as carrier_rules
from core.domain.errors import Conflict, Refused, ShipdeskError
from core.domain.flags import Flag
from core.domain.search import Search, SearchKey
from core.domain.selection import Selection
from core.domain.shipment import Address, Item, Shipment, State, Status, Tab
from core.domain.shipment_actions import Action
from core.domain.sorting import PAGE_SIZES, Order, Sort
from core.domain.status import folded
from core.services.shipments import actions, invoices, queries
from core.services.shipments.changes import Actor, Request, Step, write
from core.services.shipments.invoices import Entry
from core.store import history, shipments
from core.store.database import Connection, Store
from tests.builders import a_visit, staff

ZONE = ZoneInfo("Asia/Seoul")
RULES = carrier_rules.load()
CLERKS = 16
OWN, HOT, SHARED = 60, 12, 400
ADDRESS = Address("Hana Seo", "010-0000-1234", "12 Byeolbit-ro", "Seoul", "", "04524", "KR")
PROPER_ANSWERS = (Conflict, Refused)


@dataclass(frozen=True)
class Saved:
    """What a clerk was told was saved: the request, its shipment or all new ones, the least version it must have now."""

    request_key: str
    shipment_no: str
    version: int = 1
    rows: int = 1


def moment() -> datetime:
    return datetime.now(UTC)


def a_shipment(number: int, shipment_no: str, at: datetime, warehouse: str = "ICN1") -> Shipment:
    return Shipment(
        shipment_id=number,
        shipment_no=shipment_no,
        order_no=f"O-{number // 2}",
        ordered_at=at - timedelta(hours=number % 900),
        address=ADDRESS,
        state=State(Status.PREPARING_TO_RELEASE, since=at - timedelta(hours=number % 900)),
        promised_on=date(2026, 11, 1 + number % 28),
        warehouse=warehouse,
        items=(Item(f"P-{number % 50:04}", "Tote", 1),),
        updated_at=at,
    )


def fill(store: Store, numbers: Sequence[str]) -> None:
    """Puts waiting shipments of these numbers into an empty store, without history."""
    rows = [a_shipment(n, shipment_no, moment()) for n, shipment_no in enumerate(numbers, 1)]
    store.write(lambda connection: shipments.add(connection, rows))


def own_numbers(clerk: int) -> list[str]:
    return [f"C{clerk}-{n}" for n in range(OWN)]


HOT_NUMBERS = [f"HOT-{n}" for n in range(HOT)]
SHARED_NUMBERS = [f"ALL-{n}" for n in range(SHARED)]


def all_numbers(clerks: int = CLERKS) -> list[str]:
    return [*HOT_NUMBERS, *SHARED_NUMBERS, *(no for clerk in range(clerks) for no in own_numbers(clerk))]


@dataclass
class Clerk:
    """Works with the desk until told to stop, and remembers what was answered, how fast, and what went wrong."""

    store: Store
    number: int
    tell: Callable[[Saved], None]
    bulk: bool = False
    answers: Counter[str] = field(default_factory=Counter)
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wrong: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = random.Random(f"{self.number} {time.monotonic_ns()}")
        self.by = Actor(staff(f"Clerk {self.number}"))
        own = own_numbers(self.number)
        self.targets = [own, HOT_NUMBERS, SHARED_NUMBERS]
        self.writes = {self.register: 40, self.modify: 22, self.delete: 22, self.edit_address: 12, self.mark_delivered: 4}
        if self.bulk:
            self.writes |= {self.receive: 8, self.receive_and_sort: 3, self.register_many: 8}
        self.reads = {self.page: 5, self.search: 3, self.whole: 3}

    def work(self, stop: threading.Event) -> None:
        while not stop.is_set():
            if self.bulk or self.dice.random() < 0.5:
                self._answered("write", self._one_of(self.writes))
            else:
                self._answered("read", self._one_of(self.reads))

    def register(self) -> None:
        no, version, key = self._target()
        self._saved(invoices.register(self.store, RULES, no, self._entry(), request=self._as(version, key)), no, version, key)

    def modify(self) -> None:
        no, version, key = self._target()
        self._saved(invoices.modify(self.store, RULES, no, self._entry(), request=self._as(version, key)), no, version, key)

    def delete(self) -> None:
        no, version, key = self._target()
        self._saved(invoices.delete(self.store, no, request=self._as(version, key)), no, version, key)

    def edit_address(self) -> None:
        no, version, key = self._target()
        address = Address("Minjun Ok", "010-0000-5678", f"{self.dice.randrange(10**6)} Haneul-ro", "Busan", country="KR")
        saved = actions.edit_address(self.store, no, address, home="KR", request=self._as(version, key))
        self._saved(saved, no, version, key)

    def mark_delivered(self) -> None:
        no, version, key = self._target(self.targets[0] + SHARED_NUMBERS)
        saved = actions.mark_delivered(self.store, no, reason="The buyer called", request=self._as(version, key))
        self._saved(saved, no, version, key)

    def receive(self) -> None:
        """New shipments in one batch, as an import makes them."""
        self._receive(self.dice.choice((20, 100, 300)), sort=False)

    def receive_and_sort(self) -> None:
        self._receive(self.dice.choice((20, 100)), sort=True)

    def register_many(self) -> None:
        """Invoices on many shipments in one batch, as an upload makes them."""
        numbers, key, at = self.dice.sample(SHARED_NUMBERS, 40), uuid.uuid4().hex, moment()

        def job(connection: Connection) -> int:
            found = shipments.load(connection, numbers).values()
            steps = [step for one in found if (step := self._step(one, at))]
            if steps:
                batch = history.open_batch(connection, by=self.by.name, at=at, source="upload", request_key=key)
                write(connection, steps, batch_id=batch, request=Request(self.by, at))
            return len(steps)

        if rows := self.store.write(job):
            self.tell(Saved(key, "", rows=rows))

    def page(self) -> None:
        wanted = Selection(
            tab=self.dice.choice(list(Tab)),
            warehouse=self.dice.choice(((), ("ICN1",))),
            flag=self.dice.choice(((), (), (Flag.PAST_PROMISE,))),
        )
        order = Order(self.dice.choice(list(Sort)), self.dice.random() < 0.5)
        self._look(wanted, order)

    def search(self) -> None:
        key = self.dice.choice(list(SearchKey))
        values = (self._number(), f"O-{self.dice.randrange(500)}", f"P-{self.dice.randrange(50):04}")
        self._look(Selection(search=Search(key, values)), Order())

    def whole(self) -> None:
        no = self._number()
        whole = queries.whole(self.store, no, visit=a_visit(moment(), ZONE))
        if whole is None or whole.shipment.shipment_no != no:
            self.wrong.append(f"{no} was not found")
        elif whole.shipment.state != folded(whole.shipment).state:
            self.wrong.append(f"{no} was read with a state that its facts do not amount to")

    def _look(self, wanted: Selection, order: Order) -> None:
        size = self.dice.choice(PAGE_SIZES)
        page = queries.page(
            self.store,
            wanted,
            order,
            visit=a_visit(moment(), ZONE),
            size=size,
            number=lambda pages: self.dice.randint(1, pages),
        )
        if len(page.rows) > size:
            self.wrong.append(f"a page of {size} held {len(page.rows)} rows")

    def _receive(self, size: int, sort: bool) -> None:
        key, at = uuid.uuid4().hex, moment()

        def job(connection: Connection) -> None:
            first = shipments.next_shipment_id(connection, size)
            new = [a_shipment(first + n, f"N-{key[:12]}-{n}", at) for n in range(size)]
            batch = history.open_batch(connection, by=self.by.name, at=at, source="import", note=f"{size}", request_key=key)
            shipments.add(connection, new)
            changes = [history.Change(one.shipment_id, "created", {}, {}) for one in new]
            history.append(connection, changes, batch_id=batch, by=self.by.name, at=at, source="import")
            if sort:
                shipments.sort_keys(connection)

        self.store.write(job)
        self.tell(Saved(key, "", rows=size))

    def _step(self, shipment: Shipment, at: datetime) -> Step | None:
        action = Action.MODIFY if shipment.invoice else Action.REGISTER
        try:
            return invoices.decide_entry(action, shipment, self._entry().checked(RULES), invoices.InUse({}), at)
        except Refused:
            return None

    def _answered(self, kind: str, work: Callable[[], None]) -> None:
        started = time.perf_counter()
        try:
            work()
            self.answers[f"{kind} done"] += 1
        except PROPER_ANSWERS as answer:
            self.answers[type(answer).__name__] += 1
        except Exception as error:
            self.wrong.append(f"{work.__name__}: {type(error).__name__}: {error}")
        self.seconds[work.__name__].append(time.perf_counter() - started)

    def _one_of(self, weighted: dict[Callable[[], None], int]) -> Callable[[], None]:
        return self.dice.choices(list(weighted), list(weighted.values()))[0]

    def _number(self) -> str:
        return self.dice.choice(self.dice.choice(self.targets))

    def _target(self, among: Sequence[str] | None = None) -> tuple[str, int | None, str]:
        """A shipment, the version seen (half the time), and the key of a new request."""
        no = self.dice.choice(among) if among else self._number()
        seen = self.store.rows("SELECT version FROM shipment WHERE shipment_no = $no", {"no": no})[0]["version"]
        return no, seen if self.dice.random() < 0.5 else None, uuid.uuid4().hex

    def _entry(self) -> Entry:
        length = self.dice.choice((2, 13, 13, 13, 13, 5))
        return Entry("other", f"{self.dice.randrange(10**length):0{length}}", confirmed=self.dice.random() < 0.5)

    def _as(self, version: int | None, key: str) -> Request:
        return Request(self.by, moment(), version, key)

    def _saved(self, saved: bool, no: str, version: int | None, key: str) -> None:
        if saved:
            self.tell(Saved(key, no, (version or 1) + 1))


def disagreements(store: Store, saved: Iterable[Saved]) -> list[str]:
    """What the store holds otherwise than it was told, or otherwise than it says itself; nothing when all is well."""
    saved = list(saved)
    return [*_lost(store, saved), *_half(store), *_unlike_history(store), *unlike_facts(store)]


def _lost(store: Store, saved: Sequence[Saved]) -> list[str]:
    held = {row["request_key"]: row["rows"] for row in store.rows(_ROWS_OF_BATCHES)}
    versions = {row["shipment_no"]: row["version"] for row in store.rows("SELECT shipment_no, version FROM shipment")}
    lost = [
        f"request {one.request_key}: {held.get(one.request_key, 0)} of {one.rows} rows"
        for one in saved
        if held.get(one.request_key) != one.rows
    ]
    older = [one for one in saved if one.shipment_no and versions.get(one.shipment_no, 0) < one.version]
    return lost + [f"{one.shipment_no}: version {versions.get(one.shipment_no)} after {one.version} was saved" for one in older]


def _half(store: Store) -> list[str]:
    """Batches of one click with more or less than one row, imports with other shipments than they say, orphans."""
    return [row["what"] for row in store.rows(_HALVES)]


def _unlike_history(store: Store) -> list[str]:
    return [row["what"] for row in store.rows(_UNLIKE_HISTORY)]


def unlike_facts(store: Store) -> list[str]:
    """Shipments whose derived columns differ from those folded again from their facts."""
    stored = {row["shipment_id"]: row for row in store.rows("SELECT * FROM shipment")}
    whole = store.snapshot(lambda connection: shipments.load_by_id(connection, list(stored)))
    return [
        f"{one.shipment_no}: {name} is {stored[number][name]}, its facts say {value}"
        for number, one in whole.items()
        for name, value in shipments.row_of(folded(one)).items()
        if name in shipments.DERIVED and stored[number][name] != value
    ]


_ROWS_OF_BATCHES = """
SELECT b.request_key, count(h.history_id) AS rows FROM batch b LEFT JOIN history h USING (batch_id) GROUP BY ALL
"""
_HALVES = """
WITH size AS (SELECT b.batch_id, b.source, b.note, count(h.history_id) AS rows, count(s.shipment_id) AS shipments
              FROM batch b LEFT JOIN history h USING (batch_id) LEFT JOIN shipment s USING (shipment_id) GROUP BY ALL)
SELECT 'batch ' || batch_id || ': ' || rows || ' rows, ' || shipments || ' shipments' AS what FROM size
WHERE rows = 0 OR rows <> shipments OR (source = 'form' AND rows <> 1) OR (source = 'import' AND rows <> note::INTEGER)
UNION ALL
SELECT 'history ' || history_id || ' without a batch' FROM history ANTI JOIN batch USING (batch_id)
UNION ALL
SELECT 'invoice event ' || event_id || ' without history' FROM invoice ANTI JOIN history USING (batch_id, shipment_id)
UNION ALL
SELECT 'checkpoint of ' || shipment_id || ' without history' FROM checkpoint ANTI JOIN history USING (batch_id, shipment_id)
UNION ALL
SELECT 'shipment ' || shipment_id || ' cannot be searched' FROM shipment
ANTI JOIN (SELECT shipment_id FROM search_key WHERE kind = 'shipment_no') USING (shipment_id)
UNION ALL
SELECT 'invoice ' || invoice_no || ' cannot be searched' FROM invoice
ANTI JOIN (SELECT shipment_id, value AS invoice_no FROM search_key WHERE kind = 'invoice_no') USING (shipment_id, invoice_no)
UNION ALL
SELECT 'item of shipment ' || shipment_id || ' ' || count(*) || ' times' FROM item GROUP BY shipment_id HAVING count(*) <> 1
"""
_UNLIKE_HISTORY = """
WITH made AS (SELECT shipment_id, count(*) AS changes FROM history WHERE action <> 'created' GROUP BY shipment_id),
     told AS (SELECT shipment_id, max_by(after ->> 'status', history_id) AS status FROM history
              WHERE after ->> 'status' IS NOT NULL GROUP BY shipment_id),
     event AS (SELECT shipment_id, max_by(invoice, event_id) AS invoice FROM (
                   SELECT shipment_id, event_id, CASE action WHEN 'deleted' THEN '-' ELSE carrier || ' ' || invoice_no END AS invoice
                   FROM invoice) GROUP BY shipment_id)
SELECT shipment_no || ': version ' || version || ' after ' || coalesce(changes, 0) || ' changes' AS what
FROM shipment LEFT JOIN made USING (shipment_id) WHERE version <> 1 + coalesce(changes, 0)
UNION ALL
SELECT shipment_no || ': ' || s.status || ', its history says ' || t.status
FROM shipment s JOIN told t USING (shipment_id) WHERE s.status <> t.status
UNION ALL
SELECT shipment_no || ': its last invoice event is ' || invoice
FROM shipment LEFT JOIN event USING (shipment_id) WHERE coalesce(invoice, '-') <> coalesce(carrier || ' ' || invoice_no, '-')
UNION ALL
SELECT shipment_no || ' twice' FROM shipment GROUP BY shipment_no HAVING count(*) > 1
"""


@dataclass(frozen=True)
class Outcome:
    seconds: float
    saved: list[Saved]
    clerks: list[Clerk]
    wrong: list[str]

    def line(self) -> str:
        """One line for people: how much was done, how fast, what went wrong."""
        times = self._times()
        answers = sum((clerk.answers for clerk in self.clerks), Counter[str]())
        refused = {name: count for name, count in sorted(answers.items()) if not name.endswith(" done")}
        parts = [
            f"{len(self.clerks)} clerks, {self.seconds:.0f} s: {len(self.saved)} changes saved ({len(self.saved) / self.seconds:.0f}/s)"
        ]
        parts += [
            f"{kind} p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms ({n / self.seconds:.0f}/s)"
            for kind, (n, p50, p99) in times.items()
        ]
        return "; ".join([*parts, ", ".join(f"{count} {name}" for name, count in refused.items()), f"{len(self.wrong)} wrong"])

    def _times(self) -> dict[str, tuple[int, float, float]]:
        kinds: dict[str, list[float]] = {"write": [], "read": []}
        for clerk in self.clerks:
            reads = {read.__name__ for read in clerk.reads}
            for name, seconds in clerk.seconds.items():
                kinds["read" if name in reads else "write"] += seconds
        return {kind: (len(all_), *_p50_p99(all_)) for kind, all_ in kinds.items() if len(all_) > 1}

    def by_act(self) -> list[str]:
        """One line per kind of act: how often, p50 and p99."""
        acts: dict[str, list[float]] = defaultdict(list)
        for clerk in self.clerks:
            for name, seconds in clerk.seconds.items():
                acts[name] += seconds
        return [
            f"  {name:15} {len(all_):6}  p50 {p50 * 1000:6.1f} ms  p99 {p99 * 1000:6.1f} ms"
            for name, all_ in sorted(acts.items())
            for p50, p99 in [_p50_p99(all_ * 2)]
        ]


def _p50_p99(seconds: list[float]) -> tuple[float, float]:
    cuts = quantiles(seconds, n=100)
    return cuts[49], cuts[98]


def stress(store: Store, seconds: float, clerks: int = CLERKS) -> Outcome:
    """Lets the clerks work on a store that `fill` filled, then looks for disagreements."""
    saved: list[Saved] = []
    desks = [Clerk(store, number, saved.append) for number in range(clerks)]
    stop = threading.Event()
    threads = [threading.Thread(target=desk.work, args=(stop,)) for desk in desks]
    started = time.monotonic()
    for thread in threads:
        thread.start()
    time.sleep(seconds)
    stop.set()
    for thread in threads:
        thread.join()
    took = time.monotonic() - started
    wrong = [complaint for desk in desks for complaint in desk.wrong]
    return Outcome(took, saved, desks, [*wrong, *disagreements(store, saved), *_not_counted(store, saved)])


def _not_counted(store: Store, saved: Sequence[Saved]) -> list[str]:
    counts = {table: store.rows(f"SELECT count(*) AS n FROM {table}")[0]["n"] for table in ("batch", "history")}
    return [f"{len(saved)} changes were saved, {n} rows are in {table}" for table, n in counts.items() if n != len(saved)]


def click_together(store: Store, shipment_no: str, clicks: int) -> list[bool | ShipdeskError]:
    """The answers to one request sent by several threads at once."""
    gate, key, answers = threading.Barrier(clicks), uuid.uuid4().hex, list[bool | ShipdeskError]()

    def click() -> None:
        gate.wait()
        try:
            answers.append(
                invoices.register(
                    store,
                    RULES,
                    shipment_no,
                    Entry("other", "QB123456789"),
                    request=Request(Actor(staff("Hana")), moment(), request_key=key),
                )
            )
        except ShipdeskError as error:
            answers.append(error)

    threads = [threading.Thread(target=click) for _ in range(clicks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.stress", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--clerks", type=int, default=CLERKS)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "stress.duckdb")
        try:
            fill(store, all_numbers(wanted.clerks))
            outcome = stress(store, wanted.seconds, wanted.clerks)
        finally:
            store.close()
    print("\n".join([*outcome.by_act(), *outcome.wrong[:20], outcome.line()]))
    return 1 if outcome.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
