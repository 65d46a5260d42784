"""A camera's picture for Chromium's fake one: what is held before it, as a YUV4MPEG2 file."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from core.domain import code128

WIDE, HIGH = 640, 360
FRAMES_A_SECOND: Final = 5
_GRAY: Final = bytes([128]) * (WIDE * HIGH // 2)
"""Both colour planes of a frame without colour."""


def label(text: str, module: int = 3) -> Image.Image:
    """A label with the text as bars."""
    bars = code128.widths(text) or ""
    total = (sum(map(int, bars)) + 20) * module
    picture = np.full((140, total), 255, np.uint8)
    at = 10 * module
    for place, width in enumerate(bars):
        if place % 2 == 0:
            picture[20:120, at : at + int(width) * module] = 0
        at += int(width) * module
    return Image.fromarray(picture)


def video(path: Path, held: Sequence[Image.Image], seconds: float = 2.0) -> Path:
    """A film in which each label is held before the camera for so long, with a bare table between; it begins again at its end."""
    frames = max(1, round(seconds * FRAMES_A_SECOND))
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDE} H{HIGH} F{FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n".encode())
        for picture in held:
            out.write(_frame(picture) * frames + _frame(None) * FRAMES_A_SECOND)
    return path


def _frame(picture: Image.Image | None) -> bytes:
    table = Image.new("L", (WIDE, HIGH), 170)
    if picture:
        seen = picture.convert("L")
        seen.thumbnail((WIDE - 20, HIGH - 20))
        table.paste(seen, ((WIDE - seen.width) // 2, (HIGH - seen.height) // 2))
    return b"FRAME\n" + table.tobytes() + _GRAY
