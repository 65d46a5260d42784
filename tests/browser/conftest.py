"""A real server and a real browser for the tests in this folder."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests.browser import newer_firefox

ROOT = Path(__file__).parents[2]
Serve = Callable[..., str]
FAILED = pytest.StashKey[bool]()

expect.set_options(timeout=20_000)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """After a failure all that the file has made goes too: another try, and the next test, begin with a shop of their own."""
    file = item.getparent(pytest.Module)
    if item.stash.get(FAILED, False) and file:
        item.stash[FAILED] = False
        item.session._setupstate.teardown_exact(file.parent)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """`serve(script, env)` starts the script on a free loopback port, once for the file, and gives its address."""
    running: dict[tuple[object, ...], tuple[str, subprocess.Popen[bytes]]] = {}

    def start(script: Path | str, env: dict[str, str] | None = None) -> str:
        wanted = (str(script), *sorted((env or {}).items()))
        if wanted not in running:
            log = tmp_path_factory.mktemp("server") / "log"
            running[wanted] = start_server(ROOT / script, env or {}, log)
        return running[wanted][0]

    yield start
    for _, process in running.values():
        process.terminate()
    for _, process in running.values():
        process.wait(timeout=20)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        pytest.skip("no Chromium on this machine")
    browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu", "--process-per-site"])
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def firefox(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Firefox as people have it, spoken to by WebDriver BiDi: what Playwright brings as Firefox is one of its own."""
    found = os.environ.get("FIREFOX") or shutil.which("firefox-esr") or shutil.which("firefox")
    if not found:
        pytest.skip("no Firefox on this machine")
    browser = playwright.firefox.launch(
        channel="moz-firefox", executable_path=newer_firefox.starter(tmp_path_factory.mktemp("firefox"), found)
    )
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser for all tests: what it has loaded once it need not load again, which is most of a short test."""
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme="light", locale="en-GB")
    context.set_default_timeout(20_000)
    yield kept_warm(context)
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A fresh light page of 1440 x 900; other windows and themes: `page.set_viewport_size`, `page.emulate_media`."""
    page = context.new_page()
    yield page
    page.evaluate("() => location.protocol.startsWith('http') && localStorage.clear()")
    page.close()
    context.clear_permissions()


def kept_warm(context: BrowserContext) -> BrowserContext:
    """The context with an empty page of our host that stays open: later pages are drawn by its process, which has compiled all already."""
    page = context.new_page()
    page.route("**/*", lambda route: route.fulfill(content_type="text/html", body=""))
    page.goto("http://127.0.0.1:9/")
    return context


def start_server(
    script: Path, env: dict[str, str], log: Path, port: int = 0, module: Sequence[str] = ("streamlit",)
) -> tuple[str, subprocess.Popen[bytes]]:
    """The address of a Streamlit server of its own, and its process; fails the test when it does not start."""
    port = port or free_port()
    command = [sys.executable, "-m", *module, "run", str(script)]
    options = [f"--server.port={port}", "--server.address=127.0.0.1", "--server.headless=true"]
    with log.open("wb") as out:
        process = subprocess.Popen(
            command + options,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT), "SHIPDESK_SANDBOX": "off"} | env,  # parcels stand still unless asked for
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    base = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while not _healthy(base):
        if process.poll() is not None or time.monotonic() > deadline:
            process.kill()
            process.wait()
            pytest.fail(f"{script.name} did not start:\n{log.read_text(errors='replace')[-4000:]}")
        time.sleep(0.1)
    return base, process


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _healthy(base: str) -> bool:
    try:
        with urlopen(f"{base}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
