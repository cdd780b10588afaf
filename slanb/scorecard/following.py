"""What follows from verdicts by the agreement's rules: strikes, escalations, credits, the agreement's end.

A pure function of verdicts and rules. Rules are those in force in the span they are applied in. They look at
spans that were kept or missed; pending, excused and unmeasured ones are passed over, so that they neither
count against a side nor break a run.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import pandas as pd

from slanb.scorecard.judging import Judgement
from slanb.terms import Agreement
from slanb.terms.consequences import Condition, Remedy, Rule

CLOSE = 1e-9


@dataclass(frozen=True)
class Event:
    """A remedy that a missed span of a clause set off."""

    remedy: Remedy
    clause: str
    span: pd.Period


@dataclass(frozen=True)
class CreditGiven:
    """A service credit for one missed span, cut to what one period may cost.

    amount : money; None where the fee is not stated and only the share is known.
    share : of the fee; None where an amount is agreed.
    """

    remedy: Remedy
    clause: str
    span: pd.Period
    amount: float | None
    share: float | None


@dataclass(frozen=True)
class Ending:
    """A condition of cancellation, looked at for one clause (or none, for a party that no longer agrees).

    run : spans missed one after another up to now. left : how many more would meet it; None where it is a
    party's to say. met : it is met now. since : the span in which it was met, now or the last time before.
    """

    condition: Condition
    clause: str | None
    run: int
    left: int | None
    met: bool
    since: pd.Period | None


def applies(rule: Rule, window: Sequence[Judgement]) -> bool:
    """Whether a rule applies in the last of these judged spans, which must itself be missed by it."""
    needed = rule.missed or 1
    last = window[-(rule.of_last or needed) :]
    counts = [each.verdict == "missed" and _counts(rule, each) for each in last]
    return bool(counts) and counts[-1] and sum(counts) >= needed


def _counts(rule: Rule, judgement: Judgement) -> bool:
    return rule.by_more_than is None or judgement.short > rule.by_more_than + CLOSE


def events(
    histories: Mapping[str, Sequence[Judgement]], agreement_of: Callable[[pd.Period], Agreement]
) -> list[Event]:
    """Every remedy that was set off, in order of the spans.

    Parameters
    ----------
    histories : verdicts by clause id, each in order of its spans.
    agreement_of : the agreement in force in a span.
    """
    made = []
    for clause, history in histories.items():
        judged = [each for each in history if each.judged]
        for place, each in enumerate(judged):
            for remedy in agreement_of(each.span).remedies:
                concerned = not remedy.applies_to or clause in remedy.applies_to
                if concerned and applies(remedy.rule, judged[: place + 1]):
                    made.append(Event(remedy, clause, each.span))
    return sorted(made, key=lambda event: event.span.end_time)


def credits_given(made: Sequence[Event], period_of: Callable[[Event], pd.Period]) -> list[CreditGiven]:
    """The service credits of these events, with the most agreed for one period shared out in order.

    Parameters
    ----------
    period_of : the period of the agreement's measure whose fee an event's credit is of.
    """
    owed = [event for event in made if event.remedy.kind == "service_credit"]
    owed.sort(key=lambda event: (event.remedy.id, period_of(event).start_time, event.span.start_time))
    given = []
    for _, group in groupby(owed, key=lambda event: (event.remedy.id, period_of(event))):
        left = None
        for event in group:
            credit = event.remedy.credit
            amount = credit.amount
            if credit.share is not None and credit.fee is not None:
                amount = credit.share * credit.fee
            if amount is not None and credit.at_most is not None:
                left = credit.at_most if left is None else left
                amount = min(amount, left)
                left -= amount
            given.append(CreditGiven(event.remedy, event.clause, event.span, amount, credit.share))
    return sorted(given, key=lambda each: each.span.end_time)


def endings(histories: Mapping[str, Sequence[Judgement]], agreement: Agreement) -> list[Ending]:
    """How far each condition of cancellation is from being met, the nearest first."""
    made = []
    for condition in agreement.cancellation.conditions if agreement.cancellation else ():
        if condition.kind == "no_longer_agrees":
            made.append(Ending(condition, None, 0, None, False, None))
            continue
        needed = condition.periods or 1
        for clause in condition.clauses or histories:
            judged = [each for each in histories.get(clause, ()) if each.judged]
            run = 0
            since = None
            for each in judged:
                run = run + 1 if each.verdict == "missed" else 0
                since = each.span if run == needed else since
            made.append(Ending(condition, clause, run, max(needed - run, 0), run >= needed, since))
    return sorted(made, key=lambda each: (each.left is None, each.left))


def streak(history: Sequence[Judgement]) -> tuple[str, int]:
    """The last verdict and for how many judged spans in a row it has stood; ("", 0) if none was judged."""
    judged = [each.verdict for each in history if each.judged]
    for length, verdict in enumerate(reversed(judged)):
        if verdict != judged[-1]:
            return judged[-1], length
    return (judged[-1], len(judged)) if judged else ("", 0)
