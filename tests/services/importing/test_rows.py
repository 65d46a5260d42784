"""Rows by a mapping: which columns count, what stands in, and which tables are refused whole."""

import pytest

from core.domain.shipment import Kind
from core.services.importing import ColumnMapping, parse_mapping
from tests.builders import a_store, the
from tests.services.importing.given import REQUIRED, a_file, refusal, run, seoul


def test_a_lenient_cell_is_left_empty_and_told() -> None:
    store = a_store()
    report = run(store, a_file({"weight_kg": "see S-9"}), '[lenient]\ncolumns = ["weight_kg"]')
    assert (report.new, report.refused, the(store).weight_g) == (1, (), None)
    assert report.as_json()["left_empty"][0] | {"row": 2, "field": "weight_kg"} == report.as_json()["left_empty"][0]


def test_blank_words_defaults_translations_and_stand_ins_of_a_mapping() -> None:
    mapping = parse_mapping("""
        [columns]
        shipment_no = "No"
        order_no = "Order"
        ordered_at = ["Paid", "Created"]
        kind = "Type"
        [assumed]
        ordered_at = "Shipped"
        [blank]
        words = ["n/a"]
        [defaults]
        country = "kor"
        [values.kind]
        "Swap" = "exchange"
    """)
    file = b"No,Order,Paid,Created,Shipped,Type\n1,1,N/A,2026-11-10,,swap\n2,2,n/a,n/a,2026-11-11,\n3,3,,,,"
    store = a_store()
    report = run(store, file, mapping)
    assert (the(store, "1").ordered_at, the(store, "1").kind, the(store, "1").address.country) == (
        seoul(10), Kind.EXCHANGE, "KR",
    )  # fmt: skip
    assert the(store, "2").ordered_at == seoul(11)
    assert [(f.row, f.reason) for f in report.warnings] == [(3, 'Ordered: the cell is empty; "Shipped" stands in.')]
    assert refusal(report) == "Ordered is empty. Fill it in."


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"shipment_no,order_no,country\nS-1,O-1,KR\n", "There is no column for Ordered (ordered_at)."),
        (b"shipment_no,order_no,ordered_at,country\n\n,,,\n", "no rows below its header"),
    ],
)
def test_a_table_that_cannot_be_trusted_is_refused_whole(file: bytes, said: str) -> None:
    report = run(a_store(), file)
    assert (report.verdict, report.new, said in report.message) == ("refused", 0, True)


def test_a_header_twice_is_refused_where_it_is_used() -> None:
    file = b"shipment_no,order_no,ordered_at,country,note,note,country\nS-1,O-1,2026-11-10,KR,,,JP\n"
    assert 'has the column "country" twice' in run(a_store(), file).message
    assert run(a_store(), file.replace(b"note,country", b"note,kind")).new == 0


def test_a_mapping_to_a_header_that_is_not_there_is_refused_whole() -> None:
    report = run(a_store(), a_file({}), ColumnMapping(columns={name: (name,) for name in REQUIRED} | {"city": ("Town",)}))
    assert (report.verdict, 'has no column "Town"' in report.message) == ("refused", True)
