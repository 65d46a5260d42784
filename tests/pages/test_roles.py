"""Every page as each role sees it: what one may not do cannot be pressed, and says why."""

from collections.abc import Iterator

import pytest
from streamlit.testing.v1 import AppTest

from core.config import Settings
from core.domain.people import Person, Role
from tests import engines
from tests.builders import a_checkpoint, a_shipment, add
from tests.screens import a_shop, buttons, desk, drawn, opened, words

PAGES = ("overview", "shipments", "register", "upload", "delays", "carriers", "data", "people")


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("roles"), SHIPDESK_SANDBOX="off"):
        add(desk().store, a_shipment("A-1"), a_shipment("A-2", scans=[a_checkpoint()]))
        yield


@pytest.fixture
def here_as(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    def become(role: Role) -> None:
        monkeypatch.setattr(Settings, "local", property(lambda _: Person("Vera", role)))

    yield become


def uploaders(app: AppTest) -> int:
    return len(app.get("file_uploader"))


def boxes(app: AppTest) -> int:
    """How many times the page draws the two boxes to scan into."""
    return sum(part.proto.id.endswith("-scan_boxes") for part in app.get("bidi_component"))


def acts(name: str) -> set[str]:
    """What one may press that changes something, on the page of a shipment that waits or is on its way."""
    found = desk().store.rows(
        "SELECT min(shipment_no) AS no FROM shipment WHERE status = $name AND word IS NULL", {"name": name}
    )
    return buttons(opened("shipment", no=found[0]["no"])) & {
        "Edit address",
        "Register invoice",
        "Mark as delivered",
        "Refresh tracking",
    }


def settings_of_carriers(app: AppTest) -> set[bool]:
    """Whether the choices of a service on the Carriers page are disabled."""
    return {box.disabled for box in app.selectbox if str(box.key).startswith("service:")}


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
        assert not boxes(app)


def test_a_viewer_presses_nothing_that_changes_anything(here_as) -> None:  # type: ignore[no-untyped-def]
    here_as(Role.VIEWER)
    listed = opened("shipments", tab="all")
    assert "Refresh tracking" not in buttons(listed)
    locked = {row["locked"] for row in drawn(listed, "shipments")["rows"]}
    assert locked and None not in locked
    assert [acts("preparing_to_release"), acts("in_delivery")] == [set(), set()]
    data = opened("data")
    assert "Write a backup" not in buttons(data)
    assert {cell["undo"]["locked"] is None for cell in drawn(data, "batches")["rows"] if isinstance(cell["undo"], dict)} == {
        False
    }


def test_staff_work_but_leave_the_shop_to_admins(here_as) -> None:  # type: ignore[no-untyped-def]
    here_as(Role.STAFF)
    listed = opened("shipments", tab="all")
    assert "Refresh tracking" in buttons(listed)
    assert {row["locked"] for row in drawn(listed, "shipments")["rows"]} == {None}
    assert acts("preparing_to_release") == {"Edit address", "Register invoice"}
    assert acts("in_delivery") == {"Mark as delivered", "Refresh tracking"}
    assert uploaders(opened("data")) and uploaders(opened("upload")) and boxes(opened("register"))
    assert "Write a backup" not in buttons(opened("data"))
    carriers = opened("carriers")
    assert settings_of_carriers(carriers) == {True}
    assert "for admins" in words(carriers) and "for admins" in words(opened("people"))


def test_an_admin_may_all_of_it(here_as) -> None:  # type: ignore[no-untyped-def]
    here_as(Role.ADMIN)
    assert ("Write a backup" in buttons(opened("data"))) is not engines.ON_SERVER
    assert settings_of_carriers(opened("carriers")) == {False}
