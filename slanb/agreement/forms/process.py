"""The process as columns, from goals to nurturing, with a row for each team and one for what they share.

Where the parties are no marketing and sales, the columns are those of their work: goals, delivery, watching
and what follows.
"""

from collections.abc import Iterator

from slanb.agreement.document import (
    Bullets,
    Cell,
    Document,
    Heading,
    Line,
    Matrix,
    Paragraph,
    Part,
    Run,
    line,
    lines,
)
from slanb.agreement.phrases import DocumentPhrases, strong
from slanb.agreement.sections import document, sections
from slanb.dictionary.messages import Message
from slanb.terms.phrases import Phrase, sentence

SHARED = "shared"
STAGES = ("goals", "qualification", "hand_off", "nurturing")
FOLLOW_UP = ("sales.speed", "sales.depth")
REST = ("needs", "contacts", "watching", "remedies", "exceptions", "cancellation", "reviews")


def process(say: DocumentPhrases) -> Document:
    """The agreement as a process: stages across, teams down."""
    agreement = say.agreement
    lanes = [*[party.id for party in agreement.parties], SHARED]
    cells = {(lane, stage): _cell(say, lane, stage) for lane in lanes for stage in STAGES}
    stages, supplied = list(STAGES), agreement.kind == "customer"
    if supplied:  # no leads: only the stages there are
        stages = [stage for stage in STAGES if any(cells[lane, stage] for lane in lanes)]
    titles = ["delivery" if supplied and stage == "hand_off" else stage for stage in stages]
    heads = [
        Message("agreement.stage", n=number, title=Message(f"agreement.stage_{title}"))
        for number, title in enumerate(titles, start=1)
    ]
    rows = [(say.side(lane), tuple(cells[lane, stage] for stage in stages)) for lane in lanes]
    matrix = Matrix(tuple(heads), tuple(row for row in rows if any(row[1])))
    parts: list[Part] = [Paragraph(line(sentence(agreement.summary)), "lead"), matrix]
    for section in sections(say):
        if section.id in REST:
            parts += [Heading(section.title, section.id), Bullets(section.points)]
    return document(say, parts)


def _cell(say: DocumentPhrases, lane: str, stage: str) -> Cell:
    """What a lane does in a stage: its steps, and the promises and rules that belong there."""
    steps = [
        sentence(step.text) for step in say.agreement.process if (step.party, step.stage) == (lane, stage)
    ]
    rules = _shared(say, stage) if lane == SHARED else _answers(say, lane, stage)
    return lines([*_promises(say, lane, stage), *steps, *rules])


def _promises(say: DocumentPhrases, lane: str, stage: str) -> Iterator[Line]:
    for clause in say.clauses_of(lane):
        if stage == ("hand_off" if clause.figure in FOLLOW_UP else "goals"):
            number = say.promise(clause)
            promise = strong(number) if number else sentence(clause.text)
            yield line(Message("agreement.label", name=clause.called), promise, Run(say.due(clause), "soft"))


def _answers(say: DocumentPhrases, lane: str, stage: str) -> Iterator[Line]:
    for term in say.agreement.response:
        if stage == "hand_off" and term.party == lane and term.respond_within_hours:
            hours = say.hours(term.respond_within_hours, term.clock)
            yield line(Message("agreement.answered", case=term.case, hours=hours))


def _shared(say: DocumentPhrases, stage: str) -> Iterator[Phrase]:
    rule, goals = say.agreement.qualification, say.targets.goals
    if stage == "goals" and goals is not None:
        yield Message("agreement.quota_of", period=say.targets.period, quota=goals.total["quota"])
    if stage == "qualification" and rule:
        yield sentence(rule.text)
    if stage == "nurturing" and rule and rule.nurturing:
        yield sentence(rule.nurturing)
    if stage == "hand_off" and rule and rule.accept_within_hours:
        hours = say.hours(rule.accept_within_hours, rule.accept_clock)
        yield Message("agreement.accepted_short", hours=hours)
