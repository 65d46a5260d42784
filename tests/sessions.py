"""A person's tab without a window: a real session of the real server over its own websocket; only the painting is missing.

It speaks as the page's script does: the same messages in the same order, the tree kept by the same deltas, fragments that look again
by themselves, files by HTTP. What the page's script would fail at, fails here.
"""

import asyncio
import json
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final
from uuid import uuid4

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import FileUploaderState, UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.elements import MisplacedDelta, Shown, Tree, data_of, key_of, label

LONGEST: Final = 60.0
"""Seconds after which what is waited for does not come any more."""
_ON_ITS_WAY: Final = 0.1
"""Seconds in which what the server still had to say arrives before what the tab asks."""
_TRIGGERS: Final = ("trigger_value", "json_trigger_value", "string_trigger_value")
_OVER: Final = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class NotShown(AssertionError):
    """What was looked for, or waited for, is not on the page."""


class Session:
    """One tab. `errors` are what its browser would have said: deltas out of place, and errors that the page shows."""

    def __init__(self, base: str, headers: Mapping[str, str] = {}) -> None:
        self.base, self.headers = base, dict(headers)
        self.tree, self.errors = Tree(), list[str]()
        self.path, self.query, self.page, self.session_id = "/", "", "", ""
        self.heard, self.bytes_heard, self._last_heard = 0, 0, math.inf
        self._states: dict[str, WidgetState] = {}
        self._typed: dict[str, dict[str, WidgetState]] = {}
        self._pages: list[Any] = []
        self._cache: dict[str, tuple[ForwardMsg, int, str]] = {}
        self._runs_cached, self._cached_for = 0, 2
        self._run, self._fragments = "", tuple[str, ...]()
        self._asked: list[str] = []
        self._covered = False
        self._ticks: dict[str, tuple[float, asyncio.Task[None]]] = {}
        self._news = asyncio.Condition()
        self._urls: dict[str, asyncio.Future[Any]] = {}
        self._socket: ClientConnection | None = None
        self._hearing: asyncio.Task[None] | None = None
        self.http = httpx.AsyncClient(base_url=base, headers=self.headers, timeout=LONGEST, follow_redirects=True)

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
        await self._disconnect()
        self.__init__(self.base, self.headers)  # type: ignore[misc]
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
        """Whether a dialog is open whose title has this in it."""
        return any(titled in part.proto.dialog.title and part.proto.dialog.is_open for part in self.tree.parts("dialog"))

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
        urls = (await asyncio.wait_for(waited, LONGEST)).file_urls[0]
        sent = {"X-Xsrftoken": self.http.cookies.get("_streamlit_xsrf") or "", "Origin": self.base}
        (await self.http.put(urls.upload_url, files={name: (name, data)}, headers=sent)).raise_for_status()
        info = UploadedFileInfo(name=name, size=len(data), file_id=urls.file_id, file_urls=urls)
        state = WidgetState(id=element.widget.id, file_uploader_state_value=FileUploaderState(uploaded_file_info=[info]))
        await self._tell(element, state)
        await self.settled()

    async def settled(self) -> None:
        """Everything that was asked is answered to its end."""
        await self._until(lambda: not self._asked, "the end of the run")

    async def until(self, said: str | Callable[[], object], longest: float = LONGEST) -> None:
        """Waits until the text is shown, or what is asked is so, and the page is drawn."""
        so = (lambda: self.tree.says(said)) if isinstance(said, str) else said
        await self._until(lambda: not self._asked and so(), str(said), longest)

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
        there = set(_widgets(kept))
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

    async def _ask(
        self, fragment: str = "", *, tick: bool = False, page: str = "", states: Mapping[str, WidgetState] | None = None
    ) -> None:
        asked = BackMsg()
        told = asked.rerun_script
        told.query_string, told.page_script_hash, told.fragment_id = self.query, page or self.page, fragment
        told.page_name = "" if told.page_script_hash else self.path.strip("/")
        told.is_auto_rerun = tick
        told.widget_states.widgets.extend((self._states if states is None else states).values())
        told.cached_message_hashes.extend(self._cache)
        context = told.context_info
        context.timezone, context.timezone_offset, context.locale = "Asia/Seoul", -540, "en-GB"
        context.url, context.color_scheme = f"{self.base}{self.path}", "light"
        if not tick:
            self._asked.append(fragment)
        await self._send(asked)

    async def _send(self, message: BackMsg) -> None:
        if self._socket is None:
            raise NotShown("the connection is closed")
        await self._socket.send(message.SerializeToString())

    async def _connect(self) -> None:
        token = self.http.cookies.get("_streamlit_xsrf") or "PLACEHOLDER_AUTH_TOKEN"
        protocols: list[Any] = ["streamlit", token, *([self.session_id] if self.session_id else [])]
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        self._socket = await connect(
            f"ws{self.base.removeprefix('http')}/_stcore/stream",
            origin=self.base,  # type: ignore[arg-type]
            subprotocols=protocols,
            additional_headers={**self.headers, "Cookie": cookies},
            max_size=None,
            open_timeout=LONGEST,
            ping_interval=None,
        )
        self._hearing = asyncio.create_task(self._hear(self._socket))

    async def _disconnect(self) -> None:
        self._stop_ticks()
        self._asked.clear()
        if self._socket:
            await self._socket.close()
        if self._hearing:
            await asyncio.wait([self._hearing])

    async def _hear(self, socket: ClientConnection) -> None:
        with suppress(ConnectionClosed):
            async for data in socket:
                assert isinstance(data, bytes)
                self.heard, self.bytes_heard = self.heard + 1, self.bytes_heard + len(data)
                if self.heard > self._last_heard:
                    continue
                message = ForwardMsg.FromString(data)
                try:
                    self._take(self._whole(message))
                except MisplacedDelta as error:
                    self.errors.append(f"on {self.path}: {error}; {self._scene(message)}")
                if message.WhichOneof("type") != "delta":
                    async with self._news:
                        self._news.notify_all()

    def _scene(self, message: ForwardMsg) -> str:
        titles = {page.page_script_hash: page.page_name for page in self._pages}
        on, drawn = titles.get(self.page, self.page), titles.get(message.metadata.active_script_hash, "the frame")
        of = f"fragments {len(self._fragments)}" if self._fragments else "the whole page"
        return f"the browser is on {on}, the run is of {of}, drawn by {drawn}"

    def _whole(self, message: ForwardMsg) -> ForwardMsg:
        """The message itself where only its name came: the browser keeps what the server may leave out."""
        if message.WhichOneof("type") == "ref_hash":
            kept = ForwardMsg()
            kept.CopyFrom(self._cache[message.ref_hash][0])
            kept.metadata.CopyFrom(message.metadata)
            return kept
        if message.metadata.cacheable and message.hash:
            self._cache.setdefault(message.hash, (message, self._runs_cached, message.delta.fragment_id))
        return message

    def _take(self, message: ForwardMsg) -> None:
        match message.WhichOneof("type"):
            case "new_session":
                self._begin(message)
            case "delta":
                self.tree.apply(message, self._run)
                self._forget_what_is_set(message)
            case "script_finished":
                self._finish(message)
            case "navigation":
                self._pages, self.page = list(message.navigation.app_pages), message.navigation.page_script_hash
                self.path = next(f"/{one.url_pathname}" for one in self._pages if one.page_script_hash == self.page)
            case "page_info_changed":
                self.query = message.page_info_changed.query_string
            case "auto_rerun":
                self._tick(message.auto_rerun.fragment_id, message.auto_rerun.interval)
            case "stop_auto_rerun":
                for fragment in message.stop_auto_rerun.fragment_ids:
                    self._stop_tick(fragment)
            case "file_urls_response":
                waited = self._urls.pop(message.file_urls_response.response_id, None)
                if waited and not waited.done():
                    waited.set_result(message.file_urls_response)
            case "session_event":
                self.errors.append(f"on {self.path}: {str(message.session_event)[:300]}")

    def _begin(self, message: ForwardMsg) -> None:
        begun, run = message.new_session, message.metadata.run
        self.session_id = begun.initialize.session_id or self.session_id
        self.tree.script = begun.main_script_hash
        self._run, self._fragments = run.script_run_id, tuple(run.fragment_ids)
        self._cached_for = begun.config.max_cached_message_age
        self._covered = bool(self._asked) and (not self._fragments or set(self._asked) <= set(self._fragments))
        if begun.page_script_hash == self.page or not self.page:
            self.tree.end_passing(self._fragments)
        else:
            self.tree.leave_page()
        if not self._fragments:
            self.page = begun.page_script_hash
            self._stop_ticks()

    def _finish(self, message: ForwardMsg) -> None:
        run = message.metadata.run
        if message.script_finished not in _OVER:
            return
        if run.fragment_ids or run.script_run_id == self._run:
            self.tree.finish(run.script_run_id, run.fragment_ids)
            there = set(_widgets(self.tree))
            self._states = {id: state for id, state in self._states.items() if id in there}
        self._runs_cached += 1
        self._cache = self._aged(run.fragment_ids)
        if self._covered:
            self._asked.clear()
            self._note_errors()

    def _note_errors(self) -> None:
        """Errors that the page shows as its own are errors."""
        for element in self.tree.elements():
            if element.kind == "exception":
                self.errors.append(f"on {self.path}: {element.widget.type}: {element.widget.message[:200]}")

    def _forget_what_is_set(self, message: ForwardMsg) -> None:
        """The server has set the value of a widget: what was chosen here before holds no longer."""
        if message.delta.WhichOneof("type") == "new_element":
            widget = getattr(message.delta.new_element, message.delta.new_element.WhichOneof("type"))
            if getattr(widget, "set_value", False):
                self._states.pop(widget.id, None)

    def _aged(self, fragments: Sequence[str]) -> dict[str, tuple[ForwardMsg, int, str]]:
        def old(since: int, fragment: str) -> bool:
            return self._runs_cached - since > self._cached_for and (not fragments or fragment in fragments)

        return {name: one for name, one in self._cache.items() if not old(one[1], one[2])}

    def _tick(self, fragment: str, interval: float) -> None:
        if fragment in self._ticks and self._ticks[fragment][0] == interval:
            return
        self._stop_tick(fragment)
        self._ticks[fragment] = interval, asyncio.create_task(self._look_again(fragment, interval))

    async def _look_again(self, fragment: str, interval: float) -> None:
        with suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(interval)
                await self._ask(fragment, tick=True)

    def _stop_tick(self, fragment: str) -> None:
        if found := self._ticks.pop(fragment, None):
            found[1].cancel()

    def _stop_ticks(self) -> None:
        for fragment in list(self._ticks):
            self._stop_tick(fragment)

    async def _until(self, so: Callable[[], object], what: str, longest: float = LONGEST) -> None:
        until = time.monotonic() + longest
        async with self._news:
            while not so():
                left = until - time.monotonic()
                if self._hearing and self._hearing.done():
                    self._hearing.result()
                if left <= 0 or not self._hearing or self._hearing.done():
                    raise NotShown(f"{what} did not come on {self.path}")
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), left)


def _widgets(tree: Tree) -> Iterator[str]:
    for element in tree.elements():
        if id := getattr(element.widget, "id", ""):
            yield id
    yield from (part.proto.id for kind in ("dialog", "popover", "expandable", "tab_container") for part in tree.parts(kind))


def _option(element: Shown, begins: str) -> str:
    options = [getattr(one, "content", one) for one in element.widget.options]
    found = next((str(one) for one in options if str(one).startswith(begins)), None)
    if found is None:
        raise NotShown(f"no {begins} among {options}")
    return found
