"""What is asked of the desk: the one record of limits, by what is measured and at how many shipments, and why each grows as it does."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase

MILLION, TEN_MILLION = 1_000_000, 10_000_000
SIZES = (MILLION, TEN_MILLION)
ANY = 0
"""Stands for any size."""


class Holds(StrEnum):
    """Whether a limit holds."""

    YES = "yes"
    NO = "no"
    NOT_ASKED = "–"


@dataclass(frozen=True)
class Limit:
    """The most that what fits `name` may take, in its unit, or in as many times what `of` takes in the same run. `why` tells how it grows."""

    name: str
    at: Mapping[int, float]
    why: str
    of: str | None = None

    def most(self, shipments: int, beside: Mapping[str, float | None]) -> float | None:
        """The limit at this size; None where none is set, or what it hangs on was not measured."""
        number = self.at.get(shipments, self.at.get(ANY))
        if number is None or self.of is None:
            return number
        base = beside.get(self.of)
        return None if base is None else number * base


_COUNTED = "every row of the destination is counted, from two narrow columns"
_NEWEST = "the newest days are looked at first, and only as many as the page needs; the counts beside it see every row"
_SORTED = "the one column that orders is read whole, the rest only of the rows that are shown"
_FOUND = "keys are kept sorted, and the engine skips all but the blocks that can hold one"
_ONE = "what belongs to one shipment lies together"
_WHOLE = "what belongs to one shipment lies together: eight questions of a millisecond each, whatever the size"
_REGISTERED = "seven questions of a millisecond each, then five tables are written, whatever the size"
_SHOWN = "the number is found as `find` is; then the counts and the rows of the page are asked, about a millisecond for each question"
_SCANNED = "recipients are searched by a scan of one column, since any part of a name may be asked"
_FIGURES = "every shipment of the period, and of the one before, is looked at"
_OPEN = "every open shipment is looked at"
_DRAWN = "fifty rows are drawn, whatever the size of the shop"
_APPENDED = "rows are only ever appended; what is known of their numbers is looked up in the sorted keys"
_OPENED = "the file is opened, not read: most of it is Python that loads its libraries"
_KEPT = "the engine keeps blocks that it read, up to the share of the memory that it is given"
_OF_PAGES = (
    "all figures", "trend by day", "by company, with the change", "distribution of transit, 8 weeks", "heat map, 8 weeks",
    "where the hours went, 8 weeks", "companies at the same lane mix", "risk of open shipments", "first 50 late shipments",
)  # fmt: skip

LIMITS: tuple[Limit, ...] = (
    Limit("tab counts", {TEN_MILLION: 60}, _COUNTED),
    Limit("first page of *", {TEN_MILLION: 60}, _NEWEST),
    Limit("page 2,000 of *", {TEN_MILLION: 60}, _NEWEST),
    Limit("Delivered by *", {TEN_MILLION: 150}, _SORTED),
    Limit("filtered by 5, by *", {}, _SORTED),
    Limit("filtered by 5, *", {}, _NEWEST),
    Limit("flag *", {}, _COUNTED),
    Limit("search * by its beginning", {MILLION: 10}, _SHOWN),
    Limit("search product_id", {}, "a product has more shipments in a larger shop, and each is counted"),
    Limit("search recipient", {MILLION: 3, TEN_MILLION: 5}, _SCANNED),
    Limit("search *", {MILLION: 3, TEN_MILLION: 5}, _SHOWN),
    Limit("find * by its beginning", {MILLION: 10}, _FOUND),
    Limit("find product_id *", {}, "a product has more shipments in a larger shop"),
    Limit("find *", {MILLION: 3, TEN_MILLION: 5}, _FOUND),
    Limit("50 clerks register, per invoice", {ANY: 0.2}, "those that come at once are written together", of="1 clerk"),
    Limit("1 clerk registers, per invoice", {}, _ONE),
    Limit("one shipment whole", {MILLION: 5}, _WHOLE),
    Limit("register one invoice", {MILLION: 12}, _REGISTERED),
    Limit("the Overview page, 90 days", {TEN_MILLION: 400}, _FIGURES),
    Limit("the Overview page, all time", {TEN_MILLION: 800}, _FIGURES),
    Limit("the Overview page", {}, _FIGURES),
    Limit("backlog by *", {TEN_MILLION: 250}, _OPEN),
    Limit("*, * days", {TEN_MILLION: 250}, _FIGURES),
    Limit("worklist", {}, _OPEN),
    Limit("first page during *", {}, _NEWEST),
    Limit("import of *", {}, _APPENDED),
    Limit("a batch of 1,000 answers", {ANY: 150}, "each answer is folded into its shipment, all in one transaction"),
    Limit("1,000 numbers asked", {ANY: 1 / 0.9}, "each thread waits for its answer", of="the least that latency allows"),
    Limit("cold start", {TEN_MILLION: 3000}, _OPENED),
    Limit("memory after the list", {TEN_MILLION: 1536}, _KEPT),
    *(Limit(name, {}, _FIGURES) for name in _OF_PAGES),
    Limit("*, the whole page", {}, _DRAWN),
    Limit("opening shipments", {MILLION: 1000}, _DRAWN),
    Limit("opening overview", {MILLION: 1.5}, _FIGURES, of="shipments"),
    Limit("opening delays", {MILLION: 1.5}, _FIGURES, of="shipments"),
    Limit("opening carriers", {MILLION: 1.5}, _FIGURES, of="shipments"),
    Limit("opening *", {}, _DRAWN),
    Limit("*", {MILLION: 2.0, TEN_MILLION: 2.5}, _DRAWN, of="rerun"),
)


def asked_of(name: str) -> Limit | None:
    """The first entry that fits the name."""
    return next((limit for limit in LIMITS if fnmatchcase(name, limit.name)), None)


def limit_of(name: str, shipments: int, beside: Mapping[str, float | None]) -> float | None:
    """The most that this may take at this size, given what was measured beside it."""
    limit = asked_of(name)
    return limit.most(shipments, beside) if limit else None
