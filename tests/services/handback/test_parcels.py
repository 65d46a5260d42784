"""After goods went into other parcels, every line of a source goes back with the number of the parcel that holds its goods."""

import io
from collections.abc import Sequence
from dataclasses import replace

import openpyxl
import pytest

from core.domain.shipment import Item, Shipment
from core.services import handback
from core.services.handback import HandedBack
from core.services.handback.reasons import HandbackReason
from core.services.shipments import invoices, parcels, undo
from core.services.shipments.changes import Request
from core.services.shipments.invoices import Entry
from core.services.shipments.undo import Stayed
from core.store import history, shipments
from core.store.database import Store
from tests.builders import ADDRESS, HANA, RULES, a_shipment, a_store, a_visit, the
from tests.services.handback.test_handback import (
    CJ_NO,
    COUPANG,
    FIRST,
    HANJIN,
    TODAY,
    cells,
    handed,
    imported,
    prepared,
    register,
    texts,
    waiting,
)
from tests.services.importing.order_files import Row, a_csv
from tests.services.importing.order_files import imported as taken
from tests.services.importing.order_samples import NAVER, RAKUTEN, SHOPIFY, Sample

LOGEN = "95825729134"
A, B = NAVER.read["shipment_no"], NAVER.read["shipment_no"][:-1] + "9"
LINE = NAVER.row["상품주문번호"]
ONE, TWO, OTHER = (f"{LINE[:-1]}{end}" for end in "789")
ORDER = NAVER.read["order_no"]


def naver(line: str, bundle: str = A, **said: str) -> Row:
    order = ORDER if bundle == A else ORDER[:-1] + "9"
    heads = {head: bundle for head, text in NAVER.row.items() if text == A} | {"주문번호": order}
    return NAVER.row | heads | {"상품주문번호": line, "상품명": f"Goods {line}", "수량": "2", "옵션정보": "", **said}


def come_in(store: Store, *rows: Row) -> tuple[int, int, int, int]:
    report = taken(a_csv(rows), store, dry_run=False)
    return report.new, report.changed, report.unchanged, len(report.refused)


def split(store: Store, quantities: Sequence[int], no: str = A) -> str:
    return parcels.split(store, no, quantities, request=Request(HANA, TODAY))


def join(store: Store, into: str, *others: str) -> None:
    parcels.put_together(store, into, dict.fromkeys(others), request=Request(HANA, TODAY))


def undone(store: Store) -> set[Stayed | None]:
    batch = newest(store)
    found = undo.undo(store, batch, home="KR", request=Request(HANA, TODAY))
    return {one.stayed and one.stayed.reason for one in found}  # type: ignore[misc]


def two_lines(sample: Sample) -> list[Row]:
    """An order of two lines."""
    product = next(head for head, text in sample.row.items() if text == sample.read["product_name"])
    return [sample.row, sample.row | {product: "Something else"}]


def the_mug() -> Shipment:
    """A shipment of no source that goes where Naver's go."""
    address = replace(ADDRESS, **{name: NAVER.read[name] for name in ("recipient", "phone", "address", "postal_code")}, city="")
    return a_shipment(address=address, warehouse=NAVER.read["warehouse"])


def moved_to(store: Store, shipment: Shipment) -> Shipment:
    """The shipment with the recipient of the first one."""
    return replace(shipment, address=the(store, FIRST).address, version=shipment.version + 1)


def newest(store: Store) -> int:
    return max(int(row["batch_id"]) for row in history.batches(store))


def numbers(given: HandedBack) -> dict[str, str]:
    """By line what number goes back to Naver; each line once."""
    (file,) = given.files
    rows = list(openpyxl.load_workbook(io.BytesIO(file.content)).active.iter_rows(min_row=2, values_only=True))
    found = {str(row[0]): str(row[3]) for row in rows}
    assert len(found) == len(rows)
    return found


def goods(store: Store, no: str) -> list[tuple[str, int]]:
    return [(item.name, item.quantity) for item in the(store, no).items]


def test_each_line_goes_back_with_the_number_of_the_parcel_that_holds_its_goods() -> None:
    store = a_store()
    come_in(store, naver(ONE), naver(TWO))
    part = split(store, [0, 2])
    assert part == f"{A}-2"
    register(store, (A, "Logen", LOGEN))
    assert numbers(handed(store, "naver")) == {ONE: LOGEN}
    assert waiting(store) == {}
    register(store, (part, "CJ Logistics", CJ_NO))
    assert numbers(handed(store, "naver")) == {TWO: CJ_NO}
    assert waiting(store) == {}


def test_a_line_in_two_parcels_goes_back_with_the_number_of_the_one_that_keeps_the_rest() -> None:
    store = a_store()
    come_in(store, naver(ONE), naver(TWO))
    part = split(store, [1, 2])
    register(store, (A, "Logen", LOGEN), (part, "CJ Logistics", CJ_NO))
    assert numbers(prepared(store, "naver")) == {ONE: LOGEN, TWO: CJ_NO}


def test_after_an_undone_split_all_lines_go_back_with_the_one_number() -> None:
    store = a_store()
    come_in(store, naver(ONE), naver(TWO))
    split(store, [1, 2])
    assert undone(store) == {None}
    register(store, (A, "Logen", LOGEN))
    assert numbers(prepared(store, "naver")) == {ONE: LOGEN, TWO: LOGEN}


def test_put_together_every_order_goes_back_with_the_one_number() -> None:
    store = a_store()
    come_in(store, naver(ONE), naver(TWO), naver(OTHER, B))
    join(store, A, B)
    register(store, (A, "Logen", LOGEN))
    assert numbers(handed(store, "naver")) == {ONE: LOGEN, TWO: LOGEN, OTHER: LOGEN}
    assert waiting(store) == {}
    invoices.modify(store, RULES, A, Entry("cj", CJ_NO), request=Request(HANA, TODAY))
    assert numbers(prepared(store, "naver")) == {ONE: CJ_NO, TWO: CJ_NO, OTHER: CJ_NO}


def test_a_number_that_was_handed_for_goods_of_another_order_keeps_its_registration() -> None:
    store = a_store(the_mug())
    come_in(store, naver(OTHER, B))
    assert [one.shipment_no for one in parcels.alongside(store, the(store), visit=a_visit())] == [B]
    join(store, "S-1", B)
    register(store, ("S-1", "Logen", LOGEN))
    registered = newest(store)
    handed(store, "naver")
    found = undo.undo(store, registered, home="KR", request=Request(HANA, TODAY))
    assert [one.stayed.reason for one in found if one.stayed] == [Stayed.HANDED_SINCE]


def test_put_together_and_split_again_each_order_goes_back_with_its_parcel() -> None:
    store = a_store()
    come_in(store, naver(ONE), naver(TWO), naver(OTHER, B))
    join(store, A, B)
    part = split(store, [0, 2, 2])
    register(store, (A, "Logen", LOGEN), (part, "CJ Logistics", CJ_NO))
    assert numbers(prepared(store, "naver")) == {ONE: LOGEN, TWO: CJ_NO, OTHER: CJ_NO}


def test_undone_one_after_another_everything_is_as_it_came() -> None:
    store = a_store()
    come_in(store, naver(ONE), naver(TWO), naver(OTHER, B))
    before = store.rows("SELECT shipment_id, line, said, came_id, item FROM source_line ORDER BY shipment_id, line")
    join(store, A, B)
    joined = newest(store)
    split(store, [1, 2, 2])
    assert undone(store) == {None}
    found = undo.undo(store, joined, home="KR", request=Request(HANA, TODAY))
    assert [one.stayed for one in found] == [None, None]
    assert store.rows("SELECT shipment_id, line, said, came_id, item FROM source_line ORDER BY shipment_id, line") == before


def test_a_later_file_changes_nothing_in_what_was_split() -> None:
    store = a_store()
    rows = [naver(ONE), naver(TWO)]
    come_in(store, *rows)
    part = split(store, [1, 2])
    assert come_in(store, *rows) == (0, 0, 2, 0)
    assert come_in(store, *rows[::-1]) == (0, 0, 2, 0)
    assert (goods(store, A), goods(store, part)) == ([(f"Goods {ONE}", 1)], [(f"Goods {ONE}", 1), (f"Goods {TWO}", 2)])
    register(store, (A, "Logen", LOGEN), (part, "CJ Logistics", CJ_NO))
    assert numbers(prepared(store, "naver")) == {ONE: LOGEN, TWO: CJ_NO}
    assert split(store, [0, 1], no=part) == f"{A}-3"


def test_the_source_showing_our_numbers_changes_nothing_in_what_was_split() -> None:
    store = a_store()
    come_in(store, naver(ONE), naver(TWO))
    part = split(store, [0, 2])
    register(store, (A, "Logen", LOGEN), (part, "CJ Logistics", CJ_NO))
    handed(store, "naver")
    sent = {"주문상태": "배송중", "발송일": "2026-11-29 15:00:00"}
    own = {"택배사": "로젠택배", "송장번호": LOGEN}, {"택배사": "CJ대한통운", "송장번호": CJ_NO}
    new, _, _, refused = come_in(store, naver(ONE, **sent, **own[0]), naver(TWO, **sent, **own[1]))
    assert (new, refused) == (0, 0)
    assert (goods(store, A), goods(store, part)) == ([(f"Goods {ONE}", 2)], [(f"Goods {TWO}", 2)])
    assert waiting(store) == {}


def test_a_later_file_changes_nothing_in_what_was_put_together() -> None:
    store = a_store()
    rows = [naver(ONE), naver(OTHER, B)]
    come_in(store, *rows)
    join(store, A, B)
    assert come_in(store, *rows) == (0, 0, 2, 0)
    assert come_in(store, *(row | {"배송메세지": "Ring twice"} for row in rows))[3] == 0
    assert goods(store, A) == [(f"Goods {ONE}", 2), (f"Goods {OTHER}", 2)]
    register(store, (A, "Logen", LOGEN))
    assert numbers(prepared(store, "naver")) == {ONE: LOGEN, OTHER: LOGEN}


def test_another_address_for_what_was_put_elsewhere_is_refused_and_said() -> None:
    store = a_store()
    come_in(store, naver(ONE), naver(OTHER, B))
    join(store, A, B)
    address = next(head for head, text in NAVER.row.items() if text == NAVER.read["address"])
    assert come_in(store, naver(OTHER, B, **{address: "부산광역시 해운대구 우동 1"})) == (0, 0, 0, 1)
    assert the(store, B).joined_no == A


def test_the_number_of_the_parcel_is_no_news_of_what_was_put_into_it() -> None:
    store = a_store()
    come_in(store, naver(OTHER, B), naver(ONE))
    join(store, A, B)
    register(store, (A, "Logen", LOGEN))
    sent = {"주문상태": "배송중", "발송일": "2026-11-29 15:00:00", "택배사": "로젠택배"}
    assert come_in(store, naver(OTHER, B, **sent, 송장번호=LOGEN))[3] == 0
    assert come_in(store, *(naver(line, bundle, **sent, 송장번호=LOGEN) for line, bundle in ((ONE, A), (OTHER, B))))[3] == 0
    assert come_in(store, naver(OTHER, B, **sent, 송장번호="95825729145"))[3] == 1


def test_the_very_workbook_goes_back_with_the_number_of_the_parcel_in_both_rows() -> None:
    store = imported(COUPANG)
    second = the(store, "642538971006401431")
    store.write(lambda connection: shipments.save(connection, [(second, moved_to(store, second))], own=True))
    join(store, FIRST, second.shipment_no)
    register(store, (FIRST, "Hanjin", HANJIN))
    (file,) = handed(store, "coupang").files
    before, after = cells(COUPANG.read_bytes()), cells(file.content)
    changed = {place: after[place][0] for place in after if after[place] != before[place]}
    assert changed == {"E2": HANJIN, "E4": HANJIN}


@pytest.mark.parametrize(("sample", "layout"), [(RAKUTEN, "rakuten"), (SHOPIFY, "shopify")], ids=["rakuten", "shopify"])
def test_where_a_source_takes_numbers_by_order_each_parcel_tells_its_own(sample: Sample, layout: str) -> None:
    store, rows = a_store(), two_lines(sample)
    assert come_in(store, *rows)[:1] == (1,)
    (row,) = store.rows("SELECT shipment_no FROM shipment")
    no = str(row["shipment_no"])
    part = split(store, [0, the(store, no).items[1].quantity], no=no)
    assert come_in(store, *rows)[0] == 0
    assert come_in(store, *rows[::-1])[0] == 0
    assert (len(goods(store, no)), len(goods(store, part))) == (1, 1)
    register(store, (no, "Logen", LOGEN), (part, "CJ Logistics", CJ_NO))
    said = ["".join(line) for line in texts(prepared(store, layout), "cp932" if layout == "rakuten" else "utf-8-sig")]
    assert [[number in line for number in (LOGEN, CJ_NO)] for line in said[1:]] == [[True, False], [False, True]]


def test_a_file_of_the_shops_own_leaves_the_goods_of_what_was_split() -> None:
    store = a_store()
    row = {"shipment_no": "S-7", "order_no": "O-7", "ordered_at": "2026-11-20 09:00", "country": "KR", "address": "Street 1"}
    rows = [{**row, "product_id": product, "quantity": "2"} for product in ("P-1", "P-2")]
    come_in(store, *rows)
    part = split(store, [0, 2], no="S-7")
    report = taken(a_csv([{**one, "address": "Street 2"} for one in rows]), store, dry_run=False)
    assert (report.changed, len(report.refused)) == (1, 0)
    assert (the(store, "S-7").items, the(store, part).items) == ((Item("P-1", "P-1", 2),), (Item("P-2", "P-2", 2),))
    assert (the(store, "S-7").address.address, the(store, part).address.address) == ("Street 2", "Street 1")
    other = {**row, "shipment_no": part, "order_no": "O-8", "product_id": "P-9"}
    assert come_in(store, other) == (0, 0, 0, 1)


@pytest.mark.parametrize(("sample", "layout"), [(RAKUTEN, "rakuten"), (SHOPIFY, "shopify")], ids=["rakuten", "shopify"])
@pytest.mark.parametrize("quantity", [0, 1], ids=["without goods", "of the only line"])
def test_where_a_source_takes_numbers_by_order_a_further_box_tells_its_own(sample: Sample, layout: str, quantity: int) -> None:
    store = a_store()
    amount = next(head for head, text in sample.row.items() if head in ("個数", "Lineitem quantity"))
    come_in(store, sample.row | {amount: "2"})
    (row,) = store.rows("SELECT shipment_no FROM shipment")
    part = split(store, [quantity], no=row["shipment_no"])
    register(store, (row["shipment_no"], "Logen", LOGEN))
    assert len(handed(store, layout).rows) == 1
    register(store, (part, "CJ Logistics", CJ_NO))
    assert waiting(store) == {layout: 1}
    given = handed(store, layout)
    (_, line) = texts(given, "cp932" if layout == "rakuten" else "utf-8-sig")
    assert CJ_NO in "".join(line) and sample.read["order_no"] in "".join(line)
    assert (waiting(store), given.notes) == ({}, ())
    again = handback.again(store, RULES, layout, visit=a_visit(TODAY))
    assert [file.content for file in again.files] == [file.content for file in given.files]


def test_a_further_box_of_orders_put_together_tells_its_number_to_each() -> None:
    store = a_store()
    other = RAKUTEN.row | {head: text[:-1] + "9" for head, text in RAKUTEN.row.items() if text == RAKUTEN.read["order_no"]}
    come_in(store, RAKUTEN.row, other)
    one, two = (str(row["shipment_no"]) for row in store.rows("SELECT shipment_no FROM shipment ORDER BY shipment_no"))
    join(store, one, two)
    part = split(store, [0] * len(goods(store, one)), no=one)
    register(store, (part, "CJ Logistics", CJ_NO))
    assert {row["order_no"] for row in handed(store, "rakuten").rows} == {
        RAKUTEN.read["order_no"],
        RAKUTEN.read["order_no"][:-1] + "9",
    }


def test_where_a_source_takes_one_number_a_line_the_file_says_which_are_not_in_it() -> None:
    store = a_store()
    come_in(store, naver(ONE))
    part = split(store, [0])
    register(store, (A, "Logen", LOGEN), (part, "CJ Logistics", CJ_NO))
    given = handed(store, "naver")
    assert numbers(given) == {ONE: LOGEN}
    assert [note.reason for note in given.notes] == [HandbackReason.FURTHER_BOXES]
    assert CJ_NO in str(given.notes[0]) and part in str(given.notes[0])
    assert waiting(store) == {}
