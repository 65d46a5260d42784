"""What is asked: of numbers, of services' answers, of tracking services, and of figures."""

import argparse
import json
from datetime import UTC, date, datetime

from core.commands.opening import opened, require_database
from core.commands.orders import bytes_of
from core.commands.sentences import CommandText
from core.commands.telling import show
from core.config import Settings
from core.domain.carriers import Rules
from core.domain.clock import Clock
from core.domain.errors import Refused
from core.domain.invoice_number import check, fitting
from core.domain.periods import NamedDays
from core.domain.reasons import Names
from core.domain.visit import Visit
from core.services import figures as measuring
from core.services.tracking import explain as explaining
from core.services.tracking import polling
from core.services.tracking.refolding import fold_again
from core.web import serving


def check_number(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    carrier = rules.named(wanted.carrier)
    code = carrier.code if carrier else wanted.carrier
    checked, fits = check(code, wanted.number, rules), fitting(wanted.number, rules, code)
    if wanted.json:
        said = {"ok": checked.ok, "level": checked.level, "cleaned": checked.cleaned}
        print(json.dumps({**said, "message": checked.message, "fits": list(fits)}, ensure_ascii=False))
    else:
        print(CommandText.CHECKED(checked.level, number=checked.cleaned))
        if checked.message:
            print(checked.message)
        if fits:
            print(CommandText.FITS(companies=Names(rules.carriers[code].name for code in fits)))
    return 0 if checked.ok else 1


def explain(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    recorded = [bytes_of(file, CommandText.ANSWER_TOO_BIG) for file in wanted.files]
    times = (wanted.ordered_at, wanted.released_at, wanted.registered_at)
    known = [at.replace(tzinfo=at.tzinfo or settings.zone) if at else None for at in times]
    explanation = explaining.explain(wanted.service, recorded, rules, explaining.KnownTimes(*known))
    if wanted.json:
        print(json.dumps(explanation.as_json(), ensure_ascii=False))
        return 0
    print("\n".join(explanation.as_lines()))
    return 0


def refresh(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    require_database(settings)
    with serving.desk(settings) as desk:
        if not desk.usable:
            raise Refused(CommandText.NO_SERVICE())
        report = polling.refresh_due(
            desk.tracker,
            everything=wanted.all,
            progress=lambda done, all_: show(str(CommandText.ASKING()), done / max(all_, 1)),
        )
    if wanted.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        print(report.message)
        for one in report.failures:
            print(CommandText.FAILED(shipment_no=one.shipment_no, reason=one.reason))
    return 0 if report.answered or not report.failed else 1


def figures(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    clock = Clock(datetime.now(UTC), settings.zone)
    first, last = _days(wanted, clock.today)
    require_database(settings)
    store = opened(settings)
    try:
        fold_again(store)
        report = measuring.report(store, first, last, visit=Visit(settings.local, clock))
    finally:
        store.close()
    if wanted.json:
        print(json.dumps(report, ensure_ascii=False))
    else:
        print("\n".join(measuring.as_lines(report, {code: carrier.name for code, carrier in rules.carriers.items()})))
    return 0


def _days(wanted: argparse.Namespace, today: date) -> tuple[date, date]:
    named, dates = wanted.period, (wanted.first, wanted.last)
    if (named is None and None in dates) or (named is not None and dates != (None, None)):
        wanted.wrong(str(CommandText.NO_DAYS()))
    return NamedDays(named).of(today) if named else dates


def unexplained(message: str) -> dict[str, object]:
    """What `explain --json` says where it is refused."""
    return explaining.Explanation(warnings=(message,)).as_json()


def unanswered(message: str) -> dict[str, object]:
    """What `refresh --json` says where it is refused."""
    return {"message": message}
