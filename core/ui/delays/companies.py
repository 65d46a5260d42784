"""Shipping companies at the same lane mix: who is better where the same parcels go."""

from dataclasses import replace
from typing import Any, Final

import streamlit as st

from core.domain.fields import FIELDS
from core.domain.language import tr
from core.runtime import Runtime
from core.services.figures import Score, Scorecard
from core.services.figures.ranking import Contender, Ranking, ranking
from core.ui.delays.header import HEIGHT, View
from core.ui.delays.sentences import DelaysFile, SameMixText
from core.ui.kit import explain, figure_texts, formats, shared, who_is_worst
from core.ui.kit.shipment_rows import carrier_name
from core.ui.kit.table import TableColumn, TableEvent, TableView, table

COLUMNS: Final = (
    TableColumn("name", FIELDS.in_english["carrier"], 130, min=104, grow=2),
    TableColumn("mixed", "Like for like", 88, align="right", narrow=88),
    TableColumn("interval", shared.LIKELY_BETWEEN, 150, "range", min=100, grow=4),
    TableColumn("cases", "Shipments", 84, align="right", under="mixed"),
    TableColumn("plain", "As it was", 78, "figure", align="right", narrow=78),
    TableColumn("served", FIELDS.in_english["of_the_mix"], 92, "muted", align="right", under="plain"),
)
_HELP: Final = SameMixText.HELP()


def card(runtime: Runtime, view: View, found: Scorecard) -> None:
    """Who is worst in one sentence, and one row a company, the worst first, with its interval on a common scale."""
    target = runtime.settings.target
    ranked = _ranking(found)
    with st.container(border=True, height="stretch", gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.subheader(str(DelaysFile.COMPANIES()), anchor=False, width="content", help=formats.plain(str(_HELP)))
            st.space("stretch")
            explain.button(found.overall, view.period, view.where, key="carriers:open")
        st.markdown(who_is_worst.sentence(ranked, runtime.rules))
        st.caption(_about(found, target))
        codes = {score.carrier: score for score in found.scores}

        def pressed(event: TableEvent) -> None:
            if score := codes.get(event.id):
                explain.open_drawer(score.raw, view.period, view.where.but(carrier=(score.carrier,)))

        scale = _scale(found, target)
        table(
            [replace(one, axis=figure_texts.ticks(*scale)) if one.kind == "range" else one for one in COLUMNS],
            [_row(runtime, codes[code], scale, target) for code in ranked.order],
            key="scorecard",
            caption=str(DelaysFile.COMPANIES()),
            view=TableView(height=HEIGHT + 10),
            on_event=pressed,
        )


def why_none(found: Scorecard) -> tuple[str, str, str] | None:
    """Title, text and icon of what is said in place of the table; None where there are companies."""
    if found.scores:
        return None
    return tr("No company has a shipment"), tr("Nothing of these dates was handed over."), ":material/local_shipping:"


def _ranking(found: Scorecard) -> Ranking:
    def standing(score: Score) -> Contender | None:
        if score.value is None or score.low is None or score.high is None:
            return None
        return Contender(score.carrier, score.value, score.low, score.high)

    return ranking({score.carrier: standing(score) for score in found.scores}, (score.raw for score in found.scores))


def _about(found: Scorecard, target: float) -> str:
    low, high = _scale(found, target)
    return str(SameMixText.SCALE(low=100 * low, high=100 * high, target=100 * target))


def _scale(found: Scorecard, target: float) -> tuple[float, float]:
    ends = [end for score in found.scores for end in (score.low, score.high) if end is not None]
    return max(0.0, min([*ends, target]) - 0.01), min(1.0, max([*ends, target]) + 0.01)


def _row(runtime: Runtime, score: Score, scale: tuple[float, float], target: float) -> dict[str, Any]:
    return {
        "id": score.carrier,
        "name": carrier_name(score.carrier, runtime.rules) or score.carrier,
        "mixed": figure_texts.share(score.value) if score.value is not None else figure_texts.missing(score.why),
        "interval": _interval(score, scale, target),
        "cases": formats.count(score.raw.denominator),
        "plain": {"name": "open", "text": figure_texts.shown(score.raw)},
        "served": f"{100 * score.coverage:.0f} %",
    }


def _interval(score: Score, scale: tuple[float, float], target: float) -> dict[str, Any] | None:
    if score.value is None or score.low is None or score.high is None:
        return None
    low, high = scale
    width = high - low or 1.0

    def place(share: float) -> float:
        return (share - low) / width

    return {
        "text": f"{100 * score.low:.1f} – {100 * score.high:.1f} %",
        "low": place(score.low),
        "at": place(score.value),
        "high": place(score.high),
        "mark": place(target),
        "bad": score.value < target,
    }
