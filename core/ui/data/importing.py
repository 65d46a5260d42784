"""Import by page: a file, the mapping that is proposed and corrected, what it would do, and the import itself."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any
from uuid import uuid4

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.domain import phrases
from core.domain.errors import Locked, ShipdeskError
from core.domain.history import ChangeSource
from core.domain.language import tr
from core.domain.permissions import Act
from core.domain.reasons import Names, sentences
from core.domain.verdicts import ImportVerdict, RowVerdict
from core.files import export
from core.files.write import Format
from core.runtime import Runtime
from core.services import importing
from core.services.importing import (
    COLUMNS,
    REQUIRED,
    ColumnMapping,
    FileKind,
    Finding,
    ImportPlan,
    ImportReport,
    RecognisedFile,
    Source,
)
from core.services.importing.reasons import MappingFault, TableFault
from core.services.shipments.changes import Request
from core.ui.data import import_run, own_shop, taking
from core.ui.data.import_run import ImportRun
from core.ui.data.sentences import ImportText
from core.ui.kit import chips, downloads, dropped, formats, shared, unfinished, who
from core.ui.kit.table import TableColumn, TableView, table
from core.ui.kit.unfinished import OpenKind, OpenWork

SOURCE = "import:source"
PLAN = "import:plan"
REFUSED = "import:refused"
LOCKED = "import:locked"
FILE = "import:file"
REQUEST = "import:request"
MAPPING = "import:mapping"
MAPPING_FAULT = "import:mapping:fault"
MOST_LISTED = 1000
MOST_SHOWN = 9
LOOKED_AT_EVERY = 0.2
"""Seconds between two looks at how far an import is."""

_LOOKED_AT = (
    "shipment_no", "order_no", "ordered_at", "ship_by", "recipient", "phone", "address", "product_name", "country", "carrier", "invoice_no"
)  # fmt: skip
"""The columns by which a person sees whether the file was understood, those first that say most."""

_FINDINGS = (
    TableColumn("row", "Row", 70, align="right"),
    TableColumn("verdict", "Verdict", 130, "chip"),
    TableColumn("column", "Column", 150),
    TableColumn("why", shared.WHY_AND_WHAT, kind="prose", min=260),
)


def section(runtime: Runtime) -> None:
    """The whole import: upload, mapping, preview, import, report; for viewers that it is not for them."""
    if who.refused(runtime, Act.IMPORT):
        return
    uploaded: Any = st.file_uploader(
        tr(
            "Drop any file: orders of a marketplace or a shop, or shipments in columns of your own (Excel, CSV, text or Parquet)"
        ),
        key=_file(),
        max_upload_size=200,
        on_change=_forget,
        args=(runtime,),
    )
    uploaded = uploaded or dropped.brought(dropped.DATA)
    _steps(runtime, uploaded)
    held, run = st.session_state.get(SOURCE), import_run.of(runtime)
    key, name = (run.request_key, run.name) if run else (_request_key(), held[1].name if held else "")
    unfinished.keep(OpenKind.IMPORT, OpenWork(key, name) if run or uploaded else None)


def _steps(runtime: Runtime, uploaded: Any) -> None:
    run = import_run.of(runtime)
    if run:
        _watch(run)
        if run.report:
            _say_report(runtime, run.name, run.report)
            return
        _say_why_not(run)
        import_run.forget(runtime)
    if uploaded is None:
        titles = sorted(layout.title for layout in importing.layouts().values() if layout.marks)
        st.caption(str(ImportText.KNOWN(titles=Names(map(formats.plain, titles)))))
        return
    read = _read(uploaded)
    taken = taking.take(runtime, uploaded.file_id, *read) if read else None
    if taken is None:
        return
    if taken.kind in importing.FOR_UPLOAD:
        st.info(str(TableFault.FOR_UPLOAD(what=taken.what)), icon=":material/upload_file:")
        dropped.carry(tr("Open it on Upload"), uploaded, dropped.UPLOAD, key="import:to_upload")
        return
    above = st.container()
    mapping = taken.file.mapping if taken.kind is FileKind.ORDERS else _mapping(taken.file.source, taken.file.mapping)
    if taken.kind is FileKind.ORDERS:
        _say_doubts(mapping)
    if mapping.missing:
        names = Names(map(importing.title, mapping.missing))
        above.info(
            str(ImportText.COLUMN_FOR(names=names)), title=tr("A required column is missing"), icon=":material/view_column:"
        )
        return
    plan = _plan(runtime, taken, mapping)
    if plan:
        _preview(runtime, plan)
        if plan.verdict is not ImportVerdict.REFUSED:
            own_shop.beside_import(runtime)
        _import_button(runtime, taken, mapping, plan)


def _file() -> str:
    """The key of the box for the file: another one after a loss, or the browser would go on showing a file that is gone."""
    return FILE + unfinished.turn(OpenKind.IMPORT)


def _request_key() -> str:
    """The same for every press on one file."""
    return str(st.session_state.setdefault(REQUEST, f"import-{uuid4().hex}"))


def _forget(runtime: Runtime) -> None:
    for name in (SOURCE, REFUSED, LOCKED, PLAN, REQUEST, MAPPING, MAPPING_FAULT):
        st.session_state.pop(name, None)
    taking.forget()
    dropped.forget()
    import_run.forget(runtime)
    unfinished.forget(OpenKind.IMPORT)


def _watch(run: ImportRun) -> None:
    """Shows how far it is until it is over."""
    if run.over.is_set():
        return
    bar, place = st.progress(run.share, tr("Importing")), st.empty()
    place.button(tr("Cancel"), key="import:cancel", icon=":material/close:", on_click=run.cancel)
    while not run.over.wait(LOOKED_AT_EVERY):
        bar.progress(run.share, run.phase or tr("Importing"))
    bar.empty()
    place.empty()


def _say_why_not(run: ImportRun) -> None:
    if run.cancelled:
        st.info(str(ImportText.CANCELLED()), icon=":material/undo:")
    else:
        st.error(formats.plain(run.trouble), title=tr("Nothing was imported"), icon=":material/block:")


def _read(uploaded: Any) -> tuple[Source, Callable[[], bytes]] | None:
    """The rows of the file and its bytes; None where it cannot be read, or waits for its password, which is said."""
    held = st.session_state.get(SOURCE)
    if held and held[0] == uploaded.file_id:
        source: Source = held[1]
        return source, held[2] or uploaded.getvalue
    why = st.session_state.get(LOCKED)
    typed = taking.password(uploaded.name, why[1]) if why and why[0] == uploaded.file_id else ""
    if typed is None:
        return None
    refused: tuple[str, str] | None = st.session_state.get(REFUSED)
    if not refused or refused[0] != uploaded.file_id:
        refused = _opened(uploaded, typed)
        if refused is None:
            st.rerun()
    st.error(formats.plain(refused[1]), title=tr(shared.FILE_NOT_READ), icon=":material/block:")
    return None


def _opened(uploaded: Any, typed: str) -> tuple[str, str] | None:
    """Reads the file and keeps its rows, or that it is locked; why it cannot be read, where it cannot."""
    bar = st.progress(0.0, tr(shared.READING_FILE))
    try:
        data = importing.unlocked(uploaded.getvalue(), typed) if typed else uploaded.getvalue()
        source = importing.read(data, uploaded.name, progress=_onto(bar))
    except Locked as error:
        st.session_state[LOCKED] = uploaded.file_id, error if typed else None
        return None
    except ShipdeskError as error:
        refused = st.session_state[REFUSED] = uploaded.file_id, str(error)
        return refused
    finally:
        bar.empty()
    st.session_state[SOURCE] = uploaded.file_id, source, (lambda: data) if typed else None
    return None


def _say_doubts(mapping: ColumnMapping) -> None:
    for doubt in mapping.doubts:
        st.warning(formats.plain(str(doubt)), icon=":material/help:")


def _mapping(source: Source, proposed: ColumnMapping) -> ColumnMapping:
    """The proposed mapping as corrected in the form."""
    given = st.session_state.get(MAPPING)
    taken = given or proposed
    file = ImportText.FILE(name=formats.plain(source.name), count=len(source), note=formats.plain(source.note))
    st.caption(str(file))
    with st.expander(tr("Columns"), icon=":material/view_column:", expanded=bool(taken.missing or taken.doubts)):
        _given_mapping()
        _say_doubts(taken)
        corrected = _corrected(source, taken)
        st.download_button(
            tr("Keep these choices"),
            corrected.as_toml,
            file_name="columns.toml",
            type="tertiary",
            icon=":material/download:",
            on_click="ignore",
        )
    return corrected


def _given_mapping() -> None:
    st.file_uploader(
        tr("Choices of columns that you kept (.toml)"),
        type=["toml"],
        key="import:toml",
        on_change=_take_mapping,
        max_upload_size=1,
    )
    if fault := st.session_state.get(MAPPING_FAULT):
        st.error(formats.plain(fault), title=tr("These choices were not used"), icon=":material/block:")


def _take_mapping() -> None:
    given = st.session_state["import:toml"]
    st.session_state[MAPPING], st.session_state[MAPPING_FAULT] = None, ""
    try:
        st.session_state[MAPPING] = given and importing.parse_mapping(given.getvalue().decode("utf-8-sig"))
    except ShipdeskError as error:
        st.session_state[MAPPING_FAULT] = str(error)
    except UnicodeDecodeError:
        st.session_state[MAPPING_FAULT] = str(MappingFault.NOT_UTF8("upload"))


def _corrected(source: Source, taken: ColumnMapping) -> ColumnMapping:
    headers = [header for header in source.headers if header]
    columns = dict(taken.columns)
    grid = st.grid(4, min_column_width=230, gap="small")
    for name, column in sorted(COLUMNS.items(), key=lambda one: one[0] not in REQUIRED):
        known = [header for header in taken.columns.get(name, ()) if header in headers]
        chosen = grid.cell().multiselect(
            str(ImportText.COLUMN("required" if name in REQUIRED else "optional", title=column.title)),
            headers,
            default=known,
            key=f"import:column:{name}:{hash(tuple(headers)) ^ hash(taken.columns.get(name))}",
            placeholder=tr("Not in the file"),
            help=str(ImportText.COLUMN_HELP(meaning=column.meaning.capitalize(), looks=column.looks)),
        )
        columns[name] = tuple(chosen)
    grid = st.grid(3, min_column_width=230, gap="small")
    general = taken.formats.get("", ())
    dates = grid.cell().text_input(
        tr("Date formats"),
        value=" | ".join(general),
        help=tr("How dates are written, as in %d.%m.%Y %H:%M; several apart with |. ISO dates need none."),
    )
    blank = grid.cell().text_input(
        tr("Words that mean empty"), value=" | ".join(sorted(taken.blank)), help=tr("Several apart with |")
    )
    lenient = grid.cell().multiselect(
        tr("Leave empty what cannot be read in"),
        list(COLUMNS),
        default=sorted(taken.lenient),
        format_func=importing.title,
        placeholder=tr("Nothing: refuse the row"),
    )
    said = {name: forms for name, forms in taken.formats.items() if name}
    return replace(
        taken,
        columns={name: taken_from for name, taken_from in columns.items() if taken_from},
        formats=said | ({"": _parts(dates)} if dates.strip() else {}),
        blank=frozenset(word.casefold() for word in _parts(blank)),
        lenient=frozenset(lenient),
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in text.split("|") if part.strip())


def _plan(runtime: Runtime, taken: RecognisedFile, mapping: ColumnMapping) -> ImportPlan | None:
    held = st.session_state.get(PLAN)
    token = (st.session_state[taking.TAKEN][0], mapping.as_toml(), runtime.is_demo)
    if held and held[0] == token:
        kept: ImportPlan = held[1]
        return kept
    bar = st.progress(0.0, tr("Checking"))
    try:
        made = importing.plan(
            runtime.store,
            runtime.rules,
            taken.file.source,
            mapping,
            request=Request(who.actor(runtime, ChangeSource.IMPORT), runtime.now()),
            zone=runtime.settings.zone,
            home=runtime.settings.home,
            progress=_onto(bar),
        )
    except ShipdeskError as error:
        st.error(formats.plain(str(error)), title=tr("This file cannot be imported"), icon=":material/block:")
        return None
    finally:
        bar.empty()
    made = importing.told(made, taken)
    st.session_state[PLAN] = token, made
    return made


def _onto(bar: DeltaGenerator) -> Callable[[float, str], None]:
    def show(share: float, phase: str) -> None:
        bar.progress(min(1.0, share), phase)

    return show


def _say_home_doubt(runtime: Runtime, plan: ImportPlan) -> None:
    own = runtime.settings
    doubt = importing.home_doubt(plan.countries, home=own.home, home_given=own.home_given, zone_given=own.zone_given)
    if plan.new and doubt:
        st.warning(formats.plain(sentences(doubt)), icon=":material/public:")


def _preview(runtime: Runtime, plan: ImportPlan) -> None:
    if plan.verdict is ImportVerdict.REFUSED:
        st.error(formats.plain(plan.message), title=tr("This file cannot be imported"), icon=":material/block:")
        return
    st.info(formats.plain(plan.message), icon=":material/visibility:")
    _say_home_doubt(runtime, plan)
    _findings(plan, "preview")
    if plan.preview:
        st.markdown(tr("**The first shipments as they would be**"))
        names = [name for name in (*_LOOKED_AT, *COLUMNS) if any(name in row for row in plan.preview)]
        shown = list(dict.fromkeys(names))[:MOST_SHOWN]
        table(
            [TableColumn(name, importing.title(name), None, "text", min=90) for name in shown],
            [{"id": str(n), **{name: row.get(name, "–") for name in shown}} for n, row in enumerate(plan.preview)],
            key="import:rows",
            caption=tr("The first shipments of the file"),
            view=TableView(height=260),
        )


def _import_button(runtime: Runtime, taken: RecognisedFile, mapping: ColumnMapping, plan: ImportPlan) -> None:
    ready = plan.new + plan.changed
    if plan.verdict is ImportVerdict.REFUSED:
        return
    pressed = st.button(
        str(ImportText.IMPORT(count=ready)),
        type="primary",
        icon=":material/check:",
        key="import:go",
        disabled=not ready,
        help=None if ready else tr("There is nothing new or changed in this file"),
    )
    if not pressed:
        return
    import_run.start(runtime, taken, mapping, _request_key())
    st.session_state.pop(PLAN, None)
    st.rerun()


def _say_report(runtime: Runtime, name: str, report: ImportReport) -> None:
    if report.verdict is ImportVerdict.REFUSED:
        st.error(formats.plain(report.message), title=tr("Nothing was imported"), icon=":material/block:")
    else:
        title = ImportText.IMPORTED(name=formats.plain(name))
        st.success(formats.plain(report.message), title=str(title), icon=":material/check:")
    _findings(report, "report")
    st.button(tr("Import another file"), key="import:again", on_click=_start_over, args=(runtime,))


def _start_over(runtime: Runtime) -> None:
    for name in (_file(), "import:toml"):
        st.session_state.pop(name, None)
    _forget(runtime)


def _findings(report: ImportReport, key: str) -> None:
    kinds: Sequence[tuple[chips.Chip, Sequence[Finding]]] = (
        (chips.VERDICTS[RowVerdict.REFUSED], report.refused),
        (chips.Chip(word=tr("Taken"), icon="triangle", hue="yellow"), report.warnings),
        (chips.Chip(word=tr("Left empty"), icon="equals", hue="gray"), report.left_empty),
        (chips.Chip(word=tr(phrases.LEFT_OUT), icon="cross", hue="gray"), report.left_out),
    )
    found = [(chip, finding) for chip, findings in kinds for finding in findings]
    if not found:
        return
    table(
        _FINDINGS,
        [
            {
                "id": str(n),
                "row": f"{one.row:,}",
                "verdict": chip,
                "column": importing.title(one.field) if one.field else "–",
                "why": one.reason,
            }
            for n, (chip, one) in enumerate(found[:MOST_LISTED])
        ],
        key=f"import:findings:{key}",
        caption=tr("What was found, row by row"),
        view=TableView(height=320),
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(found) > MOST_LISTED:
            st.caption(str(ImportText.FIRST(most=MOST_LISTED, count=len(found))), width="content")
        downloads.button(
            str(ImportText.DOWNLOAD(count=len(found))),
            lambda: export.findings((chip["word"], one.row, one.field, one.reason) for chip, one in found),
            file_name="findings.csv",
            key=f"import:findings:file:{key}",
            form=Format.CSV,
        )
