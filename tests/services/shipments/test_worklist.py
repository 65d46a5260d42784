"""The worklist is worked: each act is history, leaves the version as it is, and can be undone."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from core.domain.buyer_message import BuyerTold, Way
from core.domain.errors import Conflict, Forbidden, Refused
from core.domain.history import HistoryAction
from core.domain.language import Language
from core.domain.people import PersonChange, Role
from core.domain.selection import Selection
from core.domain.shipment import Shipment, Stage, Tab
from core.domain.sign_in import Named, SignIn, named
from core.domain.sorting import Order
from core.domain.worklist import WorkState, notes_of, work_of
from core.services import figures
from core.services.people.sign_ins import SignIns
from core.services.shipments import actions, invoices, queries, undo, worklist
from core.services.shipments.changes import Actor, NotSaved, Request
from core.services.shipments.forgetting import of_orders
from core.services.shipments.in_one_go import InOneGo
from core.services.shipments.worklist import NotWorked
from core.store import history, people, shipments
from core.store.database import Store
from tests.builders import ADA, CJ, HANA, JUN, NOW, OLA, RULES, SEOUL, TODAY, a_checkpoint, a_shipment, a_store, a_visit, nov

SIGNED_IN = SignIn(("corp",), {Role.STAFF: Named(frozenset(("Hana Seo", "Jun Park", "Zoe")))})
LOCAL = SignIn(())
TOMORROW = TODAY + timedelta(days=1)
SCANS = (a_checkpoint(Stage.PICKED_UP, nov(13)), a_checkpoint(Stage.IN_TRANSIT, nov(16, 8)))


def request(by: Actor = HANA, **more: Any) -> Request:
    return Request(by, **({"at": NOW} | more))


def assign(store: Store, numbers: list[str], to: str, rules: SignIn = SIGNED_IN, **said: Any) -> InOneGo:
    return worklist.assign(store, SignIns(store, rules, lambda: NOW), numbers, to, **said)


def late(number: str = "S-1") -> Shipment:
    return a_shipment(number, scans=SCANS, promised_on=date(2026, 11, 15))


def found(store: Store, number: str = "S-1") -> Shipment:
    shipment = shipments.find(store, number)
    assert shipment
    return shipment


def done_with(store: Store, number: str = "S-1") -> list[str]:
    return [row["action"] for row in history.of_shipment(store, found(store, number).shipment_id)]


def work(store: Store) -> WorkState | None:
    return work_of(found(store), zone=SEOUL, now=NOW)


def listed(store: Store, **said: Any) -> list[str]:
    wanted = Selection(tab=Tab.ALL, **said)
    table = queries.everything(store, wanted, Order(), visit=a_visit())
    numbers: list[str] = sorted(table["shipment_no"].to_pylist())
    return numbers


def test_an_assigned_shipment_is_found_by_whose_it_is() -> None:
    store = a_store(late("S-1"), late("S-2"))
    before = found(store)
    told = assign(store, ["S-1"], "Jun Park", request=request())
    assert (told.changed, told.stayed) == (1, ())
    assert found(store).handling.assigned_to == "Jun Park"
    assert found(store).version == before.version
    assert done_with(store) == [HistoryAction.ASSIGNED]
    assert listed(store, assigned=("Jun Park",)) == ["S-1"]
    assert listed(store, assigned=("",)) == ["S-2"]


def test_what_somebody_else_took_meanwhile_stays_theirs() -> None:
    store = a_store(late())
    assign(store, ["S-1"], "Jun Park", request=request(JUN))
    told = assign(store, ["S-1"], "Hana Seo", request=request(), seen=[""])
    assert told.stayed == (NotWorked.TAKEN("by", shipment_no="S-1", name="Jun Park"),)
    assert found(store).handling.assigned_to == "Jun Park"


def test_a_snoozed_one_leaves_the_worklist_until_something_changes() -> None:
    store = a_store(late("S-1"), late("S-2"))
    worklist.snooze(store, ["S-1"], TOMORROW, request=request(), zone=SEOUL)
    assert listed(store, work=(WorkState.OPEN,)) == ["S-2"]
    assert listed(store, work=(WorkState.SNOOZED,)) == ["S-1"]
    [task] = figures.worklist(store, Selection(tab=Tab.ALL), visit=a_visit())
    assert task.shipments == 1
    assert figures.put_aside(store, Selection(tab=Tab.ALL), visit=a_visit()) == {WorkState.SNOOZED: 1}
    invoices.delete(store, "S-1", reason="", request=request())
    assert found(store).handling.snoozed_until == TOMORROW
    assert listed(store, work=(WorkState.OPEN,)) == ["S-1", "S-2"]


def test_assigning_and_noting_leave_a_snoozed_one_asleep() -> None:
    store = a_store(late())
    worklist.snooze(store, ["S-1"], TOMORROW, request=request(), zone=SEOUL)
    assign(store, ["S-1"], "Jun Park", request=request())
    worklist.note(store, ["S-1"], "The buyer called.", request=request())
    assert work(store) is WorkState.SNOOZED


@pytest.mark.parametrize("until", [TODAY, TODAY - timedelta(days=9)])
def test_nothing_is_snoozed_until_a_day_that_is_over(until: date) -> None:
    with pytest.raises(Refused) as caught:
        worklist.snooze(a_store(late()), ["S-1"], until, request=request(), zone=SEOUL)
    assert caught.value.reason is NotWorked.UNTIL


def test_a_done_one_can_be_put_back() -> None:
    store = a_store(late())
    worklist.done(store, ["S-1"], request=request(), zone=SEOUL)
    assert work(store) is WorkState.DONE
    worklist.reopen(store, ["S-1"], request=request())
    assert work(store) is WorkState.OPEN
    assert done_with(store) == [HistoryAction.REOPENED, HistoryAction.DONE]


def test_what_is_not_flagged_stays_with_the_reason() -> None:
    store = a_store(late("S-1"), a_shipment("S-2"))
    told = worklist.done(store, ["S-1", "S-2", "S-9"], request=request(), zone=SEOUL)
    assert told.changed == 1
    assert [why.reason for why in told.stayed] == [NotWorked.NO_FLAG, NotSaved.NO_SHIPMENT]
    assert worklist.reopen(store, ["S-2"], request=request()).stayed == (NotWorked.OPEN_ALREADY(shipment_no="S-2"),)


def test_a_form_that_is_open_stays_valid() -> None:
    store = a_store(a_shipment())
    seen = found(store).version
    assign(store, ["S-1"], "Jun Park", request=request(JUN))
    worklist.note(store, ["S-1"], "Wait for the label.", request=request(JUN))
    assert invoices.register(store, RULES, "S-1", invoices.Entry("cj", CJ), request=request(version=seen))


def test_a_conflict_names_what_changed_the_shipment_not_what_was_noted_beside_it() -> None:
    store = a_store(a_shipment())
    seen = found(store).version
    actions.edit_address(store, "S-1", replace(found(store).address, phone="1"), request=request(JUN), home="KR")
    worklist.note(store, ["S-1"], "Called.", request=request(JUN))
    with pytest.raises(Conflict) as caught:
        invoices.register(store, RULES, "S-1", invoices.Entry("cj", CJ), request=request(version=seen))
    assert caught.value.change and caught.value.change["action"] == HistoryAction.ADDRESS_EDITED


def test_a_press_that_comes_twice_is_one() -> None:
    store = a_store(late())
    for _ in range(2):
        worklist.note(store, ["S-1"], "Once.", request=request(request_key="k"))
    assert len(notes_of(history.of_shipment(store, found(store).shipment_id))) == 1


def test_a_note_is_taken_back_by_its_author_or_an_admin_and_stays_in_the_history() -> None:
    store = a_store(late())
    for text in ("first", "second\nline"):
        worklist.note(store, ["S-1"], text, request=request())
    first, second = (row["history_id"] for row in history.of_shipment(store, 1)[::-1])
    assert worklist.take_back(store, "S-1", first, request=request(JUN)).stayed == (
        NotWorked.ANOTHERS(shipment_no="S-1", name="Hana Seo"),
    )
    worklist.take_back(store, "S-1", first, request=request())
    assert worklist.take_back(store, "S-1", first, request=request()).stayed == (NotWorked.NO_NOTE(shipment_no="S-1"),)
    assert [note.text for note in notes_of(history.of_shipment(store, 1))] == ["second\nline"]
    worklist.take_back(store, "S-1", second, request=request(ADA))
    assert notes_of(history.of_shipment(store, 1)) == []
    assert [row["reason"] for row in history.of_shipment(store, 1) if row["reason"]] == ["second\nline", "first"]


@pytest.mark.parametrize("text", ["", "  \n\t ", "\u200b"])
def test_an_empty_note_is_refused(text: str) -> None:
    with pytest.raises(Refused) as caught:
        worklist.note(a_store(late()), ["S-1"], text, request=request())
    assert caught.value.reason is NotWorked.NO_TEXT


def test_a_viewer_reads_that_there_are_notes_and_not_what_they_say() -> None:
    store = a_store(late())
    worklist.note(store, ["S-1"], "Ada Kim moved to 9 Elm Street.", request=request())
    whole = queries.whole(store, "S-1", visit=a_visit(person=OLA))
    assert whole
    [note] = notes_of(whole.history)
    assert (note.by, note.text) == ("Hana Seo", "•••")
    with pytest.raises(Forbidden):
        worklist.note(store, ["S-1"], "Mine.", request=request(Actor(OLA)))


def test_forgetting_takes_what_notes_say() -> None:
    store = a_store(late())
    worklist.note(store, ["S-1"], "Ada Kim moved to 9 Elm Street.", request=request())
    of_orders(store, ["O-S-1"], request=request(ADA))
    assert [note.text for note in notes_of(history.of_shipment(store, 1))] == [""]


def test_that_the_buyer_was_told_is_history() -> None:
    store = a_store(late())
    worklist.buyer_told(store, "S-1", BuyerTold(Language.KOREAN, Way.MAIL, TOMORROW), request=request())
    [row] = history.of_shipment(store, 1)
    assert row["after"] == {"language": "ko", "way": "mail", "expected_on": "2026-11-17"}


def test_a_bulk_act_is_a_batch_that_can_be_undone() -> None:
    store = a_store(late("S-1"), late("S-2"), late("S-3"))
    told = assign(store, ["S-1", "S-2"], "Jun Park", request=request())
    assign(store, ["S-2"], "Hana Seo", request=request())
    worklist.note(store, ["S-1"], "Noted since.", request=request())
    assert told.batch
    answers = undo.undo(store, told.batch, home="KR", request=request())
    assert [bool(one.stayed) for one in answers] == [False, True]
    assert [found(store, number).handling.assigned_to for number in ("S-1", "S-2")] == ["", "Hana Seo"]


def test_undoing_puts_a_shipment_back_to_how_it_was_put_aside() -> None:
    store = a_store(late())
    worklist.snooze(store, ["S-1"], TOMORROW, request=request(), zone=SEOUL)
    told = worklist.done(store, ["S-1"], request=request(), zone=SEOUL)
    assert told.batch
    undo.undo(store, told.batch, home="KR", request=request())
    assert work(store) is WorkState.SNOOZED
    noted = worklist.note(store, ["S-1"], "Oops.", request=request())
    assert noted.batch
    undo.undo(store, noted.batch, home="KR", request=request())
    assert notes_of(history.of_shipment(store, 1)) == []


def test_what_was_done_beside_it_does_not_keep_a_change_from_being_undone() -> None:
    store = a_store(a_shipment())
    invoices.register(store, RULES, "S-1", invoices.Entry("cj", CJ), request=request())
    assign(store, ["S-1"], "Jun Park", request=request())
    worklist.note(store, ["S-1"], "Noted since.", request=request())
    batch = history.of_shipment(store, 1)[-1]["batch_id"]
    assert [one.stayed for one in undo.undo(store, batch, home="KR", request=request())] == [None]
    assert found(store).invoice is None
    assert found(store).handling.assigned_to == "Jun Park"


def test_a_reshipped_one_begins_in_nobodys_hands() -> None:
    store = a_store(a_shipment("S-1", scans=[*SCANS, a_checkpoint(Stage.RETURNED, nov(16, 9))]))
    assign(store, ["S-1"], "Jun Park", request=request())
    number = actions.reship(store, "S-1", request=request())
    assert found(store, number).handling.assigned_to == ""


def signed_in_by(entry: str, role: Role, key: str, email: str) -> Any:
    row = {"sign_in_key": key, "email": email, "role": role, "entry": entry, "at": NOW, "ends_at": NOW + timedelta(hours=1)}
    return lambda connection: people.see(connection, row)


def test_colleagues_are_those_who_may_work_here_now_oneself_first() -> None:
    store = a_store(late())
    rules = {
        Role.STAFF: Named(frozenset(("zoe@shop.example",)), frozenset(("shop.example",))),
        Role.VIEWER: named("vera@shop.example"),
    }
    sign_ins = SignIns(store, SignIn(("corp",), rules), lambda: NOW)
    store.write(signed_in_by("*@shop.example", Role.STAFF, "1", "min@shop.example"))
    store.write(signed_in_by("*@gone.example", Role.STAFF, "2", "left@gone.example"))
    store.write(signed_in_by("", Role.STAFF, "3", "removed@else.example"))
    store.write(lambda c: people.add_event(c, "ivo@else.example", PersonChange.INVITED, (None, Role.ADMIN), by="Ada", at=NOW))
    store.write(lambda c: people.add_event(c, "olga@else.example", PersonChange.INVITED, (None, Role.VIEWER), by="Ada", at=NOW))
    assert worklist.colleagues(store, sign_ins, person=JUN.person) == [
        "Jun Park", "ivo@else.example", "min@shop.example", "zoe@shop.example"
    ]  # fmt: skip


def test_where_nobody_signs_in_they_are_who_has_some_in_hand() -> None:
    store = a_store(late("S-1"), late("S-2"))
    sign_ins = SignIns(store, LOCAL, lambda: NOW)
    assert worklist.colleagues(store, sign_ins, person=JUN.person) == ["Jun Park"]
    assign(store, ["S-1"], "Hana Seo", LOCAL, request=request())
    assign(store, ["S-2"], "Hana Seo", LOCAL, request=request(JUN))
    assert worklist.colleagues(store, sign_ins, person=JUN.person) == ["Jun Park", "Hana Seo"]


@pytest.mark.parametrize("rules", [SIGNED_IN, LOCAL])
def test_nothing_is_given_to_somebody_who_is_not_at_the_desk(rules: SignIn) -> None:
    store = a_store(late())
    with pytest.raises(Refused) as caught:
        assign(store, ["S-1"], "Mallory", rules, request=request())
    assert caught.value.reason is NotWorked.NOBODY_HERE and "Mallory" in str(caught.value)
    assert done_with(store) == []


def test_what_was_raised_since_the_last_look_is_new_as_long_as_this_look_lasts() -> None:
    store = a_store(late())
    looks = [NOW - timedelta(days=3), NOW, NOW + timedelta(minutes=1), NOW + timedelta(minutes=20)]
    assert [worklist.look(store, visit=a_visit(now)) for now in looks] == [None, looks[0], looks[0], looks[0]]
    assert worklist.new_among(store, [1], visit=a_visit(looks[3])) == {1}
    [task] = figures.worklist(store, Selection(tab=Tab.ALL), visit=a_visit(), before=looks[0])
    assert task.new == 1
    later = NOW + timedelta(hours=2)
    assert worklist.look(store, visit=a_visit(later)) == looks[3]
    assert worklist.new_among(store, [1], visit=a_visit(later)) == frozenset()
