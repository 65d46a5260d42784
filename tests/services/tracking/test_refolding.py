"""A database of an earlier Shipdesk: its facts stay, and its states become those of this version."""

import shutil
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from core.domain.figures import Figure
from core.domain.selection import Selection
from core.domain.shipment import Stage, Status, ZoneFrom
from core.services.tracking import refolding
from core.store import figures
from core.store.database import SCHEMA, Connection, Store
from core.store.figures import Population
from tests.builders import NOW, SEOUL, nov, the

_SHIPMENT = """
INSERT INTO shipment BY NAME SELECT $id AS shipment_id, 'S-' || $id AS shipment_no, 'O-' || $id AS order_no, 'standard' AS kind,
    'domestic' AS destination, $ordered AS ordered_at, $released AS released_at, 'KR' AS country, 'cj' AS carrier, $id AS invoice_id,
    '632976615493' AS invoice_no, $released AS invoiced_at, $status AS status, $since AS status_since, $stage AS stage,
    $since AS last_scan_at, $delivered AS delivered_at, $delivered AS first_attempt_at, TIMESTAMPTZ '2026-11-13 09:00Z' AS picked_up_at, 7 AS version, $since AS updated_at
"""
_INVOICE = """
INSERT INTO invoice VALUES ($id, $id, $id, 'registered', 'cj', '632976615493', $released, 1)
"""
_KEY = "INSERT INTO search_key VALUES ('shipment_no', 'S' || $id, $id)"
_SCAN = """
INSERT INTO checkpoint BY NAME SELECT $id AS shipment_id, $id AS invoice_id, $at AS happened_at, $assumed AS zone_assumed,
    $stage AS stage, $text AS text, 'carrier' AS source, 1 AS batch_id
"""


def an_earlier_database(tmp_path: Path) -> Path:
    """As version 0.1.0 left it: a return that became the delivery, one in words, a number used before, and a failed attempt."""
    earlier, path = tmp_path / "schema", tmp_path / "desk.duckdb"
    earlier.mkdir()
    for step in SCHEMA.glob("00[123]_*.sql"):
        shutil.copy(step, earlier)
    with closing(Store.open(path, schema=earlier)) as store:
        store.write(_fill)
    return path


def _fill(connection: Connection) -> None:
    def shipment(number: int, status: str, stage: str, delivered: datetime | None, *scans: tuple[str, datetime, str]) -> None:
        facts = {"id": number, "released": nov(12)}
        known = facts | {"ordered": nov(1), "status": status, "stage": stage, "since": scans[-1][1], "delivered": delivered}
        connection.execute(_SHIPMENT, known).fetchall()
        connection.execute(_INVOICE, facts).fetchall()
        connection.execute(_KEY, {"id": number}).fetchall()
        for name, at, text in scans:
            values = {"id": number, "at": at, "assumed": number == 4, "stage": name, "text": text}
            connection.execute(_SCAN, values).fetchall()

    out = [("picked_up", nov(13), "집하"), ("delivered", nov(14), "배달완료")]
    shipment(1, "delivered", "delivered", nov(23), *out, ("picked_up", nov(20), "집하"), ("delivered", nov(23), "배달완료"))
    shipment(2, "delivered", "delivered", nov(14), out[0], ("delivered", nov(14), "반송 배달완료"))
    shipment(3, "delivered", "delivered", nov(7), ("picked_up", nov(5), ""), ("delivered", nov(7), ""))
    shipment(4, "delivered", "delivered", nov(14), out[0], ("attempt_failed", nov(13, 15), "부재"), out[1])


def test_states_are_those_of_this_version_and_no_shipment_was_changed_by_anybody(tmp_path: Path) -> None:
    with closing(Store.open(an_earlier_database(tmp_path))) as store:
        assert refolding.fold_again(store) == 3
        assert refolding.fold_again(store) == 0
        states = [the(store, f"S-{number}").state for number in (1, 2, 3, 4)]
        assert [(state.status, state.delivered_at, state.returned_at) for state in states] == [
            (Status.DELIVERED, nov(14), nov(23)),
            (Status.SHIPPING_FAILED, None, None),
            (Status.PREPARING_TO_SHIP, None, None),
            (Status.DELIVERED, nov(14), None),
        ]
        assert {the(store, f"S-{number}").version for number in (1, 2, 3, 4)} == {7}


def test_whatever_words_said_that_a_parcel_goes_back_say_so_in_an_earlier_database(tmp_path: Path) -> None:
    words = [
        "수취인거절 인도",
        "회송 완료",
        "返却完了",
        "Delivery refused; being returned",
        "Rücksendung zugestellt",
        "已退回寄件人",
    ]
    path = an_earlier_database(tmp_path)
    with closing(duckdb.connect(str(path))) as earlier:
        for place, said in enumerate(words, 11):
            facts = {"id": place, "released": nov(12)}
            known = facts | {
                "ordered": nov(1),
                "status": "delivered",
                "stage": "delivered",
                "since": nov(14),
                "delivered": nov(14),
            }
            earlier.execute(_SHIPMENT, known)
            earlier.execute(_INVOICE, facts)
            earlier.execute(_KEY, {"id": place})
            earlier.execute(_SCAN, {"id": place, "at": nov(14), "assumed": False, "stage": "delivered", "text": said})
    with closing(Store.open(path)) as store:
        refolding.fold_again(store)
        assert [the(store, f"S-{place}").state.status for place in range(11, 17)] == [Status.SHIPPING_FAILED] * 6


def test_facts_and_figures_are_right_from_the_first_moment(tmp_path: Path) -> None:
    with closing(Store.open(an_earlier_database(tmp_path))) as store:
        scan = the(store, "S-4").checkpoints[1]
        assert (scan.stage, scan.happened_at, scan.text) == (Stage.ATTEMPT_FAILED, nov(13, 15), "부재")
        assert (scan.zone_from, scan.local_at) == (ZoneFrom.CARRIER, None)
        everything = Population(SEOUL, NOW + timedelta(days=10), Selection())
        counts = figures.counts(store, everything)[0]
        assert (counts[f"{Figure.FAILURE}_n"], counts[f"{Figure.FIRST_ATTEMPT}_n"]) == (1, 3)
