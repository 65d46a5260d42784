"""Headers that every answer carries, whatever it is: what a browser may do with it."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path
from typing import Final

from starlette.datastructures import MutableHeaders

BEGIN: Final = Path(__file__).with_name("begin.js").read_text(encoding="utf-8")
"""The script that every page of ours begins with."""
_BEGIN: Final = f"'sha256-{b64encode(sha256(BEGIN.encode()).digest()).decode()}'"
_START_OF_FRAME: Final = "'sha256-THxz9J9+wf7rhwR2YkXJoSZ13UCmYyC+3lNDv2+8ugA='"
_COMMON: Final = "base-uri 'self'; form-action 'self'; frame-ancestors 'none'; object-src 'none'"
PAGE_POLICY: Final = (
    "default-src 'self'; "
    f"script-src 'self' blob: 'wasm-unsafe-eval' {_START_OF_FRAME} {_BEGIN}; "
    "style-src 'self' 'unsafe-inline'; "
    "img-src 'self' blob: data:; "
    "font-src 'self' data:; "
    "media-src 'self' blob: data:; "
    "connect-src 'self' blob: data:; "
    "worker-src 'self' blob:; "
    f"frame-src 'self' blob:; {_COMMON}"
)
"""What a page may load and run: our own server's files, and what they make. The frame of Streamlit's pages has one script of its
own in the text, and ours is another, both known by their digests; its styles are made while it runs, it counts in WebAssembly, and the scripts of our components
come as blobs.
"""
FILE_POLICY: Final = f"default-src 'none'; style-src 'unsafe-inline'; img-src data:; {_COMMON}"
"""Of files that people made or uploaded: opened by themselves, they run nothing."""
COMMON: Final = {
    "content-security-policy": PAGE_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(self), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
ENCRYPTED_ONLY: Final = "max-age=31536000"


def secure(headers: MutableHeaders, *, file: bool, encrypted: bool) -> None:
    """Puts them into an answer; cookies that came `encrypted` stay so."""
    headers.update(COMMON)
    if file:
        headers["content-security-policy"] = FILE_POLICY
    if encrypted:
        headers["strict-transport-security"] = ENCRYPTED_ONLY
        headers.raw[:] = [(name, _encrypted(value) if name == b"set-cookie" else value) for name, value in headers.raw]


def _encrypted(cookie: bytes) -> bytes:
    return cookie if b"; secure" in cookie.lower() else cookie + b"; Secure"
