"""The command `slanb`.

Results go to standard output, progress to standard error and only where a person watches. Exit codes: 0
done, 1 a mistake, said in words, 2 wrong use, 130 interrupted. Each command has a module; what is heavy is
imported by the command that needs it.
"""

import argparse
import sys
from collections.abc import Sequence

from slanb import __version__
from slanb.cli.adopt import add_adopt
from slanb.cli.agreement import add_agreement
from slanb.cli.check import add_check
from slanb.cli.figures import add_figures
from slanb.cli.run import add_run
from slanb.cli.sample import add_sample
from slanb.cli.source import add_source
from slanb.errors import SlanbError

COMMANDS = (add_run, add_check, add_adopt, add_figures, add_sample, add_agreement, add_source)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        code = arguments.command(arguments)
    except SlanbError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return code or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="slanb", description="The agreement between Sales and Marketing: computed, watched, revised."
    )
    parser.add_argument("--version", action="version", version=f"slanb {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for add in COMMANDS:
        add(commands)
    return parser
