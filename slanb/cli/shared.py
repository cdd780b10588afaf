"""What several commands take and do: options, paths as printed, progress."""

import argparse
import sys

AGREEMENT, SOURCE, OUTPUTS = "params/agreement.yml", "params/source.yml", "outputs"
PERIOD_HELP = "2026-10, 2026-Q4 or 2026; FY2027-P03 or 2026-W45 where these are the agreement's periods"


def add_agreement_file(parser: argparse.ArgumentParser) -> None:
    """Add `--agreement`."""
    parser.add_argument("--agreement", default=AGREEMENT, metavar="FILE", help="the agreement (%(default)s)")


def add_inputs(parser: argparse.ArgumentParser) -> None:
    """Add what a period is opened with: `--as-of`, the agreement, the records."""
    parser.add_argument("--as-of", metavar="INSTANT", help="date or instant up to which records count")
    add_agreement_file(parser)
    parser.add_argument("--source", default=SOURCE, metavar="FILE", help="the records' mapping (%(default)s)")
    parser.add_argument("--data", metavar="FOLDER", help="the records, if not where the mapping says")


def progress(line: str) -> None:
    """Print a line for a person who watches."""
    if sys.stderr.isatty():
        print(line, file=sys.stderr, flush=True)
