"""The command `slanb sample`: the sample company's files."""

import argparse
from pathlib import Path

from slanb import __version__
from slanb.cli.shared import progress
from slanb.errors import SlanbError, short

SAMPLE = "outputs/sample-data"


def add_sample(commands: argparse._SubParsersAction) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "sample", help="write the sample company's files", description=_sample.__doc__
    )
    parser.set_defaults(command=_sample)
    parser.add_argument("--to", default=SAMPLE, metavar="FOLDER", help="where (%(default)s)")


def _sample(arguments: argparse.Namespace) -> None:
    """Write the files of a sample company with known truth; the same bytes each time."""
    from slanb.run import nearest
    from slanb.simulate import Company, simulate, write_files

    folder = nearest(Path(arguments.to).parent) / Path(arguments.to).name
    note = folder / "made-by-slanb.txt"
    company = Company()
    progress("drawing the sample company")
    theirs = arguments.to != SAMPLE and folder.is_dir() and not note.is_file() and any(folder.iterdir())
    if theirs:
        raise SlanbError(
            f"{short(folder)}: holds files that slanb did not make. Choose another folder with --to."
        )
    write_files(simulate(company), folder)
    note.write_text(f"slanb {__version__}\n{company}\n", encoding="utf-8")
    print(short(folder))
