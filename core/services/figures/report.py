"""All figures of a period as one flat list, for the command line and for files."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from core.domain import labels
from core.domain.figures import DEFINITIONS, NO_FIGURES, Figure, Unit
from core.domain.periods import Period
from core.domain.reasons import Reason, Why
from core.domain.shipment import Destination, Kind
from core.domain.visit import Visit
from core.services.figures.overview import backlog_of
from core.services.figures.values import SEPARATOR, Value, keyed, value_of
from core.store import figures as store_figures
from core.store.database import Row, Store
from core.store.figures import Population


class ReportText(Reason):
    """What the printed report says; its table has a line a figure."""

    HEAD = "head", "{first} to {last}, by order date, days of {zone}"
    PART = (
        "part",
        {
            "all": "{destination}, {kind}, all shipping companies",
            "none": "{destination}, {kind}, no shipping company yet",
            "company": "{destination}, {kind}, {company}",
        },
    )
    MADE_OF = "made_of", "{numerator:>11,} of {denominator:>11,}"
    HOURS = "hours", "half within {p50:.1f} h, 9 of 10 within {p90:.1f} h"
    STILL_OPEN = "still_open", "open shipments may still raise it"


_PART = ("destination", "kind")
_CARRIER = (*_PART, "carrier")


def report(store: Store, first: date, last: date, *, visit: Visit) -> dict[str, Any]:
    """Every figure by domestic / international, kind and carrier, by order date, ready for JSON.

    `from`, `to`, `zone`, and `figures`: figure, name, unit, destination, kind, carrier (null: all of them, "": no invoice),
    numerator, denominator, value (a share from 0 to 1, hours, a count; null with a `note` that says why), p50 and p90 in hours.
    Raises Refused when the period ends before it begins.
    """
    visit.require()
    period = Period(first, last)
    population = Population(visit.clock.zone, visit.clock.now, period=period)
    groups = (_PART, _CARRIER)
    counted = store_figures.counts(store, population, groups)
    timed = store_figures.hours(store, population, groups)
    backlog = store_figures.hours(store, Population(visit.clock.zone, visit.clock.now), groups, (Figure.BACKLOG,))
    figures = [
        _line(figure, value, destination, kind, carrier)
        for destination, kind, carrier, rows in _groups(counted, timed, backlog)
        for figure, value in _values(*rows).items()
    ]
    return {"from": first.isoformat(), "to": last.isoformat(), "zone": visit.clock.zone.key, "figures": figures}


Rows = tuple[Row | None, Row | None, Row | None]


def _groups(counted: list[Row], timed: list[Row], backlog: list[Row]) -> Iterator[tuple[Destination, Kind, str | None, Rows]]:
    """Each part of the shop as a whole, then by carrier; a part without shipments is there too."""
    whole = [{key: row for (_, key), row in keyed(rows, _PART).items()} for rows in (counted, timed, backlog)]
    split = [{key: row for (_, key), row in keyed(rows, _CARRIER).items()} for rows in (counted, timed, backlog)]
    for destination in Destination:
        for kind in Kind:
            key = SEPARATOR.join((destination, kind))
            yield destination, kind, None, (whole[0].get(key), whole[1].get(key), whole[2].get(key))
            within = sorted({one for rows in split for one in rows if one.startswith(key + SEPARATOR)})
            for one in within:
                yield destination, kind, one.rpartition(SEPARATOR)[2], (split[0].get(one), split[1].get(one), split[2].get(one))


def _values(counted: Row | None, timed: Row | None, backlog: Row | None) -> dict[Figure, Value]:
    return {
        figure: backlog_of(backlog or {}) if figure is Figure.BACKLOG else value_of(figure, counted, timed) for figure in Figure
    }


def _line(figure: Figure, value: Value, destination: Destination, kind: Kind, carrier: str | None) -> dict[str, Any]:
    definition = DEFINITIONS[figure]
    at_least = definition.unit is Unit.HOURS and (value.p50_at_least or value.p90_at_least)
    return {
        "figure": figure.value,
        "name": definition.name,
        "unit": definition.unit.value,
        "destination": destination.value,
        "kind": kind.value,
        "carrier": carrier,
        "numerator": value.numerator,
        "denominator": value.denominator,
        "value": value.value,
        "p50": value.p50,
        "p90": value.p90,
        "note": NO_FIGURES[value.why] if value.why else str(ReportText.STILL_OPEN()) if at_least else None,
    }


def as_lines(report: dict[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """The report as text, a table for each part of the shop with shipments; `names` are those of the carriers by code."""
    yield str(ReportText.HEAD(first=report["from"], last=report["to"], zone=report["zone"]))
    for part, lines in groupby(report["figures"], lambda line: (line["destination"], line["kind"], line["carrier"])):
        shown = list(lines)
        if any(line["denominator"] for line in shown):
            yield f"\n{_part(*part, names)}"
            yield from map(_as_line, shown)


def _part(destination: Destination, kind: Kind, carrier: str | None, names: Mapping[str, str]) -> Why:
    form = "all" if carrier is None else "company" if carrier else "none"
    company = names.get(carrier or "", carrier)
    return ReportText.PART(form, destination=labels.DESTINATIONS[destination], kind=labels.KINDS[kind], company=company)


def _as_line(line: dict[str, Any]) -> str:
    if line["unit"] == Unit.HOURS:
        shown = "" if line["p50"] is None else str(ReportText.HOURS(p50=line["p50"], p90=line["p90"]))
    elif line["unit"] == Unit.SHARE:
        shown = "" if line["value"] is None else f"{line['value']:.1%}"
    else:
        shown = f"{line['numerator']:,}"
    made_of = ReportText.MADE_OF(numerator=line["numerator"], denominator=line["denominator"])
    note = f"  {line['note']}" if line["note"] else ""
    return f"  {line['name']:22} {made_of}  {shown}{note}".rstrip()
