"""Forgetting who received: it is gone everywhere, figures stay, and neither undo, import, carriers nor an old backup brings it back."""

import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core import runtime
from core.carriers.service import TrackingAnswer
from core.config import Settings
from core.demo import make_demo
from core.domain.clock import Clock
from core.domain.errors import Forbidden, NotFound, NotPermitted
from core.domain.history import ChangeSource
from core.domain.people import DESK
from core.domain.periods import Period
from core.domain.reasons import Names
from core.domain.selection import Selection
from core.domain.shipment import Address, Stage
from core.domain.shipment_actions import Refusal
from core.domain.visit import Visit
from core.services import figures, importing
from core.services.keeping import restoring
from core.services.keeping.restoring import RestoreOrder
from core.services.shipments import actions, forgetting, queries, undo
from core.services.shipments.changes import Actor, Request
from core.services.shipments.forgetting import AgeRule, NotForgotten
from core.services.tracking import recording
from core.services.tracking.recording import Round
from core.store import forgotten_list, history, tracking
from core.store.database import Store
from tests.builders import ADA, CJ, HANA, NOW, RULES, SEOUL, a_checkpoint, a_shipment, a_store, a_visit, add, nov, opened
from tests.planted import EDITED, PLANTED, REQUEST, markers_in, plant

LATER = NOW + timedelta(hours=2)
ASKED = Request(ADA, LATER)


def all_of(store: Store) -> str:
    """Everything that is stored, as text."""
    tables = [
        row["table_name"]
        for row in store.rows("SELECT table_name FROM information_schema.tables WHERE table_schema IN ('main', 'shipdesk')")
    ]
    return repr({table: store.rows(f"SELECT * FROM {table}") for table in tables})


def planted_file(folder: Path) -> Store:
    return plant(opened(Store.open(folder / "shop.duckdb", threads=1)))


def forget_all(store: Store, request: Request = ASKED) -> int:
    return forgetting.of_orders(store, ["O-1", "O-3", "O-4", "O-5"], request=request).shipments


def test_nothing_of_the_orders_is_left_anywhere() -> None:
    store = plant(a_store())
    assert markers_in(all_of(store))
    assert forget_all(store) == 5
    assert markers_in(all_of(store)) == []


def test_what_named_the_recipient_before_an_edit_is_forgotten_too() -> None:
    store = a_store()
    file = "Shipment No.,Order No.,Ordered,Country,Recipient\nS-1,O-1,2026-11-10,KR,Qumarkname Zorp\n"
    source = importing.read(file.encode(), "Qumarkname Zorp.csv")
    mapping = importing.propose(source.headers, source.sample())
    request = Request(Actor(HANA.person, ChangeSource.IMPORT), NOW)
    importing.run(store, RULES, source, mapping, request=request, zone=SEOUL, home="KR")
    address = Address("Mina Park", "", "1 Otherstreet", "Seoul", "", "", "KR")
    actions.edit_address(store, "S-1", address, home="KR", request=Request(HANA, NOW))
    assert forgetting.of_orders(store, ["O-1"], request=ASKED).shipments == 1
    assert markers_in(all_of(store)) == []


def test_a_carriers_code_that_names_the_recipient_is_forgotten_and_others_stay() -> None:
    store = a_store()
    told = [a_checkpoint(Stage.IN_TRANSIT, nov(13), code="AR1"), a_checkpoint(at=nov(14), code="SIGNED QUMARKNAME ZORP")]
    add(store, a_shipment("S-1", order_no="O-1", scans=told, address=PLANTED))
    forgetting.of_orders(store, ["O-1"], request=ASKED)
    assert store.rows("SELECT code FROM checkpoint ORDER BY happened_at") == [{"code": "AR1"}, {"code": ""}]


def test_only_the_orders_that_were_named_are_forgotten() -> None:
    store = plant(a_store())
    assert forgetting.of_orders(store, ["o-1"], request=ASKED).shipments == 2
    kept = store.rows("SELECT shipment_no FROM shipment WHERE forgotten_at IS NULL AND recipient <> '' ORDER BY 1")
    assert [row["shipment_no"] for row in kept] == ["S-3", "S-4", "S-5"]


def test_the_history_says_who_forgot_and_nothing_else() -> None:
    store = plant(a_store())
    forget_all(store)
    row = history.of_shipment(store, 1)[0]
    assert (row["action"], row["changed_by"], row["changed_at"]) == ("forgotten", ADA.name, LATER)
    assert (row["before"], row["after"], row["reason"]) == ({}, {}, "")
    edited = history.of_shipment(store, 1)[1]
    assert edited["action"] == "address_edited" and set(edited["before"]) == {"recipient", "phone", "address"}


def test_a_second_time_nothing_is_left_to_forget() -> None:
    store = plant(a_store())
    forget_all(store)
    before = len(history.batches(store))
    assert forget_all(store) == 0
    assert len(history.batches(store)) == before


def test_an_order_that_does_not_exist_is_named_and_nothing_is_forgotten() -> None:
    store = plant(a_store())
    with pytest.raises(NotFound) as refusal:
        forgetting.of_orders(store, ["O-1", "O-99"], request=ASKED)
    (why,) = refusal.value.whys
    assert (why.reason, why.values["orders"]) == (NotForgotten.NO_ORDER, Names(("O-99",)))
    assert markers_in(all_of(store))


def test_only_admins_forget() -> None:
    with pytest.raises(Forbidden):
        forgetting.of_orders(plant(a_store()), ["O-1"], request=Request(HANA, NOW))


def test_undo_brings_nothing_back() -> None:
    store = plant(a_store())
    batches = [row["batch_id"] for row in history.batches(store)]
    forget_all(store)
    batches += [row["batch_id"] for row in history.batches(store)]
    for batch in dict.fromkeys(batches):
        answers = undo.undo(store, batch, home="KR", request=Request(ADA, LATER))
        assert all(one.stayed for one in answers)
    assert markers_in(all_of(store)) == []


def test_the_address_of_what_was_forgotten_stays_empty() -> None:
    store = plant(a_store())
    forget_all(store)
    with pytest.raises(NotPermitted) as refusal:
        actions.edit_address(store, "S-1", EDITED, home="KR", request=Request(ADA, LATER))
    assert refusal.value.reason is Refusal.FORGOTTEN


def test_the_file_it_came_from_brings_nothing_back() -> None:
    store = plant(a_store())
    forget_all(store)
    file = (
        "Shipment No.,Order No.,Ordered,Country,Warehouse,Recipient,Phone,Address,Postal code,Request\n"
        f"S-5,O-5,2026-11-10,KR,Gimpo,{PLANTED.recipient},{PLANTED.phone},{PLANTED.address},QM-55501,{REQUEST}\n"
    )
    source = importing.read(file.encode(), "again.csv")
    mapping = importing.propose(source.headers, source.sample())
    report = importing.run(
        store, RULES, source, mapping, request=Request(Actor(ADA.person, ChangeSource.IMPORT), LATER), zone=SEOUL, home="KR"
    )
    assert (report.changed, report.refused) == (1, ())
    assert markers_in(all_of(store)) == []
    (row,) = store.rows("SELECT warehouse, source_hash FROM shipment WHERE shipment_no = 'S-5'")
    assert row == {"warehouse": "Gimpo", "source_hash": ""}


def figures_of(store: Store, clock: Clock, period: Period) -> Any:
    visit = Visit(DESK, clock)
    seen = figures.report(store, period.first, period.last, visit=visit)
    split = [figures.split(store, period, Selection(), by, visit=visit) for by in ("carrier", "warehouse", "country")]
    return seen, split, figures.backlog(store, Selection(), visit=visit), figures.risk(store, Selection(), visit=visit)


def test_every_figure_is_the_same_to_the_last_shipment() -> None:
    store = a_store()
    make_demo(store, RULES, shipments=3000, seed=3, now=NOW, zone=SEOUL, home="KR")
    clock = Clock(NOW, SEOUL)
    period = Period(date(2026, 8, 1), clock.today)
    before = figures_of(store, clock, period)
    assert forgetting.older_than(store, 10, request=Request(ADA, NOW)).shipments > 1500
    assert store.rows("SELECT count(*) AS n FROM shipment WHERE forgotten_at IS NULL AND recipient = ''")[0]["n"] == 0
    assert figures_of(store, clock, period) == before


@pytest.mark.parametrize(
    ("shipment", "old"),
    [
        (a_shipment("S-1", scans=[a_checkpoint(Stage.DELIVERED, nov(12))]), True),
        (a_shipment("S-1", scans=[a_checkpoint(Stage.DELIVERED, nov(15))]), False),
        (a_shipment("S-1", scans=[a_checkpoint(Stage.IN_TRANSIT, nov(12))]), False),
        (a_shipment("S-1"), False),
        (a_shipment("S-1", scans=[a_checkpoint(Stage.RETURNED, nov(12))], closed_at=nov(13)), True),
        (a_shipment("S-1", scans=[a_checkpoint(Stage.DELIVERED, nov(11)), a_checkpoint(Stage.RETURNING, nov(15))]), False),
    ],
)
def test_by_age_only_what_has_been_over_for_so_long_is_forgotten(shipment: Any, old: bool) -> None:
    store = a_store(shipment)
    assert forgetting.older_than(store, 2, request=Request(ADA, nov(16))).shipments == old


def in_bytes(folder: Path) -> list[str]:
    data = b"".join(file.read_bytes() for file in folder.iterdir() if file.name.startswith("shop.duckdb"))
    return [
        marker
        for marker in ("Qumarkname", "Qumarkstreet", "Qumarkrequest", "Qumarksecond", "Qumarkavenue")
        if marker.encode() in data
    ]


def uncompressed(folder: Path) -> Store:
    """A desk whose texts stand in the file as they are, checkpointed."""
    store = planted_file(folder)
    checkpointed_as_it_is(store)
    assert in_bytes(folder)
    return store


def checkpointed_as_it_is(store: Store) -> None:
    store.apart(lambda connection: connection.execute("SET GLOBAL force_compression = 'uncompressed'").fetchall())
    store.apart(lambda connection: connection.execute("FORCE CHECKPOINT").fetchall())


MANY_MORE = """
INSERT INTO shipment SELECT shipment.* REPLACE (
    n AS shipment_id, 'T-' || n AS shipment_no, 'somebody else ' || n AS recipient, repeat('a street ', 4) AS address,
    '010' || n AS phone, repeat('please ', 4) AS request, 'somebodyelse 010' || n AS recipient_key, '0' AS postal_code)
FROM shipment, range(2, 60000) numbers(n)
"""
"""So many that each text of the first shipment stands in a part of the file that only such texts fill."""


def test_scrubbing_takes_it_out_of_the_bytes_of_a_file_at_work(tmp_path: Path) -> None:
    store = opened(Store.open(tmp_path / "shop.duckdb", threads=1))
    add(store, a_shipment("S-1", order_no="O-1", address=PLANTED, request=REQUEST))
    store.write(lambda connection: connection.execute(MANY_MORE).fetchall())
    checkpointed_as_it_is(store)
    assert in_bytes(tmp_path) == ["Qumarkname", "Qumarkstreet", "Qumarkrequest"]
    forgetting.of_orders(store, ["O-1"], request=ASKED)
    forgetting.scrub(store, request=ASKED)
    assert in_bytes(tmp_path) == []
    tables = [
        row["table_name"]
        for row in store.rows("SELECT table_name FROM information_schema.tables WHERE table_schema IN ('main', 'shipdesk')")
    ]
    assert "overwritten" not in tables


def test_a_file_written_anew_holds_not_even_the_first_letters(tmp_path: Path) -> None:
    store = uncompressed(tmp_path)
    forget_all(store)
    forgetting.rewrite(store, request=ASKED)
    assert b"Qumark" not in (tmp_path / "shop.duckdb").read_bytes()
    assert [file.name for file in tmp_path.iterdir() if ".anew" in file.name] == []
    again = opened(Store.open(tmp_path / "shop.duckdb", threads=1))
    assert queries.whole(again, "S-1", visit=a_visit()) is not None


def restored(folder: Path) -> None:
    """The backup in the place of the database, by the desk's own way."""
    order = RestoreOrder(folder / "backup.duckdb", folder / "shop.duckdb", folder / "backups", SEOUL)
    assert restoring.restore(order, NOW, lambda _: True, person=ADA.person)


def test_an_older_backup_forgets_again_when_it_is_opened(tmp_path: Path) -> None:
    store = planted_file(tmp_path)
    store.backup(tmp_path / "backup.duckdb")
    forgetting.of_orders(store, ["O-1"], request=ASKED)
    store.close()
    restored(tmp_path)
    back = runtime.open_runtime(Settings(database=tmp_path / "shop.duckdb", sandbox=False)).store
    opened(back)
    known = back.rows("SELECT shipment_no FROM shipment WHERE recipient <> '' ORDER BY 1")
    assert [row["shipment_no"] for row in known] == ["S-3", "S-4", "S-5"]
    assert history.of_shipment(back, 1)[0]["changed_by"] == DESK.name


def test_what_was_forgotten_by_age_is_forgotten_again_too(tmp_path: Path) -> None:
    store = planted_file(tmp_path)
    store.backup(tmp_path / "backup.duckdb")
    assert forgetting.older_than(store, 1, request=Request(ADA, nov(20))).shipments == 2
    store.close()
    restored(tmp_path)
    back = opened(Store.open(tmp_path / "shop.duckdb", threads=1))
    assert forgetting.again(back, nov(21)).shipments == 2
    assert forgetting.again(back, nov(21)).shipments == 0


def test_the_list_beside_the_database_names_nobody(tmp_path: Path) -> None:
    store = planted_file(tmp_path)
    forget_all(store)
    text = forgotten_list.path_of(tmp_path / "shop.duckdb").read_text()
    assert len(text.splitlines()) == 5
    assert markers_in(text) == [] and "S-1" not in text and "O-1" not in text


def test_the_age_rule_forgets_by_itself_and_once_a_day() -> None:
    store = plant(a_store())
    clock = [nov(20)]
    looked: list[datetime] = []
    rule = AgeRule(store, 1, lambda: looked.append(clock[0]) or clock[0], first_after=0.01, looks=0.01)
    rule.start()
    try:
        wait_until(lambda: history.of_shipment(store, 4) != [])
        assert history.of_shipment(store, 4)[0]["changed_by"] == DESK.name
        assert store.rows("SELECT shipment_no FROM shipment WHERE recipient <> '' ORDER BY 1")[0]["shipment_no"] == "S-1"
        late = a_shipment("S-9", address=PLANTED, scans=[a_checkpoint(Stage.DELIVERED, nov(12))])
        add(store, late)
        clock[0] += timedelta(hours=23)
        wait_until(lambda: looked.count(clock[0]) > 2)
        assert names(store, "S-9") == [PLANTED.recipient]
        clock[0] += timedelta(hours=1)
        wait_until(lambda: names(store, "S-9") == [""])
    finally:
        rule.stop()


def names(store: Store, shipment_no: str) -> list[str]:
    found = store.rows("SELECT recipient FROM shipment WHERE shipment_no = $no", {"no": shipment_no})
    return [row["recipient"] for row in found]


def test_without_a_rule_nothing_is_forgotten_by_age() -> None:
    store = plant(a_store())
    looked = threading.Event()
    rule = AgeRule(store, None, lambda: looked.set() or nov(20), first_after=0, looks=0.01)
    rule.start()
    looked.wait(0.2)
    rule.stop()
    assert store.rows("SELECT count(*) AS n FROM shipment WHERE forgotten_at IS NOT NULL")[0]["n"] == 0


def wait_until(happened: Callable[[], bool]) -> None:
    waited = threading.Event()
    for _ in range(3000):
        if happened():
            return
        waited.wait(0.01)
    pytest.fail("it did not happen")


def test_a_carrier_that_tells_it_again_brings_no_words_back(caplog: pytest.LogCaptureFixture) -> None:
    words = {"text": "Signed by Qumarkname Zorp", "place": "91 Qumarkstreet"}
    told = [a_checkpoint(Stage.PICKED_UP, nov(12)), a_checkpoint(Stage.OUT_FOR_DELIVERY, nov(14), **words)]
    store = a_store(a_shipment("S-1", order_no="O-1", address=PLANTED, scans=told))
    store.write(lambda connection: tracking.watch_these(connection, [1], at=NOW, patience={"cj": timedelta(days=30)}))
    forgetting.of_orders(store, ["O-1"], request=ASKED)
    number = store.rows("SELECT invoice_id FROM tracking")[0]["invoice_id"]
    again = [*told, a_checkpoint(Stage.DELIVERED, nov(15), **words)]
    answer = TrackingAnswer(number=CJ, stage=Stage.DELIVERED, code="DELIVERED", checkpoints=tuple(again))
    recording.record(store, Round("tracker_delivery", RULES, SEOUL, LATER), {number: answer})
    assert markers_in(all_of(store)) == markers_in(caplog.text) == []
    (row,) = store.rows("SELECT status, delivered_at FROM shipment")
    assert row == {"status": "delivered", "delivered_at": nov(15)}
    assert store.rows("SELECT count(*) AS n FROM checkpoint")[0]["n"] == 3
