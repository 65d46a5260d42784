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
