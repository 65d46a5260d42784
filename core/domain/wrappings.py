"""What scanners, keyboards and people put round an invoice number, taken off where it is provable that it is none of it."""

import re
from collections.abc import Callable
from unicodedata import normalize

from core.domain.language import NamedEnum, marked
from core.domain.texts import KOREAN_DASHES


class Wrapping(NamedEnum):
    """What was round a number, as a repair names it."""

    SCANNER = marked("scanner characters")
    LABEL = marked("the label")
    QUOTES = marked("quotation marks")
    KEYBOARD = marked("letters of another keyboard")


FEWEST_DIGITS = 6
MOST_LETTERS = 6
"""Text with more letters or fewer digits may be words: only a number is read by its keys."""

_ENDS = re.compile(r"^[\x02-\x04\x1c-\x1f\u241c-\u241f]+|[\x02-\x04\x1c-\x1f\u241c-\u241f]+$")
_AIM = re.compile(r"\s*\][A-Za-z][0-9A-Za-z](?=.)", re.ASCII)
_CODE_39 = re.compile(r"\s*\*+([^*]+)\*+\s*")
_CODABAR = re.compile(r"\s*[A-D]((?:[\s-]*\d){10,}[\s-]*)[A-D]\s*", re.ASCII | re.IGNORECASE)
_ELEMENTS = re.compile(r"(\(\d{2,4}\)[0-9A-Za-z]+)+", re.ASCII)
_ELEMENT = re.compile(r"\((\d{2,4})\)([0-9A-Za-z]+)", re.ASCII)
_QUOTED = re.compile(r"""\s*=?\s*["“”]([^"“”]+)["“”]\s*""")
_NAMED_ONLY = ("401", "402")
_WORDS = (
    "(?:운송장|송장|등기|화물|택배|배송|조회|추적|우편물)(?: ?(?:조회|추적|등기))?(?: ?(?:번호|NO\\.?))?|번호",
    "(?:お?問い?合わ?せ(?:伝票)?|伝票|送り状|追跡|荷物|配送)(?:番号|No\\.?)|番号",
    "(?:快递|物流|运|運|追踪|追蹤)(?:单|單|编|編)?(?:号|號)(?:码|碼)?",
)
_ENGLISH = (
    "(?:tracking|waybill|air ?waybill|awb|hawb|invoice|consignment|parcel|delivery|con ?note|label)"
    "(?: ?(?:number|num|no|nr|id|code))?",
    "trk|number|num|no",
)
_LABEL = re.compile(
    rf"\s*[\[(【<]?\s*(?:(?:{'|'.join(_WORDS)})\s*[\])】>]?[\s:：#.=\-–]*|(?:{'|'.join(_ENGLISH)})\s*[\])>]?\s*(?:[:：#.=]|\s)[\s:：#.=\-–]*)"
    r"(?=[0-9A-Za-z*\]])",
    re.IGNORECASE,
)
_FOREIGN = re.compile(
    r"[\u1100-\u1172\u1174-\u11ff\u3131-\u3160\u3162-\u318e\uac00-\ud7a3\u3041-\u3096\u30a1-\u30fa]"
)  # but no dash
_BESIDE_A_BLANK = re.compile(rf"{_FOREIGN.pattern}\s|\s{_FOREIGN.pattern}")


def unwrapped(text: str) -> tuple[str, tuple[Wrapping, ...]]:
    """The text without what is round its number, and what that was, in the order in which it was taken off."""
    if text.isascii() and text.isalnum() and not _CODABAR.fullmatch(text):
        return text, ()
    found: dict[Wrapping, None] = {}
    inner, before = "".join(normalize("NFKC", c) for c in text) if not text.isascii() else text, None
    while inner != before:
        before = inner
        for wrapping, taken_off in _STEPS:
            if (rest := taken_off(inner)) != inner:
                found[wrapping] = None
                inner = rest
    return (inner, tuple(found)) if found else (text, ())


def meant(text: str) -> str:
    """What a scanner meant by a text that nothing is called by: without its own characters, by the keys that were pressed.

    Of a Shipment No. it is only a proposal, since a shop may write its numbers in any letters: look it up.
    """
    return pressed(_scanned(text))


def holds_words(text: str) -> bool:
    """Whether Korean or Japanese letters stand in the text that are no keys of a number."""
    return bool(_FOREIGN.search(text))


def _scanned(text: str) -> str:
    rest = _AIM.sub("", _ENDS.sub("", text), count=1) if text[:1] in "] \t" else _ENDS.sub("", text)
    whole = _CODE_39.fullmatch(rest) or _CODABAR.fullmatch(rest)
    rest = whole[1] if whole else rest
    return _ELEMENT.sub(_element, rest) if _ELEMENTS.fullmatch(rest) else rest


def _element(match: re.Match[str]) -> str:
    """A GS1 element without its brackets; an identifier that only says that a parcel's number follows goes, too."""
    return match[2] if match[1] in _NAMED_ONLY else match[1] + match[2]


def _quoted(text: str) -> str:
    """Without the quotation marks round it, and without the equals sign that keeps a spreadsheet from reading a number."""
    quoted = _QUOTED.fullmatch(text)
    return quoted[1] if quoted else text


def _labelled(text: str) -> str:
    label = _LABEL.match(text)
    return text[label.end() :] if label else text


def _mistyped(text: str) -> str:
    if not holds_words(text) or _BESIDE_A_BLANK.search(text):
        return text
    keys = pressed(text)
    letters, figures = sum(map(str.isalpha, keys)), sum(map(str.isdigit, keys))
    return keys if figures >= FEWEST_DIGITS and letters <= MOST_LETTERS and not holds_words(keys) else text


_STEPS: tuple[tuple[Wrapping, Callable[[str], str]], ...] = (
    (Wrapping.SCANNER, _scanned),
    (Wrapping.QUOTES, _quoted),
    (Wrapping.LABEL, _labelled),
    (Wrapping.KEYBOARD, _mistyped),
)


# Letters of another keyboard.

_INITIALS = "r R s e E f a q Q t T d w W c z x v g"
_VOWELS = "k o i O j p u P h hk ho hl y n nj np nl b m ml l"
_FINALS = "r R rt s sw sg e f fr fa fq ft fx fv fg a q qt t T d w c z x v g"
_HANGUL = {
    chr(first + place): keys
    for first, letters in ((0x1100, _INITIALS), (0x1161, _VOWELS), (0x11A8, _FINALS))
    for place, keys in enumerate(letters.split())
}
"""The Korean layout in two sets (두벌식)."""

_ROWS = {"": "あいうえお", "K": "・き・け・", "S": "さ・す・そ", "T": "た・・てと", "N": "なにぬねの", "H": "はひ・へほ", "M": "まみむめも",
         "Y": "や・ゆ・よ", "R": "らりるれろ", "W": "わ・・・を", "G": "がぎぐげご", "Z": "ざ・ずぜぞ", "D": "だ・・でど", "B": "ばびぶべぼ",
         "P": "ぱぴぷぺぽ"}  # fmt: skip
_ROMAJI = {
    kana: row + vowel for row, letters in _ROWS.items() for kana, vowel in zip(letters, "AIUEO", strict=True) if kana != "・"
}
"""Kana that are typed in one way only where a Japanese keyboard turns Latin letters into them."""

_KANA = dict(
    zip(
        "ぬふあうえおやゆよわほたていすかんなにらせちとしはきくまのりつさそひこみも",
        "1234567890-QWERTYUIOPASDFGHJKLZXCVBNM",
        strict=True,
    )
)
"""The Japanese layout in which every key is a kana (JIS)."""


def pressed(text: str) -> str:
    """The text with every Korean and Japanese letter as the keys that were pressed for it, in one width and upper case.

    A letter for which several keys may have been pressed stays as it is.
    """
    narrow = normalize("NFKC", text)
    letters = normalize("NFD", narrow)
    if any(letter in _HANGUL and letter not in KOREAN_DASHES for letter in letters):
        return "".join(_HANGUL.get(letter, letter) for letter in letters).upper()
    kana = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in narrow)
    keys = _ROMAJI if any(c.isdigit() for c in kana) else _KANA
    return "".join(keys.get(c, c) for c in kana).upper()
