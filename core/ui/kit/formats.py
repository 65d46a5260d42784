"""How counts, moments and durations are written on screen."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import streamlit as st

from core.domain.periods import day_in_words, short_day
from core.domain.reasons import Reason, Why
from core.domain.shipment import Address
from core.files.countries import country_name


class DurationText(Reason):
    """How long something took or lasts, or how far two shares are apart, in a table's room."""

    SECONDS = "seconds", "{number} s"
    MINUTES = "minutes", "{number} min"
    HOURS = "hours", "{number} h"
    DAYS = "days", "{days} d {hours} h"
    CLOSELY = "closely", "{hours} h {minutes} min"
    IN_HOURS = "in_hours", "{number:.1f} h"
    IN_DAYS = "in_days", "{number:,.1f} days"
    SO_FAR = "so_far", "{duration} so far"
    POINTS = "points", {"short": "{number:.1f} points", "full": "{number:.1f} percentage points"}


def viewer_zone(shop: ZoneInfo) -> ZoneInfo:
    """The viewer's time zone, or the shop's when the browser does not say."""
    try:
        return ZoneInfo(st.context.timezone or "")
    except (ZoneInfoNotFoundError, ValueError):
        return shop


def moment(at: datetime | None, zone: ZoneInfo, now: datetime) -> str:
    """`16 Nov 09:12`, with the year when it is not this one; a dash for none."""
    if at is None:
        return "–"
    local, today = at.astimezone(zone), now.astimezone(zone)
    return f"{day(local.date(), today.date())} {local:%H:%M}"


def short_moment(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """For lists: as `moment` this year, and the day alone of another year, so that it is never cut."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    return short_day(local.date(), f"{local:%H:%M}") if local.year == today.year else day(local.date(), today)


def hour(at: datetime, zone: ZoneInfo, now: datetime, *, seconds: bool = False) -> str:
    """`14:20` today, as `moment` on another day; `seconds` for what is measured in them."""
    local = at.astimezone(zone)
    if local.date() != now.astimezone(zone).date():
        return moment(at, zone, now)
    return f"{local:%H:%M:%S}" if seconds else f"{local:%H:%M}"


def day(when: date | None, today: date) -> str:
    """`16 Nov`, with the year when it is not this one; a dash for none."""
    if when is None:
        return "–"
    return day_in_words(when, today)


def clock(now: datetime, zone: ZoneInfo) -> str:
    """`18:42:10 KST`"""
    return f"{now.astimezone(zone):%H:%M:%S %Z}"


def duration(span: timedelta) -> str:
    """`20 s`, `46 min`, `27 h` under two days, then `5 d 11 h`."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return str(DurationText.SECONDS(number=seconds))
    if seconds < 3600:
        return str(DurationText.MINUTES(number=seconds // 60))
    if seconds < 48 * 3600:
        return str(DurationText.HOURS(number=seconds // 3600))
    days, rest = divmod(seconds, 24 * 3600)
    return str(DurationText.DAYS(days=days, hours=rest // 3600))


def closely(span: timedelta) -> str:
    """As `duration`, but with minutes up to two days: `9 h 36 min`."""
    minutes = max(0, int(span.total_seconds())) // 60
    if 60 <= minutes < 48 * 60:
        return str(DurationText.CLOSELY(hours=minutes // 60, minutes=minutes % 60))
    return duration(span)


def count(number: int) -> str:
    """`1,284`"""
    return f"{number:,}"


def facts(*parts: str | Why | None) -> str:
    """Facts that are whole by themselves, side by side: `CJ Logistics · 632976615493 · 3 events`; what is empty is left out."""
    return " · ".join(str(part) for part in parts if part)


def place(city: str, country: str) -> str:
    """`Milan, IT`; the country's name when there is no city."""
    return f"{city}, {country}" if city else country_name(country)


def address(where: Address) -> list[str]:
    """Whom and where to, a line each; what is empty is left out."""
    city = " ".join(part for part in (where.postal_code, where.city, where.region) if part)
    return [line for line in (where.recipient, where.address, city, country_name(where.country), where.phone) if line]


def plain(text: str) -> str:
    """The text so that Markdown shows it as it is."""
    return "".join(f"\\{c}" if c in _MARKDOWN else c for c in text).replace("\n", " ")


_MARKDOWN = set("\\`*_{}[]()#+-.!|<>~$:&=^")
