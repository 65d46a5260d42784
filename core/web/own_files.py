"""GET /own/...: files of our own that a page asks for beside itself: the reader of barcodes, and what makes the desk an app on a phone."""

import mimetypes
from pathlib import Path
from typing import Final

from starlette.responses import Response
from starlette.staticfiles import StaticFiles

PATH: Final = "/own"
FOLDER: Final = Path(__file__).with_name("own")
_TYPES: Final = {".wasm": "application/wasm", ".webmanifest": "application/manifest+json"}
"""What a machine's own table may lack: a browser compiles nothing of another type."""


class OwnFiles(StaticFiles):
    """The files of the folder, which nothing personal is in; a browser asks each time whether the one it has is still the right one."""

    def __init__(self) -> None:
        super().__init__(directory=FOLDER)

    def file_response(self, *args: object, **kwargs: object) -> Response:
        answer = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        answer.headers["cache-control"] = "no-cache"
        return answer


for ending, type_ in _TYPES.items():
    mimetypes.add_type(type_, ending)
