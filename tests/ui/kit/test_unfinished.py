"""Open work of sessions that are gone: what the next session says of it, and what it opens again."""

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.reasons import Reason, Why
from core.services.shipments import invoices
from core.services.shipments.changes import Actor, Request
from core.services.shipments.invoices import Entry
from core.ui.kit import unfinished
from core.ui.kit.sentences import SessionText, WorkText
from tests.builders import CJ, CJ_OTHER, RULES, a_shipment, add, staff
from tests.screens import a_shop, again, desk, opened, pressed, words


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("unfinished")):
        yield


class Tab:
    """In place of the browser: what it tells of other sessions, and what it was given to keep."""

    def __init__(self) -> None:
        self.told: object = None
        self.kept: dict[str, Any] = {}

    def draw(self, *, key: str, data: dict[str, Any], on_open_change: object) -> dict[str, object]:
        if "kind" in data:
            self.kept[data["kind"]] = data["work"]
        return {"open": self.told}

    def lost(self, session: str = "another server-1", reloaded: bool = False, **works: Any) -> None:
        self.told = {"notes": [{"session": session, "works": works, "reloaded": reloaded}]}


@pytest.fixture
def tab(monkeypatch: pytest.MonkeyPatch) -> Tab:
    made = Tab()
    monkeypatch.setattr(unfinished, "_mount", made.draw)
    return made


def work(request_key: str = "never", about: str = "today.xlsx", **again: Any) -> dict[str, Any]:
    return {"request_key": request_key, "about": about, "again": again}


def register(shipment_no: str, number: str, key: str) -> None:
    add(desk().store, a_shipment(shipment_no))
    request = Request(Actor(staff("Hana Seo")), desk().now(), request_key=key)
    invoices.register(desk().store, RULES, shipment_no, Entry("cj", number), request=request)


def reasons(app: AppTest, kind: str) -> list[Reason]:
    """Why the session is gone, and what became of its work of this kind."""
    return [why.reason for why in app.session_state["unfinished:lost"][kind].whys]


@pytest.mark.parametrize(("kind", "fate"), [("upload", WorkText.UPLOAD_OPEN), ("import", WorkText.IMPORT_OPEN)])
def test_a_file_that_is_gone_is_to_be_chosen_again(tab: Tab, kind: str, fate: WorkText) -> None:
    tab.lost(**{kind: work()})
    app = opened("overview")
    assert (len(app.warning), reasons(app, kind)) == (1, [SessionText.LOST, fate])
    pressed(app, f"lost:close:{kind}")
    assert not app.warning


def test_what_was_saved_all_the_same_is_named_with_its_batch(tab: Tab) -> None:
    register("U-1", CJ, "upload-1")
    tab.lost(upload=work("upload-1"))
    app = opened("upload")
    assert (len(app.warning), reasons(app, "upload")) == (0, [SessionText.LOST, WorkText.UPLOAD_SAVED])
    assert "today.xlsx" in words(app)


def test_of_a_session_one_hears_once(tab: Tab) -> None:
    tab.lost(upload=work())
    app = pressed(opened("upload"), "lost:close:upload")
    again(app)
    assert not app.warning


def test_what_this_session_holds_is_not_lost(tab: Tab) -> None:
    app = opened("upload")
    tab.lost(app.session_state["unfinished:session"], upload=work())
    assert not again(app).warning


def test_a_reload_and_a_lost_connection_are_told_apart(tab: Tab) -> None:
    tab.lost(unfinished._SERVER + "-1", reloaded=True, upload=work())
    assert reasons(opened("upload"), "upload")[0] is SessionText.RELOADED
    tab.lost("another server-1", reloaded=True, upload=work())
    assert reasons(opened("upload"), "upload")[0] is SessionText.LOST


def test_an_open_form_is_opened_again_with_what_is_to_be_said_in_it(tab: Tab) -> None:
    add(desk().store, a_shipment("U-2"))
    tab.lost(form=work(about="U-2", form="edit_address"))
    app = opened()
    assert (len(app.warning), reasons(app, "form")) == (1, [SessionText.LOST, WorkText.FORM_OPEN])
    assert "Recipient" in [box.label for box in app.text_input]
    assert tab.kept["form"]["about"] == "U-2"


def test_a_form_that_was_saved_is_opened_on_what_it_saved(tab: Tab) -> None:
    register("U-3", CJ_OTHER, "form-1")
    tab.lost(form=work("form-1", "U-3", form=""))
    app = opened()
    assert (len(app.success), reasons(app, "form")) == (1, [SessionText.LOST, WorkText.FORM_SAVED])
    assert "order O-U-3" in words(app)


def test_a_grid_is_laid_out_again_without_what_is_registered(tab: Tab) -> None:
    register("U-4", "632976615574", "grid-t-1")
    add(desk().store, a_shipment("U-5"))
    tab.lost(grid=work("grid-t-", "", turn="t", rows=["U-4", "U-5"]))
    opened()
    assert tab.kept["grid"]["again"] == {"turn": "t", "rows": ["U-5"]}


def test_a_form_ends_with_its_page_and_a_file_does_not(tab: Tab) -> None:
    add(desk().store, a_shipment("U-6"))
    app = opened("shipment", no="U-6")
    assert tab.kept["form"]["about"] == "U-6"
    tab.kept.clear()
    app.switch_page("../../pages/overview.py")
    again(app)
    assert tab.kept == {"form": None, "grid": None}


@pytest.mark.parametrize(
    "told",
    [7, {}, {"notes": 7}, {"notes": [7]}, {"notes": [{"session": 7, "works": {"upload": 7, "form": {"again": 7}}}]}],
)
def test_whatever_a_browser_tells_breaks_nothing(tab: Tab, told: object) -> None:
    tab.told = told
    assert not opened("upload").warning


BATCH = {"about": "a.xlsx", "time": "14:02", "batch": 7}
SAID: list[tuple[Why, str]] = [
    (WorkText.FORM_OPEN(about="S-1"), "Nothing was saved on S-1. Look at it before you go on."),
    (WorkText.FORM_SAVED(about="S-1", time="14:02", batch=7), "What you saved on S-1 was saved at 14:02, as batch B-7."),
    (WorkText.GRID_OPEN(), "Nothing was registered. What you typed is still here."),
    (WorkText.GRID_SAVED(**BATCH, count=1), "1 shipment was registered at 14:02, as batch B-7."),
    (WorkText.GRID_SAVED(**BATCH, count=12), "12 shipments were registered at 14:02, as batch B-7."),
    (WorkText.UPLOAD_OPEN(), "Nothing was registered. Choose the file again."),
    (WorkText.UPLOAD_SAVED(**BATCH, count=1), "1 shipment of a.xlsx was registered at 14:02, as batch B-7."),
    (WorkText.UPLOAD_SAVED(**BATCH, count=1200), "1,200 shipments of a.xlsx were registered at 14:02, as batch B-7."),
    (WorkText.IMPORT_OPEN(), "Nothing was imported. Choose the file again."),
    (WorkText.IMPORT_SAVED(**BATCH, count=1), "1 shipment of a.xlsx was imported at 14:02, as batch B-7."),
    (WorkText.IMPORT_SAVED(**BATCH, count=2), "2 shipments of a.xlsx were imported at 14:02, as batch B-7."),
    (WorkText.UNDONE_SINCE(), "It was undone since."),
    (WorkText.UNSENT(), "Not sent yet. It goes out once, when the connection is back:"),
    (WorkText.UNSENT_UNDO(), "Undo of the last one"),
]


def test_every_fate_has_its_sentence() -> None:
    assert [str(why) for why, _ in SAID] == [sentence for _, sentence in SAID]
    assert {why.reason for why, _ in SAID} == set(WorkText)
