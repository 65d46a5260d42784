"""The mapping that headers and first rows suggest."""

from datetime import date

import pytest

from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.sorting import Order
from core.files.export import ENTRIES, export
from core.files.headers import header_key
from core.files.order_layouts import layouts
from core.files.write import Format
from core.services import importing
from core.services.importing import COLUMNS, propose
from core.services.shipments import queries
from core.services.shipments.changes import Request
from tests.builders import CJ, HANA, NOW, RULES, SEOUL, a_shipment, a_store, a_visit, an_invoice
from tests.services.importing.given import THE_DESK
from tests.services.importing.order_samples import SAMPLES, Sample


def test_headers_in_three_languages_are_proposed() -> None:
    headers = ["배송번호", "注文番号", "Order Date", "국가", "ﾎﾝ", "Weight (g)", "Tracking No.", "택배사", "Delivery date"]
    proposed = propose(headers, [])
    assert {name: header for name, (header,) in proposed.columns.items()} == {
        "shipment_no": "배송번호", "order_no": "注文番号", "ordered_at": "Order Date", "country": "국가", "weight_kg": "Weight (g)",
        "invoice_no": "Tracking No.", "carrier": "택배사",
    }  # fmt: skip
    assert proposed.weight_unit == "g"


@pytest.mark.parametrize(
    ("texts", "formats", "doubted"),
    [
        (["2026-11-10", "2026-11-10T10:00:00Z"], (), False),
        (["23/11/2026", "01/02/2026"], ("%d/%m/%Y",), False),
        (["11/23/26", ""], ("%m/%d/%y",), False),
        (["2-Jun-06"], ("%d-%b-%y",), False),
        (["2026. 11. 10"], ("%Y. %m. %d",), False),
        (["11/23/2026 2:05 PM"], ("%m/%d/%Y %I:%M %p",), False),
        (["03/04/2026"], (), True),
        (["03/04/2026 10:00", "Date Not Captured"], (), True),
        (["someday 5"], (), True),
    ],
)
def test_a_date_format_is_proposed_only_when_no_other_reads_the_same(
    texts: list[str], formats: tuple[str, ...], doubted: bool
) -> None:
    proposed = propose(["Ordered"], [{"Ordered": text} for text in texts])
    assert proposed.formats.get("ordered_at", ()) == formats
    assert bool(proposed.doubts) is doubted


@pytest.mark.parametrize("form", Format)
def test_a_file_of_the_list_is_understood_when_it_is_brought_back(form: Format) -> None:
    store = a_store(a_shipment("0012", order_no="034", promised_on=date(2026, 11, 20), invoice=an_invoice(CJ), request="=1+1"))
    rows = queries.everything(store, Selection(tab=Tab.DELIVERY), Order(), visit=a_visit())
    source = importing.read(export(rows, form, rules=RULES, zone=SEOUL))
    proposed = propose(source.headers, source.sample())
    assert set(proposed.columns) == set(ENTRIES.values()) & set(COLUMNS)
    planned = importing.plan(a_store(), RULES, source, proposed, request=Request(HANA, NOW), **THE_DESK)
    assert (planned.new, planned.refused, planned.warnings) == (1, (), ())
    shown = {name: planned.preview[0][name] for name in ("shipment_no", "order_no", "promised_on", "carrier", "invoice_no")}
    assert shown == {"shipment_no": "0012", "order_no": "034", "promised_on": "2026-11-20", "carrier": "cj", "invoice_no": CJ}


KEY_FIELDS = (
    *(
        "order_no",
        "ordered_at",
        "recipient",
        "phone",
        "address",
        "postal_code",
        "country",
        "product_id",
        "product_name",
        "quantity",
    ),
    *("request", "carrier", "invoice_no"),
)
FOUND = {
    "naver": 12, "coupang": 10, "qoo10": 13, "cafe24": 11, "amazon": 7, "rakuten": 3, "next_engine": 7, "shopify": 7, "esm": 10,
    "shipstation": 8, "etsy": 6, "ebay": 7, "woocommerce": 2, "ec_cube": 3,
}  # fmt: skip


@pytest.mark.parametrize("sample", [one for one in SAMPLES if one.layout != "own" and not one.form], ids=lambda one: one.name)
def test_of_a_source_that_were_not_known_most_key_fields_would_be_found_and_none_wrong(sample: Sample) -> None:
    proposed, layout = propose(list(sample.row), [sample.row]), layouts()[sample.layout]
    found = {name: header_key(header) for name, (header,) in proposed.columns.items() if name in KEY_FIELDS}
    for name, key in found.items():
        takings = (*layout.columns.get(name, ()), *layout.buyer.get(name, ()))
        assert key in {header_key(head) for taking in takings for names in taking.heads for head in names}, name
    assert len(found) >= FOUND[sample.layout]
    assert not {"picked_up_at", "first_attempt_at"} & proposed.columns.keys()


@pytest.mark.parametrize(
    ("headers", "column", "header"),
    [
        (["발송일"], "invoiced_at", "발송일"),
        (["発送日"], "invoiced_at", "発送日"),
        (["ship-date"], "invoiced_at", "ship-date"),
        (["집화일시"], "picked_up_at", "집화일시"),
        (["集荷日"], "picked_up_at", "集荷日"),
        (["상품주문번호", "주문번호"], "order_no", "주문번호"),
        (["상품주문번호"], "order_no", "상품주문번호"),
        (["결제일", "주문일시"], "ordered_at", "주문일시"),
        (["결제일"], "ordered_at", "결제일"),
        (["伝票番号", "発送伝票番号"], "invoice_no", "発送伝票番号"),
        (["伝票番号", "お届け先名"], "invoice_no", "伝票番号"),
        (["Shipping Company", "Shipping Name", "Shipping Zip"], "carrier", None),
        (["Shipping company", "Invoice No."], "carrier", "Shipping company"),
        (["お届け予定日"], "promised_on", "お届け予定日"),
        (["도착예정일"], "promised_on", "도착예정일"),
        (["배송희망일", "お届け希望日", "お届け日指定"], "promised_on", None),
        (["発送予定日"], "ship_by", "発送予定日"),
        (["주문시 출고예정일"], "ship_by", "주문시 출고예정일"),
        (["출고예정일", "出荷期限"], "ship_by", "출고예정일"),
        (["promise-date", "days-past-promise"], "promised_on", None),
        (["出荷予定日"], "ship_by", None),
    ],
)
def test_a_head_is_not_taken_for_what_it_is_not(headers: list[str], column: str, header: str | None) -> None:
    proposed = propose(headers, [])
    assert proposed.columns.get(column) == (None if header is None else (header,))
