"""What a clerk does in the panel: the forms, the second look at a warning, and the answer to each press."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain import shipment_actions
from core.domain.countries import COUNTRIES
from core.domain.errors import Conflict, NeedsConfirming, Refused, ShipdeskError
from core.domain.fields import FIELDS
from core.domain.invoice_number import clean
from core.domain.language import Vocabulary, tr, worded
from core.domain.permissions import Act
from core.domain.reasons import Said, Why
from core.domain.shipment import Address, Stage
from core.domain.shipment_actions import Action
from core.files.countries import country_name
from core.runtime import Runtime
from core.services.shipments import actions, invoices, lanes
from core.services.shipments.changes import Request
from core.services.shipments.invoices import Entry
from core.services.shipments.lanes import Proposal
from core.services.shipments.queries import WholeShipment
from core.ui.kit import formats, fragments, messages, notes, proposed_company, shared, shipment_drawer, unfinished, walking, who
from core.ui.kit.sentences import FaultText
from core.ui.kit.shipment_drawer import ANSWER, CONFIRM, follow, form_of, open_form, part_of
from core.ui.kit.shipment_rows import carrier_name
from core.ui.kit.unfinished import OpenKind, OpenWork
from core.ui.shipment import journey
from core.ui.shipment.invoice_line import FORM, KEEP
from core.ui.shipment.proposal_line import Proposing, proposal_line
from core.ui.shipment.sentences import ActText

_SAVED = {Action.REGISTER: ActText.REGISTERED, Action.MODIFY: ActText.MODIFIED}
_PROPOSED = "act:proposed"


@dataclass(frozen=True)
class SeenVersion:
    """The shipment and the version of it that the person looked at when pressing."""

    shipment_no: str
    version: int


@dataclass(frozen=True)
class PressAnswer:
    """What to say after a press: a refusal, a warning to confirm, or a conflict with what was typed; `name` is another for each press."""

    shipment_no: str
    error: ShipdeskError
    kept: str = ""
    name: str = field(default_factory=lambda: uuid4().hex)

    @property
    def wrong(self) -> str:
        """The field of the form that is wrong, "" for none."""
        error = self.error
        return error.field if isinstance(error, Refused) and not isinstance(error, NeedsConfirming) else ""


@dataclass(frozen=True)
class ProposedCompany:
    """The company that stands in a form because it was proposed, and why; one that a person chose is none."""

    form: str
    carrier: str
    why: Why


def answers(runtime: Runtime, whole: WholeShipment, zone: ZoneInfo, now: datetime) -> None:
    """What there is to say about the last press on this shipment."""
    answer: PressAnswer | None = st.session_state.get(ANSWER)
    if answer is None or answer.shipment_no != whole.shipment.shipment_no:
        return
    match answer.error:
        case Conflict() as conflict:
            st.error(
                " ".join(
                    (
                        formats.plain(str(conflict)),
                        journey.who_saved(conflict.change, runtime.rules, zone, now),
                        str(ActText.LOOK_AT_IT()),
                    )
                ),
                title=tr("Somebody else saved first"),
                icon=":material/sync_problem:",
            )
            with st.container(horizontal=True, vertical_alignment="center"):
                st.button(tr("Discard my change"), key="discard", on_click=open_form, args=(answer.shipment_no, ""))
                if answer.kept:
                    st.caption(str(ActText.KEPT(entry=formats.plain(answer.kept))), width="content")
        case NeedsConfirming() as doubt:
            st.warning(
                " ".join((formats.plain(str(doubt)), str(ActText.PRESS_AGAIN()))),
                title=tr("Look once more"),
                icon=":material/warning:",
            )
        case error:
            st.error(formats.plain(str(error)), icon=":material/block:")


def keep_open(seen: SeenVersion, allowed: frozenset[Action]) -> None:
    """Notes in the browser what may be pressed here: the next session opens it again, and says whether anything was saved."""
    again = {"form": form_of(seen.shipment_no), "part": part_of(seen.shipment_no)}
    work = OpenWork(_request_key(seen), seen.shipment_no, again)
    unfinished.keep(OpenKind.FORM, work if allowed else None)


def invoice_forms(runtime: Runtime, whole: WholeShipment, seen: SeenVersion, allowed: frozenset[Action]) -> None:
    """The form to register, or the one the clerk opened to modify or delete."""
    form = form_of(seen.shipment_no)
    if Action.REGISTER in allowed:
        _entry_form(runtime, whole, seen, tr("Register invoice"), Action.REGISTER)
    elif form == Action.MODIFY and Action.MODIFY in allowed:
        st.markdown(formats.plain(_said_of(ActText.STARTS_ANEW, runtime, whole)))
        _entry_form(runtime, whole, seen, tr(shared.MODIFY_INVOICE), Action.MODIFY)
    elif form == Action.DELETE and Action.DELETE in allowed:
        _delete_form(runtime, whole, seen)


def other_acts(runtime: Runtime, whole: WholeShipment, seen: SeenVersion, allowed: frozenset[Action]) -> None:
    """Mark as delivered, settle a doubt, re-ship, close: where they are permitted."""
    if Action.MARK_DELIVERED in allowed:
        if form_of(seen.shipment_no) == Action.MARK_DELIVERED:
            _reason_form(
                "delivered",
                tr("Mark as delivered"),
                tr("How do you know that it was delivered?"),
                seen,
                lambda reason: actions.mark_delivered(
                    runtime.store, seen.shipment_no, reason=reason, request=asking(runtime, seen)
                ),
                str(ActText.DELIVERED(shipment_no=seen.shipment_no)),
            )
        elif form_of(seen.shipment_no) == "":
            st.button(
                tr("Mark as delivered"),
                key="to_delivered",
                icon=":material/check:",
                on_click=open_form,
                args=(seen.shipment_no, Action.MARK_DELIVERED),
            )
    if Action.SETTLE in allowed:
        _settling(runtime, whole, seen)
    if Action.RESHIP in allowed:
        with st.container(horizontal=True):
            st.button(
                tr("Re-ship"),
                key="reship",
                icon=":material/redo:",
                type="primary",
                help=tr("A new Shipment No. of the same order in Preparing to Release"),
                on_click=_reship,
                args=(runtime, seen),
            )
            st.button(
                tr("Close"),
                key="close",
                icon=":material/close:",
                help=tr("Nothing more will be sent"),
                on_click=_close,
                args=(runtime, seen),
            )


def _settling(runtime: Runtime, whole: WholeShipment, seen: SeenVersion) -> None:
    """What the words of the carrier leave open, and the two answers to it."""
    if (doubt := whole.shipment.state.doubt) is None:
        return
    st.warning(formats.plain(str(doubt())), icon=":material/question_mark:")
    with st.container(horizontal=True):
        for stage in shipment_actions.SETTLED_AS[doubt]:
            st.button(
                _SETTLE[stage].label,
                key=f"settle:{stage}",
                icon=_SETTLE[stage].icon,
                help=_SETTLE[stage].meaning,
                on_click=_settle,
                args=(runtime, seen, stage),
            )


def address_button(runtime: Runtime, whole: WholeShipment, allowed: frozenset[Action]) -> None:
    """[Edit address] until an invoice freezes it; afterwards the reason."""
    shipment_no = whole.shipment.shipment_no
    if Action.EDIT_ADDRESS not in allowed:
        if whole.shipment.invoice:
            st.caption(tr("The address is frozen: an invoice is registered."), width="content")
        return
    limits = who.limits(runtime, Act.CHANGE)
    if limits["disabled"] or form_of(shipment_no) != Action.EDIT_ADDRESS:
        st.button(
            tr("Edit address"),
            key="to_address",
            type="tertiary",
            icon=":material/edit:",
            on_click=open_form,
            args=(shipment_no, Action.EDIT_ADDRESS),
            **limits,
        )


def address_form(runtime: Runtime, whole: WholeShipment, seen: SeenVersion, allowed: frozenset[Action]) -> None:
    """The form that [Edit address] opens."""
    opened = form_of(seen.shipment_no) == Action.EDIT_ADDRESS
    if Action.EDIT_ADDRESS not in allowed or who.limits(runtime, Act.CHANGE)["disabled"] or not opened:
        return
    old = whole.shipment.address
    with st.form("address", border=True):
        for row in _ADDRESS_ROWS:
            for place, name in zip(st.columns(len(row), gap="small"), row, strict=True):
                with place:
                    _address_box(seen, name, getattr(old, name))
        with st.container(horizontal=True):
            st.form_submit_button(
                tr("Save address"), type="primary", shortcut="Ctrl+Enter", on_click=_save_address, args=(runtime, seen)
            )
            st.form_submit_button(tr("Cancel"), type="tertiary", on_click=open_form, args=(seen.shipment_no, ""))


def _address_box(seen: SeenVersion, name: str, old: str) -> None:
    key = f"address:{name}"
    if name == "country":
        countries = sorted(COUNTRIES, key=country_name)
        st.selectbox(
            FIELDS["country"],
            countries,
            index=countries.index(old) if old in countries else None,
            placeholder=tr("Choose a country"),
            key=key,
            format_func=country_name,
        )
    else:
        st.text_input(_ADDRESS[name], value=unfinished.typed(seen.shipment_no, key, old), key=key, max_chars=200)


def _entry_form(runtime: Runtime, whole: WholeShipment, seen: SeenVersion, label: str, action: Action) -> None:
    invoice = whole.shipment.invoice
    fields = _Fields(f"entry:{whole.shipment.shipment_id}:{action}")
    with st.container(key=FORM):
        left, right = st.columns([2, 5], gap="small")
    with left:
        _company(runtime, seen, fields, invoice.carrier if invoice else "")
    with right, st.form(fields.name, border=False), st.container(horizontal=True, vertical_alignment="bottom", gap="xsmall"):
        st.text_input(
            FIELDS["invoice_no"],
            value=unfinished.typed(seen.shipment_no, fields.number, invoice.invoice_no if invoice else ""),
            key=fields.number,
            placeholder=tr("Type or scan"),
            max_chars=120,
        )
        st.form_submit_button(
            label,
            type="primary",
            icon=":material/check:",
            shortcut="Ctrl+Enter",
            on_click=_save_entry,
            args=(runtime, seen, action, fields),
        )
        if action is Action.MODIFY:
            st.form_submit_button(tr("Cancel"), type="tertiary", on_click=open_form, args=(seen.shipment_no, ""))


@fragments.fragment()
def _company(runtime: Runtime, seen: SeenVersion, fields: "_Fields", current: str) -> None:
    """The box of the company. It is not in the form, so that the desk knows whether a person chose one before the form is sent,
    and runs by itself: what somebody else saved meanwhile takes no form away from under the hands of who types.
    """
    codes = [code for code, one in runtime.rules.carriers.items() if not one.retired or code == current]
    with st.container(gap="xxsmall"):
        st.selectbox(
            FIELDS["carrier"],
            codes,
            index=codes.index(current) if current in codes else None,
            placeholder=tr("Choose shipping company"),
            key=fields.carrier,
            format_func=lambda code: runtime.rules.carriers[code].name,
            on_change=lambda: st.session_state.pop(_PROPOSED, None),
        )
        found = _proposed_in(fields)
        why = found.why if found else None
        proposal_line(
            Proposing(proposed_company.in_a_word(why), proposed_company.in_full(why), *_wrong(seen)),
            key=fields.line,
            on_number=lambda number: _propose(runtime, seen, fields, number),
        )


def _wrong(seen: SeenVersion) -> tuple[str, str]:
    """The field that the last press found wrong, and the name of that press."""
    answer: PressAnswer | None = st.session_state.get(ANSWER)
    return (answer.wrong, answer.name) if answer and answer.shipment_no == seen.shipment_no else ("", "")


@dataclass(frozen=True)
class _Fields:
    name: str

    @property
    def carrier(self) -> str:
        return f"{self.name}:carrier"

    @property
    def number(self) -> str:
        return f"{self.name}:number"

    @property
    def line(self) -> str:
        return f"{self.name}:proposal"


def _proposed_in(fields: _Fields) -> ProposedCompany | None:
    """The proposal that stands in the form now; None where a person chose the company, or none is there."""
    found: ProposedCompany | None = st.session_state.get(_PROPOSED)
    standing = found and (found.form, found.carrier) == (fields.name, st.session_state.get(fields.carrier))
    return found if standing else None


def _propose(runtime: Runtime, seen: SeenVersion, fields: _Fields, number: str) -> Proposal | Why | None:
    """Puts the only company that is left for the number into the form; None where a person chose one, which stays."""
    before = _proposed_in(fields)
    if st.session_state.get(fields.carrier) and not before:
        return None
    found = lanes.proposed(runtime.store, runtime.rules, seen.shipment_no, number, visit=who.visit(runtime))
    if isinstance(found, Proposal):
        code = found.number.carrier
        # What stands there is not written again: it would overwrite what is being chosen in the browser meanwhile.
        if st.session_state.get(fields.carrier) != code:
            st.session_state[fields.carrier] = code
        st.session_state[_PROPOSED] = ProposedCompany(fields.name, code, found.why)
    elif before:
        st.session_state[fields.carrier] = None
        del st.session_state[_PROPOSED]
    return found


def _save_entry(runtime: Runtime, seen: SeenVersion, action: Action, fields: _Fields) -> None:
    number = st.session_state.get(fields.number) or ""
    found = _propose(runtime, seen, fields, number)
    carrier = st.session_state.get(fields.carrier)
    kept = formats.facts(runtime.rules.carriers[carrier].name if carrier else tr("no company"), number)
    if not carrier:
        _say(seen, _refusal(found, number), kept)
        return
    token = (seen.shipment_no, carrier, clean(number))
    entry = Entry(carrier, number, st.session_state.get(CONFIRM) == token, _proposed_in(fields) is not None)
    save = invoices.modify if action is Action.MODIFY else invoices.register
    values = {"company": runtime.rules.carriers[carrier].name, "number": clean(number), "shipment_no": seen.shipment_no}
    went_through = saved(
        seen,
        lambda: save(runtime.store, runtime.rules, seen.shipment_no, entry, request=asking(runtime, seen)),
        str(_SAVED[action](**values)),
        kept,
    )
    if not went_through and isinstance(st.session_state[ANSWER].error, NeedsConfirming):
        st.session_state[CONFIRM] = token


def _refusal(found: Proposal | Why | None, number: str) -> Refused:
    """Why nothing can be saved without a company, under the field that is wrong."""
    if isinstance(found, Why) and clean(number):
        return Refused(found, lanes.field_of(found))
    return Refused(ActText.NOTHING_ENTERED(), "invoice_no")


def _delete_form(runtime: Runtime, whole: WholeShipment, seen: SeenVersion) -> None:
    with st.form("delete", border=False, enter_to_submit=False):
        st.markdown(formats.plain(_said_of(ActText.DELETES, runtime, whole)))
        st.text_input(
            tr("Reason (goes into the history)"),
            unfinished.typed(seen.shipment_no, "delete:reason"),
            key="delete:reason",
            max_chars=200,
        )
        with st.container(horizontal=True):
            st.form_submit_button(tr("Keep invoice"), key=KEEP, on_click=open_form, args=(seen.shipment_no, ""))
            st.form_submit_button(
                tr(":red[:material/delete: Delete invoice]"), key="danger:delete", on_click=_delete, args=(runtime, seen)
            )


def _said_of(text: ActText, runtime: Runtime, whole: WholeShipment) -> str:
    """What becomes of the number in force and of its journey."""
    invoice, journey_so_far = whole.shipment.invoice, whole.shipment.journey
    assert invoice
    first = min((checkpoint.happened_at for checkpoint in journey_so_far), default=None)
    zone, now = formats.viewer_zone(runtime.settings.zone), runtime.now()
    values = {
        "company": carrier_name(invoice.carrier, runtime.rules),
        "number": invoice.invoice_no,
        "count": len(journey_so_far),
        "since": formats.moment(first, zone, now),
    }
    return str(text(**values) if journey_so_far else text("none", **values))


def _reason_form(name: str, label: str, question: str, seen: SeenVersion, act: Callable[[str], bool], done: str) -> None:
    with st.form(name, border=False):
        st.text_input(question, unfinished.typed(seen.shipment_no, f"{name}:reason"), key=f"{name}:reason", max_chars=200)
        with st.container(horizontal=True):
            st.form_submit_button(
                label,
                type="primary",
                shortcut="Ctrl+Enter",
                on_click=_saved_silently,
                args=(seen, lambda: act(st.session_state[f"{name}:reason"] or ""), done),
            )
            st.form_submit_button(tr("Cancel"), type="tertiary", on_click=open_form, args=(seen.shipment_no, ""))


def _save_address(runtime: Runtime, seen: SeenVersion) -> None:
    said = {name: (st.session_state[f"address:{name}"] or "").strip() for name in _ADDRESS}
    address = Address(**said, country=st.session_state["address:country"] or "")
    saved(
        seen,
        lambda: actions.edit_address(
            runtime.store, seen.shipment_no, address, home=runtime.settings.home, request=asking(runtime, seen)
        ),
        str(ActText.ADDRESS_SAVED(shipment_no=seen.shipment_no)),
    )


def _delete(runtime: Runtime, seen: SeenVersion) -> None:
    reason = st.session_state["delete:reason"] or ""
    saved(
        seen,
        lambda: invoices.delete(runtime.store, seen.shipment_no, reason=reason, request=asking(runtime, seen)),
        str(ActText.INVOICE_DELETED(shipment_no=seen.shipment_no)),
    )


def _close(runtime: Runtime, seen: SeenVersion) -> None:
    saved(
        seen,
        lambda: actions.close(runtime.store, seen.shipment_no, request=asking(runtime, seen)),
        str(ActText.CLOSED(shipment_no=seen.shipment_no)),
    )


def _settle(runtime: Runtime, seen: SeenVersion, stage: Stage) -> None:
    saved(
        seen,
        lambda: actions.settle(runtime.store, seen.shipment_no, stage, request=asking(runtime, seen)),
        str(_SETTLE[stage].done(shipment_no=seen.shipment_no)),
    )


def _reship(runtime: Runtime, seen: SeenVersion) -> None:
    def act() -> bool:
        follow(actions.reship(runtime.store, seen.shipment_no, request=asking(runtime, seen)))
        return True

    saved(seen, act, str(ActText.RESHIPPED(shipment_no=seen.shipment_no)))


def saved(seen: SeenVersion, act: Callable[[], bool], done: str | Callable[[], str], kept: str = "") -> bool:
    """Whether the act went through, of which is said what was `done`; otherwise its refusal is kept to be said."""
    unfinished.forget(OpenKind.FORM)
    try:
        act()
    except ShipdeskError as error:
        _say(seen, error, kept)
        return False
    except Exception as error:
        _say(seen, ShipdeskError([FaultText.NOT_SAVED(), Said.PLAIN(text=messages.our_fault(error))]), kept)
        return False
    open_form(seen.shipment_no, "")
    notes.changed()
    walking.go_on(seen.shipment_no)
    shipment_drawer.say_done(seen.shipment_no, done if isinstance(done, str) else done())
    return True


def _saved_silently(seen: SeenVersion, act: Callable[[], bool], done: str) -> None:
    saved(seen, act, done)


def _say(seen: SeenVersion, error: ShipdeskError, kept: str) -> None:
    st.session_state[ANSWER] = PressAnswer(seen.shipment_no, error, kept)
    st.session_state.pop(CONFIRM, None)


def asking(runtime: Runtime, seen: SeenVersion) -> Request:
    """Who presses now, on what they saw."""
    return Request(who.actor(runtime), runtime.now(), seen.version, _request_key(seen))


def _request_key(seen: SeenVersion) -> str:
    """One key for all presses on what this person saw: the second click of a double click finds the first one's work."""
    keys: dict[SeenVersion, str] = st.session_state.get("act:requests", {})
    if seen not in keys:
        keys = st.session_state["act:requests"] = {seen: uuid4().hex}
    return keys[seen]


@worded("label", "meaning")
@dataclass(frozen=True)
class _SettlingButton:
    """The button that settles a doubt, and what is said after the press."""

    label: str
    icon: str
    meaning: str
    done: ActText


_SETTLE = {
    Stage.DELIVERED: _SettlingButton("Delivered", ":material/check:", "The recipient has it", ActText.DELIVERED),
    Stage.RETURNED: _SettlingButton("Returned", ":material/undo:", "It is with the sender again", ActText.RETURNED),
    Stage.IN_TRANSIT: _SettlingButton(
        "On its way", ":material/local_shipping:", "It goes on to the recipient all the same", ActText.ON_ITS_WAY
    ),
}
_ADDRESS = Vocabulary(
    {
        "recipient": FIELDS.in_english["recipient"],
        "phone": FIELDS.in_english["phone"],
        "address": FIELDS.in_english["address"],
        "city": FIELDS.in_english["city"],
        "region": FIELDS.in_english["region"],
        "postal_code": FIELDS.in_english["postal_code"],
    }
)
_ADDRESS_ROWS = (("recipient", "phone"), ("address",), ("city", "region"), ("postal_code", "country"))
