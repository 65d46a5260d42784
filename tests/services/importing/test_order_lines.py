"""How the lines of an order file become shipments, which are left out, and what its times and numbers mean."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from core.domain.search import Search, SearchKey
from core.domain.shipment import Status
from core.files.reasons import LeftOut
from core.store import lists
from core.store.database import Store
from tests.builders import CJ, CJ_OTHER, SEOUL, a_store, the
from tests.services.importing.order_files import Row, a_csv, a_workbook, imported, read
from tests.services.importing.order_samples import (
    AMAZON,
    CAFE24,
    COUPANG,
    EBAY,
    EC_CUBE,
    ESM,
    ETSY,
    NAVER,
    NEXT_ENGINE,
    NEXT_ENGINE_SEARCH,
    QOO10,
    RAKUTEN,
    RAKUTEN_OLD,
    SAMPLES,
    SHIPSTATION,
    SHOPIFY,
    WOOCOMMERCE,
    Sample,
)

NEW_YORK = ZoneInfo("America/New_York")
YAMATO, SAGAWA = "444413758703", "512547514334"


def with_rows(sample: Sample, *changes: Row) -> list[Row]:
    """The sample's row once for each of these changes of it."""
    return [sample.row | change for change in changes]


def shipments(rows: list[Row], **said: Any) -> dict[str, list[str]]:
    """By Shipment No. what is sent with it."""
    found: dict[str, list[str]] = {}
    for line in read(a_csv(rows), **said):
        found.setdefault(line["shipment_no"], []).append(line.get("product_name", ""))
    return found


def test_a_bundle_holds_lines_of_several_orders_and_its_wishes() -> None:
    rows = with_rows(
        NAVER,
        {"상품주문번호": "1", "상품명": "A"},
        {
            "상품주문번호": "2",
            "상품명": "B",
            "주문번호": "2026112890000099",
            "배송메세지": "전화 주세요",
            "발송기한": "2026-12-01 23:59:59",
        },
        {"상품주문번호": "3", "상품명": "C", "배송비 묶음번호": "9", "주문일시": "2026-11-27 01:00:00"},
    )
    lines = read(a_csv(rows))
    assert [(line["shipment_no"], line["product_name"]) for line in lines] == [
        ("2026112850000001", "A"), ("2026112850000001", "B"), ("9", "C"),
    ]  # fmt: skip
    assert {line["order_no"] for line in lines[:2]} == {"2026112890000011"}
    assert {line["ship_by"] for line in lines[:2]} == {"2026-12-01"}
    assert lines[0]["request"] == lines[1]["request"]
    assert "부재시" in lines[0]["request"] and "전화 주세요" in lines[0]["request"]


@pytest.mark.parametrize(
    ("sample", "other"),
    [
        (RAKUTEN, {"送付先ID": "100000002", "送付先名": "花子"}),
        (SHIPSTATION, {"Ship To - Name": "Kim Roe"}),
        (AMAZON, {"order-item-id": "12", "ship-address-1": "別町9"}),
        (NEXT_ENGINE, {"発送先名": "佐藤花子"}),
    ],
    ids=lambda value: getattr(value, "layout", ""),
)
def test_an_order_to_two_recipients_is_two_shipments(sample: Sample, other: Row) -> None:
    lines = read(a_csv(with_rows(sample, {}, other, {})))
    assert len(lines) == 3
    assert len({line["shipment_no"] for line in lines}) == 2
    assert {line["order_no"] for line in lines} == {sample.read["order_no"]}


def test_a_bundle_that_went_under_two_numbers_is_two_shipments_and_the_rest_a_third() -> None:
    sent = {"주문상태": "배송중", "택배사": "CJ대한통운", "발송일": "2026-11-29 15:00:00"}
    rows = with_rows(
        NAVER,
        {"상품주문번호": "1", "상품명": "A"} | sent | {"송장번호": CJ},
        {"상품주문번호": "2", "상품명": "B"} | sent | {"송장번호": CJ_OTHER},
        {"상품주문번호": "3", "상품명": "C"},
    )
    lines = read(a_csv(rows))
    assert len({line["shipment_no"] for line in lines}) == 3
    assert [(line.get("carrier"), line.get("invoice_no")) for line in lines] == [("cj", CJ), ("cj", CJ_OTHER), (None, None)]
    assert lines[0]["invoiced_at"] == "2026-11-29T15:00:00+09:00"
    assert "picked_up_at" not in lines[0] and "invoiced_at" not in lines[2]


def test_two_addresses_in_one_bundle_are_refused_and_said() -> None:
    report = imported(a_csv(with_rows(NAVER, {}, {"통합배송지": "부산광역시 다라구 1"}))).as_json()
    assert (report["new"], {one["field"] for one in report["refused"]}) == (0, {"address", ""})


def test_rows_that_go_on_with_an_order_say_only_what_is_theirs() -> None:
    empty = dict.fromkeys(SHOPIFY.row, "")
    goes_on = empty | {"Name": "#1001", "Lineitem name": "Mug", "Lineitem sku": "P-200", "Lineitem quantity": "1"}
    lines = read(a_csv([SHOPIFY.row, goes_on]))
    assert lines == [SHOPIFY.read, SHOPIFY.read | {"product_id": "P-200", "product_name": "Mug", "quantity": "1"}]


def test_the_address_on_a_row_that_is_left_out_is_that_of_the_order() -> None:
    empty = dict.fromkeys(SHOPIFY.row, "")
    goes_on = empty | {"Name": "#1001", "Lineitem name": "Mug", "Lineitem sku": "P-200", "Lineitem quantity": "1"}
    digital = SHOPIFY.row | {"Lineitem requires shipping": "false"}
    report = imported(a_csv([digital, goes_on])).as_json()
    assert [one["row"] for one in report["left_out"]] == [2]
    assert report["read"] == [SHOPIFY.read | {"product_id": "P-200", "product_name": "Mug", "quantity": "1"}]


def test_a_row_for_the_whole_order_above_its_lines_is_no_line() -> None:
    top = EBAY.row | {"Item Title": "", "Item Number": "", "Custom Label": "", "Variation Details": "", "Quantity": "3"}
    address = {head: "" for head in EBAY.row if head.startswith(("Ship To", "Buyer"))}
    lines = [EBAY.row | address | {"Item Title": name, "Quantity": count} for name, count in (("Shirt", "1"), ("Mug", "2"))]
    report = imported(a_csv([top, *lines])).as_json()
    assert (report["shipments"], report["refused"], report["warnings"]) == (1, [], [])
    assert [(line.get("product_name"), line.get("quantity")) for line in report["read"]] == [
        (None, None),
        ("Shirt", "1"),
        ("Mug", "2"),
    ]
    gone = [line | {"Order Status": "Cancelled"} for line in lines]
    assert len(imported(a_csv([top | {"Order Status": ""}, *gone])).left_out) == 3


def test_an_order_without_an_address_of_its_own_goes_to_its_buyer_and_no_address_is_of_two() -> None:
    own = {head: "" for head in WOOCOMMERCE.row if head.endswith("(Shipping)")}
    [line] = read(a_csv([WOOCOMMERCE.row | own]))
    assert [line[name] for name in ("recipient", "address", "city", "region", "postal_code")] == [
        "Bill Roe", "9 Bill St", "Billtown", "CA", "99999",
    ]  # fmt: skip
    abroad = {"State Code (Shipping)": "", "City (Shipping)": "Singapore", "Country Code (Shipping)": "SG"}
    [line] = read(a_csv([WOOCOMMERCE.row | abroad]))
    assert ("region" in line, line["country"]) == (False, "SG")


LEFT_OUT = [
    (NAVER, {"주문상태": "취소완료"}, "cancelled"),
    (NAVER, {"주문세부상태": "취소요청"}, "cancelled"),
    (NAVER, {"주문상태": "반품요청"}, "returned"),
    (NAVER, {"주문상태": "결제대기"}, "unpaid"),
    (NAVER, {"배송방법": "방문수령"}, "no_parcel"),
    (NAVER, {"주문상태": "배송중"}, "dispatched"),
    (NAVER, {"발송일": "2026-11-29 10:00:00"}, "dispatched"),
    (COUPANG, {"기타": "취소"}, "cancelled"),
    (COUPANG, {"출고일(발송일)": "2026-11-29"}, "dispatched"),
    (QOO10, {"発送日": "2026/11/29"}, "dispatched"),
    (EC_CUBE, {"発送日": "2026-11-29"}, "dispatched"),
    (SHIPSTATION, {"Date - Shipped Date": "11/29/2026"}, "dispatched"),
    (CAFE24, {"주문상태": "취소완료"}, "cancelled"),
    (CAFE24, {"주문상태": "입금전"}, "unpaid"),
    (CAFE24, {"주문상태": "반품신청"}, "returned"),
    (CAFE24, {"주문상태": "배송중"}, "dispatched"),
    (ESM, {"구분": "신규주문", "주문상태": "취소요청"}, "cancelled"),
    (ESM, {"주문상태": "배송중"}, "dispatched"),
    (SHOPIFY, {"Cancelled at": "2026-11-28 10:00:00 +0900"}, "cancelled"),
    (SHOPIFY, {"Financial Status": "refunded"}, "refunded"),
    (SHOPIFY, {"Financial Status": "voided"}, "refunded"),
    (SHOPIFY, {"Financial Status": "pending"}, "unpaid"),
    (SHOPIFY, {"Lineitem requires shipping": "false"}, "digital"),
    (SHOPIFY, {"Lineitem fulfillment status": "fulfilled"}, "dispatched"),
    (SHOPIFY, {"Fulfillment Status": "fulfilled"}, "dispatched"),
    (SHOPIFY, {"Shipping Method": "Local Pickup"}, "no_parcel"),
    (WOOCOMMERCE, {"Order Status": "Cancelled"}, "cancelled"),
    (WOOCOMMERCE, {"Order Status": "Refunded"}, "refunded"),
    (WOOCOMMERCE, {"Order Status": "On hold"}, "unpaid"),
    (WOOCOMMERCE, {"Order Status": "wc-pending"}, "unpaid"),
    (WOOCOMMERCE, {"Order Status": "Completed"}, "dispatched"),
    (WOOCOMMERCE, {"Quantity (- Refund)": "0"}, "refunded"),
    (WOOCOMMERCE, {"Downloadable": "yes"}, "digital"),
    (AMAZON, {"order-status": "Cancelled"}, "cancelled"),
    (AMAZON, {"order-status": "Pending"}, "unpaid"),
    (AMAZON, {"quantity-to-ship": "0"}, "dispatched"),
    (AMAZON, {"fulfillment-channel": "Amazon"}, "no_parcel"),
    (RAKUTEN, {"ステータス": "キャンセル確定"}, "cancelled"),
    (RAKUTEN, {"ステータス": "900"}, "cancelled"),
    (RAKUTEN, {"ステータス": "発送済"}, "dispatched"),
    (RAKUTEN_OLD, {"受注ステータス": "発送前入金待ち"}, "unpaid"),
    (NEXT_ENGINE, {"出荷済フラグ": "1"}, "dispatched"),
    (NEXT_ENGINE_SEARCH, {"受注キャンセル区分": "1"}, "cancelled"),
    (NEXT_ENGINE_SEARCH, {"キャンセルフラグ": "1"}, "cancelled"),
    (NEXT_ENGINE_SEARCH, {"受注状態区分": "50"}, "dispatched"),
    (NEXT_ENGINE_SEARCH, {"入金状況名": "未入金"}, "unpaid"),
    (QOO10, {"配送状態": "キャンセル完了"}, "cancelled"),
    (QOO10, {"配送状態": "入金待ち"}, "unpaid"),
    (QOO10, {"配送状態": "配送中"}, "dispatched"),
    (EC_CUBE, {"対応状況(名称)": "注文取消し"}, "cancelled"),
    (EC_CUBE, {"対応状況(名称)": "返品"}, "returned"),
    (EC_CUBE, {"対応状況(名称)": "決済処理中"}, "unpaid"),
    (EC_CUBE, {"対応状況(名称)": "発送済み"}, "dispatched"),
    (EC_CUBE, {"明細区分(名称)": "送料", "明細区分(ID)": "2"}, "no_goods"),
    (SHIPSTATION, {"Order - Status": "Cancelled"}, "cancelled"),
    (SHIPSTATION, {"Order - Status": "Awaiting Payment"}, "unpaid"),
    (SHIPSTATION, {"Order - Status": "Shipped"}, "dispatched"),
    (ETSY, {"Status": "Refunded"}, "cancelled"),
    (ETSY, {"Order Type": "in_person"}, "no_parcel"),
    (ETSY, {"Listings Type": "digital"}, "digital"),
    (ETSY, {"Date Shipped": "11/29/2026"}, "dispatched"),
    (EBAY, {"Order Status": "Cancelled"}, "cancelled"),
    (EBAY, {"Paid On Date": ""}, "no_payment"),
    (EBAY, {"Shipped On Date": "Nov-29-26"}, "dispatched"),
]


@pytest.mark.parametrize(("sample", "change", "reason"), LEFT_OUT)
def test_what_is_no_parcel_to_send_is_left_out_and_said(sample: Sample, change: Row, reason: str) -> None:
    key, line = next((head, text) for head, text in sample.row.items() if text == sample.read["order_no"])
    also = {head: f"{text}9" for head, text in sample.row.items() if text in (line, sample.read["shipment_no"])}
    report = imported(a_csv([sample.row | {name: "" for name in change if name not in sample.row}, sample.row | also | change]))
    assert (report.new, [finding.row for finding in report.left_out]) == (1, [3]), key
    [why] = report.left_out[0].whys
    assert why.reason is LeftOut(reason)
    for head, text in change.items():
        assert not text or text in report.left_out[0].reason or head in report.left_out[0].reason or len(change) > 1


@pytest.mark.parametrize(
    ("sample", "change", "carrier", "number", "at"),
    [
        (NAVER, {"주문상태": "배송중", "송장번호": CJ, "발송일": "2026-11-29 15:00:00"}, "cj", CJ, "2026-11-29T15:00:00+09:00"),
        (COUPANG, {"운송장번호": "530727039920", "출고일(발송일)": "2026-11-29"}, "hanjin", "530727039920", "2026-11-29T00:00:00+09:00"),
        (CAFE24, {"주문상태": "배송중", "배송업체": "CJ대한통운", "운송장번호": CJ}, "cj", CJ, None),
        (RAKUTEN, {"ステータス": "発送済", "配送会社": "1001", "お荷物伝票番号": "4444-1375-8703"}, "yamato", YAMATO, None),
        (NEXT_ENGINE_SEARCH, {"受注状態区分": "50", "発送伝票番号": YAMATO, "出荷確定日": "2026-11-29"}, "yamato", YAMATO, "2026-11-29T00:00:00+09:00"),
        (QOO10, {"配送状態": "配送中", "送り状番号": SAGAWA, "発送日": "2026/11/29"}, "sagawa", SAGAWA, "2026-11-29T00:00:00+09:00"),
    ],
)  # fmt: skip
def test_what_went_elsewhere_comes_in_with_its_number_at_the_clerks_date(
    sample: Sample, change: Row, carrier: str, number: str, at: str | None
) -> None:
    store = a_store()
    [line] = read(a_csv([sample.row | change]), store=store)
    assert (line["carrier"], line["invoice_no"], line.get("invoiced_at")) == (carrier, number, at)
    assert not {"picked_up_at", "first_attempt_at", "delivered_at"} & line.keys()
    imported(a_csv([sample.row | change]), store, dry_run=False)
    state = the(store, line["shipment_no"]).state
    assert (state.status, state.picked_up_at, state.delivered_at) == (Status.PREPARING_TO_SHIP, None, None)
    if at:
        assert the(store, line["shipment_no"]).invoice.changed_at == datetime.fromisoformat(at)  # type: ignore[union-attr]


def test_a_company_that_is_not_known_stands_as_another_and_is_said() -> None:
    sent = {"Order - Status": "Shipped", "Carrier - Name Actual": "Swift Owl Post", "Shipment - Tracking Number": "OWL0012345"}
    report = imported(a_csv([SHIPSTATION.row | sent]))
    assert (report.new, [finding.field for finding in report.warnings]) == (1, ["carrier"])
    assert report.as_json()["read"][0]["carrier"] == "other"


@pytest.mark.parametrize("nothing", ["0000-00-00", "0000/00/00 00:00:00", "-", "--"])
def test_no_day_is_no_day_however_it_is_written(nothing: str) -> None:
    heads = {"発送日": nothing, "お届け希望日": "", "発送予定日": nothing, "配送完了日": nothing}
    [line] = read(a_csv([QOO10.row | heads]))
    assert not {"ship_by", "invoiced_at", "delivered_at"} & line.keys()


@pytest.mark.parametrize("nothing", ["-", "없음", "N/A", "미등록"])
def test_no_number_is_no_number_however_it_is_written(nothing: str) -> None:
    rows = with_rows(NAVER, {"상품주문번호": "1", "송장번호": nothing}, {"상품주문번호": "2"})
    assert shipments(rows) == {"2026112850000001": ["린넨 셔츠", "린넨 셔츠"]}


def test_times_without_a_zone_are_in_the_markets_and_days_are_as_written() -> None:
    [line] = read(a_csv([NAVER.row]), zone=NEW_YORK)
    assert line["ordered_at"] == "2026-11-27T19:04:50-05:00"
    assert line["ship_by"] == "2026-12-02"
    [line] = read(a_csv([RAKUTEN.row]), zone=NEW_YORK)
    assert line["ordered_at"] == "2026-11-27T20:00:05-05:00"
    [line] = read(a_csv([SHOPIFY.row]), zone=NEW_YORK)
    assert line["ordered_at"] == "2026-11-28T03:14:01-05:00"
    [line] = read(a_csv([SHOPIFY.row | {"Created at": "2026-11-28 09:14:01"}]), zone=NEW_YORK)
    assert line["ordered_at"] == "2026-11-28T09:14:01-05:00"


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-28 09:04:50", "2026-11-28T09:04:50+09:00"),
        ("2026-11-28 09:04", "2026-11-28T09:04:00+09:00"),
        ("2026.11.28 09:04:50", "2026-11-28T09:04:50+09:00"),
        ("2026/11/28 9:04", "2026-11-28T09:04:00+09:00"),
        ("2026-11-28 오전 9:04:50", "2026-11-28T09:04:50+09:00"),
        ("2026-11-28 오후 1:04", "2026-11-28T13:04:00+09:00"),
        ("2026-11-28T00:04:50Z", "2026-11-28T09:04:50+09:00"),
        ("2026-11-28 00:04:50 +0000", "2026-11-28T09:04:50+09:00"),
        ("2026-11-28 09:04:50.0", "2026-11-28T09:04:50+09:00"),
        ("20261128", "2026-11-28T00:00:00+09:00"),
        ("2026-11-28", "2026-11-28T00:00:00+09:00"),
    ],
)
def test_a_time_of_an_order_in_the_forms_that_are_usual(text: str, moment: str) -> None:
    [line] = read(a_csv([NAVER.row | {"주문일시": text}]))
    assert line["ordered_at"] == moment


@pytest.mark.parametrize(
    ("promised", "country", "day"),
    [
        ("2026-12-01T14:59:59+00:00", "JP", "2026-12-01"),
        ("2026-12-01T23:59:59+09:00", "JP", "2026-12-01"),
        ("2026-12-02T07:59:59+00:00", "US", "2026-12-01"),
        ("2026-12-01T23:59:59-08:00", "US", "2026-12-01"),
        ("2026-07-02T06:59:59+00:00", "US", "2026-07-01"),
        ("2026-12-01T22:59:59+00:00", "DE", "2026-12-01"),
        ("2026-12-01T23:59:59+00:00", "GB", "2026-12-01"),
        ("2026-12-01T18:29:59+00:00", "IN", "2026-12-01"),
        ("2026-12-02T04:00:00+00:00", "US", "2026-12-01"),
        ("2026-12-01T16:00:00+00:00", "JP", "2026-12-02"),
        ("2026-12-01", "US", "2026-12-01"),
    ],
)
@pytest.mark.parametrize("zone", [SEOUL, NEW_YORK])
def test_a_day_to_ship_by_is_that_of_the_marketplace(promised: str, country: str, day: str, zone: ZoneInfo) -> None:
    [line] = read(a_csv([AMAZON.row | {"promise-date": promised, "ship-country": country}]), zone=zone)
    assert line["ship_by"] == day
    assert "promised_on" not in line


@pytest.mark.parametrize(
    ("texts", "days"),
    [
        (("11/05/26", "11/28/26"), ("2026-11-05", "2026-11-28")),
        (("11/05/2026", "10/09/26"), ("2026-11-05", "2026-10-09")),
        (("05/11/2026", "28/11/2026"), ("2026-11-05", "2026-11-28")),
        (("5 Nov, 2026", "28 Nov, 2026"), None),
        (("Nov 5, 2026", "Nov 28, 2026"), ("2026-11-05", "2026-11-28")),
    ],
)
def test_a_file_writes_all_its_days_in_one_way(texts: tuple[str, str], days: tuple[str, str] | None) -> None:
    report = imported(
        a_csv([ETSY.row | {"Order ID": str(n), "Sale Date": text, "Date Paid": ""} for n, text in enumerate(texts, 1)])
    )
    assert (report.new, len(report.refused)) == ((2, 0) if days else (0, 2))
    assert days is None or tuple(line["ordered_at"][:10] for line in report.as_json()["read"]) == days


WISHES = [
    (NAVER, "배송희망일"), (QOO10, "お届け希望日"), (RAKUTEN, "お届け日指定"), (RAKUTEN, "お届け時間帯"), (NEXT_ENGINE, "日付指定"),
    (NEXT_ENGINE, "時間帯指定"), (EC_CUBE, "お届け希望日"), (CAFE24, "희망배송일"), (AMAZON, "scheduled-delivery-start-date"),
]  # fmt: skip


@pytest.mark.parametrize(("sample", "head"), WISHES)
def test_a_wish_is_in_the_request_and_no_promise(sample: Sample, head: str) -> None:
    [line] = read(a_csv([sample.row | {head: "2026-12-24"}]))
    assert f"{head}: 2026-12-24" in line["request"].splitlines()
    assert "promised_on" not in line


@pytest.mark.parametrize(
    ("sample", "head", "column"),
    [
        (NAVER, "발송기한", "ship_by"), (COUPANG, "주문시 출고예정일", "ship_by"), (ESM, "발송마감일", "ship_by"), (QOO10, "発送予定日", "ship_by"),
        (AMAZON, "promise-date", "ship_by"), (EBAY, "Ship By Date", "ship_by"), (EBAY, "Maximum Estimated Delivery Date", "promised_on"),
    ],
)  # fmt: skip
def test_a_day_counts_as_what_it_is(sample: Sample, head: str, column: str) -> None:
    [with_it], [without] = read(a_csv([sample.row])), read(a_csv([sample.row | {head: ""}]))
    assert with_it.keys() - without.keys() == {column}


def test_a_plan_of_the_desk_is_not_used() -> None:
    report = imported(a_csv([NEXT_ENGINE_SEARCH.row]))
    assert "出荷予定日" in report.unused
    assert not {"ship_by", "promised_on"} & report.as_json()["read"][0].keys()


NUMBERS = [
    ("'0001", "0001"), ('="0001"', "0001"), ("０００１", "0001"), ("0001", "0001"), ("‘0001", "0001"), (" 0001 ", "0001"),
]  # fmt: skip


@pytest.mark.parametrize(("written", "meant"), NUMBERS)
@pytest.mark.parametrize(
    ("sample", "head", "column"),
    [
        (NAVER, "배송비 묶음번호", "shipment_no"), (NAVER, "주문번호", "order_no"), (SHOPIFY, "Shipping Zip", "postal_code"),
        (SHOPIFY, "Shipping Phone", "phone"), (SHOPIFY, "Lineitem sku", "product_id"), (NEXT_ENGINE, "発送郵便番号", "postal_code"),
    ],
)  # fmt: skip
def test_what_marks_a_number_as_text_is_no_part_of_it(sample: Sample, head: str, column: str, written: str, meant: str) -> None:
    [line] = read(a_csv([sample.row | {head: written}]))
    assert line[column] == meant


@pytest.mark.parametrize(
    ("pieces", "whole"),
    [(("060", "0001"), "060-0001"), (("'060", '="0001"'), "060-0001"), (("60", "1"), "060-0001"), (("060", ""), "060")],
)
def test_a_postal_code_in_pieces_keeps_its_zeros(pieces: tuple[str, str], whole: str) -> None:
    [line] = read(a_csv([RAKUTEN.row | dict(zip(("送付先郵便番号1", "送付先郵便番号2"), pieces, strict=True))]))
    assert line["postal_code"] == whole


ORDER_ID, LINE_ID = 2026112890000011, 2026112810000011


def numbered(*ids: tuple[int, int]) -> bytes:
    """Naver's workbook with ids as numbers, one row each."""
    return a_workbook([NAVER.row | {"상품주문번호": line, "주문번호": order, "배송비 묶음번호": order} for line, order in ids])


@pytest.mark.parametrize(
    ("sample", "head", "whole"),
    [(NAVER, "우편번호", "01234"), (COUPANG, "우편번호", "01234"), (NEXT_ENGINE, "発送郵便番号", "0600001")],
    ids=["naver", "coupang", "next_engine"],
)
def test_a_postal_code_in_a_number_cell_has_its_zeros_back(sample: Sample, head: str, whole: str) -> None:
    (line,) = read(a_workbook([sample.row | {head: int(whole)}], sample.sheet))
    assert line["postal_code"] == whole


@pytest.mark.parametrize(("sample", "text"), [(ESM, "3개"), (COUPANG, "3 EA"), (QOO10, "3個")], ids=["esm", "coupang", "qoo10"])
def test_a_quantity_may_say_what_it_counts(sample: Sample, text: str) -> None:
    (head,) = {"수량", "구매수(수량)", "数量"} & sample.row.keys()
    (line,) = read(a_csv([sample.row | {head: text}]))
    assert line["quantity"] == "3"


def test_ids_of_16_digits_that_a_program_wrote_as_numbers_are_whole() -> None:
    ids = [(LINE_ID + n, ORDER_ID + n) for n in range(12)]
    lines = read(numbered(*ids))
    assert [line["order_no"] for line in lines] == [str(order) for _, order in ids]
    assert any(line["order_no"].endswith("0") for line in lines)


def test_ids_of_16_digits_that_all_end_in_0_may_have_lost_one_and_are_refused() -> None:
    report = imported(numbered((LINE_ID - 1, ORDER_ID - 1), (LINE_ID + 9, ORDER_ID + 9))).as_json()
    assert (report["new"], {one["row"] for one in report["refused"]}) == (0, {2, 3})
    assert "15 digits" in report["refused"][0]["reason"]


def test_numbers_that_a_cell_cannot_hold_are_refused_and_as_texts_are_whole() -> None:
    report = imported(numbered((LINE_ID, 2**53 + 1), (LINE_ID + 1, 642538971006401429))).as_json()
    assert (report["new"], {one["row"] for one in report["refused"]}) == (0, {2, 3})
    [line] = read(a_workbook([COUPANG.row]))
    assert line["shipment_no"] == "642538971006401429"


def test_a_line_whose_own_id_lost_digits_is_refused_as_nothing_could_be_handed_back_for_it() -> None:
    rows = with_rows(NAVER, {"상품주문번호": LINE_ID - 1}, {"상품주문번호": LINE_ID + 9, "배송비 묶음번호": "9"})
    report = imported(a_workbook(rows)).as_json()
    assert (report["new"], {one["row"] for one in report["refused"]}) == (0, {2, 3})
    assert all("상품주문번호" in one["reason"] for one in report["refused"])


def shuffled(rows: list[Row]) -> list[Row]:
    return [*rows[1::2], *rows[::2]][::-1]


def some_orders(sample: Sample) -> list[Row]:
    """Rows of three orders, the first of two lines."""
    ids = {head for head, text in sample.row.items() if text in (sample.read["shipment_no"], sample.read["order_no"])}
    product = next(
        head for head, text in sample.row.items() if text == sample.read.get("product_name", sample.read["product_id"])
    )
    lines = {head for head in ("상품주문번호", "order-item-id", "옵션ID", "注文詳細ID", "Transaction ID") if head in sample.row}

    def row(order: int, line: int) -> Row:
        changed = {head: f"{sample.row[head][:-1]}{order}" for head in ids} | {product: f"{sample.row[product]} {order}{line}"}
        return sample.row | changed | {head: f"{sample.row[head][:-1]}{order}{line}" for head in lines}

    return [row(1, 1), row(1, 2), row(2, 1), row(3, 1)]


def outcome(file: bytes, store: Store) -> tuple[int, int, int, int]:
    report = imported(file, store, dry_run=False)
    return report.new, report.changed, report.unchanged, len(report.refused)


OLDER = pytest.mark.long("the newest form of each source is read again")


@pytest.mark.parametrize(
    "sample",
    [pytest.param(one, marks=() if one.name == one.layout else OLDER) for one in SAMPLES],
    ids=lambda sample: sample.name,
)
def test_the_same_file_again_in_whatever_order_changes_nothing(sample: Sample) -> None:
    store, rows = a_store(), some_orders(sample)
    assert outcome(a_csv(rows), store) == (3, 0, 0, 0)
    assert outcome(a_csv(rows), store) == (0, 0, 3, 0)
    assert outcome(a_csv(shuffled(rows)), store) == (0, 0, 3, 0)
    assert outcome(a_workbook(rows[::-1]), store) == (0, 0, 3, 0)


def test_parcels_of_one_order_are_the_same_ones_in_whatever_order_the_rows_stand() -> None:
    store = a_store()
    other = {"送付先ID": "100000002", "送付先名": "花子"}
    rows = with_rows(RAKUTEN, {}, other, {"商品名": "マグ"}, other | {"商品名": "皿"})
    assert outcome(a_csv(rows), store) == (2, 0, 0, 0)
    assert outcome(a_csv(rows[::-1]), store) == (0, 0, 2, 0)
    goes_on = dict.fromkeys(SHOPIFY.row, "") | {"Name": "#1001", "Lineitem name": "Mug", "Lineitem quantity": "1"}
    assert outcome(a_csv([SHOPIFY.row, goes_on]), store) == (1, 0, 0, 0)
    assert outcome(a_csv([goes_on, SHOPIFY.row]), store) == (0, 0, 1, 0)


def test_one_parcel_of_an_order_in_a_later_file_is_the_one_that_it_was() -> None:
    store = a_store()
    rows = with_rows(RAKUTEN, {}, {"送付先ID": "100000002", "送付先名": "花子"})
    assert outcome(a_csv(rows), store) == (2, 0, 0, 0)
    assert [outcome(a_csv([row]), store) for row in rows] == [(0, 0, 1, 0)] * 2
    third = RAKUTEN.row | {"送付先ID": "100000003", "送付先名": "次郎"}
    assert outcome(a_csv([third]), store) == (1, 0, 0, 0)
    assert outcome(a_csv([third, *rows]), store) == (0, 0, 3, 0)


def test_a_parcel_whose_lines_have_no_ids_is_the_one_that_goes_there() -> None:
    store = a_store()
    rows = with_rows(SHIPSTATION, {}, {"Ship To - Name": "John Doe"})
    assert outcome(a_csv(rows), store) == (2, 0, 0, 0)
    assert [outcome(a_csv([row]), store) for row in rows] == [(0, 0, 1, 0)] * 2


def test_a_bundle_of_several_orders_is_found_by_the_number_of_each() -> None:
    store, orders = a_store(), ("800000001", "800000002")
    rows = with_rows(QOO10, *({"注文番号": order} for order in orders))
    assert [outcome(a_csv(rows), store), outcome(a_csv(rows[::-1]), store)] == [(1, 0, 0, 0), (0, 0, 1, 0)]
    found = lists.searched(store, Search(SearchKey.ORDER_NO, orders))
    assert found[orders[0]] == found[orders[1]] != []
    keys = store.rows("SELECT value FROM search_key WHERE kind = 'order_no' ORDER BY value")
    assert [row["value"] for row in keys] == list(orders)


def test_the_marketplace_showing_our_own_number_changes_nothing() -> None:
    store = a_store()
    assert outcome(a_csv([NAVER.row]), store) == (1, 0, 0, 0)
    sent = {"주문상태": "배송중", "택배사": "CJ대한통운", "송장번호": CJ, "발송일": "2026-11-29 15:00:00"}
    assert outcome(a_csv([NAVER.row | sent]), store) == (0, 1, 0, 0)
    later = sent | {"주문상태": "배송완료", "발송처리일": "2026-11-29 15:00:01"}
    assert outcome(a_csv([NAVER.row | later]), store) == (0, 0, 1, 0)


def test_rows_below_the_table_are_no_orders() -> None:
    counts = [
        {"Sales Record Number": "1 record(s) downloaded,from Nov-01-26 to Nov-30-26"},
        {"Sales Record Number": "Seller ID : shop"},
    ]
    file = a_csv([{}, EBAY.row, {}, *counts], above=[(), ()])
    report = imported(file).as_json()
    assert (report["read"], len(report["left_out"])) == ([EBAY.read], 2)
    report = imported(a_workbook([NAVER.row, {"수취인명": "", "수량": 7, "상품가격": 29000}])).as_json()
    assert (report["read"], [one["row"] for one in report["left_out"]]) == ([NAVER.read], [3])


def test_a_row_without_an_order_number_is_refused_and_said() -> None:
    report = imported(a_csv(with_rows(SHIPSTATION, {}, {"Order - Number": ""}))).as_json()
    assert (report["new"], [one["row"] for one in report["refused"]]) == (1, [3])


@pytest.mark.parametrize(
    ("text", "code"),
    [("대한민국", "KR"), ("日本", "JP"), ("Korea, Republic of", "KR"), ("United States", "US"), ("USA", "US"), ("South Korea", "KR"), ("日本国", "JP"), ("UK", "GB")],
)  # fmt: skip
@pytest.mark.parametrize(
    ("sample", "head"), [(CAFE24, "배송국가"), (QOO10, "国家"), (SHOPIFY, "Shipping Country"), (ETSY, "Ship Country")]
)
def test_a_country_is_known_by_its_usual_names(sample: Sample, head: str, text: str, code: str) -> None:
    [line] = read(a_csv([sample.row | {head: text}]))
    assert line["country"] == code


def test_a_country_that_is_not_known_is_refused_and_one_that_is_missing_is_the_shops_or_said_once() -> None:
    report = imported(a_csv([ETSY.row | {"Ship Country": "Atlantis"}])).as_json()
    assert [one["field"] for one in report["refused"]] == ["country"]
    without = {head: text for head, text in ETSY.row.items() if head != "Ship Country"}
    assert read(a_csv([without]))[0]["country"] == "KR"
    assert read(a_csv([without]), country="US")[0]["country"] == "US"
    assert (
        read(a_csv([{head: text for head, text in CAFE24.row.items() if head != "배송국가"}]), home="JP")[0]["country"] == "KR"
    )
