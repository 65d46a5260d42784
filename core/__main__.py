"""The command line: python -m core import | register | handback | demo | check-number | explain | refresh | figures | backup | export | move |
check | restore | forget.
"""

import argparse
import contextlib
import io
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

from core import interrupts  # isort: skip
from core import config, languages
from core.carriers import rules as carrier_rules
from core.config import Settings
from core.demo import make_demo
from core.domain.carriers import Rules
from core.domain.clock import Clock
from core.domain.errors import Refused, ShipdeskError, Unavailable
from core.domain.history import ChangeSource
from core.domain.invoice_number import check, fitting
from core.domain.language import speak
from core.domain.periods import NamedDays
from core.domain.reasons import Names, Reason, Why
from core.domain.servers import Server, names_server, server_of
from core.domain.texts import cleaned
from core.domain.verdicts import ImportVerdict
from core.domain.visit import Visit
from core.services import figures as measuring
from core.services import handback, importing, uploading
from core.services.importing import FileOrder
from core.services.keeping import backups, checking, exporting, moving, presence, restoring
from core.services.keeping.moving import MoveOrder
from core.services.keeping.places import FilePlace, Place, ServerPlace
from core.services.keeping.reasons import RestoreText
from core.services.shipments import forgetting, requests
from core.services.shipments.changes import Actor, Request
from core.services.shipments.forgetting import Forgotten
from core.services.tracking import carriers, polling
from core.services.tracking import explain as explaining
from core.services.tracking.refolding import fold_again
from core.store.database import Store
from core.store.reasons import StoreFault
from core.store.stores import open_store
from core.web import serving


class CommandText(Reason):
    """What the command line says that no other part of the desk does."""

    WORKBOOK_TOO_BIG = (
        "workbook_too_big",
        "{file} has more than {most} MB. Copy the three columns into a new workbook, or split the file.",
    )
    ANSWER_TOO_BIG = "answer_too_big", "{file} has more than {most} MB. A service's answer is smaller."
    NOT_WRITTEN = "not_written", "{file} cannot be written: {why}. Nothing counts as handed over."
    NO_MOMENT = "no_moment", "{text} is no time such as 2026-11-10T09:00+09:00"
    NO_DATABASE = "no_database", "There is no database at {path}."
    NO_SERVICE = (
        "no_service",
        "No tracking service is set up. Set the key of one, such as SHIPDESK_SEVENTEEN_TRACK_KEY.",
    )
    BACKED_UP = "backed_up", "{path} is copied to {copy}, and the copy is checked."
    EXPORTED = "exported", "The shop is in {path}: {size:,} bytes, SHA-256 {digest}."
    FORGET_WHAT = "forget_what", "say what to forget: --order, or --older-than"
    IN_BACKUPS = (
        "in_backups",
        "Backups that were made before still hold it until they are deleted; one that is restored beside this list forgets it again.",
    )
    MADE = "made", "{count:,} shipments are in {path}."
    NO_ADDRESS = "no_address", "that is no address of a database such as postgresql://user:password@host:5432/shop"
    NO_DAY = "no_day", "{text} is no day such as 2026-11-01"
    NO_NUMBER = "no_number", "{text} is no number of shipments"
    NO_DAYS = "no_days", "say which days: --from and --to, or --period"
    ROW = (
        "row",
        {
            "refused": "row {row}, refused: {reason}",
            "left_empty": "row {row}, left empty: {reason}",
            "warning": "row {row}, warning: {reason}",
            "judged": "row {row}, {verdict}: {reason}",
        },
    )
    CHECKED = (
        "checked",
        {"ok": "Accepted: {number}", "warn": "To confirm: {number}", "refuse": "Refused: {number}"},
    )
    FITS = "fits", "Fits {companies}."
    INTERRUPTED = (
        "interrupted",
        {
            "nothing": "Interrupted: nothing was written. The file can be imported again.",
            "one": "Interrupted after all was written: {count} shipment, as batch B-{batch}. It can be undone on the Data page.",
            "other": "Interrupted after all was written: {count:,} shipments, as batch B-{batch}. It can be undone on the Data page.",
            "command": "Interrupted.",
        },
    )
    FAILED = "failed", "{shipment_no}: {reason}"
    MAKING = "making", "Making the demo shop"
    ASKING = "asking", "Asking"


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. 0 when it did what was asked, 1 when it was refused, 2 for a wrong command line, 130 for Ctrl-C."""
    wanted = _parser().parse_args(arguments)
    try:
        speak(languages.speech_of(languages.understood(config.languages())))
        settings = config.load()
        rules = carrier_rules.load().with_checks(settings.checks)
        code: int = wanted.run(wanted, settings, rules)
        return code
    except ShipdeskError as error:
        return _refused(wanted, str(error))
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        print(CommandText.INTERRUPTED("nothing" if wanted.run is _import else "command"), file=sys.stderr)
        return interrupts.CODE


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m core", description="Shipdesk's command line. SHIPDESK_DB names the database."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    bring = commands.add_parser(
        "import", help="import orders or shipments from a CSV, Excel or Parquet file of any known layout"
    )
    bring.add_argument("file", type=Path)
    bring.add_argument("--columns", type=Path, metavar="MAPPING.toml", help="how the file's columns become ours")
    bring.add_argument(
        "--layout", choices=sorted(importing.layouts()), help="whose orders they are, where the file is taken for others"
    )
    bring.add_argument("--country", type=cleaned, default="", metavar="CODE", help="where parcels go that say no country")
    bring.add_argument(
        "--password-stdin", action="store_true", help="read the password of a locked workbook from the standard input"
    )
    bring.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
    bring.add_argument("--json", action="store_true")
    bring.set_defaults(run=_import)

    register = commands.add_parser(
        "register", help="register the invoices of an Excel workbook (.xlsx), or of a shipping company's list of numbers"
    )
    register.add_argument("file", type=Path)
    register.add_argument(
        "--carrier", type=cleaned, default="", metavar="CODE", help="whose numbers a list is that does not say it"
    )
    register.add_argument("--dry-run", action="store_true", help="judge every row, write nothing")
    register.add_argument("--offline", action="store_true", help="judge the file alone, without the database; writes nothing")
    register.add_argument("--modify", action="store_true", help="also modify registered invoices")
    register.add_argument("--json", action="store_true")
    register.set_defaults(run=_register)

    back = commands.add_parser(
        "handback", help="write the file with numbers that a source was not handed yet, and count them as handed"
    )
    back.add_argument(
        "layout", choices=sorted(importing.layouts()), metavar="LAYOUT", help="the source, such as naver or coupang"
    )
    back.add_argument("--out", type=Path, metavar="FILE", help="where to; under its own name in this folder when left out")
    back.add_argument("--again", action="store_true", help="the file that was handed over last, once more")
    back.add_argument("--json", action="store_true")
    back.set_defaults(run=_handback)

    demo = commands.add_parser("demo", help="make the demo shop in an empty database")
    demo.add_argument("--shipments", type=_positive, default=None, metavar="N")
    demo.add_argument("--seed", type=int, default=1, metavar="S")
    demo.set_defaults(run=_demo)

    number = commands.add_parser("check-number", help="check an invoice number against a carrier's rules")
    number.add_argument("carrier", type=cleaned)
    number.add_argument("number", type=cleaned)
    number.add_argument("--json", action="store_true")
    number.set_defaults(run=_check_number)

    explain = commands.add_parser("explain", help="explain recorded answers of a tracking service, in the order they came")
    explain.add_argument("service", type=cleaned)
    explain.add_argument("files", type=Path, nargs="+", metavar="PAYLOAD.json")
    for name, what in (
        ("ordered", "the order came"),
        ("released", "the goods were released"),
        ("registered", "the number was registered"),
    ):
        explain.add_argument(f"--{name}-at", type=_moment, metavar="T", help=f"when {what}, such as 2026-11-10T09:00+09:00")
    explain.add_argument("--json", action="store_true")
    explain.set_defaults(run=_explain)

    refresh = commands.add_parser("refresh", help="ask tracking services about the numbers that are due")
    refresh.add_argument("--all", action="store_true", help="about every number that is watched, due or not")
    refresh.add_argument("--json", action="store_true")
    refresh.set_defaults(run=_refresh)

    figures = commands.add_parser("figures", help="every figure of a period, by order date")
    figures.add_argument("--from", dest="first", type=_day, metavar="D", help="first day, such as 2026-11-01")
    figures.add_argument("--to", dest="last", type=_day, metavar="D", help="last day, included")
    figures.add_argument("--period", type=NamedDays, choices=list(NamedDays), help="days by name, instead of --from and --to")
    figures.add_argument("--json", action="store_true")
    figures.set_defaults(run=_figures, wrong=figures.error)

    backup = commands.add_parser("backup", help="write a checked copy of the database, of a running desk too, into a new file")
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=_backup)

    export = commands.add_parser(
        "export", help="write a whole shop as text, every fact in one order, of a running desk too, into a new file"
    )
    export.add_argument("file", type=Path)
    export.set_defaults(run=_export)

    move = commands.add_parser(
        "move", help="move a shop to another place, which must hold none; goes on where it was interrupted"
    )
    move.add_argument("source", type=_place, metavar="FROM")
    move.add_argument("target", type=_place, metavar="TO")
    move.set_defaults(run=_move)

    look = commands.add_parser("check", help="tell whether a database file is whole, and what of it is good; changes nothing")
    look.add_argument("file", type=Path)
    look.add_argument("--json", action="store_true")
    look.set_defaults(run=_check)

    restore = commands.add_parser("restore", help="put a backup in the place of the database, which is kept beside it")
    restore.add_argument("file", type=Path)
    restore.add_argument("--partly", action="store_true", help="take what is still good of a file that is not whole")
    restore.set_defaults(run=_restore)

    forget = commands.add_parser("forget", help="forget who received: blank personal data everywhere, figures stay")
    forget.add_argument(
        "--order", action="append", type=cleaned, default=[], metavar="ORDER_NO", help="an order; may be repeated"
    )
    forget.add_argument("--older-than", type=_positive, metavar="DAYS", help="all that has been over for so many days")
    forget.set_defaults(run=_forget, wrong=forget.error)
    return parser


def _opened(settings: Settings) -> Store:
    """The shop's database, looked at before. Raises Unavailable with all that is to be said of it when it is not whole."""
    if not settings.server:
        checking.require_sound(settings.database, settings.backup_folder, settings.zone)
    return open_store(settings.place, inspected=True)


def _import(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    password = sys.stdin.readline().rstrip("\r\n") if wanted.password_stdin else None
    store = _opened(settings)
    key = f"import-{uuid4().hex}"
    try:
        rules = carriers.rules_in_force(store, rules)
        report = importing.import_file(
            store,
            rules,
            FileOrder(wanted.file, wanted.columns, wanted.layout, wanted.country, password),
            dry_run=wanted.dry_run,
            request=Request(Actor(settings.local, ChangeSource.IMPORT), datetime.now(UTC), request_key=key),
            shop=importing.ShopHome(settings.zone, settings.home),
            progress=_progress,
        )
    except KeyboardInterrupt:
        interrupts.ignore()
        return _interrupted(wanted, store, key)
    finally:
        store.close()
    if wanted.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        print(report.message)
        for form, findings in (("refused", report.refused), ("left_empty", report.left_empty), ("warning", report.warnings)):
            for one in findings:
                print(CommandText.ROW(form, row=one.row, reason=one.reason))
    return 0 if report.verdict is ImportVerdict.IMPORTED else 1


def _interrupted(wanted: argparse.Namespace, store: Store, key: str) -> int:
    """Says what an import that was ended had written: nothing, or all of it, as it is one transaction."""
    batch = requests.written(store, key)
    verdict = ImportVerdict.IMPORTED if batch else ImportVerdict.REFUSED
    why = CommandText.INTERRUPTED(count=batch.shipments, batch=batch.batch_id) if batch else CommandText.INTERRUPTED("nothing")
    if wanted.json:
        print(json.dumps(importing.ImportReport(verdict, str(why)).as_json(), ensure_ascii=False))
    else:
        print(f"\n{why}", file=sys.stderr)
    return interrupts.CODE


def _register(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    by = Actor(settings.local, ChangeSource.UPLOAD)
    given = uploading.read_invoices(_bytes(wanted.file), wanted.file.name)
    if wanted.offline:
        if isinstance(given, uploading.NumberList):
            raise Refused(uploading.MatchReason.NEEDS_DESK())
        preview = uploading.judge_sheet(given, rules, None, modify=wanted.modify, request=Request(by, datetime.now(UTC)))
        return _told(wanted, preview.message, preview)
    store = _opened(settings)
    try:
        request = Request(by, datetime.now(settings.zone))
        rules = carriers.rules_in_force(store, rules)
        matched = None
        if isinstance(given, uploading.NumberList):
            matched = uploading.match(store, rules, given, request=request, carrier=wanted.carrier)
            given = matched.sheet()
        preview = uploading.judge_sheet(given, rules, store, modify=wanted.modify, request=request)
        if wanted.dry_run:
            return _told(wanted, preview.message, preview, matched)
        result = uploading.register(store, rules, preview, modify=wanted.modify, request=request)
    finally:
        store.close()
    return _told(wanted, result.message, preview, matched)


def _bytes(file: Path, too_big: CommandText = CommandText.WORKBOOK_TOO_BIG) -> bytes:
    data = uploading.bytes_of(file, uploading.LARGEST)
    if data is None:
        raise Refused(too_big(file=file, most=uploading.LARGEST >> 20))
    return data


def _told(
    wanted: argparse.Namespace, message: str, preview: uploading.Preview, matched: uploading.MatchedList | None = None
) -> int:
    said = f"{matched.message} {message}" if matched else message
    meant = {row.row: row.as_json() for row in matched.rows} if matched else {}
    if wanted.json:
        rows = [line.as_json() | meant.get(line.row, {}) for line in preview.lines]
        print(json.dumps({"verdict": "accepted", "message": said, "rows": rows}, ensure_ascii=False))
        return 0
    print(said)
    for line in preview.lines:
        if why := line.reason or line.repair:
            print(CommandText.ROW("judged", row=line.row, verdict=line.verdict, reason=why))
    return 0


def _handback(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    store = _opened(settings)
    now = datetime.now(UTC)
    visit = Visit(settings.local, Clock(now, settings.zone))
    try:
        rules = carriers.rules_in_force(store, rules)
        make = handback.again if wanted.again else handback.prepared
        given = make(store, rules, wanted.layout, visit=visit)
        paths = _written(given, wanted.out)
        if not wanted.again:
            handback.hand_over(store, given, request=Request(Actor(settings.local, ChangeSource.HANDBACK), now))
    finally:
        store.close()
    if wanted.json:
        print(json.dumps({**given.as_json(), "files": [str(path) for path in paths]}, ensure_ascii=False))
    else:
        print("\n".join(map(str, (given.message, *given.notes, *paths))))
    return 0


def _written(given: handback.HandedBack, out: Path | None) -> list[Path]:
    """The files, written: the first where it was asked for, more of them numbered beside it."""
    paths = []
    for turn, file in enumerate(given.files, 1):
        path = out or Path(file.name)
        path = path if turn == 1 or out is None else path.with_stem(f"{path.stem}-{turn}")
        try:
            path.write_bytes(file.content)
        except OSError as error:
            raise Refused(CommandText.NOT_WRITTEN(file=path, why=error.strerror)) from error
        paths.append(path)
    return paths


def _demo(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    store = _opened(settings)
    try:
        made = make_demo(
            store,
            rules,
            shipments=wanted.shipments or settings.demo_shipments,
            seed=wanted.seed,
            now=datetime.now(UTC),
            zone=settings.zone,
            home=settings.home,
            progress=lambda share: _show(str(CommandText.MAKING()), share),
        )
    finally:
        store.close()
    print(CommandText.MADE(count=made, path=settings.place))
    return 0


def _check_number(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
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


def _explain(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    recorded = [_bytes(file, CommandText.ANSWER_TOO_BIG) for file in wanted.files]
    times = (wanted.ordered_at, wanted.released_at, wanted.registered_at)
    known = [at.replace(tzinfo=at.tzinfo or settings.zone) if at else None for at in times]
    explanation = explaining.explain(wanted.service, recorded, rules, explaining.KnownTimes(*known))
    if wanted.json:
        print(json.dumps(explanation.as_json(), ensure_ascii=False))
        return 0
    print("\n".join(explanation.as_lines()))
    return 0


def _refresh(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    if not (settings.server or settings.database.exists()):
        return _refused(wanted, str(CommandText.NO_DATABASE(path=settings.database)))
    with serving.desk(settings) as desk:
        if not desk.usable:
            return _refused(wanted, str(CommandText.NO_SERVICE()))
        report = polling.refresh_due(
            desk.tracker,
            everything=wanted.all,
            progress=lambda done, all_: _show(str(CommandText.ASKING()), done / max(all_, 1)),
        )
    if wanted.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        print(report.message)
        for one in report.failures:
            print(CommandText.FAILED(shipment_no=one.shipment_no, reason=one.reason))
    return 0 if report.answered or not report.failed else 1


def _figures(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    clock = Clock(datetime.now(UTC), settings.zone)
    first, last = _days(wanted, clock.today)
    if not (settings.server or settings.database.exists()):
        return _refused(wanted, str(CommandText.NO_DATABASE(path=settings.database)))
    store = _opened(settings)
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


def _backup(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    if not (settings.server or settings.database.exists()):
        return _refused(wanted, str(CommandText.NO_DATABASE(path=settings.database)))
    try:
        store = _opened(settings)
    except ShipdeskError as error:
        desk = presence.found(settings.database)
        if error.reason is not StoreFault.OPEN_ELSEWHERE or desk is None:
            raise
        presence.ask(desk, wanted.file)
    else:
        try:
            backups.write_to(store, wanted.file, person=settings.local)
        finally:
            store.close()
    print(CommandText.BACKED_UP(path=settings.database, copy=wanted.file))
    return 0


def _export(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    if not (settings.server or settings.database.exists()):
        return _refused(wanted, str(CommandText.NO_DATABASE(path=settings.database)))
    with _opened_or_copied(settings, wanted.file.parent) as store:
        made = exporting.export(store, wanted.file, person=settings.local)
    print(CommandText.EXPORTED(path=made.path, size=made.size, digest=made.digest))
    return 0


@contextlib.contextmanager
def _opened_or_copied(settings: Settings, folder: Path) -> Iterator[Store]:
    """The shop's database, or where a desk has it open, a copy that the desk makes of it in this folder meanwhile."""
    try:
        store = _opened(settings)
    except ShipdeskError as error:
        desk = presence.found(settings.database)
        if error.reason is not StoreFault.OPEN_ELSEWHERE or desk is None:
            raise
        with presence.copied(desk, settings.database, folder) as copy:
            yield copy
        return
    try:
        yield store
    finally:
        store.close()


def _move(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    order = MoveOrder(*(_as_place(one, settings) for one in (wanted.source, wanted.target)))
    done = moving.move(order, datetime.now(UTC), _moving, person=settings.local)
    print("\n".join(done.as_lines()))
    return 0


def _as_place(one: Path | Server, settings: Settings) -> Place:
    if isinstance(one, Server):
        return ServerPlace(one)
    return FilePlace(one, settings.backups or one.parent / "backups", settings.zone)


def _moving(phase: Reason, share: float) -> None:
    interrupts.check()
    _show(str(phase()), share)


def _check(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    report = checking.check(wanted.file, settings.backup_folder, settings.zone)
    if wanted.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        print("\n".join(map(str, (*report.whys, *report.missing))))
    return 0 if report.ok else 1


def _restore(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    if settings.server:
        raise Unavailable(StoreFault.KEPT_BY_SERVER(server=settings.server))
    order = restoring.RestoreOrder(wanted.file, settings.database, settings.backup_folder, settings.zone, partly=wanted.partly)
    done = restoring.restore(order, datetime.now(UTC), _confirmed, person=settings.local)
    print(done or RestoreText.LEFT())
    return 0 if done else 1


def _confirmed(question: Why) -> bool:
    """Whether a person at a terminal says yes; where nobody can be asked, the command was the answer."""
    return not sys.stdin.isatty() or input(f"{question} [y/N] ").strip().lower() in ("y", "yes")


def _forget(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    if not wanted.order and wanted.older_than is None:
        wanted.wrong(str(CommandText.FORGET_WHAT()))
    if not (settings.server or settings.database.exists()):
        return _refused(wanted, str(CommandText.NO_DATABASE(path=settings.database)))
    store = _opened(settings)
    try:
        request = Request(Actor(settings.local, ChangeSource.API), datetime.now(UTC))
        done = forgetting.again(store, request.at).shipments
        if wanted.order:
            done += forgetting.of_orders(store, wanted.order, request=request).shipments
        if wanted.older_than is not None:
            done += forgetting.older_than(store, wanted.older_than, request=request).shipments
        forgetting.rewrite(store, request=request)
    finally:
        store.close()
    print(Forgotten(done).message)
    print(CommandText.IN_BACKUPS())
    return 0


def _progress(share: float, phase: str) -> None:
    interrupts.check()
    _show(phase, share)


def _show(what: str, share: float) -> None:
    if sys.stderr.isatty():
        print(f"\r{what} {share:4.0%} ", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)


def _refused(wanted: argparse.Namespace, message: str) -> int:
    if getattr(wanted, "json", False) and wanted.run is _import:
        print(json.dumps(importing.ImportPlan(ImportVerdict.REFUSED, message).as_json(), ensure_ascii=False))
    elif getattr(wanted, "json", False) and wanted.run is _register:
        print(json.dumps({"verdict": "refused", "message": message, "rows": []}, ensure_ascii=False))
    elif getattr(wanted, "json", False) and wanted.run in (_refresh, _handback):
        print(json.dumps({"message": message}, ensure_ascii=False))
    elif getattr(wanted, "json", False) and wanted.run is _explain:
        print(json.dumps(explaining.Explanation(warnings=(message,)).as_json(), ensure_ascii=False))
    else:
        print(message, file=sys.stderr)
    return 1


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(str(CommandText.NO_DAY(text=text))) from None


def _moment(text: str) -> datetime:
    """A time with its zone or, without one, in the shop's."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(str(CommandText.NO_MOMENT(text=text))) from None


def _place(text: str) -> Path | Server:
    """Where a shop is: the path of its file, or the address of its database on a server."""
    if not names_server(text):
        return Path(text).absolute()
    found = server_of(text)
    if found is None:
        raise argparse.ArgumentTypeError(str(CommandText.NO_ADDRESS()))
    return found


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(str(CommandText.NO_NUMBER(text=text)))
    return int(text)


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file may have a name that is no text
    interrupts.listen()
    sys.exit(main())
