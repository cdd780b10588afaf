"""The command `slanb check`: parameters and records looked at without a run."""

import argparse

from slanb.cli.shared import PERIOD_HELP, add_inputs


def add_check(commands: argparse._SubParsersAction) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "check", help="check parameters and records without a run", description=_check.__doc__
    )
    parser.set_defaults(command=_check)
    parser.add_argument("period", nargs="?", help=PERIOD_HELP)
    add_inputs(parser)


def _check(arguments: argparse.Namespace) -> None:
    """Check the agreement, its overlays and the records, and print what they hold."""
    from slanb.crm import import_source, open_source
    from slanb.crm.currency import refuse_other
    from slanb.open_period import open_period
    from slanb.periods import spans_of
    from slanb.publish.quality_page import data_lines
    from slanb.terms import load_terms

    inputs = {"agreement": arguments.agreement, "source": arguments.source, "data": arguments.data}
    terms = load_terms(arguments.agreement)
    words, agreement = terms.wording(), terms.agreement
    until = agreement.effective_until
    print(
        f"{arguments.agreement}: {agreement.title}, in force from {words.date(agreement.effective_from)}"
        + (f" until {words.date(until)}" if until else "")
    )
    if arguments.period:
        span = terms.parse(arguments.period)
        for part in spans_of(span, agreement.measure):
            if terms.in_force(part).plan is not None:
                terms.plan(part)
        page = open_period(arguments.period, as_of=arguments.as_of, **inputs)
        print(page)
        for message in page.foreseen:
            print(words.say(message))
        snapshot = page.snapshot
    else:
        snapshot = import_source(open_source(arguments.source, data=arguments.data))
        files = {"agreement": arguments.agreement, "source": arguments.source}
        refuse_other(snapshot.quality["currency"], agreement.currency, **files)
    for line in data_lines(snapshot.quality, words):
        print(line)
