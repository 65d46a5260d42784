"""The verdict on every row of a file: by its shape, by the other rows, and by what the desk knows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo

from core.domain.invoice_number import OTHER, Carrier, Level, Rules, check
from core.files.xlsx.reader import visible
from core.files.xlsx.sheet import FIELDS, TITLES, Sheet, SheetCell, SheetRow
from core.services.shipments import invoices
from core.services.shipments.invoices import Outcome
from core.services.uploading import duplicates
from core.services.uploading.finding import nearby
from core.services.uploading.preview import WRITTEN, Line, Preview, Verdict, entries_of
from core.services.uploading.repairs import cleaned_invoice_no, cleaned_shipment_no, with_leading_zero
from core.store.database import Store

TURN_ON = "Turn on “Also modify registered invoices” to replace it."

_EMPTY = " is empty."
_MODIFY_INSTEAD = "Modify it instead."


def judge_sheet(
    sheet: Sheet,
    rules: Rules,
    store: Store | None,
    *,
    modify: bool,
    at: datetime,
    confirmed: frozenset[int] = frozenset(),
    zone: tzinfo | None = None,
) -> Preview:
    """One line per row; nothing is written. `confirmed` are the numbers of the rows whose warning was answered.

    Days are said in `zone`, or in that of `at`. Without a store the file is judged alone: shape, digits, carrier, number rules, duplicates in the file.
    """
    lines = duplicates.settled([_line(row, rules, confirmed) for row in sheet.rows], rules, confirmed)
    if store:
        entries = entries_of([line for line in lines if line.verdict in (*WRITTEN, Verdict.CONFIRM)], confirmed)
        lines = _against(store, lines, invoices.foreseen(store, rules, entries, modify=modify, at=at, zone=zone))
    return Preview(sheet, lines, at, modify, confirmed)


def _line(row: SheetRow, rules: Rules, confirmed: frozenset[int]) -> Line:
    cells = dict(zip(FIELDS, (row.shipment_no, row.company, row.invoice_no), strict=True))
    shipment_no, shipment_repair = cleaned_shipment_no(row.shipment_no.text)
    invoice_no, invoice_repair = ("", "") if row.invoice_no.fault else cleaned_invoice_no(row.invoice_no.text)
    carrier = None if row.company.fault else rules.named(row.company.text)
    found = Line(
        row.number, shipment_no, carrier.code if carrier else "", row.company.text.strip(), invoice_no, row.invoice_no.text
    )
    if row.is_header:
        return _refused(found, "shipment_no", "The row repeats the headers. Delete it.")
    line = replace(found, repair=" ".join(said for said in (shipment_repair, invoice_repair) if said))
    line = _by_number(line, carrier, row.invoice_no.text, rules, row.number in confirmed) if carrier else line
    complaints = _complaints(cells)
    if carrier is None and "carrier" not in complaints:
        complaints["carrier"] = _unknown_company(row.company.text, rules)
        line = _destroyed(line, row.invoice_no.text, rules)
    if line.verdict is Verdict.REFUSED and "invoice_no" not in complaints:
        complaints["invoice_no"] = line.reason
    return _with_complaints(line, complaints)


def _complaints(cells: Mapping[str, SheetCell]) -> dict[str, str]:
    """By field, what is wrong with the cells themselves."""
    found = {name: f"{TITLES[name]}: {cell.fault}" for name, cell in cells.items() if cell.fault}
    return found | {
        name: f"{TITLES[name]}{_EMPTY}" for name, cell in cells.items() if not cell.fault and not visible(cell.text)
    }


def _with_complaints(line: Line, complaints: Mapping[str, str]) -> Line:
    """The line refused for all of them, under the first field."""
    if not complaints:
        return line
    said = [complaints[name] for name in FIELDS if name in complaints]
    said += ["All three columns must be filled."] if any(text.endswith(_EMPTY) for text in said) else []
    return _refused(line, next(name for name in FIELDS if name in complaints), " ".join(said))


def _unknown_company(text: str, rules: Rules) -> str:
    near = rules.nearest(text)
    advice = f"Did you mean {near.name}? Write it so, or choose from the list." if near else "Choose one from the list."
    return f"Shipping company: “{text.strip()[:60]}” is not known. {advice}"


def _by_number(line: Line, carrier: Carrier, text: str, rules: Rules, is_confirmed: bool) -> Line:
    verdict = check(carrier.code, text, rules)
    if verdict.level is Level.REFUSE:
        if whole := with_leading_zero(verdict.cleaned, carrier):
            said = f"Leading zero restored, the check digit proves it: {whole}."
            return replace(line, invoice_no=whole, verdict=Verdict.REPAIRED, repair=" ".join((line.repair, said)).strip())
        return _refused(line, "invoice_no", _titled(verdict.message))
    if verdict.level is Level.WARN and not is_confirmed:
        return replace(line, verdict=Verdict.CONFIRM, field="invoice_no", reason=_titled(verdict.message))
    return replace(line, verdict=Verdict.REPAIRED if line.repair else Verdict.READY)


def _destroyed(line: Line, text: str, rules: Rules) -> Line:
    """The line without a known company, refused when no company could have such a number."""
    if not line.invoice_no or (line.invoice_no.isascii() and line.invoice_no.isalnum()):
        return line
    return _refused(line, "invoice_no", _titled(check(OTHER, text, rules).message))


def _titled(message: str) -> str:
    return message if message.startswith(TITLES["invoice_no"]) else f"{TITLES['invoice_no']}: {message}"


def _refused(line: Line, field: str, reason: str) -> Line:
    return replace(line, verdict=Verdict.REFUSED, field=field, reason=reason, repair="")


def _against(store: Store, lines: Sequence[Line], outcomes: dict[str, Outcome]) -> tuple[Line, ...]:
    unknown = [number for number, outcome in outcomes.items() if outcome.field == "shipment_no"]
    near = nearby(store, unknown)
    outcomes |= {number: Outcome("refused", _not_found(number, near), "shipment_no") for number in unknown}
    return tuple(with_outcome(line, outcomes.get(line.shipment_no)) for line in lines)


def _not_found(number: str, near: Mapping[str, str]) -> str:
    if number in near:
        return f"Shipment No.: not found. Did you mean {near[number]}?"
    return f"Shipment No.: {number} does not exist. Check the number on the slip."


def with_outcome(line: Line, outcome: Outcome | None) -> Line:
    """The line as the desk's own decision leaves it; what the file alone refuses stays refused."""
    if outcome is None or line.verdict is Verdict.REFUSED:
        return line
    if outcome.verdict == "ready":
        return replace(line, note=outcome.message) if line.verdict in WRITTEN else line
    if outcome.verdict == "refused":
        field, message = outcome.field or "shipment_no", outcome.message
        if message.endswith(_MODIFY_INSTEAD):
            field, message = "invoice_no", message.removeprefix(f"{line.shipment_no}: ").replace(_MODIFY_INSTEAD, TURN_ON)
        return _refused(line, field, _titled(message) if field == "invoice_no" else message)
    if line.verdict is Verdict.UNCHANGED:
        return line
    if outcome.verdict == "unchanged":
        return replace(line, verdict=Verdict.UNCHANGED, field="", reason=outcome.message, repair="")
    reason = line.reason if line.verdict is Verdict.CONFIRM else _titled(outcome.message)
    return replace(line, verdict=Verdict.CONFIRM, field="invoice_no", reason=reason)
