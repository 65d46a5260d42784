"""Files of our own beside the pages: of the right type, asked for anew, and the published ones where they are not ours."""

import json
from hashlib import sha256

import httpx
import pytest

from core.web.own_files import FOLDER

SETTINGS: dict[str, str] = {}
PUBLISHED = {
    "zxing/reader.js": "ffd72d59d54082194f7c086b384dcd930bdeb0c5b39fbb13779694e69bb0d344",
    "zxing/zxing_reader.wasm": "5003fb4b88c4fbd1fd518a2fd8c8ad365c519e183a08c03a322dddfea3cea84e",
}
"""The files of zxing-wasm 3.1.6 by their SHA-256."""


@pytest.mark.parametrize(
    ("name", "type_"),
    [
        ("reading.js", "javascript"),
        ("zxing/zxing_reader.wasm", "application/wasm"),
        ("manifest.webmanifest", "application/manifest+json"),
        ("icon-192.png", "image/png"),
        ("icon.svg", "image/svg+xml"),
    ],
)
def test_a_file_comes_with_its_type_and_is_asked_for_anew(server: str, name: str, type_: str) -> None:
    answer = httpx.get(f"{server}/own/{name}")
    assert answer.status_code == 200 and type_ in answer.headers["content-type"]
    assert answer.headers["cache-control"] == "no-cache"
    again = httpx.get(f"{server}/own/{name}", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["own/nothing.js", "own/", "own", "own/%2e%2e/headers.py", "own/zxing"])
def test_there_is_nothing_else(server: str, path: str) -> None:
    answer = httpx.get(f"{server}/{path}")
    assert answer.status_code in (303, 307, 400, 404) and "def " not in answer.text


@pytest.mark.parametrize("name", PUBLISHED)
def test_the_reader_of_barcodes_is_the_published_one(name: str) -> None:
    assert sha256((FOLDER / name).read_bytes()).hexdigest() == PUBLISHED[name]


def test_the_manifest_names_files_that_are_there() -> None:
    manifest = json.loads((FOLDER / "manifest.webmanifest").read_text(encoding="utf-8"))
    assert [icon["src"] for icon in manifest["icons"] if not (FOLDER / icon["src"]).is_file()] == []
    assert {icon["sizes"] for icon in manifest["icons"]} >= {"192x192", "512x512"}


def test_a_page_may_use_the_camera_and_no_other_sites_page_may(server: str) -> None:
    said = httpx.get(f"{server}/register").headers
    assert "camera=(self)" in said["permissions-policy"] and "microphone=()" in said["permissions-policy"]
    assert "'wasm-unsafe-eval'" in said["content-security-policy"]
