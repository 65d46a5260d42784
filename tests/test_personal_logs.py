"""Personal data never reach what is kept or scraped beside the database: logs, metrics, links, errors."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.requests import Request as WebRequest

from core.carriers.service import TrackingAnswer
from core.config import Settings
from core.domain.errors import ShipdeskError
from core.domain.search import Search, SearchKey
from core.domain.selection import Selection
from core.domain.shipment import Stage, Tab
from core.domain.sorting import Order
from core.runtime import Runtime, open_runtime
from core.services.shipments import actions, exporting, forgetting, queries, scan, undo
from core.services.shipments.changes import Request
from core.services.tracking import recording
from core.services.tracking.recording import Round
from core.store.database import Store
from core.web import metrics
from tests.builders import ADA, CJ, NOW, RULES, SEOUL, a_checkpoint, a_visit
from tests.planted import EDITED, markers_in, plant

ASKED = Request(ADA, NOW)
BY_NAME = Selection(tab=Tab.ALL, search=Search(SearchKey.RECIPIENT, ("Zorp", "8642")))
SIGNED = a_checkpoint(Stage.DELIVERED, NOW, text="Signed by Qumarkname Zorp", place="91 Qumarkstreet")
ANSWER = TrackingAnswer(number=CJ, stage=Stage.DELIVERED, checkpoints=(SIGNED,))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Runtime]:
    plant(Store.open(tmp_path / "shop.duckdb")).close()
    runtime = open_runtime(Settings(database=tmp_path / "shop.duckdb", sandbox=False))
    yield runtime
    runtime.close()


def acts(store: Store) -> dict[str, Callable[[], object]]:
    """What people and carriers do with personal data, right and wrong."""
    wrong = replace(EDITED, country="Qumarkland")
    return {
        "search": lambda: queries.page(store, BY_NAME, Order(), visit=a_visit(), size=50, number=lambda _: 1),
        "file": lambda: exporting.rows(store, BY_NAME, Order(), visit=a_visit()),
        "frozen": lambda: actions.edit_address(store, "S-3", EDITED, home="KR", request=ASKED),
        "wrong": lambda: actions.edit_address(store, "S-1", wrong, home="KR", request=ASKED),
        "stale": lambda: actions.edit_address(
            store, "S-1", replace(EDITED, phone="1"), home="KR", request=replace(ASKED, version=1)
        ),
        "scan": lambda: scan.look(store, RULES, scan.Scan("S-1"), scan.ScanDesk(), visit=a_visit()),
        "undo": lambda: undo.undo(store, 1, home="KR", request=ASKED),
        "told": lambda: recording.record(store, Round("tracker_delivery", RULES, SEOUL, NOW), {1: ANSWER}),
        "forget": lambda: forgetting.of_orders(store, ["O-3"], request=ASKED),
    }


@pytest.mark.parametrize("act", list(acts(None)))  # type: ignore[arg-type]
def test_no_act_writes_personal_data_into_a_log_or_an_error(desk: Runtime, caplog: pytest.LogCaptureFixture, act: str) -> None:
    caplog.set_level(logging.DEBUG)
    said = ""
    try:
        acts(desk.store)[act]()
    except ShipdeskError as error:
        said = str(error)
    assert markers_in(caplog.text + said) == []


def test_a_fault_amid_personal_data_is_logged_by_its_place(
    desk: Runtime, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(*_: object) -> None:
        raise ValueError("Signed by Qumarkname Zorp")

    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr(recording, "_news", fault)
    with pytest.raises(ValueError, match="Signed"):
        acts(desk.store)["told"]()
    assert "ValueError" in caplog.text and markers_in(caplog.text) == []


def test_metrics_name_nobody(desk: Runtime) -> None:
    answer = metrics.route(lambda: desk)(WebRequest({"type": "http"}))
    assert b"shipdesk_database_up" in bytes(answer.body)
    assert markers_in(bytes(answer.body).decode()) == []


def test_a_link_says_that_recipients_were_searched_and_never_whom() -> None:
    assert BY_NAME.link["key"] == ["recipient"]
    assert markers_in(repr(BY_NAME.link)) == []
