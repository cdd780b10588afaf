"""The command `slanb source`: exports looked at before they are imported."""

import argparse
import os
from pathlib import Path

from slanb.errors import SlanbError
from slanb.whole_files import write_whole


def add_source(commands: argparse._SubParsersAction) -> None:
    """Add `slanb source` to the commands."""
    source = commands.add_parser(
        "source", help="look at a CRM's exports", description="Look at a CRM's exports before an import."
    )
    actions = source.add_subparsers(title="what to do", required=True, metavar="ACTION")
    inspect = actions.add_parser(
        "inspect", help="say what files hold, and what has to be asked", description=_inspect.__doc__
    )
    inspect.set_defaults(command=_inspect)
    inspect.add_argument("folder", help="where the CRM's files are")
    inspect.add_argument("--preset", metavar="CRM", help="hubspot, salesforce or csv; else what fits best")
    inspect.add_argument("--write", metavar="FILE", help="write a starter mapping there; else it is printed")


def _inspect(arguments: argparse.Namespace) -> None:
    """Say which preset fits a folder, what each column is taken for, and what has to be asked."""
    from slanb.crm.inspection import inspect_folder

    inspection = inspect_folder(arguments.folder, arguments.preset)
    print(inspection.text)
    if arguments.write is None:
        print("\nA starter mapping (--write FILE puts it into a file):\n")
        print(inspection.starter, end="")
        return
    target = Path(arguments.write)
    folder = os.path.relpath(arguments.folder, target.parent).replace(os.sep, "/")
    try:
        write_whole(target, inspection.starting(folder), replace=False)
    except FileExistsError:
        raise SlanbError(f"{arguments.write}: exists already. Choose another name with --write.") from None
    print(f"\n{arguments.write}")
