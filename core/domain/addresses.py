"""Addresses as shops and carriers write them, compared by street and house: Korean, Japanese and Latin ones.

An address that stops early, is masked or leaves the province out says less, never something else. A road name (도로명) and a lot
number (지번) of one place cannot be compared, so they say nothing of each other.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from core.domain.evidence import AGAINST, SILENT
from core.domain.values import once

HOUSE, STREET = 2, 1
"""Points of the same house, and of the same street where the house is not known on one side."""

_BRACKETS = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?|（[^（）]*）?")
_POSTAL = re.compile(r"^\s*[〒(\[]*\s*(\d{3}-\d{4}|\d{5}(?!\d))\s*[)\]]?\s*")
_MASKED = re.compile(r"\S*[*●○◯■□◎]+\S*")
_CUT_BY_MASK = re.compile(r"[*●○◯■□◎]")
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True)
class StoredAddress:
    """Where a shop says that a parcel goes; each text as it is written."""

    address: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""

    @property
    def whole(self) -> str:
        """All of it in one text, the widest first, nothing twice."""
        city = "" if self.city in self.region else self.city
        wider = [part for part in (self.region, city) if part and part not in self.address]
        return " ".join((*wider, self.address))

    @property
    def is_empty(self) -> bool:
        return not (self.address or self.postal_code)

    @once
    def script(self) -> str:
        """What it is written in: hangul, kanji (with kana), latin, or "" for nothing."""
        return _script(self.whole)

    @once
    def house_key(self) -> str:
        """What two spellings of one house have in common, to find it by; "" where no house is named."""
        match self.script:
            case "hangul" if self.korean.house:
                return f"{self.korean.street[-_SHORTEST_HEAD:]} {self.korean.house}"
            case "kanji" if self.japanese.numbers:
                return f"{self.japanese.head[-_SHORTEST_HEAD:]} {'-'.join(self.japanese.numbers[:_SHORTEST_HEAD])}"
            case "latin" if self.latin.numbers:
                named = sorted(self.latin.words - _GENERIC, key=len)
                return f"{named[-1]} {self.latin.numbers[0]}" if named else ""
        return ""

    @once
    def korean(self) -> "_Korean":
        return _korean(self.whole, self.city)

    @once
    def japanese(self) -> "_Japanese":
        return _japanese(self.whole)

    @once
    def latin(self) -> "_Latin":
        return _latin(self.address)


def compare_places(row: StoredAddress, stored: StoredAddress) -> int:
    """What the address and the postal code in a list say of the shop's: points, silent or against.

    The address decides where it can be compared; elsewhere the postal code.
    """
    said = _compare_addresses(row, stored)
    if said not in (SILENT, STREET):
        return said
    postal = _compare_postal(postal_of(row), postal_of(stored))
    if said == STREET:
        return HOUSE if postal > 0 else STREET
    return postal


def postal_of(place: StoredAddress) -> str:
    """The postal code in one width without hyphen and blanks; of a text that begins with one, that."""
    code = place.postal_code
    if not code and (found := _POSTAL.match(normalize("NFKC", place.address))):
        code = found[1]
    return "".join(filter(str.isalnum, normalize("NFKC", code).upper()))


def _compare_postal(row: str, stored: str) -> int:
    if not row or not stored or not row.isascii() or not stored.isascii():
        return SILENT
    if row.lstrip("0") == stored.lstrip("0"):
        return STREET
    short, long = sorted((row, stored), key=len)
    if len(short) == _ZIP < len(long) == _ZIP_AND_FOUR and long.startswith(short):
        return STREET
    return AGAINST if len(row) == len(stored) else SILENT


_ZIP, _ZIP_AND_FOUR = 5, 9


def _compare_addresses(row: StoredAddress, stored: StoredAddress) -> int:
    match row.script, stored.script:
        case "hangul", "hangul":
            return _compare_korean(row.korean, stored.korean)
        case "kanji", "kanji":
            return _compare_japanese(row.japanese, stored.japanese)
        case "latin", "latin":
            return _compare_latin(row, stored)
    return SILENT


def _script(text: str) -> str:
    if any("\uac00" <= c <= "\ud7a3" for c in text):
        return "hangul"
    if any("\u3041" <= c <= "\u30ff" or "\u4e00" <= c <= "\u9fff" for c in text):
        return "kanji"
    return "latin" if any(map(str.isalpha, text)) else ""


def _plain(text: str) -> str:
    return _POSTAL.sub("", _BRACKETS.sub(" ", normalize("NFKC", text).casefold()))


def _same_or_part(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two rows of numbers of flats and floors may be one, where one of them leaves some out."""
    return set(one) <= set(other) or set(other) <= set(one)


def _is_cut_off(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the numbers are the first of the others, the last of them cut off at the end of a field."""
    last = len(one) - 1
    return 0 <= last < len(other) and list(one[:last]) == list(other[:last]) and other[last].startswith(one[last])


# Korean: province, town, then a road with a house number or a district with a lot, then flat and floor.

_PROVINCES = {
    "서울": "서울특별시 서울시", "부산": "부산광역시 부산시", "대구": "대구광역시 대구시", "인천": "인천광역시 인천시", "광주": "광주광역시",
    "대전": "대전광역시 대전시", "울산": "울산광역시 울산시", "세종": "세종특별자치시 세종시", "경기": "경기도", "강원": "강원특별자치도 강원도",
    "충북": "충청북도", "충남": "충청남도", "전북": "전북특별자치도 전라북도", "전남": "전라남도", "경북": "경상북도", "경남": "경상남도",
    "제주": "제주특별자치도 제주도",
}  # fmt: skip
_SHORT = {long: short for short, names in _PROVINCES.items() for long in names.split()}
_LONG_PROVINCE = re.compile("|".join(sorted(_SHORT, key=len, reverse=True)))
_TOWN = re.compile(r"[가-힣]{1,}(?:시|군|구)")
_ROAD = re.compile(r"([가-힣][가-힣0-9·.]*(?:로|길))(지하)?(\d+(?:-\d+)?)?(?:번지|번)?")
_BRANCH = re.compile(r"(\d+(?:번|가)?길|[가-힣]길)(\d+(?:-\d+)?)?")
_LOT = re.compile(r"([가-힣][가-힣0-9]*?)(\d*)(동|리|가|읍|면)(산?\d+(?:-\d+)?)?(?:번지)?")
_HOUSE = re.compile(r"(?:지하|산)?(\d+(?:-\d+)?)(?:번지|번|호)?")


@dataclass(frozen=True)
class _Korean:
    province: str = ""
    towns: frozenset[str] = frozenset()
    kind: str = ""
    street: str = ""
    house: str = ""
    rest: tuple[str, ...] = ()
    open_ended: bool = False


def _korean(text: str, city: str = "") -> _Korean:
    plain = _MASKED.sub(" * ", _plain(text))
    words = [
        word for word in re.split(r"[\s,]+", _LONG_PROVINCE.sub(lambda found: f"{_SHORT[found[0]]} ", plain, count=1)) if word
    ]
    province = words.pop(0) if words and words[0] in _PROVINCES else ""
    towns = set(map(_town, city.split()))
    while words and words[0] != "*" and not _ROAD.fullmatch(words[0]) and (_TOWN.fullmatch(words[0]) or words[0] == city):
        towns.add(_town(words.pop(0)))
    open_ended = plain.rstrip()[-1:].isdecimal()
    for kind, found in (("road", _road(words)), ("lot", _lot(words))):
        if found:
            street, house, after = found
            rest = tuple(_DIGITS.findall(" ".join(words[after:])))
            return _Korean(province, frozenset(towns - {""}), kind, street, house, rest, open_ended)
    return _Korean(province, frozenset(towns - {""}))


def _town(name: str) -> str:
    return name.removesuffix("시") if len(name) > 2 else name


def _road(words: Sequence[str]) -> tuple[str, str, int] | None:
    """The road, the house and where the words after it begin; None without a road."""
    for place, word in enumerate(words):
        if found := _ROAD.fullmatch(word):
            name, house, after = found[1], found[3] or "", place + 1
            if not house and after < len(words) and (branch := _BRANCH.fullmatch(words[after])):
                name, house, after = name + branch[1], branch[2] or "", after + 1
            return (name, *_house(words, house, after))
    return None


def _lot(words: Sequence[str]) -> tuple[str, str, int] | None:
    for place, word in enumerate(words):
        found = _LOT.fullmatch(word)
        if found and (found[4] or found[3] in "동리가"):
            lot = (found[4] or "").removeprefix("산")
            name = found[1] + (found[2] if found[3] == "가" else "") + found[3]
            return (name, *_house(words, lot, place + 1))
    return None


def _house(words: Sequence[str], house: str, after: int) -> tuple[str, int]:
    if house or after >= len(words):
        return house, after
    found = _HOUSE.fullmatch(words[after])
    return (found[1], after + 1) if found else ("", after)


def _compare_korean(row: _Korean, stored: _Korean) -> int:
    differ = row.province and stored.province and row.province != stored.province
    if differ and row.province not in stored.towns and stored.province not in row.towns:
        return AGAINST
    for ending in ("구", "군"):
        one, other = (frozenset(town for town in form.towns if town.endswith(ending)) for form in (row, stored))
        if one and other and not one & other:
            return AGAINST
    cities = [frozenset(town for town in form.towns if town[-1:] not in "구군") for form in (row, stored)]
    if all(cities) and not cities[0] & cities[1]:
        return AGAINST
    if not row.kind or row.kind != stored.kind:
        return SILENT
    if not _same_street(row.street, stored.street):
        return AGAINST
    if not row.house or not stored.house:
        return STREET
    same_flat = _same_or_part(row.rest, stored.rest) or (row.open_ended and _is_cut_off(row.rest, stored.rest))
    return HOUSE if row.house == stored.house and same_flat else AGAINST


def _same_street(one: str, other: str) -> bool:
    """Whether they are one street, also with its town written in front without a blank."""
    short, long = sorted((one, other), key=len)
    return long.endswith(short) and (long == short or long[: -len(short)][-1] in "시군구읍면")


# Japanese and Chinese: one run of characters, in which numbers are what tells houses apart.

_KANJI_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_CHOME = re.compile(r"([〇一二三四五六七八九十]{1,3})(?=丁目)")
_COUNTERS = re.compile(r"(?<=\d)\s*(?:丁目|番地の|番地|番|号室|号棟|号|階|室|棟|f\b|の|ノ|之)")
_BETWEEN = re.compile(r"(?<=\d)\s*[-ー‐‑–—―−ｰ~]\s*(?=\d)")
_JAPANESE_VARIANTS = str.maketrans("ヶヵ髙﨑邊邉澤濵濱廣國嶋瀧", "ケカ高崎辺辺沢浜浜広国島滝")
_AZA = re.compile(r"大字|(?<=[市区町村郡])字")
_PREFECTURE = re.compile(r"^(?:東京都|北海道|大阪府|京都府|(?:神奈川|和歌山|鹿児島|.{2})県)")
_MUNICIPALITY = re.compile(r"^.+?[市区町村郡](?:.{1,6}?区)?")
_SHORTEST_HEAD = 2
_FEWEST_BEFORE_A_CUT = 3


@dataclass(frozen=True)
class _Japanese:
    head: str = ""
    numbers: tuple[str, ...] = ()
    open_ended: bool = False

    @once
    def prefecture(self) -> str:
        found = _PREFECTURE.match(self.head)
        return found[0] if found else ""

    @once
    def local(self) -> str:
        return self.head.removeprefix(self.prefecture)

    @property
    def municipality(self) -> str:
        found = _MUNICIPALITY.match(self.local)
        return found[0] if found else ""

    @property
    def town(self) -> str:
        return self.local.removeprefix(self.municipality)


def _japanese(text: str) -> _Japanese:
    narrow = _plain(text).translate(_JAPANESE_VARIANTS)
    counted = _CHOME.sub(lambda found: str(_number(found[1])), narrow)
    plain = _BETWEEN.sub("-", _COUNTERS.sub("-", _AZA.sub("", counted)))
    plain = _CUT_BY_MASK.split(plain, maxsplit=1)[0]
    head, numbers = re.match(r"(\D*)(.*)", plain, re.DOTALL).groups()  # type: ignore[union-attr]
    letters = "".join(filter(str.isalnum, head))
    found = tuple(number.lstrip("0") or "0" for number in _DIGITS.findall(numbers))
    return _Japanese(letters, found, plain[-1:].isdecimal())


def _number(kanji: str) -> int:
    """The number that is written in kanji, below a hundred."""
    tens, ten, ones = kanji.rpartition("十")
    if not ten:
        return int("".join(str(_KANJI_DIGITS[one]) for one in kanji))
    return (_KANJI_DIGITS.get(tens, 1) if tens else 1) * 10 + (_KANJI_DIGITS[ones] if ones else 0)


def _compare_japanese(row: _Japanese, stored: _Japanese) -> int:
    if row.prefecture and stored.prefecture and row.prefecture != stored.prefecture:
        return AGAINST
    short, long = sorted((row.head, stored.head), key=len)
    if len(short) >= _SHORTEST_HEAD and long.endswith(short):
        return _compare_numbers(row, stored)
    if len(short) < _SHORTEST_HEAD or short in long or row.local in stored.local or stored.local in row.local:
        return SILENT
    if row.municipality and stored.municipality and row.municipality != stored.municipality:
        return AGAINST if not _ends_alike(row.municipality, stored.municipality) else SILENT
    if row.town and stored.town and row.municipality == stored.municipality and not _ends_alike(row.town, stored.town):
        return AGAINST
    return SILENT


def _ends_alike(one: str, other: str) -> bool:
    short, long = sorted((one, other), key=len)
    return long.endswith(short)


def _compare_numbers(row: _Japanese, stored: _Japanese) -> int:
    if not row.numbers or not stored.numbers:
        return STREET if row.town or stored.town else SILENT
    short, long = sorted((row.numbers, stored.numbers), key=len)
    if long[: len(short)] == short and (len(short) > 1 or len(long) == 1):
        return HOUSE
    if row.open_ended and len(row.numbers) > _FEWEST_BEFORE_A_CUT and _is_cut_off(row.numbers, stored.numbers):
        return HOUSE
    return STREET if len(short) == 1 and long[0] == short[0] else AGAINST


# Latin letters: words and numbers in whatever order the country writes them.

_KINDS = {
    "street": "st", "road": "rd", "avenue": "ave", "av": "ave", "boulevard": "blvd", "lane": "ln", "drive": "dr", "court": "ct",
    "crescent": "cres", "square": "sq", "place": "pl", "terrace": "ter", "highway": "hwy", "parkway": "pkwy", "strasse": "str",
}  # fmt: skip
_GENERIC = frozenset(_KINDS.values()) | {
    "way", "row", "ro", "gil", "daero", "rue", "calle", "via", "the", "de", "la", "du", "des", "of", "and", "str", "apt", "apartment",
    "unit", "flat", "suite", "ste", "floor", "fl", "no", "room", "rm", "building", "bldg", "og", "etage", "bis", "hinterhaus",
}  # fmt: skip
_STUCK_STREET = re.compile(r"(?<=[a-z]{3})(?:strasse|straße|str)\b")


@dataclass(frozen=True)
class _Latin:
    words: frozenset[str] = frozenset()
    numbers: tuple[str, ...] = ()


def _latin(text: str) -> _Latin:
    plain = normalize("NFD", _STUCK_STREET.sub("str", _MASKED.sub(" ", _plain(text))))
    parts = re.findall(r"[^\W\d_]+|\d+", "".join(c for c in plain if not combining(c)))
    words = frozenset(_KINDS.get(part, part) for part in parts if not part.isdecimal())
    return _Latin(words, tuple(part for part in parts if part.isdecimal()))


def _compare_latin(row: StoredAddress, stored: StoredAddress) -> int:
    around = _latin(" ".join((stored.city, stored.region, row.city, row.region)))
    names = [form.words - _GENERIC - around.words for form in (row.latin, stored.latin)]
    if not all(names):
        return SILENT
    if not names[0] & names[1]:
        return AGAINST
    postal = {postal_of(row), postal_of(stored)}
    one, other = ([number for number in form.numbers if number not in postal] for form in (row.latin, stored.latin))
    if not one or not other:
        return STREET
    return HOUSE if _same_or_part(one, other) else AGAINST
