"""What comes into the shop and goes back out of it: orders, invoices, numbers for their sources; and the demo shop."""

import argparse
import json
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import uuid4

from core import interrupts
from core.commands.opening import opened
from core.commands.sentences import CommandText
from core.commands.telling import progress, remark, show
from core.config import Settings
from core.demo import make_demo
from core.domain.carriers import Rules
from core.domain.clock import Clock
from core.domain.errors import Refused
from core.domain.history import ChangeSource
from core.domain.reasons import sentences
from core.domain.verdicts import ImportVerdict
from core.domain.visit import Visit
from core.services import handback, importing, uploading
from core.services.importing import FileOrder
from core.services.shipments import requests
from core.services.shipments.changes import Actor, Request
from core.services.tracking import carriers
from core.store.database import Store


def bring(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    password = sys.stdin.readline().rstrip("\r\n") if wanted.password_stdin else None
    store = opened(settings)
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
            progress=progress,
            beforehand=partial(_say_doubt, settings),
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


def _say_doubt(own: Settings, shipments: Mapping[str, int]) -> None:
    if doubt := importing.home_doubt(shipments, home=own.home, home_given=own.home_given, zone_given=own.zone_given):
        remark(sentences(doubt))


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


def register(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    by = Actor(settings.local, ChangeSource.UPLOAD)
    given = uploading.read_invoices(bytes_of(wanted.file), wanted.file.name)
    if wanted.offline:
        if isinstance(given, uploading.NumberList):
            raise Refused(uploading.MatchReason.NEEDS_DESK())
        preview = uploading.judge_sheet(given, rules, None, modify=wanted.modify, request=Request(by, datetime.now(UTC)))
        return _told(wanted, preview.message, preview)
    store = opened(settings)
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


def bytes_of(file: Path, too_big: CommandText = CommandText.WORKBOOK_TOO_BIG) -> bytes:
    """What is in the file. Raises Refused where that is too much."""
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


def hand_back(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    store = opened(settings)
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


def demo(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    store = opened(settings)
    try:
        made = make_demo(
            store,
            rules,
            shipments=wanted.shipments or settings.demo_shipments,
            seed=wanted.seed,
            now=datetime.now(UTC),
            zone=settings.zone,
            home=settings.home,
            progress=lambda share: show(str(CommandText.MAKING()), share),
        )
    finally:
        store.close()
    print(CommandText.MADE(count=made, path=settings.place))
    return 0


def not_imported(message: str) -> dict[str, object]:
    """What `import --json` says where it is refused."""
    return importing.ImportPlan(ImportVerdict.REFUSED, message).as_json()


def not_registered(message: str) -> dict[str, object]:
    """What `register --json` says where it is refused."""
    return {"verdict": "refused", "message": message, "rows": []}


def not_handed_back(message: str) -> dict[str, object]:
    """What `handback --json` says where it is refused."""
    return {"message": message}
