"""Texts that need no second look, read all at once; one by one `core.services.importing.cells` gives them the same values."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from core.domain.clock import EPOCH
from core.services.importing.cells import FIRST_YEAR, LAST_YEAR, offset_of_day
from core.services.importing.columns import Form

Flags = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]
Bytes = npt.NDArray[np.uint8]

TYPES: dict[Form, pa.DataType] = {
    Form.MOMENT: pa.int64(),  # microseconds since 1970
    Form.DATE: pa.date32(),
    Form.WEIGHT: pa.int32(),
    Form.MONEY: pa.decimal128(12, 2),
    Form.QUANTITY: pa.int32(),
}
"""What the values of a column are; of those that are missing here, texts."""

PLAIN_LETTERS = "가-힣ぁ-ゖァ-ヺー一-鿿À-ÖØ-öø-ÿ"
_TEXT = rf'^[!"$-<>-~{PLAIN_LETTERS}][!-~{PLAIN_LETTERS}]*(?: [!-~{PLAIN_LETTERS}]+)*$'
_DAY = r"\d{4}-\d\d-\d\d"
_FORMS = {
    Form.NUMBER: r"^\+?[0-9A-Za-z](?: ?[!-*,\-/-~])*$",
    Form.INVOICE_NO: "^[0-9A-Za-z]+$",
    Form.TEXT: _TEXT,
    Form.LINES: _TEXT,
    Form.MOMENT: rf"^{_DAY}[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?$",
    Form.DATE: f"^{_DAY}$",
}
_WITH_SECONDS = tuple(19 + len(zone) for zone in ("", "Z", "+09:00"))
_SECOND = 1_000_000
_DAY_LONG = 86_400 * _SECOND
NEVER = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Plain:
    """The values of texts, and which of them were plain; the values of others mean nothing."""

    values: pa.Array
    plain: Flags


def read_plain(form: Form, texts: pa.Array, longest: int, zone: ZoneInfo) -> Plain:
    """What the plain ones of these texts mean in a column of this form; `zone` is that of times without one."""
    if form not in _FORMS:
        return Plain(pa.nulls(len(texts), TYPES.get(form, pa.string())), np.zeros(len(texts), np.bool_))
    fits = pc.and_(
        pc.match_substring_regex(texts, _FORMS[form]), pc.less_equal(pc.utf8_length(texts), pa.scalar(longest, pa.int32()))
    )
    plain = flags(fits)
    if form is Form.MOMENT:
        values, plain = _by_length(texts, plain, zone)
        return Plain(pa.array(values), plain)
    if form is Form.DATE:
        values, plain = _by_length(texts, plain, None)
        return Plain(pa.array((values // _DAY_LONG).astype(np.int32)).cast(pa.date32()), plain)
    return Plain(texts, plain)


def flags(values: pa.Array) -> Flags:
    """The truth values as an array of numpy."""
    found: Flags = values.to_numpy(zero_copy_only=False).astype(np.bool_)
    return found


def _by_length(texts: pa.Array, plain: Flags, zone: ZoneInfo | None) -> tuple[Ints, Flags]:
    """The moments of these texts in microseconds, and which of them exist."""
    found, exist = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.bool_)
    lengths = pc.binary_length(texts).to_numpy(zero_copy_only=False)
    for length in np.flatnonzero(np.bincount(lengths[plain])):
        at = np.flatnonzero(plain & (lengths == length))
        found[at], exist[at] = _moments(same_length(texts.take(pa.array(at)), int(length)), zone)
    return found, exist


def same_length(texts: pa.Array, length: int) -> Bytes:
    """The bytes of texts that have the same length, a row for each."""
    starts = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset : texts.offset + len(texts) + 1]
    return np.frombuffer(texts.buffers()[2], np.uint8)[starts[0] : starts[-1]].reshape(-1, length)


def _moments(written: Bytes, zone: ZoneInfo | None) -> tuple[Ints, Flags]:
    year, month, day = _number(written, 0, 4), _number(written, 5, 2), _number(written, 8, 2)
    exist = (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12)
    months = (np.where(exist, year, FIRST_YEAR) - 1970) * 12 + np.where(exist, month, 1) - 1
    first, after = (m.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64) for m in (months, months + 1))
    days = first + day - 1
    exist &= (day >= 1) & (days < after)
    length = written.shape[1]
    if length == len("2026-11-23"):
        return days * _DAY_LONG, exist
    to_seconds = length in _WITH_SECONDS
    hour, minute = _number(written, 11, 2), _number(written, 14, 2)
    second = _number(written, 17, 2) if to_seconds else np.zeros(len(written), np.int64)
    exist &= (hour < 24) & (minute < 60) & (second < 60)
    offset, known = _offsets(written[:, 19 if to_seconds else 16 :], days, exist, zone)
    return (((days * 24 + hour) * 60 + minute) * 60 + second - offset) * _SECOND, exist & known


def _offsets(zones: Bytes, days: Ints, exist: Flags, zone: ZoneInfo | None) -> tuple[Ints, Flags]:
    """Seconds that the written zone, or else `zone` on that day, is ahead of UTC; and where that is known."""
    if zones.shape[1] == len("Z"):
        return np.zeros(len(zones), np.int64), np.ones(len(zones), np.bool_)
    if zones.shape[1]:
        hour, minute = _number(zones, 1, 2), _number(zones, 4, 2)
        sign = np.where(zones[:, 0] == ord("-"), -1, 1)
        return sign * (hour * 3600 + minute * 60), (hour < 24) & (minute < 60)
    distinct, which = np.unique(np.where(exist, days, 0), return_inverse=True)
    offsets = [_offset(int(one), zone) for one in distinct]
    seconds = np.array([0 if one is None else one // timedelta(seconds=1) for one in offsets], np.int64)
    return seconds[which], np.array([one is not None for one in offsets], np.bool_)[which]


def _offset(day: int, zone: ZoneInfo | None) -> timedelta | None:
    return offset_of_day(EPOCH.date() + timedelta(days=day), zone) if zone else None


def _number(written: Bytes, start: int, count: int) -> Ints:
    number = np.zeros(len(written), np.int64)
    for at in range(start, start + count):
        number = number * 10 + written[:, at] - ord("0")
    return number


def local_days(moments: Ints, zone: ZoneInfo) -> Ints:
    """The days of these moments in the zone, counted from the first of 1970."""
    distinct, which = np.unique(moments // _DAY_LONG, return_inverse=True)
    offsets = [_steady_offset(int(day), zone) for day in distinct]
    seconds = np.array([0 if one is None else one // timedelta(seconds=1) for one in offsets], np.int64)
    days: Ints = (moments + seconds[which] * _SECOND) // _DAY_LONG
    for at in np.flatnonzero(np.array([one is None for one in offsets], np.bool_)[which]):
        local = (EPOCH + timedelta(microseconds=int(moments[at]))).astimezone(zone)
        days[at] = (local.date() - EPOCH.date()).days
    return days


def _steady_offset(day: int, zone: ZoneInfo) -> timedelta | None:
    """The zone's offset on this day of UTC where that is the same on the days around it."""
    offsets = {_offset(day + by, zone) for by in (-1, 0, 1)}
    return offsets.pop() if len(offsets) == 1 else None
