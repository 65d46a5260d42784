"""Names of recipients as shops and carriers write them, compared whole or masked."""

import re
from dataclasses import dataclass
from unicodedata import combining, normalize

from core.domain.evidence import AGAINST, HIDDEN, MASKS, SILENT
from core.domain.texts import folded, without_legal_form
from core.domain.values import once

WHOLE, MASKED = 2, 1
"""Points of a whole name, and of one of which two letters or more are seen."""
_FEWEST_SEEN = {"latin": 3}
_SEEN = 2
_SHORTEST_CUT = 8
"""A name of so many letters may have been cut off at the width of a field."""
_ANY_LENGTH = 3
"""So many masks in a row may stand for any number of letters."""

_REMARK = re.compile(r"[(\[{<【〔「『][^)\]}>】〕」』]*[)\]}>】〕」』]?")
_HONORIFICS = ("고객님", "귀하", "님", "씨", "サマ", "サン", "様", "樣", "殿", "御中", "氏")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof"})
_MASK = re.compile(rf"[{re.escape(MASKS)}]")
_MASKED_BY_X = re.compile(r"(?<=[^\x00-\x7f\s])x+(?=[^\x00-\x7f\s]|$)|^x+(?=[^\x00-\x7f\s])")
_ACCENTED = re.compile(r"[\x80-\u024f]")
_PARTS = re.compile(r"[^\w*]+|_+")
_VARIANTS = str.maketrans(
    "髙﨑邉邊齋齊斎澤濵濱廣國櫻嶋嶌圓眞惠德瀨曾龍淵澁榮寳寶冨桒檜瀧祐曻舘栁籔",
    "高崎辺辺斉斉斉沢浜浜広国桜島島円真恵徳瀬曽竜渕渋栄宝宝富桑桧滝祐昇館柳薮",
)  # fmt: skip


@dataclass(frozen=True)
class NameForm:
    """A name without what sets equal ones apart: its letters in one run with each masked one as `*`, its words, its scripts."""

    letters: str = ""
    words: tuple[str, ...] = ()
    scripts: frozenset[str] = frozenset()

    @once
    def is_masked(self) -> bool:
        return HIDDEN in self.letters

    @once
    def seen(self) -> int:
        return len(self.letters) - self.letters.count(HIDDEN)


def name_form(text: str) -> NameForm:
    """The form in which names are compared.

    Width, case, kana, accents and variants of characters (髙, 﨑) are folded; honorifics, titles, legal forms and remarks in brackets
    are gone. Masked characters keep their places.
    """
    narrow = _MASK.sub(HIDDEN, normalize("NFKC", text))
    narrow = _MASKED_BY_X.sub(lambda found: HIDDEN * len(found[0]), folded(narrow))
    bare = _REMARK.sub(" ", narrow)
    said = without_legal_form(bare if any(map(str.isalnum, bare)) else narrow).translate(_VARIANTS)
    parts = [part for part in _PARTS.split(_without_accents(said)) if part]
    polite = [part for part in parts if part in _HONORIFICS or part in _TITLES]
    words = [_without_honorific(part) for part in parts if part not in polite or len(polite) == len(parts)]
    letters = _without_honorific("".join(words))
    return NameForm(letters, tuple(words), frozenset(script for letter in letters if (script := _script(letter))))


def compare_names(row: NameForm, stored: NameForm) -> int:
    """What the name in a list says of the name that the shop has: points, silent or against."""
    if not row.seen or not stored.seen or not _comparable(row, stored):
        return SILENT
    if row.is_masked or stored.is_masked:
        return _compare_masked(row, stored)
    if row.letters == stored.letters or (len(row.words) > 1 and sorted(row.words) == sorted(stored.words)):
        return WHOLE
    return SILENT if _is_part(row, stored) or _is_part(stored, row) else AGAINST


def _comparable(one: NameForm, other: NameForm) -> bool:
    """Whether both are written in one script; kana alone says nothing of a name in kanji."""
    if one.scripts and other.scripts and not one.scripts & other.scripts:
        return False
    return ("kanji" in one.scripts) == ("kanji" in other.scripts) or "kana" not in one.scripts & other.scripts


def _compare_masked(row: NameForm, stored: NameForm) -> int:
    if row.is_masked and stored.is_masked:
        if len(row.letters) != len(stored.letters):
            return SILENT
        pairs = list(zip(row.letters, stored.letters, strict=True))
        seen = [pair for pair in pairs if HIDDEN not in pair]
        return AGAINST if any(a != b for a, b in seen) else MASKED if len(seen) >= _SEEN else SILENT
    masked, whole = (row, stored) if row.is_masked else (stored, row)
    if not _fits(masked, whole.letters):
        return AGAINST
    return MASKED if masked.seen >= max(_FEWEST_SEEN.get(script, _SEEN) for script in (*masked.scripts, "")) else SILENT


def _fits(masked: NameForm, letters: str) -> bool:
    """Whether the letters are under the mask, place by place; long runs of masks, and those of Latin letters, may be of any length."""
    free = "latin" in masked.scripts
    if not free and HIDDEN * _ANY_LENGTH not in masked.letters:
        return len(masked.letters) == len(letters) and all(
            a in (HIDDEN, b) for a, b in zip(masked.letters, letters, strict=True)
        )
    pattern = "".join(
        ".+"
        if run[0] == HIDDEN and (free or len(run) >= _ANY_LENGTH)
        else "." * len(run)
        if run[0] == HIDDEN
        else re.escape(run)
        for run in re.findall(r"\*+|[^*]+", masked.letters)
    )
    return re.fullmatch(pattern, letters) is not None


def _is_part(one: NameForm, other: NameForm) -> bool:
    """Whether one may be the other with words left out, with initials, or cut off."""
    if len(one.letters) >= _SHORTEST_CUT and other.letters.startswith(one.letters):
        return True
    if len(one.words) > len(other.words):
        return False
    left = list(other.words)
    for word in one.words:
        found = next(
            (place for place, whole in enumerate(left) if word == whole or (len(word) == 1 and _starts(whole, word))), -1
        )
        if found < 0:
            return False
        left.pop(found)
    return len(one.letters) > 1


def _starts(whole: str, initial: str) -> bool:
    return initial.isascii() and whole.startswith(initial)


def _without_honorific(letters: str) -> str:
    """Without what politeness put behind the name; a name that is nothing else stays."""
    if not letters.endswith(_HONORIFICS):
        return letters
    ending = next((one for one in _HONORIFICS if letters.endswith(one) and len(letters) > len(one)), "")
    return _without_honorific(letters.removesuffix(ending)) if ending else letters


def _without_accents(text: str) -> str:
    if not _ACCENTED.search(text):
        return text
    return "".join(
        letter if ord(letter) > 0x24F else "".join(part for part in normalize("NFD", letter) if not combining(part))
        for letter in text
    )


def _script(letter: str) -> str:
    if letter.isascii() or ord(letter) < 0x250:
        return "latin" if letter.isalpha() else ""
    if "\uac00" <= letter <= "\ud7a3":
        return "hangul"
    if "\u3041" <= letter <= "\u30ff":
        return "kana"
    return "kanji" if letter.isalpha() else ""
