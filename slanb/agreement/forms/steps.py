"""Step by step, in tables of questions and answers; what is still empty asks for its answer.

For teams without a process: they work through it from top to bottom.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from slanb.agreement.document import Cell, Document, Heading, Line, Paragraph, Part, Run, Table, line, lines
from slanb.agreement.phrases import DocumentPhrases, written_text
from slanb.agreement.sections import definitions, document, numbers_table
from slanb.dictionary.messages import Message
from slanb.terms.phrases import Phrase


class Topic(NamedTuple):
    """A question by its key (messages `ask_<key>`, and `open_<key>` if it is open), and its answers."""

    key: str
    answers: Iterable[Phrase | Run | Line] = ()
    names: Mapping[str, Phrase] = MappingProxyType({})  # what the texts name


def steps(say: DocumentPhrases) -> Document:
    """The agreement as steps to take, each a table of what is settled and what is open."""
    made = {
        "about": _about(say),
        "promises": _promises(say),
        "hand_off": _hand_off(say),
        "needs": _needs(say),
        "people": _people(say),
        "watching": _watching(say),
        "missed": _missed(say),
        "ending": _ending(say),
    }
    if say.agreement.kind == "customer":
        del made["hand_off"]
    parts: list[Part] = []
    open_questions = 0
    for number, (key, questions) in enumerate(made.items(), start=1):
        rows, still_open = _rows(questions)
        open_questions += still_open
        head = (Message("agreement.question"), Message("agreement.answer_head"))
        parts += [Heading(_step(number, key), f"step-{number}"), Table(head, rows)]
        if key == "promises":
            parts += numbers_table(say)
    if open_questions:
        left = Message("agreement.still_open", n=open_questions)
        parts.insert(0, Paragraph(line(Run(left, "open")), "lead"))
    return document(say, parts, sign_title=_step(len(made) + 1, "sign"))


def _step(number: int, key: str) -> Message:
    return Message("agreement.step", n=number, title=Message(f"agreement.step_{key}"))


def _rows(questions: Iterable[Topic]) -> tuple[tuple[tuple[Cell, ...], ...], int]:
    rows, still_open = [], 0
    for key, answers, names in questions:
        answered = lines(answers)
        still_open += not answered
        if not answered:
            prompt = Message("agreement.prompt", text=Message(f"agreement.open_{key}", **names))
            answered = lines([Run(prompt, "open")])
        rows.append((lines([Message(f"agreement.ask_{key}", **names)]), answered))
    return tuple(rows), still_open


def _about(say: DocumentPhrases) -> Iterator[Topic]:
    agreement = say.agreement
    yield Topic("summary", [agreement.summary])
    yield Topic("between", [party.name for party in agreement.parties])
    yield Topic("term", [say.term()])
    if agreement.effective_until is None:
        yield Topic("renewed")
    yield Topic("words", definitions(say))


def _promises(say: DocumentPhrases) -> Iterator[Topic]:
    for party in say.agreement.parties:
        answers = [
            line(*say.clause(clause), Run(say.how_judged(clause), "soft"))
            for clause in say.clauses_of(party.id)
        ]
        yield Topic("promises", answers, {"party": party.name})


def _hand_off(say: DocumentPhrases) -> Iterator[Topic]:
    rule, plan = say.agreement.qualification, say.plan
    yield Topic("which", [rule.text] if rule else [])
    returned: list[Phrase] = []
    if rule and rule.accept_within_hours:
        returned.append(say.hours(rule.accept_within_hours, rule.accept_clock))
    yield Topic("returned", [*returned, *(rule.rejection_reasons if rule else ())])
    yield Topic("others", [rule.nurturing] if rule and rule.nurturing else [])
    if plan and (speed := plan.speed):
        hours = say.hours(speed.hours, speed.clock)
        yield Topic("speed", [Message("agreement.within", share=speed.share, hours=hours)])
    else:
        yield Topic("speed")
    if plan and (depth := plan.depth):
        yield Topic("depth", [Message("agreement.tries", attempts=depth.attempts, days=depth.within_days)])
    else:
        yield Topic("depth")
    if plan and (time := plan.capacity):
        hours = {"hours": time.hours_per_rep_per_week, "minutes": time.minutes_per_attempt}
        yield Topic("capacity", [Message("agreement.capacity", reps=time.reps, **hours)])
    else:
        yield Topic("capacity")


def _needs(say: DocumentPhrases) -> Iterator[Topic]:
    for party in say.agreement.parties:
        needs = [say.requirement(need) for need in say.agreement.requirements if need.party == party.id]
        yield Topic("needs", needs, {"party": party.name})


def _people(say: DocumentPhrases) -> Iterator[Topic]:
    contacts = say.agreement.contacts
    for clause in say.agreement.clauses:
        people = [say.contact(each) for each in contacts if clause.id in each.responsible_for]
        yield Topic("person", people, {"clause": clause.called, "party": say.name(clause.party)})
    others = [say.contact(each) for each in contacts if not each.responsible_for]
    if others:
        yield Topic("others_in_charge", others)


def _watching(say: DocumentPhrases) -> Iterator[Topic]:
    yield Topic("reports", map(say.report, say.agreement.reporting))
    yield Topic("sources", map(say.monitoring, say.agreement.monitoring))
    yield Topic("response", map(say.response, say.agreement.response))


def _missed(say: DocumentPhrases) -> Iterator[Topic]:
    for clause in say.agreement.clauses:
        remedies = [
            say.remedy(each)
            for each in say.agreement.remedies
            if not each.applies_to or clause.id in each.applies_to
        ]
        yield Topic("missed", remedies, {"clause": clause.called})
    room = say.agreement.exceptions
    duties = [duty.text for duty in room.standing_obligations]
    yield Topic("excused", [written_text(room.text), *map(say.excluded, room.excluded_days), *duties])


def _ending(say: DocumentPhrases) -> Iterator[Topic]:
    ways = say.endings()
    yield Topic("ends", [*ways, say.notice()] if ways else [])
    yield Topic("reviewed", map(say.review, say.agreement.review_dates))
    if say.agreement.amendments:
        yield Topic("changed", map(say.amendment, say.agreement.amendments))
