"""The line between a tab and the real server, as the page's own script keeps it: the same messages in the same order, what the server may
leave out kept, the tree changed by its deltas, parts that look again by themselves.
"""

import asyncio
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

import httpx
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.elements import MisplacedDelta, Tree

LONGEST: Final = 60.0
"""Seconds after which what is waited for does not come any more, unless a session is told otherwise."""
_OVER: Final = (ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY)


class NotShown(AssertionError):
    """What was looked for, or waited for, is not on the page."""


class Line:
    """The line of one tab and what came over it. `errors` are what its browser would have said: deltas out of place, and errors that
    the page shows.
    """

    def __init__(self, base: str, headers: Mapping[str, str] = {}, longest: float = LONGEST) -> None:
        self.base, self.headers, self.longest = base, dict(headers), longest
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
        self.http = httpx.AsyncClient(base_url=base, headers=self.headers, timeout=longest, follow_redirects=True)

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
            open_timeout=self.longest,
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

    def _waiting(self) -> str:
        asked, run = [part or "the whole page" for part in self._asked], list(self._fragments) or "the whole page"
        return f"asked for {asked}, the last run {self._run} was of {run}, link {self.query!r}"

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
            there = set(widgets(self.tree))
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

    async def _until(self, so: Callable[[], object], what: str) -> None:
        until = time.monotonic() + self.longest
        async with self._news:
            while not so():
                left = until - time.monotonic()
                if self._hearing and self._hearing.done():
                    self._hearing.result()
                if left <= 0 or not self._hearing or self._hearing.done():
                    raise NotShown(f"{what} did not come on {self.path}: {self._waiting()}")
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._news.wait(), left)


def widgets(tree: Tree) -> Iterator[str]:
    """The ids of all that can be pressed or filled in."""
    for element in tree.elements():
        if id := getattr(element.widget, "id", ""):
            yield id
    yield from (part.proto.id for kind in ("dialog", "popover", "expandable", "tab_container") for part in tree.parts(kind))
