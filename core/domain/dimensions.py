"""The kinds of dimensions that shipments are chosen by: how each is said in a link, in words, and which values it has."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from typing import Any, TypeVar

from core.domain.carriers import Rules
from core.domain.figures import DEFINITIONS, Cohort, Figure, Part
from core.domain.language import worded
from core.domain.periods import FIRST_DAY, LAST_DAY, Period, day_in_words, days_in_words
from core.domain.reasons import Reason, Why
from core.domain.search import KEYS, MAX_SEARCH_VALUES, Search, SearchKey, search_values

E = TypeVar("E", bound=Enum)
Link = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Wording:
    """What values are said with: the shop's day, and by dimension the names of values that the shop gives them."""

    today: date
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: Rules, countries: Mapping[str, str], today: date) -> "Wording":
        """With the companies' names by the rules in force, and those of the countries."""
        return cls(today, {"carrier": {code: carrier.name for code, carrier in rules.carriers.items()}, "country": countries})


@dataclass(frozen=True)
class Days:
    """Whole days in the shop's zone, both ends included; None: no bound."""

    first: date | None = None
    last: date | None = None


@dataclass(frozen=True)
class Hours:
    """From `low` (included) to `high` (not) hours; None: no bound."""

    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Behind:
    """The shipments behind a figure: those that it counts, is taken over, or leaves out, of the days of the period."""

    figure: Figure
    part: Part
    period: Period


class RangeText(Reason):
    """How a range is said that is open at an end, or that is in hours; in whole days from a week on."""

    FROM = "from", "from {day}"
    UNTIL = "until", "until {day}"
    OVER = "over", {"hours": "for over {count} h", "days": "for over {count} days"}
    UNDER = "under", {"hours": "for under {count} h", "days": "for under {count} days"}
    BETWEEN = "between", "for {low}–{high} h"


class SearchText(Reason):
    """How it is said that several numbers are searched at once."""

    SEVERAL = "several", "{count:,} {key}"


class BehindText(Reason):
    """How the shipments behind a figure are said: of no days, or of those of a cohort."""

    SHIPMENTS = (
        "shipments",
        {
            "of_now": "{figure}: {part}",
            Cohort.ORDERED: "{figure}: {part}, ordered {days}",
            Cohort.PICKED_UP: "{figure}: {part}, picked up {days}",
        },
    )
    REST = "rest", "the rest"
    EXCLUDED = "excluded", "left out of the figure"


@worded("label")
@dataclass(frozen=True, eq=False)
class Dimension(ABC):
    """One thing that shipments are chosen by; `name` is its key in a Selection, `label` what the screen calls it.

    `filters`: whether it leaves shipments out of a view, has a chip, and goes when all filters are cleared.
    """

    name: str
    label: str
    filters: bool = field(default=True, kw_only=True)

    @property
    def nothing(self) -> Any:
        """The value of a selection that does not say any."""
        return None

    @property
    def keys(self) -> tuple[str, ...]:
        """Its parameters in a link."""
        return (self.name,)

    @property
    def cleared(self) -> tuple[str, ...]:
        """Those of them that go when the filter is taken away."""
        return self.keys

    @abstractmethod
    def read(self, link: Link) -> Any:
        """The value that a link says; what it says wrongly is left out."""

    @abstractmethod
    def written(self, value: Any) -> Link:
        """The parameters of a link that say the value."""

    @abstractmethod
    def in_words(self, value: Any, wording: Wording) -> str:
        """The value alone, as definition sheets say it beside the label."""

    def chip(self, value: Any, wording: Wording) -> str:
        """Label and value, as a chip says them."""
        return f"{self.label} {self.in_words(value, wording)}"

    def narrows(self, value: Any) -> bool:
        """Whether the value is a filter that can be taken away."""
        return self.filters and bool(value != self.nothing)


@dataclass(frozen=True, eq=False)
class OneOf(Dimension):
    """One of a closed set of values that stand in the column `name`; `key` is its parameter in a link."""

    names: Mapping[Any, str]
    otherwise: StrEnum | None = None
    key: str = ""

    @property
    def nothing(self) -> StrEnum | None:
        return self.otherwise

    @property
    def keys(self) -> tuple[str, ...]:
        return (self.key or self.name,)

    def read(self, link: Link) -> StrEnum | None:
        said = _first(link, *self.keys)
        return next((value for value in self.names if value == said), self.otherwise)

    def written(self, value: StrEnum | None) -> Link:
        return {self.keys[0]: (str(value),)} if value else {}

    def in_words(self, value: StrEnum | None, wording: Wording) -> str:
        return self.names[value] if value else ""

    def chip(self, value: StrEnum | None, wording: Wording) -> str:
        return self.in_words(value, wording)


@worded("missing")
@dataclass(frozen=True, eq=False)
class AnyOf(Dimension):
    """Any of the values of a column; "" stands for none.

    The values are those of `values`, or, without, those in use. `column` is where they stand when not in the column `name`;
    `filled` says by the value of another column what stands where that is empty. `names` says how values are called, `missing` how
    none is. `offered`: whether it stands under [Optional +]; `splits`: whether figures are split by it.
    """

    values: type[StrEnum] | None = None
    names: Mapping[Any, str] = field(default_factory=dict)
    missing: str = "None"
    column: str = ""
    filled: tuple[str, Mapping[Any, str]] | None = None
    offered: bool = field(default=True, kw_only=True)
    splits: bool = field(default=True, kw_only=True)

    @property
    def nothing(self) -> tuple[str, ...]:
        return ()

    def read(self, link: Link) -> tuple[str, ...]:
        said = dict.fromkeys(link.get(self.name, ()))
        if self.values is None:
            return tuple(said)
        return tuple(text if text == "" else self.values(text) for text in said if text == "" or _one(self.values, text))

    def written(self, value: tuple[str, ...]) -> Link:
        return {self.name: [str(one) for one in value]} if value else {}

    def in_words(self, value: tuple[str, ...], wording: Wording) -> str:
        return ", ".join(self.called(one, wording) for one in value)

    def called(self, value: str, wording: Wording) -> str:
        """What one of its values is called."""
        return wording.names.get(self.name, self.names).get(value, value) or self.missing


@dataclass(frozen=True, eq=False)
class Searched(Dimension):
    """What was typed into the search box; the key stays when the search is taken away."""

    @property
    def nothing(self) -> Search:
        return Search()

    @property
    def keys(self) -> tuple[str, ...]:
        return ("key", "q")

    @property
    def cleared(self) -> tuple[str, ...]:
        return ("q",)

    def read(self, link: Link) -> Search:
        key = _one(SearchKey, _first(link, "key")) or SearchKey.SHIPMENT_NO
        text = "" if key is SearchKey.RECIPIENT else _first(link, "q")
        return Search(key, search_values(text)[:MAX_SEARCH_VALUES])

    def written(self, value: Search) -> Link:
        key = {} if value.key is SearchKey.SHIPMENT_NO else {"key": (str(value.key),)}
        said = value.values and value.key is not SearchKey.RECIPIENT
        return key | ({"q": (",".join(value.values),)} if said else {})

    def in_words(self, value: Search, wording: Wording) -> str:
        return ", ".join(value.values)

    def chip(self, value: Search, wording: Wording) -> str:
        if len(value.values) > 1:
            return str(SearchText.SEVERAL(count=len(value.values), key=KEYS[value.key]))
        return f"{KEYS[value.key]} {value.values[0][:40]}"

    def narrows(self, value: Search) -> bool:
        return bool(value.values)


@dataclass(frozen=True, eq=False)
class DayRange(Dimension):
    """The days of a moment in the column `column`."""

    column: str

    @property
    def nothing(self) -> Days:
        return Days()

    @property
    def keys(self) -> tuple[str, ...]:
        return ("from", "to")

    def read(self, link: Link) -> Days:
        first, last = _day(_first(link, "from")), _day(_first(link, "to"))
        if first and last and last < first:
            return Days()
        # From before, or up to after, all the days that can be asked for: that is no bound.
        first = _within(first) if first and first >= FIRST_DAY else None
        return Days(first, _within(last) if last and last <= LAST_DAY else None)

    def written(self, value: Days) -> Link:
        ends = {"from": value.first, "to": value.last}
        return {key: (day.isoformat(),) for key, day in ends.items() if day}

    def in_words(self, value: Days, wording: Wording) -> str:
        if value.first and value.last:
            return days_in_words(value.first, value.last, wording.today)
        if value.first:
            return str(RangeText.FROM(day=day_in_words(value.first, wording.today)))
        return str(RangeText.UNTIL(day=day_in_words(value.last, wording.today))) if value.last else ""


@dataclass(frozen=True, eq=False)
class HourRange(Dimension):
    """The hours since a moment in the column `column`, up to now."""

    column: str

    @property
    def nothing(self) -> Hours:
        return Hours()

    def read(self, link: Link) -> Hours:
        low, _, high = _first(link, self.name).partition("..")
        return Hours(_hours(low), _hours(high))

    def written(self, value: Hours) -> Link:
        low, high = ("" if hours is None else str(hours) for hours in (value.low, value.high))
        return {self.name: (f"{low}..{high}",)} if low or high else {}

    def in_words(self, value: Hours, wording: Wording) -> str:
        if value.high is None:
            return str(_long(RangeText.OVER, value.low or 0))
        if value.low is None:
            return str(_long(RangeText.UNDER, value.high))
        return str(RangeText.BETWEEN(low=value.low, high=value.high))


@dataclass(frozen=True, eq=False)
class OfFigure(Dimension):
    """The shipments behind a figure."""

    @property
    def keys(self) -> tuple[str, ...]:
        return ("figure", "part", "days", "by")

    def read(self, link: Link) -> Behind | None:
        figure, (start, _, end) = _one(Figure, _first(link, "figure")), _first(link, "days").partition("..")
        first, last = _day(start), _day(end)
        if not (figure and first and last and first <= last):
            return None
        part, cohort = _one(Part, _first(link, "part")), _one(Cohort, _first(link, "by"))
        return Behind(figure, part or Part.DENOMINATOR, Period(_within(first), _within(last), cohort or Cohort.ORDERED))

    def written(self, value: Behind | None) -> Link:
        if value is None:
            return {}
        days = f"{value.period.first.isoformat()}..{value.period.last.isoformat()}"
        said = {"figure": value.figure, "part": value.part, "days": days, "by": value.period.cohort}
        return {key: (str(text),) for key, text in said.items()}

    def in_words(self, value: Behind | None, wording: Wording) -> str:
        if value is None:
            return ""
        definition, period = DEFINITIONS[value.figure], value.period
        parts = {
            Part.NUMERATOR: definition.numerator,
            Part.DENOMINATOR: definition.denominator,
            Part.REST: definition.rest or str(BehindText.REST()),
            Part.EXCLUDED: str(BehindText.EXCLUDED()),
        }
        part, form = parts[value.part].partition(":")[0].lower(), period.cohort if definition.cohort else "of_now"
        days = days_in_words(period.first, period.last, wording.today)
        return str(BehindText.SHIPMENTS(form, figure=definition.name, part=part, days=days))

    def chip(self, value: Behind | None, wording: Wording) -> str:
        return self.in_words(value, wording)


def _first(link: Link, key: str) -> str:
    said = link.get(key, ())
    return said[0] if said else ""


def _one(kind: type[E], text: str) -> E | None:
    try:
        return kind(text)
    except ValueError:
        return None


def _hours(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 6 else None


def _long(text: RangeText, hours: int) -> Why:
    return text("days", count=hours // 24) if hours >= 168 and hours % 24 == 0 else text("hours", count=hours)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _within(day: date) -> date:
    """The day, or, of one beyond those that can be asked for, the first or the last of these."""
    return min(max(day, FIRST_DAY), LAST_DAY)
