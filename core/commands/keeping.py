"""What keeps a shop: backups, exports, moves, checks, restoring, forgetting."""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path

from core import interrupts
from core.commands.opening import opened, opened_or_copied, opened_or_desk, require_database
from core.commands.sentences import CommandText
from core.commands.telling import show
from core.config import Settings
from core.domain.carriers import Rules
from core.domain.errors import Unavailable
from core.domain.history import ChangeSource
from core.domain.reasons import Reason, Why, sentences
from core.domain.servers import Server
from core.services.keeping import backups, checking, exporting, moving, own_shop, presence, restoring
from core.services.keeping.moving import MoveOrder
from core.services.keeping.places import FilePlace, Place, ServerPlace
from core.services.keeping.reasons import OwnShopText, RestoreText
from core.services.shipments import forgetting
from core.services.shipments.changes import Actor, Request
from core.services.shipments.forgetting import Forgotten
from core.store.database import Store
from core.store.reasons import StoreFault


def backup(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    require_database(settings)
    store = opened_or_desk(settings)
    if isinstance(store, Store):
        try:
            backups.write_to(store, wanted.file, person=settings.local)
        finally:
            store.close()
    else:
        presence.ask(store, wanted.file)
    print(CommandText.BACKED_UP(path=settings.database, copy=wanted.file))
    return 0


def export(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    require_database(settings)
    with opened_or_copied(settings, wanted.file.parent) as store:
        made = exporting.export(store, wanted.file, person=settings.local)
    print(CommandText.EXPORTED(path=made.path, size=made.size, digest=made.digest))
    return 0


def move(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
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
    show(str(phase()), share)


def check(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    report = checking.check(wanted.file, settings.backup_folder, settings.zone)
    if wanted.json:
        print(json.dumps(report.as_json(), ensure_ascii=False))
    else:
        print("\n".join(map(str, (*report.whys, *report.missing))))
    return 0 if report.ok else 1


def restore(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    if settings.server:
        raise Unavailable(StoreFault.KEPT_BY_SERVER(server=settings.server))
    order = restoring.RestoreOrder(wanted.file, settings.database, settings.backup_folder, settings.zone, partly=wanted.partly)
    done = restoring.restore(order, datetime.now(UTC), _confirmed, person=settings.local)
    print(done or RestoreText.LEFT())
    return 0 if done else 1


def begin(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    require_database(settings)
    store = opened(settings)
    try:
        parts = own_shop.demo_shop(store, person=settings.local)
        if parts is None:
            print(OwnShopText.OWN_ALREADY())
            return 0
        if not _confirmed(sentences([*parts.told, OwnShopText.SURE()])):
            print(OwnShopText.LEFT())
            return 1
        request = Request(Actor(settings.local, ChangeSource.API), datetime.now(UTC))
        done = own_shop.begin_own_shop(store, request=request)
    finally:
        store.close()
    print(OwnShopText.DONE(count=done.invented))
    return 0


def _confirmed(question: Why | str) -> bool:
    """Whether a person at a terminal says yes; where nobody can be asked, the command was the answer."""
    return not sys.stdin.isatty() or input(f"{question} [y/N] ").strip().lower() in ("y", "yes")


def forget(wanted: argparse.Namespace, settings: Settings, rules: Rules) -> int:
    if not wanted.order and wanted.older_than is None:
        wanted.wrong(str(CommandText.FORGET_WHAT()))
    require_database(settings)
    store = opened(settings)
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
