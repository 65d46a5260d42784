"""Firefox as Playwright wants it, which is newer than Debian's: what this one does not know yet of WebDriver BiDi is answered as done.

Run in place of Firefox, with its arguments; `FIREFOX` names the real one. It passes messages on between Playwright and Firefox.
"""

import asyncio
import json
import os
import re
import sys
from pathlib import Path

from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import ServerConnection, serve

LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
NEWER = {"emulation.setMediaFeaturesOverride"}
"""Commands that may be answered so: a page is then light, as Firefox itself wants it."""


def starter(folder: Path, firefox: str) -> Path:
    """A file in the folder that can be run in place of this Firefox."""
    file = folder / "firefox"
    file.write_text(f'#!/bin/sh\nFIREFOX="{firefox}" exec "{sys.executable}" "{__file__}" "$@"\n', encoding="utf-8")
    file.chmod(0o755)
    return file


async def main() -> int:
    firefox = await asyncio.create_subprocess_exec(os.environ["FIREFOX"], *sys.argv[1:], stderr=asyncio.subprocess.PIPE)
    assert firefox.stderr
    while line := (await firefox.stderr.readline()).decode(errors="replace"):
        if listens := LISTENS.search(line):
            break
        sys.stderr.write(line)
    else:
        return await firefox.wait()
    asking: set[asyncio.Task[bytes]] = {asyncio.create_task(firefox.stderr.read())}

    async def joined(playwright: ServerConnection) -> None:
        assert playwright.request
        async with connect(listens[1] + playwright.request.path, max_size=None, compression=None) as browser:
            newer: set[int] = set()
            ways = {
                asyncio.create_task(_asked(playwright, browser, newer)),
                asyncio.create_task(_told(browser, playwright, newer)),
            }
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)

    async with serve(joined, "127.0.0.1", 0, max_size=None, compression=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        print(f"WebDriver BiDi listening on ws://127.0.0.1:{port}", file=sys.stderr, flush=True)
        ended = await firefox.wait()
    await asyncio.wait(asking)
    return ended


async def _asked(playwright: ServerConnection, browser: ClientConnection, newer: set[int]) -> None:
    async for message in playwright:
        command = json.loads(message)
        if command.get("method") in NEWER:
            newer.add(command["id"])
        await browser.send(message)


async def _told(browser: ClientConnection, playwright: ServerConnection, newer: set[int]) -> None:
    async for message in browser:
        answer = json.loads(message) if newer else {}
        if answer.get("id") in newer and answer.get("error") == "unknown command":
            newer.discard(answer["id"])
            message = json.dumps({"type": "success", "id": answer["id"], "result": {}})
        await playwright.send(message)


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
