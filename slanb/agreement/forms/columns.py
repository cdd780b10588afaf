"""Columns, one for each team, so that ownership is plain; only the big picture.

Part of `slanb.agreement`.
"""

from slanb.agreement.document import Cell, Document, Heading, Matrix, Paragraph, Run, line, lines
from slanb.agreement.phrases import Phrases
from slanb.agreement.sections import document, signatures
from slanb.saying import sentence


def columns(say: Phrases) -> Document:
    """The agreement with a column for each party."""
    agreement, text = say.agreement, say.words.text
    topics = [
        (text("Promises"), _promises),
        (text("Gives the other side"), _gives),
        (text("In charge"), _in_charge),
        (text("Answers"), _answers),
        (text("If it misses a promise"), _remedies),
    ]
    rows = [(title, tuple(cells(say, party.id) for party in agreement.parties)) for title, cells in topics]
    matrix = Matrix(tuple(say.sides()), tuple(row for row in rows if any(row[1])))
    lead = Paragraph(line(sentence(agreement.summary)), "lead")
    ending = (
        [say.condition(each) for each in agreement.cancellation.conditions] if agreement.cancellation else []
    )
    ends = text("It ends early if:")
    closing = [Paragraph(line(Run(ends, "strong"), *ending, say.notice()))] if ending else []
    return document(say, [lead, matrix, *closing, Heading(text("Approvals"), "approvals"), signatures(say)])


def _promises(say: Phrases, party: str) -> Cell:
    return lines(say.clause(clause) for clause in say.agreement.clauses if clause.party == party)


def _gives(say: Phrases, party: str) -> Cell:
    needs = [need for need in say.agreement.requirements if need.of == party]
    often = [f"({say.often(need.cadence)})" if need.cadence else "" for need in needs]
    return lines(
        line(sentence(need.text), Run(when, "soft")) for need, when in zip(needs, often, strict=True)
    )


def _in_charge(say: Phrases, party: str) -> Cell:
    return lines(say.person(each) for each in say.agreement.contacts if each.party == party)


def _answers(say: Phrases, party: str) -> Cell:
    return lines(
        line(
            f"{term.case}:",
            Run(say.hours(term.respond_within_hours, term.clock), "strong")
            if term.respond_within_hours
            else "",
        )
        for term in say.agreement.response
        if term.party == party
    )


def _remedies(say: Phrases, party: str) -> Cell:
    own = {clause.id for clause in say.agreement.clauses if clause.party == party}
    return lines(
        line(Run(f"{say.rule(remedy.rule, remedy.applies_to)}:", "soft"), sentence(remedy.text))
        for remedy in say.agreement.remedies
        if own and (not remedy.applies_to or own & set(remedy.applies_to))
    )
