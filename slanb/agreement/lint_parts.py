"""An agreement's parts, checked: metrics that steer, words that say a number, nothing forgotten.

Part of `slanb.agreement`.
"""

from collections.abc import Iterator

import pandas as pd

from slanb.agreement.finding import Finding
from slanb.agreement.phrases import Phrases
from slanb.agreement.vague import vague_words
from slanb.terms.promises import Clause
from slanb.terms.targets import Targets

MOST_METRICS = 4  # a side steers by few numbers


def metrics(targets: Targets, say: Phrases) -> Iterator[Finding]:
    """Few metrics, controlled by who answers for them, cheap to collect, hard to game."""
    text, agreement = say.words.text, targets.agreement
    for party in agreement.parties:
        own = [clause for clause in agreement.clauses if clause.party == party.id]
        if len(own) > MOST_METRICS:
            yield Finding(
                "too-many",
                f"parties.{party.id}",
                text("{party} is held to {n} metrics.", party=party.name, n=say.words.number(len(own))),
                text("Who steers by everything steers by nothing."),
                text("Keep the {n} that move money; watch the rest without a target.", n=MOST_METRICS),
            )
    for clause in agreement.clauses:
        yield from _metric(clause, say)


def _metric(clause: Clause, say: Phrases) -> Iterator[Finding]:
    text, place = say.words.text, f"clauses.{clause.id}"
    if not clause.controlled_by:
        yield Finding(
            "control",
            place,
            text("It is not said who controls the figure."),
            text("Nobody can keep a promise that hangs on others."),
            text("State controlled_by: [{party}].", party=clause.party),
        )
    elif set(clause.controlled_by) != {clause.party}:
        others = say.names([each for each in clause.controlled_by if each != clause.party])
        yield Finding(
            "control",
            place,
            text(
                "{party} promises what {others} control as well.", party=say.name(clause.party), others=others
            )
            if clause.party in clause.controlled_by
            else text(
                "{party} promises what is controlled by {others}.",
                party=say.name(clause.party),
                others=others,
            ),
            text("A miss starts a dispute over whose it is."),
            text(
                "Promise the part {party} controls, or make it a promise of both.",
                party=say.name(clause.party),
            ),
        )
    if clause.cost_to_collect == "high":
        yield Finding(
            "cost",
            place,
            text("The figure costs much to collect."),
            text("What is dear to measure is measured late, and then not at all."),
            text("Use a figure the CRM already holds, or measure a sample."),
        )
    if clause.counter_metric is None:
        yield Finding(
            "counter-metric",
            place,
            text("It has no counter-metric."),
            text("Any number can be reached at the cost of something that is not looked at."),
            text("Name the clause that would suffer if this one were gamed."),
        )


def wording(targets: Targets, say: Phrases) -> Iterator[Finding]:
    agreement = targets.agreement
    texts = {
        **{f"clauses.{clause.id}": clause.text for clause in agreement.clauses},
        **{f"requirements.{need.id}": need.text for need in agreement.requirements},
        **{f"remedies.{remedy.id}": remedy.text for remedy in agreement.remedies},
        **{f"response.{term.id}": term.text or "" for term in agreement.response},
        **{f"exceptions.standing_obligations.{n}": duty.text
           for n, duty in enumerate(agreement.exceptions.standing_obligations)},
    }  # fmt: skip
    for place, told in texts.items():
        if words := vague_words(told, agreement.language):
            quoted = say.words.join([f"“{word}”" for word in words])
            yield Finding(
                "vague",
                place,
                say.words.text("{words} stands where a number belongs.", words=quoted),
                say.words.text("Each side reads its own number into it."),
                say.words.text("Write hours, days or a count in its place."),
            )


def missing(targets: Targets, say: Phrases, period: pd.Period) -> Iterator[Finding]:
    """Parts every agreement has."""
    text, agreement = say.words.text, targets.agreement
    for clause in agreement.clauses:
        if not any(clause.id in contact.responsible_for for contact in agreement.contacts):
            yield Finding("contact", f"clauses.{clause.id}", text("Nobody answers for it."),
                          text("What everybody owns, nobody mends."),
                          text("Add it to responsible_for of one contact of {party}.",
                               party=say.name(clause.party)))  # fmt: skip
        if not any(not remedy.applies_to or clause.id in remedy.applies_to for remedy in agreement.remedies):
            yield Finding("remedy", f"clauses.{clause.id}", text("Nothing follows when it is missed."),
                          text("A promise without a consequence is a wish."),
                          text("Add a strike, a make-up plan or a credit under remedies."))  # fmt: skip
    for contact in agreement.contacts:
        if contact.name is None:
            yield Finding("contact", f"contacts.{contact.id}", text("The person has no name yet."),
                          text("A role cannot be called."), text("Write the name in."))  # fmt: skip
    ahead = [review for review in agreement.review_dates if review.date > period.end_time.date()]
    if not ahead:
        yield Finding("review", "review_dates",
                      text("No review is planned after {period}.", period=say.period()),
                      text("Assumptions drift; an agreement nobody reviews is soon about another company."),
                      text("Add a mid-term review and one before the end."))  # fmt: skip
    signed = {approval.party for approval in agreement.approvals if approval.date and approval.name}
    for party in agreement.parties:
        if party.id not in signed:
            yield Finding("approval", f"approvals.{party.id}",
                          text("{party} has not signed.", party=party.name),
                          text("Who has not agreed does not feel bound."),
                          text("Have it approved, and write name and date in."))  # fmt: skip
    if agreement.effective_until is None:
        yield Finding("expiry", "effective_until", text("It has no last day."),
                      text("What never ends is never renewed, and nobody looks at it again."),
                      text("Set a last day a year ahead."))  # fmt: skip
    if agreement.cancellation is None:
        yield Finding("cancellation", "cancellation", text("It does not say how it ends early."),
                      text("Then it ends in a dispute."),
                      text("Say after how many misses, and with what notice."))  # fmt: skip
    for party in agreement.parties:
        owes = any(clause.party == party.id for clause in agreement.clauses)
        if not owes and agreement.kind != "customer":
            yield Finding("one-sided", f"parties.{party.id}",
                          text("{party} promises nothing.", party=party.name),
                          text("An agreement one side keeps alone is an order."),
                          text("Add what the other side needs from it."))  # fmt: skip


def nines(targets: Targets, say: Phrases) -> Iterator[Finding]:
    for clause in targets.agreement.clauses:
        if away := say.downtime(clause):
            yield Finding(
                "nines",
                f"clauses.{clause.id}",
                say.words.text(
                    "{promise}. {downtime}", promise=say.promise(clause), downtime=away
                ).capitalize(),
                say.words.text("One misplaced 9 is ten times the price."),
                say.words.text("Read the time aloud before you sign."),
                note=True,
            )
