"""The agreement in sections, in the order people read and sign it; what it does not state makes no section.

Part of `slanb.agreement`. The plain, the headed and the formal form are these sections in three dresses.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from slanb.agreement.document import Cell, Document, Line, Part, Run, Table, line, lines
from slanb.agreement.phrases import Phrases
from slanb.saying import sentence


@dataclass(frozen=True)
class Section:
    """One section: the short of it in a line, all of it in points, and its numbers in tables."""

    id: str
    title: str
    short: Line
    points: Cell
    tables: tuple[Table, ...] = ()


def sections(say: Phrases) -> list[Section]:
    """All sections that have something to say."""
    made = [*_opening(say), *_goals(say), *_promises(say), *_way(say), *_together(say), *_ending(say)]
    return [section for section in made if section.points or section.tables]


def document(say: Phrases, parts: list[Part], *, title: str = "", term: bool = True) -> Document:
    """A document of these parts, with the agreement's title and what a reader must know about it first."""
    agreement, words = say.agreement, say.words
    names = words.join([party.name for party in agreement.parties])
    version = words.text("Version {version}.", version=agreement.version)
    facts = [
        words.text("Between {parties}.", parties=names),
        f"{version} {say.term()}" if term else version,
    ]
    if say.targets.goals is not None:
        facts.append(words.text("Numbers of {period}.", period=say.period()))
    return Document(
        title=title or agreement.title,
        facts=tuple(facts),
        language=words.tag,
        direction=words.direction,
        parts=tuple(parts),
        ending=words.text("Written by slanb from the agreement’s file, which also judges it."),
        details_title=words.text("Details"),
        back=words.text("back"),
    )


def numbers_table(say: Phrases) -> tuple[Table, ...]:
    """The goals of the period as a table, none without a plan."""
    text, rows = say.words.text, say.numbers()
    if not rows:
        return ()
    head = (text("Goal"), say.period(), text("How"))
    return (Table(head, tuple(tuple(lines([cell]) for cell in row) for row in rows), numbers=(1,)),)


def signatures(say: Phrases) -> Table:
    """Who approves, with room to sign where nobody has yet."""
    text, parties = say.words.text, say.agreement.parties
    signed = {approval.party: approval for approval in say.agreement.approvals}
    rows = []
    for party in parties:
        approval = signed.get(party.id)
        name = approval.name if approval and approval.name else ""
        date = say.words.date(approval.date) if approval and approval.date else ""
        rows.append((lines([party.name]), lines([name]), lines([date]), ()))
    head = (text("For"), text("Name"), text("Date"), text("Signature"))
    return Table(head, tuple(rows), look="signatures")


def _opening(say: Phrases) -> Iterator[Section]:
    text, agreement = say.words.text, say.agreement
    summary = sentence(agreement.summary)
    yield Section("summary", text("Summary"), line(summary), lines([summary, say.term()]))
    words = [line(Run(f"{term}:".replace("_", " "), "strong"), sentence(meaning))
             for term, meaning in agreement.definitions.items()]  # fmt: skip
    terms = say.words.join([term.replace("_", " ") for term in agreement.definitions])
    yield Section(
        "words", text("What words mean"), line(text("Defined: {terms}.", terms=terms)), lines(words)
    )


def _goals(say: Phrases) -> Iterator[Section]:
    text, goals = say.words.text, say.targets.goals
    if goals is None:
        return
    money, short = say.words.money, text("No revenue is planned.")
    if goals.total["quota"]:
        short = text(
            "{quota} in {period}: {marketing} from marketing’s leads, {sales} from sales’ own.",
            quota=money(goals.total["quota"]),
            period=say.period(),
            marketing=money(goals.total["marketing_goal"]),
            sales=money(goals.total["sales_goal"]),
        )
    points = [short]
    tiers = [(text("Tier {tier}", tier=tier), leads, goal) for tier, leads, goal in say.parts("tier")]
    points += [
        line(Run(f"{part}:", "strong"), text("{leads}, {revenue}.", leads=leads, revenue=goal))
        for part, leads, goal in [*tiers, *say.parts("segment")]
    ]
    yield Section("goals", text("Goals"), line(short), lines(points), numbers_table(say))


def _promises(say: Phrases) -> Iterator[Section]:
    agreement, text = say.agreement, say.words.text
    for party in agreement.parties:
        own = [clause for clause in agreement.clauses if clause.party == party.id]
        points = []
        for clause in own:
            head = line(Run(f"{clause.id}:", "strong"), *say.clause(clause))
            points.append(head + line(Run(" ".join(say.clause_notes(clause)), "soft")))
        short = [f"{clause.id}: {say.promise(clause) or sentence(clause.text)}" for clause in own]
        title = text("{party} promises", party=party.name)
        yield Section(f"promises-{party.id}", title, line("; ".join(short)), lines(points))


def _way(say: Phrases) -> Iterator[Section]:
    text, rule, agreement = say.words.text, say.agreement.qualification, say.agreement
    points: list[str | Line] = []
    if rule is not None:
        points.append(sentence(rule.text))
        if rule.tiers:
            points.append(text("Handed off: {tiers}.", tiers=say.words.join(list(rule.tiers))))
        points.append(
            {
                "created": text("A lead counts toward the goal once it is created."),
                "handed_off": text("A lead counts toward the goal once it is handed off."),
                "accepted": text("A lead counts toward the goal once it is accepted."),
            }[rule.counts_toward_goal]
        )
        if rule.accept_within_hours:
            hours = say.hours(rule.accept_within_hours, rule.accept_clock)
            points.append(text("It is accepted unless it is returned within {hours}.", hours=hours))
        if rule.rejection_reasons:
            reasons = say.words.join(list(rule.rejection_reasons))
            points.append(text("Reasons to return it: {reasons}.", reasons=reasons))
        points.append(sentence(rule.nurturing) if rule.nurturing else "")
    points += [
        line(Run(f"{say.side(step.party).name}:", "strong"), sentence(step.text))
        for step in agreement.process
    ]
    short = sentence(rule.text) if rule else text("Who does what on a lead’s way.")
    yield Section("way", text("From lead to customer"), line(short), lines(points))


def _together(say: Phrases) -> Iterator[Section]:
    text, agreement = say.words.text, say.agreement
    needs = [say.requirement(need) for need in agreement.requirements]
    yield Section(
        "needs",
        text("What each side needs"),
        _first_of([sentence(need.text) for need in agreement.requirements], say),
        lines(needs),
    )
    people = [say.contact(contact) for contact in agreement.contacts]
    in_charge = [say.person(contact) for contact in agreement.contacts if contact.responsible_for]
    yield Section(
        "contacts",
        text("Who is in charge"),
        line(text("In charge: {people}.", people=say.words.join(in_charge)) if in_charge else ""),
        lines(people),
    )
    reports = [say.report(report) for report in agreement.reporting]
    watched = [say.monitoring(watch) for watch in agreement.monitoring]
    told = [
        text(
            "{sender} tells {recipients} {often}.",
            sender=say.name(report.sender),
            recipients=say.names(report.recipients),
            often=say.often(report.cadence),
        )
        for report in agreement.reporting
    ]
    told += [text("Checked: {what}.", what=watch.what) for watch in agreement.monitoring]
    yield Section(
        "watching",
        text("Reports and monitoring"),
        _first_of(told, say),
        lines([*reports, *watched]),
    )
    response = [say.response(term) for term in agreement.response]
    yield Section(
        "response",
        text("Response and resolution"),
        _first_of([sentence(term.case) for term in agreement.response], say),
        lines(response),
    )


def _first_of(told: list[str], say: Phrases) -> Line:
    """The first of several sentences, and how many more there are."""
    if len(told) < 2:
        return line(*told)
    return line(told[0], say.words.plural("And {n} more.", "And {n} more.", len(told) - 1))


def _ending(say: Phrases) -> Iterator[Section]:
    text, agreement = say.words.text, say.agreement
    remedies = [say.remedy(remedy) for remedy in agreement.remedies]
    rules = [sentence(say.rule(remedy.rule, remedy.applies_to)) for remedy in agreement.remedies]
    yield Section(
        "remedies", text("If a promise is missed"), line(" ".join(dict.fromkeys(rules))), lines(remedies)
    )
    room = agreement.exceptions
    excluded = [say.excluded(days) for days in room.excluded_days]
    standing = [
        line(
            Run(text("Owed all the same, {party}:", party=say.name(duty.party)), "strong"),
            sentence(duty.text),
        )
        for duty in room.standing_obligations
    ]
    rule = sentence(room.text) if room.text else ""
    counted = say.words.plural("{n} exception is agreed.", "{n} exceptions are agreed.", len(excluded))
    yield Section(
        "exceptions",
        text("Room for the unexpected"),
        line(rule or counted),
        lines([rule, *excluded, *standing]),
    )
    if agreement.cancellation is not None:
        ways = [say.condition(condition) for condition in agreement.cancellation.conditions]
        rest = sentence(agreement.cancellation.text) if agreement.cancellation.text else ""
        yield Section(
            "cancellation",
            text("How it ends early"),
            line(" ".join([*ways[:1], say.notice()])),
            lines([*ways, say.notice(), rest]),
        )
    reviews = [
        line(Run(f"{say.words.date(review.date)}:", "strong"), sentence(review.purpose))
        for review in agreement.review_dates
    ]
    changes = [say.amendment(change) for change in agreement.amendments]
    dates = [say.words.date(review.date) for review in agreement.review_dates]
    yield Section(
        "reviews",
        text("Reviews and changes"),
        line(text("Reviewed on {dates}.", dates=say.words.join(dates)) if dates else ""),
        lines([*reviews, *changes]),
    )
