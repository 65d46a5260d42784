"""Carriers' lists without our Shipment No.: nothing is matched wrongly, every tie is shown, and only what is certain is registered."""

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import Workbook

from core.demo import places
from core.domain.errors import Forbidden, Refused
from core.domain.matching import Match
from core.domain.shipment import Address, Shipment
from core.domain.verdicts import RowVerdict
from core.services import uploading
from core.services.shipments.changes import Actor, Request
from core.services.uploading import MatchedList, NumberList
from core.store.database import Store
from tests.builders import HANA, NOW, OLA, RULES, a_shipment, a_store, add, an_invoice, nov, opened, the
from tests.services.uploading import carrier_lists as lists
from tests.services.uploading.carrier_lists import JAPAN, KOREA, Listed, a_list, as_csv, masked_name, masked_phone, whole

LOGEN = ("수하인명", "수하인전화", "수하인주소1", "운송장번호")
HONG = Address("홍길동", "010-2345-1234", "테헤란로 12", "강남구", "서울특별시", "06234", "KR")
KIM = Address("김도윤", "010-9999-0000", "달맞이길 5", "부산", "부산광역시", "48000", "KR")
NUMBERS = lists.numbers("logen", 9)
Seen = Callable[[Shipment], tuple[str, ...]]


def read(data: bytes, name: str = "list.csv") -> NumberList:
    found = uploading.read_invoices(data, name)
    assert isinstance(found, NumberList)
    return found


def matched(store: Store, data: bytes, carrier: str = "", by: Actor = HANA) -> MatchedList:
    return uploading.match(store, RULES, read(data), request=Request(by, NOW), carrier=carrier)


def a_logen_list(*rows: tuple[str, str, str], encoding: str = "cp949", separator: str = ",") -> bytes:
    listed = [Listed("", number, cells) for cells, number in zip(rows, NUMBERS, strict=False)]
    return as_csv(LOGEN, listed, encoding, separator)


def a_workbook(*rows: Sequence[object]) -> bytes:
    book, data = Workbook(), io.BytesIO()
    assert book.active
    for row in rows:
        book.active.append(row)
    book.save(data)
    return data.getvalue()


def meant(found: MatchedList) -> list[tuple[str, list[str]]]:
    return [(row.match, [one.shipment_no for one in row.candidates]) for row in found.rows]


def both_masked(one: Shipment) -> tuple[str, ...]:
    return masked_name(one.address.recipient), masked_phone(one.address.phone)


def phone_masked(one: Shipment) -> tuple[str, ...]:
    return one.address.recipient, masked_phone(one.address.phone)


def with_address(one: Shipment) -> tuple[str, ...]:
    return (*both_masked(one), whole(one.address))


def looking_like(shop: Iterable[Shipment], seen: Seen) -> Mapping[str, set[str]]:
    """By shipment all those that look the same on the list."""
    same: dict[tuple[str, ...], set[str]] = {}
    for one in shop:
        same.setdefault(seen(one), set()).add(one.shipment_no)
    return {no: group for group in same.values() for no in group}


@pytest.mark.parametrize(
    ("country", "headers", "seen", "carrier", "encoding"),
    [
        (KOREA, ("받는분성명", "받는분전화번호", "운송장번호"), both_masked, "cj", "cp949"),
        (KOREA, ("수하인명", "수하인전화", "운송장번호"), phone_masked, "logen", "utf-8-sig"),
        (KOREA, LOGEN, with_address, "logen", "cp949"),
        (JAPAN, ("お届け先名称１", "お届け先電話番号", "お問い合せ送り状No."), both_masked, "sagawa", "cp932"),
        (JAPAN, ("お届け先名", "お届け先電話番号", "お届け先住所", "伝票番号"), with_address, "yamato", "utf-16"),
    ],
    ids=["masked", "masked phones", "with addresses", "Japanese", "Japanese with addresses"],
)
def test_a_thousand_rows_with_equal_names_and_masks_have_no_wrong_match_and_show_every_tie(
    tmp_path: Path, country: places.Country, headers: tuple[str, ...], seen: Seen, carrier: str, encoding: str
) -> None:
    shop = lists.a_shop(country, 1_400, equal=0.05)
    store = opened(Store.open(tmp_path / "shop.duckdb", threads=1))
    add(store, *shop)
    listed = a_list(shop[:1_000], seen, carrier)
    same, truth = looking_like(shop, seen), {row.number: row.shipment_no for row in listed}
    found = matched(store, as_csv(headers, listed, encoding), carrier)
    assert len(found.rows) == 1_000
    for row in found.rows:
        meant_by_row = truth[row.number.text]
        if len(same[meant_by_row]) == 1:
            assert (row.match, row.shipment_no) == (Match.CERTAIN, meant_by_row)
        else:
            assert (row.match, {one.shipment_no for one in row.candidates}) == (Match.TIE, same[meant_by_row])
    assert (found.counts[Match.TIE] > 0) == (seen is not with_address)


def test_people_who_are_not_on_the_desk_are_unknown() -> None:
    shop = lists.a_shop(KOREA, 800, equal=0.05)
    store = a_store(*shop[:600])
    listed = a_list(shop[600:], with_address, "logen")
    found = matched(store, as_csv(LOGEN, listed))
    assert [row.match for row in found.rows if row.match is Match.CERTAIN] == []
    assert found.counts[Match.NONE] > 190


@pytest.mark.parametrize(
    ("encoding", "separator"), [("cp949", ","), ("utf-8-sig", ";"), ("utf-8", "\t"), ("utf-16", "\t"), ("cp949", "|")]
)
def test_a_list_is_read_in_whatever_it_is_written(encoding: str, separator: str) -> None:
    store = a_store(a_shipment("S-1", address=HONG), a_shipment("S-2", address=KIM))
    data = a_logen_list(
        ("홍*동", "010-****-1234", "서울 강남구"), ("김*윤", "", "부산 달맞이길 5"), encoding=encoding, separator=separator
    )
    assert meant(matched(store, data)) == [(Match.CERTAIN, ["S-1"]), (Match.CERTAIN, ["S-2"])]


def test_a_workbook_with_titles_above_and_a_sum_below_is_a_list() -> None:
    store = a_store(a_shipment("S-1", address=HONG))
    data = a_workbook(
        ["로젠택배 출고내역"], ["조회일자", "2026-11-16"], LOGEN,
        ["홍*동", "010-****-1234", "서울 강남구 테헤란로 12", int(NUMBERS[0])], ["합계", None, None, None], [None, "1건"],
    )  # fmt: skip
    found = matched(store, data)
    assert [(row.row, row.shipment_no) for row in found.rows] == [(4, "S-1")]


def test_yamatos_own_list_is_known_by_the_shops_number() -> None:
    headers = (
        "お客様管理番号", "送り状種類", "クール区分", "伝票番号", "出荷予定日", "お届け予定日", "お届け先電話番号", "お届け先郵便番号", "お届け先住所",
        "お届け先名",
    )  # fmt: skip
    number = lists.numbers("yamato", 1)[0]
    sato = Address("佐倉 葵", "090-0123-4567", "例一条1-2-3", "札幌市架空区", "北海道", "060-0001", "JP")
    again = replace(sato, phone="090-0123-9999")
    store = a_store(a_shipment("S-1", order_no="A-1001", address=sato), a_shipment("S-2", order_no="A-1002", address=again))
    row = (
        "A-1002",
        "0",
        "0",
        f"{number[:4]}-{number[4:8]}-{number[8:]}",
        "2026/11/01",
        "",
        "",
        "0600001",
        "北海道札幌市架空区例一条1-2-3",
        "佐倉 葵",
    )
    data = "\r\n".join(",".join(cells) for cells in (headers, row)).encode("cp932")
    found = matched(store, data)
    assert (meant(found), found.carrier) == ([(Match.CERTAIN, ["S-2"])], "yamato")


def test_a_column_of_numbers_that_are_nobodys_here_says_nothing() -> None:
    store = a_store(a_shipment("S-1", order_no="A-1", address=HONG))
    row = (*("홍길동", "010-2345-1234"), "고객77")
    data = as_csv(("받는분", "받는분 전화번호", "관리번호", "등기번호"), [Listed("", "6012345678901", row)])
    assert meant(matched(store, data)) == [(Match.CERTAIN, ["S-1"])]
    add(store, a_shipment("S-2", order_no="고객77", address=KIM))
    assert meant(matched(store, data)) == [(Match.TIE, ["S-1", "S-2"])]


def test_the_number_that_is_registered_already_is_unchanged() -> None:
    number = NUMBERS[0]
    store = a_store(
        a_shipment("S-1", address=HONG, invoice=an_invoice(number, carrier="logen")), a_shipment("S-2", address=HONG)
    )
    data = a_logen_list(("홍*동", "010-****-1234", "서울 강남구 테헤란로 12"))
    found = matched(store, data)
    assert meant(found) == [(Match.CERTAIN, ["S-1"])]
    preview = uploading.judge_sheet(found.sheet(), RULES, store, modify=False, request=Request(HANA, NOW))
    assert preview.lines[0].verdict is RowVerdict.UNCHANGED


def test_only_certain_rows_are_registered_and_what_a_person_chose() -> None:
    store = a_store(a_shipment("S-1", address=KIM), *(a_shipment(f"T-{n}", address=HONG) for n in (1, 2)))
    hong = ("홍*동", "010-****-1234", "서울 강남구 테헤란로 12")
    found = matched(store, a_logen_list(("김*윤", "010-****-0000", ""), hong, hong, ("남*수", "010-****-5555", "")))
    assert meant(found) == [(Match.CERTAIN, ["S-1"]), *[(Match.TIE, ["T-1", "T-2"])] * 2, (Match.NONE, [])]
    request = Request(HANA, NOW)
    preview = uploading.judge_sheet(found.sheet({3: "T-2", 4: ""}), RULES, store, modify=False, request=request)
    assert [(line.shipment_no, line.verdict, line.field) for line in preview.lines] == [
        ("S-1", RowVerdict.READY, ""), ("T-2", RowVerdict.READY, ""), ("", RowVerdict.REFUSED, "shipment_no"),
        ("", RowVerdict.REFUSED, "shipment_no"),
    ]  # fmt: skip
    result = uploading.register(store, RULES, preview, modify=False, request=request)
    assert result.registered == 2
    assert [bool(the(store, no).invoice) for no in ("S-1", "T-1", "T-2")] == [True, False, True]
    assert uploading.with_results(b"a,b\n1,2\n", result)


def test_two_rows_for_one_shipment_name_each_other() -> None:
    store = a_store(a_shipment("S-1", address=HONG))
    hong = ("홍*동", "010-****-1234", "서울 강남구 테헤란로 12")
    found = matched(store, a_logen_list(hong, hong))
    assert meant(found) == [(Match.TIE, ["S-1"])] * 2
    assert [row.rivals for row in found.rows] == [(3,), (2,)]


def test_the_company_is_asked_for_where_the_numbers_do_not_tell() -> None:
    store = a_store(a_shipment("S-1", address=HONG))
    data = as_csv(
        ("Consignee", "Phone", "Tracking number"), [Listed("", lists.numbers("sagawa", 1)[0], ("홍길동", "010-2345-1234"))]
    )
    found = matched(store, data)
    assert (found.asks_company, found.rows[0].match) == (True, Match.CERTAIN)
    preview = uploading.judge_sheet(found.sheet(), RULES, store, modify=False, request=Request(HANA, NOW))
    assert (preview.lines[0].verdict, preview.lines[0].field) == (RowVerdict.REFUSED, "carrier")
    answered = matched(store, data, "佐川急便")
    assert (answered.asks_company, answered.carrier) == (False, "sagawa")
    assert uploading.judge_sheet(answered.sheet(), RULES, store, modify=False, request=Request(HANA, NOW)).writable == 1
    with pytest.raises(Refused):
        matched(store, data, "nobody")


@pytest.mark.parametrize(
    ("weight", "match"), [("1.0 kg", Match.CERTAIN), ("1000g", Match.CERTAIN), ("1,5 kg", Match.TIE), ("1 1/2 kg", Match.TIE)]
)
def test_a_weight_decides_only_where_the_whole_cell_is_one(weight: str, match: Match) -> None:
    small, big = (a_shipment(number, address=HONG, weight_g=grams) for number, grams in (("S-1", 1_000), ("S-2", 2_200)))
    store = a_store(small, big)
    header = ("수하인명", "수하인전화", "실중량", "운송장번호")
    found = matched(store, as_csv(header, [Listed("", NUMBERS[0], ("홍길동", "010-****-1234", weight))], separator="\t"))
    assert found.rows[0].match is match


def test_what_such_parcels_went_with_lately_tells_the_company() -> None:
    before = [
        a_shipment(f"B-{n}", invoice=an_invoice(number, nov(14), carrier="sagawa", invoice_id=n))
        for n, number in enumerate(lists.numbers("sagawa", 3), 1)
    ]
    store = a_store(a_shipment("S-1", address=HONG), *before)
    listed = [Listed("", lists.numbers("sagawa", 9)[8], ("홍길동", "010-2345-1234"))]
    assert matched(store, as_csv(("Consignee", "Phone", "Tracking number"), listed)).carrier == "sagawa"


def test_a_column_of_companies_says_each_rows() -> None:
    store = a_store(a_shipment("S-1", address=HONG), a_shipment("S-2", address=KIM))
    rows = [
        ["택배사", "받는분", "연락처", "송장번호"],
        ["로젠", "홍길동", "010-2345-1234", NUMBERS[0]],
        ["CJ대한통운", "김도윤", "010-9999-0000", lists.numbers("cj", 1)[0]],
    ]
    found = matched(store, a_workbook(*rows))
    preview = uploading.judge_sheet(found.sheet(), RULES, store, modify=False, request=Request(HANA, NOW))
    assert [line.carrier for line in preview.lines] == ["logen", "cj"]


def test_a_list_of_more_rows_than_an_upload_takes_is_refused_whole() -> None:
    rows = [Listed("", number, ("홍길동", "010-2345-1234", "")) for number in lists.numbers("logen", 1_001)]
    with pytest.raises(Refused, match="1,001"):
        uploading.read_invoices(as_csv(LOGEN, rows), "list.csv")


def test_text_that_is_not_separated_is_said_to_be_that_and_fixed_blanks_separate() -> None:
    with pytest.raises(Refused, match="separated"):
        uploading.read_invoices(f"수하인명 수하인전화 운송장번호\n홍길동 010-2345-1234 {NUMBERS[0]}\n".encode("cp949"), "a.txt")
    spaced = f"수하인명    수하인전화      운송장번호\n홍길동      010-2345-1234   {NUMBERS[0]}\n".encode("cp949")
    assert read(spaced).columns.keys() == {"recipient", "phone", "invoice_no"}


def test_a_row_of_a_damaged_text_is_refused_and_no_other() -> None:
    store = a_store(a_shipment("S-1", address=HONG), a_shipment("S-2", address=KIM))
    lines = [",".join(LOGEN), f"홍길동,010-2345-1234,서울, 강남구,{NUMBERS[0]}", f"김도윤,010-9999-0000,부산,{NUMBERS[1]}"]
    found = matched(store, "\n".join(lines).encode())
    preview = uploading.judge_sheet(found.sheet(), RULES, store, modify=False, request=Request(HANA, NOW))
    assert [line.verdict for line in preview.lines] == [RowVerdict.REFUSED, RowVerdict.READY]


def test_our_own_workbook_stays_an_ordinary_upload() -> None:
    rows = [["Shipment No.", "Shipping company", "Invoice No.", "Recipient"], ["S-1", "Logen", NUMBERS[0], "홍길동"]]
    assert not isinstance(uploading.read_invoices(a_workbook(*rows), "x"), NumberList)
    rows[1][0] = ""
    assert isinstance(uploading.read_invoices(a_workbook(*rows), "x"), NumberList)
    with pytest.raises(Refused, match="CSV"):
        uploading.read_invoices(b"Shipment No.,Shipping company,Invoice No.\nS-1,CJ,1\n", "x")


def test_who_may_not_see_recipients_is_shown_none() -> None:
    store = a_store(a_shipment("S-1", address=HONG))
    with pytest.raises(Forbidden):
        matched(store, a_logen_list(("홍*동", "010-****-1234", "")), by=Actor(OLA))


def test_nothing_personal_is_in_what_is_said_or_logged_of_a_list() -> None:
    store = a_store(*(a_shipment(f"T-{n}", address=HONG) for n in (1, 2)))
    found = matched(store, a_logen_list(("홍*동", "010-****-1234", "서울 강남구 테헤란로 12")))
    preview = uploading.judge_sheet(found.sheet(), RULES, store, modify=False, request=Request(HANA, NOW))
    said = repr(found) + repr(found.rows) + found.message + preview.lines[0].reason
    assert [text for text in ("홍길동", "홍*동", "1234", "테헤란로") if text in said] == []
