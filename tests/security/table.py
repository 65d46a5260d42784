"""python -m tests.security.table: writes the table of attempts into SECURITY.md."""

from core.config import ROOT
from tests.security.attempts import EVERYBODY, ROUTES, SERVICES, STRANGER, Attempt

DOCUMENT = ROOT / "SECURITY.md"
BEGINS, ENDS = "<!-- attempts -->", "<!-- end of attempts -->"
_NOT_TRIED = "–"


def tries(attempt: Attempt) -> tuple[str, ...]:
    """Who tries it: a route is tried by somebody who is not signed in."""
    return EVERYBODY if attempt.way == "service" else (STRANGER,)


def table() -> str:
    """The attempts as a table: by act and way, who comes through."""
    lines = [f"| To | by | {' | '.join(EVERYBODY)} |", "|---|---|" + "---|" * len(EVERYBODY)]
    for attempt in (*SERVICES, *ROUTES):
        cells = [_cell(attempt, role) for role in EVERYBODY]
        lines.append(f"| {attempt.act} | {attempt.way} | {' | '.join(cells)} |")
    return "\n".join(lines)


def count() -> int:
    """How many attempts are made."""
    return sum(len(tries(attempt)) for attempt in (*SERVICES, *ROUTES))


def _cell(attempt: Attempt, role: str) -> str:
    if role not in tries(attempt):
        return _NOT_TRIED
    return "yes" if role in attempt.admits else "no"


def main() -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGINS)
    _, _, tail = rest.partition(ENDS)
    DOCUMENT.write_text(f"{head}{BEGINS}\n{table()}\n{ENDS}{tail}", encoding="utf-8")


if __name__ == "__main__":
    main()
