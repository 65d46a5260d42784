"""The demo's shipping companies: on which lanes each drives, and numbers made from any form of the rules."""

import re
from dataclasses import replace

import numpy as np
import pytest

from core.demo import catalog, sandbox, scans
from core.demo.companies import block_of, companies
from core.demo.numbering import numbers
from core.domain.carriers import Carrier, Rules, Shape
from core.domain.invoice_number import Level, check
from core.domain.no_number import is_placeholder
from tests.builders import RULES

SHIPPED = companies(RULES)
PLAIN = Shape("6 digits", re.compile(r"\d{6}"))


def with_one_more(home: str, shape: Shape = PLAIN) -> Rules:
    return replace(RULES, carriers={**RULES.carriers, "new": Carrier("new", "New", home=home, shapes=(shape,))})


def drives(rules: Rules, origin: str, area: str) -> list[str]:
    return [offer.carrier for offer in companies(rules).lane(origin, area)]


@pytest.mark.parametrize(
    ("code", "shape"),
    [
        pytest.param(carrier.code, shape, id=f"{carrier.code}: {shape.name}")
        for carrier in RULES.carriers.values()
        for shape in carrier.shapes
        if shape.name != "34 digits"
    ],
)
def test_numbers_made_from_a_form_without_blocks_are_right_and_all_different(code: str, shape: Shape) -> None:
    carrier = replace(RULES.carriers[code], shapes=(replace(shape, blocks=()),))
    rules = replace(RULES, carriers={code: carrier})
    size = 200
    nowhere = np.zeros(size, dtype=np.int64)
    made = numbers(companies(rules), nowhere, nowhere == 1, nowhere == 1, np.arange(size), start=17)
    told = [number.decode() for number in made]
    assert {check(code, number, rules).level for number in told if not is_placeholder(number, number)} == {Level.OK}
    assert len(set(told)) == size


def test_a_form_that_cannot_be_followed_makes_no_numbers_and_the_company_is_left_out() -> None:
    odd = Shape("A or B", re.compile(r"A\d{9}|B\d{8}"))
    assert block_of(Carrier("new", "New", shapes=(odd,))).form == ""
    assert "new" not in drives(with_one_more("KR", odd), "KR", "KR metro")


@pytest.mark.parametrize("area", ["KR metro", "KR south", "KR islands"])
def test_a_company_of_a_warehouses_country_drives_there_and_nowhere_else(area: str) -> None:
    rules = with_one_more("KR")
    assert drives(rules, "KR", area)[-1] == "new"
    assert not any("new" in drives(rules, *lane) for lane in (("KR", "Europe"), ("JP", "JP"), ("US", "North America")))


@pytest.mark.parametrize("home", ["", "DE"])
def test_a_company_from_elsewhere_takes_parcels_abroad(home: str) -> None:
    rules = with_one_more(home)
    assert all(drives(rules, *lane)[-1] == "new" for lane in (("KR", "Europe"), ("JP", "Elsewhere"), ("US", "Elsewhere")))
    assert not any("new" in drives(rules, *lane) for lane in (("KR", "KR metro"), ("JP", "JP"), ("US", "North America")))


def test_a_company_that_left_the_rules_has_no_offers() -> None:
    fewer = replace(RULES, carriers={code: carrier for code, carrier in RULES.carriers.items() if code != "hanjin"})
    assert "hanjin" not in drives(fewer, "KR", "KR metro")
    assert drives(RULES, "KR", "KR metro") == [offer.carrier for offer in catalog.LANES["KR", "KR metro"]]


def test_every_company_of_the_rules_is_in_the_catalogue_and_of_the_catalogue_in_the_rules() -> None:
    usual = {offer.carrier for offers in catalog.LANES.values() for offer in offers}
    rare = [code for one in catalog.RARE.values() for code in one.carriers]
    assert usual | set(rare) == RULES.carriers.keys()
    assert not usual & set(rare)


def test_the_sandbox_plays_every_company_that_is_tracked() -> None:
    assert {carrier.service for carrier in RULES.carriers.values()} <= {"", *sandbox.SERVICES}


def test_those_with_a_parcel_now_and_then_share_what_the_catalogue_gives_them() -> None:
    rare = SHIPPED.rare("JP", "JP")
    assert sum(offer.share for offer in rare) == pytest.approx(catalog.RARE["JP", "JP"].share)
    assert SHIPPED.rare("JP", "Elsewhere") == ()


@pytest.mark.parametrize(
    ("code", "language"), [("cj", "ko"), ("sagawa", "ja"), ("ems", "en"), ("japan_post", "en"), ("sf", "en"), ("other", "en")]
)
def test_a_company_speaks_the_language_of_its_home_where_a_service_there_repeats_its_words(code: str, language: str) -> None:
    assert scans.LANGUAGES[SHIPPED.languages[SHIPPED.position(code)]] == language
