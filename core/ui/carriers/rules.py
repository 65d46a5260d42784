"""The rules per carrier: which service is asked about it, and how a wrong check digit is treated; saved at once."""

from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain.carriers import Carrier, Check
from core.domain.errors import ShipdeskError
from core.domain.language import Vocabulary, tr
from core.domain.permissions import Act
from core.domain.reasons import Said, Why
from core.runtime import Runtime
from core.services.shipments.changes import Actor, Request
from core.services.tracking import carriers
from core.services.tracking.carriers import CarrierHealth
from core.ui.carriers.sentences import RuleText
from core.ui.kit import formats, messages, who

AS_SHIPPED: Final = "as_shipped"
_SAID: Final = "rules:said"
_CHECKS = Vocabulary({Check.REFUSE: "Refuse", Check.WARN: "Warn", Check.OFF: "Off"})
_MOST_HIGH: Final = 900
_WIDTHS: Final = {"name": 148, "service": 214, "check": 196}


def section(runtime: Runtime, zone: ZoneInfo) -> None:
    """A line per carrier; a change is in force at once."""
    st.subheader(tr("Rules per company"), anchor=False)
    st.caption(
        tr(
            "A wrong check digit is refused, can be confirmed (warn), or is not looked at (off). Changes are saved at once. "
            "Behind each name stands the source of what is known of it."
        )
    )
    locked = who.locked(runtime, Act.SET_CARRIERS)
    said = st.session_state.pop(_SAID, None)
    if isinstance(said, ShipdeskError):
        st.error(formats.plain(str(said)), icon=":material/block:")
    elif said:
        st.toast(formats.plain(said), icon=":material/check:")
    with st.container(gap="xsmall", height=_MOST_HIGH, border=False):
        for one in runtime.carrier_health(person=who.person(runtime)):
            _line(runtime, one, zone, locked)


def _line(runtime: Runtime, one: CarrierHealth, zone: ZoneInfo, locked: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        source = RuleText.SOURCE(source=formats.plain(runtime.shipped.carriers[one.carrier].source))
        st.markdown(f"**{formats.plain(one.name)}**", width=_WIDTHS["name"], help=str(source))
        _service(runtime, one, locked)
        if has_check_digit(runtime.shipped.carriers[one.carrier]):
            _check(runtime, one, locked)
        else:
            st.caption(tr("No check digit is known"), width=_WIDTHS["check"])
        st.caption(_who(one, zone, runtime), width="content")


def has_check_digit(carrier: Carrier) -> bool:
    """Whether any form of the carrier's numbers has a check digit."""
    return any(shape.algorithm for shape in carrier.shapes)


def _service(runtime: Runtime, one: CarrierHealth, locked: bool) -> None:
    carrier = runtime.shipped.carriers[one.carrier]
    names = carriers.service_choices(carrier)
    usual = carriers.service_of(carrier, None, runtime.usable)

    def word(choice: str) -> str:
        if choice == AS_SHIPPED:
            return str(RuleText.AS_SHIPPED("tracked" if usual in names else "none", service=names.get(usual)))
        if not choice:
            return tr("Not tracked")
        return str(RuleText.SERVICE("usable" if choice in runtime.usable else "no_key", service=names[choice]))

    key = f"service:{one.carrier}"
    st.session_state[key] = AS_SHIPPED if one.chosen is None else one.chosen
    st.selectbox(
        str(RuleText.SERVICE_OF(carrier=one.name)),
        [AS_SHIPPED, *names, ""],
        key=key,
        format_func=word,
        label_visibility="collapsed",
        width=_WIDTHS["service"],
        disabled=locked or one.retired_at is not None,
        on_change=_set_service,
        args=(runtime, one, key),
    )


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
    return f"{formats.plain(one.updated_by)}, {formats.moment(one.updated_at, zone, runtime.now())}"
