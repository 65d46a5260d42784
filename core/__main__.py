"""The command line: python -m core import | register | handback | demo | begin | check-number | explain | refresh | figures | backup |
export | move | check | restore | forget.
"""

import argparse
import io
import json
import sys
from collections.abc import Sequence

from core import interrupts  # isort: skip
from core import config, languages
from core.carriers import rules as carrier_rules
from core.commands import orders
from core.commands.parser import parser
from core.commands.sentences import CommandText
from core.domain.errors import ShipdeskError
from core.domain.language import speak


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command. 0 when it did what was asked, 1 when it was refused, 2 for a wrong command line, 130 for Ctrl-C."""
    wanted = parser().parse_args(arguments)
    try:
        speak(languages.speech_of(languages.understood(config.languages())))
        settings = config.load()
        rules = carrier_rules.load().with_checks(settings.checks)
        code: int = wanted.run(wanted, settings, rules)
        return code
    except ShipdeskError as error:
        return _refused(wanted, str(error))
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        print(CommandText.INTERRUPTED("nothing" if wanted.run is orders.bring else "command"), file=sys.stderr)
        return interrupts.CODE


def _refused(wanted: argparse.Namespace, message: str) -> int:
    if wanted.refusal and wanted.json:
        print(json.dumps(wanted.refusal(message), ensure_ascii=False))
    else:
        print(message, file=sys.stderr)
    return 1


if __name__ == "__main__":
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a file may have a name that is no text
    interrupts.listen()
    sys.exit(main())
