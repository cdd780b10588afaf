"""The command `slanb`.

Results go to standard output, progress to standard error and only where a person watches. Exit codes: 0
done, or nothing to do; 1 a mistake in what was given, said in words; 2 wrong use; 3 no records yet; 4 failed,
though what was given is right; 130 interrupted; 141 nobody reads the output any more. Each command has a
module; what is heavy is imported by the command that needs it.
"""

import argparse
import os
import sys
from collections.abc import Sequence

import shtab

from slanb import __version__
from slanb.cli.adopt import add_adopt
from slanb.cli.agreement import add_agreement
from slanb.cli.check import add_check
from slanb.cli.figures import add_figures
from slanb.cli.forget import add_forget
from slanb.cli.project import add_project
from slanb.cli.run import add_run
from slanb.cli.sample import add_sample
from slanb.cli.source import add_source
from slanb.errors import Failed, SlanbError, is_text, of_system
from slanb.interrupts import Interrupts

COMMANDS = (
    *(add_project, add_run, add_check, add_adopt, add_forget),
    *(add_figures, add_sample, add_agreement, add_source),
)
DUCKDBS_MEMORY = "OutOfMemoryException"  # by name, as most commands need no DuckDB


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    given = sys.argv[1:] if argv is None else argv
    try:
        with Interrupts():
            _refuse_no_text(given)
            arguments = _parser().parse_args(given)
            code = arguments.command(arguments)
            sys.stdout.flush()
    except SlanbError as error:
        print(error, file=sys.stderr)
        return error.code
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except BrokenPipeError:  # as after `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    except OSError as error:
        print(of_system(error), file=sys.stderr)
        return Failed.code
    except Exception as error:
        if not isinstance(error, MemoryError) and type(error).__name__ != DUCKDBS_MEMORY:
            raise
        print("There is too little memory. Allow more, as by ulimit -v unlimited.", file=sys.stderr)
        return Failed.code
    return code or 0


def _refuse_no_text(given: Sequence[str]) -> None:
    """Refuse bytes that are no text, and half a sign: nothing can be written with them."""
    for argument in given:
        if not is_text(argument):
            raise SlanbError(f"{argument!a} is no text in UTF-8. Type it again.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="slanb", description="The agreement between Sales and Marketing: computed, watched, revised."
    )
    parser.add_argument("--version", action="version", version=f"slanb {__version__}")
    shtab.add_argument_to(parser, "--print-completion", help="print what lets a shell complete commands")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    for add in COMMANDS:
        add(commands)
    return parser
