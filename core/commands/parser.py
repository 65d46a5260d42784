"""How the commands are called: what each takes, and in which form."""

import argparse
from datetime import date, datetime
from pathlib import Path

from core.commands import keeping, orders, questions
from core.commands.sentences import CommandText
from core.domain.periods import NamedDays
from core.domain.servers import Server, names_server, server_of
from core.domain.texts import cleaned
from core.services import importing


def parser() -> argparse.ArgumentParser:
    """What reads a command line: `run` does what it asks, `refusal` makes what `--json` says where that is refused."""
    parser = argparse.ArgumentParser(
        prog="python -m core", description="Shipdesk's command line. SHIPDESK_DB names the database."
    )
    parser.set_defaults(refusal=None)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    bring = commands.add_parser(
        "import", help="import orders or shipments from a CSV, Excel or Parquet file of any known layout"
    )
    bring.add_argument("file", type=Path)
    bring.add_argument("--columns", type=Path, metavar="MAPPING.toml", help="how the file's columns become ours")
    bring.add_argument(
        "--layout", choices=sorted(importing.layouts()), help="whose orders they are, where the file is taken for others"
    )
    bring.add_argument("--country", type=cleaned, default="", metavar="CODE", help="where parcels go that say no country")
    bring.add_argument(
        "--password-stdin", action="store_true", help="read the password of a locked workbook from the standard input"
    )
    bring.add_argument("--dry-run", action="store_true", help="check everything, write nothing")
    bring.add_argument("--json", action="store_true")
    bring.set_defaults(run=orders.bring, refusal=orders.not_imported)

    register = commands.add_parser(
        "register", help="register the invoices of an Excel workbook (.xlsx), or of a shipping company's list of numbers"
    )
    register.add_argument("file", type=Path)
    register.add_argument(
        "--carrier", type=cleaned, default="", metavar="CODE", help="whose numbers a list is that does not say it"
    )
    register.add_argument("--dry-run", action="store_true", help="judge every row, write nothing")
    register.add_argument("--offline", action="store_true", help="judge the file alone, without the database; writes nothing")
    register.add_argument("--modify", action="store_true", help="also modify registered invoices")
    register.add_argument("--json", action="store_true")
    register.set_defaults(run=orders.register, refusal=orders.not_registered)

    back = commands.add_parser(
        "handback", help="write the file with numbers that a source was not handed yet, and count them as handed"
    )
    back.add_argument(
        "layout", choices=sorted(importing.layouts()), metavar="LAYOUT", help="the source, such as naver or coupang"
    )
    back.add_argument("--out", type=Path, metavar="FILE", help="where to; under its own name in this folder when left out")
    back.add_argument("--again", action="store_true", help="the file that was handed over last, once more")
    back.add_argument("--json", action="store_true")
    back.set_defaults(run=orders.hand_back, refusal=orders.not_handed_back)

    demo = commands.add_parser("demo", help="make the demo shop in an empty database")
    demo.add_argument("--shipments", type=_positive, default=None, metavar="N")
    demo.add_argument("--seed", type=int, default=1, metavar="S")
    demo.set_defaults(run=orders.demo)

    begin = commands.add_parser(
        "begin", help="begin with a shop of one's own: take the demo shop out, leave what people brought"
    )
    begin.set_defaults(run=keeping.begin)

    number = commands.add_parser("check-number", help="check an invoice number against a carrier's rules")
    number.add_argument("carrier", type=cleaned)
    number.add_argument("number", type=cleaned)
    number.add_argument("--json", action="store_true")
    number.set_defaults(run=questions.check_number)

    explain = commands.add_parser("explain", help="explain recorded answers of a tracking service, in the order they came")
    explain.add_argument("service", type=cleaned)
    explain.add_argument("files", type=Path, nargs="+", metavar="PAYLOAD.json")
    for name, what in (
        ("ordered", "the order came"),
        ("released", "the goods were released"),
        ("registered", "the number was registered"),
    ):
        explain.add_argument(f"--{name}-at", type=_moment, metavar="T", help=f"when {what}, such as 2026-11-10T09:00+09:00")
    explain.add_argument("--json", action="store_true")
    explain.set_defaults(run=questions.explain, refusal=questions.unexplained)

    refresh = commands.add_parser("refresh", help="ask tracking services about the numbers that are due")
    refresh.add_argument("--all", action="store_true", help="about every number that is watched, due or not")
    refresh.add_argument("--json", action="store_true")
    refresh.set_defaults(run=questions.refresh, refusal=questions.unanswered)

    figures = commands.add_parser("figures", help="every figure of a period, by order date")
    figures.add_argument("--from", dest="first", type=_day, metavar="D", help="first day, such as 2026-11-01")
    figures.add_argument("--to", dest="last", type=_day, metavar="D", help="last day, included")
    figures.add_argument("--period", type=NamedDays, choices=list(NamedDays), help="days by name, instead of --from and --to")
    figures.add_argument("--json", action="store_true")
    figures.set_defaults(run=questions.figures, wrong=figures.error)

    backup = commands.add_parser("backup", help="write a checked copy of the database, of a running desk too, into a new file")
    backup.add_argument("file", type=Path)
    backup.set_defaults(run=keeping.backup)

    export = commands.add_parser(
        "export", help="write a whole shop as text, every fact in one order, of a running desk too, into a new file"
    )
    export.add_argument("file", type=Path)
    export.set_defaults(run=keeping.export)

    move = commands.add_parser(
        "move", help="move a shop to another place, which must hold none; goes on where it was interrupted"
    )
    move.add_argument("source", type=_place, metavar="FROM")
    move.add_argument("target", type=_place, metavar="TO")
    move.set_defaults(run=keeping.move)

    look = commands.add_parser("check", help="tell whether a database file is whole, and what of it is good; changes nothing")
    look.add_argument("file", type=Path)
    look.add_argument("--json", action="store_true")
    look.set_defaults(run=keeping.check)

    restore = commands.add_parser("restore", help="put a backup in the place of the database, which is kept beside it")
    restore.add_argument("file", type=Path)
    restore.add_argument("--partly", action="store_true", help="take what is still good of a file that is not whole")
    restore.set_defaults(run=keeping.restore)

    forget = commands.add_parser("forget", help="forget who received: blank personal data everywhere, figures stay")
    forget.add_argument(
        "--order", action="append", type=cleaned, default=[], metavar="ORDER_NO", help="an order; may be repeated"
    )
    forget.add_argument("--older-than", type=_positive, metavar="DAYS", help="all that has been over for so many days")
    forget.set_defaults(run=keeping.forget, wrong=forget.error)
    return parser


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(str(CommandText.NO_DAY(text=text))) from None


def _moment(text: str) -> datetime:
    """A time with its zone or, without one, in the shop's."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(str(CommandText.NO_MOMENT(text=text))) from None


def _place(text: str) -> Path | Server:
    """Where a shop is: the path of its file, or the address of its database on a server."""
    if not names_server(text):
        return Path(text).absolute()
    found = server_of(text)
    if found is None:
        raise argparse.ArgumentTypeError(str(CommandText.NO_ADDRESS()))
    return found


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(str(CommandText.NO_NUMBER(text=text)))
    return int(text)
