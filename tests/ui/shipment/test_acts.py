"""What a clerk does in the panel: each form as it is filled in and pressed, and what is stored and said afterwards."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.domain.answer_doubts import AnswerDoubt
from core.domain.errors import Refused
from core.domain.invoice_number import complete
from core.domain.reasons import Names
from core.domain.shipment import Hint, Stage
from core.services.shipments import actions, invoices
from core.services.shipments.changes import Request
from core.services.shipments.lanes import CompanyReason
from core.store import history
from core.ui.shipment import acts, panel
from tests.builders import ADDRESS, CJ, CJ_OTHER, HANJIN, JUN, RULES, a_checkpoint, a_shipment, add, an_invoice, nov, the
from tests.screens import a_shop, again, buttons, desk, drawn, opened, pressed, words

DOUBTFUL = "95825729135"
OF_BOTH = complete(RULES.carriers["cj"], "70123456789")
"""A number that the rules of CJ Logistics and of Hanjin take."""
GIVEN_UP = a_checkpoint(Stage.CANCELLED, nov(14))


@pytest.fixture(scope="module", autouse=True)
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with a_shop(tmp_path_factory.mktemp("acts")):
        yield


def panel_of(shipment_no: str, **fields: Any) -> AppTest:
    """The panel of a new shipment."""
    add(desk().store, a_shipment(shipment_no, **fields))
    return opened("shipment", no=shipment_no)


def invoice(shipment_no: str) -> str:
    found = the(desk().store, shipment_no).invoice
    return found.invoice_no if found else ""


def changes(shipment_no: str) -> list[dict[str, Any]]:
    return history.of_shipment(desk().store, the(desk().store, shipment_no).shipment_id)


def entered(app: AppTest, shipment_no: str, carrier: str | None, number: str, action: str = "register") -> AppTest:
    """What is typed into the form of the invoice, not saved yet."""
    app.selectbox(key=f"entry:{the(desk().store, shipment_no).shipment_id}:{action}:carrier").set_value(carrier)
    app.text_input(key=f"entry:{the(desk().store, shipment_no).shipment_id}:{action}:number").set_value(number)
    return app


def on_a_lane(shipment_no: str, **gone: str) -> AppTest:
    """The panel of a new shipment, of whose lane parcels went with these companies lately, each with this number."""
    lane, at = f"Lane of {shipment_no}", desk().now()
    sent = [
        a_shipment(f"{shipment_no}-{code}", policy=lane, invoice=an_invoice(number, at, carrier=code))
        for code, number in gone.items()
    ]
    add(desk().store, *sent)
    return panel_of(shipment_no, policy=lane)


def of_cj(n: int) -> str:
    return complete(RULES.carriers["cj"], f"64{n:09}")


def form(shipment_no: str) -> str:
    return f"entry:{the(desk().store, shipment_no).shipment_id}:register"


def company(app: AppTest, shipment_no: str) -> str | None:
    chosen: str | None = app.selectbox(key=f"{form(shipment_no)}:carrier").value
    return chosen


def line(app: AppTest, shipment_no: str) -> str:
    """What is said under the company."""
    return str(drawn(app, f"{form(shipment_no)}:proposal")["said"])


def typing(app: AppTest, shipment_no: str, number: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    """After the number was typed and the form was not sent yet: the desk hears of it before it draws the form."""
    heard: list[Callable[[str], object]] = []
    with monkeypatch.context() as patch:
        patch.setattr(acts, "proposal_line", lambda _, *, key, on_number: heard.append(on_number))
        again(app)
        patch.setattr(panel, "invoice_line", lambda _, *, key, on_press: heard.pop()(number))
        again(app)
    return again(app)


def pencil(app: AppTest, monkeypatch: pytest.MonkeyPatch, press: str) -> AppTest:
    """After a press on the line of the invoice: the pencil, the wastebasket, a part."""
    presses = [press]
    monkeypatch.setattr(panel, "invoice_line", lambda _, *, key, on_press: presses and on_press(presses.pop()))
    return again(app)


def test_an_invoice_is_registered_and_then_there_is_no_form_for_it() -> None:
    app = panel_of("A-1")
    pressed(entered(app, "A-1", "cj", f" {CJ[:4]}-{CJ[4:]} "), "Register invoice")
    assert invoice("A-1") == CJ
    assert (changes("A-1")[0]["changed_by"], changes("A-1")[0]["source"]) == ("Hana Seo", "form")
    assert "Register invoice" not in buttons(app)
    assert f"CJ Logistics {CJ} is registered on A-1" in words(app)


def test_a_company_that_nobody_chose_is_the_proposed_one_as_on_register() -> None:
    app = on_a_lane("A-2", cj=of_cj(20), dhl=complete(RULES.carriers["dhl"], "571033826"))
    pressed(entered(app, "A-2", None, of_cj(21)), "Register invoice")
    assert invoice("A-2") == of_cj(21)
    assert the(desk().store, "A-2").invoice.carrier == "cj"  # type: ignore[union-attr]


def test_a_company_that_is_proposed_while_the_number_is_typed_is_taken_by_one_press(monkeypatch: pytest.MonkeyPatch) -> None:
    app = typing(on_a_lane("A-50", cj=of_cj(22)), "A-50", of_cj(23), monkeypatch)
    assert (company(app, "A-50"), line(app, "A-50")) == ("cj", "proposed: fits it alone")
    app.text_input(key=f"{form('A-50')}:number").set_value(of_cj(23))
    pressed(app, "Register invoice")
    assert invoice("A-50") == of_cj(23)


def test_a_proposal_gives_way_to_another_number_and_to_a_choice_and_no_choice_to_a_proposal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = typing(on_a_lane("A-51", cj=of_cj(24)), "A-51", of_cj(25), monkeypatch)
    assert company(app, "A-51") == "cj"
    typing(app, "A-51", "12", monkeypatch)
    assert (company(app, "A-51"), line(app, "A-51")) == (None, "")
    typing(app, "A-51", of_cj(25), monkeypatch)
    app.selectbox(key=f"{form('A-51')}:carrier").set_value("ups").run()
    assert line(app, "A-51") == ""
    typing(app, "A-51", of_cj(26), monkeypatch)
    assert company(app, "A-51") == "ups"


def test_what_could_be_of_several_companies_is_asked_about() -> None:
    app = on_a_lane("A-52", cj=of_cj(27), hanjin=complete(RULES.carriers["hanjin"], "51000000027"))
    pressed(entered(app, "A-52", None, OF_BOTH), "Register invoice")
    assert (invoice("A-52"), company(app, "A-52")) == ("", None)
    assert app.error[0].value.replace("\\", "") == str(CompanyReason.MAY_BE(companies=Names(["CJ Logistics", "Hanjin"])))
    assert app.text_input(key=f"{form('A-52')}:number").value == OF_BOTH


def test_a_proposed_company_whose_number_proves_nothing_is_confirmed_as_on_register() -> None:
    app = on_a_lane("A-53", korea_post="1234509876543")
    pressed(entered(app, "A-53", None, "6865109394355"), "Register invoice")
    assert (invoice("A-53"), "6865109394355" in app.warning[0].value) == ("", True)
    pressed(app, "Register invoice")
    assert invoice("A-53") == "6865109394355"


def test_a_refusal_leaves_what_was_typed() -> None:
    app = panel_of("A-3")
    pressed(entered(app, "A-3", "cj", "12"), "Register invoice")
    assert app.error
    assert (invoice("A-3"), app.text_input(key=f"entry:{the(desk().store, 'A-3').shipment_id}:register:number").value) == (
        "",
        "12",
    )


def test_a_warning_is_confirmed_by_a_second_press_and_goes_into_the_history() -> None:
    app = panel_of("A-4")
    pressed(entered(app, "A-4", "logen", DOUBTFUL), "Register invoice")
    assert (invoice("A-4"), len(app.warning)) == ("", 1)
    pressed(app, "Register invoice")
    assert invoice("A-4") == DOUBTFUL
    assert changes("A-4")[0]["reason"].startswith("Confirmed:")


def test_another_number_than_the_one_warned_of_is_asked_about_again() -> None:
    app = panel_of("A-5")
    pressed(entered(app, "A-5", "logen", DOUBTFUL), "Register invoice")
    pressed(entered(app, "A-5", "logen", "95825729136"), "Register invoice")
    assert (invoice("A-5"), len(app.warning)) == ("", 1)


def test_an_invoice_is_modified(monkeypatch: pytest.MonkeyPatch) -> None:
    app = pencil(panel_of("A-6", invoice=an_invoice(CJ)), monkeypatch, "modify")
    assert app.text_input(key=f"entry:{the(desk().store, 'A-6').shipment_id}:modify:number").value == CJ
    pressed(entered(app, "A-6", "hanjin", HANJIN, "modify"), "Modify invoice")
    assert invoice("A-6") == HANJIN
    assert "Modify invoice" not in buttons(app)


def test_a_modification_that_is_cancelled_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    app = pencil(panel_of("A-7", invoice=an_invoice(CJ)), monkeypatch, "modify")
    pressed(entered(app, "A-7", "hanjin", HANJIN, "modify"), "Cancel")
    assert (invoice("A-7"), changes("A-7")) == (CJ, [])
    assert "Modify invoice" not in buttons(app)


def test_an_invoice_is_deleted_with_its_reason_and_the_address_thaws(monkeypatch: pytest.MonkeyPatch) -> None:
    app = pencil(panel_of("A-8", invoice=an_invoice(CJ)), monkeypatch, "delete")
    app.text_input(key="delete:reason").set_value("Wrong parcel")
    pressed(app, "danger:delete")
    assert (invoice("A-8"), changes("A-8")[0]["reason"]) == ("", "Wrong parcel")
    assert {"Register invoice", "Edit address"} <= buttons(app)


def test_deleting_is_not_what_stands_out_and_the_safe_choice_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    app = pencil(panel_of("A-30", invoice=an_invoice(CJ)), monkeypatch, "delete")
    keep, delete = (app.button(key=key) for key in ("keep_invoice", "danger:delete"))
    assert [button.proto.type for button in (keep, delete)] == ["secondary", "secondary"]
    keys = [button.key for button in app.button]
    assert keys.index("keep_invoice") < keys.index("danger:delete")
    pressed(app, "keep_invoice")
    assert (invoice("A-30"), "keep_invoice" in [button.key for button in app.button]) == (CJ, False)


@pytest.mark.parametrize("press", ["modify", "delete"])
@pytest.mark.parametrize(("shipment_no", "events"), [("A-31", 0), ("A-32", 1), ("A-33", 3)])
def test_what_goes_out_of_sight_is_said_before_it_does(
    shipment_no: str, events: int, press: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = f"{shipment_no}-{press}"
    scans = [a_checkpoint(Stage.IN_TRANSIT, nov(14, hour)) for hour in range(9, 9 + events)]
    said = words(pencil(panel_of(number, invoice=an_invoice(CJ), scans=scans), monkeypatch, press))
    assert f"CJ Logistics {CJ}" in said
    assert (f"{events} event" in said, "14 Nov 18:00" in said) == (bool(events), bool(events))


def test_an_address_is_edited() -> None:
    app = pressed(panel_of("A-9"), "to_address")
    app.text_input(key="address:city").set_value("Busan")
    app.selectbox(key="address:country").set_value("JP")
    pressed(app, "Save address")
    address = the(desk().store, "A-9").address
    assert (address.recipient, address.city, address.country) == ("Ada Kim", "Busan", "JP")
    assert "Save address" not in buttons(app)


def test_an_incomplete_address_is_refused_and_stays_open() -> None:
    app = pressed(panel_of("A-10"), "to_address")
    app.text_input(key="address:recipient").set_value(" ")
    pressed(app, "Save address")
    assert "Recipient" in app.error[0].value
    assert the(desk().store, "A-10").address.recipient == "Ada Kim"
    assert "Save address" in buttons(app)


def test_an_address_is_frozen_while_an_invoice_is_registered() -> None:
    app = panel_of("A-11", invoice=an_invoice())
    assert "frozen" in words(app)
    assert "Edit address" not in buttons(app)


def test_a_shipment_is_marked_as_delivered_only_with_a_reason() -> None:
    app = pressed(panel_of("A-12", scans=[a_checkpoint()]), "to_delivered")
    pressed(app, "Mark as delivered")
    assert (len(app.error), the(desk().store, "A-12").state.status) == (1, "in_delivery")
    app.text_input(key="delivered:reason").set_value("Signed copy")
    pressed(app, "Mark as delivered")
    assert (the(desk().store, "A-12").state.status, changes("A-12")[0]["reason"]) == ("delivered", "Signed copy")
    assert "Mark as delivered" not in buttons(app)


REFUSED = (
    a_checkpoint(Stage.PICKED_UP, nov(13)),
    a_checkpoint(Stage.ATTEMPT_FAILED, nov(14), text="수취거절", hint=Hint.RETURN),
    a_checkpoint(Stage.DELIVERED, nov(15), text="반송 배달완료", hint=Hint.RETURN),
)


@pytest.mark.parametrize(
    ("shipment_no", "press", "status", "way_back"),
    [("A-61", Stage.DELIVERED, "delivered", None), ("A-62", Stage.RETURNED, "shipping_failed", "returned")],
)
def test_what_only_the_carriers_words_say_is_settled_by_one_press(
    shipment_no: str, press: Stage, status: str, way_back: str | None
) -> None:
    app = panel_of(shipment_no, scans=REFUSED)
    assert [warning.value.replace("\\", "") for warning in app.warning] == [str(AnswerDoubt.DELIVERED_OR_RETURNED())]
    pressed(app, f"settle:{press}")
    state = the(desk().store, shipment_no).state
    assert (state.status, state.way_back, changes(shipment_no)[0]["action"]) == (status, way_back, "settled")
    assert (list(app.warning), {"Delivered", "Returned"} & buttons(app)) == ([], set())


def test_a_shipment_that_was_given_up_is_re_shipped_and_the_new_one_is_shown() -> None:
    app = pressed(panel_of("A-13", scans=[GIVEN_UP]), "reship")
    assert the(desk().store, "A-13").successor_no == "A-13-R1"
    assert app.header[0].value.replace("\\", "") == "Shipment A-13-R1"
    assert "Register invoice" in buttons(app)


def test_a_shipment_that_was_given_up_is_closed_for_good() -> None:
    app = pressed(panel_of("A-14", scans=[GIVEN_UP]), "close")
    assert the(desk().store, "A-14").closed_at is not None
    assert not {"Re-ship", "Close"} & buttons(app)


@pytest.mark.parametrize(
    ("shipment_no", "fields", "offered"),
    [
        ("A-15", {}, {"Register invoice", "Edit address"}),
        ("A-16", {"scans": [a_checkpoint()]}, {"Mark as delivered"}),
        ("A-17", {"scans": [GIVEN_UP]}, {"Re-ship", "Close"}),
        ("A-18", {"scans": [a_checkpoint(Stage.DELIVERED)]}, set()),
    ],
)
def test_only_what_is_permitted_is_offered(shipment_no: str, fields: dict[str, Any], offered: set[str]) -> None:
    every = {"Register invoice", "Edit address", "Mark as delivered", "Re-ship", "Close"}
    assert buttons(panel_of(shipment_no, **fields)) & every == offered


def somebody_registers(shipment_no: str) -> None:
    invoices.register(desk().store, RULES, shipment_no, invoices.Entry("cj", CJ_OTHER), request=Request(JUN, desk().now()))


def test_who_saved_first_is_named_and_what_was_typed_is_told() -> None:
    app = panel_of("A-19")
    entered(app, "A-19", "cj", CJ)
    somebody_registers("A-19")
    pressed(app, "Register invoice")
    assert "Jun Park" in words(app)
    assert f"CJ Logistics · {CJ}" in words(app)
    assert invoice("A-19") == CJ_OTHER
    pressed(app, "discard")
    assert not app.error


def broken(*said: object, **named: object) -> bool:
    raise RuntimeError("of ours")


@pytest.mark.parametrize(
    ("shipment_no", "act", "press"),
    [
        ("A-20", "core.services.shipments.actions.close", "close"),
        ("A-21", "core.services.shipments.actions.reship", "reship"),
    ],
)
def test_a_fault_of_ours_is_said_with_its_id_and_nothing_is_changed(
    shipment_no: str, act: str, press: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = panel_of(shipment_no, scans=[GIVEN_UP])
    monkeypatch.setattr(act, broken)
    pressed(app, press)
    assert "Error id E-" in app.error[0].value.replace("\\", "")
    assert changes(shipment_no) == []


def test_all_presses_on_what_was_seen_are_one_request(monkeypatch: pytest.MonkeyPatch) -> None:
    app, keys = panel_of("A-22"), []

    def refuse(*said: object, request: Request, **named: object) -> bool:
        keys.append(request.request_key)
        raise Refused("Not now.")

    monkeypatch.setattr("core.services.shipments.invoices.register", refuse)
    for number in (CJ, CJ_OTHER):
        pressed(entered(app, "A-22", "cj", number), "Register invoice")
    actions.edit_address(desk().store, "A-22", replace(ADDRESS, city="Busan"), home="KR", request=Request(JUN, desk().now()))
    pressed(again(app), "Register invoice")
    first, second, after_a_change = keys
    assert first == second != after_a_change
