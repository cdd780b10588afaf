"""Which leads a promise is about: marketing's, of the tiers that the agreement in force names.

Marketing promises leads of the plan's tiers, sales promises to follow up those that are handed off. All other
leads are on record, but nobody promised anything of them: they stand apart.
"""

from collections.abc import Sequence
from itertools import groupby

import pandas as pd

from slanb.facts import Facts
from slanb.periods import period_table
from slanb.terms import Terms
from slanb.terms.goals import Goals, goals_of, has_goals


def agreed_span(terms: Terms, span: pd.Period) -> pd.Period:
    """The period of the agreement's measure whose terms count for a period: its own; before the agreement and
    after it, the first and the last one."""
    span = terms.span(span)
    if has_goals(terms, span):
        return span
    first = terms.agreement.effective_from
    last = terms.versions[-1].agreement.effective_until
    return terms.span(pd.Timestamp(first if span.start_time.date() < first else last))


def handed_off(terms: Terms, span: pd.Period, tiers: Sequence[str]) -> list[str]:
    """The tiers whose leads are handed off to sales, of a plan's `tiers`; empty where every lead is."""
    rule = terms.in_force(agreed_span(terms, span)).qualification
    return list(rule.tiers if rule and rule.tiers else tiers)


def tiers_handed_off(terms: Terms, spans: Sequence[pd.Period]) -> pd.DataFrame:
    """The tiers handed off in each of some spans: `place` (of the span), `tier`; a span that hands off every
    lead has one row, without a tier."""
    rows = []
    for place, span in enumerate(spans):
        own = agreed_span(terms, span)
        rows += [(place, tier) for tier in handed_off(terms, own, list(terms.plan(own).tiers)) or [None]]
    return pd.DataFrame(rows, columns=["place", "tier"]).astype({"tier": object})


def about(facts: Facts, terms: Terms, goals: Goals) -> Facts:
    """The records, of marketing's leads only those of the tiers promised when they were created.

    What closed is whole: a deal whose lead is not among them is one that no lead led to.

    Parameters
    ----------
    goals : of the period reported, whose what-ifs replace what its months were to bring.
    """
    first, last = facts.coverage["earliest_lead"], facts.coverage["latest_lead"]
    if pd.isna(first):
        return facts
    names = facts.names()
    named = set(names.loc[names["part"] == "tier", "name"])
    around = pd.Timedelta(days=31)
    months = terms.stretches(first - around, last + around)
    runs = [
        (tiers, list(run)) for tiers, run in groupby(months, key=lambda each: _promised(terms, each, goals))
    ]
    if all(not tiers or named <= set(tiers) for tiers, _ in runs):
        return facts
    rows = []
    for tiers, run in runs:
        edges = period_table([run[0], run[-1]], facts.zone)
        ends = {"starts_at": edges["starts_at"].iloc[0], "ends_at": edges["ends_at"].iloc[-1]}
        rows += [{"tier": tier, **ends} for tier in tiers or sorted(named)]
    return facts.promising(pd.DataFrame(rows))


def _promised(terms: Terms, month: pd.Period, goals: Goals) -> tuple[str, ...]:
    """The tiers promised in a month; empty where the plan tells none apart."""
    span = agreed_span(terms, month)
    own = goals.period.start_time <= month.start_time <= goals.period.end_time
    return tuple((goals if own else goals_of(terms, span)).tiers)
