"""Shipping companies by any spelling of any of their names, and never by the name of another."""

import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.carriers.rules import load
from core.domain.carriers import Rules

RULES = load()
NAMES = [(name, carrier.code) for carrier in RULES.carriers.values() for name in carrier.names]


def code_of(text: str) -> str:
    found = RULES.named(text)
    return found.code if found else ""


def proposed_for(text: str) -> str:
    found = RULES.nearest(text)
    return found.code if found else ""


@pytest.mark.parametrize(
    ("code", "texts"),
    [
        ("cj", "cj|CJ Logistics|  cj   LOGISTICS |ＣＪ　대한통운|CJ-대한통운|씨제이 대한통운|대한통운|대한통운택배|CJGLS|CJ GLS|[04] CJ대한통운"),
        ("cj", "CJ대한통운 택배|CJ대한통운(주)|CJ Logistics Corporation|CJ大韓通運|CJ대한통운 (신용)"),
        ("hanjin", "한진|한진 택배|(주)한진|㈜한진|주식회사 한진|한진주식회사|HANJIN|Hanjin Transportation Co., Ltd.|韓進"),
        ("lotte", "롯데택배|롯데 택배|롯데택배(구.현대택배)|롯데택배（구 현대택배）|롯데택배[구현대|구 현대택배|현대택배|현대로지스틱스|HYUNDAI"),
        ("lotte", "롯데글로벌로지스(주)|Lotte Global Logistics Co.,Ltd|ロッテ"),
        ("logen", "로젠|로젠 택배|로젠택배(구 KGB)|KGB|KGB택배|iLOGEN"),
        ("korea_post", "우체국|우체국 택배|우체국택배(일반)|EPOST|e-post|우체국소포|등기|Korea-Post"),
        ("ems", "EMS|E.M.S.|우체국(EMS)|우체국 EMS|국제특급(EMS)|K-Packet"),
        ("yamato", "ヤマト運輸|ヤマト 運輸|ヤマト運輸(宅急便)|ﾔﾏﾄ運輸|ﾔﾏﾄ運輸㈱|ヤマト運輸株式会社|やまと運輸|クロネコ|クロネコヤマト|宅急便|야마토 운수"),
        ("sagawa", "佐川|佐川急便|佐川急便株式会社|ｻｶﾞﾜ|飛脚宅配便|Sagawa Express Co., Ltd|Sagawa (JA)"),
        ("japan_post", "日本郵便|日本郵便(ゆうパック)|日本郵便（株）|ゆうパック|ユウパック|ゆうﾊﾟｯｸ|Yu Pack|レターパック・プラス|일본 우편"),
        ("sf", "SF|S.F. Express|sfexpress|顺丰|順豐速運|順豊エクスプレス|순펑택배"),
        ("ups", "UPS|U.P.S.|U P S|ups®|United Parcel Service, Inc.|UPS택배"),
        ("fedex", "fedex|Fed-Ex|FEDEX CORP.|페덱스|フェデックス"),
        ("dhl", "dhl\u200b|D.H.L|DHL Express (Korea) Ltd.|DHL e-Commerce|디에이치엘"),
        ("usps", "USPS|U.S.P.S.|U.S. Postal Service|미국 우체국(USPS)"),
        ("daesin", "대신|대신택배|대신 택배(주)|DAESIN|kr.daesin"),
        ("kyungdong", "경동|경동택배|KDEXP|기타(경동택배)|Other (Kyungdong)"),
        ("ilyang", "일양|일양로지스|ILYANG"),
        ("chunil", "천일|천일택배|CHUNIL"),
        ("hapdong", "합동|합동택배|HDEXP"),
        ("kunyoung", "건영|건영택배|KUNYOUNG"),
        ("gs_postbox", "GS Postbox|GS25|GS25편의점택배|GS포스트박스|편의점택배|CVS|CVSNET"),
        ("cu", "CU|CU편의점택배|CU끼리택배|CUPARCEL"),
        ("coupang", "쿠팡|쿠팡로지스틱스|쿠팡 로지스틱스|CLS|kr.coupangls"),
        ("homepick", "홈픽|홈픽택배|HOMEPICK"),
        ("nonghyup", "농협|농협택배|NONGHYUP"),
        ("seino", "西濃|西濃運輸|セイノー|カンガルー便|1004"),
        ("fukuyama", "福山|福山通運|フクツー|1006"),
        ("yamato", "ネコポス|ヤマト(ネコポス)|クロネコゆうパケット|1001|1030"),
        ("japan_post", "ゆうパケット|1003"),
        ("lotte", "롯데글로벌|HLCGLOBAL"),
        ("gls", "GLS|General Logistics Systems"),
        ("dpd", "DPD|DPDgroup"),
        ("evri", "Evri|Hermes UK"),
        ("royal_mail", "Royal Mail|영국우편"),
        ("aramex", "Aramex|1026"),
        ("jt", "J&T|J&T Express|极兔速递"),
        ("fourpx", "4PX|递四方"),
        ("own", "업체직송|직접배송|직송|자체배송|DIRECT|自社配送|Delivered by the shop itself"),
        ("other", "기타|기타(모름)|その他"),
    ],
)  # fmt: skip
def test_a_company_is_found_however_its_name_is_written(code: str, texts: str) -> None:
    assert {text: code_of(text) for text in texts.split("|")} == dict.fromkeys(texts.split("|"), code)


@pytest.mark.parametrize("text", ["", "()", "택배", "주식회사", "Co., Ltd", "fedx", "CJ Logistic", "post", "Japan", "Express"])
def test_a_name_is_never_guessed(text: str) -> None:
    assert code_of(text) == ""


@pytest.mark.parametrize("text", ["CJ대한통운(한진)", "UPS (FedEx)", "우체국택배(EMS택배)", "한진택배 [롯데택배]"])
def test_brackets_that_name_another_company_leave_none(text: str) -> None:
    assert code_of(text) == ""


OTHERS = """현대글로비스|현대차|롯데마트|세덱스|세븐일레븐택배|방문수령|퀵서비스|TNT(FedEx)|Hermes|Japan Express|SFC Express|DHL Parcel|Kerry Logistics
黑貓宅急便|中越運送|동부통운|한국택배|Singapore Post|Lotte Shopping|Yamazaki|qqqq""".replace("\n", "|")


@pytest.mark.parametrize("text", OTHERS.split("|"))
def test_a_company_that_the_desk_does_not_know_is_never_taken_for_another(text: str) -> None:
    assert (code_of(text), proposed_for(text)) == ("", "")


@pytest.mark.parametrize("text", RULES.strangers)
def test_the_companies_named_as_strangers_are_none_of_ours(text: str) -> None:
    assert (code_of(text), proposed_for(text)) == ("", "")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FeedEx", "fedex"),
        ("Yamatto", "yamato"),
        ("Sagowa Express", "sagawa"),
        ("Kuroneco", "yamato"),
        ("롯데택베", "lotte"),
        ("한진텍배", "hanjin"),
        ("로전택배", "logen"),
        ("Korea Postt", "korea_post"),
        ("CJ Logistic", "cj"),
        ("SF Expres", "sf"),
        ("우채국택배", "korea_post"),
    ],
)
def test_a_name_with_a_small_slip_gets_a_proposal(text: str, code: str) -> None:
    assert (code_of(text), proposed_for(text)) == ("", code)


@pytest.mark.parametrize("text", ["USP", "KBG", "fdx", "SX Express", "Korea", "Yamato Sagawa"])
def test_a_slip_that_could_be_another_name_gets_none(text: str) -> None:
    assert proposed_for(text) == ""


def test_a_company_of_the_rules_is_known_even_where_it_is_listed_as_a_stranger() -> None:
    cj = RULES.carriers["cj"]
    assert Rules({"cj": cj}, strangers=("한진택배", "CJ GLS")).named("CJ GLS") is cj


WRAPPINGS = ["{}", " {} ", "({}) ", "{}(주)", "㈜{}", "주식회사 {}", "{} Co., Ltd.", "{}\u200b", "「{}」", "{}."]


@given(st.sampled_from(NAMES), st.sampled_from(WRAPPINGS), st.sampled_from([str.upper, str.lower, str.title]))
def test_every_name_is_found_in_any_case_and_with_any_legal_form(
    name_and_code: tuple[str, str], wrapping: str, case: Callable[[str], str]
) -> None:
    name, code = name_and_code
    assert code_of(wrapping.format(case(name))) == code


@given(st.sampled_from(NAMES), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]))
def test_every_name_is_found_in_any_form_of_unicode(name_and_code: tuple[str, str], form: str) -> None:
    name, code = name_and_code
    assert code_of(unicodedata.normalize(form, name)) == code  # type: ignore[arg-type]
