"""The command `slanb run`: the report of a period."""

import argparse
import json
from collections.abc import Sequence
from itertools import zip_longest
from typing import Any

from slanb.cli.account import Account
from slanb.cli.shared import OUTPUTS, PERIOD_HELP, add_inputs, progress
from slanb.errors import SlanbError, is_text

DEPTH = 40  # of a what-if's lists and groups; no plan comes near
CODES = (
    "Ends with 0 where the report stands, 1 for a mistake in what was given, 2 for a wrong command, "
    "3 where no records are there yet, 4 where it failed, 130 when interrupted."
)
TOO_DEEP = f"is nested more than {DEPTH} levels deep. Give the plan's keys with their values."


def add_run(commands: argparse._SubParsersAction) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "run", help="make the report of a period", description=_run.__doc__, epilog=CODES
    )
    parser.set_defaults(command=_run)
    parser.add_argument("period", help=f"{PERIOD_HELP}; a range 2026-01..2026-10; or latest")
    add_inputs(parser)
    parser.add_argument("--outputs", default=OUTPUTS, metavar="FOLDER", help="where reports go (%(default)s)")
    parser.add_argument("--only", type=_names, metavar="01,02", help="run these notebooks alone")
    parser.add_argument(
        "--timeout", type=seconds, default=1800, metavar="SECONDS", help="for a cell (%(default)s)"
    )
    parser.add_argument(
        "--again", action="store_true", help="run even where the report stands and nothing has changed"
    )
    parser.add_argument(
        "--pdf",
        dest="paper",
        action="store_const",
        const="by country",
        help="print it too, on the paper of the agreement's country (needs slanb[pdf])",
    )
    parser.add_argument("--paper", choices=("A4", "Letter"), help="print it too, on this paper")
    parser.add_argument(
        "-p",
        "--parameter",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "VALUE"),
        help="a what-if: quota 600000, close_rate 0.12, ... (as JSON where it is no plain number or text)",
    )
    parser.add_argument("--scenario", metavar="NAME", help="with the values of params/scenarios/NAME.yml")
    parser.add_argument(
        "--json", action="store_true", help="print one line of JSON instead: how it went, and where"
    )
    parser.add_argument(
        "--notify", action="append", default=[], metavar="NAME", help="tell who params/notify.yml names so"
    )
    parser.add_argument("--log", metavar="FILE", help="append the same line to a file, however it went")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def seconds(text: str) -> float:
    """A number of seconds above 0, as argparse takes one."""
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return number


def _run(arguments: argparse.Namespace) -> None:
    """Make the report of a period, or of each period of a range, and print where it is."""
    with Account(arguments.period, arguments.log, arguments.json) as account:
        _reports(arguments, account)


def _reports(arguments: argparse.Namespace, account: Account) -> None:
    parameters = what_ifs(arguments.parameter)
    from slanb import run
    from slanb.kernels.warm import kept_warm
    from slanb.periods import label, parse_range
    from slanb.run.notify import channels
    from slanb.terms import load_terms

    account.channels = channels(arguments.agreement, arguments.notify)
    handed_on = ("as_of", "agreement", "source", "data", "outputs")
    handed_on += ("only", "scenario", "paper", "timeout", "again")
    given = {name: getattr(arguments, name) for name in handed_on}
    given |= {"parameters": parameters, "report": progress}
    inputs = arguments.agreement, arguments.source, arguments.data
    if arguments.period == "latest":
        with kept_warm():
            account.tell(run.run_latest(**given))
        return
    if ".." not in arguments.period:
        with kept_warm():
            account.tell(run.run(arguments.period, **given))
        return
    failures: list[str] = []
    code = 0
    with kept_warm(), run.pinning(*inputs):
        spans = parse_range(arguments.period, load_terms(arguments.agreement).agreement.years)
        names = [label(span) for span in spans]
        for name, upcoming in zip_longest(names, names[1:]):
            try:
                account.tell(run.run(name, upcoming=upcoming, **given))
            except SlanbError as error:
                failures += [f"{name}: {problem}" for problem in error.problems]
                code = max(code, error.code)
                progress(f"{name}: failed")
    if failures:
        together = SlanbError(failures)
        together.code = code
        raise together


def what_ifs(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What-ifs as given on the command line.

    >>> what_ifs([("quota", "6e5"), ("tiers", '{"A": {"close_rate": 0.1}}'), ("note", "so be it")])
    {'quota': 600000.0, 'tiers': {'A': {'close_rate': 0.1}}, 'note': 'so be it'}
    """
    values: dict[str, Any] = {}
    for name, text in pairs:
        if name in values:
            raise SlanbError(f"parameter {name} is given twice; give it once.")
        try:
            values[name] = json.loads(text, parse_constant=str)
        except RecursionError:
            raise SlanbError(f"parameter {name} {TOO_DEEP}") from None
        except ValueError:
            values[name] = text
        if _depth(values[name]) > DEPTH:
            raise SlanbError(f"parameter {name} {TOO_DEEP}")
        if not is_text(json.dumps(values[name], ensure_ascii=False)):
            raise SlanbError(f"parameter {name} is {text!a}, which holds half a sign and is no text.")
    return values


def _depth(value: Any) -> int:
    """How deeply lists and groups are nested.

    >>> _depth(5), _depth({"A": [1, {}]})
    (0, 3)
    """
    depth, parts = 0, [value]
    while parts := [part for part in parts if isinstance(part, dict | list)]:
        depth += 1
        parts = [inner for part in parts for inner in (part.values() if isinstance(part, dict) else part)]
    return depth
