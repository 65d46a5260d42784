"""The names of shipping companies, compared however they are written, and what a misspelt one is likely to be."""

import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from unicodedata import normalize

from core.domain.characters import folded, letters_of

_REMARK = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?|【[^【】]*】?|〔[^〔〕]*〕?|<[^<>]*>?|「[^「」]*」?|『[^『』]*』?")
_LEGAL_FORM = re.compile(
    r"\(\s*(?:주|유|株|有|合)\s*\)|주식회사|유한회사|株式会社|有限会社|合同会社|股份有限公司|有限公司|公司"
    r"|\b(?:co|company|ltd|limited|inc|incorporated|corp|corporation|llc|gmbh|ag|plc|kk)\b"
)
_FORMERLY = re.compile(r"^(?:구|舊|旧|前|formerly|former)(?=.)")
_PARCELS = re.compile(r"택배사?$")
_TRADE = re.compile(
    r"express|logistics?|postal|post|parcels?|courier|transport(?:ation)?|delivery|shipping"
    r"|택배사?|로지스틱스|로지스|익스프레스|우편|우체국|통운|運輸|急便|郵便|通運|宅配便|宅配|速运|速運|速递|速遞|快递|快遞"
)
_ALIKE = 0.8
_SHORTEST_GUESSED = 5


def name_key(text: str) -> str:
    """The form in which names are kept: width, case and kana folded; blanks, punctuation and legal forms gone."""
    return letters_of(without_legal_form(folded(text)))


def without_legal_form(text: str) -> str:
    """The folded text with a blank in place of what says that somebody is a company: 주식회사, 株式会社, Inc."""
    return _LEGAL_FORM.sub(" ", text)


def is_called(text: str, by_key: Mapping[str, str], nobodys: Collection[str] = ()) -> str:
    """The code of the company that is called this, "" for none; `by_key` are the codes by the keys of the names.

    The whole text decides first, then without "former" and without the word for parcels, then without what stands in brackets,
    unless that names another company; behind one of the codes that are `nobodys` it names the company.
    """
    if code := _code_of(name_key(text), by_key):
        return code
    said = without_legal_form(folded(text))
    code = _code_of(letters_of(_REMARK.sub(" ", said)), by_key)
    others = {_code_of(letters_of(remark), by_key) for remark in _REMARK.findall(said)} - {"", code}
    return others.pop() if len(others) == 1 and code in nobodys else "" if others else code


def looks_like(text: str, by_key: Mapping[str, str]) -> str:
    """The code of the only company of which a name is written almost like this, "" for none.

    One letter in five may be wrong, missing or too many, in what is a name's own or in the words of the trade behind it:
    `Japan Express` is not almost `Japan Post`. Hangul is counted by its letters, and in one syllable.
    """
    key = name_key(text)
    if key in by_key:
        return ""
    by_letters = {_letters(name): name for name in by_key}
    close = get_close_matches(_letters(key), by_letters, n=len(by_letters), cutoff=_ALIKE)
    codes = {by_key[name] for name in map(by_letters.__getitem__, close) if _mistyped(key, name)}
    return codes.pop() if len(codes) == 1 else ""


def _mistyped(key: str, name: str) -> bool:
    """Whether the slip is in the words of the trade, or in an own name that is long enough to tell."""
    if _syllables_apart(key, name) > 1:
        return False
    own, typed = (_letters(_TRADE.sub("", one)) for one in (name, key))
    if len(own) < _SHORTEST_GUESSED:
        trade = _letters(name)[len(own) : len(own) + 2]
        return bool(trade) and _letters(key).startswith(own + trade)
    return _letters(key).startswith(own) or bool(get_close_matches(typed, [own], cutoff=_ALIKE))


def _syllables_apart(key: str, name: str) -> int:
    """How many syllables two names in Hangul differ by, more than any where one has more of them; 0 for other scripts."""
    if not any("가" <= character <= "힣" for character in key):
        return 0
    return sum(map(str.__ne__, key, name)) if len(key) == len(name) else len(key) + len(name)


def _code_of(key: str, by_key: Mapping[str, str]) -> str:
    return next((by_key[spelling] for spelling in _spellings(key) if spelling in by_key), "")


def _spellings(key: str) -> Iterator[str]:
    now = _FORMERLY.sub("", key)
    yield from (key, _PARCELS.sub("", key), now, _PARCELS.sub("", now))


@lru_cache(maxsize=4096)
def _letters(key: str) -> str:
    return normalize("NFD", key)
