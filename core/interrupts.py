"""Ctrl-C on the command line: heard from the first moment, also where the interpreter cannot raise it at once."""

import os
import signal
import sys
from typing import Any

CODE = 130
"""What shells know a command by that Ctrl-C ended."""

_heard = False


def check() -> None:
    """Raises KeyboardInterrupt when Ctrl-C was heard and got lost, as it does in a callback of a library."""
    if _heard:
        raise KeyboardInterrupt


def listen() -> None:
    """From now on Ctrl-C is raised where the command is."""
    signal.signal(signal.SIGINT, _raise)


def ignore() -> None:
    """From now on Ctrl-C is not heard: the command is ending."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _raise(*_: Any) -> None:
    global _heard
    _heard = True
    raise KeyboardInterrupt


def _leave(*_: Any) -> None:
    os.write(2, b"Interrupted: nothing was written.\n")
    os._exit(CODE)


if getattr(sys.modules["__main__"].__spec__, "name", "") == "core.__main__":
    signal.signal(signal.SIGINT, _leave)  # while the command loads what it needs
