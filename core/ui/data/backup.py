"""Backups: the list of those there are, [Write a backup], what happens at night, and how to go back to one."""

from datetime import datetime

import streamlit as st

from core.domain.language import tr
from core.domain.permissions import Act
from core.domain.retention import DAYS, MONTHS, WEEKS
from core.runtime import Runtime
from core.services.keeping import backups
from core.services.keeping.backups import Kept
from core.services.keeping.reasons import KeepingFault
from core.ui.data.sentences import BackupText
from core.ui.kit import formats, going, notes, who
from core.ui.kit.chips import Chip
from core.ui.kit.table import TableColumn, TableView, table

ANSWER = "backup:answer"
GOING = "backup:going"
_COLUMNS = (
    TableColumn("at", "Of", 150),
    TableColumn("age", "Age", 90, "muted"),
    TableColumn("size", "Size", 100, align="right"),
    TableColumn("written", "Written", 110),
    TableColumn("checked", "Opened and read", 150, "chip"),
    TableColumn("name", "File", kind="text", min=220),
)


def section(runtime: Runtime, now: datetime) -> None:
    """The whole section; in memory there is nothing to keep."""
    if runtime.store.path is None:
        server = runtime.store.server
        st.caption(str(BackupText.ON_SERVER(server=formats.plain(str(server))) if server else KeepingFault.IN_MEMORY()))
        return
    _say_damage(runtime)
    kept = runtime.keeper.kept()
    _say_how_it_goes(runtime, kept, now)
    _button(runtime)
    if kept:
        _list(runtime, kept, now)
        with st.expander(tr("Go back to a backup"), icon=":material/history:"):
            st.markdown(str(BackupText.HOW_TO()))
            st.code(str(BackupText.COMMAND(file=kept[0].path)), language=None, wrap_lines=True)


def _say_damage(runtime: Runtime) -> None:
    """What was seen of the file at the start and since."""
    if runtime.keeper.care.damaged:
        st.error(str(BackupText.DAMAGED()), title=str(BackupText.DAMAGED_TITLE()), icon=":material/broken_image:")
    if runtime.found and runtime.found.ok and not runtime.found.found.knows:
        st.info(str(BackupText.CANNOT_KNOW()), icon=":material/help:")


def _say_how_it_goes(runtime: Runtime, kept: list[Kept], now: datetime) -> None:
    plan, failed = runtime.keeper.plan, runtime.keeper.care.failed
    folder = formats.plain(str(plan.folder))
    if plan.hour is None:
        st.caption(str(BackupText.NO_NIGHTLY(folder=folder)))
    else:
        st.caption(
            str(BackupText.NIGHTLY(hour=plan.hour, zone=plan.zone.key, folder=folder, days=DAYS, weeks=WEEKS, months=MONTHS))
        )
    if failed:
        st.warning(formats.plain(str(failed)), title=str(BackupText.FAILED_TITLE()), icon=":material/warning:")
    if not kept:
        st.caption(str(BackupText.NONE_YET()))
    else:
        st.markdown(str(BackupText.NEWEST(age=formats.duration(now - kept[0].at))))


def _button(runtime: Runtime) -> None:
    limits = who.limits(runtime, Act.BACKUP)
    st.button(tr("Write a backup"), key="backup", icon=":material/save:", on_click=_write, args=(runtime,), **limits)
    if going.at(GOING):
        done = going.ended(GOING, tr("Copying and checking"), st.empty())
        notes.keep(ANSWER, done.trouble or done.result)
        going.answered(GOING)
        st.rerun()
    match notes.kept(ANSWER):
        case str() as trouble:
            st.error(formats.plain(trouble), title=tr("No backup was written"), icon=":material/block:")
        case Kept() as one:
            said = formats.facts(formats.plain(one.path.name), _size(one))
            st.success(said, title=tr("The backup is written and checked"), icon=":material/check:")


def _write(runtime: Runtime) -> None:
    folder, now, person = runtime.settings.backup_folder, runtime.now(), who.person(runtime)
    going.start(GOING, lambda _: backups.write(runtime.store, folder, now, person=person))


def _list(runtime: Runtime, kept: list[Kept], now: datetime) -> None:
    zone = formats.viewer_zone(runtime.settings.zone)
    table(
        _COLUMNS,
        [
            {
                "id": one.path.name,
                "at": formats.moment(one.at, zone, now),
                "age": formats.duration(now - one.at),
                "size": _size(one),
                "written": str(BackupText.WRITTEN("nightly" if one.nightly else "by_hand")),
                "checked": Chip(word=tr("Checked"), icon="check", hue="green"),
                "name": one.path.name,
            }
            for one in kept
        ],
        key="backups",
        caption=tr("Backups, newest first"),
        view=TableView(height=320),
    )


def _size(one: Kept) -> str:
    return f"{one.size / 1_000_000:,.1f} MB"
