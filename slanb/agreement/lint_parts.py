"""An agreement's parts, checked: metrics that steer, words that say a number, nothing forgotten."""

from collections.abc import Iterator

from slanb.agreement.advice import Advice, advice
from slanb.agreement.vague import vague_words
from slanb.dictionary.messages import Message
from slanb.terms.phrases import Phrases
from slanb.terms.promises import Clause

MOST_METRICS = 4  # a side steers by few numbers


def metrics(say: Phrases) -> Iterator[Advice]:
    """Few metrics, controlled by who answers for them, cheap to collect, hard to game."""
    agreement = say.agreement
    for party in agreement.parties:
        own = [clause for clause in agreement.clauses if clause.party == party.id]
        if len(own) > MOST_METRICS:
            numbers = {"party": party.name, "n": len(own), "most": MOST_METRICS}
            yield advice("too-many", f"parties.{party.id}", **numbers)
    for clause in agreement.clauses:
        yield from _metric(clause, say)


def _metric(clause: Clause, say: Phrases) -> Iterator[Advice]:
    place, party = f"clauses.{clause.id}", say.name(clause.party)
    if not clause.controlled_by:
        yield advice("control", place, "control_open", party=clause.party)
    elif set(clause.controlled_by) != {clause.party}:
        others = say.names([each for each in clause.controlled_by if each != clause.party])
        text = "control_shared" if clause.party in clause.controlled_by else "control_elsewhere"
        yield advice("control", place, text, party=party, others=others)
    if clause.cost_to_collect == "high":
        yield advice("cost", place)
    if clause.counter_metric is None:
        yield advice("counter-metric", place)


def vague(say: Phrases) -> Iterator[Advice]:
    """Words in place of numbers."""
    agreement = say.agreement
    duties = agreement.exceptions.standing_obligations
    texts = {
        **{f"clauses.{clause.id}": clause.text for clause in agreement.clauses},
        **{f"requirements.{need.id}": need.text for need in agreement.requirements},
        **{f"remedies.{remedy.id}": remedy.text for remedy in agreement.remedies},
        **{f"response.{term.id}": term.text or "" for term in agreement.response},
        **{f"exceptions.standing_obligations.{n}": duty.text for n, duty in enumerate(duties)},
    }
    for place, text in texts.items():
        if words := vague_words(text, agreement.language):
            quoted = [Message("lint.quoted", word=word) for word in words]
            yield advice("vague", place, words=Message("phrases.names", names=quoted), n=len(words))


def missing(say: Phrases) -> Iterator[Advice]:
    """Parts every agreement has."""
    agreement, period = say.agreement, say.targets.period
    for clause in agreement.clauses:
        place = f"clauses.{clause.id}"
        if not any(clause.id in contact.responsible_for for contact in agreement.contacts):
            yield advice("contact", place, party=say.name(clause.party))
        if not any(not remedy.applies_to or clause.id in remedy.applies_to for remedy in agreement.remedies):
            yield advice("remedy", place)
    for contact in agreement.contacts:
        if contact.name is None:
            yield advice("contact", f"contacts.{contact.id}", "nameless")
    if not any(review.date > period.end_time.date() for review in agreement.review_dates):
        yield advice("review", "review_dates", period=period)
    signed = {approval.party for approval in agreement.approvals if approval.date and approval.name}
    for party in agreement.parties:
        if party.id not in signed:
            yield advice("approval", f"approvals.{party.id}", party=party.name)
    if agreement.effective_until is None:
        yield advice("expiry", "effective_until")
    if agreement.cancellation is None:
        yield advice("cancellation", "cancellation")
    for party in agreement.parties:
        owes = any(clause.party == party.id for clause in agreement.clauses)
        if not owes and agreement.kind != "customer":
            yield advice("one-sided", f"parties.{party.id}", party=party.name)


def nines(say: Phrases) -> Iterator[Advice]:
    """Availabilities, read as time."""
    for clause in say.agreement.clauses:
        if away := say.downtime(clause):
            promise = say.promise(clause, first=True)
            yield advice("nines", f"clauses.{clause.id}", promise=promise, downtime=away, note=True)
