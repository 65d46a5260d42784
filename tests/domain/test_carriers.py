"""The table of shipping companies: whom it holds, where it is from, which lengths are taken, and what is asked about."""

import string
from dataclasses import replace

import pytest

from core.carriers.rules import load
from core.domain.carriers import OTHER, TAKES_ANY, Algorithm, Carrier, Check
from core.domain.invoice_number import Level, check, fitting, propose
from core.domain.number_faults import NumberFault

RULES = load()
COUPANG = {
    "HYUNDAI": (10, 12, 13),
    "KGB": (10, 11),
    "EPOST": (13,),
    "HANJIN": (10, 12, 14),
    "CJGLS": (10, 12),
    "KDEXP": range(8, 17),
    "ILYANG": range(8, 17),
    "CHUNIL": (11,),
    "DAESIN": (13,),
    "HDEXP": range(8, 17),
    "CVS": (10, 12),
    "DHL": (10, 13, 20),
    "UPS": (9, 18),
}
DIGITS = "37402916850249173068"


def number_of(length: int, carrier: Carrier) -> str:
    """A number of so many characters; of ten last ones, one that the company's check digit agrees with where it has one."""
    start = "1Z999AA1012345678" if carrier.code == "ups" and length == 18 else DIGITS[: length - 1]
    levels = {start + last: check(carrier.code, start + last, RULES).level for last in string.digits}
    return next((number for number, level in levels.items() if level is Level.OK), start + "0")


@pytest.mark.parametrize(("code", "length"), [(code, length) for code, lengths in COUPANG.items() for length in lengths])
def test_every_length_of_coupangs_table_is_taken_under_its_code(code: str, length: int) -> None:
    carrier = RULES.named(code)
    assert carrier
    number = number_of(length, carrier)
    answer = check(carrier.code, number, RULES)
    assert (answer.level, len(number)) == (Level.OK, length)
    assert carrier.code in fitting(number, RULES, carrier.code)


def test_there_are_the_companies_that_shops_use() -> None:
    companies = [carrier for carrier in RULES.carriers.values() if carrier.code not in TAKES_ANY]
    assert len(companies) >= 60
    assert sum(carrier.home == "KR" for carrier in companies) >= 20
    assert sum(carrier.home == "JP" for carrier in companies) >= 10


@pytest.mark.parametrize("carrier", RULES.carriers.values(), ids=RULES.carriers)
def test_every_company_says_where_its_facts_are_from(carrier: Carrier) -> None:
    assert len(carrier.source) > 5
    assert carrier.shapes


@pytest.mark.parametrize(
    ("codes", "carrier"),
    [
        ("CJGLS KOREXG kr.cjlogistics", "cj"),
        ("HYUNDAI HLCGLOBAL", "lotte"),
        ("KGB", "logen"),
        ("EPOST REGISTPOST GENERALPOST", "korea_post"),
        ("CVSNET GSPOSTBOX kr.cvsnet", "gs_postbox"),
        ("CUPARCEL kr.cupost", "cu"),
        ("NONGHYUP", "nonghyup"),
        ("HOMEPICK kr.homepick", "homepick"),
        ("kr.coupangls", "coupang"),
        ("DHLDE", "dhl_paket"),
        ("SFEX 1025", "sf"),
        ("1001 1030", "yamato"),
        ("1003 1017", "japan_post"),
        ("1004 1005", "seino"),
        ("1021", "nippon_express"),
        ("DIRECT DIRECT_DELIVERY", "own"),
        ("CH1 1000 ETC", "other"),
    ],
)
def test_the_codes_of_marketplaces_and_services_name_their_company(codes: str, carrier: str) -> None:
    found = {code: RULES.named(code) for code in codes.split()}
    assert {code: one and one.code for code, one in found.items()} == dict.fromkeys(codes.split(), carrier)


ASKED_ABOUT = [
    ("lotte", "37402916850"),
    ("lotte", "37402916850249"),
    ("hanjin", "3740291685024"),
    ("cj", "37402916850"),
    ("yamato", "37402916850"),
    ("sagawa", "3740291685"),
    ("japan_post", "37402916850"),
    ("sf", "3740291685024"),
    ("logen", "374029168502"),
    ("daesin", "374029168502"),
    ("chunil", "374029168502"),
    ("gs_postbox", "37402916850"),
    ("seino", "37402916850"),
    ("royal_mail", "3740291685"),
    ("dpd", "374029168"),
    ("canada_post", "37402916850249173068"),
    ("gls", "Q7402916X850249"),
]


@pytest.mark.parametrize(("carrier", "number"), ASKED_ABOUT)
def test_a_form_that_nobody_documents_is_asked_about_and_sent_to_nobody_else(carrier: str, number: str) -> None:
    answer = check(carrier, number, RULES)
    assert answer.fault
    assert (answer.level, answer.ok, answer.proven) == (Level.WARN, True, False)
    assert (answer.fault.reason, answer.fault.values["carrier"]) == (
        NumberFault.UNDOCUMENTED,
        RULES.carriers[carrier].name,
    )
    assert "others" not in answer.fault.values


def test_a_form_that_nobody_documents_is_asked_about_even_where_it_is_another_companys() -> None:
    """A Hanjin number of 11 digits that Logen's check digit agrees with by chance: the clerk said Hanjin."""
    assert check("logen", "95825729134", RULES).proven
    assert check("hanjin", "95825729134", RULES).level is Level.WARN


@pytest.mark.parametrize(
    ("carrier", "number", "reason"),
    [
        ("lotte", "3740291", NumberFault.FITS_NONE),
        ("lotte", "3" * 20 + "7402916850249173068" * 2, NumberFault.FITS_NONE),
        ("lotte", "KQWBTRXZPLMD", NumberFault.FITS_NONE),
        ("lotte", "1Z999AA10123456784", NumberFault.FITS_ANOTHER),
        ("daesin", "YT2229521272164446", NumberFault.FITS_ANOTHER),
        ("daesin", "1Z999AA10123456785", NumberFault.FITS_NONE),
        ("gls", "LP257594783SG", NumberFault.FITS_OTHERS),
        ("lotte", "232009815834", NumberFault.CHECK_DIGIT),
        ("lotte", "010-1234-5679", NumberFault.PHONE),
        ("lotte", "00000000000", NumberFault.PLACEHOLDER),
        ("korea_post", "374029168502", NumberFault.FITS_ANOTHER),
        ("ups", "986578788855", NumberFault.FITS_ANOTHER),
        ("own", "AQ7", NumberFault.FITS_NONE),
    ],
)
def test_what_cannot_be_a_number_of_the_company_stays_refused(carrier: str, number: str, reason: NumberFault) -> None:
    answer = check(carrier, number, RULES)
    assert answer.fault
    assert (answer.level, answer.fault.reason) == (Level.REFUSE, reason)


@pytest.mark.parametrize("number", ["374029168502", "3740291685024", "37402916850", "3740291685"])
def test_companies_that_take_any_digits_are_named_for_none(number: str) -> None:
    """But where the lane goes with them, or the clerk chose them."""
    wide = {"kyungdong", "ilyang", "hapdong", "coupang", "woori", "gs_postbox", "cu", "daesin", "chunil", "aramex", "lotte"}
    takes = [code for code in wide if check(code, number, RULES).level is Level.OK]
    assert takes and not wide & {*fitting(number, RULES), *propose(number, RULES)}
    assert propose(number, RULES, takes)[: len(takes)] == tuple(takes)
    assert takes[0] in fitting(number, RULES, takes[0])
    refused = check("ups", number, RULES)
    assert refused.fault
    assert not {RULES.carriers[code].name for code in wide} & set(refused.fault.values.get("others", ()))


def test_a_number_is_proposed_to_the_post_of_the_country_that_stands_in_it() -> None:
    assert [propose(f"RB123456785{country}", RULES)[0] for country in ("GB", "US", "CA", "KR", "JP")] == [
        "royal_mail", "usps", "canada_post", "ems", "japan_post",
    ]  # fmt: skip


def test_the_shop_itself_is_a_company_without_tracking_that_takes_what_it_is_given() -> None:
    own = RULES.carriers["own"]
    assert (own.service, own.url, own.home) == ("", "", "")
    assert check("own", "A-172", RULES).level is Level.OK
    assert not {"own", OTHER} & {*fitting("A17B", RULES), *propose("A17B", RULES)}


def test_a_check_digit_of_one_source_alone_is_asked_about() -> None:
    assert [check("canada_post", number, RULES).level for number in ("0073938000549297", "0073938000549292")] == [
        Level.OK,
        Level.WARN,
    ]


def test_a_form_says_whose_a_number_is_by_a_check_digit_or_by_letters_of_its_own() -> None:
    telling = {(code, shape.name) for code, carrier in RULES.carriers.items() for shape in carrier.shapes if shape.telling}
    assert {("cj", "12 digits"), ("sf", "SF and 13 digits"), ("ems", RULES.carriers["ems"].shapes[0].name)} <= telling
    assert not telling & {
        ("cj", "10 digits"),
        ("sf", "12 digits"),
        ("evri", "16 digits"),
        ("own", "4 to 40 letters and digits"),
    }
    assert all(
        shape.algorithm is not Algorithm.S10 or shape.takes_letters for c in RULES.carriers.values() for shape in c.shapes
    )


def test_where_all_forms_are_known_a_strange_one_is_refused() -> None:
    lotte = replace(RULES.carriers["lotte"], undocumented=Check.REFUSE)
    rules = replace(RULES, carriers={**RULES.carriers, "lotte": lotte})
    assert check("lotte", "37402916850", rules).level is Level.REFUSE
