"""Many clerks at once: nobody meets an error, nothing that was saved is lost."""

from pathlib import Path

from core.domain.status import folded
from core.store import history
from core.store.database import Store
from tests import builders, stress


def test_sixteen_clerks_meet_no_error_and_lose_nothing(tmp_path: Path) -> None:
    store = builders.opened(Store.open(tmp_path / "shop.duckdb"))
    stress.fill(store, stress.all_numbers())
    outcome = stress.stress(store, seconds=5)
    assert outcome.wrong == []
    assert len(outcome.saved) > 10


def test_five_fast_clicks_with_one_request_key_make_one_invoice_and_one_history_row(tmp_path: Path) -> None:
    store = builders.opened(Store.open(tmp_path / "shop.duckdb"))
    stress.fill(store, ["S-1"])
    answers = stress.click_together(store, "S-1", clicks=5)
    assert sorted(answers, key=str) == [False, False, False, False, True]
    shipment = builders.the(store, "S-1")
    assert [event.invoice_no for event in shipment.invoices] == ["QB123456789"]
    assert len(history.of_shipment(store, shipment.shipment_id)) == 1
    assert (shipment.version, shipment.state) == (2, folded(shipment).state)


def test_an_import_cut_in_half_and_a_lost_change_would_be_noticed(tmp_path: Path) -> None:
    store = builders.opened(Store.open(tmp_path / "shop.duckdb"))
    stress.fill(store, ["S-1", "S-2"])
    stress.click_together(store, "S-1", clicks=1)
    store.write(lambda connection: connection.execute("UPDATE shipment SET version = 5, status = 'released'"))
    store.write(lambda connection: connection.execute("DELETE FROM item WHERE shipment_id = 2"))
    lost = stress.Saved("a key", "S-1", version=6)
    found = " | ".join(stress.disagreements(store, [lost]))
    for words in ("request a key: 0 of 1", "version 5 after 6", "version 5 after 1 changes", "history says", "its facts say"):
        assert words in found
