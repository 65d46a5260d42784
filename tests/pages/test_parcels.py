"""A second parcel and several shipments in one, pressed on the page of a shipment."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.shipment import Address
from core.services.shipments import parcels
from core.services.shipments.changes import Request
from core.store import history
from tests.builders import ADDRESS, JUN, MUG, SHIRT, a_checkpoint, a_shipment, add, an_invoice, nov, the
from tests.screens import a_shop, again, buttons, desk, opened, pressed, words


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("parcels"), 0):
        yield


def lives_at(house: int) -> Address:
    """Somebody who gets nothing else."""
    return replace(ADDRESS, address=f"{house} Byeolbit-ro", phone=f"010-7000-{house:04}")


def page_of(shipment_no: str, **fields: Any) -> AppTest:
    add(desk().store, a_shipment(shipment_no, **fields))
    return opened("shipment", no=shipment_no)


def two(first: str, second: str, house: int) -> AppTest:
    """The page of the first of two shipments to one recipient."""
    add(desk().store, a_shipment(second, items=(MUG,), address=lives_at(house)))
    return page_of(first, address=lives_at(house))


def chosen(app: AppTest, shipment_no: str, *quantities: int) -> AppTest:
    """The form of the new parcel, filled in."""
    pressed(app, "to_split")
    for place, quantity in enumerate(quantities):
        app.number_input(key=f"split:{the(desk().store, shipment_no).shipment_id}:{place}").set_value(quantity)
    return app


def others(app: AppTest) -> set[str]:
    """The other shipments that the page names and leads to."""
    return {label.replace("\\", "") for label in buttons(app)}


def test_chosen_goods_go_into_a_new_parcel_which_the_page_names() -> None:
    app = page_of("A-1", items=(SHIRT, MUG), address=lives_at(1))
    pressed(chosen(app, "A-1", 0, 1), "Add this parcel")
    assert the(desk().store, "A-1-2").items == (replace(MUG, quantity=1),)
    assert "A-1-2" in others(app)
    assert "Put together" not in buttons(app)
    assert "What goes into the new parcel?" not in words(app)
    assert "A-1-2" in words(app)


def test_another_box_of_the_same_goods_has_none_of_its_own_and_says_so() -> None:
    app = page_of("A-2", invoice=an_invoice("577417824035"), address=lives_at(2))
    pressed(chosen(app, "A-2"), "Add this parcel")
    assert the(desk().store, "A-2-2").items == ()
    box = opened("shipment", no="A-2-2")
    assert any("Another box" in text.value for text in box.text)


def test_a_refusal_stands_with_the_form_still_open() -> None:
    app = page_of("A-3", items=(SHIRT,), address=lives_at(3))
    pressed(chosen(app, "A-3", 1), "Add this parcel")
    assert "nothing would stay in this parcel" in words(app)
    assert "Add this parcel" in buttons(app)


def test_who_split_first_is_named_to_the_second() -> None:
    app = page_of("A-4", items=(SHIRT, MUG), address=lives_at(4))
    chosen(app, "A-4", 1, 0)
    parcels.split(desk().store, "A-4", [0, 1], request=Request(JUN, desk().now()))
    pressed(app, "Add this parcel")
    assert "Jun Park" in words(app)
    assert [row["shipment_no"] for row in desk().store.rows("SELECT shipment_no FROM shipment WHERE split_no = 'A-4'")] == [
        "A-4-2"
    ]


def test_what_the_carrier_has_gets_no_other_parcel() -> None:
    app = page_of("A-5", scans=[a_checkpoint(at=nov(14))], address=lives_at(5))
    assert "Add a parcel" not in buttons(app)


def test_waiting_shipments_of_the_recipient_are_put_together_and_the_page_names_them() -> None:
    app = two("B-1", "B-2", 11)
    assert "2 waiting shipments go to the same recipient" in words(app)
    pressed(pressed(app, "to_join"), "join_now")
    assert [item.name for item in the(desk().store, "B-1").items] == ["Linen shirt", "Blue mug"]
    assert "B-2" in others(app)
    assert "waiting shipments go to the same recipient" not in words(app)


def test_what_was_put_elsewhere_says_where_it_went_and_leads_there() -> None:
    app = two("C-1", "C-2", 12)
    pressed(pressed(app, "to_join"), "join_now")
    gone = opened("shipment", no="C-2")
    assert "C-2 was put into C-1" in words(gone)
    assert not {"Add a parcel", "Register invoice", "Edit address"} & buttons(gone)
    pressed(gone, "put_into")
    assert gone.query_params["no"] == "C-1"


def test_only_those_that_are_chosen_are_put_together() -> None:
    add(desk().store, a_shipment("D-3", address=lives_at(13), policy="Cold chain"))
    app = pressed(two("D-1", "D-2", 13), "to_join")
    boxes = {box.key: box.value for box in app.checkbox}
    ids = {no: the(desk().store, no).shipment_id for no in ("D-2", "D-3")}
    assert boxes == {f"join:{ids['D-2']}": True, f"join:{ids['D-3']}": False}
    app.checkbox(key=f"join:{ids['D-2']}").uncheck()
    app.checkbox(key=f"join:{ids['D-3']}").check()
    pressed(app, "join_now")
    assert (the(desk().store, "D-2").joined_no, the(desk().store, "D-3").joined_no) == (None, "D-1")


def test_none_chosen_is_said() -> None:
    app = pressed(two("E-1", "E-2", 14), "to_join")
    app.checkbox[0].uncheck()
    pressed(app, "join_now")
    assert "Choose the shipments that go out with E-1" in words(app)


def test_the_list_finds_what_was_put_elsewhere_where_it_is() -> None:
    app = two("F-1", "F-2", 15)
    pressed(pressed(app, "to_join"), "join_now")
    found = opened(key="shipment_no", q="F-2")
    assert "F-2 was put into F-1" in words(again(found)).replace("*", "")


def test_the_history_of_each_says_what_was_done() -> None:
    app = two("G-1", "G-2", 16)
    pressed(pressed(app, "to_join"), "join_now")
    pressed(chosen(app, "G-1", 1, 0), "Add this parcel")
    told = {no: [row["action"] for row in _history(no)] for no in ("G-1", "G-2", "G-1-2")}
    assert told == {"G-1": ["split", "joined"], "G-2": ["joined"], "G-1-2": ["created"]}


def _history(shipment_no: str) -> list[dict[str, Any]]:
    return history.of_shipment(desk().store, the(desk().store, shipment_no).shipment_id)
