"""What a file that was dropped is taken for: said in words, and for the person to say otherwise."""

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from core.domain.errors import Locked, ShipdeskError
from core.domain.language import tr
from core.domain.reasons import Names
from core.files.countries import country_names
from core.runtime import Runtime
from core.services import importing
from core.services.importing import FileKind, RecognisedFile, ShopHome, Source
from core.services.importing.reasons import TakenForText
from core.ui.data.sentences import ImportText
from core.ui.kit import formats, who

LAYOUT: Final = "import:layout"
COUNTRY: Final = "import:country"
TAKEN: Final = "import:taken"
PASSWORD: Final = "import:password"
BY_HAND = ""
MOST_NAMED = 60


def forget() -> None:
    """Another file is taken anew."""
    for name in (LAYOUT, COUNTRY, TAKEN, PASSWORD):
        st.session_state.pop(name, None)


def password(file: str, why: Locked | None) -> str | None:
    """The password of a locked file, once it was typed; kept nowhere. `why` the last one did not open it, None for the first."""
    st.warning(
        formats.plain(str(why or ImportText.UNLOCK())),
        title=str(ImportText.LOCKED(name=formats.plain(file))),
        icon=":material/lock:",
    )
    with st.form("import:unlock", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        typed = st.text_input(tr("Password of the file"), type="password", key=PASSWORD, autocomplete="off", width=320)
        pressed = st.form_submit_button(tr("Open the file"), type="primary", icon=":material/lock_open:")
    return typed if pressed and typed else None


def take(runtime: Runtime, file_id: str, source: Source, content: Callable[[], bytes]) -> RecognisedFile | None:
    """The file as what it was taken for, or as what the person says it is; None where it cannot be read so, which is said."""
    chosen, country = st.session_state.get(LAYOUT), st.session_state.get(COUNTRY) or runtime.settings.home
    token = file_id, chosen, country
    held = st.session_state.get(TAKEN)
    if not held or held[0] != token:
        try:
            held = token, _recognised(runtime, source, content, ShopHome(runtime.settings.zone, country), chosen)
        except ShipdeskError as error:
            held = token, error
        st.session_state[TAKEN] = held
    _choice(held[1])
    if isinstance(held[1], ShipdeskError):
        st.error(formats.plain(str(held[1])), title=tr("The file cannot be read so"), icon=":material/block:")
        return None
    found: RecognisedFile = held[1]
    _say(runtime, found, source)
    return found


def _recognised(
    runtime: Runtime, source: Source, content: Callable[[], bytes], home: ShopHome, chosen: str | None
) -> RecognisedFile:
    person = who.person(runtime)
    kept, parcels = (
        importing.kept_mapping(runtime.store, source, person=person),
        importing.parcels_before(runtime.store, person=person),
    )
    found = importing.recognise(source, runtime.rules, home, kept=kept, layout=chosen, parcels=parcels)
    return importing.with_content(found, content)


def _choice(found: RecognisedFile | ShipdeskError) -> None:
    """The box that says what it is taken for."""
    titles = {name: layout.title for name, layout in importing.layouts().items() if layout.marks}
    options = [*sorted(titles, key=titles.__getitem__), BY_HAND]
    taken = found.layout if isinstance(found, RecognisedFile) and found.kind is FileKind.ORDERS else BY_HAND
    st.selectbox(
        tr("What the file is"),
        options,
        index=options.index(st.session_state.get(LAYOUT) or taken),
        format_func=lambda name: str(TakenForText.ORDERS(title=titles[name]) if name else ImportText.BY_HAND()),
        key=f"{LAYOUT}:box:{taken}",
        on_change=_chosen,
        args=(f"{LAYOUT}:box:{taken}",),
        width=420,
    )


def _chosen(key: str) -> None:
    st.session_state[LAYOUT] = st.session_state[key]


def _say(runtime: Runtime, found: RecognisedFile, source: Source) -> None:
    """What it was taken for, what is left out and what is not used."""
    file = found.file
    said: list[Any] = [ImportText.WHAT(name=formats.plain(source.name), what=found.what, count=len(source))]
    if file.left_out:
        said.append(ImportText.LEFT_OUT(count=len(file.left_out)))
    st.caption("  \n".join(map(str, said)))
    if file.mapping.defaults.get("country") and found.kind is not FileKind.KEPT and not _fixed(found):
        _country(runtime)
    if file.unused:
        with st.expander(str(ImportText.UNUSED(count=len(file.unused))), icon=":material/visibility_off:"):
            shown = Names(map(formats.plain, file.unused[:MOST_NAMED]))
            more = len(file.unused) - MOST_NAMED
            st.caption(str(ImportText.UNUSED_NAMED("some" if more > 0 else "all", names=shown, more=more)))


def _fixed(found: RecognisedFile) -> bool:
    """Whether its source says where parcels go that name no country."""
    return found.kind is FileKind.ORDERS and bool(importing.layouts()[found.layout].country)


def _country(runtime: Runtime) -> None:
    names = country_names()
    st.selectbox(
        tr("Country of the parcels, as the file names none"),
        sorted(names, key=names.__getitem__),
        index=sorted(names, key=names.__getitem__).index(runtime.settings.home),
        format_func=names.__getitem__,
        key=COUNTRY,
        width=420,
    )
