"""Which shipments are meant: one value from the link to SQL and back, and the table of dimensions that it is made of.

Everything that chooses shipments is made from `DIMENSIONS`: links, chips, filter controls, definition sheets, the splits of figures,
and, in `core.store.selection`, the SQL. A dimension that is a plain column of the shipment is one entry here and nothing elsewhere.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.domain import labels
from core.domain.dimensions import AnyOf, Behind, DayRange, Days, Dimension, HourRange, Link, OfFigure, OneOf, Searched, Wording
from core.domain.fields import FIELDS
from core.domain.figures import LANE, Lane, TimeSplit
from core.domain.flags import NAMES as FLAGS
from core.domain.flags import Flag
from core.domain.language import Vocabulary, in_english
from core.domain.search import Search
from core.domain.shipment import DETAIL_OF, DETAILS_OF, STATUSES_OF, Destination, Kind, Status, StatusDetail, Tab, WayBack
from core.domain.worklist import NAMES as WORK
from core.domain.worklist import WorkState

_STATUSES = Vocabulary({status: labels.STATUSES.in_english[status, None] for status in Status})


@dataclass(frozen=True)
class Counts:
    """How many shipments a press on each tab lists, and how many of each of its details the open tab holds."""

    tabs: Mapping[Tab, int]
    details: Mapping[StatusDetail, int]


DIMENSIONS: dict[str, Dimension] = {
    dimension.name: dimension
    for dimension in (
        OneOf(
            "destination", FIELDS.in_english["destination"], labels.DESTINATIONS, Destination.DOMESTIC, "dest", filters=False
        ),
        OneOf("tab", "Tab", labels.TABS, Tab.PREPARING, filters=False),
        Searched("search", "Search"),
        OfFigure("behind", "Figure"),
        AnyOf("status", FIELDS.in_english["status"], Status, _STATUSES, offered=False),
        HourRange("age", FIELDS.in_english["age"], "status_since"),
        DayRange("ordered", FIELDS.in_english["order_date"], "ordered_at"),
        OneOf("kind", FIELDS.in_english["kind"], labels.KINDS_IN_FULL),
        AnyOf("detail", FIELDS.in_english["detail"], StatusDetail, labels.DETAILS, column="word", filled=("status", DETAIL_OF)),
        AnyOf("warehouse", FIELDS.in_english["warehouse"]),
        AnyOf("policy", FIELDS.in_english["policy"]),
        AnyOf("option", FIELDS.in_english["option"]),
        AnyOf("carrier", FIELDS.in_english["carrier"], missing="No invoice"),
        AnyOf("country", FIELDS.in_english["country"]),
        AnyOf("way_back", "Way back", WayBack, labels.WAYS_BACK, splits=False),
        AnyOf("flag", FIELDS.in_english["flag"], Flag, FLAGS, splits=False),
        HourRange("flagged", "Flagged", "flagged_since"),
        AnyOf("work", "Worklist", WorkState, WORK, splits=False),
        AnyOf("assigned", FIELDS.in_english["in_hand"], missing="Nobody", column="assigned_to", splits=False),
    )
}

SPLITS: Vocabulary[str] = Vocabulary(
    {
        **{one.name: in_english(one, "label") for one in DIMENSIONS.values() if isinstance(one, AnyOf) and one.splits},
        LANE: FIELDS.in_english["lane"],
        TimeSplit.DAY: "Day",
        TimeSplit.WEEK: "Week",
        TimeSplit.MONTH: "Month",
        TimeSplit.WEEKDAY: "Weekday",
    }
)
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
        """The parameters of a link that say it, destination and tab in any case."""
        parts = (dimension.written(self[name]) for name, dimension in DIMENSIONS.items())
        return {key: list(texts) for part in parts for key, texts in part.items()}

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
