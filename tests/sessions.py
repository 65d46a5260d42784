"""A person's tab without a window: a real session of the real server over its own websocket; only the painting is missing.

What the page's script would fail at, fails here.
"""

import asyncio
import json
import math
from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.WidgetStates_pb2 import WidgetState

from tests.elements import Shown, Tree, data_of, key_of, label
from tests.line import Line, NotShown, widgets

_ON_ITS_WAY: Final = 0.1
"""Seconds in which what the server still had to say arrives before what the tab asks."""
_TRIGGERS: Final = ("trigger_value", "json_trigger_value", "string_trigger_value")


class Session(Line):
    """What a person does in one tab. Each act waits until the page is drawn to its end."""

    async def open(self, path: str = "/", **query: str) -> None:
        """Loads the page as a browser does, and waits until it is drawn."""
        for asked in ("/_stcore/health", "/_stcore/host-config"):
            (await self.http.get(asked)).raise_for_status()
        page = (await self.http.get(path, params=query)).raise_for_status()
        self.path, self.query = page.url.path, page.url.query.decode()
        await self._connect()
        await self._ask()
        await self.settled()

    async def close(self) -> None:
        """Closes the tab."""
        await self._disconnect()
        await self.http.aclose()

    async def reconnect(self) -> None:
        """The connection is lost, and comes again with the session that the server kept."""
        await self._disconnect()
        await self._connect()
        await self._ask()
        await self.settled()

    async def follow(self, path: str, **query: str) -> None:
        """A link that is opened in this tab: the page is loaded anew."""
        await self.close()
        self.__init__(self.base, self.headers, self.longest)  # type: ignore[misc]
        await self.open(path, **query)

    async def turn_to(self, title: str) -> None:
        """Goes to another page by the navigation, and waits until it is drawn."""
        await self._turn(next(page for page in self._pages if page.page_name == title))
        await self.settled()

    async def turn_in_haste(self, title: str) -> None:
        """The same, but what looks again by itself does so once more for the page that is left: its timers were set late."""
        left, parts = self.page, list(self._ticks)
        await self._turn(next(page for page in self._pages if page.page_name == title))
        for part in parts:
            await self._ask(part, tick=True, page=left)
        await self.settled()

    async def cut_off(self, title: str, messages: int, lost: int = 10) -> None:
        """Goes to another page; of its answer so many messages come and some more are lost: the line is cut, and the tab comes back."""
        self._last_heard = self.heard + messages
        last = self._last_heard + lost
        await self._turn(next(page for page in self._pages if page.page_name == title))
        assert self._socket
        while self.heard < last:
            await asyncio.sleep(0)
        self._socket.transport.abort()
        await self._disconnect()
        self._last_heard = math.inf
        await self._connect()
        await asyncio.sleep(_ON_ITS_WAY)
        await self._ask()
        await self.settled()

    async def look_again(self) -> None:
        """All that looks again by itself does so now."""
        for part in list(self._ticks):
            await self._ask(part)
        await self.settled()

    async def press(self, named: str, option: str | None = None) -> None:
        """Presses the button, or the option that begins so, and waits until the page is drawn."""
        element = self.find("button", named) or self.find("button_group", named) or self.find("menu_button", named)
        if element is None or element.widget.disabled:
            raise NotShown(f"no {named} to press")
        state = WidgetState(id=element.widget.id)
        match element.kind:
            case "button":
                state.trigger_value = True
            case "menu_button":
                state.string_trigger_value.data = _option(element, option or "")
            case _:
                state.string_array_value.data.append(_option(element, option or ""))
        await self._tell(element, state)
        await self.settled()

    async def press_as_it_was(self, named: str, text: str) -> None:
        """Presses the option, of which the tab knows an older text."""
        element = self.shown("button_group", named)
        state = WidgetState(id=element.widget.id)
        state.string_array_value.data.append(text)
        await self._tell(element, state)
        await self.settled()

    async def switch(self, named: str, *, on: bool) -> None:
        """Sets the box with a tick, or the switch."""
        element = self.shown("checkbox", named)
        await self._tell(element, WidgetState(id=element.widget.id, bool_value=on))
        await self.settled()

    async def type(self, named: str, text: str) -> None:
        """Writes into the box and leaves it."""
        element = self.shown("text_input", named)
        await self._tell(element, WidgetState(id=element.widget.id, string_value=text))
        await self.settled()

    async def choose(self, named: str, option: str) -> None:
        """Chooses from the list."""
        element = self.shown("selectbox", named)
        await self._tell(element, WidgetState(id=element.widget.id, string_value=_option(element, option)))
        await self.settled()

    async def type_as_it_looks_again(self, named: str, text: str) -> None:
        """Writes into the box in the moment in which all that looks again by itself does so, before the answer has come."""
        element = self.shown("text_input", named)
        await self._tell(element, WidgetState(id=element.widget.id, string_value=text))
        for part in list(self._ticks):
            await self._ask(part, tick=True)
        await self.settled()

    async def press_and_type(self, named: str, box: str, text: str) -> None:
        """Presses the button, and writes into the box before anything of the answer has come."""
        button = self.shown("button", named)
        await self._tell(button, WidgetState(id=button.widget.id, trigger_value=True))
        await self.type(box, text)

    async def press_both(self, first: str, then: str) -> None:
        """Presses the one, and the other as soon as it is there, when the tab still says what it held before the first."""
        held = dict(self._states)
        await self.press(first)
        self._states = held | self._states
        await self.press(then)

    async def turn_page(self, key: str, number: int) -> None:
        """Goes to that page of the list."""
        element = self.shown("pagination", key)
        await self._tell(element, WidgetState(id=element.widget.id, int_value=number))
        await self.settled()

    async def tell(self, key: str, name: str, value: object) -> None:
        """What a component of ours keeps is set by its script."""
        component = self.shown("bidi_component", key)
        held = self._states.get(component.widget.id)
        said = json.loads(held.json_value) if held else {}
        await self._tell(component, WidgetState(id=component.widget.id, json_value=json.dumps({**said, name: value})))

    async def happen(self, key: str, event: str, value: object) -> None:
        """Something is pressed inside a component of ours; waits until the page is drawn."""
        component = self.shown("bidi_component", key)
        said = json.dumps([{"event": event, "value": value}])
        aggregator = f"$$STREAMLIT_INTERNAL_KEY_{component.widget.id}__events"
        await self._tell(component, WidgetState(id=aggregator, json_trigger_value=said))
        await self.settled()

    def dialog(self, titled: str = "") -> bool:
        """Whether a dialog is open whose title has this in it, as Markdown shows it."""
        dialogs = [part.proto.dialog for part in self.tree.parts("dialog")]
        return any(titled in dialog.title.replace("\\", "") and dialog.is_open for dialog in dialogs)

    async def dismiss(self) -> None:
        """Closes the dialog, as Escape does."""
        part = next(part for part in self.tree.parts("dialog") if part.proto.dialog.is_open)
        self._states[part.proto.dialog.id] = WidgetState(id=part.proto.dialog.id, trigger_value=True)
        await self._ask(part.fragment)
        del self._states[part.proto.dialog.id]
        await self.settled()

    async def upload(self, named: str, data: bytes, name: str) -> None:
        """Drops a file into the box: it goes by HTTP, then the page hears of it."""
        element = self.shown("file_uploader", named)
        request, waited = uuid4().hex, asyncio.get_running_loop().create_future()
        self._urls[request] = waited
        asked = BackMsg()
        asked.file_urls_request.request_id, asked.file_urls_request.session_id = request, self.session_id
        asked.file_urls_request.file_names.append(name)
        await self._send(asked)
        urls = (await asyncio.wait_for(waited, self.longest)).file_urls[0]
        sent = {"X-Xsrftoken": self.http.cookies.get("_streamlit_xsrf") or "", "Origin": self.base}
        (await self.http.put(urls.upload_url, files={name: (name, data)}, headers=sent)).raise_for_status()
        info = UploadedFileInfo(name=name, size=len(data), file_id=urls.file_id, file_urls=urls)
        state = WidgetState(id=element.widget.id, file_uploader_state_value=FileUploaderState(uploaded_file_info=[info]))
        await self._tell(element, state)
        await self.settled()

    async def settled(self) -> None:
        """Everything that was asked is answered to its end."""
        await self._until(lambda: not self._asked, "the end of the run")

    async def until(self, said: str | Callable[[], object]) -> None:
        """Waits until the text is shown, or what is asked is so, and the page is drawn."""
        so = (lambda: self.tree.says(said)) if isinstance(said, str) else said
        await self._until(lambda: not self._asked and so(), str(said))

    def find(self, kind: str, named: str) -> Shown | None:
        """The widget of that kind with the key, or else the label that begins so; None where there is none."""
        there = [element for element in self.tree.elements() if element.kind == kind]
        by_key = (element for element in there if key_of(element) == named)
        return next(by_key, None) or next((element for element in there if label(element).startswith(named)), None)

    def shown(self, kind: str, named: str) -> Shown:
        """The same; `NotShown` where there is none."""
        found = self.find(kind, named)
        if found is None:
            raise NotShown(f"no {kind} {named}")
        return found

    def data(self, key: str) -> dict[str, Any]:
        """What a component of ours shows; empty where it is not drawn."""
        component = self.find("bidi_component", key)
        return data_of(component) if component else {}

    def says(self, text: str) -> bool:
        return self.tree.says(text)

    async def _turn(self, page: Any) -> None:
        self._stop_ticks()
        kept = Tree(self.tree.script, self.tree.root)
        kept.leave_page()
        there = set(widgets(kept))
        left = {id: state for id, state in self._states.items() if id in there}
        self.path, self.query = f"/{page.url_pathname}", ""
        await self._ask(page=page.page_script_hash, states=left)

    async def _tell(self, element: Shown, state: WidgetState) -> None:
        """A widget has another value; inside a form the server hears of it with the form's button."""
        form = getattr(element.widget, "form_id", "")
        if form and not getattr(element.widget, "is_form_submitter", False):
            self._typed.setdefault(form, {})[state.id] = state
            return
        self._states |= self._typed.pop(form, {}) | {state.id: state}
        await self._ask(element.fragment)
        if state.WhichOneof("value") in _TRIGGERS:
            self._states.pop(state.id, None)


def _option(element: Shown, begins: str) -> str:
    options = [getattr(one, "content", one) for one in element.widget.options]
    found = next((str(one) for one in options if str(one).startswith(begins)), None)
    if found is None:
        raise NotShown(f"no {begins} among {options}")
    return found
