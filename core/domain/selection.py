"""Which shipments are meant: one value from the link to SQL and back, and the table of dimensions that it is made of.

Everything that chooses shipments is made from `DIMENSIONS`: links, chips, filter controls, definition sheets, the splits of figures,
and, in `core.store.selection`, the SQL. A dimension that is a plain column of the shipment is one entry here and nothing elsewhere.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import Enum, StrEnum
from typing import Any, TypeVar

from core.domain import labels
from core.domain.carriers import Rules
from core.domain.figures import DEFINITIONS, LANE, Cohort, Figure, Lane, Part, TimeSplit
from core.domain.flags import RULES as FLAGS
from core.domain.flags import Flag
from core.domain.periods import FIRST_DAY, LAST_DAY, Period, day_in_words, days_in_words
from core.domain.search import KEYS, MAX_SEARCH_VALUES, Search, SearchKey, search_values
from core.domain.shipment import DETAIL_OF, DETAILS_OF, STATUSES_OF, Destination, Kind, Status, StatusDetail, Tab

E = TypeVar("E", bound=Enum)
Link = Mapping[str, Sequence[str]]

_STATUSES = {status: labels.STATUSES[status, None] for status in Status}


@dataclass(frozen=True)
class Wording:
    """What values are said with: the shop's day, and what shipping companies and countries are called by their codes."""

    today: date
    carriers: Mapping[str, str] = field(default_factory=dict)
    countries: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, rules: Rules, countries: Mapping[str, str], today: date) -> "Wording":
        """With the companies' names by the rules in force, and those of the countries."""
        return cls(today, {code: carrier.name for code, carrier in rules.carriers.items()}, countries)


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


@dataclass(frozen=True)
class Counts:
    """How many shipments a press on each tab lists, and how many of each of its details the open tab holds."""

    tabs: Mapping[Tab, int]
    details: Mapping[StatusDetail, int]


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
        return {} if value is self.otherwise else {self.keys[0]: (str(value),)}

    def in_words(self, value: StrEnum | None, wording: Wording) -> str:
        return self.names[value] if value else ""

    def chip(self, value: StrEnum | None, wording: Wording) -> str:
        return self.in_words(value, wording)


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
        names = {"carrier": wording.carriers, "country": wording.countries}.get(self.name, self.names)
        return names.get(value, value) or self.missing


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
        values = search_values(_first(link, "q"))[:MAX_SEARCH_VALUES]
        return Search(_one(SearchKey, _first(link, "key")) or SearchKey.SHIPMENT_NO, values)

    def written(self, value: Search) -> Link:
        key = {} if value.key is SearchKey.SHIPMENT_NO else {"key": (str(value.key),)}
        return key | ({"q": (" ".join(value.values),)} if value.values else {})

    def in_words(self, value: Search, wording: Wording) -> str:
        return ", ".join(value.values)

    def chip(self, value: Search, wording: Wording) -> str:
        several = len(value.values) > 1
        return f"{len(value.values)} {KEYS[value.key]}" if several else f"{KEYS[value.key]} {value.values[0][:40]}"

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
        return Days() if first and last and last < first else Days(first, last)

    def written(self, value: Days) -> Link:
        ends = {"from": value.first, "to": value.last}
        return {key: (day.isoformat(),) for key, day in ends.items() if day}

    def in_words(self, value: Days, wording: Wording) -> str:
        if value.first and value.last:
            return days_in_words(value.first, value.last, wording.today)
        if value.first:
            return f"from {day_in_words(value.first, wording.today)}"
        return f"until {day_in_words(value.last, wording.today)}" if value.last else ""


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
        return f"for over {value.low or 0} h" if value.high is None else f"for {value.low or 0}–{value.high} h"


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
        return Behind(figure, part or Part.DENOMINATOR, Period(first, last, cohort or Cohort.ORDERED))

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
            Part.REST: definition.rest or "the rest",
            Part.EXCLUDED: "left out of the figure",
        }
        which = f"{definition.name}: {parts[value.part].partition(':')[0].lower()}"
        if definition.cohort is None:
            return which
        return f"{which}, {_COHORTS[period.cohort]} {days_in_words(period.first, period.last, wording.today)}"

    def chip(self, value: Behind | None, wording: Wording) -> str:
        return self.in_words(value, wording)


_COHORTS = {Cohort.ORDERED: "ordered", Cohort.PICKED_UP: "picked up"}

DIMENSIONS: dict[str, Dimension] = {
    dimension.name: dimension
    for dimension in (
        OneOf("destination", "Destination", labels.DESTINATIONS, Destination.DOMESTIC, "dest", filters=False),
        OneOf("tab", "Tab", labels.TABS, Tab.PREPARING, filters=False),
        Searched("search", "Search"),
        OfFigure("behind", "Figure"),
        AnyOf("status", "Status", Status, _STATUSES, offered=False),
        HourRange("age", "In status", "status_since"),
        DayRange("ordered", "Ordered", "ordered_at"),
        OneOf("kind", "General / Claim", labels.KINDS_IN_FULL),
        AnyOf("detail", "Status detail", StatusDetail, labels.DETAILS, column="word", filled=("status", DETAIL_OF)),
        AnyOf("warehouse", "Warehouse"),
        AnyOf("policy", "Shipping policy"),
        AnyOf("option", "Shipping option"),
        AnyOf("carrier", "Shipping company", missing="No invoice"),
        AnyOf("country", "Country"),
        AnyOf("flag", "Flag", Flag, {flag: rule.name for flag, rule in FLAGS.items()}, splits=False),
    )
}

SPLITS: dict[str, str] = {
    **{one.name: one.label for one in DIMENSIONS.values() if isinstance(one, AnyOf) and one.splits},
    LANE: "Lane",
    **{split: split.capitalize() for split in TimeSplit},
}
"""What figures are split by beside destination and kind, which are never pooled, with its label."""


@dataclass(frozen=True, init=False)
class Selection:
    """Which shipments are meant: `Selection(tab=Tab.DELIVERY, carrier=("cj",))["carrier"]`, by the names of `DIMENSIONS`.

    What is not said is nothing: Domestic, Preparing to Release, and no filter. A figure is of one kind: of standard orders unless
    exchange is said. Raises TypeError for a name that is no dimension.
    """

    said: tuple[tuple[str, Any], ...]

    def __init__(self, **said: Any) -> None:
        if unknown := said.keys() - DIMENSIONS.keys():
            raise TypeError(f"{', '.join(sorted(unknown))}: no such dimension")
        if said.get("behind") and not said.get("kind"):
            said["kind"] = Kind.STANDARD
        kept = (
            (name, said[name]) for name, dimension in DIMENSIONS.items() if name in said and said[name] != dimension.nothing
        )
        object.__setattr__(self, "said", tuple(kept))

    @classmethod
    def read(cls, link: Link, only: Iterable[str] = ()) -> "Selection":
        """What a link says, of all dimensions or `only` of these; what it says wrongly is left out."""
        return cls(**{name: DIMENSIONS[name].read(link) for name in only or DIMENSIONS})

    def __getitem__(self, name: str) -> Any:
        return dict(self.said).get(name, DIMENSIONS[name].nothing)

    @property
    def destination(self) -> Destination:
        found: Destination = self["destination"]
        return found

    @property
    def tab(self) -> Tab:
        found: Tab = self["tab"]
        return found

    @property
    def kind(self) -> Kind | None:
        found: Kind | None = self["kind"]
        return found

    @property
    def search(self) -> Search:
        found: Search = self["search"]
        return found

    @property
    def ordered(self) -> Days:
        found: Days = self["ordered"]
        return found

    @property
    def behind(self) -> Behind | None:
        found: Behind | None = self["behind"]
        return found

    @property
    def link(self) -> dict[str, list[str]]:
        """The parameters of a link that say it."""
        said = (DIMENSIONS[name].written(value) for name, value in self.said)
        return {key: list(texts) for part in said for key, texts in part.items()}

    @property
    def filters(self) -> dict[str, Dimension]:
        """The dimensions that narrow it: what can be taken away again."""
        return {name: DIMENSIONS[name] for name, value in self.said if DIMENSIONS[name].narrows(value)}

    @property
    def of_figures(self) -> "Selection":
        """The same as figures take it: of all tabs and of one kind, standard orders where none is said. Kinds are never pooled."""
        return self.but(tab=Tab.ALL, kind=self.kind or Kind.STANDARD)

    def but(self, **said: Any) -> "Selection":
        """The same with other values."""
        return Selection(**{**dict(self.said), **said})

    def on(self, lane: Lane | None) -> "Selection":
        """The same, on one lane only."""
        if lane is None:
            return self
        carrier = self["carrier"] if lane.carrier is None else (lane.carrier,)
        return self.but(warehouse=(lane.warehouse,), country=(lane.country,), carrier=carrier)

    def in_tab(self, tab: Tab) -> "Selection":
        """The same in another tab; details that do not occur there are left behind."""
        if tab is self.tab:
            return self
        fits = not {*self["detail"]}.isdisjoint(DETAILS_OF[tab])
        return self.but(tab=tab, detail=self["detail"] if fits else ())

    def counts(self, found: Mapping[tuple[Status, str], int]) -> Counts:
        """The counts, those of nothing too, out of how many shipments of each status and detail ("": none) there are in all tabs."""

        def held(tab: Tab, details: Iterable[str]) -> int:
            return sum(n for (status, detail), n in found.items() if status in STATUSES_OF[tab] and detail in details)

        every = {detail for _, detail in found}
        tabs = {tab: held(tab, self.in_tab(tab)["detail"] or every) for tab in Tab}
        return Counts(tabs, {detail: held(self.tab, (detail,)) for detail in DETAILS_OF[self.tab]})

    def chips(self, wording: Wording) -> dict[str, str]:
        """Its filters in words, by dimension."""
        return {name: dimension.chip(self[name], wording) for name, dimension in self.filters.items()}

    def in_words(self, wording: Wording) -> dict[str, str]:
        """What it says, by dimension, the destination in any case; the tab is no part of it."""
        said = {"destination": self.destination, **dict(self.said)}
        return {name: DIMENSIONS[name].in_words(value, wording) for name, value in said.items() if name != "tab"}


def several() -> list[AnyOf]:
    """The dimensions of which any values may be chosen, in the order of the table."""
    return [one for one in DIMENSIONS.values() if isinstance(one, AnyOf)]


def any_of(name: str) -> AnyOf:
    """The one of them with this name."""
    found = DIMENSIONS[name]
    assert isinstance(found, AnyOf), name
    return found


def one_of(name: str) -> OneOf:
    """The dimension with this name, of which one value holds."""
    found = DIMENSIONS[name]
    assert isinstance(found, OneOf), name
    return found


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


def _day(text: str) -> date | None:
    """A day beyond those that can be asked for is taken for the first or the last of them."""
    try:
        return min(max(date.fromisoformat(text), FIRST_DAY), LAST_DAY)
    except ValueError:
        return None
