"""What stands where an invoice number belongs and is none: what is typed when none is known yet, an amount, a day, a link, an address."""

import re
from datetime import date
from itertools import groupby, pairwise
from string import ascii_uppercase, digits
from unicodedata import category, normalize

from core.domain.number_faults import NumberFault
from core.domain.reasons import Why
from core.domain.texts import LINE_BREAKS, is_hyphen

SHORTEST_AT_AN_END = 10
"""How many filling digits it takes behind other characters: fewer may be a number."""
MOST_BEFORE = 4
SHORTEST_REPEATED = 8

_FOR_NOTHING = """
    TEST TESTING DUMMY SAMPLE EXAMPLE FAKE TEMP NONE NULL NIL NAN NA NOT NO NOTHING EMPTY BLANK UNKNOWN UNDEFINED PENDING LATER
    TBA TBC TBD TODO WAIT WAITING ASAP XX XXX XXXX QWERTY QWERTYUIOP QWER ASDF ASDFGH ASDFGHJKL ZXCV ABC NOTRACKING NOTAVAILABLE
    NOTRACK PICKUP SELFPICKUP HAND BYHAND HANDDELIVERED
    NOTRACKINGNUMBER NONUMBER NOINVOICE NOTYET UNTRACKED
    없음 없슴 없습니다 없다 무 미정 미발급 미등록 미입력 추후 추후입력 추후등록 나중에 예정 발급예정 발송예정 확인중 확인필요 준비중 대기 대기중 테스트 임시 해당없음
    송장없음 운송장없음 번호없음 모름
    なし 無し ナシ 無 未定 未発行 未登録 未入力 不明 仮 仮番号 後日 後で テスト 確認中 準備中 番号なし 追跡なし 追跡番号なし 該当なし
    无 没有 暂无 待定 未知 测试 測試 暫無 沒有
"""
_WORDS = frozenset(_FOR_NOTHING.split())
_NUMBERED_WORD = re.compile(r"(TEST|TESTING|DUMMY|SAMPLE|EXAMPLE|FAKE|TEMP|ASDF|QWER|테스트|임시|テスト|测试)+\d*", re.ASCII)
_MASKED = re.compile(r"[X?#*_.●○]{3,}.*|.*(X{4,}|[?#*_●○]{3,})\d{0,4}")
_PARTS = re.compile(r"[A-Z]+|\d+", re.ASCII)
_BESIDE_WORDS = re.compile(r"[\s\-_/.,:()\[\]<>'\"]")
_COUNTING = frozenset(
    (ring + ring[:2])[at : at + 3][::way] for ring in (digits, ascii_uppercase) for at in range(len(ring)) for way in (1, -1)
)


def is_placeholder(text: str, cleaned: str) -> bool:
    """Whether the text stands for a number that is not there yet. `cleaned` is the same as `core.domain.invoice_number` cleans it.

    A right check digit does not help: one filling character after another may have one, too.
    """
    plain = text.isascii() and text.isalnum()
    word = text.upper() if plain else _BESIDE_WORDS.sub("", normalize("NFKC", text).upper())
    if word in _WORDS or cleaned in _WORDS:
        return True
    if not word.isdigit() and (_NUMBERED_WORD.fullmatch(word) or _MASKED.fullmatch(word)):
        return True
    return bool(cleaned) and (_fills(cleaned) or _fills_behind(cleaned) or _in_parts(cleaned))


def _fills(text: str) -> bool:
    """Whether one character, a running count, or a short piece goes on and on; in long ones the character at an end may differ."""
    if len(text) < SHORTEST_REPEATED:
        return _is_one(text) or _counts(text)
    return not _is_varied(text) and (
        _is_one(text[:-1])
        or _is_one(text[1:])
        or _counts(text[:-1])
        or _repeats(text)
        or _counts_in_pairs(text)
        or _in_runs(text)
    )


def _is_varied(text: str) -> bool:
    """Whether a first look shows that nothing goes on in it, as in most numbers."""
    return text[0] != "0" and len(set(text)) > len(text) // 3 and text[:3] not in _COUNTING and text[::2] != text[1::2]


def _is_one(text: str) -> bool:
    return len(set(text)) == 1


def _counts(text: str) -> bool:
    """Whether each digit, or each letter, is the one after the last, or each the one before it."""
    ring = digits if text[:1].isdigit() else ascii_uppercase
    places = [ring.find(character) for character in text]
    step = (places[1] - places[0]) % len(ring) if len(text) > 2 and min(places) >= 0 else 0
    return step in (1, len(ring) - 1) and all((after - before) % len(ring) == step for before, after in pairwise(places))


def _counts_in_pairs(text: str) -> bool:
    return text[::2] == text[1::2] and _counts(text[::2])


def _in_runs(text: str) -> bool:
    """Whether it is made of runs of one character each, or of a running count behind as many noughts."""
    count = text.lstrip("0")
    return all(len(list(run)) > 2 for _, run in groupby(text)) or (len(text) >= 2 * len(count) > 4 and _counts(count))


def _repeats(text: str) -> bool:
    """Whether a piece stands in it three times or more, and nothing else."""
    most = len(text) // 3
    return len(set(text)) <= most and any(text == (text[:size] * len(text))[: len(text)] for size in range(2, most + 1))


def _fills_behind(text: str) -> bool:
    """Whether a carrier's letters are followed by nothing but filling digits."""
    return not text.isdigit() and any(
        len(text) - before >= SHORTEST_AT_AN_END
        and not text[:before].isdigit()
        and text[before:].isdigit()
        and _fills(text[before:])
        for before in range(1, MOST_BEFORE + 1)
    )


def _in_parts(text: str) -> bool:
    """Whether every letter and digit belongs to a part that fills, as in ABC123 and AAAA1111."""
    parts = _PARTS.findall(text) if not text.isdigit() else []
    return len(parts) > 1 and all(len(part) > 2 and (_is_one(part) or _counts(part)) for part in parts)


# What is something else.

LONGEST_SHOWN = 40
SHORTEST_IN_A_LIST = 5
SHORTEST_BESIDE_A_BLANK = 10
FEWEST_DIGITS_OF_A_NUMBER = 8

EXCEL_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA")
"""What Excel shows in a cell that it cannot work out."""

_FORMS: tuple[tuple[NumberFault, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern, re.IGNORECASE | re.ASCII))
    for reason, pattern in (
        (NumberFault.FORMULA_ERROR, rf"{'|'.join(map(re.escape, EXCEL_ERRORS))}|#{{4,}}|=[A-Z]+\(.*"),
        (NumberFault.LINK, r".*://.*|www\..+|[\w-]+(\.[\w-]+)*\.(com|net|org|kr|jp|cn|io|me)(/.*)?"),
        (NumberFault.EMAIL, r"\S+@\S+\.[a-z]{2,}"),
        (NumberFault.PRICE, r"[₩$¥€£]\s*[\d.,]+|[\d.,]+\s*(원|円|元|달러|[₩$¥€£]|KRW|USD|JPY|EUR|CNY|WON|YEN)"),
        (NumberFault.THOUSANDS, r"\d{1,3}(,\d{3})+(\.\d+)?|\d{1,3}(\.\d{3}){2,}"),
        (NumberFault.DECIMALS, r"\d+\.\d+"),
        (
            NumberFault.PIECES,
            r"(.*\d\D*)?[(\[\s]?\d{1,2}\s*(/|of)\s*\d{1,2}\s*[)\]]?|(\(|\[)?\d{1,2}\s*(/|of)\s*\d{1,2}([)\]]\s*|\s+)\S.*|.+\s*(외|他|ほか)\s*\d+\s*(건|개|박스|상자|件|個|口)",
        ),
    )
)
_DAYS = (
    re.compile(r"(?P<y>(19|20)\d\d)\s*[-./년年]\s*(?P<m>\d{1,2})\s*[-./월月]\s*(?P<d>\d{1,2})\s*[일日.]?([T\s].*)?"),
    re.compile(r"(?P<d>\d{1,2})[-./](?P<m>\d{1,2})[-./](?P<y>(19|20)\d\d)([T\s].*)?"),
    re.compile(r"(?P<m>\d{1,2})[-./](?P<d>\d{1,2})[-./](?P<y>(19|20)\d\d)([T\s].*)?"),
    re.compile(r"(?P<y>[123]\d)[./](?P<m>\d{1,2})[./](?P<d>\d{1,2})"),
    re.compile(r"(?P<m>\d{1,2})[./](?P<d>\d{1,2})[./](?P<y>[123]\d)"),
)
_PHONE = re.compile(
    r"(\+\d{1,3}[\s.-]?\(?\d{1,3}\)?|\(?0(\d{1,2}|50\d|303|120)\)?)[\s.-]?\d{3,4}[\s.-]\d{4}|\+\d{9,14}|010\d{8}", re.ASCII
)
_SEPARATORS = re.compile(rf"[,;/|&、،{LINE_BREAKS}]+")
_PLACES = re.compile(r"[시도구군동읍면리로길가](?=[\s\d,]|$)|[都道府県市区町村]|丁目|番地|〒|[省市区路号]")
_STREETS = re.compile(
    r"\d.*\b(street|road|avenue|boulevard|lane|drive|suite|apt|floor|st|rd|ave|blvd|ln|dr)\b|p\.? ?o\.? box"
    r"|\d.*\b[a-z]+[0-9-]*-(ro|gil|daero|dong|gu|ku|shi|cho|machi)\b|\b\w+(stra(ss|ß)e|str\.|weg|platz)\s+\d",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[a-z]{4,}\b", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]{3,}[,.:;]?", re.IGNORECASE | re.ASCII)
LONGEST_WORD_OF_A_NUMBER = 3
MOST_LETTERS_OF_A_WORD = 4


def misplaced(text: str) -> Why | None:
    """What the text is by its form instead of one number; None where it may be one."""
    narrow, shown = _narrow(text)
    if _is_day(narrow):
        return NumberFault.DATE(text=shown)
    for reason, form in _FORMS:
        if form.fullmatch(narrow):
            return reason(text=shown)
    if _is_address(narrow):
        return NumberFault.ADDRESS()
    return NumberFault.SEVERAL() if _is_several(narrow) else None


def words(text: str) -> Why | None:
    """What the words in a text say: an address, a name, or something beside the number; None without any."""
    narrow, shown = _narrow(text)
    if (_letters(narrow) > MOST_LETTERS_OF_A_WORD and _PLACES.search(narrow)) or _is_address(narrow):
        return NumberFault.ADDRESS()
    said = [word for word in narrow.split() if _WORD.fullmatch(word)]
    beside = _figures(narrow) >= FEWEST_DIGITS_OF_A_NUMBER
    if _letters(narrow) > 1 or len(said) > 1:
        return (NumberFault.BESIDE if beside else NumberFault.TEXT)(text=shown)
    named = beside and " " in narrow and any(len(word) > LONGEST_WORD_OF_A_NUMBER for word in said)
    return NumberFault.BESIDE(text=shown) if named else None


def is_phone(text: str) -> bool:
    """Whether the text is written as a phone number is: a number of a carrier may look the same."""
    return bool(_PHONE.fullmatch(normalize("NFKC", text).strip()))


def _narrow(text: str) -> tuple[str, str]:
    """The text in one width, and as a sentence shows it."""
    narrow = normalize("NFKC", text).strip()
    return narrow, " ".join(narrow.split())[:LONGEST_SHOWN]


def _is_day(text: str) -> bool:
    return any(_exists(match) for form in _DAYS if (match := form.fullmatch(text)))


def _exists(match: re.Match[str]) -> bool:
    try:
        return bool(date(int(match["y"]), int(match["m"]), int(match["d"])))
    except ValueError:
        return False


def _is_address(text: str) -> bool:
    """Whether it is written as an address in Latin letters: a street, or several places in a list beside figures."""
    if " " in text and _STREETS.search(text):
        return True
    parts = re.split(r"[,\n\r]+", text)
    numbered = any(_figures(part) >= FEWEST_DIGITS_OF_A_NUMBER for part in parts)
    return not numbered and sum(bool(_NAME.search(part)) for part in parts) > 1 and bool(_figures(text))


def _is_several(text: str) -> bool:
    listed = [part for part in _SEPARATORS.split(text) if _figures(part) and len(part.strip()) >= SHORTEST_IN_A_LIST]
    groups = text.split()
    apart = len(groups) > 1 and all(len(part) >= SHORTEST_BESIDE_A_BLANK and _figures(part) for part in groups)
    return (len(listed) > 1 and not _letters(text)) or apart


def _figures(text: str) -> int:
    return sum(character in "0123456789" for character in text)


def _letters(text: str) -> int:
    """How many letters are of no Latin alphabet."""
    return sum(category(character) == "Lo" and not is_hyphen(character) for character in text)
