"""When a tracking number is asked about again: often while something may happen, rarely when it is quiet, never for ever."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from core.domain.shipment import Stage, Status

FRESH, FRESH_FOR, AFTERWARDS = timedelta(hours=2), timedelta(hours=48), timedelta(hours=6)
UNDER_WAY = timedelta(hours=3)
OUT_FOR_DELIVERY, STREET_OPENS, STREET_CLOSES = timedelta(minutes=45), time(8), time(22)
FAILED = timedelta(hours=6)
AFTER_DELIVERY = timedelta(hours=24)
UNCHANGED_BEFORE_DOUBLING, RAREST = 3, timedelta(hours=24)
JITTER = 0.1
BY_HAND_AT_MOST_EVERY = timedelta(seconds=60)
RETRY_FIRST, RETRY_RAREST = timedelta(minutes=5), timedelta(hours=3)


@dataclass(frozen=True)
class Watched:
    """What the next check depends on. `quiet_since` is its last event, or the registration or resumption after it.

    `ended_at` is when the parcel was delivered or came back; one that `goes_back` is on its way, delivered or not.

    `unchanged` counts answers without news in a row, the present one included. `zone` is where the parcel is delivered, `patience`
    how long its carrier is asked without news.
    """

    status: Status
    invoiced_at: datetime
    quiet_since: datetime
    zone: ZoneInfo
    patience: timedelta
    stage: Stage | None = None
    promised_on: date | None = None
    ended_at: datetime | None = None
    goes_back: bool = False
    closed: bool = False
    unchanged: int = 0


def next_check(watched: Watched, at: datetime, jitter: float = 0.0, pace: float = 1.0) -> datetime | None:
    """When to ask again after an answer at `at`; None for never (refresh policy, carriers section 4).

    `jitter` is a share of the interval, of either sign; `pace` above 1 asks that much more often.
    """
    if watched.closed or given_up(watched, at):
        return None
    if _done(watched):
        last = (watched.ended_at or at) + AFTER_DELIVERY / pace
        return last if at < last else None
    return at + interval(watched, at) * (1 + jitter) / pace


def given_up(watched: Watched, at: datetime) -> bool:
    """Whether nothing was heard for so long that asking stops. Delivered ones end by themselves."""
    return not _done(watched) and at - watched.quiet_since > watched.patience


def _done(watched: Watched) -> bool:
    return watched.status is Status.DELIVERED and not watched.goes_back


def interval(watched: Watched, at: datetime) -> timedelta:
    """How long to wait after an answer at `at` for a shipment that is not delivered."""
    usual = _usual(watched, at)
    doublings = watched.unchanged - UNCHANGED_BEFORE_DOUBLING + 1
    if doublings > 0 and watched.promised_on and at.astimezone(watched.zone).date() > watched.promised_on:
        return min(usual * (1 << min(doublings, 10)), RAREST)
    return usual


def retry_after(attempts: int) -> timedelta:
    """How long to leave a number alone after that many failed attempts in a row."""
    return min(RETRY_FIRST * (1 << min(max(attempts - 1, 0), 10)), RETRY_RAREST)


def _usual(watched: Watched, at: datetime) -> timedelta:
    if watched.status is Status.PREPARING_TO_SHIP:
        return FRESH if at - watched.invoiced_at < FRESH_FOR else AFTERWARDS
    if watched.status in (Status.SHIPPING_FAILED, Status.PREPARING_TO_RELEASE):
        return FAILED
    if watched.stage is Stage.OUT_FOR_DELIVERY:
        return _on_the_street(at.astimezone(watched.zone))
    return UNDER_WAY


def _on_the_street(local: datetime) -> timedelta:
    if STREET_OPENS <= local.time() < STREET_CLOSES:
        return OUT_FOR_DELIVERY
    opens = datetime.combine(local.date(), STREET_OPENS, local.tzinfo)
    if local.time() >= STREET_CLOSES:
        opens += timedelta(days=1)
    return min(opens - local, UNDER_WAY)
