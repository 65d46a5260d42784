"""Days in the shop's zone: the period that a figure is of, and how days are written."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from core.domain.errors import Refused
from core.domain.figures import NORM_DAYS, Cohort, Unanswerable
from core.domain.language import Vocabulary
from core.domain.reasons import Reason

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(9000, 1, 1)
"""The days that can be asked for: what lies beyond them has no midnight in every zone."""


@dataclass(frozen=True)
class Period:
    """Whole days in the shop's zone, both ends included; `cohort` says which of a shipment's days puts it in.

    Raises Refused when it ends before it begins.
    """

    first: date
    last: date
    cohort: Cohort = Cohort.ORDERED

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise Refused(Unanswerable.ENDS_BEFORE(), "period")

    @property
    def days(self) -> int:
        """How many days it has, both ends included."""
        return (self.last - self.first).days + 1

    @property
    def after(self) -> date:
        """The day after it."""
        return day_after(self.last)

    @property
    def back(self) -> int:
        """How many days earlier the period before begins: whole weeks, since no Sunday is to be compared with a Monday."""
        return -(-self.days // 7) * 7

    def before(self) -> "Period":
        """The same length and the same days of the week just before; shorter where the calendar begins."""
        first, last = (max(day.toordinal() - self.back, FIRST_DAY.toordinal()) for day in (self.first, self.last))
        return Period(date.fromordinal(first), date.fromordinal(last), self.cohort)

    def norm(self) -> "Period":
        """The days before that a norm is taken from."""
        return Period(self.first, self.first + timedelta(days=NORM_DAYS - 1), self.cohort).before()

    @classmethod
    def up_to(cls, last: date, days: int, cohort: Cohort = Cohort.ORDERED) -> "Period":
        """So many days, ending with this one."""
        return cls(last - timedelta(days=days - 1), last, cohort)


class NamedDays(StrEnum):
    """Days that are called by a name, seen from today; the values are what links and the command line carry."""

    TODAY = "today"
    LAST_7_DAYS = "last-7-days"
    THIS_WEEK = "since-monday"
    THIS_MONTH = "this-month"
    LAST_MONTH = "last-month"

    def of(self, today: date) -> tuple[date, date]:
        """The first and the last of them. The last 7 days are whole ones: today is not over."""
        first_of_month = today.replace(day=1)
        match self:
            case NamedDays.LAST_7_DAYS:
                return today - timedelta(days=7), today - timedelta(days=1)
            case NamedDays.THIS_WEEK:
                return today - timedelta(days=today.weekday()), today
            case NamedDays.THIS_MONTH:
                return first_of_month, today
            case NamedDays.LAST_MONTH:
                last = first_of_month - timedelta(days=1)
                return last.replace(day=1), last
        return today, today


NAMED_DAYS: Vocabulary[NamedDays] = Vocabulary(
    {
        NamedDays.TODAY: "Today",
        NamedDays.LAST_7_DAYS: "Last 7 days",
        NamedDays.THIS_WEEK: "This week",
        NamedDays.THIS_MONTH: "This month",
        NamedDays.LAST_MONTH: "Last month",
    }
)


def day_after(day: date) -> date:
    """The next day; the day itself where the calendar ends."""
    return min(day, date.max - timedelta(days=1)) + timedelta(days=1)


class CalendarText(Reason):
    """How days are written: `month` is the month's name, `number` its number."""

    DAY = "day", {"this_year": "{day} {month}", "other_year": "{day} {month} {year}"}
    SHORT = "short", "{day:d} {month}"
    SHORT_MOMENT = "short_moment", "{day:d} {month} {time}"
    MONTH = "month", "{month} {year}"
    DAYS = (
        "days",
        {
            "this_year": "{first} – {last} {month}",
            "other_year": "{first} – {last} {month} {year}",
            "months": "{first} – {last}",
        },
    )


MONTHS = Vocabulary(
    {
        1: "Jan",
        2: "Feb",
        3: "Mar",
        4: "Apr",
        5: "May",
        6: "Jun",
        7: "Jul",
        8: "Aug",
        9: "Sep",
        10: "Oct",
        11: "Nov",
        12: "Dec",
    }
)


def day_in_words(day: date, today: date) -> str:
    """`16 Nov`, with the year when it is not this one."""
    return str(CalendarText.DAY(_year(day, today), day=day.day, **_month(day)))


def short_day(day: date, time: str = "") -> str:
    """`16 Nov` where there is no room for more, `16 Nov 09:12` with a time."""
    return str(
        CalendarText.SHORT_MOMENT(day=day.day, time=time, **_month(day))
        if time
        else CalendarText.SHORT(day=day.day, **_month(day))
    )


def month_in_words(day: date) -> str:
    """`Nov 2026`"""
    return str(CalendarText.MONTH(**_month(day)))


def days_in_words(first: date, last: date, today: date) -> str:
    """`9 – 22 Nov`, `26 Oct – 8 Nov`, `9 Nov` of one day; with the year when it is not this one."""
    if first == last:
        return day_in_words(last, today)
    if (first.year, first.month) == (last.year, last.month):
        return str(CalendarText.DAYS(_year(last, today), first=first.day, last=last.day, **_month(last)))
    return str(CalendarText.DAYS("months", first=day_in_words(first, today), last=day_in_words(last, today)))


def _year(day: date, today: date) -> str:
    return "this_year" if day.year == today.year else "other_year"


def _month(day: date) -> dict[str, str | int]:
    return {"month": MONTHS[day.month], "number": day.month, "year": day.year}
