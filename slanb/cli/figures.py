"""The command `slanb figures`: the catalogue of published numbers, or all about one of them."""

import argparse
import json
from dataclasses import asdict

from slanb.errors import SlanbError

LISTED = ("id", "label", "unit", "clock", "side")


def add_figures(commands: argparse._SubParsersAction) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "figures", help="what each published number means", description=_figures.__doc__
    )
    parser.set_defaults(command=_figures)
    parser.add_argument("id", nargs="?", metavar="ID", help="marketing.leads, tier.A.lead_value, ...")
    parser.add_argument("--json", action="store_true", help="as JSON, everything on each")


def _figures(arguments: argparse.Namespace) -> None:
    """Print every number slanb publishes, or what one of them means and how it comes about."""
    from slanb.dictionary.figures import catalogue, definition

    known = catalogue()
    if arguments.id is None:
        entries = [asdict(each) for each in known.values()]
        print(json.dumps(entries, ensure_ascii=False, indent=1) if arguments.json else _listed(entries))
        return
    try:
        entry = asdict(known.get(arguments.id) or definition(arguments.id)[0])
    except ValueError as error:
        raise SlanbError(str(error)) from None
    if arguments.json:
        print(json.dumps(entry, ensure_ascii=False, indent=1))
        return
    entry["clause"] = "yes" if entry["clause"] else "no"
    width = max(map(len, entry))
    for key, value in entry.items():
        print(f"{key:{width}}  {value or '–'}")


def _listed(entries: list[dict]) -> str:
    """The entries as columns, a heading above each."""
    rows = [LISTED, *([entry[key] or "–" for key in LISTED] for entry in entries)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(LISTED))]
    return "\n".join(
        "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
