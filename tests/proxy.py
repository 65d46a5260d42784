"""nginx as `deploy/nginx.conf` sets it up, before desks of this machine, with a certificate of its own."""

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.postgres_server import free_port

ROOT = Path(__file__).parents[1]
NAME = "desk.example"
MAIN = """{user}
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""
_DESK = "server 127.0.0.1:8501 "


@dataclass(frozen=True)
class Proxy:
    """Where nginx listens: `port` speaks TLS, `plain` does not."""

    port: int
    plain: int

    @property
    def base(self) -> str:
        return f"https://{NAME}:{self.port}"


def nginx() -> str | None:
    """The program; None where it is not installed."""
    return shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def chosen() -> Proxy:
    """Two ports that are free."""
    return Proxy(free_port(), free_port())


@contextlib.contextmanager
def proxying(proxy: Proxy, desks: Sequence[int], folder: Path) -> Iterator[None]:
    """nginx before the desks on these ports, until the block ends."""
    program = nginx()
    assert program
    _certificate(folder)
    _site(folder, proxy, desks)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(MAIN.format(folder=folder, user=user))
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    with subprocess.Popen([*command, "-g", "daemon off;"]) as process:
        try:
            _listens(proxy.port, process, folder)
            yield
        finally:
            process.terminate()


def _site(folder: Path, proxy: Proxy, desks: Sequence[int]) -> None:
    """The documented configuration with other ports, files and desks for those that it names."""
    text = (ROOT / "deploy/nginx.conf").read_text(encoding="utf-8")
    [line] = [line for line in text.splitlines() if _DESK in line]
    for said, here in (
        (line, "\n".join(line.replace("127.0.0.1:8501", f"127.0.0.1:{port}") for port in desks)),
        ("listen 80", f"listen 127.0.0.1:{proxy.plain}"),
        ("listen 443", f"listen 127.0.0.1:{proxy.port}"),
        ("https://desk.example$request_uri", f"https://desk.example:{proxy.port}$request_uri"),
        ("/var/log/nginx/", f"{folder}/"),
        ("/etc/ssl/certs/desk.example.pem", f"{folder}/desk.pem"),
        ("/etc/ssl/private/desk.example.key", f"{folder}/desk.key"),
    ):
        assert said in text
        text = text.replace(said, here)
    (folder / "site.conf").write_text(text)


def _certificate(folder: Path) -> None:
    """One that the desk signs for itself, good for a day."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(x509.random_serial_number()).not_valid_before(now).not_valid_after(now + timedelta(days=1))
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName(NAME)]), False).sign(key, hashes.SHA256())
    (folder / "desk.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    form = serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    (folder / "desk.key").write_bytes(key.private_bytes(serialization.Encoding.PEM, *form))


def _listens(port: int, process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Waits until nginx takes connections."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            return socket.create_connection(("127.0.0.1", port)).close()
        time.sleep(0.05)
    raise AssertionError(f"nginx did not start:\n{(folder / 'error.log').read_text()}")
