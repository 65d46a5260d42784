"""The mapping that headers and first rows suggest."""

from datetime import date

import pytest

from core.domain.selection import Selection
from core.domain.shipment import Tab
from core.domain.sorting import Order
from core.files.export import ENTRIES, export
from core.files.write import Format
from core.services import importing
from core.services.importing import COLUMNS, propose
from core.services.shipments import queries
from core.services.shipments.changes import Request
from tests.builders import CJ, HANA, NOW, RULES, SEOUL, a_shipment, a_store, a_visit, an_invoice
from tests.services.importing.given import THE_DESK


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
