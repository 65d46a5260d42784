"""Countries: known by code and by the names that shops write, never guessed."""

import subprocess
import sys

import pycountry
import pytest
from babel import Locale

from core.domain.countries import COUNTRIES
from core.files.countries import country_code, country_name, likely_countries

NAMED = {
    "KR": "KR, kr,  kor , South Korea, Republic of Korea, Korea, Korea (South), Korea Rep., S. Korea, ROK, 대한민국, 대한 민국, 한국, 남한, 韓国, "
    "韩国, 韓國, ＫＲ, Southkorea, the Republic of Korea, 대한민국 (KR), KR - 한국, 대한민국(한국), 한국(대한민국), 大韓民国",
    "KP": "North Korea, N. Korea, Korea (North), DPRK, D.P.R.K., Korea DPR, Democratic People’s Republic of Korea, 북한, 北朝鮮, 朝鲜, 北韓",
    "JP": "日本, 일본, JPN, Japan, 日本国, ジャパン, じゃぱん, Nippon, NIPPON",
    "US": "USA, U.S.A., U.S., United  States, united states of america, America, 미국, 米国, 美國, アメリカ, ｱﾒﾘｶ, あめりか, アメリカ合衆国, "
    "APO/FPO, U.S. Military, Armed Forces Europe, 미국(US)",
    "GB": "UK, u.k., GBR, England, Great Britain, Scotland, Wales, Northern Ireland, 영국, 英国, 英國, イギリス, 스코틀랜드, United Kingdom (UK)",
    "CN": "China, 중국, 中国, 中國, P.R. China, China (Mainland), People's Republic of China",
    "TW": "Taiwan, 대만, 타이완, 台湾, 臺灣, 台灣, 臺湾, Taiwan R.O.C., Taiwan (Province of China), Chinese Taipei, 中華民国",
    "HK": "Hong Kong, Hongkong, HONG-KONG, 홍콩, 香港, Hong Kong SAR, Hong Kong (China), Hong Kong S.A.R., China Hong Kong SAR, ホンコン",
    "MO": "Macao, Macau, 마카오, 澳門, 澳门, マカオ",
    "DE": "독일, ドイツ, 德国, Germany", "FR": "프랑스, フランス, 法國", "AU": "호주, 오스트레일리아, 豪州", "IT": "이태리, 이탈리아, イタリア",
    "VN": "Viet Nam, Vietnam, 베트남, Việt Nam", "TR": "Türkiye, Turkey, turkiye, 터키, 튀르키예, トルコ", "CZ": "Czechia, Czech Republic, 체코",
    "RU": "Russia, Russian Federation, 러시아, ロシア", "GR": "EL, Greece, 그리스", "XK": "Kosovo, XK, XKX, 코소보, コソボ",
    "PR": "Puerto Rico, 푸에르토리코", "CI": "Côte d’Ivoire, cote d'ivoire, Ivory Coast", "CD": "Congo (Kinshasa), DR Congo, Congo Dem. Rep.",
    "CG": "Congo-Brazzaville, Republic of the Congo", "LC": "St. Lucia, Saint Lucia, St.Lucia", "TT": "Trinidad & Tobago, Trinidad and Tobago",
    "VG": "Virgin Islands (British)", "VI": "Virgin Islands (U.S.)", "GN": "Guinea, 기니", "GW": "Guinea-Bissau, Guinea Bissau",
    "MK": "Macedonia, North Macedonia", "AE": "UAE, U.A.E., 아랍에미리트", "NL": "Holland, The Netherlands, Netherlands (the), 네덜란드, 네델란드, オランダ",
}  # fmt: skip


@pytest.mark.parametrize("code", NAMED)
def test_a_country_is_known_by_code_and_by_every_name(code: str) -> None:
    names = NAMED[code].split(",")
    assert {name: country_code(name) for name in names} == dict.fromkeys(names, code)


@pytest.mark.parametrize(
    "name", ["Korea, Republic of", "Korea, South", "Korea, Rep.", "Korea, Republic of (KR)", "SOUTH_KOREA"]
)
def test_what_stands_behind_a_comma_belongs_to_the_name(name: str) -> None:
    assert country_code(name) == "KR"


def test_north_korea_is_never_the_south() -> None:
    names = [
        "Korea, North",
        "Korea, Democratic People's Republic of",
        "Korea, Dem. People's Rep.",
        "조선민주주의인민공화국",
        "prk",
        "KP",
    ]
    assert {country_code(name) for name in names} == {"KP"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-",
            "N/A",
            "n.a.",
            "c/o",
            "C.O.D.",
            "XX",
            "K",
            "Atlantis",
            "Seoul",
            "Seoul, Korea",
            "Europe",
            "Republic",
            "국",
        ),
        *("Korea/Japan", "KR, JP", "Korea (DPRK)", "Georgia, US", "KR-11", "Republic of China"),
        *("Congo", "콩고", "コンゴ", "刚果", "Virgin Islands"),
    ],
)
def test_a_country_is_never_guessed(text: str) -> None:
    assert country_code(text) is None


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Congo", ["CD", "CG"]), ("Virgin Islands", ["VG", "VI"]), ("Germny", ["DE"]), ("Untied States", ["US"]), ("싱가포를", ["SG"]),
        ("Nroth Korea", ["KP"]), ("Korea/Japan", []), ("Atlantis", []), ("미구", []), ("", []),
    ],
)  # fmt: skip
def test_what_may_be_meant_is_suggested(text: str, codes: list[str]) -> None:
    assert likely_countries(text) == codes


@pytest.mark.parametrize("language", ["en", "ko", "ja", "zh", "zh_Hant"])
def test_every_country_is_found_by_its_name_in_cldr(language: str) -> None:
    names = Locale.parse(language).territories
    assert {code: country_code(names[code]) for code in COUNTRIES} == {code: code for code in COUNTRIES}


def test_every_country_is_found_by_its_codes_and_names_in_iso_3166() -> None:
    for country in pycountry.countries:
        names = {country.alpha_2, country.alpha_3, country.name, *(getattr(country, "official_name", country.name),)}
        assert {country_code(name) for name in names - {"Congo"}} == {country.alpha_2}


def test_every_country_is_found_by_the_name_on_the_screen() -> None:
    assert {code: country_code(country_name(code)) for code in COUNTRIES} == {code: code for code in COUNTRIES}
    assert (country_name("HK"), country_name("KR"), country_name("ZZ")) == ("Hong Kong", "South Korea", "ZZ")


def test_the_countries_are_those_of_iso_3166_and_kosovo() -> None:
    assert {country.alpha_2 for country in pycountry.countries} | {"XK"} == COUNTRIES


def test_the_libraries_are_loaded_only_when_a_country_is_asked_for() -> None:
    said = "import sys, core.services.importing, core.files.countries; print({'babel', 'pycountry'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True).stdout == "set()\n"
