"""The command `slanb forget`: a person taken out of what slanb keeps."""

import argparse
from pathlib import Path

from slanb.cli.shared import OUTPUTS, SOURCE
from slanb.errors import SlanbError, short


def add_forget(commands: argparse._SubParsersAction) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "forget", help="remove persons from all that slanb keeps", description=_forget.__doc__
    )
    parser.set_defaults(command=_forget)
    parser.add_argument("ids", nargs="*", metavar="ID", help="the lead's id, as the CRM has it")
    parser.add_argument("--list", metavar="FILE", help="the ids of several, one a line")
    parser.add_argument("--source", default=SOURCE, metavar="FILE", help="the records' mapping (%(default)s)")
    parser.add_argument(
        "--outputs", default=OUTPUTS, metavar="FOLDER", help="where reports are (%(default)s)"
    )


def _forget(arguments: argparse.Namespace) -> None:
    """Remove leads from snapshots, kept answers and reports; how much, not who, is noted in a log."""
    from slanb.run import nearest
    from slanb.run.forget import LOG, forget
    from slanb.terms import find_file

    ids = [*arguments.ids, *(_listed(arguments.list) if arguments.list else ())]
    if not ids:
        raise SlanbError("nobody is named: give ids, or a file of them with --list.")
    outputs = nearest(arguments.outputs)
    removed = forget(ids, source=find_file(arguments.source), outputs=outputs)
    told = {
        "leads": "{} leads",
        "activities": "{} activities",
        "assignments": "{} changes of owner",
        "deals": "the lead of {} deals",
        "answers": "{} kept answers",
        "places": "{} places in files",
    }
    print("Removed: " + ", ".join(text.format(removed.get(key, 0)) for key, text in told.items()) + ".")
    print(f"Noted, without names, in {short(outputs / LOG)}.")
    print("The CRM's exports are left as they are: take them out there, too, or they are imported again.")


def _listed(file: str) -> list[str]:
    try:
        lines = Path(file).read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeError) as error:
        raise SlanbError(f"{file}: cannot be read ({error}).") from None
    return [line.strip() for line in lines if line.strip()]
