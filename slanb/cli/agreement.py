"""The command `slanb agreement`: the document to sign, a first agreement, and good practice checked."""

import argparse
import os
import sys
from pathlib import Path

from slanb.cli.shared import AGREEMENT, add_agreement_file
from slanb.errors import SlanbError
from slanb.whole_files import write_whole

FORMS = ("columns", "steps", "process", "bullets", "headings", "formal")
FORMATS = {".md": "markdown", ".html": "html", ".docx": "docx"}


def add_agreement(commands: argparse._SubParsersAction) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser(
        "agreement", help="write, begin or check the agreement itself", description=_write.__doc__
    )
    parser.set_defaults(command=_write)
    _add_terms(parser)
    parser.add_argument("--form", choices=FORMS, default="headings", help="%(choices)s (%(default)s)")
    parser.add_argument(
        "--format", choices=FORMATS.values(), help="by the ending of --to; markdown without it"
    )
    parser.add_argument("--to", metavar="FILE", help=".md, .html or .docx; printed if left out")
    parts = parser.add_subparsers(metavar="new|lint")

    new = parts.add_parser("new", help="begin an agreement, question by question", description=_new.__doc__)
    new.set_defaults(command=_new)
    new.add_argument(
        "--answers", metavar="FILE", help="take the answers from a YAML file: key, colon, answer"
    )
    new.add_argument("--to", default=AGREEMENT, metavar="FILE", help="where it goes (%(default)s)")
    new.add_argument("--questions", action="store_true", help="list the questions with their keys")

    lint = parts.add_parser("lint", help="check the agreement for good practice", description=_lint.__doc__)
    lint.set_defaults(command=_lint)
    _add_terms(lint)
    lint.add_argument(
        "--source", metavar="FILE", help="the records' mapping, to hold targets against the past"
    )
    lint.add_argument("--data", metavar="FOLDER", help="the records, if not where the mapping says")


def _add_terms(parser: argparse.ArgumentParser) -> None:
    add_agreement_file(parser)
    parser.add_argument(
        "--period", help="whose terms and numbers: 2026-10; the last one with a file by default"
    )


def _terms(arguments: argparse.Namespace) -> tuple:
    """The terms, and the period they are asked for."""
    from slanb.terms import load_terms
    from slanb.terms.adoption import last_with_parameters

    terms = load_terms(arguments.agreement)
    return terms, terms.parse(arguments.period) if arguments.period else last_with_parameters(terms)


def _write(arguments: argparse.Namespace) -> None:
    """Write the agreement for people to read and sign, its numbers filled in from a period's terms."""
    from slanb.agreement import written

    given = FORMATS.get(Path(arguments.to).suffix.lower()) if arguments.to else "markdown"
    format_ = arguments.format or given
    if format_ is None:
        raise SlanbError(f"--to is {arguments.to}, but a name ending in .md, .html or .docx is expected.")
    if not arguments.to and format_ == "docx":
        raise SlanbError("a .docx file cannot be printed: name one with --to agreement.docx.")
    terms, period = _terms(arguments)
    made = written(terms, period, form=arguments.form, format=format_)
    if not arguments.to:
        sys.stdout.buffer.write(made)
        sys.stdout.flush()
        return
    write_whole(Path(arguments.to), made)
    print(arguments.to)


def _new(arguments: argparse.Namespace) -> None:
    """Begin an agreement: answer the questions, press return where the answer offered is right."""
    from slanb.agreement.interview import answers_from, answers_in, ask, drafted
    from slanb.agreement.questions import QUESTIONS

    if arguments.questions:
        for question in QUESTIONS:
            print(f"{question.key}: {question.text}")
        return
    path = Path(arguments.to)
    if path.exists():
        raise SlanbError(f"{path} is there already. Choose another name with --to.")
    if arguments.answers:
        given = answers_in(arguments.answers)
        try:
            answers = answers_from(given)
        except SlanbError as error:
            raise SlanbError([f"{arguments.answers}: {problem}" for problem in error.problems]) from None
    elif sys.stdin.isatty():
        try:
            answers = ask(input, print)
        except EOFError:
            raise SlanbError("The questions were not answered to the end; nothing is written.") from None
    else:
        raise SlanbError(
            "There is no terminal to ask in: give a file of answers with --answers (--questions lists them)."
        )
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, drafted(answers, _schema(path)))
    print(path)


def _schema(path: Path) -> str | None:
    """The schema of agreements as seen from one, beside it or in the project's parameters."""
    for folder in (path.parent, Path(AGREEMENT).parent):
        if (schema := folder / "schema/agreement.schema.json").is_file():
            return Path(os.path.relpath(schema, path.parent)).as_posix()
    return None


def _lint(arguments: argparse.Namespace) -> int:
    """Check the agreement for good practice: findings with reason and proposal, and exit code 1 if any."""
    from slanb.agreement.lint import lint, lint_records, shown

    terms, period = _terms(arguments)
    if arguments.source:
        from slanb.open_period import open_period
        from slanb.periods import label
        from slanb.scorecard import review

        inputs = {"agreement": arguments.agreement, "source": arguments.source, "data": arguments.data}
        page = open_period(label(period), **inputs)
        findings = lint_records(page, review(page).frame())
    else:
        findings = lint(terms, period)
    print(shown(findings, terms.wording()) if findings else "Nothing to improve.")
    return int(any(not finding.note for finding in findings))
