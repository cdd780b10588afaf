"""The command `slanb`.

Floor 4. Results go to standard output, progress to standard error and only where a person watches. Exit
codes: 0 done, 1 a mistake told in words, 2 wrong use, 130 interrupted. What is heavy is imported by the
command that needs it.
"""

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from slanb import __version__
from slanb.cli.agreement import add_agreement
from slanb.cli.source import add_source
from slanb.errors import SlanbError

if TYPE_CHECKING:
    import pandas as pd

    from slanb.terms import Terms

AGREEMENT, SOURCE, OUTPUTS = "params/agreement.yml", "params/source.yml", "outputs"
SAMPLE = "outputs/sample-data"
PERIOD_HELP = "2026-10, 2026-Q4 or 2026"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    arguments = _parser().parse_args(argv)
    try:
        code = arguments.command(arguments)
    except SlanbError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return code or 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="slanb", description="The agreement between Sales and Marketing: computed, watched, revised."
    )
    parser.add_argument("--version", action="version", version=f"slanb {__version__}")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="make the report of a period", description=_run.__doc__)
    run.set_defaults(command=_run)
    run.add_argument("period", help=f"{PERIOD_HELP}; a range 2026-01..2026-10; or latest")
    run.add_argument("--as-of", metavar="INSTANT", help="date or instant up to which records count")
    _add_inputs(run)
    run.add_argument("--outputs", default=OUTPUTS, metavar="FOLDER", help="where reports go (%(default)s)")
    run.add_argument("--only", type=_names, metavar="01,02", help="run these notebooks alone")
    run.add_argument(
        "--timeout", type=seconds, default=1800, metavar="SECONDS", help="for a cell (%(default)s)"
    )
    run.add_argument(
        "-p",
        "--parameter",
        nargs=2,
        action="append",
        default=[],
        metavar=("NAME", "VALUE"),
        help="a what-if: quota 600000, close_rate 0.12, ... (as JSON where it is no plain number or text)",
    )

    run.add_argument("--scenario", metavar="NAME", help="with the values of params/scenarios/NAME.yml")

    check = commands.add_parser(
        "check", help="check parameters and records without a run", description=_check.__doc__
    )
    check.set_defaults(command=_check)
    check.add_argument("period", nargs="?", help=PERIOD_HELP)
    check.add_argument("--as-of", metavar="INSTANT", help="date or instant up to which records count")
    _add_inputs(check)

    adopt = commands.add_parser(
        "adopt", help="take over proposed parameters for a period", description=_adopt.__doc__
    )
    adopt.set_defaults(command=_adopt)
    adopt.add_argument("period", help="the period they are for: 2026-11")
    adopt.add_argument("--outputs", default=OUTPUTS, metavar="FOLDER", help="where reports are (%(default)s)")
    adopt.add_argument("--agreement", default=AGREEMENT, metavar="FILE", help="the agreement (%(default)s)")
    adopt.add_argument(
        "--scenario",
        nargs="?",
        const="",
        metavar="NAME",
        help="take over params/scenarios/NAME.yml instead; without a name, the one marked as proposed",
    )
    adopt.add_argument("--replace", action="store_true", help="replace the period's file if there is one")

    sample = commands.add_parser(
        "sample", help="write the sample company's files", description=_sample.__doc__
    )
    sample.set_defaults(command=_sample)
    sample.add_argument("--to", default=SAMPLE, metavar="FOLDER", help="where (%(default)s)")
    add_agreement(commands)
    add_source(commands)
    return parser


def _add_inputs(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--agreement", default=AGREEMENT, metavar="FILE", help="the agreement (%(default)s)")
    parser.add_argument("--source", default=SOURCE, metavar="FILE", help="the records' mapping (%(default)s)")
    parser.add_argument("--data", metavar="FOLDER", help="the records, if not where the mapping says")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text} is not a number of seconds above 0")
    return seconds


def _tell(line: str) -> None:
    """Progress, for a person who watches."""
    if sys.stderr.isatty():
        print(line, file=sys.stderr, flush=True)


def _shown(path: Path) -> str:
    """The path as short as it can be from here."""
    short = os.path.relpath(path)
    return str(path) if short.startswith("..") else short


# ---------------------------------------------------------------- run


def _run(arguments: argparse.Namespace) -> None:
    """Make the report of a period, or of each period of a range, and print where it is."""
    parameters = _parameters(arguments.parameter)
    from slanb import run as runner
    from slanb.periods import label

    periods = _periods(arguments)
    failures: list[str] = []
    for period in periods:
        try:
            folder = runner.run(
                label(period),
                as_of=arguments.as_of,
                agreement=arguments.agreement,
                source=arguments.source,
                data=arguments.data,
                outputs=arguments.outputs,
                only=arguments.only,
                parameters=parameters,
                scenario=arguments.scenario,
                timeout=arguments.timeout,
                report=_tell,
            )
        except SlanbError as error:
            if len(periods) == 1:
                raise
            failures += [f"{label(period)}: {problem}" for problem in error.problems]
            _tell(f"{label(period)}: failed")
        else:
            print(_shown(folder / "index.html"), flush=True)
    if failures:
        raise SlanbError(failures)


def _parameters(pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
    """What-ifs as given on the command line.

    >>> _parameters([("quota", "6e5"), ("tiers", '{"A": {"close_rate": 0.1}}'), ("note", "so be it")])
    {'quota': 600000.0, 'tiers': {'A': {'close_rate': 0.1}}, 'note': 'so be it'}
    """
    values: dict[str, Any] = {}
    for name, text in pairs:
        if name in values:
            raise SlanbError(f"parameter {name} is given twice; give it once.")
        try:
            values[name] = json.loads(text, parse_constant=str)
        except ValueError:
            values[name] = text
    return values


def _periods(arguments: argparse.Namespace) -> list["pd.Period"]:
    from slanb.periods import parse_range

    if arguments.period != "latest":
        return parse_range(arguments.period)
    return [_latest(arguments)]


def _latest(arguments: argparse.Namespace) -> "pd.Period":
    """The last period, in the agreement's measure, that had ended when the records were exported."""
    from slanb.crm import import_source, open_source
    from slanb.periods import containing, grain, parse_period
    from slanb.terms import load_terms

    agreement = load_terms(arguments.agreement).agreement
    exported = import_source(open_source(arguments.source, data=arguments.data)).exported_at
    month = parse_period(exported.tz_convert(agreement.calendar.zone).strftime("%Y-%m"))
    return next(span for span in containing(month) if grain(span) == agreement.measure) - 1


# ---------------------------------------------------------------- check


def _check(arguments: argparse.Namespace) -> None:
    """Check the agreement, its overlays and the records, and print what was found."""
    from slanb.crm import import_source, open_source
    from slanb.open_period import open_period
    from slanb.periods import parse_period, spans_of
    from slanb.publish.pages import data_lines
    from slanb.terms import load_terms

    inputs = {"agreement": arguments.agreement, "source": arguments.source, "data": arguments.data}
    terms = load_terms(arguments.agreement)
    words = terms.wording()
    agreement = terms.agreement
    until = agreement.effective_until
    print(
        f"{arguments.agreement}: {agreement.title}, in force from {words.date(agreement.effective_from)}"
        + (f" until {words.date(until)}" if until else "")
    )
    if arguments.period:
        span = parse_period(arguments.period)
        for part in spans_of(span, agreement.measure):
            if terms.in_force(part).plan is not None:
                terms.plan(part)
        for line in open_period(arguments.period, as_of=arguments.as_of, **inputs).lines:
            print(line)
    snapshot = import_source(open_source(arguments.source, data=arguments.data))
    for line in data_lines(snapshot.quality, words):
        print(line)


# ---------------------------------------------------------------- adopt


def _adopt(arguments: argparse.Namespace) -> None:
    """Take the parameters a report proposed over into the agreement's folder, and print what changes."""
    from slanb.periods import label, parse_period
    from slanb.run import nearest
    from slanb.terms import find_file, load_terms

    span = parse_period(arguments.period)
    agreement = find_file(arguments.agreement)
    if arguments.scenario is None:
        proposal = _proposal(nearest(arguments.outputs), label(span))
    else:
        proposal = _chosen_scenario(arguments.scenario, label(span), arguments.agreement)
    place = next(
        iter(sorted(agreement.parent.glob(f"{label(span)}.y*ml"))), agreement.parent / f"{label(span)}.yml"
    )
    text = proposal.read_bytes()
    if arguments.scenario is not None and place.exists():
        text = _laid_over(arguments.agreement, span, proposal)
    if place.exists() and place.read_bytes() == text:
        print(f"{_shown(place)} holds these values already.")
        return
    if place.exists() and not arguments.replace:
        raise SlanbError(
            f"{_shown(place)} is there already. Compare it with {_shown(proposal)}; --replace replaces it."
        )
    before = load_terms(arguments.agreement)
    after = _with_overlay(before, agreement, place.name, text, shown=_shown(proposal))
    partial = place.with_name(f".{place.name}.{os.getpid()}")
    try:
        partial.write_bytes(text)
        os.replace(partial, place)
    finally:
        partial.unlink(missing_ok=True)
    print(f"{_shown(place)} now holds what {_shown(proposal)} proposed.")
    for line in _changes(before, after, span):
        print(line)


def _proposal(outputs: Path, period: str) -> Path:
    """The proposal for a period: that of a closed period's report before that of an interim one.

    What-ifs and partial runs propose nothing.
    """
    found = [
        path
        for path in outputs.glob(f"*/proposed-{period}.yml")
        if not any(mark in path.parent.name for mark in ("-with-", "-scenario-", "-only-", "-failed"))
    ]
    closed = [path for path in found if "-asof-" not in path.parent.name]
    best = closed or sorted(found)[-1:]
    if not best:
        raise SlanbError(
            f"{outputs}: no report proposes parameters for {period}. Run the period before it first."
        )
    if len(best) > 1:
        listed = ", ".join(_shown(path) for path in sorted(best))
        raise SlanbError(f"several reports propose parameters for {period}: {listed}. Remove all but one.")
    return best[0]


def _chosen_scenario(name: str, period: str, agreement: str) -> Path:
    """The file of the scenario of that name, or of the one that is proposed for the period."""
    from slanb.terms.scenarios import load_scenario, proposed, scenario_path

    name = name or proposed(agreement).get(period, "")
    if not name:
        raise SlanbError(f"no scenario is proposed for {period}. Name one: --scenario NAME.")
    load_scenario(name, agreement)
    return scenario_path(name, agreement)


def _laid_over(agreement: str, span: "pd.Period", scenario: Path) -> bytes:
    """What the period's file holds with the scenario laid over it: a scenario says only what it changes."""
    from slanb.terms import load_terms, merged, render_overlay
    from slanb.terms.scenarios import load_scenario

    overlay = merged(load_terms(agreement).overlay(span), load_scenario(scenario.stem, agreement))
    return render_overlay(overlay, header=[f"With the scenario {scenario.stem} laid over it."]).encode()


def _with_overlay(terms: "Terms", agreement: Path, name: str, text: bytes, *, shown: str) -> "Terms":
    """The terms as they would be with the overlay beside the agreement, checked like any others."""
    import shutil
    import tempfile

    from slanb.terms import load_terms

    with tempfile.TemporaryDirectory() as folder:
        for path in terms.paths:
            shutil.copy(path, folder)
        Path(folder, name).write_bytes(text)
        try:
            return load_terms(Path(folder, agreement.name))
        except SlanbError as error:
            told = [
                problem.replace(str(Path(folder, name)), shown).replace(folder, _shown(agreement.parent))
                for problem in error.problems
            ]
            raise SlanbError(told) from None


def _changes(before: "Terms", after: "Terms", span: "pd.Period") -> list[str]:
    """The plan's values that differ: `tiers.A.close_rate: 0.12 -> 0.112`."""
    from slanb.periods import spans_of

    lines = []
    for part in spans_of(span, after.agreement.measure):
        old, new = (dict(_flat(terms.plan(part).model_dump())) for terms in (before, after))
        lines += [
            f"  {key}: {_plain(old.get(key))} -> {_plain(new.get(key))}"
            for key in sorted(old.keys() | new.keys())
            if old.get(key) != new.get(key)
        ]
    return lines or ["  No value changes."]


def _plain(value: Any) -> str:
    if value is None:
        return "not stated"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _flat(part, f"{path}.{key}" if path else str(key))
    elif value is not None:
        yield path, value


# ---------------------------------------------------------------- sample


def _sample(arguments: argparse.Namespace) -> None:
    """Write the files of a sample company with known truth; the same bytes each time."""
    from slanb.run import nearest
    from slanb.simulate import Company, simulate, write_files

    folder = nearest(Path(arguments.to).parent) / Path(arguments.to).name
    note = folder / "made-by-slanb.txt"
    company = Company()
    _tell("drawing the sample company")
    theirs = arguments.to != SAMPLE and folder.is_dir() and not note.is_file() and any(folder.iterdir())
    if theirs:
        raise SlanbError(
            f"{_shown(folder)}: holds files that slanb did not make. Choose another folder with --to."
        )
    write_files(simulate(company), folder)
    note.write_text(f"slanb {__version__}\n{company}\n", encoding="utf-8")
    print(_shown(folder))
