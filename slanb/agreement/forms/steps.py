"""Step by step, in tables of questions and answers; what is still empty asks for its answer.

Part of `slanb.agreement`. For teams without a process: they work through it from top to bottom.
"""

from collections.abc import Iterable, Iterator

from slanb.agreement.document import Cell, Document, Heading, Line, Paragraph, Part, Run, Table, line, lines
from slanb.agreement.phrases import Phrases
from slanb.agreement.sections import document, numbers_table, signatures
from slanb.saying import sentence

Answers = Iterable[str | Run | Line]
Question = tuple[str, Answers, str]  # the question, its answers, and the prompt where there is none


def steps(say: Phrases) -> Document:
    """The agreement as steps to take, each a table of what is settled and what is open."""
    text = say.words.text
    made = [
        (text("What is it about?"), _about(say)),
        (text("What does each side promise?"), _promises(say)),
        (text("Which lead is handed off, and when?"), _hand_off(say)),
        (text("What does each side need?"), _needs(say)),
        (text("Who is in charge?"), _people(say)),
        (text("How is it watched?"), _watching(say)),
        (text("What if a promise is missed?"), _missed(say)),
        (text("How does it change or end?"), _ending(say)),
    ]
    if say.agreement.kind == "customer":
        made.pop(2)
    parts: list[Part] = []
    open_questions = 0
    for number, (title, questions) in enumerate(made, start=1):
        rows, still_open = _rows(questions)
        open_questions += still_open
        step = text("Step {n}: {title}", n=say.words.number(number), title=title)
        parts += [Heading(step, f"step-{number}"), Table((text("Question"), text("Agreed")), rows)]
        if number == 2:
            parts += numbers_table(say)
    if open_questions:
        left = say.words.plural(
            "{n} question is still open.", "{n} questions are still open.", open_questions
        )
        parts.insert(0, Paragraph(line(Run(left, "open")), "lead"))
    sign = text("Step {n}: {title}", n=say.words.number(len(made) + 1), title=text("Sign"))
    return document(say, [*parts, Heading(sign, "approvals"), signatures(say)])


def _rows(questions: Iterable[Question]) -> tuple[tuple[tuple[Cell, ...], ...], int]:
    rows, still_open = [], 0
    for question, answers, prompt in questions:
        told = lines(answers)
        still_open += not told
        rows.append((lines([question]), told or lines([Run(f"→ {prompt}", "open")])))
    return tuple(rows), still_open


def _about(say: Phrases) -> Iterator[Question]:
    text, agreement = say.words.text, say.agreement
    yield text("In one paragraph?"), [agreement.summary], ""
    yield text("Between whom?"), [party.name for party in agreement.parties], ""
    yield text("From when until when?"), [say.term()], ""
    if agreement.effective_until is None:
        yield text("When is it renewed?"), [], text("Set a last day, so that somebody has to renew it.")
    words = [f"{term.replace('_', ' ')}: {meaning}" for term, meaning in agreement.definitions.items()]
    yield text("What do words mean?"), words, text("Say what a lead, a customer and “connected” are.")


def _promises(say: Phrases) -> Iterator[Question]:
    text, agreement = say.words.text, say.agreement
    for party in agreement.parties:
        own = [clause for clause in agreement.clauses if clause.party == party.id]
        told = [say.clause(clause) + line(Run(say.how_judged(clause), "soft")) for clause in own]
        promised = text("What does {party} promise?", party=party.name)
        yield promised, told, text("Write one promise with a number and a day, or say why there is none.")


def _hand_off(say: Phrases) -> Iterator[Question]:
    text, rule, plan = say.words.text, say.agreement.qualification, say.plan
    yield (
        text("Which leads are handed off?"),
        [rule.text] if rule else [],
        text("Name the least a lead must show: rating, activity, budget."),
    )
    hours = ""
    if rule and rule.accept_within_hours:
        hours = say.hours(rule.accept_within_hours, rule.accept_clock)
    yield (
        text("Until when may one be returned, and why?"),
        [hours, *(rule.rejection_reasons if rule else ())],
        text("Agree on hours and reasons, or every dispute starts here."),
    )
    yield (
        text("What happens to the others?"),
        [rule.nurturing] if rule and rule.nurturing else [],
        text("Say who writes to them and when they are looked at again."),
    )
    speed = ""
    if plan and plan.speed:
        hours = say.hours(plan.speed.hours, plan.speed.clock)
        speed = text("{share} within {hours}", share=say.share(plan.speed.share), hours=hours)
    yield text("How fast is the first attempt?"), [speed], text("Promise hours, on a named clock.")
    depth = ""
    if plan and plan.depth:
        days = say.words.days(plan.depth.within_days)
        tries = say.words.plural("{n} attempt", "{n} attempts", plan.depth.attempts)
        depth = text("{attempts} within {days}", attempts=tries, days=days)
    yield text("How often is a silent lead tried?"), [depth], text("Promise attempts, within days.")
    capacity = ""
    if plan and plan.capacity:
        capacity = text(
            "{reps} people, {hours} a week each, {minutes} minutes an attempt",
            reps=say.words.number(plan.capacity.reps, 0 if plan.capacity.reps % 1 == 0 else 1),
            hours=say.words.hours(plan.capacity.hours_per_rep_per_week),
            minutes=say.words.number(plan.capacity.minutes_per_attempt),
        )
    yield text("Is there time for it?"), [capacity], text("Count people, hours and minutes first.")


def _needs(say: Phrases) -> Iterator[Question]:
    text, agreement = say.words.text, say.agreement
    for party in agreement.parties:
        told = [say.requirement(need) for need in agreement.requirements if need.party == party.id]
        yield (
            text("What does {party} need?", party=party.name),
            told,
            text("Ask: what must the other side give you, how often, so that you can keep your promise?"),
        )


def _people(say: Phrases) -> Iterator[Question]:
    text, agreement = say.words.text, say.agreement
    for clause in agreement.clauses:
        people = [say.contact(each) for each in agreement.contacts if clause.id in each.responsible_for]
        yield (
            text("Who answers for “{clause}”?", clause=clause.id),
            people,
            text("Name one person of {party}.", party=say.name(clause.party)),
        )
    others = [say.contact(each) for each in agreement.contacts if not each.responsible_for]
    if others:
        yield text("Who else?"), others, ""


def _watching(say: Phrases) -> Iterator[Question]:
    text, agreement = say.words.text, say.agreement
    reports = [say.report(report) for report in agreement.reporting]
    yield text("Who tells whom, and when?"), reports, text("Agree on one report, its day and its reader.")
    watch = [say.monitoring(each) for each in agreement.monitoring]
    yield (
        text("Where do the numbers come from?"),
        watch,
        text("Name the system and who checks it, how often."),
    )
    answers = [say.response(term) for term in agreement.response]
    yield text("How fast are questions answered?"), answers, text("Agree on hours to an answer.")


def _missed(say: Phrases) -> Iterator[Question]:
    text, agreement = say.words.text, say.agreement
    for clause in agreement.clauses:
        told = [
            say.remedy(each)
            for each in agreement.remedies
            if not each.applies_to or clause.id in each.applies_to
        ]
        yield (
            text("If “{clause}” is missed?", clause=clause.id),
            told,
            text("Say who finds the cause, or how the loss is made up."),
        )
    room = agreement.exceptions
    exceptions = [*(say.excluded(days) for days in room.excluded_days),
                  *(duty.text for duty in room.standing_obligations)]  # fmt: skip
    yield (
        text("What is excused?"),
        [sentence(room.text) if room.text else "", *exceptions],
        text("Say how storms, outages and illness are dealt with, and what is owed all the same."),
    )


def _ending(say: Phrases) -> Iterator[Question]:
    text, agreement = say.words.text, say.agreement
    ways = (
        [say.condition(each) for each in agreement.cancellation.conditions] if agreement.cancellation else []
    )
    notice = [say.notice()] if ways else []
    yield (
        text("When may it end early?"),
        [*ways, *notice],
        text("Say after how many misses, with what notice."),
    )
    reviews = [f"{say.words.date(review.date)}: {review.purpose}" for review in agreement.review_dates]
    yield text("When is it reviewed?"), reviews, text("Set a day in the middle and one before the end.")
    changes = [say.amendment(change) for change in agreement.amendments]
    if changes:
        yield text("What has changed since?"), changes, ""
