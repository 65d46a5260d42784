"""What stands where an invoice number belongs and is something else: an amount, a day, a link, an address, two numbers."""

import re
from datetime import date
from unicodedata import category, normalize

from core.domain.number_faults import NumberFault
from core.domain.reasons import Why

LONGEST_SHOWN = 40
SHORTEST_IN_A_LIST = 5
SHORTEST_BESIDE_A_BLANK = 10
FEWEST_DIGITS_OF_A_NUMBER = 8

_FORMS: tuple[tuple[NumberFault, re.Pattern[str]], ...] = tuple(
    (reason, re.compile(pattern, re.IGNORECASE | re.ASCII))
    for reason, pattern in (
        (NumberFault.FORMULA_ERROR, r"#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA)|#{4,}|=[A-Z]+\(.*"),
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
_SEPARATORS = re.compile(r"[,;/|&、،\n\r\v\f\x85\u2028\u2029]+")
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
    return sum(category(character) == "Lo" for character in text)
