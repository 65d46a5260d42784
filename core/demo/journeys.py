"""Whole planned journeys of parcels, past and future: the same for a number whoever asks and whenever."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache

import numpy as np
import numpy.typing as npt

from core.demo import catalog, scans
from core.demo.companies import AREAS, NONE, Companies
from core.demo.customers import Atlas, atlas
from core.demo.scans import SLOT, SLOTS
from core.demo.seeded_random import Flags, Floats, Ints, SeededRandom, Texts, keys_of_texts
from core.domain.shipment import Checkpoint, ZoneFrom

NEVER = np.int64(2**40)
COLLECTED_UNTIL = 17 * catalog.HOUR + 1800

_PROBABILITIES = np.array([0, 0.1, 0.5, 0.9, 0.99, 1])
_ALWAYS_SCANNED = (
    "refused", "cancelled", "lost", "returned", "delivered again", "return taken", "return done", "customs hold", "delayed",
)  # fmt: skip
_DROPPED = {"info": 0.1, "picked up": 0.025, "out 1": 0.03, "hub in": 0.12, "hub out": 0.09}
_DROPPED_ELSE = 0.05


@dataclass(frozen=True)
class Parcels:
    """What a carrier knows of its parcels: positions in the catalogue and the atlas, the moment of registration (UTC), number."""

    carrier: Ints
    warehouse: Ints
    city: Ints
    registered_at: Ints
    numbers: Texts


@dataclass(frozen=True)
class Plans:
    """A row per parcel. `times`, `variant` and `site` have a column per slot; NEVER is the time of a scan that is not made.

    `silent` parcels arrive without a last scan. `variant` says which of a code's texts, `site` which place.
    """

    times: npt.NDArray[np.int64]
    variant: npt.NDArray[np.int8]
    site: npt.NDArray[np.int32]
    language: Ints
    zone_assumed: Flags
    silent: Flags


@dataclass(frozen=True)
class Parcel:
    """What a carrier knows of one parcel; `registered_at` is aware."""

    carrier: str
    invoice_no: str
    registered_at: datetime
    warehouse: str
    country: str
    city: str = ""


def plan(companies: Companies, parcel: Parcel) -> tuple[Checkpoint, ...]:
    """The journey that this parcel will make, in order of time and to its end, future scans included; times UTC.

    It follows from the arguments alone. A parcel of a carrier that cannot be asked, or that is not known, has no journey.
    """
    carrier, country = companies.position(parcel.carrier), parcel.country
    if carrier == NONE:
        return ()
    world = atlas(country)
    parcels = Parcels(
        carrier=np.array([carrier]),
        warehouse=np.array([_position(parcel.warehouse)]),
        city=np.array([_city_position(world, country, parcel.city)]),
        registered_at=np.array([int(parcel.registered_at.timestamp())], dtype=np.int64),
        numbers=np.array([parcel.invoice_no.encode()], dtype="S32"),
    )
    plans = plan_many(companies, parcels, country)
    order = np.argsort(plans.times[0], kind="stable")
    return tuple(_checkpoint(plans, slot, country) for slot in order.tolist() if plans.times[0, slot] < NEVER)


def refused(numbers: Texts) -> Flags:
    """Whether the carrier will not know the number."""
    return SeededRandom(keys_of_texts(numbers)).happens("number refused", 0.006)


def refused_at(numbers: Texts, registered_at: Ints) -> Ints:
    """When the carrier will say that it does not know the number."""
    return registered_at + SeededRandom(keys_of_texts(numbers)).between("refused after", 7200, 72_000).astype(np.int64)


def plan_many(companies: Companies, parcels: Parcels, extra: str | None = None) -> Plans:
    """The journeys of many parcels; `extra` is the country that the atlas was widened by."""
    route = _Route(companies, parcels, extra)
    times = _Times(route).filled()
    return Plans(
        times=times,
        variant=_variants(route),
        site=_sites(route),
        language=companies.languages[parcels.carrier],
        zone_assumed=companies.zone_assumed[parcels.carrier],
        silent=route.silent & ~route.refused & ~route.cancelled & ~route.lost,
    )


@cache
def texts() -> tuple[list[str], Ints]:
    """All texts, and where those of a language and slot begin among them."""
    found: list[str] = []
    begins = np.zeros((len(scans.LANGUAGES), len(SLOTS)), dtype=np.int64)
    for row, language in enumerate(scans.LANGUAGES):
        starts: dict[str, int] = {}
        for code, variants in scans.TEXTS[language].items():
            starts[code] = len(found)
            found.extend(variants)
        begins[row] = [starts[slot.code] for slot in SLOTS]
    return found, begins


def places(extra: str | None = None) -> list[str]:
    """The names of all places, by the positions in `Plans.site`."""
    return _places(extra)[0]


class _Route:
    """Where each parcel goes, how long it takes, and what will befall it."""

    def __init__(self, companies: Companies, parcels: Parcels, extra: str | None) -> None:
        self.companies, self.parcels = companies, parcels
        self.tables = tables = _tables(companies, extra)
        self.random = random = SeededRandom(keys_of_texts(parcels.numbers))
        self.origin_offset = tables.origin_offset[parcels.warehouse]
        self.offset = tables.city_offset[parcels.city]
        self.sunday = tables.city_sunday[parcels.city]
        self.abroad = tables.city_country[parcels.city] != tables.origin_country[parcels.warehouse]
        self.struggling = self._struggles()
        self.held = self.abroad & random.happens("held by customs", 0.13)
        self.delayed = ~self.abroad & random.happens("delayed", np.where(self.struggling, 0.14, 0.012))
        self.days = self._days()
        self.tracked = companies.tracked[parcels.carrier]
        self.refused = refused(parcels.numbers) & self.tracked
        self._fates()

    def _struggles(self) -> Flags:
        block = np.frombuffer(self.parcels.numbers.astype("S2").tobytes(), dtype="S2")
        of_new_block = block == catalog.STRUGGLING_NUMBERS[:2].encode()
        carrier = self.parcels.carrier == self.companies.position(catalog.STRUGGLING_CARRIER)
        struggles: Flags = of_new_block & carrier & self.tables.city_struggling[self.parcels.city]
        return struggles

    def _days(self) -> Ints:
        lane = self.tables.days[self.parcels.warehouse, self.tables.city_area[self.parcels.city], self.parcels.carrier]
        roll = self.random.uniform("days")
        at = np.searchsorted(_PROBABILITIES, roll, side="right") - 1
        rows = np.arange(len(roll))
        low, high = lane[rows, at], lane[rows, at + 1]
        share = (roll - _PROBABILITIES[at]) / (_PROBABILITIES[at + 1] - _PROBABILITIES[at])
        days: Ints = np.rint(low + share * (high - low)).astype(np.int64)
        days += self.struggling * self.random.whole("days in the new hub", 1, 3)
        days += self.held * self.random.whole("days in customs", 1, 9)
        days += self.delayed * self.random.whole("days late", 1, 2)
        return days

    def _fates(self) -> None:
        fate = self.random.uniform("fate")
        self.cancelled = fate < 0.0003
        self.lost = (fate >= 0.0003) & (fate < 0.001)
        self.silent = (fate >= 0.001) & (fate < 0.0101)
        self.returned = (fate >= 0.0101) & (fate < 0.0123)
        self.sent_again = self.returned & self.random.happens("sent again", 0.8)
        roll = self.random.uniform("failed attempts") / np.where(self.struggling, 2.4, np.where(self.abroad, 1.4, 1.0))
        failures = np.select([roll < 0.0035, roll < 0.011, roll < 0.045], [3, 2, 1], 0)
        self.failures = np.where(self.returned, np.maximum(failures, 2), failures)
        self.locker = (self.failures == 3) | self.random.happens("locker", 0.035)


class _Times:
    """The moments of every scan of a route."""

    def __init__(self, route: _Route) -> None:
        self.route, self.random = route, route.random
        self.times = np.full((len(route.offset), len(SLOTS)), NEVER, dtype=np.int64)

    def filled(self) -> npt.NDArray[np.int64]:
        registered = self.route.parcels.registered_at
        picked_up = self._pick_up(registered)
        first_out = self._first_out(picked_up)
        self._set("info", registered + self._seconds("info", 120, 5400))
        self._set("picked up", picked_up)
        self._on_the_way(picked_up, first_out)
        self._attempts(first_out)
        self._bad_endings(registered, picked_up, first_out)
        self._way_back()
        self._untidy()
        return self.times

    def _set(self, slot: str, moments: Ints, which: Flags | None = None) -> None:
        self.times[:, SLOT[slot]] = moments if which is None else np.where(which, moments, NEVER)

    def _clear(self, which: Flags, *slots: str) -> None:
        rows = np.flatnonzero(which)
        for slot in slots:
            self.times[rows, SLOT[slot]] = NEVER

    def _seconds(self, name: str, low: float, high: float) -> Ints:
        return self.random.between(name, low, high).astype(np.int64)

    def _pick_up(self, registered: Ints) -> Ints:
        """The next collection, in the evening of a day that is no Sunday; a few parcels lie about for days first."""
        day, second = np.divmod(registered + self.route.origin_offset, catalog.DAY)
        forgotten = self.random.happens("forgotten in the warehouse", 0.06) * self.random.whole("forgotten for", 2, 8)
        day = _no_sunday(day + (second > COLLECTED_UNTIL) + forgotten)
        return day * catalog.DAY + COLLECTED_UNTIL + self._seconds("collection", 300, 9000) - self.route.origin_offset

    def _first_out(self, picked_up: Ints) -> Ints:
        day = (picked_up + self.route.offset) // catalog.DAY + self.route.days
        moment = self._morning(day, "out 1")
        return np.maximum(moment, picked_up + 5 * catalog.HOUR)

    def _morning(self, day: Ints, name: str) -> Ints:
        day = np.where(self.route.sunday, day, _no_sunday(day))
        return day * catalog.DAY + self._seconds(name, 8 * catalog.HOUR, 10.8 * catalog.HOUR) - self.route.offset

    def _on_the_way(self, picked_up: Ints, first_out: Ints) -> None:
        span = first_out - picked_up
        first, abroad = np.minimum(span, 20 * catalog.HOUR), self.route.abroad

        def along(name: str, low: float, high: float) -> Ints:
            return picked_up + (self.random.between(name, low, high) * span).astype(np.int64)

        start = np.where(abroad, np.minimum(span // 3, 60 * catalog.HOUR), first)
        self._set("hub in", picked_up + (self.random.between("hub in", 0.1, 0.3) * start).astype(np.int64))
        self._set("hub out", picked_up + (self.random.between("hub out", 0.34, 0.48) * start).astype(np.int64))
        self._set("exported", along("exported", 0.2, 0.32), abroad)
        self._set("imported", along("imported", 0.42, 0.5), abroad)
        self._set("customs hold", along("customs hold", 0.51, 0.54), self.route.held)
        self._set("customs cleared", along("customs cleared", 0.56, 0.72), abroad)
        self._set("sorted", along("sorted", 0.76, 0.84))
        self._set("delayed", along("delayed", 0.845, 0.855), self.route.delayed)
        self._set("branch", along("branch", 0.87, 0.96))

    def _attempts(self, first_out: Ints) -> None:
        """Up to three attempts on different days; the last one delivers, or the parcel waits to be fetched."""
        failures, out = self.route.failures, first_out
        delivered = np.full_like(first_out, NEVER)
        for turn in (1, 2, 3):
            made = failures >= turn - 1
            attempt = out + self._seconds(f"attempt {turn}", 2700, 8.5 * catalog.HOUR)
            self._set(f"out {turn}", out, made)
            self._set(f"failed {turn}", attempt, failures >= turn)
            delivered = np.where(failures == turn - 1, attempt, delivered)
            day = (attempt + self.route.offset) // catalog.DAY + self.random.whole(f"pause {turn}", 1, 2)
            last, out = attempt, self._morning(day, f"out {turn + 1}")
        after = np.where(failures == 3, last + self._seconds("undecided", 3 * catalog.DAY, 8 * catalog.DAY), delivered)
        fetched = after + self._seconds("fetched after", 2 * catalog.HOUR, 44 * catalog.HOUR)
        self._set("ready", after, self.route.locker)
        self._set("delivered", np.where(self.route.locker, fetched, delivered))

    def _bad_endings(self, registered: Ints, picked_up: Ints, first_out: Ints) -> None:
        route, everything = self.route, tuple(SLOT)
        self._clear(route.returned, "delivered", "ready")
        self._clear(route.returned & (route.failures == 2), "out 3")
        failed = self.times[:, [SLOT["failed 2"], SLOT["failed 3"]]]
        last = np.where(failed < NEVER, failed, 0).max(axis=1)
        returned = last + self._seconds("returned after", 2 * catalog.DAY, 6 * catalog.DAY)
        self._set("returned", returned, route.returned)
        self._second_way(returned)
        self._clear(route.lost | route.cancelled, *everything[SLOT["sorted"] :])
        self._set("lost", first_out + self._seconds("lost after", 9 * catalog.DAY, 16 * catalog.DAY), route.lost)
        self._clear(route.silent, *everything[SLOT["branch"] :])
        self._clear(route.cancelled, *everything[SLOT["picked up"] :])
        self._set("cancelled", registered + self._seconds("cancelled after", 7200, 108_000), route.cancelled)
        self._clear(route.refused, *everything)
        self._set("refused", refused_at(route.parcels.numbers, registered), route.refused)
        self._clear(~route.tracked, *everything)

    def _way_back(self) -> None:
        """Some buyers send back what they received, under the same number."""
        delivered = self.times[:, SLOT["delivered"]]
        sent_back = (delivered < NEVER) & self.random.happens("sent back", 0.014)
        taken = np.where(sent_back, delivered, 0) + self._seconds("sent back after", 2 * catalog.DAY, 12 * catalog.DAY)
        self._set("return taken", taken, sent_back)
        self._set("return done", taken + self._seconds("way back", 20 * catalog.HOUR, 4 * catalog.DAY), sent_back)

    def _second_way(self, returned: Ints) -> None:
        day = (returned + self.route.origin_offset) // catalog.DAY + self.random.whole("sent again after", 1, 3)
        start = _no_sunday(day) * catalog.DAY + COLLECTED_UNTIL + self._seconds("collection", 300, 9000)
        start -= self.route.origin_offset
        out = self._morning((start + self.route.offset) // catalog.DAY + self.route.days, "out again")
        out = np.maximum(out, start + 6 * catalog.HOUR)
        again = self.route.sent_again
        self._set("picked up again", start, again)
        self._set("sorted again", start + ((out - start) * 0.7).astype(np.int64), again)
        self._set("out again", out, again)
        self._set("delivered again", out + self._seconds("attempt again", 2700, 8 * catalog.HOUR), again)

    def _untidy(self) -> None:
        """Scans are missed, made twice, noted under codes nobody knows; some drivers scan the tour after the parcel."""
        for slot in SLOTS:
            if slot.name not in _ALWAYS_SCANNED and slot.code != "DELIVERED":
                missed = self.random.happens(f"missed {slot.name}", _DROPPED.get(slot.name, _DROPPED_ELSE))
                self._clear(missed, slot.name)
        hub_in, branch = self.times[:, SLOT["hub in"]], self.times[:, SLOT["branch"]]
        self._set("hub in again", hub_in, self.random.happens("scanned twice", 0.009))
        self._set("note", branch + 60, self.random.happens("unknown code", 0.006) & (branch < NEVER))
        delivered, out = self.times[:, SLOT["delivered"]], self.times[:, SLOT["out 1"]]
        late = self.random.happens("tour scanned late", 0.007) & (self.route.failures == 0) & ~self.route.locker
        late &= (delivered < NEVER) & (out < NEVER)
        self._set("out 1", np.where(late, delivered + self._seconds("late by", 60, 900), out))


@dataclass(frozen=True)
class _Tables:
    """The catalogue and the atlas as arrays by position."""

    origin_offset: Ints
    origin_country: npt.NDArray[np.str_]
    city_offset: Ints
    city_country: npt.NDArray[np.str_]
    city_sunday: Flags
    city_area: Ints
    city_struggling: Flags
    days: Floats
    sites: Ints
    hub: Ints
    new_hub: int


@cache
def _tables(companies: Companies, extra: str | None) -> _Tables:
    world = atlas(extra)
    return _Tables(
        origin_offset=np.array([w.offset * catalog.HOUR for w in catalog.WAREHOUSES]),
        origin_country=np.array([w.country for w in catalog.WAREHOUSES]),
        city_offset=np.array([country.offset * catalog.HOUR for country in world.countries]),
        city_country=np.array([country.code for country in world.countries]),
        city_sunday=np.array([country.sunday for country in world.countries]),
        city_area=np.array([AREAS.index(city.area) for city in world.cities]),
        city_struggling=np.array([city.area == catalog.STRUGGLING_AREA for city in world.cities]),
        days=_days_table(companies),
        sites=_places(extra)[1],
        hub=np.arange(len(catalog.WAREHOUSES)) * 3 + 1,
        new_hub=len(catalog.WAREHOUSES) * 3,
    )


def _days_table(companies: Companies) -> Floats:
    table = np.empty((len(catalog.WAREHOUSES), len(AREAS), len(companies.carriers), len(_PROBABILITIES)))
    for w, warehouse in enumerate(catalog.WAREHOUSES):
        for a, area in enumerate(AREAS):
            offers = (*companies.lane(warehouse.country, area), *companies.rare(warehouse.country, area))
            table[w, a, :] = _quantiles(offers[0].days)
            for offer in reversed(offers):
                table[w, a, companies.position(offer.carrier)] = _quantiles(offer.days)
    return table


def _quantiles(days: tuple[float, float, float, float]) -> tuple[float, ...]:
    return (max(days[0] - 0.4, 0), *days, days[-1] * 1.5)


@cache
def _places(extra: str | None) -> tuple[list[str], Ints]:
    """The names of all places, and for each city those of its gateway, sorting centre, branch and itself."""
    names = [name for w in catalog.WAREHOUSES for name in (w.city, w.hub, w.gateway)] + [catalog.STRUGGLING_HUB]
    sites = []
    for city, country in atlas(extra):
        language = country.language if country.language in scans.LANGUAGES else "en"
        sites.append([len(names) + n for n in range(4)])
        sorting, branch = scans.SORTING_NAMES[language], scans.BRANCH_NAMES[language]
        names += [country.gateway, sorting.format(city.name), branch.format(city.name), city.name]
    return names, np.array(sites)


def _variants(route: _Route) -> npt.NDArray[np.int8]:
    table = np.zeros((len(route.offset), len(SLOTS)), dtype=np.int8)
    for slot in ("customs hold", "delayed", "failed 1", "failed 2", "failed 3"):
        table[:, SLOT[slot]] = route.random.pick(f"why {slot}", (6, 3, 2))
    table[route.struggling, SLOT["delayed"]] = 0
    return table


def _sites(route: _Route) -> npt.NDArray[np.int32]:
    tables, warehouse = route.tables, route.parcels.warehouse
    hub = np.where(route.struggling, tables.new_hub, tables.hub[warehouse])
    of_city = tables.sites[route.parcels.city]
    columns = np.column_stack([warehouse * 3, hub, warehouse * 3 + 2, of_city]).astype(np.int32)
    return columns[:, [scans.SITES.index(slot.site) for slot in SLOTS]]


def _no_sunday(day: Ints) -> Ints:
    """The day itself, or the Monday after; day 0 is Thursday, 1 January 1970."""
    sunday: Ints = ((day + 3) % 7 == 6).astype(np.int64)
    return day + sunday


def _position(warehouse: str) -> int:
    codes = [w.code for w in catalog.WAREHOUSES]
    return codes.index(warehouse) if warehouse in codes else 0


def _city_position(world: Atlas, country: str, city: str) -> int:
    of_country = (n for n, known in enumerate(world.countries) if known.code == country)
    return world.positions.get((country, city)) or next(of_country)


def _checkpoint(plans: Plans, slot: int, extra: str) -> Checkpoint:
    words, begins = texts()
    code = SLOTS[slot].code
    return Checkpoint(
        happened_at=datetime.fromtimestamp(int(plans.times[0, slot]), UTC),
        stage=scans.CODES[code],
        code=code,
        place=places(extra)[plans.site[0, slot]],
        text=words[begins[plans.language[0], slot] + plans.variant[0, slot]],
        source=scans.SOURCE,
        zone_from=ZoneFrom.CARRIER if plans.zone_assumed[0] else ZoneFrom.WRITTEN,
    )
