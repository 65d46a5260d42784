"""What is said before an import of which most goes to another country than the desk takes for the shop's own."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from core.services import importing
from core.services.importing.home_doubt import home_doubt
from core.services.importing.reasons import HomeDoubt
from tests.builders import RULES, a_store
from tests.services.importing.given import a_file, of_a_file, plan, rows_in


@pytest.mark.parametrize(
    ("country", "zone_given", "form", "setting"),
    [
        ("JP", False, "zone", {"code": "JP", "zone": "Asia/Tokyo"}),
        ("JP", True, "country", {"code": "JP"}),
        ("US", False, "country", {"code": "US"}),
        ("PA", False, "country", {"code": "PA"}),
    ],
)
def test_the_settings_are_named_with_the_zone_of_a_country_that_has_one(
    country: str, zone_given: bool, form: str, setting: dict[str, str]
) -> None:
    most, what_to_do = home_doubt({country: 18, "KR": 2}, home="KR", home_given=False, zone_given=zone_given)
    assert (most.reason, most.values["count"], most.values["of"]) == (HomeDoubt.MOST_ABROAD, 18, 20)
    assert (what_to_do.reason, what_to_do.form) == (HomeDoubt.SET, form)
    assert what_to_do.values.items() >= setting.items()


def test_one_shipment_has_a_sentence_of_its_own_and_no_doubt_has_none() -> None:
    assert [why.form for why in home_doubt({"JP": 1}, home="KR", home_given=False, zone_given=False)] == ["one", "zone"]
    assert home_doubt({"JP": 1}, home="JP", home_given=True, zone_given=False) == ()


def test_shipments_are_counted_once_and_refused_ones_not_at_all() -> None:
    file = a_file(
        {"country": "JP", "product_id": "P-1"},
        {"country": "JP", "product_id": "P-2"},
        {"shipment_no": "S-2", "country": "Japan"},
        {"shipment_no": "S-3", "country": "US", "ordered_at": "yesterday"},
        {"shipment_no": "S-4", "country": "KR", "carrier": "cj"},
    )
    assert plan(a_store(), file).countries == {"JP": 2, "KR": 1}


@pytest.mark.parametrize("dry_run", [True, False])
def test_it_is_known_before_anything_is_written(dry_run: bool, tmp_path: Path) -> None:
    file = tmp_path / "shipments.csv"
    file.write_bytes(a_file({"country": "JP"}, {"shipment_no": "S-2"}))
    store, heard = a_store(), list[tuple[int, Mapping[str, int]]]()
    importing.import_file(
        store,
        RULES,
        importing.FileOrder(file),
        dry_run=dry_run,
        beforehand=lambda countries: heard.append((rows_in(store, "shipment"), countries)),
        **of_a_file({}),
    )
    assert heard == [(0, {"JP": 1, "KR": 1})]
