"""A mapping says what is wrong with it, and comes back as it was written."""

import re
from pathlib import Path

import pytest

from core.config import ROOT
from core.domain.errors import Refused
from core.services import importing
from core.services.importing import parse_mapping
from tests.builders import RULES, a_store
from tests.services.importing.given import of_a_file


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("columns = 1", "[columns] in the mapping has to be a section"),
        ('[colums]\nx = "y"', "colums is not known here"),
        ('[columns]\nshipment = "No"', "shipment is not known here"),
        ("[columns]\nshipment_no = 5", "has to be a text or a list of texts"),
        ('[formats]\ndates = ["%d/%m"]', "does not give year, month and day"),
        ('[formats]\nzone = "Mars/Base"', "is no time zone"),
        ('[units]\nweight = "stone"', "stone is not known"),
        ('[lines]\nsum = ["warehouse"]', "warehouse is not known here"),
        ('[lenient]\ncolumns = ["wieght"]', "wieght is not known here"),
        ("[defaults]\nwarehouse = 5", "has to be a text"),
        ("[columns", "is not valid TOML"),
    ],
)
def test_a_wrong_mapping_says_what_is_wrong(text: str, said: str) -> None:
    with pytest.raises(Refused, match=re.escape(said)):
        parse_mapping(text)


def test_a_mapping_is_the_same_after_it_was_written_and_read() -> None:
    mapping = importing.load_mapping(ROOT / "data" / "usaid_scms.columns.toml")
    assert parse_mapping(mapping.as_toml()) == mapping


def test_a_mapping_file_that_is_not_there_is_a_refusal(tmp_path: Path) -> None:
    report = importing.import_file(
        a_store(), RULES, importing.FileOrder(tmp_path / "a.csv", tmp_path / "no.toml"), dry_run=True, **of_a_file({})
    )
    assert (report.verdict, "cannot be read" in report.message) == ("refused", True)
