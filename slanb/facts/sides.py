"""Marketing's share of what closed by every rule that says whose a deal is, and the leads goal it makes."""

from collections.abc import Sequence

import pandas as pd

from slanb.dictionary.messages import Message
from slanb.errors import SlanbError
from slanb.facts import Facts
from slanb.periods import label, months_of
from slanb.terms import Terms
from slanb.terms.goals import Goals, goals_of

ALIKE = 0.005  # difference of two shares that reads as none


def by_rule(facts: Facts, spans: Sequence[pd.Period]) -> pd.DataFrame:
    """What closed in some periods that have ended, by every rule the records allow.

    Returns
    -------
    One row a rule: `rule` (its name, in a message), `in_force`, `revenue`, `marketing_revenue` (money), and
    `marketing_share` (NaN where nothing closed, or refunds leave less than nothing of either side).
    """
    months = {label(month) for span in spans for month in months_of(span)}
    rows = []
    for rule, won in facts.sides.get("by_rule", {}).items():
        own = [sums for month, sums in won["months"].items() if month in months]
        revenue, part = (float(sum(sums[key] for sums in own)) for key in ("amount", "marketing_amount"))
        share = part / revenue if 0 <= part <= revenue and revenue > 0 else float("nan")
        rows.append((Message(f"publish.by_{rule}"), rule == facts.sides["rule"], revenue, part, share))
    names = ["rule", "in_force", "revenue", "marketing_revenue", "marketing_share"]
    return pd.DataFrame(rows, columns=names)


def with_goals(rules: pd.DataFrame, terms: Terms, goals: Goals, what_if: dict) -> pd.DataFrame:
    """The rules (`by_rule`) with `leads`: what marketing would have to deliver in the period were each rule's
    share the agreed one; NaN where no plan can hold it."""
    leads = []
    for share in rules["marketing_share"]:
        try:
            own = goals_of(terms, goals.period, what_if | {"marketing_share": share})
            leads.append(float(own.total["leads"]))
        except SlanbError:  # not a number, or a segment's share would pass 1
            leads.append(float("nan"))
    return rules.assign(leads=leads)


def rules_said(rules: pd.DataFrame) -> list[Message]:
    """Marketing's share as a range over the rules, with the leads goal under each; nothing where the rules
    agree or there is but one.

    Parameters
    ----------
    rules : `with_goals`.
    """
    known = rules.dropna(subset=["marketing_share", "leads"])
    shares = known["marketing_share"]
    if len(known) < 2 or shares.max() - shares.min() < ALIKE:
        return []
    listed = [
        Message(
            f"tracked.rule{'_in_force' * row.in_force}",
            rule=row.rule,
            share=row.marketing_share,
            leads=row.leads,
        )
        for row in known.itertuples()
    ]
    return [Message("tracked.rules", low=shares.min(), high=shares.max(), list=listed)]
