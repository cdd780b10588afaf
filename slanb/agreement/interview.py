"""A first agreement, asked for step by step or taken from a file of answers, as commented YAML."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path
from typing import Any

from slanb.agreement.question import Answers, Question, Unanswered
from slanb.agreement.questions import QUESTIONS, SIDES
from slanb.dictionary.wording import Wording
from slanb.errors import SlanbError
from slanb.strict_yaml import parse, read
from slanb.terms import Agreement, merged, render_agreement

# The drafts that make up each kind of agreement, laid one over the other.
DRAFTS = {
    "internal": ("common", "departments"),
    "multilevel": ("common", "departments", "service"),
    "customer": ("common", "supplier"),
}
TERMS = (
    "lead",
    "qualified_lead",
    "customer",
    "connected",
    "sourced_by_marketing",
    "delivered",
)  # defined in them
CADENCES = {"week": "weekly", "month": "monthly", "quarter": "quarterly", "year": "yearly"}


def answers_in(file: str) -> dict[str, Any]:
    """What a file of answers holds, not checked yet.

    Raises
    ------
    SlanbError : where there is no such file, or it does not say key, colon, answer.
    """
    if not Path(file).is_file():
        raise SlanbError(f"{file}: there is no such file.")
    given = read(Path(file), file=file).data or {}
    if not isinstance(given, dict):
        raise SlanbError(f"{file}: answers are expected as key, colon, answer.")
    return given


def gathered(
    given: Mapping[str, Any], offers: Mapping[str, Any] | None = None
) -> tuple[Answers, list[Question]]:
    """The answers of a file, checked, with offers where it is silent; and the questions that lack an answer.

    Parameters
    ----------
    offers : what else is offered, by question.

    Raises
    ------
    SlanbError : every answer that is unknown or not allowed.
    """
    answers, lacking, problems = _gathered(given, offers)
    if problems:
        raise SlanbError(problems)
    return answers, [question for question, _ in lacking]


def answers_from(given: Mapping[str, Any]) -> Answers:
    """The answers of a file, checked, with offers where it is silent.

    Raises
    ------
    SlanbError : every answer that is missing, unknown or not allowed.
    """
    answers, lacking, problems = _gathered(given, None)
    if problems := [*problems, *(needed for _, needed in lacking)]:
        raise SlanbError(problems)
    return answers


def _gathered(
    given: Mapping[str, Any], offers: Mapping[str, Any] | None
) -> tuple[Answers, list[tuple[Question, str]], list[str]]:
    """The answers; the questions that lack one, each with the words for it; what is wrong with others."""
    known = [question.key for question in QUESTIONS]
    problems = []
    for key in given:
        if key not in known:
            near = get_close_matches(str(key), known, n=1)
            hint = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(known)}."
            problems.append(f"{key}: there is no such question. {hint}")
    answers: dict[str, Any] = {}
    lacking: list[tuple[Question, str]] = []
    for question in _offering(offers):
        try:
            if question.when(answers):
                answers[question.key] = question.read(given.get(question.key), answers)
        except Unanswered as error:
            lacking.append((question, error.problems[0]))
        except SlanbError as error:
            problems += error.problems
        except KeyError:  # hangs on an answer that is wrong itself
            continue
    return answers, lacking, problems


def ask(
    put: Callable[[str], str],
    tell: Callable[[str], None],
    known: Mapping[str, Any] | None = None,
    offers: Mapping[str, Any] | None = None,
) -> Answers:
    """Ask every question of a person, again where an answer is not allowed.

    Parameters
    ----------
    put : shows a prompt and returns what was typed.
    tell : shows a line.
    known : answers that need not be asked for. offers : what else is offered, by question.

    Raises
    ------
    SlanbError : where an answer that is known is not allowed.
    """
    answers: dict[str, Any] = {}
    step = ""
    steps = list(dict.fromkeys(question.step for question in QUESTIONS))
    for question in _offering(offers):
        if not question.when(answers):
            continue
        if question.key in (known or {}):
            answers[question.key] = question.read(known[question.key], answers)
            continue
        if question.step != step:
            step = question.step
            tell(f"\nStep {steps.index(step) + 1} of {len(steps)}: {step}")
        answers[question.key] = put_question(question, answers, put, tell)
    return answers


def _offering(offers: Mapping[str, Any] | None) -> list[Question]:
    """The questions, some with other offers."""

    def offering(question: Question, offer: Any) -> Question:
        return replace(question, offer=lambda given: offer)

    others = offers or {}
    return [offering(each, others[each.key]) if each.key in others else each for each in QUESTIONS]


def put_question(
    question: Question, answers: Answers, put: Callable[[str], str], tell: Callable[[str], None]
) -> Any:
    """The answer that a person gives to one question, after those before; again until it can be used."""
    offer = question.offer(answers)
    shown = "" if offer in (None, "") else f" [{offer}]"
    if question.why:
        tell(f"  ({question.why})")
    while True:
        try:
            return question.read(put(f"  {question.text}{shown} "), answers)
        except SlanbError as error:
            tell(f"  {error.problems[0]}")


def drafted(answers: Answers, schema: str | None = None) -> str:
    """The agreement as commented YAML.

    Parameters
    ----------
    schema : where an editor finds the keys' meanings, as seen from the agreement; None where there is none.

    Raises
    ------
    SlanbError : where answers do not go together.
    """
    first, second = SIDES[answers["kind"]][:2]
    not_asked = {question.key: "" for question in QUESTIONS}
    given = not_asked | {"first": first, "second": second, "cadence": CADENCES[answers["measure"]]} | answers
    tree: dict[str, Any] = {}
    words = Wording(answers["language"])
    for name in DRAFTS[answers["kind"]]:
        tree = merged(tree, _filled(_draft(name), given, words))
    ordered = {key: tree[key] for key in Agreement.model_fields if key in tree}
    comments = _draft("comments")
    header = [f"yaml-language-server: $schema={schema}", ""] if schema else []
    return render_agreement(ordered, [*header, *comments["header"]], comments["keys"])


def _draft(name: str) -> dict[str, Any]:
    return parse((files(__package__) / f"drafts/{name}.yml").read_text(encoding="utf-8"), name).data


def _filled(part: Any, given: Answers, words: Wording) -> Any:
    """A draft in the agreement's language with the answers in it; `{key}` alone is the answer itself, nothing
    where it is empty."""
    if isinstance(part, dict):
        return {_term(key, words): _filled(value, given, words) for key, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, given, words) for value in part]
    if not isinstance(part, str):
        return part
    if alone := re.fullmatch(r"\{(\w+)\}", part):
        return None if given[alone[1]] == "" else given[alone[1]]
    return words.translated("draft", part).format(**given)


def _term(key: str, words: Wording) -> str:
    """A key of a draft; one that is a word to be defined, in the agreement's language."""
    return words.translated("draft", key.replace("_", " ")).replace(" ", "_") if key in TERMS else key
