"""The desk behind nginx as `deploy/nginx.conf` sets it up, with TLS: opened by its name in a browser, websocket and all."""

import os
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.conftest import ROOT, start_server
from tests.proxy import NAME, chosen, nginx, proxying
from tests.signing_in import ADMIN, a_cookie, sign_in_settings


@dataclass
class Proxied:
    """A desk and its proxy: `port` speaks TLS, `plain` does not."""

    port: int
    plain: int
    desk: subprocess.Popen[bytes]
    folder: Path

    @property
    def base(self) -> str:
        return f"https://{NAME}:{self.port}"

    def asked(self, path: str, host: str = "", method: str = "GET", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): said for name, said in headers.items()}
        where = f"https://127.0.0.1:{self.port}{path}"
        with httpx.Client(verify=False) as client:
            host = host or f"{NAME}:{self.port}"
            request = client.build_request(method, where, headers={"Host": host} | named)
            request.extensions["sni_hostname"] = host.partition(":")[0]
            return client.send(request)


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    if not nginx():
        pytest.skip("nginx is not installed on this machine")
    folder, proxy = tmp_path_factory.mktemp("proxy"), chosen()
    settings = {"SHIPDESK_DB": str(folder / "shipping.duckdb"), "SHIPDESK_DEMO_SHIPMENTS": "200", "SHIPDESK_HOSTS": NAME}
    settings |= sign_in_settings(folder, proxy.base)
    address, desk = start_server(ROOT / "app.py", settings | {"SHIPDESK_SANDBOX": "on"}, folder / "log")
    with proxying(proxy, [int(address.rpartition(":")[2])], folder):
        yield Proxied(proxy.port, proxy.plain, desk, folder)
    desk.terminate()
    desk.wait(timeout=20)


@pytest.fixture(scope="module")
def visitor(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that finds the desk under its name."""
    arguments = ["--no-sandbox", "--disable-gpu", f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    own = browser.browser_type.launch(executable_path=chromium, args=arguments)
    yield own.new_context(ignore_https_errors=True)
    own.close()


def test_a_page_is_opened_under_the_desks_name_and_answers(proxied: Proxied, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto(f"http://{NAME}:{proxied.plain}/shipments?tab=all")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    visitor.add_cookies([a_cookie(proxied.base, ADMIN)])
    page.reload()
    expect(page.locator("tbody tr").first).to_be_visible()
    assert page.url.startswith(f"{proxied.base}/shipments")
    page.locator('tbody [data-control="open"]').first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert all(cookie["secure"] for cookie in visitor.cookies())
    page.close()


def test_answers_are_as_safe_as_without_it(proxied: Proxied) -> None:
    answer = proxied.asked("/shipments")
    assert answer.headers["strict-transport-security"] and answer.headers["x-frame-options"] == "DENY"
    assert answer.headers.get_list("content-security-policy") == [answer.headers["content-security-policy"]]
    assert proxied.asked("/_stcore/host-config", Origin=proxied.base).status_code == 200
    assert proxied.asked("/media/x", Origin=f"https://{NAME}").status_code == 403
    assert proxied.asked("/media/x", Origin=f"http://{NAME}:{proxied.port}").status_code == 403
    assert proxied.asked("/_stcore/host-config", Origin="https://evil.example").status_code == 403


def test_a_foreign_name_gets_no_answer(proxied: Proxied) -> None:
    with pytest.raises(httpx.ConnectError):
        proxied.asked("/shipments", "evil.example")
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.get(f"http://127.0.0.1:{proxied.plain}/", headers={"Host": "evil.example"})
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with socket.create_connection(("127.0.0.1", proxied.port)) as line, pytest.raises(ssl.SSLError):
        context.wrap_socket(line)


@pytest.mark.parametrize("path", ["/sandbox/faults", "/sandbox/seventeen_track/track"])
def test_the_sandbox_is_not_reached_from_outside(proxied: Proxied, path: str) -> None:
    answer = proxied.asked(path, X_Forwarded_For="127.0.0.1", Forwarded="for=127.0.0.1")
    assert (answer.status_code, answer.text) == (404, "There is nothing here.\n")


def test_who_watches_this_machine_reads_how_things_stand(proxied: Proxied) -> None:
    assert proxied.asked("/metrics").status_code == proxied.asked("/healthz").status_code == 200


def test_its_logs_hold_no_search_and_no_secret(proxied: Proxied) -> None:
    proxied.asked("/shipments?q=Hana+Seo")
    proxied.asked("/webhooks/tracker_delivery?secret=in-the-address", method="POST")
    deadline = time.monotonic() + 20
    while "/webhooks/tracker_delivery" not in (told := (proxied.folder / "shipdesk.log").read_text()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert "/shipments" in told
    told += "".join(log.read_text() for log in proxied.folder.glob("*error.log"))
    assert "Hana" not in told and "in-the-address" not in told


def test_while_the_desk_is_away_a_sentence_says_so(proxied: Proxied) -> None:
    proxied.desk.terminate()
    proxied.desk.wait(timeout=20)
    answer = proxied.asked("/shipments?q=Hana+Seo")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "10")
    assert "Hana" not in "".join(log.read_text() for log in proxied.folder.glob("*error.log"))
    assert answer.text.startswith("The desk is being started") and "<html" not in answer.text
