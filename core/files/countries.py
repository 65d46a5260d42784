"""Countries by name: what the screen calls them, and which one a text in English, Korean, Japanese or Chinese means."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from gettext import translation
from unicodedata import normalize

from core.domain.countries import COUNTRIES
from core.domain.language import Language, speech
from core.domain.texts import KATAKANA

_CLDR = ("en", "ko", "ja", "zh", "zh_Hant", "zh_Hant_HK")
_ISO = ("ko", "ja", "zh_CN", "zh_TW", "zh_HK")
_SHORT = {  # CLDR has them too, Babel the long ones only
    Language.ENGLISH: {"HK": "Hong Kong", "MM": "Myanmar", "MO": "Macao", "PS": "Palestine"},
    Language.KOREAN: {"HK": "홍콩", "MM": "미얀마", "MO": "마카오", "PS": "팔레스타인"},
    Language.JAPANESE: {"HK": "香港", "MM": "ミャンマー", "MO": "マカオ", "PS": "パレスチナ"},
}

# Names that neither CLDR nor ISO 3166 has, and why people write them. They overrule those that CLDR and ISO 3166 have.
_OURS = {
    "AE": "UAE, 아랍에미레이트, 아랍에미리트연합",  # abbreviated, and another spelling
    "AU": "호주, 豪州",  # the everyday name
    "BA": "Bosnia",  # shortened
    "BY": "벨로루시",  # until 2020
    "CD": "DRC, DR Congo, 콩고, コンゴ",  # abbreviated; the bare name is used for both
    "CG": "콩고, コンゴ",
    "CI": "Ivory Coast",  # translated
    "CN": "PRC, PR China, Mainland China",  # abbreviated, and as marketplaces tell it from Hong Kong
    "CZ": "Czech",  # shortened
    "ES": "에스파냐",  # its own name for itself
    "FK": "Falklands",  # shortened
    "GB": "UK, Britain, Great Britain, England, Scotland, Wales, Northern Ireland, 잉글랜드, 스코틀랜드, 웨일스, 북아일랜드, "
    "イングランド, スコットランド, ウェールズ, 北アイルランド",  # abbreviated, and its parts
    "GE": "그루지야",  # until 2010
    "GR": "EL, ギリシア",  # the code of the European Union, and another spelling
    "HK": "Hong Kong SAR, Hong Kong China, HK China, 中国香港, 香港特別行政区, ホンコン",  # as marketplaces write it
    "IE": "Republic of Ireland",  # against Northern Ireland
    "IT": "이태리",  # by its Chinese characters
    "JP": "日本国, 일본국, Nippon, ジャパン",  # in full, and by its sound
    "KP": "N Korea, DPRK, DPR Korea, 북조선",  # abbreviated, and its own name for itself
    "KR": "Korea, S Korea, ROK, 한국, 남한",  # the bare name is the South's here; abbreviated, and the everyday name
    "LA": "Lao PDR",  # abbreviated
    "MK": "Macedonia, 마케도니아, マケドニア",  # until 2019
    "MM": "Burma, 버마, ビルマ",  # until 1989
    "MN": "몽고",  # by its Chinese characters
    "MO": "Macau, Macau SAR, Macao SAR, Macau China, Macao China, 中国澳门, 中國澳門",  # the Portuguese spelling, marketplaces
    "NL": "Holland, 네델란드",  # a part of it, and another spelling
    "PS": "Palestinian Territory",  # as ISO 3166 had it until 2013
    "SA": "KSA, 사우디, サウジ",  # abbreviated
    "SG": "싱가폴",  # another spelling
    "SX": "Saint Maarten",  # another spelling
    "SZ": "Swaziland, 스와질란드",  # until 2018
    "TL": "East Timor",  # until 2002
    "TR": "Turkey, 터키",  # until 2022
    "TW": "Taiwan ROC, Taiwan China, Chinese Taipei",  # as its post writes it, and marketplaces
    "US": "US, USA, America, 미합중국, アメリカ, 合衆国, APO, FPO, DPO, US Military, Armed Forces Americas, Armed Forces Europe, "
    "Armed Forces Pacific",  # shortened, and its military post abroad
    "VA": "Vatican, 바티칸, バチカン",  # shortened
    "VG": "BVI",  # abbreviated
    "VI": "USVI",
    "VN": "월남, ヴェトナム",  # by its Chinese characters, and another spelling
    "XK": "Republic of Kosovo",  # without an entry in ISO 3166
    "ZA": "남아공",  # abbreviated
}


def country_name(code: str) -> str:
    """The country's name in the language of whoever reads; the code itself for one that does not exist."""
    return country_names().get(code, code)


def country_code(text: str) -> str | None:
    """The alpha-2 code of the country that the text means, by code of 2 or 3 letters or by name; None unless it is one only."""
    fitting = _fitting(text)
    return next(iter(fitting)) if len(fitting) == 1 else None


def likely_countries(text: str) -> list[str]:
    """The codes of up to three countries that a text may mean which means none or several: a suggestion, never an answer."""
    near = _names_less_a_letter()
    likely = _fitting(text) or {code for shorter in _less_a_letter(_keys(text)[1]) for code in near.get(shorter, ())}
    return sorted(likely) if len(likely) <= 3 else []


def _fitting(text: str) -> set[str]:
    """The codes of the countries that the whole text names, or that all its parts do, as in `대한민국 (KR)`."""
    narrow = normalize("NFKC", text).strip()
    whole = _named(narrow)
    if whole:
        return whole
    return next(filter(None, (_named_by_all(separator.split(narrow)) for separator in (_BRACKET, _SEPARATOR))), set())


def _named_by_all(parts: Iterable[str]) -> set[str]:
    named = [_named(part) for part in parts if part.strip()]
    return set.intersection(*named) if named else set()


def _named(text: str) -> set[str]:
    code = text.strip().upper()
    if code in COUNTRIES:
        return {code}
    if code in _alpha_3():
        return {_alpha_3()[code]}
    return next((_index()[key] for key in _keys(text) if key in _index()), set())


def country_names() -> Mapping[str, str]:
    """What each country is called on screen, by its code, in the language of whoever reads."""
    return _names_in(speech().language)


# The libraries take a tenth of a second to load, and most runs ask for no country.
@cache
def _names_in(language: Language) -> Mapping[str, str]:
    from babel import Locale

    return {code: name for code, name in Locale(language).territories.items() if code in COUNTRIES} | _SHORT[language]


@cache
def _alpha_3() -> Mapping[str, str]:
    import pycountry

    return {country.alpha_3: country.alpha_2 for country in pycountry.countries} | {"XKX": "XK"}


@cache
def _index() -> Mapping[str, set[str]]:
    """By the form in which names are compared, the codes of the countries that have the name."""
    forms = {(code, form) for code, name in {*_cldr(), *_iso()} for form in (name, _ADDITION.split(name)[0])}
    ours = ((code, name) for code, names in _OURS.items() for name in names.split(","))
    return _by_key(forms) | _by_key(ours)


def _by_key(names: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for code, name in names:
        for key in _keys(name):
            found[key].add(code)
    return found


def _cldr() -> Iterator[tuple[str, str]]:
    from babel import Locale

    for language in _CLDR:
        names = Locale.parse(language).territories
        yield from ((code, names[code]) for code in COUNTRIES)


def _iso() -> Iterator[tuple[str, str]]:
    import pycountry

    translated = [translation("iso3166-1", pycountry.LOCALES_DIR, [language]).gettext for language in _ISO]
    for country in pycountry.countries:
        for name in filter(None, (getattr(country, kind, "") for kind in ("name", "common_name", "official_name"))):
            yield from ((country.alpha_2, said) for said in (name, *(say(name) for say in translated)))


@cache
def _names_less_a_letter() -> Mapping[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key, codes in _index().items():
        for shorter in _less_a_letter(key):
            found[shorter] |= codes
    return found


def _less_a_letter(key: str) -> set[str]:
    """The key and what is left of it without any one letter: names one typing error apart have one of these in common."""
    return {key, *(key[:at] + key[at + 1 :] for at in range(len(key)))} if len(key) >= _LONG_ENOUGH else set()


def _keys(name: str) -> tuple[str, str]:
    """The forms in which names are compared: the words in any order, and run together; both without case, accents and points."""
    plain = "".join(c for c in normalize("NFKD", name.casefold()) if c not in _ACCENTS)
    plain = _DROPPED.sub("", _SAINT.sub("saint ", normalize("NFC", plain).translate(_ONE_LETTER)))
    words = [_SPELT_OUT.get(word, word) for word in _WORD.findall(plain)]
    words = [word for word in words if word not in _NO_NAME]
    return " ".join(sorted(words)), "".join(words)


_LONG_ENOUGH = 3
_ACCENTS = {chr(code) for code in range(0x300, 0x370)}
_ONE_LETTER = str.maketrans("國臺灣韓", "国台湾韩") | KATAKANA
_SAINT = re.compile(r"\bst\b")
_DROPPED = re.compile(r"[.'’`]")
_WORD = re.compile(r"[^\W_]+")
_SPELT_OUT = {"rep": "republic", "dem": "democratic"}
_NO_NAME = {"and", "of", "the"}
_BRACKET = re.compile(r"[()\[\]]")
_SEPARATOR = re.compile(r"[()\[\]/|:;,]|\s-|-\s|–")
_ADDITION = re.compile(r"[,、(（]| - ")
