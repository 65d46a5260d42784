"""The Upload page: a file, the verdict on every row, the registration of what is ready, and what became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator as Place

from core.domain.errors import Refused
from core.domain.history import ChangeSource
from core.domain.language import marked, tr
from core.domain.reasons import sentences
from core.domain.verdicts import RowVerdict
from core.files.number_lists import ListFault
from core.runtime import Runtime
from core.services import handback, uploading
from core.services.shipments import undo
from core.services.shipments.changes import Request
from core.services.shipments.undo import Undone
from core.services.uploading import Preview, UploadResult
from core.ui.kit import downloads, dropped, formats, going, messages, notes, sampling, shared, unfinished, upload_rows, who
from core.ui.kit.sentences import KitText
from core.ui.kit.table import TableEvent
from core.ui.kit.unfinished import OpenKind, OpenWork
from core.ui.upload import lately, matching
from core.ui.upload.matching import OpenList
from core.ui.upload.sentences import MatchText, UploadText

UPLOAD: Final = "upload:held"
REFUSED: Final = "upload:refused"
FAULT: Final = "upload:fault"
ORDERS: Final = "upload:orders"
FILE: Final = "upload:file"
GOING: Final = "upload:going"
SENT_AT_MOST: Final = 50
"""Megabytes that reach us, so that our own sentence is said about a file that is too large."""

_TITLE = shared.UPLOAD_INVOICES
_LONGEST_NAME = 60
_OF_SAMPLE = (
    marked("The sample as .xlsx: Shipment No. and Invoice No. filled; the shipping company too, unless the number shows it"),
    marked("Rows of the sample that you do not fill in are left for later"),
)
_OF_FILE = (
    marked(
        "Or a shipping company's own list of numbers, as Excel, CSV or text: who is meant is matched, and asked where several fit"
    ),
    marked("At most 5 MB, under any name"),
    marked("At most 1,000 rows; split a longer list"),
    marked("No password: unlock the file before uploading it"),
)


@dataclass(frozen=True)
class Upload:
    """A file that was read and how far it came. `doubts` are the warnings that were confirmed, by row."""

    data: bytes = field(repr=False)
    preview: Preview
    doubts: Mapping[int, str] = field(default_factory=dict)
    result: UploadResult | None = None
    undone: tuple[Undone, ...] | None = None


def held() -> Upload | None:
    """The upload of this visit; None before a file was read."""
    upload: Upload | None = st.session_state.get(UPLOAD)
    return upload


def keep_open() -> None:
    """Notes in the browser which file is open here: the next session says what became of it."""
    upload, given = held(), st.session_state.get(_file())
    if upload is None and (opened := matching.held()):
        unfinished.keep(OpenKind.UPLOAD, OpenWork("", opened.matched.numbers.name))
    elif upload:
        unfinished.keep(OpenKind.UPLOAD, OpenWork(upload.preview.request_key, upload.preview.sheet.name))
    else:
        unfinished.keep(OpenKind.UPLOAD, OpenWork("", given.name) if given else None)


def start(runtime: Runtime) -> None:
    """What to fill and where to drop it; a file that was given and can be read is drawn by a run of its own."""
    reading, opened = st.empty(), matching.held()
    if opened:
        with st.empty().container():
            _match(runtime, opened)
        return
    given = st.session_state.get(_file()) or dropped.brought(dropped.UPLOAD)
    said = _refusal(runtime, given, reading) if given is not None else ""
    if given is not None and not said:
        st.rerun()
    # The box for the file stays where it is from run to run: one that is drawn anew would lose what is being chosen in it.
    with st.container():
        st.header(tr(_TITLE), anchor=False)
        left, right = st.columns(2, gap="small")
        with left, st.container(border=True, height="stretch"):
            sampling.section(runtime)
            _say_rules(_OF_SAMPLE)
        with right, st.container(border=True, height="stretch", key="upload-box"):
            st.subheader(tr("2 · Upload it filled"), anchor=False)
            st.file_uploader(tr("Drop the file here, or choose it"), key=_file(), max_upload_size=SENT_AT_MOST)
            if said:
                st.error(formats.plain(said), title=tr(shared.FILE_NOT_READ), icon=":material/block:")
                if given is not None and st.session_state.get(ORDERS) == given.file_id:
                    dropped.carry(tr("Open it on Data"), given, dropped.DATA, key="upload:to_data")
            _say_rules(_OF_FILE)
        lately.uploads(runtime, formats.viewer_zone(runtime.settings.zone), runtime.now())


def _say_rules(rules: Sequence[str]) -> None:
    st.caption("\n".join(f"- {formats.plain(tr(rule))}" for rule in rules))


def preview(runtime: Runtime, upload: Upload) -> None:
    """Every row with its verdict, what may be confirmed, and the button that registers."""
    _head(upload.preview, tr("Choose another file"), runtime)
    said = st.empty()
    said.info(_said_of(upload.preview), icon=":material/visibility:")
    upload_rows.draw(
        upload_rows.of_preview(upload.preview, upload.doubts, runtime.rules),
        upload_rows.BEFORE,
        tr("The rows of the file with their verdicts"),
        lambda: _acts(runtime, upload),
        toolbar=lambda view: _options(runtime, upload, view),
        on_event=lambda event: _pressed(runtime, event),
    )
    if going.at(GOING):
        _keep_registered(upload, said)


def outcome(runtime: Runtime, upload: Upload, result: UploadResult) -> None:
    """What became of every row, the files to take away, and [Undo] of the whole batch."""
    _head(result.preview, tr("Upload another"))
    said = st.empty()
    with said.container():
        _say(upload, result)
    _say_untold(runtime)
    upload_rows.draw(
        upload_rows.of_result(result, upload.undone, runtime.rules),
        upload_rows.AFTER,
        tr("The rows of the file and what became of them"),
        lambda: _takings(runtime, upload, result),
    )
    if going.at(GOING):
        _keep_undone(upload, said)


def _say_untold(runtime: Runtime) -> None:
    """The way to the files that go back, while sources of orders were not told numbers."""
    untold = sum(one.shipments for one in handback.sources_waiting(runtime.store, visit=who.visit(runtime)))
    if untold:
        st.page_link("../../pages/data.py", label=str(UploadText.UNTOLD(count=untold)), icon=":material/assignment_return:")


def forget() -> None:
    """Starts over with no file; not while what was pressed is going on."""
    if going.at(GOING):
        return
    matching.forget()
    dropped.forget()
    for name in (UPLOAD, REFUSED, _file(), upload_rows.VIEW):
        st.session_state.pop(name, None)


def _file() -> str:
    """The key of the box for the file: another one after a loss, or the browser would go on showing a file that is gone."""
    return FILE + unfinished.turn(OpenKind.UPLOAD)


def _refusal(runtime: Runtime, uploaded: Any, place: Place) -> str:
    """Why the file is refused, "" for one that was read and is kept."""
    known: tuple[str, str] = st.session_state.get(REFUSED, ("", ""))
    if known[0] == uploaded.file_id:
        return known[1]
    try:
        with place, st.spinner(tr(shared.READING_FILE)):
            data, waits = uploaded.getvalue(), st.empty()
            found = uploading.read_invoices(data, uploaded.name, lambda: _say_waiting(waits))
            waits.empty()
            if isinstance(found, uploading.NumberList):
                matching.start(runtime, data, found, _request(runtime))
            else:
                _keep(runtime, data, found)
    except Exception as error:
        said = messages.why(error)
        st.session_state[REFUSED] = uploaded.file_id, said
        if isinstance(error, Refused) and error.reason is ListFault.ORDERS:
            st.session_state[ORDERS] = uploaded.file_id
        return said
    unfinished.forget(OpenKind.UPLOAD)
    return ""


def _keep(runtime: Runtime, data: bytes, sheet: uploading.Sheet) -> None:
    judged = uploading.judge_sheet(sheet, runtime.rules, runtime.store, modify=False, request=_request(runtime))
    st.session_state[UPLOAD] = Upload(data, judged)


def _match(runtime: Runtime, opened: OpenList) -> None:
    """The rows of a carrier's list with what they mean, before they are judged as those of a workbook are."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(tr(_TITLE), anchor=False, width="content")
        file = MatchText.FILE(name=formats.plain(_short(opened.matched.numbers.name)), count=len(opened.matched.rows))
        st.caption(str(file), width="content")
        st.space("stretch")
        st.button(tr("Choose another file"), key="upload:another", icon=":material/upload_file:", on_click=forget)
    matching.choose(runtime, opened, _request(runtime), lambda chosen: _keep(runtime, chosen.data, chosen.sheet))


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"


def _back() -> None:
    """From the verdicts to the rows of the carrier's list and what was chosen of them."""
    if going.at(GOING):
        return
    for name in (UPLOAD, upload_rows.VIEW):
        st.session_state.pop(name, None)


def _say_waiting(place: Place) -> None:
    place.caption(str(UploadText.WAITING()))


def _head(shown: Preview, start_over: str, runtime: Runtime | None = None) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.header(tr(_TITLE), anchor=False, width="content")
        sheet = shown.sheet
        file = UploadText.FILE(name=formats.plain(_short(sheet.name)), count=len(shown.lines), sheet=formats.plain(sheet.title))
        if not sheet.title:
            file = MatchText.FILE(name=formats.plain(_short(sheet.name)), count=len(shown.lines))
        st.caption(str(file), width="content")
        st.space("stretch")
        if runtime and matching.held():
            st.button(tr("Back to the choices"), key="upload:back", icon=":material/arrow_back:", on_click=_back)
        elif runtime:
            sampling.button(runtime)
        st.button(start_over, key="upload:another", icon=":material/upload_file:", on_click=forget)


def _said_of(shown: Preview) -> str:
    nothing_yet, *counts = shown.tallies
    said = [UploadText.NOTHING_YET(nothing_yet=nothing_yet, counts=formats.plain(sentences(counts)))]
    if proposed := sum(line.proposed is not None for line in shown.lines):
        said.append(UploadText.PROPOSED(count=proposed))
    return sentences(said)


def _options(runtime: Runtime, upload: Upload, view: str) -> None:
    waiting = upload.preview.counts[RowVerdict.CONFIRM]
    if view == RowVerdict.CONFIRM and waiting:
        st.button(
            str(UploadText.CONFIRM_ALL(count=waiting)),
            key="upload:confirm_all",
            icon=":material/check:",
            on_click=_confirm_all,
            args=(runtime,),
        )
    st.toggle(
        tr(uploading.MODIFY_SWITCH),
        value=upload.preview.modify,
        key="upload:modify",
        help=tr(
            "A shipment that has another invoice gets the one of the file; its tracking starts anew. "
            "Off, such a row is refused."
        ),
        on_change=lambda: _judge(runtime, modify=st.session_state["upload:modify"]),
    )


def _acts(runtime: Runtime, upload: Upload) -> None:
    ready = upload.preview.writable
    st.button(
        str(KitText.REGISTER(count=ready)),
        type="primary",
        icon=":material/check:",
        key="upload:go",
        shortcut="Ctrl+Enter",
        disabled=not ready,
        help=None if ready else tr(shared.NO_ROW_NOW),
        on_click=_register,
        args=(runtime,),
    )
    _to_mend(runtime, upload.preview)
    st.space("stretch")
    if ready:
        st.caption(str(UploadText.TOGETHER(count=ready)), width="content")


def _takings(runtime: Runtime, upload: Upload, result: UploadResult) -> None:
    if upload.undone is None:
        downloads.button(
            tr("Download the workbook with results"),
            lambda: uploading.with_results(upload.data, result),
            file_name=_named(result.preview, "results"),
            key="upload:results",
            look="primary",
        )
    _to_mend(runtime, result.preview)
    st.button(tr("Check the file again"), key="upload:again", icon=":material/refresh:", on_click=_judge, args=(runtime,))
    if result.registered and upload.undone is None:
        st.button(tr("Undo"), key="upload:undo", icon=":material/undo:", on_click=_undo, args=(runtime,))
    st.space("stretch")


def _pressed(runtime: Runtime, event: TableEvent) -> None:
    upload = held()
    if upload is None or not event.id.isdecimal():
        return
    row, doubts = int(event.id), dict(upload.doubts)
    if event.name == "confirm":
        doubts |= _doubts(upload.preview, row)
    elif event.name == "doubt":
        doubts.pop(row, None)
    _judge(runtime, doubts=doubts)


def _confirm_all(runtime: Runtime) -> None:
    if upload := held():
        _judge(runtime, doubts={**upload.doubts, **_doubts(upload.preview)})


def _doubts(shown: Preview, row: int | None = None) -> dict[int, str]:
    """The warnings of the rows to confirm, or of this one."""
    return {line.row: line.reason for line in shown.lines if line.verdict is RowVerdict.CONFIRM and row in (None, line.row)}


def _judge(runtime: Runtime, *, modify: bool | None = None, doubts: Mapping[int, str] | None = None) -> None:
    """Judges the rows again: as the desk is now, with another answer to a warning or to the switch."""
    upload = held()
    if upload is None or going.at(GOING):
        return
    confirmed = upload.doubts if doubts is None else doubts
    judged = uploading.judge_sheet(
        upload.preview.sheet,
        runtime.rules,
        runtime.store,
        modify=upload.preview.modify if modify is None else modify,
        request=_request(runtime),
        confirmed=frozenset(confirmed),
    )
    st.session_state[UPLOAD] = Upload(upload.data, judged, confirmed)


def _request(runtime: Runtime) -> Request:
    """Who has the rows judged, at a moment in the zone in which days are said."""
    return Request(who.actor(runtime, ChangeSource.UPLOAD), runtime.now().astimezone(runtime.settings.zone))


def _register(runtime: Runtime) -> None:
    """Sets the registration going; a second press does nothing."""
    upload = held()
    if upload is None or upload.result:
        return
    shown, request = upload.preview, Request(who.actor(runtime, ChangeSource.UPLOAD), runtime.now())
    going.start(
        GOING,
        lambda tell: uploading.register(
            runtime.store, runtime.rules, shown, modify=shown.modify, request=request, progress=tell
        ),
    )


def _keep_registered(upload: Upload, place: Place) -> None:
    """Shows how far the registration is, and keeps its result whatever is pressed meanwhile."""
    done = going.ended(GOING, str(UploadText.REGISTERING(count=upload.preview.writable)), place)
    if done.trouble:
        place.error(formats.plain(done.trouble), title=tr(shared.NOTHING_REGISTERED), icon=":material/block:")
        going.answered(GOING)
        return
    st.session_state[UPLOAD] = replace(upload, result=done.result)
    going.answered(GOING)
    st.session_state.pop(upload_rows.VIEW, None)
    st.rerun()


def _undo(runtime: Runtime) -> None:
    """Sets the undo going; a second press does nothing."""
    upload = held()
    if upload is None or upload.result is None or upload.result.batch_id is None or upload.undone is not None:
        return
    batch = upload.result.batch_id
    request = Request(who.actor(runtime, ChangeSource.UNDO), runtime.now(), request_key=undo.key_of(batch))
    going.start(GOING, lambda _: undo.undo(runtime.store, batch, home=runtime.settings.home, request=request))


def _keep_undone(upload: Upload, place: Place) -> None:
    done = going.ended(GOING, tr("Undoing"), place)
    if done.trouble:
        notes.keep(FAULT, done.trouble)
    else:
        st.session_state[UPLOAD] = replace(upload, undone=tuple(done.result))
    going.answered(GOING)
    st.session_state.pop(upload_rows.VIEW, None)
    st.rerun()


def _say(upload: Upload, result: UploadResult) -> None:
    if fault := notes.kept(FAULT):
        st.error(formats.plain(fault), title=tr(shared.NOTHING_UNDONE), icon=":material/block:")
    if upload.undone is not None:
        _say_undone(result.batch_id, upload.undone)
    elif result.registered:
        written = UploadText.WRITTEN(batch=result.batch_id, counts=formats.plain(result.message))
        st.success(str(written), icon=":material/check:")
    else:
        nothing = UploadText.NOTHING_WRITTEN(counts=formats.plain(result.message))
        st.info(str(nothing), icon=":material/info:")


def _say_undone(batch: int | None, answers: tuple[Undone, ...]) -> None:
    stayed = sum(bool(one.stayed) for one in answers)
    back = len(answers) - stayed
    if stayed:
        st.warning(str(UploadText.SOME_STAYED(batch=batch, count=back, stayed=stayed)), icon=":material/undo:")
    else:
        st.success(str(UploadText.WENT_BACK(batch=batch, count=back)), icon=":material/undo:")


def _to_mend(runtime: Runtime, shown: Preview) -> None:
    counts = shown.counts
    if rows := counts[RowVerdict.REFUSED] + counts[RowVerdict.CONFIRM]:
        downloads.button(
            str(UploadText.TO_MEND(count=rows)),
            lambda: uploading.to_mend(shown, runtime.rules),
            file_name=_named(shown, "to-mend"),
            key="upload:mend",
        )


def _named(shown: Preview, word: str) -> str:
    stem = shown.sheet.name.rpartition(".")[0] or shown.sheet.name or "invoices"
    return f"{stem[:_LONGEST_NAME]}-{word}.xlsx"
