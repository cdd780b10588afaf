"""Columns, one for each team, so that ownership is plain; only the big picture."""

from slanb.agreement.document import Cell, Document, Matrix, Paragraph, Run, line, lines
from slanb.agreement.phrases import DocumentPhrases, strong
from slanb.agreement.sections import document
from slanb.dictionary.messages import Message
from slanb.terms.phrases import sentence


def columns(say: DocumentPhrases) -> Document:
    """The agreement with a column for each party."""
    parties = say.agreement.parties
    topics = {
        "promises": _promises,
        "gives": _gives,
        "people": _people,
        "answers": _answers,
        "misses": _remedies,
    }
    rows = [
        (Message(f"agreement.topic_{topic}"), tuple(cells(say, party.id) for party in parties))
        for topic, cells in topics.items()
    ]
    matrix = Matrix(tuple(say.side(party.id) for party in parties), tuple(row for row in rows if any(row[1])))
    lead = Paragraph(line(sentence(say.agreement.summary)), "lead")
    ending = say.endings()
    ends = [Paragraph(line(strong(Message("agreement.ends_if")), *ending, say.notice()))] if ending else []
    return document(say, [lead, matrix, *ends])


def _promises(say: DocumentPhrases, party: str) -> Cell:
    return lines(say.clause(clause) for clause in say.clauses_of(party))


def _gives(say: DocumentPhrases, party: str) -> Cell:
    return lines(
        line(
            sentence(need.text),
            Run(Message("agreement.how_often", often=say.often(need.cadence)), "soft")
            if need.cadence
            else "",
        )
        for need in say.agreement.requirements
        if need.of == party
    )


def _people(say: DocumentPhrases, party: str) -> Cell:
    return lines(say.person(each) for each in say.agreement.contacts if each.party == party)


def _answers(say: DocumentPhrases, party: str) -> Cell:
    return lines(
        line(
            Message("agreement.label", name=term.case),
            strong(say.hours(term.respond_within_hours, term.clock)) if term.respond_within_hours else "",
        )
        for term in say.agreement.response
        if term.party == party
    )


def _remedies(say: DocumentPhrases, party: str) -> Cell:
    own = {clause.id for clause in say.clauses_of(party)}
    return lines(
        line(
            Run(Message("agreement.label", name=say.rule(remedy.rule, remedy.applies_to)), "soft"),
            sentence(remedy.text),
        )
        for remedy in say.agreement.remedies
        if own and (not remedy.applies_to or own & set(remedy.applies_to))
    )
