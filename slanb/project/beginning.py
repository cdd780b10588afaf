"""The first files of a project, from a company's answers and its CRM's exports."""

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from slanb.agreement.interview import ask, drafted, gathered, put_question
from slanb.agreement.question import Question
from slanb.agreement.questions import QUESTIONS
from slanb.crm import import_source, open_source
from slanb.crm.inspection import OPEN, Inspection, inspect_folder
from slanb.crm.presets.crms import NAMES
from slanb.errors import SlanbError
from slanb.project.offers import offers_of
from slanb.project.shape import NOTE, fingerprint, note, shape
from slanb.whole_files import write_whole

COMPANY = ("country", "zone", "language", "currency", "year_begins")  # questions about the company itself
CRMS = (*NAMES, "csv")
ALLOWED = {".git", ".venv"}  # in a folder that counts as empty
RECORDS = "records"  # the folder for exports, where none is named
SOURCE, AGREEMENT, ANSWERS = "params/source.yml", "params/agreement.yml", "params/answers.yml"
SCHEMA = "schema/agreement.schema.json"

Put = Callable[[str], str]
Tell = Callable[[str], None]


def begin(
    folder: Path,
    given: Mapping[str, Any],
    *,
    crm: str | None = None,
    records: str | None = None,
    put: Put | None = None,
    tell: Tell = lambda line: None,
) -> list[str]:
    """Begin a project in an empty folder, which is made if need be.

    With records, numbers that the first agreement asks for are offered as the records say them. Where answers
    lack and nobody can be asked, those there are go into a file to complete.

    Parameters
    ----------
    given : answers to the questions of a first agreement, as in a file of answers.
    crm : hubspot, salesforce or csv; what fits the records best, where there are any.
    records : folder of the CRM's exports.
    put : shows a prompt and returns what was typed; None where nobody can be asked.
    tell : shows a line.

    Returns
    -------
    What is still to be done before the first report, in sentences.

    Raises
    ------
    SlanbError : where the folder holds anything, an answer is not allowed, the zone lacks, or the records
        cannot be looked at; nothing is written then.
    """
    if folder.is_file() or (folder.is_dir() and {path.name for path in folder.iterdir()} - ALLOWED):
        raise SlanbError(f"{folder}: is not empty. Choose another folder; nothing was written.")
    answers = _about_the_company(given, put, tell)
    gathered(answers)
    found = _looked_at(records, crm, put, tell)
    where = os.path.relpath(records or folder / RECORDS, folder / "params").replace(os.sep, "/")
    mapping = found.starting(where, answers["zone"], answers["currency"])
    _write_shape(folder, mapping)
    still = []
    if records is None:
        (folder / RECORDS).mkdir(exist_ok=True)
        still.append(f"Put the CRM's exports into {folder / RECORDS}.")
    if any(OPEN in line for line in mapping.splitlines() if not line.startswith("#")):
        still.append(f"Fill in what is {OPEN} in {folder / SOURCE}; `slanb source inspect` tells about it.")
    elif records is not None:
        tell("Reading the records ...")
        try:
            snapshot = import_source(open_source(folder / SOURCE))
        except SlanbError as error:
            still += error.problems
        else:
            known = {key: answers[key] for key in ("zone", "year_begins", "measure") if key in answers}
            return still + _agreed(folder, answers, offers_of(snapshot, **known), put, tell)
    return still + _agreed(folder, answers, {}, None, tell)


def _about_the_company(given: Mapping[str, Any], put: Put | None, tell: Tell) -> dict[str, Any]:
    """What is given, with the answers about the company itself."""
    answers: dict[str, Any] = {}
    for question in QUESTIONS:
        if question.key in COMPANY:
            if question.key in given or put is None:
                answers[question.key] = question.read(given.get(question.key), answers)
            else:
                answers[question.key] = put_question(question, answers, put, tell)
    return {**given, **answers}


def _looked_at(records: str | None, crm: str | None, put: Put | None, tell: Tell) -> Inspection:
    """The exports, looked at; where there are none yet, those that a CRM will give."""
    if records is not None:
        return inspect_folder(records, crm)
    if crm is None and put is not None:
        text = f"Which CRM ({', '.join(CRMS)} for any other)?"
        which = Question("crm", "", text, offer=lambda given: "csv", check=_known)
        crm = put_question(which, {}, put, tell)
    return Inspection(RECORDS, crm or "csv", (), ())


def _known(crm: str) -> None:
    if crm not in CRMS:
        raise SlanbError(f"{crm!r} is given, but one of {', '.join(CRMS)} is expected.")


def _write_shape(folder: Path, mapping: str) -> None:
    texts = shape(folder.resolve().name)
    prints = {place: fingerprint(place, text) for place, text in texts.items()}
    for place, text in (texts | {SOURCE: mapping, NOTE: note(prints)}).items():
        write(folder / place, text)


def _agreed(
    folder: Path, answers: Mapping[str, Any], offers: Mapping[str, Any], put: Put | None, tell: Tell
) -> list[str]:
    """Write the first agreement, or the answers to it where some lack; what is then to be done."""
    if offers and put is not None:
        tell(f"\nOffered in brackets is what your records say: {', '.join(offers)}.")
        try:
            complete, lacking = ask(put, tell, answers, offers), []
        except EOFError:
            complete, lacking = gathered(answers, offers)
    else:
        complete, lacking = gathered(answers, offers)
    if lacking:
        write(folder / ANSWERS, _answers_text({**offers, **answers}, lacking))
        then = f"`slanb agreement new --answers {ANSWERS}`"
        return [f"Answer what is empty in {folder / ANSWERS}, then, in the folder: {then}."]
    write(folder / AGREEMENT, drafted(complete, SCHEMA))
    return []


def _answers_text(answers: Mapping[str, Any], lacking: Sequence[Question]) -> str:
    lines = [
        "# What the first agreement is asked for. Answer what is empty, then:",
        f"#   slanb agreement new --answers {ANSWERS}",
        "# `slanb agreement new --questions` lists everything that can be answered.",
    ]
    lines += [yaml.safe_dump({key: value}, allow_unicode=True).strip() for key, value in answers.items()]
    lines += [f"{question.key}:  # {question.text}" for question in lacking]
    return "\n".join(lines) + "\n"


def write(place: Path, text: str) -> None:
    """Write a file that is not there yet, and the folders above it."""
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, text, replace=False)
