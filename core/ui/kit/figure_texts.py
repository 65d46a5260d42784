"""How a figure is written: its value, what it is made of, and its change with an arrow, a colour and a word."""

import math
from dataclasses import dataclass
from datetime import date
from typing import Literal

from core.domain.figures import NO_FIGURES, Direction, NoFigure, Turn, Unit
from core.domain.language import tr
from core.domain.periods import Period, days_in_words
from core.services.figures import Value
from core.ui.kit import formats, shared
from core.ui.kit.formats import DurationText
from core.ui.kit.sentences import KitText

Arrow = Literal["up", "down", "off"]
Colour = Literal["green", "red", "gray"]


@dataclass(frozen=True)
class ChangeText:
    """The arrow says the direction, the colour and the word whether that is good; both are grey where chance may have done it."""

    text: str
    arrow: Arrow
    colour: Colour
    word: str


def metric_height(*, changed: bool = False) -> int:
    """Pixels that a figure takes as a metric, with its change below it: told beforehand, nothing moves when it is drawn."""
    return 85 if changed else 60


def shown(value: Value, *, tight: bool = False) -> str:
    """`91.8 %`, `27.4 h`, `3.1 days`, `1,284`; why there is none otherwise. `tight`: without the space before %, as in tiles."""
    if value.value is None:
        return missing(value.why)
    match value.definition.unit:
        case Unit.SHARE:
            return share(value.value, tight=tight)
        case Unit.HOURS:
            return hours(value.value, at_least=value.p50_at_least)
        case Unit.COUNT:
            return formats.count(round(value.value))


def missing(why: NoFigure | None) -> str:
    """`too few`, `no shipments`: why there is no value; a dash where nobody knows."""
    return NO_FIGURES[why] if why else "–"


def share(part: float, *, tight: bool = False) -> str:
    """`91.8 %`; never 100.0 % or 0.0 % of what is not all or none."""
    percent = 100 * part
    text = f"{percent:.1f}"
    if text == "100.0" and part < 1:
        text = "99.9"
    elif text == "0.0" and part > 0:
        text = "0.1"
    return f"{text}%" if tight else f"{text} %"


def hours(number: float, *, at_least: bool = False) -> str:
    """`46 min`, `27.4 h` under two days, then `3.1 days`; `so far` when open shipments may still raise it."""
    if number < 1:
        text = DurationText.MINUTES(number=round(number * 60))
    elif number < 48:
        text = DurationText.IN_HOURS(number=number)
    else:
        text = DurationText.IN_DAYS(number=number / 24)
    return str(DurationText.SO_FAR(duration=text)) if at_least else str(text)


def made_of(value: Value, *, short: bool = False) -> str:
    """`1,722 of 1,876`; of durations `2,051 shipments · 9 of 10 within 58.0 h`, the second alone where there is little room (`short`)."""
    match value.definition.unit:
        case Unit.SHARE:
            return str(KitText.PART_OF(part=value.numerator, count=value.denominator))
        case Unit.HOURS:
            shipments = KitText.SHIPMENTS(count=value.denominator)
            if value.value is None or value.p90 is None:
                return str(shipments)
            most = KitText.P90(hours=hours(value.p90, at_least=value.p90_at_least))
            return str(most) if short else formats.facts(shipments, most)
        case Unit.COUNT:
            return str(KitText.SHIPMENTS(count=value.numerator))


def interval(value: Value) -> str:
    """`90.5 – 93.0 %`, the 95 % interval of a share; a dash for none."""
    if value.value is None or value.low is None or value.high is None:
        return "–"
    return f"{100 * value.low:.1f} – {100 * value.high:.1f} %"


def ticks(low: float, high: float) -> tuple[tuple[float, str], ...]:
    """Three round shares at most on a scale between these two: where on it, from 0 to 1, and `90 %`."""
    steps = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
    step = next((step for step in steps if (high - low) / step <= 3), 1.0)
    shares = [n * step for n in range(math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9) + 1)]
    return tuple(((one - low) / (high - low), f"{100 * one:.0f} %") for one in shares)


def change(value: Value, *, full: bool = False) -> ChangeText | None:
    """Against the period before at the same age; None when there is nothing to compare with. `full`: with the unit in full."""
    if value.value is None:
        return None
    if value.early:
        return ChangeText("–", "off", "gray", tr("too early to compare"))
    if value.change is None:
        return None
    text = _difference(value, "full" if full else "short")
    if not any(c in "123456789" for c in text):
        return ChangeText("0", "off", "gray", tr(shared.NO_CHANGE))
    if value.arrow is Direction.NONE:
        return ChangeText(text, "off", "gray", tr(shared.NO_CLEAR_CHANGE))
    arrow: Arrow = "up" if value.arrow is Direction.UP else "down"
    match value.verdict:
        case Turn.GOOD:
            return ChangeText(text, arrow, "green", tr(shared.BETTER))
        case Turn.BAD:
            return ChangeText(text, arrow, "red", tr(shared.WORSE))
    return ChangeText(text, arrow, "gray", tr("more") if arrow == "up" else tr("fewer"))


def span(period: Period, today: date) -> str:
    """`9 – 22 Nov`, `26 Oct – 8 Nov`, `9 Nov` of one day; with the year when it is not this one."""
    return days_in_words(period.first, period.last, today)


def _difference(value: Value, unit: str) -> str:
    size = abs(value.change or 0)
    match value.definition.unit:
        case Unit.SHARE:
            return str(DurationText.POINTS(unit, number=100 * size))
        case Unit.HOURS:
            return hours(size) if size >= 1 / 60 else str(DurationText.MINUTES(number=0))
        case Unit.COUNT:
            return formats.count(round(size))
