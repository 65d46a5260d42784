"""The Upload page while a carrier's list is matched: every row with what it means, and a choice where several shipments fit."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

import streamlit as st

from core.domain.clock import Clock
from core.domain.labels import TRAITS
from core.domain.language import tr
from core.domain.matching import Match
from core.domain.reasons import Names
from core.files.xlsx.sheet import Sheet
from core.runtime import Runtime
from core.services import uploading
from core.services.shipments.changes import Request
from core.services.uploading import Candidate, MatchedList, MatchedRow, NumberList
from core.ui.kit import chips, formats
from core.ui.kit.chips import Chip
from core.ui.kit.components import component
from core.ui.upload.sentences import MatchRowText, MatchText

MATCHING: Final = "upload:matching"
LIST: Final = "upload:matches"
COMPANY: Final = "upload:company"

_mount = component(
    "shipdesk_match_list", '<div class="list"></div>', "icons.css", "match_list.css", "icons.js", "match_list.js"
)


@dataclass(frozen=True)
class OpenList:
    """A carrier's list that was read; `chosen` are the shipments that a person chose, by row, "" for none."""

    data: bytes = field(repr=False)
    matched: MatchedList
    chosen: Mapping[int, str] = field(default_factory=dict)

    @property
    def sheet(self) -> Sheet:
        """The rows as they are to be judged."""
        return self.matched.sheet(self.chosen)

    @property
    def meant(self) -> int:
        """How many rows have a shipment."""
        return sum(bool(self.chosen.get(row.row, row.shipment_no)) for row in self.matched.rows)

    @property
    def open(self) -> int:
        """How many rows wait for a choice."""
        return sum(row.match is Match.TIE and row.row not in self.chosen for row in self.matched.rows)


def held() -> OpenList | None:
    """The list of this visit; None when there is none."""
    found: OpenList | None = st.session_state.get(MATCHING)
    return found


def start(runtime: Runtime, data: bytes, numbers: NumberList, request: Request) -> None:
    """Matches the list with what waits now, and keeps it."""
    matched = uploading.match(runtime.store, runtime.rules, numbers, request=request)
    st.session_state[MATCHING] = OpenList(data, matched)


def forget() -> None:
    """Starts over with no list."""
    for name in (MATCHING, LIST, COMPANY):
        st.session_state.pop(name, None)


def choose(runtime: Runtime, opened: OpenList, request: Request, go_on: Callable[[OpenList], None]) -> None:
    """Every row with what it means, the company where the list does not say it, and the button that has the rows judged."""
    matched = opened.matched
    name = runtime.rules.carriers[matched.carrier].name if matched.carrier else ""
    said = MatchText.LOOKS_LIKE("company" if name else "unknown", company=name, counts=formats.plain(matched.message))
    st.info(str(said), icon=":material/visibility:")
    if matched.asks_company or st.session_state.get(COMPANY):
        _ask_company(runtime, request)
    _mount(
        key=LIST,
        data=_drawn(opened, Clock(request.at, runtime.settings.zone)),
        on_chosen_change=_take,
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.button(
            str(MatchText.GO_ON("" if opened.meant else "none", count=opened.meant)),
            type="primary",
            icon=":material/fact_check:",
            key="upload:matched",
            shortcut="Ctrl+Enter",
            disabled=matched.asks_company,
            help=tr("Choose first whose numbers these are") if matched.asks_company else None,
            on_click=go_on,
            args=(opened,),
        )
        st.space("stretch")
        if opened.open:
            st.caption(str(MatchText.OPEN(count=opened.open)), width="content")


def _ask_company(runtime: Runtime, request: Request) -> None:
    names = {code: carrier.name for code, carrier in runtime.rules.carriers.items()}

    def answer() -> None:
        opened, carrier = held(), st.session_state.get(COMPANY)
        if opened and carrier:
            matched = uploading.match(runtime.store, runtime.rules, opened.matched.numbers, request=request, carrier=carrier)
            st.session_state[MATCHING] = replace(opened, matched=matched)

    st.selectbox(
        tr("Whose numbers are these?"),
        list(names),
        index=None,
        key=COMPANY,
        format_func=lambda code: names[code],
        placeholder=tr("Choose the shipping company of the whole list"),
        width=360,
        on_change=answer,
    )


def _take() -> None:
    """Takes in what was chosen in the browser, as far as it is among what is offered."""
    opened, said = held(), (st.session_state.get(LIST) or {}).get("chosen")
    if opened is None or not isinstance(said, dict) or said.get("list") != opened.matched.numbers.digest:
        return
    rows = said.get("rows")
    offered = {str(row.row): (row.row, {"", *(one.shipment_no for one in row.candidates)}) for row in opened.matched.rows}
    chosen = {offered[row][0]: no for row, no in dict(rows or {}).items() if row in offered and no in offered[row][1]}
    st.session_state[MATCHING] = replace(opened, chosen=chosen)


def _drawn(opened: OpenList, clock: Clock) -> dict[str, Any]:
    counts = opened.matched.counts
    views = [(Match.TIE, counts[Match.TIE]), (Match.CERTAIN, counts[Match.CERTAIN]), (Match.NONE, counts[Match.NONE])]
    labels = [{"name": "all", "label": str(MatchRowText.VIEW(name=MatchRowText.ALL(), count=len(opened.matched.rows)))}]
    labels += [
        {"name": match, "label": str(MatchRowText.VIEW(name=chips.MATCHES[match]["word"], count=count))}
        for match, count in views
    ]
    return {
        "list": opened.matched.numbers.digest,
        "opened": Match.TIE if counts[Match.TIE] else "all",
        "focus": True,
        "views": labels,
        "rows": [_row(row, clock) for row in opened.matched.rows],
        "chosen": {str(row): shipment_no for row, shipment_no in opened.chosen.items()},
        "words": {
            "caption": str(MatchRowText.CAPTION()),
            "views": str(MatchRowText.VIEWS()),
            "hint": str(MatchRowText.HINT()),
            "none": str(MatchRowText.EMPTY()),
            "leave": str(MatchRowText.LEAVE()),
            "taken": str(MatchRowText.TAKEN(row="{row}")),
            "picked": Chip(word=str(MatchRowText.PICKED()), icon="check", hue="green"),
            "left": Chip(word=str(MatchRowText.LEFT()), icon="equals", hue="gray"),
        },
    }


def _row(row: MatchedRow, clock: Clock) -> dict[str, Any]:
    return {
        "id": str(row.row),
        "row": f"{row.row:,}",
        "number": row.number.text,
        "says": " · ".join(filter(None, (row.recipient, row.phone, row.address))),
        "match": row.match,
        "chip": chips.MATCHES[row.match],
        "shipment_no": row.shipment_no,
        "why": _why(row),
        "candidates": [_candidate(one, clock) for one in row.candidates],
    }


def _why(row: MatchedRow) -> str:
    if row.rivals:
        return str(MatchRowText.CLAIMED(count=len(row.rivals), rows=Names(map(str, row.rivals))))
    if row.match is Match.NONE:
        return str(MatchRowText.UNKNOWN())
    if row.match is Match.TIE:
        return str(MatchRowText.FITS(count=len(row.candidates)))
    agrees = row.candidates[0].agrees
    return str(MatchRowText.AGREES(traits=Names(TRAITS[trait] for trait in agrees)) if agrees else MatchRowText.REGISTERED())


def _candidate(one: Candidate, clock: Clock) -> dict[str, Any]:
    return {
        "shipment_no": one.shipment_no,
        "recipient": one.recipient,
        "phone": one.phone,
        "address": one.address,
        "order": str(MatchRowText.ORDER(order_no=one.order_no, day=formats.day(one.ordered_on, clock.today))),
        "agrees": [TRAITS[trait] for trait in one.agrees],
        "differs": [str(MatchRowText.DIFFERS(trait=TRAITS[trait])) for trait in one.differs],
    }
