"""The rules per carrier: which service is asked about it, and how a wrong check digit is treated; saved at once."""

from collections.abc import Callable, Sequence
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.carriers import Carrier, Check
from core.domain.errors import ShipdeskError
from core.domain.fields import FIELDS
from core.domain.language import Language, Vocabulary, speech, tr
from core.domain.permissions import Act
from core.domain.reasons import Said, Why
from core.runtime import Runtime
from core.services.shipments.changes import Actor, Request
from core.services.tracking import carriers
from core.services.tracking.carriers import CarrierHealth
from core.ui.carriers.sentences import RuleText
from core.ui.kit import formats, messages, shared, who
from core.ui.kit.table import Row, TableColumn, TableEvent, TableView, table

AS_SHIPPED: Final = "as_shipped"
COMPANY: Final = "rules:company"
_SAID: Final = "rules:said"
_CHECKS = Vocabulary({Check.REFUSE: "Refuse", Check.WARN: "Warn", Check.OFF: "Off"})
_MOST_HIGH: Final = 700
_WIDTHS: Final = {"name": 160, "service": 200, "check": 232}
_COLUMNS: Final = (
    TableColumn("name", FIELDS.in_english["carrier"], 150, "shipment", min=120, grow=1, narrow=130),
    TableColumn("service", shared.ASKED_THROUGH, 200, "muted", min=120, grow=2),
    TableColumn("check", "Wrong check digit", 130, "muted", min=110, under="service"),
    TableColumn("changed", "Changed", 170, "muted", min=90, grow=1, under="name"),
)


def section(runtime: Runtime, zone: ZoneInfo, known: Sequence[CarrierHealth]) -> None:
    """The rules of the chosen carrier, and those of all to choose one; a change is in force at once."""
    st.subheader(tr("Rules per company"), anchor=False)
    st.caption(
        tr(
            "A number whose check digit is wrong is refused, can be confirmed (warn), or is not looked at (off). "
            "Changes are saved at once. Choose a company, or press it in the list."
        )
    )
    locked = who.locked(runtime, Act.SET_CARRIERS)
    said = st.session_state.pop(_SAID, None)
    if isinstance(said, ShipdeskError):
        st.error(formats.plain(str(said)), icon=":material/block:")
    elif said:
        st.toast(formats.plain(said), icon=":material/check:")
    _line(runtime, {one.carrier: one for one in known}, zone, locked)
    table(
        _COLUMNS,
        [_row(one, zone, runtime) for one in known],
        key="rules",
        caption=tr("Rules per company"),
        view=TableView(height=_MOST_HIGH),
        on_event=_pressed,
    )


def _pressed(event: TableEvent) -> None:
    st.session_state[COMPANY] = event.id


def _row(one: CarrierHealth, zone: ZoneInfo, runtime: Runtime) -> Row:
    carrier = runtime.shipped.carriers[one.carrier]
    return {
        "id": one.carrier,
        "name": one.name,
        "service": _service_word(runtime, carrier, AS_SHIPPED if one.chosen is None else one.chosen),
        "check": _CHECKS[one.check] if has_check_digit(carrier) else "",
        "changed": _who(one, zone, runtime),
    }


def _line(runtime: Runtime, known: dict[str, CarrierHealth], zone: ZoneInfo, locked: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        chosen = st.selectbox(
            str(RuleText.WHO()),
            list(known),
            key=COMPANY,
            format_func=lambda code: known[code].name,
            label_visibility="collapsed",
            width=_WIDTHS["name"],
        )
        one, carrier = known[chosen], runtime.shipped.carriers[chosen]
        _service(runtime, one, locked)
        if has_check_digit(carrier):
            _check(runtime, one, locked)
        else:
            st.caption(tr("No check digit is known"), width=_WIDTHS["check"])
    changed = RuleText.CHANGED(who=formats.plain(_who(one, zone, runtime))) if one.updated_at else None
    in_english = speech().language is Language.ENGLISH  # What the sources say of themselves is English.
    source = RuleText.SOURCE(source=formats.plain(carrier.source)) if in_english else None
    if told := formats.facts(changed, source):
        st.caption(told)


def has_check_digit(carrier: Carrier) -> bool:
    """Whether any form of the carrier's numbers has a check digit."""
    return any(shape.algorithm for shape in carrier.shapes)


def _service(runtime: Runtime, one: CarrierHealth, locked: bool) -> None:
    carrier = runtime.shipped.carriers[one.carrier]
    key = f"service:{one.carrier}"
    st.session_state[key] = AS_SHIPPED if one.chosen is None else one.chosen
    st.selectbox(
        str(RuleText.SERVICE_OF(carrier=one.name)),
        [AS_SHIPPED, *carriers.service_choices(carrier), ""],
        key=key,
        format_func=lambda choice: _service_word(runtime, carrier, choice),
        label_visibility="collapsed",
        width=_WIDTHS["service"],
        disabled=locked or one.retired_at is not None,
        on_change=_set_service,
        args=(runtime, one, key),
    )


def _service_word(runtime: Runtime, carrier: Carrier, choice: str) -> str:
    names, usual = carriers.service_choices(carrier), carriers.service_of(carrier, None, runtime.usable)
    if choice == AS_SHIPPED:
        return str(RuleText.AS_SHIPPED("tracked" if usual in names else "none", service=names.get(usual)))
    if not choice:
        return tr("Not tracked")
    return str(RuleText.SERVICE("usable" if choice in runtime.usable else "no_key", service=names[choice]))


def _check(runtime: Runtime, one: CarrierHealth, locked: bool) -> None:
    key = f"check:{one.carrier}"
    st.session_state[key] = one.check
    st.segmented_control(
        str(RuleText.CHECK_OF(carrier=one.name)),
        list(_CHECKS),
        key=key,
        required=True,
        format_func=_CHECKS.__getitem__,
        label_visibility="collapsed",
        width=_WIDTHS["check"],
        disabled=locked,
        on_change=_set_check,
        args=(runtime, one, key),
    )


def _set_service(runtime: Runtime, one: CarrierHealth, key: str) -> None:
    choice = st.session_state[key]
    service = None if choice == AS_SHIPPED else choice
    title = carriers.service_choices(runtime.shipped.carriers[one.carrier]).get(choice, "")
    form = "service" if title else "nobody" if choice == "" else "usual"
    _saved(
        lambda by: carriers.set_service(
            runtime.store, runtime.shipped, one.carrier, service, request=Request(by, runtime.now())
        ),
        runtime,
        RuleText.ASKED(form, service=title, carrier=one.name),
    )


def _set_check(runtime: Runtime, one: CarrierHealth, key: str) -> None:
    check = Check(st.session_state[key])
    _saved(
        lambda by: carriers.set_check(runtime.store, runtime.shipped, one.carrier, check, request=Request(by, runtime.now())),
        runtime,
        RuleText.CHECKED(check.value, carrier=one.name),
    )


def _saved(save: Callable[[Actor], None], runtime: Runtime, done: Why) -> None:
    try:
        save(who.actor(runtime))
    except ShipdeskError as error:
        st.session_state[_SAID] = error
    except Exception as error:
        st.session_state[_SAID] = ShipdeskError([RuleText.NOT_SAVED(), Said.PLAIN(text=messages.our_fault(error))])
    else:
        st.session_state[_SAID] = str(done)


def _who(one: CarrierHealth, zone: ZoneInfo, runtime: Runtime) -> str:
    """Who changed it last and when; nothing while it is as shipped."""
    if one.updated_at is None:
        return ""
    return str(RuleText.WHEN(who=one.updated_by, when=formats.moment(one.updated_at, zone, runtime.now())))
