"""One cell: the text it is understood as, and the value it has, or the reason why it has none."""

import contextlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import normalize
from zoneinfo import ZoneInfo

from core.domain.carriers import Rules
from core.domain.no_number import EXCEL_ERRORS
from core.domain.reasons import Names, Why
from core.domain.shipment import Kind
from core.domain.shop_numbers import without_decimals
from core.domain.texts import cleaned
from core.domain.weights import GRAMS_IN
from core.files.countries import country_code, country_name, likely_countries
from core.files.reasons import CellTrouble
from core.services.importing.columns import COLUMNS, Form, ImportColumn
from core.services.importing.mapping import ColumnMapping, blank_key
from core.services.importing.reasons import CellFault

FIRST_YEAR, LAST_YEAR = 1970, 2100


class CellMoment(NamedTuple):
    """A moment in UTC; `whole_day` when the cell held a date only, `zoned` when it named its zone."""

    at: datetime
    whole_day: bool
    zoned: bool


@dataclass(frozen=True)
class CellReader:
    """What reading depends on: the mapping, the shop's zone and the rules. Parsed once per distinct text."""

    mapping: ColumnMapping
    zone: ZoneInfo
    rules: Rules

    def parser(self, name: str) -> Callable[[str], Any]:
        """From the cleaned text of a cell in our column to its value, or why it has none; "" is never asked."""
        column = COLUMNS[name]
        translated = self.mapping.values.get(name, {})
        parse, longest = self._parser(column), column.longest

        def read(text: str) -> Any:
            if translated:
                text = translated.get(blank_key(text), text)
            if (text[0] == "#" or not text.isascii()) and (fault := _destroyed(text)):
                return fault
            if len(text) > longest:
                return CellFault.TOO_LONG(count=len(text), longest=longest)
            return parse(text)

        return read

    def doubter(self, name: str) -> Callable[[str], Why | None] | None:
        """From a text with a value to what is doubtful about it, None for nothing; None for a column without such doubts."""
        if COLUMNS[name].form is not Form.DATE:
            return None
        formats, zone = self.mapping.formats_of(name), self.mapping.zone or self.zone
        return lambda text: two_days(text, formats, zone, self.zone)

    def _parser(self, column: ImportColumn) -> Callable[[str], Any]:
        match column.form:
            case Form.NUMBER:
                return identification
            case Form.INVOICE_NO:
                return invoice_no
            case Form.LINES:
                return lines
            case Form.MOMENT:
                formats = self.mapping.formats_of(column.name)
                return _moments(formats, self.mapping.zone or self.zone, self.zone)
            case Form.DATE:
                formats = self.mapping.formats_of(column.name)
                return lambda text: day(text, formats)
            case Form.KIND:
                return kind
            case Form.WEIGHT:
                return lambda text: grams(text, self.mapping.weight_unit)
            case Form.MONEY:
                return money
            case Form.CURRENCY:
                return currency
            case Form.COUNTRY:
                return country
            case Form.QUANTITY:
                return quantity
            case Form.CARRIER:
                return lambda text: carrier(text, self.rules)
            case _:
                return one_line


def clean(text: str) -> str:
    """The cell without blanks at its ends, and without what nobody can see or store."""
    return cleaned(text).strip()


def one_line(text: str) -> str:
    """The text with every run of white space as one blank."""
    return " ".join(text.split())


def lines(text: str) -> str:
    """The text with its lines, each trimmed."""
    return "\n".join(" ".join(line.split()) for line in text.splitlines()).strip("\n")


def identification(text: str) -> str | Why:
    """A number of letters and digits in one width, as it is searched; leading zeros stay."""
    if text.isalnum() and text.isascii():
        return text
    narrow = one_line(text if text.isascii() else normalize("NFKC", text))
    if "E+" in narrow.upper() and _SHORTENED.fullmatch(narrow.replace(" ", "").upper()):
        return CellFault.SHORTENED(text=narrow)
    if fault := _decimals(narrow):
        return fault
    if not any(map(str.isalnum, narrow)):
        return CellFault.NOTHING_TO_READ(text=narrow)
    return narrow


def invoice_no(text: str) -> str | Why:
    """An Invoice No. as it is written, on one line."""
    return _decimals(text) or one_line(text)


def _decimals(text: str) -> Why | None:
    whole = without_decimals(text)
    return CellFault.DECIMALS(text=text, whole=whole) if whole else None


def moment(text: str, formats: tuple[str, ...], zone: ZoneInfo, shop_zone: ZoneInfo) -> CellMoment | Why:
    """A moment in ISO 8601 or one of `formats`; without a zone it is in `zone`. A date alone is that day's start in the shop's."""
    found = _in_our_time(text, formats)
    if isinstance(found, Why):
        return found
    when, whole_day = found
    if when.tzinfo:
        return CellMoment(when.astimezone(UTC), False, True)
    if whole_day:
        return CellMoment(when.replace(tzinfo=shop_zone).astimezone(UTC), True, False)
    offset = offset_of_day(when.date(), zone)
    if offset is not None:
        return CellMoment((when - offset).replace(tzinfo=UTC), False, False)
    at = when.replace(tzinfo=zone).astimezone(UTC)
    if at.astimezone(zone).replace(tzinfo=None) != when:
        return CellFault.SKIPPED_TIME(zone=zone.key, text=text)
    return CellMoment(at, False, False)


@lru_cache(maxsize=20_000)
def offset_of_day(of: date, zone: ZoneInfo) -> timedelta | None:
    """The zone's offset from UTC all day long; None on a day when the clocks change."""
    midnight = datetime(of.year, of.month, of.day, tzinfo=zone)
    offsets = {(midnight + timedelta(hours=hours)).utcoffset() for hours in (-3, 0, 12, 27)}
    return offsets.pop() if len(offsets) == 1 else None


def _moments(formats: tuple[str, ...], zone: ZoneInfo, shop_zone: ZoneInfo) -> Callable[[str], CellMoment | Why]:
    """`moment`, quick for `2026-11-23T10:00:00` on a day that was met before and has one offset from UTC."""
    offsets: dict[str, timedelta] = {}

    def read(text: str) -> CellMoment | Why:
        offset = offsets.get(text[:10])
        if offset is not None and len(text) == 19 and text[10] in "T " and text[13] == text[16] == ":" and text.isascii():
            with contextlib.suppress(ValueError):
                return CellMoment(datetime.fromisoformat(text + "+00:00") - offset, False, False)
        found = moment(text, formats, zone, shop_zone)
        if isinstance(found, CellMoment) and _ISO.fullmatch(text) and not found.zoned and not found.whole_day:
            day_offset = offset_of_day(date.fromisoformat(text[:10]), zone)
            if day_offset is not None:
                offsets[text[:10]] = day_offset
        return found

    return read


def day(text: str, formats: tuple[str, ...]) -> date | Why:
    """The day as it is written, a day of the shop, whatever time and zone are written behind it."""
    found = _in_our_time(text, formats)
    return found if isinstance(found, Why) else found[0].date()


def two_days(text: str, formats: tuple[str, ...], zone: ZoneInfo, shop_zone: ZoneInfo) -> Why | None:
    """The doubt when the text is a moment on another day in the shop's zone, and neither starts nor ends its own; else None."""
    found = _in_our_time(text, formats)
    if isinstance(found, Why) or (found[0].hour, found[0].minute) == (23, 59) or found[0].time() == time():
        return None
    written = found[0] if found[0].tzinfo else found[0].replace(tzinfo=zone)
    other = written.astimezone(shop_zone).date()
    if other == written.date():
        return None
    return CellFault.TWO_DAYS(text=text, written=written, other=other, zone=shop_zone.key)


def _in_our_time(text: str, formats: tuple[str, ...]) -> tuple[datetime, bool] | Why:
    found = date_and_time(text, formats)
    if isinstance(found, Why) or FIRST_YEAR <= found[0].year <= LAST_YEAR:
        return found
    return CellFault.STRANGE_YEAR(text=text, year=found[0].year)


def kind(text: str) -> Kind | Why:
    found = _KINDS.get(blank_key(normalize("NFKC", text)))
    return found or CellFault.NO_KIND(text=text)


def grams(text: str, unit: str) -> int | Why:
    number = _number(text, "weight")
    if isinstance(number, Why):
        return number
    weight = (number * Decimal(str(GRAMS_IN[unit]))).quantize(Decimal(1), ROUND_HALF_UP)
    return int(weight) if weight <= 2_000_000_000 else CellFault.TOO_HEAVY(text=text, unit=unit)


def money(text: str) -> Decimal | Why:
    number = _number(text, "amount")
    if isinstance(number, Why):
        return number
    amount = number.quantize(Decimal("0.01"), ROUND_HALF_UP)
    return amount if amount < 10**10 else CellFault.TOO_MUCH(text=text)


def currency(text: str) -> str | Why:
    code = normalize("NFKC", text).upper()
    return code if _CURRENCY.fullmatch(code) else CellFault.NO_CURRENCY(text=text)


def country(text: str) -> str | Why:
    """The country's code of two letters."""
    code = country_code(text)
    if code:
        return code
    likely = [(code, country_name(code)) for code in likely_countries(text)]
    if not likely:
        return CellFault.NO_COUNTRY(text=text)
    (code, name), choices = likely[0], Names(f"{code} ({name})" for code, name in likely)
    return CellFault.LIKELY_COUNTRY(text=text, name=name, code=code, choices=choices, count=len(likely))


def quantity(text: str) -> int | Why:
    found = _WHOLE.fullmatch(normalize("NFKC", text))
    number = int(found[1]) if found else 0
    if 0 < number < 2**31:
        return number
    return CellFault.NO_QUANTITY(text=text)


def carrier(text: str, rules: Rules) -> str | Why:
    """The carrier's code."""
    found = rules.named(text)
    if found:
        return found.code
    if near := rules.nearest(text):
        return CellFault.UNKNOWN_COMPANY("near", text=text, near=near.name)
    return CellFault.UNKNOWN_COMPANY("alone", text=text, companies=rules.companies)


def _destroyed(text: str) -> Why | None:
    if text.upper() in EXCEL_ERRORS:
        return CellTrouble.EXCEL_ERROR(text=text)
    if len(text) >= 4 and not text.strip("#"):
        return CellFault.TOO_NARROW()
    return CellFault.DAMAGED(text=one_line(text)[:40]) if "\ufffd" in text else None


def date_and_time(text: str, formats: tuple[str, ...]) -> tuple[datetime, bool] | Why:
    """The date and time as written, and whether it is a date only; in ISO 8601 or one of `formats`."""
    narrow = text if text.isascii() else normalize("NFKC", text)
    if found := _ISO.fullmatch(narrow):
        zone = "Z" if found["zone"] in ("UTC", "GMT") else found["zone"] or ""
        try:
            return datetime.fromisoformat(found["day"] + (found["time"] or "") + zone), not found["time"]
        except ValueError:
            return CellFault.NO_DATE_THAT_EXISTS(text=narrow)
    narrow = one_line(narrow)
    readings = {reading for form in formats if (reading := _by_format(narrow, form))}
    if len(readings) == 1:
        return readings.pop()
    if readings:
        days = Names(sorted(f"{when:%Y-%m-%d %H:%M}" for when, _ in readings))
        return CellFault.SEVERAL_DATES(text=narrow, readings=days)
    return _unreadable_date(narrow, formats)


def _by_format(text: str, form: str) -> tuple[datetime, bool] | None:
    try:
        return datetime.strptime(text, form), not _TIME_IN_FORMAT.search(form)  # noqa: DTZ007
    except ValueError:
        return None


def _unreadable_date(text: str, formats: tuple[str, ...]) -> Why:
    if _NUMERIC_DATE.fullmatch(text) and not formats:
        return CellFault.DAY_OR_MONTH(text=text)
    if text.isdecimal() and len(text) == 5:
        return CellFault.EXCEL_DAY(text=text)
    accepted = Names(["2026-11-23", *map(example, formats)])
    return CellFault.NO_DATE(text=text[:40], accepted=accepted)


def example(form: str) -> str:
    """A date in that format, for a sentence."""
    return datetime(2026, 11, 23, 14, 5, tzinfo=UTC).strftime(form)


def _number(text: str, what: str) -> Decimal | Why:
    narrow = normalize("NFKC", text).replace(" ", "").replace("\u00a0", "")
    if _PLAIN.fullmatch(narrow) or _GROUPED.fullmatch(narrow):
        return Decimal(narrow.replace(",", ""))
    if _SCIENTIFIC.fullmatch(narrow.upper()) and len(narrow) < 30:
        return Decimal(narrow)
    if narrow.startswith("-") and _PLAIN.fullmatch(narrow[1:]):
        return CellFault.BELOW_ZERO(what, text=text)
    if _COMMA.fullmatch(narrow):
        return CellFault.COMMA(text=text)
    return CellFault.NO_NUMBER(what, text=text[:60])


_SHORTENED = re.compile(r"\d([.,]\d+)?E\+\d+", re.ASCII)
_ISO = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)"
    r"((?P<time>[T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?)( ?(?P<zone>Z|UTC|GMT|[+-]\d\d(:?\d\d)?))?)?",
    re.ASCII,
)
_TIME_IN_FORMAT = re.compile(r"%[HIMSpfzXc]", re.ASCII)
_NUMERIC_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}\b.*", re.ASCII)
_COMMA = re.compile(r"\d+,\d+", re.ASCII)
_PLAIN = re.compile(r"\d+(\.\d*)?|\.\d+", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(,\d{3})*,\d{3}\.\d+|\d{1,3}(,\d{3}){2,}", re.ASCII)
_SCIENTIFIC = re.compile(r"\d(\.\d+)?E[+-]?\d{1,2}", re.ASCII)
_WHOLE = re.compile(r"0*(\d{1,12})(\.0+)?", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}")
_KINDS = {
    **dict.fromkeys(
        ("standard", "general", "standard order shipment", "일반", "일반 주문 배송", "通常", "通常出荷", "一般"), Kind.STANDARD
    ),
    **dict.fromkeys(
        ("exchange", "claim", "exchange shipment", "교환", "교환 배송", "클레임", "交換", "交換出荷", "クレーム"), Kind.EXCHANGE
    ),
}
