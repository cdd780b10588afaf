"""The commands `slanb init`, `slanb upgrade` and `slanb schedule`: a project of one's own."""

import argparse
import sys
from pathlib import Path

from slanb.errors import SlanbError

CRMS = ("hubspot", "salesforce", "csv")
COMPANY = {
    "currency": ("EUR", "of all money"),
    "language": ("de_DE", "of reports and of the first agreement"),
    "zone": ("Europe/Berlin", "the company's time zone"),
    "country": ("DE", "whose public holidays are free"),
    "year_begins": ("MONTH", "first month of the company's year, 1 to 12"),
}
SCHEDULES = ("cron", "systemd", "github", "gitlab", "airflow")


def add_project(commands: argparse._SubParsersAction) -> None:
    """Add the commands to the parser."""
    init = commands.add_parser("init", help="begin a project in an empty folder", description=_init.__doc__)
    init.set_defaults(command=_init)
    init.add_argument("folder", help="the project; made if need be")
    init.add_argument("--records", metavar="FOLDER", help="the CRM's exports, if they are at hand")
    init.add_argument("--crm", choices=CRMS, help="what fits the records best, if left out; csv is any other")
    for key, (example, what) in COMPANY.items():
        init.add_argument(f"--{key.replace('_', '-')}", metavar=example, help=what)
    init.add_argument(
        "--answers", metavar="FILE", help="answers for the first agreement (slanb agreement new --questions)"
    )

    upgrade = commands.add_parser(
        "upgrade", help="renew a project's notebooks after a newer slanb", description=_upgrade.__doc__
    )
    upgrade.set_defaults(command=_upgrade)
    upgrade.add_argument("folder", nargs="?", default=".", help="the project (this folder)")
    upgrade.add_argument(
        "--replace", action="append", default=[], metavar="FILE", help="take slanb's all the same"
    )

    schedule = commands.add_parser(
        "schedule", help="write a recipe by which a machine runs the project", description=_schedule.__doc__
    )
    schedule.set_defaults(command=_schedule)
    schedule.add_argument("kind", choices=SCHEDULES)
    schedule.add_argument("folder", nargs="?", default=".", help="the project (this folder)")


def _init(arguments: argparse.Namespace) -> None:
    """Begin a project: its notebooks, a mapping of the CRM's exports, a first agreement. What is not given is
    asked for, or offered where there is no terminal."""
    from slanb.agreement.interview import answers_in
    from slanb.project import begin

    given = answers_in(arguments.answers) if arguments.answers else {}
    given |= {key: value for key in COMPANY if (value := getattr(arguments, key)) is not None}
    put = input if sys.stdin.isatty() else None
    folder = Path(arguments.folder)
    try:
        still = begin(folder, given, crm=arguments.crm, records=arguments.records, put=put, tell=print)
    except EOFError:
        raise SlanbError("The questions were not answered to the end; nothing was written.") from None
    print(folder)
    for step in [*still, f"In {folder}: `slanb check`, then `slanb run latest`."]:
        print(f"- {step}")


def _upgrade(arguments: argparse.Namespace) -> None:
    """Renew the files that slanb wrote and nobody has changed; show the difference of those somebody has."""
    from slanb.project import renew

    print("\n".join(renew(Path(arguments.folder), arguments.replace)) or "Nothing to renew.")


def _schedule(arguments: argparse.Namespace) -> None:
    """Write a recipe that runs the project every working day: cron, systemd, github, gitlab or airflow."""
    from slanb.project import schedule

    for line in schedule(arguments.kind, Path(arguments.folder)):
        print(line)
