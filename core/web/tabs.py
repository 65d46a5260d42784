"""Keeps from a browser tab and from the server what does not belong to the page that the tab shows, by the rule of `core.domain.tabs`."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.domain.tabs import AskedRun, BrowserTab, ServerMessage

_NAMES_OF_A_NEW_TAB: Final = 2
"""Names that a new tab gives as the protocol's: Streamlit's own and the token; a third is the session that it had."""

_HELD_AT_MOST, _UNHEARD = 20.0, 1.0
"""Seconds without a word after which a press is passed on although the one before it is not done: while a run is under way, and while none
is, since the server says nothing of a press on what it no longer has."""


class Tabs:
    """Stands between every tab and the server. `asked` and `told` read the messages between the two."""

    def __init__(self, app: ASGIApp, asked: Callable[[bytes], AskedRun | None], told: Callable[[bytes], ServerMessage]) -> None:
        self.app, self._asked, self._told = app, asked, told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            return await self.app(scope, receive, send)
        again = len(scope.get("subprotocols", ())) > _NAMES_OF_A_NEW_TAB
        tab = BrowserTab(again=again)

        news = asyncio.Condition()

        async def held() -> None:
            async with news:
                with suppress(TimeoutError):
                    while not tab.may_press:
                        await asyncio.wait_for(news.wait(), _HELD_AT_MOST if tab.is_running else _UNHEARD)

        async def heard() -> Message:
            while True:
                message = await receive()
                asked = self._asked(message["bytes"]) if message.get("bytes") else None
                if asked and not asked.looks_again and not asked.back:
                    await held()
                if asked is None or tab.asks(asked):
                    return message

        async def told(message: Message) -> None:
            is_told = tab.is_told(self._told(message["bytes"]) if message.get("bytes") else ServerMessage())
            async with news:
                news.notify_all()
            if is_told:
                await send(message)

        return await self.app(scope, heard, told)
