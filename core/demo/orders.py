"""Who ordered what when: the skeleton of the demo shop, one row per shipment in order time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from core.demo import catalog
from core.demo.seeded_random import Floats, Ints, Keys, SeededRandom, keys_of_indices
from core.domain.clock import EPOCH

_FIRST_ORDER = 41_000
_SPLIT = 0.13
_EXCHANGED = 0.032
_EXCHANGED_AFTER_DAYS = (12, 34)
NONE = -1


@dataclass(frozen=True)
class Calendar:
    """The days of the shop in its zone, some to come: `starts` are their first seconds (UTC), `today` is a position."""

    days: tuple[date, ...]
    starts: Ints
    today: int
    now: int

    def day_of(self, seconds: Ints) -> Ints:
        """The position of the day in which each moment lies."""
        near = ((seconds - self.starts[0]) // catalog.DAY).clip(0, len(self.days) - 2)
        day: Ints = near - (self.starts[near] > seconds) + (self.starts[near + 1] <= seconds)
        return day

    def date_of(self, seconds: Ints) -> Ints:
        """The date on which each moment lies, as days since 1970."""
        return self.day_of(seconds) + (self.days[0] - EPOCH.date()).days


@dataclass(frozen=True)
class Skeleton:
    """Rows of the shop before anything is packed.

    `goods` is the key the contents are drawn by: an exchange and a re-shipment have those of an earlier shipment.
    """

    running: Ints
    key: Keys
    goods: Keys
    ordered_at: Ints
    order: Ints
    customer: Ints
    exchange: Ints
    reshipped_at: Ints

    def __len__(self) -> int:
        return len(self.running)

    def rows(self, which: Ints | slice) -> "Skeleton":
        return Skeleton(**{name: values[which] for name, values in vars(self).items()})


def calendar(now: datetime, zone: ZoneInfo) -> Calendar:
    """The shop's last days up to the hour that has begun, and as many to come as are promised."""
    local = now.astimezone(zone)
    first = local.date() - timedelta(days=catalog.DAYS_BACK - 1)
    days = tuple(first + timedelta(days=n) for n in range(catalog.DAYS_BACK + catalog.DAYS_AHEAD))
    starts = np.array([_midnight(day, zone) for day in days], dtype=np.int64)
    hour = int(now.timestamp()) // catalog.HOUR * catalog.HOUR
    return Calendar(days, starts, catalog.DAYS_BACK - 1, max(hour, int(starts[catalog.DAYS_BACK - 1])))


def skeleton(count: int, seed: int, time: Calendar, customers: int) -> Skeleton:
    """`count` rows in order time: several shipments of one order, and exchanges of earlier ones, among them."""
    running = np.arange(count, dtype=np.int64)
    key = keys_of_indices(seed, running)
    random = SeededRandom(key)
    ordered_at = _moments(count, random, time)
    source = _exchanged(random, ordered_at)
    exchange = source >= 0
    joins = random.happens("another shipment of the order", _SPLIT) & ~exchange
    joins &= ~np.roll(exchange, 1) & (running > 0)
    head = np.maximum.accumulate(np.where(joins, 0, running))
    regular = np.maximum.accumulate(np.where(exchange | joins, 0, running))
    order_of_head = np.cumsum(~joins & ~exchange) - 1
    order = np.where(exchange, order_of_head[regular[source.clip(0)]], order_of_head[head]).clip(0)
    return Skeleton(
        running=running,
        key=key,
        goods=np.where(exchange, key[regular[source.clip(0)]], key),
        ordered_at=ordered_at[head],
        order=_FIRST_ORDER + order,
        customer=SeededRandom(keys_of_indices(seed + 7_002, order)).whole("customer", 0, customers - 1),
        exchange=exchange.astype(np.int64),
        reshipped_at=np.full(count, NONE),
    )


def _midnight(day: date, zone: ZoneInfo) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())


def _moments(count: int, random: SeededRandom, time: Calendar) -> Ints:
    shares = _by_hour()
    today = float(np.interp((time.now - time.starts[time.today]) / catalog.HOUR, np.arange(25), shares))
    part = np.ones(time.today + 1)
    part[-1] = today
    weights = np.cumsum(_by_day(time) * part)
    last = np.rint(weights / weights[-1] * count).astype(np.int64)
    size = np.diff(last, prepend=0)
    day = np.repeat(np.arange(len(size)), size)
    place = (np.arange(count) - (last - size)[day] + random.uniform("moment")) / size[day]
    hour = np.interp(place * part[day], shares, np.arange(25))
    seconds = np.minimum((hour * catalog.HOUR).astype(np.int64), np.diff(time.starts)[day] - 1)
    moments: Ints = np.minimum(time.starts[day] + seconds, time.now)
    return moments


def _by_hour() -> Floats:
    return np.concatenate([[0.0], np.cumsum(catalog.HOURS) / sum(catalog.HOURS)])


def _by_day(time: Calendar) -> Floats:
    days = time.days[: time.today + 1]
    growth = catalog.GROWTH ** (np.arange(len(days)) / len(days))
    weekday = np.array([catalog.WEEKDAYS[day.weekday()] for day in days])
    season = np.array([_season(day) for day in days])
    season[-len(catalog.SALE) :] = np.maximum(season[-len(catalog.SALE) :], catalog.SALE)
    return np.asarray(growth * weekday * season, dtype=np.float64)


def _season(day: date) -> float:
    found = (weight for first, last, weight in catalog.SEASONS if first <= (day.month, day.day) <= last)
    return next(found, 1.0)


def _exchanged(random: SeededRandom, ordered_at: Ints) -> Ints:
    """The row each exchange exchanges, NONE for all other rows."""
    asked = ordered_at - (random.between("exchanged after", *_EXCHANGED_AFTER_DAYS) * catalog.DAY).astype(np.int64)
    source = np.searchsorted(ordered_at, asked) - 1
    return np.where(random.happens("exchange", _EXCHANGED), source, NONE)


def reshipped(rows: Skeleton, at: Ints) -> Skeleton:
    """The rows once more, sent again at these moments; they still have to be `joined`."""
    return Skeleton(**(vars(rows) | {"reshipped_at": at}))


def joined(parts: list[Skeleton], first: int, seed: int) -> Skeleton:
    """The reshipped rows of several skeletons, running from `first`."""
    rows = Skeleton(**{name: np.concatenate([vars(part)[name] for part in parts]) for name in vars(parts[0])})
    running = np.arange(first, first + len(rows))
    return Skeleton(**(vars(rows) | {"running": running, "key": keys_of_indices(seed, running)}))
