"""The process as columns, from goals to nurturing, with a row for each team and one for what they share.

Part of `slanb.agreement`. Where the parties are no marketing and sales, the columns are those of their work:
goals, delivery, watching and what follows.
"""

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
    Side,
    line,
    lines,
)
from slanb.agreement.phrases import Phrases
from slanb.agreement.sections import document, sections, signatures
from slanb.saying import sentence

SHARED = "shared"
REST = ("needs", "contacts", "watching", "remedies", "exceptions", "cancellation", "reviews")


def process(say: Phrases) -> Document:
    """The agreement as a process: stages across, teams down."""
    text, agreement = say.words.text, say.agreement
    stages = {
        "goals": text("1 Goals"),
        "qualification": text("2 Qualification"),
        "hand_off": text("3 Hand-off") if agreement.kind != "customer" else text("3 Delivery"),
        "nurturing": text("4 Nurturing"),
    }
    lanes = [*[party.id for party in agreement.parties], SHARED]
    cells = {(lane, stage): _cell(say, lane, stage) for lane in lanes for stage in stages}
    if agreement.kind == "customer":  # no leads: only the stages there are
        stages = {
            stage: title for stage, title in stages.items() if any(cells[lane, stage] for lane in lanes)
        }
        titles = [title.partition(" ")[2] for title in stages.values()]
        stages = {
            stage: f"{n} {title}" for n, (stage, title) in enumerate(zip(stages, titles, strict=True), 1)
        }
    rows: list[tuple[Side, tuple[Cell, ...]]] = [
        (say.side(lane), tuple(cells[lane, stage] for stage in stages)) for lane in lanes
    ]
    matrix = Matrix(tuple(stages.values()), tuple(row for row in rows if any(row[1])))
    parts: list[Part] = [Paragraph(line(sentence(agreement.summary)), "lead"), matrix]
    for section in sections(say):
        if section.id in REST:
            parts += [Heading(section.title, section.id, 3), Bullets(section.points)]
    return document(say, [*parts, Heading(text("Approvals"), "approvals"), signatures(say)])


def _cell(say: Phrases, lane: str, stage: str) -> Cell:
    """What a lane does in a stage: its steps, and the promises and rules that belong there."""
    steps: list[str | Line] = [
        sentence(step.text) for step in say.agreement.process if (step.party, step.stage) == (lane, stage)
    ]
    return lines([*_promises(say, lane, stage), *steps, *_rules(say, lane, stage)])


def _promises(say: Phrases, lane: str, stage: str) -> list[Line]:
    own = [clause for clause in say.agreement.clauses if clause.party == lane]
    followed = ("sales.speed", "sales.depth")
    wanted = [clause for clause in own if (clause.figure in followed) == (stage == "hand_off")]
    told = [(clause, say.promise(clause)) for clause in wanted if stage in ("goals", "hand_off")]
    return [
        line(f"{clause.id}:", Run(number, "strong"), Run(say.due(clause), "soft"))
        for clause, number in told
        if number
    ]


def _rules(say: Phrases, lane: str, stage: str) -> list[str]:
    text, rule = say.words.text, say.agreement.qualification
    if stage == "hand_off" and lane != SHARED:
        return [
            text("{case}: {hours}.", case=term.case, hours=say.hours(term.respond_within_hours, term.clock))
            for term in say.agreement.response
            if term.party == lane and term.respond_within_hours
        ]
    if lane != SHARED or (rule is None and stage != "goals"):
        return []
    if stage == "goals" and say.targets.goals is not None:
        quota = say.words.money(say.targets.goals.total["quota"])
        return [text("Quota of {period}: {quota}.", period=say.period(), quota=quota)]
    if stage == "qualification" and rule:
        return [sentence(rule.text)]
    if stage == "nurturing" and rule and rule.nurturing:
        return [sentence(rule.nurturing)]
    if stage == "hand_off" and rule and rule.accept_within_hours:
        hours = say.hours(rule.accept_within_hours, rule.accept_clock)
        return [text("Accepted unless returned within {hours}.", hours=hours)]
    return []
