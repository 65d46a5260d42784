"""What several people change at the same moment: each answer and every row as if they had come one after another."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from core.domain.errors import Refused, ShipdeskError
from core.domain.language import Language, speaking
from core.domain.shipment_actions import Action
from core.languages import speech_of
from core.services.shipments import changes, invoices, parcels
from core.services.shipments.actions import delivered_by_hand
from core.services.shipments.changes import Change, Request, Step
from core.services.shipments.invoices import Entry, Putting
from core.store.database import Connection, Row, Store, select
from tests.builders import CJ, CJ_OTHER, CJ_THIRD, HANA, HANJIN, JUN, NOW, RULES, a_shipment, a_store, an_invoice, counted

NUMBERS = [("cj", CJ), ("cj", CJ_OTHER), ("cj", CJ_THIRD), ("hanjin", HANJIN), ("cj", CJ[:-1] + "?")]
SHIPMENTS = ["S-1", "S-2", "S-3", "s -1", "S-4", "S-9"]
TABLES = ("shipment", "invoice", "checkpoint", "batch", "history", "search_key")


def putting(action: Action, carrier: str, number: str, confirmed: bool) -> Putting:
    return Putting(action, Entry(carrier, number, confirmed).checked(RULES), NOW)


def delivering(_: Connection, shipment: Any) -> Step:
    return delivered_by_hand(shipment, HANA, NOW, "The neighbour said so.")


def wishes(dice: random.Random) -> list[Change]:
    return [a_wish(dice, place) for place in range(dice.randint(3, 12))]


def a_wish(dice: random.Random, place: int) -> Change:
    action = dice.choice([Action.REGISTER, Action.REGISTER, Action.MODIFY])
    decide: Any = putting(action, *dice.choice(NUMBERS), confirmed=dice.random() < 0.4)
    if dice.random() < 0.25:
        decide = delivering
    key = dice.choice([None, f"key {place}", f"key {dice.randint(0, 3)}"])
    version = dice.choice([None, None, 1, 2])
    return Change(dice.choice(SHIPMENTS), decide, Request(dice.choice([HANA, JUN]), NOW, version, key))


def a_desk() -> Store:
    return a_store(a_shipment("S-1"), a_shipment("S-2"), a_shipment("S-3", invoices=[an_invoice(CJ)]), a_shipment("S-4"))


def test_who_is_refused_while_it_is_written_reads_why_in_their_language() -> None:
    store = a_store(a_shipment("S-1"), a_shipment("S-3", invoices=[an_invoice(CJ)]))
    with speaking(speech_of(Language.KOREAN)):
        with pytest.raises(Refused, match="숫자 5자리는 CJ대한통운 번호가 아닙니다"):
            invoices.modify(store, RULES, "S-3", Entry("cj", "12345"), request=Request(HANA, NOW))
        with pytest.raises(Refused, match=r"[가-힣]"):
            parcels.split(store, "S-1", [1], request=Request(HANA, NOW))
    with pytest.raises(Refused, match="5 digits do not fit CJ Logistics"):
        invoices.modify(store, RULES, "S-3", Entry("cj", "12345"), request=Request(HANA, NOW))


def answer(work: Callable[[], object]) -> object:
    try:
        return work()
    except ShipdeskError as refusal:
        return refusal


def plain(said: object) -> object:
    return (type(said).__name__, str(said)) if isinstance(said, ShipdeskError) else said


def rows(store: Store) -> dict[str, list[Row]]:
    return {table: sorted(store.rows(f"SELECT * FROM {table}"), key=repr) for table in TABLES}


def without_ids(found: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Without the ids of registrations, which may leave out some for what was refused."""
    hidden = {table: [{**row, "invoice_id": row.get("invoice_id") is not None} for row in found[table]] for table in TABLES}
    return {table: sorted(some, key=str) for table, some in hidden.items()}


@pytest.mark.parametrize("seed", range(25))
def test_together_comes_to_the_same_as_one_after_another(seed: int) -> None:
    wanted = wishes(random.Random(seed))
    one_by_one, at_once = a_desk(), a_desk()
    single = [plain(answer(lambda one=one: one_by_one.write_together(one))) for one in wanted]
    several = [plain(said) for said in at_once.write(lambda connection: wanted[0].together(connection, wanted))]
    assert several == single
    assert without_ids(rows(at_once)) == without_ids(rows(one_by_one))


def test_several_are_loaded_and_written_by_as_many_statements_as_one(monkeypatch: pytest.MonkeyPatch) -> None:
    store = a_store(*(a_shipment(f"S-{n}") for n in range(30)))
    wanted = [
        Change(f"S-{n}", putting(Action.REGISTER, "other", f"QB{n:09}X", True), Request(HANA, NOW, request_key=f"{n}"))
        for n in range(30)
    ]
    calls = counted(monkeypatch, changes, "_at_once")
    assert store.write(lambda connection: wanted[0].together(connection, wanted)) == [True] * 30
    assert len(calls) == 1
    assert (
        len({row["batch_id"] for row in store.rows("SELECT batch_id FROM history WHERE action = 'invoice_registered'")}) == 30
    )


def test_who_wants_a_number_that_is_taken_in_the_same_moment_is_asked() -> None:
    store = a_desk()
    first, second = (Change(no, putting(Action.REGISTER, "hanjin", HANJIN, False), Request(HANA, NOW)) for no in ("S-1", "S-2"))
    said = store.write(lambda connection: first.together(connection, [first, second]))
    assert said[0] is True and said[1].whys[0].reason is invoices.InvoiceReason.IN_USE  # type: ignore[union-attr]


def test_a_number_that_becomes_free_in_the_same_moment_can_be_taken() -> None:
    store = a_desk()
    leave = Change("S-3", putting(Action.MODIFY, "cj", CJ_OTHER, False), Request(HANA, NOW))
    take = replace(leave, shipment_no="S-1", decide=putting(Action.REGISTER, "cj", CJ, False))
    assert store.write(lambda connection: leave.together(connection, [leave, take])) == [True, True]
    held = store.snapshot(lambda c: select(c, "SELECT shipment_no, invoice_no FROM shipment ORDER BY shipment_no LIMIT 1"))
    assert held == [{"shipment_no": "S-1", "invoice_no": CJ}]
