"""How far a command is, at a terminal."""

import sys

from core import interrupts


def progress(share: float, phase: str) -> None:
    """Says how far it is. Raises KeyboardInterrupt when Ctrl-C was heard."""
    interrupts.check()
    show(phase, share)


def show(what: str, share: float) -> None:
    """Says how far it is."""
    if sys.stderr.isatty():
        print(f"\r{what} {share:4.0%} ", end="\n" if share >= 1 else "", file=sys.stderr, flush=True)


def remark(text: str) -> None:
    """Says a sentence below how far it is; what a command prints as its answer stays by itself."""
    print(f"\n{text}" if sys.stderr.isatty() else text, file=sys.stderr, flush=True)
