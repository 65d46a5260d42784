"""Rows of one file that speak of the same shipment or carry the same number."""

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import replace

from core.domain.invoice_number import Rules
from core.services.uploading.preview import Line, Verdict

_READABLE = re.compile(r"[0-9A-Z]+")  # what Excel destroyed is no second number, and is refused by itself


def settled(lines: Sequence[Line], rules: Rules, confirmed: frozenset[int]) -> tuple[Line, ...]:
    """The rows with their in-file verdicts: two numbers for one shipment are refused, a repeated row is unchanged, and one
    number for several shipments needs confirming."""
    by_row = {line.row: line for line in lines}
    numbered = [line for line in lines if line.shipment_no and _READABLE.fullmatch(line.invoice_no)]
    for group in _groups(numbered, lambda line: line.shipment_no):
        by_row |= {line.row: line for line in _one_shipment(group)}
    live = [line for line in by_row.values() if line.verdict not in (Verdict.REFUSED, Verdict.UNCHANGED)]
    for group in _groups(live, lambda line: (line.carrier, line.invoice_no)):
        by_row |= {line.row: _shared(line, group, rules) for line in group if line.row not in confirmed}
    return tuple(by_row[line.row] for line in lines)


def _groups(lines: Iterable[Line], key: Callable[[Line], Hashable]) -> list[list[Line]]:
    groups: dict[Hashable, list[Line]] = defaultdict(list)
    for line in lines:
        groups[key(line)].append(line)
    return [group for group in groups.values() if len(group) > 1]


def _one_shipment(group: list[Line]) -> list[Line]:
    if len({line.invoice_no for line in group}) > 1 or len({line.carrier for line in group if line.carrier}) > 1:
        return [_contradicted(line, group) for line in group]
    accepted = [line for line in group if line.verdict is not Verdict.REFUSED]
    return [_repeated(line, accepted[0]) for line in accepted[1:]]


def _contradicted(line: Line, group: list[Line]) -> Line:
    said = f"Shipment No.: also in {_others(line, group)} with another invoice. Keep one of the rows."
    if line.verdict is Verdict.REFUSED:
        return replace(line, reason=f"{line.reason} {said}")
    return replace(line, verdict=Verdict.REFUSED, field="shipment_no", reason=said, repair="")


def _repeated(line: Line, first: Line) -> Line:
    said = f"The same as row {first.row}; it is registered once."
    return replace(line, verdict=Verdict.UNCHANGED, field="", reason=said, repair="")


def _shared(line: Line, group: list[Line], rules: Rules) -> Line:
    said = (
        f"Invoice No.: {rules.carriers[line.carrier].name} {line.invoice_no} is also in {_others(line, group)} for another "
        "shipment. Check the label; confirm only if several shipments travel in one parcel."
    )
    reason = f"{line.reason} {said}" if line.verdict is Verdict.CONFIRM else said
    return replace(line, verdict=Verdict.CONFIRM, field="invoice_no", reason=reason)


def _others(line: Line, group: list[Line]) -> str:
    rows = [str(other.row) for other in group if other.row != line.row]
    if len(rows) > 5:
        rows = [*rows[:5], f"{len(rows) - 5} more"]
    *most, last = rows
    return f"rows {', '.join(most)} and {last}" if most else f"row {last}"
