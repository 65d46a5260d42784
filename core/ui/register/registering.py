"""The Register page's state: what was scanned and answered, the last ten with [Undo], and how the day goes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import streamlit as st

from core.domain import labels
from core.domain.errors import ShipdeskError
from core.domain.fields import FIELDS
from core.domain.history import ChangeSource
from core.domain.language import tr
from core.domain.permissions import Act
from core.domain.reasons import Names, Why
from core.domain.shipment import Item, Shipment
from core.domain.verdicts import RowVerdict
from core.runtime import Runtime
from core.services.shipments import invoices, scan, undo
from core.services.shipments.changes import Request
from core.services.shipments.scan import Registered, Scan, ScanDesk, ScanReason, ScanResult, ScanVerdict
from core.services.shipments.undo import Undone
from core.ui.kit import cached, chips, empty_shop, formats, messages, proposed_company, shipment_drawer, shipment_rows, who
from core.ui.kit.shortcuts import OF_REGISTER
from core.ui.kit.table import TableColumn, TableEvent, TableView, table
from core.ui.register import unregistered
from core.ui.register.scan_boxes import BoxesShown, jobs, scan_boxes
from core.ui.register.sentences import Catch, DayText, ParcelText, ScanText

BOXES: Final = "scan_boxes"
LAST: Final = "last_ten"
WAREHOUSE: Final = "warehouse"
SHOWN: Final = 10
KEPT_ANSWERS: Final = 200

_COLUMNS = (
    TableColumn("time", "At", 76, "muted"),
    TableColumn("shipment_no", FIELDS.in_english["shipment_no"], 128, "shipment", narrow=128),
    TableColumn("carrier", "Company", 112, min=90, grow=2, under="invoice_no"),
    TableColumn("invoice_no", FIELDS.in_english["invoice_no"], 160, min=150, grow=3),
    TableColumn("result", "Result", 112, "chip"),
    TableColumn("undo", "Undo", 106, "button"),
)


class Said(NamedTuple):
    """What to say under the boxes about the last scan."""

    show: str
    title: str
    text: str


class TakenCompany(NamedTuple):
    """A company that was taken as such parcels mostly go with it, while the number fits `others` as well. `key` is that of the scan."""

    shipment_no: str
    number: str
    carrier: str
    others: tuple[str, ...]
    confirmed: bool
    key: str


@dataclass
class RegisterState:
    """What this visit remembers; registrations themselves are read from the history."""

    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    unsaved: list[dict[str, Any]] = field(default_factory=list)
    recent: list[Registered] = field(default_factory=list)
    refused: int = 0
    warehouses: tuple[str, ...] = ()
    said: Said | None = None
    taken: TakenCompany | None = None
    focus: int = 0
    answering: Lock = field(default_factory=Lock)


def state() -> RegisterState:
    """The state of this visit."""
    kept: RegisterState = st.session_state.setdefault("register:state", RegisterState())
    return kept


def boxes(runtime: Runtime) -> None:
    """The two boxes with what is said about the last scan."""
    now = state()
    now.warehouses = now.warehouses or tuple(cached.choices(runtime)["warehouse"])
    waiting = [now.answers[job["id"]] for job in jobs(BOXES) if job["id"] in now.answers]
    shown = BoxesShown(
        answers=waiting,
        companies=[(code, carrier.name) for code, carrier in runtime.rules.offered.items()],
        warehouses=now.warehouses,
        warehouse=_warehouse(now),
        focus=now.focus,
    )
    scan_boxes(shown, key=BOXES, on_scan=lambda: _answer_all(runtime))
    if any(job["id"] not in now.answers for job in jobs(BOXES)):
        # What comes with the first run after a lost connection calls nothing.
        _answer_all(runtime)
        st.rerun()
    _say(now.said)
    if now.taken:
        _say_taken(runtime, now.taken)


def last_ten(runtime: Runtime, zone: ZoneInfo, now: datetime) -> None:
    """What this person registered last and what this visit did not save, newest first, each with [Undo] or the reason why not.

    Before there is any, what waits longest.
    """
    saved = [_saved_row(runtime, row) for row in scan.last(runtime.store, person=who.person(runtime), limit=SHOWN)]
    shown = sorted([*saved, *state().unsaved], key=lambda row: row["at"], reverse=True)[:SHOWN]
    with st.container(horizontal=True, vertical_alignment="center"):
        st.header(tr("Last ten"), anchor=False, width="content")
        st.space("stretch")
        st.caption(_today(runtime, now), width="content")
    if not shown:
        with st.container(gap="xxsmall"):
            if empty_shop.is_empty(runtime):
                empty_shop.panel()
                return
            st.caption(tr("Nothing has been scanned yet."))
            unregistered.longest(runtime, _warehouse(state()), zone, now)
        return
    table(
        _COLUMNS,
        [_drawn(row, zone) for row in shown],
        key=LAST,
        caption=tr("The last ten scans, newest first"),
        view=TableView(height="content"),
        on_event=lambda event: _pressed(runtime, event, {row["id"]: row["shipment_no"] for row in shown}),
    )
    st.caption(tr("Undo is offered until the shipment moves on. After that, delete the invoice from the shipment instead."))


def legend() -> None:
    """The keys of the page."""
    keys = "   ".join(f"`{key}` {formats.plain(act)}" for key, act in OF_REGISTER.items())
    with st.container(key="keys"):
        st.markdown(f"**{tr('Keys')}**   {keys}")


def catches() -> None:
    """What the desk notices by itself."""
    with st.container(border=True):
        st.markdown(tr("**What is checked for you**"))
        st.caption(formats.facts(*(catch() for catch in Catch)))


def _answer_all(runtime: Runtime) -> None:
    """Answers what waits, each id once: the queue comes whole each time, and a new run may overtake the one before."""
    now = state()
    with now.answering:
        for job in jobs(BOXES):
            if job["id"] not in now.answers:
                now.answers[job["id"]] = {"id": job["id"], **_answer(runtime, now, job)}
        for old in list(now.answers)[:-KEPT_ANSWERS]:
            del now.answers[old]


def _answer(runtime: Runtime, now: RegisterState, job: Mapping[str, Any]) -> dict[str, Any]:
    acts: dict[str, Callable[[Runtime, RegisterState, Mapping[str, Any]], dict[str, Any]]] = {
        "look": _look,
        "save": _save,
        "undo": _undo_last,
        "warehouse": _choose_warehouse,
    }
    now.said = None
    try:
        act = acts.get(str(job.get("kind")))
        return act(runtime, now, job) if act else {}
    except ShipdeskError as error:
        now.said = Said("error", str(ScanText.NOTHING_CHANGED()), str(error))
    except Exception as error:
        now.said = Said("error", str(ScanText.NOT_DONE()), messages.our_fault(error))
    nothing: dict[str, Any] = {"shipment": None, "offered": [], "best": "", "proposed": "", "means": "", "field": ""}
    return {"verdict": ScanVerdict.REFUSED, "message": now.said.text, **nothing}


def _say_taken(runtime: Runtime, taken: TakenCompany) -> None:
    """Which company was taken where the number fits several, with the others a press away; it stays in sight until the next one is
    registered."""
    names = {code: shipment_rows.carrier_name(code, runtime.rules) for code in (taken.carrier, *taken.others)}
    said = ScanText.TAKEN(
        company=names[taken.carrier],
        number=taken.number,
        shipment_no=taken.shipment_no,
        others=Names(names[code] for code in taken.others),
    )
    with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small", key="register:taken"):
        st.markdown(f":material/local_shipping: {formats.plain(str(said))}", width="stretch")
        for code in taken.others:
            st.button(
                str(ScanText.TAKE(company=formats.plain(names[code]))),
                key=f"register:take:{code}",
                on_click=_take,
                args=(runtime, taken, code),
                **who.limits(runtime, Act.CHANGE),
            )


def _take(runtime: Runtime, taken: TakenCompany, carrier: str) -> None:
    """Gives the number to the company that was pressed; a second press does nothing."""
    now, entry = state(), invoices.Entry(carrier, taken.number, confirmed=taken.confirmed)
    now.focus += 1
    request = Request(who.actor(runtime, ChangeSource.SCAN), runtime.now(), request_key=f"{taken.key} {carrier}")
    try:
        invoices.modify(runtime.store, runtime.rules, taken.shipment_no, entry, request=request)
    except Exception as error:
        now.said = Said("error", str(ScanText.NOTHING_CHANGED()), messages.why(error))
        return
    others = tuple(code for code in (taken.carrier, *taken.others) if code != carrier)
    now.taken = taken._replace(carrier=carrier, others=others, key=f"{taken.key} {carrier}")
    company = shipment_rows.carrier_name(carrier, runtime.rules)
    registered = ScanReason.REGISTERED(company=company, number=taken.number, shipment_no=taken.shipment_no)
    now.said = Said("info", "", str(registered))


def _look(runtime: Runtime, now: RegisterState, job: Mapping[str, Any]) -> dict[str, Any]:
    at = runtime.now()
    result = scan.look(runtime.store, runtime.rules, _scan(job), _desk(now), visit=who.visit(runtime, at))
    now.said = _words(result, looking=True)
    return _described(result, runtime, at)


def _save(runtime: Runtime, now: RegisterState, job: Mapping[str, Any]) -> dict[str, Any]:
    at = runtime.now()
    result = scan.register(
        runtime.store,
        runtime.rules,
        _scan(job),
        _desk(now),
        request=Request(who.actor(runtime, ChangeSource.SCAN), at, request_key=job["id"]),
    )
    now.said = _words(result, looking=False)
    _remember(runtime, now, job, result, at)
    return _described(result, runtime, at)


def _undo_last(runtime: Runtime, now: RegisterState, job: Mapping[str, Any]) -> dict[str, Any]:
    request = Request(who.actor(runtime, ChangeSource.UNDO), runtime.now(), request_key=job["id"])
    undone = scan.undo_last(runtime.store, home=runtime.settings.home, request=request)
    _say_undone(runtime, now, undone)
    return {"message": now.said.text if now.said else ""}


def _choose_warehouse(_: Runtime, __: RegisterState, job: Mapping[str, Any]) -> dict[str, Any]:
    chosen = str(job.get("text") or "")
    if chosen:
        st.query_params[WAREHOUSE] = chosen
    else:
        st.query_params.pop(WAREHOUSE, None)
    return {"message": str(ScanText.WAREHOUSE("one" if chosen else "any", warehouse=chosen))}


def _scan(job: Mapping[str, Any]) -> Scan:
    first, second, carrier = (str(job.get(name) or "")[:120] for name in ("first", "second", "carrier"))
    return Scan(first, second, carrier, agreed=job.get("agreed") is True, confirmed=job.get("confirmed") is True)


def _desk(now: RegisterState) -> ScanDesk:
    return ScanDesk(_warehouse(now), tuple(now.recent))


def _warehouse(now: RegisterState) -> str:
    """The one in the link; "" for any and for one that does not exist."""
    named = str(st.query_params.get(WAREHOUSE, ""))
    return named if named in now.warehouses else ""


def _remember(runtime: Runtime, now: RegisterState, job: Mapping[str, Any], result: ScanResult, at: datetime) -> None:
    """Keeps what the history does not: refusals, and what a repeat is told by."""
    match result.verdict:
        case ScanVerdict.REGISTERED | ScanVerdict.CONFIRMED | ScanVerdict.UNCHANGED:
            now.recent = ScanDesk(recent=tuple(now.recent)).lately(at)
            now.recent.append(Registered(result.shipment_no, result.number, at))
            now.unsaved = [row for row in now.unsaved if row["asked"] != result.shipment_no]
            now.taken = _taken(result, job["id"])
        case ScanVerdict.REFUSED:
            now.refused += 1
    chip = _UNSAVED.get(result.verdict)
    if chip:
        row = {
            "id": job["id"],
            "at": at,
            "shipment_no": result.shipment_no or str(job.get("first")),
            "carrier": shipment_rows.carrier_name(result.carrier, runtime.rules),
            "invoice_no": result.number,
            "result": chips.VERDICTS[chip],
            "undo": labels.HITCHES[result.hitch] if result.hitch else "",
            "asked": result.shipment_no if result.verdict is ScanVerdict.ASK else "",
        }
        others = [one for one in now.unsaved if not row["asked"] or one["asked"] != row["asked"]]
        now.unsaved = [*others, row][-SHOWN:]


def _taken(result: ScanResult, key: str) -> TakenCompany | None:
    if not result.instead or result.verdict is ScanVerdict.UNCHANGED:
        return None
    confirmed = result.verdict is ScanVerdict.CONFIRMED
    return TakenCompany(result.shipment_no, result.number, result.carrier, result.instead, confirmed, key)


def _described(result: ScanResult, runtime: Runtime, at: datetime) -> dict[str, Any]:
    return {
        "verdict": result.verdict,
        "message": result.message,
        "field": result.field,
        "shipment_no": result.shipment_no,
        "number": result.number,
        "offered": list(result.proposals),
        "best": result.carrier,
        "proposed": proposed_company.in_a_word(result.offered_for),
        "means": proposed_company.in_full(result.offered_for),
        "shipment": _summary(result.shipment, runtime, at) if result.shipment else None,
    }


def _summary(shipment: Shipment, runtime: Runtime, at: datetime) -> dict[str, Any]:
    address, state_of = shipment.address, shipment.state
    today = at.astimezone(runtime.settings.zone).date()
    due = ParcelText.SHIP_BY("today" if shipment.ship_by == today else "day", day=formats.day(shipment.ship_by, today))
    return {
        "chip": chips.status_chip(state_of.status, state_of.word, closed=shipment.closed_at is not None),
        "recipient": address.recipient or "–",
        "where": formats.facts(formats.place(address.city, address.country), ParcelText.ORDER(order_no=shipment.order_no)),
        "what": formats.facts(
            ParcelText.WAREHOUSE(warehouse=shipment.warehouse) if shipment.warehouse else None,
            shipment.policy,
            _goods(shipment.items) if shipment.items else None,
            due if shipment.ship_by else None,
        ),
    }


def _goods(items: Sequence[Item]) -> Why:
    first, *more = items
    return ParcelText.GOODS("more" if more else "alone", name=first.name, quantity=first.quantity, more=len(more))


def _words(result: ScanResult, *, looking: bool) -> Said | None:
    match result.verdict, result.reason:
        case ScanVerdict.ASK, ScanReason.OTHER_WAREHOUSE:
            text = " ".join((result.message, str(ScanText.GO_ON())))
            return Said("warning", str(ScanText.OTHER_WAREHOUSE()), text)
        case ScanVerdict.ASK, _ if looking:
            return Said("warning", str(ScanText.NO_FIRST_INVOICE()), result.message)
        case ScanVerdict.ASK, _:
            text = " ".join((result.message, str(ScanText.CONFIRM())))
            return Said("warning", str(ScanText.LOOK_AGAIN(number=result.number)), text)
        case ScanVerdict.REFUSED, _:
            return Said("error", str(ScanText.NOTHING_REGISTERED()), result.message)
        case ((ScanVerdict.SWAPPED | ScanVerdict.REPEAT | ScanVerdict.UNCHANGED), _):
            return Said("info", "", result.message)
        case ScanVerdict.RESTARTED, _:
            return Said("warning", "", result.message)
    return None


def _say(said: Said | None) -> None:
    if said is None:
        return
    show, icon = {
        "error": (st.error, ":material/block:"),
        "warning": (st.warning, ":material/warning:"),
        "info": (st.info, ":material/info:"),
    }[said.show]
    show(formats.plain(said.text), title=formats.plain(said.title) or None, icon=icon)


def _saved_row(runtime: Runtime, row: Mapping[str, Any]) -> dict[str, Any]:
    standing = labels.VERDICTS[RowVerdict.UNDONE] if row["undone"] else "" if row["newest"] else str(ScanText.MOVED_ON())
    return {
        "id": str(row["batch_id"]),
        "at": row["made_at"],
        "shipment_no": row["shipment_no"],
        "carrier": shipment_rows.carrier_name(row["after"].get("carrier"), runtime.rules),
        "invoice_no": row["invoice_no"] or row["after"].get("invoice_no") or "",
        "result": chips.VERDICTS[RowVerdict.CONFIRMED if row["reason"] else RowVerdict.REGISTERED],
        "undo": standing or {"name": "undo", "word": tr("Undo")},
    }


def _drawn(row: Mapping[str, Any], zone: ZoneInfo) -> dict[str, Any]:
    drawn = {name: row[name] for name in ("id", *(column.key for column in _COLUMNS[1:]))}
    return {**drawn, "time": f"{row['at'].astimezone(zone):%H:%M:%S}"}


def _pressed(runtime: Runtime, event: TableEvent, numbers: Mapping[str, str]) -> None:
    now = state()
    if event.name == "open":
        shipment_drawer.open_drawer(numbers.get(event.id, ""))
    elif event.name == "undo" and event.id.isdecimal():
        by, at = who.actor(runtime, ChangeSource.UNDO), runtime.now()
        now.focus += 1
        try:
            home, batch = runtime.settings.home, int(event.id)
            _say_undone(
                runtime,
                now,
                undo.undo(runtime.store, batch, home=home, request=Request(by, at, request_key=undo.key_of(batch))),
            )
        except ShipdeskError as error:
            now.said = Said("error", str(ScanText.NOTHING_UNDONE()), str(error))


def _say_undone(runtime: Runtime, now: RegisterState, answers: list[Undone]) -> None:
    """Says what went back; it may be scanned again at once."""
    for one in answers:
        now.recent = [done for done in now.recent if done.shipment_no != one.shipment_no]
        if now.taken and now.taken.shipment_no == one.shipment_no:
            now.taken = None
        if one.stayed:
            now.said = Said("warning", str(ScanText.MOVED_ON()), str(one.stayed))
        else:
            now.said = Said("info", "", str(_undone(runtime, one.shipment_no)))


def _undone(runtime: Runtime, shipment_no: str) -> Why:
    """How it stands now: without an invoice, or with the company that it had before another was taken."""
    shipment = scan.find(runtime.store, shipment_no, person=who.person(runtime))
    if shipment is None or shipment.invoice is None:
        return ScanText.UNDONE(shipment_no=shipment_no)
    company = shipment_rows.carrier_name(shipment.invoice.carrier, runtime.rules)
    return ScanText.UNDONE_COMPANY(shipment_no=shipment_no, company=company)


def _today(runtime: Runtime, at: datetime) -> str:
    day = scan.today(runtime.store, visit=who.visit(runtime, at))
    return formats.facts(
        DayText.REGISTERED(count=day.registered),
        DayText.REFUSED(count=state().refused),
        DayText.LAST_HOUR(count=day.last_hour),
        None if day.seconds is None else DayText.AVERAGE(seconds=day.seconds),
    )


_UNSAVED = {
    ScanVerdict.REFUSED: RowVerdict.REFUSED,
    ScanVerdict.ASK: RowVerdict.CONFIRM,
    ScanVerdict.UNCHANGED: RowVerdict.UNCHANGED,
}
