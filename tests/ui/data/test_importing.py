"""The import of a file, step by step: the mapping, what it would do, the import itself, and what is told of it."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.services import importing
from core.store.database import Connection
from core.store.postgres.adapter import PgConnection
from core.ui.data import import_run
from core.ui.data.sentences import ImportText
from tests.builders import the
from tests.screens import a_shop, again, buttons, desk, downloads, given, opened, pressed, pressed_meanwhile, rows, words
from tests.store.test_stopping import LONG, LONG_ON_A_SERVER

pytestmark = pytest.mark.usefixtures("read_here")
REQUIRED = {"shipment_no": "D-1", "order_no": "O-1", "ordered_at": "2026-11-10T18:00:00+09:00", "country": "KR"}


@pytest.fixture(autouse=True)
def nothing_before() -> Iterator[None]:
    """What another test imported is not found again."""
    yield
    import_run.forget(desk())


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("importing")):
        yield


def a_file(*rows: dict[str, str]) -> bytes:
    """A CSV file of these rows; each has what is required unless it says otherwise."""
    whole = [REQUIRED | row for row in rows]
    headers = list(dict.fromkeys(name for row in whole for name in row))
    return "\n".join(",".join(line) for line in (headers, *([row.get(name, "") for name in headers] for row in whole))).encode()


def uploaded(data: bytes, name: str = "shop.csv") -> AppTest:
    return given(opened("data"), "import:file", data, name)


def exists(shipment_no: str) -> bool:
    return bool(desk().store.rows("SELECT 1 FROM shipment WHERE shipment_no = $no", {"no": shipment_no}))


def column(app: AppTest, name: str) -> Any:
    """The box that says which header means this column."""
    return next(box for box in app.multiselect if str(box.key).startswith(f"import:column:{name}:"))


def broken(*said: Any, **named: Any) -> Any:
    raise ZeroDivisionError


def test_nothing_is_written_before_the_button_is_pressed() -> None:
    app = uploaded(a_file({"shipment_no": "D-1"}, {"shipment_no": "D-2", "recipient": "Mia"}))
    assert "Import 2 shipments" in buttons(app)
    assert [row["shipment_no"] for row in rows(app, "import:rows")] == ["D-1", "D-2"]
    assert not exists("D-1")
    pressed(app, "import:go")
    assert (exists("D-1"), the(desk().store, "D-2").address.recipient) == (True, "Mia")
    assert app.success and "import:go" not in [button.key for button in app.button]


def test_a_row_that_is_refused_is_listed_with_its_reason_and_the_rest_is_imported() -> None:
    app = uploaded(a_file({"shipment_no": "D-3"}, {"shipment_no": "D-4", "ordered_at": "yesterday"}))
    found = rows(app, "import:findings:preview")
    assert [(row["row"], row["verdict"]) for row in found] == [("3", "Refused")]
    assert "yesterday" in found[0]["why"]
    pressed(app, "import:go")
    assert (exists("D-3"), exists("D-4")) == (True, False)
    assert len(rows(app, "import:findings:report")) == 1
    assert "Download 1 finding" in downloads(app)


def test_a_file_that_says_nothing_new_cannot_be_imported_again() -> None:
    file = a_file({"shipment_no": "D-5"})
    pressed(uploaded(file), "import:go")
    assert uploaded(file).button(key="import:go").disabled


def test_headers_nobody_knows_are_matched_by_hand() -> None:
    app = uploaded(a_file({"shipment_no": "D-6"}).replace(b"shipment_no", b"Paketkennung"))
    assert app.info[0].icon == ":material/view_column:"
    assert "import:go" not in [button.key for button in app.button]
    column(app, "shipment_no").set_value(["Paketkennung"]).run()
    pressed(app, "import:go")
    assert exists("D-6")


def test_the_form_of_dates_can_be_said() -> None:
    app = uploaded(a_file({"shipment_no": "D-7", "ordered_at": "10.11.2026 18:00"}))
    next(box for box in app.text_input if box.label == "Date formats").set_value("%d.%m.%Y %H:%M").run()
    pressed(app, "import:go")
    assert the(desk().store, "D-7").ordered_at.isoformat() == "2026-11-10T09:00:00+00:00"


def test_a_mapping_that_was_kept_is_used() -> None:
    app = uploaded(a_file({"shipment_no": "D-8"}).replace(b"shipment_no", b"Paketkennung"))
    assert "Keep these choices" in downloads(app)
    mapping = "\n".join(["[columns]", 'shipment_no = "Paketkennung"', *(f'{name} = "{name}"' for name in list(REQUIRED)[1:])])
    given(app, "import:toml", mapping.encode(), "columns.toml")
    assert column(app, "shipment_no").value == ["Paketkennung"]
    pressed(app, "import:go")
    assert exists("D-8")


@pytest.mark.parametrize("mapping", [b"[columns", b"[columns]\nshipment_no = 1", b"\xff\xfe"])
def test_a_mapping_that_cannot_be_used_is_said_and_the_proposed_one_stays(mapping: bytes) -> None:
    app = given(uploaded(a_file({"shipment_no": "D-9"})), "import:toml", mapping, "columns.toml")
    assert len(app.error) == 1
    assert "Import 1 shipment" in buttons(app)


def test_a_file_that_cannot_be_read_is_said() -> None:
    app = uploaded(b"PK\x03\x04 not a workbook", "shop.xlsx")
    assert len(app.error) == 1
    assert "import:go" not in [button.key for button in app.button]


def test_a_fault_of_ours_is_said_with_its_id_and_nothing_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    app = uploaded(a_file({"shipment_no": "D-10"}))
    with monkeypatch.context() as faulty:
        faulty.setattr("core.services.importing.run", broken)
        pressed(app, "import:go")
    assert "Error id E-" in words(app)
    assert not exists("D-10")
    pressed(app, "import:go")
    assert exists("D-10")


def test_a_finished_import_is_found_again_in_another_tab_until_another_file_is_chosen() -> None:
    first = pressed(uploaded(a_file({"shipment_no": "D-14"}), "found.csv"), "import:go")
    other = opened("data")
    assert [said.value for said in other.success] == [said.value for said in first.success]
    pressed(other, "import:again")
    assert not again(first).success


def test_an_import_goes_on_when_the_page_that_began_it_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on, run = threading.Event(), importing.run
    app = uploaded(a_file({"shipment_no": "D-15"}), "slow.csv")
    with monkeypatch.context() as slow:
        slow.setattr(importing, "run", lambda *said, **named: may_go_on.wait(20) and run(*said, **named))
        page = threading.Thread(target=lambda: pressed(app, "import:go"))
        page.start()
        while not (going := import_run.of(desk())):
            page.join(0.01)
        assert not exists("D-15")
        may_go_on.set()
        assert going.over.wait(20)
        page.join()
    assert exists("D-15")
    assert opened("data").success


def test_an_import_that_is_cancelled_on_its_way_leaves_nothing_written(monkeypatch: pytest.MonkeyPatch) -> None:
    may_go_on, run = threading.Event(), importing.run
    app = uploaded(a_file({"shipment_no": "D-16"}), "slow.csv")
    with monkeypatch.context() as slow:
        slow.setattr(importing, "run", lambda *said, **named: may_go_on.wait(20) and run(*said, **named))
        page = threading.Thread(target=lambda: pressed(app, "import:go"))
        page.start()
        while not (going := import_run.of(desk())):
            page.join(0.01)
        going.cancel()
        may_go_on.set()
        assert going.over.wait(20)
        page.join()
    assert going.cancelled
    assert not exists("D-16")
    assert str(ImportText.CANCELLED()) in words(app)
    pressed(app, "import:go")
    assert exists("D-16")


def test_an_import_is_cancelled_in_the_middle_of_a_statement(monkeypatch: pytest.MonkeyPatch) -> None:
    writing = threading.Event()

    def lasting(connection: Connection, *said: Any) -> None:
        writing.set()
        connection.execute(LONG_ON_A_SERVER if isinstance(connection, PgConnection) else LONG).fetchall()

    app = uploaded(a_file({"shipment_no": "D-21"}), "large.csv")
    with monkeypatch.context() as slow:
        slow.setattr("core.store.history.append_new", lasting)
        page = threading.Thread(target=lambda: pressed(app, "import:go"))
        page.start()
        assert writing.wait(20)
        going = import_run.of(desk())
        assert going
        going.cancel()
        assert going.over.wait(20)
        page.join()
    assert str(ImportText.CANCELLED()) in words(app)
    assert not exists("D-21")
    pressed(app, "import:go")
    assert exists("D-21")


def test_what_is_saved_already_is_not_cancelled_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    run = importing.run

    def cancelled_too_late(*said: Any, **named: Any) -> importing.ImportReport:
        report = run(*said, **named)
        going = import_run.of(desk())
        assert going
        going.cancel()
        named["progress"](1, "Imported")
        return report

    with monkeypatch.context() as late:
        late.setattr(importing, "run", cancelled_too_late)
        app = pressed(uploaded(a_file({"shipment_no": "D-17"})), "import:go")
    assert exists("D-17")
    assert app.success


def test_another_file_begins_anew() -> None:
    app = pressed(uploaded(a_file({"shipment_no": "D-11"})), "import:go")
    pressed(app, "import:again")
    assert not app.success
    assert import_run.of(desk()) is None
    given(app, "import:file", a_file({"shipment_no": "D-12"}), "more.csv")
    assert "Import 1 shipment" in buttons(app)


def test_the_batch_of_an_import_is_among_those_that_can_be_undone() -> None:
    app = pressed(uploaded(a_file({"shipment_no": "D-13"})), "import:go")
    newest = rows(app, "batches")[0]
    assert (newest["undo"], newest["shipments"]) == ("Undo", "1")


def test_a_second_press_while_it_is_imported_does_nothing_and_the_report_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    app = uploaded(a_file({"shipment_no": "D-20"}))
    assert pressed_meanwhile(app, monkeypatch, (importing, "run"), "import:go", "import:go") == 1
    assert (exists("D-20"), len(app.success)) == (True, 1)
