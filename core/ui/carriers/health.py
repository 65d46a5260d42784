"""How the carriers are doing: the refresher, what is paused, four figures, and the table with [Retry now]."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.carriers import BreakerState
from core.domain.fields import FIELDS
from core.domain.language import Vocabulary, tr
from core.domain.permissions import Act
from core.domain.reasons import Names, sentences
from core.domain.verdicts import Standing
from core.runtime import Runtime
from core.services.tracking import statistics
from core.services.tracking.carriers import CarrierHealth
from core.services.tracking.refresher import TICK, Pulse
from core.services.tracking.statistics import WINDOWS, CarrierStatistics
from core.ui.carriers.sentences import HealthText, Outage, RefresherText
from core.ui.kit import chips, figure_texts, formats, messages, refresh_run, shared, shipment_drawer, who
from core.ui.kit.figure_texts import Arrow, Colour
from core.ui.kit.formats import DurationText
from core.ui.kit.fragments import fragment
from core.ui.kit.table import Row, TableColumn, TableEvent, TableView, table

LIVE: Final = 3
"""Seconds between two looks."""
NAMES: Final = Vocabulary({"1h": "1 h", "24h": "24 h", "7d": "7 d"})
_SPANS: Final = Vocabulary({"1h": "hour", "24h": "24 hours", "7d": "7 days"})
RETRIED: Final = "carriers:retried"
MOST_NAMED = 4
MOST_HIGH: Final = 720
FEWEST: Final = 20

_COLUMNS = (
    TableColumn("name", FIELDS.in_english["carrier"], 130, min=116, narrow=126),
    TableColumn("state", "State", 118, "chip", narrow=122),
    TableColumn("service", shared.ASKED_THROUGH, 116, "muted", under="state"),
    TableColumn("answered", "Last answer", 132, "muted", under="name"),
    TableColumn("errors", "Errors", 86, align="right"),
    TableColumn("asked", "Asked", 62, align="right", under="errors"),
    TableColumn("waiting", "Waiting", 70, align="right", narrow=62),
    TableColumn("oldest", "Longest without an answer", 142, "shipment", narrow=212),
    TableColumn("age", "For", 80, align="right", under="oldest", beside=True),
    TableColumn("breaker", "How it is asked", None, "muted", min=220, under="oldest"),
    TableColumn("retry", "", 110, "button", narrow=108),
)


@dataclass(frozen=True)
class _Seen:
    """What is shown, read at one time. `now` in UTC; `zone` is the viewer's."""

    carriers: Sequence[CarrierHealth]
    standings: Mapping[str, tuple[Standing, str]]
    answers: CarrierStatistics
    window: str
    pulse: Pulse
    now: datetime
    zone: ZoneInfo


@fragment(run_every=LIVE)
def health(runtime: Runtime, zone: ZoneInfo) -> None:
    """The upper half of the page; it follows what happens by itself."""
    with messages.guarded(tr("The carriers")):
        _follow_press(runtime)
        seen = _read(runtime, zone, _window())
        _head(seen)
        _alerts(runtime, seen)
        _tiles(seen)
        table(
            _COLUMNS,
            [_row(one, seen, who.denied(runtime, Act.RETRY)) for one in seen.carriers],
            key="carriers",
            caption=tr("Shipping companies and how they answer"),
            view=TableView(height=MOST_HIGH),
            on_event=lambda event: _pressed(runtime, seen, event),
        )
        st.caption(_foot(seen))


def _read(runtime: Runtime, zone: ZoneInfo, window: str) -> _Seen:
    now = runtime.now()
    carriers = sorted(runtime.carrier_health(person=who.person(runtime)), key=lambda one: not (one.service and one.ready))
    services = {name: runtime.client.health(name) for name in {one.service for one in carriers}}
    return _Seen(
        carriers=carriers,
        standings={one.carrier: statistics.standing(one, services[one.service]) for one in carriers},
        answers=statistics.over(runtime.store, now=now, window=WINDOWS[window], person=who.person(runtime)),
        window=window,
        pulse=runtime.refresher.pulse,
        now=now,
        zone=zone,
    )


def _window() -> str:
    said = st.query_params.get("window", "")
    return said if said in WINDOWS else "1h"


def _to_window() -> None:
    st.query_params["window"] = st.session_state["window"]


def _head(seen: _Seen) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.header(tr("Carriers"), anchor=False, width="content")
        st.caption(running(seen.pulse, seen.answers.pace, seen.now), width="content")
        st.space("stretch")
        st.session_state["window"] = seen.window
        st.segmented_control(
            tr("Time"),
            list(WINDOWS),
            key="window",
            required=True,
            label_visibility="collapsed",
            format_func=NAMES.__getitem__,
            on_change=_to_window,
        )


def running(pulse: Pulse, pace: float, now: datetime) -> str:
    """`Shipping companies are asked by themselves · 214 numbers a minute · again in 2 s`"""
    if not pulse.alive:
        return str(RefresherText.STOPPED())
    speed = "quiet" if not pace else "slow" if pace < 1 else ""
    if pulse.last_cycle is None:
        return str(RefresherText.FIRST_ROUND(speed, count=round(pace)))
    wait = max(timedelta(0), pulse.last_cycle + timedelta(seconds=TICK) - now)
    return str(RefresherText.NEXT_ROUND(speed, count=round(pace), wait=formats.duration(wait)))


def _alerts(runtime: Runtime, seen: _Seen) -> None:
    if not seen.pulse.alive:
        st.error(
            tr("Statuses stay as they are until the server is started again."), title=tr("Nothing is refreshed"), icon=_PAUSED
        )
    elif not runtime.usable:
        st.info(
            tr(
                "Without a key no service can be asked, so shipments move by hand only. Set one such as SHIPDESK_SEVENTEEN_TRACK_KEY."
            ),
            title=tr("No tracking service is set up"),
            icon=":material/key:",
        )
    paused: dict[str, list[CarrierHealth]] = defaultdict(list)
    for one in seen.carriers:
        if seen.standings[one.carrier][0] is Standing.PAUSED:
            paused[one.title].append(one)
    count = sum(map(len, paused.values()))
    if count:
        lines = [formats.plain(line) for line in outages(paused, seen.zone, seen.now)]
        st.error("  \n".join(lines), title=str(Outage.TITLE(count=count)), icon=_PAUSED)


def outages(paused: Mapping[str, Sequence[CarrierHealth]], zone: ZoneInfo, now: datetime) -> list[str]:
    """What is to know of each service that is left alone: since when, what stays true, when the next try is."""
    return [_outage(title, carriers, zone, now) for title, carriers in paused.items()]


def _outage(title: str, carriers: Sequence[CarrierHealth], zone: ZoneInfo, now: datetime) -> str:
    answered = max((one.last_success for one in carriers if one.last_success), default=None)
    names = [one.name for one in carriers if one.watched] or [one.name for one in carriers]
    more, form = len(names) - MOST_NAMED, "answered" if answered else "silent"
    since = Outage.SINCE(
        f"{form}_more" if more > 0 else form,
        service=title,
        when=formats.hour(answered, zone, now) if answered else "",
        names=Names(names[:MOST_NAMED]),
        more=more,
    )
    kept = Outage.KEPT(count=sum(one.watched for one in carriers))
    tries = [one.next_try for one in carriers if one.next_try]
    following = Outage.NEXT_TRY(when=formats.hour(min(tries), zone, now, seconds=True)) if tries else Outage.BEING_TRIED()
    return sentences([since, kept, Outage.OTHERS_GO_ON(), following])


def _tiles(seen: _Seen) -> None:
    now, before = seen.answers.total, seen.answers.total_before
    grid = st.grid(4, min_column_width=250, gap="xsmall")
    for draw in (_answered, _errors):
        with grid.cell(), st.container(border=True, height="stretch", gap="xsmall"):
            draw(seen, now, before)
    with grid.cell(), st.container(border=True, height="stretch", gap="xsmall"):
        watched = sum(one.watched for one in seen.carriers)
        waiting = formats.count(sum(one.queue for one in seen.carriers))
        st.metric(tr("Waiting to be asked"), waiting, help=_HELP["waiting"], height=figure_texts.metric_height())
        st.caption(str(HealthText.WATCHED(count=watched)))
    with grid.cell(), st.container(border=True, height="stretch", gap="xsmall"):
        oldest = min((one for one in seen.carriers if one.oldest), key=lambda one: one.oldest or seen.now, default=None)
        age = formats.duration(seen.now - oldest.oldest) if oldest and oldest.oldest else "–"
        st.metric(tr("Longest without an answer"), age, help=_HELP["oldest"], height=figure_texts.metric_height())
        st.caption(
            formats.facts(formats.plain(oldest.name), formats.plain(oldest.oldest_no or ""))
            if oldest
            else tr("Nothing is watched")
        )


def _answered(seen: _Seen, now: statistics.Tally, before: statistics.Tally) -> None:
    span = _SPANS[seen.window]
    change = (now.answered - before.answered) / before.answered if before.answered else None
    st.metric(
        str(HealthText.ANSWERED(span=span)),
        formats.count(now.answered),
        f"{abs(change):.0%}".replace("%", " %") if change is not None else None,
        delta_arrow=_arrow(change, seen.answers.answers_differ),
        delta_color="gray",
        delta_description=str(HealthText.THAN_BEFORE(span=span)) if change is not None else None,
        help=_HELP["answered"],
        height=figure_texts.metric_height(changed=change is not None),
    )
    if change is None:
        st.caption(str(HealthText.NOTHING_BEFORE(span=span)))


def _errors(seen: _Seen, now: statistics.Tally, before: statistics.Tally) -> None:
    rate, old = now.error_rate, before.error_rate
    change = rate - old if rate is not None and old is not None else None
    arrow = _arrow(change, seen.answers.errors_differ)
    st.metric(
        tr("Errors"),
        error_rate(now, tight=True),
        None if change is None else str(DurationText.POINTS("short", number=100 * abs(change))) if change else "0",
        delta_arrow=arrow,
        delta_color=_COLOURS[arrow],
        delta_description=None if change is None else _WORDS[arrow] if change else tr(shared.NO_CHANGE),
        help=_HELP["errors"],
        height=figure_texts.metric_height(changed=change is not None),
    )
    if change is None:
        st.caption(str(HealthText.FAILED(failed=now.failed, asked=now.asked)))


def _arrow(change: float | None, differs: bool) -> Arrow:
    """Where a number went; nowhere where chance may have done it."""
    return "off" if not change or not differs else "up" if change > 0 else "down"


_COLOURS: Final[Mapping[Arrow, Colour]] = {"off": "gray", "up": "red", "down": "green"}
_WORDS = Vocabulary({"off": shared.NO_CLEAR_CHANGE, "up": shared.WORSE, "down": shared.BETTER})


def _row(one: CarrierHealth, seen: _Seen, locked: str | None) -> Row:
    standing, reason = seen.standings[one.carrier]
    tally = seen.answers.now.get(one.carrier, statistics.Tally())
    asked = standing not in (Standing.NO_TRACKING, Standing.RETIRED)
    return {
        "id": one.carrier,
        "name": one.name,
        "state": chips.STANDINGS[standing],
        "reason": reason if standing is not Standing.PAUSED else "",
        "service": one.title or "–",
        "answered": _answer(one.last_success, seen),
        "errors": error_rate(tally),
        "asked": formats.count(tally.asked) if asked else "–",
        "waiting": formats.count(one.queue) if asked else "–",
        "oldest": one.oldest_no or "",
        "age": formats.duration(seen.now - one.oldest) if one.oldest else "–",
        "breaker": breaker(one, seen.zone, seen.now) if asked else "–",
        "retry": {"name": "retry", "word": tr("Retry now"), "locked": locked} if asked else tr("Marked by hand"),
    }


def error_rate(tally: statistics.Tally, *, tight: bool = False) -> str:
    """`2.4 %`; of fewer than twenty `1 of 8`; a dash when nothing was asked."""
    if tally.error_rate is None:
        return "–"
    if tally.asked < FEWEST:
        return str(HealthText.FEW(failed=tally.failed, asked=tally.asked))
    return figure_texts.share(tally.error_rate, tight=tight)


def breaker(one: CarrierHealth, zone: ZoneInfo, now: datetime) -> str:
    """`Asked normally`, or `Not asked since 17:59:10, tried again at 18:47:12`."""
    if one.breaker is BreakerState.CLOSED or one.breaker_since is None:
        return tr("Asked normally")
    if one.breaker is BreakerState.HALF_OPEN:
        return tr("Being tried again now")
    since = formats.hour(one.breaker_since, zone, now, seconds=True)
    if one.next_try is None:
        return str(HealthText.OPEN_SINCE("alone", since=since))
    return str(HealthText.OPEN_SINCE("tries", since=since, next_try=formats.hour(one.next_try, zone, now, seconds=True)))


def _answer(at: datetime | None, seen: _Seen) -> str:
    return f"{formats.hour(at, seen.zone, seen.now)} ({formats.duration(seen.now - at)})" if at else "–"


def _foot(seen: _Seen) -> str:
    stopped, warned = sum(one.stopped for one in seen.carriers), sum(one.warned for one in seen.carriers)
    counts = {HealthText.GIVEN_UP: stopped, HealthText.USED_BEFORE: warned}
    return sentences([HealthText.BREAKER(), *(text(count=count) for text, count in counts.items() if count)])


def _pressed(runtime: Runtime, seen: _Seen, event: TableEvent) -> None:
    one = next((one for one in seen.carriers if one.carrier == event.id), None)
    if one is None:
        return
    if event.name == "open" and one.oldest_no:
        shipment_drawer.open_drawer(one.oldest_no)
        st.session_state[_OPENED] = True
    elif event.name == "retry":
        runtime.retry_now(one.carrier, person=who.person(runtime))
        if not one.queue and one.oldest_no:
            refresh_run.start(runtime, RETRIED, [one.oldest_no])
        st.session_state[RETRIED] = one.title


def _follow_press(runtime: Runtime) -> None:
    """What a press on the table asks of the rest of the page."""
    if st.session_state.pop(_OPENED, False):
        st.rerun()
    title: Any = st.session_state.pop(RETRIED, None)
    if title:
        st.toast(str(HealthText.ASKED_AGAIN(service=formats.plain(title))), icon=":material/refresh:")


_OPENED: Final = "carriers:opened"
_PAUSED: Final = ":material/pause_circle:"
_HELP = Vocabulary(
    {
        "answered": "Numbers that a service answered about, by itself or when asked by hand",
        "errors": "Numbers that could not be asked about, of all that were asked. A paused service is not asked, so it adds nothing",
        "waiting": "Numbers whose next check is due now",
        "oldest": "How long ago the number that waits longest was last answered",
    }
)
