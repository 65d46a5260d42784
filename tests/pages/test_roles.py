"""Every page as each role sees it: what one may not do cannot be pressed, and says why."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.config import Settings
from core.domain.people import Person, Role
from tests.screens import a_shop, buttons, desk, drawn, opened, words

PAGES = ("overview", "shipments", "register", "upload", "delays", "carriers", "data", "people")


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("roles"), SHIPDESK_SANDBOX="off"):
        yield


@pytest.fixture
def here_as(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    def become(role: Role) -> None:
        monkeypatch.setattr(Settings, "local", property(lambda _: Person("Vera", role)))

    yield become


def uploaders(app: AppTest) -> int:
    return len(app.get("file_uploader"))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("role", Role)
def test_every_page_is_drawn_for_every_role(here_as, page: str, role: Role) -> None:  # type: ignore[no-untyped-def]
    here_as(role)
    assert "could not be loaded" not in words(opened(page))


def test_a_viewer_is_told_instead_of_given_forms(here_as) -> None:  # type: ignore[no-untyped-def]
    here_as(Role.VIEWER)
    for page in ("register", "upload", "data"):
        app = opened(page)
        assert "staff and admins" in words(app)
        assert not uploaders(app) and not app.text_input
    assert not opened("register").get("bidi_component") or "scan_boxes" not in str(opened("register").get("bidi_component"))


def test_a_viewer_presses_nothing_that_changes_anything(here_as) -> None:  # type: ignore[no-untyped-def]
    here_as(Role.VIEWER)
    listed = opened("shipments", tab="all")
    assert "Refresh tracking" not in buttons(listed)
    assert all("staff" in row["locked"] for row in drawn(listed, "shipments")["rows"])
    number = desk().store.rows("SELECT shipment_no FROM shipment LIMIT 1")[0]["shipment_no"]
    one = opened("shipment", no=number)
    assert not buttons(one) & {"Edit address", "Register invoice", "Mark as delivered", "Refresh tracking"}
    data = opened("data")
    assert "Write a backup" not in buttons(data)
    assert {cell["undo"]["locked"] is None for cell in drawn(data, "batches")["rows"] if isinstance(cell["undo"], dict)} == {
        False
    }


def test_staff_work_but_leave_the_shop_to_admins(here_as) -> None:  # type: ignore[no-untyped-def]
    here_as(Role.STAFF)
    listed = opened("shipments", tab="all")
    assert {row["locked"] for row in drawn(listed, "shipments")["rows"]} == {None}
    assert uploaders(opened("data")) and uploaders(opened("upload"))
    assert "Write a backup" not in buttons(opened("data"))
    carriers = opened("carriers")
    assert all(box.disabled for box in carriers.selectbox if str(box.key).startswith("service:"))
    assert "for admins" in words(carriers) and "for admins" in words(opened("people"))


def test_an_admin_may_all_of_it(here_as) -> None:  # type: ignore[no-untyped-def]
    here_as(Role.ADMIN)
    assert "Write a backup" in buttons(opened("data"))
    assert not any(box.disabled for box in opened("carriers").selectbox if str(box.key).startswith("service:"))
