"""What is typed where a number belongs and none is known yet: words for nothing, and characters that only fill the field."""

import re
from itertools import groupby, pairwise
from string import ascii_uppercase, digits
from unicodedata import normalize

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
