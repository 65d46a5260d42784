"""A shipment is found by whatever is known of it; who may not see recipients finds none, and sees none."""

import pytest

from core.domain.invoice_number import spellings
from core.domain.people import Person
from core.domain.personal import MASK
from core.domain.search import SearchKey
from core.domain.shipment import Address
from core.services.shipments import finding
from core.services.shipments.finding import MOST, Finds
from core.store import searching
from core.store.database import Store
from tests.builders import CJ, HANA, OLA, RULES, a_shipment, a_store, a_visit, an_invoice

MINSEO = Address("김민서", "010-2222-7788", "1 Byeolbit-ro", "Seoul", "", "04524", "KR")


@pytest.fixture
def store() -> Store:
    others = [a_shipment(f"S261115-{number:05}", order_no=f"O-{number}") for number in range(1, 12)]
    return a_store(*others, a_shipment("S261116-00077", order_no="A/B-77", address=MINSEO, invoice=an_invoice(CJ)))


def find(store: Store, text: str, person: Person = HANA.person) -> Finds:
    return finding.find(store, text, visit=a_visit(person=person), spellings=lambda value: spellings(value, RULES))


def found(finds: Finds) -> list[tuple[str, SearchKey]]:
    return [(one.row["shipment_no"], one.key) for one in finds.shipments]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("S261116-00077", SearchKey.SHIPMENT_NO),
        (" s26111600077 ", SearchKey.SHIPMENT_NO),
        ("A/B-77", SearchKey.ORDER_NO),
        (CJ, SearchKey.INVOICE_NO),
        (CJ[:8], SearchKey.INVOICE_NO),
        ("김민서", SearchKey.RECIPIENT),
        ("민서", SearchKey.RECIPIENT),
        ("7788", SearchKey.RECIPIENT),
    ],
)
def test_by_any_number_whole_or_begun_and_by_the_recipient(store: Store, text: str, key: SearchKey) -> None:
    assert found(find(store, text)) == [("S261116-00077", key)]


def test_of_many_the_newest_few_and_how_many_there_are(store: Store) -> None:
    finds = find(store, "S261115")
    assert [number for number, _ in found(finds)] == [f"S261115-{number:05}" for number in range(11, 11 - MOST, -1)]
    assert (finds.counts, finds.cut) == (((SearchKey.SHIPMENT_NO, 11),), frozenset())


def test_of_more_than_a_search_looks_at_it_is_not_said_that_these_are_all(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_FOUND", 9)
    finds = find(store, "S261115")
    assert (finds.counts, finds.cut) == (((SearchKey.SHIPMENT_NO, 9),), {SearchKey.SHIPMENT_NO})


@pytest.mark.parametrize("text", ["", "S", "  ", "788", "no such thing", "' OR 1=1 --", "\x00\u202e"])
def test_what_says_too_little_or_nothing_finds_nothing(store: Store, text: str) -> None:
    assert find(store, text).shipments == ()


@pytest.mark.parametrize("text", ["김민서", "7788"])
def test_a_viewer_finds_no_recipient(store: Store, text: str) -> None:
    assert find(store, text, OLA) == Finds(text)


def test_a_viewer_finds_a_number_and_not_who_receives(store: Store) -> None:
    [one] = find(store, "S261116-00077", OLA).shipments
    assert one.row["recipient"] == MASK and "김민서" not in repr(one)
