"""The agreement in sections, in the order people read and sign it; what it does not state makes no section.

The plain, the headed and the formal form are these sections in three dresses.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from slanb.agreement.document import (
    Cell,
    Document,
    Heading,
    Line,
    Paragraph,
    Part,
    Table,
    Together,
    line,
    lines,
)
from slanb.agreement.phrases import DocumentPhrases, labelled, written_text
from slanb.agreement.working_hours import working_hours
from slanb.dictionary.messages import Message
from slanb.terms.phrases import Phrase, sentence
from slanb.terms.promises import Clause
from slanb.terms.watching import Amendment


@dataclass(frozen=True)
class Section:
    """One section: the short of it in a line, all of it in points, and its numbers in tables."""

    id: str
    title: Phrase
    short: Line
    points: Cell
    tables: tuple[Table, ...] = ()


def sections(say: DocumentPhrases) -> list[Section]:
    """All sections that have something to say."""
    makers = (_summary, _words, _goals, _promises, _way, _needs, _contacts, _watching, _response,
              _remedies, _exceptions, _cancellation, _reviews)  # fmt: skip
    made = [section for maker in makers for section in maker(say)]
    return [section for section in made if section.points or section.tables]


def document(
    say: DocumentPhrases,
    parts: Sequence[Part],
    *,
    title: Phrase = "",
    sign: str = "approvals",
    sign_title: Phrase | None = None,
    term: bool = True,
) -> Document:
    """A document of these parts, with the agreement's title and what a reader must know about it first.

    Parameters
    ----------
    sign, sign_title : the id of the part with room to sign, at the end, and its title if not "Approvals".
    term : from when until when it holds stands under the title.
    """
    agreement = say.agreement
    version = {"version": agreement.version, "date": _version_date(say)}
    facts: list[Phrase] = [agreement.company] if agreement.company else []
    facts.append(Message("agreement.between", parties=[party.name for party in agreement.parties]))
    facts.append(Message("agreement.version", **version))
    if term:
        facts.append(say.term())
    if say.targets.goals is not None:
        facts.append(Message("agreement.numbers_of", period=say.targets.period))
    heading = Heading(sign_title or Message("agreement.approvals"), sign)
    signing = (heading, Paragraph(line(Message("agreement.sign_version", **version))), _signatures(say))
    last = max((n for n, part in enumerate(parts) if isinstance(part, Heading)), default=len(parts) - 1)
    return Document(
        title=title or agreement.title,
        facts=tuple(facts),
        parts=(*parts[:last], Together((*parts[last:], *signing))),
        ending=Message("agreement.ending"),
        details_title=Message("agreement.details"),
        back=Message("agreement.back"),
    )


def numbers_table(say: DocumentPhrases) -> tuple[Table, ...]:
    """The goals of the period as a table, none without a plan."""
    rows = say.numbers()
    if not rows:
        return ()
    period = Message("agreement.period", period=say.targets.period)
    head = (Message("agreement.goal"), period, Message("agreement.how"))
    return (Table(head, tuple(tuple(lines([cell]) for cell in row) for row in rows), numbers=(1,)),)


def definitions(say: DocumentPhrases) -> list[Line]:
    """What words mean, upgrades where a rule is stated, working hours last."""
    calendar = say.agreement.calendar
    written = [
        labelled(term.replace("_", " "), sentence(meaning))
        for term, meaning in say.agreement.definitions.items()
    ]
    hours = labelled(Message("agreement.working_hours"), *working_hours(calendar))
    if calendar.by_segment:
        hours += line(Message("agreement.by_segment", segments=list(calendar.by_segment)))
    own = [
        labelled(Message("agreement.working_hours_of", segment=segment), *working_hours(office))
        for segment, office in calendar.by_segment.items()
    ]
    upgrades = []
    if say.agreement.customers.upgrades == "revenue_only":
        upgrades = [labelled(Message("agreement.upgrade"), Message("agreement.upgrade_is_revenue"))]
    return [*written, *upgrades, hours, *own]


def _amendment(say: DocumentPhrases) -> Amendment | None:
    """The change that made the version in force; None of the first version."""
    return next((each for each in say.agreement.amendments if each.version == say.agreement.version), None)


def _version_date(say: DocumentPhrases) -> date:
    """From when on this version holds."""
    return (_amendment(say) or say.agreement).effective_from


def _signatures(say: DocumentPhrases) -> Table:
    """Who approves this version, with room to sign where nobody has yet."""
    signed = {approval.party: approval for approval in (_amendment(say) or say.agreement).approvals}
    rows = []
    for party in say.agreement.parties:
        approval = signed.get(party.id)
        name = approval.name if approval and approval.name else ""
        date = Message("agreement.day", first=approval.date) if approval and approval.date else ""
        rows.append((lines([party.name]), lines([name]), lines([date]), ()))
    head = tuple(Message(f"agreement.sign_{key}") for key in ("for", "name", "date", "here"))
    return Table(head, tuple(rows), look="signatures")


def _section(key: str, short: Line | Sequence[Phrase], points: Sequence, *tables: Table, **fields) -> Section:
    """A section with the title of its key; of several short sentences the first, and how many more."""
    if isinstance(short, list):
        more = [Message("agreement.and_more", n=len(short) - 1)] if len(short) > 1 else []
        short = line(*short[:1], *more)
    return Section(key, Message(f"agreement.title_{key}", **fields), short, lines(points), tables)


def _summary(say: DocumentPhrases) -> Iterator[Section]:
    summary = sentence(say.agreement.summary)
    yield _section("summary", line(summary), [summary, say.term()])


def _words(say: DocumentPhrases) -> Iterator[Section]:
    terms = [term.replace("_", " ") for term in say.agreement.definitions]
    terms.append(Message("agreement.working_hours_short"))
    yield _section("words", line(Message("agreement.defined", terms=terms)), definitions(say))


def _goals(say: DocumentPhrases) -> Iterator[Section]:
    if say.targets.goals is None:
        return
    total, short = say.targets.goals.total, Message("agreement.no_revenue")
    if total["quota"]:
        split = {"marketing": total["marketing_goal"], "sales": total["sales_goal"]}
        short = Message("agreement.goals", quota=total["quota"], period=say.targets.period, **split)
    tiers = [(Message("agreement.tier", tier=tier), *goals) for tier, *goals in say.parts("tier")]
    parts = [
        labelled(part, Message("agreement.part", leads=leads, revenue=revenue))
        for part, leads, revenue in [*tiers, *say.parts("segment")]
    ]
    yield _section("goals", line(short), [short, *parts], *numbers_table(say))


def _promises(say: DocumentPhrases) -> Iterator[Section]:
    for party in say.agreement.parties:
        own = say.clauses_of(party.id)
        points = [labelled(clause.called, *say.clause(clause), *say.clause_notes(clause)) for clause in own]
        short = [_promise(clause, say.promise(clause)) for clause in own]
        title = Message("agreement.title_promises", party=party.name)
        yield Section(f"promises-{party.id}", title, line(*short), lines(points))


def _promise(clause: Clause, number: Phrase) -> Message:
    if number:
        return Message("agreement.promise", clause=clause.called, number=number)
    return Message("agreement.promise_text", clause=clause.called, text=sentence(clause.text))


def _way(say: DocumentPhrases) -> Iterator[Section]:
    rule, agreement = say.agreement.qualification, say.agreement
    points: list[Phrase | Line] = []
    if rule is not None:
        points.append(sentence(rule.text))
        if rule.tiers:
            points.append(Message("agreement.tiers", tiers=rule.tiers))
        points.append(Message(f"agreement.counts_{rule.counts_toward_goal}"))
        if rule.accept_within_hours:
            hours = say.hours(rule.accept_within_hours, rule.accept_clock)
            points.append(Message("agreement.accepted", hours=hours))
        if rule.rejection_reasons:
            points.append(Message("agreement.reasons", reasons=rule.rejection_reasons))
        points.append(written_text(rule.nurturing))
    points += [labelled(say.side(step.party).name, sentence(step.text)) for step in agreement.process]
    yield _section("way", line(sentence(rule.text) if rule else Message("agreement.way")), points)


def _needs(say: DocumentPhrases) -> Iterator[Section]:
    needs = say.agreement.requirements
    yield _section(
        "needs", [sentence(need.text) for need in needs], [say.requirement(need) for need in needs]
    )


def _contacts(say: DocumentPhrases) -> Iterator[Section]:
    people = say.agreement.contacts
    in_charge = [say.person(contact) for contact in people if contact.responsible_for]
    short = line(Message("agreement.in_charge", who=in_charge) if in_charge else "")
    yield _section("contacts", short, [say.contact(contact) for contact in people])


def _watching(say: DocumentPhrases) -> Iterator[Section]:
    reports, watched = say.agreement.reporting, say.agreement.monitoring
    short = [
        Message(
            "agreement.tells",
            sender=say.name(report.sender),
            recipients=say.names(report.recipients),
            often=say.often(report.cadence),
        )
        for report in reports
    ]
    short += [Message("agreement.watched", what=watch.what) for watch in watched]
    yield _section("watching", short, [*map(say.report, reports), *map(say.monitoring, watched)])


def _response(say: DocumentPhrases) -> Iterator[Section]:
    terms = say.agreement.response
    yield _section(
        "response", [sentence(term.case) for term in terms], [say.response(term) for term in terms]
    )


def _remedies(say: DocumentPhrases) -> Iterator[Section]:
    short: list[Message] = []
    for remedy in say.agreement.remedies:
        rule = Message("agreement.stated", text=say.rule(remedy.rule, remedy.applies_to))
        short += [rule] if rule not in short else []
    yield _section("remedies", line(*short), [say.remedy(remedy) for remedy in say.agreement.remedies])


def _exceptions(say: DocumentPhrases) -> Iterator[Section]:
    room = say.agreement.exceptions
    rule = written_text(room.text)
    short = line(rule or Message("agreement.exceptions", n=len(room.excluded_days)))
    days, duties = map(say.excluded, room.excluded_days), map(say.obligation, room.standing_obligations)
    yield _section("exceptions", short, [rule, *days, *duties])


def _cancellation(say: DocumentPhrases) -> Iterator[Section]:
    if say.agreement.cancellation is not None:
        ways, rest = say.endings(), written_text(say.agreement.cancellation.text)
        yield _section("cancellation", line(*ways[:1], say.notice()), [*ways, say.notice(), rest])


def _reviews(say: DocumentPhrases) -> Iterator[Section]:
    reviews, changes = say.agreement.review_dates, say.agreement.amendments
    dates = [Message("agreement.day", first=review.date) for review in reviews]
    short = line(Message("agreement.reviewed", dates=dates) if dates else "")
    yield _section("reviews", short, [*map(say.review, reviews), *map(say.amendment, changes)])
