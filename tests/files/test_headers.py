"""One vocabulary of headers, for what comes in and for what goes out."""

import pytest

from core.domain import fields
from core.files.choosing import field_of
from core.files.export import COLUMNS, ENTRIES
from core.files.headers import COLUMN_OF, HEADERS, UNIT_OF, header_key
from core.files.xlsx.sheet import INVOICE_FIELDS, TITLES
from core.services import importing

NAMES = [
    (name, text.strip())
    for name, header in HEADERS.items()
    for text in (name, fields.FIELDS[name], *f"{header.english},{header.korean},{header.japanese}".split(","))
    if text
]


def test_every_name_means_one_column() -> None:
    assert [(name, text) for name, text in NAMES if COLUMN_OF[header_key(text)] != name] == []


def test_every_column_of_an_import_and_of_an_upload_is_in_it() -> None:
    assert set(importing.COLUMNS) | set(INVOICE_FIELDS) <= set(HEADERS)
    assert [TITLES[field] for field in INVOICE_FIELDS] == [importing.title(field) for field in INVOICE_FIELDS]


@pytest.mark.parametrize("name", COLUMNS)
def test_a_head_of_our_own_files_is_understood_when_it_is_read_again(name: str) -> None:
    assert COLUMN_OF[header_key(COLUMNS[name])] == ENTRIES[name]


@pytest.mark.parametrize(("name", "text"), [pair for pair in NAMES if pair[0] in INVOICE_FIELDS])
def test_an_upload_and_an_import_know_the_same_names(name: str, text: str) -> None:
    assert field_of(text) == name
    assert list(importing.propose([text], []).columns) == [name]


@pytest.mark.parametrize(("header", "unit"), [("Weight (g)", "g"), ("중량(LB)", "lb"), ("重量 oz", "oz")])
def test_a_weight_may_name_its_unit(header: str, unit: str) -> None:
    assert (COLUMN_OF[header_key(header)], UNIT_OF[header_key(header)]) == ("weight_kg", unit)


@pytest.mark.parametrize(
    "text", ["Order No.", "Items", "Invoice No. and Shipment No.", "Shipment No. / Invoice No.", "x" * 101]
)
def test_a_header_of_another_column_or_of_two_is_none_of_an_upload(text: str) -> None:
    assert field_of(text) == ""
