"""The edge of the whole desk, tried over sockets: what foreign pages, hosts and programs get, and what every answer carries."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import httpx
import pytest
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME
from websockets.exceptions import InvalidStatus
from websockets.sync.client import ClientConnection, connect

from core.web.edge import STREAM
from core.web.headers import FILE_POLICY, PAGE_POLICY
from tests.signing_in import ADMIN, COOKIE_SECRET, STAFF, STRANGER, VIEWER, a_cookie

SETTINGS = {
    "SHIPDESK_HOSTS": "desk.example, shop.example:8443",
    "SHIPDESK_SESSIONS": "3",
    "SHIPDESK_SANDBOX_SECRET": "let-me",
    "SHIPDESK_STAFF": STAFF,
    "SHIPDESK_VIEWERS": VIEWER,
}
LOOKED_AT = [
    "/",
    "/shipments",
    "/healthz",
    "/metrics",
    "/_stcore/health",
    "/_stcore/host-config",
    "/sandbox/faults",
    "/favicon.png",
]
CHANGED = [
    ("POST", "/webhooks/dhl"),
    ("POST", "/sandbox/faults"),
    ("POST", "/sandbox/dhl/track"),
    ("PUT", "/_stcore/upload_file/session/file"),
    ("DELETE", "/_stcore/upload_file/session/file"),
    ("OPTIONS", "/_stcore/upload_file/session/file"),
    ("POST", "/_stcore/agent/interact"),
    ("POST", "/shipments"),
    ("POST", "/list"),
    ("GET", "/media/0123456789abcdef.csv"),
    ("GET", "/component/some/index.html"),
    ("GET", "/_stcore/bidi-components/some/index.js"),
    ("GET", "/auth/logout"),
]


def asked(server: str, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    return httpx.request(method, f"{server}{path}", headers={name.replace("_", "-"): said for name, said in headers.items()})


def raw(server: str, request: bytes) -> bytes:
    """What comes back for these bytes until the server closes."""
    where = urlsplit(server)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=20) as line:
        line.sendall(request)
        return b"".join(iter(lambda: line.recv(65_536), b""))


@contextmanager
def window(server: str, host: str = "", **headers: str) -> Iterator[ClientConnection]:
    """A websocket as a page of this origin opens it at this host; raises InvalidStatus when it is turned away."""
    where = urlsplit(server)
    line = socket.create_connection((where.hostname or "", where.port or 0))
    uri = f"ws://{host or where.netloc}{STREAM}"
    origin = headers.pop("Origin", None)
    named = {name.replace("_", "-"): said for name, said in headers.items()}
    with connect(uri, sock=line, origin=origin, additional_headers=named, subprotocols=["streamlit"]) as opened:  # type: ignore[arg-type,list-item]
        yield opened


def is_open(server: str, host: str = "", **headers: str) -> bool:
    try:
        with window(server, host, **headers):
            return True
    except InvalidStatus as refused:
        assert refused.response.status_code == 403
        return False


@pytest.mark.parametrize("path", [*LOOKED_AT, "/nothing", "/_stcore/nothing"])
def test_a_foreign_name_gets_nothing(server: str, path: str) -> None:
    answer = asked(server, path, Host="evil.example")
    assert (answer.status_code, "evil.example" in answer.text) == (403, True)
    assert asked(server, path, Host="evil.example", X_Forwarded_Host="localhost").status_code == 403
    assert asked(server, path, Host="desk.example").status_code != 403
    assert asked(server, path, X_Forwarded_Host="evil.example").status_code != 403


@pytest.mark.parametrize("path", LOOKED_AT)
def test_another_sites_page_gets_nothing(server: str, path: str) -> None:
    assert asked(server, path, Origin="http://evil.example").status_code == 403
    assert asked(server, path, Origin="null").status_code == 403
    assert asked(server, path, Origin="http://localhost:9999").status_code != 403


@pytest.mark.parametrize(("method", "path"), CHANGED)
def test_nothing_is_changed_or_fetched_from_another_port(server: str, method: str, path: str) -> None:
    for origin in ("http://localhost:9999", "http://127.0.0.1", "http://evil.example", "null"):
        assert asked(server, path, method, Origin=origin).status_code == 403
    for site in ("same-site", "cross-site"):
        assert asked(server, path, method, Sec_Fetch_Site=site).status_code == 403
    refused = {asked(server, path, method, Sec_Fetch_Site=site).text for site in ("same-site", "cross-site")}
    assert asked(server, path, method, Origin=server, Sec_Fetch_Site="same-origin").text not in refused
    assert asked(server, path, method).text not in refused


def test_a_window_is_opened_by_the_desks_own_page_only(server: str) -> None:
    assert is_open(server, Origin=server)
    assert is_open(server, "desk.example", Origin="http://desk.example")
    assert is_open(server, "shop.example:8443", Origin="https://shop.example:8443")
    for host, origin in (
        ("evil.example", "http://evil.example"),
        ("evil.example:8501", "http://evil.example:8501"),
        ("localhost", "http://localhost:9999"),
        ("desk.example", "http://evil.example"),
        ("desk.example", "https://desk.example:8443"),
        ("shop.example", "https://shop.example"),
        ("desk.example", "null"),
    ):
        assert not is_open(server, host, Origin=origin)
    assert not is_open(server, Origin=server, Sec_Fetch_Site="cross-site")


@pytest.mark.parametrize(
    ("request_line", "hosts", "status"),
    [
        ("GET /healthz HTTP/1.1", ["localhost"], 200),
        ("GET /healthz HTTP/1.1", ["LOCALHOST."], 200),
        ("GET /healthz HTTP/1.1", ["[::1]:8501"], 200),
        ("GET /healthz HTTP/1.1", [], 400),
        ("GET /healthz HTTP/1.0", [], 403),
        ("GET /healthz HTTP/1.1", ["localhost", "evil.example"], 400),
        ("GET /healthz HTTP/1.1", [""], 403),
        ("GET /healthz HTTP/1.1", ["xn--lcalhost-9ya"], 403),
        ("GET /healthz HTTP/1.1", ["localhost:99999"], 403),
        ("GET /healthz HTTP/1.1", ["a" * 60_000], 403),
        ("GET http://evil.example/healthz HTTP/1.1", ["localhost"], 400),
        ("GET http://localhost/healthz HTTP/1.1", ["localhost"], 400),
        ("CONNECT evil.example:443 HTTP/1.1", ["localhost"], 400),
        ("OPTIONS * HTTP/1.1", ["localhost"], 400),
        ("GET //evil.example/ HTTP/1.1", ["localhost"], 400),
        ("GET /%2F%2Fevil.example/ HTTP/1.1", ["localhost"], 400),
        ("GET /register/../x HTTP/1.1", ["localhost"], 400),
        ("GET /register/%2e%2e/x HTTP/1.1", ["localhost"], 400),
        ("GET /shipments%00 HTTP/1.1", ["localhost"], 400),
        ("GET /\x01 HTTP/1.1", ["localhost"], 400),
        ("NONSENSE", ["localhost"], 400),
    ],
)
def test_an_odd_request_ends_in_a_sentence(server: str, request_line: str, hosts: list[str], status: int) -> None:
    lines = [request_line, *(f"Host: {host}" for host in hosts), "Connection: close", "", ""]
    head, _, body = raw(server, "\r\n".join(lines).encode("latin-1")).partition(b"\r\n\r\n")
    assert head.split()[1] == str(status).encode()
    assert b"x-content-type-options: nosniff" in head.lower()
    assert status == 200 or body.endswith((b".", b'."}'))


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((path, 200) for path in ("/shipments", "/healthz", "/metrics", "/_stcore/health", "/favicon.png")),
        ("/", 307),
        ("/nothing", 307),
        ("/auth/logout", 302),
        *((path, 404) for path in ("/healthz/x", "/metrics/", "/webhooks", "/webhooks/dhl/x", "/sandbox", "/sandbox/x")),
        *((path, 404) for path in ("/_stcore/nothing", "/nothing/_stcore/x", "/static/nothing.js", "/media/nothing")),
    ],
)
def test_every_answer_carries_what_a_browser_may_do_with_it(server: str, path: str, status: int) -> None:
    answer = asked(server, path)
    assert answer.status_code == status
    assert answer.headers["content-security-policy"] == (FILE_POLICY if path.startswith("/media/") else PAGE_POLICY)
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in answer.headers
    assert status < 400 or "<html" not in answer.text


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO"])
@pytest.mark.parametrize("path", ["/", "/shipments", "/nothing", "/healthz", "/_stcore/nothing"])
def test_a_page_is_only_looked_at(server: str, method: str, path: str) -> None:
    answer = asked(server, path, method)
    assert answer.status_code == 405
    assert "x-frame-options" in answer.headers and answer.text.rstrip('"}').endswith(".")


def test_what_came_encrypted_stays_so(server: str) -> None:
    told = asked(server, "/_stcore/health", X_Forwarded_Proto="https", Host="desk.example")
    assert told.headers["strict-transport-security"]
    assert all("Secure" in cookie for cookie in told.headers.get_list("set-cookie")) and told.headers.get_list("set-cookie")
    assert not is_open(server, "desk.example", Origin="http://desk.example", X_Forwarded_Proto="https")
    assert is_open(server, "desk.example", Origin="https://desk.example", X_Forwarded_Proto="https")


def test_a_person_has_only_so_many_windows_and_is_told_so(server: str) -> None:
    with ExitStack() as opened:
        for _ in range(3):
            opened.enter_context(window(server, Origin=server))
        with pytest.raises(InvalidStatus) as refused, window(server, Origin=server):
            pass
        assert refused.value.response.status_code == 429 and b"3 windows" in refused.value.response.body
        for path in ("/_stcore/host-config", "/shipments/_stcore/health", "/shipments/_stcore/host-config"):
            told = asked(server, path)
            assert told.status_code == 429 and "3 windows" in told.json()
        assert asked(server, "/_stcore/health").status_code == asked(server, "/shipments").status_code == 200
        with window(server, Origin=server, X_Forwarded_For="192.0.2.7"):
            pass


@pytest.mark.parametrize("path", ["/healthz", "/", "/_stcore/stream/", "/_stcore/other"])
def test_there_is_one_websocket(server: str, path: str) -> None:
    where = urlsplit(server)
    with pytest.raises(InvalidStatus) as refused, connect(f"ws://{where.netloc}{path}", origin=server):  # type: ignore[arg-type]
        pass
    assert refused.value.response.status_code == 404
    assert refused.value.response.headers["x-content-type-options"] == "nosniff"


def test_who_is_signed_in_is_counted_wherever_the_windows_are(server: str) -> None:
    def cookie(subject: str) -> str:
        signed = create_signed_value(COOKIE_SECRET, USER_COOKIE_NAME, json.dumps({"iss": "https://id.example", "sub": subject}))
        return f"{USER_COOKIE_NAME}={signed.decode()}"

    with ExitStack() as opened:
        for last in (1, 2, 3):
            opened.enter_context(window(server, Origin=server, X_Forwarded_For=f"192.0.2.{last}", Cookie=cookie("hana")))
        with pytest.raises(InvalidStatus), window(server, Origin=server, X_Forwarded_For="192.0.2.9", Cookie=cookie("hana")):
            pass
        with window(server, Origin=server, X_Forwarded_For="192.0.2.1", Cookie=cookie("mina")):
            pass


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_a_file_is_taken_from_who_may_send_one(server: str, method: str) -> None:
    own = asked(server, "/_stcore/health").cookies["_streamlit_xsrf"]

    def status(email: str = "", **said: str) -> int:
        cookie = a_cookie(server, email, **said) if email else {"name": "nobody", "value": ""}
        cookies = f"_streamlit_xsrf={own}; {cookie['name']}={cookie['value']}"
        path = "/_stcore/upload_file/no-window/file"
        return asked(server, path, method, Origin=server, X_Xsrftoken=own, Cookie=cookies).status_code

    assert [status(), status(STRANGER), status(VIEWER), status(ADMIN, secret="x" * 64)] == [403] * 4
    assert [status(STAFF), status(ADMIN)] == [400 if method == "PUT" else 204] * 2


def test_a_closed_window_makes_room(server: str) -> None:
    for _ in range(8):
        with window(server, Origin=server, X_Forwarded_For="192.0.2.8"):
            pass


@pytest.mark.parametrize("authorization", ["", "let-me", "Bearer", "Bearer let", "Bearer let-me", "Basic let-me", "Bearer é"])
def test_the_sandbox_is_switched_by_who_knows_the_secret(server: str, authorization: str) -> None:
    body = b'{"service": "seventeen_track", "fault": "slow"}'
    switch = f"{server}/sandbox/faults"
    headers = {"Authorization": authorization.encode()}
    answer = httpx.post(switch, content=body, headers=headers)
    assert answer.status_code == (200 if authorization.strip() == "Bearer let-me" else 401)


def test_a_caller_from_elsewhere_finds_no_sandbox(server: str) -> None:
    assert asked(server, "/sandbox/faults").status_code == 200
    assert asked(server, "/sandbox/faults", X_Forwarded_For="192.0.2.7").status_code == 404
    assert asked(server, "/sandbox/faults", X_Forwarded_For="127.0.0.1, 192.0.2.7").status_code == 404


@pytest.mark.parametrize("path", ["/sandbox/faults", "/sandbox/seventeen_track/track", "/webhooks/seventeen_track"])
@pytest.mark.parametrize("told", [True, False])
def test_a_body_is_bounded_before_it_is_read(server: str, path: str, told: bool) -> None:
    chunk, chunks = b" " * 65_536, 400
    length = f"Content-Length: {len(chunk) * chunks}" if told else "Transfer-Encoding: chunked"
    where = urlsplit(server)
    with socket.create_connection((where.hostname or "", where.port or 0), timeout=20) as line:
        head = [f"POST {path} HTTP/1.1", "Host: localhost", "Authorization: Bearer let-me", length, "", ""]
        line.sendall("\r\n".join(head).encode())
        if not told:
            for _ in range(20):
                line.sendall(b"10000\r\n" + chunk + b"\r\n")
        answer = line.recv(65_536)
    assert answer.split()[1] == b"413"
