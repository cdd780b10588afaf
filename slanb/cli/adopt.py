"""The command `slanb adopt`: proposed parameters taken over."""

import argparse

from slanb.cli.shared import OUTPUTS, add_agreement_file
from slanb.errors import short


def add_adopt(commands: argparse._SubParsersAction) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "adopt", help="take over proposed parameters for a period", description=_adopt.__doc__
    )
    parser.set_defaults(command=_adopt)
    parser.add_argument("period", help="the period they are for: 2026-11")
    parser.add_argument(
        "--outputs", default=OUTPUTS, metavar="FOLDER", help="where reports are (%(default)s)"
    )
    add_agreement_file(parser)
    parser.add_argument(
        "--scenario",
        nargs="?",
        const="",
        metavar="NAME",
        help="take over params/scenarios/NAME.yml instead; without a name, the one marked as proposed",
    )
    parser.add_argument("--replace", action="store_true", help="replace the period's file if there is one")


def _adopt(arguments: argparse.Namespace) -> None:
    """Take the parameters a report proposed over into the agreement's folder, and print what changes."""
    from slanb.run import nearest
    from slanb.terms.adoption import adopt

    adopted = adopt(
        arguments.period,
        arguments.agreement,
        outputs=nearest(arguments.outputs),
        scenario=arguments.scenario,
        replace=arguments.replace,
    )
    if adopted.place is None:
        print(
            f"{short(adopted.proposal)} proposes no value, so no file is made: the agreement's own values "
            f"hold in {arguments.period}."
        )
        return
    if adopted.changes is None:
        print(f"{short(adopted.place)} holds these values already.")
        return
    print(f"{short(adopted.place)} now holds what {short(adopted.proposal)} proposed.")
    for line in adopted.changes or ["No value changes."]:
        print(f"  {line}")
